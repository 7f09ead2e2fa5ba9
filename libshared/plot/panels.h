/* panels.h -- small multiples: a plot for each value of a column, side by side with the same axes and colours. */
#ifndef GK_PLOT_PANELS_H
#define GK_PLOT_PANELS_H

#include "plot/lines.h"

enum { GK_MAX_PANEL = 12 };

/* The rows of each value of column `panel` as tables of their own, in order of appearance, and what to call them; memory from
 * arena.  Their number, or -1 with gk_error: too many values. */
int  gk_panel_split(const gk_frame *frame, int panel, gk_arena *arena, gk_frame part[GK_MAX_PANEL],
                    const char *name[GK_MAX_PANEL]) GK_MUST_CHECK;

/* As gk_plot_lines for the rows of each value of column `panel`, in order of appearance, with one legend for all; each line of
 * the figure knows its panel.  0, or -1 with gk_error: too many values, out of memory. */
int  gk_plot_panels(const gk_frame *frame, const gk_plot_request *request, int panel, gk_arena *arena, gk_figure *figure)
    GK_MUST_CHECK;

/* Draw the curves whose legend contains one of the comma-separated words as usual, all others thin and without bands. */
void gk_plot_emphasise(const char *words, gk_arena *arena, gk_figure *figure);

#endif
