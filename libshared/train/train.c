/* train.c -- all groups of a plan, and the checkpoint. */
#include "train/train_private.h"

#include <stdlib.h>
#include <string.h>

static const double SLICE_S = 0.4;    /* between two looks at the clock and at signals */

gk_training *gk_training_new(const gk_plan *plan, const gk_train_setup *setup)
{
    gk_training *training = calloc(1, sizeof *training);
    int64_t most = 1;
    if (!training) {
        gk_checkpoint_free(setup->resume);
        gk_error("cannot get memory for training");
        return NULL;
    }
    training->plan = plan;
    training->setup = *setup;
    gk_training_describe(training);
    for (int i = 0; i < plan->n_group; i++)
        most = plan->group[i].n_replica > most ? plan->group[i].n_replica : most;
    training->sorted = gk_keep_large(&training->keeper, (size_t)most * sizeof *training->sorted, "medians");
    if (!training->sorted || (setup->resume && gk_training_take_over(training) < 0) ||
        (strcmp(setup->output, "-") != 0 && gk_h5_check_writable(setup->output) < 0)) {
        gk_training_free(training);
        return NULL;
    }
    return training;
}

void gk_training_free(gk_training *training)
{
    if (!training)
        return;
    for (int i = training->n_resumed; i < training->checkpoint.n_group; i++)
        gk_history_free(training->checkpoint.group[i].history);
    gk_keeper_release(&training->keeper);
    gk_checkpoint_free(training->setup.resume);
    free(training);
}

bool gk_training_has_work(const gk_training *training)
{
    const gk_config *config = &training->plan->first;
    gk_schedule log = gk_log_schedule(config);
    if (training->n_resumed < training->plan->n_group)
        return true;
    for (int i = 0; i < training->n_resumed; i++)
        if (gk_group_has_work(&training->checkpoint.group[i], &log, config->run.steps) ||
            gk_traces_lacking(&training->checkpoint.group[i]))
            return true;
    return false;
}

/* A finished group keeps what --keep says; and its parameters as long as other groups may begin with them. */
static void drop_unwanted(gk_training *training, gk_group *group, bool all_done)
{
    bool needed = training->plan->first.landscape.warm_start && !all_done;
    if (training->plan->first.run.keep == GK_KEEP_ALL)
        return;
    for (int i = 0; i < group->n_slot; i++)
        gk_keep_drop(&training->keeper, group->slot[i].data);
    group->n_slot = 0;
    if (training->plan->first.run.keep == GK_KEEP_METRICS && !needed) {
        gk_keep_drop(&training->keeper, group->model);
        group->model = NULL;
    }
}

/* --- training ------------------------------------------------------------------------------------------------------------- */

static int train_steps(gk_training *training, gk_trainer *trainer, const gk_train_hooks *hooks)
{
    int64_t first_step = trainer->group->step;
    double  begin_s = gk_now_s();
    training->status.step = 0;
    gk_training_update_status(training, trainer, first_step, begin_s);
    if (hooks->begin)
        hooks->begin(hooks->context, &training->status);
    if (gk_trainer_first(trainer) < 0)
        return -1;
    while (!gk_trainer_is_done(trainer)) {
        int64_t before = trainer->group->step, n_active = trainer->n_active;
        if (gk_trainer_advance(trainer, SLICE_S) < 0)
            return -1;
        training->n_update += (trainer->group->step - before) * n_active;
        gk_training_update_status(training, trainer, first_step, begin_s);
        hooks->progress(hooks->context, &training->status);
        bool interrupted = hooks->interrupted(hooks->context) && !gk_trainer_is_done(trainer);
        if (!interrupted && !gk_training_write_is_due(training))
            continue;
        if (gk_trainer_save(trainer) < 0)
            return -1;
        if (interrupted)
            return gk_training_write(training) < 0 ? -1 : GK_TRAIN_INTERRUPTED;
        if (gk_training_write_on_the_way(training, hooks) < 0)
            return -1;
    }
    gk_trainer_finish(trainer);
    return gk_trainer_save(trainer) < 0 ? -1 : GK_TRAIN_DONE;
}

/* A group that was interrupted before its first update is not in the checkpoint.  If it is the first, there is nothing to save:
 * it is made ready all the same. */
static int make_ready(gk_training *training, gk_trainer *trainer, int index, bool has_steps, const gk_train_hooks *hooks)
{
    gk_checkpoint *checkpoint = &training->checkpoint;
    gk_group      *group = &checkpoint->group[index];
    bool           resumed = index < training->n_resumed;
    gk_trainer_setup setup = {
        .backend = training->setup.backend[training->plan->group[index].precision],
        .device = training->setup.backend, .n_thread = training->setup.n_thread,
        .keeper = &training->keeper,
        .interruption = { .asked = checkpoint->n_group > 0 ? hooks->interrupted : NULL, .context = hooks->context },
    };
    int status = gk_trainer_open(trainer, training->plan, index, checkpoint->group, &setup);
    if (status == 0 && has_steps) {
        gk_traces_forget(group);
        status = resumed ? gk_trainer_continue(trainer) : gk_trainer_begin(trainer);
    }
    if (status == 0 && !resumed)
        checkpoint->n_group = index + 1;
    if (status != 0 && !resumed) {
        gk_history_free(group->history);
        *group = (gk_group){ 0 };
    }
    if (status == GK_TRAINER_INTERRUPTED && gk_training_write(training) < 0)
        return -1;
    return status < 0 ? -1 : status == GK_TRAINER_INTERRUPTED ? GK_TRAIN_INTERRUPTED : GK_TRAIN_DONE;
}

static int train_group(gk_training *training, int index, const gk_train_hooks *hooks)
{
    const gk_plan *plan = training->plan;
    gk_group      *group = &training->checkpoint.group[index];
    gk_trainer     trainer;
    gk_schedule    log = gk_log_schedule(&plan->first);
    bool resumed = index < training->n_resumed;
    bool has_steps = !resumed || gk_group_has_work(group, &log, plan->first.run.steps);
    int  status;

    if (!has_steps && !gk_traces_lacking(group) && !gk_training_must_lie_alike(training, index))
        return GK_TRAIN_DONE;
    training->status.group = index;
    status = make_ready(training, &trainer, index, has_steps, hooks);
    if (status == GK_TRAIN_DONE && has_steps)
        status = train_steps(training, &trainer, hooks);
    if (status == GK_TRAIN_DONE)
        status = gk_traces_take(training, &trainer, hooks);
    if (status == GK_TRAIN_DONE)
        drop_unwanted(training, group, false);
    gk_trainer_close(&trainer);
    if (status < 0 && resumed && !training->is_unwritten)
        gk_error_context("cannot resume '%s'", training->setup.resume->path);
    return status;
}

int gk_training_run(gk_training *training, const gk_train_hooks *hooks)
{
    training->start_s = training->last_write_s = gk_now_s();
    for (int i = 0; i < training->plan->n_group; i++) {
        int status = train_group(training, i, hooks);
        if (status != GK_TRAIN_DONE)
            return status;
    }
    for (int i = 0; i < training->checkpoint.n_group; i++)
        drop_unwanted(training, &training->checkpoint.group[i], true);
    return gk_training_write_whole(training) < 0 ? -1 : GK_TRAIN_DONE;
}
