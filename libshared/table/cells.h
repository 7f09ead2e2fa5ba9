/* cells.h -- a reduced landscape as a table: one row per cell, in the order of the runs. */
#ifndef GK_TABLE_CELLS_H
#define GK_TABLE_CELLS_H

#include "base/choice.h"
#include "table/runs.h"

/* Which value of a cell counts: at the record of its lowest train loss (the definition, experiments A.9), at its end, the lowest
 * of each column by itself, or all three under names of their own (train_loss_argmin, ...). */
#define GK_SELECTS(X) \
    X(GK_SELECT_ARGMIN, "argmin-train") X(GK_SELECT_END, "end") X(GK_SELECT_BEST, "best") X(GK_SELECT_ALL, "all")
GK_CHOICES(gk_select, GK_SELECTS);

/* Columns: those of the runs, with init_scale as alpha (also if it does not vary); n_train, steps, status, l2_norm at the end;
 * train_loss, test_loss, train_error, test_error; jacobian if it is there.  Row i is of runs->run[i].  NULL with gk_error: a
 * checkpoint without a landscape, out of memory. */
gk_frame *gk_cells_frame(const gk_runs *runs, gk_select select);

#endif
