/* trainer.c -- one shape group: open it, make its updates, take its records. */
#include "train/trainer_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "graph/groups.h"

double gk_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static const gk_config *config_of(const gk_trainer *trainer, int64_t replica)
{
    return &trainer->plan->run[trainer->plan_group->run[replica]].config;
}

/* --- opening ------------------------------------------------------------------------------------------------------------ */

static int make_problem(gk_trainer *trainer, int n_thread)
{
    const gk_plan_group *group = trainer->plan_group;
    size_t    n = (size_t)group->n_replica;
    int       n_group = trainer->graph.n_group;
    gk_hyper *hyper = gk_arena_alloc(&trainer->arena, n * sizeof *hyper);
    gk_hyper *of_group = gk_arena_alloc(&trainer->arena, n * (size_t)n_group * sizeof *of_group);
    uint64_t *seed = gk_arena_alloc(&trainer->arena, n * sizeof *seed);

    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        hyper[replica] = config_of(trainer, replica)->hyper;
        seed[replica] = gk_order_seed(config_of(trainer, replica));
        if (gk_groups_hyper(&trainer->graph, config_of(trainer, replica)->model.groups, &hyper[replica],
                            of_group + replica * n_group) < 0)
            return -1;
    }
    trainer->seen = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->seen);
    trainer->problem = (gk_problem){
        .graph = &trainer->graph, .update = group->update, .n_replica = group->n_replica, .hyper = hyper,
        .group_hyper = of_group, .seed = seed,
        .sums = trainer->sums, .seen = trainer->seen, .n_thread = n_thread,
        .product = gk_plan_product(trainer->plan_group),
    };
    return 0;
}

/* What every record holds. */
static int choose_metrics(gk_trainer *trainer)
{
    const gk_dataset *dataset = trainer->plan->dataset[trainer->plan_group->dataset];
    if (gk_metrics_asked(trainer->plan->first.run.metrics, &trainer->asked) < 0)
        return -1;
    trainer->n_recorded = gk_metrics_recorded(&trainer->graph, dataset, trainer->asked, trainer->plan->first.run.by_subclass,
                                              &trainer->arena, &trainer->recorded);
    trainer->sums = gk_metrics_sums(trainer->asked);
    return trainer->n_recorded < 0 ? -1 : gk_trainer_measure_open(trainer);
}

static void make_buffers(gk_trainer *trainer)
{
    size_t n = (size_t)trainer->plan_group->n_replica;
    trainer->active = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->active);
    trainer->train = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->train);
    trainer->test = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->test);
    for (int i = 0; i < trainer->n_eval; i++)
        trainer->eval[i].metrics = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->eval[i].metrics);
    trainer->norm = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->norm);
    trainer->param_norm = gk_arena_alloc(&trainer->arena, n * (size_t)trainer->graph.n_param * sizeof *trainer->param_norm);
}

bool gk_trainer_interrupted(const gk_trainer *trainer)
{
    return trainer->interruption.asked && trainer->interruption.asked(trainer->interruption.context);
}

int gk_trainer_open(gk_trainer *trainer, const gk_plan *plan, int index, gk_group *groups, const gk_trainer_setup *setup)
{
    gk_group *group = &groups[index];
    *trainer = (gk_trainer){
        .plan = plan, .plan_group = &plan->group[index], .backend = setup->backend, .device = setup->device, .group = group,
        .groups = groups,
        .keeper = setup->keeper, .interruption = setup->interruption,
        .log = gk_log_schedule(&plan->first), .snapshots = gk_snapshot_schedule(&plan->first), .n_step = plan->first.run.steps,
    };
    gk_model_data data = gk_plan_model_data(plan, trainer->plan_group);
    gk_graph_init(&trainer->graph);
    if (gk_model_build(&trainer->graph, &trainer->plan_group->model, &data) < 0)
        return -1;
    if (gk_stop_parse(plan->first.run.stop, &trainer->arena, &trainer->stop) < 0 || choose_metrics(trainer) < 0)
        return -1;
    int status = make_problem(trainer, setup->n_thread) < 0 ? -1 : gk_trainer_rows(trainer);
    if (status != 0)
        return status;
    make_buffers(trainer);
    return group->n_replica > 0 ? gk_trainer_check(trainer) : gk_trainer_describe(trainer);
}

void gk_trainer_close(gk_trainer *trainer)
{
    if (trainer->engine)
        trainer->backend->close(trainer->engine);
    gk_graph_release(&trainer->graph);
    gk_keeper_release(&trainer->soft_labels);
    gk_keeper_release(&trainer->measures);
    gk_arena_release(&trainer->arena);
    *trainer = (gk_trainer){ 0 };
}

/* --- records ------------------------------------------------------------------------------------------------------------ */

static void update_active(gk_trainer *trainer)
{
    trainer->n_active = 0;
    for (int64_t replica = 0; replica < trainer->group->n_replica; replica++)
        trainer->n_active += trainer->active[replica] = trainer->group->status[replica] == GK_RUNNING;
}

/* Of rows that there are: a set without any has no loss. */
static bool is_finite(const gk_metrics *metrics, const gk_rows *rows)
{
    return rows->n == 0 || isfinite(metrics->loss);
}

/* Replicas that are done, one way or the other. */
static void judge(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        if (!trainer->active[replica])
            continue;
        group->replica_step[replica] = group->step;
        if (!is_finite(&trainer->train[replica], &trainer->problem.rows[GK_TRAIN_ROWS][replica]) ||
            !is_finite(&trainer->test[replica], &trainer->problem.rows[GK_TEST_ROWS][replica]) ||
            !isfinite(trainer->norm[replica]))
            group->status[replica] = GK_DIVERGED;
        else if (gk_stop_met(&trainer->stop, group->history, replica))
            group->status[replica] = GK_STOPPED;
    }
    update_active(trainer);
}

void gk_trainer_finish(gk_trainer *trainer)
{
    if (trainer->group->step < trainer->n_step)
        return;
    for (int64_t replica = 0; replica < trainer->group->n_replica; replica++)
        if (trainer->active[replica])
            trainer->group->status[replica] = GK_FINISHED;
    update_active(trainer);
}

static int take_record(gk_trainer *trainer)
{
    double start = gk_now_s();
    if (gk_trainer_record(trainer) < 0)
        return -1;
    trainer->record_s = gk_now_s() - start;
    judge(trainer);
    return 0;
}

static int take_snapshot(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    size_t    n = (size_t)group->n_snapshot + 1, bytes = (size_t)(group->n_replica * group->n_real) * gk_dtype_size(group->real);
    int64_t  *step = gk_keep_large(trainer->keeper, n * sizeof *step, "snapshots");
    void    **snapshot = gk_keep_large(trainer->keeper, n * sizeof *snapshot, "snapshots");
    void     *now = gk_keep_large(trainer->keeper, bytes, "a snapshot");
    if (!step || !snapshot || !now || trainer->backend->read(trainer->engine, GK_ARENA_PARAM, now) < 0)
        return -1;
    if (group->n_snapshot > 0) {
        memcpy(step, group->snapshot_step, (size_t)group->n_snapshot * sizeof *step);
        memcpy(snapshot, group->snapshot, (size_t)group->n_snapshot * sizeof *snapshot);
    }
    gk_keep_drop(trainer->keeper, group->snapshot_step);
    gk_keep_drop(trainer->keeper, group->snapshot);
    step[group->n_snapshot] = group->step;
    snapshot[group->n_snapshot++] = now;
    group->snapshot_step = step;
    group->snapshot = snapshot;
    return 0;
}

/* --- running ------------------------------------------------------------------------------------------------------------ */

static int open_engine(gk_trainer *trainer)
{
    trainer->engine = trainer->backend->open(&trainer->problem);
    return trainer->engine ? 0 : -1;
}

int gk_trainer_begin(gk_trainer *trainer)
{
    int status = open_engine(trainer);
    if (status == 0)
        status = gk_trainer_initialise(trainer);
    if (status != 0)
        return status;
    update_active(trainer);
    trainer->next_record = gk_schedule_after(&trainer->log, 0);
    trainer->next_snapshot = gk_schedule_after(&trainer->snapshots, 0);
    return 0;
}

int gk_trainer_first(gk_trainer *trainer)
{
    if (trainer->group->history->n_record > 0)
        return 0;
    if (take_record(trainer) < 0)
        return -1;
    return trainer->next_snapshot == INT64_MAX ? 0 : take_snapshot(trainer);
}

static bool last_record_is_extra(const gk_group *group, const gk_schedule *log)
{
    const gk_history *history = group->history;
    return history && history->n_record > 0 && !gk_schedule_has(log, history->step[history->n_record - 1]);
}

/* Take back the record of a last step that is not on the schedule, and the verdicts that it led to. */
static void take_back_record(gk_group *group, const gk_schedule *log)
{
    if (!last_record_is_extra(group, log))
        return;
    int64_t step = group->history->step[--group->history->n_record];
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        if (group->replica_step[replica] == step)
            group->status[replica] = GK_RUNNING;
}

static bool is_unfinished(const gk_group *group, int64_t replica)
{
    return group->status[replica] == GK_RUNNING || group->status[replica] == GK_FINISHED;
}

bool gk_group_has_work(const gk_group *group, const gk_schedule *log, int64_t n_step)
{
    bool may_go_on = last_record_is_extra(group, log);
    if (group->step >= n_step)
        return false;
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        if (is_unfinished(group, replica) || (may_go_on && group->replica_step[replica] == group->step))
            return true;
    return false;
}

int gk_trainer_continue(gk_trainer *trainer)
{
    if (open_engine(trainer) < 0 || gk_trainer_load(trainer) < 0)
        return -1;
    take_back_record(trainer->group, &trainer->log);
    for (int64_t replica = 0; replica < trainer->group->n_replica; replica++)
        if (is_unfinished(trainer->group, replica))
            trainer->group->status[replica] = GK_RUNNING;
    update_active(trainer);
    trainer->next_record = gk_schedule_next(&trainer->log, trainer->group->step);
    trainer->next_snapshot = gk_schedule_next(&trainer->snapshots, trainer->group->step);
    return 0;
}

bool gk_trainer_is_done(const gk_trainer *trainer)
{
    return trainer->group->step >= trainer->n_step || trainer->n_active == 0;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int gk_trainer_advance(gk_trainer *trainer, double slice_s)
{
    gk_group *group = trainer->group;
    int64_t   goal = least(least(trainer->next_record, trainer->next_snapshot), trainer->n_step), n = goal - group->step;
    if (trainer->step_s * (double)n > slice_s)
        n = 1 + (int64_t)(slice_s / trainer->step_s);    /* several, if they are slow: there is more to divide among threads */
    else if (trainer->step_s == 0)
        n = 1;

    double start = gk_now_s();
    if (gk_trainer_updates(trainer, n) < 0)
        return -1;
    trainer->step_s = (gk_now_s() - start) / (double)n + 1e-12;
    group->step += n;
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        if (trainer->active[replica])
            group->replica_step[replica] = group->step;

    if (group->step == trainer->next_snapshot) {
        trainer->next_snapshot = gk_schedule_after(&trainer->snapshots, group->step);
        if (take_snapshot(trainer) < 0)
            return -1;
    }
    if (group->step != trainer->next_record && group->step != trainer->n_step)
        return 0;
    if (group->step == trainer->next_record)
        trainer->next_record = gk_schedule_after(&trainer->log, group->step);
    return take_record(trainer);
}
