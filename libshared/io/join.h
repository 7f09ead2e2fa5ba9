/* join.h -- groups of several checkpoints into one: the shards of a grid as if they had been trained side by side; or some runs
 * of a group as if they had been trained alone. */
#ifndef GK_IO_JOIN_H
#define GK_IO_JOIN_H

#include "io/checkpoint.h"

typedef struct gk_join_part {
    const gk_group *group;
    const int64_t  *number;       /* [group->n_replica] of its runs in the grid; negative: this one is left out */
} gk_join_part;

/* Memory of what was joined: {0} is empty. */
typedef struct gk_join_memory { gk_arena arena; struct gk_join_block *blocks; } gk_join_memory;
void gk_join_release(gk_join_memory *memory);

/* Have two groups all in common but their replicas, as far as groups tell: data, parameters, names of columns, metrics and
 * optimiser arrays, what was kept?  (Options that the grid varies are in /runs and are the caller's to compare.) */
bool gk_groups_alike(const gk_group *a, const gk_group *b);

/* Groups that are alike in one: replicas in the order of their numbers, records and snapshots at the steps of all, NaN where a
 * replica had ended, and none after the last had.  At least one replica is taken.  A part that has made fewer steps than another
 * must have ended (gk_join_fits).  Texts and names are borrowed from the parts.  -1 with gk_error: no memory. */
int  gk_groups_join(gk_join_memory *memory, int n_part, const gk_join_part *part, gk_group *out) GK_MUST_CHECK;

/* Can a group be joined with others of which one has made `step` steps?  Not if it would still train. */
bool gk_join_fits(const gk_group *group, int64_t step);

#endif
