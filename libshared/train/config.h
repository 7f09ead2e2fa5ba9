/* config.h -- everything that a training run is told: data, model, hyperparameters, update rule, run.
 *
 * The option groups are shared by the tools that train, so that an option means the same in all of them.  Each tool may add
 * groups of its own behind these. */
#ifndef GK_TRAIN_CONFIG_H
#define GK_TRAIN_CONFIG_H

#include "base/options.h"
#include "data/dataset.h"
#include "graph/backend.h"
#include "io/checkpoint.h"
#include "models/model.h"
#include "train/metrics.h"
#include "models/naming.h"
#include "train/schedule.h"

#define GK_PRECISIONS(X) \
    X(GK_PRECISION_FP32, "fp32") X(GK_PRECISION_FP64, "fp64") X(GK_PRECISION_TF32, "tf32") X(GK_PRECISION_BF16, "bf16")
GK_CHOICES(gk_precision, GK_PRECISIONS);
enum { GK_N_PRECISION = GK_PRECISION_BF16 + 1 };
typedef enum { GK_DEVICE_AUTO, GK_DEVICE_CPU, GK_DEVICE_CUDA } gk_device;
#define GK_KEEPS(X) X(GK_KEEP_ALL, "all") X(GK_KEEP_PARAMS, "params") X(GK_KEEP_METRICS, "metrics")
GK_CHOICES(gk_keep, GK_KEEPS);             /* of a finished group */

typedef struct gk_run_args {
    int64_t     steps;
    int64_t     init_seed, order_seed;     /* -1: the seed of the run */
    const char *batch;                     /* see gk_batch_parse */
    gk_precision precision;
    const char *stop;                      /* see stop.h; NULL: none */
    int64_t     log_every, log_max;
    double      log_growth;
    const char *metrics;                   /* recorded beside the usual ones, see gk_metrics_asked; NULL: none */
    gk_by_subclass by_subclass;            /* whose metrics are recorded apart, too */
    int64_t     eval_items;                /* at records, evaluate at most so many train and so many test items; 0: all */
    int64_t     snapshot_every;
    double      snapshot_growth;
    double      checkpoint_every_s;
    gk_keep     keep;
    const char *shard;                     /* "I/N", NULL: all runs */
    const char *name, *tags, *note;        /* what users call the runs, see tags.h; NULL: nothing */
    /* how to run, not what */
    const char *output, *resume;
    const char *time_limit;                /* see duration.h; "none"; NULL: that of a Slurm job */
    const char *device;                    /* see gk_device_parse */
    int64_t     n_thread;
    bool        resume_or_start;           /* train on from `output` if it is there */
    bool        force;                     /* replace what stands at `output` */
    bool        dry_run, timing, quiet;
} gk_run_args;

#define GK_KL_PLACES(X) X(GK_KL_AT_OP, "op") X(GK_KL_AT_LAST, "last") X(GK_KL_AT_BOTH, "both")
GK_CHOICES(gk_kl_at, GK_KL_PLACES);        /* operator token, last token */

/* Distillation: L = (1 - a) L_label + a KL(softmax(f_T / t) || softmax(f_S / t)); t and a are hyperparameters. */
typedef struct gk_teach_args {
    const char *teachers;      /* "FILE" or "p1=FILE,p2=FILE"; NULL: none, and no KL term in the loss */
    int64_t     teacher_run;   /* replica that teaches all; -1: see gk_source_replica */
    gk_kl_at    kl_at;
} gk_teach_args;

/* How a run that goes on from a base remembers what the base had learnt (experiments A.6):
 *   op      KL at the operator token of the new items, with the base as teacher
 *   swap    KL at the last token of the old task's items with the operands of the new train items
 *   replay  KL at the last token of the items that the base was trained on */
#define GK_REMEMBERS(X) \
    X(GK_REMEMBER_NONE, "none") X(GK_REMEMBER_OP, "op") X(GK_REMEMBER_SWAP, "swap") X(GK_REMEMBER_REPLAY, "replay")
GK_CHOICES(gk_remember, GK_REMEMBERS);
#define GK_BASE_STATES(X) X(GK_STATE_FRESH, "fresh") X(GK_STATE_KEPT, "kept")
GK_CHOICES(gk_base_state, GK_BASE_STATES); /* of the optimiser */

typedef struct gk_base_args {
    const char *from;          /* checkpoint; NULL: from initial parameters */
    int64_t     from_run;      /* replica that all go on from; -1: see gk_source_replica */
    gk_remember mode;
    gk_base_state state;
    double      subset;        /* share of all items, of those that the base was trained on; 0: as other options say */
    int         n_old;         /* tasks of the base: the first groups that are only evaluated */
} gk_base_args;

/* Parameters that another program has made (weights.h). */
typedef struct gk_weights_args {
    const char *file;          /* of tensors, in a format of io/tensors.h; NULL: none */
    gk_naming   names;
    const char *prefix;        /* before every name in it: "model."; NULL: none */
} gk_weights_args;

/* A reduced landscape (Liu et al. 2022): a grid of runs whose norm is held, each a cell. */
typedef struct gk_landscape_args {
    bool    on;                /* set by the tool: results of cells are kept (landscape.h) */
    bool    warm_start;        /* a cell begins with the parameters of the same cell at the alpha before, scaled */
    bool    jacobian;          /* Tr(J^T J) of every cell at its end */
    double  until_flat;        /* share; 0: every cell makes all steps */
    int64_t wave;              /* cells that are trained side by side; 0: as memory allows */
} gk_landscape_args;

typedef struct gk_config {
    gk_data_args  data;
    gk_model_args model;
    gk_hyper      hyper;
    gk_update     update;      /* batch is set by gk_plan_new */
    gk_run_args   run;
    gk_teach_args teach;
    gk_base_args  base;
    gk_landscape_args landscape;
    gk_weights_args weights;
} gk_config;

enum { GK_CONFIG_N_GROUP = 7, GK_CONFIG_MAX_GROUP = 13 };    /* without, with what only some tools have, and an end */

/* What holds if nothing is given: the 1-layer transformer of Nanda et al. on (a + b) mod 113, full batch, AdamW. */
gk_config gk_config_defaults(void);

/* Option groups over `config`, without the group that ends the list. */
void gk_config_groups(gk_config *config, gk_option_group groups[GK_CONFIG_N_GROUP]);

/* The same with the groups of grok-distill, grok-finetune, grok-landscape, grok-import; returns how many. */
enum { GK_CONFIG_TEACH = 1, GK_CONFIG_BASE = 2, GK_CONFIG_LANDSCAPE = 4, GK_CONFIG_WEIGHTS = 8,
       GK_CONFIG_ALL = GK_CONFIG_TEACH | GK_CONFIG_BASE | GK_CONFIG_LANDSCAPE | GK_CONFIG_WEIGHTS };
int  gk_config_groups_of(gk_config *config, unsigned which, gk_option_group groups[GK_CONFIG_MAX_GROUP]);

/* Are there rows beside the train rows, to remember an old task by? */
bool gk_config_rehearses(const gk_config *config);

/* Options that nobody has set and for which the optimiser has a default of its own (optim.def).  -1 with gk_error: several
 * optimisers that do not share one. */
int  gk_config_resolve(gk_given *given) GK_MUST_CHECK;

/* What --init auto stands for, to be recorded, unless it is another law for each model of the grid.  -1 with gk_error. */
int  gk_config_resolve_init(gk_given *given, const gk_config *config) GK_MUST_CHECK;

/* Options of one run that contradict each other.  0, or -1 with gk_error. */
int  gk_config_check(const gk_config *config) GK_MUST_CHECK;

/* Position of the operator's token in a sequence; -1: it has none. */
int  gk_operator_position(const gk_data_args *data);

/* "auto", "cpu", "cuda", "cuda:1": what, and which one.  0, or -1 with gk_error. */
int  gk_device_parse(const char *text, gk_device *kind, int *number) GK_MUST_CHECK;
#define GK_DEVICE_HELP "where to compute: cpu, cuda, cuda:N for the N-th device, or auto: cuda if it is there"

/* Rows per update out of n_train: "full"; a number; or "half512": min(512, ceil(n_train / 2)), for any number after "half".
 * A batch of n_train or more is the full batch.  0 means full (as in gk_update); -1 with gk_error. */
int64_t gk_batch_parse(const char *text, int64_t n_train);

/* "3/8" -> the half-open slice of n_run runs, which is empty for some if there are more slices than runs; NULL: all of them.  -1
 * with gk_error. */
int  gk_shard_parse(const char *text, int64_t n_run, int64_t *first, int64_t *end) GK_MUST_CHECK;

gk_schedule gk_log_schedule(const gk_config *config);
gk_schedule gk_snapshot_schedule(const gk_config *config);

/* Seeds of initial parameters, and of batch order, dropout and noise. */
uint64_t gk_init_seed(const gk_config *config);
uint64_t gk_order_seed(const gk_config *config);

/* --- to and from /config of a checkpoint -- */

/* One entry for every option that is not hidden and has a value, in arena memory; returns how many. */
int  gk_config_record(gk_given *given, gk_arena *arena, gk_config_entry **entries);

/* Set every option to what the checkpoint was made with, except those that are given on the command line: of these only
 * options with GK_RESUME are allowed.  -1 with gk_error naming the option. */
int  gk_config_restore(gk_given *given, gk_checkpoint *checkpoint) GK_MUST_CHECK;

/* Set every option to what the checkpoint was made with, for a new run (--config).  *left_out: the options that this tool does
 * not have, "--teacher, --kl-at", or "".  -1 with gk_error: a value that is none today. */
int  gk_config_replay(gk_given *given, gk_checkpoint *checkpoint, gk_arena *arena, const char **left_out) GK_MUST_CHECK;

/* Was the checkpoint begun with the options that are set here (of a tool with these groups and defaults)?  Options with GK_RESUME
 * may differ, and take its values where nobody has set them.  -1 with gk_error naming the first option that differs. */
int  gk_config_agree(gk_given *given, gk_checkpoint *checkpoint, unsigned which, const gk_config *defaults) GK_MUST_CHECK;

/* Named settings from papers and their code. */
extern const gk_preset gk_presets[];

/* Models of papers by name: what --model mlp-784, tf-s, t1, ... stand for. */
extern const gk_shorthand gk_model_shorthands[];

#endif
