/* stat.h -- statistics of runs.  INFINITY stands for "never": it is larger than every number, so that medians and ranks of
 * times remain what they are when some runs were cut off.  NaN: no value, left out. */
#ifndef GK_ANALYSIS_STAT_H
#define GK_ANALYSIS_STAT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

/* Quantile q of the values that are not NaN, linear between neighbours (type 7 of Hyndman and Fan 1996); infinite if a neighbour
 * that counts is.  NaN if there are none. */
double gk_stat_quantile(int64_t n, const double *value, double q);

/* The different x, ascending, into *out, in arena memory: where each first stood, and the median of its y.  How many. */
typedef struct gk_level { int64_t first; double x, median; } gk_level;
int64_t gk_stat_levels(int64_t n, const double *x, const double *y, gk_arena *arena, gk_level **out);

/* Rank correlation, ties sharing their mean rank [Spearman 1904]; NaN for fewer than 3 pairs or if one side is constant. */
double gk_stat_spearman(int64_t n, const double *x, const double *y);

/* The same of the different x and the median of the y at each of them. */
double gk_stat_spearman_medians(int64_t n, const double *x, const double *y);

/* The same at most, where each y is only known to be from low to high: every two x by themselves are in order if they can be, so
 * that what is told may be more than all of them can be together.  At least: less what it is of -high and -low. */
double gk_stat_spearman_most(int64_t n, const double *x, const double *low, const double *high);

/* Least squares y = a + b x over the finite pairs; NaN for fewer than 2 different x, where x that differ by the
 * rounding of what they were computed from are the same. */
typedef struct gk_line { double a, b; } gk_line;
gk_line gk_stat_line(int64_t n, const double *x, const double *y);

/* Probability of success 1 / (1 + exp(-(a + b x))); middle: the x of one half, -a/b.  The slope is held back a little (ridge of
 * 0.01 in units of the spread of x), so that data that x separates perfectly have a middle, too: between the two sides.
 * -INFINITY, INFINITY if all succeed or all fail, or more than half do at every x: beyond the x that were tried nothing is known
 * of a middle, and a curve that is nearly flat would put it anywhere.  NaN without data. */
typedef struct gk_logistic { double a, b, middle; } gk_logistic;
gk_logistic gk_stat_logistic(int64_t n, const double *x, const bool *success);

#endif
