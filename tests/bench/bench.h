/* bench.h -- what the benchmark programs share: the conversation with tests/bench/run.
 *
 * A program prints "ready<TAB>what it is", then answers each line "go SECONDS" with "MEDIAN<TAB>MIN<TAB>COUNT" of the times
 * that it measured, in seconds, until its input ends.  So programs take turns on one machine, all of them warm. */
#ifndef GK_BENCH_H
#define GK_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/die.h"
#include "base/options.h"

typedef void bench_call(void *context);

static inline double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One answer: times of single calls for so many seconds; a call does `per_call` things. */
static inline void bench_answer(double seconds, bench_call *call, void *context, double per_call)
{
    static double times[1 << 16];
    int    n   = 0;
    double end = bench_now() + seconds;

    do {
        double begin = bench_now();
        call(context);
        times[n++] = (bench_now() - begin) / per_call;
    } while (n < (int)(sizeof times / sizeof *times) && bench_now() < end);
    qsort(times, (size_t)n, sizeof *times, bench_compare);
    printf("%.9g\t%.9g\t%d\n", times[n / 2], times[0], n);
    fflush(stdout);
}

/* Warm up, say what this is, answer until the input ends. */
static inline void bench_serve(const char *what, bench_call *call, void *context, double per_call)
{
    char   line[64];
    double seconds;

    for (int i = 0; i < 3; i++)
        call(context);
    printf("ready\t%s\n", what);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "go ", 3) != 0 || gk_parse_real(line + 3, &seconds) < 0)
            gk_usage("unknown request '%s'", line);
        bench_answer(seconds, call, context, per_call);
    }
}

/* Argument `index` as a whole number of at least 1. */
static inline int bench_count(int argc, char **argv, int index, const char *name)
{
    int64_t value = 0;

    if (index >= argc || gk_parse_int(argv[index], &value) < 0 || value < 1 || value > 1 << 20)
        gk_usage("expected %s as argument %d, a whole number of at least 1", name, index);
    return (int)value;
}

#endif
