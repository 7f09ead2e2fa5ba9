/* twosample.h -- are two samples of points from one distribution?  Points are row-major, in double: x [n, d], y [m, d]. */
#ifndef GK_ANALYSIS_TWOSAMPLE_H
#define GK_ANALYSIS_TWOSAMPLE_H

#include <stdint.h>
#include "base/error.h"

/* Median distance of two different points of both samples together: the usual bandwidth.  NaN with gk_error: no memory. */
double gk_median_distance(int64_t n, int64_t m, int d, const double *x, const double *y);

/* Squared maximum mean discrepancy with the kernel exp(-|a - b|^2 / (2 bandwidth^2)), unbiased (Gretton et al. 2012, equation 3):
 * about 0, also below it, if the distributions are one.  n, m >= 2; (n + m)^2 d operations. */
double gk_mmd(int64_t n, int64_t m, int d, const double *x, const double *y, double bandwidth);

/* Classifier two-sample test with nearest neighbours (Lopez-Paz & Oquab 2017): the first half of either sample tells, for each
 * point of the other halves, which sample it is from, by the majority of its floor(sqrt(points that tell)) nearest, made odd.
 * The share that is right: 1/2 if the distributions are one, then with a standard deviation of
 * 1 / (2 sqrt(points that are judged)).  Samples of equal size: n each, n >= 4.  NaN with gk_error: no memory. */
double gk_c2st(int64_t n, int d, const double *x, const double *y);

#endif
