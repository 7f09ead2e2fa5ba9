/* train_status.c -- where training stands, for who watches, and what came of it. */
#include "train/train_private.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of the last value that each replica has. */
static double median_now(gk_training *training, gk_group *group, gk_metric which)
{
    gk_history *history = group->history;
    int     metric = gk_metric_in(history, which);
    int64_t n = 0;
    if (history->n_record == 0 || metric < 0)
        return NAN;
    double *last = gk_history_at(history, metric, history->n_record - 1);
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        if (isfinite(last[replica]))
            training->sorted[n++] = last[replica];
    if (n == 0)
        return NAN;
    qsort(training->sorted, (size_t)n, sizeof *training->sorted, by_value);
    return n % 2 ? training->sorted[n / 2] : (training->sorted[n / 2 - 1] + training->sorted[n / 2]) / 2;
}

/* Records are dense at first: early on they take most of the time, and the steps so far say little of those to come. */
static double time_of(const gk_trainer *trainer, int64_t from, int64_t to)
{
    return gk_schedule_time(&trainer->log, from, to, trainer->step_s, trainer->record_s);
}

void gk_training_update_status(gk_training *training, const gk_trainer *trainer, int64_t first_step, double begin_s)
{
    gk_train_status *status = &training->status;
    int64_t records_seen = status->step;
    double  elapsed = gk_now_s() - begin_s;
    status->training = training;
    status->n_group = training->plan->n_group;
    status->step = trainer->group->step;
    status->n_step = trainer->n_step;
    status->n_active = trainer->n_active;
    status->n_replica = trainer->group->n_replica;
    status->steps_per_s = elapsed > 0 ? (double)(status->step - first_step) / elapsed : 0;
    int64_t n_step = status->n_step, groups_left = status->n_group - status->group - 1;
    status->left_s = trainer->step_s > 0 ? time_of(trainer, status->step, n_step) +
                                           (double)groups_left * time_of(trainer, 0, n_step) : NAN;
    const gk_history *history = trainer->group->history;
    if (history->n_record > 0 && history->step[history->n_record - 1] >= records_seen) {
        status->train_loss = median_now(training, trainer->group, GK_TRAIN_LOSS);
        status->train_acc = median_now(training, trainer->group, GK_TRAIN_ACC);
        status->test_loss = median_now(training, trainer->group, GK_TEST_LOSS);
        status->test_acc = median_now(training, trainer->group, GK_TEST_ACC);
    }
}

/* The value of a metric at the last record that a replica has; NaN if none. */
static double last_value(gk_group *group, gk_metric which, int64_t replica)
{
    int metric = gk_metric_in(group->history, which);
    for (int64_t record = metric < 0 ? -1 : group->history->n_record - 1; record >= 0; record--)
        if (!isnan(gk_history_at(group->history, metric, record)[replica]))
            return gk_history_at(group->history, metric, record)[replica];
    return NAN;
}

gk_run_state gk_training_run_state(const gk_training *training, int64_t run, double *test_acc)
{
    const gk_plan_run *of = &training->plan->run[run];
    gk_group *group = &training->checkpoint.group[of->group];
    *test_acc = NAN;
    if (of->group >= training->checkpoint.n_group || !group->history)
        return GK_RUN_WAITING;
    *test_acc = last_value(group, GK_TEST_ACC, of->replica);
    bool ended = group->status[of->replica] == GK_STOPPED || group->status[of->replica] == GK_DIVERGED;
    bool done = ended || group->replica_step[of->replica] >= training->plan->first.run.steps;
    return done ? GK_RUN_DONE : GK_RUN_TRAINING;
}

void gk_training_summary(const gk_training *training, gk_train_summary *out)
{
    *out = (gk_train_summary){ .n_update = training->n_update, .time_s = gk_now_s() - training->start_s };
    for (int i = 0; i < training->checkpoint.n_group; i++) {
        gk_group *group = &training->checkpoint.group[i];
        bool has_classes = training->plan->dataset[training->plan->group[i].dataset]->n_target == 0;
        out->has_classes |= has_classes;
        out->n_run += group->n_replica;
        for (int64_t replica = 0; replica < group->n_replica; replica++) {
            out->n_stopped += group->status[replica] == GK_STOPPED;
            out->n_diverged += group->status[replica] == GK_DIVERGED;
            out->n_grokked += has_classes && group->status[replica] != GK_DIVERGED &&
                              last_value(group, GK_TEST_ACC, replica) >= GK_LEARNT;
            out->last_step = group->replica_step[replica] > out->last_step ? group->replica_step[replica] : out->last_step;
        }
    }
}
