/* standard.h -- what of LayerNorm and RMSNorm is one formula on host and device.  Sums over a row are each backend's own: the CPU
 * takes them in double, the device in reals; so these are macros, which compute in what they are given. */
#ifndef GK_GRAPH_STANDARD_H
#define GK_GRAPH_STANDARD_H

#include <math.h>

/* 1 / sqrt(variance + epsilon), of the sum of squares of d differences from the mean (RMSNorm: from 0). */
#define GK_STANDARD_INVERSE(square, d, epsilon) (1 / sqrt((square) / (d) + (epsilon)))
/* z, of variance 1 */
#define GK_STANDARD(x, mean, inverse) (((x) - (mean)) * (inverse))
/* Slope of x where u = gain dy:  dx = (u - mean(u) - z mean(u z)) inverse; mean_u is 0 for RMSNorm. */
#define GK_STANDARD_SLOPE(u, mean_u, z, mean_uz, inverse) (((u) - (mean_u) - (z) * (mean_uz)) * (inverse))

#endif
