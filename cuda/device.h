/* device.h -- what the kernels stand on: CUDA's runtime, launches, and sums over a block of threads.
 *
 * Kernels come in four kinds, whose replicas are blockIdx.y.  A kernel of elements has one thread for each of n numbers and no
 * barrier.  A kernel of blocks has a block for each of n things (a column, a slot), whose threads share the work in strides of
 * blockDim.x, whatever that is.  A kernel of warps has a warp for each of n things (a row), which need no barrier to add up; it
 * may keep what each lane has in registers, and counts on GK_WARP lanes, but not on how many warps a block has.  Only a kernel
 * of exact blocks has the threads and the shared memory that its launch names.  Nothing else is assumed about a launch, so that
 * tests can run the same sources on the host (tests/emulator). */
#ifndef GK_CUDA_DEVICE_H
#define GK_CUDA_DEVICE_H

#include <cuda_runtime.h>
#include <stdint.h>

enum { GK_ELEMENT_THREADS = 256, GK_BLOCK_THREADS = 128, GK_MOST_THREADS = 512, GK_WARP = 32 };

#ifdef __CUDACC__
#define GK_WARP_THREADS 256    /* of a block of warps */
#define GK_FILLED 8            /* replicas from which on one product fills the card */
#define GK_PATCH_REALS ((int64_t)1 << 22)    /* of a replica, that a convolution writes out at once (conv.cu) */
#define GK_MOST_BUCKET 8192    /* that the rows of an epoch are put into (rows.cu): as many counts as fit into shared memory */
#define GK_UNROLL _Pragma("unroll")
#define GK_PRAGMA(text) _Pragma(#text)
#define GK_UNROLL_BY(n) GK_PRAGMA(unroll n)
#define GK_LAUNCH_ELEMENTS(kernel, grid, stream, ...) kernel<<<(grid), GK_ELEMENT_THREADS, 0, (stream)>>>(__VA_ARGS__)
#define GK_LAUNCH_BLOCKS(kernel, grid, threads, stream, ...) kernel<<<(grid), (threads), 0, (stream)>>>(__VA_ARGS__)
#define GK_LAUNCH_EXACT(kernel, grid, threads, n_byte, stream, ...) \
    kernel<<<(grid), (threads), (n_byte), (stream)>>>(__VA_ARGS__)
/* In a kernel of exact blocks: the n_byte of its launch.  More than 48 KB take cudaFuncSetAttribute. */
#define GK_DYNAMIC_SHARED(type, name)                    \
    extern __shared__ __align__(16) unsigned char gk_dynamic_shared[]; \
    type *name = (type *)gk_dynamic_shared
#endif
#ifndef GK_UNROLL
#define GK_UNROLL              /* before a loop over what a thread keeps in registers */
#define GK_UNROLL_BY(n) (void)(n);    /* before any other, n a constant: 1 where the body is long enough */
#endif
/* A warp for each of n_warp things of every replica; a kernel returns at once where gk_warp() >= n_warp. */
#define GK_LAUNCH_WARPS(kernel, n_warp, n_replica, stream, ...) \
    GK_LAUNCH_EXACT(kernel, gk_warp_grid(n_warp, n_replica), GK_WARP_THREADS, 0, stream, __VA_ARGS__)

static inline dim3 gk_grid(int64_t n_block, int64_t n_replica)
{
    return dim3((unsigned)n_block, (unsigned)n_replica);
}

static inline dim3 gk_element_grid(int64_t n, int64_t n_replica)
{
    return gk_grid((n + GK_ELEMENT_THREADS - 1) / GK_ELEMENT_THREADS, n_replica);
}

static inline dim3 gk_warp_grid(int64_t n_warp, int64_t n_replica)
{
    int64_t each = GK_WARP_THREADS / GK_WARP;
    return gk_grid((n_warp + each - 1) / each, n_replica);
}

/* Number of the element that this thread is for. */
static __device__ inline int64_t gk_element(void)
{
    return (int64_t)blockIdx.x * blockDim.x + threadIdx.x;
}

/* Number of the thing that this warp is for, and this thread's place in the warp. */
static __device__ inline int64_t gk_warp(void)
{
    return (int64_t)blockIdx.x * (blockDim.x / GK_WARP) + threadIdx.x / GK_WARP;
}

static __device__ inline int gk_lane(void)
{
    return (int)(threadIdx.x % GK_WARP);
}

/* What lane `from` has. */
template <typename T> static __device__ inline T gk_from_lane(T mine, int from)
{
    return __shfl_sync(0xffffffffu, mine, from);
}

template <typename T> static __device__ inline T gk_across(T mine, int mask)
{
    return __shfl_xor_sync(0xffffffffu, mine, mask);
}

/* Bit i: what lane i says. */
static __device__ inline unsigned gk_ballot(bool mine)
{
    return __ballot_sync(0xffffffffu, mine);
}

/* Bit i: lane i has the same. */
static __device__ inline unsigned gk_match(int mine)
{
    return __match_any_sync(0xffffffffu, mine);
}

static __device__ inline int gk_n_bit(unsigned bits)
{
    return __popc(bits);
}

/* The numbers of every G neighbouring lanes, combined in all of them; always in the same order. */
template <int G, typename T, typename Combine> static __device__ inline T gk_fold(T mine, Combine combine)
{
#ifdef __CUDACC__
    GK_UNROLL
    for (int mask = G / 2; mask > 0; mask /= 2)
        mine = combine(mine, gk_across(mine, mask));
    return mine;
#else
    return emulated_fold<G>(mine, combine);
#endif
}

template <int G = GK_WARP, typename T> static __device__ inline T gk_warp_sum(T mine)
{
    return gk_fold<G>(mine, [](T a, T b) { return a + b; });
}

template <int G = GK_WARP, typename T> static __device__ inline T gk_warp_max(T mine)
{
    return gk_fold<G>(mine, [](T a, T b) { return b > a ? b : a; });
}

/* Four numbers of every lane -> in lane l the sum of number l % 4; fewer shuffles than four sums, and as fixed an order. */
template <typename T> static __device__ inline T gk_warp_sum_of_four(const T *four)
{
    int lane = gk_lane();
#ifdef __CUDACC__
    bool odd = lane & 1, high = lane & 2;
    T    low_pair = (odd ? four[1] : four[0]) + gk_across(odd ? four[0] : four[1], 1);
    T    high_pair = (odd ? four[3] : four[2]) + gk_across(odd ? four[2] : four[3], 1);
    T    sum = (high ? high_pair : low_pair) + gk_across(high ? low_pair : high_pair, 2);
    for (int mask = 4; mask < GK_WARP; mask *= 2)
        sum += gk_across(sum, mask);
    return sum;
#else
    struct of_four { T v[4]; } mine = { { four[0], four[1], four[2], four[3] } };
    return gk_fold<GK_WARP>(mine, [](of_four a, of_four b) {
        return of_four{ { a.v[0] + b.v[0], a.v[1] + b.v[1], a.v[2] + b.v[2], a.v[3] + b.v[3] } };
    }).v[lane % 4];
#endif
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

#endif
