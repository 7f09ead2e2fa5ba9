/* bf16.h -- bfloat16: the upper half of a float32, written once for host and device. */
#ifndef GK_BASE_BF16_H
#define GK_BASE_BF16_H

#include <stdint.h>
#include <string.h>

#ifdef __CUDACC__
#define GK_BF16 static __host__ __device__ inline
#else
#define GK_BF16 static inline
#endif

typedef uint16_t gk_bf16;

/* The nearest one, of two the even one.  What is too large becomes infinite, and what is not a number stays none. */
GK_BF16 gk_bf16 gk_bf16_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    if ((bits & 0x7fffffffu) > 0x7f800000u)
        return (gk_bf16)(bits >> 16 | 0x40u);
    return (gk_bf16)((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16);
}

GK_BF16 float gk_bf16_value(gk_bf16 cell)
{
    uint32_t bits = (uint32_t)cell << 16;
    float    x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
