/* seeds.h -- statistics of runs (x, y) of several seeds, each with its 95 % interval.
 *
 * The runs of one seed share what makes it lucky or slow, so a statistic is taken of every seed by itself, and the interval is
 * about these values: as many as there are seeds, however many runs each has. */
#ifndef GK_ANALYSIS_SEEDS_H
#define GK_ANALYSIS_SEEDS_H

#include <stdbool.h>
#include <stdint.h>
#include "analysis/interval.h"

/* n runs; seed[i] in [0, n_seed).  No NaN in x, y (but for crossings). */
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

/* Least squares of y on x: the mean of the slopes of the seeds.  If none has two different x, the slope of the seeds' means,
 * and the interval of the regression: what it says of points without seeds, as those of a contour, is how well they lie on a
 * line.  An x at which some run is not finite is left out with all its runs: which of them are finite there is decided by y,
 * and the rest would bend the line. */
gk_estimate gk_seeds_slope(const gk_seeds *runs);

/* The angle, in degrees, between the axis y and the line of gk_seeds_slope, from 0 to 180, whose cotangent the slope is. */
gk_estimate gk_seeds_angle(const gk_seeds *runs);

/* What changes from x = 0 to x = 1, y(1) - y(0), of the seeds' medians at either x: paired if every seed has runs at both, else
 * of independent groups.  value: the median of the pairs' differences, or of all differences between the groups.  p: of the
 * two-sided signed-rank test of the pairs, or of the rank-sum test.  n_left_out: pairs that were never seen at either x, and
 * may differ by anything. */
typedef struct gk_change { gk_estimate estimate; bool paired; double p; } gk_change;
gk_change gk_seeds_change(const gk_seeds *runs);

/* The median of y, and the interval of the median of the seeds' own medians (gk_interval_median: five seeds or more). */
gk_estimate gk_seeds_median(const gk_seeds *runs);

/* The share of the runs with y >= level.  Its interval counts as many trials as the runs are worth: each its own if every seed
 * has one, else the fewer the more alike the runs of a seed are, and no fewer than there are seeds (than they are worth, if some
 * have more runs than others).  It holds the share in 93 to 97 % where runs of a seed are alike, else in up to 99 %. */
gk_estimate gk_seeds_share(const gk_seeds *runs, double level);

/* The x above which y >= level: the middle of a logistic curve through all runs.  Its interval is about the mean of the middles
 * of the seeds, each known as well as runs are close; -INFINITY, INFINITY for a seed that always, or never, gets there, and
 * about their median then; an end outside of the runs is infinite.  If no seed has two different x there is no interval. */
gk_estimate gk_seeds_threshold(const gk_seeds *runs, double level);

/* The rank correlation of x and the medians of y there.  The interval is about the mean of the seeds' own correlations, and
 * made for one question: where it has 0 inside, the order of the medians may be chance (three of them stand in order once in
 * six times). Where there is no order it holds 0 in 93 to 96 %; about a correlation that there is it is too short for few x, as
 * most seeds then have the same.  NaN, NaN for fewer than two seeds that have three x. */
gk_estimate gk_seeds_rank(const gk_seeds *runs);

/* The x at which y, a difference between two curves, first changes its sign, between neighbouring x by the cubic of contours
 * (surface.h; a straight line misses the place of curves that bend): the median of the seeds, and its interval, of which an end
 * outside of the runs is infinite.  y may be infinite, where one of the curves was never seen, or NaN, where neither was: a place
 * beside such a y is known to lie between two x, and counts as the lower for the low end and as the higher for the high one.
 * INFINITY for a seed where y never changes its sign, NaN for one with fewer than two x.  Where runs are off by as much as the
 * difference changes from one x to the next, the first change of sign comes early. */
gk_estimate gk_seeds_crossing(const gk_seeds *runs);

#endif
