/* cost.c -- foretelling memory and time of a plan, and the table of --dry-run. */
#include "train/cost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "base/memory.h"
#include "base/table.h"

static const double MOST_BYTES = 0x1p50;    /* more is as impossible, and sums of it overflow */
enum { TIMED_STEPS = 3, DEVICE_TIMED_REPLICAS = 256, MIN_TIMED_REPLICAS = 4 };

/* --- memory ------------------------------------------------------------------------------------------------------------- */

/* The problem of a whole group, with the numbers of its rows but not the rows. */
static gk_problem bare_problem(const gk_plan *plan, const gk_plan_group *group, const gk_graph *graph, gk_arena *arena,
                               int n_thread)
{
    size_t    n = (size_t)group->n_replica;
    gk_hyper *hyper = gk_arena_alloc(arena, n * sizeof *hyper);
    gk_rows  *train = gk_arena_alloc(arena, n * sizeof *train), *test = gk_arena_alloc(arena, n * sizeof *test);
    for (size_t i = 0; i < n; i++) {
        const gk_plan_run *run = &plan->run[group->run[i]];
        hyper[i] = run->config.hyper;
        train[i].n = run->n_train + run->n_rehearse;
        test[i].n = run->n_test;
    }
    return (gk_problem){ .graph = graph, .update = group->update, .n_replica = group->n_replica, .hyper = hyper,
                         .rows = { train, test }, .n_thread = n_thread, .product = gk_plan_product(group) };
}

static int64_t split_bytes(const gk_plan *plan, const gk_plan_group *group)
{
    return (group->n_train_max + group->n_test_max) * 4 * (plan->first.run.keep == GK_KEEP_METRICS ? 3 : 4);
}

static int64_t host_bytes_per_replica(const gk_plan *plan, const gk_plan_group *group, const gk_graph *graph,
                                      int64_t engine_bytes, int64_t unit)
{
    const gk_config *config = &plan->first;
    gk_schedule log = gk_log_schedule(config), snapshots = gk_snapshot_schedule(config);
    int64_t n_record = gk_schedule_count(&log, config->run.steps) + 1;
    int64_t n_snapshot = gk_schedule_after(&snapshots, 0) == INT64_MAX ? 0 : gk_schedule_count(&snapshots, config->run.steps);
    double grows = (double)n_snapshot * (double)(graph->n_param_real * unit) +
                   (double)n_record * (GK_N_METRIC + graph->n_param) * 8;
    return engine_bytes + (int64_t)fmin(grows, MOST_BYTES) + split_bytes(plan, group);
}

static int foretell_memory(const gk_plan *plan, const gk_plan_group *group, const gk_backend *backend, int n_thread,
                           gk_group_cost *out)
{
    gk_graph  graph;
    gk_arena  arena = { 0 };
    gk_memory memory;
    gk_model_data data = gk_plan_model_data(plan, group);
    gk_graph_init(&graph);
    int status = gk_model_build(&graph, &group->model, &data);
    if (status == 0) {
        gk_problem problem = bare_problem(plan, group, &graph, &arena, n_thread);
        backend->memory(&problem, &memory);
        out->replica_bytes = memory.per_replica_bytes + host_bytes_per_replica(plan, group, &graph, memory.per_replica_bytes,
                                                                               (int64_t)gk_dtype_size(backend->real));
        out->begin_bytes = memory.per_replica_bytes + graph.n_param_real * (int64_t)gk_dtype_size(backend->real) +
                           split_bytes(plan, group);
        out->shared_bytes = memory.shared_bytes;
    }
    gk_arena_release(&arena);
    gk_graph_release(&graph);
    return status;
}

/* What this process has needed so far: libraries, data, plan. */
static int64_t bytes_so_far(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
}

/* --- time ----------------------------------------------------------------------------------------------------------------- */

/* Seconds of a step and of an evaluation of a group in training. */
static int time_trainer(gk_trainer *trainer, double *step_s, double *record_s)
{
    const gk_backend *backend = trainer->backend;
    if (gk_trainer_begin(trainer) < 0 || backend->run(trainer->engine, 0, 1, trainer->active) < 0)
        return -1;
    double start = gk_now_s();
    if (backend->run(trainer->engine, 1, TIMED_STEPS, trainer->active) < 0)
        return -1;
    double trained = gk_now_s();
    if (gk_trainer_evaluate(trainer) < 0)
        return -1;
    *step_s = (trained - start) / TIMED_STEPS;
    *record_s = gk_now_s() - trained;
    return 0;
}

static int64_t n_timed(const gk_backend *backend, int n_thread)
{
    if (strcmp(backend->name, "cpu") != 0)
        return DEVICE_TIMED_REPLICAS;
    return n_thread > MIN_TIMED_REPLICAS ? n_thread : MIN_TIMED_REPLICAS;
}

/* Of the whole group, from some of its replicas: as many as keep all threads busy, or a device. */
static int measure_time(const gk_plan *plan, int index, const gk_train_setup *setup, double *time_s)
{
    const gk_backend *backend = setup->backend[plan->group[index].precision];
    gk_plan_group few = plan->group[index];
    gk_plan       small = *plan;
    gk_trainer    trainer;
    gk_keeper     keeper = { 0 };
    gk_group      group = { 0 };
    gk_schedule   log = gk_log_schedule(&plan->first);
    int64_t n_step = plan->first.run.steps, most = n_timed(backend, setup->n_thread);
    double  step_s, record_s;

    small.group = &few;
    few.n_replica = few.n_replica < most ? few.n_replica : most;
    gk_trainer_setup of = { .backend = backend, .device = setup->backend, .n_thread = setup->n_thread, .keeper = &keeper };
    int status = gk_trainer_open(&trainer, &small, 0, &group, &of);
    trainer.groups = NULL;    /* no warm starts: nothing has been trained */
    if (status == 0)
        status = time_trainer(&trainer, &step_s, &record_s);
    if (status == 0)
        *time_s = (record_s + gk_schedule_time(&log, 0, n_step, step_s, record_s)) * (double)plan->group[index].n_replica /
                  (double)few.n_replica;
    gk_trainer_close(&trainer);
    gk_history_free(group.history);
    gk_keeper_release(&keeper);
    return status;
}

/* --- both ----------------------------------------------------------------------------------------------------------------- */

static double flops_per_step(const gk_plan_group *group, const gk_plan_run *run)
{
    int64_t rows = run->batch > 0 ? run->batch : run->n_train;
    return 3 * ((double)rows * (double)group->flops_row + (double)group->flops_step);
}

int gk_group_cost_measure(const gk_plan *plan, int index, const gk_train_setup *setup, gk_group_cost *out)
{
    const gk_plan_group *group = &plan->group[index];
    const gk_backend    *backend = setup->backend[group->precision];
    *out = (gk_group_cost){ .flops_per_step = flops_per_step(group, &plan->run[group->run[0]]) };
    if (foretell_memory(plan, group, backend, setup->n_thread, out) < 0)
        return -1;
    if (!plan->first.run.timing) {
        out->time_s = NAN;
        return 0;
    }
    return measure_time(plan, index, setup, &out->time_s);
}

/* Of a group that has not begun: -1 with gk_error if it cannot be made ready.  *most: what any group has needed in the end. */
static int check_group(const gk_plan *plan, int index, const gk_backend *backend, int n_thread, double *most)
{
    const gk_plan_group *group = &plan->group[index];
    const char   *what;
    double        limit = gk_memory_limit(&what), n = (double)group->n_replica;
    gk_group_cost cost = { 0 };
    if (foretell_memory(plan, group, backend, n_thread, &cost) < 0)
        return -1;
    double needed = (double)cost.begin_bytes * n + (double)cost.shared_bytes;
    if (index >= plan->n_begun && needed > limit)
        return gk_error("cannot get memory: %lld runs side by side need %.3g GB, and %s %.3g GB: train slices of them "
                        "(--shard)", (long long)group->n_replica, needed / 1e9, what, limit / 1e9);
    *most = fmax(*most, (double)cost.replica_bytes * n + (double)cost.shared_bytes);
    return 0;
}

int gk_plan_check_memory(const gk_plan *plan, const gk_train_setup *setup, gk_arena *arena, const char **warning)
{
    const char *what;
    double      limit = gk_memory_limit(&what), most = 0;
    for (int i = 0; i < plan->n_group; i++) {
        const gk_backend *backend = setup->backend[plan->group[i].precision];
        if (strcmp(backend->name, "cpu") == 0 && check_group(plan, i, backend, setup->n_thread, &most) < 0)
            return -1;
    }
    *warning = NULL;
    if (most > limit)
        *warning = gk_arena_printf(arena, "all %lld steps need %.3g GB of memory, and %s %.3g GB: keep fewer snapshots "
                                   "(--snapshot-every, --snapshot-growth) or records (--log-every)",
                                   (long long)plan->first.run.steps, most / 1e9, what, limit / 1e9);
    return 0;
}

static void print_column(gk_table *table, const gk_h5_column *column, int64_t row)
{
    if (column->text)
        gk_table_text(table, column->text[row]);
    else if (column->type == GK_I64)
        gk_table_int(table, ((const int64_t *)column->data)[row]);
    else
        gk_table_real(table, ((const double *)column->data)[row], 10);
}

static void print_header(gk_table *table, const gk_plan *plan, gk_arena *arena)
{
    gk_h5_column *column;
    static const char *const names[] = { "parameters", "train_rows", "batch_rows", "steps", "flops_per_step", "flops",
                                         "memory_bytes", "time_s" };
    int n_column = gk_plan_columns(plan, &plan->group[0], arena, &column);
    gk_table_provenance(table, "%s", gk_given_command_line(plan->given));
    for (int i = 0; i < n_column; i++) {
        gk_table_column(table, column[i].name);
        if (i == 0)
            gk_table_column(table, "group");
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        gk_table_column(table, names[i]);
}

static void print_group(gk_table *table, const gk_plan *plan, int index, const gk_group_cost *cost, gk_plan_cost *total)
{
    const gk_plan_group *group = &plan->group[index];
    gk_h5_column *column;
    gk_arena      arena = { 0 };
    double n_step = (double)plan->first.run.steps;
    int    n_column = gk_plan_columns(plan, group, &arena, &column);
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        const gk_plan_run *run = &plan->run[group->run[replica]];
        for (int i = 0; i < n_column; i++) {
            print_column(table, &column[i], replica);
            if (i == 0)
                gk_table_int(table, index);
        }
        gk_table_int(table, group->n_param);
        gk_table_int(table, run->n_train);
        gk_table_int(table, run->batch > 0 ? run->batch : run->n_train);
        gk_table_int(table, plan->first.run.steps);
        gk_table_real(table, flops_per_step(group, run), 4);
        gk_table_real(table, flops_per_step(group, run) * n_step, 4);
        gk_table_int(table, cost->replica_bytes);
        gk_table_real(table, cost->time_s / (double)group->n_replica, 3);
        gk_table_end_row(table);
        total->flops += flops_per_step(group, run) * n_step;
    }
    gk_arena_release(&arena);
}

int gk_plan_print(const gk_plan *plan, const gk_train_setup *setup, gk_plan_cost *total)
{
    int64_t   base_bytes = bytes_so_far();
    gk_arena  arena = { 0 };
    gk_table *table = gk_table_open("-", false);
    int       status = table ? 0 : -1;
    *total = (gk_plan_cost){ 0 };
    if (table)
        print_header(table, plan, &arena);
    for (int i = 0; status == 0 && i < plan->n_group; i++) {
        gk_group_cost cost;
        if ((status = gk_group_cost_measure(plan, i, setup, &cost)) < 0)
            break;
        int64_t bytes = base_bytes + cost.shared_bytes + cost.replica_bytes * plan->group[i].n_replica;
        total->peak_bytes = bytes > total->peak_bytes ? bytes : total->peak_bytes;
        total->time_s += cost.time_s;
        print_group(table, plan, i, &cost, total);
    }
    if (table && gk_table_close(table) < 0)
        status = -1;
    gk_arena_release(&arena);
    return status;
}
