/* panels.c -- see plot_panels.h. */
#include "plot/panels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "plot/words.h"

/* The rows of a table in which column `panel` has the value of row `first`. */
static gk_frame rows_like(const gk_frame *frame, int panel, int64_t first, gk_arena *arena)
{
    const gk_frame_column *by = &frame->column[panel];
    gk_frame part = *frame;
    int64_t *row = gk_arena_alloc(arena, (size_t)(frame->n_row + 1) * sizeof *row);
    part.n_row = 0;
    for (int64_t i = 0; i < frame->n_row; i++)
        if (gk_cell_same(by, i, by, first))
            row[part.n_row++] = i;
    part.column = gk_arena_alloc(arena, (size_t)frame->n_column * sizeof *part.column);
    for (int c = 0; c < frame->n_column; c++) {
        const gk_frame_column *from = &frame->column[c];
        part.column[c] = *from;
        double      *value = from->value ? gk_arena_alloc(arena, (size_t)(part.n_row + 1) * sizeof *value) : NULL;
        const char **text = from->text ? gk_arena_alloc(arena, (size_t)(part.n_row + 1) * sizeof *text) : NULL;
        for (int64_t i = 0; i < part.n_row; i++) {
            if (value)
                value[i] = from->value[row[i]];
            if (text)
                text[i] = from->text[row[i]];
        }
        part.column[c].value = value;
        part.column[c].text = text;
    }
    return part;
}

static const char *panel_name(const gk_frame_column *by, int64_t row, gk_arena *arena)
{
    return by->text ? by->text[row] : gk_arena_printf(arena, "%s %.6g", gk_plot_words(by->name, arena), by->value[row]);
}

/* First rows of the different values, in order of appearance; their number, or -1 with gk_error. */
static int find_panels(const gk_frame *frame, int panel, gk_arena *arena, int64_t first[GK_MAX_PANEL], const char **name)
{
    const gk_frame_column *by = &frame->column[panel];
    int n = 0;
    for (int64_t row = 0; row < frame->n_row; row++) {
        const char *here = panel_name(by, row, arena);
        int known = 0;
        while (known < n && strcmp(name[known], here) != 0)
            known++;
        if (known < n)
            continue;
        if (n == GK_MAX_PANEL)
            return gk_error("column '%s' has more than %d values: too many panels", by->name, GK_MAX_PANEL);
        first[n] = row;
        name[n++] = here;
    }
    return n;
}

int gk_panel_split(const gk_frame *frame, int panel, gk_arena *arena, gk_frame part[GK_MAX_PANEL],
                   const char *name[GK_MAX_PANEL])
{
    int64_t first[GK_MAX_PANEL];
    int n = find_panels(frame, panel, arena, first, name);

    for (int i = 0; i < n; i++)
        part[i] = rows_like(frame, panel, first[i], arena);
    return n;
}

static void append(gk_figure *figure, const gk_figure *part, int panel, int n_value, gk_arena *arena)
{
    gk_figure_line *line = gk_arena_alloc(arena, (size_t)(figure->n_line + part->n_line + 1) * sizeof *line);

    if (figure->n_line > 0)
        memcpy(line, figure->line, (size_t)figure->n_line * sizeof *line);
    figure->line = line;
    for (int64_t i = 0; i < part->n_line; i++) {
        line[figure->n_line] = part->line[i];
        line[figure->n_line].panel = part->line[i].panel * n_value + panel;
        figure->n_line++;
    }
}

/* Titles stand above the first row. */
static int make_panels(const gk_plot_request *request, int n_value, const char **name, gk_arena *arena, gk_figure *figure)
{
    int n_row = request->n_axis - request->has_right > 1 ? request->n_axis - request->has_right : 1;

    if (n_row * n_value > GK_MAX_PANEL)
        return gk_error("%d panels are too many, at most %d", n_row * n_value, GK_MAX_PANEL);
    figure->n_panel = n_row * n_value;
    figure->n_column = n_row > 1 ? n_value : 0;
    figure->panel = gk_arena_alloc(arena, (size_t)figure->n_panel * sizeof *figure->panel);
    for (int p = 0; p < figure->n_panel; p++)
        figure->panel[p] = (gk_panel){ p < n_value ? name[p] : NULL, p / n_value };
    return 0;
}

int gk_plot_panels(const gk_frame *frame, const gk_plot_request *request, int panel, gk_arena *arena, gk_figure *figure)
{
    gk_frame     part[GK_MAX_PANEL] = { *frame };
    const char  *name[GK_MAX_PANEL] = { NULL };
    gk_plot_sets sets;
    int n = panel < 0 ? 1 : gk_panel_split(frame, panel, arena, part, name);
    int status =
        n < 0 || make_panels(request, n, name, arena, figure) < 0 ? -1 : gk_plot_legend(frame, request, arena, &sets, figure);
    for (int i = 0; i < n && status == 0; i++) {
        gk_figure one = *figure;
        one.line = NULL;
        one.n_line = 0;
        status = gk_plot_lines(&part[i], request, &sets, arena, &one);
        append(figure, &one, i, n, arena);
        figure->caption = one.caption;
    }
    return status;
}
