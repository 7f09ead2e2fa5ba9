/* trial.h -- for test_rows.c: a row of the tests of ops as a graph of several replicas, the numbers that it is tried on, and what
 * a backend makes of them. */
#ifndef GK_TESTS_CUDA_TRIAL_H
#define GK_TESTS_CUDA_TRIAL_H

#include "device_rows.h"
#include "list_rows.h"
#include "../unit/backends.h"
#include "base/bf16.h"
#include "base/rng.h"
#include "models/model.h"

enum { N_REPLICA = 3, MAX_ROW = 4216, N_ANY_ROW = N_ROW + N_LIST_ROW, N_MULTIPLIED = 3 };

typedef struct trial {
    const op_row *row;
    bool       coarse;          /* parameters have the eight bits of bfloat16 */
    bool       stored;          /* the result is copied before a loss reads it, and so stored as other activations are */
    gk_graph   graph;
    gk_node   *src[GK_MAX_SRC], *leaf;      /* leaf: [n_row] numbers of the rows */
    int32_t    item[MAX_ROW], label[N_REPLICA][MAX_ROW];
    int32_t   *index[GK_MAX_SRC];
    double    *target;          /* in float64, and ... */
    float     *target32;        /* ... the same numbers in float32 */
    gk_hyper   hyper[N_REPLICA];
    uint64_t   seed[N_REPLICA];
    gk_rows    taken[N_REPLICA];
    double    *param[N_REPLICA];
    gk_product product;
} trial;

static double some_value(int stream, int64_t i, double scale)
{
    return (float)fmax(-80, fmin(80, scale * gk_rng_normal(11, GK_RNG_TEST, (uint64_t)stream, (uint64_t)i)));
}

/* To the nearest number of bfloat16. */
static double rounded(double x)
{
    return gk_bf16_value(gk_bf16_of((float)x));
}

static int64_t size_of(const source *s)
{
    int64_t n = 1;
    for (int i = 0; i < 3 && s->dim[i] > 0; i++)
        n *= s->dim[i];
    return n;
}

static gk_node *shaped(gk_graph *g, gk_node *x, const source *s)
{
    int n_dim = s->dim[1] == 0 ? 1 : s->dim[2] == 0 ? 2 : 3;
    return n_dim == 1   ? gk_reshape(g, x, 1, s->dim[0])
           : n_dim == 2 ? gk_reshape(g, x, 2, s->dim[0], s->dim[1])
                        : gk_reshape(g, x, 3, s->dim[0], s->dim[1], s->dim[2]);
}

/* Rows that an index may name: those of the step-rate tables. */
static int64_t n_slot(const op_row *r)
{
    int64_t n = INT32_MAX;
    for (int s = 0; s < GK_MAX_SRC; s++)
        if (r->src[s].kind == 's' && r->src[s].dim[0] < n)
            n = r->src[s].dim[0];
    return n;
}

/* Indices as a row of lists wants them. */
static void choose_index(const list_row *row, int32_t *index, int64_t n, int64_t n_position)
{
    for (int64_t i = n_position; i < n; i++)
        if (row->constant >> i % n_position & 1)
            index[i] = index[i % n_position];
    for (int64_t i = 0, v = 0, k = 0; row->lists && row->lists[v] >= 0;) {
        if (k < row->lists[v])
            k++, index[i++ * 5 % n] = (int32_t)v;    /* in disorder: 5 and n have no divisor in common */
        else
            k = 0, v++;
    }
}

static gk_node *index_source(trial *t, int s)
{
    const source *from = &t->row->src[s];
    int64_t n = size_of(from) * (from->kind == 'c' ? 1 : t->row->n_row);
    t->index[s] = malloc((size_t)n * sizeof(int32_t));
    for (int row = 0; row < t->row->n_row && from->kind == 'e'; row++)
        op_row_edges(t->row, from, row, t->index[s] + row * size_of(from));
    for (int row = 0; row < t->row->n_row && from->kind == 'n'; row++)
        t->index[s][row] = op_row_count(t->row, row);
    for (int64_t i = 0; (from->kind == 'i' || from->kind == 'c') && i < n; i++)
        t->index[s][i] = (int32_t)gk_rng_below(12, GK_RNG_TEST, (uint64_t)s, (uint64_t)i, (uint32_t)n_slot(t->row));
    if (list_row_of(t->row))
        choose_index(list_row_of(t->row), t->index[s], n, from->dim[0]);
    return from->kind == 'c' ? gk_const_index(&t->graph, "index", t->index[s], from->dim[0])
                             : gk_input_index(&t->graph, "index", t->index[s], size_of(from));
}

/* A parameter with a row of n reals for every row of the batch. */
static gk_node *row_table(trial *t, int64_t n)
{
    return gk_param(&t->graph, "rows", "row,x", GK_INIT_NORMAL, 1, 2, (int64_t)t->row->n_row, n);
}

static gk_node *source_of(trial *t, int s)
{
    const source *from = &t->row->src[s];
    gk_graph *g = &t->graph;
    int64_t   n = size_of(from);
    gk_graph_layer(g, "source%d", s);
    switch (from->kind) {
    case 's':
        return from->dim[1] == 0   ? gk_param(g, "x", "a", GK_INIT_NORMAL, 1, 1, from->dim[0])
               : from->dim[2] == 0 ? gk_param(g, "x", "a,b", GK_INIT_NORMAL, 1, 2, from->dim[0], from->dim[1])
                                   : gk_param(g, "x", "a,b,c", GK_INIT_NORMAL, 1, 3, from->dim[0], from->dim[1], from->dim[2]);
    case 'r':
        return shaped(g, gk_embed(g, row_table(t, n), t->leaf), from);
    case 'm': {
        source x = *from;
        int    last = x.dim[2] ? 2 : x.dim[1] ? 1 : 0;
        x.dim[last] = N_MULTIPLIED;
        return gk_matmul(g, shaped(g, gk_embed(g, row_table(t, size_of(&x)), t->leaf), &x),
                         gk_param(g, "weight", "a,b", GK_INIT_NORMAL, 1, 2, (int64_t)N_MULTIPLIED, from->dim[last]));
    }
    case 'p':
        return gk_target(g, "target", n);
    default:
        return index_source(t, s);
    }
}

static gk_node *op_of(trial *t)
{
    gk_graph         *g = &t->graph;
    const gk_op_args *a = &t->row->args;
    gk_node         **s = t->src;
    switch (t->row->op) {
    case GK_OP_embed:         return gk_embed(g, s[0], s[1]);
    case GK_OP_embed_sum:     return gk_embed_sum(g, s[0], s[1]);
    case GK_OP_matmul:        return gk_matmul(g, s[0], s[1]);
    case GK_OP_head_matmul:   return gk_head_matmul(g, s[0], s[1], a->head_matmul.n_head);
    case GK_OP_conv:          return gk_conv(g, s[0], s[1], a->conv.kernel, a->conv.stride, a->conv.pad);
    case GK_OP_lstm:          return gk_lstm(g, s[0], s[1], s[2], s[3]);
    case GK_OP_lstm_cell:     return gk_lstm_cell(g, s[0], s[1]);
    case GK_OP_lstm_out:      return gk_lstm_out(g, s[0], s[1]);
    case GK_OP_mean_pool:     return gk_mean_pool(g, s[0]);
    case GK_OP_edge_sum:      return gk_edge_sum(g, s[0], s[1]);
    case GK_OP_sum_pool:      return gk_sum_pool(g, s[0], s[1]);
    case GK_OP_add_scaled:    return gk_add_scaled(g, s[0], s[1], s[2]);
    case GK_OP_bias_act:      return gk_bias_act(g, s[0], s[1], a->bias_act.activation, a->bias_act.slope);
    case GK_OP_add:           return gk_add(g, s[0], s[1]);
    case GK_OP_blend:         return gk_blend(g, s[0], s[1]);
    case GK_OP_layernorm:     return gk_layernorm(g, s[0], s[1], s[2], a->norm.epsilon);
    case GK_OP_rmsnorm:       return gk_rmsnorm(g, s[0], s[1], a->norm.epsilon);
    case GK_OP_attention:
        return gk_attention(g, s[0], s[1], s[2], s[3], a->attention.n_head, a->attention.n_token, a->attention.n_read,
                            a->attention.read, a->attention.causal, a->attention.sum_heads);
    case GK_OP_select:        return gk_select(g, s[0], a->select.n_read, a->select.read);
    case GK_OP_prepend:       return gk_prepend(g, s[0], s[1]);
    case GK_OP_reshape:       return gk_reshape(g, s[0], 1, s[0]->size);
    case GK_OP_dropout:       return gk_dropout(g, s[0]);
    case GK_OP_cross_entropy: return gk_cross_entropy(g, s[0], a->loss.softmax);
    case GK_OP_mse_softmax:   return gk_mse_softmax(g, s[0]);
    case GK_OP_mse_onehot:    return gk_mse_onehot(g, s[0]);
    case GK_OP_margin:        return gk_margin_of(g, s[0], a->loss.margin);
    case GK_OP_mse:           return gk_mse(g, s[0], s[1], a->loss.threshold);
    case GK_OP_kl_target:     return gk_kl_target(g, s[0], s[1], a->loss.squared);
#define LEAF(name, words, rate, traits, meaning) case GK_OP_##name:
#include "graph/ops.def"
    case GK_N_OP:
        break;
    }
    return NULL;
}

/* Everything as the logits of a row: [n]. */
static gk_node *flat(trial *t, gk_node *y)
{
    gk_graph *g = &t->graph;
    if (y->rate == GK_ROW_RATE)
        return gk_reshape(g, y, 1, y->size);
    /* a step-rate result is added to every row of a table of its own */
    gk_node *table = gk_embed(g, row_table(t, y->size), t->leaf);
    return gk_add(g, gk_reshape(g, table, 1, y->size), gk_reshape(g, y, 1, y->size));
}

static bool build(trial *t)
{
    gk_graph *g = &t->graph;
    gk_graph_init(g);
    for (int i = 0; i < t->row->n_row; i++)
        t->item[i] = i;
    t->leaf = gk_input_index(g, "number", t->item, 1);
    for (int s = 0; s < GK_MAX_SRC && t->row->src[s].kind; s++)
        t->src[s] = source_of(t, s);
    gk_graph_layer(g, "result");
    gk_node *y = op_of(t);
    if (t->row->op == GK_OP_kl_target) {
        gk_graph_teach(g, y);
        return gk_graph_freeze(g, t->src[0], gk_cross_entropy(g, t->src[0], GK_SOFTMAX_STABLE)) == 0;
    }
    if (y->n_dim == 0)
        return gk_graph_freeze(g, t->src[0], y) == 0;
    y = flat(t, y);
    if (t->stored)
        y = gk_reshape(g, gk_select(g, gk_reshape(g, y, 2, (int64_t)1, y->size), 1, (const int[]){ 0 }), 1, y->size);
    return gk_graph_freeze(g, y, gk_mse_onehot(g, y)) == 0;
}

static void fill(trial *t)
{
    int64_t n_out = t->graph.logits->size, n = t->row->n_row, p = t->graph.n_param_real;
    t->target = malloc((size_t)(n * t->graph.n_target_real + 1) * sizeof *t->target);
    t->target32 = malloc((size_t)(n * t->graph.n_target_real + 1) * sizeof *t->target32);
    for (int64_t i = 0; i < n * t->graph.n_target_real; i++)
        t->target[i] = t->target32[i] = i % 3 == 1 ? 0 : (float)exp(some_value(7, i, 1)) / (float)n_out;
    for (int r = 0; r < N_REPLICA; r++) {
#define HYPER(field, option, initial, min, max, ...) t->hyper[r].field = initial;
#include "graph/hyper.def"
#undef HYPER
        t->hyper[r].dropout = t->row->op == GK_OP_dropout ? 0.25 : 0;
        bool may_smooth = t->row->op == GK_OP_cross_entropy && t->row->args.loss.softmax == GK_SOFTMAX_STABLE;
        t->hyper[r].label_smoothing = may_smooth ? 0.1 * r : 0;
        t->hyper[r].temperature = 2.5;
        t->hyper[r].messiness = 0.375 * r;
        t->seed[r] = 5 + (uint64_t)r;
        t->taken[r] = (gk_rows){ .n = n - (n > 2 ? r : 0), .item = t->item, .label = t->label[r] };
        for (int64_t i = 0; i < n; i++)
            t->label[r][i] = (int32_t)gk_rng_below(13, GK_RNG_TEST, (uint64_t)r, (uint64_t)i,
                                                   (uint32_t)op_row_classes(t->row, n_out));
        t->param[r] = calloc((size_t)p, sizeof(double));
        for (int64_t i = 0; i < p; i++)
            t->param[r][i] = t->coarse ? rounded(some_value(100 + r, i, t->row->scale)) : some_value(100 + r, i, t->row->scale);
    }
}

static void close_trial(trial *t)
{
    for (int r = 0; r < N_REPLICA; r++)
        free(t->param[r]);
    for (int s = 0; s < GK_MAX_SRC; s++)
        free(t->index[s]);
    free(t->target);
    free(t->target32);
    gk_graph_release(&t->graph);
}

/* What a backend makes of replicas [first, first + n): gradients [n][P], logits [n][rows][size], metrics. */
typedef struct outcome { double *gradient, *logits[N_REPLICA]; gk_metrics metrics[N_REPLICA]; } outcome;

static outcome run(trial *t, const gk_backend *be, int first, int n)
{
    gk_problem problem = { .graph = &t->graph, .n_replica = n, .hyper = t->hyper + first, .seed = t->seed + first,
                           .rows = { t->taken + first, t->taken + first }, .n_thread = 1, .sums = ~0u, .product = t->product };
    for (int r = 0; r < N_REPLICA; r++)
        t->taken[r].target = t->graph.n_target_real == 0 ? NULL : be->real == GK_F64 ? (const void *)t->target : t->target32;
    gk_engine *engine = be->open(&problem);
    int64_t    p = t->graph.n_param_real;
    outcome    out = { .gradient = calloc((size_t)(n * p), sizeof(double)) };
    bool       is_double = be->real == GK_F64, active[N_REPLICA] = { true, true, true };
    void      *host = calloc((size_t)(n * p), sizeof(double));

    if (!engine)
        printf("%s\n", gk_error_message());
    CHECK(engine != NULL);
    for (int64_t i = 0; i < n * p; i++) {
        double value = t->param[first + i / p][i % p];
        if (is_double)
            ((double *)host)[i] = value;
        else
            ((float *)host)[i] = (float)value;
    }
    CHECK_INT(be->write(engine, GK_ARENA_PARAM, host), 0);
    CHECK_INT(be->gradient(engine, host), 0);
    for (int64_t i = 0; i < n * p; i++)
        out.gradient[i] = is_double ? ((double *)host)[i] : (double)((float *)host)[i];
    for (int r = 0; r < n; r++)
        out.logits[r] = calloc((size_t)(t->row->n_row * t->graph.logits->size), sizeof(double));
    CHECK_INT(be->predict(engine, GK_TRAIN_ROWS, active, out.logits), 0);
    CHECK_INT(be->evaluate(engine, GK_TRAIN_ROWS, active, out.metrics), 0);
    be->close(engine);
    free(host);
    return out;
}

static void outcome_free(outcome *o)
{
    free(o->gradient);
    for (int r = 0; r < N_REPLICA; r++)
        free(o->logits[r]);
}

#endif
