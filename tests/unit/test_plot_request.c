/* test_plot_request.c -- names of columns become axes, panels and legends: in words, with one kind of metric at an axis. */
#include "plot/panels.h"
#include "plot/request.h"
#include "plot/words.h"

#include "../test.h"

/* Three runs of two records. */
enum { N_ROW = 6 };
static double run[] = { 0, 0, 1, 1, 2, 2 }, wd[] = { 0.1, 0.1, 1, 1, 10, 10 }, step[] = { 1, 10, 1, 10, 1, 10 };
static double train[] = { 0, 1, 0, 1, 0, 1 }, test[] = { 0, 0.5, 0, 0.6, 0, 0.7 }, norm[] = { 30, 20, 30, 21, 30, INFINITY };
static double loss[] = { 4, 1e-3, 4, 0, 4, -1 };
static const char *name[] = { "a", "a", "b", "b", "a", "a" };
static gk_frame_column columns[] = {
    { .name = "run", .unit = "", .value = run },          { .name = "weight_decay", .unit = "", .value = wd },
    { .name = "name", .unit = "", .text = name },         { .name = "step", .unit = "updates", .value = step },
    { .name = "train_acc", .unit = "", .value = train },  { .name = "test_acc", .unit = "", .value = test },
    { .name = "l2_norm", .unit = "", .value = norm },     { .name = "train_loss", .unit = "", .value = loss },
};
static gk_frame frame = { .path = "t.tsv", .n_row = N_ROW, .n_column = 8, .column = columns };
static gk_arena arena;

TEST(columns_have_the_words_of_the_field)
{
    static const char *const words[][2] = {
        { "step", "optimiser steps" }, { "test_acc", "test accuracy" }, { "gradient_norm", "gradient norm" },
        { "thin_to", "thinned to" }, { "thinned/test_acc", "test accuracy, thinned subclasses" },
        { "absent/train_loss", "train loss, absent subclasses" }, { "p1/test_acc", "test accuracy, p1" },
        { "norm/embed.weight", "norm of embed.weight" }, { "nonsense", "nonsense" }, { "a/nonsense", "a/nonsense" },
        { "step_train_99", "steps to 99 % train accuracy" }, { "step_test_99.9", "steps to 99.9 % test accuracy" },
        { "step_end", "step_end" }, { "step_test_", "step_test_" }, { "step_test_x", "step_test_x" },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        CHECK_TEXT(gk_plot_words(words[i][0], &arena), words[i][1]);
}

static const char *kind(const char *column, const char *unit)
{
    const char *found = gk_plot_kind(&(gk_frame_column){ .name = column, .unit = unit }, &arena);
    return found ? found : "none";
}

TEST(metrics_have_kinds_and_other_columns_that_of_their_unit)
{
    CHECK_TEXT(kind("train_acc", ""), "accuracy");
    CHECK_TEXT(kind("thinned/test_acc", ""), "accuracy");
    CHECK_TEXT(kind("restricted_loss", ""), "loss");
    CHECK_TEXT(kind("test_error", ""), "error");
    CHECK_TEXT(kind("norm/embed.weight", ""), kind("l2_norm", ""));
    CHECK(strcmp(kind("gradient_norm", ""), kind("l2_norm", "")) != 0);
    CHECK_TEXT(kind("step_test_99", ""), "optimiser steps");
    CHECK_TEXT(kind("time", "s"), "s");
    CHECK_TEXT(kind("p50", ""), "none");
}

TEST(an_axis_says_what_its_metrics_have_in_common_or_names_them)
{
    CHECK_TEXT(gk_plot_axis_label(&frame, 1, (int[]){ 5 }, "", &arena), "test accuracy");
    CHECK_TEXT(gk_plot_axis_label(&frame, 2, (int[]){ 4, 5 }, "", &arena), "accuracy");
    CHECK_TEXT(gk_plot_axis_label(&frame, 1, (int[]){ 7 }, "nats", &arena), "train loss (nats)");
    CHECK_TEXT(gk_plot_axis_label(&frame, 2, (int[]){ 5, 6 }, "nats", &arena), "test accuracy, parameter norm (L2)");
    CHECK_TEXT(gk_plot_axis_label(&frame, 1, (int[]){ 3 }, "nats", &arena), "optimiser steps");
}

TEST(kinds_have_axes_of_their_own_unless_it_is_said_otherwise)
{
    gk_plot_request request = { 0 };
    CHECK_INT(gk_plot_metrics(&frame, "train_acc,l2_norm,test_acc,train_loss", NULL, false, &arena, &request), 0);
    CHECK_INT(request.n_axis, 3);
    CHECK_INT(request.axis[0], 0);
    CHECK_INT(request.axis[1], 1);
    CHECK_INT(request.axis[2], 0);
    CHECK_INT(request.axis[3], 2);
    CHECK_INT(gk_plot_metrics(&frame, "train_acc,l2_norm", NULL, true, &arena, &request), 0);
    CHECK_INT(request.n_axis, 1);
    CHECK_INT(gk_plot_metrics(&frame, "train_acc" GK_PLOT_GROUPS "test_acc,l2_norm", NULL, false, &arena, &request), 0);
    CHECK_INT(request.n_axis, 2);
    CHECK_INT(request.axis[2], 1);
    CHECK_INT(gk_plot_metrics(&frame, "train_acc,test_acc", "l2_norm", false, &arena, &request), 0);
    CHECK(request.has_right && request.n_axis == 2 && request.axis[2] == 1);
    CHECK_INT(gk_plot_metrics(&frame, "train_acc" GK_PLOT_GROUPS "test_acc", "l2_norm", false, &arena, &request), -1);
    CHECK_TEXT(gk_error_message(), "a right axis stands beside one group of metrics, and there are 2");
    CHECK_INT(gk_plot_metrics(&frame, "name", NULL, false, &arena, &request), -1);
    CHECK_TEXT(gk_error_message(), "cannot draw column 'name' of 't.tsv': it holds text, not numbers");
}

/* A figure of these metrics, a curve per weight decay. */
static int draw(const char *metrics, const char *right, int panel, gk_plot_request *request, gk_figure *figure)
{
    *figure = (gk_figure){ .x = { .is_log = true } };
    request->x = 3;
    request->log_x = true;
    request->n_by = 1;
    request->by[0] = 1;
    request->n_id = 1;
    for (int a = 0; a < GK_MAX_AXIS; a++)
        figure->y[a].range[0] = figure->y[a].range[1] = NAN;
    if (gk_plot_metrics(&frame, metrics, right, false, &arena, request) < 0)
        return -1;
    gk_plot_axes(&frame, request, "", &arena, figure);
    return gk_plot_panels(&frame, request, panel, &arena, figure);
}

TEST(each_axis_has_a_row_of_panels_and_each_value_a_column)
{
    gk_plot_request request = { 0 };
    gk_figure figure;
    CHECK_INT(draw("train_acc,test_acc,l2_norm", NULL, 2, &request, &figure), 0);
    CHECK_INT(figure.n_panel, 4);
    CHECK_INT(figure.n_column, 2);
    CHECK_TEXT(figure.panel[1].title, "b");
    CHECK(figure.panel[2].title == NULL && figure.panel[2].axis == 1);
    CHECK_TEXT(figure.y[0].label, "accuracy");
    CHECK_TEXT(figure.y[1].label, "parameter norm (L2)");
    CHECK_CLOSE(figure.y[0].range[1], 1.02, 1e-12);
    CHECK(isnan(figure.y[1].range[1]));
    CHECK_INT(figure.n_line, 9);
    for (int l = 0; l < figure.n_line; l++)
        CHECK_INT(figure.line[l].panel / 2, figure.line[l].axis);
    CHECK_INT(figure.n_key, 5);    /* three weight decays, train and test; the norm has panels to itself */
    CHECK_TEXT(figure.key[3].label, "train");
    CHECK(figure.key[3].pen.dash != figure.key[4].pen.dash);
    CHECK_INT(draw("train_acc", "l2_norm", -1, &request, &figure), 0);
    CHECK_INT(figure.n_panel, 1);
    CHECK_TEXT(figure.key[4].label, "parameter norm (L2) (right)");
    for (int l = 0; l < figure.n_line; l++)
        CHECK_INT(figure.line[l].panel, 0);
}

TEST(colours_tell_a_value_on_a_scale_or_one_by_one)
{
    gk_plot_request request = { .has_colour_by = true, .colour_by = 1, .each = true, .scale = { .range = { NAN, NAN } } };
    gk_figure figure;
    CHECK_INT(draw("test_acc", NULL, -1, &request, &figure), 0);
    CHECK(figure.has_bar && figure.colour.kind == GK_COLOUR_LOG);    /* 0.1, 1, 10 */
    CHECK_TEXT(figure.colour.label, "weight decay");
    CHECK_INT(figure.n_key, 0);
    CHECK_INT(figure.line[0].pen.colour, gk_colour_ramp(0));
    CHECK_INT(figure.line[1].pen.colour, gk_colour_ramp(0.5));
    CHECK_INT(figure.line[2].pen.colour, gk_colour_ramp(1));
    request.colour_by = 0;    /* tells runs apart: no number that means something */
    CHECK_INT(draw("test_acc", NULL, -1, &request, &figure), 0);
    CHECK(!figure.has_bar);
    CHECK_INT(figure.n_key, 3);
    CHECK_TEXT(figure.key[2].label, "run 2");
    CHECK_INT(figure.line[2].pen.colour, figure.key[2].pen.colour);
    request.each = false;
    request.colour_by = 5;
    CHECK_INT(draw("test_acc", NULL, -1, &request, &figure), -1);
    CHECK_TEXT(gk_error_message(), "column 'test_acc' of 't.tsv' varies within a curve: name it in --by, or draw --each run");
}

TEST(what_has_no_place_is_told_behind_every_caption)
{
    gk_plot_request request = { 0 };
    gk_figure figure;
    CHECK_INT(draw("l2_norm,train_loss", NULL, -1, &request, &figure), 0);
    figure.caption = "mine";
    figure.y[1].is_log = true;
    gk_plot_tell_undrawn(&frame, &request, &arena, &figure);
    CHECK_TEXT(figure.caption, "mine; 1 of 12 values are infinite (triangles at the edge); 2 of 12 values are 0 or less, with no "
                               "place on a logarithmic axis");
}

TEST(bold_curves_leave_the_others_their_bands)
{
    gk_pen pen = { 1, 1, 1, false }, other = { 2, 2, 1, false };
    gk_figure_line lines[] = { { .pen = pen, .low = wd }, { .pen = other, .low = wd } };
    gk_key_entry keys[] = { { "AdamW+teacher", pen }, { "AdamW", other } };
    gk_figure figure = { .n_line = 2, .line = lines, .n_key = 2, .key = keys };
    gk_plot_emphasise("+teacher,+none", &arena, &figure);
    CHECK(lines[0].pen.is_thin && lines[0].pen.colour == 2 && keys[1].pen.is_thin);    /* below the bold one */
    CHECK(!lines[1].pen.is_thin && lines[1].pen.colour == 1);
    CHECK(lines[0].low != NULL);
}

TEST(palettes_are_lists_of_colours)
{
    const uint32_t *colour;
    CHECK_INT(gk_plot_palette("#0072b2,#D55E00", &arena, &colour), 2);
    CHECK_INT(colour[1], 0xd55e00);
    static const char *const wrong[] = { "", "0072b2", "#0072b", "#0072b2f", "#0072b2,", "#0072bg", "#0072b2#d55e00" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_INT(gk_plot_palette(wrong[i], &arena, &colour), -1);
}

TEST_MAIN(RUN(columns_have_the_words_of_the_field)
          RUN(metrics_have_kinds_and_other_columns_that_of_their_unit)
          RUN(an_axis_says_what_its_metrics_have_in_common_or_names_them)
          RUN(kinds_have_axes_of_their_own_unless_it_is_said_otherwise)
          RUN(each_axis_has_a_row_of_panels_and_each_value_a_column)
          RUN(colours_tell_a_value_on_a_scale_or_one_by_one)
          RUN(what_has_no_place_is_told_behind_every_caption)
          RUN(bold_curves_leave_the_others_their_bands)
          RUN(palettes_are_lists_of_colours)
          gk_arena_release(&arena);)
