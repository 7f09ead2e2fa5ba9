/* logistic.h -- logistic regression of few features, with a ridge: P(y = 1) = 1 / (1 + exp(-(b_0 + sum_j b_j z_j))), z_j the
 * features less their mean, over their standard deviation (a feature that never varies counts for nothing). */
#ifndef GK_ANALYSIS_LOGISTIC_H
#define GK_ANALYSIS_LOGISTIC_H

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

enum { GK_LOGISTIC_FEATURES = 16 };

typedef struct gk_logistic_fit {
    int    d;
    double mean[GK_LOGISTIC_FEATURES], scale[GK_LOGISTIC_FEATURES];    /* scale: 1 / standard deviation, or 0 */
    double b[GK_LOGISTIC_FEATURES + 1];                                /* of 1 and of the features */
} gk_logistic_fit;

/* Lowest sum of -log P(y_i) + ridge / 2 sum_j>0 b_j^2, by Newton's method with halved steps; x row-major [n, d], d <= 16.  A
 * ridge above 0 keeps it finite where the features tell the classes apart, as does one for b_0 where there is one class only.
 * -1 with gk_error: a number that is not finite. */
int gk_logistic_regress(int64_t n, int d, const double *x, const bool *y, double ridge, gk_logistic_fit *out) GK_MUST_CHECK;

/* P(y = 1) of one row of features [d]. */
double gk_logistic_of(const gk_logistic_fit *fit, const double *x);

/* P(y = 1) of every row, out [n], by a regression on the rows of other parts alone: rows of one part [n] (numbers from 0 to
 * n_part - 1) are held out together.  NaN where there are no others. */
int gk_logistic_held_out(int64_t n, int d, const double *x, const bool *y, int n_part, const int *part, double ridge, double *out)
    GK_MUST_CHECK;

/* How often a row with y has the higher score than one without, ties counted half: the area under the curve of true against false
 * positives.  NaN if there is one class only; n^2 operations. */
double gk_area_under_curve(int64_t n, const double *score, const bool *y);

#endif
