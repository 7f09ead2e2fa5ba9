/* test_figure.c -- figures come out in every format, with gaps, bands and odd values. */
#include "plot/figure.h"
#include "plot/figure_private.h"

#include <stdlib.h>
#include "../test.h"

static const double x[] = { 0, 1, 10, 100, 1000, 1e4 };
static const double y[] = { 0.1, 0.2, NAN, 0.4, INFINITY, 1 }, low[] = { 0, 0.1, 0, 0.3, 0, 1 }, high[] = { 1, 0.3, 0, 1, 0, 1 };

static gk_figure example(gk_figure_line *line, gk_key_entry *key)
{
    *line = (gk_figure_line){ 6, x, y, low, high, { 0x0072b2, 1, 1, false }, 0, 0, NULL, false };
    *key = (gk_key_entry){ "it's <b>&amp; 100 %", { 0x0072b2, 1, 1, false } };
    return (gk_figure){ .title = "a 'title'",
                        .caption = "3 runs",
                        .x = { "steps", true, { NAN, NAN } },
                        .n_axis = 1,
                        .y = { { "accuracy", false, { 0, 1 } } },
                        .n_line = 1,
                        .line = line,
                        .n_key = 1,
                        .key = key };
}

/* Draw it, and check how the output starts. */
static char *drawn(const gk_figure *figure, gk_canvas canvas, const char *start)
{
    char *output = NULL;
    size_t n_output = 0;
    if (gk_figure_draw(figure, &canvas, &output, &n_output) < 0) {
        CHECK_TEXT(gk_error_message(), "");
        return NULL;
    }
    CHECK(n_output > 500 && memcmp(output, start, strlen(start)) == 0);
    return output;
}

TEST(every_format_is_what_it_says)
{
    gk_figure_line line;
    gk_key_entry key;
    gk_figure figure = example(&line, &key);
    free(drawn(&figure, (gk_canvas){ .format = GK_PNG }, "\211PNG\r\n"));
    free(drawn(&figure, (gk_canvas){ .format = GK_PDF }, "%PDF-"));
    char *svg = drawn(&figure, (gk_canvas){ .format = GK_SVG, .width = 640 / 96.0, .height = 5 }, "<?xml");
    CHECK_CONTAINS(svg, "viewBox=\"0 0 640 480\"");
    CHECK_CONTAINS(svg, "a 'title'");
    CHECK_CONTAINS(svg, "it's &lt;b>&amp;amp; 100 %");    /* the text, not markup */
    CHECK_CONTAINS(svg, "accuracy");
    CHECK_CONTAINS(svg, "3 runs");
    free(svg);
}

TEST(a_terminal_gets_lines_of_its_width)
{
    gk_figure_line line;
    gk_key_entry key;
    gk_figure figure = example(&line, &key);
    char *text = drawn(&figure, (gk_canvas){ .format = GK_TERMINAL, .columns = 60, .rows = 20 }, "");
    int n_line = 0;
    for (char *at = text, *end; at && (end = strchr(at, '\n')); at = end + 1, n_line++)
        CHECK(end - at <= 60);
    CHECK(n_line >= 18 && n_line <= 21);
    CHECK_CONTAINS(text, "a 'title'");
    free(text);
}

TEST(every_style_and_axis_draws)
{
    gk_figure_line line;
    gk_key_entry key;
    gk_figure figure = example(&line, &key);
    figure.y[0].range[0] = figure.y[0].range[1] = NAN;
    for (int style = GK_STYLE_LINES; style <= GK_STYLE_LINES_POINTS; style++)
        for (int axes = 0; axes < 4; axes++) {
            figure.style = (gk_line_style)style;
            figure.x.is_log = axes & 1;
            figure.y[0].is_log = axes & 2;
            free(drawn(&figure, (gk_canvas){ .format = GK_SVG }, "<?xml"));
        }
}

/* The number behind the n-th `word` of a text. */
static double number_behind(const char *text, const char *word)
{
    const char *found = strstr(text, word);
    return found ? strtod(found + strlen(word), NULL) : NAN;
}

TEST(letters_lines_and_marks_have_their_points_in_every_format)
{
    static const double widths[] = { 96 / 72.0, 300 / 72.0, 2 }, marks[] = { 96 / 72.0 / 7.5, 300 / 72.0 / 7, 1 / 6.5 };
    gk_figure_line line;
    gk_key_entry key;
    gk_figure figure = example(&line, &key);
    figure.style = GK_STYLE_LINES_POINTS;
    for (int format = GK_SVG; format <= GK_PDF; format++) {
        gk_canvas canvas = { .format = (gk_figure_format)format,
                             .width = 3.5,
                             .height = 2.5,
                             .dots_per_inch = 300,
                             .font_size = 8,
                             .line_width = 8 / 7.0 };
        gk_script script;
        CHECK_INT(gk_figure_script(&figure, &canvas, NULL, NULL, &script), 0);
        const char *curve = strstr(script.text, "linespoints");
        CHECK_CLOSE(number_behind(curve, "linewidth "), 8 / 7.0 * widths[format], 2e-3);
        CHECK_CLOSE(number_behind(curve, "pointsize "), 0.42 * 8 * marks[format], 2e-3);
        free(script.text);
    }
}

TEST(many_long_labels_leave_room_for_the_plot)
{
    gk_figure_line line;
    gk_key_entry key, keys[16];
    gk_figure figure = example(&line, &key);
    for (int k = 0; k < 16; k++)
        keys[k] = (gk_key_entry){ "a label that goes on and on and on and on and on and on and on", key.pen };
    figure.key = keys;
    figure.n_key = 16;
    char *svg = drawn(&figure, (gk_canvas){ .format = GK_SVG }, "<?xml");
    CHECK_CONTAINS(svg, "a label that goes on and on and on ");
    CHECK_CONTAINS(svg, "...<");
    free(svg);
}

/* --- maps --------------------------------------------------------------------------------------------------------- */

static const double centre[] = { 1, 10, 100 }, edge[] = { 0.3, 3, 30, 300 }, row_edge[] = { 0, 1, 2 }, row[] = { 0.5, 1.5 };
static const double cells[] = { 0, 0.5, 1, NAN, INFINITY, 0.25 }, levels[] = { 0.3, 0.8 };

static gk_figure map_example(gk_figure_map *map, gk_figure_mark *mark, gk_figure_rule *rule)
{
    *map = (gk_figure_map){ 3, 2, centre, row, edge, row_edge, cells };
    *mark = (gk_figure_mark){ 10, 0.5, "B'" };
    *rule = (gk_figure_rule){ true, 100, "w_c" };
    return (gk_figure){ .title = "a map",
                        .x = { "alpha", true, { NAN, NAN } },
                        .n_axis = 1,
                        .y = { { "size", false, { NAN, NAN } } },
                        .n_map = 1,
                        .map = map,
                        .n_mark = 1,
                        .mark = mark,
                        .n_rule = 1,
                        .rule = rule,
                        .colour = { .range = { 0, 1 }, .label = "test error", .n_level = 2, .level = levels } };
}

TEST(a_map_is_drawn_in_every_format_and_on_every_scale)
{
    gk_figure_map map;
    gk_figure_mark mark;
    gk_figure_rule rule;
    gk_figure figure = map_example(&map, &mark, &rule);
    free(drawn(&figure, (gk_canvas){ .format = GK_PNG }, "\211PNG\r\n"));
    free(drawn(&figure, (gk_canvas){ .format = GK_PDF }, "%PDF-"));
    for (int kind = GK_COLOUR_LINEAR; kind <= GK_COLOUR_POWER; kind++) {
        figure.colour.kind = (gk_colour_kind)kind;
        figure.colour.power = 1 / 3.0;
        figure.colour.range[0] = kind == GK_COLOUR_LOG ? 0.001 : 0;
        char *svg = drawn(&figure, (gk_canvas){ .format = GK_SVG }, "<?xml");
        CHECK_CONTAINS(svg, ">test error<");
        CHECK_CONTAINS(svg, ">B'<");
        CHECK_CONTAINS(svg, ">w_c<");
        CHECK_CONTAINS(svg, "rgb(184, 184, 184)");    /* the infinite cell */
        free(svg);
    }
}

TEST(pieces_of_a_contour_are_one_thing_to_draw)
{
    gk_figure_map map;
    gk_figure_mark mark;
    gk_figure_rule rule;
    gk_figure figure = map_example(&map, &mark, &rule);
    gk_figure_line pieces[50];
    gk_script script;
    int n = 0;
    for (int l = 0; l < 50; l++)
        pieces[l] = (gk_figure_line){
            .n = 2, .x = centre, .y = row, .level = &levels[l / 25], .has_halo = true, .pen = { 1, 1, 1, true }
        };
    figure.line = pieces;
    figure.n_line = 50;
    CHECK_INT(gk_figure_script(&figure, &(gk_canvas){ .format = GK_SVG }, NULL, NULL, &script), 0);
    for (const char *at = script.text; (at = strstr(at, "using 1:2 with lines")); at++)
        n++;
    CHECK_INT(n, 4);    /* two levels, each with its halo */
    free(script.text);
}

TEST(a_terminal_gets_a_map_of_characters)
{
    static const char expected[] = "             a map\n"
                                   "size\n"
                                   "      1.5 |       ???????...|...\n"
                                   "          |       ???????.......\n"
                                   "      0.5 |.......++[B']+@@@|@@@\n"
                                   "          |.......+++++++@@@@@@@\n"
                                   "          +---------------------\n"
                                   "              1      10     100\n"
                                   "             alpha\n"
                                   "test error:  . below 0.3  + 0.3\n"
                                   "    @ from 0.8  ? infinite\n";
    gk_figure_map map;
    gk_figure_mark mark;
    gk_figure_rule rule;
    gk_figure figure = map_example(&map, &mark, &rule);
    char *output = NULL;
    size_t n_output = 0;
    CHECK_INT(gk_figure_draw(&figure, &(gk_canvas){ .format = GK_TERMINAL, .columns = 32, .rows = 11 }, &output, &n_output), 0);
    CHECK_TEXT(output, expected);
    free(output);
    figure.title = "\033[2J";
    CHECK_INT(gk_figure_draw(&figure, &(gk_canvas){ .format = GK_TERMINAL, .columns = 32, .rows = 11 }, &output, &n_output), 0);
    CHECK(!strchr(output, 033));
    free(output);
}

TEST(colours_follow_their_scale)
{
    gk_colour_scale scale = { GK_COLOUR_LINEAR, 1, { 0, 8 }, NULL, 0, NULL };
    CHECK_CLOSE(gk_colour_share(&scale, 2), 0.25, 0);
    scale.kind = GK_COLOUR_POWER;
    scale.power = 1 / 3.0;
    CHECK_CLOSE(gk_colour_share(&scale, 1), 0.5, 1e-15);
    CHECK_CLOSE(gk_colour_share(&scale, 0), 0, 0);
    scale.kind = GK_COLOUR_LOG;
    scale.range[0] = 0.08;
    CHECK_CLOSE(gk_colour_share(&scale, 0.8), 0.5, 1e-15);
    CHECK(gk_colour_share(&scale, 0) == -INFINITY);
    CHECK_INT(gk_colour_ramp(-1), 0x440154);
    CHECK_INT(gk_colour_ramp(0.5), 0x21918c);
    CHECK_INT(gk_colour_ramp(2), 0xfde725);
    CHECK_INT(gk_colour_contrast(gk_colour_ramp(0)), 0xffffff);
    CHECK_INT(gk_colour_contrast(gk_colour_ramp(1)), 0);
}

static void check_tics(gk_colour_scale scale, int n, const double *expected)
{
    double tic[9];
    CHECK_INT(gk_colour_tics(&scale, 9, tic), n);
    for (int i = 0; i < n; i++)
        CHECK_CLOSE(tic[i], expected[i], 1e-12 * fabs(expected[i]));
}

TEST(the_colour_bar_has_round_numbers_within_its_range)
{
    check_tics((gk_colour_scale){ GK_COLOUR_LINEAR, 1, { 0.03, 0.9 }, NULL, 0, NULL }, 9,
               (double[]){ 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9 });
    check_tics((gk_colour_scale){ GK_COLOUR_LOG, 1, { 2e-6, 3 }, NULL, 0, NULL }, 6,
               (double[]){ 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1 });
    check_tics((gk_colour_scale){ GK_COLOUR_LOG, 1, { 0.04, 0.6 }, NULL, 0, NULL }, 4, (double[]){ 0.05, 0.1, 0.2, 0.5 });
    check_tics((gk_colour_scale){ GK_COLOUR_POWER, 1 / 3.0, { 0, 1 }, NULL, 0, NULL }, 9,
               (double[]){ 0, 0.0005, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1 });
    check_tics((gk_colour_scale){ GK_COLOUR_LINEAR, 1, { 3, 3 }, NULL, 0, NULL }, 1, (double[]){ 3 });
}

TEST_MAIN(RUN(every_format_is_what_it_says)
          RUN(a_terminal_gets_lines_of_its_width)
          RUN(every_style_and_axis_draws)
          RUN(letters_lines_and_marks_have_their_points_in_every_format)
          RUN(many_long_labels_leave_room_for_the_plot)
          RUN(a_map_is_drawn_in_every_format_and_on_every_scale)
          RUN(pieces_of_a_contour_are_one_thing_to_draw)
          RUN(a_terminal_gets_a_map_of_characters)
          RUN(colours_follow_their_scale)
          RUN(the_colour_bar_has_round_numbers_within_its_range))
