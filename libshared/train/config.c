/* config.c -- the option tables of training, their defaults, and what they mean together. */
#include "train/config.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/duration.h"
#include "data/data_options.h"
#include "train/stop.h"

static const char *const norm_places[] = { "none", "pre", "post", NULL };
static const char *const norm_kinds[] = { "layernorm", "rmsnorm", NULL };
static const char *const biases[] = { "none", "mlp", "all", NULL };
static const char *const positions[] = { "learned", "sinusoidal", "none", NULL };
static const char *const inits[] = { "nanda", "power", "torch", "auto", NULL };
static const char *const activations[] = { "identity", "relu", "gelu", "tanh", "sigmoid", "leaky-relu", NULL };
static const char *const inputs[] = { "embed", "onehot", "latent", NULL };
static const char *const outputs[] = { "vocab", "answers", NULL };
static const char *const losses[] = { "ce", "mse-softmax", "mse-onehot", "mse", NULL };
static const char *const softmaxes[] = { "stable", "naive", "stablemax", NULL };
static const char *const optimizers[] = { "adamw", "adam", "sgd", NULL };
static const char *const decay_forms[] = { "auto", "decoupled", "coupled", "init", "jitter", NULL };
static const char *const constraints[] = { "none", "global", "layer", "omnigrok-q", NULL };
static const char *const projections[] = { "after", "between", NULL };
static const char *const lr_schedules[] = { "constant", "step", "cosine", "linear", NULL };
static const char *const precisions[] = { "fp32", "fp64", "tf32", "bf16", NULL };
static const char *const keeps[] = { "all", "params", "metrics", NULL };
static const char *const kl_places[] = { "op", "last", "both", NULL };
static const char *const base_states[] = { "fresh", "kept", NULL };
static const char *const remember_modes[] = { "none", "op", "swap", "replay", NULL };

enum { SHAPE = GK_VARY | GK_SHAPE, HOW = GK_HIDDEN | GK_RESUME };
static const double MANY = 1e15;             /* steps, records */
static const double SEED_MAX = 0x1p53;

#define AT(field) offsetof(gk_model_args, field)
#define CHOICE(name, field, names, help) { name, 0, GK_CHOICE, AT(field), 0, 0, names, SHAPE, NULL, help }
#define COUNT(name, field, max, help) { name, 0, GK_INT, AT(field), 1, max, NULL, SHAPE, NULL, help }
#define SWITCH(name, field, help) { name, 0, GK_SWITCH, AT(field), 0, 0, NULL, SHAPE, NULL, help }
static const gk_option model_options[] = {
    CHOICE("model", model, gk_model_names,
           "transformer, or multilayer perceptron on the tokens side by side; or one of a paper, by which options of the model "
           "that are not given follow ('--preset help' shows them)"),
    COUNT("n-layer", n_layer, 64, "transformer: blocks of attention and MLP"),
    COUNT("n-head", n_head, 1024, "transformer: attention heads, a divisor of --d-model"),
    COUNT("d-model", d_model, 65536, "width of embeddings and residual stream"),
    COUNT("d-mlp", d_mlp, 1048576, "transformer: width of the MLP's hidden layer"),
    { "widths", 0, GK_TEXT, AT(widths), 0, 0, NULL, SHAPE, "NxN...", "mlp: widths of the hidden layers" },
    CHOICE("activation", activation, activations, "of the MLP"),
    CHOICE("norm", norm_place, norm_places, "transformer: normalise no, before, or after each sublayer"),
    CHOICE("norm-kind", norm_kind, norm_kinds, "transformer: which norm"),
    SWITCH("final-norm", final_norm, "transformer: a norm before the unembedding"),
    CHOICE("bias", bias, biases, "linear layers that have biases"),
    CHOICE("position", position, positions, "transformer: position embedding"),
    SWITCH("causal", causal, "transformer: no attention to later positions"),
    CHOICE("input", input, inputs, "mlp: embed the tokens, take their one-hots, or add up the latents that the data bring"),
    SWITCH("train-latent", train_latent, "input latent: learn what is added to them, from 0 on"),
    CHOICE("logits", output, outputs, "over the whole vocabulary, or over possible answers only"),
    CHOICE("init", init, inits,
           "initial law: nanda normal, variance 1/d-model; power uniform, 1/sqrt(fan in), embeddings N(0,1); torch as PyTorch's "
           "layers; auto: nanda for transformers, torch for mlp"),
    CHOICE("loss", loss, losses,
           "cross-entropy; |softmax - onehot|^2; mean (logit - onehot)^2; of targets: mean (output - target)^2"),
    { "correct-below", 0, GK_REAL, AT(correct_below), 0, HUGE_VAL, NULL, SHAPE, NULL,
      "loss mse: an item counts as correct if its loss is below this" },
    CHOICE("softmax", softmax, softmaxes, "ce: stable gradient, as usual (collapses in fp32), or StableMax"),
    SWITCH("two-rate", two_rate, "compute what depends on single tokens once per step; 'no' is for tests"),
    GK_OPTION_END
};
#undef AT

#define HYPER(field, option, initial, min, max, meaning) \
    { option, 0, GK_REAL, offsetof(gk_hyper, field), min, max, NULL, GK_VARY, NULL, meaning },
#define TEACH(field, option, initial, min, max, meaning)
static const gk_option hyper_options[] = {
#include "graph/hyper.def"
    GK_OPTION_END
};
#undef HYPER

/* Offsets of the groups below are within gk_config. */
#define AT(field) offsetof(gk_config, field)
static const gk_option teacher_options[] = {
    { "teacher", 0, GK_TEXT, AT(teach.teachers), 0, 0, NULL, GK_MANY, "[GROUP=]FILE",
      "checkpoint of the teacher; with GROUP (p1, p2, ... of a joint dataset) only of this task; may be given several times: "
      "without GROUP each teaches the task that it was trained on" },
    { "teacher-run", 0, GK_INT, AT(teach.teacher_run), -1, 1e9, NULL, 0, "N",
      "run of the teacher's checkpoint that teaches all; -1: its only one, or for each student the one with its seed" },
    { "kl-at", 0, GK_CHOICE, AT(teach.kl_at), 0, 0, kl_places, GK_VARY | GK_SHAPE, NULL,
      "where teacher and student are compared: at the operator's token, at the last, or at both" },
    GK_OPTION_END
};

#define HYPER(field, option, initial, min, max, meaning)
#define TEACH(field, option, initial, min, max, meaning) \
    { option, 0, GK_REAL, AT(hyper.field), min, max, NULL, GK_VARY, NULL, meaning },
static const gk_option kd_options[] = {
#include "graph/hyper.def"
    { "kd-squared", 0, GK_SWITCH, AT(model.kd_squared), 0, 0, NULL, GK_VARY | GK_SHAPE, NULL,
      "multiply KL by t^2, as Hinton et al. 2015" },
    GK_OPTION_END
};
#undef HYPER

static const gk_option landscape_options[] = {
    { "continue", 0, GK_SWITCH, AT(landscape.warm_start), 0, 0, NULL, 0, NULL,
      "begin a cell with what the same cell at the alpha before it ended with, scaled; no: from initial parameters" },
    { "until-flat", 0, GK_REAL, AT(landscape.until_flat), 0, 1, NULL, 0, "F",
      "retire a cell whose lowest train loss fell by less than share F over the last 20 records; 0: make all steps" },
    { "jacobian", 0, GK_SWITCH, AT(landscape.jacobian), 0, 0, NULL, 0, NULL,
      "also Tr(J^T J) of every cell at its end: the squared gradients of the mean output, summed over the train items (those of "
      "--eval-items, if given)" },
    { "wave", 0, GK_INT, AT(landscape.wave), 0, 1e9, NULL, 0, "N",
      "cells that are trained side by side (results do not depend on it); 0: as many as fit into some 64 MB" },
    GK_OPTION_END
};

static const gk_option base_options[] = {
    { "from", 0, GK_TEXT, AT(base.from), 0, 0, NULL, 0, "FILE", "checkpoint to go on from" },
    { "from-run", 0, GK_INT, AT(base.from_run), -1, 1e9, NULL, 0, "N",
      "run of the checkpoint that all go on from; -1: its only one, or for each run the one with its seed" },
    { "state", 0, GK_CHOICE, AT(base.state), 0, 0, base_states, 0, NULL,
      "the optimiser's moments: begin anew, or go on with those of the checkpoint" },
    { "mode", 0, GK_CHOICE, AT(base.mode), 0, 0, remember_modes, GK_SHAPE, NULL,
      "how the old task is remembered, with the checkpoint as teacher: not; KL at the operator token of the new items; at the "
      "last token of the old task's items with the new operands; at that of the items that the checkpoint was trained on" },
    { "freeze", 0, GK_TEXT, AT(model.frozen), 0, 0, NULL, GK_SHAPE, "PATTERN,...",
      "parameters that stay as they are, e.g. 'embed.*,block0.attention.*' (names: grok-ls)" },
    GK_OPTION_END
};
#undef AT

#define AT(field) offsetof(gk_update, field)
static const gk_option update_options[] = {
    CHOICE("optimizer", optimizer, optimizers, "adamw; adam and sgd with coupled decay"),
    CHOICE("decay-form", decay_form, decay_forms,
           "what --weight-decay does: decoupled shrinks weights, coupled is an L2 penalty, init pulls to the initial weights, "
           "jitter scales each tensor at random; auto: decoupled for adamw, coupled for others"),
    CHOICE("lr-schedule", lr_schedule, lr_schedules, "of the learning rate after warm-up; see --lr-decay-steps and -factor"),
    { "lr-decay-steps", 0, GK_INT, AT(lr_decay_steps), 0, MANY, NULL, SHAPE, "N",
      "schedule step: updates between two factors; cosine, linear: length" },
    { "ma-window", 0, GK_INT, AT(ma_window), 1, 100000, NULL, SHAPE, "N", "Grokfast-MA: gradients in the window" },
    SWITCH("orthogonal", orthogonal, "project each tensor's gradient off its weights (Prieto et al. 2025)"),
    CHOICE("constrain-norm", constrain, constraints,
           "keep the initial norm of all trained parameters, or of each layer's; omnigrok-q: squares of the first tensor count "
           "twice (Liu et al. 2022, code of teacher-student and addition)"),
    CHOICE("project", projection, projections,
           "when --constrain-norm rescales: after each update, or between the gradient and its update"),
    GK_OPTION_END
};
#undef AT

#define AT(field) offsetof(gk_run_args, field)
static const gk_option run_options[] = {
    { "steps", 'n', GK_INT, AT(steps), 0, MANY, NULL, GK_RESUME, "N", "updates" },
    { "batch", 'b', GK_TEXT, AT(batch), 0, 0, NULL, SHAPE, "ROWS",
      "rows per update: full, a number, or half512: min(512, half of the train rows)" },
    CHOICE("precision", precision, precisions,
           "of parameters and arithmetic; losses and norms are always summed in fp64; tf32, bf16 (cuda): fp32 but for the inputs "
           "of matrix products"),
    { "init-seed", 0, GK_INT, AT(init_seed), -1, SEED_MAX, NULL, GK_VARY, "S", "of initial parameters; -1: --seed" },
    { "order-seed", 0, GK_INT, AT(order_seed), -1, SEED_MAX, NULL, GK_VARY, "S", "of batch order, dropout, noise; -1: --seed" },
    { "stop", 0, GK_TEXT, AT(stop), 0, 0, NULL, GK_RESUME, "RULES",
      "stop a run that meets one of these, e.g. 'test_acc>=0.99 for 3; test_loss<1e-6': a metric, a bound, and for how many "
      "records in a row; none: no rule" },
    { "log-every", 0, GK_INT, AT(log_every), 0, MANY, NULL, 0, "N", "record metrics every N updates; 0: as --log-growth says" },
    { "log-growth", 0, GK_REAL, AT(log_growth), 1, 1000, NULL, 0, "F",
      "record every step to 30, then at the first step >= F x the last" },
    { "log-max", 0, GK_INT, AT(log_max), 1, MANY, NULL, 0, "N", "but never more than N updates apart" },
    { "eval-items", 0, GK_INT, AT(eval_items), 0, MANY, NULL, 0, "N",
      "at records, evaluate N random train items and N test items, the same ones each time; 0: all" },
    { "snapshot-every", 0, GK_INT, AT(snapshot_every), 0, MANY, NULL, 0, "N", "keep the parameters of every N-th step; 0: none" },
    { "snapshot-growth", 0, GK_REAL, AT(snapshot_growth), 0, 1000, NULL, 0, "F",
      "keep the parameters at steps that grow by this factor: 0, 1, F, F^2, ...; 0: none" },
    { "keep", 0, GK_CHOICE, AT(keep), 0, 0, keeps, 0, NULL,
      "what is stored of finished runs: all (can be resumed), parameters and metrics, or metrics alone" },
    { "shard", 0, GK_TEXT, AT(shard), 0, 0, NULL, 0, "I/N", "only the I-th of N slices of the list of runs, I from 1" },
    { "checkpoint-every", 0, GK_REAL, AT(checkpoint_every_s), 0, 1e9, NULL, HOW, "SECONDS",
      "write the checkpoint this often (and never for more than 5 % of the time)" },
    GK_OPTION_END
};

static const gk_option how_options[] = {
    { "output", 'o', GK_TEXT, AT(output), 0, 0, NULL, HOW, "FILE", "checkpoint to write; '-': stdout, at the end" },
    { "resume", 0, GK_TEXT, AT(resume), 0, 0, NULL, HOW, "FILE",
      "train on from a checkpoint, into the same file unless --output is given; only --steps, --stop and how to run may change" },
    { "dry-run", 0, GK_SWITCH, AT(dry_run), 0, 0, NULL, HOW, NULL,
      "do not train: print the table of runs with parameters, FLOPs, memory and time" },
    { "time-limit", 0, GK_TEXT, AT(time_limit), 0, 0, NULL, HOW, "TIME",
      "save and end with status 4 after this time (90s, 3h50m, 0-03:50:00); not given: a minute before the end of a Slurm job; "
      "none: no limit" },
    { "device", 0, GK_TEXT, AT(device), 0, 0, NULL, HOW, "WHERE",
      "where to compute: cpu, cuda, cuda:N for the N-th device, or auto: cuda if it is there" },
    { "threads", 0, GK_INT, AT(n_thread), 0, 4096, NULL, HOW, "N", "on the CPU; 0: all cores" },
    { "quiet", 'q', GK_SWITCH, AT(quiet), 0, 0, NULL, HOW, NULL, "say nothing but errors and warnings" },
    GK_OPTION_END
};
#undef AT

gk_config gk_config_defaults(void)
{
    return (gk_config){
        .data = gk_data_defaults(),
        .model = {
            .n_layer = 1, .n_head = 4, .d_model = 128, .d_mlp = 512, .norm_place = GK_NORM_NONE, .bias = GK_BIAS_MLP,
            .position = GK_POSITION_LEARNED, .init = GK_INIT_AUTO, .activation = GK_RELU, .causal = true, .widths = "200x200",
            .correct_below = 1e-3, .two_rate = true,
        },
        .hyper = {
#define HYPER(field, option, initial, min, max, meaning) .field = initial,
#include "graph/hyper.def"
#undef HYPER
        },
        .update = { .ma_window = 100 },
        .run = {
            .steps = 10000, .init_seed = -1, .order_seed = -1, .batch = "full", .device = "auto",
            .log_growth = 1.03, .log_max = 500,
            .checkpoint_every_s = 60,
        },
        .teach = { .teacher_run = -1 },
        .base = { .from_run = -1 },
    };
}

void gk_config_groups(gk_config *config, gk_option_group groups[GK_CONFIG_N_GROUP])
{
    const gk_option_group all[GK_CONFIG_N_GROUP] = {
        { "Data", gk_data_options, &config->data, sizeof config->data },
        { "Model", model_options, &config->model, sizeof config->model },
        { "Hyperparameters (a list makes one run per value)", hyper_options, &config->hyper, sizeof config->hyper },
        { "Update rule", update_options, &config->update, sizeof config->update },
        { "Run", run_options, &config->run, sizeof config->run },
        { "How to run", how_options, &config->run, sizeof config->run },
    };
    memcpy(groups, all, sizeof all);
}

int gk_config_groups_of(gk_config *config, unsigned which, gk_option_group groups[GK_CONFIG_MAX_GROUP])
{
    int n = 0;
    if (which & GK_CONFIG_BASE)
        groups[n++] = (gk_option_group){ "What to go on from", base_options, config, sizeof *config };
    if (which & GK_CONFIG_TEACH)
        groups[n++] = (gk_option_group){ "Teacher", teacher_options, config, sizeof *config };
    if (which & (GK_CONFIG_TEACH | GK_CONFIG_BASE))
        groups[n++] = (gk_option_group){ "Distillation: L = (1 - a) loss + a KL", kd_options, config, sizeof *config };
    if (which & GK_CONFIG_LANDSCAPE)
        groups[n++] = (gk_option_group){ "Landscape", landscape_options, config, sizeof *config };
    gk_config_groups(config, groups + n);
    return n + GK_CONFIG_N_GROUP;
}

bool gk_config_rehearses(const gk_config *config)
{
    return config->base.from && config->base.mode >= GK_REMEMBER_SWAP;
}

/* --- meanings ------------------------------------------------------------------------------------------------------- */

static int check_time_limit(const char *text)
{
    double seconds;
    if (!text || strcmp(text, "none") == 0 || gk_parse_duration(text, &seconds) == 0)
        return 0;
    return gk_error_context("invalid value for '--time-limit'");
}

int gk_config_check(const gk_config *config)
{
    const gk_update *update = &config->update;
    gk_arena arena = { 0 };
    gk_stop  stop;
    gk_device device;
    int status = -1, number;

    if (update->lr_schedule != GK_LR_CONSTANT && update->lr_decay_steps == 0)
        gk_error("'--lr-schedule %s' needs --lr-decay-steps", lr_schedules[update->lr_schedule]);
    else if (config->run.snapshot_every > 0 && config->run.snapshot_growth > 0)
        gk_error("'--snapshot-every' and '--snapshot-growth' cannot both be given");
    else if (config->run.snapshot_growth > 0 && config->run.snapshot_growth <= 1)
        gk_error("invalid value '%g' for '--snapshot-growth': expected 0 or more than 1", config->run.snapshot_growth);
    else if (config->run.eval_items > 0 && config->teach.teachers)
        gk_error("'--eval-items' cannot be given with a teacher, who is heard on all train items");
    else if (config->run.eval_items > 0 && (config->data.join || config->data.also_eval))
        gk_error("'--eval-items' is for one task: with --join or --also-eval all items are evaluated");
    else if (config->hyper.label_smoothing > 0 && (config->model.loss != GK_LOSS_CE || config->model.softmax == GK_STABLEMAX))
        gk_error("'--label-smoothing' needs '--loss ce' and a softmax");
    else if (update->projection == GK_PROJECT_BETWEEN && update->constrain == GK_CONSTRAIN_NONE)
        gk_error("'--project between' needs --constrain-norm");
    else if (check_time_limit(config->run.time_limit) == 0 && gk_batch_parse(config->run.batch, 1) >= 0 &&
             gk_device_parse(config->run.device, &device, &number) == 0)
        status = gk_stop_parse(config->run.stop, &arena, &stop);
    gk_arena_release(&arena);
    return status;
}

int gk_device_parse(const char *text, gk_device *kind, int *number)
{
    int64_t n = 0;
    *number = 0;
    if (strcmp(text, "auto") == 0 || strcmp(text, "cpu") == 0 || strcmp(text, "cuda") == 0) {
        *kind = text[0] == 'a' ? GK_DEVICE_AUTO : text[1] == 'p' ? GK_DEVICE_CPU : GK_DEVICE_CUDA;
        return 0;
    }
    if (strncmp(text, "cuda:", 5) != 0 || gk_parse_int(text + 5, &n) < 0 || n < 0 || n > 1023)
        return gk_error("invalid value '%s' for '--device': expected auto, cpu, cuda or cuda:N", text);
    *kind = GK_DEVICE_CUDA;
    *number = (int)n;
    return 0;
}

int gk_operator_position(const gk_data_args *data)
{
    return data->data_file ? -1 : data->sequence == GK_SEQ_OP_MOD ? 2 : data->sequence == GK_SEQ_OP_EQ ? 1 : -1;
}

int64_t gk_batch_parse(const char *text, int64_t n_train)
{
    const char *digits = strncmp(text, "half", 4) == 0 ? text + 4 : text;
    int64_t batch = 0, half = (n_train + 1) / 2;
    if (strcmp(text, "full") == 0)
        return 0;
    if (gk_parse_int(digits, &batch) < 0 || batch < 1)
        return gk_error("invalid value '%s' for '--batch': expected full, a whole number above 0, or half512", text);
    if (digits != text && batch > half)
        batch = half;
    return batch < n_train ? batch : 0;
}

int gk_shard_parse(const char *text, int64_t n_run, int64_t *first, int64_t *end)
{
    *first = 0;
    *end = n_run;
    if (!text)
        return 0;
    char    left[24];
    int64_t shard, n_shard;
    size_t  n_left = strcspn(text, "/");
    snprintf(left, sizeof left, "%.*s", (int)n_left, text);
    if (text[n_left] != '/' || n_left >= sizeof left || gk_parse_int(left, &shard) < 0 ||
        gk_parse_int(text + n_left + 1, &n_shard) < 0 || shard < 1 || shard > n_shard || n_shard > 1000000)
        return gk_error("invalid value '%s' for '--shard': expected I/N with I from 1 to N", text);
    *first = n_run * (shard - 1) / n_shard;
    *end = n_run * shard / n_shard;
    if (*first == *end)
        return gk_error("shard '%s' is empty: there are only %lld runs", text, (long long)n_run);
    return 0;
}

gk_schedule gk_log_schedule(const gk_config *config)
{
    const gk_run_args *run = &config->run;
    return (gk_schedule){ .every = run->log_every, .growth = run->log_growth, .dense = 30, .max_gap = run->log_max };
}

gk_schedule gk_snapshot_schedule(const gk_config *config)
{
    return (gk_schedule){ .every = config->run.snapshot_every, .growth = config->run.snapshot_growth };
}

uint64_t gk_init_seed(const gk_config *config)
{
    return (uint64_t)(config->run.init_seed >= 0 ? config->run.init_seed : config->data.seed);
}

uint64_t gk_order_seed(const gk_config *config)
{
    return (uint64_t)(config->run.order_seed >= 0 ? config->run.order_seed : config->data.seed);
}
