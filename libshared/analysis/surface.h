/* surface.h -- a function z(x, y) known on a grid: interpolation, contours, lowest cell.
 *
 * The grid is what the rows of a table make: the different x, times the different y, evenly spaced or not; a curve z(x) is a grid
 * with one y.  Along a logarithmic axis everything is done in ln x; positions and gradients that go in and out are in x itself.
 *
 * Interpolation is by products of cubic Hermite polynomials whose slopes at a node are those of the polynomial through five nodes
 * around it (three near the edge): once differentiable, local, exact for bicubic polynomials two nodes away from the edge and for
 * biquadratic ones everywhere.  It may overshoot beside a cliff, as bicubic interpolation does.  Near a missing cell it is
 * bilinear. */
#ifndef GK_ANALYSIS_SURFACE_H
#define GK_ANALYSIS_SURFACE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

enum { GK_SURFACE_LOG_X = 1, GK_SURFACE_LOG_Y = 2, GK_SURFACE_LOG_Z = 4 };

/* Nodes of one axis, ascending: x as given, and u, in which is interpolated (x or ln x). */
typedef struct gk_axis { int64_t n; double *x, *u; bool log; } gk_axis;

typedef struct gk_surface {
    gk_axis x, y;
    double *z;          /* [y.n][x.n] the median of the rows of each cell; NaN: none that is finite */
    double *f;          /* the same, or its logarithm: what is interpolated */
    bool    log_z;
} gk_surface;

/* From n rows; several of one cell are replicas (seeds), and count by their median.  y NULL: a curve z(x), all of it at y = 0.
 * log: GK_SURFACE_LOG_*.  NULL with gk_error: no rows, no grid (more than 3 of 4 cells empty), not positive where a
 * logarithm is taken, out of memory. */
gk_surface *gk_surface_new(int64_t n, const double *x, const double *y, const double *z, unsigned log);
void        gk_surface_free(gk_surface *surface);    /* NULL is fine */

/* z and (dz/dx, dz/dy) at a point.  false: outside, or between nodes of which one is missing.  At a node that has no neighbour to
 * compare with there is a z, and the gradient is NaN. */
bool gk_surface_at(const gk_surface *surface, double x, double y, double *z, double gradient[2]);

/* Where z goes over a level: between nodes of which one is at most the level and the other above it, one place per pair. */
typedef struct gk_crossing { double x, y, gradient[2]; bool rises; } gk_crossing;

/* Along x at this y / along y at this x (between the nodes of the other axis, too).  out: room for nodes - 1 of the axis.  Number
 * of crossings, in the order of the axis; missing cells end a piece. */
int64_t gk_surface_cross_x(const gk_surface *surface, double y, double level, gk_crossing *out);
int64_t gk_surface_cross_y(const gk_surface *surface, double x, double level, gk_crossing *out);

/* The part of the axis x, at this y, where z is at most a level. */
typedef struct gk_below {
    int64_t n_piece;
    double  low, high;            /* ends of the lowest and of the highest piece; NaN if there is none */
    double  width;                /* of all pieces together; in powers of ten if the axis is logarithmic */
    bool    open_low, open_high;  /* the grid ends (or a cell is missing) before the piece does */
} gk_below;
/* -1 with gk_error: out of memory. */
int gk_surface_below(const gk_surface *surface, double y, double level, gk_below *out) GK_MUST_CHECK;

/* Cell of the lowest (highest) z, the first of several; false if all are missing. */
bool gk_surface_extreme(const gk_surface *surface, bool highest, int64_t *ix, int64_t *iy);

#endif
