/* test_plot_lines.c -- which rows of a table are one run, which runs are one curve, and what a legend says of them. */
#include "plot/lines.h"
#include "plot/marks.h"
#include "plot/panels.h"

#include "../test.h"

/* Two weight decays, two seeds, three records each. */
enum { N_ROW = 12 };
static double run[N_ROW], wd[N_ROW], seed[N_ROW], step[N_ROW], train[N_ROW], test[N_ROW];
static gk_frame_column columns[] = {
    { .name = "run", .unit = "", .value = run },         { .name = "weight_decay", .unit = "", .value = wd },
    { .name = "seed", .unit = "", .value = seed },       { .name = "step", .unit = "updates", .value = step },
    { .name = "train_acc", .unit = "", .value = train }, { .name = "test_acc", .unit = "", .value = test },
};
static gk_frame frame = { .path = "t.tsv", .n_row = N_ROW, .n_column = 6, .column = columns };

static gk_plot_request fill(void)
{
    gk_plot_request request = { .x = 3, .n_y = 2, .y = { 4, 5 }, .n_axis = 1 };

    for (int row = 0; row < N_ROW; row++) {
        int of_run = row / 3;
        run[row] = of_run;
        wd[row] = of_run < 2 ? 1 : 0.1;
        seed[row] = of_run % 2;
        step[row] = row % 3 * 10;
        train[row] = 0.1 * (row % 3) + seed[row];
        test[row] = 0.01 * row;
    }
    gk_plot_identity(&frame, &request);
    gk_plot_default_by(&frame, &request);
    return request;
}

TEST(what_varies_and_tells_no_runs_apart_has_the_colours)
{
    gk_plot_request request = fill();
    CHECK_INT(request.n_id, 2);    /* run and seed */
    CHECK_INT(request.id[0], 0);
    CHECK_INT(request.id[1], 2);
    CHECK_INT(request.n_by, 1);
    CHECK_INT(request.by[0], 1);
    for (int row = 0; row < N_ROW; row++)
        wd[row] = 1;
    request.n_by = 0;
    gk_plot_default_by(&frame, &request);
    CHECK_INT(request.n_by, 0);
    CHECK_INT(gk_plot_options_end(&frame), 3);
}

TEST(a_curve_is_the_median_of_its_runs_with_their_range)
{
    gk_plot_request request = fill();
    gk_figure figure = { 0 };
    gk_plot_sets sets;
    gk_arena arena = { 0 };
    CHECK_INT(gk_plot_legend(&frame, &request, &arena, &sets, &figure), 0);
    CHECK_INT(sets.n, 2);
    CHECK_TEXT(gk_plot_set_label(&frame, &request, &arena, sets.row[0]), "weight decay 0.1");
    CHECK_INT(gk_plot_lines(&frame, &request, &sets, &arena, &figure), 0);
    CHECK_INT(figure.n_line, 4);    /* two colours of two metrics */
    CHECK_TEXT(figure.caption, "median and range of 2 runs each");
    for (int l = 0; l < 4; l++)
        CHECK_INT(figure.line[l].n, 3);
    CHECK_CLOSE(figure.line[0].y[1], 0.6, 1e-12);    /* train_acc of 0.1 and 1.1 */
    CHECK_CLOSE(figure.line[0].low[1], 0.1, 1e-12);
    CHECK_CLOSE(figure.line[0].high[1], 1.1, 1e-12);
    CHECK_CLOSE(figure.line[0].x[2], 20, 0);
    figure = (gk_figure){ 0 };
    request.each = true;
    CHECK_INT(gk_plot_lines(&frame, &request, &sets, &arena, &figure), 0);
    CHECK_INT(figure.n_line, 8);
    CHECK_TEXT(figure.caption, "4 runs");
    gk_arena_release(&arena);
}

TEST(colours_are_a_palette_while_it_lasts_then_a_ramp)
{
    const gk_plot_request ours = { 0 };
    const uint32_t own[] = { 0x111111, 0x222222 };
    const gk_plot_request theirs = { .n_palette = 2, .palette = own };
    CHECK_INT(gk_plot_colour(&theirs, 3, 5), 0x222222);
    CHECK_INT(gk_plot_colour(&ours, 0, 7), 0x0072b2);
    CHECK_INT(gk_plot_colour(&ours, 6, 7), 0x000000);
    CHECK_INT(gk_plot_colour(&ours, 0, 8), 0x440154);
    CHECK_INT(gk_plot_colour(&ours, 7, 8), 0xd8c81c);
    CHECK_INT(gk_plot_colour(&ours, 5, 11), 0x21918c);
    for (int i = 0; i + 1 < 30; i++)
        CHECK(gk_plot_colour(&ours, i, 30) != gk_plot_colour(&ours, i + 1, 30));
}

TEST(a_table_falls_into_the_rows_of_each_panel)
{
    gk_frame part[GK_MAX_PANEL];
    const char *name[GK_MAX_PANEL];
    gk_arena arena = { 0 };
    fill();
    CHECK_INT(gk_panel_split(&frame, 1, &arena, part, name), 2);
    CHECK_TEXT(name[0], "weight decay 1");    /* in order of appearance */
    CHECK_TEXT(name[1], "weight decay 0.1");
    CHECK_INT(part[1].n_row, 6);
    CHECK_CLOSE(part[1].column[5].value[0], 0.06, 1e-12);
    CHECK_INT(gk_panel_split(&frame, 5, &arena, part, name), N_ROW);
    gk_arena_release(&arena);
}

TEST(marks_are_names_and_places)
{
    gk_arena arena = { 0 };
    gk_figure figure = { .x = { .range = { NAN, NAN } }, .y = { { .range = { NAN, NAN } } } };
    CHECK_INT(gk_plot_points("A=1,200,B = C=8,2e2", &arena, &figure), 0);
    CHECK_INT(figure.n_mark, 2);
    CHECK_TEXT(figure.mark[1].text, "B = C");
    CHECK_CLOSE(figure.mark[1].x, 8, 0);
    CHECK_INT(gk_plot_rules("w_c=1.5,3", true, &arena, &figure), 0);
    CHECK_INT(figure.n_rule, 2);
    CHECK(figure.rule[0].is_x && !figure.rule[1].text);
    CHECK_CLOSE(figure.rule[1].at, 3, 0);
    CHECK_INT(gk_plot_points("1,2", &arena, &figure), -1);
    CHECK_TEXT(gk_error_message(), "'1,2': expected NAME=X,Y");
    CHECK_INT(gk_plot_check_marks(&figure), 0);
    figure.x.range[1] = 2;
    CHECK_INT(gk_plot_check_marks(&figure), -1);
    CHECK_TEXT(gk_error_message(), "mark 'B = C': x is 8, outside of the figure, which spans -inf to 2");
    gk_arena_release(&arena);
}

TEST_MAIN(RUN(what_varies_and_tells_no_runs_apart_has_the_colours)
          RUN(a_curve_is_the_median_of_its_runs_with_their_range)
          RUN(colours_are_a_palette_while_it_lasts_then_a_ramp)
          RUN(a_table_falls_into_the_rows_of_each_panel)
          RUN(marks_are_names_and_places))
