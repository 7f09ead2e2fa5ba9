/* columns.h -- sums over the rows of a matrix, column by column, always in the same order, in the pass that makes their terms.
 *
 * Two levels.  A block adds up a chunk of rows for a strip of columns: each thread GK_COLUMN_ROWS rows, then the threads of a
 * column pairwise, all in reals; gk_column_totals adds up the chunks in double.  How rows are cut depends on the matrix alone, so
 * that a replica's sums are the same bits among any others.  In float32 a chunk's sum of some 64 rows is off by a few of its last
 * digits at most, as if each term had been rounded once more; the error does not grow with the number of rows.
 *
 * Terms are a struct with an enum N_SUM (1 or 2) and
 *     template <int V> __device__ void add(uint32_t i, uint32_t row, uint32_t column, gk_reals<V> *sum)
 * which adds to sum[0 .. N_SUM - 1] the terms of V columns of a row; i is their place in the matrix.
 */
#ifndef GK_CUDA_COLUMNS_H
#define GK_CUDA_COLUMNS_H

#include "vectors.h"

namespace GK_CELLS {

enum { GK_COLUMN_THREADS = 256 };    /* at most: a block has GK_WARP_THREADS */

/* A matrix, and how blocks cut it: side (a power of two) threads next to each other, the others below them. */
typedef struct gk_columns { uint32_t n_row, n_column, side, chunk, n_chunk, n_strip; } gk_columns;

/* Where the sums go; at NULL: nowhere. */
typedef struct gk_totals { gk_span to[2]; bool accumulate[2]; } gk_totals;

static inline gk_columns gk_columns_of(int64_t n_row, int64_t n_column, bool wide)
{
    uint32_t   width = (uint32_t)(wide ? n_column / GK_VECTOR : n_column);
    gk_columns c = { (uint32_t)n_row, (uint32_t)n_column, 1, 0, 0, 0 };
    while (c.side < GK_COLUMN_SIDE && c.side < width)
        c.side *= 2;
    c.chunk = GK_WARP_THREADS / c.side * GK_COLUMN_ROWS;
    c.n_chunk = (c.n_row + c.chunk - 1) / c.chunk;
    c.n_strip = (width + c.side - 1) / c.side;
    return c;
}

/* Where the first column stands of what a chunk's block leaves: [replica][chunk][sum][column]. */
static __device__ inline int64_t gk_partial(gk_columns c, uint32_t chunk, int n_sum, int which)
{
    return (((int64_t)blockIdx.y * c.n_chunk + chunk) * n_sum + which) * c.n_column;
}

template <int V, typename Terms>
static __global__ void __launch_bounds__(GK_COLUMN_THREADS, 5) gk_column_chunks(Terms terms, gk_columns c, gk_totals totals,
                                                                             gk_real *partial)
{
    __shared__ gk_reals<V> part[Terms::N_SUM][GK_COLUMN_THREADS];
    uint32_t    side = threadIdx.x & (c.side - 1), lane = threadIdx.x / c.side, n_lane = blockDim.x / c.side;
    uint32_t    chunk = blockIdx.x / c.n_strip, column = (blockIdx.x % c.n_strip * c.side + side) * V;
    gk_reals<V> sum[Terms::N_SUM] = {};

    for (uint32_t k = 0; k < GK_COLUMN_ROWS; k++) {
        uint32_t row = chunk * c.chunk + k * n_lane + lane;
        if (row < c.n_row && column < c.n_column)
            terms.template add<V>(row * c.n_column + column, row, column, sum);
    }
    GK_UNROLL
    for (int s = 0; s < Terms::N_SUM; s++)
        part[s][threadIdx.x] = sum[s];
    for (uint32_t half = n_lane / 2; half > 0; half /= 2) {
        __syncthreads();
        for (int s = 0; lane < half && s < Terms::N_SUM; s++)
            gk_add_to(&part[s][threadIdx.x], part[s][threadIdx.x + half * c.side]);
    }
    GK_UNROLL
    for (int s = 0; s < Terms::N_SUM; s++)
        if (lane == 0 && column < c.n_column && c.n_chunk > 1)
            gk_store(partial + gk_partial(c, chunk, Terms::N_SUM, s) + column, part[s][threadIdx.x]);
        else if (lane == 0 && column < c.n_column && totals.to[s].at)
            gk_write(gk_of(totals.to[s]) + column, part[s][threadIdx.x], totals.accumulate[s]);
}

static __global__ void gk_column_totals(gk_columns c, gk_span to, bool accumulate, const gk_real *partial, int n_sum, int which)
{
    uint32_t column = (uint32_t)gk_element();
    double   sum = 0;
    if (column >= c.n_column)
        return;
    for (uint32_t chunk = 0; chunk < c.n_chunk; chunk++)
        sum += partial[gk_partial(c, chunk, n_sum, which) + column];
    gk_write(gk_of(to) + column, gk_reals<1>{ { (gk_real)sum } }, accumulate);
}

/* Visit a matrix [n_row][n_column] of every replica and add up its terms; wide: by fours, of which none is in two rows. */
template <typename Terms>
static void gk_column_sums(const gk_work *work, Terms terms, int64_t n_row, int64_t n_column, bool wide, gk_totals totals)
{
    for (int s = 0; s < Terms::N_SUM; s++)
        wide = wide && gk_is_wide(totals.to[s]);
    gk_columns c = gk_columns_of(n_row, n_column, wide);
    auto       kernel = wide ? &gk_column_chunks<GK_VECTOR, Terms> : &gk_column_chunks<1, Terms>;
    GK_LAUNCH_EXACT(kernel, gk_grid((int64_t)c.n_chunk * c.n_strip, work->n_replica), GK_WARP_THREADS, 0, work->device->stream,
                    terms, c, totals, work->columns);
    for (int s = 0; c.n_chunk > 1 && s < Terms::N_SUM; s++)
        if (totals.to[s].at)
            GK_LAUNCH_ELEMENTS(gk_column_totals, gk_element_grid(n_column, work->n_replica), work->device->stream, c,
                               totals.to[s], totals.accumulate[s], work->columns, Terms::N_SUM, s);
}

}
#endif
