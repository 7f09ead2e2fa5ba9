#include <stdlib.h>
#include "../test.h"
#include "io/history.h"

static const char *const metrics[] = { "loss", "norm/embed.weight" };

TEST(a_record_starts_as_nan_in_every_metric_and_replica)
{
    gk_history *history = gk_history_new(3, 2, metrics);

    CHECK_INT(gk_history_append(history, 0), 0);
    for (int metric = 0; metric < 2; metric++)
        for (int replica = 0; replica < 3; replica++)
            CHECK(isnan(gk_history_at(history, metric, 0)[replica]));
    gk_history_free(history);
}

TEST(records_survive_growth)
{
    gk_history *history = gk_history_new(2, 2, metrics);

    for (int i = 0; i < 1000; i++) {
        CHECK_INT(gk_history_append(history, 10 * i), i);
        gk_history_at(history, 1, i)[1] = i + 0.5;
    }
    CHECK_INT(history->n_record, 1000);
    CHECK_INT(history->step[999], 9990);
    CHECK_CLOSE(gk_history_at(history, 1, 0)[1], 0.5, 0);
    CHECK_CLOSE(gk_history_at(history, 1, 999)[1], 999.5, 0);
    gk_history_free(history);
}

TEST(a_step_that_does_not_increase_is_refused)
{
    gk_history *history = gk_history_new(1, 1, metrics);

    CHECK_INT(gk_history_append(history, 5), 0);
    CHECK_INT(gk_history_append(history, 5), -1);
    CHECK_TEXT(gk_error_message(), "cannot record step 5 after step 5");
    CHECK_INT(history->n_record, 1);
    gk_history_free(history);
}

TEST(metrics_are_found_by_their_whole_name)
{
    gk_history *history = gk_history_new(1, 2, metrics);

    CHECK_INT(gk_history_find(history, "norm/embed.weight"), 1);
    CHECK_INT(gk_history_find(history, "norm"), -1);
    gk_history_free(history);
}

/* What another version recorded, and in another order. */
TEST(metrics_are_matched_by_name_and_missing_ones_are_nan_from_before)
{
    static const char *const wanted[] = { "margin", "norm/embed.weight", "entropy" };
    static const char *const after[] = { "margin", "norm/embed.weight", "entropy", "loss" };
    gk_history *history = gk_history_new(2, 2, metrics);

    for (int i = 0; i < 100; i++) {
        CHECK_INT(gk_history_append(history, i), i);
        gk_history_at(history, 0, i)[1] = i + 0.25;
        gk_history_at(history, 1, i)[1] = i + 0.5;
    }
    CHECK_INT(gk_history_conform(history, 3, wanted), 0);
    CHECK_INT(history->n_metric, 4);
    for (int m = 0; m < 4; m++)
        CHECK_TEXT(history->name[m], after[m]);
    for (int i = 0; i < 100; i++) {
        CHECK(isnan(gk_history_at(history, 0, i)[1]) && isnan(gk_history_at(history, 2, i)[1]));
        CHECK_CLOSE(gk_history_at(history, 1, i)[1], i + 0.5, 0);
        CHECK_CLOSE(gk_history_at(history, 3, i)[1], i + 0.25, 0);
    }
    for (int i = 100; i < 300; i++)    /* it grows as one */
        CHECK_INT(gk_history_append(history, i), i);
    CHECK_INT(gk_history_conform(history, 4, after), 0);
    CHECK_CLOSE(gk_history_at(history, 3, 99)[1], 99.25, 0);
    gk_history_free(history);
}

TEST(reserving_more_than_memory_is_an_error)
{
    gk_history *history = gk_history_new(1000, 1, metrics);

    CHECK_INT(gk_history_reserve(history, INT64_MAX / 4), -1);
    CHECK_CONTAINS(gk_error_message(), "out of memory");
    CHECK_INT(gk_history_append(history, 1), 0);
    gk_history_free(history);
    gk_history_free(NULL);
}

TEST_MAIN(RUN(a_record_starts_as_nan_in_every_metric_and_replica) RUN(records_survive_growth)
          RUN(a_step_that_does_not_increase_is_refused) RUN(metrics_are_found_by_their_whole_name)
          RUN(metrics_are_matched_by_name_and_missing_ones_are_nan_from_before)
          RUN(reserving_more_than_memory_is_an_error))
