/* lstm_step.cu -- the cells and the outputs of one step of a recurrence, for all replicas, at either rate. */
#include "vectors.h"
#include "graph/formula.h"

namespace GK_CELLS {

/* Lines of 4h sums and of h cells, at either rate. */
typedef struct step { gk_divisor units; gk_span x, cell; } step;

static __device__ inline int64_t sums_at(const step &s, uint32_t i)
{
    return i + (int64_t)gk_quotient(i, s.units) * 3 * s.units.d;
}

struct cell_forward {
    step    s;    /* cell: before */
    gk_span y;

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
    step    s;
    gk_span y;

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
    step    s;
    gk_span dy, dx, dcell;
    bool    add_x, add_cell;

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

static step step_of(const gk_work *work, const gk_node *y)
{
    step s = { gk_divisor_of(gk_last_dim(y)), gk_data_of(work, y, 0), gk_data_of(work, y, 1) };
    return s;
}

template <bool is_cell> static void backward(gk_work *work, const gk_node *y)
{
    step_backward<is_cell> f = { step_of(work, y), work->grad[y->id], gk_grad_of(work, y, 0), gk_grad_of(work, y, 1),
                                 y->accumulate[0], y->accumulate[1] };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(gk_last_dim(y), f.s.x, f.s.cell, f.dy, f.dx, f.dcell));
}

void cuda_lstm_cell_forward(gk_work *work, const gk_node *y)
{
    cell_forward f = { step_of(work, y), work->data[y->id] };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(gk_last_dim(y), f.s.x, f.s.cell, f.y));
}

void cuda_lstm_out_forward(gk_work *work, const gk_node *y)
{
    out_forward f = { step_of(work, y), work->data[y->id] };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(gk_last_dim(y), f.s.x, f.s.cell, f.y));
}

void cuda_lstm_cell_backward(gk_work *work, const gk_node *y) { backward<true>(work, y); }
void cuda_lstm_out_backward(gk_work *work, const gk_node *y)  { backward<false>(work, y); }

}
