/* test_figure.c -- figures come out in every format, with gaps, bands and odd values. */
#include "io/figure.h"

#include <stdlib.h>
#include "../test.h"

static const double x[] = { 0, 1, 10, 100, 1000, 1e4 };
static const double y[] = { 0.1, 0.2, NAN, 0.4, INFINITY, 1 }, low[] = { 0, 0.1, 0, 0.3, 0, 1 }, high[] = { 1, 0.3, 0, 1, 0, 1 };

static gk_figure example(gk_figure_line *line, gk_key_entry *key)
{
    *line = (gk_figure_line){ 6, x, y, low, high, { 0x0072b2, 1, 1, false }, 0, false };
    *key = (gk_key_entry){ "it's <b>&amp; 100 %", { 0x0072b2, 1, 1, false } };
    return (gk_figure){ .title = "a 'title'", .caption = "3 runs", .x_label = "steps", .y_label = "accuracy", .log_x = true,
                        .x_range = { NAN, NAN }, .y_range = { 0, 1 }, .n_line = 1, .line = line, .n_key = 1, .key = key };
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
    char *svg = drawn(&figure, (gk_canvas){ GK_SVG, 640, 480, false }, "<?xml");
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
    char *text = drawn(&figure, (gk_canvas){ GK_TERMINAL, 60, 20, false }, "");
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
    figure.y_range[0] = figure.y_range[1] = NAN;
    for (int style = GK_STYLE_LINES; style <= GK_STYLE_LINES_POINTS; style++)
        for (int axes = 0; axes < 4; axes++) {
            figure.style = (gk_line_style)style;
            figure.log_x = axes & 1;
            figure.log_y = axes & 2;
            free(drawn(&figure, (gk_canvas){ .format = GK_SVG }, "<?xml"));
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
    CHECK_CONTAINS(svg, "a label that goes on and on and on an...");
    free(svg);
}

TEST_MAIN(RUN(every_format_is_what_it_says)
          RUN(a_terminal_gets_lines_of_its_width)
          RUN(every_style_and_axis_draws)
          RUN(many_long_labels_leave_room_for_the_plot))
