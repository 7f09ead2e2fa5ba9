/* elementwise.c -- bias and activation, addition, blending, positions before others, reshape, dropout. */
#include <string.h>

#include "base/rng.h"
#include "cpu/cpu.h"
#include "graph/activation.h"

/* y[i] = f(x[i] + b[i mod d]); x may be y. */
static void bias_act(gk_activation activation, gk_real slope, const gk_real *x, const gk_real *b, gk_real *y, int64_t n,
                     int64_t d)
{
    switch (activation) {
#define ACTIVATION(constant, name, option, reads, meaning)                     \
    case constant:                                                             \
        for (int64_t row = 0; row < n; row++, x += d, y += d)                  \
            _Pragma("omp simd") for (int64_t i = 0; i < d; i++) {              \
                gk_real s = b ? x[i] + b[i] : x[i];                            \
                y[i]      = gk_act_##name(s, slope);                           \
            }                                                                  \
        break;
#include "graph/activations.def"
#undef ACTIVATION
    case GK_N_ACTIVATION:
        break;
    }
}

void cpu_bias_act_forward(gk_work *work, const gk_node *y)
{
    int64_t        d = gk_last_dim(y);
    const gk_real *b = y->n_src == 2 ? work->data[y->src[1]->id] : NULL;

    if (y->shares && !b && y->args.bias_act.activation == GK_IDENTITY)
        return;
    bias_act(y->args.bias_act.activation, (gk_real)y->args.bias_act.slope, work->data[y->src[0]->id], b, work->data[y->id],
             gk_n_real(work, y) / d, d);
}

/* g[i] = dy[i] f'(x + b)[i] for one row of d reals, f' from the result y or from x + b; g may be dy. */
static void times_slope(gk_activation activation, gk_real slope, const gk_real *x, const gk_real *b, const gk_real *y,
                        const gk_real *dy, gk_real *g, int64_t d)
{
    switch (activation) {
#define ACTIVATION(constant, name, option, reads, meaning)                                   \
    case constant:                                                                           \
        if (reads == GK_READS_RESULT)                                                        \
            _Pragma("omp simd") for (int64_t i = 0; i < d; i++)                              \
                g[i] = dy[i] * gk_act_##name##_slope(y[i], slope);                           \
        else if (reads == GK_READS_SOURCE)                                                   \
            for (int64_t i = 0; i < d; i++)                                                  \
                g[i] = dy[i] * gk_act_##name##_slope(b ? x[i] + b[i] : x[i], slope);         \
        else if (g != dy)                                                                    \
            for (int64_t i = 0; i < d; i++)                                                  \
                g[i] = dy[i];                                                                \
        break;
#include "graph/activations.def"
#undef ACTIVATION
    case GK_N_ACTIVATION:
        break;
    }
}

static void add_reals(gk_real *restrict to, const gk_real *restrict from, int64_t n)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++)
        to[i] += from[i];
}

/* dx = or += dy f'(x + b);  db += column sums of dy f'(x + b).  Row by row: the row is in the first-level cache for both. */
void cpu_bias_act_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *b = y->n_src == 2 ? y->src[1] : NULL;
    int64_t        d  = gk_last_dim(y), n = gk_n_real(work, y) / d;
    gk_real       *dx = x->needs_grad ? work->grad[x->id] : NULL, *db = b && b->needs_grad ? work->grad[b->id] : NULL;
    bool           direct = dx && (y->shares || !y->accumulate[0]);    /* g may be made where dx stands */

    for (int64_t row = 0; row < n; row++) {
        const gk_real *dy = work->grad[y->id] + row * d;
        gk_real       *g  = direct ? dx + row * d : work->scratch;
        times_slope(y->args.bias_act.activation, (gk_real)y->args.bias_act.slope, work->data[x->id] + row * d,
                    b ? work->data[b->id] : NULL, work->data[y->id] + row * d, dy, g, d);
        if (dx && !direct)
            add_reals(dx + row * d, g, d);
        if (db)
            add_reals(db, g, d);
    }
}

/* dst = or += src */
static void pass(gk_real *dst, const gk_real *src, int64_t n, bool accumulate)
{
    if (!accumulate)
        memcpy(dst, src, (size_t)n * sizeof *dst);
    else
        add_reals(dst, src, n);
}

void cpu_add_forward(gk_work *work, const gk_node *y)
{
    const gk_real *a = work->data[y->src[0]->id], *b = work->data[y->src[1]->id];
    gk_real       *out = work->data[y->id];
    int64_t        n   = gk_n_real(work, y) / y->size, step = y->rate == y->src[1]->rate ? y->size : 0;

    for (int64_t row = 0; row < n; row++, a += y->size, b += step, out += y->size)
        for (int64_t i = 0; i < y->size; i++)
            out[i] = a[i] + b[i];
}

void cpu_add_backward(gk_work *work, const gk_node *y)
{
    const gk_node *a = y->src[0], *b = y->src[1];
    const gk_real *dy = work->grad[y->id];
    int64_t        n  = gk_n_real(work, y) / y->size;

    if (a->needs_grad && !y->shares)
        pass(work->grad[a->id], dy, n * y->size, y->accumulate[0]);
    if (b->needs_grad && b->rate == y->rate)
        pass(work->grad[b->id], dy, n * y->size, y->accumulate[1]);
    else if (b->needs_grad)
        for (int64_t row = 0; row < n; row++)
            pass(work->grad[b->id], dy + row * y->size, y->size, true);
}

/* dst = (accumulate ? dst : 0) + scale * src */
static void pass_scaled(gk_real *dst, const gk_real *src, gk_real scale, int64_t n, bool accumulate)
{
    for (int64_t i = 0; i < n; i++)
        dst[i] = accumulate ? dst[i] + scale * src[i] : scale * src[i];
}

/* In double, as lanes of a vector, which are added up at the end. */
static double dot(const gk_real *a, const gk_real *b, int64_t n)
{
    double sum = 0;

#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

void cpu_add_scaled_forward(gk_work *work, const gk_node *y)
{
    const gk_real *a = work->data[y->src[0]->id], *b = work->data[y->src[1]->id], gain = *work->data[y->src[2]->id];
    gk_real       *out = work->data[y->id];
    int64_t        n = gk_n_real(work, y);

    for (int64_t i = 0; i < n; i++)
        out[i] = a[i] + gain * b[i];
}

/* da = or += dy;  db = or += g dy;  dg += sum dy b */
void cpu_add_scaled_backward(gk_work *work, const gk_node *y)
{
    const gk_node *a = y->src[0], *b = y->src[1], *g = y->src[2];
    const gk_real *dy = work->grad[y->id], *from = work->data[b->id], gain = *work->data[g->id];
    int64_t        n = gk_n_real(work, y);

    for (int64_t row = 0; g->needs_grad && row < work->n_row; row++)
        *work->grad[g->id] += (gk_real)dot(dy + row * y->size, from + row * y->size, y->size);
    if (b->needs_grad)
        pass_scaled(work->grad[b->id], dy, gain, n, y->accumulate[1]);
    if (a->needs_grad && !y->shares)
        pass(work->grad[a->id], dy, n, y->accumulate[0]);
}

/* How far b moves from one row of a blend to the next, and from one real to the next. */
typedef struct blend_strides { int64_t row, real; } blend_strides;

static blend_strides strides_of(const gk_node *y)
{
    const gk_node *b = y->src[1];

    return (blend_strides){ b->rate == y->rate ? b->size : 0, b->size == y->size };
}

void cpu_blend_forward(gk_work *work, const gk_node *y)
{
    const gk_real *a = work->data[y->src[0]->id], *b = work->data[y->src[1]->id];
    gk_real       *out = work->data[y->id], m = (gk_real)work->hyper->messiness, rest = (gk_real)(1 - work->hyper->messiness);
    int64_t        n = gk_n_real(work, y) / y->size;
    blend_strides  to_next = strides_of(y);

    for (int64_t row = 0; row < n; row++, a += y->size, b += to_next.row, out += y->size)
        for (int64_t i = 0; i < y->size; i++)
            out[i] = m * a[i] + rest * b[i * to_next.real];
}

static double sum_reals(const gk_real *x, int64_t n)
{
    double sum = 0;

    for (int64_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

void cpu_blend_backward(gk_work *work, const gk_node *y)
{
    const gk_node *a = y->src[0], *b = y->src[1];
    const gk_real *dy = work->grad[y->id];
    gk_real       *db = work->grad[b->id], m = (gk_real)work->hyper->messiness, rest = (gk_real)(1 - work->hyper->messiness);
    int64_t        n = gk_n_real(work, y) / y->size;
    blend_strides  to_next = strides_of(y);
    bool           adds = y->accumulate[1] || b->rate != y->rate;

    if (a->needs_grad)
        pass_scaled(work->grad[a->id], dy, m, n * y->size, y->accumulate[0]);
    for (int64_t row = 0; b->needs_grad && row < n; row++, dy += y->size, db += to_next.row)
        if (to_next.real)
            pass_scaled(db, dy, rest, y->size, adds);
        else
            *db = (adds ? *db : 0) + rest * (gk_real)sum_reals(dy, y->size);
}

void cpu_prepend_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *a = y->src[1];

    for (int64_t row = 0; row < work->n_row; row++) {
        pass(work->data[y->id] + row * y->size, work->data[a->id], a->size, false);
        pass(work->data[y->id] + row * y->size + a->size, work->data[x->id] + row * x->size, x->size, false);
    }
}

void cpu_prepend_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *a = y->src[1];
    const gk_real *dy = work->grad[y->id];

    for (int64_t row = 0; row < work->n_row; row++, dy += y->size) {
        if (a->needs_grad)
            pass(work->grad[a->id], dy, a->size, true);
        if (x->needs_grad)
            pass(work->grad[x->id] + row * x->size, dy + a->size, x->size, y->accumulate[0]);
    }
}

void cpu_reshape_forward(gk_work *work, const gk_node *y)
{
    if (!y->shares)
        pass(work->data[y->id], work->data[y->src[0]->id], gk_n_real(work, y), false);
}

void cpu_reshape_backward(gk_work *work, const gk_node *y)
{
    if (!y->shares && y->src[0]->needs_grad)
        pass(work->grad[y->src[0]->id], work->grad[y->id], gk_n_real(work, y), y->accumulate[0]);
}

/* dst = (accumulate ? dst : 0) + mask * src, with the mask that (seed, step, node, place in the batch) gives. */
static void drop(gk_work *work, const gk_node *y, const gk_real *src, gk_real *dst, bool accumulate)
{
    int64_t  n = gk_n_real(work, y), first = work->first_row * y->size;
    uint32_t below = (uint32_t)(work->dropout * 4294967296.0), word[4] = { 0 };
    gk_real  keep = (gk_real)(1 / (1 - work->dropout));
    uint64_t stream = work->step * 1024 + (uint64_t)y->id, block = UINT64_MAX;

    for (int64_t i = 0; i < n; i++) {
        uint64_t at = (uint64_t)(first + i);
        if (at / 4 != block) {
            block = at / 4;
            gk_rng_block(work->seed, GK_RNG_DROPOUT, stream, block, word);
        }
        gk_real kept = word[at % 4] < below ? 0 : keep * src[i];
        dst[i]       = accumulate ? dst[i] + kept : kept;
    }
}

void cpu_dropout_forward(gk_work *work, const gk_node *y)
{
    const gk_real *x = work->data[y->src[0]->id];

    if (work->training && work->dropout > 0)
        drop(work, y, x, work->data[y->id], false);
    else if (!y->shares)
        pass(work->data[y->id], x, gk_n_real(work, y), false);
}

void cpu_dropout_backward(gk_work *work, const gk_node *y)
{
    gk_real *dx = work->grad[y->src[0]->id];

    if (work->training && work->dropout > 0)
        drop(work, y, work->grad[y->id], dx, y->accumulate[0] && !y->shares);
    else if (!y->shares)
        pass(dx, work->grad[y->id], gk_n_real(work, y), y->accumulate[0]);
}
