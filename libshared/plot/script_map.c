/* script_map.c -- heat maps in a script for gnuplot: cells and their colours. */
#include <math.h>
#include "plot/figure_private.h"

enum { GREY = 0xb8b8b8 };
#define SEAM 0.1

/* --- cells -------------------------------------------------------------------------------------------------------- */

static bool has_value(const gk_figure_map *map, int64_t ix, int64_t iy)
{
    return ix < map->n_x && iy < map->n_y && isfinite(map->z[iy * map->n_x + ix]);
}

/* Where a cell ends: a little below a neighbour that is drawn later, because edges that only touch show the background between
 * them when they are drawn with antialiasing. */
static double reach(const double *edge, int64_t i, bool goes_on, bool is_log)
{
    if (!goes_on)
        return edge[i + 1];
    return is_log ? edge[i + 1] * pow(edge[i + 2] / edge[i + 1], SEAM) : edge[i + 1] + SEAM * (edge[i + 2] - edge[i + 1]);
}

/* Reaching both ways covers a corner of the cell across; if that has no value, the cell is two boxes that reach one way each. */
static void write_cell(FILE *out, const gk_figure *figure, const gk_figure_map *map, int64_t ix, int64_t iy)
{
    double z = map->z[iy * map->n_x + ix], left = map->x_edge[ix], low = map->y_edge[iy];
    bool has_right = has_value(map, ix + 1, iy) && isfinite(z), has_above = has_value(map, ix, iy + 1) && isfinite(z);
    bool is_twice = has_right && has_above && !has_value(map, ix + 1, iy + 1);

    for (int way = 0; way <= is_twice; way++)
        fprintf(out, "%.9g %.9g %.9g %.9g %.9g %.9g %.6f\n", left, low, left,
                reach(map->x_edge, ix, has_right && way == 0, figure->x.is_log), low,
                reach(map->y_edge, iy, has_above && (!is_twice || way == 1), figure->y[0].is_log),
                isinf(z) ? 0 : fmin(fmax(gk_colour_share(&figure->colour, z), 0), 1));
}

/* Cells with a colour, or those that are infinite: their block, -1 if there are none. */
static int write_cells(gk_writer *w, int panel, bool is_infinite)
{
    const gk_figure_map *map = &w->figure->map[panel];
    FILE *out = NULL;

    for (int64_t iy = 0; iy < map->n_y; iy++)
        for (int64_t ix = 0; ix < map->n_x; ix++) {
            double z = map->z[iy * map->n_x + ix];
            if (is_infinite ? !isinf(z) : !isfinite(z))
                continue;
            if (!out)
                out = gk_block_begin(w);
            write_cell(out, w->figure, map, ix, iy);
        }
    if (out)
        gk_block_end(w);
    return out ? w->n_block - 1 : -1;
}

const char *gk_script_map_plot(const gk_writer *w, int panel, const char *comma)
{
    static const char boxes[] = " using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid 1.0 noborder fillcolor ";

    for (int is_infinite = 1; is_infinite >= 0; is_infinite--) {
        if (w->map_block[is_infinite][panel] < 0)
            continue;
        fputs(comma, w->out);
        gk_block_name(w, w->map_block[is_infinite][panel]);
        fputs(boxes, w->out);
        if (is_infinite)
            fprintf(w->out, "rgb '#%06x' notitle", (unsigned)GREY);
        else
            fputs("palette notitle", w->out);
        comma = ", \\\n     ";
    }
    return comma;
}

void gk_script_map_data(gk_writer *w)
{
    for (int m = 0; m < w->figure->n_map; m++)
        for (int is_infinite = 0; is_infinite < 2; is_infinite++)
            w->map_block[is_infinite][m] = write_cells(w, m, is_infinite);
}

void gk_script_palette(const gk_writer *w)
{
    fputs("set palette defined (", w->out);
    for (int i = 0; i <= 20; i++)
        fprintf(w->out, "%s%g '#%06x'", i ? ", " : "", i / 20.0, (unsigned)gk_colour_ramp(i / 20.0));
    fputs(") maxcolors 256\nset cbrange [0:1]\n", w->out);
}
