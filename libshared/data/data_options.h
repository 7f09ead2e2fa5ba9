/* data_options.h -- the options that say what is learnt: shared by grok-data and grok-train. */
#ifndef GK_DATA_DATA_OPTIONS_H
#define GK_DATA_DATA_OPTIONS_H

#include "base/options.h"
#include "data/dataset.h"

/* Rows for a gk_option_group whose values are a gk_data_args: the first member of gk_cli's values, for the rows' conditions. */
extern const gk_option gk_data_options[];
/* The same without GK_VARY, for tools that take one dataset: lists are a usage error.  In arena memory. */
gk_option *gk_data_options_single(gk_arena *arena);

/* `--data NAME` where NAME is no file but a task: make it --task NAME; --formula, --table, --finite-group and --reviews: the task
 * that they are about.  Call it before the options are used. */
void gk_data_resolve(gk_given *given);

/* What holds if nothing is given: (a + b) mod 113 as [a, b, =], 30 % train, seed 0. */
gk_data_args gk_data_defaults(void);

#endif
