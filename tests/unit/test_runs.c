/* test_runs.c -- the runs of several files and shape groups under one set of columns. */
#include "table/runs.h"

#include <stdlib.h>
#include "../test.h"

static int64_t run0[] = { 0, 1 }, seed0[] = { 7, 8 }, run1[] = { 2 }, seed1[] = { 7 }, prime1[] = { 97 };
static double  decay0[] = { 0.1, 1 };
static const char *norm1[] = { "pre" };
static gk_h5_column columns0[] = { { "run", GK_I64, run0, NULL }, { "seed", GK_I64, seed0, NULL },
                                   { "weight_decay", GK_F64, decay0, NULL } };
static gk_h5_column columns1[] = { { "prime", GK_I64, prime1, NULL }, { "run", GK_I64, run1, NULL },
                                   { "seed", GK_I64, seed1, NULL }, { "norm", GK_I64, NULL, norm1 } };
static int64_t done0[] = { 20, 10 };
static int32_t status0[] = { GK_RUNNING, GK_STOPPED };
static gk_group groups[2];
static gk_checkpoint file = { .path = "grid.h5", .n_group = 2, .group = groups };
static gk_checkpoint *files[] = { &file, &file };

/* Group 0: two runs, the second stopped at step 10; group 1: one run with other metrics. */
static void set_up(void)
{
    const char *const names0[] = { "train_loss", "norm/embed", "weight_decay" }, *const names1[] = { "train_loss", "test_acc" };
    groups[0] = (gk_group){ .n_replica = 2, .step = 20, .replica_step = done0, .status = status0, .n_run_column = 3,
                            .run_column = columns0, .history = gk_history_new(2, 3, names0) };
    groups[1] = (gk_group){ .n_replica = 1, .step = 5, .n_run_column = 4, .run_column = columns1,
                            .history = gk_history_new(1, 2, names1) };
    for (int64_t step = 0; step <= 20; step += 10) {
        int64_t record = gk_history_append(groups[0].history, step);
        gk_history_at(groups[0].history, 0, record)[0] = 1 + (double)step;
        if (step <= 10)
            gk_history_at(groups[0].history, 0, record)[1] = 2 + (double)step;
    }
    gk_history_at(groups[1].history, 1, gk_history_append(groups[1].history, 5))[0] = 0.5;
}

static void tear_down(void)
{
    gk_history_free(groups[0].history);
    gk_history_free(groups[1].history);
}

TEST(columns_and_metrics_are_united_with_run_and_seed_first)
{
    gk_runs *runs = gk_runs_new(1, files, NULL, -1, -1);
    CHECK(runs);
    CHECK_INT(runs->n_run, 3);
    CHECK_INT(runs->n_column, 5);
    CHECK_TEXT(runs->column[0], "run");
    CHECK_TEXT(runs->column[1], "seed");
    CHECK_TEXT(runs->column[2], "weight_decay");
    CHECK_TEXT(runs->column[3], "prime");
    CHECK_INT(runs->n_metric, 3);
    CHECK_TEXT(runs->metric[2], "test_acc");
    CHECK_TEXT(runs->metric_title[1], "metric_weight_decay");    /* an option that varies has the name */
    CHECK_CLOSE(gk_runs_cell(runs, &runs->run[1], 2).real, 1, 0);
    CHECK_INT(gk_runs_cell(runs, &runs->run[2], 2).type, GK_CELL_EMPTY);
    CHECK_INT(gk_runs_cell(runs, &runs->run[2], 3).integer, 97);
    CHECK_TEXT(gk_runs_cell(runs, &runs->run[2], 4).text, "pre");
    CHECK(isnan(gk_runs_metric(runs, &runs->run[0], 2, 0)));
    CHECK_CLOSE(gk_runs_metric(runs, &runs->run[2], 2, 0), 0.5, 0);
    gk_runs_free(runs);
}

TEST(a_retired_run_has_no_records_after_its_end)
{
    gk_runs *runs = gk_runs_new(1, files, NULL, -1, -1);
    CHECK_INT(gk_run_last_record(&runs->run[0]), 2);
    CHECK_INT(gk_run_last_record(&runs->run[1]), 1);
    CHECK_INT(gk_run_step(&runs->run[1]), 10);
    CHECK_TEXT(gk_run_status(&runs->run[1]), "stopped");
    CHECK_TEXT(gk_run_status(&runs->run[2]), "running");
    gk_runs_free(runs);
}

TEST(metrics_runs_and_groups_can_be_chosen)
{
    gk_runs *runs = gk_runs_new(1, files, "norm/embed,train_loss", 1, -1);
    CHECK_INT(runs->n_run, 1);
    CHECK_INT(runs->n_metric, 2);
    CHECK_TEXT(runs->metric[0], "norm/embed");
    CHECK_CLOSE(gk_runs_metric(runs, &runs->run[0], 1, 1), 12, 0);
    gk_runs_free(runs);
    runs = gk_runs_new(1, files, "all", -1, 1);
    CHECK_INT(runs->n_run, 1);
    CHECK_INT(runs->n_metric, 4);
    gk_runs_free(runs);
    runs = gk_runs_new(2, files, NULL, -1, -1);
    CHECK_INT(runs->n_run, 6);
    CHECK_INT(runs->run[3].file, 1);
    gk_runs_free(runs);
}

TEST(what_is_not_there_is_named_with_what_is)
{
    CHECK(!gk_runs_new(1, files, "test_acc,acc", -1, -1));
    CHECK_TEXT(gk_error_message(), "no metric 'acc' in 'grid.h5': it has train_loss norm/embed weight_decay test_acc");
    CHECK(!gk_runs_new(1, files, NULL, 9, -1));
    CHECK_TEXT(gk_error_message(), "no run 9 in 'grid.h5': it has 3 runs in 2 groups");
    CHECK(!gk_runs_new(1, files, NULL, -1, 2));
    CHECK_TEXT(gk_error_message(), "no group 2 in 'grid.h5': it has 2");
}

TEST(the_long_table_has_a_row_per_run_and_record)
{
    gk_runs *runs = gk_runs_new(1, files, NULL, -1, -1);
    gk_frame *frame = gk_runs_frame(runs);
    int step = gk_frame_find(frame, "step"), loss = gk_frame_find(frame, "train_loss"), norm = gk_frame_find(frame, "norm");
    CHECK_INT(frame->n_row, 6);
    CHECK_TEXT(frame->column[step].unit, "updates");
    CHECK_CLOSE(frame->column[step].value[4], 10, 0);
    CHECK_CLOSE(frame->column[loss].value[4], 12, 0);
    CHECK_CLOSE(frame->column[gk_frame_find(frame, "run")].value[5], 2, 0);
    CHECK_TEXT(frame->column[norm].text[0], "");
    CHECK_TEXT(frame->column[norm].text[5], "pre");
    CHECK(isnan(frame->column[gk_frame_find(frame, "prime")].value[0]));
    gk_frame_free(frame);
    gk_runs_free(runs);
}

#define WITH_FILE(name) set_up(); RUN(name) tear_down();
TEST_MAIN(WITH_FILE(columns_and_metrics_are_united_with_run_and_seed_first)
          WITH_FILE(a_retired_run_has_no_records_after_its_end)
          WITH_FILE(metrics_runs_and_groups_can_be_chosen)
          WITH_FILE(what_is_not_there_is_named_with_what_is)
          WITH_FILE(the_long_table_has_a_row_per_run_and_record))
