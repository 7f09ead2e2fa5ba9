/* tiles.h -- matrix products in shared memory.  A thread adds up a tile of the result in registers, of H rows and four columns;
 * every sum runs over the rows or columns in ascending order, whatever H is, so that H is a matter of speed alone.
 *
 * Matrices have rows of fours, an odd number of them (gk_tile_stride): then what neighbouring threads read of neighbouring rows
 * stands in different banks.  There is room for whole tiles; what is read of it beyond the matrix must be finite. */
#ifndef GK_CUDA_TILES_H
#define GK_CUDA_TILES_H

#include "work.h"

namespace GK_REALS {

/* Threads of a block, and rows of a tall tile: 250 of them cover 100 x 100. */
enum { GK_TILE_THREADS = 256, GK_TILE_TALL = GK_REAL_BITS == 64 ? 4 : 10 };

static inline int gk_tile_round(int n, int to)
{
    return (n + to - 1) / to * to;
}

/* How far the rows of a matrix of n columns are apart. */
static inline int gk_tile_stride(int n)
{
    int fours = gk_tile_round(gk_tile_round(n, GK_TILE_TALL), 4) / 4;
    return 4 * (fours | 1);
}

/* Do tall tiles take a product of these sizes less time?  A warp of them takes as long as 11 warps of tiles of one row: those
 * wait for shared memory, which serves one warp at a time, where tall ones compute on four schedulers at once. */
static __device__ inline bool gk_tile_is_tall(int n_row, int n_column)
{
    int n_short = n_row * ((n_column + 3) / 4), n_tall = (n_row + GK_TILE_TALL - 1) / GK_TILE_TALL * ((n_column + 3) / 4);
    int rounds = (n_tall + 4 * GK_WARP - 1) / (4 * GK_WARP), n_warp = (n_short + GK_WARP - 1) / GK_WARP;
    return 11 * rounds <= n_warp;
}

struct alignas(2 * sizeof(gk_real)) gk_tile_pair { gk_real x, y; };

static __device__ __forceinline__ gk_real4 gk_tile_four(const gk_real *at)
{
    return *(const gk_real4 *)at;
}

static __device__ __forceinline__ void gk_tile_add(gk_real (&sum)[4], gk_real p, gk_real4 q)
{
    sum[0] += p * q.x;
    sum[1] += p * q.y;
    sum[2] += p * q.z;
    sum[3] += p * q.w;
}

/* to = or += four sums */
static __device__ __forceinline__ void gk_tile_put(gk_real *to, const gk_real (&sum)[4], bool accumulate)
{
    gk_real4 four = { 0, 0, 0, 0 };
    if (accumulate)
        four = gk_tile_four(to);
    *(gk_real4 *)to = { four.x + sum[0], four.y + sum[1], four.z + sum[2], four.w + sum[3] };
}

/* sum[i][j] += a[i][k] b[k][j] over k < n, a multiple of four.  Pointers count up: the compiler would work them out anew. */
template <int H>
static __device__ __forceinline__ void gk_tile_product(gk_real (&sum)[H][4], const gk_real *a, int a_stride, const gk_real *b,
                                                       int b_stride, int n)
{
    constexpr int  times = 2;
    const gk_real *row[H], *column[4];
    GK_UNROLL
    for (int i = 0; i < H; i++)
        row[i] = a + i * a_stride;
    GK_UNROLL
    for (int u = 0; u < 4; u++)
        column[u] = b + u * b_stride;
    GK_UNROLL_BY(times)
    for (int k = 0; k < n; k += 4) {
        gk_real4 q[4];
        GK_UNROLL
        for (int u = 0; u < 4; u++) {
            q[u] = gk_tile_four(column[u]);
            column[u] += 4 * b_stride;
        }
        GK_UNROLL
        for (int i = 0; i < H; i++) {
            gk_real4 p = gk_tile_four(row[i]);
            row[i] += 4;
            gk_tile_add(sum[i], p.x, q[0]);
            gk_tile_add(sum[i], p.y, q[1]);
            gk_tile_add(sum[i], p.z, q[2]);
            gk_tile_add(sum[i], p.w, q[3]);
        }
    }
}

/* sum[i][j] += a[i][k] b[step j][k] over k < n, a multiple of four. */
template <int H>
static __device__ __forceinline__ void gk_tile_product_bt(gk_real (&sum)[H][4], const gk_real *a, int a_stride, const gk_real *b,
                                                          int b_stride, int step, int n)
{
    constexpr int  times = 2;
    const gk_real *row[H], *column[4];
    GK_UNROLL
    for (int i = 0; i < H; i++)
        row[i] = a + i * a_stride;
    GK_UNROLL
    for (int j = 0; j < 4; j++)
        column[j] = b + j * step * b_stride;
    GK_UNROLL_BY(times)
    for (int k = 0; k < n; k += 4) {
        gk_real4 q[4];
        GK_UNROLL
        for (int j = 0; j < 4; j++) {
            q[j] = gk_tile_four(column[j]);
            column[j] += 4;
        }
        GK_UNROLL
        for (int i = 0; i < H; i++) {
            gk_real4 p = gk_tile_four(row[i]);
            row[i] += 4;
            GK_UNROLL
            for (int j = 0; j < 4; j++) {
                sum[i][j] += p.x * q[j].x;
                sum[i][j] += p.y * q[j].y;
                sum[i][j] += p.z * q[j].z;
                sum[i][j] += p.w * q[j].w;
            }
        }
    }
}

/* sum[i][j] += a[k][i] b[k][j] over k < n; and total[j] += b[k][j], if that is wanted, too. */
template <int H>
static __device__ __forceinline__ void gk_tile_product_at(gk_real (&sum)[H][4], gk_real (&total)[4], bool totals,
                                                          const gk_real *a, int a_stride, const gk_real *b, int b_stride, int n)
{
    constexpr int times = H == 1 ? 4 : 2;
    GK_UNROLL_BY(times)
    for (int k = 0; k < n; k++) {
        gk_real4 q = gk_tile_four(b + k * b_stride);
        gk_real  p[H];
        if constexpr (H % 2 == 0) {
            GK_UNROLL
            for (int i = 0; i < H / 2; i++) {
                gk_tile_pair pair = *(const gk_tile_pair *)(a + k * a_stride + 2 * i);
                p[2 * i] = pair.x;
                p[2 * i + 1] = pair.y;
            }
        } else {
            p[0] = a[k * a_stride];
        }
        GK_UNROLL
        for (int i = 0; i < H; i++)
            gk_tile_add(sum[i], p[i], q);
        if (totals)
            gk_tile_add(total, 1, q);
    }
}

}
#endif
