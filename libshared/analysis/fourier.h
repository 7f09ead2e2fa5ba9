/* fourier.h -- Fourier measures of what a network has learnt of addition or subtraction modulo a prime (Nanda et al. 2023,
 * "Progress measures for grokking via mechanistic interpretability"; experiments A.16).
 *
 * p is odd.  The real orthonormal basis of functions on Z_p has p members: the constant, and for k = 1..(p-1)/2 the cosine
 * (number 2k-1) and the sine (2k) of 2 pi k x / p. */
#ifndef GK_ANALYSIS_FOURIER_H
#define GK_ANALYSIS_FOURIER_H

#include <stdint.h>

/* basis: [p][p], row j is member j. */
void gk_fourier_basis(int p, double *basis);

/* norm[j], [p]: of the components along member j of all columns of table [p][n].  The sum of their squares is that of the table
 * (Parseval). */
void gk_fourier_norms(int p, const double *basis, int64_t n, const double *table, double *norm);

/* Power of each frequency from these norms: power[0] of the constant, power[k] of cosine and sine; [(p+1)/2]. */
void gk_fourier_spectrum(int p, const double *norm, double *power);

/* Gini coefficient of values that are not negative: 0 if all are equal, (n-1)/n if all but one are 0; 0 if all are 0. */
double gk_fourier_gini(int64_t n, const double *value);

/* The frequency k >= 1 that explains most of f [p][p], a function of pairs (a, b), by the share of its variance in the 3 x 3
 * block of {constant, cosine, sine} of a times those of b, without their constant.  *share: that share; 0 if f is constant. */
int gk_fourier_best(int p, const double *basis, const double *f, double *share);

/* Key frequencies out of the best one of every neuron (0: none) and what it explains: those of at least `least` of all neurons
 * whose mean share is at least `explained`.  key: [(p-1)/2], ascending; returns how many. */
int gk_fourier_keys(int p, int64_t n_neuron, const int *best, const double *share, double least, double explained, int *key);

/* out := the part of logits [p][p][n_out] that depends on (a + sign b) mod p through the key frequencies alone: for every output
 * its components in cos and sin 2 pi k (a + sign b)/p, k a key; without the mean over pairs, which goes to mean [n_out].
 * Restricted logits are mean + out, excluded logits are logits - out. */
void gk_fourier_project(int p, const double *basis, int sign, int n_key, const int *key, int64_t n_out, const double *logits,
                        double *out, double *mean);

#endif
