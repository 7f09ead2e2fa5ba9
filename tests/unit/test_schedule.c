/* Schedules of records and snapshots, and of the learning rate. */
#include "../test.h"
#include "graph/backend.h"
#include "train/schedule.h"

static const gk_schedule log_schedule = { .growth = 1.03, .dense = 30, .max_gap = 500 };

TEST(every_step_to_30_then_3_percent_then_500_apart)
{
    int64_t step = 0, n = 0;
    while (step < 40000) {
        int64_t next = gk_schedule_after(&log_schedule, step);
        CHECK(next > step && next - step <= 500);
        if (step < 30)
            CHECK_INT(next, step + 1);
        else if (next - step < 500)
            CHECK(next >= 1.03 * step - 1e-6 && next - 1 < 1.03 * step);
        step = next;
        n++;
    }
    CHECK_INT(gk_schedule_count(&log_schedule, step), n + 1);
    CHECK_INT(gk_schedule_after(&log_schedule, 100), 103);
    CHECK_INT(gk_schedule_after(&log_schedule, 39500), 40000);
}

TEST(where_a_run_was_interrupted_does_not_matter)
{
    int64_t scheduled = 0;
    for (int64_t step = 0; step < 3000; step++) {
        if (step == scheduled)
            scheduled = gk_schedule_after(&log_schedule, scheduled);
        CHECK_INT(gk_schedule_next(&log_schedule, step), scheduled);
        CHECK_INT(gk_schedule_has(&log_schedule, step), step == 0 || gk_schedule_next(&log_schedule, step - 1) == step);
    }
    CHECK(gk_schedule_has(&log_schedule, 30) && gk_schedule_has(&log_schedule, 31) && !gk_schedule_has(&log_schedule, 34 * 3));
}

TEST(a_linear_schedule_takes_the_multiples)
{
    gk_schedule tens = { .every = 10, .growth = 1.03, .dense = 30 };
    CHECK_INT(gk_schedule_next(&tens, 0), 10);
    CHECK_INT(gk_schedule_next(&tens, 9), 10);
    CHECK_INT(gk_schedule_next(&tens, 10), 20);
    CHECK(gk_schedule_has(&tens, 0) && gk_schedule_has(&tens, 50) && !gk_schedule_has(&tens, 51));
    CHECK_INT(gk_schedule_count(&tens, 100), 11);
}

TEST(a_factor_gives_its_powers_and_nothing_gives_never)
{
    gk_schedule doubling = { .growth = 2 }, never = { 0 };
    CHECK_INT(gk_schedule_after(&doubling, 0), 1);
    CHECK_INT(gk_schedule_after(&doubling, 1), 2);
    CHECK_INT(gk_schedule_after(&doubling, 1024), 2048);
    CHECK_INT(gk_schedule_next(&doubling, 1000), 1024);
    CHECK_INT(gk_schedule_after(&doubling, INT64_C(1) << 62), INT64_MAX);
    CHECK_INT(gk_schedule_after(&never, 0), INT64_MAX);
    CHECK_INT(gk_schedule_count(&never, 100), 1);
}

/* A schedule is walked in leaps: as many steps as one by one, and 10^15 of them without waiting. */
TEST(leaps_lead_where_steps_do)
{
    static const gk_schedule schedules[] = {
        { .growth = 1.03, .dense = 30, .max_gap = 500 }, { .growth = 1, .dense = 30, .max_gap = 500 }, { .every = 7 },
        { .growth = 1.001, .dense = 30, .max_gap = 1 }, { .growth = 1.0007 }, { .growth = 3, .max_gap = 4000 },
    };
    for (size_t i = 0; i < sizeof schedules / sizeof *schedules; i++) {
        int64_t scheduled = 0, n = 1;
        for (int64_t step = 0; step < 20000; step += 17) {
            for (; scheduled <= step; n++)
                scheduled = gk_schedule_after(&schedules[i], scheduled);
            CHECK_INT(gk_schedule_next(&schedules[i], step), scheduled);
            CHECK_INT(gk_schedule_count(&schedules[i], scheduled), n);
        }
        int64_t far = gk_schedule_next(&schedules[i], INT64_C(1000000000000000));
        CHECK(far > INT64_C(1000000000000000) && gk_schedule_count(&schedules[i], far) > 0);
        CHECK(gk_schedule_next(&schedules[i], INT64_MAX - 1) == INT64_MAX);
    }
}

/* After 30 steps, each with a record, the next 970 do not take 32 times as long. */
TEST(the_time_to_come_counts_its_own_records)
{
    gk_schedule hundreds = { .every = 100 };
    int64_t n = gk_schedule_count(&log_schedule, 1000) - gk_schedule_count(&log_schedule, 30);
    CHECK_CLOSE(gk_schedule_time(&log_schedule, 30, 1000, 0.01, 1), 9.7 + (double)n, 1e-9);
    CHECK(n > 90 && n < 120);
    CHECK_CLOSE(gk_schedule_time(&hundreds, 0, 1000, 0.01, 2), 30, 1e-9);
    CHECK_CLOSE(gk_schedule_time(&hundreds, 150, 199, 0.01, 2), 0.49, 1e-9);
    CHECK_CLOSE(gk_schedule_time(&hundreds, 1000, 1000, 0.01, 2), 0, 0);
}

TEST(the_first_update_of_a_warm_up_has_rate_0)
{
    gk_update update = { .lr_schedule = GK_LR_CONSTANT };
    gk_hyper  hyper = { .learning_rate = 1e-3, .warmup = 10 };
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 0), 0, 0);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 5), 5e-4, 1e-18);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 10), 1e-3, 0);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 1000000), 1e-3, 0);
    hyper.warmup = 0;
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 0), 1e-3, 0);
}

TEST(the_step_schedule_multiplies_every_so_many_updates)
{
    gk_update update = { .lr_schedule = GK_LR_STEP, .lr_decay_steps = 5000 };
    gk_hyper  hyper = { .learning_rate = 1e-2, .lr_decay_factor = 0.2 };
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 4999), 1e-2, 0);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 5000), 2e-3, 1e-17);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 14999), 4e-4, 1e-17);
}

TEST(cosine_and_line_end_at_their_final_share_and_stay)
{
    gk_update update = { .lr_schedule = GK_LR_COSINE, .lr_decay_steps = 100 };
    gk_hyper  hyper = { .learning_rate = 1, .lr_decay_factor = 0.1, .warmup = 10 };
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 10), 1, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 60), 0.55, 1e-12);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 110), 0.1, 1e-12);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 5000), 0.1, 1e-12);
    update.lr_schedule = GK_LR_LINEAR;
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 35), 0.775, 1e-12);
    CHECK_CLOSE(gk_learning_rate(&update, &hyper, 5000), 0.1, 1e-12);
}

TEST_MAIN(RUN(every_step_to_30_then_3_percent_then_500_apart) RUN(where_a_run_was_interrupted_does_not_matter)
          RUN(a_linear_schedule_takes_the_multiples) RUN(a_factor_gives_its_powers_and_nothing_gives_never)
          RUN(leaps_lead_where_steps_do)
          RUN(the_time_to_come_counts_its_own_records)
          RUN(the_first_update_of_a_warm_up_has_rate_0) RUN(the_step_schedule_multiplies_every_so_many_updates)
          RUN(cosine_and_line_end_at_their_final_share_and_stay))
