/* test_ticks.c -- numbers at axes keep apart and have one form; how wide texts are. */
#include "plot/letters.h"
#include "plot/ticks.h"

#include "../test.h"

static gk_arena arena;

/* The labels, between blanks. */
static const char *labels(double low, double high, bool is_log, double length, bool is_across)
{
    static char text[400];
    gk_ticks ticks;
    text[0] = '\0';
    gk_ticks_choose((double[]){ low, high }, is_log, length, is_across, &arena, &ticks);
    for (int i = 0; i < ticks.n_label; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", gk_tick_plain(&ticks.tick[i], &arena));
    return text;
}

TEST(even_axes_have_round_numbers_as_many_as_fit)
{
    CHECK_TEXT(labels(-0.02, 1.02, false, 20, false), "0 0.2 0.4 0.6 0.8 1");
    CHECK_TEXT(labels(-0.02, 1.02, false, 6, false), "0 0.5 1");
    CHECK_TEXT(labels(0, 30000, false, 30, true), "0 5k 10k 15k 20k 25k 30k");
    CHECK_TEXT(labels(0, 30000, false, 10, true), "0 10k 20k 30k");
    CHECK_TEXT(labels(-3, 3, false, 30, false), "-3 -2 -1 0 1 2 3");
    CHECK_TEXT(labels(0, 3e-6, false, 20, false), "0 5e-7 1e-6 1.5e-6 2e-6 2.5e-6 3e-6");
    CHECK_TEXT(labels(1, 1, false, 20, false), "");
}

TEST(logarithmic_axes_have_one_form_of_numbers)
{
    CHECK_TEXT(labels(1, 1e5, true, 40, true), "1 10 100 1k 10k 100k");
    CHECK_TEXT(labels(1e-7, 1, true, 40, false), "1e-7 1e-6 1e-5 1e-4 1e-3 1e-2 1e-1 1e0");    /* not 0.0001 beside 1e-05 */
    CHECK_TEXT(labels(1e-7, 1, true, 4, false), "1e-6 1e-3 1e0");
    CHECK_TEXT(labels(0.0001, 1, true, 40, false), "0.0001 0.001 0.01 0.1 1");
    CHECK_TEXT(labels(0.001, 100, true, 40, false), "0.001 0.01 0.1 1 10 100");
    CHECK_TEXT(labels(0.1, 10, true, 40, true), "0.1 0.2 0.5 1 2 5 10");
    CHECK_TEXT(labels(0.17, 5.2, true, 6, false), "0.3 1 3");
    CHECK_TEXT(labels(2e-5, 6e-4, true, 40, true), "2e-5 5e-5 1e-4 2e-4 5e-4");
    CHECK_TEXT(labels(25, 43, true, 20, false), "25 30 35 40");
    CHECK_TEXT(labels(1e-300, 1e300, true, 20, true), "1e-240 1e-120 1e0 1e120 1e240");
    CHECK_TEXT(labels(0, 10, true, 10, false), "");    /* nothing can be placed */
}

TEST(ticks_without_numbers_stand_between_those_with)
{
    gk_ticks ticks;
    gk_ticks_choose((double[]){ 1, 100 }, true, 6, true, &arena, &ticks);
    CHECK_INT(ticks.n_label, 3);
    CHECK_INT(ticks.n, 19);    /* 1 to 9, 10 to 90, 100 */
    CHECK(ticks.tick[3].label == NULL && ticks.tick[3].at > 1.99 && ticks.tick[3].at < 2.01);
}

TEST(given_numbers_are_written_in_one_form)
{
    static const struct { int n; double value[4]; const char *text[4]; } rows[] = {
        { 4, { 0, 1e-4, 5e-4, 0.01 }, { "0", "0.0001", "0.0005", "0.01" } },
        { 3, { 0, 1e-5, 0.01 }, { "0", "1e-5", "1e-2" } },
        { 3, { 1, 10, 2000 }, { "1", "10", "2k" } },
        { 2, { 0.5, 2000 }, { "0.5", "2000" } },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        gk_ticks ticks;
        gk_ticks_write(rows[r].n, rows[r].value, true, &arena, &ticks);
        for (int i = 0; i < rows[r].n; i++)
            CHECK_TEXT(gk_tick_plain(&ticks.tick[i], &arena), rows[r].text[i]);
    }
}

TEST(a_power_stands_above_its_ten)
{
    gk_ticks ticks;
    gk_ticks_choose((double[]){ 1e-6, 1e-2 }, true, 40, false, &arena, &ticks);
    CHECK_TEXT(ticks.tick[0].label, "10");
    CHECK_TEXT(ticks.tick[0].power, "-6");
    CHECK_CLOSE(gk_tick_width(&ticks.tick[0]), 2 * 0.636 + 0.8 * (0.361 + 0.636), 1e-9);
}

/* Labels beside each other never touch, whatever the axis. */
TEST(numbers_keep_apart_on_every_axis)
{
    for (int k = 0; k < 400; k++) {
        double low = pow(10, k % 23 - 11) * (1 + k % 7), high = low * pow(10, 0.02 + k % 13), length = 2 + k % 31, end = -1e9;
        bool   is_log = k % 3 != 0;
        gk_ticks ticks;
        gk_ticks_choose((double[]){ low, high }, is_log, length, true, &arena, &ticks);
        for (int i = 0; i < ticks.n_label; i++) {
            double share = is_log ? log(ticks.tick[i].at / low) / log(high / low) : (ticks.tick[i].at - low) / (high - low);
            double half = gk_tick_width(&ticks.tick[i]) / 2;
            CHECK(share >= -1e-6 && share <= 1 + 1e-6);
            CHECK(share * length - half > end);
            end = share * length + half;
        }
    }
}

TEST(texts_are_as_wide_as_their_letters)
{
    CHECK_CLOSE(gk_letters_width("iM"), 0.278 + 0.863, 1e-9);
    CHECK(gk_letters_width("\303\244") < 1 && gk_letters_width("\346\274\242") == 1);
    CHECK_TEXT(gk_letters_cut("abcdef", 10, &arena), "abcdef");
    CHECK_TEXT(gk_letters_cut("abcdef", 2.3, &arena), "ab...");
}

TEST(lines_are_cut_at_blanks_and_nothing_is_lost)
{
    const char **line;
    CHECK_INT(gk_letters_wrap("one two three four", 6, 9, &arena, &line), 2);
    CHECK_TEXT(line[0], "one two");
    CHECK_TEXT(line[1], "three four");
    CHECK_INT(gk_letters_wrap("a verylongwordindeed b", 5, 9, &arena, &line), 3);
    CHECK_TEXT(line[1], "verylongwordindeed");
    CHECK_INT(gk_letters_wrap("one two three four five", 6, 2, &arena, &line), 2);
    CHECK_TEXT(line[1], "three four...");
    CHECK_INT(gk_letters_wrap("", 6, 2, &arena, &line), 0);
}

TEST_MAIN(RUN(even_axes_have_round_numbers_as_many_as_fit)
          RUN(logarithmic_axes_have_one_form_of_numbers)
          RUN(ticks_without_numbers_stand_between_those_with)
          RUN(given_numbers_are_written_in_one_form)
          RUN(a_power_stands_above_its_ten)
          RUN(numbers_keep_apart_on_every_axis)
          RUN(texts_are_as_wide_as_their_letters)
          RUN(lines_are_cut_at_blanks_and_nothing_is_lost)
          gk_arena_release(&arena);)
