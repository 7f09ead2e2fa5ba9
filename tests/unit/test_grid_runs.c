/* test_grid_runs.c -- which runs of a grid are there, and which are behind. */
#include "../../tools/grid_runs.h"

#include <unistd.h>
#include "../test.h"

enum { N = 4 };
static int64_t steps[N] = { 100, 60, 40, 100 }, numbers[N] = { 0, 1, 5, 6 };
static int32_t status[N] = { GK_RUNNING, GK_RUNNING, GK_STOPPED, GK_FINISHED };
static gk_h5_column run_column[] = { { .name = "seed", .type = GK_I64, .data = steps },
                                     { .name = "run", .type = GK_I64, .data = numbers } };
static gk_group group = { .n_replica = N, .replica_step = steps, .status = status, .n_run_column = 2, .run_column = run_column };

TEST(a_run_is_behind_if_it_would_go_on)
{
    CHECK(!gk_run_is_behind(&group, 0, 100));
    CHECK(gk_run_is_behind(&group, 1, 100));
    CHECK(!gk_run_is_behind(&group, 2, 100));    /* it was stopped: that is its end */
    CHECK(gk_run_is_behind(&group, 3, 101));     /* it was done, and is to do more */
}

TEST(runs_have_numbers_or_the_file_is_named)
{
    gk_checkpoint file = { .path = "x.h5" };
    CHECK(gk_run_numbers(&file, &group) == numbers);
    group.n_run_column = 1;
    CHECK(gk_run_numbers(&file, &group) == NULL);
    CHECK_TEXT(gk_error_message(), "'x.h5' does not number its runs: '/runs' has no column 'run' of whole numbers");
    group.n_run_column = 2;
}

/* What is told on stderr. */
static const char *told(int64_t n_run, int64_t n_step, bool *is_missing)
{
    static char text[1000];
    gk_join_part part = { &group, numbers };
    gk_arena arena = { 0 };
    int  saved = dup(STDERR_FILENO), pipes[2];
    if (pipe(pipes) < 0)
        return "";
    dup2(pipes[1], STDERR_FILENO);
    *is_missing = gk_tell_missing(&arena, "are nowhere", n_run, n_step, 1, &part);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(pipes[1]);
    ssize_t n = read(pipes[0], text, sizeof text - 1);
    text[n > 0 ? n : 0] = '\0';
    close(pipes[0]);
    gk_arena_release(&arena);
    return text;
}

TEST(what_is_missing_or_behind_is_told_in_ranges)
{
    bool is_missing;
    const char *text = told(12, 100, &is_missing);
    CHECK(is_missing);
    CHECK_CONTAINS(text, "1 run has not come to the end: 1\n");
    CHECK_CONTAINS(text, "8 of the 12 runs are nowhere: 2..4 7..11\n");
    text = told(2, 60, &is_missing);
    CHECK(!is_missing);
    CHECK_TEXT(text, "");
    text = told(0, 1000, &is_missing);
    CHECK(!is_missing);
}

TEST_MAIN(RUN(a_run_is_behind_if_it_would_go_on)
          RUN(runs_have_numbers_or_the_file_is_named)
          RUN(what_is_missing_or_behind_is_told_in_ranges))
