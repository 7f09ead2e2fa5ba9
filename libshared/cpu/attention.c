/* attention.c -- softmax(q k^T / sqrt(d_k)) v per head, for short sequences, from rows or from step-rate tables.
 *
 * With tables (two rates, see node.h) a row only gathers: its queries, keys and values are rows of tables shared by all rows
 * with the same token at the same position, and v may already hold each head's share of the output projection. */
#include <math.h>
#include <string.h>

#include "cpu/cpu.h"
#include "graph/attention.h"

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
    a.scale   = gk_attention_scale(a.d_key);
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

/* Heads are taken four at a time where their number allows: four sums that do not wait for one another. */
enum { FOUR = 4 };

/* y += sum_h w[h * step] v[h * n ..]: the outputs of all heads added up. */
static void add_heads(int64_t n_head, const gk_real *w, int64_t step, const gk_real *restrict v, gk_real *restrict y, int64_t n)
{
    int64_t h = 0;

    for (; h + FOUR <= n_head; h += FOUR, v += FOUR * n) {
        gk_real w0 = w[h * step], w1 = w[(h + 1) * step], w2 = w[(h + 2) * step], w3 = w[(h + 3) * step];
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            y[i] += w0 * v[i] + w1 * v[n + i] + w2 * v[2 * n + i] + w3 * v[3 * n + i];
    }
    for (; h < n_head; h++, v += n)
        axpy(w[h * step], v, y, n);
}

/* For every head: dw[h * step] = dy_h . v_h, and dv_h += w[h * step] dy_h (if dv), with dy_h = dy + h * dy_step. */
static void heads_slope(int64_t n_head, const gk_real *w, gk_real *restrict dw, int64_t step, const gk_real *restrict dy,
                        int64_t dy_step, const gk_real *restrict v, gk_real *restrict dv, int64_t n)
{
    int64_t h = 0;

    for (; dv && h + FOUR <= n_head; h += FOUR, v += FOUR * n, dv += FOUR * n, dy += FOUR * dy_step) {
        gk_real        w0 = w[h * step], w1 = w[(h + 1) * step], w2 = w[(h + 2) * step], w3 = w[(h + 3) * step];
        gk_real        s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        const gk_real *dy1 = dy + dy_step, *dy2 = dy1 + dy_step, *dy3 = dy2 + dy_step;
#pragma omp simd reduction(+ : s0, s1, s2, s3)
        for (int64_t i = 0; i < n; i++) {
            s0 += dy[i] * v[i];
            s1 += dy1[i] * v[n + i];
            s2 += dy2[i] * v[2 * n + i];
            s3 += dy3[i] * v[3 * n + i];
            dv[i] += w0 * dy[i];
            dv[n + i] += w1 * dy1[i];
            dv[2 * n + i] += w2 * dy2[i];
            dv[3 * n + i] += w3 * dy3[i];
        }
        dw[h * step] = s0, dw[(h + 1) * step] = s1, dw[(h + 2) * step] = s2, dw[(h + 3) * step] = s3;
    }
    for (; h < n_head; h++, v += n, dy += dy_step) {
        dw[h * step] = dot(dy, v, n);
        if (dv) {
            axpy(w[h * step], dy, dv, n);
            dv += n;
        }
    }
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
        sum += w[t] = gk_attention_part(w[t], largest);
    for (int64_t t = 0; t < n; t++)
        w[t] /= sum;
}

static int64_t n_visible(const gk_heads *a, int64_t i)
{
    return gk_attention_visible(a->node->args.attention.causal, a->node->args.attention.read[i], (int)a->n_token);
}

/* The output of head h of read i begins at row * size + i * width + h * this: heads are added, or stand side by side. */
static int64_t head_step(const gk_heads *a)
{
    return a->node->args.attention.sum_heads ? 0 : a->d_value;
}

void cpu_attention_forward(gk_work *work, const gk_node *y)
{
    gk_heads       a = heads_of(y);
    gk_real       *w = work->aux[y->id], *out = work->data[y->id];
    const gk_real *q = work->data[a.src[0]->id], *k = work->data[a.src[1]->id], *v = work->data[a.src[2]->id];

    memset(out, 0, (size_t)(work->n_row * y->size) * sizeof(gk_real));
    for (int64_t row = 0; row < work->n_row; row++) {
        go_to_row(&a, work, row);
        for (int64_t i = 0; i < a.n_read; i++, w += a.n_head * a.n_token, out += y->dim[1]) {
            int64_t n = n_visible(&a, i), q_at = query_at(&a, work, row, i);
            for (int64_t h = 0; h < a.n_head; h++)
                weights(&a, q + q_at + h * a.d_key, k, h, n, w + h * a.n_token);
            for (int64_t t = 0; t < n; t++) {
                if (y->args.attention.sum_heads)
                    add_heads(a.n_head, w + t, a.n_token, v + a.v_at[t], out, a.d_value);
                for (int64_t h = 0; !y->args.attention.sum_heads && h < a.n_head; h++)
                    axpy(w[h * a.n_token + t], v + a.v_at[t] + h * a.d_value, out + h * a.d_value, a.d_value);
            }
        }
    }
}

/* One query, its weights w and the slope dy of its output:  dv += w dy;  dw = dy.v;  dq += ds k;  dk += ds q.  A source that
 * needs no gradient has none. */
static void query_backward(const gk_heads *a, gk_work *work, int64_t q_at, int64_t n, const gk_real *w, const gk_real *dy)
{
    gk_real       *dw = work->scratch, *dv = work->grad[a->src[2]->id];
    gk_real       *dq = work->grad[a->src[0]->id], *dk = work->grad[a->src[1]->id];
    const gk_real *q = work->data[a->src[0]->id] + q_at, *k = work->data[a->src[1]->id], *v = work->data[a->src[2]->id];

    for (int64_t t = 0; t < n; t++)
        heads_slope(a->n_head, w + t, dw + t, a->n_token, dy, head_step(a), v + a->v_at[t], dv ? dv + a->v_at[t] : NULL,
                    a->d_value);
    for (int64_t h = 0; h < a->n_head; h++, w += a->n_token, dw += a->n_token) {
        gk_real mean = 0;
        for (int64_t t = 0; t < n; t++)
            mean += w[t] * dw[t];
        for (int64_t t = 0; t < n; t++) {
            gk_real ds = gk_attention_slope(w[t], dw[t], mean, a->scale);
            if (dq)
                axpy(ds, k + a->k_at[t] + h * a->d_key, dq + q_at + h * a->d_key, a->d_key);
            if (dk)
                axpy(ds, q + h * a->d_key, dk + a->k_at[t] + h * a->d_key, a->d_key);
        }
    }
}

void cpu_attention_backward(gk_work *work, const gk_node *y)
{
    gk_heads       a = heads_of(y);
    const gk_real *w = work->aux[y->id], *dy = work->grad[y->id];

    for (int s = 0; s < 3; s++)
        if (a.src[s]->needs_grad && !y->accumulate[s])
            memset(work->grad[a.src[s]->id], 0, (size_t)(work->n_row * a.src[s]->size) * sizeof(gk_real));
    for (int64_t row = 0; row < work->n_row; row++) {
        go_to_row(&a, work, row);
        for (int64_t i = 0; i < a.n_read; i++, w += a.n_head * a.n_token, dy += y->dim[1])
            query_backward(&a, work, query_at(&a, work, row, i), n_visible(&a, i), w, dy);
    }
}
