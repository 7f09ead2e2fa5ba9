/* run_models.h -- models of checkpoints: which runs, at which steps, and the names of files that each goes to. */
#ifndef GK_TOOLS_RUN_MODELS_H
#define GK_TOOLS_RUN_MODELS_H

#include "run_table.h"

/* One model: a run at a step. */
typedef struct gk_run_model {
    gk_checkpoint *file;
    const gk_run  *run;
    int64_t        number, step;   /* of the run */
    const void    *array;          /* [R][P]; NULL if only runs were asked for */
    const char    *path;           /* set by gk_name_models */
} gk_run_model;

typedef struct gk_run_models { int64_t n; gk_run_model *at; } gk_run_models;

/* Help and meaning of --at: "last", a snapshot's step, or "all". */
#define GK_AT_HELP "last, a snapshot's step, or all: every snapshot and the last parameters"

/* What has to be read for --at. */
unsigned gk_parts_at(const char *at);

/* The models of the runs, in arena memory; at NULL: the runs alone.  Ends the program if one has no parameters there. */
gk_run_models gk_choose_models(const gk_runs *runs, const char *at, gk_arena *arena);

/* Name every model's file after a pattern in which {run}, {step} and {file} stand for their values.  Ends the program if two
 * would go to one, other than steps of a run that share a folder. */
void gk_name_models(const gk_run_models *models, const char *pattern, bool steps_share, gk_arena *arena);

/* Make the folders that a file is in.  -1 with gk_error. */
int gk_make_folders(const char *path) GK_MUST_CHECK;

#endif
