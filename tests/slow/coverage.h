/* coverage.h -- does an interval of nominally 95 % hold the truth in 93 to 97 % of simulated experiments, with 5 and 10 seeds?
 *
 * Each row simulates experiments of one kind with every law of noise and counts.  Where so few values allow no such interval, or
 * a law breaks what the method assumes, the row says what is expected instead, on both sides, and why.
 *
 *   coverage [N [TEXT]]    so many experiments of each row, in place of several thousand; the rows with TEXT in their names */
#ifndef GK_TESTS_COVERAGE_H
#define GK_TESTS_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "analysis/interval.h"
#include "base/rng.h"
#include "../test.h"

enum { MAX_SEED = 10, MAX_X = 8 };

typedef enum { NORMAL, UNIFORM, LAPLACE, N_LAW } law;
static const char *const law_names[] = { "normal", "uniform", "Laplace" };

static uint64_t n_drawn;

/* The next number of a law with mean and median 0 and deviation 1. */
static double draw(law which)
{
    uint64_t number = n_drawn++;
    double   u = gk_rng_uniform(1, GK_RNG_TEST, 0, number) + 0x1p-33;
    switch (which) {
    case UNIFORM: return (2 * u - 1) * sqrt(3);
    case LAPLACE: return (u < 0.5 ? log(2 * u) : -log(2 - 2 * u)) / sqrt(2);
    default:      return gk_rng_normal(1, GK_RNG_TEST, 1, number);
    }
}

/* Between 0 and 1. */
static double evenly(void)
{
    return draw(UNIFORM) / sqrt(3) / 2 + 0.5;
}

/* Who is beyond the last place is never seen. */
static inline double seen(double value, double last)
{
    return value > last ? INFINITY : value;
}

/* Of an experiment; UNTOLD: there is no interval, and it does not count. */
typedef enum { MISSED, HELD, UNTOLD } outcome;

static outcome holds(gk_interval found, double truth)
{
    return isnan(found.low) ? UNTOLD : found.low <= truth && truth <= found.high ? HELD : MISSED;
}

/* An experiment of so many seeds: does its interval hold the truth? */
typedef outcome experiment(int n_seed, law noise);

/* n_seed: with so many; 0: with 5 and with 10. */
typedef struct row { const char *what; experiment *experiment; double low, high; int n_seed; } row;

static void measure(const row *r, int n_seed, law noise, int n, int n_whole)
{
    int n_of[3] = { 0 };
    n_drawn = 0;    /* a row is the same whichever others there are */
    for (int k = 0; k < n; k++)
        n_of[r->experiment(n_seed, noise)]++;
    int n_told = n_of[HELD] + n_of[MISSED];
    /* the limits have room for the scatter of so many as there are without an argument; fewer scatter more */
    double share = (double)n_of[HELD] / n_told, more = n < n_whole ? 3 * 0.22 * sqrt(1.0 / n - 1.0 / n_whole) : 0;
    bool   passed = share >= r->low - more && share <= r->high + more;
    printf("%s%s, %d seeds, %s: %.1f %% of %d\n", passed ? "" : "FAILED: ", r->what, n_seed, law_names[noise], 100 * share,
           n_told);
    fflush(stdout);
    test_n_passed += passed;
    test_n_failed += !passed;
}

static int measure_all(int argc, char **argv, int n_whole, size_t n_row, const row *rows)
{
    static const int n_seed[] = { 3, 5, MAX_SEED };
    int n = argc > 1 ? atoi(argv[1]) : n_whole;
    for (size_t i = 0; i < n_row; i++)
        for (int k = 0; k < 3; k++)
            for (law noise = 0; noise < N_LAW; noise++)
                if ((rows[i].n_seed == 0 ? k > 0 : rows[i].n_seed == n_seed[k]) && (argc < 3 || strstr(rows[i].what, argv[2])))
                    measure(&rows[i], n_seed[k], noise, n, n_whole);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0 || n < 1;
}

#endif
