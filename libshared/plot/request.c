/* request.c -- see request.h. */
#include "plot/request.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "plot/words.h"

int gk_plot_number_column(const gk_frame *frame, const char *name)
{
    int column = gk_frame_asked(frame, name);

    if (column >= 0 && frame->column[column].text)
        return gk_error("cannot draw column '%s' of '%s': it holds text, not numbers", name, frame->path);
    return column;
}

int gk_plot_columns(const gk_frame *frame, const char *names, bool numbers, int out[GK_PLOT_MAX_COLUMN])
{
    char *copy = strdup(names), *rest = copy;
    int n = 0;

    for (char *name; copy && n >= 0 && (name = strsep(&rest, ","));) {
        int column = numbers ? gk_plot_number_column(frame, name) : gk_frame_asked(frame, name);
        if (column >= 0 && n == GK_PLOT_MAX_COLUMN)
            column = gk_error("too many columns, at most %d can be drawn", GK_PLOT_MAX_COLUMN);
        if (column >= 0)
            out[n] = column;
        n = column >= 0 ? n + 1 : -1;
    }
    free(copy);
    return copy ? n : gk_error("cannot get memory for names of columns");
}

/* Add these columns to the metrics, on this axis.  0, or -1. */
static int add_group(const gk_frame *frame, const char *names, int axis, gk_plot_request *request)
{
    int column[GK_PLOT_MAX_COLUMN] = { 0 }, n = gk_plot_columns(frame, names, true, column);

    for (int i = 0; i < n; i++) {
        if (request->n_y == GK_PLOT_MAX_COLUMN)
            return gk_error("too many columns, at most %d can be drawn", GK_PLOT_MAX_COLUMN);
        request->y[request->n_y] = column[i];
        request->axis[request->n_y++] = axis;
    }
    return n < 0 ? -1 : 0;
}

int gk_plot_metrics(const gk_frame *frame, const char *metrics, const char *right, bool is_together, gk_arena *arena,
                    gk_plot_request *request)
{
    request->n_y = request->n_axis = 0;
    for (const char *group = metrics, *end; group; request->n_axis++) {
        end = strstr(group, GK_PLOT_GROUPS);
        if (request->n_axis == GK_MAX_AXIS - 1)
            return gk_error("more than %d groups of metrics", GK_MAX_AXIS - 1);
        const char *names = end ? gk_arena_printf(arena, "%.*s", (int)(end - group), group) : group;
        if (add_group(frame, names, request->n_axis, request) < 0)
            return -1;
        group = end ? end + strlen(GK_PLOT_GROUPS) : NULL;
    }
    if (request->n_axis == 1 && !right && !is_together)
        gk_plot_split(frame, arena, request);
    if (right && request->n_axis > 1)
        return gk_error("a right axis stands beside one group of metrics, and there are %d", request->n_axis);
    request->has_right = right != NULL;
    return right ? add_group(frame, right, request->n_axis++, request) : 0;
}

static bool are_shares(const gk_frame *frame, int n, const int *column, gk_arena *arena)
{
    for (int i = 0; i < n; i++) {
        const char *kind = gk_plot_kind(&frame->column[column[i]], arena);
        if (!kind || strcmp(kind, "accuracy") != 0)
            return false;
    }
    return true;
}

void gk_plot_axes(const gk_frame *frame, const gk_plot_request *request, const char *loss_unit, gk_arena *arena,
                  gk_figure *figure)
{
    figure->n_axis = request->n_axis > 0 ? request->n_axis : 1;
    figure->has_right = request->has_right;
    for (int a = 0; a < figure->n_axis; a++) {
        gk_axis *axis = &figure->y[a];
        int column[GK_PLOT_MAX_COLUMN], n = 0;
        for (int y = 0; y < request->n_y; y++)
            if (request->axis[y] == a)
                column[n++] = request->y[y];
        if (n == 0)
            continue;
        if (!axis->label)
            axis->label = gk_plot_axis_label(frame, n, column, loss_unit, arena);
        if (!isfinite(axis->range[0]) && !isfinite(axis->range[1]) && !axis->is_log && are_shares(frame, n, column, arena)) {
            axis->range[0] = -0.02;
            axis->range[1] = 1.02;
        }
    }
}

int gk_plot_palette(const char *list, gk_arena *arena, const uint32_t **out)
{
    uint32_t *colour = gk_arena_alloc(arena, (strlen(list) / 2 + 1) * sizeof *colour);
    char *rest = gk_arena_strdup(arena, list);
    int n = 0;

    for (char *text; (text = strsep(&rest, ","));) {
        size_t n_digit = 0;
        while (*text == '#' && isxdigit((unsigned char)text[1 + n_digit]))
            n_digit++;
        if (n_digit != 6 || text[7])
            return gk_error("'%s': expected #rrggbb,..., e.g. #0072b2,#d55e00", list);
        colour[n++] = (uint32_t)strtoul(text + 1, NULL, 16);
    }
    *out = colour;
    return n;
}
