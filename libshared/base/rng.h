/* rng.h -- counter-based random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
 *
 * Every number is a pure function of (seed, purpose, step, index): the same on every backend and for every number of
 * threads or replicas, with no state to save.  Purposes are frozen: their values are part of the checkpoint format. */
#ifndef GK_BASE_RNG_H
#define GK_BASE_RNG_H

#include <stdint.h>

typedef enum {
    GK_RNG_SPLIT         = 1,    /* permutation of items into train and test */
    GK_RNG_INIT          = 2,    /* initial parameters; step = index of the parameter in the model */
    GK_RNG_BATCH         = 3,    /* order of items in an epoch; step = epoch */
    GK_RNG_DROPOUT       = 4,
    GK_RNG_UPDATE_NOISE  = 5,
    GK_RNG_WEIGHT_NOISE  = 6,
    GK_RNG_GRAD_NOISE    = 7,
    GK_RNG_LABEL_NOISE   = 8,
    GK_RNG_DATA          = 9,    /* generated datasets (teacher-student, templates, ...) */
    GK_RNG_DECAY_JITTER  = 10,
    GK_RNG_BOOTSTRAP     = 11,
    GK_RNG_EVAL          = 12,   /* items that are evaluated; step 0: train, 1: test */
    GK_RNG_CLUSTER       = 13,   /* beginnings of k-means (step: which), and items that silhouettes are of (step: high bit) */
    GK_RNG_SAMPLE        = 14,   /* items that two-sample tests are of; step 0: train, 1: test */
    GK_RNG_TEST          = 100   /* free for tests */
} gk_rng_purpose;

/* Four 32-bit words for the counter (step, index).  Word i of block `index` is number 4*index + i of the stream.
 * Key {low half of seed, high half of seed ^ purpose * 0x9E3779B9}, counter {index low, index high, step low, step high}. */
void gk_rng_block(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index, uint32_t out[4]);

/* Number `index` of the stream: uniform in [0, 1) with 32 bits, word index & 3 of block index >> 2, times 2^-32.
 * Standard normal by Box-Muller in double precision: numbers 2k and 2k+1 are sqrt(-2 log u) cos(2 pi v) and
 * sqrt(-2 log u) sin(2 pi v), where block k's words w give u = ((w1 w0 >> 11) + 1) * 2^-53 and v likewise from w3 w2 (the
 * high word first), both in (0, 1]. */
double gk_rng_uniform(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index);
double gk_rng_normal(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index);

/* Normal numbers 0 .. n-1 of the stream into out: the same as one by one, in half the time. */
void gk_rng_normals(uint64_t seed, gk_rng_purpose purpose, uint64_t step, double *out, int64_t n);

/* Uniform whole number in [0, n), unbiased to 2^-32; n >= 1. */
uint32_t gk_rng_below(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index, uint32_t n);

/* order[0..n) := the permutation of 0..n-1 sorted by (64-bit random key, number); the key of number i is words 2*(i & 1)
 * (low) and 2*(i & 1) + 1 (high) of block i >> 1.  Same on every backend.  n < 2^31.
 * 0, or -1 with gk_error if out of memory. */
int gk_rng_permutation(uint64_t seed, gk_rng_purpose purpose, uint64_t step, int32_t *order, int64_t n);

#endif
