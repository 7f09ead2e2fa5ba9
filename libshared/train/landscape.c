/* landscape.c -- see landscape.h. */
#include "train/landscape.h"
#include "train/metrics.h"

#include <math.h>
#include <string.h>

enum { AT_END, AT_ARGMIN, AT_BEST, N_READING, N_VALUE = 4, N_COLUMN = N_READING * N_VALUE + 2 };
static const char *const value_names[N_VALUE] = { "train_loss", "test_loss", "train_error", "test_error" };
static const char *const reading_names[N_READING] = { "end", "argmin", "best" };
static const gk_metric metric_of[N_VALUE] = { GK_TRAIN_LOSS, GK_TEST_LOSS, GK_TRAIN_ACC, GK_TEST_ACC };

static void *column_data(gk_group *group, const char *name, gk_dtype type)
{
    for (int i = 0; i < group->n_result_column; i++)
        if (strcmp(group->result_column[i].name, name) == 0 && group->result_column[i].type == type)
            return (void *)group->result_column[i].data;
    return NULL;
}

double *gk_landscape_column(gk_group *group, const char *name)
{
    return column_data(group, name, GK_F64);
}

static void add_column(gk_group *group, const char *name, gk_dtype type, gk_arena *arena)
{
    group->result_column[group->n_result_column++] =
        (gk_h5_column){ .name = name, .type = type, .data = gk_arena_alloc(arena, (size_t)group->n_replica * sizeof(double)) };
}

static void make_columns(gk_group *group, bool jacobian, gk_arena *arena)
{
    group->n_result_column = 0;
    group->result_column = gk_arena_alloc(arena, (N_COLUMN + 1) * sizeof *group->result_column);
    add_column(group, "n_train", GK_I64, arena);
    add_column(group, "argmin_step", GK_I64, arena);
    for (int reading = 0; reading < N_READING; reading++)
        for (int value = 0; value < N_VALUE; value++)
            add_column(group, gk_arena_printf(arena, "%s_%s", value_names[value], reading_names[reading]), GK_F64, arena);
    if (!jacobian)
        return;
    add_column(group, "jacobian", GK_F64, arena);
    double *trace = gk_landscape_column(group, "jacobian");
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        trace[replica] = NAN;
}

/* Are the columns there, in our order?  A file may hold others. */
static bool has_columns(const gk_group *group)
{
    if (group->n_result_column < N_COLUMN || strcmp(group->result_column[0].name, "n_train") != 0 ||
        strcmp(group->result_column[1].name, "argmin_step") != 0)
        return false;
    for (int i = 0; i < N_COLUMN; i++)
        if (group->result_column[i].type != (i < 2 ? GK_I64 : GK_F64))
            return false;
    return strcmp(group->result_column[2].name, "train_loss_end") == 0;
}

/* A loss or an error at a record; NaN if the replica was not evaluated then. */
static double value_at(gk_history *history, int value, int64_t record, int64_t replica)
{
    int    metric = gk_metric_in(history, metric_of[value]);
    double found = metric < 0 ? NAN : gk_history_at(history, metric, record)[replica];
    return gk_metric_table[metric_of[value]].kind == GK_METRIC_ACCURACY ? 1 - found : found;
}

/* The readings of one replica; the step of its lowest train loss, -1 if it has no record. */
static int64_t read_cell(gk_history *history, int64_t replica, double out[N_READING][N_VALUE])
{
    int64_t argmin = -1;
    for (int i = 0; i < N_READING * N_VALUE; i++)
        out[i / N_VALUE][i % N_VALUE] = NAN;
    for (int64_t record = 0; record < history->n_record; record++) {
        double now[N_VALUE];
        for (int value = 0; value < N_VALUE; value++)
            now[value] = value_at(history, value, record, replica);
        if (isnan(now[0]))
            continue;
        if (argmin < 0 || now[0] < out[AT_ARGMIN][0]) {
            argmin = record;
            memcpy(out[AT_ARGMIN], now, sizeof now);
        }
        memcpy(out[AT_END], now, sizeof now);
        for (int value = 0; value < N_VALUE; value++)
            out[AT_BEST][value] = fmin(out[AT_BEST][value], now[value]);    /* fmin passes over NaN */
    }
    return argmin < 0 ? -1 : history->step[argmin];
}

void gk_landscape_results(const gk_plan *plan, int index, gk_group *group, gk_arena *arena)
{
    if (!has_columns(group))
        make_columns(group, plan->first.landscape.jacobian, arena);
    int64_t *n_train = column_data(group, "n_train", GK_I64), *argmin_step = column_data(group, "argmin_step", GK_I64);
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        double cell[N_READING][N_VALUE];
        n_train[replica] = plan->run[plan->group[index].run[replica]].n_train;
        argmin_step[replica] = read_cell(group->history, replica, cell);
        for (int i = 0; i < N_READING * N_VALUE; i++)
            ((double *)group->result_column[2 + i].data)[replica] = cell[i / N_VALUE][i % N_VALUE];
    }
}
