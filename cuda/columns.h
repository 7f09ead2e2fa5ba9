/* columns.h -- sums over the rows of a matrix, column by column, always in the same order.
 *
 * A block takes some columns and shares their rows among its lanes; neighbouring threads read neighbouring columns.  With fewer
 * threads than columns in a block (on the host) each thread takes whole columns. */
#ifndef GK_CUDA_COLUMNS_H
#define GK_CUDA_COLUMNS_H

#include "work.h"

enum { GK_COLUMN_THREADS = GK_REALS::GK_COLUMNS * GK_REALS::GK_COLUMN_LANES };

static inline dim3 gk_column_grid(int64_t n_column, int64_t n_replica)
{
    return gk_grid((n_column + GK_REALS::GK_COLUMNS - 1) / GK_REALS::GK_COLUMNS, n_replica);
}

/* For every column < n_column: sum = the terms of all rows < n_row (an expression of `row` and `column`); then `use` it. */
#define GK_COLUMN_SUM(type, term, n_row, n_column, use)                                                    \
    __shared__ type part[GK_COLUMN_THREADS];                                                               \
    int64_t first = (int64_t)blockIdx.x * GK_COLUMNS;                                                      \
    for (int at = (int)threadIdx.x; at < GK_COLUMN_THREADS; at += (int)blockDim.x) {                       \
        int64_t column = first + at % GK_COLUMNS;                                                          \
        type    mine = 0;                                                                                  \
        for (int64_t row = at / GK_COLUMNS; column < (n_column) && row < (n_row); row += GK_COLUMN_LANES)  \
            mine += (term);                                                                                \
        part[at] = mine;                                                                                   \
    }                                                                                                      \
    __syncthreads();                                                                                       \
    for (int at = (int)threadIdx.x; at < GK_COLUMNS; at += (int)blockDim.x) {                              \
        int64_t column = first + at;                                                                       \
        type    sum = 0;                                                                                   \
        for (int lane = 0; lane < GK_COLUMN_LANES; lane++)                                                 \
            sum += part[lane * GK_COLUMNS + at];                                                           \
        if (column < (n_column))                                                                           \
            use;                                                                                           \
    }

#endif
