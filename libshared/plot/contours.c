/* contours.c -- contour lines of a map as lines of a figure. */
#include <math.h>
#include <string.h>
#include "base/arena.h"
#include "plot/map.h"

/* Room for more lines: arrays of the figure are in arena memory, and grow by copies. */
static void make_room(gk_figure *figure, int64_t n_more, gk_arena *arena)
{
    gk_figure_line *line = gk_arena_alloc(arena, (size_t)(figure->n_line + n_more + 1) * sizeof *line);

    if (figure->n_line > 0)
        memcpy(line, figure->line, (size_t)figure->n_line * sizeof *line);
    figure->line = line;
}

int gk_plot_level_dash(int level)
{
    static const int dashes[] = { 1, 2, 4, 3, 5 };

    return dashes[level % GK_N_DASH];
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
        double share = gk_colour_share(scale, scale->level[l]);
        gk_curve *line;
        int64_t n_line = gk_map_contour(&even, share, arena, &line);
        gk_pen used = pen;
        if (is_filled)
            used.colour = gk_colour_contrast(gk_colour_ramp(share));
        else
            used.dash = gk_plot_level_dash(l);
        make_room(figure, n_line, arena);
        for (int64_t i = 0; i < n_line; i++)
            figure->line[figure->n_line++] = (gk_figure_line){ .n = line[i].n, .x = line[i].x, .y = line[i].y, .pen = used,
                                                               .panel = panel, .level = &scale->level[l], .has_halo = is_filled };
    }
}
