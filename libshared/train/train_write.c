/* train_write.c -- when checkpoints are written, and what if they cannot be. */
#include "train/train_private.h"

#include <math.h>
#include <string.h>
#include "base/outfile.h"
#include "train/landscape.h"

static const double MAX_WRITING_SHARE = 0.05;  /* of the time */

static int write_checkpoint(gk_training *training, const gk_checkpoint *checkpoint)
{
    double start = gk_now_s();
    int status = gk_checkpoint_write(checkpoint, training->setup.output), group = training->status.group;
    training->last_write_s = gk_now_s();
    training->write_s = training->last_write_s - start;
    training->is_unwritten = status < 0;
    if (status == 0) {
        training->is_written = true;
        training->written_group = group;
        training->written_step = training->checkpoint.group[group].step;
    }
    return status;
}

static void take_results(gk_training *training)
{
    for (int i = 0; training->plan->first.landscape.on && i < training->checkpoint.n_group; i++)
        gk_landscape_results(training->plan, i, &training->checkpoint.group[i], &training->keeper.arena);
}

/* What --resume has to go on from. */
static const char *standing(gk_training *training)
{
    gk_arena            *arena = &training->keeper.arena;
    const gk_checkpoint *resume = training->setup.resume;
    const char          *group = "";
    if (!training->is_written && !resume)
        return "nothing of this training is on disk";
    if (training->is_written && training->plan->n_group > 1)
        group = gk_arena_printf(arena, " of group %d/%d", training->written_group + 1, training->plan->n_group);
    return gk_arena_printf(arena, "'%s' stands at step %lld%s", training->is_written ? training->setup.output : resume->path,
                           (long long)training->written_step, group);
}

/* To the message of a write that ended the training. */
static int explain(gk_training *training)
{
    const char *why = gk_arena_strdup(&training->keeper.arena, gk_error_message());
    if (gk_outfile_was_changed() || strcmp(training->setup.output, "-") == 0)
        return -1;
    return gk_error("%s; %s%s", why, standing(training),
                    training->is_written     ? ", from where --resume goes on"
                    : training->setup.resume ? ", from where the same command goes on" : "");
}

int gk_training_write(gk_training *training)
{
    take_results(training);
    return write_checkpoint(training, &training->checkpoint) < 0 ? explain(training) : 0;
}

int gk_training_write_whole(gk_training *training)
{
    gk_join_memory memory = { 0 };
    gk_checkpoint  whole;
    take_results(training);
    int status = gk_training_join(training, &memory, &whole);
    if (status == 0 && write_checkpoint(training, &whole) < 0)
        status = explain(training);
    gk_join_release(&memory);
    return status;
}

int gk_training_write_on_the_way(gk_training *training, const gk_train_hooks *hooks)
{
    take_results(training);
    if (write_checkpoint(training, &training->checkpoint) == 0)
        return 0;
    if (gk_outfile_was_changed())
        return -1;
    if (hooks->unwritten)
        hooks->unwritten(hooks->context, gk_arena_printf(&training->keeper.arena, "%s; %s, and training goes on",
                                                         gk_error_message(), standing(training)));
    return 0;
}

bool gk_training_write_is_due(const gk_training *training)
{
    double every = fmax(training->plan->first.run.checkpoint_every_s, training->write_s / MAX_WRITING_SHARE);
    return strcmp(training->setup.output, "-") != 0 && gk_now_s() - training->last_write_s >= every;
}
