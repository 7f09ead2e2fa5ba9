/* grok-stat.c -- statistics over the rows of a table. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/stat.h"
#include "analysis/surface.h"
#include "base/die.h"
#include "base/options.h"
#include "io/history.h"
#include "table/define.h"
#include "table/expression.h"
#include "table/number.h"
#include "table/tsv.h"
#include "stat_rows.h"

enum { MAX_BY = 8, MAX_AT = 1000 };

static struct {
    const char *by, *where, *define, *at, *between, *input, *output;
    double      quantile, level, prominence;
    gk_along    along;
    bool        log_x, log_y, log_z, from_min, json;
} o = { .output = "-", .input = "-", .quantile = 0.5, .level = GK_LEARNT };

GK_CHOICE_NAMES(gk_along, GK_ALONGS);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_TEXT_OPTION("by", by, .arg = "NAME,...", .help = "one row per value of these columns"),
    GK_TEXT_OPTION("where", where, .arg = "EXPRESSION",
                   .help = "only rows for which this is true, e.g. 'method=taught and fraction<0.3'"),
    GK_TEXT_OPTION("define", define, .flags = GK_MANY, .arg = "NAME=EXPRESSION",
                   .help = "one more column, e.g. 'gap=test_error-train_error'; may be given several times"),
    GK_REAL_OPTION("quantile", quantile, 0, 1, .help = "of statistic quantile"),
    GK_REAL_OPTION("level", level, -1e300, 1e300, .flags = GK_VARY,
                   .help = "of logistic and share: what is at least this is success; of contour and width: the levels"),
    GK_TEXT_OPTION("between", between, .arg = "A,B", .help = "of change: the two values of X"),
    GK_SWITCH_OPTION("from-min", from_min, .help = "levels of contour and width count from the lowest value"),
    GK_TEXT_OPTION("at", at, .arg = "Y,...", .help = "of contour: cross it at these Y (default: those of the grid)"),
    GK_CHOICE_OPTION("along", along, gk_along, .help = "of contour: cross it along X at each Y, along Y at each X, or both"),
    GK_REAL_OPTION("prominence", prominence, 0, 1e300, .help = "of peaks: so high above what is beside them"),
    GK_SWITCH_OPTION("log-x", log_x, .help = "of maps: X counts by its logarithm"),
    GK_SWITCH_OPTION("log-y", log_y, .help = "of maps: Y counts by its logarithm"),
    GK_SWITCH_OPTION("log-z", log_z, .help = "of maps: Z is interpolated in its logarithm"),
    GK_TEXT_OPTION("input", input, .key = 'i', .arg = "FILE", .help = "the table; - is standard input"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-stat",
    .summary = "statistics of runs: medians with runs that never got there, slopes, critical sizes, contours",
    .arguments = "STATISTIC [X [Y]] Z",
    .details = "Statistics of columns of a table (TSV):\n"
               "  count Z        rows with a value, how many of them are finite, and how many rows have none\n"
               "  median Z       with minimum, maximum, interval; 'inf' (never) is larger than every number, 'nan'\n"
               "                 (diverged) is left out\n"
               "  share Z        how many of the runs have Z >= --level\n"
               "  quantile Z     --quantile of it\n"
               "  range Z        maximum - minimum, and both\n"
               "  slope X Z      least squares of log10 Z on log10 X, without those X at which some Z is not finite (left_out)\n"
               "  spearman X Z   rank correlation of X and the medians of Z at each X\n"
               "  logistic X Z   the X at which half of the runs have Z >= --level (critical size)\n"
               "  change X Z     how much larger Z is for X = B than for X = A (--between A,B), and the p of its being 0:\n"
               "                 paired where both share their seeds, else by rank sums; undecided: pairs that are 'inf' twice\n"
               "  order X Z      rank correlation of the seeds' Z between neighbouring X, its mean\n"
               "  rise X Z       how far Z rises, along X, above a lower value before\n"
               "  peaks X Z      how often Z, along X, rises and falls again, each by --prominence\n"
               "  theta X Z      least squares of ln X on Z: the angle of the line with the axis ln X, in degrees\n"
               "low and high end a 95 % interval: over what each seed (column seed, else every row) says by itself for slope,\n"
               "theta and logistic (Student's t), by order statistics for median and change, Wilson's for share; nan, with a\n"
               "note, if there are too few seeds.\n"
               "Of curves Z(X) and maps Z(X, Y); rows of the same X and Y count by their median, cells without rows are holes:\n"
               "  argmin, argmax X [Y] Z   the cell; inside: it is not at the edge; left, right: Z at the ends of a curve\n"
               "  width X Z                where Z <= --level: pieces, ends, width (in powers of ten with --log-x), and which\n"
               "                           ends are the grid's\n"
               "  contour X [Y] Z          where Z goes over --level, between grid points, and the gradient there\n"
               "  gradient X Y Z           of every cell\n\n"
               "  grok-detect a.h5 b.h5 | grok-stat median step_test_99 --by optimizer\n"
               "  grok-detect grid.h5 | grok-stat logistic fraction test_acc_end --level 0.99\n"
               "  grok-stat -i land.tsv argmin alpha test_error --by size\n"
               "  grok-stat -i land.tsv contour alpha messiness train_loss --level 0.02 | grok-stat theta alpha messiness\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 2, .max_arguments = 4
};

static gk_arena arena;

static int64_t n_finite(const gk_stat_sample *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n; i++)
        n += isfinite(s->x[i]);
    return n;
}

/* --- the statistics: their columns, and rows of them --------------------------------------------------------------------- */

static void put_count(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_table_int(out->table, n_finite(s));
    gk_table_int(out->table, s->n_left_out);
}

static void put_quantile(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_stat_put(out, gk_stat_quantile(s->n, s->x, o.quantile));
}

static void put_range(gk_stat_output *out, const gk_stat_sample *s)
{
    double low = gk_stat_quantile(s->n, s->x, 0), high = gk_stat_quantile(s->n, s->x, 1);
    gk_stat_put(out, high - low);
    gk_stat_put(out, low);
    gk_stat_put(out, high);
}

static void put_spearman(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_stat_put(out, gk_stat_spearman_medians(s->n, s->x, s->y));
}

enum { NEEDS_LEVEL = 1, LEVELS = 2, BETWEEN = 4 };

/* put: the cells of the one row of a level.  write: all its rows.  In names of columns, X, Y and Z stand for those of the command
 * line, where Z is the last one; Y, and what has it in its name, is left out where a statistic is given no Y. */
static const struct statistic {
    const char    *name;
    int            least, most;       /* columns of the table that it looks at */
    unsigned       flags;
    gk_stat_write *put, *write;
    const char    *column[9];
} statistics[] = {
    { "count",    1, 1, 0, put_count,    NULL, { "finite", "left_out" } },
    { "median",   1, 1, 0, gk_stat_median, NULL, { "finite", "left_out", "median", "min", "max", "low", "high", "note" } },
    { "share",    1, 1, 0, gk_stat_share, NULL, { "k", "share", "low", "high", "note" } },
    { "quantile", 1, 1, 0, put_quantile, NULL, { "quantile" } },
    { "range",    1, 1, 0, put_range,    NULL, { "range", "min", "max" } },
    { "slope",    2, 2, 0, gk_stat_slope, NULL, { "slope", "seeds", "left_out", "low", "high", "note" } },
    { "spearman", 2, 2, 0, put_spearman, NULL, { "rho" } },
    { "logistic", 2, 2, 0, gk_stat_logistic_middle, NULL, { "middle", "seeds", "low", "high", "note" } },
    { "theta",    2, 2, 0, gk_stat_theta, NULL, { "theta", "cot", "seeds", "low", "high", "note" } },
    { "change",   2, 2, BETWEEN, gk_stat_change, NULL, { "change", "pairs", "undecided", "p", "low", "high", "note" } },
    { "order",    2, 2, 0, NULL, gk_stat_order, { "rho", "pairs" } },
    { "rise",     2, 2, 0, NULL, gk_stat_rise,  { "rise", "from", "to" } },
    { "peaks",    2, 2, 0, NULL, gk_stat_peaks, { "peaks", "places" } },
    { "argmin",   2, 3, 0, NULL, gk_stat_lowest,  { "X", "Y", "Z", "inside", "left", "right" } },
    { "argmax",   2, 3, 0, NULL, gk_stat_highest, { "X", "Y", "Z", "inside", "left", "right" } },
    { "width",    2, 2, NEEDS_LEVEL | LEVELS, NULL, gk_stat_width, { "level", "pieces", "low", "high", "width", "open" } },
    { "contour",  2, 3, NEEDS_LEVEL | LEVELS, NULL, gk_stat_contour,
      { "level", "Y", "X", "dz_dx", "dz_dy", "along", "rises" } },
    { "gradient", 3, 3, 0, NULL, gk_stat_gradient, { "X", "Y", "Z", "dz_dx", "dz_dy" } },
};

static const struct statistic *find_statistic(const char *name)
{
    char known[400] = "";
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
        size_t used = strlen(known);
        if (strcmp(statistics[i].name, name) == 0)
            return &statistics[i];
        snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", statistics[i].name);
    }
    gk_usage("no statistic '%s': there are %s", name, known);
}

static const struct statistic *choose(const gk_given *given)
{
    static const char *const takes[] = { "one column", "two columns: X and Z", "two or three columns: X, Z or X, Y, Z",
                                         "three columns: X, Y and Z" };
    const struct statistic *what = find_statistic(gk_given_argument(given, 0));
    int n = gk_given_n_argument(given) - 1;
    if (n < what->least || n > what->most)
        gk_usage("statistic '%s' takes %s", what->name, takes[what->least == 3 ? 3 : what->most - 1]);
    if (what->flags & NEEDS_LEVEL && !gk_option_given(given, "level"))
        gk_usage("statistic '%s' needs '--level'", what->name);
    if (!(what->flags & LEVELS) && gk_grid_n_run(given) > 1)
        gk_usage("'--level' of statistic '%s' is one number", what->name);
    if (o.at && (what->write != gk_stat_contour || n < 3 || o.along == GK_ALONG_BOTH))
        gk_usage("'--at' is for contours of a map, along x or along y");
    if (!o.between != !(what->flags & BETWEEN))
        gk_usage("%s", o.between ? "'--between' is for statistic 'change'" : "statistic 'change' needs '--between A,B'");
    return what;
}

/* --- levels -------------------------------------------------------------------------------------------------------------- */

/* For every row: 0 where the column is A, 1 where it is B, else NaN, which leaves it out. */
static const double *sides(const gk_frame *frame, int column)
{
    const gk_frame_column *c = &frame->column[column];
    double     *side = gk_arena_alloc(&arena, (size_t)(frame->n_row + 1) * sizeof *side);
    char       *b = gk_arena_strdup(&arena, o.between), *a = strsep(&b, ",");
    const char *name[] = { a, b };
    double      number[2];
    if (!b || strchr(b, ',') || strcmp(a, b) == 0)
        gk_usage("'--between' takes two different values of '%s', as A,B", c->name);
    for (int i = 0; i < 2 && !c->text; i++)
        if (gk_parse_real(name[i], &number[i]) < 0)
            gk_usage("'--between': %s", gk_error_message());
    for (int64_t row = 0; row < frame->n_row; row++) {
        side[row] = NAN;
        for (int i = 0; i < 2; i++)
            if (c->text ? strcmp(c->text[row], name[i]) == 0 : c->value[row] == number[i])
                side[row] = i;
    }
    return side;
}

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

/* What tells the runs of a row's seed: column `seed`; a row without one is a run by itself. */
static double *seeds_of(const gk_frame *frame)
{
    int     c = gk_frame_find(frame, "seed");
    const double *value = c >= 0 ? frame->column[c].value : NULL;
    double *seed = gk_arena_alloc(&arena, (size_t)(frame->n_row + 1) * sizeof *seed);
    for (int64_t row = 0; row < frame->n_row; row++) {
        double number = value ? value[row] : (double)row;
        seed[row] = isnan(number) ? -1 - (double)row : number;
    }
    return seed;
}

static void add_row(gk_stat_sample *s, int64_t row, int n_column, const double **value, const double *seed_of_row, double *seed)
{
    double *to[] = { s->x, s->y, s->z };
    for (int i = 0; i < n_column; i++)
        if (!value[i] || isnan(value[i][row])) {
            s->n_left_out++;
            return;
        }
    for (int i = 0; i < 3; i++)
        to[i][s->n] = i < n_column ? value[i][row] : NAN;
    seed[s->n++] = seed_of_row[row];
}

/* The selected rows of level l are row[begin[l]] to row[begin[l + 1] - 1], in their order. */
typedef struct dealt { int64_t *begin, *row; } dealt;

static dealt deal(const gk_selection *rows, const gk_frame_levels *levels)
{
    dealt d = { gk_arena_alloc(&arena, (size_t)(levels->n_level + 2) * sizeof *d.begin),
                gk_arena_alloc(&arena, (size_t)(rows->n + 1) * sizeof *d.row) };
    for (int64_t i = 0; i < rows->n; i++)
        d.begin[levels->code[rows->row[i]] + 2]++;
    for (int64_t level = 2; level <= levels->n_level; level++)
        d.begin[level] += d.begin[level - 1];
    for (int64_t i = 0; i < rows->n; i++)    /* begin[l + 1] moves from the begin of l to its end */
        d.row[d.begin[levels->code[rows->row[i]] + 1]++] = rows->row[i];
    return d;
}

/* Where rows begin: the values of --by, and how many rows they have. */
typedef struct level_cells { const gk_frame *frame; int n_by, by[MAX_BY]; int64_t row, n; } level_cells;

static void begin_row(gk_stat_output *out)
{
    const level_cells *level = out->context;
    for (int i = 0; i < level->n_by; i++) {
        const gk_frame_column *column = &level->frame->column[level->by[i]];
        if (column->text)
            gk_table_text(out->table, column->text[level->row]);
        else
            gk_stat_put(out, column->value[level->row]);
    }
    gk_table_int(out->table, level->n);
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

static int numbers_of(const char *list, double *out)
{
    char *rest = list ? gk_arena_strdup(&arena, list) : NULL;
    int   n = 0;
    for (char *one; (one = strsep(&rest, ","));) {
        if (n == MAX_AT)
            gk_usage("more than %d values for '--at'", MAX_AT);
        if (gk_parse_real(one, &out[n++]) < 0)
            gk_usage("'--at': %s", gk_error_message());
    }
    return n;
}

static void columns(gk_table *table, const gk_frame *frame, const struct statistic *what, int n_column, const int *column)
{
    for (int i = 0; what->column[i]; i++) {
        const char *name = what->column[i];
        int given = strcmp(name, "X") == 0 ? 0 : strcmp(name, "Y") == 0 ? 1 : strcmp(name, "Z") == 0 ? n_column - 1 : -1;
        bool of_maps = strcmp(name, "Y") == 0 || strcmp(name, "dz_dy") == 0;
        bool of_curves = strcmp(name, "left") == 0 || strcmp(name, "right") == 0;
        if ((of_maps && n_column < 3) || (of_curves && n_column > 2))
            continue;
        name = given >= 0 ? frame->column[column[given]].name : name;
        if (gk_table_count_named(table, name) > 0)
            gk_usage("two columns of the result are named '%s'", name);
        gk_table_column(table, name);
    }
}

static void write_table(gk_stat_output *out, const gk_frame *frame, const gk_selection *rows, const struct statistic *what,
                        const int *column)
{
    level_cells at = { .frame = frame };
    gk_frame_levels levels;
    const double *value[3] = { NULL };
    int64_t n_left_out = 0;
    size_t  most = (size_t)rows->n + 1;
    gk_stat_sample s = { 0, gk_arena_alloc(&arena, most * sizeof *s.x), gk_arena_alloc(&arena, most * sizeof *s.y),
                         gk_arena_alloc(&arena, most * sizeof *s.z), gk_arena_alloc(&arena, most * sizeof *s.seed), 0, 0 };
    double *seed = gk_arena_alloc(&arena, most * sizeof *seed), *seed_of_row = seeds_of(frame);
    for (int i = 0; i < out->n_column; i++)
        value[i] = i == 0 && o.between ? sides(frame, column[i]) : frame->column[column[i]].value;
    out->context = &at;
    at.n_by = by_columns(frame, at.by);
    if (gk_frame_code(frame, at.n_by, at.by, &levels) < 0)
        gk_die();
    for (int i = 0; i < at.n_by; i++)
        gk_table_column(out->table, frame->column[at.by[i]].name);
    gk_table_column(out->table, "n");
    columns(out->table, frame, what, out->n_column, column);
    dealt by_level = deal(rows, &levels);
    for (int64_t level = 0; level < levels.n_level; level++) {
        s.n = s.n_left_out = 0;
        for (int64_t i = by_level.begin[level]; i < by_level.begin[level + 1]; i++)
            add_row(&s, by_level.row[i], out->n_column, value, seed_of_row, seed);
        if ((s.n_seed = gk_number_values(s.n, seed, s.seed)) < 0)
            gk_die();
        at.row = levels.first_row[level];
        at.n = s.n;
        n_left_out += o.between ? 0 : s.n_left_out;
        if (s.n > 0 && what->write) {
            what->write(out, &s);
        } else if (s.n > 0 || what->put == put_count) {
            begin_row(out);
            what->put(out, &s);
            gk_table_end_row(out->table);
        }
    }
    if (n_left_out > 0)
        gk_warn("%lld of %lld rows have no value and are left out (runs that diverged, what was not measured): 'grok-stat count' "
                "tells which", (long long)n_left_out, (long long)rows->n);
    gk_frame_levels_release(&levels);
    out->context = NULL;
}

static gk_selection select_rows(gk_frame **frame)
{
    const char  *unmet;
    gk_selection rows;
    if (gk_define_and_select(frame, o.define, o.where, &arena, &rows, &unmet) < 0)
        gk_usage("%s", gk_error_message());
    if (unmet)
        gk_warn("%s", unmet);
    return rows;
}

/* --level, which alone may be a list. */
static const double *levels_of(gk_given *given)
{
    int64_t n = gk_grid_n_run(given);
    double *level = gk_arena_alloc(&arena, (size_t)n * sizeof *level);
    for (int64_t i = 0; i < n; i++) {
        gk_grid_select(given, i, &o);
        level[i] = o.level;
    }
    return level;
}

int main(int argc, char **argv)
{
    static double at[MAX_AT];
    int column[3] = { 0 };
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    const struct statistic *what = choose(given);
    gk_stat_options chosen = { .n_level = gk_grid_n_run(given), .level = levels_of(given), .prominence = o.prominence,
                               .along = o.along,
                               .n_at = numbers_of(o.at, at), .at = at, .from_min = o.from_min,
                               .log = (o.log_x ? GK_SURFACE_LOG_X : 0) | (o.log_y ? GK_SURFACE_LOG_Y : 0) |
                                      (o.log_z ? GK_SURFACE_LOG_Z : 0) };
    gk_stat_output out = { .options = &chosen, .n_column = gk_given_n_argument(given) - 1, .arena = &arena, .begin = begin_row };
    gk_frame *frame = gk_tsv_read(o.input);
    if (!frame)
        gk_die();
    gk_selection rows = select_rows(&frame);
    for (int i = 0; i < out.n_column; i++)
        column[i] = need(frame, gk_given_argument(given, i + 1), i > 0 || !o.between);
    if (!(out.table = gk_table_open(o.output, o.json)))
        gk_die();
    gk_table_provenance(out.table, "%s", gk_given_command_line(given));
    write_table(&out, frame, &rows, what, column);
    if (gk_table_close(out.table) < 0)
        gk_die();
    gk_frame_free(frame);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
