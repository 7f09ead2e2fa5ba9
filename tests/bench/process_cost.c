/* process_cost.c -- wall time and peak memory of a command, run several times.
 *
 * usage: process_cost TIMES [until=TEXT] COMMAND [ARGUMENT...]
 * Prints "MEDIAN<TAB>MIN<TAB>PEAK": seconds, seconds, and the largest peak of resident memory in KiB.  With until=TEXT the time
 * is that until the command first says TEXT on stderr, not until it ends. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

extern char **environ;

/* The time at which the text comes down the pipe; reads on to its end.  0 if it never comes. */
static double wait_for(const char *text, int from)
{
    char   line[4096] = "";
    size_t n = 0;
    double at = 0;

    for (ssize_t got; n + 1 < sizeof line && (got = read(from, line + n, sizeof line - 1 - n)) > 0;) {
        n += (size_t)got;
        line[n] = '\0';
        if (at == 0 && strstr(line, text))
            at = bench_now();
    }
    return at;
}

/* Run once, its output to /dev/null; the peak in KiB.  *end: when it ended, or said `text` if that is not NULL. */
static long run_once(char **command, const char *text, double *end)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    pid_t pid;
    int   status, ends[2];

    gk_assert(pipe(ends) == 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    if (text)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    int error = posix_spawnp(&pid, command[0], &actions, NULL, command, environ);
    if (error) {
        gk_error("cannot run '%s': %s", command[0], strerror(error));
        gk_die();
    }
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    *end = text ? wait_for(text, ends[0]) : 0;
    close(ends[0]);
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
        continue;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        gk_error("'%s' failed with status %d", command[0], WIFEXITED(status) ? WEXITSTATUS(status) : -1);
        gk_die();
    }
    if (!text)
        *end = bench_now();
    if (*end == 0)
        gk_usage("'%s' never said '%s'", command[0], text);
    return usage.ru_maxrss;
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int     n     = bench_count(argc, argv, 1, "TIMES");
    double *times = calloc((size_t)n, sizeof *times);
    long    peak  = 0;
    const char *text = argc > 2 && strncmp(argv[2], "until=", 6) == 0 ? argv[2] + 6 : NULL;
    char  **command  = argv + (text ? 3 : 2);

    if (argc < (text ? 4 : 3) || !times)
        gk_usage("expected a command");
    for (int i = 0; i < n; i++) {
        double begin = bench_now(), end;
        long   kib   = run_once(command, text, &end);
        times[i] = end - begin;
        peak     = kib > peak ? kib : peak;
    }
    qsort(times, (size_t)n, sizeof *times, bench_compare);
    printf("%.6g\t%.6g\t%ld\n", times[n / 2], times[0], peak);
    free(times);
    return 0;
}
