/* grok-stat.c -- statistics over the rows of a table. */
#include <string.h>
#include "analysis/surface.h"
#include "base/die.h"
#include "base/options.h"
#include "io/history.h"
#include "table/define.h"
#include "table/origin.h"
#include "table/statistics.h"
#include "table/tsv.h"

enum { MAX_AT = 1000 };

static struct {
    const char *by, *where, *define, *at, *between, *input, *output;
    double      quantile, level, prominence;
    gk_along    along;
    bool        log_x, log_y, log_z, from_min, json;
} o = { .output = "-", .input = "-", .quantile = 0.5, .level = GK_LEARNT };

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
    GK_TEXT_OPTION("between", between, .arg = "A,B", .help = "of change and cross: the two values of X, or of SIDE"),
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
    .summary = "statistics of runs: medians with runs that never got there, slopes, critical sizes, crossings, contours",
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
               "  logistic X Z   the X at which half of the runs have Z >= --level (critical size);\n"
               "                 inf, -inf: not within the X that were run\n"
               "  change X Z     how much larger Z is for X = B than for X = A (--between A,B), and the p of its being 0:\n"
               "                 paired where both share their seeds, else by rank sums; undecided: pairs that are 'inf' twice\n"
               "  cross SIDE X Z the X at which the curves Z(X) of two values of SIDE (--between A,B) cross, seed by seed\n"
               "  order X Z      rank correlation of the seeds' Z between neighbouring X, its mean\n"
               "  rise X Z       how far Z rises, along X, above a lower value before\n"
               "  peaks X Z      how often Z, along X, rises and falls again, each by --prominence\n"
               "  theta X Z      least squares of ln X on Z: the angle of the line with the axis ln X, in degrees\n"
               "low and high end a 95 % interval over the seeds (column seed, else every row is one), however many rows each\n"
               "has: of what a seed says by itself, by Student's t for slope, theta and logistic, by order statistics for\n"
               "median, change and cross; Wilson's for share, where rows of a seed count as fewer the more alike they are.\n"
               "-inf, inf: beyond what was run, where nothing is known; nan, with a note: too few seeds.\n"
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

static const gk_statistic *choose(const gk_given *given)
{
    static const char *const takes[] = { "one column", "two columns: X and Z", "two or three columns: X, Z or X, Y, Z",
                                         "three columns: X, Y and Z" };
    const gk_statistic *what = gk_statistic_find(gk_given_argument(given, 0));
    int n = gk_given_n_argument(given) - 1;
    if (!what)
        gk_die();
    if (n < what->least || n > what->most)
        gk_usage("statistic '%s' takes %s", what->name, takes[what->least == 3 ? 3 : what->most - 1]);
    if (what->flags & GK_STAT_NEEDS_LEVEL && !gk_option_given(given, "level"))
        gk_usage("statistic '%s' needs '--level'", what->name);
    if (!(what->flags & GK_STAT_LEVELS) && gk_grid_n_run(given) > 1)
        gk_usage("'--level' of statistic '%s' is one number", what->name);
    if (o.at && (what->write != gk_stat_contour || n < 3 || o.along == GK_ALONG_BOTH))
        gk_usage("'--at' is for contours of a map, along x or along y");
    if (!o.between != !(what->flags & GK_STAT_BETWEEN))
        gk_usage(o.between ? "'--between' is for statistics 'change' and 'cross', not '%s'"
                           : "statistic '%s' needs '--between A,B'", what->name);
    return what;
}

static int need(const gk_frame *frame, const char *name, bool numbers)
{
    int c = gk_frame_asked(frame, name);
    if (c < 0)
        gk_die();
    if (numbers && !frame->column[c].value) {
        gk_error("column '%s' of '%s' holds texts, expected numbers", name, frame->path);
        gk_die();
    }
    return c;
}

static int by_columns(const gk_frame *frame, int *by)
{
    char *rest = o.by ? gk_arena_strdup(&arena, o.by) : NULL;
    int   n = 0;
    for (char *name; (name = strsep(&rest, ","));) {
        if (n == GK_STAT_MAX_BY)
            gk_usage("more than %d columns for '--by'", GK_STAT_MAX_BY);
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

/* What is asked for of the columns of this table. */
static gk_stat_request make_request(const gk_given *given, const gk_frame *frame, const gk_statistic *what,
                                    const gk_stat_options *chosen)
{
    gk_stat_request request = {
        .what = what, .n_column = gk_given_n_argument(given) - 1, .between = o.between, .options = *chosen
    };
    for (int i = 0; i < request.n_column; i++)
        request.column[i] = need(frame, gk_given_argument(given, i + 1), i > 0 || !o.between);
    request.n_by = by_columns(frame, request.by);
    return request;
}

int main(int argc, char **argv)
{
    static double at[MAX_AT];
    int64_t n_left_out;
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    const gk_statistic *what = choose(given);
    gk_stat_options chosen = { .n_level = gk_grid_n_run(given), .level = levels_of(given), .quantile = o.quantile,
                               .prominence = o.prominence, .along = o.along, .n_at = numbers_of(o.at, at), .at = at,
                               .from_min = o.from_min,
                               .log = (o.log_x ? GK_SURFACE_LOG_X : 0) | (o.log_y ? GK_SURFACE_LOG_Y : 0) |
                                      (o.log_z ? GK_SURFACE_LOG_Z : 0) };
    gk_frame *frame = gk_tsv_read(o.input), *read = frame;
    if (!frame)
        gk_die();
    gk_selection rows = select_rows(&frame);
    gk_stat_request request = make_request(given, frame, what, &chosen);
    gk_table *table = gk_table_open(o.output, o.json);
    if (!table)
        gk_die();
    gk_table_provenance(table, "%s", gk_given_command_line(given));
    gk_origin_pass_on(table, 1, &read);
    if (gk_statistic_table(frame, &rows, &request, &arena, table, &n_left_out) < 0)
        gk_die();
    if (n_left_out > 0)
        gk_warn("%lld of %lld rows have no value and are left out (runs that diverged, what was not measured): 'grok-stat count' "
                "tells which", (long long)n_left_out, (long long)rows.n);
    if (gk_table_close(table) < 0)
        gk_die();
    gk_frame_free(frame);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
