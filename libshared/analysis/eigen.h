/* eigen.h -- eigenvalues of symmetric matrices, and the two ways to draw many dimensions in few that come of them.
 *
 * Matrices are row-major and in double.  An axis is a unit vector whose largest component (the first of several) is positive, so
 * that the same data give the same picture. */
#ifndef GK_ANALYSIS_EIGEN_H
#define GK_ANALYSIS_EIGEN_H

#include <stdint.h>
#include "base/error.h"

/* Eigenvalues of the symmetric a [n, n], in descending order, into value [n]; the rows of a become their axes.  Householder to
 * tridiagonal form, then QL with implicit shifts: some 4 n^3 operations.  -1 with gk_error: a number that is not finite. */
int gk_eigen_symmetric(int n, double *a, double *value) GK_MUST_CHECK;

/* Principal components of n points x [n, d]: their mean [d], the k <= d axes [k, d] of largest variance, these variances (sums of
 * squares over n - 1), and the variance in all.  n >= 2. */
typedef struct gk_components { double *mean, *axis, *variance, total; } gk_components;
int gk_pca(int64_t n, int d, const double *x, int k, gk_components *out) GK_MUST_CHECK;
/* What the k axes make of one point [d]: out [k]. */
void gk_pca_project(const gk_components *of, int d, int k, const double *point, double *out);

/* Classical multidimensional scaling (Torgerson 1952): points [n, k] whose distances come as near as can be to those whose
 * squares are given [n, n].  value [k]: the eigenvalues of the centred products; where one is not positive, its coordinates are
 * 0.  stress: the share of squares of products that k dimensions leave out. */
int gk_mds(int n, const double *square, int k, double *out, double *value, double *stress) GK_MUST_CHECK;

#endif
