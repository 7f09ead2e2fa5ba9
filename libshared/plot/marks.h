/* marks.h -- what an option lays over a figure: named points, straight lines, paths. */
#ifndef GK_PLOT_MARKS_H
#define GK_PLOT_MARKS_H

#include "base/arena.h"
#include "plot/figure.h"

/* "A=1,200,B=8,200": add the points to figure->mark.  -1 with gk_error: what is wrong with the list. */
int gk_plot_points(const char *list, gk_arena *arena, gk_figure *figure) GK_MUST_CHECK;

/* "0.1" or "w_c=1.5", or several: add vertical (is_x) or horizontal lines to figure->rule.  -1 as above. */
int gk_plot_rules(const char *list, bool is_x, gk_arena *arena, gk_figure *figure) GK_MUST_CHECK;

/* Add a line for each table of a comma list, through its rows in order, on all panels; columns x and y, or "x" and "y" if it has
 * no such.  -1 with gk_error: a table cannot be read or lacks the columns. */
int gk_plot_paths(const char *files, const char *x, const char *y, gk_arena *arena, gk_figure *figure) GK_MUST_CHECK;

/* Once the axes are known: -1 with gk_error if a point or line lies where the figure has no place for it. */
int gk_plot_check_marks(const gk_figure *figure) GK_MUST_CHECK;

#endif
