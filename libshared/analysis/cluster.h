/* cluster.h -- k-means with the beginnings of Arthur & Vassilvitskii 2007 (k-means++), and how well it parts.
 *
 * Points are row-major, x [n, d].  Everything is a function of the seed: sums have one order, and of what is equally near the one
 * with the lower number is taken. */
#ifndef GK_ANALYSIS_CLUSTER_H
#define GK_ANALYSIS_CLUSTER_H

#include <stdint.h>
#include "base/error.h"

typedef struct gk_cluster_args {
    int      k;
    int      n_restart;      /* beginnings, of which the best is kept */
    int      n_iteration;    /* most of one beginning */
    uint64_t seed;
} gk_cluster_args;

/* The k centres [k, d], the cluster of every point, of[n], and the inertia: the sum of squared distances to the own centre, which
 * Lloyd's steps lower until no point changes sides.  A cluster that loses its last point begins anew at the point that is
 * farthest from its centre.  -1 with gk_error: more clusters than points (points at one place count as one), numbers that are not
 * finite. */
int gk_cluster(const gk_cluster_args *args, int64_t n, int d, const double *x, double *centre, int32_t *of, double *inertia)
    GK_MUST_CHECK;

double gk_square_distance(int d, const double *a, const double *b);
/* The nearest of k centres; *square: its squared distance. */
int gk_cluster_nearest(int k, int d, const double *centre, const double *point, double *square);

/* Silhouette (Rousseeuw 1987) of every point, out [n]: (b - a) / max(a, b) with a its mean distance to the others of its cluster
 * and b the least mean distance to another cluster; 0 for the only point of one.  NaN if all are in one cluster.  n^2 d
 * operations. */
int gk_silhouette(int k, int64_t n, int d, const double *x, const int32_t *of, double *out) GK_MUST_CHECK;

#endif
