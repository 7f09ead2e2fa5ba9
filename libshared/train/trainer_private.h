/* trainer_private.h -- the rooms of a trainer, which nobody else enters.
 *
 *   trainer.c           the clockwork: opens, counts updates, asks the rooms for what is due
 *   trainer_rows.c      row sets: plan and dataset become rows of every set, which then stay as they are
 *   trainer_sections.c  ... and those of subclasses
 *   trainer_state.c     transfer: what a checkpoint's group holds into the engine and back; trainer_scalars.c: what
 *                       an engine keeps beside its arenas
 *   recorder.c          records of all that metrics.def lists; measure.c: what costs a gradient or a copy */
#ifndef GK_TRAIN_TRAINER_PRIVATE_H
#define GK_TRAIN_TRAINER_PRIVATE_H

#include "train/trainer.h"

bool gk_trainer_interrupted(const gk_trainer *trainer);

/* --- row sets --- */
int  gk_trainer_rows(gk_trainer *trainer);              /* splits, rows, soft labels, sets; returns as gk_trainer_open */
/* One more set of the engine, evaluated at every record; its rows, [R], are still to be filled in. */
gk_rows *gk_trainer_add_set(gk_trainer *trainer, gk_eval_kind kind, int group, gk_eval **eval);
int  gk_trainer_sections(gk_trainer *trainer);          /* sets of subclasses, if asked for */
double gk_section_mean(const gk_trainer *trainer, int section, bool train, int sum, int64_t replica);    /* as in gk_recorded */

/* --- transfer --- */
int  gk_trainer_describe(gk_trainer *trainer);          /* fill an empty group */
int  gk_trainer_check(gk_trainer *trainer);             /* does a checkpoint's group fit?  Packs it as the graph */
int  gk_trainer_initialise(gk_trainer *trainer);        /* initial parameters into `group` and the engine; returns as begin */
int  gk_trainer_load(gk_trainer *trainer);              /* what `group` holds into the engine */
/* Columns of /runs for the scalars that an engine keeps, into out (NULL: only count); returns how many. */
int  gk_trainer_scalar_columns(gk_trainer *trainer, gk_h5_column *out);
int  gk_trainer_save_scalars(gk_trainer *trainer);      /* from the engine into the columns */
int  gk_trainer_load_scalars(gk_trainer *trainer);      /* and back */
int  gk_trainer_count_clipped(gk_trainer *trainer, double *out);    /* updates that were clipped, [R] */

/* --- records --- */
int  gk_trainer_record(gk_trainer *trainer);            /* one more record of all active replicas */
double gk_mean_of(const gk_metrics *m, int sum);        /* by gk_sum */
int  gk_trainer_measure_open(gk_trainer *trainer);      /* room for what is measured */
int  gk_trainer_measure_now(gk_trainer *trainer);       /* of what is asked for: the gradient, the clipped updates */
int  gk_trainer_updates(gk_trainer *trainer, int64_t n);    /* n updates; the last is measured if that is asked for */

#endif
