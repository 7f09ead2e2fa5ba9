/* test_stat.c -- statistics against known answers. */
#include "analysis/stat.h"
#include <math.h>
#include "base/rng.h"
#include "../test.h"

TEST(quantiles_know_runs_that_never_got_there)
{
    CHECK_CLOSE(gk_stat_quantile(4, (double[]){ 4, 1, NAN, 2 }, 0.5), 2, 0);
    CHECK_CLOSE(gk_stat_quantile(4, (double[]){ 4, 1, 3, 2 }, 0.5), 2.5, 0);
    CHECK_CLOSE(gk_stat_quantile(5, (double[]){ INFINITY, 1, 3, INFINITY, 2 }, 0.5), 3, 0);
    CHECK(isinf(gk_stat_quantile(4, (double[]){ INFINITY, 1, 3, INFINITY }, 0.5)));
    CHECK(isinf(gk_stat_quantile(3, (double[]){ INFINITY, INFINITY, 1 }, 0.5)));
    CHECK_CLOSE(gk_stat_quantile(5, (double[]){ 0, 1, 2, 3, 4 }, 0.9), 3.6, 1e-12);
    CHECK(isnan(gk_stat_quantile(1, (double[]){ NAN }, 0.5)));
}

TEST(spearman_shares_the_ranks_of_ties)
{
    /* ranks 1 2 3 4 5 against 1 2.5 2.5 4 5: 1 - 6 * 0.5 / 120 corrected for ties = 0.97467943... */
    CHECK_CLOSE(gk_stat_spearman(5, (double[]){ 1, 2, 3, 4, 5 }, (double[]){ 1, 7, 7, 8, 9 }), 9.5 / sqrt(10 * 9.5), 1e-12);
    CHECK_CLOSE(gk_stat_spearman(4, (double[]){ 1, 2, 3, 4 }, (double[]){ INFINITY, 30, 20, 1 }), -1, 1e-12);
    CHECK_CLOSE(gk_stat_spearman_medians(7, (double[]){ 3, 1, 1, 2, 2, 1, 3 }, (double[]){ 5, 1, 9, 4, 4, 2, 5 }), 1, 1e-12);
    CHECK(isnan(gk_stat_spearman(2, (double[]){ 1, 2 }, (double[]){ 1, 2 })));
    CHECK(isnan(gk_stat_spearman(3, (double[]){ 1, 2, 3 }, (double[]){ 1, 1, 1 })));
}

/* Of numbers in random limits no order is above the most, and of exact ones without ties it is the correlation itself. */
TEST(the_most_that_limits_allow_is_an_upper_bound)
{
    enum { N = 7, N_TRY = 2000 };
    double x[N], y[N], low[N], high[N], nearest = 1;
    for (uint64_t try = 0; try < N_TRY; try++) {
        double wide = try % 4 * 0.2;
        for (uint64_t i = 0; i < N; i++) {
            x[i] = (double)((3 * i) % N);
            y[i] = gk_rng_uniform(5, GK_RNG_TEST, try, 3 * i);
            low[i] = y[i] - wide * gk_rng_uniform(5, GK_RNG_TEST, try, 3 * i + 1);
            high[i] = y[i] + wide * gk_rng_uniform(5, GK_RNG_TEST, try, 3 * i + 2);
        }
        double found = gk_stat_spearman(N, x, y), most = gk_stat_spearman_most(N, x, low, high);
        CHECK(most >= found - 1e-12 && most <= 1 + 1e-12);
        if (wide > 0)
            nearest = fmin(nearest, most - found);
        else
            CHECK_CLOSE(most, found, 1e-12);
    }
    CHECK(nearest < 0.05);
    CHECK_CLOSE(gk_stat_spearman_most(6, (double[]){ 1, 1, 2, 2, 3, 3 }, (double[]){ 1, 3, 5, 7, 4, NAN },    /* 2, 6, 4 or 5 */
                                      (double[]){ 1, 3, 5, 7, 5, NAN }), 0.5, 1e-12);
    CHECK_CLOSE(gk_stat_spearman_most(3, (double[]){ 1, 2, 3 }, (double[]){ 5, 6, 3 }, (double[]){ 5, 6, INFINITY }), 1, 1e-12);
    CHECK(isnan(gk_stat_spearman_most(3, (double[]){ 1, 2, 3 }, (double[]){ 5, 6, NAN }, (double[]){ 5, 6, NAN })));
}

TEST(a_line_is_found_and_what_is_not_finite_left_out)
{
    gk_line line = gk_stat_line(4, (double[]){ 0, 1, 2, 3 }, (double[]){ 1, 3, 5, INFINITY });
    CHECK_CLOSE(line.a, 1, 1e-12);
    CHECK_CLOSE(line.b, 2, 1e-12);
    CHECK(isnan(gk_stat_line(2, (double[]){ 1, 1 }, (double[]){ 0, 1 }).b));
}

TEST(a_logistic_curve_gives_its_middle_and_slope)
{
    enum { N = 4000 };
    static double x[N];
    static bool   success[N];
    for (int i = 0; i < N; i++) {
        x[i] = (double)i / N;
        success[i] = gk_rng_uniform(1, GK_RNG_TEST, 0, (uint64_t)i) < 1 / (1 + exp(-20 * (x[i] - 0.3)));
    }
    gk_logistic fit = gk_stat_logistic(N, x, success);
    CHECK_CLOSE(fit.middle, 0.3, 0.01);
    CHECK_CLOSE(fit.b, 20, 1.5);
}

TEST(perfect_separation_has_a_middle_between_the_sides)
{
    gk_logistic fit = gk_stat_logistic(4, (double[]){ 0.1, 0.2, 0.3, 0.4 }, (bool[]){ false, false, true, true });
    CHECK_CLOSE(fit.middle, 0.25, 1e-6);
    CHECK(isfinite(fit.b) && fit.b > 0);
    CHECK(gk_stat_logistic(2, (double[]){ 0.1, 0.2 }, (bool[]){ false, false }).middle == INFINITY);
    CHECK(gk_stat_logistic(2, (double[]){ 0.1, 0.2 }, (bool[]){ true, true }).middle == -INFINITY);
    /* one success in many: half of the runs succeed nowhere, and not at 1e15 */
    const double x[] = { 0.3, 0.3, 0.3, 0.3, 0.5, 0.5, 0.5, 0.5, 0.7, 0.7, 0.7, 0.7 };
    bool         success[12] = { false };
    success[5] = true;
    CHECK(gk_stat_logistic(12, x, success).middle == INFINITY);
    for (int i = 0; i < 12; i++)
        success[i] = i != 5;
    CHECK(gk_stat_logistic(12, x, success).middle == -INFINITY);
    CHECK(isnan(gk_stat_logistic(0, NULL, NULL).middle));
}

TEST_MAIN(RUN(quantiles_know_runs_that_never_got_there)
          RUN(spearman_shares_the_ranks_of_ties)
          RUN(the_most_that_limits_allow_is_an_upper_bound)
          RUN(a_line_is_found_and_what_is_not_finite_left_out)
          RUN(a_logistic_curve_gives_its_middle_and_slope)
          RUN(perfect_separation_has_a_middle_between_the_sides))
