/* extent.h -- what axes span. */
#ifndef GK_PLOT_EXTENT_H
#define GK_PLOT_EXTENT_H

#include "plot/figure.h"

/* Where a number lies between two ends of an axis, as a share. */
double gk_axis_share(const double range[2], bool is_log, double value);
double gk_axis_at(const double range[2], bool is_log, double share);

/* What an axis spans: its range as far as it is given, else the data. */
void   gk_figure_extent(const gk_figure *figure, bool is_x, int axis, double out[2]);

/* The same, always two different numbers that the axis has a place for, with some air around the data where that is theirs:
 * at the vertical axes, and beside points. */
void   gk_figure_range(const gk_figure *figure, bool is_x, int axis, double out[2]);

bool   gk_is_drawn(double value, bool is_log);

#endif
