/* test_layout.c -- whatever the figure, its texts lie within it and none on another; legends, marks, contours, signs. */
#include "plot/extent.h"
#include "plot/layout.h"

#include <stdlib.h>
#include "../test.h"

enum { N = 60 };
static double x[N], y[N], small[N];
static gk_arena arena;
static int n_crammed;    /* figures that are too small for what is in them */

static gk_canvas inches(double width, double height)
{
    gk_canvas canvas = { .format = GK_SVG, .width = width, .height = height, .is_print = true };
    return gk_canvas_complete(&canvas, 1);
}

static void fill(void)
{
    for (int i = 0; i < N; i++) {
        x[i] = pow(10, 5.0 * i / (N - 1));
        y[i] = 1 / (1 + exp(10 - 20.0 * i / N));
        small[i] = pow(10, -7.0 * i / N);
    }
}

static gk_figure curve(gk_figure_line *line)
{
    fill();
    *line = (gk_figure_line){ .n = N, .x = x, .y = y, .pen = { 0x0072b2, 1, 1, false } };
    return (gk_figure){ .title = "A title",
                        .caption = "median and range of 5 runs each",
                        .x = { "optimiser steps", true, { NAN, NAN } },
                        .n_axis = 1,
                        .y = { { "test accuracy", false, { -0.02, 1.02 } } },
                        .n_line = 1,
                        .line = line };
}

static void check_texts(const gk_layout *layout, const char *what)
{
    if (layout->plot[0].top - layout->plot[0].bottom < 1) {
        n_crammed++;
        return;
    }
    for (int i = 0; i < layout->n_text; i++) {
        const gk_placed *a = &layout->text[i];
        bool is_within = a->box.left >= -1e-6 && a->box.bottom >= -1e-6 && a->box.right <= layout->width + 1e-6 &&
                         a->box.top <= layout->height + 1e-6;
        if (!is_within)
            printf("%s: '%s' of %d leaves the figure: %.2f..%.2f %.2f..%.2f of %.1f x %.1f\n", what, a->text, a->of, a->box.left,
                   a->box.right, a->box.bottom, a->box.top, layout->width, layout->height);
        CHECK(is_within);
        for (int k = 0; k < i; k++) {
            const gk_placed *b = &layout->text[k];
            if (gk_box_meets(&a->box, &b->box))
                printf("%s: '%s' of %d lies on '%s' of %d\n", what, a->text, a->of, b->text, b->of);
            CHECK(!gk_box_meets(&a->box, &b->box));
        }
    }
}

TEST(the_last_number_has_room_and_meets_no_neighbour)
{
    gk_figure_line line;
    gk_figure figure = curve(&line);
    gk_panel panels[3] = { { "add", 0 }, { "subtract", 0 }, { "divide", 0 } };
    gk_canvas canvas = inches(3.5, 2.2);
    check_texts(gk_layout_new(&figure, &canvas, &arena), "one panel");
    figure.panel = panels;
    for (figure.n_panel = 2; figure.n_panel <= 3; figure.n_panel++)
        for (double width = 3; width < 9; width += 0.5) {
            canvas = inches(width, 2.5);
            const gk_layout *layout = gk_layout_new(&figure, &canvas, &arena);
            check_texts(layout, "panels");
            CHECK(layout->plot[0].right < layout->plot[1].left || layout->n_column == 1);
        }
}

TEST(a_long_caption_is_broken_and_stays_below_the_axis)
{
    gk_figure_line line;
    gk_figure figure = curve(&line);
    gk_canvas canvas = inches(3.5, 2.2);
    double axis = 0, top = 0;
    figure.caption =
        "paper scale: p1 = 113, p2 = 97, 30000 updates; 5 seeds, median and range; and much more that has to be said of it";
    const gk_layout *layout = gk_layout_new(&figure, &canvas, &arena);
    check_texts(layout, "caption");
    int n = 0;
    for (int i = 0; i < layout->n_text; i++) {
        n += layout->text[i].of == GK_OF_CAPTION;
        if (layout->text[i].of == GK_OF_CAPTION)
            top = fmax(top, layout->text[i].box.top);
        if (layout->text[i].of == GK_OF_AXIS && !layout->text[i].is_upright)
            axis = layout->text[i].box.bottom;
    }
    CHECK(n >= 2 && top < axis);
}

TEST(nothing_lies_on_anything_at_any_size)
{
    static const char *const titles[] = { "add", "subtract", "train items 4000", "a rather long name of a panel", "b", "c",
                                          "d", "e", "f", "g", "h", "i" };
    gk_figure_line line;
    gk_panel panels[12];
    gk_key_entry keys[12];
    gk_figure_rule rules[] = { { true, 900, "t_R" },
                               { true, 1000, "alpha_0" },
                               { true, 3e4, "alpha_1" },
                               { false, 0.5, "sigma_S" },
                               { false, 0.52, "sigma_E" } };
    gk_figure_mark mark = { 10, 0.2, "here" };
    for (int k = 0; k < 600; k++) {
        char what[80];
        gk_figure figure = curve(&line);
        gk_canvas canvas = inches(3.3 + k % 7, 2.2 + k % 5);
        snprintf(what, sizeof what, "figure %d", k);
        for (int p = 0; p < 12; p++) {
            panels[p] = (gk_panel){ titles[p], 0 };
            keys[p] = (gk_key_entry){ p % 2 ? "weight decay 0.1" : titles[p], line.pen };
        }
        figure.panel = panels;
        figure.n_panel = k % 11 < 4 || canvas.height > 5 ? k % 11 + 1 : 1;
        figure.key = keys;
        figure.n_key = k % 6;
        figure.legend = (gk_legend_place)(k % (GK_LEGEND_NONE + 1));
        figure.rule = rules;
        figure.n_rule = k % 4 == 3 ? 5 : 0;
        figure.mark = &mark;
        figure.n_mark = k % 5 == 4 && figure.n_panel < 3;
        figure.x.is_log = k % 2;
        if (k % 3 == 0)
            line.y = small;
        figure.y[0].is_log = k % 3 == 0;
        if (k % 3 == 0)
            figure.y[0].range[0] = figure.y[0].range[1] = NAN;
        check_texts(gk_layout_new(&figure, &canvas, &arena), what);
        gk_arena_release(&arena);
    }
    CHECK(n_crammed < 20);
}

TEST(panels_of_two_kinds_and_a_right_axis_have_their_numbers)
{
    gk_figure_line lines[2];
    gk_figure figure = curve(lines);
    gk_panel panels[2] = { { NULL, 0 }, { NULL, 1 } };
    gk_canvas canvas = inches(3.5, 3);
    lines[1] = lines[0];
    lines[1].y = small;
    lines[1].axis = lines[1].panel = 1;
    figure.n_line = figure.n_axis = figure.n_panel = 2;
    figure.n_column = 1;
    figure.panel = panels;
    figure.y[1] = (gk_axis){ "loss", true, { NAN, NAN } };
    const gk_layout *layout = gk_layout_new(&figure, &canvas, &arena);
    check_texts(layout, "two kinds");
    CHECK(layout->plot[1].top < layout->plot[0].bottom);
    CHECK_CLOSE(layout->plot[1].left, layout->plot[0].left, 0);
    int n_label = 0;
    for (int i = 0; i < layout->n_text; i++)
        n_label += layout->text[i].of == GK_OF_AXIS;
    CHECK_INT(n_label, 3);
    figure.n_panel = 0;
    figure.panel = NULL;
    figure.has_right = true;
    lines[1].panel = 0;
    layout = gk_layout_new(&figure, &canvas, &arena);
    check_texts(layout, "right axis");
    bool has_right = false;
    for (int i = 0; i < layout->n_text; i++)
        has_right |= layout->text[i].of == GK_OF_NUMBER && layout->text[i].x > layout->plot[0].right && layout->text[i].power;
    CHECK(has_right);
}

TEST(names_of_lines_stand_outside_and_marks_beside_the_data)
{
    gk_figure_line line;
    gk_figure figure = curve(&line);
    gk_figure_rule rules[] = { { true, 1000, "first" }, { true, 1100, "second" }, { false, 0.9, "high" } };
    gk_figure_mark mark = { 1, 0, "begin" };
    gk_canvas canvas = inches(5, 3);
    figure.rule = rules;
    figure.n_rule = 3;
    figure.mark = &mark;
    figure.n_mark = 1;
    const gk_layout *layout = gk_layout_new(&figure, &canvas, &arena);
    check_texts(layout, "lines");
    double above[2] = { 0 };
    for (int i = 0; i < layout->n_text; i++) {
        const gk_placed *text = &layout->text[i];
        if (text->of == GK_OF_RULE)
            CHECK(text->box.bottom > layout->plot[0].top || text->box.left > layout->plot[0].right);
        if (text->of == GK_OF_RULE && *text->text != 'h')
            above[*text->text == 's'] = text->y;
        for (int k = 0; k < N && text->of == GK_OF_MARK; k++) {
            double at[2];
            gk_layout_place(layout, &figure, 0, 0, x[k], y[k], at);
            CHECK(at[0] < text->box.left || at[0] > text->box.right || at[1] < text->box.bottom || at[1] > text->box.top);
        }
    }
    CHECK(above[1] > above[0] + 1);    /* too near each other for one row */
}

TEST(a_legend_inside_takes_the_corner_without_data)
{
    gk_figure_line line;
    gk_figure figure = curve(&line);    /* low at the left, high at the right */
    gk_key_entry keys[3] = { { "AdamW", line.pen }, { "Adam", line.pen }, { "SGD", line.pen } };
    gk_canvas canvas = inches(3.5, 2.2);
    figure.key = keys;
    figure.n_key = 3;
    figure.legend = GK_LEGEND_INSIDE;
    const gk_layout *layout = gk_layout_new(&figure, &canvas, &arena);
    const gk_box *plot = &layout->plot[0], *key = &layout->key_frame;
    CHECK(key->left > plot->left && key->right < plot->right && key->top < plot->top && key->bottom > plot->bottom);
    for (int k = 0; k < N; k++) {
        double at[2];
        gk_layout_place(layout, &figure, 0, 0, x[k], y[k], at);
        CHECK(at[0] < key->left || at[0] > key->right || at[1] < key->bottom || at[1] > key->top);
    }
    figure.legend = GK_LEGEND_TOP_RIGHT;
    layout = gk_layout_new(&figure, &canvas, &arena);
    CHECK(layout->key_frame.right > plot->right - 1 && layout->key_frame.top > plot->top - 1);
    figure.legend = GK_LEGEND_NONE;
    layout = gk_layout_new(&figure, &canvas, &arena);
    CHECK_INT(layout->n_key, 0);
}

TEST(infinite_values_have_signs_at_the_edge)
{
    gk_figure_line line;
    gk_figure figure = curve(&line);
    gk_canvas canvas = inches(3.5, 2.2);
    double broken[N];
    memcpy(broken, y, sizeof broken);
    broken[10] = INFINITY;
    broken[50] = -INFINITY;
    line.y = broken;
    const gk_layout *layout = gk_layout_new(&figure, &canvas, &arena);
    CHECK_INT(layout->n_sign, 2);
    CHECK(layout->sign[0].kind == GK_SIGN_UP && layout->sign[1].kind == GK_SIGN_DOWN);
    CHECK(layout->sign[0].y > layout->plot[0].top - 1 && layout->sign[1].y < layout->plot[0].bottom + 1);
    CHECK_INT(layout->sign[0].colour, 0x0072b2);
    for (int i = 10; i < 40; i++)
        broken[i] = INFINITY;    /* so many that they would be one bar */
    layout = gk_layout_new(&figure, &canvas, &arena);
    CHECK(layout->n_sign > 4 && layout->n_sign < 31);
    for (int i = 1; i < layout->n_sign; i++)
        CHECK(layout->sign[i].x - layout->sign[i - 1].x > 0.7);
}

/* Contours of x over [0, 1]: upright lines, as near to each other as is said. */
TEST(values_on_contours_meet_neither_each_other_nor_other_lines)
{
    static const double edge[] = { 0, 1 }, centre[] = { 0.5 }, cell[] = { 0.5 };
    gk_figure_map map = { 1, 1, centre, centre, edge, edge, cell };
    double level[8], at_x[8][2], at_y[] = { 0, 1 };
    gk_figure_line lines[8];
    for (int step = 1; step <= 10; step++) {
        gk_figure figure = { .x = { "x", false, { NAN, NAN } }, .n_axis = 1, .y = { { "y", false, { NAN, NAN } } }, .n_map = 1,
                             .map = &map, .colour = { .range = { 0, 1 }, .label = "z", .n_level = 8, .level = level },
                             .n_line = 8, .line = lines };
        gk_canvas canvas = inches(3.5, 2.5);
        for (int l = 0; l < 8; l++) {
            level[l] = at_x[l][0] = at_x[l][1] = 0.1 + 0.01 * step * l;
            lines[l] = (gk_figure_line){ .n = 2, .x = at_x[l], .y = at_y, .level = &level[l], .has_halo = true };
        }
        const gk_layout *layout = gk_layout_new(&figure, &canvas, &arena);
        check_texts(layout, "contours");
        int n_told = 0;
        for (int i = 0; i < layout->n_text; i++)
            for (int l = 0; l < 8 && layout->text[i].of == GK_OF_LEVEL; l++) {
                double at[2], value = atof(layout->text[i].text);
                gk_layout_place(layout, &figure, 0, 0, at_x[l][0], 0.5, at);
                n_told += l == 0;
                CHECK(fabs(value - level[l]) < 1e-9 || at[0] < layout->text[i].box.left || at[0] > layout->text[i].box.right);
            }
        if (step == 10)
            CHECK_INT(n_told, 8);
    }
}

TEST(every_axis_spans_two_numbers_that_it_has_a_place_for)
{
    static const double values[][2] = { { 1, 1 },          { 0, 0 },       { -5, -2 },   { 1e-300, 1e300 }, { -1.7e308, 1.7e308 },
                                        { NAN, INFINITY }, { 1e-9, 1e-9 }, { 0, 1e-320 } };
    double at[2] = { 1, 2 }, given[][2] = { { NAN, NAN }, { 0, NAN }, { NAN, 5 }, { -1, 1 }, { 1e9, NAN } };
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        for (size_t g = 0; g < sizeof given / sizeof *given; g++)
            for (int is_log = 0; is_log < 2; is_log++) {
                gk_figure_line line = { .n = 2, .x = at, .y = values[v] };
                gk_figure figure = { .n_axis = 1, .n_line = 1, .line = &line, .x = { .range = { NAN, NAN } } };
                double range[2];
                figure.y[0] = (gk_axis){ NULL, is_log, { given[g][0], given[g][1] } };
                gk_figure_range(&figure, false, 0, range);
                CHECK(isfinite(range[0]) && isfinite(range[1]) && range[0] < range[1] && (!is_log || range[0] > 0));
            }
}

TEST(sizes_are_in_dots_inches_or_centimetres)
{
    gk_canvas canvas = { .format = GK_SVG };
    CHECK_INT(gk_canvas_size(&canvas, "800x500"), 0);
    CHECK_CLOSE(gk_canvas_complete(&canvas, 1).font_size, 10.5, 1e-9);
    CHECK_INT(gk_canvas_size(&canvas, "400x250"), 0);
    CHECK_CLOSE(gk_canvas_complete(&canvas, 1).font_size, 5.25, 1e-9);    /* in proportion */
    CHECK_INT(gk_canvas_size(&canvas, "3.5in"), 0);
    CHECK_CLOSE(canvas.width, 3.5, 1e-12);
    CHECK_CLOSE(gk_canvas_complete(&canvas, 1).font_size, 8, 0);
    CHECK_CLOSE(gk_canvas_complete(&canvas, 1).height, 3.5 * 0.625, 1e-12);
    CHECK_CLOSE(gk_canvas_complete(&canvas, 2).height, 3.5 * 0.75, 1e-12);
    CHECK_INT(gk_canvas_size(&canvas, "8.89x5.08cm"), 0);
    CHECK_CLOSE(canvas.width, 3.5, 1e-12);
    CHECK_CLOSE(canvas.height, 2, 1e-12);
    static const char *const wrong[] = { "",      "x",     "5",    "5x",    "3.5",   "3.5inx2",  "3.5x2.5mm",
                                         "0.1in", "1e9in", "-3in", "nanin", "3x0in", "800x500 ", "0x10" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_INT(gk_canvas_size(&canvas, wrong[i]), -1);
}

TEST_MAIN(RUN(the_last_number_has_room_and_meets_no_neighbour)
          RUN(a_long_caption_is_broken_and_stays_below_the_axis)
          RUN(nothing_lies_on_anything_at_any_size)
          RUN(panels_of_two_kinds_and_a_right_axis_have_their_numbers)
          RUN(names_of_lines_stand_outside_and_marks_beside_the_data)
          RUN(a_legend_inside_takes_the_corner_without_data)
          RUN(infinite_values_have_signs_at_the_edge)
          RUN(values_on_contours_meet_neither_each_other_nor_other_lines)
          RUN(every_axis_spans_two_numbers_that_it_has_a_place_for)
          RUN(sizes_are_in_dots_inches_or_centimetres)
          gk_arena_release(&arena);)
