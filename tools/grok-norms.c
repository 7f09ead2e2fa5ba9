/* grok-norms.c -- norms of parameters against step, from the history or from snapshots; what norm a logit takes. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/choice.h"
#include "base/die.h"
#include "norms_efficiency.h"

enum { DIGITS = 9 };
#define SOURCES(X) X(FROM_AUTO, "auto") X(FROM_HISTORY, "history") X(FROM_SNAPSHOTS, "snapshots")
GK_LOCAL_CHOICES(source, SOURCES);

static struct {
    source      from;
    bool        each, efficiency, json;
    gk_efficiency_args probe;
    int64_t     n_thread;
    const char *at, *output;
} o = { .probe = { .logit = 10 }, .at = "last", .output = "-" };

GK_CONDITION(of_norms, __typeof__(o), "norms alone, not for --efficiency", !at->efficiency);
GK_CONDITION(of_probe, __typeof__(o), "--efficiency", at->efficiency);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_CHOICE_OPTION("from", from, source, .when = &of_norms,
                     .help = "norms that were recorded, or those of the parameters in the snapshots; auto: the history if there "
                             "is one"),
    GK_SWITCH_OPTION("each", each, .when = &of_norms, .help = "one more column per parameter"),
    GK_SWITCH_OPTION("efficiency", efficiency,
                     .help = "how far the parameters must be scaled for the right answers to stand out by --logit, and the norm "
                             "that they have then"),
    GK_REAL_OPTION("logit", probe.logit, 0x1p-1022, HUGE_VAL, .when = &of_probe,
                   .help = "mean over train items of the right logit less the mean of all of the item"),
    GK_CHOICE_OPTION("scaled", probe.what, gk_scaled, .when = &of_probe,
                     .help = "all parameters together; embeddings, hidden layers and the map to the logits, each by itself; each "
                             "tensor by itself"),
    GK_INT_OPTION("items", probe.n_item, 0, INT32_MAX, .when = &of_probe,
                  .help = "on the first so many train items; 0: all"),
    GK_TEXT_OPTION("at", at, .arg = "STEP", .when = &of_probe, .help = GK_AT_HELP),
    GK_INT_OPTION("threads", n_thread, 0, 4096, .when = &of_probe, .help = "0: all cores"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-norms", .summary = "print the norms of parameters against step", .arguments = "[KEY=VALUE...] CHECKPOINT...",
    .details = "One row per record (or snapshot) and run: step, l2_norm of all parameters (weights, biases and embeddings), and\n"
               "with --each norm/NAME of every tensor.  KEY=VALUE adds a column for the files after it.\n\n"
               "--efficiency: a row for each run (and step, and what is scaled): correct_logit, the mean over train items of\n"
               "the right logit less the mean of all; scale, the smallest factor of the parameters at which that is\n"
               "--logit (inf: at none); norm_needed, their norm then; efficiency, --logit by norm_needed.  The right answer\n"
               "is what was learnt, noise included.  Where the efficiencies of two circuits cross, with an interval over the\n"
               "seeds, 'grok-stat cross' says.\n\n"
               "  grok-norms run.h5 | grok-plot - -y l2_norm -o norm.svg\n"
               "  grok-norms --each --from snapshots run.h5\n"
               "  grok-norms --efficiency --at all run.h5 | grok-plot - -y efficiency -o efficiency.svg\n"
               "  grok-norms --efficiency of=one one.h5 of=two two.h5 |\n"
               "      grok-stat cross of fraction efficiency --between one,two\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = INT32_MAX
};

/* --- columns: the parameters of all groups --------------------------------------------------------------------------- */

typedef struct names { int n; const char **name; } names;

static names all_params(gk_operands *operands)
{
    names all = { 0 };
    size_t most = 1;
    for (int f = 0; f < operands->n_file; f++)
        for (int g = 0; g < operands->file[f]->n_group; g++)
            most += (size_t)operands->file[f]->group[g].n_param;
    all.name = gk_arena_alloc(&operands->arena, most * sizeof *all.name);
    for (int f = 0; f < operands->n_file; f++)
        for (int g = 0; g < operands->file[f]->n_group; g++) {
            const gk_group *group = &operands->file[f]->group[g];
            for (int i = 0; i < group->n_param; i++) {
                int known = 0;
                while (known < all.n && strcmp(all.name[known], group->param[i].name) != 0)
                    known++;
                if (known == all.n)
                    all.name[all.n++] = group->param[i].name;
            }
        }
    return all;
}

static void columns(gk_run_table *out, const names *params)
{
    gk_run_columns(out);
    gk_unit_column(out->table, "step", "updates", o.json);
    if (o.efficiency)
        gk_efficiency_columns(out->table);
    else
        gk_table_column(out->table, "l2_norm");
    for (int i = 0; o.each && i < params->n; i++)
        gk_table_column(out->table, gk_arena_printf(&out->operands.arena, "norm/%s", params->name[i]));
    gk_check_tags(out->table, &out->operands);
}

/* --- rows --------------------------------------------------------------------------------------------------------------- */

static void put_begin(const gk_run_table *out, const gk_run *run, int64_t step)
{
    gk_put_run(out, run);
    gk_table_int(out->table, step);
}

static void put_metric(gk_table *table, const gk_run *run, const char *metric, int64_t record)
{
    int m = gk_history_find(run->data->history, metric);
    if (m < 0)
        gk_table_empty(table);
    else
        gk_table_real(table, gk_history_at(run->data->history, m, record)[run->replica], DIGITS);
}

static void put_history(const gk_run_table *out, const gk_run *run, const names *params)
{
    for (int64_t record = 0; record <= gk_run_last_record(run); record++) {
        put_begin(out, run, run->data->history->step[record]);
        put_metric(out->table, run, "l2_norm", record);
        for (int i = 0; o.each && i < params->n; i++) {
            char metric[256];
            snprintf(metric, sizeof metric, "norm/%s", params->name[i]);
            put_metric(out->table, run, metric, record);
        }
        gk_table_end_row(out->table);
    }
}

static double sum_of_squares(const gk_group *group, const void *arena, int64_t replica, const gk_param_info *param)
{
    int64_t first = replica * group->n_real + param->offset;
    double  sum = 0;
    for (int64_t i = first; i < first + param->size; i++) {
        double value = group->real == GK_F64 ? ((const double *)arena)[i] : (double)((const float *)arena)[i];
        sum += value * value;
    }
    return sum;
}

static void put_snapshots(const gk_run_table *out, const gk_run *run, const names *params)
{
    const gk_group *group = run->data;
    for (int64_t s = 0; s < group->n_snapshot; s++) {
        double sum = 0;
        if (group->snapshot_step[s] > group->replica_step[run->replica])
            break;    /* the run had ended */
        put_begin(out, run, group->snapshot_step[s]);
        for (int i = 0; i < group->n_param; i++)
            sum += sum_of_squares(group, group->snapshot[s], run->replica, &group->param[i]);
        gk_table_real(out->table, sqrt(sum), DIGITS);
        for (int i = 0; o.each && i < params->n; i++) {
            const gk_param_info *param = gk_group_param(group, params->name[i]);
            if (param)
                gk_table_real(out->table, sqrt(sum_of_squares(group, group->snapshot[s], run->replica, param)), DIGITS);
            else
                gk_table_empty(out->table);
        }
        gk_table_end_row(out->table);
    }
}

static bool has_history(const gk_group *group)
{
    return group->history && group->history->n_record > 0 && gk_history_find(group->history, "l2_norm") >= 0;
}

static int put_run(const gk_run_table *out, const gk_run *run, const names *params)
{
    const char *path = out->operands.file[run->file]->path;
    bool history = o.from == FROM_HISTORY || (o.from == FROM_AUTO && has_history(run->data));
    if (history && !has_history(run->data))
        return gk_error("'%s' has no history of norms: try --from snapshots", path);
    if (!history && run->data->n_snapshot == 0)
        return gk_error("'%s' has no snapshots: train with --snapshot-every", path);
    if (history)
        put_history(out, run, params);
    else
        put_snapshots(out, run, params);
    return 0;
}

/* --- efficiency ------------------------------------------------------------------------------------------------------------ */

typedef struct place { const gk_run_table *out; const gk_run_model *model; } place;

static void begin_model(void *context)
{
    const place *at = context;
    put_begin(at->out, at->model->run, at->model->step);
}

static void put_efficiency(gk_run_table *out)
{
    gk_run_models models = gk_choose_models(out->runs, o.at, &out->operands.arena);
    o.probe.n_thread = (int)o.n_thread;
    for (int64_t i = 0; i < models.n; i++) {
        place at = { out, &models.at[i] };
        if (gk_put_efficiency(out->table, at.model, &o.probe, begin_model, &at) < 0)
            gk_die();
    }
}

int main(int argc, char **argv)
{
    gk_run_table out;
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_operands_read(&out.operands, given, o.efficiency ? gk_parts_at(o.at) : o.from == FROM_HISTORY ? 0 : GK_READ_SNAPSHOTS);
    names params = all_params(&out.operands);
    gk_run_table_open(&out, given, gk_runs_new(out.operands.n_file, out.operands.file, NULL, -1, -1), o.output, o.json);
    columns(&out, &params);
    if (o.efficiency)
        put_efficiency(&out);
    for (int64_t r = 0; !o.efficiency && r < out.runs->n_run; r++)
        if (put_run(&out, &out.runs->run[r], &params) < 0)
            gk_die();
    gk_run_table_close(&out);
    gk_given_free(given);
    return GK_EXIT_OK;
}
