/* plan_private.h -- the rooms of a plan, which nobody else enters.
 *
 *   plan.c          runs into shape groups        plan_data.c     their datasets, splits and batches
 *   plan_begun.c    groups of a file to resume    plan_sources.c  their teachers and bases
 *   plan_stopped.c  ... and which of its runs go on
 *   plan_waves.c    landscapes' warm starts and waves    plan_columns.c  /runs */
#ifndef GK_TRAIN_PLAN_PRIVATE_H
#define GK_TRAIN_PLAN_PRIVATE_H

#include "base/classes.h"
#include "train/plan.h"

bool gk_plan_same_group(const gk_plan *plan, int64_t a, int64_t b);        /* may these runs train side by side? */
void gk_plan_describe_group(gk_plan *plan, gk_plan_group *group);          /* all but its costs, once its runs are there */
void gk_plan_fill_groups(gk_plan *plan);     /* the runs of every group, once each run knows its group */
void gk_plan_warm_starts(gk_plan *plan);     /* for every run the last one before it that differs in alpha alone */
void gk_plan_cut_waves(gk_plan *plan);       /* so that cells are finished on the way, and what they need is given back */

/* The runs of plan->begun by the plan's stop rule.  Were groups taken apart?  1, 0; -1 with gk_error. */
int  gk_plan_judge_begun(gk_plan *plan, const char *path);

/* Runs on the same items, and with equally many of them to train on. */
typedef struct gk_data_classes { gk_classes items, sizes; } gk_data_classes;
gk_data_classes gk_data_classes_new(const gk_plan_run *run);
void gk_data_classes_release(gk_data_classes *classes);

/* For run `index`, -1 with gk_error: its dataset, and the sizes of its split, which depend on the seed only if it is thinned; its
 * replicas in teachers and base; its batch. */
int  gk_plan_find_data(gk_plan *plan, int64_t index, gk_data_classes *classes);
int  gk_plan_check_sources(gk_plan *plan, gk_plan_run *run);
int  gk_plan_find_batch(gk_plan *plan, gk_plan_run *run);

#endif
