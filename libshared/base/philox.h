/* philox.h -- the arithmetic of rng.h, written once for host and device. */
#ifndef GK_BASE_PHILOX_H
#define GK_BASE_PHILOX_H

#include <Random123/philox.h>
#include <math.h>
#include "base/rng.h"

#ifdef __CUDACC__
#define GK_PHILOX static __host__ __device__ inline
#else
#define GK_PHILOX static inline
#endif

/* Key and counter of Philox: what is fixed for a stream's owner in the key, what counts in the counter. */
GK_PHILOX philox4x32_ctr_t gk_philox(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index)
{
    philox4x32_key_t key = {{ (uint32_t)seed, (uint32_t)(seed >> 32) ^ (uint32_t)purpose * 0x9E3779B9u }};
    philox4x32_ctr_t counter = {{ (uint32_t)index, (uint32_t)(index >> 32), (uint32_t)step, (uint32_t)(step >> 32) }};
    return philox4x32_R(10, counter, key);
}

/* Two words, the first one low, to the middle of (0, 1]: never 0, so that its logarithm is finite. */
GK_PHILOX double gk_philox_above_0(uint32_t low, uint32_t high)
{
    return ((double)(((uint64_t)high << 32 | low) >> 11) + 1) * (1.0 / 9007199254740992.0);
}

/* Numbers 2 * pair and 2 * pair + 1 of the stream of normal numbers. */
GK_PHILOX void gk_philox_normals(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t pair, double out[2])
{
    philox4x32_ctr_t words = gk_philox(seed, purpose, step, pair);
    double radius = sqrt(-2 * log(gk_philox_above_0(words.v[0], words.v[1])));
    double angle = 2 * 3.14159265358979323846 * gk_philox_above_0(words.v[2], words.v[3]);
    out[0] = radius * cos(angle);
    out[1] = radius * sin(angle);
}

/* The key by which number `number` is sorted into a permutation. */
GK_PHILOX uint64_t gk_philox_order_key(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t number)
{
    philox4x32_ctr_t words = gk_philox(seed, purpose, step, number >> 1);
    return number & 1 ? (uint64_t)words.v[3] << 32 | words.v[2] : (uint64_t)words.v[1] << 32 | words.v[0];
}

#endif
