/* panels.h -- small multiples: a plot for each value of a column, side by side with the same axes and colours. */
#ifndef GK_PLOT_PANELS_H
#define GK_PLOT_PANELS_H

#include "plot/lines.h"

/* The rows of each value of column `panel` as tables of their own, in order of appearance, and what to call them; memory from
 * arena.  Their number, or -1 with gk_error: too many values. */
int  gk_panel_split(const gk_frame *frame, int panel, gk_arena *arena, gk_frame part[GK_MAX_PANEL],
                    const char *name[GK_MAX_PANEL]) GK_MUST_CHECK;

/* Panels for a table: a column of them for each value of column `panel` (-1: one), in order of appearance, and a row for each
 * vertical axis but the right one.  Fills lines as gk_plot_lines does, the legend, and figure->panel.  0, or -1 with
 * gk_error: too many panels, out of memory. */
int  gk_plot_panels(const gk_frame *frame, const gk_plot_request *request, int panel, gk_arena *arena, gk_figure *figure)
    GK_MUST_CHECK;

#endif
