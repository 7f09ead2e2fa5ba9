/* lstm.cu -- a recurrence of units with gates, all replicas at once: a product and a pass over units for every step; and one
 * step by itself, its cells and its outputs, at either rate.
 *
 * Steps are launched one after another and are captured with the update (step.cu): 2 T - 1 launches forward, 2 T back, one more
 * if something came before the first.  All products of the gradient of w are one, since the outputs before each step stand side
 * by side, zeros before the first: of a row and step they are where the slopes of its sums are. */
#include "product.h"
#include "vectors.h"
#include "graph/formula.h"

namespace GK_CELLS {

/* Reals for the cells of every step and for what goes back; and, as operands of products, for gates and for outputs before. */
gk_scratch gk_lstm_scratch(const gk_node *y)
{
    int64_t    full = y->dim[1] * (y->dim[0] + 1);
    gk_scratch s = { (full + GK_VECTOR - 1) / GK_VECTOR * GK_VECTOR + gk_cells_room(4 * y->size) + gk_cells_room(y->size), 0 };
    return s;
}

typedef struct lstm {
    uint32_t   n_row, n_step, h;
    gk_divisor units;                      /* h, to divide by */
    gk_span    cell, back, gate, before;    /* [row][step][h], [row][h], [row][step][4h], [row][step][h] */
    gk_span    first, first_cell;           /* [row][4h], what adds to the sums of the first step; [row][h]; at NULL: nothing */
} lstm;

static lstm lstm_of(const gk_work *work, const gk_node *y)
{
    gk_span all = work->scratch[y->id];
    lstm    l = { (uint32_t)work->n_row, (uint32_t)y->dim[0], (uint32_t)y->dim[1], gk_divisor_of(y->dim[1]), all, all, all, all,
                    gk_data_of(work, y, 2), gk_data_of(work, y, 3) };
    int64_t n = work->n_row * y->size;

    l.back = gk_from(all, n);
    l.gate = gk_in_cells(gk_from(all, (n + work->n_row * l.h + GK_VECTOR - 1) / GK_VECTOR * GK_VECTOR));
    l.before = gk_from(l.gate, 4 * n);
    return l;
}

/* Step t of all rows as a matrix whose rows are `width` wide. */
static gk_matrix step_of(const lstm *l, gk_span span, int64_t t, int64_t width)
{
    return gk_matrix_of(gk_from(span, t * width), l->n_step * width);
}

/* V units of a row at a step: where their numbers stand. */
struct unit_place {
    int64_t  row, narrow, wide;    /* narrow, wide: among h and 4h of every row and step */
    uint32_t j;
};

static __device__ inline unit_place place_of(const lstm &l, uint32_t t, uint32_t i)
{
    uint32_t   row = gk_quotient(i, l.units), j = i - row * l.h;
    int64_t    at = (int64_t)row * l.n_step + t;
    unit_place p = { row, at * l.h + j, at * 4 * l.h + j, j };
    return p;
}

/* Cells before those of p, which are none at the first step unless something came before. */
template <int V> static __device__ inline gk_reals<V> cells_before(const lstm &l, uint32_t t, unit_place p)
{
    gk_reals<V> none = {};
    if (t > 0)
        return gk_load<V>(gk_full_of(l.cell) + p.narrow - l.h);
    return l.first_cell.at ? gk_load<V>(gk_of(l.first_cell) + p.row * l.h + p.j) : none;
}

/* Gate k of what the outputs before step t add to its sums, which stands where its gates will. */
template <int V> static __device__ inline gk_reals<V> of_outputs_before(const lstm &l, uint32_t t, unit_place p, int k)
{
    gk_reals<V> none = {};
    if (t > 0)
        return gk_load<V>(gk_of(l.gate) + p.wide + k * l.h);
    return l.first.at ? gk_load<V>(gk_of(l.first) + (4 * p.row + k) * l.h + p.j) : none;
}

/* Gates, cells and outputs of step t. */
struct units_forward {
    lstm     l;
    gk_span  x, y;
    uint32_t t;

    template <int V> __device__ void at(uint32_t i) const
    {
        unit_place  p = place_of(l, t, i);
        gk_reals<V> sum[4], old = cells_before<V>(l, t, p), cell, out, none = {};
        for (int k = 0; k < 4; k++) {
            sum[k] = gk_load<V>(gk_of(x) + p.wide + k * l.h);
            gk_add_to(&sum[k], of_outputs_before<V>(l, t, p, k));
        }
        for (int v = 0; v < V; v++) {
            gk_lstm_unit u = gk_lstm_of(sum[0].v[v], sum[1].v[v], sum[2].v[v], sum[3].v[v], old.v[v]);
            sum[0].v[v] = u.i, sum[1].v[v] = u.f, sum[2].v[v] = u.g, sum[3].v[v] = u.o;
            cell.v[v] = u.cell;
            out.v[v] = u.o * gk_tanh(u.cell);
        }
        for (int k = 0; k < 4; k++)
            gk_store(gk_of(l.gate) + p.wide + k * l.h, sum[k]);
        gk_store(gk_full_of(l.cell) + p.narrow, cell);
        gk_store(gk_of(y) + p.narrow, out);
        if (t == 0)
            gk_store(gk_of(l.before) + p.narrow, none);
        if (t + 1 < l.n_step)
            gk_store(gk_of(l.before) + p.narrow + l.h, out);
    }
};

void cuda_lstm_forward(gk_work *work, const gk_node *y)
{
    const gk_finish nothing = { NULL, 0, false };
    lstm    l = lstm_of(work, y);
    int64_t h = l.h;
    gk_span x = gk_data_of(work, y, 0), out = work->data[y->id];

    for (int64_t t = 0; t < l.n_step; t++) {
        if (t > 0)
            gk_multiply(work->device, work->n_replica, l.n_row, 4 * h, h, step_of(&l, l.before, t, h),
                        gk_matrix_of(gk_operand_of(work, y, 1), 4 * h), false, step_of(&l, l.gate, t, 4 * h), nothing);
        units_forward f = { l, x, out, (uint32_t)t };
        gk_each(work, f, l.n_row * h, gk_all_wide(h, x, out, l.cell, l.gate, l.before, l.first, l.first_cell));
    }
}

/* Slopes of the sums of step t, which may stand where the gates do, and of the cells before, in the place of its own cells. */
struct units_backward {
    lstm     l;
    gk_span  dy, slope;
    uint32_t t;

    template <int V> __device__ void at(uint32_t i) const
    {
        unit_place  p = place_of(l, t, i);
        gk_reals<V> gate[4], old = cells_before<V>(l, t, p), dcell = {};
        gk_reals<V> cell = gk_load<V>(gk_full_of(l.cell) + p.narrow), d = gk_load<V>(gk_of(dy) + p.narrow);
        for (int k = 0; k < 4; k++)
            gate[k] = gk_load<V>(gk_of(l.gate) + p.wide + k * l.h);
        if (t + 1 < l.n_step) {
            dcell = gk_load<V>(gk_full_of(l.cell) + p.narrow + l.h);
            gk_add_to(&d, gk_load<V>(gk_full_of(l.back) + p.row * l.h + p.j));
        }
        for (int v = 0; v < V; v++) {
            gk_lstm_unit u = { gate[0].v[v], gate[1].v[v], gate[2].v[v], gate[3].v[v], cell.v[v] };
            gk_lstm_unit s = gk_lstm_slope(u, old.v[v], d.v[v], dcell.v[v]);
            gate[0].v[v] = s.i, gate[1].v[v] = s.f, gate[2].v[v] = s.g, gate[3].v[v] = s.o;
            cell.v[v] = s.cell;
        }
        for (int k = 0; k < 4; k++)
            gk_store(gk_of(slope) + p.wide + k * l.h, gate[k]);
        gk_store(gk_full_of(l.cell) + p.narrow, cell);
    }
};

/* dx += slopes */
struct slopes_added {
    gk_span slope, dx;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_write(gk_of(dx) + i, gk_load<V>(gk_of(slope) + i), true);
    }
};

/* dfirst, dcell = or += the slopes of the sums of the first step, and of the cells before it; either may be at NULL */
struct first_backward {
    lstm    l;
    gk_span slope, dfirst, dcell;
    bool    add_first, add_cell;

    template <int V> __device__ void at(uint32_t i) const
    {
        unit_place p = place_of(l, 0, i);
        for (int k = 0; k < 4 && dfirst.at; k++)
            gk_write(gk_of(dfirst) + (4 * p.row + k) * l.h + p.j, gk_load<V>(gk_of(slope) + p.wide + k * l.h), add_first);
        if (dcell.at)
            gk_write(gk_of(dcell) + i, gk_load<V>(gk_full_of(l.cell) + p.narrow), add_cell);
    }
};

/* What the first step hands to what came before it. */
static void before_backward(gk_work *work, const gk_node *y, const lstm *l, gk_span slope)
{
    first_backward f = { *l, slope, gk_grad_of(work, y, 2), gk_grad_of(work, y, 3), y->accumulate[2], y->accumulate[3] };

    if (f.dfirst.at || f.dcell.at)
        gk_each(work, f, l->n_row * l->h, gk_all_wide(l->h, slope, f.dfirst, f.dcell, l->cell));
}

/* dw += sum over rows and steps of the outputs before times the slopes: of all steps, though there is nothing before the first,
 * but of two the second alone. */
static void weight_backward(gk_work *work, const lstm *l, gk_span slope, gk_span dw)
{
    const gk_finish nothing = { NULL, 0, false };
    bool            second = l->n_step == 2;
    int64_t         h = l->h, apart = second ? 2 : 1, n = (int64_t)l->n_row * (second ? 1 : l->n_step);

    gk_multiply(work->device, work->n_replica, h, 4 * h, n, gk_matrix_of(gk_from(l->before, second ? h : 0), apart * h, true),
                gk_matrix_of(gk_from(slope, second ? 4 * h : 0), apart * 4 * h), true, gk_matrix_of(dw, 4 * h), nothing);
}

void cuda_lstm_backward(gk_work *work, const gk_node *y)
{
    const gk_finish nothing = { NULL, 0, false };
    lstm    l = lstm_of(work, y);
    int64_t h = l.h, n = (int64_t)l.n_row * l.n_step;
    gk_span dx = gk_grad_of(work, y, 0), dw = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    gk_span slope = dx.at && !y->accumulate[0] ? dx : l.gate;

    for (int64_t t = l.n_step - 1; t >= 0; t--) {
        if (t + 1 < l.n_step)
            gk_multiply(work->device, work->n_replica, l.n_row, h, 4 * h, step_of(&l, slope, t + 1, 4 * h),
                        gk_matrix_of(gk_operand_of(work, y, 1), 4 * h, true), false, gk_matrix_of(l.back, h), nothing);
        units_backward f = { l, dy, slope, (uint32_t)t };
        gk_each(work, f, l.n_row * h, gk_all_wide(h, dy, slope, l.cell, l.gate, l.back, l.first_cell));
    }
    before_backward(work, y, &l, slope);
    if (dw.at)
        weight_backward(work, &l, slope, dw);
    slopes_added f = { slope, dx };
    if (dx.at && y->accumulate[0])
        gk_each(work, f, n * 4 * h, gk_all_wide(h, slope, dx));
}

/* --- one step --------------------------------------------------------------------------------------------------------------- */

/* Lines of 4h sums and of h cells, at either rate. */
typedef struct one_step { gk_divisor units; gk_span x, cell; } one_step;

static __device__ inline int64_t sums_at(const one_step &s, uint32_t i)
{
    return i + (int64_t)gk_quotient(i, s.units) * 3 * s.units.d;
}

struct cell_forward {
    one_step s;    /* cell: before */
    gk_span  y;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_cells    x = gk_of(s.x) + sums_at(s, i);
        gk_reals<V> in = gk_load<V>(x), forget = gk_load<V>(x + s.units.d), g = gk_load<V>(x + 2 * s.units.d), old = {};
        if (s.cell.at)
            old = gk_load<V>(gk_of(s.cell) + i);
        for (int v = 0; v < V; v++)
            old.v[v] = gk_lstm_of(in.v[v], forget.v[v], g.v[v], 0, old.v[v]).cell;
        gk_store(gk_of(y) + i, old);
    }
};

struct out_forward {
    one_step s;
    gk_span  y;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_reals<V> o = gk_load<V>(gk_of(s.x) + sums_at(s, i) + 3 * s.units.d), cell = gk_load<V>(gk_of(s.cell) + i);
        for (int v = 0; v < V; v++)
            cell.v[v] = gk_sigmoid(o.v[v]) * gk_tanh(cell.v[v]);
        gk_store(gk_of(y) + i, cell);
    }
};

/* Slopes of the sums and of the cells before (is_cell), or of the cells that outputs are of: a unit that forgets nothing has the
 * slope of its cell as that of the cell before. */
template <bool is_cell> struct step_backward {
    one_step s;
    gk_span  dy, dx, dcell;
    bool     add_x, add_cell;

    template <int V> __device__ void at(uint32_t i) const
    {
        int64_t     place = sums_at(s, i);
        gk_reals<V> sum[4], cell = {}, d = gk_load<V>(gk_of(dy) + i);
        for (int k = 0; k < 4; k++)
            sum[k] = gk_load<V>(gk_of(s.x) + place + k * s.units.d);
        if (s.cell.at)
            cell = gk_load<V>(gk_of(s.cell) + i);
        for (int v = 0; v < V; v++) {
            gk_lstm_unit out = { 0, 1, 0, gk_sigmoid(sum[3].v[v]), cell.v[v] };
            gk_lstm_unit u = is_cell ? gk_lstm_of(sum[0].v[v], sum[1].v[v], sum[2].v[v], 0, cell.v[v]) : out;
            gk_lstm_unit slope = is_cell ? gk_lstm_slope(u, cell.v[v], 0, d.v[v]) : gk_lstm_slope(u, 0, d.v[v], 0);
            sum[0].v[v] = slope.i, sum[1].v[v] = slope.f, sum[2].v[v] = slope.g, sum[3].v[v] = slope.o;
            cell.v[v] = slope.cell;
        }
        for (int k = 0; k < 4 && dx.at; k++)
            gk_write(gk_of(dx) + place + k * s.units.d, sum[k], add_x);
        if (dcell.at)
            gk_write(gk_of(dcell) + i, cell, add_cell);
    }
};

static one_step one_step_of(const gk_work *work, const gk_node *y)
{
    one_step s = { gk_divisor_of(gk_last_dim(y)), gk_data_of(work, y, 0), gk_data_of(work, y, 1) };
    return s;
}

template <bool is_cell> static void backward(gk_work *work, const gk_node *y)
{
    step_backward<is_cell> f = { one_step_of(work, y), work->grad[y->id], gk_grad_of(work, y, 0), gk_grad_of(work, y, 1),
                                 y->accumulate[0], y->accumulate[1] };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(gk_last_dim(y), f.s.x, f.s.cell, f.dy, f.dx, f.dcell));
}

void cuda_lstm_cell_forward(gk_work *work, const gk_node *y)
{
    cell_forward f = { one_step_of(work, y), work->data[y->id] };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(gk_last_dim(y), f.s.x, f.s.cell, f.y));
}

void cuda_lstm_out_forward(gk_work *work, const gk_node *y)
{
    out_forward f = { one_step_of(work, y), work->data[y->id] };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(gk_last_dim(y), f.s.x, f.s.cell, f.y));
}

void cuda_lstm_cell_backward(gk_work *work, const gk_node *y) { backward<true>(work, y); }
void cuda_lstm_out_backward(gk_work *work, const gk_node *y)  { backward<false>(work, y); }

}
