/* surface.c -- see surface.h. */
#include "analysis/surface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/stat.h"
#include "base/arena.h"

enum { MOST_WEIGHT = 6, MOST_CELL = 1 << 24 };

/* --- the grid -------------------------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The different values, ascending; x NULL: one node. */
static int axis_init(gk_axis *axis, int64_t n, const double *x, bool is_log)
{
    axis->log = is_log && x;
    axis->x = gk_alloc_large((size_t)(n + 1) * sizeof *axis->x, "axis of a grid");
    axis->u = gk_alloc_large((size_t)(n + 1) * sizeof *axis->u, "axis of a grid");
    if (!axis->x || !axis->u)
        return -1;
    axis->n = 1;
    if (!x)
        return 0;
    memcpy(axis->x, x, (size_t)n * sizeof *x);
    qsort(axis->x, (size_t)n, sizeof *x, by_value);
    for (int64_t i = 1; i < n; i++)
        if (axis->x[i] != axis->x[axis->n - 1])
            axis->x[axis->n++] = axis->x[i];
    if (!isfinite(axis->x[0]) || !isfinite(axis->x[axis->n - 1]))
        return gk_error("an axis of a grid must be finite, it goes from %g to %g", axis->x[0], axis->x[axis->n - 1]);
    if (axis->log && axis->x[0] <= 0)
        return gk_error("a logarithmic axis must be positive, it begins at %g", axis->x[0]);
    for (int64_t i = 0; i < axis->n; i++)
        axis->u[i] = axis->log ? log(axis->x[i]) : axis->x[i];
    return 0;
}

/* The last node that is not above x (of those that begin an interval). */
static int64_t interval_of(const double *node, int64_t n, double x)
{
    int64_t low = 0, high = n > 1 ? n - 1 : 1;
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (node[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static int64_t node_of(const gk_axis *axis, double x)
{
    int64_t i = interval_of(axis->x, axis->n, x);
    return i + (i + 1 < axis->n && axis->x[i + 1] == x);
}

typedef struct cell_row { int64_t cell; double z; } cell_row;

static int by_cell(const void *a, const void *b)
{
    const cell_row *x = a, *y = b;
    return x->cell != y->cell ? (x->cell > y->cell) - (x->cell < y->cell) : (x->z > y->z) - (x->z < y->z);
}

/* The cells' medians, from rows sorted by cell; how many cells have any.  -1 with gk_error. */
static int64_t fill(gk_surface *s, int64_t n, cell_row *rows, double *same)
{
    int64_t n_filled = 0;
    qsort(rows, (size_t)n, sizeof *rows, by_cell);
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && rows[end].cell == rows[i].cell; end++)
            same[end - i] = rows[end].z;
        double z = gk_stat_quantile(end - i, same, 0.5);
        s->z[rows[i].cell] = isfinite(z) ? z : NAN;
        if (s->log_z && z <= 0)
            return gk_error("logarithm of a value that is not positive: %g", z);
        n_filled++;
    }
    for (int64_t cell = 0; cell < s->x.n * s->y.n; cell++)
        s->f[cell] = s->log_z ? log(s->z[cell]) : s->z[cell];
    return n_filled;
}

static int surface_init(gk_surface *s, int64_t n, const double *x, const double *y, const double *z, cell_row *rows)
{
    double *same = gk_alloc_large((size_t)(n + 1) * sizeof *same, "rows of a grid");
    int64_t n_filled, n_cell = s->x.n * s->y.n;
    int     status = -1;

    s->z = gk_alloc_large((size_t)n_cell * sizeof *s->z, "cells of a grid");
    s->f = gk_alloc_large((size_t)n_cell * sizeof *s->f, "cells of a grid");
    if (!same || !s->z || !s->f)
        goto done;
    for (int64_t cell = 0; cell < n_cell; cell++)
        s->z[cell] = NAN;
    for (int64_t i = 0; i < n; i++)
        rows[i] = (cell_row){ (y ? node_of(&s->y, y[i]) : 0) * s->x.n + node_of(&s->x, x[i]), z[i] };
    if ((n_filled = fill(s, n, rows, same)) < 0)
        goto done;
    if (n_filled < n_cell / 4)
        gk_error("no grid: %lld x %lld different values, and only %lld of these cells have rows", (long long)s->x.n,
                 (long long)s->y.n, (long long)n_filled);
    else
        status = 0;
done:
    free(same);
    return status;
}

gk_surface *gk_surface_new(int64_t n, const double *x, const double *y, const double *z, unsigned log)
{
    gk_surface *s = gk_alloc_large(sizeof *s, "a grid");
    cell_row   *rows = gk_alloc_large((size_t)(n + 1) * sizeof *rows, "rows of a grid");
    int         status = -1;

    if (!s || !rows)
        goto done;
    s->log_z = log & GK_SURFACE_LOG_Z;
    if (n == 0) {
        gk_error("no rows for a grid");
        goto done;
    }
    if (axis_init(&s->x, n, x, log & GK_SURFACE_LOG_X) < 0 || axis_init(&s->y, n, y, log & GK_SURFACE_LOG_Y) < 0)
        goto done;
    if (s->x.n > MOST_CELL / s->y.n) {
        gk_error("no grid: %lld x %lld different values", (long long)s->x.n, (long long)s->y.n);
        goto done;
    }
    status = surface_init(s, n, x, y, z, rows);
done:
    free(rows);
    if (status < 0) {
        gk_surface_free(s);
        s = NULL;
    }
    return s;
}

void gk_surface_free(gk_surface *surface)
{
    if (!surface)
        return;
    free(surface->x.x);
    free(surface->x.u);
    free(surface->y.x);
    free(surface->y.u);
    free(surface->z);
    free(surface->f);
    free(surface);
}

/* --- interpolation: along each axis a few nodes with weights ------------------------------------------------------------- */

/* sum of weight[i] f[first + i] is the value, of slope[i] f[first + i] its derivative by u. */
typedef struct weights { int64_t first; int n; double weight[MOST_WEIGHT], slope[MOST_WEIGHT]; } weights;

/* d[j - from] += scale * weight of node j in the derivative at node k of the polynomial through the nodes around it. */
static void add_derivative(const gk_axis *axis, int64_t k, int64_t from, double scale, double *d)
{
    const double *u = axis->u;
    int64_t reach = k >= 2 && k + 2 < axis->n ? 2 : 1, a = k - reach, b = k + reach;
    if (a < 0) {
        a = 0;
        b = axis->n > 2 ? 2 : axis->n - 1;
    } else if (b > axis->n - 1) {
        b = axis->n - 1;
        a = axis->n > 2 ? b - 2 : 0;
    }
    for (int64_t j = a; j <= b; j++) {
        if (j == k)
            continue;
        double w = 1 / (u[j] - u[k]);
        d[k - from] += scale / (u[k] - u[j]);
        for (int64_t m = a; m <= b; m++)
            if (m != j && m != k)
                w *= (u[k] - u[m]) / (u[j] - u[m]);
        d[j - from] += scale * w;
    }
}

static weights linear_weights(const gk_axis *axis, int64_t i, double t)
{
    if (axis->n == 1)
        return (weights){ 0, 1, { 1 }, { 0 } };
    double h = axis->u[i + 1] - axis->u[i];
    return (weights){ i, 2, { 1 - t, t }, { -1 / h, 1 / h } };
}

/* Cubic Hermite between nodes i and i + 1, t in [0, 1] between them. */
static weights cubic_weights(const gk_axis *axis, int64_t i, double t)
{
    if (axis->n < 3)
        return linear_weights(axis, i, t);
    int64_t first = i > 2 ? i - 2 : 0, last = i + 3 < axis->n ? i + 3 : axis->n - 1;
    weights w = { .first = first, .n = (int)(last - first + 1) };
    double  h = axis->u[i + 1] - axis->u[i], t2 = t * t, t3 = t2 * t;
    double  value[2] = { 2 * t3 - 3 * t2 + 1, 3 * t2 - 2 * t3 }, turn[2] = { t3 - 2 * t2 + t, t3 - t2 };
    double  value_slope = 6 * (t2 - t) / h, turn_slope[2] = { 3 * t2 - 4 * t + 1, 3 * t2 - 2 * t };
    for (int side = 0; side < 2; side++) {
        w.weight[i + side - first] += value[side];
        w.slope[i + side - first] += side == 0 ? value_slope : -value_slope;
        if (turn[side] != 0)    /* at a node, its value counts, and no neighbour that may be missing */
            add_derivative(axis, i + side, first, turn[side] * h, w.weight);
        add_derivative(axis, i + side, first, turn_slope[side], w.slope);
    }
    return w;
}

/* The value, and apart from it the gradient, are NaN where a node that has weight in them is missing. */
static void combine(const gk_surface *s, const weights *x, const weights *y, double *f, double gradient[2])
{
    *f = gradient[0] = gradient[1] = 0;
    for (int j = 0; j < y->n; j++)
        for (int i = 0; i < x->n; i++) {
            double node = s->f[(y->first + j) * s->x.n + x->first + i];
            double value = x->weight[i] * y->weight[j], dx = x->slope[i] * y->weight[j], dy = x->weight[i] * y->slope[j];
            *f += value != 0 ? value * node : 0;
            gradient[0] += dx != 0 ? dx * node : 0;
            gradient[1] += dy != 0 ? dy * node : 0;
        }
}

static bool place(const gk_axis *axis, double x, int64_t *i, double *t)
{
    double u = axis->log ? log(x) : x;
    *i = interval_of(axis->x, axis->n, x);
    *t = 0;
    if (!(x >= axis->x[0] && x <= axis->x[axis->n - 1]))
        return false;
    if (axis->n > 1)
        *t = (u - axis->u[*i]) / (axis->u[*i + 1] - axis->u[*i]);
    return true;
}

bool gk_surface_at(const gk_surface *s, double x, double y, double *z, double gradient[2])
{
    int64_t i, j;
    double  t, v;
    *z = gradient[0] = gradient[1] = NAN;
    if (!place(&s->x, x, &i, &t) || !place(&s->y, y, &j, &v))
        return false;
    weights wx = cubic_weights(&s->x, i, t), wy = cubic_weights(&s->y, j, v);
    combine(s, &wx, &wy, z, gradient);
    if (isnan(*z + gradient[0] + gradient[1])) {
        wx = linear_weights(&s->x, i, t);
        wy = linear_weights(&s->y, j, v);
        combine(s, &wx, &wy, z, gradient);
    }
    if (isnan(*z))
        return false;
    if (s->log_z) {
        *z = exp(*z);
        gradient[0] *= *z;
        gradient[1] *= *z;
    }
    if (s->x.log)
        gradient[0] /= x;
    if (s->y.log)
        gradient[1] /= y;
    return true;
}

bool gk_surface_extreme(const gk_surface *s, bool highest, int64_t *ix, int64_t *iy)
{
    int64_t best = -1;
    for (int64_t cell = 0; cell < s->x.n * s->y.n; cell++)
        if (!isnan(s->z[cell]) && (best < 0 || (highest ? s->z[cell] > s->z[best] : s->z[cell] < s->z[best])))
            best = cell;
    if (best < 0)
        return false;
    *ix = best % s->x.n;
    *iy = best / s->x.n;
    return true;
}
