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
#include "plot/extent.h"
#include "plot/words.h"

GK_CHOICE_NAMES(gk_band_kind, GK_BANDS);

enum { MAX_POINTS_LINE = 20000, MAX_POINTS_FIGURE = 400000, MIN_POINTS_LINE = 100, QUARTILES_FROM = 8 };

/* --- columns ------------------------------------------------------------------------------------------------------ */

static const char *const identity_names[] = { "file", "run", "replica", "seed" };

bool gk_plot_is_identity(const char *name)
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
        if (gk_plot_is_identity(frame->column[c].name) && !is_asked_for(request, c))
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
        bool is_option = strcmp(frame->column[c].name, "file") == 0 || !gk_plot_is_identity(frame->column[c].name);
        if (is_option && !is_asked_for(request, c) && !is_constant(&frame->column[c], frame->n_row))
            request->by[request->n_by++] = c;
    }
}

void gk_plot_split(const gk_frame *frame, gk_arena *arena, gk_plot_request *request)
{
    const char *kind[GK_PLOT_MAX_COLUMN];

    request->n_axis = 0;
    for (int y = 0; y < request->n_y; y++) {
        const char *here = gk_plot_kind(&frame->column[request->y[y]], arena);
        int         axis = 0;
        while (axis < request->n_axis && !(kind[axis] && here ? strcmp(kind[axis], here) == 0 : kind[axis] == here))
            axis++;
        if (axis == GK_MAX_AXIS - 1)    /* more kinds than axes: the rest share the last */
            axis--;
        kind[axis] = here;
        request->axis[y] = axis;
        request->n_axis = axis + 1 > request->n_axis ? axis + 1 : request->n_axis;
    }
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

typedef struct drawing {
    const gk_frame        *frame;
    const gk_plot_request *request;
    const gk_plot_sets    *of_figure;
    gk_arena              *arena;          /* of the figure */
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

/* Every axis has its row of panels; the right one is in the first. */
static int panel_of(const gk_plot_request *request, int y)
{
    return request->has_right && request->axis[y] == request->n_axis - 1 ? 0 : request->axis[y];
}

static gk_pen pen_of_run(const drawing *d, int64_t run, int y)
{
    return gk_plot_pen(d->of_figure, d->request, d->frame, d->runs.first_row[run], y);
}

static const double *kept(gk_arena *arena, const double *value, int64_t n)
{
    return value ? memcpy(gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *value), value, (size_t)n * sizeof *value) : NULL;
}

/* The arrays of a line are copied: the figure's last as long as its arena. */
static void add_line(const drawing *d, int y, gk_pen pen, const gk_band *points, gk_figure *figure)
{
    int64_t n = points->n;

    if (n > 0)
        figure->line[figure->n_line++] =
            (gk_figure_line){ n, kept(d->arena, points->x, n), kept(d->arena, points->y, n), kept(d->arena, points->low, n),
                              kept(d->arena, points->high, n), pen, panel_of(d->request, y), d->request->axis[y], NULL, false };
}

static double lower_quantile(gk_band_kind kind, int64_t n_run)
{
    if (kind == GK_BAND_AUTO)
        kind = n_run >= QUARTILES_FROM ? GK_BAND_QUARTILES : GK_BAND_RANGE;
    return kind == GK_BAND_QUARTILES ? 0.25 : 0;
}

/* Median and band over the runs of a set. */
static int draw_median(const drawing *d, const gk_curve *curves, int64_t n, int y, gk_pen pen, gk_figure *figure)
{
    double q_low = lower_quantile(d->request->band, d->is_points ? d->most_runs : n);
    gk_band band, shown;

    if (gk_band_over(curves, n, q_low, d->max_points, d->request->log_x, &band) < 0)
        return -1;
    shown = band;
    if (d->request->band == GK_BAND_NONE)
        shown.low = shown.high = NULL;
    add_line(d, y, pen, &shown, figure);
    gk_band_release(&band);
    return 0;
}

static int draw_set(const drawing *d, int y, int64_t first_run, int64_t n_run, gk_figure *figure)
{
    gk_curve *curves = gk_alloc_large((size_t)(n_run + 1) * sizeof *curves, "curves of a set");
    bool is_single = d->request->each || n_run == 1;
    int status = 0;

    if (!curves)
        return -1;
    for (int64_t r = 0; r < n_run && status == 0; r++) {
        status = run_curve(d, first_run + r, y, &curves[r]);
        if (status == 0 && is_single) {
            gk_curve_thin(&curves[r], d->max_points, d->request->log_x);
            gk_band alone = { curves[r].n, curves[r].x, curves[r].y, NULL, NULL };
            add_line(d, y, pen_of_run(d, first_run + r, y), &alone, figure);
        }
    }
    if (status == 0 && !is_single)
        status = draw_median(d, curves, n_run, y, pen_of_run(d, first_run, y), figure);
    for (int64_t r = 0; r < n_run; r++)
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
            if (draw_set(d, y, first, last - first, figure) < 0)
                return -1;
        }
    return 0;
}

/* "2 of 12 values are infinite" */
static void tell(long long n, long long n_all, const char *what, gk_arena *arena, gk_figure *figure)
{
    if (n > 0)
        figure->caption = gk_arena_printf(arena, "%s%s%lld of %lld values are %s", figure->caption ? figure->caption : "",
                                          figure->caption && *figure->caption ? "; " : "", n, n_all, what);
}

void gk_plot_tell_undrawn(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_figure *figure)
{
    const double *x = frame->column[request->x].value;
    long long n = 0, n_infinite = 0, n_without = 0;

    for (int y = 0; y < request->n_y; y++)
        for (int64_t row = 0; row < frame->n_row; row++) {
            double value = frame->column[request->y[y]].value[row];
            if (isnan(value) || !gk_is_drawn(x[row], figure->x.is_log))
                continue;
            n++;
            n_infinite += isinf(value) != 0;
            n_without += figure->y[request->axis[y]].is_log && value <= 0 && !isinf(value);
        }
    tell(n_infinite, n, "infinite (triangles at the edge)", arena, figure);
    tell(n_without, n, "0 or less, with no place on a logarithmic axis", arena, figure);
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
    drawing d = { .frame = frame, .request = request, .of_figure = sets, .arena = arena };
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
    figure->line = gk_arena_alloc(arena, (size_t)(n_line + 1) * sizeof *figure->line);
    if (draw_all(&d, figure) < 0)
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
