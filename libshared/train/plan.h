/* plan.h -- from options to runs: the grid's runs, the shape groups that train together, and what they will cost.
 *
 * Runs whose options with GK_SHAPE are equal, and whose batches hold equally many rows, train as replicas of one group.  Groups
 * are in the order of their first runs, and replicas in the order of the runs.  A landscape's groups are cut into waves, and with
 * warm starts runs of different alpha are in different groups, each behind the one that it goes on from.  Making a plan builds
 * every dataset and every model once, so that what cannot be trained is refused before anything is. */
#ifndef GK_TRAIN_PLAN_H
#define GK_TRAIN_PLAN_H

#include "io/join.h"
#include "train/teacher.h"

/* What runs learn from beside their data; borrowed while the plan lives. */
typedef struct gk_sources {
    gk_teachers *teachers;            /* NULL: none */
    gk_source   *base;                /* what runs go on from; NULL: initial parameters */
    const char  *warning;             /* what the user should know of them, once nothing is wrong; NULL */
} gk_sources;

typedef struct gk_plan_run {
    int64_t     number;               /* in the whole grid, from 0 */
    gk_config   config;
    const char *shape;                /* its options with GK_SHAPE that vary, as text */
    int         dataset;
    int64_t     n_train, n_test;
    int64_t     n_rehearse;           /* rows beside the train rows, to remember an old task by (gk_remember) */
    int64_t     base_replica;         /* what it goes on from */
    int64_t     warm_from;            /* index of the run whose parameters it begins with, scaled; -1: none */
    int64_t     batch;                /* rows per update; 0: all */
    int         group;
    int64_t     replica;              /* its place in the group */
} gk_plan_run;

typedef struct gk_plan_group {
    int64_t       n_replica;
    int64_t      *run;                /* [n_replica] index into plan->run */
    int           dataset;
    int64_t       n_train_max, n_test_max;
    gk_model_args model;              /* as built: init resolved, dropout and messiness if any replica has them */
    gk_update     update;
    int           precision;
    int64_t       n_param, flops_row, flops_step;     /* numbers to train; see graph.h */
    int           shape, n_of_shape;  /* if plan->is_regrouped: the first of the groups that would be one, were they at one
                                       * step, and how many those are */
} gk_plan_group;

typedef struct gk_plan {
    gk_arena        arena;
    gk_given       *given;            /* borrowed */
    gk_config      *config;           /* borrowed: the struct behind the options */
    gk_sources      sources;
    gk_config       first;            /* of the first run: what is the same for all */
    int64_t         n_run_grid;       /* before --shard */
    int64_t         n_run;
    gk_plan_run    *run;
    int             n_group;
    gk_plan_group  *group;
    int             n_begun;          /* the first of them are those of a file (gk_plan_follow) */
    gk_group       *begun;            /* [n_begun] what it holds: borrowed, or in `apart` */
    bool            is_regrouped;
    gk_join_memory  apart;            /* of groups that were taken apart */
    int             n_dataset;
    gk_dataset    **dataset;
    const char     *warning;          /* what the user should know; NULL */
    const char     *leaks;            /* what is wrong with the split of the first run where something is (data/leaks.h); NULL */
} gk_plan;

/* NULL with gk_error: a task, fraction, shape, stop rule... that cannot be; sources that do not fit.  sources: NULL for none. */
gk_plan *gk_plan_new(gk_given *given, gk_config *config, const gk_sources *sources);
void     gk_plan_free(gk_plan *plan);

/* To resume a file: its groups become the first of the plan, whatever runs they hold.  The runs that it lacks stand behind, or
 * are none of the plan's if they were left out of it on purpose.  What a run comes to does not depend on its group.  The runs
 * are judged by the stop rule of the plan: those that an earlier one had stopped go on if this one does not stop them where they
 * stand; where others of their group have gone further, they are groups of their own from now on.  The file is borrowed while
 * the plan lives.  -1 with gk_error: it holds runs that are not of this plan. */
int      gk_plan_follow(gk_plan *plan, const gk_checkpoint *file) GK_MUST_CHECK;

/* What a group's precision makes of matrix products. */
gk_product gk_plan_product(const gk_plan_group *group);

/* A dataset as a model sees it that reads its last position. */
gk_model_data gk_dataset_model_data(const gk_dataset *dataset);

/* The dataset of a group as a model sees it, with the positions that are read and taught. */
gk_model_data gk_plan_model_data(const gk_plan *plan, const gk_plan_group *group);

/* Columns of /runs for a group: run, seed, and every option that varies; in arena memory. */
int      gk_plan_columns(const gk_plan *plan, const gk_plan_group *group, gk_arena *arena, gk_h5_column **columns);

#endif
