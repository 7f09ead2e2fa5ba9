/* grok-detect.c -- when did each run memorise, generalise, grok? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/crossing.h"
#include "analysis/detect.h"
#include "base/die.h"
#include "run_table.h"
#include "train/metrics.h"

enum { HOLD_RECORDS = 3, DIGITS = 9, MAX_LIST = 16, MAX_METRIC = 512 };
static const double END_SHARE = 0.05, NOISE = -0.001;    /* of the steps; change of the norm that still counts as rising */

static struct {
    const char    *train, *test, *levels, *at, *plateau, *output;
    bool           loss, likelihood, parts, json;
    gk_detect_args detect;
} o = { .levels = "0.95," GK_LEARNT_TEXT, .output = "-" };

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option what_options[] = {
    GK_TEXT_OPTION("train", train, .arg = "METRIC", .help = "train curve (default train_acc)"),
    GK_TEXT_OPTION("test", test, .arg = "METRIC", .help = "test curve, e.g. p2/test_acc (default test_acc)"),
    GK_SWITCH_OPTION("loss", loss, .help = "judge -log10 of train_loss and test_loss; thresholds in decades"),
    GK_SWITCH_OPTION("likelihood", likelihood,
                     .help = "read exp(-loss), the likelihood of the right answers (their geometric mean), where accuracies are "
                             "asked for: it has no steps; of cross-entropy"),
    GK_SWITCH_OPTION("parts", parts,
                     .help = "a row also for every part of the items that has a test curve of its own (p1, kept, 1.0, ...), "
                             "judged with its own train curve if it has one; column part says which, or all"),
    GK_TEXT_OPTION("level", levels, .arg = "Q,...", .help = "test accuracies whose first step is told"),
    GK_TEXT_OPTION("at", at, .arg = "STEP,...", .help = "tell the test curve at these steps, too"),
    GK_TEXT_OPTION("plateau", plateau, .arg = "LOW:HIGH",
                   .help = "tell how long the test curve stayed between these before it reached the last level"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
#define LIMIT(name, field, text) GK_REAL_OPTION(name, detect.field, -1e9, 1e9, .help = text)
#define SHARE(name, field, text) GK_REAL_OPTION(name, detect.field, 0, 1, .help = text)
static const gk_option threshold_options[] = {
    GK_SWITCH_OPTION("filter", detect.filter, .help = "median of three records first"),
    LIMIT("memorised", memorised, "least limit of the train curve"),
    LIMIT("eps-train", eps_train, "the train curve has converged (t_r) when it stays this close to its limit"),
    SHARE("converged", converged, "share of the records for which it must stay so"),
    SHARE("low-quantile", low_quantile, "sigma_s is this quantile of the test curve up to t_r; 1: its maximum"),
    LIMIT("eps-test", eps_test, "sigma_e is this much below the limit of the curves"),
    LIMIT("escape", escape, "alpha0 is the last record below sigma_s + this share of delta_s"),
    LIMIT("slack", slack, "the support ends with three records below sigma_e less this"),
    LIMIT("kappa", kappa, "least support, in units of alpha1 - alpha0"),
    LIMIT("min-grok", min_grok, "least delta_s of grok"),
    LIMIT("min-partial", min_partial, "least delta_s of partial"),
    LIMIT("min-ratio", min_ratio, "least alpha1 / t_r of both"),
    LIMIT("max-left", max_left, "most delta_t of grok and prompt"),
    GK_OPTION_END
};
static const gk_option_group groups[] = {
    { "What", what_options, &o }, { "Thresholds", threshold_options, &o }, { 0 }
};
static const gk_cli cli = {
    .name = "grok-detect", .summary = "tell when each run memorised, generalised and grokked, one row a run",
    .arguments = "[KEY=VALUE...] CHECKPOINT...",
    .details = "Columns: *_end medians over the last 5 % of the steps; step_* first step that is held for 3 more records\n"
               "(inf: never); gap_95 = step_test_95 / step_train_99; l2_* the norm of all parameters, l2_rising the share\n"
               "of records at which it did not fall by more than 0.1 %.  status by Definition 3.1 of 'Grokking explained:\n"
               "a statistical phenomenon':\n"
               "  grok         test is low (<= sigma_s) till train has converged at t_r, escapes at alpha0, is high\n"
               "               (>= sigma_e) from alpha1 on\n"
               "  unsupported  as grok, but it does not stay for long\n"
               "  partial      late and for long, but delta_t is left to the train curve (semi-grokking)\n"
               "  prompt       test generalises with train\n"
               "  none, no-memorisation: it does not, or train does not learn\n"
               "  diverged     a loss was not finite: no verdict; *_end, and steps that were not reached by then, are nan\n"
               "flags: censored, the support runs to the end; lost, it does not.  KEY=VALUE adds a column for the files\n"
               "after it.\n\n"
               "  grok-detect run.h5\n"
               "  grok-detect method=alone a.h5 method=taught s.h5 | grok-stat median step_test_99 --by method\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .min_arguments = 1, .max_arguments = INT32_MAX
};

typedef struct list { int n; double value[MAX_LIST]; const char *text[MAX_LIST]; } list;
static list levels, at_steps, plateau;

/* "0.95,0.99"; ends the program if it is something else. */
static void parse_list(list *to, const char *option, const char *text, const char *separator)
{
    char *rest = text ? strdup(text) : NULL;    /* as long as the program runs */
    for (char *word; rest && (word = strsep(&rest, separator));) {
        if (to->n == MAX_LIST)
            gk_usage("more than %d values for '--%s'", MAX_LIST, option);
        to->text[to->n] = word;
        if (gk_parse_real(word, &to->value[to->n]) < 0)
            gk_usage("invalid value '%s' for '--%s': %s", text, option, gk_error_message());
        for (int i = 0; i < to->n; i++)
            if (to->value[i] == to->value[to->n])
                gk_usage("invalid value '%s' for '--%s': %s twice", text, option, word);
        to->n++;
    }
}

/* 95 for 0.95, 99_5 for 0.995. */
static const char *percent(double level, char text[32])
{
    snprintf(text, 32, "%g", 100 * level);
    for (char *dot = text; (dot = strchr(dot, '.'));)
        *dot = '_';
    return text;
}

/* --- one run --------------------------------------------------------------------------------------------------------- */

/* Of a run that diverged, up to the last record with a loss. */
typedef struct run_curves { int64_t n; double *t, *train, *test, *norm; bool stopped, diverged; } run_curves;

static bool is_loss(const char *metric)
{
    const gk_metric_info *info = gk_metric_find(metric);
    return !info || info->kind == GK_METRIC_LOSS;    /* of another program's nothing is known but that --loss is asked for */
}

/* "p2/test_loss" for "p2/test_acc", with --likelihood; else the metric itself. */
static const char *source_of(const char *metric, char name[MAX_METRIC])
{
    size_t length = strlen(metric);
    if (!o.likelihood || length < 4 || length + 2 > MAX_METRIC || strcmp(metric + length - 4, "_acc") != 0)
        return metric;
    snprintf(name, MAX_METRIC, "%.*s_loss", (int)length - 4, metric);
    return name;
}

static int load_curve(const gk_run *run, const char *metric, int64_t n, double *out)
{
    char        name[MAX_METRIC];
    const char *source = source_of(metric, name);
    gk_history *history = run->data->history;
    int m = history ? gk_history_find(history, source) : -1;
    if (m < 0)
        return gk_usage_error("no metric '%s': see grok-ls", source);
    for (int64_t i = 0; i < n; i++) {
        double value = gk_history_at(history, m, i)[run->replica];
        out[i] = source != metric ? exp(-value) : o.loss && is_loss(metric) ? -log10(fmax(value, 1e-300)) : value;
    }
    return 0;
}

/* Likelihoods are what cross-entropy is of. */
static void check_losses(const gk_operands *operands)
{
    for (int f = 0; f < operands->n_file; f++) {
        gk_checkpoint *file = operands->file[f];
        const gk_config_entry *loss = gk_checkpoint_config(file, "loss");
        const char *text = loss ? gk_config_text(file, loss) : "ce";
        if (strcmp(text, "ce") != 0)
            gk_usage("'--likelihood' is for cross-entropy: the loss of '%s' is %s", file->path, text);
    }
}

/* Records before the first whose train loss is not finite. */
static int64_t n_with_loss(const gk_run *run)
{
    gk_history *history = run->data->history;
    int     m = history ? gk_metric_in(history, GK_TRAIN_LOSS) : -1;
    int64_t n = gk_run_last_record(run) + 1, i = 0;
    while (m >= 0 && i < n && isfinite(gk_history_at(history, m, i)[run->replica]))
        i++;
    return m >= 0 ? i : n;
}

static int load(const gk_run *run, const char *train, const char *test, run_curves *c)
{
    bool    diverged = strcmp(gk_run_status(run), gk_replica_status_names[GK_DIVERGED]) == 0;
    int64_t n = diverged ? n_with_loss(run) : gk_run_last_record(run) + 1;
    double *room = gk_alloc_large((size_t)(4 * n + 1) * sizeof *room, "history of one run");
    if (!room)
        return -1;
    bool stopped = strcmp(gk_run_status(run), gk_replica_status_names[GK_STOPPED]) == 0;
    *c = (run_curves){ n, room, room + n, room + 2 * n, room + 3 * n, stopped, diverged };
    for (int64_t i = 0; i < n; i++)
        c->t[i] = (double)run->data->history->step[i];
    if (load_curve(run, train, n, c->train) < 0 || load_curve(run, test, n, c->test) < 0 ||
        load_curve(run, "l2_norm", n, c->norm) < 0)
        return -1;
    return 0;
}

/* First step at which a curve holds the level; INFINITY: never; NaN: it diverged before. */
static double reached(const run_curves *c, const double *curve, double level)
{
    int64_t found = gk_first_held(curve, c->n, level, HOLD_RECORDS, c->stopped);
    return found < 0 ? (c->diverged ? NAN : INFINITY) : c->t[found];
}

/* Where a curve ends; NaN: it has no end, it diverged. */
static double end_of(const run_curves *c, const double *curve)
{
    return c->diverged ? NAN : gk_end_median(c->n, c->t, curve, END_SHARE);
}

static int64_t record_at(const run_curves *c, double step)
{
    int64_t i = 0;
    while (i < c->n && !(c->t[i] >= step))    /* n for NaN */
        i++;
    return i;
}

static double extreme(const double *value, int64_t n, int sign)
{
    double best = NAN;
    for (int64_t i = 0; i < n; i++)
        best = isnan(best) || sign * value[i] > sign * best ? value[i] : best;
    return best;
}

/* Share of the records at which the norm did not fall by more than NOISE. */
static double rising(const run_curves *c)
{
    int64_t n = 0;
    for (int64_t i = 1; i < c->n; i++)
        n += c->norm[i] - c->norm[i - 1] >= NOISE * c->norm[i - 1];
    return c->n > 1 ? (double)n / (double)(c->n - 1) : NAN;
}

/* Change of the norm per step around a record: over two records to each side. */
static double slope(const run_curves *c, int64_t i)
{
    int64_t a = i > 2 ? i - 2 : 0, b = i + 2 < c->n ? i + 2 : c->n - 1;
    return i < c->n && b > a ? (c->norm[b] - c->norm[a]) / (c->t[b] - c->t[a]) : NAN;
}

/* --- the table ------------------------------------------------------------------------------------------------------- */

static void put(gk_table *table, double value)
{
    gk_table_real(table, value, DIGITS);
}

static void curve_columns(gk_table *table)
{
    static const char *const names[] = { "step_end", "train_acc_end", "test_acc_end", "train_acc_max", "test_acc_max",
                                         "test_acc_min", "step_train_99" };
    char name[64], text[32];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        gk_table_column(table, names[i]);
    for (int i = 0; i < levels.n; i++) {
        snprintf(name, sizeof name, "step_test_%s", percent(levels.value[i], text));
        gk_table_column(table, name);
    }
    gk_table_column(table, "gap_95");
}

static void put_curves(gk_table *table, const run_curves *c)
{
    double memorised = reached(c, c->train, GK_LEARNT);
    put(table, c->n > 0 ? c->t[c->n - 1] : NAN);
    put(table, end_of(c, c->train));
    put(table, end_of(c, c->test));
    put(table, extreme(c->train, c->n, 1));
    put(table, extreme(c->test, c->n, 1));
    put(table, extreme(c->test, c->n, -1));
    put(table, memorised);
    for (int i = 0; i < levels.n; i++)
        put(table, reached(c, c->test, levels.value[i]));
    put(table, !isfinite(memorised) ? NAN : reached(c, c->test, 0.95) / fmax(memorised, 1));
}

static void norm_columns(gk_table *table)
{
    static const char *const names[] = { "l2_start", "l2_end", "l2_max", "l2_at_test_95", "l2_slope_at_test_95", "l2_rising" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        gk_table_column(table, names[i]);
}

static void put_norms(gk_table *table, const run_curves *c)
{
    int64_t at = record_at(c, reached(c, c->test, 0.95));
    put(table, c->n > 0 ? c->norm[0] : NAN);
    put(table, end_of(c, c->norm));
    put(table, extreme(c->norm, c->n, 1));
    put(table, at < c->n ? c->norm[at] : NAN);
    put(table, slope(c, at));
    put(table, rising(c));
}

static void detection_columns(gk_table *table)
{
    static const char *const names[] = { "status", "t_r", "alpha0", "alpha1", "sigma_s", "sigma_e", "delta_s", "delta_t",
                                         "support", "flags" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        gk_table_column(table, names[i]);
}

static void put_detection(gk_table *table, const run_curves *c, const gk_detection *d)
{
    const double number[] = { d->t_r, d->alpha0, d->alpha1, d->sigma_s, d->sigma_e, d->delta_s, d->delta_t, d->support };
    gk_table_text(table, c->diverged ? gk_replica_status_names[GK_DIVERGED] : gk_detect_status_names[d->status]);
    for (size_t i = 0; i < sizeof number / sizeof *number; i++)
        put(table, number[i]);
    gk_table_text(table, d->censored ? "censored" : d->lost ? "lost" : "-");
}

static void extra_columns(gk_table *table)
{
    char name[64];
    for (int i = 0; i < at_steps.n; i++) {
        snprintf(name, sizeof name, "test_acc_at_%.15g", at_steps.value[i]);
        gk_table_column(table, name);
    }
    if (plateau.n > 0)
        gk_table_column(table, "plateau_steps");
}

static void put_extras(gk_table *table, const run_curves *c)
{
    for (int i = 0; i < at_steps.n; i++) {
        int64_t at = record_at(c, at_steps.value[i]);
        put(table, at < c->n ? c->test[at] : NAN);
    }
    if (plateau.n > 0) {
        int64_t end = record_at(c, reached(c, c->test, levels.value[levels.n - 1]));
        put(table, gk_longest_within(end, c->t, c->test, plateau.value[0], plateau.value[1]));
    }
}

/* One row: of the run's items, or of a part of them that has these curves. */
static int write_row(const gk_run_table *out, const gk_run *run, const char *part, const char *train, const char *test)
{
    run_curves   c;
    gk_detection d;
    if (load(run, train, test, &c) < 0)
        return gk_error_context("'%s'", out->operands.file[run->file]->path);
    if (gk_detect(&o.detect, c.diverged ? 0 : c.n, c.t, c.train, c.test, &d) < 0)    /* of what diverged, nothing */
        return -1;
    gk_put_run(out, run);
    if (o.parts)
        gk_table_text(out->table, part);
    put_curves(out->table, &c);
    put_norms(out->table, &c);
    put_detection(out->table, &c, &d);
    put_extras(out->table, &c);
    gk_table_end_row(out->table);
    free(c.t);
    return 0;
}

/* Has a metric of this run any value?  A part without items has none. */
static bool has_values(const gk_run *run, const char *metric)
{
    gk_history *history = run->data->history;
    int m = gk_history_find(history, metric);
    for (int64_t i = 0; m >= 0 && i < history->n_record; i++)
        if (!isnan(gk_history_at(history, m, i)[run->replica]))
            return true;
    return false;
}

/* The run's row, and with --parts those of the parts that its history tells of. */
static int write_run(const gk_run_table *out, const gk_run *run)
{
    const gk_history *history = run->data->history;
    gk_arena arena = { 0 };
    int      status = write_row(out, run, "all", o.train, o.test);
    for (int m = 0; o.parts && history && status == 0 && m < history->n_metric; m++) {
        const char *name = history->name[m], *slash = strrchr(name, '/');
        if (!slash || strcmp(slash + 1, o.test) != 0 || !has_values(run, name))
            continue;
        const char *part = gk_arena_printf(&arena, "%.*s", (int)(slash - name), name);
        const char *own = gk_arena_printf(&arena, "%s/%s", part, o.train);
        status = write_row(out, run, part, has_values(run, own) ? own : o.train, name);
    }
    gk_arena_release(&arena);
    return status;
}

static bool is_accuracy(const char *metric)
{
    const gk_metric_info *info = gk_metric_find(metric);
    return info && info->kind == GK_METRIC_ACCURACY;
}

/* Thresholds that were not given are those of losses with --loss. */
static void choose_thresholds(gk_given *given)
{
    gk_detect_args asked = o.detect;
    if (o.loss && o.likelihood)
        gk_usage("'--loss' and '--likelihood' are two readings of losses: give one of them");
    if (o.loss)
        o.detect = gk_detect_loss_defaults();
    for (const gk_option *option = threshold_options; option->name; option++)
        if (o.loss && gk_option_given(given, option->name))
            memcpy((char *)&o + option->offset, (char *)&asked + (option->offset - offsetof(__typeof__(o), detect)),
                   option->type == GK_SWITCH ? sizeof(bool) : sizeof(double));
    if (!o.train)
        o.train = gk_metric_table[o.loss ? GK_TRAIN_LOSS : GK_TRAIN_ACC].name;
    if (!o.test)
        o.test = gk_metric_table[o.loss ? GK_TEST_LOSS : GK_TEST_ACC].name;
    parse_list(&levels, "level", o.levels, ",");
    for (int i = 0; is_accuracy(o.test) && i < levels.n; i++)
        if (levels.value[i] <= 0 || levels.value[i] > 1)
            gk_usage("invalid value '%g' for '--level': accuracies lie above 0 and up to 1", levels.value[i]);
    parse_list(&at_steps, "at", o.at, ",");
    parse_list(&plateau, "plateau", o.plateau, ":");
    if (plateau.n != 0 && (plateau.n != 2 || plateau.value[0] >= plateau.value[1]))
        gk_usage("invalid value '%s' for '--plateau': expected LOW:HIGH", o.plateau);
}

int main(int argc, char **argv)
{
    gk_run_table out;
    gk_program(argv[0]);
    o.detect = gk_detect_defaults();
    gk_given *given = gk_options_parse(&cli, argc, argv);
    choose_thresholds(given);
    gk_operands_read(&out.operands, given, 0);
    if (o.likelihood)
        check_losses(&out.operands);
    gk_run_table_open(&out, given, gk_runs_new(out.operands.n_file, out.operands.file, NULL, -1, -1), o.output, o.json);
    gk_run_columns(&out);
    if (o.parts)
        gk_table_column(out.table, "part");
    curve_columns(out.table);
    norm_columns(out.table);
    detection_columns(out.table);
    extra_columns(out.table);
    gk_check_tags(out.table, &out.operands);
    for (int64_t r = 0; r < out.runs->n_run; r++)
        if (write_run(&out, &out.runs->run[r]) < 0)
            gk_die();
    gk_run_table_close(&out);
    gk_given_free(given);
    return GK_EXIT_OK;
}
