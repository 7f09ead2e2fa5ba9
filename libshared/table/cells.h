/* cells.h -- a reduced landscape as a table: one row per cell, in the order of the runs. */
#ifndef GK_TABLE_CELLS_H
#define GK_TABLE_CELLS_H

#include "table/runs.h"

/* Which value of a cell counts: at the record of its lowest train loss (the definition, experiments A.9), at its end, the lowest
 * of each column by itself, or all three under names of their own (train_loss_argmin, ...). */
typedef enum { GK_SELECT_ARGMIN, GK_SELECT_END, GK_SELECT_BEST, GK_SELECT_ALL } gk_select;
extern const char *const gk_select_names[];    /* "argmin-train", "end", "best", "all", NULL */

/* Columns: those of the runs, with init_scale as alpha (also if it does not vary); n_train, steps, status, l2_norm at the end;
 * train_loss, test_loss, train_error, test_error; jacobian if it is there.  Row i is of runs->run[i].  NULL with gk_error: a
 * checkpoint without a landscape, out of memory. */
gk_frame *gk_cells_frame(const gk_runs *runs, gk_select select);

#endif
