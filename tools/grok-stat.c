/* grok-stat.c -- statistics over the rows of a table. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/stat.h"
#include "base/die.h"
#include "base/options.h"
#include "base/table.h"
#include "expression.h"
#include "io/tsv.h"

enum { MAX_BY = 8, N_RESAMPLE = 1000, DIGITS = 6 };

static struct {
    const char *by, *where, *input, *output;
    double      quantile, level;
    bool        json;
} o = { .output = "-", .input = "-", .quantile = 0.5, .level = 0.99 };

#define FIELD(field) offsetof(__typeof__(o), field)
static const gk_option options[] = {
    { "by",       0, GK_TEXT, FIELD(by),    .arg = "NAME,...", .help = "one row per value of these columns" },
    { "where",    0, GK_TEXT, FIELD(where), .arg = "EXPRESSION", .help = "only rows for which this is true, e.g. "
                                                                         "'method=taught and fraction<0.3'" },
    { "quantile", 0, GK_REAL, FIELD(quantile), 0, 1, .help = "of statistic quantile" },
    { "level",    0, GK_REAL, FIELD(level), -1e300, 1e300, .help = "of statistic logistic: Y of at least this is success" },
    { "input",   'i', GK_TEXT, FIELD(input), .arg = "FILE", .help = "the table; - is standard input" },
    { "json",     0, GK_SWITCH, FIELD(json), .help = "one JSON object a line instead of TSV" },
    { "output",  'o', GK_TEXT, FIELD(output), .arg = "FILE", .help = "write here; - is standard output" },
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o, sizeof o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-stat", .summary = "statistics of runs: medians with runs that never got there, slopes, critical sizes",
    .arguments = "STATISTIC [X] Y",
    .details = "Statistics of columns of a table (TSV):\n"
               "  count Y        rows with a value, and how many of them are finite\n"
               "  median Y       with minimum and maximum; 'inf' (never) is larger than every number\n"
               "  quantile Y     --quantile of it\n"
               "  slope X Y      least squares of log10 Y on log10 X; 95 % interval by bootstrap over column seed\n"
               "  spearman X Y   rank correlation of X and the medians of Y at each X\n"
               "  logistic X Y   the X at which half of the runs have Y >= --level (critical size), and its interval\n\n"
               "  grok-detect a.h5 b.h5 | grok-stat median step_test_99 --by optimizer\n"
               "  grok-detect grid.h5 | grok-stat logistic fraction test_acc_end --level 0.99\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .min_arguments = 2, .max_arguments = 3
};

static gk_arena arena;

/* The rows of one level: what is computed with. */
typedef struct sample { int64_t n; double *x, *y; int64_t *seed, n_seed; } sample;

static double slope(int64_t n, const int64_t *rows, const void *context)
{
    const sample *s = context;
    double *x = malloc((size_t)(n + 1) * sizeof *x), *y = malloc((size_t)(n + 1) * sizeof *y), found = NAN;
    for (int64_t i = 0; x && y && i < n; i++) {
        x[i] = log10(s->x[rows[i]]);
        y[i] = log10(s->y[rows[i]]);
    }
    if (x && y)
        found = gk_stat_line(n, x, y).b;
    free(x);
    free(y);
    return found;
}

static double middle(int64_t n, const int64_t *rows, const void *context)
{
    const sample *s = context;
    double *x = malloc((size_t)(n + 1) * sizeof *x), found = NAN;
    bool   *success = malloc((size_t)(n + 1) * sizeof *success);
    for (int64_t i = 0; x && success && i < n; i++) {
        x[i] = s->x[rows[i]];
        success[i] = s->y[rows[i]] >= o.level;
    }
    if (x && success)
        found = gk_stat_logistic(n, x, success).middle;
    free(x);
    free(success);
    return found;
}

static int64_t n_finite(const sample *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n; i++)
        n += isfinite(s->y[i]);
    return n;
}

/* --- the statistics: their columns, and a row of them --------------------------------------------------------------------- */

typedef void put_statistic(gk_table *table, const sample *s);

static void put(gk_table *table, double value)
{
    gk_table_real(table, value, DIGITS);
}

static void put_count(gk_table *table, const sample *s)
{
    gk_table_int(table, n_finite(s));
}

static void put_median(gk_table *table, const sample *s)
{
    gk_table_int(table, n_finite(s));
    put(table, gk_stat_quantile(s->n, s->y, 0.5));
    put(table, gk_stat_quantile(s->n, s->y, 0));
    put(table, gk_stat_quantile(s->n, s->y, 1));
}

static void put_quantile(gk_table *table, const sample *s)
{
    put(table, gk_stat_quantile(s->n, s->y, o.quantile));
}

static void put_with_interval(gk_table *table, const sample *s, gk_statistic *statistic)
{
    int64_t *rows = gk_arena_alloc(&arena, (size_t)(s->n + 1) * sizeof *rows);
    double low, high;
    for (int64_t i = 0; i < s->n; i++)
        rows[i] = i;
    if (gk_stat_bootstrap(s->n, s->seed, s->n_seed, N_RESAMPLE, statistic, s, &low, &high) < 0)
        gk_die();
    put(table, statistic(s->n, rows, s));
    put(table, low);
    put(table, high);
    gk_table_int(table, s->n_seed);
}

static void put_slope(gk_table *table, const sample *s)    { put_with_interval(table, s, slope); }
static void put_logistic(gk_table *table, const sample *s) { put_with_interval(table, s, middle); }
static void put_spearman(gk_table *table, const sample *s) { put(table, gk_stat_spearman_medians(s->n, s->x, s->y)); }

static const struct statistic {
    const char    *name;
    int            n_column;       /* of the table that it looks at */
    put_statistic *put;
    const char    *column[5];
} statistics[] = {
    { "count",    1, put_count,    { "finite" } },
    { "median",   1, put_median,   { "finite", "median", "min", "max" } },
    { "quantile", 1, put_quantile, { "quantile" } },
    { "slope",    2, put_slope,    { "slope", "low", "high", "seeds" } },
    { "spearman", 2, put_spearman, { "rho" } },
    { "logistic", 2, put_logistic, { "middle", "low", "high", "seeds" } },
};

static const struct statistic *choose(const gk_given *given)
{
    const char *name = gk_given_argument(given, 0);
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++)
        if (strcmp(statistics[i].name, name) == 0) {
            if (gk_given_n_argument(given) != 1 + statistics[i].n_column)
                gk_usage("statistic '%s' takes %s", name, statistics[i].n_column == 1 ? "one column" : "two columns: X and Y");
            return &statistics[i];
        }
    gk_usage("no statistic '%s': expected count, median, quantile, slope, spearman or logistic", name);
}

/* --- levels ------------------------------------------------------------------------------------------------------------- */

static int need(const gk_frame *frame, const char *name, bool numbers)
{
    int c = gk_frame_need(frame, name);
    if (c < 0)
        gk_die();
    if (numbers && !frame->column[c].value) {
        gk_error("column '%s' of '%s' holds texts, expected numbers", name, frame->path);
        gk_die();
    }
    return c;
}

static void add_row(sample *s, const gk_frame *frame, int64_t row, int x, int y, double *seeds)
{
    int64_t seed = 0;
    int     c = gk_frame_find(frame, "seed");
    double  number = c >= 0 && frame->column[c].value ? frame->column[c].value[row] : (double)row;
    if (isnan(frame->column[y].value[row]) || (x >= 0 && isnan(frame->column[x].value[row])))
        return;
    while (seed < s->n_seed && seeds[seed] != number)
        seed++;
    if (seed == s->n_seed)
        seeds[s->n_seed++] = number;
    s->x[s->n] = x >= 0 ? frame->column[x].value[row] : NAN;
    s->y[s->n] = frame->column[y].value[row];
    s->seed[s->n++] = seed;
}

static void put_level(gk_table *table, const gk_frame *frame, int n_by, const int *by, int64_t row)
{
    for (int i = 0; i < n_by; i++) {
        if (frame->column[by[i]].text)
            gk_table_text(table, frame->column[by[i]].text[row]);
        else
            put(table, frame->column[by[i]].value[row]);
    }
}

static int by_columns(const gk_frame *frame, int *by)
{
    char *rest = o.by ? gk_arena_strdup(&arena, o.by) : NULL;
    int   n = 0;
    for (char *name; (name = strsep(&rest, ","));) {
        if (n == MAX_BY)
            gk_usage("more than %d columns for '--by'", MAX_BY);
        by[n++] = need(frame, name, false);
    }
    return n;
}

static void write_table(gk_table *table, const gk_frame *frame, const gk_selection *rows, const struct statistic *what, int x,
                        int y)
{
    int by[MAX_BY], n_by = by_columns(frame, by);
    gk_frame_levels levels;
    size_t  most = (size_t)rows->n + 1;
    sample  s = { .x = gk_arena_alloc(&arena, most * sizeof *s.x), .y = gk_arena_alloc(&arena, most * sizeof *s.y),
                  .seed = gk_arena_alloc(&arena, most * sizeof *s.seed) };
    double *seeds = gk_arena_alloc(&arena, most * sizeof *seeds);
    if (gk_frame_code(frame, n_by, by, &levels) < 0)
        gk_die();
    for (int i = 0; i < n_by; i++)
        gk_table_column(table, frame->column[by[i]].name);
    gk_table_column(table, "n");
    for (int i = 0; what->column[i]; i++)
        gk_table_column(table, what->column[i]);
    for (int64_t level = 0; level < levels.n_level; level++) {
        s.n = s.n_seed = 0;
        for (int64_t i = 0; i < rows->n; i++)
            if (levels.code[rows->row[i]] == level)
                add_row(&s, frame, rows->row[i], x, y, seeds);
        if (s.n == 0)
            continue;
        put_level(table, frame, n_by, by, levels.first_row[level]);
        gk_table_int(table, s.n);
        what->put(table, &s);
        gk_table_end_row(table);
    }
    gk_frame_levels_release(&levels);
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    const struct statistic *what = choose(given);
    gk_frame *frame = gk_tsv_read(o.input);
    if (!frame)
        gk_die();
    gk_rows_of_tables tables = { 1, &frame, 0, NULL };
    gk_selection all, rows;
    gk_select_all(&tables, &arena, &all);
    if (gk_select_where(&tables, &all, o.where ? o.where : "1 = 1", &arena, &rows) < 0)
        gk_usage("%s", gk_error_message());
    int x = what->n_column == 2 ? need(frame, gk_given_argument(given, 1), true) : -1;
    int y = need(frame, gk_given_argument(given, what->n_column), true);
    gk_table *table = gk_table_open(o.output, o.json);
    if (!table)
        gk_die();
    gk_table_comment(table, "%s", gk_given_command_line(given));
    write_table(table, frame, &rows, what, x, y);
    if (gk_table_close(table) < 0)
        gk_die();
    gk_frame_free(frame);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
