/* map.c -- from the rows of a table to heat maps.
 *
 * Rows that agree in x and y are a cell.  What else a row depends on must be seen in the figure: the panel, the colour of a
 * contour, or the seed, over which the median is taken. */
#include "plot/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/stat.h"
#include "plot/panels.h"
#include "plot/words.h"

enum { MAX_CELL = 250000 };

/* --- checks ------------------------------------------------------------------------------------------------------- */

/* The most rows that agree in the columns, one of them in *row, and the number of combinations; -1 with gk_error. */
static int64_t most_alike(const gk_frame *frame, int n_column, const int *columns, int64_t *n_level, int64_t *row)
{
    gk_frame_levels levels;
    int64_t most = 0, *count;

    if (gk_frame_code(frame, n_column, columns, &levels) < 0)
        return -1;
    *n_level = levels.n_level;
    if (!(count = gk_alloc_large((size_t)(levels.n_level + 1) * sizeof *count, "rows of cells")))
        most = -1;
    for (int64_t i = 0; count && i < frame->n_row; i++)
        if (++count[levels.code[i]] > most) {
            most = count[levels.code[i]];
            *row = i;
        }
    gk_frame_levels_release(&levels);
    free(count);
    return most;
}

static bool is_option(const gk_frame *frame, int column)
{
    int run = gk_frame_find(frame, "run");

    return run >= 0 && column > run && column < gk_plot_options_end(frame);
}

/* Columns that the figure shows, in one list; their number. */
static int shown_columns(const gk_map_request *request, int out[GK_PLOT_MAX_COLUMN + 4])
{
    int n = 0;

    out[n++] = request->x;
    out[n++] = request->y;
    if (request->panel >= 0)
        out[n++] = request->panel;
    memcpy(out + n, request->by, (size_t)request->n_by * sizeof *out);
    return n + request->n_by;
}

static int check_cells(const gk_frame *frame, const gk_map_request *request)
{
    gk_plot_request runs = { .x = request->x, .n_y = 1, .y = { request->y } };
    int columns[2 * GK_PLOT_MAX_COLUMN + 4], n = shown_columns(request, columns);
    int64_t n_cell, n_level, row = 0, most = most_alike(frame, n, columns, &n_cell, &row);
    const gk_frame_column *x = &frame->column[request->x], *y = &frame->column[request->y];

    for (int c = 0; c < frame->n_column && most > 1; c++) {
        bool is_seed = strcmp(frame->column[c].name, "seed") == 0, is_shown = false;
        for (int i = 0; i < n; i++)
            is_shown |= columns[i] == c;
        columns[n] = c;
        if (is_shown || is_seed || !is_option(frame, c))
            continue;
        if (most_alike(frame, n + 1, columns, &n_level, &row) < 0)
            return -1;
        if (n_level > n_cell)
            return gk_error("column '%s' of '%s' varies within cells of %s and %s: name it with --panel, or draw one of "
                            "its values",
                            frame->column[c].name, frame->path, x->name, y->name);
    }
    gk_plot_identity(frame, &runs);
    memcpy(columns + n, runs.id, (size_t)runs.n_id * sizeof *columns);
    most = most > 1 && runs.n_id > 0 ? most_alike(frame, n + runs.n_id, columns, &n_level, &row) : most < 0 ? -1 : 0;
    if (most > 1)
        return gk_error("'%s' has %lld rows of one run at %s %g, %s %g: a map is drawn of a table with one row per run",
                        frame->path, (long long)most, x->name, x->value[row], y->name, y->value[row]);
    return most < 0 ? -1 : 0;
}

/* --- axes --------------------------------------------------------------------------------------------------------- */

/* Step 0 has no place on a logarithmic axis, and every history has it: it is left out there, as of curves. */
static bool is_step(const gk_frame *frame, int column)
{
    return strcmp(frame->column[column].name, "step") == 0;
}

static bool has_place(const gk_frame *frame, int column, bool is_log, double value)
{
    return isfinite(value) && !(is_log && is_step(frame, column) && value <= 0);
}

/* The different finite values of a column that have a place, ascending; their number, or -1 with gk_error. */
static int64_t values_of(const gk_frame *frame, int column, bool is_log, gk_arena *arena, double **value)
{
    gk_frame_levels levels;
    int64_t n = 0;

    if (gk_frame_code(frame, 1, &column, &levels) < 0)
        return -1;
    *value = gk_arena_alloc(arena, (size_t)(levels.n_level + 1) * sizeof **value);
    for (int64_t l = 0; l < levels.n_level; l++) {
        double found = frame->column[column].value[levels.first_row[l]];
        if (has_place(frame, column, is_log, found))
            (*value)[n++] = found;
    }
    gk_frame_levels_release(&levels);
    return n;
}

static int choose_axis(const gk_frame *frame, int column, gk_axis_kind kind, gk_arena *arena, bool *is_log)
{
    const char *name = frame->column[column].name;
    double *value;
    int64_t n = values_of(frame, column, kind != GK_AXIS_LINEAR, arena, &value);

    if (n < 0)
        return -1;
    if (n == 0)
        return gk_error("nothing to draw in '%s': no row has a number in '%s'", frame->path, name);
    *is_log = kind == GK_AXIS_LOG || (kind == GK_AXIS_AUTO && gk_map_looks_log(n, value));
    if (*is_log && value[0] <= 0)
        return gk_error("'%s' is %g in '%s', which has no place on a logarithmic axis", name, value[0], frame->path);
    return 0;
}

static int64_t index_of(const double *value, int64_t n, double wanted)
{
    int64_t low = 0, high = n;

    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (wanted >= value[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* --- cells -------------------------------------------------------------------------------------------------------- */

typedef struct cell_value { int64_t cell; double z; } cell_value;

static int compare_cells(const void *left, const void *right)
{
    const cell_value *a = left, *b = right;

    return a->cell < b->cell ? -1 : a->cell > b->cell;
}

/* Median of column z in every cell; *most: the most runs of a cell. */
static int fill_cells(const gk_frame *frame, const gk_map_request *request, int z, gk_map *map, int64_t *most)
{
    cell_value *of = gk_alloc_large((size_t)(frame->n_row + 1) * sizeof *of, "rows of a map");
    double *values = gk_alloc_large((size_t)(frame->n_row + 1) * sizeof *values, "rows of a map");
    int64_t n = 0;

    for (int64_t row = 0; of && values && row < frame->n_row; row++) {
        double x = frame->column[request->x].value[row], y = frame->column[request->y].value[row];
        double value = frame->column[z].value[row];
        if (has_place(frame, request->x, map->log_x, x) && has_place(frame, request->y, map->log_y, y) && !isnan(value))
            of[n++] = (cell_value){ index_of(map->y, map->n_y, y) * map->n_x + index_of(map->x, map->n_x, x), value };
    }
    if (of && values)
        qsort(of, (size_t)n, sizeof *of, compare_cells);
    for (int64_t first = 0, last; first < n; first = last) {
        for (last = first; last < n && of[last].cell == of[first].cell; last++)
            values[last - first] = of[last].z;
        map->z[of[first].cell] = gk_stat_quantile(last - first, values, 0.5);
        *most = last - first > *most ? last - first : *most;
    }
    free(of);
    free(values);
    return of && values ? 0 : -1;
}

static int make_map(const gk_frame *frame, const gk_map_request *request, int z, const gk_figure *figure, gk_arena *arena,
                    gk_map *map, int64_t *most)
{
    *map = (gk_map){ .log_x = figure->x.is_log, .log_y = figure->y[0].is_log };
    if ((map->n_x = values_of(frame, request->x, map->log_x, arena, &map->x)) < 0 ||
        (map->n_y = values_of(frame, request->y, map->log_y, arena, &map->y)) < 0)
        return -1;
    if (map->n_x * map->n_y > MAX_CELL)
        return gk_error("'%s' has %lld values of %s and %lld of %s: too many for a map, at most %d cells", frame->path,
                        (long long)map->n_x, frame->column[request->x].name, (long long)map->n_y,
                        frame->column[request->y].name, MAX_CELL);
    map->z = gk_arena_alloc(arena, (size_t)(map->n_x * map->n_y + 1) * sizeof *map->z);
    for (int64_t i = 0; i < map->n_x * map->n_y; i++)
        map->z[i] = NAN;
    if (fill_cells(frame, request, z, map, most) < 0)
        return -1;
    return gk_map_blur(map, request->blur);
}

static gk_figure_map drawn_map(const gk_map *map, gk_arena *arena)
{
    double *x_edge = gk_arena_alloc(arena, (size_t)(map->n_x + 1) * sizeof *x_edge);
    double *y_edge = gk_arena_alloc(arena, (size_t)(map->n_y + 1) * sizeof *y_edge);

    if (map->n_x > 0)
        gk_map_edges(map->n_x, map->x, map->log_x, x_edge);
    if (map->n_y > 0)
        gk_map_edges(map->n_y, map->y, map->log_y, y_edge);
    return (gk_figure_map){ map->n_x, map->n_y, map->x, map->y, x_edge, y_edge, map->z };
}

/* --- colours ------------------------------------------------------------------------------------------------------ */

/* The scale's ends: as given, else the lowest and the highest value (of those that the scale has a place for). */
static int choose_colours(const gk_frame *frame, int n_map, const gk_map *maps, gk_colour_scale *scale)
{
    double range[2] = { INFINITY, -INFINITY }, lowest = INFINITY;

    for (int m = 0; m < n_map; m++)
        for (int64_t i = 0; i < maps[m].n_x * maps[m].n_y; i++) {
            double z = maps[m].z[i];
            if (!isfinite(z))
                continue;
            lowest = fmin(lowest, z);
            if (scale->kind == GK_COLOUR_LOG && z <= 0)
                continue;
            range[0] = fmin(range[0], z);
            range[1] = fmax(range[1], z);
        }
    if (!isfinite(lowest))
        return gk_error("nothing to draw in '%s': no cell has a number", frame->path);
    if (scale->kind == GK_COLOUR_POWER && lowest < 0)
        return gk_error("a value of '%s' is %g: --colour-power is for values that are not negative", frame->path, lowest);
    if (!isfinite(range[0]))
        return gk_error("nothing to draw in '%s': no value is positive, so none has a place on a logarithmic scale", frame->path);
    for (int end = 0; end < 2; end++)
        if (isfinite(scale->range[end]))
            range[end] = scale->range[end];
    memcpy(scale->range, range, sizeof range);
    return 0;
}

/* --- parts: panels, or sets of contours ---------------------------------------------------------------------------- */

/* A table for each map: panels by metric, by the values of a column, or both; or sets of one panel. */
typedef struct map_parts { int n; gk_frame frame[GK_MAX_PANEL]; int z[GK_MAX_PANEL]; const char **name; } map_parts;

static int split_panels(const gk_frame *frame, const gk_map_request *request, gk_arena *arena, map_parts *out)
{
    gk_frame part[GK_MAX_PANEL] = { *frame };
    const char *name[GK_MAX_PANEL] = { NULL };
    int n = request->panel < 0 ? 1 : gk_panel_split(frame, request->panel, arena, part, name);

    if (n < 0)
        return -1;
    if (n * request->n_z > GK_MAX_PANEL)
        return gk_error("%d maps are too many panels, at most %d", n * request->n_z, GK_MAX_PANEL);
    for (int i = 0; i < n; i++)
        for (int z = 0; z < request->n_z; z++) {
            const char *metric = gk_plot_words(frame->column[request->z[z]].name, arena);
            out->frame[out->n] = part[i];
            out->z[out->n] = request->z[z];
            out->name[out->n++] = !name[i]            ? metric
                                  : request->n_z == 1 ? name[i]
                                                      : gk_arena_printf(arena, "%s, %s", name[i], metric);
        }
    return 0;
}

/* The rows of each combination of values of the `by` columns. */
static int split_sets(const gk_frame *frame, const gk_map_request *request, gk_arena *arena, map_parts *out)
{
    gk_plot_request named = { .n_by = request->n_by };
    gk_frame_levels levels;
    gk_frame coded = *frame;    /* with the set's number as one more column, to split by */
    double *code = gk_arena_alloc(arena, (size_t)(frame->n_row + 1) * sizeof *code);

    memcpy(named.by, request->by, sizeof named.by);
    if (gk_frame_code(frame, request->n_by, request->by, &levels) < 0)
        return -1;
    if (levels.n_level > GK_MAX_PANEL) {
        gk_frame_levels_release(&levels);
        return gk_error("--by makes more than %d sets of contours: too many to tell apart", GK_MAX_PANEL);
    }
    for (int64_t row = 0; row < frame->n_row; row++)
        code[row] = (double)levels.code[row];
    coded.column = gk_arena_alloc(arena, (size_t)(frame->n_column + 1) * sizeof *coded.column);
    memcpy(coded.column, frame->column, (size_t)frame->n_column * sizeof *coded.column);
    coded.column[coded.n_column++] = (gk_frame_column){ .name = "", .unit = "", .value = code };
    gk_frame part[GK_MAX_PANEL];
    const char *name[GK_MAX_PANEL];
    int n = gk_panel_split(&coded, frame->n_column, arena, part, name);
    for (int i = 0; i < n; i++) {
        int set = (int)part[i].column[frame->n_column].value[0];    /* in order of the values, not of appearance */
        out->frame[set] = part[i];
        out->z[set] = request->z[0];
        out->name[set] = gk_plot_set_label(frame, &named, arena, levels.first_row[set]);
    }
    out->n = n;
    gk_frame_levels_release(&levels);
    return n < 0 ? -1 : 0;
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void make_caption(const gk_map_request *request, const char *words, int n_map, const gk_map *maps, int64_t most,
                         gk_arena *arena, gk_figure *figure)
{
    const char *text = most > 1 ? gk_arena_printf(arena, "median of %lld runs in a cell", (long long)most) : "";
    bool has_infinite = false;

    for (int m = 0; m < n_map; m++)
        for (int64_t i = 0; i < maps[m].n_x * maps[m].n_y; i++)
            has_infinite |= isinf(maps[m].z[i]) && request->n_by == 0;
    if (request->n_by > 0 && request->colour.n_level == 1)
        text = gk_arena_printf(arena, "%s = %.6g%s%s", words, request->colour.level[0], *text ? ", " : "", text);
    else if (request->n_by > 0)
        text = gk_arena_printf(arena, "%s%s%s", words, *text ? ", " : "", text);
    if (request->blur > 0)
        text = gk_arena_printf(arena, "%s%sblurred, sigma %g", text, *text ? ", " : "", request->blur);
    if (has_infinite)
        text = gk_arena_printf(arena, "%s%sgrey: infinite", text, *text ? ", " : "");
    figure->caption = text;
}

/* Contours of several tables in one panel: a colour for each. */
static void draw_sets(const map_parts *parts, const gk_map *maps, gk_arena *arena, gk_figure *figure)
{
    int n_level = figure->colour.n_level;

    figure->key = gk_arena_alloc(arena, (size_t)(parts->n + n_level) * sizeof *figure->key);
    for (int i = 0; i < parts->n; i++) {
        gk_pen pen = { gk_plot_colour(&(gk_plot_request){ 0 }, i, parts->n), i + 1, 1, false };
        gk_plot_contours(&maps[i], 0, false, pen, arena, figure);
        figure->key[figure->n_key++] = (gk_key_entry){ parts->name[i], pen };
    }
    for (int l = 0; l < n_level && n_level > 1; l++)
        figure->key[figure->n_key++] = (gk_key_entry){ gk_arena_printf(arena, "%.6g", figure->colour.level[l]),
                                                       { 0x666666, l + 1, gk_plot_level_dash(l), false } };
}

static void draw_maps(const map_parts *parts, const gk_map *maps, gk_arena *arena, gk_figure *figure)
{
    figure->map = gk_arena_alloc(arena, (size_t)parts->n * sizeof *figure->map);
    figure->n_map = parts->n;
    figure->n_panel = parts->n > 1 ? parts->n : 0;
    figure->panel = gk_arena_alloc(arena, (size_t)parts->n * sizeof *figure->panel);
    for (int i = 0; i < parts->n; i++) {
        figure->panel[i].title = parts->name[i];
        figure->map[i] = drawn_map(&maps[i], arena);
        gk_plot_contours(&maps[i], i, true, (gk_pen){ 0, i + 1, 1, true }, arena, figure);
    }
}

int gk_plot_map(const gk_frame *frame, const gk_map_request *request, gk_arena *arena, gk_figure *figure)
{
    map_parts *parts = gk_arena_alloc(arena, sizeof *parts);
    int64_t most = 0;

    parts->name = gk_arena_alloc(arena, GK_MAX_PANEL * sizeof *parts->name);
    if (choose_axis(frame, request->x, request->axis[0], arena, &figure->x.is_log) < 0 ||
        choose_axis(frame, request->y, request->axis[1], arena, &figure->y[0].is_log) < 0 || check_cells(frame, request) < 0 ||
        (request->n_by > 0 ? split_sets(frame, request, arena, parts) : split_panels(frame, request, arena, parts)) < 0)
        return -1;
    gk_map *maps = gk_arena_alloc(arena, (size_t)(parts->n + 1) * sizeof *maps);
    for (int i = 0; i < parts->n; i++)
        if (make_map(&parts->frame[i], request, parts->z[i], figure, arena, &maps[i], &most) < 0)
            return -1;
    const char *label = figure->colour.label;
    figure->colour = request->colour;
    figure->colour.label = label;
    if (choose_colours(frame, parts->n, maps, &figure->colour) < 0)
        return -1;
    make_caption(request, gk_plot_words(frame->column[request->z[0]].name, arena), parts->n, maps, most, arena, figure);
    if (request->n_by > 0)
        draw_sets(parts, maps, arena, figure);
    else
        draw_maps(parts, maps, arena, figure);
    return 0;
}
