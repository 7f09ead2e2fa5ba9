/* critical_runs.c -- see critical_runs.h. */
#include "critical_runs.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "table/tsv.h"

extern char **environ;

/* --- words ------------------------------------------------------------------------------------------------------------------ */

bool gk_words_have(gk_words command, const char *what)
{
    for (int i = 0; i < command.n; i++)
        if (strstr(command.word[i], what))
            return true;
    return false;
}

/* Every `what` in text becomes `by`. */
static const char *replaced(const char *text, const char *what, const char *by, gk_arena *arena)
{
    const char *out = "", *found;

    while ((found = strstr(text, what))) {
        out  = gk_arena_printf(arena, "%s%.*s%s", out, (int)(found - text), text, by);
        text = found + strlen(what);
    }
    return gk_arena_printf(arena, "%s%s", out, text);
}

const char **gk_words_with(gk_words command, const char *x, const char *seed, const char *file, gk_arena *arena)
{
    const char **out = gk_arena_alloc(arena, (size_t)(command.n + 1) * sizeof *out);

    for (int i = 0; i < command.n; i++)
        out[i] = replaced(replaced(replaced(command.word[i], "{x}", x, arena), "{seed}", seed, arena), "{file}", file, arena);
    return out;
}

/* --- running ---------------------------------------------------------------------------------------------------------------- */

/* With standard output at fd. */
static int run(const char *const *words, int fd)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int   status;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    int error = posix_spawnp(&child, words[0], &actions, NULL, (char *const *)words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return gk_error("cannot run '%s': %s", words[0], strerror(error));
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return gk_error("cannot wait for '%s': %s", words[0], strerror(errno));
    if (WIFSIGNALED(status))
        return gk_error("'%s' was ended by signal %d", words[0], WTERMSIG(status));
    return WEXITSTATUS(status) == 0 ? 0 : gk_error("'%s' ended with status %d", words[0], WEXITSTATUS(status));
}

/* The one row of a seed; -1 with gk_error. */
static int64_t row_of(const gk_frame *table, int64_t n, int64_t seed)
{
    int     column = gk_frame_find(table, "seed");
    int64_t found = -1;

    if (column < 0 && n == 1 && table->n_row == 1)
        return 0;
    if (column < 0 || !table->column[column].value)
        return gk_error("the table has no column 'seed' of numbers, and %lld rows", (long long)table->n_row);
    for (int64_t row = 0; row < table->n_row; row++) {
        if (table->column[column].value[row] != (double)seed)
            continue;
        if (found >= 0)
            return gk_error("the table has several rows of seed %lld", (long long)seed);
        found = row;
    }
    return found >= 0 ? found : gk_error("the table has no row of seed %lld", (long long)seed);
}

static int take(const gk_frame *table, const char *value, int64_t n, const int64_t *seed, double *out)
{
    int column = gk_frame_need(table, value);

    if (column < 0)
        return -1;
    if (!table->column[column].value)
        return gk_error("the table's column '%s' holds texts, expected numbers", value);
    for (int64_t i = 0; i < n; i++) {
        int64_t row = row_of(table, n, seed[i]);
        if (row < 0)
            return -1;
        out[i] = table->column[column].value[row];
    }
    return 0;
}

int gk_run_words(const char *const *words, bool is_read, const char *value, int64_t n, const int64_t *seed, double *out)
{
    FILE *printed = tmpfile();
    char  path[32];
    int   status;

    if (!printed)
        return gk_error("cannot make a temporary file: %s", strerror(errno));
    (void)fcntl(fileno(printed), F_SETFD, FD_CLOEXEC);
    status = run(words, fileno(printed));
    if (status == 0 && is_read) {
        snprintf(path, sizeof path, "/dev/fd/%d", fileno(printed));
        rewind(printed);
        gk_frame *table = gk_tsv_read_as(path, "standard output");
        status = table ? take(table, value, n, seed, out) : -1;
        if (status < 0)
            (void)gk_error_context("what '%s' printed", words[0]);
        gk_frame_free(table);
    }
    (void)fclose(printed);    /* it has no name: nothing to lose */
    return status;
}
