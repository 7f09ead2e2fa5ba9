/* runs.c -- the runs of one or more checkpoints under one set of columns and metrics. */
#include "table/runs.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- lists of names ---------------------------------------------------------------------------------------------- */

static int find_name(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* Append a name unless it is there; the list has room for it. */
static void unite(const char **names, int *n, const char *name)
{
    if (find_name(names, *n, name) < 0)
        names[(*n)++] = name;
}

static int count_groups(const gk_runs *runs)
{
    int n = 0;

    for (int f = 0; f < runs->n_file; f++)
        n += runs->file[f]->n_group;
    return n;
}

/* --- columns ----------------------------------------------------------------------------------------------------- */

static bool has_column(const gk_runs *runs, const char *name)
{
    for (int f = 0; f < runs->n_file; f++)
        for (int g = 0; g < runs->file[f]->n_group; g++)
            if (gk_group_run_column(&runs->file[f]->group[g], name))
                return true;
    return false;
}

static void unite_columns(gk_runs *runs)
{
    size_t n_most = 2;

    for (int f = 0; f < runs->n_file; f++)
        for (int g = 0; g < runs->file[f]->n_group; g++)
            n_most += (size_t)runs->file[f]->group[g].n_run_column;
    runs->column = gk_arena_alloc(&runs->arena, n_most * sizeof *runs->column);
    if (has_column(runs, "run"))
        unite(runs->column, &runs->n_column, "run");
    if (has_column(runs, "seed"))
        unite(runs->column, &runs->n_column, "seed");
    for (int f = 0; f < runs->n_file; f++)
        for (int g = 0; g < runs->file[f]->n_group; g++)
            for (int c = 0; c < runs->file[f]->group[g].n_run_column; c++)
                unite(runs->column, &runs->n_column, runs->file[f]->group[g].run_column[c].name);
}

/* --- metrics ----------------------------------------------------------------------------------------------------- */

/* Every metric of every group, in *names. */
static int all_metrics(gk_runs *runs, const char ***names)
{
    size_t n_most = 1;
    int n = 0;

    for (int f = 0; f < runs->n_file; f++)
        for (int g = 0; g < runs->file[f]->n_group; g++)
            if (runs->file[f]->group[g].history)
                n_most += (size_t)runs->file[f]->group[g].history->n_metric;
    *names = gk_arena_alloc(&runs->arena, n_most * sizeof **names);
    for (int f = 0; f < runs->n_file; f++)
        for (int g = 0; g < runs->file[f]->n_group; g++) {
            const gk_history *history = runs->file[f]->group[g].history;
            for (int m = 0; history && m < history->n_metric; m++)
                unite(*names, &n, history->name[m]);
        }
    return n;
}

static int no_such_metric(const gk_runs *runs, const char *name, const char *const *all, int n_all)
{
    char list[400] = "";
    size_t used = 0;

    for (int m = 0; m < n_all; m++) {
        size_t length = strlen(all[m]);
        if (used + length + 8 > sizeof list) {
            memcpy(list + used, " ...", 5);
            break;
        }
        if (m > 0)
            list[used++] = ' ';
        memcpy(list + used, all[m], length + 1);
        used += length;
    }
    return gk_usage_error("no metric '%s' in '%s': it has %s", name, runs->file[0]->path, n_all ? list : "none");
}

static void name_metrics(gk_runs *runs)
{
    runs->metric_title = gk_arena_alloc(&runs->arena, ((size_t)runs->n_metric + 1) * sizeof *runs->metric_title);
    for (int m = 0; m < runs->n_metric; m++) {
        bool is_taken = find_name(runs->column, runs->n_column, runs->metric[m]) >= 0;
        runs->metric_title[m] = gk_arena_printf(&runs->arena, "%s%s", is_taken ? "metric_" : "", runs->metric[m]);
    }
}

static int select_metrics(gk_runs *runs, const char *metrics)
{
    const char **all;
    int n_all = all_metrics(runs, &all);

    if (!metrics || strcmp(metrics, "all") == 0) {
        runs->metric = gk_arena_alloc(&runs->arena, ((size_t)n_all + 1) * sizeof *runs->metric);
        for (int m = 0; m < n_all; m++)
            if (metrics || !strchr(all[m], '/'))
                runs->metric[runs->n_metric++] = all[m];
        name_metrics(runs);
        return 0;
    }
    runs->metric = gk_arena_alloc(&runs->arena, (strlen(metrics) + 1) * sizeof *runs->metric);
    char *rest = gk_arena_strdup(&runs->arena, metrics);
    for (char *name; (name = strsep(&rest, ","));) {
        int found = find_name(all, n_all, name);
        if (found < 0)
            return no_such_metric(runs, name, all, n_all);
        unite(runs->metric, &runs->n_metric, all[found]);
    }
    name_metrics(runs);
    return 0;
}

/* --- runs -------------------------------------------------------------------------------------------------------- */

/* Where the united columns and metrics stand in one group. */
static gk_run locate(gk_runs *runs, int file, int group)
{
    const gk_group *data = &runs->file[file]->group[group];
    int *column = gk_arena_alloc(&runs->arena, ((size_t)runs->n_column + 1) * sizeof *column);
    int *metric = gk_arena_alloc(&runs->arena, ((size_t)runs->n_metric + 1) * sizeof *metric);

    for (int c = 0; c < runs->n_column; c++) {
        const gk_h5_column *found = gk_group_run_column(data, runs->column[c]);
        column[c] = found ? (int)(found - data->run_column) : -1;
    }
    for (int m = 0; m < runs->n_metric; m++)
        metric[m] = data->history ? gk_history_find(data->history, runs->metric[m]) : -1;
    return (gk_run){ .file = file, .group = group, .data = data, .column = column, .metric = metric };
}

static bool is_run(const gk_group *group, int64_t replica, int64_t number)
{
    const gk_h5_column *column = gk_group_run_column(group, "run");

    return column && !column->text && column->type == GK_I64 && ((const int64_t *)column->data)[replica] == number;
}

static int no_such_run(const gk_runs *runs, int64_t number, int64_t n_run)
{
    int n_group = count_groups(runs);
    return gk_usage_error("no run %lld in '%s': it has %lld run%s in %d group%s", (long long)number, runs->file[0]->path,
                          (long long)n_run, gk_s(n_run), n_group, gk_s(n_group));
}

static int list_runs(gk_runs *runs, int64_t only_run, int64_t only_group)
{
    int64_t n_most = 0;

    for (int f = 0; f < runs->n_file; f++)
        for (int g = 0; g < runs->file[f]->n_group; g++)
            n_most += runs->file[f]->group[g].n_replica;
    runs->run = gk_alloc_large(((size_t)n_most + 1) * sizeof *runs->run, "list of runs");
    if (!runs->run)
        return -1;
    for (int f = 0; f < runs->n_file; f++)
        for (int g = 0; g < runs->file[f]->n_group; g++) {
            if (only_group >= 0 && only_group != g)
                continue;
            gk_run run = locate(runs, f, g);
            for (run.replica = 0; run.replica < run.data->n_replica; run.replica++)
                if (only_run < 0 || is_run(run.data, run.replica, only_run))
                    runs->run[runs->n_run++] = run;
        }
    if (runs->n_run == 0 && only_run >= 0)
        return no_such_run(runs, only_run, n_most);
    if (runs->n_run == 0 && only_group >= 0)
        return gk_usage_error("no group %lld in '%s': it has %d", (long long)only_group, runs->file[0]->path, count_groups(runs));
    return 0;
}

gk_runs *gk_runs_new(int n_file, gk_checkpoint *const *files, const char *metrics, int64_t only_run, int64_t only_group)
{
    gk_runs *runs = calloc(1, sizeof *runs);

    if (!runs) {
        gk_error("out of memory for the list of runs");
        return NULL;
    }
    runs->n_file = n_file;
    runs->file = files;
    unite_columns(runs);
    if (select_metrics(runs, metrics) < 0 || list_runs(runs, only_run, only_group) < 0) {
        gk_runs_free(runs);
        return NULL;
    }
    return runs;
}

void gk_runs_free(gk_runs *runs)
{
    if (!runs)
        return;
    free(runs->run);
    gk_arena_release(&runs->arena);
    free(runs);
}

/* --- cells ------------------------------------------------------------------------------------------------------- */

gk_cell gk_runs_cell(const gk_runs *runs, const gk_run *run, int column)
{
    const gk_h5_column *found;

    gk_assert(column >= 0 && column < runs->n_column);
    if (run->column[column] < 0)
        return (gk_cell){ .type = GK_CELL_EMPTY };
    found = &run->data->run_column[run->column[column]];
    if (found->text)
        return (gk_cell){ .type = GK_CELL_TEXT, .text = found->text[run->replica] };
    if (found->type == GK_F64)
        return (gk_cell){ .type = GK_CELL_REAL, .real = ((const double *)found->data)[run->replica] };
    return (gk_cell){ .type = GK_CELL_INT, .integer = ((const int64_t *)found->data)[run->replica] };
}

int64_t gk_run_step(const gk_run *run)
{
    return run->data->replica_step ? run->data->replica_step[run->replica] : run->data->step;
}

const char *gk_run_status(const gk_run *run)
{
    return gk_replica_status_names[run->data->status ? run->data->status[run->replica] : GK_RUNNING];
}

double gk_runs_metric(const gk_runs *runs, const gk_run *run, int metric, int64_t record)
{
    gk_assert(metric >= 0 && metric < runs->n_metric);
    if (run->metric[metric] < 0)
        return NAN;
    return gk_history_at(run->data->history, run->metric[metric], record)[run->replica];
}

bool gk_run_has_record(const gk_run *run, int64_t record)
{
    gk_history *history = run->data->history;

    if (history->step[record] <= gk_run_step(run))
        return true;
    for (int m = 0; m < history->n_metric; m++)
        if (!isnan(gk_history_at(history, m, record)[run->replica]))
            return true;
    return false;
}

int64_t gk_run_last_record(const gk_run *run)
{
    int64_t record = run->data->history ? run->data->history->n_record - 1 : -1;

    while (record >= 0 && !gk_run_has_record(run, record))
        record--;
    return record;
}

/* --- the long table ---------------------------------------------------------------------------------------------- */

static bool column_is_text(const gk_runs *runs, int column)
{
    for (int64_t r = 0; r < runs->n_run; r++)
        if (gk_runs_cell(runs, &runs->run[r], column).type == GK_CELL_TEXT)
            return true;
    return false;
}

/* A cell of a column of texts; numbers there (a column that another group has as numbers) are written out. */
static const char *cell_text(gk_frame *frame, gk_cell cell)
{
    switch (cell.type) {
    case GK_CELL_TEXT: return gk_arena_strdup(&frame->arena, cell.text);
    case GK_CELL_REAL: return gk_arena_printf(&frame->arena, "%.9g", cell.real);
    case GK_CELL_INT:  return gk_arena_printf(&frame->arena, "%lld", (long long)cell.integer);
    default:           return "";
    }
}

static double cell_number(gk_cell cell)
{
    return cell.type == GK_CELL_REAL ? cell.real : cell.type == GK_CELL_INT ? (double)cell.integer : NAN;
}

static int add_column(gk_frame *frame, const char *name, const char *unit, bool is_text)
{
    gk_frame_column *column = &frame->column[frame->n_column];
    size_t n_row = (size_t)frame->n_row + 1;

    column->name = gk_arena_strdup(&frame->arena, name);
    column->unit = unit;
    if (is_text)
        column->text = gk_alloc_large(n_row * sizeof *column->text, "long table of the history");
    else
        column->value = gk_alloc_large(n_row * sizeof *column->value, "long table of the history");
    frame->n_column++;
    return column->text || column->value ? 0 : -1;
}

static int add_columns(gk_frame *frame, const gk_runs *runs)
{
    if (!frame->column)
        return gk_error("out of memory for the columns of the history");
    for (int c = 0; c < runs->n_column; c++)
        if (add_column(frame, runs->column[c], "", column_is_text(runs, c)) < 0)
            return -1;
    if (add_column(frame, "step", "updates", false) < 0)
        return -1;
    for (int m = 0; m < runs->n_metric; m++)
        if (add_column(frame, runs->metric_title[m], "", false) < 0)
            return -1;
    return 0;
}

/* All rows of one run, from row `row` on.  Returns the row behind the last. */
static int64_t fill_run(gk_frame *frame, const gk_runs *runs, const gk_run *run, int64_t row)
{
    int64_t first = row, last = gk_run_last_record(run);

    for (int64_t record = 0; record <= last; record++) {
        frame->column[runs->n_column].value[row] = (double)run->data->history->step[record];
        for (int m = 0; m < runs->n_metric; m++)
            frame->column[runs->n_column + 1 + m].value[row] = gk_runs_metric(runs, run, m, record);
        row++;
    }
    for (int c = 0; c < runs->n_column; c++) {
        gk_frame_column *column = &frame->column[c];
        gk_cell cell = gk_runs_cell(runs, run, c);
        const char *text = column->text ? cell_text(frame, cell) : NULL;
        for (int64_t i = first; i < row; i++) {
            if (column->text)
                column->text[i] = text;
            else
                column->value[i] = cell_number(cell);
        }
    }
    return row;
}

gk_frame *gk_runs_frame(const gk_runs *runs)
{
    gk_frame *frame = calloc(1, sizeof *frame);
    int64_t row = 0;

    if (!frame) {
        gk_error("out of memory for the long table of the history");
        return NULL;
    }
    frame->path = runs->n_file ? gk_arena_strdup(&frame->arena, runs->file[0]->path) : "";
    for (int64_t r = 0; r < runs->n_run; r++)
        frame->n_row += gk_run_last_record(&runs->run[r]) + 1;
    frame->column = calloc((size_t)(runs->n_column + 1 + runs->n_metric), sizeof *frame->column);
    if (add_columns(frame, runs) < 0) {
        gk_frame_free(frame);
        return NULL;
    }
    for (int64_t r = 0; r < runs->n_run; r++)
        row = fill_run(frame, runs, &runs->run[r], row);
    return frame;
}
