/* test_window.c -- medians of a moving window against sorting each. */
#include "analysis/window.h"

#include <stdlib.h>
#include "analysis/stat.h"
#include "base/rng.h"
#include "../test.h"

TEST(a_moving_median_is_that_of_each_window)
{
    enum { N = 600 };
    double value[N];
    for (int i = 0; i < N; i++)    /* ties, infinities, and some that are no numbers */
        value[i] = i % 37 == 0 ? NAN : i % 101 == 0 ? INFINITY : gk_rng_below(3, GK_RNG_TEST, 0, (uint64_t)i, 50);
    for (int length = 1; length < N; length += 61) {
        gk_window *window = gk_window_new(N, value);
        for (int begin = 0; begin + length <= N; begin += 3) {
            double expected = gk_stat_quantile(length, value + begin, 0.5);
            double found = gk_window_median(window, begin, begin + length);
            CHECK(found == expected || (isnan(found) && isnan(expected)));
        }
        gk_window_free(window);
    }
}

TEST(a_window_of_nothing_has_no_median)
{
    gk_window *window = gk_window_new(2, (double[]){ NAN, 1 });
    CHECK(isnan(gk_window_median(window, 0, 0)));
    CHECK(isnan(gk_window_median(window, 0, 1)));
    CHECK(gk_window_median(window, 0, 2) == 1);
    CHECK(isnan(gk_window_median(window, 2, 2)));
    gk_window_free(window);
    window = gk_window_new(0, NULL);
    CHECK(isnan(gk_window_median(window, 0, 0)));
    gk_window_free(window);
}

TEST_MAIN(RUN(a_moving_median_is_that_of_each_window)
          RUN(a_window_of_nothing_has_no_median))
