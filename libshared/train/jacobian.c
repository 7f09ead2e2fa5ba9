/* jacobian.c -- see jacobian.h.
 *
 * The gradient of mean_c (y_c - t)^2 is 2/C sum_c (y_c - t) dy_c.  That at t = 0 minus that at t = 1 is 2/C sum_c dy_c, and half
 * of it J_i.  So every item is two replicas of the same parameters, each with one row. */
#include "train/jacobian.h"

#include <stdlib.h>
#include <string.h>

enum { N_END = 2 };                          /* replicas of an item: t = 0 and t = 1 */
static const int64_t CHUNK_BYTES = 48 << 20;  /* of parameters and gradients */

/* Items that are looked at side by side. */
typedef struct gk_chunk_of_items {
    gk_arena   arena;
    gk_graph   graph;
    gk_problem problem;
    gk_rows   *rows;                         /* [2 n] */
    double    *target[N_END];                /* [n_out] */
    int64_t    n;                            /* at most */
    double    *param, *gradient;             /* [2 n][P] */
} gk_chunk_of_items;

/* The model without what is only for training, and with a loss whose targets its rows bring. */
static int build(gk_chunk_of_items *chunk, const gk_jacobian *of, int64_t n_out)
{
    gk_model_args model = *of->model;
    gk_model_data data = *of->data;
    data.n_target = (int)n_out;
    data.target = NULL;
    data.n_teach = 0;
    model.loss = GK_LOSS_MSE;
    model.dropout = false;
    model.two_rate = false;                  /* a table for one row would be wasted */
    return gk_model_build(&chunk->graph, &model, &data);
}

static int64_t items_of_chunk(const gk_jacobian *of, int64_t n_real)
{
    int64_t n_thread = of->n_thread > 0 ? of->n_thread : 1;
    int64_t n = CHUNK_BYTES / (3 * N_END * n_real * (int64_t)sizeof(double)) + 1;    /* parameters here and in the engine */
    n = (n + n_thread - 1) / n_thread * n_thread;
    return n < of->n ? n : of->n;
}

/* Every replica has the same parameters. */
static void spread(gk_chunk_of_items *chunk, const gk_jacobian *of)
{
    int64_t n_real = chunk->graph.n_param_real;
    gk_assert(chunk->graph.n_param == of->graph->n_param);
    for (int p = 0; p < chunk->graph.n_param; p++) {
        const gk_node *to = chunk->graph.param[p], *from = of->graph->param[p];
        gk_assert(strcmp(to->name, from->name) == 0 && to->size == from->size);
        memcpy(chunk->param + to->offset, of->param + from->offset, (size_t)to->size * sizeof *of->param);
    }
    for (int64_t replica = 1; replica < N_END * chunk->n; replica++)
        memcpy(chunk->param + replica * n_real, chunk->param, (size_t)n_real * sizeof *chunk->param);
}

static int chunk_open(gk_chunk_of_items *chunk, const gk_jacobian *of)
{
    int64_t n_out = gk_model_n_out(of->model, of->data);
    gk_graph_init(&chunk->graph);
    if (build(chunk, of, n_out) < 0)
        return -1;
    chunk->n = items_of_chunk(of, chunk->graph.n_param_real);

    size_t    n = (size_t)(N_END * chunk->n), n_real = (size_t)chunk->graph.n_param_real;
    gk_hyper *hyper = gk_arena_alloc(&chunk->arena, n * sizeof *hyper);
    uint64_t *seed = gk_arena_alloc(&chunk->arena, n * sizeof *seed);
    chunk->rows = gk_arena_alloc(&chunk->arena, n * sizeof *chunk->rows);
    for (size_t replica = 0; replica < n; replica++)
        hyper[replica].messiness = of->messiness;
    for (int end = 0; end < N_END; end++) {
        chunk->target[end] = gk_arena_alloc(&chunk->arena, (size_t)n_out * sizeof(double));
        for (int64_t c = 0; c < n_out; c++)
            chunk->target[end][c] = end;
    }
    chunk->problem = (gk_problem){ .graph = &chunk->graph, .update = { .optimizer = GK_OPTIM_sgd }, .hyper = hyper, .seed = seed,
                                   .rows = { chunk->rows }, .n_thread = of->n_thread };
    chunk->param = gk_alloc_large(n * n_real * sizeof *chunk->param, "parameters of a Jacobian");
    chunk->gradient = gk_alloc_large(n * n_real * sizeof *chunk->gradient, "gradients of a Jacobian");
    if (!chunk->param || !chunk->gradient)
        return -1;
    spread(chunk, of);
    return 0;
}

static void chunk_close(gk_chunk_of_items *chunk)
{
    free(chunk->param);
    free(chunk->gradient);
    gk_graph_release(&chunk->graph);
    gk_arena_release(&chunk->arena);
}

/* Gradients of n items at both targets. */
static int take_gradients(gk_chunk_of_items *chunk, const int32_t *item, int64_t n)
{
    static const int32_t no_label = 0;
    const gk_backend    *backend = &gk_backend_cpu_f64;
    chunk->problem.n_replica = N_END * n;
    for (int64_t replica = 0; replica < N_END * n; replica++)
        chunk->rows[replica] = (gk_rows){ .n = 1, .item = &item[replica / N_END], .label = &no_label,
                                          .target = chunk->target[replica % N_END] };
    gk_engine *engine = backend->open(&chunk->problem);
    int status = engine && backend->write(engine, GK_ARENA_PARAM, chunk->param) == 0 &&
                 backend->gradient(engine, chunk->gradient) == 0 ? 0 : -1;
    if (engine)
        backend->close(engine);
    return status;
}

/* |J_i|^2 from the gradients at t = 0 and, after them, t = 1. */
static double square_of(const gk_graph *graph, const double *gradient)
{
    const double *at_zero = gradient, *at_one = gradient + graph->n_param_real;
    double sum = 0;
    for (int p = 0; p < graph->n_param; p++) {
        const gk_node *param = graph->param[p];
        for (int64_t i = param->offset; !param->frozen && i < param->offset + param->size; i++) {
            double slope = (at_zero[i] - at_one[i]) / 2;
            sum += slope * slope;
        }
    }
    return sum;
}

int gk_jacobian_trace(const gk_jacobian *of, double *trace)
{
    gk_chunk_of_items chunk = { .n = 0 };
    double sum = 0;
    int    status = chunk_open(&chunk, of);
    for (int64_t first = 0; status == 0 && first < of->n; first += chunk.n) {
        int64_t n = chunk.n < of->n - first ? chunk.n : of->n - first;
        if (of->interrupted && of->interrupted(of->context))
            status = 1;
        else
            status = take_gradients(&chunk, of->item + first, n);
        for (int64_t i = 0; status == 0 && i < n; i++)
            sum += square_of(&chunk.graph, chunk.gradient + i * N_END * chunk.graph.n_param_real);
    }
    if (status == 0)
        *trace = sum;
    chunk_close(&chunk);
    return status;
}

int gk_jacobian_of_replica(const gk_trainer *trainer, int64_t replica, bool (*interrupted)(void *context), void *context,
                           double *trace)
{
    const gk_group *group = trainer->group;
    gk_model_data   data = gk_plan_model_data(trainer->plan, trainer->plan_group);
    int64_t n_real = trainer->graph.n_param_real, first = replica * n_real;
    int     set = trainer->plan->first.run.eval_items > 0 ? trainer->eval[0].set : GK_TRAIN_ROWS;
    double *param = gk_alloc_large((size_t)n_real * sizeof *param, "parameters of a Jacobian");
    if (!param)
        return -1;
    for (int64_t i = 0; i < n_real; i++)
        param[i] = group->real == GK_F64 ? ((const double *)group->model)[first + i]
                                         : (double)((const float *)group->model)[first + i];
    const gk_rows *rows = &trainer->problem.rows[set][replica];
    gk_jacobian of = { .model = &trainer->plan_group->model, .data = &data,
                       .messiness = trainer->problem.hyper[replica].messiness, .graph = &trainer->graph, .param = param,
                       .n = rows->n, .item = rows->item, .n_thread = trainer->problem.n_thread,
                       .interrupted = interrupted, .context = context };
    int status = gk_jacobian_trace(&of, trace);
    free(param);
    return status;
}
