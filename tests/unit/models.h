/* models.h -- for the tests of models: small data, a model on the float64 engine, central differences, naive linear maps. */
#ifndef GK_TESTS_UNIT_MODELS_H
#define GK_TESTS_UNIT_MODELS_H

#include <stdlib.h>
#include "../test.h"
#include "backends.h"
#include "base/rng.h"
#include "graph/backend.h"
#include "models/model.h"

/* --- data and models to build ---------------------------------------------------------------------------------------- */

typedef struct problem {
    gk_model_args args;
    gk_model_data data;
    int32_t      *token, *item, *label;
    float        *real;
} problem;

#define T1 { .model = 0, .n_layer = 1, .n_head = 4, .d_model = 128, .d_mlp = 512, .bias = GK_BIAS_MLP, .activation = GK_RELU, \
             .causal = true, .two_rate = true }
#define SMALL .model = 0, .n_head = 2, .d_model = 6, .d_mlp = 8, .init = GK_INIT_TORCH
#define MLP .model = 1, .d_model = 5, .init = GK_INIT_TORCH

/* All pairs (a, b) of p numbers as [a, b, p, p+1, ...]; labels are a + 2b + 1 mod p. */
static inline problem pairs(gk_model_args args, int p, int n_token)
{
    problem t = { args, { .n_item = p * p, .n_token = n_token, .n_vocab = n_token > 2 ? p + n_token - 2 : p, .n_answer = p,
                          .n_read = 1, .read = { n_token - 1 } }, NULL, NULL, NULL, NULL };
    t.token = malloc((size_t)(p * p * n_token) * sizeof *t.token);
    t.item = malloc((size_t)(p * p) * sizeof *t.item);
    t.label = malloc((size_t)(p * p) * sizeof *t.label);
    for (int i = 0; i < p * p; i++) {
        for (int at = 0; at < n_token; at++)
            t.token[i * n_token + at] = at == 0 ? i / p : at == 1 ? i % p : p + at - 2;
        t.item[i] = i;
        t.label[i] = (i / p + 2 * (i % p) + 1) % p;
    }
    t.data.token = t.token;
    return t;
}

/* n items of n_real normal numbers. */
static inline problem reals(gk_model_args args, int n, int n_real, int n_answer)
{
    problem t = { args, { .n_item = n, .n_real = n_real, .n_answer = n_answer }, NULL, NULL, NULL, NULL };
    t.real = malloc((size_t)(n * n_real) * sizeof *t.real);
    t.item = malloc((size_t)n * sizeof *t.item);
    t.label = malloc((size_t)n * sizeof *t.label);
    for (int i = 0; i < n * n_real; i++)
        t.real[i] = (float)gk_rng_normal(7, GK_RNG_TEST, 0, (uint64_t)i);
    for (int i = 0; i < n; i++) {
        t.item[i] = i;
        t.label[i] = i % n_answer;
    }
    t.data.real = t.real;
    return t;
}

static inline void problem_free(problem *t)
{
    free(t->token);
    free(t->item);
    free(t->label);
    free(t->real);
}

static inline const gk_node *find_node(const gk_graph *graph, const char *name)
{
    for (int i = 0; i < graph->n_node; i++)
        if (strcmp(graph->node[i]->name, name) == 0)
            return graph->node[i];
    return NULL;
}

static inline void check_refused(problem t, const char *message)
{
    gk_graph graph;
    gk_graph_init(&graph);
    CHECK_INT(gk_model_build(&graph, &t.args, &t.data), -1);
    CHECK_CONTAINS(gk_error_message(), message);
    gk_graph_release(&graph);
    problem_free(&t);
}

/* --- losses and gradients ------------------------------------------------------------------------------------------------ */

/* A built model on the float64 engine: one replica, all items in its train rows. */
typedef struct solver {
    gk_graph   graph;
    gk_hyper   hyper;
    uint64_t   seed;
    gk_rows    rows;
    gk_problem problem;
    gk_engine *engine;
} solver;

static inline void solver_init(solver *s, const problem *t)
{
    *s = (solver){ .seed = 1, .rows = { .n = t->data.n_item, .item = t->item, .label = t->label } };
#define HYPER(field, option, initial, min, max, ...) s->hyper.field = initial;
#include "graph/hyper.def"
#undef HYPER
    gk_graph_init(&s->graph);
}

/* The engine of a solver whose graph is frozen. */
static inline bool solver_start(solver *s)
{
    s->problem = (gk_problem){ .graph = &s->graph, .n_replica = 1, .hyper = &s->hyper, .seed = &s->seed,
                               .rows = { &s->rows, &s->rows }, .n_thread = 1 };
    s->engine = backend_of(1)->open(&s->problem);
    if (!s->engine)
        printf("%s\n", gk_error_message());
    CHECK(s->engine != NULL);
    return s->engine != NULL;
}

static inline bool solver_open(solver *s, const problem *t)
{
    solver_init(s, t);
    if (gk_model_build(&s->graph, &t->args, &t->data) == 0)
        return solver_start(s);
    printf("%s\n", gk_error_message());
    CHECK(s->engine != NULL);
    return false;
}

static inline void solver_close(solver *s)
{
    if (s->engine)
        backend_of(1)->close(s->engine);
    gk_graph_release(&s->graph);
}

static inline double loss_at(solver *s, const double *param)
{
    const bool active = true;
    gk_metrics metrics = { .loss = NAN };
    CHECK_INT(backend_of(1)->write(s->engine, GK_ARENA_PARAM, param), 0);
    CHECK_INT(backend_of(1)->evaluate(s->engine, GK_TRAIN_ROWS, &active, &metrics), 0);
    return metrics.loss;
}

static inline void gradient_at(solver *s, const double *param, double *gradient)
{
    CHECK_INT(backend_of(1)->write(s->engine, GK_ARENA_PARAM, param), 0);
    CHECK_INT(backend_of(1)->gradient(s->engine, gradient), 0);
}

/* Random parameters: those of the initial law, all moved a little, so that no bias is 0 and no gain is 1. */
static inline double *some_parameters(const gk_graph *graph)
{
    double *value = malloc((size_t)graph->n_param_real * sizeof *value);
    gk_model_init(graph, 3, 1, value);
    for (int p = 0; p < graph->n_param; p++)
        for (int64_t i = 0; i < graph->param[p]->size; i++)
            value[graph->param[p]->offset + i] += 0.1 * gk_rng_normal(4, GK_RNG_TEST, (uint64_t)p, (uint64_t)i);
    return value;
}

/* Central differences of every 7th parameter. */
static inline void check_differences(const char *title, solver *s, double *param)
{
    const double step = 1e-6;
    double *gradient = calloc((size_t)s->graph.n_param_real, sizeof *gradient);
    gradient_at(s, param, gradient);
    for (int p = 0; p < s->graph.n_param; p++)
        for (int64_t i = p % 3; i < s->graph.param[p]->size; i += 7) {
            int64_t at = s->graph.param[p]->offset + i;
            double here = param[at];
            param[at] = here + step;
            double above = loss_at(s, param);
            param[at] = here - step;
            double below = loss_at(s, param);
            param[at] = here;
            if (!(fabs((above - below) / (2 * step) - gradient[at]) < 1e-7))
                printf("%s, %s[%d]:\n", title, s->graph.param[p]->name, (int)i);
            CHECK_CLOSE(gradient[at], (above - below) / (2 * step), 1e-7);     /* rounding of the loss: 1e-15 / 1e-6 */
        }
    free(gradient);
}

/* Loss and gradient of the two-rate and the plain path agree to rounding, and with central differences. */
static inline void check_two_rates(const char *title, problem *t)
{
    solver table = { .engine = NULL }, plain = { .engine = NULL };
    problem other = *t;
    t->args.two_rate = true;
    other.args.two_rate = false;
    if (solver_open(&table, t) && solver_open(&plain, &other)) {
        int64_t n = plain.graph.n_param_real;
        double *param = some_parameters(&plain.graph), *both = calloc(2 * (size_t)n, sizeof *both), most = 0;
        CHECK_INT(table.graph.n_param_real, n);
        CHECK_CLOSE(loss_at(&table, param), loss_at(&plain, param), 1e-12);
        gradient_at(&table, param, both);
        gradient_at(&plain, param, both + n);
        for (int64_t i = 0; i < n; i++)
            most = fmax(most, fabs(both[i] - both[n + i]));
        if (!(most <= 1e-12))
            printf("%s:\n", title);
        CHECK_CLOSE(most, 0, 1e-12);
        check_differences(title, &plain, param);
        free(param);
        free(both);
    }
    solver_close(&table);
    solver_close(&plain);
}

/* --- naive formulas, one item at a time ------------------------------------------------------------------------------------- */

enum { MAX = 64 };

typedef struct naive { const gk_graph *graph; const gk_model_args *args; const double *param; int layer; } naive;

/* Parameter "block<layer>.<name>", or "<name>" where that is none; NULL if there is none. */
static inline const double *named(const naive *m, const char *name)
{
    char full[128];
    snprintf(full, sizeof full, "block%d.%s", m->layer, name);
    const gk_node *node = find_node(m->graph, full);
    node = node ? node : find_node(m->graph, name);
    return node && node->op == GK_OP_PARAM ? m->param + node->offset : NULL;
}

/* y[o] = sum_i x[i] w[i][o] + b[o] */
static inline void naive_linear(const naive *m, const char *name, const double *x, int n_in, double *y, int n_out)
{
    char full[64];
    snprintf(full, sizeof full, "%s.weight", name);
    const double *w = named(m, full);
    snprintf(full, sizeof full, "%s.bias", name);
    const double *b = named(m, full);
    for (int o = 0; o < n_out; o++) {
        y[o] = b ? b[o] : 0;
        for (int i = 0; i < n_in; i++)
            y[o] += x[i] * w[i * n_out + o];
    }
}

static inline double naive_cross_entropy(const double *logits, int n, int label)
{
    double sum = 0;
    for (int c = 0; c < n; c++)
        sum += exp(logits[c]);
    return log(sum) - logits[label];
}

#endif
