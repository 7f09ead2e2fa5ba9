/* coverage.c -- does an interval of nominally 95 % hold the truth in 93 to 97 % of simulated experiments, with 5 and 10 seeds?
 *
 * Each row simulates experiments of one kind with one law of noise and counts.  Where so few values allow no such interval, or a
 * law breaks what the method assumes, the row says what is expected instead, and why. */
#include <stdbool.h>
#include <stdint.h>
#include "analysis/interval.h"
#include "analysis/seeds.h"
#include "analysis/stat.h"
#include "base/rng.h"
#include "../test.h"

enum { N_EXPERIMENT = 5000, MAX_SEED = 10, MAX_X = 8 };

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

/* An experiment of so many seeds: does its interval hold the truth? */
typedef bool experiment(int n_seed, law noise);

static bool holds(gk_interval found, double truth)
{
    return found.low <= truth && truth <= found.high;
}

static bool mean_of_values(int n, law noise)
{
    double value[MAX_SEED];
    for (int i = 0; i < n; i++)
        value[i] = draw(noise);
    return holds(gk_interval_mean(n, value), 0);
}

static bool median_of_times(int n, law noise)
{
    double time[MAX_SEED];
    for (int i = 0; i < n; i++)
        time[i] = exp(draw(noise));
    return holds(gk_interval_median(n, time), 1);
}

/* What is later than 1.5 deviations is never seen. */
static bool median_of_censored_times(int n, law noise)
{
    double time[MAX_SEED];
    for (int i = 0; i < n; i++) {
        double z = draw(noise);
        time[i] = z > 1 ? INFINITY : exp(z);
    }
    return holds(gk_interval_median(n, time), 1);
}

static bool shift_of_two_groups(int n, law noise)
{
    double a[MAX_SEED], b[MAX_SEED];
    for (int i = 0; i < n; i++) {
        a[i] = draw(noise) + 3;
        b[i] = draw(noise);
    }
    return holds(gk_interval_shift(n, a, n, b), 3);
}

/* Seeds that are early under one condition are early under the other. */
static bool paired_difference(int n, law noise)
{
    double difference[MAX_SEED];
    for (int i = 0; i < n; i++) {
        double seed = 3 * draw(noise), a = seed + draw(noise) + 3, b = seed + draw(noise);
        difference[i] = a - b;
    }
    return holds(gk_interval_median(n, difference), 3);
}

/* n seeds at the same x: slope -1, with an offset and a slope of every seed's own, and noise of every run. */
static int power_law(int n_seed, law noise, double *x, double *y, int64_t *seed)
{
    int n = 0;
    for (int s = 0; s < n_seed; s++) {
        double offset = 0.3 * draw(noise), slope = -1 + 0.2 * draw(noise);
        for (int i = 0; i < MAX_X; i++) {
            x[n] = 0.25 * i;
            y[n] = offset + slope * x[n] + 0.2 * draw(noise);
            seed[n++] = s;
        }
    }
    return n;
}

static bool slope_of_seeds(int n_seed, law noise)
{
    double  x[MAX_SEED * MAX_X], y[MAX_SEED * MAX_X];
    int64_t seed[MAX_SEED * MAX_X];
    int     n = power_law(n_seed, noise, x, y, seed);
    return holds(gk_seeds_slope(&(gk_seeds){ n, n_seed, x, y, seed }).interval, -1);
}

/* Training ends at y = 0.2: runs at the smallest x are cut off now and then. */
static bool slope_of_censored_seeds(int n_seed, law noise)
{
    double  x[MAX_SEED * MAX_X], y[MAX_SEED * MAX_X];
    int64_t seed[MAX_SEED * MAX_X];
    int     n = power_law(n_seed, noise, x, y, seed);
    for (int i = 0; i < n; i++)
        if (y[i] > 0.4)
            y[i] = INFINITY;
    return holds(gk_seeds_slope(&(gk_seeds){ n, n_seed, x, y, seed }).interval, -1);
}

/* One run at every x, each of a seed of its own. */
static bool slope_of_single_runs(int n_seed, law noise)
{
    double  x[MAX_SEED], y[MAX_SEED];
    int64_t seed[MAX_SEED];
    for (int i = 0; i < n_seed; i++) {
        x[i] = i;
        y[i] = -x[i] + draw(noise);
        seed[i] = i;
    }
    return holds(gk_seeds_slope(&(gk_seeds){ n_seed, n_seed, x, y, seed }).interval, -1);
}

/* Every seed has a threshold of its own around a place that lies anywhere between two points of the grid of data sizes; near its
 * threshold a run succeeds or not by chance. */
static bool threshold_of(int n_seed, law noise, double spread, double blur)
{
    double  x[MAX_SEED * MAX_X], y[MAX_SEED * MAX_X], truth = 3 + (draw(UNIFORM) / sqrt(3) + 1) / 2;
    int64_t seed[MAX_SEED * MAX_X];
    int     n = 0;
    for (int s = 0; s < n_seed; s++) {
        double own = truth + spread * draw(noise);
        for (int i = 0; i < MAX_X; i++) {
            x[n] = i;
            y[n] = x[n] + blur * draw(noise) > own ? 1 : 0;
            seed[n++] = s;
        }
    }
    return holds(gk_seeds_threshold(&(gk_seeds){ n, n_seed, x, y, seed }, 0.99).interval, truth);
}

static bool threshold_between_points(int n_seed, law noise) { return threshold_of(n_seed, noise, 0.8, 0); }
static bool threshold_by_chance(int n_seed, law noise)      { return threshold_of(n_seed, noise, 0.6, 0.5); }
static bool threshold_same_for_all(int n_seed, law noise)   { return threshold_of(n_seed, noise, 0.05, 0); }

/* Averaged over all probabilities: at a single one a count of 5 can only cover in steps. */
static bool share_of_seeds(int n_seed, law noise)
{
    (void)noise;
    double p = draw(UNIFORM) / sqrt(3) / 2 + 0.5;
    int    k = 0;
    for (int i = 0; i < n_seed; i++)
        k += draw(UNIFORM) / sqrt(3) / 2 + 0.5 < p;
    return holds(gk_interval_share(k, n_seed), p);
}

typedef struct row { const char *what; experiment *experiment; double low, high; } row;

static const row rows[] = {
    { "mean",                        mean_of_values,           0.93, 0.97 },
    { "median of times",             median_of_times,          0.93, 0.97 },
    { "median, some never seen",     median_of_censored_times, 0.93, 0.97 },
    { "shift of two groups",         shift_of_two_groups,      0.93, 0.975 },    /* rank sums of 5 and 5 come in steps */
    { "paired difference",           paired_difference,        0.93, 0.97 },
    { "slope over seeds",            slope_of_seeds,           0.93, 0.97 },
    { "slope, some never seen",      slope_of_censored_seeds,  0.93, 0.97 },
    { "slope of single runs",        slope_of_single_runs,     0.93, 0.97 },
    { "threshold between points",    threshold_between_points, 0.93, 0.98 },     /* no shorter than the grid's gap */
    { "threshold by chance",         threshold_by_chance,      0.93, 0.98 },
    { "threshold finer than grid",   threshold_same_for_all,   0.93, 1 },        /* the grid says no more than which gap */
    { "share of seeds",              share_of_seeds,           0.93, 0.97 },
};

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int n_seed = 5; n_seed <= MAX_SEED; n_seed += 5)
            for (law noise = 0; noise < N_LAW; noise++) {
                int n_held = 0;
                for (int k = 0; k < N_EXPERIMENT; k++)
                    n_held += rows[i].experiment(n_seed, noise);
                double share = (double)n_held / N_EXPERIMENT;
                bool   passed = share >= rows[i].low && share <= rows[i].high;
                printf("%s%s, %d seeds, %s: %.1f %%\n", passed ? "" : "FAILED: ", rows[i].what, n_seed, law_names[noise],
                       100 * share);
                test_n_passed += passed;
                test_n_failed += !passed;
            }
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
