/* map.h -- values on a grid of x and y, as a heat map shows them: where cells end, contour lines, blur. */
#ifndef GK_ANALYSIS_MAP_H
#define GK_ANALYSIS_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include "analysis/curves.h"
#include "base/arena.h"

/* Centres x [n_x] and y [n_y] ascending (and positive where their axis is logarithmic); z [n_y][n_x], NaN: no value. */
typedef struct gk_map {
    int64_t n_x, n_y;
    double *x, *y, *z;
    bool    log_x, log_y;
} gk_map;

/* Whether ascending values are spaced more evenly in the logarithm: they are all positive, at least three, span a factor of 4,
 * and their ratios vary less than their differences do (coefficient of variation). */
bool gk_map_looks_log(int64_t n, const double *value);

/* Edges [n + 1] of cells around n >= 1 ascending centres: half-way between neighbours (on the axis's scale), and as far out at
 * the ends.  A single cell is 1 wide, or a factor 2. */
void gk_map_edges(int64_t n, const double *centre, bool is_log, double *edge);

/* Gaussian blur of z in place, sigma in cells, over the cells that have finite values; the others stay as they are.  0, or -1
 * with gk_error (out of memory). */
int  gk_map_blur(gk_map *map, double sigma) GK_MUST_CHECK;

/* The lines on which z = level, linear between centres on the axes' scales [marching squares; at a saddle the mean of the four
 * corners decides].  Squares with a corner that is not finite have none.  A closed line ends where it starts.  *line and its
 * points are in arena memory; returns their number. */
int64_t gk_map_contour(const gk_map *map, double level, gk_arena *arena, gk_curve **line);

#endif
