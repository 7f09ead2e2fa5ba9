/* grid_runs.h -- the runs of a grid that a checkpoint holds: their numbers, and which of the grid are missing. */
#ifndef GK_TOOLS_GRID_RUNS_H
#define GK_TOOLS_GRID_RUNS_H

#include "io/join.h"

/* The numbers of a group's runs in their grid; NULL with gk_error: the file has none. */
const int64_t *gk_run_numbers(const gk_checkpoint *file, const gk_group *group);

/* Warn of runs that have not come to their end (step n_step), and of those of the grid's n_run that none of the parts has, with
 * the words `lack` ("of the grid are in none of the parts").  Is anything missing? */
bool gk_tell_missing(gk_arena *arena, const char *lack, int64_t n_run, int64_t n_step, int n_part, const gk_join_part *part);

#endif
