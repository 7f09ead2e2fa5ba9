/* trial.h -- one node on its own: its sources, guarded buffers, the naive result and the central differences. */
#ifndef GK_TESTS_KERNEL_TRIAL_H
#define GK_TESTS_KERNEL_TRIAL_H

#include <stdlib.h>
#include "../test.h"
#include "cpu/cpu.h"
#include "graph/shapes.h"
#include "naive.h"
#include "rows.h"

enum { GUARD = 16, Y = GK_MAX_SRC, N_ID, MAX_ROW = 64 };

static const double guard_word = -12345.671875;    /* exact in both types */

typedef struct trial {
    const op_row *row;
    gk_graph   graph;
    gk_node    src[GK_MAX_SRC], y;
    int64_t    n_y;                          /* reals of the result; of a loss: rows */
    gk_real   *data[N_ID], *grad[N_ID], *aux[N_ID], *scratch;
    int64_t    n_data[N_ID], n_aux, n_scratch;    /* sizes between the guards */
    int32_t   *index[N_ID], label[MAX_ROW];
    gk_hyper   hyper;
    double    *value[GK_MAX_SRC];            /* the sources as doubles */
    double    *dy, *expected, *slope[GK_MAX_SRC];    /* slope: see trial_differences */
    naive      formula;
    gk_work    work;
} trial;

static gk_kernel *const forward[GK_N_OP] = {
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) [GK_OP_##name] = cpu_##name##_forward,
#include "graph/ops.def"
};

static gk_kernel *const backward[GK_N_OP] = {
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) [GK_OP_##name] = cpu_##name##_backward,
#include "graph/ops.def"
};

/* --- guarded memory ------------------------------------------------------------------------------------------------- */

static inline gk_real *guarded_new(int64_t n)
{
    gk_real *at = malloc((size_t)(n + 2 * GUARD) * sizeof *at);
    for (int64_t i = 0; i < n + 2 * GUARD; i++)
        at[i] = (gk_real)guard_word;
    return at + GUARD;
}

static inline void guarded_free(gk_real *at)
{
    if (at)
        free(at - GUARD);
}

static inline bool guarded_intact(const gk_real *at, int64_t n)
{
    for (int i = 0; at && i < GUARD; i++)
        if (at[-1 - i] != (gk_real)guard_word || at[n + i] != (gk_real)guard_word)
            return false;
    return true;
}

/* --- building --------------------------------------------------------------------------------------------------------- */

static inline bool is_loss(gk_op op)
{
    return gk_op_is(op, GK_LOSS);
}

static inline bool is_reals(const trial *t, int s)
{
    return t->row->src[s].kind == 'r' || t->row->src[s].kind == 's';
}

static inline double some_value(uint64_t stream, int64_t i, double scale)
{
    return (float)fmax(-80, fmin(80, scale * gk_rng_normal(11, GK_RNG_TEST, stream, (uint64_t)i)));
}

/* Rows that an index may name: those of the step-rate tables. */
static inline int64_t n_slot(const op_row *r)
{
    int64_t n = INT32_MAX;
    for (int s = 0; s < GK_MAX_SRC; s++)
        if (r->src[s].kind == 's' && r->src[s].dim[0] < n)
            n = r->src[s].dim[0];
    return n;
}

/* Every third is 0, the others random, their sum 1. */
static inline void make_probabilities(trial *t, int s)
{
    int64_t n = t->src[s].size;
    t->n_data[s] = n * t->row->n_row;
    t->data[s]   = guarded_new(t->n_data[s]);
    t->value[s]  = malloc((size_t)t->n_data[s] * sizeof(double));
    for (int64_t i = 0; i < t->n_data[s]; i++)
        t->value[s][i] = i % n % 3 == 1 ? 0 : exp(some_value((uint64_t)s, i, 1));
    for (int64_t at = 0; at < t->row->n_row; at++) {
        double sum = 0;
        for (int64_t j = 0; j < n; j++)
            sum += t->value[s][at * n + j];
        for (int64_t i = at * n; i < (at + 1) * n; i++)
            t->data[s][i] = (gk_real)(t->value[s][i] /= sum);
    }
    t->formula.src[s] = t->value[s];
}

static inline void make_source(trial *t, int s)
{
    const source *from = &t->row->src[s];
    gk_node      *x    = &t->src[s];
    x->id   = s;
    x->name = "source";
    x->rate = from->kind == 's' || from->kind == 'c' ? GK_STEP_RATE : GK_ROW_RATE;
    x->op   = from->kind == 'i' ? GK_OP_INPUT_INDEX : from->kind == 'c' ? GK_OP_CONST_INDEX
              : from->kind == 'e' || from->kind == 'n' ? GK_OP_INPUT_INDEX : from->kind == 'p' ? GK_OP_TARGET : GK_OP_PARAM;
    x->size = 1;
    for (; x->n_dim < 3 && from->dim[x->n_dim] > 0; x->n_dim++) {
        x->dim[x->n_dim] = from->dim[x->n_dim];
        x->size *= from->dim[x->n_dim];
    }
    int64_t n = x->size * (x->rate == GK_ROW_RATE ? t->row->n_row : 1);
    if (from->kind == 'p') {
        make_probabilities(t, s);
        return;
    }
    if (!is_reals(t, s)) {
        t->index[s] = malloc((size_t)n * sizeof(int32_t));
        for (int row = 0; row < t->row->n_row && from->kind == 'e'; row++)
            op_row_edges(t->row, from, row, t->index[s] + row * x->size);
        for (int row = 0; row < t->row->n_row && from->kind == 'n'; row++)
            t->index[s][row] = op_row_count(t->row, row);
        for (int64_t i = 0; (from->kind == 'i' || from->kind == 'c') && i < n; i++)
            t->index[s][i] = (int32_t)gk_rng_below(12, GK_RNG_TEST, (uint64_t)s, (uint64_t)i, (uint32_t)n_slot(t->row));
        t->formula.index[s] = t->index[s];
        return;
    }
    x->needs_grad = true;
    t->n_data[s]  = n;
    t->data[s]    = guarded_new(n);
    t->grad[s]    = guarded_new(n);
    t->value[s]   = malloc((size_t)n * sizeof(double));
    t->slope[s]   = malloc((size_t)n * sizeof(double));
    for (int64_t i = 0; i < n; i++)
        t->data[s][i] = (gk_real)(t->value[s][i] = some_value((uint64_t)s, i, t->row->scale));
    t->formula.src[s] = t->value[s];
}

static inline void make_result(trial *t)
{
    gk_node *y = &t->y;
    y->op   = t->row->op;
    y->args = t->row->args;
    y->id   = Y;
    y->size = 1;
    y->name = "result";
    for (int s = 0; s < GK_MAX_SRC && t->row->src[s].kind; s++) {
        make_source(t, s);
        y->src[y->n_src++] = &t->src[s];
        y->rate            = t->src[s].rate == GK_ROW_RATE ? GK_ROW_RATE : y->rate;
    }
    y->needs_grad = true;
    gk_shape_rules[y->op](&t->graph, y);
    for (int i = 0; i < y->n_dim; i++)
        y->size *= y->dim[i];
    t->n_y       = naive_rows(&t->formula) * y->size;
    t->n_data[Y] = t->n_y;
    t->data[Y]   = guarded_new(t->n_y);
    t->grad[Y]   = guarded_new(t->n_y);
    t->expected  = malloc((size_t)t->n_y * sizeof(double));
    t->dy        = malloc((size_t)t->n_y * sizeof(double));
}

/* What each real of each source adds to sum_i dy[i] y[i]: central differences of the naive formula. */
static inline void trial_differences(trial *t)
{
    const double h = 1e-5;
    double      *above = malloc((size_t)t->n_y * sizeof(double)), *below = malloc((size_t)t->n_y * sizeof(double));
    for (int s = 0; s < t->y.n_src; s++)
        for (int64_t i = 0; is_reals(t, s) && i < t->n_data[s]; i++) {
            double here = t->value[s][i], sum = 0;
            t->value[s][i] = here + h;
            t->formula.out = above;
            naive_formulas[t->y.op](&t->formula);
            t->value[s][i] = here - h;
            t->formula.out = below;
            naive_formulas[t->y.op](&t->formula);
            t->value[s][i] = here;
            for (int64_t j = 0; j < t->n_y; j++)
                sum += t->dy[j] * (above[j] - below[j]);
            t->slope[s][i] = sum / (2 * h);
        }
    free(above);
    free(below);
}

static inline bool trial_open_smoothed(trial *t, const op_row *r, double smoothing)
{
    *t = (trial){ .row = r };
    gk_graph_init(&t->graph);
    t->formula = (naive){ .y = &t->y, .n_row = r->n_row, .label = t->label, .dropout = 0.25, .seed = 5, .step = 3,
                           .first_row = 2, .temperature = 2.5, .smoothing = smoothing, .messiness = 0.375 };
    t->hyper   = (gk_hyper){ .temperature = 2.5, .kd_weight = 1, .label_smoothing = smoothing, .messiness = 0.375 };
    make_result(t);
    if (t->graph.failed) {
        printf("%s: %s\n", gk_op_name(r->op), gk_error_message());
        return false;
    }
    t->n_scratch = t->y.n_scratch;
    t->scratch   = guarded_new(t->n_scratch);
    t->n_aux     = r->n_row * t->y.n_aux;
    t->aux[Y]    = guarded_new(t->n_aux);
    t->work      = (gk_work){ .hyper = &t->hyper,
                              .data = t->data, .grad = t->grad, .index = (const int32_t **)t->index, .n_row = r->n_row,
                              .label = t->label, .loss_scale = (gk_real)0.125, .training = true, .dropout = 0.25, .seed = 5,
                              .step = 3, .first_row = 2, .n_part = 1, .aux = t->aux, .scratch = t->scratch };
    for (int i = 0; i < r->n_row; i++)
        t->label[i] = (int32_t)gk_rng_below(13, GK_RNG_TEST, 0, (uint64_t)i,
                                            (uint32_t)op_row_classes(r, naive_last_dim(&t->src[0])));
    for (int64_t i = 0; i < t->n_y; i++)
        t->dy[i] = is_loss(r->op) ? 0.125 : some_value(9, i, 1);
    t->formula.out = t->expected;
    naive_formulas[r->op](&t->formula);
    return true;
}

static inline bool trial_open(trial *t, const op_row *r)
{
    return trial_open_smoothed(t, r, 0);
}

static inline void trial_close(trial *t)
{
    for (int i = 0; i < N_ID; i++) {
        guarded_free(t->data[i]);
        guarded_free(t->grad[i]);
        free(t->index[i]);
    }
    for (int s = 0; s < GK_MAX_SRC; s++) {
        free(t->value[s]);
        free(t->slope[s]);
    }
    guarded_free(t->scratch);
    guarded_free(t->aux[Y]);
    free(t->expected);
    free(t->dy);
    gk_graph_release(&t->graph);
}

#endif
