/* map.h -- from the rows of a table to a heat map: cells of x and y, their colours, contour lines. */
#ifndef GK_PLOT_MAP_H
#define GK_PLOT_MAP_H

#include "analysis/map.h"
#include "plot/lines.h"

typedef enum { GK_AXIS_AUTO, GK_AXIS_LINEAR, GK_AXIS_LOG } gk_axis_kind;

typedef struct gk_map_request {
    int             x, y;                         /* columns */
    int             n_z, z[GK_PLOT_MAX_COLUMN];   /* a map for each */
    int             panel;                        /* -1, or a column: a map for each of its values */
    int             n_by, by[GK_PLOT_MAX_COLUMN]; /* contours alone, one colour for each combination of values */
    gk_axis_kind    axis[2];                      /* x, y; GK_AXIS_AUTO: as the values are spaced (gk_map_looks_log) */
    gk_colour_scale colour;                       /* kind, power, range (NaN: from the data), levels of contours */
    double          blur;                         /* sigma in cells, of what is drawn; 0: none */
} gk_map_request;

/* Fill figure->map, ->colour, ->line (contours), which axes are logarithmic, panels and caption; memory from arena.  A cell with
 * several runs shows their median.  -1 with gk_error: no values; several rows of one run in a cell, or of runs that differ in an
 * option that the figure does not show; a value that has no place on a logarithmic axis or on the colour scale. */
int gk_plot_map(const gk_frame *frame, const gk_map_request *request, gk_arena *arena, gk_figure *figure) GK_MUST_CHECK;

/* Add the contours of a map at the levels of figure->colour to the figure: with `is_filled` in black or white, whichever stands
 * out, with their values on them where they have room; else in the pen's colour, a dash for each level. */
void gk_plot_contours(const gk_map *map, int panel, bool is_filled, gk_pen pen, gk_arena *arena, gk_figure *figure);
int  gk_plot_level_dash(int level);

#endif
