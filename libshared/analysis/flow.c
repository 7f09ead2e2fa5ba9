/* flow.c -- see flow.h. */
#include "analysis/flow.h"

#include <math.h>

/* --- the map ------------------------------------------------------------------------------------------------------------- */

static double side(const gk_axis *axis, double from, double to)
{
    double length = axis->u[axis->n - 1] - axis->u[0];
    return length == 0 ? 0 : (axis->log ? log(to / from) : to - from) / length;
}

double gk_map_distance(const gk_surface *s, double x1, double y1, double x2, double y2)
{
    return hypot(side(&s->x, x1, x2), side(&s->y, y1, y2));
}

static double between(const gk_axis *axis, double from, double to, double share)
{
    if (share == 0 || share == 1)    /* the ends themselves, not what is left of them after a logarithm */
        return share == 0 ? from : to;
    return axis->log ? from * pow(to / from, share) : from + (to - from) * share;
}

void gk_map_between(const gk_surface *s, const double from[2], const double to[2], double share, double out[2])
{
    out[0] = between(&s->x, from[0], to[0], share);
    out[1] = between(&s->y, from[1], to[1], share);
}

/* --- the flow ------------------------------------------------------------------------------------------------------------ */

enum { X, Y, VX, VY, N_COORDINATE };

/* F at a point; one beyond a bound of y is at the bound, and there F does not push outwards if it slides.  false: outside. */
static bool force(const gk_flow *flow, const double *at, bool slides, double *f)
{
    const gk_axis *axis = &flow->surface->y;
    double low = axis->x[0], high = axis->x[axis->n - 1], y = fmin(fmax(at[Y], low), high), z, gradient[2];
    if (!gk_surface_at(flow->surface, at[X], y, &z, gradient) || isnan(gradient[0] + gradient[1]))
        return false;
    f[X] = -flow->eta_x * (gradient[0] + flow->gamma * at[X]);
    f[Y] = -flow->eta_y * gradient[1];
    if (slides && ((at[Y] <= low && f[Y] < 0) || (at[Y] >= high && f[Y] > 0)))
        f[Y] = 0;
    return true;
}

static bool derivative(const gk_flow *flow, const double *at, double *d)
{
    if (flow->inertia == 0) {
        d[VX] = d[VY] = 0;
        return force(flow, at, true, d);
    }
    double f[2];
    if (!force(flow, at, at[VY] == 0, f))
        return false;
    d[X] = at[VX];
    d[Y] = at[VY];
    d[VX] = (f[X] - at[VX]) / flow->inertia;
    d[VY] = (f[Y] - at[VY]) / flow->inertia;
    return true;
}

static bool runge_kutta(const gk_flow *flow, double *at)
{
    double h = flow->dt, d[4][N_COORDINATE], middle[N_COORDINATE];
    const double ahead[] = { 0, h / 2, h / 2, h };
    for (int stage = 0; stage < 4; stage++) {
        for (int c = 0; c < N_COORDINATE; c++)
            middle[c] = at[c] + (stage > 0 ? ahead[stage] * d[stage - 1][c] : 0);
        if (!derivative(flow, middle, d[stage]))
            return false;
    }
    for (int c = 0; c < N_COORDINATE; c++)
        at[c] += h / 6 * (d[0][c] + 2 * d[1][c] + 2 * d[2][c] + d[3][c]);
    return true;
}

/* Back from beyond a bound of y, where a step from y_before led.  With inertia the bound was hit within the step: from there on
 * the force has acted on a velocity that is turned round; without this correction a bounce would gain speed. */
static void reflect(const gk_flow *flow, double y_before, double *at)
{
    const gk_axis *axis = &flow->surface->y;
    double low = axis->x[0], high = axis->x[axis->n - 1], bound = at[Y] < low ? low : high, f[2];
    double wall[N_COORDINATE] = { at[X], bound };
    if (at[Y] >= low && at[Y] <= high)
        return;
    if (flow->inertia > 0 && force(flow, wall, false, f)) {
        double acceleration = f[Y] / flow->inertia, rest = flow->dt * (at[Y] - bound) / (at[Y] - y_before);
        double y = 2 * bound - at[Y] + acceleration * rest * rest, v = -at[VY] + 2 * acceleration * rest;
        double inwards = bound == low ? 1 : -1;
        bool   leaves = v * inwards > 0 && (f[Y] * inwards >= 0 || fabs(v) > fabs(acceleration) * flow->dt);
        at[Y] = leaves ? fmin(fmax(y, low), high) : bound;
        at[VY] = leaves ? v : 0;
        return;
    }
    at[Y] = bound;
    at[VY] = 0;
}

gk_flow_status gk_flow_step(const gk_flow *flow, gk_flow_state *state)
{
    const gk_surface *s = flow->surface;
    double at[N_COORDINATE] = { state->x, state->y, state->vx, state->vy }, f[2];
    if (!runge_kutta(flow, at))
        return GK_FLOW_OUTSIDE;
    reflect(flow, state->y, at);
    if (!force(flow, at, flow->inertia == 0 || at[VY] == 0, f))
        return GK_FLOW_OUTSIDE;
    double moved = gk_map_distance(s, state->x, state->y, at[X], at[Y]);
    double length_x = s->x.x[s->x.n - 1] - s->x.x[0], length_y = s->y.x[s->y.n - 1] - s->y.x[0];
    double asked = hypot(length_x > 0 ? f[X] / length_x : 0, length_y > 0 ? f[Y] / length_y : 0);
    *state = (gk_flow_state){ at[X], at[Y], at[VX], at[VY], state->arc + moved };
    return moved < flow->still * flow->dt && asked < flow->still ? GK_FLOW_STILL : GK_FLOW_MOVES;
}
