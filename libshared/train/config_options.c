/* config_options.c -- the option tables of training, and their defaults. */
#include "train/config.h"

#include <math.h>
#include <string.h>
#include "data/data_options.h"
#include "graph/groups.h"

GK_CHOICE_NAMES(gk_precision, GK_PRECISIONS);
GK_CHOICE_NAMES(gk_keep, GK_KEEPS);
GK_CHOICE_NAMES(gk_kl_at, GK_KL_PLACES);
GK_CHOICE_NAMES(gk_remember, GK_REMEMBERS);
GK_CHOICE_NAMES(gk_base_state, GK_BASE_STATES);

enum { SHAPE = GK_VARY | GK_SHAPE, SHAPE_OF_SOURCE = SHAPE | GK_INHERIT, HOW = GK_HIDDEN | GK_RESUME };
static const double MANY = GK_MAX_STEP;      /* steps, records */
static const double SEED_MAX = 0x1p53;

/* --- when an option has an effect ----------------------------------------------------------------------------------- */

_Static_assert(offsetof(gk_config, data) == 0, "conditions of data_options.c find their struct at the beginning");

static bool is_transformer(const gk_config *config)
{
    return config->model.model == GK_MODEL_transformer;
}

static bool is_mlp(const gk_config *config)
{
    return config->model.model == GK_MODEL_mlp;
}

static bool is_lstm(const gk_config *config)
{
    return config->model.model == GK_MODEL_lstm;
}

static bool is_gcn(const gk_config *config)
{
    return config->model.model == GK_MODEL_gcn;
}

/* Are the items tokens?  (Those of a file may be.) */
static bool has_tokens(const gk_data_args *data)
{
    return data->data_file || gk_task_has(data->task, GK_TASK_SEQUENCE) || gk_task_has(data->task, GK_TASK_LATENTS);
}

static bool has_reals(const gk_data_args *data)
{
    return data->data_file || !has_tokens(data);
}

static bool has_order(const gk_config *config)
{
    const gk_hyper *hyper = &config->hyper;
    return strcmp(config->run.batch, "full") != 0 || hyper->dropout > 0 || hyper->update_noise > 0 || hyper->weight_noise > 0 ||
           hyper->gradient_noise > 0 || config->update.decay_form == GK_DECAY_JITTER ||
           gk_groups_any(config->model.groups, GK_HYPER_update_noise);
}

#define WHEN(name, text, test) GK_CONDITION(name, gk_config, text, test)
WHEN(transformer, "a transformer", is_transformer(at));
WHEN(with_mlp, "a transformer or a gcn", is_transformer(at) || is_gcn(at));
WHEN(with_norm, "'--norm pre', '--norm post' or --final-norm",
     is_transformer(at) && (at->model.norm_place != GK_NORM_NONE || at->model.final_norm));
WHEN(transformer_of_reals, "a transformer of items of reals", is_transformer(at) && has_reals(&at->data));
WHEN(with_widths, "an mlp, a resnet, an lstm or a gcn", !is_transformer(at));
WHEN(with_activation, "a transformer, an mlp, a resnet or a gcn", !is_lstm(at));
WHEN(mlp_of_tokens, "an mlp of tokens", is_mlp(at) && has_tokens(&at->data));
WHEN(embedding, "a transformer, an lstm, or an mlp with '--input embed'",
     is_transformer(at) || is_lstm(at) || (is_mlp(at) && has_tokens(&at->data) && at->model.input == GK_INPUT_EMBED));
WHEN(loss_ce, "'--loss ce'", at->model.loss == GK_LOSS_CE);
WHEN(loss_mse, "'--loss mse'", at->model.loss == GK_LOSS_MSE);
WHEN(decay, "a --weight-decay above 0", at->hyper.weight_decay > 0 || gk_groups_any(at->model.groups, GK_HYPER_weight_decay));
WHEN(scheduled, "an --lr-schedule other than constant", at->update.lr_schedule != GK_LR_CONSTANT);
WHEN(with_ema, "an --ema-lambda above 0", at->hyper.ema_lambda > 0);
WHEN(with_ma, "an --ma-lambda above 0", at->hyper.ma_lambda > 0);
WHEN(constrained, "--constrain-norm", at->update.constrain != GK_CONSTRAIN_NONE);
WHEN(taught, "runs with a teacher", at->teach.teachers != NULL);
WHEN(anew, "runs that begin with initial parameters", !at->base.from);
WHEN(ordered, "runs with batches, dropout or noise", has_order(at));
WHEN(tried, "--dry-run", at->run.dry_run);
WHEN(log_grows, "'--log-every 0'", at->run.log_every == 0);

/* Hyperparameters that only some optimisers read: as optim.def says. */
static const char *readers(gk_arena *arena, gk_hyper_index hyper)
{
    const char *names = "";
    for (int i = 0; i < GK_N_OPTIM; i++)
        if (gk_optimizers[i].uses & 1u << hyper)
            names = gk_arena_printf(arena, "%s%s%s", names, *names ? ", " : "", gk_optimizers[i].option);
    return names;
}
#define READ(field) \
    static const char *readers_of_##field(gk_arena *arena) { return readers(arena, GK_HYPER_##field); } \
    static bool field##_is_read(const void *of_run) \
    { \
        return gk_optimizers[((const gk_config *)of_run)->update.optimizer].uses & 1u << GK_HYPER_##field; \
    } \
    static const gk_condition reads_##field = { "--optimizer ", field##_is_read, readers_of_##field }
READ(beta1);
READ(beta2);
READ(epsilon);
READ(momentum);
READ(adam_rate);

/* --- tables --------------------------------------------------------------------------------------------------------- */

#define GK_OPTIONS_OF gk_model_args
static const gk_option model_options[] = {
    GK_CHOICE_OPTION("model", model, gk_model, .flags = SHAPE_OF_SOURCE,
                     .help = "transformer; multilayer perceptron on the tokens side by side; residual network on images; LSTM on "
                             "tokens; convolutions on graphs (gcn); or one "
                             "of a paper, by which options of the model that are not given follow ('--preset help' shows them)"),
    GK_INT_OPTION("n-layer", n_layer, 1, 64, .flags = SHAPE_OF_SOURCE, .when = &transformer,
                  .help = "blocks of attention and MLP"),
    GK_INT_OPTION("n-head", n_head, 1, 1024, .flags = SHAPE_OF_SOURCE, .when = &transformer,
                  .help = "attention heads, a divisor of --d-model"),
    GK_INT_OPTION("d-model", d_model, 1, 65536, .flags = SHAPE_OF_SOURCE, .when = &embedding,
                  .help = "width of embeddings and residual stream"),
    GK_INT_OPTION("d-mlp", d_mlp, 1, 1048576, .flags = SHAPE_OF_SOURCE, .when = &with_mlp,
                  .help = "width of the MLP's hidden layer; of a gcn, of the networks of edges, too"),
    GK_INT_OPTION("n-token", n_token, 0, 4096, .flags = SHAPE_OF_SOURCE, .when = &transformer_of_reals,
                  .help = "tokens that the reals of an item are cut into"),
    GK_SWITCH_OPTION("cls", cls, .flags = SHAPE_OF_SOURCE, .when = &transformer_of_reals,
                     .help = "put a learnt token before them and read the logits there; no: read them at the last"),
    GK_TEXT_OPTION("widths", widths, .flags = SHAPE_OF_SOURCE, .arg = "NxN...", .when = &with_widths,
                   .help = "widths of the hidden layers, channels of a resnet's blocks or a gcn's layers, or units of "
                           "an lstm's layers"),
    GK_CHOICE_OPTION("activation", activation, gk_activation, .flags = SHAPE_OF_SOURCE, .when = &with_activation,
                     .help = "of the MLP, or after convolutions"),
    GK_CHOICE_OPTION("norm", norm_place, gk_norm_place, .flags = SHAPE_OF_SOURCE, .when = &transformer,
                     .help = "normalise no, before, or after each sublayer"),
    GK_CHOICE_OPTION("norm-kind", norm_kind, gk_norm_kind, .flags = SHAPE_OF_SOURCE, .when = &with_norm, .help = "which norm"),
    GK_SWITCH_OPTION("final-norm", final_norm, .flags = SHAPE_OF_SOURCE, .when = &transformer,
                     .help = "a norm before the unembedding"),
    GK_CHOICE_OPTION("bias", bias, gk_bias, .flags = SHAPE_OF_SOURCE,
                     .help = "linear layers that have biases; blocks: all but the last, of the logits"),
    GK_CHOICE_OPTION("position", position, gk_position, .flags = SHAPE_OF_SOURCE, .when = &transformer,
                     .help = "position embedding"),
    GK_SWITCH_OPTION("causal", causal, .flags = SHAPE_OF_SOURCE, .when = &transformer,
                     .help = "no attention to later positions"),
    GK_CHOICE_OPTION("input", input, gk_input_kind, .flags = SHAPE_OF_SOURCE, .when = &mlp_of_tokens,
                     .help = "embed the tokens, take their one-hots, or add up the latents that the data bring"),
    GK_SWITCH_OPTION("train-latent", train_latent, .flags = SHAPE,
                     .help = "input latent: learn what is added to them, from 0 on"),
    GK_CHOICE_OPTION("logits", output, gk_output, .flags = SHAPE_OF_SOURCE,
                     .help = "over the whole vocabulary, or over possible answers only"),
    GK_CHOICE_OPTION("init", init, gk_init, .flags = SHAPE_OF_SOURCE,
                     .help = "initial law: nanda normal, variance 1/d-model; power uniform, 1/sqrt(fan in), embeddings N(0,1); "
                             "torch as PyTorch's Linear and Embedding, torch-mha and MultiheadAttention; he uniform, "
                             "sqrt(6/fan in), biases 0; auto: nanda for transformers, he for resnets, torch for mlp and lstm"),
    GK_CHOICE_OPTION("loss", loss, gk_loss, .flags = SHAPE,
                     .help = "cross-entropy; |softmax - onehot|^2; mean (logit - onehot)^2; of targets: mean (output - "
                             "target)^2; of two classes, by one output f and s = -1 or 1: max(0, 1 - s f), log(1 + exp(-s f)) "
                             "(binary cross-entropy of the logit f), (f - s)^2"),
    GK_REAL_OPTION("correct-below", correct_below, 0, HUGE_VAL, .flags = SHAPE, .when = &loss_mse,
                   .help = "an item counts as correct if its loss is below this"),
    GK_CHOICE_OPTION("softmax", softmax, gk_softmax, .flags = SHAPE, .when = &loss_ce,
                     .help = "stable gradient, as usual (collapses in fp32), or StableMax"),
    GK_SWITCH_OPTION("two-rate", two_rate, .flags = SHAPE,
                     .help = "compute what depends on single tokens once per step; 'no' is for tests"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

#define GK_OPTIONS_OF gk_hyper
#define HYPER(field, option, initial, least, most, meaning, ...) \
    GK_REAL_OPTION(option, field, least, most, .flags = GK_VARY, .help = meaning, __VA_ARGS__),
#define TEACH(...)
static const gk_option hyper_options[] = {
#include "graph/hyper.def"
    GK_OPTION_END
};
#undef HYPER
#undef GK_OPTIONS_OF

#define HYPER(...)
#define TEACH(...)
#define GROUPED(field, option, ...) option ", "
static const char group_help[] = "parameters with settings of their own, e.g. '*.bias,@embedding: weight-decay=0'; settings are "
#include "graph/hyper.def"
    "as in NAME=VALUE, with lists, and freeze; patterns are of names (grok-ls), or @embedding, @hidden, @unembedding, @vectors, "
    "@matrices.  May be given several times; of two settings for one tensor the later one holds";
#undef HYPER

/* Offsets of the groups below are within gk_config. */
#define GK_OPTIONS_OF gk_config
static const gk_option teacher_options[] = {
    GK_TEXT_OPTION("teacher", teach.teachers, .flags = GK_MANY, .arg = "[GROUP=]FILE",
                   .help = "checkpoint of the teacher; with GROUP (p1, p2, ... of a joint dataset) only of this task; may be "
                           "given several times: without GROUP each teaches the task that it was trained on"),
    GK_INT_OPTION("teacher-run", teach.teacher_run, -1, 1e9,
                  .help = "run of the teacher's checkpoint that teaches all; -1: its only one, or for each student the one with "
                          "its seed"),
    GK_CHOICE_OPTION("kl-at", teach.kl_at, gk_kl_at, .flags = GK_VARY | GK_SHAPE, .when = &taught,
                     .help = "where teacher and student are compared: at the operator's token, at the last, or at both; not "
                             "given: at the last where there is no operator's"),
    GK_OPTION_END
};

#define HYPER(...)
#define TEACH(field, option, initial, least, most, meaning, ...) \
    GK_REAL_OPTION(option, hyper.field, least, most, .flags = GK_VARY, .help = meaning, __VA_ARGS__),
static const gk_option kd_options[] = {
#include "graph/hyper.def"
    GK_SWITCH_OPTION("kd-squared", model.kd_squared, .flags = GK_VARY | GK_SHAPE, .when = &taught,
                     .help = "multiply KL by t^2, as Hinton et al. 2015"),
    GK_OPTION_END
};
#undef HYPER

static const gk_option landscape_options[] = {
    GK_SWITCH_OPTION("continue", landscape.warm_start,
                     .help = "begin a cell with what the same cell at the alpha before it ended with, scaled; no: from initial "
                             "parameters"),
    GK_REAL_OPTION("until-flat", landscape.until_flat, 0, 1, .arg = "F",
                   .help = "retire a cell whose lowest train loss fell by less than share F over the last 20 records; 0: make "
                           "all steps"),
    GK_SWITCH_OPTION("jacobian", landscape.jacobian,
                     .help = "also Tr(J^T J) of every cell at its end: the squared gradients of the mean output, summed over "
                             "the train items (those of --eval-items, if given)"),
    GK_INT_OPTION("wave", landscape.wave, 0, 1e9, .flags = GK_RESUME,
                  .help = "cells that are trained side by side (results do not depend on it); 0: as many as fit into some 64 MB"),
    GK_OPTION_END
};

static const gk_option weights_options[] = {
    GK_TEXT_OPTION("weights", weights.file, .arg = "FILE",
                   .help = "parameters to begin with: safetensors, npz, or what torch.save writes of a state dict"),
    GK_CHOICE_OPTION("names", weights.names, gk_naming,
                     .help = "of the tensors in it, and their layouts; torch: matrices as nn.Linear has them; the others: of "
                             "TransformerLens, and of the code of Nanda et al. 2023"),
    GK_TEXT_OPTION("prefix", weights.prefix, .arg = "TEXT", .help = "what stands before every name in it, e.g. 'model.'"),
    GK_OPTION_END
};

static const gk_option base_options[] = {
    GK_TEXT_OPTION("from", base.from, .arg = "FILE", .help = "checkpoint to go on from"),
    GK_INT_OPTION("from-run", base.from_run, -1, 1e9,
                  .help = "run of the checkpoint that all go on from; -1: its only one, or for each run the one with its seed"),
    GK_REAL_OPTION("subset", base.subset, 0, 1, .flags = GK_HIDDEN, .arg = "F",
                   .help = "go on with share F of all items, which are among those that it was trained on (ungrokking): "
                           "--fraction F, but for no more than it has learnt; 0: as the options about data say"),
    GK_CHOICE_OPTION("state", base.state, gk_base_state,
                     .help = "of optimiser and filters: begin anew, or go on with what the checkpoint has of it; what it has not "
                             "begins anew, and is said"),
    GK_CHOICE_OPTION("mode", base.mode, gk_remember, .flags = GK_SHAPE,
                     .help = "how the old task is remembered, with the checkpoint as teacher: not; KL at the operator token of "
                             "the new items; at the last token of the old task's items with the new operands; at that of the "
                             "items that the checkpoint was trained on"),
    GK_OPTION_END
};

static const gk_option group_options[] = {
    GK_TEXT_OPTION("params", model.groups, .flags = GK_VARY | GK_MANY, .join = "; ", .lists = gk_groups_lists,
                   .arg = "'PATTERN,...: SETTING ...'", .help = group_help),
    GK_TEXT_OPTION("freeze", model.frozen, .flags = GK_SHAPE, .arg = "PATTERN,...",
                   .help = "parameters that stay as they are, e.g. 'embed.*,block0.attention.*': --params 'PATTERN,...: freeze'"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning) "; " option ": " meaning
static const char optimizer_help[] = "rule of the update"
#include "graph/optim.def"
    "";
#undef OPTIM

#define GK_OPTIONS_OF gk_update
static const gk_option update_options[] = {
    GK_CHOICE_OPTION("optimizer", optimizer, gk_optimizer, .flags = SHAPE, .help = optimizer_help),
    GK_CHOICE_OPTION("decay-form", decay_form, gk_decay_form, .flags = SHAPE, .when = &decay,
                     .help = "what --weight-decay does: decoupled shrinks weights, coupled is an L2 penalty, init pulls to the "
                             "initial weights, jitter scales each tensor at random; auto: coupled for adam and sgd, decoupled "
                             "for others"),
    GK_CHOICE_OPTION("lr-schedule", lr_schedule, gk_lr_schedule, .flags = SHAPE,
                     .help = "of the learning rate after warm-up; see --lr-decay-steps and -factor"),
    GK_INT_OPTION("lr-decay-steps", lr_decay_steps, 0, MANY, .flags = SHAPE, .when = &scheduled,
                  .help = "schedule step: updates between two factors; cosine, linear: length"),
    GK_INT_OPTION("ma-window", ma_window, 1, 100000, .flags = SHAPE, .when = &with_ma,
                  .help = "Grokfast-MA: gradients in the window"),
    GK_SWITCH_OPTION("orthogonal", orthogonal, .flags = SHAPE,
                     .help = "project each tensor's gradient off its weights (Prieto et al. 2025)"),
    GK_CHOICE_OPTION("constrain-norm", constrain, gk_constraint, .flags = SHAPE,
                     .help = "keep the initial norm of all trained parameters, or of each layer's; omnigrok-q: squares of the "
                             "first tensor count twice (Liu et al. 2022, code of teacher-student and addition)"),
    GK_CHOICE_OPTION("project", projection, gk_projection, .flags = SHAPE, .when = &constrained,
                     .help = "when --constrain-norm rescales: after each update, or between the gradient and its update"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

static const char metrics_help[] = "record these, too, which cost time: "
#define IF_USUAL(name)
#define IF_TAUGHT(name)
#define IF_ASKED(name) name ", "
#define METRIC(id, name, when, kind, unit, words, meaning) IF_##when(name)
#include "graph/metrics.def"
#undef METRIC
    "or all; none: only the usual ones (grok-log --help explains them)";

#define GK_OPTIONS_OF gk_run_args
static const gk_option run_options[] = {
    GK_INT_OPTION("steps", steps, 0, MANY, .key = 'n', .flags = GK_RESUME, .help = "updates"),
    GK_TEXT_OPTION("batch", batch, .key = 'b', .flags = SHAPE, .arg = "ROWS",
                   .help = "rows per update: full, a number, or half512: min(512, half of the train rows)"),
    GK_CHOICE_OPTION("precision", precision, gk_precision, .flags = SHAPE,
                     .help = "of parameters and arithmetic; losses and norms are always summed in fp64; on cuda tf32: fp32 but "
                             "for the inputs of matrix products; bf16: those too, and activations are stored in it"),
    GK_INT_OPTION("init-seed", init_seed, -1, SEED_MAX, .flags = GK_VARY, .arg = "S", .when = &anew,
                  .help = "of initial parameters; -1: --seed"),
    GK_INT_OPTION("order-seed", order_seed, -1, SEED_MAX, .flags = GK_VARY, .arg = "S", .when = &ordered,
                  .help = "of batch order, dropout, noise; -1: --seed"),
    GK_TEXT_OPTION("stop", stop, .flags = GK_RESUME, .arg = "RULES",
                   .help = "stop a run that meets one of these, e.g. 'test_acc>=0.99 for 3; test_loss<1e-6': a metric, a bound, "
                           "and for how many records in a row; none: no rule"),
    GK_INT_OPTION("log-every", log_every, 0, MANY, .help = "record metrics every N updates; 0: as --log-growth says"),
    GK_REAL_OPTION("log-growth", log_growth, 1, 1000, .arg = "F", .when = &log_grows,
                   .help = "record every step to 30, then at the first step >= F x the last"),
    GK_INT_OPTION("log-max", log_max, 1, MANY, .when = &log_grows, .help = "but never more than N updates apart"),
    GK_TEXT_OPTION("metrics", metrics, .flags = GK_RESUME, .arg = "NAME,...", .help = metrics_help),
    GK_CHOICE_OPTION("by-subclass", by_subclass, gk_by_subclass, .flags = GK_RESUME,
                     .help = "record losses and accuracies of subclasses apart, too: kinds, as kept/test_acc: of those that "
                             "--thin does not name, as thinned/ of those that it names, as absent/ of these without train items; "
                             "each: of every subclass as well, as NAME/test_acc"),
    GK_INT_OPTION("eval-items", eval_items, 0, MANY,
                  .help = "at records, evaluate N random train items and N test items, the same ones each time; 0: all"),
    GK_INT_OPTION("snapshot-every", snapshot_every, 0, MANY, .help = "keep the parameters of every N-th step; 0: none"),
    GK_REAL_OPTION("snapshot-growth", snapshot_growth, 0, 1000, .arg = "F",
                   .help = "keep the parameters at steps that grow by this factor: 0, 1, F, F^2, ...; 0: none"),
    GK_CHOICE_OPTION("keep", keep, gk_keep,
                     .help = "what is stored of finished runs: all (can be resumed), parameters and metrics, or metrics alone"),
    GK_TEXT_OPTION("shard", shard, .arg = "I/N", .help = "only the I-th of N slices of the list of runs, I from 1"),
    GK_TEXT_OPTION("name", name, .arg = "TEXT", .help = "of these runs: the column name of every table about them"),
    GK_TEXT_OPTION("tag", tags, .flags = GK_MANY, .join = "; ", .arg = "KEY=VALUE",
                   .help = "a column KEY of every table about these runs"),
    GK_TEXT_OPTION("note", note, .flags = GK_RESUME, .arg = "TEXT",
                   .help = "words about these runs: stored with them, shown by grok-ls and above every table"),
    GK_REAL_OPTION("checkpoint-every", checkpoint_every_s, 0, 1e9, .flags = HOW, .arg = "SECONDS",
                   .help = "write the checkpoint this often (and never for more than 5 % of the time)"),
    GK_OPTION_END
};

static const gk_option how_options[] = {
    GK_TEXT_OPTION("output", output, .key = 'o', .flags = HOW, .arg = "FILE",
                   .help = "checkpoint to write; '-': stdout, at the end"),
    GK_SWITCH_OPTION("force", force, .flags = HOW, .help = "replace the file that --output names, whatever it is"),
    GK_TEXT_OPTION("resume", resume, .flags = HOW, .arg = "FILE",
                   .help = "train on from a checkpoint, into the same file unless --output is given; only --steps, --stop and "
                           "how to run may change.  The stop rule judges all runs anew"),
    GK_SWITCH_OPTION("resume-or-start", resume_or_start, .flags = HOW,
                     .help = "for scripts, one command for the first start and all later ones: train on from --output if it is "
                             "there (it must have been begun with the same options), say so if all is done, else start"),
    GK_SWITCH_OPTION("dry-run", dry_run, .flags = HOW,
                     .help = "do not train: print the table of runs with parameters, FLOPs, memory and time"),
    GK_SWITCH_OPTION("timing", timing, .flags = HOW, .when = &tried,
                     .help = "make a few updates to foretell the time; 'no': the time is nan"),
    GK_TEXT_OPTION("time-limit", time_limit, .flags = HOW, .arg = "TIME",
                   .help = "save and end with status 4 after this time (90s, 3h50m, 0-03:50:00); not given: a minute before the "
                           "end of a Slurm job; none: no limit"),
    GK_TEXT_OPTION("device", device, .flags = HOW, .arg = "WHERE",
                   .help = GK_DEVICE_HELP),
    GK_INT_OPTION("threads", n_thread, 0, 4096, .flags = HOW, .help = "on the CPU; 0: all cores"),
    GK_SWITCH_OPTION("quiet", quiet, .key = 'q', .flags = HOW, .help = "say nothing but errors and warnings"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

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
#define HYPER(field, option, initial, ...) .field = initial,
#include "graph/hyper.def"
#undef HYPER
        },
        .update = { .ma_window = 100 },
        .run = {
            .steps = 10000, .init_seed = -1, .order_seed = -1, .batch = "full", .device = "auto",
            .log_growth = 1.03, .log_max = 500,
            .checkpoint_every_s = 60, .timing = true,
        },
        .teach = { .teacher_run = -1 },
        .base = { .from_run = -1 },
    };
}

void gk_config_groups(gk_config *config, gk_option_group groups[GK_CONFIG_N_GROUP])
{
    const gk_option_group all[GK_CONFIG_N_GROUP] = {
        { "Data", gk_data_options, &config->data },
        { "Model", model_options, &config->model },
        { "Hyperparameters (a list makes one run per value)", hyper_options, &config->hyper },
        { "Update rule", update_options, &config->update },
        { "Parameter groups", group_options, config },
        { "Run", run_options, &config->run },
        { "How to run", how_options, &config->run },
    };
    memcpy(groups, all, sizeof all);
}

int gk_config_groups_of(gk_config *config, unsigned which, gk_option_group groups[GK_CONFIG_MAX_GROUP])
{
    int n = 0;
    if (which & GK_CONFIG_WEIGHTS)
        groups[n++] = (gk_option_group){ "What to import", weights_options, config };
    if (which & GK_CONFIG_BASE)
        groups[n++] = (gk_option_group){ "What to go on from", base_options, config };
    if (which & GK_CONFIG_TEACH)
        groups[n++] = (gk_option_group){ "Teacher", teacher_options, config };
    if (which & (GK_CONFIG_TEACH | GK_CONFIG_BASE))
        groups[n++] = (gk_option_group){ "Distillation: L = (1 - a) loss + a KL", kd_options, config };
    if (which & GK_CONFIG_LANDSCAPE)
        groups[n++] = (gk_option_group){ "Landscape", landscape_options, config };
    gk_config_groups(config, groups + n);
    return n + GK_CONFIG_N_GROUP;
}
