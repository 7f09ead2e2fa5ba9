/* learnt.h -- the items and splits that the runs of a checkpoint learnt: made or read again, and refused if they are others. */
#ifndef GK_TRAIN_LEARNT_H
#define GK_TRAIN_LEARNT_H

#include "data/dataset.h"
#include "io/checkpoint.h"

/* Are these still the items that the group's runs learnt?  -1 with gk_error: a file behind them has changed. */
int gk_learnt_check(const gk_group *group, const gk_dataset *dataset) GK_MUST_CHECK;

/* The same of a split, against row `row` of those that the group keeps, if it keeps some. */
int gk_learnt_check_split(const gk_group *group, int64_t row, const gk_split *split) GK_MUST_CHECK;

/* The items that the group's runs learnt, to be freed.  NULL with gk_error: they are not there, or are others now. */
gk_dataset *gk_learnt_items(const gk_group *group, const gk_data_args *args);

/* How a replica divided them, or with its options would divide others: gk_dataset_split, checked if they are its own. */
int gk_learnt_split(const gk_group *group, int64_t replica, const gk_dataset *dataset, const gk_data_args *args,
                    gk_arena *arena, gk_split *out) GK_MUST_CHECK;

#endif
