/* backend.h -- what a trainer asks of a device: hold R replicas of a graph, update them, evaluate them.
 *
 * A backend keeps parameters and optimiser state of all replicas in flat arenas [R][P] and does whole runs of updates between
 * two log points without the host.  Every replica is trained exactly as if it were alone: results are bit-identical on the CPU
 * whatever the other replicas and the number of threads. */
#ifndef GK_GRAPH_BACKEND_H
#define GK_GRAPH_BACKEND_H

#include <stdbool.h>
#include <stdint.h>
#include "base/choice.h"
#include "base/dtype.h"
#include "base/error.h"
#include "graph/graph.h"
#include "graph/optim.h"

typedef struct gk_hyper {
#define HYPER(field, option, initial, min, max, ...) double field;
#include "graph/hyper.def"
#undef HYPER
} gk_hyper;

/* Whose norms are kept as they were at the beginning (Liu et al. 2022): of all parameters that are trained; of each layer's; or
 * of all, with the squares of the first tensor counted twice, as Liu et al.'s code for teacher-student and addition has it. */
#define GK_CONSTRAINTS(X) X(GK_CONSTRAIN_NONE, "none") X(GK_CONSTRAIN_GLOBAL, "global") X(GK_CONSTRAIN_LAYER, "layer") \
    X(GK_CONSTRAIN_OMNIGROK_Q, "omnigrok-q")
GK_CHOICES(gk_constraint, GK_CONSTRAINTS);
/* When: after the update; or between its gradient and its step, so that weights are one update off when they are seen. */
#define GK_PROJECTIONS(X) X(GK_PROJECT_AFTER, "after") X(GK_PROJECT_BETWEEN, "between")
GK_CHOICES(gk_projection, GK_PROJECTIONS);
#define GK_LR_SCHEDULES(X) X(GK_LR_CONSTANT, "constant") X(GK_LR_STEP, "step") X(GK_LR_COSINE, "cosine") X(GK_LR_LINEAR, "linear")
GK_CHOICES(gk_lr_schedule, GK_LR_SCHEDULES);

/* Everything about an update that is the same for all replicas of a group. */
typedef struct gk_update {
    gk_optimizer   optimizer;
    gk_decay_form  decay_form;
    gk_lr_schedule lr_schedule;
    int64_t        lr_decay_steps;     /* step: every so many updates; cosine, linear: length */
    int64_t        batch;              /* rows per update; 0: all */
    int64_t        ma_window;          /* Grokfast-MA: gradients in the ring; 0: off */
    bool           orthogonal;         /* project each tensor's gradient off its weights (Prieto et al. 2025) */
    gk_constraint  constrain;          /* rescale parameters to the norms that the replica began with */
    gk_projection  projection;
} gk_update;

/* Which terms of the loss a row has; each is a mean over the rows that have it. */
enum { GK_TERM_LABEL, GK_TERM_TARGET, GK_N_TERM };

/* Rows of one replica: items to train or test on, with their labels.  Borrowed. */
typedef struct gk_rows {
    int64_t        n;
    const int32_t *item;               /* [n] */
    const int32_t *label;              /* [n] */
    const void    *target;             /* [n][graph->n_target_real] reals of the engine's type, what graph targets are read from;
                                        * NULL: none, then KL terms are left out of metrics */
    const uint8_t *terms;              /* [n] bits 1 << GK_TERM_*; NULL: all rows have all */
    double         term_scale[GK_N_TERM];    /* with terms: n over the number of rows that have it */
} gk_rows;

/* Sets of rows.  Updates are made on the train rows; every set can be evaluated; more than these two are the trainer's. */
enum { GK_TRAIN_ROWS, GK_TEST_ROWS, GK_EXTRA_ROWS, GK_MAX_SET = 264 };
enum { GK_MAX_SECTION = 128 };    /* parts of train and of test rows that are sets of their own, beside those of tasks */

/* Arithmetic of matrix products in float32: as it is, or with inputs rounded to TF32 or bfloat16 (sums stay in float32).  With
 * bfloat16, what a device keeps of rows, other than logits and targets, is stored in it.  Only devices that have it; parameters
 * and everything else stay as they are. */
typedef enum { GK_PRODUCT_EXACT, GK_PRODUCT_TF32, GK_PRODUCT_BF16 } gk_product;

/* Updates that each part of a replica's state had seen before step 0, in a run that this one goes on from. */
typedef enum { GK_SEEN_OPTIMIZER, GK_SEEN_EMA, GK_SEEN_RING, GK_N_SEEN } gk_seen_part;
typedef struct gk_seen { int64_t updates[GK_N_SEEN]; } gk_seen;

/* What an engine is made from.  Borrowed, and not to be changed, until close. */
typedef struct gk_problem {
    const gk_graph  *graph;            /* frozen */
    gk_update        update;
    int64_t          n_replica;
    const gk_hyper  *hyper;            /* [R] */
    const gk_hyper  *group_hyper;      /* [R][graph->n_group] what tensors are updated with; NULL: all as hyper says */
    const uint64_t  *seed;             /* [R] of batch order, dropout, noise */
    const gk_rows   *rows[GK_MAX_SET]; /* [R] each; NULL: there is no such set */
    unsigned         sums;             /* bits 1 << GK_SUM_*: what evaluations count beside what they always do */
    const gk_seen   *seen;             /* [R] what their state had seen before step 0; NULL: nothing */
    int              n_thread;         /* CPU; 0: all */
    gk_product       product;
} gk_problem;

/* What evaluations add up (metrics.def); those that are ASKED for only if a problem's `sums` has their bit. */
typedef enum {
#define SUM(field, when, meaning) GK_SUM_##field,
#include "graph/metrics.def"
#undef SUM
    GK_N_SUM
} gk_sum;

/* Means over the rows of a set, accumulated in double; before they are divided by their number, sums. */
typedef struct gk_metrics {
#define SUM(field, when, meaning) double field;
#include "graph/metrics.def"
#undef SUM
} gk_metrics;

typedef struct gk_engine gk_engine;    /* a backend's own */

typedef struct gk_memory { int64_t per_replica_bytes, shared_bytes; } gk_memory;

typedef struct gk_backend {
    const char *name;                  /* "cpu" */
    gk_dtype    real;

    /* Memory for this problem (rows and hyper may be given without items), without allocating. */
    void       (*memory)(const gk_problem *problem, gk_memory *out);
    /* NULL with gk_error: out of memory (says how many replicas would fit), ... */
    gk_engine *(*open)(const gk_problem *problem);
    void       (*close)(gk_engine *engine);

    /* Depth of an arena: 1, the ring's window, or 0 if the engine does not have it. */
    int64_t    (*depth)(const gk_engine *engine, gk_arena_kind kind);
    /* Whole arenas to and from host memory, [R][depth][P] of `real`.  Writing PARAM fixes the norms that a constraint keeps,
     * unless set_scalars is called after it. */
    int        (*read)(gk_engine *engine, gk_arena_kind kind, void *host);
    int        (*write)(gk_engine *engine, gk_arena_kind kind, const void *host);
    /* What else an engine keeps of a replica, [R][gk_problem_n_scalar]: the norms of the spheres that a constraint keeps, and
     * last how many of its updates had their gradient clipped. */
    void       (*scalars)(gk_engine *engine, double *out);
    void       (*set_scalars)(gk_engine *engine, const double *scalars);

    /* n updates of every replica with active[r], from update number `step` (0-based) on. */
    int        (*run)(gk_engine *engine, int64_t step, int64_t n, const bool *active);
    /* Metrics of a row set for every active replica; others are left alone.  out: [R]. */
    int        (*evaluate)(gk_engine *engine, int set, const bool *active, gk_metrics *out);
    /* Logits of a row set, in evaluation mode: out[r] is [n][size of graph->logits] for every active replica. */
    int        (*predict)(gk_engine *engine, int set, const bool *active, double *const *out);
    /* L2 norms of the parameters: global [R], and per parameter [R][n_param] (may be NULL). */
    int        (*norms)(gk_engine *engine, const bool *active, double *global, double *per_param);
    /* Gradient of the mean loss over all train rows at the current parameters, [R][P], without update; for tests. */
    int        (*gradient)(gk_engine *engine, void *host);
} gk_backend;

extern const gk_backend gk_backend_cpu_f32, gk_backend_cpu_f64;

/* Learning rate of update `step` (0-based): warm-up times schedule (experiments: warm-up factor min(1, step/warmup)). */
double gk_learning_rate(const gk_update *update, const gk_hyper *hyper, int64_t step);

#endif
