/* grok-foretell.c -- does what is known early tell what comes later?  Logistic regression over rows of tables, judged on
 * configurations that it has not seen. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/logistic.h"
#include "analysis/seeds.h"
#include "base/die.h"
#include "base/options.h"
#include "base/table.h"
#include "run_table.h"
#include "table/combine.h"
#include "table/define.h"
#include "table/origin.h"
#include "table/tsv.h"

enum { DIGITS = 6 };

static struct {
    const char *outcome, *from, *held_out, *shown, *where, *define, *output;
    double      ridge, threshold;
    bool        summary, json;
} o = { .ridge = 1, .threshold = 0.5, .output = "-" };

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_TEXT_OPTION("outcome", outcome, .arg = "EXPRESSION", .help = "what is to be foretold, true or false of a row"),
    GK_TEXT_OPTION("from", from, .arg = "NAME,...", .help = "columns of numbers that it is foretold from"),
    GK_TEXT_OPTION("held-out", held_out, .arg = "NAME,...",
                   .help = "rows with the same values in these columns are one configuration, which is foretold from the others "
                           "alone"),
    GK_TEXT_OPTION("define", define, .flags = GK_MANY, .arg = "NAME=EXPRESSION",
                   .help = "one more column; may be given several times"),
    GK_TEXT_OPTION("where", where, .arg = "EXPRESSION", .help = "only rows for which this is true"),
    GK_TEXT_OPTION("show", shown, .arg = "NAME,...", .help = "columns that are told, too, without --summary"),
    GK_REAL_OPTION("ridge", ridge, 0, HUGE_VAL, .help = "of the regression, on features of variance 1"),
    GK_REAL_OPTION("threshold", threshold, 0, 1, .help = "foretold is what is at least so likely"),
    GK_SWITCH_OPTION("summary", summary,
                     .help = "a row for each rule: what is foretold, always, never; else a row for each row of the tables"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-foretell", .summary = "foretell outcomes of runs from what is known early, judged on held-out configurations",
    .arguments = "TABLE...",
    .details = "Rows whose outcome is undecided, or that lack a feature, are left out.  Without --summary: the columns of\n"
               "--held-out and --show, outcome (1: true), probability, foretold.  With it, of each rule: n rows, how many are\n"
               "true, how many it calls true (`called`) and how many of these are (`right`); precision = right / called,\n"
               "rest, the share of the others that is true, recall = right / true, each with its 95 % interval (Wilson's;\n"
               "rows of a configuration count as fewer the more alike they are); accuracy; auc, how often a true row is\n"
               "thought likelier than a false one.\n\n"
               "  grok-foretell --outcome 'status = grok' --from sigma_s,c2st --held-out size,thin_to --summary runs.tsv\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = INT32_MAX
};

static gk_arena arena;

/* Rows that say enough. */
typedef struct cases {
    int64_t  n;
    int      d, n_part, n_key, n_shown;              /* of the shown ones the keys are the first */
    int      feature[GK_LOGISTIC_FEATURES], *key;    /* columns */
    int64_t *row;
    double  *x, *p;
    bool    *y;
    int     *part;
} cases;

static int need(const gk_frame *frame, const char *name)
{
    int c = gk_frame_need(frame, name);
    if (c < 0)
        gk_usage("%s", gk_error_message());
    return c;
}

static void name_columns(const gk_frame *frame, cases *k)
{
    char *rest = gk_arena_strdup(&arena, o.from);
    for (char *name; (name = strsep(&rest, ","));) {
        if (k->d == GK_LOGISTIC_FEATURES)
            gk_usage("'--from %s': at most %d columns", o.from, GK_LOGISTIC_FEATURES);
        k->feature[k->d] = need(frame, name);
        if (!frame->column[k->feature[k->d++]].value)
            gk_usage("column '%s' of '--from' holds texts", name);
    }
    rest = gk_arena_strdup(&arena, o.held_out);
    k->key = gk_arena_alloc(&arena, (strlen(o.held_out) + (o.shown ? strlen(o.shown) : 0) + 2) * sizeof *k->key);
    for (char *name; (name = strsep(&rest, ","));)
        k->key[k->n_key++] = need(frame, name);
    k->n_shown = k->n_key;
    rest = o.shown ? gk_arena_strdup(&arena, o.shown) : NULL;
    for (char *name; (name = strsep(&rest, ","));)
        k->key[k->n_shown++] = need(frame, name);
}

static bool same_cell(const gk_frame_column *column, int64_t a, int64_t b)
{
    return column->text ? strcmp(column->text[a], column->text[b]) == 0
                        : column->value[a] == column->value[b] || (isnan(column->value[a]) && isnan(column->value[b]));
}

/* Number of the row's configuration: that of the first row that has the same. */
static int part_of(const gk_frame *frame, cases *k, int64_t i)
{
    for (int64_t j = 0; j < i; j++) {
        int c = 0;
        while (c < k->n_key && same_cell(&frame->column[k->key[c]], k->row[i], k->row[j]))
            c++;
        if (c == k->n_key)
            return k->part[j];
    }
    return k->n_part++;
}

static cases gather(gk_frame *frame, const gk_selection *rows)
{
    gk_rows_of_tables    table = { .n_table = 1, .table = &frame };
    const gk_expression *outcome = gk_expression_read(&table, o.outcome, GK_ROW_CONDITION, &arena);
    size_t n = (size_t)rows->n + 1;
    cases  k = { .row = gk_arena_alloc(&arena, n * sizeof(int64_t)), .y = gk_arena_alloc(&arena, n),
                 .part = gk_arena_alloc(&arena, n * sizeof(int)), .p = gk_arena_alloc(&arena, n * sizeof(double)) };
    if (!outcome)
        gk_usage("'--outcome %s': %s", o.outcome, gk_error_message());
    name_columns(frame, &k);
    k.x = gk_arena_alloc(&arena, n * (size_t)k.d * sizeof *k.x);
    for (int64_t i = 0; i < rows->n; i++) {
        gk_truth truth = gk_row_truth(outcome, rows, i);
        bool     whole = truth == GK_TRUE || truth == GK_FALSE;
        for (int j = 0; j < k.d; j++) {
            k.x[k.n * k.d + j] = frame->column[k.feature[j]].value[rows->row[i]];
            whole &= isfinite(k.x[k.n * k.d + j]) != 0;
        }
        if (!whole)
            continue;
        k.row[k.n] = rows->row[i];
        k.y[k.n] = truth == GK_TRUE;
        k.part[k.n] = part_of(frame, &k, k.n);
        k.n++;
    }
    if (k.n < rows->n)
        gk_warn("%" PRId64 " of %" PRId64 " rows are left out: no outcome, or a feature is missing", rows->n - k.n, rows->n);
    if (k.n_part < 2) {
        gk_error("%d configurations are left: two or more are needed, to foretell one from the others", k.n_part);
        gk_die();
    }
    return k;
}

/* --- tables ------------------------------------------------------------------------------------------------------------- */

static void put_cases(gk_table *table, const gk_frame *frame, const cases *k)
{
    for (int c = 0; c < k->n_shown; c++)
        gk_table_column(table, frame->column[k->key[c]].name);
    gk_table_column(table, "outcome");
    gk_table_column(table, "probability");
    gk_table_column(table, "foretold");
    for (int64_t i = 0; i < k->n; i++) {
        for (int c = 0; c < k->n_shown; c++) {
            const gk_frame_column *column = &frame->column[k->key[c]];
            if (column->text)
                gk_table_text(table, column->text[k->row[i]]);
            else
                gk_put_exact(table, column->value[k->row[i]]);
        }
        gk_table_int(table, k->y[i]);
        gk_table_real(table, k->p[i], DIGITS);
        gk_table_int(table, k->p[i] >= o.threshold);
        gk_table_end_row(table);
    }
}

/* What share of some rows is right.  Rows of one configuration come out alike, and count as fewer for it. */
static void put_share(gk_table *table, const gk_seeds *rows)
{
    gk_estimate found = { NAN, { NAN, NAN }, 0, 0 };
    if (rows->n > 0)
        found = gk_seeds_share(rows, 1);
    gk_table_real(table, found.value, DIGITS);
    gk_table_real(table, found.interval.low, DIGITS);
    gk_table_real(table, found.interval.high, DIGITS);
}

/* Of some rows: is it right (1) to call it true, or does it call it so? */
typedef struct outcomes { int64_t n, n_right; double *right; int64_t *part; } outcomes;

static outcomes none_yet(const cases *k)
{
    size_t n = (size_t)k->n + 1;
    return (outcomes){ 0, 0, gk_arena_alloc(&arena, n * sizeof(double)), gk_arena_alloc(&arena, n * sizeof(int64_t)) };
}

static void add(outcomes *to, bool is_right, int part)
{
    to->right[to->n] = is_right;
    to->part[to->n++] = part;
    to->n_right += is_right;
}

static gk_seeds by_configuration(const outcomes *of, const cases *k)
{
    return (gk_seeds){ of->n, k->n_part, of->right, of->right, of->part };
}

static void put_rule(gk_table *table, const cases *k, const char *name, double threshold)
{
    outcomes called = none_yet(k), rest = none_yet(k), met = none_yet(k);
    for (int64_t i = 0; i < k->n; i++) {
        bool is_called = k->p[i] >= threshold;
        add(is_called ? &called : &rest, k->y[i], k->part[i]);
        if (k->y[i])
            add(&met, is_called, k->part[i]);
    }
    const gk_seeds of_called = by_configuration(&called, k), of_rest = by_configuration(&rest, k);
    const gk_seeds of_met = by_configuration(&met, k);
    gk_table_text(table, name);
    gk_table_int(table, k->n);
    gk_table_int(table, k->n_part);
    gk_table_int(table, met.n);
    gk_table_int(table, called.n);
    gk_table_int(table, called.n_right);
    put_share(table, &of_called);
    put_share(table, &of_rest);
    put_share(table, &of_met);
    gk_table_real(table, (double)(k->n - called.n - met.n + 2 * called.n_right) / (double)k->n, DIGITS);
    gk_table_real(table, threshold == o.threshold ? gk_area_under_curve(k->n, k->p, k->y) : 0.5, DIGITS);
    gk_table_end_row(table);
}

static void put_summary(gk_table *table, const cases *k)
{
    static const char *const columns[] = { "rule", "n", "configurations", "true", "called", "right", "precision", "precision_low",
                                           "precision_high", "rest", "rest_low", "rest_high", "recall", "recall_low",
                                           "recall_high", "accuracy", "auc" };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        gk_table_column(table, columns[i]);
    put_rule(table, k, "foretold", o.threshold);
    put_rule(table, k, "always", -1);
    put_rule(table, k, "never", 2);
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    gk_given    *given = gk_options_parse(&cli, argc, argv);
    int          n = gk_given_n_argument(given);
    gk_frame   **read = gk_arena_alloc(&arena, (size_t)n * sizeof(gk_frame *));
    const char  *unmet;
    gk_selection rows;
    if (!o.outcome || !o.from || !o.held_out)
        gk_usage("--outcome, --from and --held-out are needed");
    for (int i = 0; i < n; i++)
        if (!(read[i] = gk_tsv_read(gk_given_argument(given, i))))
            gk_die();
    gk_frame *frame = gk_frame_append(n, read);
    if (!frame)
        gk_die();
    if (gk_define_and_select(&frame, o.define, o.where, &arena, &rows, &unmet) < 0)
        gk_usage("%s", gk_error_message());
    if (unmet)
        gk_warn("%s", unmet);
    cases k = gather(frame, &rows);
    if (gk_logistic_held_out(k.n, k.d, k.x, k.y, k.n_part, k.part, o.ridge, k.p) < 0)
        gk_die();
    gk_table *table = gk_table_open(o.output, o.json);
    if (!table)
        gk_die();
    gk_table_provenance(table, "%s", gk_given_command_line(given));
    gk_origin_pass_on(table, n, read);
    if (o.summary)
        put_summary(table, &k);
    else
        put_cases(table, frame, &k);
    if (gk_table_close(table) < 0)
        gk_die();
    return GK_EXIT_OK;
}
