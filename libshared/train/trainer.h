/* trainer.h -- one shape group in training: its data, graph and engine, and the part of the checkpoint that they fill.
 *
 * A record at step s is taken after s updates.  Records and snapshots are made at steps of their schedules, so that a run that
 * was resumed has the same ones; a record is also made at the last step.  If that is not on the schedule it is taken back when
 * the run is resumed for more steps, with what it decided about its replicas. */
#ifndef GK_TRAIN_TRAINER_H
#define GK_TRAIN_TRAINER_H

#include "train/metrics.h"
#include "train/plan.h"
#include "train/stop.h"

/* What a checkpoint's groups are made of while they are trained: small things in the arena, large arrays in a list. */
typedef struct gk_keeper {
    gk_arena arena;
    void   **large;
    int64_t  n_large, capacity;
} gk_keeper;

/* Zeroed; NULL with gk_error. */
void *gk_keep_large(gk_keeper *keeper, size_t n_bytes, const char *what);
/* Free one of them early; anything else (NULL, arrays of a checkpoint that was read) is left alone. */
void  gk_keep_drop(gk_keeper *keeper, void *large);
void  gk_keeper_release(gk_keeper *keeper);

/* A set of rows that is evaluated at every record. */
typedef enum { GK_EVAL_TRAIN, GK_EVAL_TEST, GK_EVAL_HELD, GK_EVAL_REHEARSAL, GK_EVAL_TRAIN_SECTION,
               GK_EVAL_TEST_SECTION } gk_eval_kind;
typedef struct gk_eval {
    gk_eval_kind kind;                        /* held: test items of a group that is only evaluated */
    int          set;                         /* of the engine */
    int          group;                       /* of items, or number of a section; -1: all */
    int64_t     *n_taught;                    /* [R] rows with a teacher's probabilities */
    gk_metrics  *metrics;                     /* [R] */
} gk_eval;

/* Parts of the train and test rows that are evaluated apart, for --by-subclass. */
typedef struct gk_sections {
    int       n;                              /* 0: none are asked for */
    bool      each;                           /* one for each subclass; else for each gk_kind */
    uint8_t  *kind;                           /* [n_split][n] gk_kind */
    uint8_t **section_of;                     /* [n_split] of [subclass.n] */
    int       first_train, first_test;        /* their places in trainer->eval */
} gk_sections;

/* Is the training to end early?  Asked several times a second, also while a group is made ready. */
typedef struct gk_interruption {
    bool (*asked)(void *context);             /* NULL: never */
    void  *context;
} gk_interruption;

typedef struct gk_trainer_setup {
    const gk_backend *backend;
    const gk_backend *const *device;          /* [GK_N_PRECISION] of where it computes: teachers have precisions of their own */
    int               n_thread;
    gk_keeper        *keeper;                 /* borrowed: of what the checkpoint needs when the trainer is closed */
    gk_interruption   interruption;
} gk_trainer_setup;

typedef struct gk_trainer {
    gk_arena              arena;              /* of everything that ends with the training of this group */
    const gk_plan        *plan;
    const gk_plan_group  *plan_group;
    const gk_backend     *backend;
    const gk_backend *const *device;
    gk_graph              graph;
    gk_problem            problem;
    gk_engine            *engine;
    int64_t               n_split;            /* different splits among the replicas */
    gk_split             *split;              /* [n_split] */
    int64_t              *split_of;           /* [R] */
    int                   n_recorded;
    gk_recorded          *recorded;           /* [n_recorded] what each record holds: the history's first metrics, in its order */
    uint64_t              asked;              /* bits 1 << gk_metric of --metrics */
    double               *gradient_norm, *update_norm;    /* [R] if they are asked for, see measure.c */
    double               *n_clipped;          /* [R] the same */
    void                 *before, *after;     /* [R][P] room for them */
    gk_keeper             measures;           /* what these stand in */
    unsigned              sums;               /* what evaluations count for them, see gk_problem */
    gk_stop               stop;
    gk_schedule           log, snapshots;
    int64_t               next_record, next_snapshot, n_step;
    gk_seen              *seen;               /* [R] by what is kept of the base's state */
    bool                 *active;             /* [R] */
    int64_t               n_active;
    int                   n_eval;
    gk_eval               eval[GK_MAX_SET];
    gk_sections           sections;
    gk_metrics           *train, *test;       /* [R] over all groups that are learnt */
    double               *norm, *param_norm;  /* [R], [R][n_param] */
    double                step_s, record_s;   /* measured: seconds of an update, a record, of all active replicas; 0: not yet */
    gk_group             *group;              /* borrowed: what the checkpoint holds */
    const gk_group       *groups;             /* borrowed: all groups of the plan, in its order: those before this are done; NULL:
                                               * nobody starts warm */
    gk_keeper             soft_labels;        /* of teachers */
    gk_keeper            *keeper;             /* as in the setup */
    gk_interruption       interruption;
} gk_trainer;

/* Data, graph, rows and schedules of group `index` of the plan, without an engine.  groups[index] gets everything that is known
 * before training if it is empty (n_replica 0), else it is from a checkpoint and must fit.  0; GK_TRAINER_INTERRUPTED, with a
 * group of a checkpoint as it was; or -1 with gk_error.  Close in any case. */
enum { GK_TRAINER_INTERRUPTED = 1 };
int  gk_trainer_open(gk_trainer *trainer, const gk_plan *plan, int index, gk_group *groups, const gk_trainer_setup *setup)
    GK_MUST_CHECK;
void gk_trainer_close(gk_trainer *trainer);

/* Make the engine, then either initialise the parameters (0; GK_TRAINER_INTERRUPTED: not all of them), or go on from what `group`
 * holds. */
int  gk_trainer_begin(gk_trainer *trainer) GK_MUST_CHECK;
int  gk_trainer_continue(gk_trainer *trainer) GK_MUST_CHECK;
/* Record and snapshot of the initial parameters, if they are not there yet. */
int  gk_trainer_first(gk_trainer *trainer) GK_MUST_CHECK;

/* Updates up to the next record, snapshot or end, but not for longer than about `slice_s` seconds; then what is due there. */
int  gk_trainer_advance(gk_trainer *trainer, double slice_s) GK_MUST_CHECK;
bool gk_trainer_is_done(const gk_trainer *trainer);
/* Mark the replicas that have made all their steps; a resumed run may have more. */
void gk_trainer_finish(gk_trainer *trainer);

/* Parameters and optimiser state of the engine into `group`, for writing the checkpoint. */
int  gk_trainer_save(gk_trainer *trainer) GK_MUST_CHECK;

/* Will the group of a checkpoint be trained if it goes on to n_step steps?  Not if all its replicas have stopped. */
bool gk_group_has_work(const gk_group *group, const gk_schedule *log, int64_t n_step);

/* Seconds of a clock that only goes forward. */
double gk_now_s(void);

/* Metrics of every set that is evaluated; over all groups into train and test (recorder.c). */
int  gk_trainer_evaluate(gk_trainer *trainer) GK_MUST_CHECK;

#endif
