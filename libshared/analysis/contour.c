/* contour.c -- where a surface goes over a level, see surface.h. */
#include "analysis/surface.h"

#include <math.h>
#include <stdlib.h>
#include "base/arena.h"

/* The point `at` of one axis, with the other at `fixed`. */
static double value_at(const gk_surface *s, bool along_x, double at, double fixed, double gradient[2])
{
    double z;
    (void)gk_surface_at(s, along_x ? at : fixed, along_x ? fixed : at, &z, gradient);    /* NaN if outside */
    return z;
}

/* By halving, in the coordinate of the axis: z is on one side of the level at node i and on the other at i + 1. */
static double cross_between(const gk_surface *s, bool along_x, int64_t i, double fixed, double level, bool rises)
{
    const gk_axis *axis = along_x ? &s->x : &s->y;
    double low = axis->u[i], high = axis->u[i + 1], gradient[2];
    for (int n = 0; n < 60; n++) {
        double middle = (low + high) / 2, at = axis->log ? exp(middle) : middle;
        at = fmin(fmax(at, axis->x[i]), axis->x[i + 1]);    /* exp of a logarithm may be a little off */
        if ((value_at(s, along_x, at, fixed, gradient) > level) == rises)
            high = middle;
        else
            low = middle;
    }
    double at = axis->log ? exp((low + high) / 2) : (low + high) / 2;
    return fmin(fmax(at, axis->x[i]), axis->x[i + 1]);
}

static int64_t cross(const gk_surface *s, bool along_x, double fixed, double level, gk_crossing *out)
{
    const gk_axis *axis = along_x ? &s->x : &s->y;
    int64_t n = 0;
    double  last = NAN, gradient[2];
    for (int64_t i = 0; i < axis->n; i++) {
        double z = value_at(s, along_x, axis->x[i], fixed, gradient);
        if (!isnan(last) && !isnan(z) && (last <= level) != (z <= level)) {
            gk_crossing *found = &out[n++];
            double at = last == level ? axis->x[i - 1] : z == level ? axis->x[i]
                        : cross_between(s, along_x, i - 1, fixed, level, z > level);
            *found = (gk_crossing){ .x = along_x ? at : fixed, .y = along_x ? fixed : at, .rises = z > level };
            (void)value_at(s, along_x, at, fixed, found->gradient);
        }
        last = z;
    }
    return n;
}

int64_t gk_surface_cross_x(const gk_surface *s, double y, double level, gk_crossing *out)
{
    return cross(s, true, y, level, out);
}

int64_t gk_surface_cross_y(const gk_surface *s, double x, double level, gk_crossing *out)
{
    return cross(s, false, x, level, out);
}

static double distance(const gk_axis *axis, double low, double high)
{
    return axis->log ? log10(high / low) : high - low;
}

int gk_surface_below(const gk_surface *s, double y, double level, gk_below *out)
{
    gk_crossing *cross_x = gk_alloc_large((size_t)s->x.n * sizeof *cross_x, "crossings of a level");
    int64_t n, next = 0;
    double  begin = NAN, last = NAN, gradient[2];    /* of the piece that is open */

    *out = (gk_below){ .low = NAN, .high = NAN };
    if (!cross_x)
        return -1;
    n = cross(s, true, y, level, cross_x);
    for (int64_t i = 0; i <= s->x.n; i++) {    /* one more, to end what is open */
        double z = i < s->x.n ? value_at(s, true, s->x.x[i], y, gradient) : NAN, end = NAN;
        bool   below = z <= level, was_below = last <= level, crossed = !isnan(z) && !isnan(last) && below != was_below;
        double place = crossed && next < n ? cross_x[next++].x : NAN;
        if (below && !was_below) {
            begin = crossed ? place : s->x.x[i];
            if (out->n_piece++ == 0) {
                out->low = begin;
                out->open_low = !crossed;
            }
        }
        if (!below && was_below) {
            end = crossed ? place : s->x.x[i - 1];
            out->high = end;
            out->open_high = !crossed;
            out->width += distance(&s->x, begin, end);
        }
        last = z;
    }
    free(cross_x);
    return 0;
}
