/* progress.c -- progress on stderr. */
#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/die.h"
#include "base/text.h"
#include "interrupt.h"
#include "progress_grid.h"

enum { LINE_BYTES = 256 };
static const double REDRAW_S = 0.25, PLAIN_LINE_S = 30, WHILE_S = 2;

static struct {
    bool              quiet, terminal;
    int               n_line;      /* on the terminal now, to be drawn over */
    double            last_s;
    gk_progress_grid *grid;        /* of a landscape; NULL */
    const char       *output;
} shown;

static bool is_interrupted(void *context)
{
    (void)context;
    return gk_interrupted();
}

static const char *duration(double seconds, char text[32])
{
    if (!isfinite(seconds))
        return "?";
    long s = lround(fmin(seconds, 1e9));
    if (seconds < 10)
        snprintf(text, 32, "%.1f s", seconds);
    else if (s < 60)
        snprintf(text, 32, "%ld s", s);
    else if (s < 3600)
        snprintf(text, 32, "%ld min %02ld s", s / 60, s % 60);
    else
        snprintf(text, 32, "%ld h %02ld min", s / 3600, s / 60 % 60);
    return text;
}

/* What is in training now. */
static void describe(const gk_train_status *status, char line[LINE_BYTES])
{
    char left[32], group[32] = "", active[64] = "";
    if (status->n_group > 1)
        snprintf(group, sizeof group, "group %d/%d  ", status->group + 1, status->n_group);
    if (status->n_replica > 1)
        snprintf(active, sizeof active, "  %lld of %lld run%s", (long long)status->n_active, (long long)status->n_replica,
                 gk_s(status->n_replica));
    snprintf(line, LINE_BYTES, "%sstep %lld/%lld  %.4g steps/s  train %.3f %.2e  test %.3f %.2e%s  %s left", group,
             (long long)status->step, (long long)status->n_step, status->steps_per_s, status->train_acc, status->train_loss,
             status->test_acc, status->test_loss, active, duration(status->left_s, left));
}

/* Back to where the last drawing began, and nothing below. */
static void erase(void)
{
    if (shown.n_line > 1)
        fprintf(stderr, "\033[%dA", shown.n_line - 1);
    if (shown.n_line > 0)
        fputs("\r\033[J", stderr);
    shown.n_line = 0;
}

static void show(void *context, const gk_train_status *status)
{
    (void)context;
    char   line[LINE_BYTES];
    double now = gk_now_s();
    gk_interrupt_begin(shown.output);
    if (shown.quiet || now - shown.last_s < (shown.terminal ? REDRAW_S : PLAIN_LINE_S))
        return;
    shown.last_s = now;
    describe(status, line);
    if (!shown.terminal) {
        if (shown.grid)
            gk_log("%lld cells done", (long long)gk_progress_grid_n_done(shown.grid, status->training));
        gk_log("%s", line);
        return;
    }
    erase();
    if (shown.grid)
        shown.n_line = gk_progress_grid_draw(shown.grid, status->training);
    fputs(line, stderr);
    shown.n_line++;
}

static void begin(void *context, const gk_train_status *status)
{
    (void)context;
    char group[32] = "";
    gk_interrupt_begin(shown.output);
    if (shown.grid && status->group > 0)
        return;    /* waves are no news */
    erase();
    if (status->n_group > 1)
        snprintf(group, sizeof group, "group %d/%d: ", status->group + 1, status->n_group);
    gk_log("%s%lld %s at step %lld of %lld", group, (long long)status->n_active,
           status->n_active == 1 ? "run begins" : "runs begin", (long long)status->step, (long long)status->n_step);
}

static void tell_unwritten(void *context, const char *why)
{
    (void)context;
    erase();
    gk_warn("%s", why);
}

gk_train_hooks gk_progress_begin(bool quiet, const gk_plan *landscape, const char *output)
{
    shown.output = output;
    shown.quiet = quiet;
    shown.grid = landscape ? gk_progress_grid_new(landscape) : NULL;
    shown.terminal = isatty(STDERR_FILENO);
    shown.last_s = shown.terminal ? 0 : gk_now_s();
    return (gk_train_hooks){ .begin = begin, .progress = show, .interrupted = is_interrupted,
                             .unwritten = tell_unwritten };
}

void gk_progress_count(const char *what, int64_t done, int64_t n)
{
    static double begin_s;
    char          left[32], line[LINE_BYTES];
    double        now = gk_now_s();
    if (begin_s <= 0) {
        begin_s = shown.last_s = now;
        shown.terminal = isatty(STDERR_FILENO);
    }
    if (done <= 0 || now - begin_s < WHILE_S || now - shown.last_s < (shown.terminal ? REDRAW_S : PLAIN_LINE_S))
        return;
    shown.last_s = now;
    snprintf(line, sizeof line, "%lld of %lld %s  %s left", (long long)done, (long long)n, what,
             duration((now - begin_s) * (double)(n - done) / (double)done, left));
    if (!shown.terminal) {
        gk_log("%s", line);
        return;
    }
    erase();
    fputs(line, stderr);
    shown.n_line = 1;
}

void gk_progress_end(void)
{
    erase();
}

static const char *place(const char *output)
{
    return strcmp(output, "-") == 0 ? "standard output" : output;
}

void gk_progress_report(const gk_training *training, const char *output)
{
    gk_train_summary did;
    char time[32], grokked[64] = "", diverged[64] = "";
    gk_training_summary(training, &did);
    if (did.has_classes)
        snprintf(grokked, sizeof grokked, "; %lld reached test_acc 0.99", (long long)did.n_grokked);
    if (did.n_diverged > 0)
        snprintf(diverged, sizeof diverged, ", %lld diverged", (long long)did.n_diverged);
    gk_log("%lld run%s, %lld step%s in %s (%.4g updates/s)%s%s; wrote '%s'", (long long)did.n_run, gk_s(did.n_run),
           (long long)did.last_step, gk_s(did.last_step), duration(did.time_s, time),
           (double)did.n_update / fmax(did.time_s, 1e-9), grokked, diverged, place(output));
}

/* The path as a shell takes it. */
static void print_quoted(const char *path)
{
    const char *plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=,+@%";
    if (*path && strspn(path, plain) == strlen(path)) {
        fputs(path, stderr);
        return;
    }
    fputc('\'', stderr);
    for (; *path; path++)
        fputs(*path == '\'' ? "'\\''" : (char[]){ *path, '\0' }, stderr);
    fputc('\'', stderr);
}

int gk_progress_interrupted(const gk_training *training, const char *output)
{
    gk_train_summary did;
    gk_training_summary(training, &did);
    fprintf(stderr, "%s: %s at step %lld; to go on: %s --resume ", gk_program_name(), gk_interrupt_reason(),
            (long long)did.last_step, gk_program_name());
    if (strcmp(output, "-") == 0)
        fputs("FILE -o FILE, with what was written to standard output", stderr);
    else
        print_quoted(output);
    fputc('\n', stderr);
    return gk_interrupt_status();
}
