/* interrupt.c -- see interrupt.h. */
#include "interrupt.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/die.h"
#include "base/duration.h"
#include "base/options.h"
#include "base/text.h"
#include "train/trainer.h"

typedef enum { SAVE, FINISH, ERROR, NONE, STOP, DIE } effect;

static const struct { int number; effect effect; } table[] = {
#define SIGNAL(name, effect, why) { SIG##name, effect },
#include "signals.def"
#undef SIGNAL
};
enum { N_SIGNAL = sizeof table / sizeof *table };

/* timeout(1) signals a process and then its group, scripts pass on what the group got as well: that is one signal. */
static const long long SAME_NS = 500000000;
static const double SLURM_MARGIN_S = 60;

/* Handlers run in any thread: what they touch is atomic. */
static atomic_bool  begun;
static atomic_int   first_number;      /* signal that ends the training; 0: none */
static atomic_llong finish_ns;         /* when the first FINISH came; 0: not yet */
static double       deadline_s = INFINITY;
static const char  *deadline_name;
static char         early[160], late[512];    /* said when a signal ends the process: before there is something to save, after */

static bool is_finish(int number)
{
    for (int i = 0; i < N_SIGNAL; i++)
        if (table[i].number == number)
            return table[i].effect == FINISH;
    return false;
}

/* Only what a handler may call.  A terminal that takes no text must not keep us. */
static _Noreturn void end_at_once(int number)
{
    const char *text = atomic_load(&begun) ? late : early;
    struct pollfd err = { .fd = STDERR_FILENO, .events = POLLOUT };
    if (poll(&err, 1, 0) == 1 && err.revents & POLLOUT) {
        ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
        (void)ignored;
    }
    _exit(128 + number);
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    int       before = errno, none = 0;
    long long first = 0;
    struct timespec now;
    if (!atomic_load(&begun))
        end_at_once(number);
    atomic_compare_exchange_strong(&first_number, &none, number);
    if (is_finish(number) && clock_gettime(CLOCK_MONOTONIC, &now) == 0) {
        long long ns = now.tv_sec * 1000000000LL + now.tv_nsec;
        bool is_second = !atomic_compare_exchange_strong(&finish_ns, &first, ns);
        if (is_second && (info->si_code == SI_KERNEL || ns - first >= SAME_NS))
            end_at_once(number);
    }
    errno = before;
}

/* Only where the system's own action would stand: what is ignored, or handled by a profiler, stays so. */
static void handle(int number)
{
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_RESTART | SA_SIGINFO }, before;
    sigfillset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_DFL)
        sigaction(number, &action, NULL);
}

void gk_interrupt_watch(void)
{
    snprintf(early, sizeof early, "%s: interrupted before the first update: nothing to save\n", gk_program_name());
    for (int i = 0; i < N_SIGNAL; i++)
        if (table[i].effect == SAVE || table[i].effect == FINISH)
            handle(table[i].number);
    for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
        handle(number);
}

static void earlier_deadline(double left_s, const char *name)
{
    double at_s = gk_now_s() + left_s;
    if (at_s < deadline_s) {
        deadline_s = at_s;
        deadline_name = name;
    }
}

void gk_interrupt_limit(const char *time_limit)
{
    const char *slurm = getenv("SLURM_JOB_END_TIME");
    double      left_s;
    int64_t     end;
    if (time_limit && strcmp(time_limit, "none") == 0)
        return;
    if (time_limit && gk_parse_duration(time_limit, &left_s) == 0)
        earlier_deadline(left_s, "time limit reached");
    if (!slurm || gk_parse_int(slurm, &end) < 0)
        return;
    left_s = difftime((time_t)end, time(NULL));
    if (left_s > 0)    /* else the job was given more time since its environment was made */
        earlier_deadline(fmax(left_s - SLURM_MARGIN_S, left_s / 2), "the end of the Slurm job is near");
}

void gk_interrupt_begin(const char *output)
{
    bool to_stdout = strcmp(output, "-") == 0;
    if (atomic_load(&begun))
        return;
    if (to_stdout)
        snprintf(late, sizeof late - 1, "%s: ended at once by a second signal; nothing was written", gk_program_name());
    else
        snprintf(late, sizeof late - 1, "%s: ended at once by a second signal; '%.300s' is as it was last written",
                 gk_program_name(), output);
    gk_text_sanitize(late, "");
    memcpy(late + strlen(late), "\n", 2);
    atomic_store(&begun, true);
}

bool gk_interrupted(void)
{
    return atomic_load(&first_number) != 0 || gk_now_s() >= deadline_s;
}

int gk_interrupt_status(void)
{
    int number = atomic_load(&first_number);
    return number ? 128 + number : GK_EXIT_TIME;
}

const char *gk_interrupt_reason(void)
{
    return atomic_load(&first_number) || !deadline_name ? "interrupted" : deadline_name;
}
