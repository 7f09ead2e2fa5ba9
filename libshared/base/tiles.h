/* tiles.h -- products of floats on a processor's matrix tiles (AMX), as exact as a BLAS's, at up to twice its rate.
 *
 * Tiles multiply numbers of 8 significant bits (bfloat16) and add up in float32.  A float has 24: it is the sum of three such
 * numbers, and a product of two floats that of nine products, of which the three smallest are below 2^-26 of it, less than what
 * rounding to float32 takes; the other six are made (Henry, Tang and Heinecke 2019, "Leveraging the bfloat16 artificial
 * intelligence datatype for higher-precision computations"; cuBLAS does so for its BF16x9).  Parts of numbers below 1e-33 are
 * lost, as subnormals are in all threads that compute; an infinity gives NaN. */
#ifndef GK_BASE_TILES_H
#define GK_BASE_TILES_H

#include <stdbool.h>

/* Has the processor such tiles, and lets the system us use them?  GK_TILES=0 in the environment: no.  Asks once. */
bool gk_has_tiles(void);

/* Does it pay?  A rule of the shape alone, so that equal products give equal bits. */
bool gk_tiles_pay(int m, int n, int k);

/* c = or += op(a) op(b) as in gk_blas_sgemm (blas.h), where gk_has_tiles(); sums over k in a fixed order. */
void gk_tiles_sgemm(bool trans_a, bool trans_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                    bool accumulate, float *c, int ldc);

#endif
