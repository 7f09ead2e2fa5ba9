/* figure_private.h -- what the files that draw figures share. */
#ifndef GK_PLOT_FIGURE_PRIVATE_H
#define GK_PLOT_FIGURE_PRIVATE_H

#include <stdio.h>
#include "base/text.h"
#include "plot/figure.h"

/* Where the colour bar stands beside the panels, in shares of the figure. */
#define GK_BAR_LEFT  0.875
#define GK_BAR_WIDTH 0.022

/* Where a number lies between two ends of an axis, as a share. */
double gk_axis_share(const double range[2], bool is_log, double value);
/* What an axis spans: its range as far as it is given, else the data. */
void   gk_figure_extent(const gk_figure *figure, bool is_x, double out[2]);

/* Panels in a row: up to three; four are two by two. */
int    gk_panel_columns(int n_panel);

/* The script's parts about maps: data blocks, palette and colour bar (between bottom and top, in shares of the figure's height);
 * the elements of a plot command for one panel; texts and rules of one panel, whose predecessor's are taken away. */
void        gk_figure_map_data(FILE *out, const gk_figure *figure);
void        gk_figure_map_colours(FILE *out, const gk_figure *figure, double bottom, double top);
const char *gk_figure_map_plot(FILE *out, const gk_figure *figure, int panel, const char *comma);
void        gk_figure_texts(FILE *out, const gk_figure *figure, int panel);

/* Numbers for the colour bar: at most n_most, ascending, within the scale's range. */
int         gk_colour_tics(const gk_colour_scale *scale, int n_most, double *tic);

/* Maps as characters, one panel below another, in a width and height of characters (as many lines per panel).  0, or -1. */
int         gk_figure_map_characters(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output);

#endif
