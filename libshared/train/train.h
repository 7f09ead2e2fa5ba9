/* train.h -- a whole plan: group after group, with checkpoints on the way, from the start or from a checkpoint.
 *
 * The checkpoint holds the groups that are finished and the one in training.  It is written every so often, when interrupted,
 * and at the end.  One on the way that cannot be written is told, and tried again when the next is due; the last one is an
 * error, which says where the file on disk stands.  --keep leaves things out of finished groups only, so that an interrupted grid
 * can always go on. */
#ifndef GK_TRAIN_TRAIN_H
#define GK_TRAIN_TRAIN_H

#include "train/trainer.h"

/* Where training stands; losses and accuracies are medians over the replicas at the latest record. */
typedef struct gk_train_status {
    int     group, n_group;
    int64_t step, n_step;
    int64_t n_active, n_replica;         /* of this group */
    double  steps_per_s, left_s;         /* left_s: estimate for all groups; NaN: not known yet */
    double  train_loss, train_acc, test_loss, test_acc;
    const struct gk_training *training;  /* for gk_training_run_state */
} gk_train_status;

/* What the trainer asks of its tool.  Progress and interrupted are called several times a second. */
typedef struct gk_train_hooks {
    void *context;                                                     /* of all */
    void (*begin)(void *context, const gk_train_status *status);       /* a group is ready for its first update; may be NULL */
    void (*progress)(void *context, const gk_train_status *status);
    bool (*interrupted)(void *context);
    void (*unwritten)(void *context, const char *why);     /* a checkpoint on the way: training goes on; may be NULL */
} gk_train_hooks;

typedef struct gk_train_setup {
    const gk_backend *backend[GK_N_PRECISION];    /* by gk_precision; NULL: the device does not have it */
    const char       *device;            /* for the checkpoint: "cpu", "cuda (NVIDIA H100)" */
    const char       *tool;              /* "grok-train" */
    gk_checkpoint    *resume;            /* read with GK_READ_ALL, taken over; the plan follows it.  NULL: from the start */
    const char       *output;            /* path or "-" */
    int               n_thread;
} gk_train_setup;

/* What came of it. */
typedef struct gk_train_summary {
    int64_t n_run, n_stopped, n_diverged, n_grokked;     /* grokked: the last record has test_acc >= 0.99; of classes only */
    bool    has_classes;                                 /* else accuracy is nothing to be reached: items have targets */
    int64_t n_update;                                    /* of all runs, in this process */
    int64_t last_step;                                   /* the most of any run */
    double  time_s;
} gk_train_summary;

typedef struct gk_training gk_training;

typedef enum { GK_TRAIN_DONE, GK_TRAIN_INTERRUPTED } gk_train_end;

/* Check everything that can be checked before hours of training: that the output can be written, that the checkpoint to
 * resume fits the plan.  The plan is borrowed.  NULL with gk_error. */
gk_training *gk_training_new(const gk_plan *plan, const gk_train_setup *setup);
void         gk_training_free(gk_training *training);

/* Is there anything to do?  Not if what is resumed has all its steps, or all of its runs have stopped. */
bool         gk_training_has_work(const gk_training *training);

/* Train and write.  gk_train_end, or -1 with gk_error. */
int          gk_training_run(gk_training *training, const gk_train_hooks *hooks);

/* Where a run of the plan (by its index) stands, and its last test accuracy; NaN: none yet. */
typedef enum { GK_RUN_WAITING, GK_RUN_TRAINING, GK_RUN_DONE } gk_run_state;
gk_run_state gk_training_run_state(const gk_training *training, int64_t run, double *test_acc);

void         gk_training_summary(const gk_training *training, gk_train_summary *out);

#endif
