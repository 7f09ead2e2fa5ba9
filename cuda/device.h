/* device.h -- what the kernels stand on: CUDA's runtime and cuBLAS, launches, and sums over a block of threads.
 *
 * Kernels come in two kinds.  A kernel of elements has one thread for each of n numbers and no barrier; a kernel of blocks has a
 * block for each of n things (a row, a column, a slot), whose threads share the work in strides of blockDim.x, whatever that is.
 * Replicas are blockIdx.y in both.  Nothing else is assumed about the launch, so that tests can run the same sources on the host
 * (tests/emulator). */
#ifndef GK_CUDA_DEVICE_H
#define GK_CUDA_DEVICE_H

#include <cublas_v2.h>
#include <cuda_runtime.h>
#include <stdint.h>

enum { GK_ELEMENT_THREADS = 256, GK_BLOCK_THREADS = 128, GK_MOST_THREADS = 512 };

#ifdef __CUDACC__
#define GK_LAUNCH_ELEMENTS(kernel, grid, stream, ...) kernel<<<(grid), GK_ELEMENT_THREADS, 0, (stream)>>>(__VA_ARGS__)
#define GK_LAUNCH_BLOCKS(kernel, grid, threads, stream, ...) kernel<<<(grid), (threads), 0, (stream)>>>(__VA_ARGS__)
#endif

static inline dim3 gk_grid(int64_t n_block, int64_t n_replica)
{
    return dim3((unsigned)n_block, (unsigned)n_replica);
}

static inline dim3 gk_element_grid(int64_t n, int64_t n_replica)
{
    return gk_grid((n + GK_ELEMENT_THREADS - 1) / GK_ELEMENT_THREADS, n_replica);
}

/* Number of the element that this thread is for. */
static __device__ inline int64_t gk_element(void)
{
    return (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
}

/* A number of every thread of the block -> its sum, largest, ... in all of them; always combined in the same order. */
#define GK_BLOCK_REDUCTION(name, type, combined)                                    \
    static __device__ inline type name(type mine)                                   \
    {                                                                               \
        __shared__ type part[GK_MOST_THREADS];                                      \
        part[threadIdx.x] = mine;                                                   \
        for (unsigned n = blockDim.x, half = (n + 1) / 2; n > 1; n = half, half = (n + 1) / 2) { \
            __syncthreads();                                                        \
            if (threadIdx.x + half < n) {                                           \
                type a = part[threadIdx.x], b = part[threadIdx.x + half];           \
                part[threadIdx.x] = (combined);                                     \
            }                                                                       \
        }                                                                           \
        __syncthreads();                                                            \
        type all = part[0];                                                         \
        __syncthreads();                                                            \
        return all;                                                                 \
    }
GK_BLOCK_REDUCTION(gk_block_sum, double, a + b)

/* The largest number and the first place where it stands. */
typedef struct gk_best { double value; int64_t at; } gk_best;
GK_BLOCK_REDUCTION(gk_block_best, gk_best,
                   b.at >= 0 && (a.at < 0 || b.value > a.value || (b.value == a.value && b.at < a.at)) ? b : a)

#endif
