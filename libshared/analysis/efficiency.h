/* efficiency.h -- how far a network must be scaled to say something as loudly ("Towards Understanding the Mystery behind Grokking
 * Phenomenon via Model and Training Efficiency": the norm that a logit takes). */
#ifndef GK_ANALYSIS_EFFICIENCY_H
#define GK_ANALYSIS_EFFICIENCY_H

#include <stdint.h>
#include "base/error.h"

/* What is measured at a scale, into *value.  -1 with gk_error. */
typedef int gk_scaled_value(void *context, double scale, double *value);

/* The smallest scale c >= 0 at which value(c) >= target, to 1e-7 of itself, into *scale: of 0 and the powers of 2 from 2^-12 to
 * 2^12 the first one where it is so, and between that and the one before where the value passes the target, which it may do there
 * once.  INFINITY: at none of them.  -1 with gk_error, from value. */
int gk_scale_needed(gk_scaled_value *value, void *context, double target, double *scale) GK_MUST_CHECK;

/* Mean over rows of the right output less the mean of all outputs: logits [n][n_out], right [n]. */
double gk_correct_logit(int64_t n, int64_t n_out, const double *logits, const int32_t *right);

#endif
