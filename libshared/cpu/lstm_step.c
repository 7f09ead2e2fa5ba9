/* lstm_step.c -- the cells and the outputs of one step of a recurrence (formula.h), at either rate. */
#include <string.h>

#include "cpu/cpu.h"
#include "graph/formula.h"

void cpu_lstm_cell_forward(gk_work *work, const gk_node *y)
{
    int64_t        h = gk_last_dim(y), n = gk_n_real(work, y) / h;
    const gk_real *x = work->data[y->src[0]->id], *before = y->n_src > 1 ? work->data[y->src[1]->id] : NULL;
    gk_real       *cell = work->data[y->id];

    for (int64_t line = 0; line < n; line++, x += 4 * h, cell += h, before += before ? h : 0)
#pragma omp simd
        for (int64_t j = 0; j < h; j++)
            cell[j] = gk_lstm_of(x[j], x[h + j], x[2 * h + j], 0, before ? before[j] : 0).cell;
}

/* to += or = n slopes; nothing without `to`. */
static void hand_on(gk_real *restrict to, const gk_real *restrict slope, int64_t n, bool add)
{
    if (to && add)
#pragma omp simd
        for (int64_t i = 0; i < n; i++)
            to[i] += slope[i];
    else if (to)
        memcpy(to, slope, (size_t)n * sizeof *to);
}

/* Whose backward: of cells, with none before or some; of outputs. */
enum { FIRST_CELLS, CELLS, OUTPUTS };

/* Slopes of a line's sums [4h] and cells [h].  A unit that forgets nothing has the slope of its cell as that of the cell
 * before. */
static inline __attribute__((always_inline)) void slopes(int what, int64_t h, const gk_real *restrict x,
                                                         const gk_real *restrict cell, const gk_real *restrict dy,
                                                         gk_real *restrict slope)
{
#pragma omp simd
    for (int64_t j = 0; j < h; j++) {
        gk_real      c = what == FIRST_CELLS ? 0 : cell[j];
        gk_lstm_unit out = { 0, 1, 0, gk_sigmoid(x[3 * h + j]), c };
        gk_lstm_unit d = what == OUTPUTS ? gk_lstm_slope(out, 0, dy[j], 0)
                                         : gk_lstm_slope(gk_lstm_of(x[j], x[h + j], x[2 * h + j], 0, c), c, 0, dy[j]);
        slope[j]         = d.i;
        slope[h + j]     = d.f;
        slope[2 * h + j] = d.g;
        slope[3 * h + j] = d.o;
        slope[4 * h + j] = d.cell;
    }
}

static inline __attribute__((always_inline)) void backward(int what, gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *of = what == FIRST_CELLS ? NULL : y->src[1];
    int64_t        h = gk_last_dim(y), n = gk_n_real(work, y) / h;
    const gk_real *sum = work->data[x->id], *cell = of ? work->data[of->id] : sum, *dy = work->grad[y->id];
    gk_real       *dx = x->needs_grad ? work->grad[x->id] : NULL, *dcell = of && of->needs_grad ? work->grad[of->id] : NULL;
    gk_real       *slope = work->scratch;

    for (int64_t line = 0; line < n; line++) {
        slopes(what, h, sum + line * 4 * h, cell + line * h, dy + line * h, slope);
        hand_on(dx ? dx + line * 4 * h : NULL, slope, 4 * h, y->accumulate[0]);
        hand_on(dcell ? dcell + line * h : NULL, slope + 4 * h, h, y->accumulate[1]);
    }
}

void cpu_lstm_cell_backward(gk_work *work, const gk_node *y)
{
    if (y->n_src > 1)
        backward(CELLS, work, y);
    else
        backward(FIRST_CELLS, work, y);
}

void cpu_lstm_out_forward(gk_work *work, const gk_node *y)
{
    int64_t        h = gk_last_dim(y), n = gk_n_real(work, y) / h;
    const gk_real *o = work->data[y->src[0]->id] + 3 * h, *cell = work->data[y->src[1]->id];
    gk_real       *out = work->data[y->id];

    for (int64_t line = 0; line < n; line++, o += 4 * h, cell += h, out += h)
#pragma omp simd
        for (int64_t j = 0; j < h; j++)
            out[j] = gk_sigmoid(o[j]) * gk_tanh(cell[j]);
}

void cpu_lstm_out_backward(gk_work *work, const gk_node *y)
{
    backward(OUTPUTS, work, y);
}
