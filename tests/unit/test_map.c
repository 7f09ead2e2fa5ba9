/* test_map.c -- cells, contours and blur of maps, against answers known by hand. */
#include "analysis/map.h"

#include "../test.h"

static gk_arena arena;

static gk_map map_of(int64_t n_x, int64_t n_y, double *x, double *y, double *z)
{
    return (gk_map){ .n_x = n_x, .n_y = n_y, .x = x, .y = y, .z = z };
}

TEST(cells_end_half_way_between_centres)
{
    double linear[] = { 0, 1, 4 }, powers[] = { 1, 100, 10000 }, edge[4];
    gk_map_edges(3, linear, false, edge);
    CHECK_CLOSE(edge[0], -0.5, 0);
    CHECK_CLOSE(edge[1], 0.5, 0);
    CHECK_CLOSE(edge[2], 2.5, 0);
    CHECK_CLOSE(edge[3], 5.5, 0);
    gk_map_edges(3, powers, true, edge);
    CHECK_CLOSE(edge[0], 0.1, 1e-15);
    CHECK_CLOSE(edge[1], 10, 1e-14);
    CHECK_CLOSE(edge[3], 1e5, 1e-10);
    gk_map_edges(1, linear + 2, false, edge);
    CHECK_CLOSE(edge[0], 3.5, 0);
    gk_map_edges(1, linear + 2, true, edge);
    CHECK_CLOSE(edge[1] / edge[0], 2, 1e-15);
}

TEST(a_grid_shows_by_its_spacing_whether_it_is_logarithmic)
{
    const double decades[] = { 0.1, 1, 10 }, sizes[] = { 30, 100, 300, 1000 }, linear[] = { 0.5, 1, 1.5, 2, 2.5 };
    const double zero[] = { 0, 1, 10, 100 }, narrow[] = { 1, 1.5, 2.25 }, shares[] = { 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8 };
    CHECK(gk_map_looks_log(3, decades));
    CHECK(gk_map_looks_log(4, sizes));
    CHECK(!gk_map_looks_log(5, linear));
    CHECK(!gk_map_looks_log(4, zero));
    CHECK(!gk_map_looks_log(3, narrow));
    CHECK(!gk_map_looks_log(8, shares));
    CHECK(!gk_map_looks_log(2, decades));
}

TEST(a_plane_has_a_straight_contour)
{
    double x[] = { 0, 1, 3 }, y[] = { 0, 2, 3, 4 }, z[12];
    for (int i = 0; i < 12; i++)
        z[i] = x[i % 3] + y[i / 3];
    gk_map map = map_of(3, 4, x, y, z);
    gk_curve *line;
    CHECK_INT(gk_map_contour(&map, 2.5, &arena, &line), 1);
    CHECK(line[0].n >= 4);
    for (int64_t i = 0; i < line[0].n; i++)
        CHECK_CLOSE(line[0].x[i] + line[0].y[i], 2.5, 1e-14);
    CHECK_CLOSE(line[0].x[0] * line[0].y[0], 0, 0);    /* from one border to another */
    CHECK_INT(gk_map_contour(&map, 7.5, &arena, &line), 0);
    CHECK_INT(gk_map_contour(&map, -1, &arena, &line), 0);
}

TEST(a_contour_is_straight_on_a_logarithmic_axis_too)
{
    double x[] = { 1, 10, 1000 }, y[] = { 0, 1 }, z[6];
    for (int i = 0; i < 6; i++)
        z[i] = log10(x[i % 3]) + y[i / 3];
    gk_map map = map_of(3, 2, x, y, z);
    gk_curve *line;
    map.log_x = true;
    CHECK_INT(gk_map_contour(&map, 1.5, &arena, &line), 1);
    for (int64_t i = 0; i < line[0].n; i++)
        CHECK_CLOSE(log10(line[0].x[i]) + line[0].y[i], 1.5, 1e-14);
}

TEST(a_peak_has_a_closed_contour)
{
    double x[] = { 0, 1, 2 }, y[] = { 0, 1, 2 }, z[] = { 0, 0, 0, 0, 1, 0, 0, 0, 0 };
    gk_map map = map_of(3, 3, x, y, z);
    gk_curve *line;
    CHECK_INT(gk_map_contour(&map, 0.5, &arena, &line), 1);
    CHECK_INT(line[0].n, 5);
    CHECK_CLOSE(line[0].x[4], line[0].x[0], 0);
    CHECK_CLOSE(line[0].y[4], line[0].y[0], 0);
    for (int i = 0; i < 4; i++)
        CHECK_CLOSE(fabs(line[0].x[i] - 1) + fabs(line[0].y[i] - 1), 0.5, 1e-15);
}

TEST(at_a_saddle_the_middle_decides)
{
    double x[] = { 0, 1 }, y[] = { 0, 1 }, high[] = { 1, 0.4, 0.4, 1 }, low[] = { 0.6, 0, 0, 0.6 };
    gk_map map = map_of(2, 2, x, y, high);
    gk_curve *line;
    CHECK_INT(gk_map_contour(&map, 0.5, &arena, &line), 2);    /* the low corners, 1 and 2, are cut off */
    for (int l = 0; l < 2; l++)
        for (int i = 0; i < 2; i++)
            CHECK(fabs(line[l].x[i] - (l ? 0 : 1)) < 0.2 || fabs(line[l].y[i] - (l ? 1 : 0)) < 0.2);
    map.z = low;
    CHECK_INT(gk_map_contour(&map, 0.5, &arena, &line), 2);    /* the high corners, 0 and 3 */
    CHECK_CLOSE(line[0].x[0] + line[0].y[0], line[0].x[1] + line[0].y[1], 1e-15);
}

TEST(a_missing_cell_breaks_a_contour)
{
    double x[] = { 0, 1, 2, 3 }, y[] = { 0, 1 }, z[] = { 0, 0, NAN, 0, 1, 1, 1, 1 };
    gk_map map = map_of(4, 2, x, y, z);
    gk_curve *line;
    CHECK_INT(gk_map_contour(&map, 0.5, &arena, &line), 1);
    CHECK_INT(line[0].n, 2);
    z[2] = INFINITY;
    CHECK_INT(gk_map_contour(&map, 0.5, &arena, &line), 1);
    z[2] = 0;
    CHECK_INT(gk_map_contour(&map, 0.5, &arena, &line), 1);
    CHECK_INT(line[0].n, 4);
}

TEST(every_crossing_of_a_random_map_is_on_one_line)
{
    enum { N = 23 };
    double x[N], y[N], z[N * N];
    int64_t n_crossing = 0, n_point = 0;
    unsigned random = 1;
    for (int i = 0; i < N; i++)
        x[i] = y[i] = i;
    for (int i = 0; i < N * N; i++)
        z[i] = (random = random * 1103515245u + 12345u) >> 16 & 255;
    for (int i = 0; i < N * N; i++) {
        n_crossing += i % N < N - 1 && (z[i] >= 100) != (z[i + 1] >= 100);
        n_crossing += i / N < N - 1 && (z[i] >= 100) != (z[i + N] >= 100);
    }
    gk_map map = map_of(N, N, x, y, z);
    gk_curve *line;
    int64_t n_line = gk_map_contour(&map, 100, &arena, &line);
    for (int64_t l = 0; l < n_line; l++) {
        int64_t last = line[l].n - 1;
        bool is_closed = last > 1 && line[l].x[0] == line[l].x[last] && line[l].y[0] == line[l].y[last];
        n_point += line[l].n - is_closed;
    }
    CHECK_INT(n_point, n_crossing);
}

TEST(blur_keeps_a_constant_and_what_is_missing)
{
    double x[] = { 0, 1, 2 }, y[] = { 0, 1 }, z[] = { 2, 2, NAN, 2, INFINITY, 2 };
    gk_map map = map_of(3, 2, x, y, z);
    CHECK_INT(gk_map_blur(&map, 1.5), 0);
    CHECK_CLOSE(z[0], 2, 1e-15);
    CHECK_CLOSE(z[5], 2, 1e-15);
    CHECK(isnan(z[2]) && isinf(z[4]));
    double peak[] = { 0, 1, 0 }, e = exp(-0.5);
    map = map_of(3, 1, x, y, peak);
    CHECK_INT(gk_map_blur(&map, 1), 0);
    CHECK_CLOSE(peak[1], 1 / (1 + 2 * e), 1e-15);
    CHECK_CLOSE(peak[0], e / (1 + e + exp(-2)), 1e-15);
    CHECK_INT(gk_map_blur(&map, 0), 0);
    CHECK_CLOSE(peak[1], 1 / (1 + 2 * e), 1e-15);
    gk_arena_release(&arena);
}

TEST_MAIN(RUN(cells_end_half_way_between_centres)
          RUN(a_grid_shows_by_its_spacing_whether_it_is_logarithmic)
          RUN(a_plane_has_a_straight_contour)
          RUN(a_contour_is_straight_on_a_logarithmic_axis_too)
          RUN(a_peak_has_a_closed_contour)
          RUN(at_a_saddle_the_middle_decides)
          RUN(a_missing_cell_breaks_a_contour)
          RUN(every_crossing_of_a_random_map_is_on_one_line)
          RUN(blur_keeps_a_constant_and_what_is_missing))
