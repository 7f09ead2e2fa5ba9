/* curves.h -- curves of many runs as one: median and band, and fewer points where there are more than can be seen. */
#ifndef GK_ANALYSIS_CURVES_H
#define GK_ANALYSIS_CURVES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

/* Points with x ascending.  NaN in y: no value there. */
typedef struct gk_curve { int64_t n; double *x, *y; } gk_curve;

/* A median line and what lies around it, all arrays [n]; y is NaN where no run has a value. */
typedef struct gk_band { int64_t n; double *x, *y, *low, *high; } gk_band;

/* Quantile q in [0, 1] of n >= 1 ascending values, linear between neighbours (type 7 of Hyndman and Fan 1996). */
double gk_quantile(const double *sorted, int64_t n, double q);

/* Value of a curve at x: linear between its points, its last value behind its end (a run that was stopped keeps what it had
 * reached), NaN before its start.  A curve of one point has a value there only.  *cursor: 0 at first; x may only grow. */
double gk_curve_at(const gk_curve *curve, double x, int64_t *cursor);

/* Quantiles q_low, 1/2 and 1 - q_low over the curves, at the x of any of them: at most max_points of these, evenly spread
 * along the axis (in the logarithm with log_x).  0, or -1 with gk_error. */
int  gk_band_over(const gk_curve *curves, int64_t n_curve, double q_low, int64_t max_points, bool log_x, gk_band *out)
    GK_MUST_CHECK;
void gk_band_release(gk_band *band);

/* Thin a curve in place to at most about max_points: the axis is cut into pieces (evenly in the logarithm with log_x), and of
 * each the lowest and the highest point stay, so that no spike is lost. */
void gk_curve_thin(gk_curve *curve, int64_t max_points, bool log_x);

#endif
