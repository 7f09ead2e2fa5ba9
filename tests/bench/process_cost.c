/* process_cost.c -- wall time and peak memory of a command, run several times.
 *
 * usage: process_cost TIMES COMMAND [ARGUMENT...]
 * Prints "MEDIAN<TAB>MIN<TAB>PEAK": seconds, seconds, and the largest peak of resident memory in KiB. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench.h"

extern char **environ;

/* Run once, its output to /dev/null; the peak in KiB. */
static long run_once(char **command)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    pid_t pid;
    int   status;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    int error = posix_spawnp(&pid, command[0], &actions, NULL, command, environ);
    if (error) {
        gk_error("cannot run '%s': %s", command[0], strerror(error));
        gk_die();
    }
    posix_spawn_file_actions_destroy(&actions);
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
        continue;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        gk_error("'%s' failed with status %d", command[0], WIFEXITED(status) ? WEXITSTATUS(status) : -1);
        gk_die();
    }
    return usage.ru_maxrss;
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int     n     = bench_count(argc, argv, 1, "TIMES");
    double *times = calloc((size_t)n, sizeof *times);
    long    peak  = 0;

    if (argc < 3 || !times)
        gk_usage("expected a command");
    for (int i = 0; i < n; i++) {
        double begin = bench_now();
        long   kib   = run_once(argv + 2);
        times[i] = bench_now() - begin;
        peak     = kib > peak ? kib : peak;
    }
    qsort(times, (size_t)n, sizeof *times, bench_compare);
    printf("%.6g\t%.6g\t%ld\n", times[n / 2], times[0], peak);
    free(times);
    return 0;
}
