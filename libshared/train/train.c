/* train.c -- all groups of a plan, and the checkpoint. */
#include "train/train.h"
#include "train/jacobian.h"
#include "train/landscape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_COMMAND_BYTES = 4096 };
static const double SLICE_S = 0.2;             /* between two looks at the clock and at signals */
static const double MAX_WRITING_SHARE = 0.05;  /* of the time */

struct gk_training {
    const gk_plan  *plan;
    gk_train_setup  setup;
    gk_keeper       keeper;
    gk_checkpoint   checkpoint;                /* what is written; group: room for all */
    int             n_resumed;                 /* groups whose history belongs to setup.resume */
    double          start_s, last_write_s, write_s;
    int64_t         n_update;
    gk_train_status status;
    double         *sorted;                    /* room for medians */
};

/* --- preparing ---------------------------------------------------------------------------------------------------------- */

static const char *created_now(gk_arena *arena)
{
    char      text[40];
    time_t    now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return gk_arena_strdup(arena, text);
}

/* All commands that led here, one after another, if they are not too many. */
static const char *commands(gk_arena *arena, const gk_checkpoint *resume, const char *now)
{
    const char *before = resume && resume->command_line ? resume->command_line : "";
    size_t n_before = strlen(before), n_now = strlen(now);
    if (n_before == 0 || n_before + n_now > MAX_COMMAND_BYTES)
        return n_before == 0 ? now : before;
    if (n_before >= n_now && strcmp(before + n_before - n_now, now) == 0)
        return before;
    return gk_arena_printf(arena, "%s && %s", before, now);
}

static void add_parent(gk_checkpoint *out, const gk_source *source)
{
    const gk_checkpoint *from = source->checkpoint;
    out->parent[out->n_parent++] = (gk_parent){ source->role, source->path, from->sha256, from->n_parent, from->parent };
}

/* What the runs learn from is their lineage. */
static void describe_lineage(gk_training *training)
{
    const gk_sources *sources = &training->plan->sources;
    gk_checkpoint    *out = &training->checkpoint;
    size_t n = (sources->teachers ? (size_t)sources->teachers->n : 0) + 1;
    out->parent = gk_arena_alloc(&training->keeper.arena, n * sizeof *out->parent);
    if (sources->base)
        add_parent(out, sources->base);
    for (int i = 0; sources->teachers && i < sources->teachers->n; i++)
        add_parent(out, &sources->teachers->source[i]);
}

static void describe_checkpoint(gk_training *training)
{
    gk_checkpoint *out = &training->checkpoint, *resume = training->setup.resume;
    gk_arena *arena = &training->keeper.arena;
    out->format_version = GK_FORMAT_VERSION;
    out->tool = training->setup.tool;
    out->tool_version = gk_version();
    out->command_line = commands(arena, resume, gk_given_command_line(training->plan->given));
    out->created = created_now(arena);
    out->device = training->setup.device;
    out->precision = gk_option_text(training->plan->given, "precision");
    out->n_config = gk_config_record(training->plan->given, arena, &out->config);
    out->group = gk_arena_alloc(arena, (size_t)training->plan->n_group * sizeof *out->group);
    if (resume) {
        out->n_parent = resume->n_parent;
        out->parent = resume->parent;
    } else {
        describe_lineage(training);
    }
}

static int check_parent(const gk_checkpoint *resume, const gk_source *source)
{
    for (int p = 0; p < resume->n_parent; p++)
        if (strcmp(resume->parent[p].sha256, source->checkpoint->sha256) == 0)
            return 0;
    return gk_error("cannot resume '%s': %s '%s' has changed since it was begun (sha256 %s)", resume->path, source->role,
                    source->path, source->checkpoint->sha256);
}

/* A resumed run must have the teachers that it began with, and the base, if that was read. */
static int check_lineage(const gk_training *training)
{
    const gk_sources  *sources = &training->plan->sources;
    const gk_teachers *teachers = sources->teachers;
    if (sources->base && check_parent(training->setup.resume, sources->base) < 0)
        return -1;
    for (int i = 0; teachers && i < teachers->n; i++)
        if (check_parent(training->setup.resume, &teachers->source[i]) < 0)
            return -1;
    return 0;
}

/* Is there a stop rule other than the one that the runs were trained with? */
static bool has_new_rule(const gk_training *training)
{
    const gk_config_entry *entry = gk_checkpoint_config(training->setup.resume, "stop");
    const char *before = entry ? gk_config_text(training->setup.resume, entry) : NULL;
    const char *now = gk_option_given(training->plan->given, "stop") ? gk_option_text(training->plan->given, "stop") : NULL;
    return now && strcmp(now, before ? before : "none") != 0;
}

/* Runs that an earlier stop rule stopped just now are judged anew by a rule that is given with --resume; they go on if they have
 * steps left. */
static void forget_stops(gk_group *group)
{
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        if (group->status[replica] == GK_STOPPED && group->replica_step[replica] == group->step)
            group->status[replica] = GK_FINISHED;
}

static int take_over(gk_training *training)
{
    gk_checkpoint *resume = training->setup.resume, *out = &training->checkpoint;
    if (check_lineage(training) < 0)
        return -1;
    if (resume->n_group > training->plan->n_group)
        return gk_error("cannot resume '%s': it holds %d groups of runs, expected at most %d", resume->path, resume->n_group,
                        training->plan->n_group);
    out->n_group = training->n_resumed = resume->n_group;
    for (int i = 0; i < resume->n_group; i++) {
        out->group[i] = resume->group[i];
        if (!out->group[i].history)
            return gk_error("cannot resume '%s': it has no history", resume->path);
        if (has_new_rule(training))
            forget_stops(&out->group[i]);
        if (out->group[i].n_replica != training->plan->group[i].n_replica)
            return gk_error("cannot resume '%s': group %d holds %lld runs, expected %lld", resume->path, i,
                            (long long)out->group[i].n_replica, (long long)training->plan->group[i].n_replica);
    }
    return 0;
}

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
    describe_checkpoint(training);
    for (int i = 0; i < plan->n_group; i++)
        most = plan->group[i].n_replica > most ? plan->group[i].n_replica : most;
    training->sorted = gk_keep_large(&training->keeper, (size_t)most * sizeof *training->sorted, "medians");
    if (!training->sorted || (setup->resume && take_over(training) < 0) ||
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

/* Is the trace of a cell still to be computed?  Not if it cannot be, or never will. */
static bool lacks_trace(gk_group *group, int64_t replica)
{
    const double *trace = gk_landscape_column(group, "jacobian");
    return trace && group->model && group->status[replica] != GK_DIVERGED && isnan(trace[replica]);
}

static bool lacks_any_trace(gk_group *group)
{
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        if (lacks_trace(group, replica))
            return true;
    return false;
}

bool gk_training_has_work(const gk_training *training)
{
    const gk_config *config = &training->plan->first;
    gk_schedule log = gk_log_schedule(config);
    if (training->n_resumed < training->plan->n_group)
        return true;
    for (int i = 0; i < training->n_resumed; i++)
        if (gk_group_has_work(&training->checkpoint.group[i], &log, config->run.steps) ||
            lacks_any_trace(&training->checkpoint.group[i]))
            return true;
    return false;
}

/* --- checkpoints -------------------------------------------------------------------------------------------------------- */

static int write_checkpoint(gk_training *training)
{
    double start = gk_now_s();
    for (int i = 0; training->plan->first.landscape.on && i < training->checkpoint.n_group; i++)
        gk_landscape_results(training->plan, i, &training->checkpoint.group[i], &training->keeper.arena);
    int status = gk_checkpoint_write(&training->checkpoint, training->setup.output);
    training->last_write_s = gk_now_s();
    training->write_s = training->last_write_s - start;
    return status;
}

static bool write_is_due(const gk_training *training)
{
    double every = fmax(training->plan->first.run.checkpoint_every_s, training->write_s / MAX_WRITING_SHARE);
    return strcmp(training->setup.output, "-") != 0 && gk_now_s() - training->last_write_s >= every;
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

/* --- status --------------------------------------------------------------------------------------------------------------- */

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

static void update_status(gk_training *training, const gk_trainer *trainer, int64_t first_step, double begin_s)
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
    double groups_left = (double)(status->n_group - status->group - 1);
    status->left_s = status->steps_per_s > 0 ? ((double)(status->n_step - status->step) +
                                                groups_left * (double)status->n_step) / status->steps_per_s : NAN;
    const gk_history *history = trainer->group->history;
    if (history->n_record > 0 && history->step[history->n_record - 1] >= records_seen) {
        status->train_loss = median_now(training, trainer->group, GK_TRAIN_LOSS);
        status->train_acc = median_now(training, trainer->group, GK_TRAIN_ACC);
        status->test_loss = median_now(training, trainer->group, GK_TEST_LOSS);
        status->test_acc = median_now(training, trainer->group, GK_TEST_ACC);
    }
}

/* --- training ------------------------------------------------------------------------------------------------------------- */

static int train_steps(gk_training *training, gk_trainer *trainer, const gk_train_hooks *hooks)
{
    int64_t first_step = trainer->group->step;
    double  begin_s = gk_now_s();
    training->status.step = 0;
    update_status(training, trainer, first_step, begin_s);
    if (hooks->begin)
        hooks->begin(hooks->context, &training->status);
    if (gk_trainer_first(trainer) < 0)
        return -1;
    while (!gk_trainer_is_done(trainer)) {
        int64_t before = trainer->group->step, n_active = trainer->n_active;
        if (gk_trainer_advance(trainer, SLICE_S) < 0)
            return -1;
        training->n_update += (trainer->group->step - before) * n_active;
        update_status(training, trainer, first_step, begin_s);
        hooks->progress(hooks->context, &training->status);
        bool interrupted = hooks->interrupted(hooks->context) && !gk_trainer_is_done(trainer);
        if (!interrupted && !write_is_due(training))
            continue;
        if (gk_trainer_save(trainer) < 0 || write_checkpoint(training) < 0)
            return -1;
        if (interrupted)
            return GK_TRAIN_INTERRUPTED;
    }
    gk_trainer_finish(trainer);
    return gk_trainer_save(trainer) < 0 ? -1 : GK_TRAIN_DONE;
}

/* Cells that train on will end elsewhere. */
static void forget_traces(gk_group *group)
{
    double *trace = gk_landscape_column(group, "jacobian");
    for (int64_t replica = 0; trace && replica < group->n_replica; replica++)
        trace[replica] = NAN;
}

/* With --jacobian: the traces of all cells of a group that is done. */
static int take_traces(gk_training *training, const gk_trainer *trainer, const gk_train_hooks *hooks)
{
    gk_group *group = trainer->group;
    if (!training->plan->first.landscape.jacobian)
        return GK_TRAIN_DONE;
    gk_landscape_results(training->plan, training->status.group, group, &training->keeper.arena);    /* there is a column now */
    double *trace = gk_landscape_column(group, "jacobian");
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        if (!lacks_trace(group, replica))
            continue;
        int status = gk_jacobian_of_replica(trainer, replica, hooks->interrupted, hooks->context, &trace[replica]);
        if (status < 0 || ((status > 0 || write_is_due(training)) && write_checkpoint(training) < 0))
            return -1;
        if (status > 0)
            return GK_TRAIN_INTERRUPTED;
        hooks->progress(hooks->context, &training->status);
    }
    return GK_TRAIN_DONE;
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
        forget_traces(group);
        status = resumed ? gk_trainer_continue(trainer) : gk_trainer_begin(trainer);
    }
    if (status == 0 && !resumed)
        checkpoint->n_group = index + 1;
    if (status != 0 && !resumed) {
        gk_history_free(group->history);
        *group = (gk_group){ 0 };
    }
    if (status == GK_TRAINER_INTERRUPTED && write_checkpoint(training) < 0)
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

    if (!has_steps && !lacks_any_trace(group))
        return GK_TRAIN_DONE;
    training->status.group = index;
    status = make_ready(training, &trainer, index, has_steps, hooks);
    if (status == GK_TRAIN_DONE && has_steps)
        status = train_steps(training, &trainer, hooks);
    if (status == GK_TRAIN_DONE)
        status = take_traces(training, &trainer, hooks);
    if (status == GK_TRAIN_DONE)
        drop_unwanted(training, group, false);
    gk_trainer_close(&trainer);
    if (status < 0 && resumed)
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
    return write_checkpoint(training) < 0 ? -1 : GK_TRAIN_DONE;
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
