/* contours.c -- contour lines of a map as lines of a figure, and where their values are written. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "plot/map.h"

/* A label keeps this far from others and from marks, in shares of the figure. */
#define ROOM 0.09

/* Room for more lines or texts: arrays of the figure are in arena memory, and grow by copies. */
static void *grown(gk_arena *arena, const void *old, size_t n_old, size_t n_more, size_t n_bytes)
{
    char *grown = gk_arena_alloc(arena, (n_old + n_more + 1) * n_bytes);

    if (n_old > 0)
        memcpy(grown, old, n_old * n_bytes);
    return grown;
}

/* Where a point is between the ends of the map, as shares of its width and height. */
static void place(const gk_map *map, double x, double y, double out[2])
{
    double x_first = map->x[0], x_last = map->x[map->n_x - 1], y_first = map->y[0], y_last = map->y[map->n_y - 1];

    out[0] = map->log_x ? log(x / x_first) / log(x_last / x_first) : (x - x_first) / (x_last - x_first);
    out[1] = map->log_y ? log(y / y_first) / log(y_last / y_first) : (y - y_first) / (y_last - y_first);
}

static double distance(const gk_map *map, double x0, double y0, double x1, double y1)
{
    double a[2], b[2];

    place(map, x0, y0, a);
    place(map, x1, y1, b);
    return hypot(a[0] - b[0], a[1] - b[1]);
}

/* Distance from the nearest text of the panel. */
static double room_at(const gk_map *map, const gk_figure *figure, int panel, double x, double y)
{
    double nearest = INFINITY;

    for (int i = 0; i < figure->n_text; i++)
        if (figure->text[i].panel < 0 || figure->text[i].panel == panel)
            nearest = fmin(nearest, distance(map, x, y, figure->text[i].x, figure->text[i].y));
    return nearest;
}

static double length_of(const gk_map *map, const gk_curve *line)
{
    double length = 0;

    for (int64_t i = 0; i + 1 < line->n; i++)
        length += distance(map, line->x[i], line->y[i], line->x[i + 1], line->y[i + 1]);
    return length;
}

/* The value of a level on the longest of its lines: at the point nearest to its middle that has room, or that with most. */
static void label_level(const gk_map *map, int panel, double level, const gk_curve *line, gk_arena *arena, gk_figure *figure)
{
    int64_t best = -1, middle = line->n / 2;
    double  best_room = -1;

    for (int64_t away = 0; away <= middle && best_room < ROOM; away++)
        for (int side = -1; side <= 1; side += 2) {
            int64_t i = middle + side * away;
            double  at[2], room;
            if (i < 0 || i >= line->n)
                continue;
            place(map, line->x[i], line->y[i], at);
            room = room_at(map, figure, panel, line->x[i], line->y[i]);
            bool is_inside = at[0] > 0.03 && at[0] < 0.97 && at[1] > 0.03 && at[1] < 0.97;
            if (fmin(room, ROOM) - (is_inside ? 0 : ROOM / 2) > best_room) {
                best_room = fmin(room, ROOM) - (is_inside ? 0 : ROOM / 2);
                best = i;
            }
        }
    if (best < 0)
        return;
    figure->text = grown(arena, figure->text, (size_t)figure->n_text, 1, sizeof *figure->text);
    figure->text[figure->n_text++] = (gk_figure_text){ line->x[best], line->y[best], gk_arena_printf(arena, "%.6g", level), true,
                                                       level, panel };
}

int gk_plot_level_dash(int level)
{
    static const int dashes[] = { 1, 2, 4, 3, 5 };

    return dashes[level % 5];
}

void gk_plot_contours(const gk_map *map, int panel, bool is_filled, gk_pen pen, gk_arena *arena, gk_figure *figure)
{
    const gk_colour_scale *scale = &figure->colour;
    gk_map even = *map;    /* on the scale of the colours: lines fall where colours change */
    int64_t n = map->n_x * map->n_y;

    even.z = gk_arena_alloc(arena, (size_t)n * sizeof *even.z);
    for (int64_t i = 0; i < n; i++)
        even.z[i] = !isfinite(map->z[i]) ? map->z[i] : fmax(gk_colour_share(scale, map->z[i]), -1);
    for (int l = 0; l < scale->n_level; l++) {
        double share = gk_colour_share(scale, scale->level[l]), longest = -1;
        gk_curve *line;
        int64_t n_line = gk_map_contour(&even, share, arena, &line), which = -1;
        gk_pen used = pen;
        if (is_filled)
            used.colour = gk_colour_contrast(gk_colour_ramp(share));
        else
            used.dash = gk_plot_level_dash(l);
        figure->line = grown(arena, figure->line, (size_t)figure->n_line, (size_t)n_line, sizeof *figure->line);
        for (int64_t i = 0; i < n_line; i++) {
            double length = length_of(map, &line[i]);
            figure->line[figure->n_line++] = (gk_figure_line){ .n = line[i].n, .x = line[i].x, .y = line[i].y, .pen = used,
                                                               .panel = panel, .has_halo = is_filled };
            if (length > longest) {
                longest = length;
                which = i;
            }
        }
        if (which >= 0 && is_filled)
            label_level(map, panel, scale->level[l], &line[which], arena, figure);
    }
}
