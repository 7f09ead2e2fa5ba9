/* test_seeds.c -- statistics of runs of several seeds. */
#include "analysis/seeds.h"
#include "../test.h"

TEST(a_slope_is_the_mean_of_the_slopes_of_seeds)
{
    const double  x[] = { 0, 1, 0, 1, 2 }, y[] = { 5, 6, 1, 3, 5 };
    const int64_t seed[] = { 1, 1, 0, 0, 0 };
    gk_estimate   found = gk_seeds_slope(&(gk_seeds){ 5, 2, x, y, seed });
    CHECK_CLOSE(found.value, 1.5, 1e-12);
    CHECK_CLOSE(found.interval.high, 1.5 + 12.706204736 * 0.5, 1e-6);
    CHECK_INT(found.n_seed, 2);
}

TEST(an_x_at_which_a_run_never_got_there_says_nothing_of_a_slope)
{
    const double  x[] = { 0, 1, 2, 0, 1, 2 }, y[] = { 0, 1, 7, 0, 1, INFINITY };
    const int64_t seed[] = { 0, 0, 0, 1, 1, 1 };
    gk_estimate   found = gk_seeds_slope(&(gk_seeds){ 6, 2, x, y, seed });
    CHECK_CLOSE(found.value, 1, 1e-12);
    CHECK_INT(found.n_left_out, 2);
}

TEST(single_runs_have_the_interval_of_their_regression)
{

    const double  x[] = { 0, 1, 2, 3 }, y[] = { 0, 2, 0, 2 + 1 };
    const int64_t seed[] = { 0, 1, 2, 3 };
    gk_estimate   found = gk_seeds_slope(&(gk_seeds){ 4, 4, x, y, seed });
    double        rest = 0, a = 1.25 - 0.7 * 1.5;
    for (int i = 0; i < 4; i++)
        rest += (y[i] - a - 0.7 * x[i]) * (y[i] - a - 0.7 * x[i]);
    CHECK_CLOSE(found.value, 0.7, 1e-12);
    CHECK_CLOSE(found.interval.high - 0.7, 4.302652729911275 * sqrt(rest / 2 / 5), 1e-9);
}

TEST(a_threshold_has_the_interval_of_the_thresholds_of_seeds)
{
    const double  x[] = { 1, 2, 3, 4, 1, 2, 3, 4 }, y[] = { 0, 0, 1, 1, 0, 0, 0, 1 };
    const int64_t seed[] = { 0, 0, 0, 0, 1, 1, 1, 1 };
    gk_estimate   found = gk_seeds_threshold(&(gk_seeds){ 8, 2, x, y, seed }, 1);
    CHECK_CLOSE(found.value, 3, 0.01);
    CHECK(found.interval.low == -INFINITY && found.interval.high == INFINITY);    /* 3 -+ 12.7 / 2, beyond the runs */
    CHECK(isnan(gk_seeds_threshold(&(gk_seeds){ 4, 1, x, y, seed }, 1).interval.low));
}

TEST(an_order_of_medians_may_be_chance)
{
    const double  x[] = { 1, 2, 3, 1, 2, 3 }, falls[] = { 9, 8, 7, 6, 5, 4 }, mixed[] = { 9, 7, 1, 1, 2, 3 };
    const int64_t seed[] = { 0, 0, 0, 1, 1, 1 };
    gk_estimate   found = gk_seeds_rank(&(gk_seeds){ 6, 2, x, falls, seed });
    CHECK_CLOSE(found.value, -1, 1e-12);
    CHECK(found.interval.high < 0);
    found = gk_seeds_rank(&(gk_seeds){ 6, 2, x, mixed, seed });
    CHECK_CLOSE(found.value, -1, 1e-12);    /* of 5, 4.5, 2, though one seed falls and the other rises */
    CHECK(found.interval.low < 0 && found.interval.high > 0);
    CHECK(isnan(gk_seeds_rank(&(gk_seeds){ 3, 1, x, falls, seed }).interval.low));
}

TEST(a_change_is_paired_where_seeds_are_shared)
{
    const double  x[] = { 0, 1, 1, 0, 0, 1, 1, 0, 0, 1 }, y[] = { 1, 11, 13, 2, 3, 15, 17, 4, 5, INFINITY };
    const int64_t seed[] = { 0, 0, 1, 1, 2, 2, 3, 3, 4, 4 };
    gk_change     found = gk_seeds_change(&(gk_seeds){ 10, 5, x, y, seed });
    CHECK(found.paired);
    CHECK_CLOSE(found.estimate.value, 12, 0);    /* of 10, 11, 12, 13, infinity */
    CHECK_CLOSE(found.estimate.interval.low, 10, 0);
    CHECK(found.estimate.interval.high == INFINITY);
    CHECK_CLOSE(found.p, 0.0625, 1e-12);
    gk_change apart = gk_seeds_change(&(gk_seeds){ 9, 5, x, y, seed });
    CHECK(!apart.paired);
    CHECK_CLOSE(apart.estimate.value, 11, 0);
    CHECK_CLOSE(apart.p, 2.0 / 126, 1e-12);
}

TEST(pairs_that_were_never_seen_may_differ_by_anything)
{
    const double  x[] = { 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 }, y[] = { 1, 2, 1, 2, 1, 2, 1, 2, INFINITY, INFINITY };
    const int64_t seed[] = { 0, 0, 1, 1, 2, 2, 3, 3, 4, 4 };
    gk_change     found = gk_seeds_change(&(gk_seeds){ 10, 5, x, y, seed });
    CHECK_INT(found.estimate.n_left_out, 1);
    CHECK(found.estimate.interval.low == -INFINITY && found.estimate.interval.high == INFINITY);
}

TEST(a_crossing_beside_a_run_that_was_never_seen_lies_between_two_x)
{
    const double  gap[] = { -INFINITY, -3, -1, 1, -INFINITY, -INFINITY, 1, 3, -1, NAN, NAN, 2 };
    double        x[20], y[20];
    int64_t       seed[20];
    for (int i = 0; i < 20; i++) {    /* at 2.5; between 1 and 2; between 0 and 3; the first again, twice */
        x[i] = i % 4;
        y[i] = i < 12 ? gap[i] : gap[i % 4];
        seed[i] = i / 4;
    }
    gk_estimate found = gk_seeds_crossing(&(gk_seeds){ 20, 5, x, y, seed });
    CHECK_INT(found.n_seed, 5);
    CHECK_CLOSE(found.value, 2.5, 1e-9);    /* of 1.5, 1.5, 2.5, 2.5, 2.5 */
    CHECK_CLOSE(found.interval.low, 0, 0);
    CHECK_CLOSE(found.interval.high, 3, 0);
}

TEST(beyond_the_runs_nothing_is_known_of_a_threshold)
{
    double  x[24], y[24];
    int64_t seed[24];
    for (int i = 0; i < 24; i++) {    /* middles 1.5, 1.5, 3.5: the mean less Student's half length, 2.87, is below 0 */
        x[i] = i % 8;
        seed[i] = i / 8;
        y[i] = x[i] > (seed[i] == 2 ? 3 : 1);
    }
    gk_estimate found = gk_seeds_threshold(&(gk_seeds){ 24, 3, x, y, seed }, 1);
    CHECK(found.interval.low == -INFINITY);
    CHECK_CLOSE(found.interval.high, 13.0 / 6 + 4.302652729911275 * 2 / 3, 1e-3);
}

TEST(x_that_differ_by_rounding_are_one)
{
    const double  x[] = { 0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2 }, y[] = { 0, 1, 2, 4 };
    const int64_t seed[] = { 0, 0, 1, 1 };
    gk_estimate   found = gk_seeds_slope(&(gk_seeds){ 4, 2, x, y, seed });    /* no slope of 1e15 */
    CHECK(isnan(found.value) && isnan(found.interval.low));
}

TEST(runs_of_a_seed_at_one_x_are_one_point_of_a_regression)
{
    const double  x[] = { 0, 0, 1, 1, 2, 2, 3, 3 }, y[] = { 0, 0, 1, 3, 1, -1, 2, 4 }, mean[] = { 0, 2, 0, 3 };
    const int64_t seed[] = { 0, 0, 1, 1, 2, 2, 3, 3 }, own[] = { 0, 1, 2, 3 };
    const double  place[] = { 0, 1, 2, 3 };
    gk_estimate   found = gk_seeds_slope(&(gk_seeds){ 8, 4, x, y, seed });
    gk_estimate   four = gk_seeds_slope(&(gk_seeds){ 4, 4, place, mean, own });
    CHECK_CLOSE(found.value, four.value, 1e-12);
    CHECK_CLOSE(found.interval.high, four.interval.high, 1e-12);
    CHECK_INT(found.n_seed, 4);
}

TEST(several_runs_of_a_seed_change_by_their_medians)
{
    double  x[30], y[30];
    int64_t seed[30];
    for (int i = 0; i < 30; i++) {    /* three runs of each of five seeds at either x, one of them far off */
        seed[i] = i / 6;
        x[i] = i % 2;
        y[i] = i % 6 > 3 ? 1000 : (double)seed[i] * (1 + x[i]);
    }
    gk_change found = gk_seeds_change(&(gk_seeds){ 30, 5, x, y, seed });
    CHECK(found.paired);
    CHECK_CLOSE(found.estimate.value, 2, 0);
    CHECK_CLOSE(found.estimate.interval.low, 0, 0);
    CHECK_CLOSE(found.estimate.interval.high, 4, 0);
    for (int i = 0; i < 30; i++)
        seed[i] = 2 * (i / 6) + i % 2;    /* ten seeds, each with one x: five and five, not fifteen and fifteen */
    gk_change apart = gk_seeds_change(&(gk_seeds){ 30, 10, x, y, seed });
    CHECK(!apart.paired);
    CHECK_CLOSE(apart.p, gk_test_rank_sum(5, (double[]){ 0, 2, 4, 6, 8 }, 5, (double[]){ 0, 1, 2, 3, 4 }), 1e-12);
}

TEST(a_share_counts_runs_that_are_alike_as_fewer)
{
    const double  y[] = { 1, 1, 0, 0, 1, 0, 1, 0 };
    const int64_t alike[] = { 0, 0, 1, 1, 0, 1, 0, 1 }, even[] = { 0, 1, 0, 1, 2, 2, 3, 3 }, own[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    CHECK_CLOSE(gk_seeds_share(&(gk_seeds){ 8, 2, y, y, alike }, 1).interval.low, gk_interval_share(1, 2).low, 1e-12);
    CHECK_CLOSE(gk_seeds_share(&(gk_seeds){ 8, 4, y, y, even }, 1).interval.low, gk_interval_share(4, 8).low, 1e-12);
    CHECK_CLOSE(gk_seeds_share(&(gk_seeds){ 8, 8, y, y, own }, 1).interval.low, gk_interval_share(4, 8).low, 1e-12);
    CHECK_CLOSE(gk_seeds_share(&(gk_seeds){ 8, 8, y, y, own }, 1).value, 0.5, 0);
    /* of 6 and 2 runs that are all alike within a seed: worth 64 / 40 trials, and not two */
    const int64_t uneven[] = { 0, 0, 1, 1, 0, 0, 0, 0 };
    const double  of_seed[] = { 1, 1, 0, 0, 1, 1, 1, 1 };
    const gk_seeds few = { 8, 2, of_seed, of_seed, uneven };
    CHECK_CLOSE(gk_seeds_share(&few, 1).interval.low, gk_interval_share(1.2, 1.6).low, 1e-12);
}

TEST(curves_cross_where_their_difference_changes_its_sign_first)
{
    const double  x[] = { 3, 1, 2, 1, 2, 3, 1, 2 }, gap[] = { 5, -3, 1, -1, -1, 3, 2, 1 };
    const int64_t seed[] = { 0, 0, 0, 1, 1, 1, 2, 2 };
    gk_estimate   two = gk_seeds_crossing(&(gk_seeds){ 6, 2, x, gap, seed });
    double        bent = (6 + sqrt(12)) / 4;    /* of 2x^2 - 6x + 3, which is the second seed's */
    CHECK_CLOSE(two.value, (1.75 + bent) / 2, 1e-12);
    CHECK(two.interval.low == -INFINITY && two.interval.high == INFINITY);    /* 1 and 3 end what is known */
    gk_estimate three = gk_seeds_crossing(&(gk_seeds){ 8, 3, x, gap, seed });
    CHECK_INT(three.n_seed, 3);    /* the third never crosses: later than all */
    CHECK_CLOSE(three.value, bent, 1e-12);
}

TEST_MAIN(RUN(a_crossing_beside_a_run_that_was_never_seen_lies_between_two_x)
          RUN(beyond_the_runs_nothing_is_known_of_a_threshold) RUN(x_that_differ_by_rounding_are_one)
          RUN(runs_of_a_seed_at_one_x_are_one_point_of_a_regression)
          RUN(several_runs_of_a_seed_change_by_their_medians) RUN(a_share_counts_runs_that_are_alike_as_fewer)
          RUN(curves_cross_where_their_difference_changes_its_sign_first)
          RUN(a_slope_is_the_mean_of_the_slopes_of_seeds)
          RUN(an_x_at_which_a_run_never_got_there_says_nothing_of_a_slope)
          RUN(single_runs_have_the_interval_of_their_regression)
          RUN(a_threshold_has_the_interval_of_the_thresholds_of_seeds) RUN(a_change_is_paired_where_seeds_are_shared)
          RUN(an_order_of_medians_may_be_chance)
          RUN(pairs_that_were_never_seen_may_differ_by_anything))
