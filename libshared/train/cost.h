/* cost.h -- what a plan will cost, without training: parameters, FLOPs, memory, time. */
#ifndef GK_TRAIN_COST_H
#define GK_TRAIN_COST_H

#include "train/train.h"

typedef struct gk_group_cost {
    double  flops_per_step;        /* of one run: matrix products of forward and backward, 3 x forward */
    int64_t replica_bytes;         /* grows with the runs: engine, copies for the checkpoint, snapshots, history, splits */
    int64_t begin_bytes;           /* of replica_bytes what must be there before the first update */
    int64_t shared_bytes;          /* does not */
    double  time_s;                /* of the whole group: from three real steps and one evaluation */
} gk_group_cost;

typedef struct gk_plan_cost {
    double  flops, time_s;         /* of all groups */
    int64_t peak_bytes;            /* of the process, in the group that needs most */
} gk_plan_cost;

/* Cost of group `index`; takes a few steps with some of its replicas.  -1 with gk_error. */
int gk_group_cost_measure(const gk_plan *plan, int index, const gk_train_setup *setup, gk_group_cost *out) GK_MUST_CHECK;

/* Can the group that needs most be made ready in the memory that this process can have?  To be asked before anything is made.
 * Groups that have begun and devices with a memory of their own are not judged.  -1 with gk_error.  *warning, in the arena: what
 * a group keeps grows beyond that memory before its last step; NULL: it does not. */
int gk_plan_check_memory(const gk_plan *plan, const gk_train_setup *setup, gk_arena *arena, const char **warning) GK_MUST_CHECK;

/* Print the table of runs to stdout: one row per run with what varies and what it costs; totals into `total`. */
int gk_plan_print(const gk_plan *plan, const gk_train_setup *setup, gk_plan_cost *total) GK_MUST_CHECK;

#endif
