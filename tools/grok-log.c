/* grok-log.c -- what checkpoints recorded, as a table: history, runs, last values, configuration, lineage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/crossing.h"
#include "base/die.h"
#include "table/cells.h"
#include "run_table.h"
#include "train/metrics.h"

enum { HOLD_RECORDS = 3, METRIC_DIGITS = 9 };

static struct {
    bool        runs, final, landscape, config, lineage, json;
    gk_select   select;
    const char *metric, *output;
    int64_t     run, group;
} o = { .output = "-", .run = -1, .group = -1 };

GK_CONDITION(of_cells, __typeof__(o), "--landscape", at->landscape);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option table_options[] = {
    GK_SWITCH_OPTION("runs", runs, .help = "one row per run: what varies, updates done, status"),
    GK_SWITCH_OPTION("final", final,
                     .help = "one row per run: what varies, last metrics, and the first step with accuracy >= "
                             GK_LEARNT_TEXT " that holds for the next 3 records (inf: never)"),
    GK_SWITCH_OPTION("landscape", landscape,
                     .help = "one row per cell of a reduced landscape: alpha and what else varies, items, updates, norm, losses "
                             "and errors (1 - accuracy)"),
    GK_SWITCH_OPTION("config", config, .help = "every option in force"),
    GK_SWITCH_OPTION("lineage", lineage, .help = "the file and the files that it came from: role, path, sha256"),
    GK_OPTION_END
};
static const gk_option choice_options[] = {
    GK_TEXT_OPTION("metric", metric, .key = 'm', .arg = "NAME,...",
                   .help = "these metrics only; 'all' for every one (default: those without '/' in their name)"),
    GK_CHOICE_OPTION("select", select, gk_select, .when = &of_cells,
                     .help = "of a landscape's cells: the values at the record of lowest train loss, at the end, the lowest of "
                             "each column by itself, or all three"),
    GK_INT_OPTION("run", run, -1, INT32_MAX, .key = 'r', .arg = "N", .help = "this run only, by its number; -1: all"),
    GK_INT_OPTION("group", group, -1, INT32_MAX, .key = 'g', .arg = "N", .help = "this shape group only; -1: all"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = {
    { "Table (default: the history, one row per record and run)", table_options, &o },
    { "What of it", choice_options, &o },
    { 0 }
};
static const char details[] =
    "A checkpoint of - is read from standard input.  With several, there is a column 'file'.  KEY=VALUE adds a\n"
    "column KEY with this value for the files after it; a file with '=' in its name is written ./NAME.\n\n"
    "  grok-log run.h5 | head\n"
    "  grok-log --final run.h5 | column -t\n"
    "  grok-log curve=alone a.h5 curve=taught s.h5 | grok-plot - -y test_acc --by curve -o both.svg\n"
    "  grok-log --landscape --select best land.h5\n"
    "  grok-log -m test_acc,norm/embed.weight run.h5 | grok-plot - -y test_acc -o run.svg\n\n"
    "Metrics; p1/NAME, p2/NAME, ... are those of one task of several:\n%s\n"
    "Exit status: 0 done, 1 failed, 2 usage.";
static gk_cli cli = {
    .name = "grok-log",
    .summary = "print what checkpoints recorded: history, runs, last values, configuration, lineage",
    .arguments = "[KEY=VALUE...] CHECKPOINT...",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = INT32_MAX
};

/* --- columns that the tables share -------------------------------------------------------------------------------- */

static void run_columns(const gk_run_table *out)
{
    gk_run_columns(out);
    gk_unit_column(out->table, "step", "updates", o.json);
}

static void put_run(const gk_run_table *out, const gk_run *run, int64_t step)
{
    gk_put_run(out, run);
    gk_table_int(out->table, step);
}

static void put_metrics(const gk_run_table *out, const gk_run *run, int64_t record)
{
    for (int m = 0; m < out->runs->n_metric; m++) {
        if (run->metric[m] < 0 || record < 0)
            gk_table_empty(out->table);
        else
            gk_table_real(out->table, gk_runs_metric(out->runs, run, m, record), METRIC_DIGITS);
    }
}

/* --- the tables --------------------------------------------------------------------------------------------------- */

static int write_history(const gk_run_table *out)
{
    run_columns(out);
    for (int m = 0; m < out->runs->n_metric; m++)
        gk_table_column(out->table, out->runs->metric_title[m]);
    gk_check_tags(out->table, &out->operands);
    for (int64_t r = 0; r < out->runs->n_run; r++) {
        const gk_run *run = &out->runs->run[r];
        int64_t last = gk_run_last_record(run);
        for (int64_t record = 0; record <= last; record++) {
            put_run(out, run, run->data->history->step[record]);
            put_metrics(out, run, record);
            gk_table_end_row(out->table);
        }
    }
    return 0;
}

static int write_runs(const gk_run_table *out)
{
    run_columns(out);
    gk_table_column(out->table, "status");
    gk_table_column(out->table, "group");
    gk_check_tags(out->table, &out->operands);
    for (int64_t r = 0; r < out->runs->n_run; r++) {
        put_run(out, &out->runs->run[r], gk_run_step(&out->runs->run[r]));
        gk_table_text(out->table, gk_run_status(&out->runs->run[r]));
        gk_table_int(out->table, out->runs->run[r].group);
        gk_table_end_row(out->table);
    }
    return 0;
}

/* First step at which `metric` is >= GK_LEARNT and stays so; empty if it was not recorded, or diverged before. */
static int put_crossing(gk_table *table, const gk_run *run, const char *metric)
{
    gk_history *history = run->data->history;
    int64_t n = gk_run_last_record(run) + 1, found;
    int m = history ? gk_history_find(history, metric) : -1;
    double *value;

    if (m < 0) {
        gk_table_empty(table);
        return 0;
    }
    if (!(value = gk_alloc_large(((size_t)n + 1) * sizeof *value, "history of one run")))
        return -1;
    for (int64_t record = 0; record < n; record++)
        value[record] = gk_history_at(history, m, record)[run->replica];
    found = gk_first_held(value, n, GK_LEARNT, HOLD_RECORDS,
                          strcmp(gk_run_status(run), gk_replica_status_names[GK_STOPPED]) == 0);
    free(value);
    if (found < 0 && strcmp(gk_run_status(run), gk_replica_status_names[GK_DIVERGED]) == 0)
        gk_table_empty(table);
    else if (found < 0)
        gk_table_real(table, INFINITY, 1);
    else
        gk_table_int(table, history->step[found]);
    return 0;
}

static int write_final(const gk_run_table *out)
{
    run_columns(out);
    gk_table_column(out->table, "status");
    for (int m = 0; m < out->runs->n_metric; m++)
        gk_table_column(out->table, out->runs->metric_title[m]);
    gk_unit_column(out->table, "step_train_99", "updates", o.json);
    gk_unit_column(out->table, "step_test_99", "updates", o.json);
    gk_check_tags(out->table, &out->operands);
    for (int64_t r = 0; r < out->runs->n_run; r++) {
        const gk_run *run = &out->runs->run[r];
        int64_t last = gk_run_last_record(run);
        put_run(out, run, last >= 0 ? run->data->history->step[last] : gk_run_step(run));
        gk_table_text(out->table, gk_run_status(run));
        put_metrics(out, run, last);
        if (put_crossing(out->table, run, "train_acc") < 0 || put_crossing(out->table, run, "test_acc") < 0)
            return -1;
        gk_table_end_row(out->table);
    }
    return 0;
}

static void put_frame_cell(gk_table *table, const gk_frame_column *column, int64_t row, bool exact)
{
    double value = column->text ? NAN : column->value[row];
    if (column->text)
        gk_table_text(table, column->text[row]);
    else if (isnan(value))
        gk_table_empty(table);
    else if (value == trunc(value) && fabs(value) < 0x1p53)
        gk_table_int(table, (int64_t)value);
    else if (exact)
        gk_put_exact(table, value);
    else
        gk_table_real(table, value, METRIC_DIGITS);
}

static int write_landscape(const gk_run_table *out)
{
    gk_frame *cells = gk_cells_frame(out->runs, o.select);
    if (!cells)
        return -1;
    int n_exact = gk_frame_find(cells, "n_train");    /* before it stands what was asked for, behind it what came of it */
    gk_file_columns(out->table, &out->operands);
    for (int c = 0; c < cells->n_column; c++)
        gk_table_column(out->table, cells->column[c].name);
    gk_check_tags(out->table, &out->operands);
    for (int64_t row = 0; row < cells->n_row; row++) {
        gk_put_file(out->table, &out->operands, out->runs->run[row].file);
        for (int c = 0; c < cells->n_column; c++)
            put_frame_cell(out->table, &cells->column[c], row, c < n_exact);
        gk_table_end_row(out->table);
    }
    gk_frame_free(cells);
    return 0;
}

static int write_config(gk_table *table, int n_file, gk_checkpoint *const *files)
{
    if (n_file > 1)
        gk_table_column(table, "file");
    gk_table_column(table, "name");
    gk_table_column(table, "value");
    for (int f = 0; f < n_file; f++)
        for (int i = 0; i < files[f]->n_config; i++) {
            if (n_file > 1)
                gk_table_text(table, files[f]->path);
            gk_table_text(table, files[f]->config[i].name);
            gk_table_text(table, gk_config_text(files[f], &files[f]->config[i]));
            gk_table_end_row(table);
        }
    return 0;
}

/* NOLINTNEXTLINE(misc-no-recursion): what was read has at most GK_MAX_LINEAGE generations */
static void put_parent(gk_table *table, const char *file, int depth, const gk_parent *parent)
{
    if (file)
        gk_table_text(table, file);
    gk_table_int(table, depth);
    gk_table_text(table, parent->role);
    gk_table_text(table, parent->path);
    gk_table_text(table, parent->sha256);
    gk_table_end_row(table);
    for (int i = 0; i < parent->n_parent; i++)
        put_parent(table, file, depth + 1, &parent->parent[i]);
}

static int write_lineage(gk_table *table, int n_file, gk_checkpoint *const *files)
{
    if (n_file > 1)
        gk_table_column(table, "file");
    gk_table_column(table, "depth");
    gk_table_column(table, "role");
    gk_table_column(table, "path");
    gk_table_column(table, "sha256");
    for (int f = 0; f < n_file; f++) {
        gk_parent self = { "self", files[f]->path, files[f]->sha256, files[f]->n_parent, files[f]->parent };
        put_parent(table, n_file > 1 ? files[f]->path : NULL, 0, &self);
    }
    return 0;
}

/* --- main --------------------------------------------------------------------------------------------------------- */

static int write_table(const gk_run_table *out)
{
    if (o.config)
        return write_config(out->table, out->operands.n_file, out->operands.file);
    if (o.lineage)
        return write_lineage(out->table, out->operands.n_file, out->operands.file);
    if (o.landscape)
        return write_landscape(out);
    return o.runs ? write_runs(out) : o.final ? write_final(out) : write_history(out);
}

int main(int argc, char **argv)
{
    gk_run_table out;
    gk_program(argv[0]);
    gk_arena texts = { 0 };
    cli.details = gk_arena_printf(&texts, details, gk_metrics_help(&texts));
    gk_given *given = gk_options_parse(&cli, argc, argv);

    if (o.runs + o.final + o.landscape + o.config + o.lineage > 1)
        gk_usage("only one of --runs, --final, --landscape, --config and --lineage can be given");
    gk_operands_read(&out.operands, given, 0);
    gk_runs *runs = gk_runs_new(out.operands.n_file, out.operands.file, o.metric, o.run, o.group);
    gk_run_table_open(&out, given, runs, o.output, o.json);
    if (write_table(&out) < 0)
        gk_die();
    gk_run_table_close(&out);
    gk_given_free(given);
    gk_arena_release(&texts);
    return 0;
}
