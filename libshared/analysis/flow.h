/* flow.h -- how a point moves down a surface z(x, y) whose x decays: reduced trajectories of weight norm and representation.
 *
 *   dx/dt = F_x = -eta_x (dz/dx + gamma x)        dy/dt = F_y = -eta_y dz/dy         [Liu et al. 2023, Omnigrok]
 *
 * and with inertia tau > 0 the same force on a velocity, tau dv/dt = F - v, which is what momentum does: a point that comes down
 * fast runs beyond the foot of the slope.  Classical Runge-Kutta steps of fourth order.  The bounds of y reflect: a velocity is
 * turned round; without inertia, or when it is less than what one step of the force gives back, the point slides along the bound.
 * In x the grid ends. */
#ifndef GK_ANALYSIS_FLOW_H
#define GK_ANALYSIS_FLOW_H

#include "analysis/surface.h"

typedef struct gk_flow {
    const gk_surface *surface;
    double eta_x, eta_y, gamma, inertia, dt;
    double still;      /* slower than this is still (sides of the map per unit of time, both what it does and what F asks for) */
} gk_flow;

/* vx, vy: with inertia.  arc: length of the path so far, on the map whose sides are 1 long (in ln x where it is logarithmic). */
typedef struct gk_flow_state { double x, y, vx, vy, arc; } gk_flow_state;

typedef enum { GK_FLOW_MOVES, GK_FLOW_STILL, GK_FLOW_OUTSIDE } gk_flow_status;

/* One step of dt.  Outside: the step would leave the grid, or touch a missing cell; the state stays what it was. */
gk_flow_status gk_flow_step(const gk_flow *flow, gk_flow_state *state);

/* Distance of two points on the map whose sides are 1 long. */
double gk_map_distance(const gk_surface *surface, double x1, double y1, double x2, double y2);

/* The point at `share` of the straight line, on the map, between two. */
void   gk_map_between(const gk_surface *surface, const double from[2], const double to[2], double share, double out[2]);

#endif
