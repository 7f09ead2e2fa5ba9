/* test_curves.c -- quantiles, bands over runs, thinning. */
#include "analysis/curves.h"

#include <stdlib.h>
#include "../test.h"

TEST(quantiles_are_those_of_type_7)
{
    const double value[] = { 1, 2, 4, 8 };
    CHECK_CLOSE(gk_quantile(value, 4, 0.5), 3, 1e-15);
    CHECK_CLOSE(gk_quantile(value, 4, 0.25), 1.75, 1e-15);    /* numpy.quantile([1, 2, 4, 8], 0.25) */
    CHECK_CLOSE(gk_quantile(value, 4, 0), 1, 0);
    CHECK_CLOSE(gk_quantile(value, 4, 1), 8, 0);
    CHECK_CLOSE(gk_quantile(value, 1, 0.9), 1, 0);
}

TEST(the_median_of_times_that_are_mostly_infinite_is_infinite)
{
    const double value[] = { 100, INFINITY, INFINITY };
    CHECK(isinf(gk_quantile(value, 3, 0.5)));
    CHECK(isinf(gk_quantile(value, 3, 1)));
}

TEST(a_curve_is_linear_between_its_points_and_keeps_its_last_value)
{
    double x[] = { 1, 3, 4 }, y[] = { 10, 20, 50 };
    gk_curve curve = { 3, x, y };
    int64_t cursor = 0;
    CHECK(isnan(gk_curve_at(&curve, 0.5, &cursor)));
    CHECK_CLOSE(gk_curve_at(&curve, 1, &cursor), 10, 0);
    CHECK_CLOSE(gk_curve_at(&curve, 2, &cursor), 15, 1e-15);
    CHECK_CLOSE(gk_curve_at(&curve, 4, &cursor), 50, 0);
    CHECK_CLOSE(gk_curve_at(&curve, 9, &cursor), 50, 0);
}

TEST(a_band_spans_the_runs_also_after_one_was_stopped)
{
    double x1[] = { 1, 2, 3, 4 }, y1[] = { 0, 1, 2, 3 }, x2[] = { 1, 2 }, y2[] = { 4, 9 }, x3[] = { 2 }, y3[] = { 5 };
    gk_curve curves[] = { { 4, x1, y1 }, { 2, x2, y2 }, { 1, x3, y3 } };
    gk_band band;
    CHECK_INT(gk_band_over(curves, 3, 0, 1000, false, &band), 0);
    CHECK_INT(band.n, 4);
    CHECK_CLOSE(band.y[0], 2, 0);
    CHECK_CLOSE(band.y[1], 5, 0);      /* the single point counts where it is */
    CHECK_CLOSE(band.low[3], 3, 0);
    CHECK_CLOSE(band.high[3], 9, 0);
    CHECK_CLOSE(band.y[3], 6, 0);      /* and nowhere else */
    gk_band_release(&band);
}

TEST(a_run_that_diverged_does_not_count_where_it_has_no_value)
{
    double x[] = { 1, 2 }, y1[] = { 1, 2 }, y2[] = { 3, NAN };
    gk_curve curves[] = { { 2, x, y1 }, { 2, x, y2 } };
    gk_band band;
    CHECK_INT(gk_band_over(curves, 2, 0.25, 1000, true, &band), 0);
    CHECK_CLOSE(band.y[0], 2, 0);
    CHECK_CLOSE(band.low[0], 1.5, 0);
    CHECK_CLOSE(band.y[1], 2, 0);
    gk_band_release(&band);
}

TEST(a_band_over_long_runs_has_no_more_points_than_asked)
{
    enum { N = 5000 };
    static double x[N], y[N];
    for (int i = 0; i < N; i++)
        x[i] = y[i] = i + 1;
    gk_curve curve = { N, x, y };
    gk_band band;
    CHECK_INT(gk_band_over(&curve, 1, 0, 100, true, &band), 0);
    CHECK(band.n > 20 && band.n <= 100);
    CHECK_CLOSE(band.x[0], 1, 0);
    CHECK_CLOSE(band.x[band.n - 1], N, 0);
    for (int64_t i = 1; i < band.n; i++)
        CHECK(band.x[i] > band.x[i - 1]);
    gk_band_release(&band);
}

TEST(thinning_keeps_every_spike)
{
    enum { N = 100000 };
    double *x = malloc(N * sizeof *x), *y = malloc(N * sizeof *y), highest = 0, lowest = 0;
    for (int i = 0; i < N; i++) {
        x[i] = i;
        y[i] = 0;
    }
    y[77777] = 5;
    y[33333] = -5;
    y[0] = NAN;
    gk_curve curve = { N, x, y };
    gk_curve_thin(&curve, 1000, false);
    CHECK(curve.n <= 1000 && curve.n > 400);
    for (int64_t i = 0; i < curve.n; i++) {
        CHECK(i == 0 || curve.x[i] > curve.x[i - 1]);
        highest = fmax(highest, curve.y[i]);
        lowest = fmin(lowest, curve.y[i]);
    }
    CHECK_CLOSE(highest, 5, 0);
    CHECK_CLOSE(lowest, -5, 0);
    free(x);
    free(y);
}

TEST_MAIN(RUN(quantiles_are_those_of_type_7)
          RUN(the_median_of_times_that_are_mostly_infinite_is_infinite)
          RUN(a_curve_is_linear_between_its_points_and_keeps_its_last_value)
          RUN(a_band_spans_the_runs_also_after_one_was_stopped)
          RUN(a_run_that_diverged_does_not_count_where_it_has_no_value)
          RUN(a_band_over_long_runs_has_no_more_points_than_asked)
          RUN(thinning_keeps_every_spike))
