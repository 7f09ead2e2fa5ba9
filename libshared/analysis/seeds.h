/* seeds.h -- statistics of runs (x, y) of several seeds, each with its 95 % interval.
 *
 * The runs of one seed share what makes it lucky or slow, so a statistic is taken of every seed by itself, and the interval is
 * about these values: as many as there are seeds, however many runs each has. */
#ifndef GK_ANALYSIS_SEEDS_H
#define GK_ANALYSIS_SEEDS_H

#include <stdbool.h>
#include <stdint.h>
#include "analysis/interval.h"

/* n runs; seed[i] in [0, n_seed).  No NaN in x, y. */
typedef struct gk_seeds {
    int64_t        n, n_seed;
    const double  *x, *y;
    const int64_t *seed;
} gk_seeds;

typedef struct gk_estimate {
    double      value;
    gk_interval interval;       /* NaN: too few seeds to say */
    int64_t     n_seed;         /* that it rests on */
    int64_t     n_left_out;     /* runs that say nothing: see the function */
} gk_estimate;

/* Least squares of y on x: the mean of the slopes of the seeds.  If none has two different x, the slope of all runs, and the
 * interval of the regression.  An x at which some run is not finite is left out with all its runs: which of them are finite
 * there is decided by y, and the rest would bend the line. */
gk_estimate gk_seeds_slope(const gk_seeds *runs);

/* What changes from x = 0 to x = 1, y(1) - y(0): paired if every seed has one run at either x, else of independent groups.
 * value: the median of the pairs' differences, or of all differences between the groups.  p: of the two-sided signed-rank test of
 * the pairs, or of the rank-sum test.  n_left_out: pairs that were never seen at either x, and may differ by anything. */
typedef struct gk_change { gk_estimate estimate; bool paired; double p; } gk_change;
gk_change gk_seeds_change(const gk_seeds *runs);

/* The median of y, and the interval of the median of the seeds' own medians (gk_interval_median: five seeds or more). */
gk_estimate gk_seeds_median(const gk_seeds *runs);

/* The x above which y >= level: the middle of a logistic curve through all runs.  Its interval is about the middles of the seeds,
 * each known as well as runs are close; -INFINITY, INFINITY for a seed that always, or never, gets there.  If no seed has two
 * different x there is no interval. */
gk_estimate gk_seeds_threshold(const gk_seeds *runs, double level);

/* The rank correlation of x and the medians of y there.  The interval is about the mean of the seeds' own correlations: where it
 * has 0 inside, the order of the medians may be chance (three of them stand in order once in six times).  NaN, NaN for fewer than
 * two seeds that have three x. */
gk_estimate gk_seeds_rank(const gk_seeds *runs);

/* The x at which y, a difference between two curves, first changes its sign, between neighbouring x by a straight line: the
 * median of the seeds, and its interval.  INFINITY for a seed where it never does, NaN for one with fewer than two x. */
gk_estimate gk_seeds_crossing(const gk_seeds *runs);

#endif
