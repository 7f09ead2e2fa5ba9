/* train_private.h -- the rooms of a training, which nobody else enters.
 *
 *   train.c          the loop over groups
 *   train_begin.c    what a checkpoint says of its making, and what a resumed one brings
 *   train_join.c     groups that stood at different steps, in one
 *   train_write.c    when checkpoints are written, and what if they cannot be
 *   train_status.c   where training stands, for who watches
 *   train_traces.c   traces of Jacobians, which are computed cell by cell once a group is done */
#ifndef GK_TRAIN_TRAIN_PRIVATE_H
#define GK_TRAIN_TRAIN_PRIVATE_H

#include "train/train.h"

struct gk_training {
    const gk_plan  *plan;
    gk_train_setup  setup;
    gk_keeper       keeper;
    gk_checkpoint   checkpoint;                /* what is written; group: room for all */
    int             n_resumed;                 /* groups whose history belongs to setup.resume, or to the plan */
    double          start_s, last_write_s, write_s;
    bool            is_written, is_unwritten;  /* what is at the output is ours; the last attempt was in vain */
    int             written_group;             /* that was in training when it was */
    int64_t         written_step;              /* of that group; not ours: the most of what is resumed */
    int64_t         n_update;
    gk_train_status status;
    double         *sorted;                    /* room for medians */
};

/* Program, command, configuration and lineage into the checkpoint. */
void gk_training_describe(gk_training *training);
/* What setup.resume holds into the checkpoint; -1 with gk_error: it does not fit the plan, or its sources have changed. */
int  gk_training_take_over(gk_training *training);

/* Because the training ends: interrupted, or with all groups joined.  -1 with gk_error, which says where the file stands. */
int  gk_training_write(gk_training *training);
int  gk_training_write_whole(gk_training *training);
/* One on the way: what cannot be written now is told; -1 with gk_error: it never will be. */
bool gk_training_write_is_due(const gk_training *training);
int  gk_training_write_on_the_way(gk_training *training, const gk_train_hooks *hooks);

/* first_step, begin_s: where this process began with the group, and when. */
void gk_training_update_status(gk_training *training, const gk_trainer *trainer, int64_t first_step, double begin_s);

/* Groups of one shape, of which some had steps to make that others had made, are one in `whole`, with all others. */
int  gk_training_join(const gk_training *training, gk_join_memory *memory, gk_checkpoint *whole);
bool gk_training_must_lie_alike(const gk_training *training, int index);    /* as the others of its shape, for that */

bool gk_traces_lacking(gk_group *group);        /* of any cell */
void gk_traces_forget(gk_group *group);         /* cells that train on will end elsewhere */
/* With --jacobian: the traces of all cells of a group that is done.  gk_train_end, or -1 with gk_error. */
int  gk_traces_take(gk_training *training, const gk_trainer *trainer, const gk_train_hooks *hooks);

#endif
