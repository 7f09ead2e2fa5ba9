/* lstm.c -- a recurrence of units with gates over the T steps of an item (formula.h has the unit).
 *
 * A step is one product for all rows of the block, whose outputs of the step before stand T outputs apart, and one pass over
 * units.  aux keeps, of the block, gates [row][step][4h] and cells [row][step][h], and [row][h] for the way back: then slopes of
 * the sums stand in the source's gradient, or else in the place of the gates, that of a cell in the place of the one behind. */
#include <string.h>

#include "cpu/cpu.h"
#include "graph/formula.h"

typedef struct lstm {
    int64_t        n_row, n_step, h;
    const gk_real *w;                      /* [h, 4h] */
    const gk_real *first, *cell_before;    /* [n_row, 4h], [n_row, h]: what came before the first step; NULL: nothing */
    gk_real       *gate, *cell, *back;     /* aux */
} lstm;

static lstm lstm_of(const gk_work *work, const gk_node *y)
{
    lstm l = { work->n_row, y->dim[0], y->dim[1], .w = work->data[y->src[1]->id], .gate = work->aux[y->id] };

    if (y->n_src > 2) {
        l.first       = work->data[y->src[2]->id];
        l.cell_before = work->data[y->src[3]->id];
    }
    l.cell = l.gate + l.n_row * l.n_step * 4 * l.h;
    l.back = l.cell + l.n_row * l.n_step * l.h;
    return l;
}

/* --- forward ---------------------------------------------------------------------------------------------------------- */

/* The units of a row at a step; is_first, a constant of every call: nothing came before.  add: what outputs before add to x; may
 * be gate itself. */
static inline __attribute__((always_inline)) void units(int64_t h, bool is_first, const gk_real *restrict x, const gk_real *add,
                                                        gk_real *gate, const gk_real *restrict before, gk_real *restrict cell,
                                                        gk_real *restrict y)
{
#pragma omp simd
    for (int64_t j = 0; j < h; j++) {
        gk_real      i = x[j], f = x[h + j], g = x[2 * h + j], o = x[3 * h + j];
        gk_lstm_unit u = is_first ? gk_lstm_of(i, f, g, o, 0)
                                  : gk_lstm_of(i + add[j], f + add[h + j], g + add[2 * h + j], o + add[3 * h + j], before[j]);
        gate[j]         = u.i;
        gate[h + j]     = u.f;
        gate[2 * h + j] = u.g;
        gate[3 * h + j] = u.o;
        cell[j]         = u.cell;
        y[j]            = u.o * gk_tanh(u.cell);
    }
}

void cpu_lstm_forward(gk_work *work, const gk_node *y)
{
    lstm           l = lstm_of(work, y);
    int64_t        h = l.h, wide = l.n_step * 4 * h, narrow = l.n_step * h;
    const gk_real *x = work->data[y->src[0]->id];
    gk_real       *out = work->data[y->id];

    for (int64_t t = 0; t < l.n_step; t++) {
        const gk_real *x_t = x + t * 4 * h;
        gk_real       *gate = l.gate + t * 4 * h, *cell = l.cell + t * h, *y_t = out + t * h;
        if (t > 0)
            gk_gemm(false, false, l.n_row, 4 * h, h, y_t - h, narrow, l.w, 4 * h, 0, gate, wide);
        for (int64_t row = 0; row < l.n_row; row++, x_t += wide, gate += wide, cell += narrow, y_t += narrow)
            if (t > 0)
                units(h, false, x_t, gate, gate, cell - h, cell, y_t);
            else if (l.first)
                units(h, false, x_t, l.first + row * 4 * h, gate, l.cell_before + row * h, cell, y_t);
            else
                units(h, true, x_t, NULL, gate, NULL, cell, y_t);
    }
}

/* --- backward --------------------------------------------------------------------------------------------------------- */

enum { FIRST = 1, LAST = 2 };    /* steps with nothing before or behind them */

/* slope, the slopes of the sums of a row at a step, may be gate itself.  before: cells of the step before; back: what the step
 * behind adds to dy. */
static inline __attribute__((always_inline)) void unit_slopes(int64_t h, int where, const gk_real *gate, const gk_real *before,
                                                              gk_real *cell, const gk_real *dy, const gk_real *back,
                                                              gk_real *slope)
{
#pragma omp simd
    for (int64_t j = 0; j < h; j++) {
        gk_lstm_unit u = { gate[j], gate[h + j], gate[2 * h + j], gate[3 * h + j], cell[j] };
        gk_lstm_unit d = gk_lstm_slope(u, where & FIRST ? 0 : before[j], where & LAST ? dy[j] : dy[j] + back[j],
                                       where & LAST ? 0 : cell[j + h]);
        slope[j]         = d.i;
        slope[h + j]     = d.f;
        slope[2 * h + j] = d.g;
        slope[3 * h + j] = d.o;
        cell[j]          = d.cell;    /* that of the cell before: it stands in the place of the one behind it */
    }
}

/* Slopes of the sums of step t, all rows. */
static void step_slopes(const lstm *l, int64_t t, const gk_real *dy, gk_real *slope)
{
    int64_t h = l->h, wide = l->n_step * 4 * h, narrow = l->n_step * h;
    int     where = (t == 0 && !l->cell_before ? FIRST : 0) | (t == l->n_step - 1 ? LAST : 0);

    for (int64_t row = 0; row < l->n_row; row++) {
        const gk_real *gate = l->gate + row * wide + t * 4 * h, *dy_t = dy + row * narrow + t * h, *back = l->back + row * h;
        gk_real       *cell = l->cell + row * narrow + t * h, *to = slope + row * wide + t * 4 * h;
        const gk_real *before = t > 0 ? cell - h : l->cell_before ? l->cell_before + row * h : NULL;
        switch (where) {
        case 0:            unit_slopes(h, 0, gate, before, cell, dy_t, back, to); break;
        case FIRST:        unit_slopes(h, FIRST, gate, NULL, cell, dy_t, back, to); break;
        case LAST:         unit_slopes(h, LAST, gate, before, cell, dy_t, back, to); break;
        default:           unit_slopes(h, FIRST | LAST, gate, NULL, cell, dy_t, back, to);
        }
    }
}

/* dw += sum over rows and steps of the output before times the slopes: a product for each step, or for each row if those are
 * fewer. */
static void weight_gradient(const lstm *l, const gk_real *out, const gk_real *slope, gk_real *dw)
{
    int64_t h = l->h, wide = l->n_step * 4 * h, narrow = l->n_step * h;

    if (l->n_row < l->n_step - 1) {
        for (int64_t row = 0; row < l->n_row; row++)
            gk_gemm(true, false, h, 4 * h, l->n_step - 1, out + row * narrow, h, slope + row * wide + 4 * h, 4 * h, 1, dw, 4 * h);
        return;
    }
    for (int64_t t = 1; t < l->n_step; t++)
        gk_gemm(true, false, h, 4 * h, l->n_row, out + (t - 1) * h, narrow, slope + t * 4 * h, wide, 1, dw, 4 * h);
}

/* The gradient of source i is, or has added, the first n of each row's `slope`, rows `line` apart. */
static void before_gradient(const gk_work *work, const gk_node *y, int i, const gk_real *slope, int64_t line)
{
    const gk_node *before = y->src[i];
    int64_t        n = before->size;
    gk_real       *to = work->grad[before->id];

    for (int64_t row = 0; before->needs_grad && row < work->n_row; row++, slope += line, to += n)
        if (y->accumulate[i])
            for (int64_t j = 0; j < n; j++)
                to[j] += slope[j];
        else
            memcpy(to, slope, (size_t)n * sizeof *to);
}

void cpu_lstm_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    lstm           l = lstm_of(work, y);
    int64_t        h = l.h, wide = l.n_step * 4 * h;
    gk_real       *slope = x->needs_grad && !y->accumulate[0] ? work->grad[x->id] : l.gate;

    for (int64_t t = l.n_step - 1; t >= 0; t--) {
        if (t < l.n_step - 1)
            gk_gemm(false, true, l.n_row, h, 4 * h, slope + (t + 1) * 4 * h, wide, l.w, 4 * h, 0, l.back, h);
        step_slopes(&l, t, work->grad[y->id], slope);
    }
    if (l.first) {
        before_gradient(work, y, 2, slope, wide);
        before_gradient(work, y, 3, l.cell, l.n_step * h);
    }
    if (w->needs_grad)
        weight_gradient(&l, work->data[y->id], slope, work->grad[w->id]);
    for (int64_t i = 0; x->needs_grad && y->accumulate[0] && i < l.n_row * wide; i++)
        work->grad[x->id][i] += slope[i];
}
