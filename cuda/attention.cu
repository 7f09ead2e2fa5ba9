/* attention.cu -- softmax(q k^T / sqrt(d_k)) v per head, for short sequences, from rows or from step-rate tables.
 *
 * aux keeps, for every row, the weights w[read][head][token] and behind them the slopes ds of the scores, scaled.  The gradient
 * of a source is a sum over the places that read it: the one row of a row-rate source, or all places of a slot of a table
 * (gk_inverse), always in the same order. */
#include "work.h"
#include "graph/formula.h"

namespace GK_REALS {

enum { QUERY, KEY, VALUE };

typedef struct source {
    gk_span data, grad;
    bool    is_table, accumulate;
    int64_t width;                /* reals of all heads at one position */
    int64_t n_position;           /* of a row, or slots of the table */
} source;

typedef struct heads {
    source     src[3];
    gk_index   slot;              /* [row][token] */
    gk_inverse inverse;           /* of slot */
    gk_span    aux, y, dy;
    int        n_token, n_read, n_head, read[GK_MAX_READ];
    int64_t    d_key, d_value, y_width, head_step;    /* head h of a read's output begins h * head_step into it */
    bool       causal;
    gk_real    scale;
} heads;

static heads heads_of(gk_work *work, const gk_node *y)
{
    heads a = { { { { NULL, 0 }, { NULL, 0 }, false, false, 0, 0 } }, { NULL, 0 }, { { NULL, 0 }, { NULL, 0 }, 0 },
                work->aux[y->id], work->data[y->id], work->grad[y->id], y->args.attention.n_token, y->args.attention.n_read,
                y->args.attention.n_head, { 0 }, 0, 0, y->dim[1], 0, y->args.attention.causal, 0 };

    for (int i = 0; i < a.n_read; i++)
        a.read[i] = y->args.attention.read[i];
    a.d_key = y->src[KEY]->dim[1] / a.n_head;
    a.d_value = y->args.attention.sum_heads ? y->src[VALUE]->dim[2] : y->src[VALUE]->dim[1] / a.n_head;
    a.head_step = y->args.attention.sum_heads ? 0 : a.d_value;
    a.scale = (gk_real)(1 / sqrt((double)a.d_key));
    for (int s = 0; s < 3; s++) {
        source src = { gk_data_of(work, y, s), gk_grad_of(work, y, s), y->src[s]->rate == GK_STEP_RATE, y->accumulate[s],
                       a.n_head * (s == VALUE ? a.d_value : a.d_key), y->src[s]->dim[0] };
        a.src[s] = src;
    }
    if (y->n_src == 4) {
        a.slot = work->index[y->src[3]->id];
        if (work->inverse)
            a.inverse = work->inverse[y->src[3]->id];
    }
    return a;
}

/* Where a source of `row` begins for token position t: in a table through the slot, else at the row's own position. */
static __device__ int64_t place(const heads *a, int s, int64_t row, int64_t t, int64_t own)
{
    const source *src = &a->src[s];
    return src->width * (src->is_table ? gk_of(a->slot)[row * a->n_token + t] : row * src->n_position + own);
}

static __device__ int n_visible(const heads *a, int read)
{
    return a->causal ? a->read[read] + 1 : a->n_token;
}

/* Weights of (read i, head h) of a row, [token], or the slopes behind them. */
static __device__ gk_real *weights_of(const heads *a, int64_t row, int i, int h, bool slopes)
{
    int64_t n = (int64_t)a->n_read * a->n_head * a->n_token;
    return gk_of(a->aux) + (2 * row + slopes) * n + ((int64_t)i * a->n_head + h) * a->n_token;
}

/* Element e of [n_read][n_head][n_token]. */
static __device__ void split(const heads *a, int64_t e, int *i, int *h, int *t)
{
    *t = (int)(e % a->n_token);
    *h = (int)(e / a->n_token % a->n_head);
    *i = (int)(e / a->n_token / a->n_head);
}

static __device__ gk_real dot(const gk_real *a, const gk_real *b, int64_t n)
{
    gk_real sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Softmax of n scores in place; zeros up to n_token. */
static __device__ void normalise(gk_real *w, int n, int n_token)
{
    gk_real largest = w[0], sum = 0;
    for (int t = 1; t < n; t++)
        largest = w[t] > largest ? w[t] : largest;
    for (int t = 0; t < n; t++)
        sum += w[t] = gk_exp(w[t] - largest);
    for (int t = 0; t < n_token; t++)
        w[t] = t < n ? w[t] / sum : 0;
}

/* One block a row. */
static __global__ void attention_forward(heads a)
{
    int64_t row = blockIdx.x, n_score = (int64_t)a.n_read * a.n_head * a.n_token;
    int     i, h, t;

    for (int64_t e = threadIdx.x; e < n_score; e += blockDim.x) {
        split(&a, e, &i, &h, &t);
        const gk_real *q = gk_of(a.src[QUERY].data) + place(&a, QUERY, row, a.read[i], i) + h * a.d_key;
        const gk_real *k = gk_of(a.src[KEY].data) + place(&a, KEY, row, t, t) + h * a.d_key;
        weights_of(&a, row, i, h, false)[t] = t < n_visible(&a, i) ? a.scale * dot(q, k, a.d_key) : 0;
    }
    __syncthreads();
    for (int64_t e = threadIdx.x; e < a.n_read * a.n_head; e += blockDim.x) {
        i = (int)(e / a.n_head);
        normalise(weights_of(&a, row, i, (int)(e % a.n_head), false), n_visible(&a, i), a.n_token);
    }
    __syncthreads();
    for (int64_t e = threadIdx.x; e < a.n_read * a.y_width; e += blockDim.x) {
        int64_t c = e % a.y_width;
        int     from = a.head_step ? (int)(c / a.head_step) : 0, to = a.head_step ? from + 1 : a.n_head;
        gk_real sum = 0;
        i = (int)(e / a.y_width);
        for (t = 0; t < n_visible(&a, i); t++) {
            const gk_real *v = gk_of(a.src[VALUE].data) + place(&a, VALUE, row, t, t) + c - from * a.head_step;
            for (h = from; h < to; h++)
                sum += weights_of(&a, row, i, h, false)[t] * v[h * a.d_value];
        }
        gk_of(a.y)[row * a.n_read * a.y_width + e] = sum;
    }
}

void cuda_attention_forward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(attention_forward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     heads_of(work, y));
}

/* dw = dy . v;  ds = w (dw - sum w dw) scale.  One block a row. */
static __global__ void attention_slopes(heads a)
{
    int64_t row = blockIdx.x, n_score = (int64_t)a.n_read * a.n_head * a.n_token;
    int     i, h, t;

    for (int64_t e = threadIdx.x; e < n_score; e += blockDim.x) {
        split(&a, e, &i, &h, &t);
        const gk_real *dy = gk_of(a.dy) + (row * a.n_read + i) * a.y_width + h * a.head_step;
        const gk_real *v = gk_of(a.src[VALUE].data) + place(&a, VALUE, row, t, t) + h * a.d_value;
        weights_of(&a, row, i, h, true)[t] = t < n_visible(&a, i) ? dot(dy, v, a.d_value) : 0;
    }
    __syncthreads();
    for (int64_t e = threadIdx.x; e < a.n_read * a.n_head; e += blockDim.x) {
        i = (int)(e / a.n_head);
        h = (int)(e % a.n_head);
        gk_real *w = weights_of(&a, row, i, h, false), *ds = weights_of(&a, row, i, h, true);
        gk_real  mean = dot(w, ds, a.n_token);
        for (t = 0; t < a.n_token; t++)
            ds[t] = w[t] * (ds[t] - mean) * a.scale;
    }
}

/* What one place, token t of `row`, adds to element e of the source there.  own: of a row-rate query, which read it is. */
static __device__ gk_real addition(const heads *a, int s, int64_t row, int t, int own, int64_t e)
{
    int     h = (int)(e / (s == VALUE ? a->d_value : a->d_key));
    gk_real sum = 0;

    for (int i = 0; i < a->n_read; i++) {
        if (s == QUERY && (own >= 0 ? i != own : a->read[i] != t))
            continue;
        if (s == VALUE)
            sum += weights_of(a, row, i, h, false)[t] *
                   gk_of(a->dy)[(row * a->n_read + i) * a->y_width + h * a->head_step + e % a->d_value];
        else if (s == KEY)
            sum += weights_of(a, row, i, h, true)[t] * gk_of(a->src[QUERY].data)[place(a, QUERY, row, a->read[i], i) + e];
        for (int other = 0; s == QUERY && other < n_visible(a, i); other++)
            sum += weights_of(a, row, i, h, true)[other] * gk_of(a->src[KEY].data)[place(a, KEY, row, other, other) + e];
    }
    return sum;
}

/* One block for each position of a row, or slot of a table. */
static __global__ void __launch_bounds__(GK_MOST_THREADS) attention_backward(heads a, int s)
{
    const source *src = &a.src[s];
    int64_t       to = blockIdx.x * src->width;

    for (int64_t e = threadIdx.x; e < src->width; e += blockDim.x) {
        gk_real *grad = &gk_of(src->grad)[to + e], sum = 0;
        if (src->is_table) {
            const int32_t *first = gk_of(a.inverse.first) + blockIdx.x, *at = gk_of(a.inverse.place);
            for (int32_t i = first[0]; i < first[1]; i++)
                sum += addition(&a, s, at[i] / a.n_token, at[i] % a.n_token, -1, e);
        } else {
            int own = (int)(blockIdx.x % src->n_position);
            sum = addition(&a, s, blockIdx.x / src->n_position, own, own, e);
        }
        *grad = src->is_table || src->accumulate ? *grad + sum : sum;
    }
}

void cuda_attention_backward(gk_work *work, const gk_node *y)
{
    heads a = heads_of(work, y);

    GK_LAUNCH_BLOCKS(attention_slopes, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream, a);
    for (int s = QUERY; s <= VALUE; s++)
        if (a.src[s].grad.at)
            GK_LAUNCH_BLOCKS(attention_backward,
                             gk_grid(a.src[s].is_table ? a.src[s].n_position : work->n_row * a.src[s].n_position,
                                     work->n_replica),
                             GK_MOST_THREADS, work->device->stream, a, s);
}

}
