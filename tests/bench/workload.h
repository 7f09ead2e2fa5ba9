/* workload.h -- what is timed, by name:
 *   nanda       the preset: p = 113, fraction 0.3, full batch of 3830 rows, AdamW
 *   distil      nanda's model on [a, b, +, mod], taught at the operator's token, too: KL to probabilities that stand in for a
 *               teacher's (what they are costs the same), t = 2, a = 0.5
 *   noise       nanda with dropout, and noise on weights, gradients and updates
 *   mlp         the 5-100-100-5 tanh network: 100 rows of 5 reals, Adam, full batch; one-hots of five classes in place of five
 *               real targets
 *   landscape   the same as cells of a landscape: alpha from 0.1 to 10, the norm held, 100 test rows
 *   decoder     --model dec of toy addition: latents of two numbers to 30 reals by 200 and 200, 45 rows, Adam, the norm held
 *   mnist       the 784-200-200-10 ReLU network: 1000 rows of 784 reals, AdamW, batch 200, squared error to one-hots
 *   mlp-s       the 117-200-200-4 ReLU network of work on distribution shift: 1000 rows of 117 reals, Adam with coupled decay,
 *               batch 200, squared error to one-hots
 *   tf-s        the encoder of two layers on 9 tokens of 13 reals, trained alike
 *   res         the residual network on 128 images of 28 x 28, cross-entropy, Adam, full batch
 *   lstm-e, t2, mlp-e    presets lstm-e, power and mlp-e: half of a + b mod 97, batch 512, AdamW
 *   lstm-i      preset omni-imdb-landscape without the norm held: 750 reviews of 500 tokens, drawn, batch 50, Adam, clipped
 *   gcnn        the graph convolutions as cells of a landscape: 500 molecules of synth-mols, batch 32, Adam, the norm held
 * and what a step of it costs at least, in operations and in bytes. */
#ifndef GK_BENCH_WORKLOAD_H
#define GK_BENCH_WORKLOAD_H

#include <math.h>
#include "base/rng.h"
#include "bench.h"
#include "data/dataset.h"
#include "graph/backend.h"
#include "models/model.h"

typedef struct workload {
    gk_arena          arena;
    gk_graph          graph;
    gk_dataset       *dataset;        /* of nanda */
    gk_model_data     view;
    gk_rows           train, test;
    gk_problem        problem;
    const gk_backend *backend;
    gk_engine        *engine;
    bool             *active;
    gk_metrics       *metrics;
    int64_t           step;
    double            flops;          /* of matrix products, per step of one model */
    double            bytes;          /* through a GPU's memory, likewise; 0: the model fits into a multiprocessor */
} workload;

/* Presets hold these values: see grok-train --preset help. */
static const gk_model_args bench_nanda_model = {
    .n_layer = 1, .n_head = 4, .d_model = 128, .d_mlp = 512, .norm_place = GK_NORM_NONE, .bias = GK_BIAS_MLP,
    .position = GK_POSITION_LEARNED, .init = GK_INIT_NANDA, .activation = GK_RELU, .causal = true, .output = GK_OUTPUT_VOCAB,
    .loss = GK_LOSS_CE, .softmax = GK_SOFTMAX_STABLE, .two_rate = true,
};
/* Items and a split of these options, as rows and as what a model sees. */
static inline void workload_data(workload *w, const gk_data_args *data)
{
    gk_split split;

    w->dataset = gk_dataset_new(data);
    if (!w->dataset || gk_dataset_split(w->dataset, data, &w->arena, &split) < 0)
        gk_die();
    int32_t *test_label = gk_arena_alloc(&w->arena, (size_t)split.n_test * sizeof *test_label);
    for (int64_t i = 0; i < split.n_test; i++)
        test_label[i] = w->dataset->label[split.test[i]];
    w->train = (gk_rows){ .n = split.n_train, .item = split.train, .label = split.train_label };
    w->test  = (gk_rows){ .n = split.n_test, .item = split.test, .label = test_label };
    w->view  = (gk_model_data){ .n_item = w->dataset->n_item, .n_token = w->dataset->n_token, .n_vocab = w->dataset->n_vocab,
                                .n_answer = w->dataset->n_answer, .token = w->dataset->token, .n_target = w->dataset->n_target,
                                .target = w->dataset->target, .n_latent = w->dataset->n_latent,
                                .random_latent = w->dataset->random_latent, .linear_latent = w->dataset->linear_latent,
                                .n_read = 1, .read = { w->dataset->n_token - 1 } };
}

/* Rows of a + b modulo a prime, and what all that is trained on them has in common. */
static inline void workload_add(workload *w, int prime, gk_sequence sequence, double fraction, gk_hyper *hyper)
{
    gk_data_args add = { .prime = prime, .sequence = sequence, .fraction = fraction, .data_seed = -1 };

    workload_data(w, &add);
    *hyper = (gk_hyper){ .learning_rate = 1e-3, .weight_decay = 1, .beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-8,
                         .init_scale = 1 };
}

static inline gk_model_args workload_decoder(workload *w, gk_hyper *hyper, gk_update *update)
{
    gk_data_args toy = { .task = gk_task_find("toy-addition"), .prime = 10, .size = 45, .data_seed = -1 };

    workload_data(w, &toy);
    hyper->learning_rate = 1e-2;
    hyper->beta2 = 0.99;
    update->constrain = GK_CONSTRAIN_GLOBAL;
    return (gk_model_args){ .model = GK_MODEL_mlp, .input = GK_INPUT_LATENT, .widths = "200x200", .activation = GK_LEAKY_RELU,
                            .bias = GK_BIAS_ALL, .init = GK_INIT_TORCH, .loss = GK_LOSS_MSE, .correct_below = 1e-3,
                            .two_rate = true };
}

static inline gk_model_args workload_molecules(workload *w, gk_hyper *hyper, gk_update *update)
{
    gk_data_args   mols = { .task = gk_task_find("synth-mols"), .n_item = 1000, .fraction = 0.5, .data_seed = -1 };
    const gk_edges *edges;

    workload_data(w, &mols);
    edges = &w->dataset->edges;
    w->view.n_edge_type = edges->n_type, w->view.n_feature = edges->n_feature;
    w->view.edge_first = edges->first, w->view.edge = edges->at, w->view.feature = edges->feature;
    hyper->learning_rate = 1e-3;
    *update = (gk_update){ .optimizer = GK_OPTIM_adam, .batch = 32, .constrain = GK_CONSTRAIN_GLOBAL };
    return (gk_model_args){ .model = GK_MODEL_gcn, .widths = "32x16", .d_mlp = 32, .activation = GK_RELU, .bias = GK_BIAS_ALL,
                            .init = GK_INIT_TORCH, .loss = GK_LOSS_MSE, .two_rate = true };
}

static inline gk_model_args workload_nanda(workload *w, gk_sequence sequence, gk_hyper *hyper)
{
    workload_add(w, 113, sequence, 0.3, hyper);
    return bench_nanda_model;
}

static inline gk_model_args workload_noise(workload *w, gk_hyper *hyper, gk_update *update)
{
    gk_model_args args = workload_nanda(w, GK_SEQ_EQ, hyper);

    update->optimizer = GK_OPTIM_adamw;
    args.dropout      = true;
    hyper->dropout    = 0.1;
    hyper->weight_noise = hyper->gradient_noise = hyper->update_noise = 0.01;
    return args;
}

/* Of work on the efficiency of circuits: two post-norm layers, two layers of an LSTM, an MLP of embeddings. */
static inline gk_model_args workload_efficiency(workload *w, const char *name, gk_hyper *hyper, gk_update *update)
{
    gk_model_args args = bench_nanda_model;

    workload_add(w, 97, *name == 'm' ? GK_SEQ_PAIR : GK_SEQ_OP_EQ, 0.5, hyper);
    *update = (gk_update){ .optimizer = GK_OPTIM_adamw, .batch = 512 };
    args.init = GK_INIT_TORCH;
    args.bias = GK_BIAS_ALL;
    if (*name == 't') {
        args.n_layer    = 2;
        args.norm_place = GK_NORM_POST;
        args.position   = GK_POSITION_SINUSOIDAL;
        args.bias       = GK_BIAS_NONE;
        args.init       = GK_INIT_POWER;
        return args;
    }
    args.model  = *name == 'l' ? GK_MODEL_lstm : GK_MODEL_mlp;
    args.widths = *name == 'l' ? "128x128" : "448x448";
    args.input  = GK_INPUT_EMBED;
    if (*name == 'm')
        args.output = GK_OUTPUT_ANSWERS;
    return args;
}

/* Of Liu et al. 2022, on their stand-in. */
static inline gk_model_args workload_reviews(workload *w, gk_hyper *hyper, gk_update *update)
{
    gk_data_args reviews = { .task = gk_task_find("synth-reviews"), .n_item = 1000, .n_word = 1000, .n_length = 500,
                             .data_seed = -1 };

    workload_data(w, &reviews);
    update->batch         = 50;
    hyper->learning_rate  = 1e-3;
    hyper->clip_norm      = 5;
    return (gk_model_args){ .model = GK_MODEL_lstm, .d_model = 64, .widths = "128x128", .bias = GK_BIAS_ALL,
                            .init = GK_INIT_TORCH, .loss = GK_LOSS_LOGISTIC, .two_rate = true };
}

/* nanda's rows as a teacher's: each says that one token is as likely as all others together. */
static inline gk_model_args workload_distil(workload *w, gk_hyper *hyper)
{
    gk_model_args args = workload_nanda(w, GK_SEQ_OP_MOD, hyper);
    int64_t       n_out = w->dataset->n_vocab;
    float        *target = gk_arena_alloc(&w->arena, (size_t)(w->train.n * n_out) * sizeof *target);

    for (int64_t i = 0; i < w->train.n * n_out; i++)
        target[i] = 0.5f * (i % n_out == i / n_out % n_out) + 0.5f / (float)n_out;
    w->train.target = target;
    w->view.n_read  = 2;
    w->view.read[0] = w->dataset->n_token - 2;    /* the operator; the last stands before the answer */
    w->view.read[1] = w->dataset->n_token - 1;
    w->view.n_teach = 1;
    hyper->temperature = 2;
    hyper->kd_weight = 0.5;
    return args;
}

/* n rows of normal reals, with labels in turn. */
static inline gk_rows workload_rows(workload *w, int n, int first, int n_out)
{
    int32_t *item = gk_arena_alloc(&w->arena, 2 * (size_t)n * sizeof *item), *label = item + n;
    for (int i = 0; i < n; i++) {
        item[i]  = first + i;
        label[i] = i % n_out;
    }
    return (gk_rows){ .n = n, .item = item, .label = label };
}

static inline gk_model_args workload_mlp(workload *w, int n_row, int n_in, int n_out, const char *widths, int activation)
{
    size_t        n = 2 * (size_t)n_row * (size_t)n_in;
    float        *x = gk_arena_alloc(&w->arena, n * sizeof *x);
    gk_model_args args = { .model = GK_MODEL_mlp, .widths = widths, .activation = activation, .bias = GK_BIAS_ALL,
                           .init = GK_INIT_TORCH, .output = GK_OUTPUT_ANSWERS, .loss = GK_LOSS_MSE_ONEHOT, .two_rate = true };

    for (size_t i = 0; i < n; i++)
        x[i] = (float)gk_rng_normal(0, GK_RNG_INIT, 0, i);
    w->train = workload_rows(w, n_row, 0, n_out);
    w->test  = workload_rows(w, n_row, n_row, n_out);
    w->view  = (gk_model_data){ .n_item = 2 * n_row, .n_answer = n_out, .n_real = n_in, .real = x, .n_read = 1 };
    return args;
}

/* Models that a paper on distribution shift trains (--model mlp-s, tf-s), and its extractor of features (--model res). */
static inline gk_model_args workload_shift(workload *w, const char *name, gk_hyper *hyper, gk_update *update)
{
    bool          is_res = strcmp(name, "res") == 0;
    gk_model_args args = is_res ? workload_mlp(w, 128, 784, 10, "16x32x64", GK_RELU)
                                : workload_mlp(w, 1000, 117, 4, "200x200", GK_RELU);

    hyper->learning_rate = 1e-3;
    hyper->weight_decay  = is_res ? 0 : 1e-4;
    update->batch        = is_res ? 0 : 200;
    if (is_res) {
        args.model = GK_MODEL_resnet;
        args.loss  = GK_LOSS_CE;
    } else if (*name == 't') {
        args.model      = GK_MODEL_transformer;
        args.n_token    = 9;
        args.cls        = true;
        args.n_layer    = 2;
        args.n_head     = 4;
        args.d_model    = 64;
        args.d_mlp      = 256;
        args.norm_place = GK_NORM_POST;
        args.init       = GK_INIT_TORCH_MHA;
    }
    return args;
}

/* Model, rows and update rule of a workload; ends the program if there is none of the name. */
static inline gk_model_args workload_named(workload *w, const char *name, gk_hyper *hyper, gk_update *update)
{
    *update = (gk_update){ .optimizer = GK_OPTIM_adam };
    *hyper = (gk_hyper){ .learning_rate = 3e-4, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .init_scale = 1 };
    if (strcmp(name, "nanda") == 0 || strcmp(name, "distil") == 0) {
        update->optimizer = GK_OPTIM_adamw;
        return *name == 'd' ? workload_distil(w, hyper) : workload_nanda(w, GK_SEQ_EQ, hyper);
    }
    if (strcmp(name, "noise") == 0)
        return workload_noise(w, hyper, update);
    if (strcmp(name, "decoder") == 0)
        return workload_decoder(w, hyper, update);
    if (strcmp(name, "gcnn") == 0)
        return workload_molecules(w, hyper, update);
    if (strcmp(name, "mnist") == 0) {
        *update = (gk_update){ .optimizer = GK_OPTIM_adamw, .batch = 200 };
        hyper->learning_rate = 1e-3;
        hyper->weight_decay = 0.01;
        return workload_mlp(w, 1000, 784, 10, "200x200", GK_RELU);
    }
    if (strcmp(name, "mlp-s") == 0 || strcmp(name, "tf-s") == 0 || strcmp(name, "res") == 0)
        return workload_shift(w, name, hyper, update);
    if (strcmp(name, "lstm-e") == 0 || strcmp(name, "t2") == 0 || strcmp(name, "mlp-e") == 0)
        return workload_efficiency(w, name, hyper, update);
    if (strcmp(name, "lstm-i") == 0)
        return workload_reviews(w, hyper, update);
    if (strcmp(name, "mlp") != 0 && strcmp(name, "landscape") != 0)
        gk_usage("unknown workload '%s': expected nanda, distil, noise, mlp, landscape, decoder, mnist, mlp-s, tf-s, res, "
                 "lstm-e, t2, mlp-e, lstm-i or gcnn", name);
    update->constrain = strcmp(name, "landscape") == 0 ? GK_CONSTRAIN_GLOBAL : GK_CONSTRAIN_NONE;
    return workload_mlp(w, 100, 5, 5, "100x100", GK_TANH);
}

/* The least bytes that a step of one model moves if every result is written once, and read once by each product that takes it, in
 * both directions; what is element by element costs nothing beside a product.
 * parameters: they, their gradients and two moments, read and written;
 * nanda's transformer, a row and position that is read: 20 results of d, 6 of d_mlp and 3 of the vocabulary (the logits
 * themselves never leave the chip); in bf16 about half of it, since not all can be rounded;
 * other models of tokens, a row: every result and its gradient written and read once;
 * MLP, a row: its reals gathered (read, written) and read by two products; 6 passes over every layer's results and gradients;
 * in bf16 half of what rows take. */
static inline double workload_bytes(const workload *w, const char *name, gk_product product)
{
    enum { FLOAT = 4, SHARED = 227 * 1024, BF16_ROW = 13220 };
    double cell = product == GK_PRODUCT_BF16 ? 2 : FLOAT;
    const gk_model_args *nanda = &bench_nanda_model;
    double param = (double)w->graph.n_param_real, result = (double)w->graph.n_row_result;
    double rows = w->problem.update.batch > 0 ? (double)w->problem.update.batch : (double)w->train.n;

    bool   is_nanda = strcmp(name, "nanda") == 0 || strcmp(name, "distil") == 0 || strcmp(name, "noise") == 0;

    if (is_nanda) {
        double row = FLOAT * (20.0 * (double)nanda->d_model + 6.0 * (double)nanda->d_mlp + 3.0 * (double)w->view.n_vocab);
        return 8 * FLOAT * param + rows * w->view.n_read * (product == GK_PRODUCT_BF16 ? BF16_ROW : row);
    }
    if (FLOAT * (3 * param + rows * result) <= SHARED)
        return 0;
    if (w->view.n_token > 0 && w->view.n_latent == 0)
        return FLOAT * 8 * param + cell * rows * 4 * result;
    return FLOAT * 8 * param + cell * rows * (6 * result - 2 * (double)w->view.n_real);
}

/* Initial parameters of all replicas into the engine. */
static inline void workload_start(workload *w)
{
    size_t  n_param = (size_t)w->graph.n_param_real, n_replica = (size_t)w->problem.n_replica;
    double *init = gk_arena_alloc(&w->arena, n_param * sizeof *init);
    float  *param = gk_alloc_large(n_replica * n_param * sizeof *param, "parameters");

    for (size_t r = 0; param && r < n_replica; r++) {
        gk_model_init(&w->graph, r, w->problem.hyper[r].init_scale, init);
        for (size_t i = 0; i < n_param; i++)
            param[r * n_param + i] = (float)init[i];
    }
    w->engine = param ? w->backend->open(&w->problem) : NULL;
    if (!w->engine || w->backend->write(w->engine, GK_ARENA_PARAM, param) < 0)
        gk_die();
    free(param);
}

/* Ends the program if it cannot be had. */
static inline void workload_open(workload *w, const char *name, const gk_backend *backend, gk_product product, int n_replica,
                                 int n_thread)
{
    gk_hyper       one;
    gk_update      update;
    *w = (workload){ .backend = backend };
    gk_model_args  args = workload_named(w, name, &one, &update);
    gk_hyper      *hyper = gk_arena_alloc(&w->arena, (size_t)n_replica * sizeof *hyper);
    uint64_t      *seed = gk_arena_alloc(&w->arena, (size_t)n_replica * sizeof *seed);
    gk_rows       *train = gk_arena_alloc(&w->arena, (size_t)n_replica * sizeof *train);
    gk_rows       *test = gk_arena_alloc(&w->arena, (size_t)n_replica * sizeof *test);

    w->active  = gk_arena_alloc(&w->arena, (size_t)n_replica * sizeof *w->active);
    w->metrics = gk_arena_alloc(&w->arena, (size_t)n_replica * sizeof *w->metrics);
    for (int r = 0; r < n_replica; r++) {
        hyper[r]     = one;
        if (update.constrain != GK_CONSTRAIN_NONE)    /* cells of a landscape */
            hyper[r].init_scale = pow(10, 2.0 * r / n_replica - 1);
        seed[r]      = (uint64_t)r;
        train[r]     = w->train;
        test[r]      = w->test;
        w->active[r] = true;
    }
    gk_graph_init(&w->graph);
    if (gk_model_build(&w->graph, &args, &w->view) < 0)
        gk_die();
    w->problem = (gk_problem){ .graph = &w->graph, .update = update, .n_replica = n_replica, .hyper = hyper, .seed = seed,
                               .rows = { train, test }, .n_thread = n_thread, .product = product };
    w->flops = 3 * ((double)w->graph.flops_row * (double)(update.batch > 0 ? update.batch : w->train.n) +
                    (double)w->graph.flops_step);
    w->bytes = workload_bytes(w, name, product);
    workload_start(w);
}

static inline void workload_close(workload *w)
{
    w->backend->close(w->engine);
    gk_graph_release(&w->graph);
    gk_arena_release(&w->arena);
    gk_dataset_free(w->dataset);
}

/* Metrics of train and test rows, as at a record. */
static inline void workload_evaluate(workload *w)
{
    if (w->backend->evaluate(w->engine, GK_TRAIN_ROWS, w->active, w->metrics) < 0 ||
        w->backend->evaluate(w->engine, GK_TEST_ROWS, w->active, w->metrics) < 0)
        gk_die();
}

static inline void workload_steps(workload *w, int64_t n)
{
    if (w->backend->run(w->engine, w->step, n, w->active) < 0)
        gk_die();
    w->step += n;
}

#endif
