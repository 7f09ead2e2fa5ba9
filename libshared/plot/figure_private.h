/* figure_private.h -- what the files that draw figures share. */
#ifndef GK_PLOT_FIGURE_PRIVATE_H
#define GK_PLOT_FIGURE_PRIVATE_H

#include <stdio.h>
#include "base/text.h"
#include "plot/extent.h"
#include "plot/figure.h"
#include "plot/layout.h"

/* A script on its way. */
typedef struct gk_writer {
    FILE             *out, *data;     /* data: where numbers go; NULL: into the script */
    const char       *data_name;
    int               n_block;        /* written so far */
    const gk_figure  *figure;
    const gk_canvas  *canvas;         /* complete */
    const gk_layout  *layout;
    int              *line_block;     /* [n_line] the block of each line, -1: there is none, or it is in an earlier one */
    int              *map_block[2];   /* [n_map] of cells with a colour, and of those that are infinite; -1: none */
} gk_writer;

/* Begin and end a block of numbers; what follows is written to the returned file. */
FILE *gk_block_begin(gk_writer *writer);
void  gk_block_end(gk_writer *writer);
/* The block in a plot command. */
void  gk_block_name(const gk_writer *writer, int block);

/* The script's parts about maps: data blocks and palette; the elements of a plot command for one panel. */
void        gk_script_map_data(gk_writer *writer);
void        gk_script_palette(const gk_writer *writer);
const char *gk_script_map_plot(const gk_writer *writer, int panel, const char *comma);

/* The script's parts that stand outside of a plot command: texts, legend, colour bar, signs (once), straight lines (of each
 * panel). */
void gk_script_overlay(const gk_writer *writer);
void gk_script_rules(const gk_writer *writer, int panel);
/* "linecolor rgb '#...' linewidth N dashtype (...)" of a pen.  turn: 0, 1, 0, ... of neighbours, whose widths then differ by
 * nothing that is seen: gnuplot's SVG makes one line of two of the same colour and width, with the dashes of the first. */
void gk_script_pen(const gk_writer *writer, gk_pen pen, int turn);
/* Points as gnuplot counts the width of lines; the diameter of a mark as it counts its size. */
double gk_script_width(const gk_canvas *canvas, double points);
double gk_script_point(const gk_canvas *canvas, double em);
#define GK_POINT 0.42    /* diameter of the dots on curves, in em, where lines are as wide as they are by default */

/* Numbers for the colour bar: at most n_most, ascending, within the scale's range. */
int         gk_colour_tics(const gk_colour_scale *scale, int n_most, double *tic);

/* Curves in a terminal, through gnuplot; maps as characters, one panel below another.  0, or -1. */
int         gk_figure_terminal(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output) GK_MUST_CHECK;
int         gk_figure_map_characters(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output)
    GK_MUST_CHECK;

#endif
