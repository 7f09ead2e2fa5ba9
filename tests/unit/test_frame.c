/* test_frame.c -- columns by name, and levels of the values in them. */
#include "table/frame.h"

#include "../test.h"

static double      wd[] = { 1, 0.1, 1, NAN, 0.1, NAN };
static const char *name[] = { "b", "a", "b", "a", "b", "a" };
static gk_frame_column columns[] = {
    { .name = "weight_decay", .unit = "", .value = wd }, { .name = "name", .unit = "", .text = name }
};
static gk_frame frame = { .path = "x.tsv", .n_row = 6, .n_column = 2, .column = columns };

TEST(a_missing_column_is_answered_with_those_that_there_are)
{
    CHECK_INT(gk_frame_find(&frame, "name"), 1);
    CHECK_INT(gk_frame_find(&frame, "nam"), -1);
    CHECK_INT(gk_frame_need(&frame, "nam"), -1);
    CHECK_TEXT(gk_error_message(), "no column 'nam' in 'x.tsv': it has weight_decay name");
}

TEST(levels_of_numbers_ascend_and_the_missing_come_last)
{
    const int by[] = { 0 };
    const int64_t expected[] = { 1, 0, 1, 2, 0, 2 };
    gk_frame_levels levels;
    CHECK_INT(gk_frame_code(&frame, 1, by, &levels), 0);
    CHECK_INT(levels.n_level, 3);
    for (int row = 0; row < 6; row++)
        CHECK_INT(levels.code[row], expected[row]);
    CHECK_INT(levels.first_row[0], 1);
    gk_frame_levels_release(&levels);
}

TEST(levels_of_texts_are_in_order_of_appearance)
{
    const int by[] = { 1 };
    gk_frame_levels levels;
    CHECK_INT(gk_frame_code(&frame, 1, by, &levels), 0);
    CHECK_INT(levels.n_level, 2);
    CHECK_INT(levels.code[0], 0);
    CHECK_INT(levels.code[1], 1);
    CHECK_INT(levels.code[4], 0);
    gk_frame_levels_release(&levels);
}

TEST(two_columns_give_their_combinations_sorted_by_the_first)
{
    const int by[] = { 0, 1 };
    const int64_t expected[] = { 2, 1, 2, 3, 0, 3 };    /* (0.1, b) (0.1, a) (1, b) (nan, a): texts by appearance */
    gk_frame_levels levels;
    CHECK_INT(gk_frame_code(&frame, 2, by, &levels), 0);
    CHECK_INT(levels.n_level, 4);
    for (int row = 0; row < 6; row++)
        CHECK_INT(levels.code[row], expected[row]);
    gk_frame_levels_release(&levels);
}

TEST(no_columns_give_one_level_and_no_rows_none)
{
    gk_frame empty = { .path = "e", .n_column = 2, .column = columns };
    const int by[] = { 0 };
    gk_frame_levels levels;
    CHECK_INT(gk_frame_code(&frame, 0, NULL, &levels), 0);
    CHECK_INT(levels.n_level, 1);
    gk_frame_levels_release(&levels);
    CHECK_INT(gk_frame_code(&empty, 1, by, &levels), 0);
    CHECK_INT(levels.n_level, 0);
    gk_frame_levels_release(&levels);
}

TEST(a_column_may_be_added_once)
{
    gk_frame *copy = gk_alloc_large(sizeof *copy, "a table");
    CHECK(copy != NULL);
    *copy = (gk_frame){ .path = "c", .n_row = 2 };
    CHECK_INT(gk_frame_add(copy, "z"), 0);
    CHECK_INT(gk_frame_add(copy, "w"), 1);
    copy->column[1].value[1] = 3;
    CHECK_INT(gk_frame_need(copy, "w"), 1);
    CHECK_TEXT(copy->column[0].unit, "");
    CHECK_INT(gk_frame_add(copy, "z"), -1);
    CHECK_TEXT(gk_error_message(), "'c' has a column 'z' already");
    gk_frame_free(copy);
}

TEST_MAIN(RUN(a_missing_column_is_answered_with_those_that_there_are)
          RUN(levels_of_numbers_ascend_and_the_missing_come_last)
          RUN(levels_of_texts_are_in_order_of_appearance)
          RUN(two_columns_give_their_combinations_sorted_by_the_first)
          RUN(no_columns_give_one_level_and_no_rows_none)
          RUN(a_column_may_be_added_once))
