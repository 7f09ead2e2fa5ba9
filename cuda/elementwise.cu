/* elementwise.cu -- bias and activation, addition, blending, reshape, dropout. */
#include "columns.h"
#include "base/philox.h"
#include "graph/activation.h"

namespace GK_REALS {

typedef struct activation { gk_activation kind; gk_real slope; } activation;

static activation activation_of(const gk_node *y)
{
    activation f = { y->args.bias_act.activation, (gk_real)y->args.bias_act.slope };
    return f;
}

static __device__ gk_real activate(activation f, gk_real s)
{
    switch (f.kind) {
#define ACTIVATION(constant, name, option, reads, meaning) \
    case constant: return gk_act_##name(s, f.slope);
#include "graph/activations.def"
#undef ACTIVATION
    case GK_N_ACTIVATION:
        break;
    }
    return s;
}

static __device__ gk_slope_reads slope_reads(activation f)
{
    switch (f.kind) {
#define ACTIVATION(constant, name, option, reads, meaning) \
    case constant: return reads;
#include "graph/activations.def"
#undef ACTIVATION
    case GK_N_ACTIVATION:
        break;
    }
    return GK_READS_NOTHING;
}

/* f'(s) from what it is read from. */
static __device__ gk_real activation_slope(activation f, gk_real from)
{
    switch (f.kind) {
#define ACTIVATION(constant, name, option, reads, meaning) \
    case constant: return gk_act_##name##_slope(from, f.slope);
#include "graph/activations.def"
#undef ACTIVATION
    case GK_N_ACTIVATION:
        break;
    }
    return 1;
}

static __global__ void bias_act_forward(activation f, gk_span x, gk_span b, gk_span y, int64_t n, int64_t d)
{
    int64_t i = gk_element();
    if (i < n)
        gk_of(y)[i] = activate(f, b.at ? gk_of(x)[i] + gk_of(b)[i % d] : gk_of(x)[i]);
}

void cuda_bias_act_forward(gk_work *work, const gk_node *y)
{
    int64_t n = gk_n_real(work, y);
    if (y->shares && y->n_src == 1 && y->args.bias_act.activation == GK_IDENTITY)
        return;
    GK_LAUNCH_ELEMENTS(bias_act_forward, gk_element_grid(n, work->n_replica), work->device->stream, activation_of(y),
                       gk_data_of(work, y, 0), gk_data_of(work, y, 1), work->data[y->id], n, gk_last_dim(y));
}

/* What the backward of bias and activation reads. */
typedef struct slopes { activation f; gk_span x, b, y, dy; int64_t d; } slopes;

static __device__ gk_real slope_at(slopes s, int64_t i)
{
    gk_real from = gk_of(s.y)[i];
    if (slope_reads(s.f) == GK_READS_SOURCE)
        from = s.b.at ? gk_of(s.x)[i] + gk_of(s.b)[i % s.d] : gk_of(s.x)[i];
    return gk_of(s.dy)[i] * activation_slope(s.f, from);
}

static __global__ void bias_act_bias(slopes s, gk_span db, int64_t n_row)
{
    GK_COLUMN_SUM(double, slope_at(s, row * s.d + column), n_row, s.d, gk_of(db)[column] += (gk_real)sum)
}

static __global__ void bias_act_backward(slopes s, gk_span dx, int64_t n, bool accumulate)
{
    int64_t i = gk_element();
    if (i < n)
        gk_of(dx)[i] = accumulate ? gk_of(dx)[i] + slope_at(s, i) : slope_at(s, i);
}

/* The bias first: in place, dx overwrites dy. */
void cuda_bias_act_backward(gk_work *work, const gk_node *y)
{
    int64_t n = gk_n_real(work, y), d = gk_last_dim(y);
    slopes  s = { activation_of(y), gk_data_of(work, y, 0), gk_data_of(work, y, 1), work->data[y->id], work->grad[y->id], d };
    gk_span dx = gk_grad_of(work, y, 0), db = gk_grad_of(work, y, 1);

    if (db.at)
        GK_LAUNCH_BLOCKS(bias_act_bias, gk_column_grid(d, work->n_replica), GK_COLUMN_THREADS, work->device->stream, s, db,
                         n / d);
    if (dx.at)
        GK_LAUNCH_ELEMENTS(bias_act_backward, gk_element_grid(n, work->n_replica), work->device->stream, s, dx, n,
                           y->accumulate[0] && !y->shares);
}

/* --- addition -------------------------------------------------------------------------------------------------------- */

static __global__ void add_forward(gk_span a, gk_span b, gk_span y, int64_t n, int64_t n_b)
{
    int64_t i = gk_element();
    if (i < n)
        gk_of(y)[i] = gk_of(a)[i] + gk_of(b)[i % n_b];
}

void cuda_add_forward(gk_work *work, const gk_node *y)
{
    int64_t n = gk_n_real(work, y);
    GK_LAUNCH_ELEMENTS(add_forward, gk_element_grid(n, work->n_replica), work->device->stream, gk_data_of(work, y, 0),
                       gk_data_of(work, y, 1), work->data[y->id], n, gk_n_real(work, y->src[1]));
}

static __global__ void pass_elements(gk_span to, gk_span from, int64_t n, bool accumulate)
{
    int64_t i = gk_element();
    if (i < n)
        gk_of(to)[i] = accumulate ? gk_of(to)[i] + gk_of(from)[i] : gk_of(from)[i];
}

/* to = or += from */
static void pass(gk_work *work, gk_span to, gk_span from, int64_t n, bool accumulate)
{
    GK_LAUNCH_ELEMENTS(pass_elements, gk_element_grid(n, work->n_replica), work->device->stream, to, from, n, accumulate);
}

static __global__ void add_rows(gk_span to, gk_span dy, int64_t n_row, int64_t d)
{
    GK_COLUMN_SUM(double, gk_of(dy)[row * d + column], n_row, d, gk_of(to)[column] += (gk_real)sum)
}

void cuda_add_backward(gk_work *work, const gk_node *y)
{
    gk_span da = gk_grad_of(work, y, 0), db = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    int64_t n = gk_n_real(work, y);

    if (db.at && y->src[1]->rate == y->rate)
        pass(work, db, dy, n, y->accumulate[1]);
    else if (db.at)
        GK_LAUNCH_BLOCKS(add_rows, gk_column_grid(y->size, work->n_replica), GK_COLUMN_THREADS, work->device->stream, db, dy,
                         work->n_row, y->size);
    if (da.at && !y->shares)
        pass(work, da, dy, n, y->accumulate[0]);
}

/* --- blending -------------------------------------------------------------------------------------------------------- */

/* y = m a + (1 - m) b.  n_b: reals of b; size: reals of y a row, if b is one number a row or for all, else 1. */
typedef struct blends { const gk_hyper *hyper; int64_t n, n_b, size; } blends;

static blends blends_of(const gk_work *work, const gk_node *y)
{
    const gk_node *b = y->src[1];
    blends         v = { work->hyper, gk_n_real(work, y), gk_n_real(work, b), b->size == y->size ? 1 : y->size };
    return v;
}

static __device__ gk_real share_of_a(blends v) { return (gk_real)v.hyper[blockIdx.y].messiness; }
static __device__ gk_real share_of_b(blends v) { return (gk_real)(1 - v.hyper[blockIdx.y].messiness); }

static __global__ void blend_forward(blends v, gk_span a, gk_span b, gk_span y)
{
    int64_t i = gk_element();
    if (i < v.n)
        gk_of(y)[i] = share_of_a(v) * gk_of(a)[i] + share_of_b(v) * gk_of(b)[i / v.size % v.n_b];
}

void cuda_blend_forward(gk_work *work, const gk_node *y)
{
    blends v = blends_of(work, y);
    GK_LAUNCH_ELEMENTS(blend_forward, gk_element_grid(v.n, work->n_replica), work->device->stream, v, gk_data_of(work, y, 0),
                       gk_data_of(work, y, 1), work->data[y->id]);
}

static __global__ void blend_elements(blends v, gk_span to, gk_span dy, bool is_a, bool accumulate)
{
    int64_t i = gk_element();
    if (i >= v.n)
        return;
    gk_real g = (is_a ? share_of_a(v) : share_of_b(v)) * gk_of(dy)[i];
    gk_of(to)[i] = accumulate ? gk_of(to)[i] + g : g;
}

/* Gradient of a b that stands for all rows. */
static __global__ void blend_columns(blends v, gk_span db, gk_span dy)
{
    GK_COLUMN_SUM(double, gk_of(dy)[row * v.n_b + column], v.n / v.n_b, v.n_b,
                  gk_of(db)[column] += share_of_b(v) * (gk_real)sum)
}

/* Gradient of a b that is one number a row, or one for all: a block for each. */
static __global__ void blend_numbers(blends v, gk_span db, gk_span dy, bool accumulate)
{
    int64_t each = v.n / v.n_b;
    double  sum = 0;
    for (int64_t i = threadIdx.x; i < each; i += blockDim.x)
        sum += gk_of(dy)[blockIdx.x * each + i];
    sum = gk_block_sum(sum);
    if (threadIdx.x == 0)
        gk_of(db)[blockIdx.x] = (accumulate ? gk_of(db)[blockIdx.x] : 0) + share_of_b(v) * (gk_real)sum;
}

void cuda_blend_backward(gk_work *work, const gk_node *y)
{
    blends  v = blends_of(work, y);
    gk_span da = gk_grad_of(work, y, 0), db = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    bool    often = y->src[1]->rate == y->rate;

    if (db.at && y->src[1]->size != y->size)
        GK_LAUNCH_BLOCKS(blend_numbers, gk_grid(v.n_b, work->n_replica), GK_BLOCK_THREADS, work->device->stream, v, db, dy,
                         !often || y->accumulate[1]);
    else if (db.at && often)
        GK_LAUNCH_ELEMENTS(blend_elements, gk_element_grid(v.n, work->n_replica), work->device->stream, v, db, dy, false,
                           y->accumulate[1]);
    else if (db.at)
        GK_LAUNCH_BLOCKS(blend_columns, gk_column_grid(v.n_b, work->n_replica), GK_COLUMN_THREADS, work->device->stream, v, db,
                         dy);
    if (da.at)
        GK_LAUNCH_ELEMENTS(blend_elements, gk_element_grid(v.n, work->n_replica), work->device->stream, v, da, dy, true,
                           y->accumulate[0]);
}

/* --- reshape ----------------------------------------------------------------------------------------------------------- */

void cuda_reshape_forward(gk_work *work, const gk_node *y)
{
    if (!y->shares)
        pass(work, work->data[y->id], gk_data_of(work, y, 0), gk_n_real(work, y), false);
}

void cuda_reshape_backward(gk_work *work, const gk_node *y)
{
    if (!y->shares && y->src[0]->needs_grad)
        pass(work, gk_grad_of(work, y, 0), work->grad[y->id], gk_n_real(work, y), y->accumulate[0]);
}

/* --- dropout ----------------------------------------------------------------------------------------------------------- */

typedef struct drops {
    const gk_hyper *hyper;
    const uint64_t *seed;
    const int64_t  *step;
    int             node;
    int64_t         first;       /* place of the tile's first real within the batch */
    bool            training;
} drops;

/* to = or += mask * from, with the mask that (seed, step, node, place in the batch) gives; the same one as on the CPU. */
static __global__ void drop(drops d, gk_span to, gk_span from, int64_t n, bool accumulate)
{
    int64_t i = gk_element();
    if (i >= n)
        return;
    double  rate = d.training ? d.hyper[blockIdx.y].dropout : 0;
    gk_real kept = gk_of(from)[i];
    if (rate > 0) {
        uint64_t at = (uint64_t)(d.first + i), stream = (uint64_t)*d.step * 1024 + (uint64_t)d.node;
        philox4x32_ctr_t words = gk_philox(d.seed[blockIdx.y], GK_RNG_DROPOUT, stream, at / 4);
        kept = words.v[at % 4] < (uint32_t)(rate * 4294967296.0) ? 0 : (gk_real)(1 / (1 - rate)) * kept;
    }
    gk_of(to)[i] = accumulate ? gk_of(to)[i] + kept : kept;
}

static void launch_drop(gk_work *work, const gk_node *y, gk_span to, gk_span from, bool accumulate)
{
    drops   d = { work->hyper, work->seed, work->step, y->id, work->first_row * y->size, work->training };
    int64_t n = gk_n_real(work, y);
    GK_LAUNCH_ELEMENTS(drop, gk_element_grid(n, work->n_replica), work->device->stream, d, to, from, n, accumulate);
}

void cuda_dropout_forward(gk_work *work, const gk_node *y)
{
    launch_drop(work, y, work->data[y->id], gk_data_of(work, y, 0), false);
}

void cuda_dropout_backward(gk_work *work, const gk_node *y)
{
    launch_drop(work, y, gk_grad_of(work, y, 0), work->grad[y->id], y->accumulate[0] && !y->shares);
}

}
