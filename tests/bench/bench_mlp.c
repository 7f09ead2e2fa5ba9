/* bench_mlp.c -- training steps of 64 replicas of the 5-100-100-5 tanh network: 100 rows of 5 reals, Adam, full batch.
 *
 * usage: bench_mlp REPLICAS THREADS
 * Answers in seconds per model-step.  Targets are one-hots of five classes: the work of regression on five numbers. */
#include "base/rng.h"
#include "bench.h"
#include "graph/backend.h"
#include "models/model.h"

enum { N_ROW = 100, N_IN = 5, N_OUT = 5, STEPS_PER_CALL = 20 };

typedef struct bench_run {
    const gk_backend *backend;
    gk_engine        *engine;
    int64_t           step;
    bool             *active;
} bench_run;

static void take_steps(void *context)
{
    bench_run *run = context;
    if (run->backend->run(run->engine, run->step, STEPS_PER_CALL, run->active) < 0)
        gk_die();
    run->step += STEPS_PER_CALL;
}

static void build(gk_graph *graph, const float *x)
{
    int           model = 0;
    gk_model_args args  = { .widths = "100x100", .activation = GK_TANH, .bias = GK_BIAS_ALL, .init = GK_INIT_TORCH,
                            .output = GK_OUTPUT_ANSWERS, .loss = GK_LOSS_MSE_ONEHOT, .two_rate = true };
    gk_model_data view  = { .n_item = N_ROW, .n_answer = N_OUT, .n_real = N_IN, .real = x, .n_read = 1 };

    while (gk_model_names[model] && strcmp(gk_model_names[model], "mlp") != 0)
        model++;
    args.model = model;
    gk_graph_init(graph);
    if (gk_model_build(graph, &args, &view) < 0)
        gk_die();
}

static void start(bench_run *run, const gk_graph *graph, gk_problem *problem, gk_arena *arena)
{
    size_t  n_param = (size_t)graph->n_param_real, n_replica = (size_t)problem->n_replica;
    double *init    = gk_arena_alloc(arena, n_param * sizeof *init);
    float  *param   = gk_arena_alloc(arena, n_replica * n_param * sizeof *param);

    for (size_t r = 0; r < n_replica; r++) {
        gk_model_init(graph, r, 1, init);
        for (size_t i = 0; i < n_param; i++)
            param[r * n_param + i] = (float)init[i];
    }
    run->engine = run->backend->open(problem);
    if (!run->engine || run->backend->write(run->engine, GK_ARENA_PARAM, param) < 0)
        gk_die();
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int       n_replica = bench_count(argc, argv, 1, "REPLICAS"), n_thread = bench_count(argc, argv, 2, "THREADS");
    gk_arena  arena = { 0 };
    float    *x     = gk_arena_alloc(&arena, N_ROW * N_IN * sizeof *x);
    int32_t  *item  = gk_arena_alloc(&arena, N_ROW * sizeof *item), *label = gk_arena_alloc(&arena, N_ROW * sizeof *label);
    gk_hyper *hyper = gk_arena_alloc(&arena, (size_t)n_replica * sizeof *hyper);
    uint64_t *seed  = gk_arena_alloc(&arena, (size_t)n_replica * sizeof *seed);
    gk_rows  *rows  = gk_arena_alloc(&arena, (size_t)n_replica * sizeof *rows);
    bench_run run   = { .backend = &gk_backend_cpu_f32, .active = gk_arena_alloc(&arena, (size_t)n_replica * sizeof(bool)) };
    gk_graph  graph;

    for (int i = 0; i < N_ROW * N_IN; i++)
        x[i] = (float)gk_rng_normal(0, GK_RNG_INIT, 0, (uint64_t)i);
    for (int i = 0; i < N_ROW; i++) {
        item[i]  = i;
        label[i] = i % N_OUT;
    }
    for (int r = 0; r < n_replica; r++) {
        hyper[r]      = (gk_hyper){ .learning_rate = 3e-4, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .init_scale = 1 };
        seed[r]       = (uint64_t)r;
        rows[r]       = (gk_rows){ .n = N_ROW, .item = item, .label = label };
        run.active[r] = true;
    }
    build(&graph, x);

    gk_problem problem = { .graph = &graph, .update = { .optimizer = GK_ADAM }, .n_replica = n_replica, .hyper = hyper,
                           .seed = seed, .rows = { rows, rows }, .n_thread = n_thread };
    start(&run, &graph, &problem, &arena);
    bench_serve(gk_arena_printf(&arena, "%.6g flops a model-step, %d replicas, %d threads",
                                3 * ((double)graph.flops_row * N_ROW + (double)graph.flops_step), n_replica, n_thread),
                take_steps, &run, (double)STEPS_PER_CALL * n_replica);
    run.backend->close(run.engine);
    gk_graph_release(&graph);
    gk_arena_release(&arena);
    return 0;
}
