/* attention.c -- softmax(q k^T / sqrt(d_k)) v per head, for short sequences, from rows or from step-rate tables.
 *
 * With tables (two rates, see node.h) a row only gathers: its queries, keys and values are rows of tables shared by all rows
 * with the same token at the same position, and v may already hold each head's share of the output projection. */
#include <math.h>
#include <string.h>

#include "cpu/cpu.h"
#include "graph/formula.h"

typedef struct gk_heads {
    const gk_node *node, *src[3];             /* sources q, k, v */
    int            slot;                      /* id of the node of slots, if a source has step rate */
    int64_t        n_token, n_read, n_head, d_key, d_value;
    gk_real        scale;                     /* 1/sqrt(d_key) */
    int64_t        k_at[GK_MAX_TOKEN], v_at[GK_MAX_TOKEN];    /* of the current row, by position */
} gk_heads;

static gk_heads heads_of(const gk_node *y)
{
    gk_heads a = { .node = y, .src = { y->src[0], y->src[1], y->src[2] }, .slot = y->src[y->n_src - 1]->id };

    a.n_token = y->args.attention.n_token;
    a.n_read  = y->args.attention.n_read;
    a.n_head  = y->args.attention.n_head;
    a.d_key   = y->src[1]->dim[1] / a.n_head;
    a.d_value = y->args.attention.sum_heads ? y->src[2]->dim[2] : y->src[2]->dim[1] / a.n_head;
    a.scale   = (gk_real)(1 / sqrt((double)a.d_key));
    return a;
}

/* Where a source of `row` begins for token position t: in a table through the slot, else by row at its own position `own`. */
static int64_t place(const gk_heads *a, const gk_work *work, const gk_node *src, int64_t width, int64_t row, int64_t t,
                     int64_t own)
{
    return src->rate == GK_STEP_RATE ? work->index[a->slot][row * a->n_token + t] * width : row * src->size + own * width;
}

static void go_to_row(gk_heads *a, const gk_work *work, int64_t row)
{
    for (int64_t t = 0; t < a->n_token; t++) {
        a->k_at[t] = place(a, work, a->src[1], a->n_head * a->d_key, row, t, t);
        a->v_at[t] = place(a, work, a->src[2], a->n_head * a->d_value, row, t, t);
    }
}

static int64_t query_at(const gk_heads *a, const gk_work *work, int64_t row, int64_t i)
{
    return place(a, work, a->src[0], a->n_head * a->d_key, row, a->node->args.attention.read[i], i);
}

static gk_real dot(const gk_real *restrict a, const gk_real *restrict b, int64_t n)
{
    gk_real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void axpy(gk_real scale, const gk_real *restrict x, gk_real *restrict y, int64_t n)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        y[i] += scale * x[i];
}

/* y += scale x, and a.x: both in one pass over x. */
static gk_real axpy_dot(gk_real scale, const gk_real *restrict x, gk_real *restrict y, const gk_real *restrict a, int64_t n)
{
    gk_real sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++) {
        y[i] += scale * x[i];
        sum += a[i] * x[i];
    }
    return sum;
}

/* Attention weights of a query q on positions 0..n-1 of head h into w. */
static void weights(const gk_heads *a, const gk_real *q, const gk_real *k, int64_t h, int64_t n, gk_real *w)
{
    gk_real largest = -INFINITY, sum = 0;

    for (int64_t t = 0; t < n; t++) {
        w[t]    = a->scale * dot(q, k + a->k_at[t] + h * a->d_key, a->d_key);
        largest = w[t] > largest ? w[t] : largest;
    }
    for (int64_t t = 0; t < n; t++)
        sum += w[t] = gk_exp(w[t] - largest);
    for (int64_t t = 0; t < n; t++)
        w[t] /= sum;
}

static int64_t n_visible(const gk_heads *a, int64_t i)
{
    return a->node->args.attention.causal ? a->node->args.attention.read[i] + 1 : a->n_token;
}

/* Where the output of head h of read i stands: heads are added, or stand side by side. */
static int64_t output(const gk_heads *a, int64_t row, int64_t i, int64_t h)
{
    return row * a->node->size + i * a->node->dim[1] + (a->node->args.attention.sum_heads ? 0 : h * a->d_value);
}

void cpu_attention_forward(gk_work *work, const gk_node *y)
{
    gk_heads       a = heads_of(y);
    gk_real       *w = work->aux[y->id];
    const gk_real *q = work->data[a.src[0]->id], *k = work->data[a.src[1]->id], *v = work->data[a.src[2]->id];

    memset(work->data[y->id], 0, (size_t)(work->n_row * y->size) * sizeof(gk_real));
    for (int64_t row = 0; row < work->n_row; row++) {
        go_to_row(&a, work, row);
        for (int64_t i = 0; i < a.n_read; i++) {
            int64_t n = n_visible(&a, i), q_at = query_at(&a, work, row, i);
            for (int64_t h = 0; h < a.n_head; h++, w += a.n_token) {
                gk_real *out = work->data[y->id] + output(&a, row, i, h);
                weights(&a, q + q_at + h * a.d_key, k, h, n, w);
                for (int64_t t = 0; t < n; t++)
                    axpy(w[t], v + a.v_at[t] + h * a.d_value, out, a.d_value);
            }
        }
    }
}

/* One head of one query: dv += w dy;  dw = dy.v;  ds = w (dw - sum w dw);  dq += ds k scale;  dk += ds q scale.
 * A source that needs no gradient has none. */
static void head_backward(const gk_heads *a, gk_work *work, int64_t q_at, int64_t h, int64_t n, const gk_real *w,
                          const gk_real *dy)
{
    gk_real       *dw = work->scratch, mean = 0;
    gk_real       *dq = work->grad[a->src[0]->id], *dk = work->grad[a->src[1]->id], *dv = work->grad[a->src[2]->id];
    const gk_real *q = work->data[a->src[0]->id] + q_at, *k = work->data[a->src[1]->id], *v = work->data[a->src[2]->id];

    for (int64_t t = 0; t < n; t++) {
        int64_t at = a->v_at[t] + h * a->d_value;
        dw[t]      = dv ? axpy_dot(w[t], dy, dv + at, v + at, a->d_value) : dot(dy, v + at, a->d_value);
        mean += w[t] * dw[t];
    }
    for (int64_t t = 0; t < n; t++) {
        int64_t at = a->k_at[t] + h * a->d_key;
        gk_real ds = w[t] * (dw[t] - mean) * a->scale;
        if (dq)
            axpy(ds, k + at, dq + q_at, a->d_key);
        if (dk)
            axpy(ds, q, dk + at, a->d_key);
    }
}

void cpu_attention_backward(gk_work *work, const gk_node *y)
{
    gk_heads       a = heads_of(y);
    const gk_real *w = work->aux[y->id];

    for (int s = 0; s < 3; s++)
        if (a.src[s]->needs_grad && !y->accumulate[s])
            memset(work->grad[a.src[s]->id], 0, (size_t)(work->n_row * a.src[s]->size) * sizeof(gk_real));
    for (int64_t row = 0; row < work->n_row; row++) {
        go_to_row(&a, work, row);
        for (int64_t i = 0; i < a.n_read; i++) {
            int64_t q_at = query_at(&a, work, row, i);
            for (int64_t h = 0; h < a.n_head; h++, w += a.n_token)
                head_backward(&a, work, q_at + h * a.d_key, h, n_visible(&a, i), w,
                              work->grad[y->id] + output(&a, row, i, h));
        }
    }
}
