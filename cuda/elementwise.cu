/* elementwise.cu -- bias and activation, addition, blending, positions before others, reshape, dropout. */
#include "columns.h"
#include "base/philox.h"
#include "graph/activation.h"

namespace GK_CELLS {

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

static __device__ gk_reads slope_reads(activation f)
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

/* A kernel for each of the activations that nearly every model has; GK_N_ACTIVATION: one for all the others. */
template <gk_activation A> static __device__ activation known(activation f)
{
    if (A != GK_N_ACTIVATION)
        f.kind = A;
    return f;
}

/* x + b at place i of x and `column` of b. */
template <int V> static __device__ gk_reals<V> biased(gk_span x, gk_span b, uint32_t i, uint32_t column)
{
    gk_reals<V> s = gk_load<V>(gk_of(x) + i);
    if (b.at)
        gk_add_to(&s, gk_load<V>(gk_of(b) + column));
    return s;
}

template <gk_activation A> struct activated {
    activation f;
    gk_span    x, b, y;
    gk_spacing at_line;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t    line = b.at || gk_is_spaced(at_line) ? gk_quotient(i, at_line.d) : 0;
        gk_reals<V> s = biased<V>(x, b, i + line * at_line.x_gap, i - line * at_line.d.d);
        for (int k = 0; k < V; k++)
            s.v[k] = activate(known<A>(f), s.v[k]);
        gk_store(gk_of(y) + i + line * at_line.y_gap, s);
    }
};

/* The lines of y and those of its first source. */
static gk_spacing spacing_of(const gk_work *work, const gk_node *y)
{
    int64_t    d = gk_last_dim(y);
    gk_spacing s = { gk_divisor_of(d), (uint32_t)(gk_width(work, y->src[0]) - d), (uint32_t)(gk_width(work, y) - d) };
    return s;
}

template <gk_activation A> static void forward(gk_work *work, const gk_node *y)
{
    int64_t      d = gk_last_dim(y);
    activated<A> f = { activation_of(y), gk_data_of(work, y, 0), gk_data_of(work, y, 1), work->data[y->id], spacing_of(work, y) };
    int64_t      n = gk_n_real(work, y);
    gk_each(work, f, n, gk_all_wide(f.b.at || gk_is_spaced(f.at_line) ? d : n, f.x, f.b, f.y));
}

void cuda_bias_act_forward(gk_work *work, const gk_node *y)
{
    if (gk_is_finished(work, y) || (y->shares && y->n_src == 1 && y->args.bias_act.activation == GK_IDENTITY))
        return;
    switch (y->args.bias_act.activation) {
    case GK_IDENTITY: forward<GK_IDENTITY>(work, y); break;
    case GK_RELU:     forward<GK_RELU>(work, y); break;
    default:          forward<GK_N_ACTIVATION>(work, y); break;
    }
}

/* dx = or += dy f'(x + b), and what the gradient of the bias sums. */
template <gk_activation A> struct slopes {
    enum { N_SUM = 1 };
    activation f;
    gk_span    x, b, y, dy, dx;
    gk_spacing at_line;
    bool       accumulate;

    template <int V> __device__ gk_reals<V> pass(uint32_t i, uint32_t line, uint32_t column) const
    {
        uint32_t in_x = i + line * at_line.x_gap, in_y = i + line * at_line.y_gap;
        gk_reads reads = slope_reads(known<A>(f));
        gk_reals<V>    g = gk_load<V>(gk_of(dy) + in_y), from = {};
        if (reads == GK_READS_SOURCE)
            from = biased<V>(x, b, in_x, column);
        if (reads == GK_READS_RESULT)
            from = gk_load<V>(gk_of(y) + in_y);
        for (int k = 0; k < V; k++)
            g.v[k] *= activation_slope(known<A>(f), from.v[k]);
        if (dx.at)
            gk_write(gk_of(dx) + in_x, g, accumulate);
        return g;
    }
    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t line = b.at || gk_is_spaced(at_line) ? gk_quotient(i, at_line.d) : 0;
        pass<V>(i, line, i - line * at_line.d.d);
    }
    template <int V> __device__ void add(uint32_t i, uint32_t line, uint32_t column, gk_reals<V> *sum) const
    {
        gk_add_to(sum, pass<V>(i, line, column));
    }
};

/* In place, dx overwrites dy. */
template <gk_activation A> static void backward(gk_work *work, const gk_node *y)
{
    int64_t   n = gk_n_real(work, y), d = gk_last_dim(y);
    slopes<A> s = { activation_of(y), gk_data_of(work, y, 0), gk_data_of(work, y, 1), work->data[y->id], work->grad[y->id],
                    gk_grad_of(work, y, 0), spacing_of(work, y), y->accumulate[0] && !y->shares };
    gk_span   db = gk_grad_of(work, y, 1);
    bool      wide = gk_all_wide(s.b.at || gk_is_spaced(s.at_line) ? d : n, s.x, s.b, s.y, s.dy, s.dx);

    if (db.at)
        gk_column_sums(work, s, n / d, d, wide, { { db }, { y->accumulate[1] } });
    else
        gk_each(work, s, n, wide);
}

void cuda_bias_act_backward(gk_work *work, const gk_node *y)
{
    switch (y->args.bias_act.activation) {
    case GK_IDENTITY: backward<GK_IDENTITY>(work, y); break;
    case GK_RELU:     backward<GK_RELU>(work, y); break;
    default:          backward<GK_N_ACTIVATION>(work, y); break;
    }
}

/* --- addition -------------------------------------------------------------------------------------------------------- */

struct added {
    gk_span    a, b, y;
    gk_divisor n_b;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_store(gk_of(y) + i, biased<V>(a, b, i, gk_remainder(i, n_b)));
    }
};

/* y = rows of a table + b: an embedding that nobody else reads is not written out. */
struct gathered_sum {
    gk_span    table, b, y;
    gk_index   index;
    gk_divisor d, n_b;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t    line = gk_quotient(i, d), column = i - line * d.d;
        gk_reals<V> sum = gk_load<V>(gk_of(table) + (int64_t)gk_of(index)[line] * d.d + column);
        gk_add_to(&sum, gk_load<V>(gk_of(b) + gk_remainder(i, n_b)));
        gk_store(gk_of(y) + i, sum);
    }
};

static void add_gathered(gk_work *work, const gk_node *y, const gk_node *embedding, const gk_node *other)
{
    const gk_node *index = embedding->src[1];
    int64_t        d = embedding->src[0]->dim[1], n = gk_n_real(work, y), n_b = gk_n_real(work, other);
    gathered_sum   sum = { gk_data_of(work, embedding, 0), work->data[other->id], work->data[y->id], work->index[index->id],
                           gk_divisor_of(d), gk_divisor_of(n_b) };
    gk_each(work, sum, n, n_b % GK_VECTOR == 0 && gk_all_wide(d, sum.table, sum.b, sum.y));
}

void cuda_add_forward(gk_work *work, const gk_node *y)
{
    for (int s = 0; s < 2; s++)
        if (work->gatherer[y->src[s]->id] == y) {
            add_gathered(work, y, y->src[s], y->src[1 - s]);
            return;
        }
    if (gk_adder_of(work, y))
        return;
    int64_t n_b = gk_n_real(work, y->src[1]);
    added   sum = { gk_data_of(work, y, 0), gk_data_of(work, y, 1), work->data[y->id], gk_divisor_of(n_b) };
    gk_each(work, sum, gk_n_real(work, y), gk_all_wide(n_b, sum.a, sum.b, sum.y));
}

/* How much of a gradient goes to a source: all, or its share in a blend. */
typedef enum { ALL_OF_IT, SHARE_OF_A, SHARE_OF_B } share;

static __device__ gk_real share_of(share which, const gk_hyper *hyper)
{
    if (which == ALL_OF_IT)    /* without a double, of which some cards have few */
        return 1;
    double m = hyper[blockIdx.y].messiness;
    return (gk_real)(which == SHARE_OF_B ? 1 - m : m);
}

/* to = or += share * from; to.at NULL: nothing.  Then what goes to a source that stands for all rows. */
struct passed {
    enum { N_SUM = 1 };
    gk_span         to, from;
    const gk_hyper *hyper;
    share           of_to, of_sum;
    bool            accumulate;

    template <int V> __device__ gk_reals<V> pass(uint32_t i) const
    {
        gk_reals<V> dy = gk_load<V>(gk_of(from) + i), g = dy;
        for (int k = 0; k < V; k++)
            g.v[k] *= share_of(of_to, hyper);
        if (to.at)
            gk_write(gk_of(to) + i, g, accumulate);
        return dy;
    }
    template <int V> __device__ void at(uint32_t i) const
    {
        pass<V>(i);
    }
    template <int V> __device__ void add(uint32_t i, uint32_t, uint32_t, gk_reals<V> *sum) const
    {
        gk_reals<V> dy = pass<V>(i);
        for (int k = 0; k < V; k++)
            sum->v[k] += share_of(of_sum, hyper) * dy.v[k];
    }
};

static void pass(gk_work *work, passed p, int64_t n)
{
    gk_each(work, p, n, gk_all_wide(n, p.to, p.from));
}

/* The gradients of both sources of y, b of the same size; in one pass where b stands for all rows.  What stands where that of y
 * does is there already. */
static void pass_both(gk_work *work, const gk_node *y, share of_a, share of_b)
{
    gk_span da = gk_grad_of(work, y, 0), db = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    int64_t n = gk_n_real(work, y);
    bool    often = y->src[1]->rate == y->rate;
    passed  to_a = { da, dy, work->hyper, of_a, of_b, y->accumulate[0] };

    if (da.at == dy.at)
        to_a.to.at = NULL;
    if (db.at && !often)
        gk_column_sums(work, to_a, n / y->size, y->size, gk_all_wide(y->size, to_a.to, dy), { { db }, { y->accumulate[1] } });
    else if (to_a.to.at)
        pass(work, to_a, n);
    if (db.at && often && db.at != dy.at)    /* behind a, which may be the same source */
        pass(work, { db, dy, work->hyper, of_b, of_b, y->accumulate[1] }, n);
}

void cuda_add_backward(gk_work *work, const gk_node *y)
{
    pass_both(work, y, ALL_OF_IT, ALL_OF_IT);
}

/* --- blending -------------------------------------------------------------------------------------------------------- */

/* y = m a + (1 - m) b.  n_b: reals of b; size: reals of y a row, if b is one number a row or for all, else 1. */
struct blended {
    const gk_hyper *hyper;
    gk_span         a, b, y;
    gk_divisor      size, n_b;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_reals<V> out = gk_load<V>(gk_of(a) + i), other = gk_load<V>(gk_of(b) + gk_remainder(gk_quotient(i, size), n_b));
        for (int k = 0; k < V; k++)
            out.v[k] = share_of(SHARE_OF_A, hyper) * out.v[k] + share_of(SHARE_OF_B, hyper) * other.v[k];
        gk_store(gk_of(y) + i, out);
    }
};

void cuda_blend_forward(gk_work *work, const gk_node *y)
{
    const gk_node *b = y->src[1];
    int64_t n_b = gk_n_real(work, b);
    bool    each = b->size == y->size;
    blended f = { work->hyper, gk_data_of(work, y, 0), gk_data_of(work, y, 1), work->data[y->id],
                  gk_divisor_of(each ? 1 : y->size), gk_divisor_of(n_b) };
    gk_each(work, f, gk_n_real(work, y), each && gk_all_wide(n_b, f.a, f.b, f.y));
}

/* Gradient of a b that is one number a row, or one for all: a block for each, of `each` numbers. */
static __global__ void blend_numbers(const gk_hyper *hyper, gk_span db, gk_span dy, int64_t each, bool accumulate)
{
    double sum = 0;
    for (int64_t i = threadIdx.x; i < each; i += blockDim.x)
        sum += gk_of(dy)[blockIdx.x * each + i];
    sum = gk_block_sum(sum);
    if (threadIdx.x == 0)
        gk_write(gk_of(db) + blockIdx.x, gk_reals<1>{ { share_of(SHARE_OF_B, hyper) * (gk_real)sum } }, accumulate);
}

void cuda_blend_backward(gk_work *work, const gk_node *y)
{
    gk_span da = gk_grad_of(work, y, 0), db = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    int64_t n = gk_n_real(work, y), n_b = gk_n_real(work, y->src[1]);

    if (y->src[1]->size == y->size) {
        pass_both(work, y, SHARE_OF_A, SHARE_OF_B);
        return;
    }
    if (db.at)
        GK_LAUNCH_BLOCKS(blend_numbers, gk_grid(n_b, work->n_replica), GK_BLOCK_THREADS, work->device->stream, work->hyper, db,
                         dy, n / n_b, y->accumulate[1]);
    if (da.at)
        pass(work, { da, dy, work->hyper, SHARE_OF_A, SHARE_OF_A, y->accumulate[0] }, n);
}

/* --- positions before others ------------------------------------------------------------------------------------------ */

/* What y has of a row: n_a reals of a, then those of x. */
struct prepended {
    gk_span    a, x, y;
    gk_divisor size;
    uint32_t   n_a;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t row = gk_quotient(i, size), place = i - row * size.d;
        gk_store(gk_of(y) + i, gk_load<V>(place < n_a ? gk_of(a) + place : gk_of(x) + (i - (row + 1) * n_a)));
    }
};

void cuda_prepend_forward(gk_work *work, const gk_node *y)
{
    int64_t   n_a = y->src[1]->size;
    prepended f = { gk_data_of(work, y, 1), gk_data_of(work, y, 0), work->data[y->id], gk_divisor_of(y->size), (uint32_t)n_a };
    gk_each(work, f, gk_n_real(work, y), n_a % GK_VECTOR == 0 && gk_all_wide(y->size, f.a, f.x, f.y));
}

/* dx = or += what stands behind a's reals; what stands in their place is summed over the rows. */
struct unprepended {
    enum { N_SUM = 1 };
    gk_span    dx, dy;
    gk_divisor size;             /* of a row of x */
    uint32_t   n_a;
    bool       accumulate;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_write(gk_of(dx) + i, gk_load<V>(gk_of(dy) + i + (gk_quotient(i, size) + 1) * n_a), accumulate);
    }
    template <int V> __device__ void add(uint32_t, uint32_t row, uint32_t column, gk_reals<V> *sum) const
    {
        gk_add_to(sum, gk_load<V>(gk_of(dy) + row * (size.d + n_a) + column));
    }
};

void cuda_prepend_backward(gk_work *work, const gk_node *y)
{
    int64_t     n_a = y->src[1]->size, n_x = y->src[0]->size;
    gk_span     da = gk_grad_of(work, y, 1), dx = gk_grad_of(work, y, 0), dy = work->grad[y->id];
    unprepended f = { dx, dy, gk_divisor_of(n_x), (uint32_t)n_a, y->accumulate[0] };
    bool        wide = n_a % GK_VECTOR == 0 && gk_all_wide(n_x, dx, dy);

    if (da.at)
        gk_column_sums(work, f, work->n_row, n_a, wide, { { da }, { y->accumulate[1] } });
    if (dx.at)
        gk_each(work, f, gk_n_real(work, y->src[0]), wide);
}

/* --- reshape ----------------------------------------------------------------------------------------------------------- */

void cuda_reshape_forward(gk_work *work, const gk_node *y)
{
    if (!y->shares)
        pass(work, { work->data[y->id], gk_data_of(work, y, 0), NULL, ALL_OF_IT, ALL_OF_IT, false }, gk_n_real(work, y));
}

void cuda_reshape_backward(gk_work *work, const gk_node *y)
{
    if (!y->shares && y->src[0]->needs_grad)
        pass(work, { gk_grad_of(work, y, 0), work->grad[y->id], NULL, ALL_OF_IT, ALL_OF_IT, y->accumulate[0] },
             gk_n_real(work, y));
}

/* --- dropout ----------------------------------------------------------------------------------------------------------- */

static __device__ void keep(gk_real *x, uint32_t word, double rate)
{
    *x = word < (uint32_t)(rate * 4294967296.0) ? 0 : (gk_real)(1 / (1 - rate)) * *x;
}

/* to = or += mask * from, with the mask that (seed, step, node, place in the batch) gives; the same one as on the CPU. */
struct dropped {
    const gk_hyper *hyper;
    const uint64_t *seed;
    const int64_t  *step;
    int             node;
    int64_t         first;       /* place of the tile's first real within the batch */
    bool            training, accumulate;
    gk_span         to, from;

    template <int V> __device__ void at(uint32_t i) const
    {
        double      rate = training ? hyper[blockIdx.y].dropout : 0;
        gk_reals<V> kept = gk_load<V>(gk_of(from) + i);
        if (rate > 0) {
            uint64_t place = (uint64_t)(first + i), stream = (uint64_t)*step * 1024 + (uint64_t)node;
            philox4x32_ctr_t words = gk_philox(seed[blockIdx.y], GK_RNG_DROPOUT, stream, place / 4);
            for (int word = 0; word < 4; word++)    /* all, and a number that is known: words stay in registers */
                if (V == GK_VECTOR || place % 4 == (unsigned)word)
                    keep(&kept.v[V == GK_VECTOR ? word : 0], words.v[word], rate);
        }
        gk_write(gk_of(to) + i, kept, accumulate);
    }
};

static void launch_drop(gk_work *work, const gk_node *y, gk_span to, gk_span from, bool accumulate)
{
    int64_t first = work->first_row * y->size, n = gk_n_real(work, y);
    dropped d = { work->hyper, work->seed, work->step, y->id, first, work->training, accumulate, to, from };
    gk_each(work, d, n, first % GK_VECTOR == 0 && gk_all_wide(n, to, from));
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
