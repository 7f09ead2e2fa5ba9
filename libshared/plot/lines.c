/* lines.c -- from the rows of a table to the lines of a figure.
 *
 * Rows that agree in the `by` columns are a set (one colour); rows of a set that agree in the identity columns are a run.  A
 * set of several runs is drawn as median and band, or with `each` as a line per run. */
#include "plot/lines.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/curves.h"
#include "train/metrics.h"

GK_CHOICE_NAMES(gk_band_kind, GK_BANDS);

enum { MAX_POINTS_LINE = 20000, MAX_POINTS_FIGURE = 400000, MIN_POINTS_LINE = 100, MAX_KEY = 16, QUARTILES_FROM = 8 };

/* --- columns ------------------------------------------------------------------------------------------------------ */

static const char *const identity_names[] = { "file", "run", "replica", "seed" };

static bool is_identity(const char *name)
{
    for (size_t i = 0; i < sizeof identity_names / sizeof *identity_names; i++)
        if (strcmp(identity_names[i], name) == 0)
            return true;
    return false;
}

static bool is_asked_for(const gk_plot_request *request, int column)
{
    bool found = column == request->x;

    for (int i = 0; i < request->n_y; i++)
        found |= request->y[i] == column;
    return found;
}

void gk_plot_identity(const gk_frame *frame, gk_plot_request *request)
{
    for (int c = 0; c < frame->n_column && request->n_id < GK_PLOT_MAX_COLUMN; c++)
        if (is_identity(frame->column[c].name) && !is_asked_for(request, c))
            request->id[request->n_id++] = c;
}

static bool is_constant(const gk_frame_column *column, int64_t n_row)
{
    for (int64_t row = 1; row < n_row; row++)
        if (!gk_cell_same(column, row, column, 0))
            return false;
    return true;
}

int gk_plot_options_end(const gk_frame *frame)
{
    int step = gk_frame_find(frame, "step");

    return step >= 0 ? step : gk_frame_find(frame, "steps");
}

void gk_plot_default_by(const gk_frame *frame, gk_plot_request *request)
{
    int end = gk_plot_options_end(frame);

    for (int c = 0; c < end && request->n_by < GK_PLOT_MAX_COLUMN; c++) {
        bool is_option = strcmp(frame->column[c].name, "file") == 0 || !is_identity(frame->column[c].name);
        if (is_option && !is_asked_for(request, c) && !is_constant(&frame->column[c], frame->n_row))
            request->by[request->n_by++] = c;
    }
}

const char *gk_plot_words(const char *column)
{
    static const char *const words[][2] = {
        { "step", "optimiser steps" },        { "weight_decay", "weight decay" }, { "fraction", "train fraction" },
        { "train_error", "train error" },     { "test_error", "test error" },     { "size", "train items" },
        { "step_train_acc_99", "steps to 99 % train accuracy" }, { "step_test_acc_99", "steps to 99 % test accuracy" },
    };
    const gk_metric_info *metric = gk_metric_find(column);

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], column) == 0)
            return words[i][1];
    return metric && strcmp(metric->name, column) == 0 ? metric->words : column;    /* of one task, of one parameter: its name */
}

/* --- colours ------------------------------------------------------------------------------------------------------ */

/* Okabe and Ito's colours, which readers with any kind of colour vision can tell apart (their yellow is too light for lines). */
static const uint32_t palette[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000 };
enum { N_PALETTE = sizeof palette / sizeof *palette };

static uint32_t blend(uint32_t from, uint32_t to, double share)
{
    uint32_t out = 0;

    for (int shift = 0; shift < 24; shift += 8) {
        double a = from >> shift & 255, b = to >> shift & 255;
        out |= (uint32_t)lround(a + share * (b - a)) << shift;
    }
    return out;
}

/* The palette while it lasts, then a ramp (viridis without its lightest end). */
uint32_t gk_plot_colour(int64_t index, int64_t n)
{
    static const uint32_t ramp[] = { 0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xd8c81c };
    double place = n > 1 ? (double)index / (double)(n - 1) * 4 : 0;
    int below = place >= 4 ? 3 : (int)place;

    return n <= N_PALETTE ? palette[index] : blend(ramp[below], ramp[below + 1], place - below);
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Training curves are dashed and the others solid, so that the same pair looks the same in every figure. */
static int dash_of(const gk_frame *frame, const gk_plot_request *request, int y)
{
    static const int dashes[] = { 1, 3, 4, 5 };
    int n_before = 0;

    if (request->n_y == 1)
        return 1;
    if (starts_with(frame->column[request->y[y]].name, "train_"))
        return 2;
    for (int i = 0; i < y; i++)
        n_before += !starts_with(frame->column[request->y[i]].name, "train_");
    return dashes[n_before % 4];
}

/* With one set the colours are free to tell the metrics apart. */
static gk_pen pen_of(const gk_frame *frame, const gk_plot_request *request, int64_t set, int64_t n_set, int y)
{
    if (n_set > 1)
        return (gk_pen){ gk_plot_colour(set, n_set), (int)(set % 8) * request->n_y + y + 1, dash_of(frame, request, y), false };
    if (request->n_y == 2 && starts_with(frame->column[request->y[0]].name, "train_"))
        return (gk_pen){ palette[1 - y], y + 1, 1, false };
    return (gk_pen){ gk_plot_colour(y, request->n_y), y + 1, 1, false };
}

/* --- legend ------------------------------------------------------------------------------------------------------- */

static const char *value_text(const gk_frame *frame, gk_arena *arena, int column, int64_t row)
{
    const gk_frame_column *found = &frame->column[column];

    return found->text ? found->text[row] : gk_arena_printf(arena, "%.6g", found->value[row]);
}

const char *gk_plot_set_label(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, int64_t row)
{
    const char *label = "";

    for (int i = 0; i < request->n_by; i++) {
        const char *value = value_text(frame, arena, request->by[i], row);
        const char *name = frame->column[request->by[i]].name, *words = gk_plot_words(name);
        bool is_named = strcmp(name, "curve") == 0;    /* a column that says what to call it */
        label = gk_arena_printf(arena, "%s%s%s%s%s", label, i ? ", " : "", is_named ? "" : words, is_named ? "" : " ", value);
    }
    return label;
}

/* "train" and "test" where that is all the difference. */
static const char *metric_label(const gk_frame *frame, const gk_plot_request *request, int y)
{
    const char *name = frame->column[request->y[y]].name, *first = frame->column[request->y[0]].name;
    const char *kind = strchr(name, '_'), *first_kind = strchr(first, '_');
    bool is_pair = request->n_y == 2 && (starts_with(first, "train_") || starts_with(first, "test_"));

    for (int i = 0; i < request->n_y && is_pair; i++) {
        const char *other = frame->column[request->y[i]].name;
        is_pair = (starts_with(other, "train_") || starts_with(other, "test_")) && strcmp(strchr(other, '_'), first_kind) == 0;
    }
    if (is_pair && kind)
        return starts_with(name, "train_") ? "train" : "test";
    return gk_plot_words(name);
}

/* One entry for every line, as far as there is room. */
static void make_full_key(const gk_plot_sets *sets, const gk_plot_request *request, gk_arena *arena, gk_figure *figure)
{
    const gk_frame *frame = sets->frame;

    figure->key = gk_arena_alloc(arena, (MAX_KEY + 1) * sizeof *figure->key);
    for (int64_t set = 0; set < sets->n; set++)
        for (int y = 0; y < request->n_y && figure->n_key < MAX_KEY; y++) {
            const char *label = gk_plot_set_label(frame, request, arena, sets->row[set]);
            figure->key[figure->n_key++] =
                (gk_key_entry){ gk_arena_printf(arena, "%s %s", label, metric_label(frame, request, y)),
                                pen_of(frame, request, set, sets->n, y) };
        }
}

static void make_key(const gk_plot_sets *sets, const gk_plot_request *request, gk_arena *arena, gk_figure *figure)
{
    const gk_frame *frame = sets->frame;
    int64_t n_set = sets->n, stride = (n_set + MAX_KEY - 1) / MAX_KEY;
    bool has_sets = n_set > 1, has_metrics = request->n_y > 1;

    if (request->full_key && has_sets && has_metrics) {
        make_full_key(sets, request, arena, figure);
        return;
    }
    figure->key = gk_arena_alloc(arena, (size_t)(MAX_KEY + 1 + request->n_y) * sizeof *figure->key);
    for (int64_t set = 0; has_sets && set < n_set; set += stride) {
        gk_pen pen = pen_of(frame, request, set, n_set, request->n_y - 1);
        pen.dash = 1;
        figure->key[figure->n_key++] = (gk_key_entry){ gk_plot_set_label(frame, request, arena, sets->row[set]), pen };
    }
    for (int y = 0; has_metrics && y < request->n_y; y++) {
        gk_pen pen = pen_of(frame, request, 0, n_set, y);
        if (has_sets)
            pen.colour = 0x666666;
        figure->key[figure->n_key++] = (gk_key_entry){ metric_label(frame, request, y), pen };
    }
}

int gk_plot_legend(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_plot_sets *sets, gk_figure *figure)
{
    gk_frame_levels levels;

    if (gk_frame_code(frame, request->n_by, request->by, &levels) < 0)
        return -1;
    *sets = (gk_plot_sets){ frame, levels.n_level, gk_arena_alloc(arena, (size_t)(levels.n_level + 1) * sizeof *sets->row) };
    memcpy(sets->row, levels.first_row, (size_t)levels.n_level * sizeof *sets->row);
    gk_frame_levels_release(&levels);
    make_key(sets, request, arena, figure);
    return 0;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

typedef struct drawing {
    const gk_frame        *frame;
    const gk_plot_request *request;
    const gk_plot_sets    *of_figure;
    gk_frame_levels        sets, runs;     /* of all rows */
    int64_t               *run_row;        /* [n rows] rows ordered by run */
    int64_t               *run_start;      /* [n_run + 1] into run_row */
    int64_t                max_points;     /* of one line */
    bool                   is_points;      /* each run has one row: a median is over the runs that share an x */
    int64_t                most_runs;      /* in any set; of runs with one row each: at any x of a set */
} drawing;

static int compare_points(const void *left, const void *right)
{
    double a = ((const double *)left)[0], b = ((const double *)right)[0];

    return a < b ? -1 : a > b;
}

/* Points of one run with a usable x, in order of x; x and y are one allocation. */
static int run_curve(const drawing *d, int64_t run, int y, gk_curve *out)
{
    const double *x_of = d->frame->column[d->request->x].value, *y_of = d->frame->column[d->request->y[y]].value;
    int64_t n_most = d->run_start[run + 1] - d->run_start[run];
    double (*point)[2] = gk_alloc_large((size_t)n_most * sizeof *point, "points of a run");
    bool is_sorted = true;

    *out = (gk_curve){ 0, gk_alloc_large((size_t)n_most * 2 * sizeof(double), "points of a run"), NULL };
    if (!point || !out->x) {
        free(point);
        free(out->x);
        out->x = NULL;
        return -1;
    }
    out->y = out->x + n_most;
    for (int64_t i = d->run_start[run]; i < d->run_start[run + 1]; i++) {
        int64_t row = d->run_row[i];
        if (!isfinite(x_of[row]) || (d->request->log_x && x_of[row] <= 0))
            continue;
        point[out->n][0] = x_of[row];
        point[out->n][1] = y_of[row];
        is_sorted = is_sorted && (out->n == 0 || point[out->n - 1][0] <= x_of[row]);
        out->n++;
    }
    if (!is_sorted)
        qsort(point, (size_t)out->n, sizeof *point, compare_points);
    for (int64_t i = 0; i < out->n; i++) {
        out->x[i] = point[i][0];
        out->y[i] = point[i][1];
    }
    free(point);
    return 0;
}

static void add_line(gk_figure *figure, gk_figure_line line)
{
    if (line.n > 0)
        figure->line[figure->n_line++] = line;
}

static double lower_quantile(gk_band_kind kind, int64_t n_run)
{
    if (kind == GK_BAND_AUTO)
        kind = n_run >= QUARTILES_FROM ? GK_BAND_QUARTILES : GK_BAND_RANGE;
    return kind == GK_BAND_QUARTILES ? 0.25 : 0;
}

/* Median and band over the runs of a set.  The band's arrays stay: the figure points at them. */
static int draw_median(const drawing *d, const gk_curve *curves, int64_t n, gk_pen pen, gk_figure *figure)
{
    double q_low = lower_quantile(d->request->band, d->is_points ? d->most_runs : n);
    gk_band band;

    if (gk_band_over(curves, n, q_low, d->max_points, d->request->log_x, &band) < 0)
        return -1;
    gk_figure_line line = { band.n, band.x, band.y, band.low, band.high, pen, 0, false };
    if (d->request->band == GK_BAND_NONE)
        line.low = line.high = NULL;
    add_line(figure, line);
    return 0;
}

static bool is_same_set(const drawing *d, int64_t row, int64_t row_of_figure)
{
    for (int i = 0; i < d->request->n_by; i++) {
        int by = d->request->by[i];
        if (!gk_cell_same(&d->frame->column[by], row, &d->of_figure->frame->column[by], row_of_figure))
            return false;
    }
    return true;
}

static int64_t place_in_figure(const drawing *d, int64_t set)
{
    int64_t place = 0;

    while (place < d->of_figure->n - 1 && !is_same_set(d, d->sets.first_row[set], d->of_figure->row[place]))
        place++;
    return place;
}

static int draw_set(const drawing *d, int64_t set, int y, int64_t first_run, int64_t n_run, gk_figure *figure)
{
    gk_curve *curves = gk_alloc_large((size_t)(n_run + 1) * sizeof *curves, "curves of a set");
    gk_pen pen = pen_of(d->frame, d->request, place_in_figure(d, set), d->of_figure->n, y);
    bool is_single = d->request->each || n_run == 1;
    int status = 0;

    if (!curves)
        return -1;
    for (int64_t r = 0; r < n_run && status == 0; r++) {
        status = run_curve(d, first_run + r, y, &curves[r]);
        if (status == 0 && is_single) {
            gk_curve_thin(&curves[r], d->max_points, d->request->log_x);
            add_line(figure, (gk_figure_line){ curves[r].n, curves[r].x, curves[r].y, NULL, NULL, pen, 0, false });
        }
    }
    if (status == 0 && !is_single)
        status = draw_median(d, curves, n_run, pen, figure);
    for (int64_t r = 0; r < n_run && !is_single; r++)
        free(curves[r].x);
    free(curves);
    return status;
}

/* Order the rows by run.  Runs are numbered by set first, so each set is a range of runs. */
static int order_rows(drawing *d)
{
    int64_t n_row = d->frame->n_row, n_run = d->runs.n_level;

    d->run_row = gk_alloc_large((size_t)(n_row + 1) * sizeof *d->run_row, "rows by run");
    d->run_start = gk_alloc_large((size_t)(n_run + 2) * sizeof *d->run_start, "rows by run");
    if (!d->run_row || !d->run_start)
        return -1;
    for (int64_t row = 0; row < n_row; row++)
        d->run_start[d->runs.code[row] + 2]++;
    for (int64_t run = 0; run < n_run; run++)
        d->run_start[run + 2] += d->run_start[run + 1];
    for (int64_t row = 0; row < n_row; row++)
        d->run_row[d->run_start[d->runs.code[row] + 1]++] = row;
    return 0;
}

/* How many runs share an x, at most, if each has one row only. */
static int count_points(drawing *d)
{
    int columns[GK_PLOT_MAX_COLUMN + 1];
    gk_frame_levels points;

    d->is_points = d->runs.n_level == d->frame->n_row;
    if (!d->is_points)
        return 0;
    memcpy(columns, d->request->by, (size_t)d->request->n_by * sizeof *columns);
    columns[d->request->n_by] = d->request->x;
    if (gk_frame_code(d->frame, d->request->n_by + 1, columns, &points) < 0)
        return -1;
    int64_t *count = gk_alloc_large((size_t)(points.n_level + 1) * sizeof *count, "runs at each point");
    int status = count ? 0 : -1;
    for (int64_t row = 0; count && row < d->frame->n_row; row++)
        if (++count[points.code[row]] > d->most_runs)
            d->most_runs = count[points.code[row]];
    gk_frame_levels_release(&points);
    free(count);
    return status;
}

static int draw_all(drawing *d, gk_figure *figure)
{
    int64_t n_run = d->runs.n_level;

    for (int y = 0; y < d->request->n_y; y++)
        for (int64_t first = 0, last; first < n_run; first = last) {
            int64_t set = d->sets.code[d->runs.first_row[first]];
            for (last = first; last < n_run && d->sets.code[d->runs.first_row[last]] == set;)
                last++;
            if (!d->is_points && last - first > d->most_runs)
                d->most_runs = last - first;
            if (draw_set(d, set, y, first, last - first, figure) < 0)
                return -1;
        }
    return 0;
}

void gk_plot_tell_infinite(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_figure *figure)
{
    long long n = 0, n_infinite = 0;
    for (int y = 0; y < request->n_y; y++)
        for (int64_t row = 0; row < frame->n_row; row++) {
            double value = frame->column[request->y[y]].value[row];
            n += !isnan(value);
            n_infinite += isinf(value) != 0;
        }
    if (n_infinite > 0)
        figure->caption = gk_arena_printf(arena, "%s%s%lld of %lld values are infinite: not drawn",
                                          figure->caption ? figure->caption : "", figure->caption ? "; " : "", n_infinite, n);
}

/* "6 runs: median and range of 3 runs each" */
static void make_caption(const drawing *d, gk_arena *arena, gk_figure *figure)
{
    long long n_run = (long long)d->runs.n_level, n_most = (long long)d->most_runs;
    bool is_equal = n_most * d->sets.n_level == n_run && !d->is_points;
    const char *band = d->request->band == GK_BAND_NONE                          ? "median"
                       : lower_quantile(d->request->band, d->most_runs) > 0 ? "median and quartiles"
                                                                            : "median and range";

    if (n_run < 2)
        return;
    if (d->request->each || n_most < 2)
        figure->caption = gk_arena_printf(arena, "%lld runs", n_run);
    else if (d->is_points)
        figure->caption = gk_arena_printf(arena, "%s of %lld runs at each point", band, n_most);
    else if (d->sets.n_level == 1)
        figure->caption = gk_arena_printf(arena, "%s of %lld runs", band, n_run);
    else
        figure->caption = gk_arena_printf(arena, "%s of %s%lld runs each", band, is_equal ? "" : "up to ", n_most);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

int gk_plot_lines(const gk_frame *frame, const gk_plot_request *request, const gk_plot_sets *sets, gk_arena *arena,
                  gk_figure *figure)
{
    drawing d = { .frame = frame, .request = request, .of_figure = sets };
    int columns[2 * GK_PLOT_MAX_COLUMN];
    int status = -1;

    memcpy(columns, request->by, (size_t)request->n_by * sizeof *columns);
    memcpy(columns + request->n_by, request->id, (size_t)request->n_id * sizeof *columns);
    if (gk_frame_code(frame, request->n_by, columns, &d.sets) < 0 ||
        gk_frame_code(frame, request->n_by + request->n_id, columns, &d.runs) < 0 || order_rows(&d) < 0 ||
        count_points(&d) < 0)
        goto done;
    int64_t n_line = (request->each ? d.runs.n_level : d.sets.n_level) * request->n_y;
    d.max_points = clamp(n_line > 0 ? MAX_POINTS_FIGURE / n_line : 0, MIN_POINTS_LINE, MAX_POINTS_LINE);
    figure->line = gk_alloc_large((size_t)(n_line + 1) * sizeof *figure->line, "lines of the figure");
    if (!figure->line || draw_all(&d, figure) < 0)
        goto done;
    make_caption(&d, arena, figure);
    status = 0;
done:
    gk_frame_levels_release(&d.sets);
    gk_frame_levels_release(&d.runs);
    free(d.run_row);
    free(d.run_start);
    return status;
}
