/* request.h -- what is asked for by names of columns, as a request for a figure of curves. */
#ifndef GK_PLOT_REQUEST_H
#define GK_PLOT_REQUEST_H

#include "plot/lines.h"

/* A column of numbers by name: its index, or -1 with gk_error. */
int gk_plot_number_column(const gk_frame *frame, const char *name) GK_MUST_CHECK;
/* Those of a comma list, of numbers or of anything; at most GK_PLOT_MAX_COLUMN.  Their number, or -1 with gk_error. */
int gk_plot_columns(const gk_frame *frame, const char *names, bool numbers, int out[GK_PLOT_MAX_COLUMN]) GK_MUST_CHECK;

/* Between groups of metrics in a text: a sign that no name of a column has, the symbol for "record separator" (an option takes no
 * control characters). */
#define GK_PLOT_GROUPS "\342\220\236"

/* The metrics, a comma list, or several with GK_PLOT_GROUPS between them, which have an axis each; of one list those of one
 * kind share an axis, or all do with is_together.  right: a comma list for the right axis, beside one left axis; NULL: there
 * is none.  0, or -1 with gk_error. */
int gk_plot_metrics(const gk_frame *frame, const char *metrics, const char *right, bool is_together, gk_arena *arena,
                    gk_plot_request *request) GK_MUST_CHECK;

/* Label and range of each axis that has none: shares of right answers span [0, 1] with a little air. */
void gk_plot_axes(const gk_frame *frame, const gk_plot_request *request, const char *loss_unit, gk_arena *arena,
                  gk_figure *figure);

/* "#0072b2,#d55e00" as colours in arena memory; their number, or -1 with gk_error. */
int gk_plot_palette(const char *list, gk_arena *arena, const uint32_t **out) GK_MUST_CHECK;

#endif
