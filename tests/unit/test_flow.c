/* test_flow.c -- trajectories on quadratic bowls against their exact solutions. */
#include "analysis/flow.h"

#include "../test.h"

enum { N = 9 };

/* z = (a (x - 3)^2 + b (y - 1/2)^2) / 2 for x in [1, 5], y in [0, 1]: interpolated without error. */
static gk_surface *bowl(double a, double b, double y_lowest, unsigned log)
{
    double rows[3][N * N];
    int    n = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++, n++) {
            rows[0][n] = 1 + 0.5 * i;
            rows[1][n] = (double)j / (N - 1);
            rows[2][n] = (a * pow(rows[0][n] - 3, 2) + b * pow(rows[1][n] - y_lowest, 2)) / 2;
        }
    return gk_surface_new(n, rows[0], rows[1], rows[2], log);
}

TEST(a_bowl_with_decay_is_descended_exponentially)
{
    gk_surface *s = bowl(0.8, 2, 0.5, 0);
    gk_flow flow = { s, 1.5, 0.25, 0.2, 0, 0.01, 1e-9 };
    gk_flow_state at = { .x = 4.5, .y = 0.9 };
    /* x relaxes to a 3 / (a + gamma) with rate eta_x (a + gamma), y to 1/2 with rate eta_y b */
    for (int step = 1; step <= 200; step++) {
        double t = 0.01 * step;
        CHECK_INT(gk_flow_step(&flow, &at), GK_FLOW_MOVES);
        CHECK_CLOSE(at.x, 2.4 + 2.1 * exp(-1.5 * t), 1e-9);
        CHECK_CLOSE(at.y, 0.5 + 0.4 * exp(-0.5 * t), 1e-9);
    }
    int n = 0;
    while (gk_flow_step(&flow, &at) == GK_FLOW_MOVES && n < 10000)
        n++;
    CHECK(n > 2000 && n < 10000);    /* still, in the end */
    CHECK_CLOSE(at.x, 2.4, 1e-7);
    CHECK_CLOSE(at.y, 0.5, 1e-7);
    CHECK(at.arc > hypot(2.1 / 4, 0.4) && at.arc < 2.1 / 4 + 0.4);
    gk_surface_free(s);
}

TEST(a_straight_path_is_as_long_as_it_looks)
{
    gk_surface *s = bowl(1, 1, 0.5, 0);
    gk_flow flow = { s, 1, 1, 0, 0, 0.01, 1e-9 };
    gk_flow_state at = { .x = 5, .y = 0.5 };
    for (int step = 0; step < 100; step++)
        CHECK_INT(gk_flow_step(&flow, &at), GK_FLOW_MOVES);
    CHECK_CLOSE(at.x, 3 + 2 * exp(-1), 1e-9);
    CHECK_CLOSE(at.arc, (2 - 2 * exp(-1)) / 4, 1e-9);
    gk_surface_free(s);
}

/* The force does not ask which axis is logarithmic; only interpolation and arc do. */
TEST(a_logarithmic_axis_has_the_same_flow)
{
    double x[33], z[33];
    for (int i = 0; i < 33; i++) {
        x[i] = exp(0.1 * i);
        z[i] = pow(log(x[i]), 2);    /* exact in ln x */
    }
    gk_surface *s = gk_surface_new(33, x, NULL, z, GK_SURFACE_LOG_X);
    gk_flow flow = { s, 1, 1, 0, 0, 0.001, 1e-9 };
    gk_flow_state at = { .x = 20 };
    double exact = 20;
    for (int step = 0; step < 1000; step++) {
        CHECK_INT(gk_flow_step(&flow, &at), GK_FLOW_MOVES);
        for (int part = 0; part < 10; part++) {
            double middle = exact - 0.00005 * 2 * log(exact) / exact;
            exact -= 0.0001 * 2 * log(middle) / middle;
        }
    }
    CHECK_CLOSE(at.x, exact, 1e-8);
    CHECK_CLOSE(at.arc, log(20 / at.x) / 3.2, 1e-12);
    CHECK_CLOSE(at.y, 0, 0);
    gk_surface_free(s);
}

TEST(inertia_overshoots_as_a_damped_oscillator)
{
    gk_surface *s = bowl(2, 0, 0.5, 0);
    gk_flow flow = { s, 1, 1, 0, 1, 0.005, 1e-9 };
    gk_flow_state at = { .x = 3, .y = 0.5, .vx = 1.5 };
    /* tau x'' + x' + 2 (x - 3) = 0, tau 1: x = 3 + v0 / w exp(-t/2) sin(w t), w = sqrt(7)/2 */
    double w = sqrt(7) / 2, highest = 0;
    for (int step = 1; step <= 1000; step++) {
        double t = 0.005 * step;
        CHECK_INT(gk_flow_step(&flow, &at), GK_FLOW_MOVES);
        CHECK_CLOSE(at.x, 3 + 1.5 / w * exp(-t / 2) * sin(w * t), 1e-8);
        highest = fmax(highest, at.x);
    }
    CHECK(highest > 3.5);
    gk_surface_free(s);
}

TEST(the_bounds_of_y_reflect_and_hold)
{
    gk_surface *s = bowl(1, 4, -1, 0);    /* downwards, beyond y = 0 */
    gk_flow flow = { s, 1, 1, 0, 0, 0.01, 1e-9 };
    gk_flow_state at = { .x = 4, .y = 0.5 };
    gk_flow_status status = GK_FLOW_MOVES;
    for (int step = 0; step < 300; step++)
        status = gk_flow_step(&flow, &at);
    CHECK_INT(status, GK_FLOW_MOVES);    /* slides along the bound, and its arc does not count what pushes it there */
    CHECK_CLOSE(at.y, 0, 0);
    CHECK_CLOSE(at.x, 3 + exp(-3), 1e-9);
    CHECK(at.arc < (1 - exp(-3)) / 4 + 0.5);

    /* without force a velocity comes back as it went: tau v' = -v */
    gk_surface_free(s);
    s = bowl(0, 0, 0, 0);
    flow = (gk_flow){ s, 1, 1, 0, 5, 0.01, 1e-9 };
    at = (gk_flow_state){ .x = 3, .y = 0.1, .vy = -0.2 };
    for (int step = 0; step < 200; step++)
        CHECK_INT(gk_flow_step(&flow, &at), GK_FLOW_MOVES);
    CHECK_CLOSE(at.y, -(0.1 - 0.2 * 5 * (1 - exp(-0.4))), 1e-9);
    CHECK_CLOSE(at.vy, 0.2 * exp(-0.4), 1e-9);
    gk_surface_free(s);

    /* with a force into the bound it jumps lower and lower, and comes to rest */
    s = bowl(0, 4, -1, 0);
    flow = (gk_flow){ s, 1, 1, 0, 1, 0.01, 1e-9 };
    at = (gk_flow_state){ .x = 3, .y = 0.3 };
    int n = 0;
    while (gk_flow_step(&flow, &at) == GK_FLOW_MOVES && n < 5000)
        n++;
    CHECK(n < 5000);
    CHECK_CLOSE(at.y, 0, 0);
    gk_surface_free(s);
}

TEST(the_grid_ends_in_x)
{
    gk_surface *s = bowl(-1, 0, 0.5, 0);    /* a hill */
    gk_flow flow = { s, 1, 1, 0, 0, 0.01, 1e-9 };
    gk_flow_state at = { .x = 3.5, .y = 0.5 };
    int n = 0;
    while (gk_flow_step(&flow, &at) == GK_FLOW_MOVES)
        n++;
    CHECK_INT(n, 138);    /* 3 + exp(t) / 2 = 5 at t = ln 4 = 1.3863 */
    CHECK(at.x < 5 && at.x > 4.98);
    gk_surface_free(s);
}

TEST(lines_on_the_map_are_straight_in_its_own_coordinates)
{
    gk_surface *s = bowl(1, 1, 0.5, GK_SURFACE_LOG_X);
    double out[2];
    gk_map_between(s, (double[]){ 1, 0.2 }, (double[]){ 4, 0.6 }, 0.5, out);
    CHECK_CLOSE(out[0], 2, 1e-12);
    CHECK_CLOSE(out[1], 0.4, 1e-12);
    CHECK_CLOSE(gk_map_distance(s, 1, 0, 5, 1), sqrt(2), 1e-12);
    gk_surface_free(s);
}

/* Liu et al.'s figure 6f: from C weight decay carries the point to the boundary D of the train loss at v = eta gamma (x: ln
 * alpha), and then along it, down to E, at v' = v cos theta: so it takes (L + h tan theta) / (eta gamma) from C to E, where L is
 * the way in x and h that in y.  Here the valley ends in a wall z = K s^2 / 2, s the distance beyond a line of this slope, which
 * gives way until the force is there: 1 / K later. */
TEST(sliding_along_a_boundary_takes_as_long_as_the_drawing_says)
{
    enum { NX = 201, NY = 141 };
    static double x[NX * NY], y[NX * NY], z[NX * NY];
    static const double slopes[] = { 0.9, 0.5, 1.5 };
    const double far = 100000, wall = 10;    /* so far out that decay is the same everywhere */
    for (size_t k = 0; k < sizeof slopes / sizeof *slopes; k++) {
        double slope = slopes[k], cosine = 1 / hypot(1, slope), high = 4.6, low = 1, start = 9.3, end = 2;
        for (int i = 0; i < NX * NY; i++) {
            int column = i / NY, row = i % NY;
            x[i] = far + 10.0 * column / (NX - 1);
            y[i] = 7.0 * row / (NY - 1);
            double beyond = fmax(0, (end + (y[i] - low) / slope - (x[i] - far)) * slope * cosine);
            z[i] = wall * beyond * beyond / 2;
        }
        gk_surface *s = gk_surface_new(NX * NY, x, y, z, 0);
        gk_flow flow = { s, 1, 1, 1 / far, 0, 0.002, 1e-9 };
        gk_flow_state at = { .x = far + start, .y = high };
        double t = 0;
        for (; at.y > low && t < 100; t += flow.dt)
            CHECK_INT(gk_flow_step(&flow, &at), GK_FLOW_MOVES);
        double l = start - end, h = high - low, l1 = l - h / slope, l2 = h / (slope * cosine);
        CHECK_CLOSE(l1 + l2 / cosine, l + h * slope, 1e-12);    /* the two ways, at v = 1 and v', as one */
        CHECK_CLOSE(t, l + h * slope + 1 / wall, 0.003 * t);
        gk_surface_free(s);
    }
}

TEST_MAIN(RUN(a_bowl_with_decay_is_descended_exponentially) RUN(a_straight_path_is_as_long_as_it_looks)
          RUN(a_logarithmic_axis_has_the_same_flow) RUN(inertia_overshoots_as_a_damped_oscillator)
          RUN(the_bounds_of_y_reflect_and_hold) RUN(the_grid_ends_in_x)
          RUN(lines_on_the_map_are_straight_in_its_own_coordinates)
          RUN(sliding_along_a_boundary_takes_as_long_as_the_drawing_says))
