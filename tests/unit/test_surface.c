/* test_surface.c -- interpolation on grids against polynomials, contours and widths against known places. */
#include "analysis/surface.h"

#include "../test.h"

enum { NX = 8, NY = 7 };
typedef double function(double x, double y);

/* Nodes that are not evenly spaced. */
static const double nodes_x[NX] = { -1, -0.6, -0.1, 0.5, 0.8, 1.4, 2, 2.3 };
static const double nodes_y[NY] = { 0, 0.3, 0.5, 1, 1.2, 1.9, 2 };

static gk_surface *surface_of(function *f, const double *x, const double *y, unsigned log)
{
    double rows[3][NX * NY];
    int    n = 0;
    for (int i = NX - 1; i >= 0; i--)    /* in no helpful order */
        for (int j = 0; j < NY; j++, n++) {
            rows[0][n] = x[i];
            rows[1][n] = y[j];
            rows[2][n] = f(x[i], y[j]);
        }
    return gk_surface_new(n, rows[0], rows[1], rows[2], log);
}

static double bicubic(double x, double y) { return (x * x * x - 2 * x * x + 3) * (2 * y * y * y - y + 0.5); }
static double biquadratic(double x, double y) { return (x * x - 2 * x + 3) * (2 * y * y - y + 0.5); }

static void check_at(const gk_surface *s, function *f, double x, double y)
{
    static const double H = 1e-5;
    double z, g[2];
    CHECK(gk_surface_at(s, x, y, &z, g));
    CHECK_CLOSE(z, f(x, y), 1e-11);
    CHECK_CLOSE(g[0], (f(x + H, y) - f(x - H, y)) / (2 * H), 1e-8);
    CHECK_CLOSE(g[1], (f(x, y + H) - f(x, y - H)) / (2 * H), 1e-8);
}

TEST(bicubic_polynomials_are_exact_inside)
{
    gk_surface *s = surface_of(bicubic, nodes_x, nodes_y, 0);
    for (double x = -0.1; x <= 1.4; x += 0.07)
        for (double y = 0.5; y <= 1.2; y += 0.06)
            check_at(s, bicubic, x, y);
    gk_surface_free(s);
}

TEST(biquadratic_polynomials_are_exact_everywhere)
{
    gk_surface *s = surface_of(biquadratic, nodes_x, nodes_y, 0);
    for (double x = -1; x <= 2.3; x += 0.11)
        for (double y = 0; y <= 2; y += 0.1)
            check_at(s, biquadratic, x, y);
    check_at(s, biquadratic, 2.3, 2);
    gk_surface_free(s);
}

TEST(it_is_once_differentiable)
{
    gk_surface *s = surface_of(bicubic, nodes_x, nodes_y, 0);
    double z[2], g[2][2];
    for (int i = 1; i + 1 < NX; i++) {
        CHECK(gk_surface_at(s, nodes_x[i] - 1e-9, 0.1, &z[0], g[0]));
        CHECK(gk_surface_at(s, nodes_x[i] + 1e-9, 0.1, &z[1], g[1]));
        CHECK_CLOSE(z[0], z[1], 1e-6);
        CHECK_CLOSE(g[0][0], g[1][0], 1e-6);
        CHECK_CLOSE(g[0][1], g[1][1], 1e-6);
    }
    gk_surface_free(s);
}

/* Quadratic in ln x and ln y; ln z too. */
static double in_logarithms(double x, double y) { return pow(log(x) - log(y), 2) + log(x); }
static double power(double x, double y) { return 3 * pow(x, -1.5) * y * y; }

TEST(logarithmic_axes_interpolate_in_logarithms_and_give_gradients_in_x)
{
    static const double x[NX] = { 0.1, 0.2, 0.4, 1, 2, 3, 6, 10 }, y[NY] = { 10, 30, 100, 300, 400, 500, 1000 };
    gk_surface *s = surface_of(in_logarithms, x, y, GK_SURFACE_LOG_X | GK_SURFACE_LOG_Y);
    double z, g[2];
    CHECK(gk_surface_at(s, 0.7, 77, &z, g));
    CHECK_CLOSE(z, in_logarithms(0.7, 77), 1e-12);
    CHECK_CLOSE(g[0], (2 * (log(0.7) - log(77)) + 1) / 0.7, 1e-11);
    CHECK_CLOSE(g[1], -2 * (log(0.7) - log(77)) / 77, 1e-11);
    CHECK(gk_surface_at(s, 10, 1000, &z, g));
    gk_surface_free(s);
    s = surface_of(power, x, y, GK_SURFACE_LOG_X | GK_SURFACE_LOG_Y | GK_SURFACE_LOG_Z);
    CHECK(gk_surface_at(s, 0.7, 77, &z, g));
    CHECK_CLOSE(z / power(0.7, 77), 1, 1e-12);
    CHECK_CLOSE(g[0] / (power(0.7, 77) * -1.5 / 0.7), 1, 1e-11);
    CHECK_CLOSE(g[1] / (power(0.7, 77) * 2 / 77), 1, 1e-11);
    CHECK(!gk_surface_at(s, 0.09, 77, &z, g));
    CHECK(!gk_surface_at(s, 1, 1001, &z, g));
    gk_surface_free(s);
}

static double cone(double x, double y) { return x * x + y * y; }

TEST(a_circle_is_crossed_twice_by_each_line)
{
    double x[NX], y[NY];
    gk_crossing at[NX];
    for (int i = 0; i < NX; i++)
        x[i] = -2 + 4.0 * i / (NX - 1);
    for (int j = 0; j < NY; j++)
        y[j] = -2 + 4.0 * j / (NY - 1);
    gk_surface *s = surface_of(cone, x, y, 0);
    CHECK_INT(gk_surface_cross_x(s, 0.6, 1, at), 2);
    CHECK_CLOSE(at[0].x, -0.8, 1e-12);
    CHECK_CLOSE(at[1].x, 0.8, 1e-12);
    CHECK_CLOSE(at[1].y, 0.6, 0);
    CHECK_CLOSE(at[1].gradient[0], 1.6, 1e-10);
    CHECK_CLOSE(at[1].gradient[1], 1.2, 1e-10);
    CHECK(!at[0].rises && at[1].rises);
    CHECK_INT(gk_surface_cross_y(s, 0.8, 1, at), 2);
    CHECK_CLOSE(at[0].y, -0.6, 1e-12);
    CHECK_CLOSE(at[0].x, 0.8, 0);
    CHECK_INT(gk_surface_cross_x(s, 1.5, 1, at), 0);
    gk_surface_free(s);
}

TEST(what_is_below_a_level_is_measured_and_may_be_open)
{
    double x[] = { 1, 10, 100, 1000, 10000 }, valley[] = { 4, 2, 0, 2, 4 }, step[] = { 0, 0, 3, 3, 1 };
    gk_below part;
    gk_surface *s = gk_surface_new(5, x, NULL, valley, GK_SURFACE_LOG_X);
    CHECK_INT(gk_surface_below(s, 0, 2, &part), 0);    /* 2 counts as below: the piece is from node to node */
    CHECK_INT(part.n_piece, 1);
    CHECK_CLOSE(part.low, 10, 0);
    CHECK_CLOSE(part.high, 1000, 0);
    CHECK_CLOSE(part.width, 2, 1e-12);
    CHECK(!part.open_low && !part.open_high);
    CHECK_INT(gk_surface_below(s, 0, -1, &part), 0);
    CHECK_INT(part.n_piece, 0);
    CHECK(isnan(part.low) && part.width == 0);
    gk_surface_free(s);
    s = gk_surface_new(5, x, NULL, step, 0);
    CHECK_INT(gk_surface_below(s, 0, 1, &part), 0);
    CHECK_INT(part.n_piece, 2);
    CHECK(part.open_low && part.open_high);
    CHECK_CLOSE(part.low, 1, 0);
    CHECK_CLOSE(part.high, 10000, 0);
    gk_surface_free(s);
}

TEST(replicas_count_by_their_median_and_missing_cells_are_holes)
{
    double x[] = { 0, 0, 0, 1, 2, 3, 0, 1, 2, 3 }, y[] = { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1 };
    double z[] = { 5, 1, 2, 4, 6, NAN, 3, 5, 7, 9 }, found, g[2];
    int64_t ix, iy;
    gk_crossing at[4];
    gk_surface *s = gk_surface_new(10, x, y, z, 0);
    CHECK_INT(s->x.n, 4);
    CHECK_INT(s->y.n, 2);
    CHECK(gk_surface_at(s, 0, 0, &found, g));
    CHECK_CLOSE(found, 2, 0);
    CHECK(gk_surface_at(s, 1.5, 0.5, &found, g));    /* bilinear beside the hole */
    CHECK_CLOSE(found, 5.5, 1e-12);
    CHECK_CLOSE(g[0], 2, 1e-12);
    CHECK_CLOSE(g[1], 1, 1e-12);
    CHECK(gk_surface_at(s, 2, 0, &found, g) && found == 6);
    CHECK(!gk_surface_at(s, 2.5, 0.5, &found, g));
    CHECK(!gk_surface_at(s, 3, 0, &found, g));
    CHECK_INT(gk_surface_cross_x(s, 0, 3, at), 1);
    CHECK_CLOSE(at[0].x, 0.5, 1e-12);
    CHECK(gk_surface_extreme(s, false, &ix, &iy) && ix == 0 && iy == 0);
    CHECK(gk_surface_extreme(s, true, &ix, &iy) && ix == 3 && iy == 1);
    gk_surface_free(s);
}

TEST(what_is_no_grid_is_told)
{
    double x[100], y[100], z[100];
    for (int i = 0; i < 100; i++) {
        x[i] = i;
        y[i] = 3 * i;
        z[i] = 0;
    }
    CHECK(!gk_surface_new(100, x, y, z, 0));
    CHECK_TEXT(gk_error_message(), "no grid: 100 x 100 different values, and only 100 of these cells have rows");
    CHECK(!gk_surface_new(0, x, y, z, 0));
    CHECK(!gk_surface_new(2, x, NULL, z, GK_SURFACE_LOG_X));
    CHECK_TEXT(gk_error_message(), "a logarithmic axis must be positive, it begins at 0");
    CHECK(!gk_surface_new(2, x, NULL, z, GK_SURFACE_LOG_Z));
    CHECK_TEXT(gk_error_message(), "logarithm of a value that is not positive: 0");
    x[1] = INFINITY;
    CHECK(!gk_surface_new(2, x, NULL, z, 0));
    gk_surface *s = gk_surface_new(1, y, NULL, z, 0);    /* a single cell */
    double found, g[2];
    CHECK(gk_surface_at(s, 0, 0, &found, g) && found == 0);
    CHECK(!gk_surface_at(s, 1, 0, &found, g));
    gk_surface_free(s);
}

TEST_MAIN(RUN(bicubic_polynomials_are_exact_inside) RUN(biquadratic_polynomials_are_exact_everywhere)
          RUN(it_is_once_differentiable) RUN(logarithmic_axes_interpolate_in_logarithms_and_give_gradients_in_x)
          RUN(a_circle_is_crossed_twice_by_each_line) RUN(what_is_below_a_level_is_measured_and_may_be_open)
          RUN(replicas_count_by_their_median_and_missing_cells_are_holes) RUN(what_is_no_grid_is_told))
