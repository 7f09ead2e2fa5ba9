/* grid_runs.h -- the grid that a checkpoint's runs are of, as its options say: their numbers, which are missing, and the same
 * runs in another grid. */
#ifndef GK_TOOLS_GRID_RUNS_H
#define GK_TOOLS_GRID_RUNS_H

#include "io/join.h"
#include "train/config.h"

/* The numbers of a group's runs in their grid; NULL with gk_error: the file has none. */
const int64_t *gk_run_numbers(const gk_checkpoint *file, const gk_group *group);

/* Warn of runs that have not come to their end (step n_step), and of those of the grid's n_run that none of the parts has, with
 * the words `lack` ("of the grid are in none of the parts").  Is anything missing? */
bool gk_tell_missing(gk_arena *arena, const char *lack, int64_t n_run, int64_t n_step, int n_part, const gk_join_part *part);

/* Has a run updates left, if n_step are to be made? */
bool gk_run_is_behind(const gk_group *group, int64_t replica, int64_t n_step);

/* The options of a file as its tool would have them.  It stays where it is: given and tables point into it. */
typedef struct gk_file_grid {
    gk_config       config;
    gk_option_group tables[GK_CONFIG_MAX_GROUP];
    gk_cli          tool;
    gk_given       *given;
} gk_file_grid;

/* -1 with gk_error: this program does not know its options. */
int  gk_file_grid_open(gk_file_grid *of, gk_checkpoint *file) GK_MUST_CHECK;
void gk_file_grid_close(gk_file_grid *of);    /* {0} is closed */

/* A run by the values of all that varies in the grid `by`: "seed=0 weight_decay=1"; in arena memory. */
const char *gk_run_name(gk_arena *arena, const gk_file_grid *by, const gk_file_grid *of, int64_t run);

/* [n] the number that each of these runs has in the grid `in`, told by the values of all that varies in `by`; -1: none. */
typedef struct gk_grid_run { const gk_file_grid *grid; int64_t run; } gk_grid_run;
int64_t *gk_runs_find(gk_arena *arena, const gk_file_grid *by, const gk_file_grid *in, int64_t n, const gk_grid_run *wanted);

/* What is set in `now`, and what the file says of options that this program does not know, into `out`, but for --shard; NULL: all
 * as the file has it. */
void gk_record_options(gk_arena *arena, gk_file_grid *now, const gk_checkpoint *file, gk_checkpoint *out);

#endif
