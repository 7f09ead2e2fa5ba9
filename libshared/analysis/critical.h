/* critical.h -- which runs to make next in order to know, seed by seed, at which x outcomes turn from failure to success.
 *
 * One seed goes ahead: it tries both ends and bisects what is between them.  The others begin at its threshold (at the median of
 * those that are known) and go away from there in steps that double, until they have passed their own, which they then bisect.
 * A seed that has no threshold at all is followed by another one: ends agree when half of the seeds say so, which costs as many
 * runs and no more.  Where seeds differ by no more than the precision that is two runs for each but the first, instead of all
 * halvings; where they differ by several times that, it costs as much as to bisect each alone, or one in ten more.
 *
 * What is next follows from the outcomes alone, so that a search can be interrupted anywhere.  Outcomes may be
 * noisy: a seed's bracket is the gap between its x that the fewest of them contradict. */
#ifndef GK_ANALYSIS_CRITICAL_H
#define GK_ANALYSIS_CRITICAL_H

#include <stdbool.h>
#include <stdint.h>
#include "analysis/seeds.h"
#include "base/error.h"

/* Between low and high, until every seed's bracket is no wider than precision. */
typedef struct gk_search { double low, high, precision; int64_t n_seed; } gk_search;

/* n outcomes of seeds in [0, n_seed). */
typedef struct gk_outcomes { int64_t n; const double *x; const int64_t *seed; const bool *success; } gk_outcomes;

/* The next *x, a multiple of half the precision or an end, and wanted[n_seed]: which seeds to run there.  How many these are; 0:
 * all is known; -1 with gk_error, an answer, too: half of the seeds (of two: both were asked) succeed at low or fail at high, so
 * that the threshold is not between them. */
int64_t gk_search_next(const gk_search *search, const gk_outcomes *outcomes, double *x, bool *wanted) GK_MUST_CHECK;

/* The critical x: the median of the seeds' middles (-INFINITY, INFINITY for one that succeeds at low, or fails at high), which is
 * where half of them succeed, with the interval of middles that are known to their brackets
 * (gk_interval_median_threshold), of which an end outside of the search is infinite.  A logistic
 * curve through all runs would not do: near a seed's own threshold half of its runs succeed, wherever that is. */
gk_estimate gk_search_estimate(const gk_search *search, const gk_outcomes *outcomes);

#endif
