/* marks.c -- see plot_marks.h. */
#include "plot/marks.h"

#include <math.h>
#include <string.h>
#include "base/options.h"
#include "table/tsv.h"

enum { MAX_MARK = 64 };
static const uint32_t path_colour = 0xd55e00;    /* far from all colours of maps */

/* "NAME=" before a value, or nothing; *text goes on behind it. */
static const char *take_name(char **text, gk_arena *arena)
{
    char *equals = strrchr(*text, '=');
    const char *name = NULL;

    if (equals) {
        *equals = '\0';
        name = gk_arena_strdup(arena, *text);
        *text = equals + 1;
    }
    return name;
}

int gk_plot_points(const char *list, gk_arena *arena, gk_figure *figure)
{
    char *rest = gk_arena_strdup(arena, list);

    if (!figure->mark)
        figure->mark = gk_arena_alloc(arena, MAX_MARK * sizeof *figure->mark);
    for (char *first; (first = strsep(&rest, ","));) {
        gk_figure_mark point = { .text = take_name(&first, arena) };
        char *second = strsep(&rest, ",");
        if (!point.text || !*point.text || !second)
            return gk_error("'%s': expected NAME=X,Y", list);
        if (gk_parse_real(first, &point.x) < 0 || gk_parse_real(second, &point.y) < 0)
            return gk_error_context("'%s'", list);
        if (figure->n_mark == MAX_MARK)
            return gk_error("more than %d marks", MAX_MARK);
        figure->mark[figure->n_mark++] = point;
    }
    return 0;
}

int gk_plot_rules(const char *list, bool is_x, gk_arena *arena, gk_figure *figure)
{
    char *rest = gk_arena_strdup(arena, list);

    if (!figure->rule)
        figure->rule = gk_arena_alloc(arena, 2 * MAX_MARK * sizeof *figure->rule);
    for (char *value; (value = strsep(&rest, ","));) {
        gk_figure_rule rule = { .is_x = is_x, .text = take_name(&value, arena) };
        if (gk_parse_real(value, &rule.at) < 0)
            return gk_error_context("'%s'", list);
        if (figure->n_rule == MAX_MARK)
            return gk_error("more than %d lines", MAX_MARK);
        figure->rule[figure->n_rule++] = rule;
    }
    return 0;
}

/* --- paths -------------------------------------------------------------------------------------------------------- */

static int path_column(const gk_frame *frame, const char *name, const char *otherwise)
{
    int column = gk_frame_find(frame, name);

    if (column < 0 && (column = gk_frame_find(frame, otherwise)) < 0)
        column = gk_frame_asked(frame, name);
    if (column >= 0 && frame->column[column].text)
        return gk_error("cannot draw column '%s' of '%s': it holds text, not numbers", frame->column[column].name, frame->path);
    return column;
}

static double *copy_of(const double *value, int64_t n, gk_arena *arena)
{
    double *copy = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *copy);

    for (int64_t i = 0; i < n; i++)
        copy[i] = value[i];
    return copy;
}

static int add_path(const char *file, const char *x, const char *y, gk_arena *arena, gk_figure *figure)
{
    gk_frame *frame = gk_tsv_read(file);
    int n_panel = figure->n_panel > 1 ? figure->n_panel : 1;
    int x_column = frame ? path_column(frame, x, "x") : -1, y_column = x_column < 0 ? -1 : path_column(frame, y, "y");

    if (y_column >= 0) {
        gk_figure_line path = { .n = frame->n_row, .x = copy_of(frame->column[x_column].value, frame->n_row, arena),
                                .y = copy_of(frame->column[y_column].value, frame->n_row, arena),
                                .pen = { figure->n_map ? path_colour : 0, 1, 1, false }, .has_halo = figure->n_map > 0 };
        gk_figure_line *line = gk_arena_alloc(arena, (size_t)(figure->n_line + n_panel) * sizeof *line);
        for (int64_t i = 0; i < figure->n_line; i++)
            line[i] = figure->line[i];
        figure->line = line;
        for (path.panel = 0; path.panel < n_panel; path.panel++)
            figure->line[figure->n_line++] = path;
    }
    gk_frame_free(frame);
    return y_column < 0 ? -1 : 0;
}

int gk_plot_paths(const char *files, const char *x, const char *y, gk_arena *arena, gk_figure *figure)
{
    char *rest = gk_arena_strdup(arena, files);

    for (char *file; (file = strsep(&rest, ","));)
        if (add_path(file, x, y, arena, figure) < 0)
            return -1;
    return 0;
}

/* --- checks ------------------------------------------------------------------------------------------------------- */

static void widen(double range[2], const double *value, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        range[0] = fmin(range[0], value[i]);
        range[1] = fmax(range[1], value[i]);
    }
}

static int check(const char *what, const char *axis, double at, bool is_log, const double given[2], const double map[2])
{
    double low = isfinite(given[0]) ? given[0] : map[0], high = isfinite(given[1]) ? given[1] : map[1];

    if (is_log && at <= 0)
        return gk_error("mark '%s': %s is %g, which has no place on a logarithmic axis", what, axis, at);
    if (at < low || at > high)
        return gk_error("mark '%s': %s is %g, outside of the figure, which spans %.4g to %.4g", what, axis, at, low, high);
    return 0;
}

int gk_plot_check_marks(const gk_figure *figure)
{
    double x[2] = { -INFINITY, INFINITY }, y[2] = { -INFINITY, INFINITY };

    for (int m = 0; m < figure->n_map; m++) {
        if (m == 0) {
            x[0] = y[0] = INFINITY;
            x[1] = y[1] = -INFINITY;
        }
        widen(x, figure->map[m].x_edge, figure->map[m].n_x + 1);
        widen(y, figure->map[m].y_edge, figure->map[m].n_y + 1);
    }
    for (int i = 0; i < figure->n_mark; i++) {
        const gk_figure_mark *text = &figure->mark[i];
        if (check(text->text, "x", text->x, figure->x.is_log, figure->x.range, x) < 0 ||
            check(text->text, "y", text->y, figure->y[0].is_log, figure->y[0].range, y) < 0)
            return -1;
    }
    for (int i = 0; i < figure->n_rule; i++) {
        const gk_figure_rule *rule = &figure->rule[i];
        if (check(rule->text ? rule->text : "line", rule->is_x ? "x" : "y", rule->at,
                  rule->is_x ? figure->x.is_log : figure->y[0].is_log, rule->is_x ? figure->x.range : figure->y[0].range,
                  rule->is_x ? x : y) < 0)
            return -1;
    }
    return 0;
}
