/* progress_grid.h -- the grid of a landscape on a terminal, filling while its cells are trained. */
#ifndef GK_TOOLS_PROGRESS_GRID_H
#define GK_TOOLS_PROGRESS_GRID_H

#include "train/train.h"

typedef struct gk_progress_grid gk_progress_grid;

/* Lay out the runs of a plan (borrowed): a column per alpha, a row per combination of what else varies but the seeds. */
gk_progress_grid *gk_progress_grid_new(const gk_plan *plan);

int64_t gk_progress_grid_n_done(const gk_progress_grid *grid, const gk_training *training);

/* Draw it on stderr: in each cell the first digit of its test error (mean over seeds) once all its seeds are done, '-' in
 * training, '.' waiting.  How many lines; 0 if the grid is larger than a terminal. */
int     gk_progress_grid_draw(const gk_progress_grid *grid, const gk_training *training);

#endif
