/* test_crossing.c -- when a curve gets over a threshold and stays there. */
#include "analysis/crossing.h"
#include "../test.h"

TEST(the_first_record_that_is_held_counts_not_an_earlier_spike)
{
    const double value[] = { 0, 1, 0.5, 0.99, 1, 1, 1, 0.2 };
    CHECK_INT(gk_first_held(value, 8, 0.99, 3, false), 3);
    CHECK_INT(gk_first_held(value, 8, 0.99, 0, false), 1);
    CHECK_INT(gk_first_held(value, 8, 0.99, 4, false), -1);
}

TEST(the_end_counts_as_held_only_if_asked)
{
    const double value[] = { 0, 0, 0.995, 1 };
    CHECK_INT(gk_first_held(value, 4, 0.99, 3, false), -1);
    CHECK_INT(gk_first_held(value, 4, 0.99, 3, true), 2);
    CHECK_INT(gk_first_held(value, 2, 0.99, 3, true), -1);
    CHECK_INT(gk_first_held(value, 0, 0.99, 3, true), -1);
}

TEST(a_missing_value_breaks_the_hold)
{
    const double value[] = { 1, 1, NAN, 1, 1, 1 };
    CHECK_INT(gk_first_held(value, 6, 0.99, 2, false), 3);
}

TEST_MAIN(RUN(the_first_record_that_is_held_counts_not_an_earlier_spike)
          RUN(the_end_counts_as_held_only_if_asked)
          RUN(a_missing_value_breaks_the_hold))
