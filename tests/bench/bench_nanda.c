/* bench_nanda.c -- one training step of the preset `nanda`: p = 113, fraction 0.3, full batch of 3830 rows, AdamW.
 *
 * usage: bench_nanda step|gradient|evaluate THREADS
 *   step       forward, backward, update
 *   gradient   forward and backward only
 *   evaluate   a step, and losses and accuracies of train and test rows after it
 * Says the FLOPs of the matrix products of one step, too. */
#include "bench.h"
#include "data/dataset.h"
#include "graph/backend.h"
#include "models/model.h"

enum { STEPS_PER_CALL = 5 };

typedef struct bench_run {
    const gk_backend *backend;
    gk_engine        *engine;
    int64_t           step;
    float            *gradient;
} bench_run;

static const bool active[1] = { true };

static void take_steps(void *context)
{
    bench_run *run = context;
    if (run->backend->run(run->engine, run->step, STEPS_PER_CALL, active) < 0)
        gk_die();
    run->step += STEPS_PER_CALL;
}

static void take_gradient(void *context)
{
    bench_run *run = context;
    if (run->backend->gradient(run->engine, run->gradient) < 0)
        gk_die();
}

static void step_and_evaluate(void *context)
{
    bench_run *run = context;
    gk_metrics metrics;
    if (run->backend->run(run->engine, run->step++, 1, active) < 0 ||
        run->backend->evaluate(run->engine, GK_TRAIN_ROWS, active, &metrics) < 0 ||
        run->backend->evaluate(run->engine, GK_TEST_ROWS, active, &metrics) < 0)
        gk_die();
}

/* Presets hold these values: see grok-train --preset help. */
static const gk_model_args nanda = {
    .n_layer = 1, .n_head = 4, .d_model = 128, .d_mlp = 512, .norm_place = GK_NORM_NONE, .bias = GK_BIAS_MLP,
    .position = GK_POSITION_LEARNED, .init = GK_INIT_NANDA, .activation = GK_RELU, .causal = true, .output = GK_OUTPUT_VOCAB,
    .loss = GK_LOSS_CE, .softmax = GK_SOFTMAX_STABLE, .two_rate = true,
};
static const gk_data_args add_113 = { .prime = 113, .sequence = GK_SEQ_EQ, .fraction = 0.3, .data_seed = -1 };

static void build(gk_graph *graph, gk_dataset *data)
{
    gk_model_args args = nanda;
    gk_model_data view = { .n_item = data->n_item, .n_token = data->n_token, .n_vocab = data->n_vocab,
                           .n_answer = data->n_answer, .token = data->token, .n_read = 1, .read = { data->n_token - 1 } };

    gk_graph_init(graph);
    if (gk_model_build(graph, &args, &view) < 0)
        gk_die();
}

static void serve(const char *mode, bench_run *run, const char *what)
{
    if (strcmp(mode, "step") == 0)
        bench_serve(what, take_steps, run, STEPS_PER_CALL);
    else if (strcmp(mode, "gradient") == 0)
        bench_serve(what, take_gradient, run, 1);
    else if (strcmp(mode, "evaluate") == 0)
        bench_serve(what, step_and_evaluate, run, 1);
    else
        gk_usage("unknown mode '%s'", mode);
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int         n_thread = bench_count(argc, argv, 2, "THREADS");
    gk_dataset *data     = gk_dataset_new(&add_113);
    gk_arena    arena    = { 0 };
    gk_graph    graph;
    gk_split    split;

    if (!data || gk_dataset_split(data, &add_113, &arena, &split) < 0)
        gk_die();
    build(&graph, data);

    gk_hyper   hyper = { .learning_rate = 1e-3, .weight_decay = 1, .beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-8,
                         .init_scale = 1 };
    int32_t   *test_label = gk_arena_alloc(&arena, (size_t)split.n_test * sizeof *test_label);
    for (int64_t i = 0; i < split.n_test; i++)
        test_label[i] = data->label[split.test[i]];
    gk_rows    train = { .n = split.n_train, .item = split.train, .label = split.train_label };
    gk_rows    test = { .n = split.n_test, .item = split.test, .label = test_label };
    uint64_t   seed = 0;
    gk_problem problem = { .graph = &graph, .update = { .optimizer = GK_ADAMW }, .n_replica = 1, .hyper = &hyper, .seed = &seed,
                           .rows = { &train, &test }, .n_thread = n_thread };
    bench_run  run = { .backend = &gk_backend_cpu_f32 };
    double    *init = gk_arena_alloc(&arena, (size_t)graph.n_param_real * sizeof *init);
    float     *param = gk_arena_alloc(&arena, (size_t)graph.n_param_real * sizeof *param);

    gk_model_init(&graph, seed, 1, init);
    for (int64_t i = 0; i < graph.n_param_real; i++)
        param[i] = (float)init[i];
    run.gradient = gk_arena_alloc(&arena, (size_t)graph.n_param_real * sizeof *run.gradient);
    run.engine   = run.backend->open(&problem);
    if (!run.engine || run.backend->write(run.engine, GK_ARENA_PARAM, param) < 0)
        gk_die();

    double flops = 3 * ((double)graph.flops_row * (double)split.n_train + (double)graph.flops_step);
    serve(argv[1], &run, gk_arena_printf(&arena, "%.6g flops a step, %d rows, %d threads", flops, (int)split.n_train, n_thread));
    run.backend->close(run.engine);
    gk_graph_release(&graph);
    gk_arena_release(&arena);
    gk_dataset_free(data);
    return 0;
}
