/* test_interval.c -- intervals and tests against tables and hand-made cases.  How often they hold the truth: tests/slow. */
#include "analysis/interval.h"
#include "../test.h"

TEST(students_quantiles_are_those_of_the_tables)
{
    CHECK_CLOSE(gk_student_quantile(1, 0.975), 12.706204736432095, 1e-9);
    CHECK_CLOSE(gk_student_quantile(2, 0.975), 4.302652729911275, 1e-9);
    CHECK_CLOSE(gk_student_quantile(4, 0.975), 2.776445105197793, 1e-9);
    CHECK_CLOSE(gk_student_quantile(9, 0.95), 1.8331129326536335, 1e-9);
    CHECK_CLOSE(gk_student_quantile(1000000, 0.975), 1.96, 5e-4);
    CHECK_CLOSE(gk_student_quantile(7, 0.5), 0, 1e-12);
    CHECK(isnan(gk_student_quantile(0, 0.975)));
}

TEST(the_mean_has_students_interval)
{
    gk_interval found = gk_interval_mean(5, (double[]){ 1, 2, 3, 4, 5 });    /* s = sqrt(2.5) */
    CHECK_CLOSE(found.low, 3 - 2.776445105197793 * sqrt(0.5), 1e-9);
    CHECK_CLOSE(found.high, 3 + 2.776445105197793 * sqrt(0.5), 1e-9);
    CHECK(isnan(gk_interval_mean(1, (double[]){ 1 }).low));
    CHECK(isnan(gk_interval_mean(2, (double[]){ 1, INFINITY }).low));
}

TEST(the_median_has_an_interval_from_five_values_on_also_if_some_never_got_there)
{
    gk_interval five = gk_interval_median(5, (double[]){ 3, 1, INFINITY, 2, 5 });
    CHECK_CLOSE(five.low, 1, 0);
    CHECK(five.high == INFINITY);
    CHECK(isnan(gk_interval_median(4, (double[]){ 1, 2, 3, 4 }).low));
    /* n = 10: [x2, x9] covers 97.85 %, [x3, x8] 89.06 %; part 0.3244, share 8 * 0.3244 / (2 + 6 * 0.3244) = 0.6575 */
    double ten[10];
    for (int i = 0; i < 10; i++)
        ten[i] = i + 1;
    gk_interval found = gk_interval_median(10, ten);
    CHECK_CLOSE(found.low, 2.6575, 1e-3);
    CHECK_CLOSE(found.high, 8.3425, 1e-3);
    ten[4] = NAN;    /* may lie anywhere */
    gk_interval wider = gk_interval_median(10, ten);
    CHECK(wider.low < found.low && wider.high > found.high);
}

TEST(a_share_has_wilsons_interval)
{
    gk_interval found = gk_interval_share(4, 5);
    CHECK_CLOSE(found.low, 0.37553, 1e-5);
    CHECK_CLOSE(found.high, 0.96380, 1e-4);
    CHECK_CLOSE(gk_interval_share(0, 5).low, 0, 0);
    CHECK_CLOSE(gk_interval_share(0, 5).high, 0.43449, 1e-4);
    CHECK_CLOSE(gk_interval_share(5, 5).high, 1, 0);
    CHECK(isnan(gk_interval_share(0, 0).low));
}

TEST(a_shift_lies_between_quantiles_of_the_rank_sum)
{
    /* 5 against 5: the third smallest and the third largest of 25 differences */
    gk_interval found = gk_interval_shift(5, (double[]){ 11, 12, 13, 14, 15 }, 5, (double[]){ 1, 2, 3, 4, 5 });
    CHECK_CLOSE(found.low, 7, 0);
    CHECK_CLOSE(found.high, 13, 0);
    CHECK(isnan(gk_interval_shift(3, (double[]){ 1, 2, 3 }, 3, (double[]){ 1, 2, 3 }).low));
    found = gk_interval_shift(5, (double[]){ INFINITY, INFINITY, INFINITY, INFINITY, INFINITY }, 5, (double[]){ 1, 2, 3, 4, 5 });
    CHECK(found.low == INFINITY && found.high == INFINITY);
}

TEST(rank_sums_are_exact)
{
    const double a[] = { 11, 12, 13, INFINITY }, b[] = { 1, 2, 3, 4 };
    CHECK_CLOSE(gk_test_rank_sum(4, a, 4, b), 2.0 / 70, 1e-12);
    CHECK_CLOSE(gk_test_rank_sum(4, b, 4, a), 2.0 / 70, 1e-12);
    CHECK_CLOSE(gk_test_rank_sum(3, (double[]){ 1, 4, 5 }, 3, (double[]){ 2, 3, 6 }), 1, 1e-12);
    CHECK_CLOSE(gk_test_rank_sum(2, (double[]){ 1, 1 }, 2, (double[]){ 1, 1 }), 1, 0);
    CHECK_CLOSE(gk_test_rank_sum(0, a, 3, b), 1, 0);
    CHECK_CLOSE(gk_shift(2, a, 2, b), 10, 0);
}

TEST(a_threshold_is_no_better_known_than_the_grid_of_runs)
{
    gk_interval found = gk_interval_threshold(5, (double[]){ 0.25, 0.25, 0.25, 0.25, 0.25 }, 0.1);
    CHECK_CLOSE(found.low, 0.2025, 1e-12);
    CHECK_CLOSE(found.high, 0.2975, 1e-12);
    found = gk_interval_threshold(5, (double[]){ 0.2, 0.25, INFINITY, 0.3, 0.35 }, 0.01);
    CHECK_CLOSE(found.low, 0.2, 0);
    CHECK(found.high == INFINITY);
}

TEST(signed_ranks_are_exact)
{
    CHECK_CLOSE(gk_test_signed_rank(5, (double[]){ 1, 2, 3, 4, 5 }), 0.0625, 1e-12);
    CHECK_CLOSE(gk_test_signed_rank(6, (double[]){ 1, 2, 3, 4, 5, INFINITY }), 0.03125, 1e-12);
    CHECK_CLOSE(gk_test_signed_rank(6, (double[]){ -1, 2, 3, 4, 5, 6 }), 0.0625, 1e-12);
    CHECK_CLOSE(gk_test_signed_rank(4, (double[]){ 1, -1, 1, -1 }), 1, 0);
    CHECK_CLOSE(gk_test_signed_rank(3, (double[]){ 2, 2, 2 }), 0.25, 1e-12);    /* ties share their rank */
    CHECK_CLOSE(gk_test_signed_rank(3, (double[]){ 0, NAN, 0 }), 1, 0);
}

TEST_MAIN(RUN(students_quantiles_are_those_of_the_tables) RUN(the_mean_has_students_interval)
          RUN(the_median_has_an_interval_from_five_values_on_also_if_some_never_got_there) RUN(a_share_has_wilsons_interval)
          RUN(a_shift_lies_between_quantiles_of_the_rank_sum) RUN(rank_sums_are_exact)
          RUN(a_threshold_is_no_better_known_than_the_grid_of_runs) RUN(signed_ranks_are_exact))
