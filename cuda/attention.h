/* attention.h -- softmax(q k^T / sqrt(d_k)) v per head, for short sequences, from rows or from step-rate tables: what
 * attention.cu (forward) and attention_backward.cu share.
 *
 * Scratch keeps the weights w[row][token][read][head] and the slopes ds of the scores, scaled, in the same order: what belongs
 * to a place, a token of a row, stands together.  The gradient of a source is a sum over the places that read it: the one row of
 * a row-rate source, or all places of a slot of a table (lists.h).
 *
 * Where queries and keys are tables and the positions that are read have the same slot in every item (`=`; operator and modulus),
 * there are no more scores than slots: they are a table too, made before the rows are gone through, and rows only look them up.
 * Backwards the slopes are added up by slot first, so that the gradients of queries and keys take no pass over rows. */
#ifndef GK_CUDA_ATTENTION_H
#define GK_CUDA_ATTENTION_H

#include "graph/attention.h"
#include "lists.h"

namespace GK_CELLS {

enum { QUERY, KEY, VALUE, N_SOURCE };
enum { FOUR = 4, ROWS_EACH = 4, QUERY_WARPS = 8 };    /* heads at a time; rows of a warp; warps that share the slots of a table */

typedef struct source {
    gk_span data, grad;
    bool    is_table, accumulate;
    bool    wide;                 /* by fours: no four reals are of two heads */
    int     width;                /* reals of all heads at one position */
    int     n_position;           /* of a row, or slots of the table */
} source;

typedef struct heads {
    source   src[N_SOURCE];
    gk_index slot;                /* [row][token] */
    gk_span  w, ds, y, dy, part;
    gk_span  score, dscore;       /* [slot][read][head], if is_tabled */
    int      n_row, n_token, n_read, n_head, n_weight, read[GK_MAX_READ];    /* n_weight: n_read * n_head */
    int      only[GK_MAX_READ];   /* if is_tabled: the slot of each read */
    int      d_key, d_value, y_width, head_step;    /* head h of a read's output begins h * head_step into it */
    bool     causal, is_tabled, wide_key, wide_value;    /* wide: so are products of one head */
    gk_real  scale;
} heads;

/* Everything about a node, and which way it goes. */
heads gk_heads_of(const gk_work *work, const gk_node *y);

/* Where a source of `row` begins for token position t: in a table through the slot, else at the row's own position. */
static __device__ inline int64_t place(const heads &a, int s, int row, int t, int own)
{
    const source &src = a.src[s];
    return (int64_t)src.width * (src.is_table ? gk_of(a.slot)[row * a.n_token + t] : row * src.n_position + own);
}

static __device__ inline int n_visible(const heads &a, int read)
{
    return gk_attention_visible(a.causal, a.read[read], a.n_token);
}

/* The weights, or slopes, of all reads and heads at a place. */
static __device__ inline gk_real *at_place(const heads &a, gk_span span, int at)
{
    return gk_full_of(span) + (int64_t)at * a.n_weight;
}

/* In lane l: the product of head l % 4 of x with that of z, for the n <= 4 heads that x and z begin with, d reals each; heads
 * stand x_step and z_step apart. */
template <int V>
static __device__ inline gk_real head_products(gk_cells x, int x_step, gk_cells z, int z_step, int d, int n)
{
    gk_real sum[FOUR] = {};
    for (int c = gk_lane() * V; c < d; c += GK_WARP * V) {
        gk_reals<V> left = gk_load<V>(x + c);
        GK_UNROLL
        for (int h = 0; h < FOUR; h++) {
            if (h > 0 && h < n && x_step > 0)
                left = gk_load<V>(x + h * x_step + c);
            if (h < n) {
                gk_reals<V> right = gk_load<V>(z + h * z_step + c);
                for (int k = 0; k < V; k++)
                    sum[h] += left.v[k] * right.v[k];
            }
        }
    }
    return gk_warp_sum_of_four(sum);
}

}
#endif
