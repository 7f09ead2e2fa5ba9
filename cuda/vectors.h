/* vectors.h -- kernels of elements over reals: four at a time where everything is aligned, else one by one.
 *
 * What is done with V reals from place i of a replica on is a struct with `template <int V> __device__ void at(uint32_t i)`;
 * gk_each() launches it and is the one place that chooses V.  Places within a replica are below 2^31 (engine.cu sees to it). */
#ifndef GK_CUDA_VECTORS_H
#define GK_CUDA_VECTORS_H

#include "cells.h"

namespace GK_CELLS {

template <int V> static __device__ inline void gk_add_to(gk_reals<V> *sum, gk_reals<V> more)
{
    for (int k = 0; k < V; k++)
        sum->v[k] += more.v[k];
}

/* at[0 .. V - 1] = or += reals; nothing without at. */
template <int V> static __device__ inline void gk_write(gk_cells at, gk_reals<V> reals, bool accumulate)
{
    if (!at)
        return;
    if (accumulate)
        gk_add_to(&reals, gk_load<V>(at));
    gk_store(at, reals);
}

/* Division of numbers below 2^31 by one that all threads divide by: n / d = (n m / 2^32 + n) / 2^shift (Granlund and
 * Montgomery 1994). */
typedef struct gk_divisor { uint32_t d, m; int shift; } gk_divisor;

static inline gk_divisor gk_divisor_of(int64_t d)
{
    int shift = 0;
    while ((int64_t)1 << shift < d)
        shift++;
    gk_divisor by = { (uint32_t)d, (uint32_t)(((((uint64_t)1 << shift) - (uint64_t)d) << 32) / (uint64_t)d + 1), shift };
    return by;
}

static __device__ inline uint32_t gk_quotient(uint32_t n, gk_divisor by)
{
    return ((uint32_t)((uint64_t)n * by.m >> 32) + n) >> by.shift;
}

static __device__ inline uint32_t gk_remainder(uint32_t n, gk_divisor by)
{
    return n - gk_quotient(n, by) * by.d;
}

/* Places of a matrix of lines of d reals in two that have x_gap and y_gap reals behind each line (padding.h): place i is at
 * i + i / d * gap. */
typedef struct gk_spacing { gk_divisor d; uint32_t x_gap, y_gap; } gk_spacing;

static __host__ __device__ inline bool gk_is_spaced(const gk_spacing &s)
{
    return (s.x_gap | s.y_gap) != 0;
}

/* n: reals of a replica, or of a row of it, if vectors may not cross from one row to the next. */
template <typename... Spans> static inline bool gk_all_wide(int64_t n, Spans... span)
{
    return n % GK_VECTOR == 0 && (... && gk_is_wide(span));
}

template <int V, typename F> static __global__ void gk_each_real(F f, uint32_t n)
{
    uint32_t i = (uint32_t)gk_element() * V;
    if (i < n)
        f.template at<V>(i);
}

/* For all n reals of every replica; wide: by fours. */
template <typename F> static void gk_each(const gk_work *work, F f, int64_t n, bool wide)
{
    auto kernel = wide ? &gk_each_real<GK_VECTOR, F> : &gk_each_real<1, F>;
    GK_LAUNCH_ELEMENTS(kernel, gk_element_grid(wide ? n / GK_VECTOR : n, work->n_replica), work->device->stream, f, (uint32_t)n);
}

}
#endif
