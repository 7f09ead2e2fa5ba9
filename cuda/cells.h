/* cells.h -- pointers to the reals of a node, however they are stored.
 *
 * Where every real is a gk_real, gk_cells is a pointer to them.  In the narrow build (work.h) some are stored in bfloat16: what a
 * kernel reads it gets as a float, and what it writes is rounded to the nearest.  Which ones is the same for all threads of a
 * launch, so that nothing diverges.  x[i] reads; what is written goes through gk_put and gk_store. */
#ifndef GK_CUDA_CELLS_H
#define GK_CUDA_CELLS_H

#include "work.h"

namespace GK_CELLS {

enum { GK_VECTOR = 4 };

/* V reals, which are loaded and stored at once. */
template <int V> struct alignas(V == GK_VECTOR ? 16 : sizeof(gk_real)) gk_reals { gk_real v[V]; };

template <int V> static __device__ inline gk_reals<V> gk_load(const gk_real *at)
{
    return *(const gk_reals<V> *)at;
}

template <int V> static __device__ inline void gk_store(gk_real *at, gk_reals<V> reals)
{
    *(gk_reals<V> *)at = reals;
}

#if GK_NARROW

/* Four reals in bfloat16, two a word, the first one low. */
typedef struct alignas(8) gk_narrow4 { uint32_t low, high; } gk_narrow4;

/* Two reals rounded as gk_bf16_of does. */
static __device__ inline uint32_t gk_narrow_pair(float low, float high)
{
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
    uint32_t pair;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(high), "f"(low));
    return pair;
#else
    return gk_bf16_of(low) | (uint32_t)gk_bf16_of(high) << 16;
#endif
}

struct gk_cells {
    char *at;
    bool  narrow;

    __device__ gk_cells(void *place, bool is_narrow) : at((char *)place), narrow(is_narrow) {}
    __device__ gk_cells(gk_real *place) : at((char *)place), narrow(false) {}
    __device__ explicit operator bool() const { return at != NULL; }
    __device__ gk_cells operator+(int64_t n) const
    {
        return gk_cells(at + n * (narrow ? (int64_t)sizeof(gk_bf16) : (int64_t)sizeof(gk_real)), narrow);
    }
    __device__ gk_real operator[](int64_t n) const
    {
        return narrow ? gk_bf16_value(((const gk_bf16 *)at)[n]) : ((const gk_real *)at)[n];
    }
};

template <int V> static __device__ inline gk_reals<V> gk_load(gk_cells from)
{
    if (!from.narrow)
        return gk_load<V>((const gk_real *)from.at);
    gk_reals<V> reals;
    if constexpr (V == GK_VECTOR) {
        gk_narrow4 four = *(const gk_narrow4 *)from.at;
        reals.v[0] = gk_bf16_value((gk_bf16)four.low);
        reals.v[1] = gk_bf16_value((gk_bf16)(four.low >> 16));
        reals.v[2] = gk_bf16_value((gk_bf16)four.high);
        reals.v[3] = gk_bf16_value((gk_bf16)(four.high >> 16));
    } else {
        reals.v[0] = gk_bf16_value(*(const gk_bf16 *)from.at);
    }
    return reals;
}

template <int V> static __device__ inline void gk_store(gk_cells to, gk_reals<V> reals)
{
    if (!to.narrow)
        gk_store((gk_real *)to.at, reals);
    else if constexpr (V == GK_VECTOR)
        *(gk_narrow4 *)to.at = { gk_narrow_pair(reals.v[0], reals.v[1]), gk_narrow_pair(reals.v[2], reals.v[3]) };
    else
        *(gk_bf16 *)to.at = (gk_bf16)gk_narrow_pair(reals.v[0], 0);
}

/* Of replica blockIdx.y. */
static __device__ inline gk_cells gk_of(gk_span span)
{
    return gk_cells(span.at, span.narrow) + blockIdx.y * span.step;
}

#else

typedef gk_real *gk_cells;

static __device__ inline gk_cells gk_of(gk_span span)
{
    return gk_full_of(span);
}

#endif

/* Reals of scratch, a multiple of 4, that n cells as narrow as this build has them take. */
static inline int64_t gk_cells_room(int64_t n)
{
    int64_t each = GK_VECTOR * (int64_t)sizeof(gk_real) / gk_cell_bytes(GK_NARROW);
    return (n + each - 1) / each * GK_VECTOR;
}

/* Scratch, which is counted in reals, for such cells. */
static inline gk_span gk_in_cells(gk_span scratch)
{
    gk_span cells = { scratch.at, scratch.step * (int64_t)sizeof(gk_real) / gk_cell_bytes(GK_NARROW), GK_NARROW };
    return cells;
}

static __device__ inline void gk_put(gk_cells to, gk_real value)
{
    gk_store(to, gk_reals<1>{ { value } });
}

/* May four reals be moved at once wherever a multiple of four leads from the beginning of a replica? */
static inline bool gk_is_wide(gk_span span)
{
    uintptr_t n_byte = span.narrow ? GK_VECTOR * sizeof(gk_bf16) : 16;
    return !span.at || ((uintptr_t)span.at % n_byte == 0 && span.step % GK_VECTOR == 0);
}

}
#endif
