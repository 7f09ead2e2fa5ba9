/* test_options_value.c -- values of options: numbers there and back, lists, ranges, grids. */
#include "base/options.h"

#include <stdlib.h>
#include "options_fixture.h"

/* --- numbers ------------------------------------------------------------------------------------------------------ */

TEST(whole_numbers_are_read_exactly_or_refused)
{
    static const struct { const char *text; int64_t expected; } good[] = {
        { "0", 0 }, { "-7", -7 }, { "+7", 7 }, { "007", 7 }, { "1e5", 100000 }, { "2.5e1", 25 }, { "3.0", 3 },
        { "9223372036854775807", INT64_MAX }, { "-9223372036854775808", INT64_MIN }, { "9007199254740993", 9007199254740993 },
    };
    static const char *const bad[] = {
        "", " ", "x", "1x", " 1", "1 ", "0x10", "1.5", "1e-1", "9223372036854775808", "1e19", "-1e19", "1e400", "inf", "nan",
        "--1", "1,2", "1..2", "e5", ".", "-",
    };
    for (size_t row = 0; row < sizeof good / sizeof good[0]; row++) {
        int64_t found = -99;
        CHECK_INT(gk_parse_int(good[row].text, &found), 0);
        CHECK_INT(found, good[row].expected);
    }
    for (size_t row = 0; row < sizeof bad / sizeof bad[0]; row++) {
        int64_t found;
        CHECK_INT(gk_parse_int(bad[row], &found), -1);
        CHECK_CONTAINS(gk_error_message(), "expected a whole number, found '");
    }
}

TEST(reals_are_read_or_refused)
{
    static const struct { const char *text; double expected; } good[] = {
        { "0", 0 }, { "-0.5", -0.5 }, { "1e-3", 0.001 }, { ".5", 0.5 }, { "5.", 5 }, { "1E2", 100 }, { "1e-400", 0 },
    };
    static const char *const bad[] = {
        "", "x", "1x", " 1", "1 ", "0x1p3", "inf", "-inf", "nan", "infinity", "1e400", "1e", "1,2", "-", "1..2",
    };
    for (size_t row = 0; row < sizeof good / sizeof good[0]; row++) {
        double found = -99;
        CHECK_INT(gk_parse_real(good[row].text, &found), 0);
        CHECK(found == good[row].expected);
    }
    for (size_t row = 0; row < sizeof bad / sizeof bad[0]; row++) {
        double found;
        CHECK_INT(gk_parse_real(bad[row], &found), -1);
        CHECK_CONTAINS(gk_error_message(), "expected a number, found '");
    }
}

TEST(reals_are_printed_in_the_shortest_form_that_reads_back)
{
    static const struct { double value; const char *expected; } rows[] = {
        { 0.001, "0.001" }, { 0.1, "0.1" }, { 1, "1" }, { 1e22, "1e+22" }, { 1.0 / 3, "0.3333333333333333" }, { 0, "0" },
        { 0.1 + 0.2, "0.30000000000000004" }, { 4.9406564584124654e-324, "5e-324" }, { -2.5, "-2.5" }, { 123456789, "123456789" },
    };
    gk_arena arena = { 0 };
    const gk_option *option = &run_options[2];
    gk_given *given = parse("");
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        values.decay = rows[row].value;
        const char *text = gk_option_format(given, option, &values, &arena);
        CHECK_TEXT(text, rows[row].expected);
        CHECK(strtod(text, NULL) == rows[row].value);
    }
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 2000; i++) {
        bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
        memcpy(&values.decay, &bits, sizeof bits);
        if (isfinite(values.decay))
            CHECK(strtod(gk_option_format(given, option, &values, &arena), NULL) == values.decay);
    }
    gk_given_free(given);
    gk_arena_release(&arena);
}

TEST(every_type_is_printed)
{
    gk_arena arena = { 0 };
    gk_given *given = parse("");
    CHECK_TEXT(gk_option_format(given, &model_options[0], &values, &arena), "add");
    CHECK_TEXT(gk_option_format(given, &model_options[1], &values, &arena), "");
    CHECK_TEXT(gk_option_format(given, &model_options[2], &values, &arena), "128");
    CHECK_TEXT(gk_option_format(given, &model_options[3], &values, &arena), "yes");
    CHECK_TEXT(gk_option_format(given, &run_options[6], &values, &arena), "");
    CHECK_TEXT(gk_option_format(given, &run_options[7], &values, &arena), "run");
    gk_given_free(given);
    gk_arena_release(&arena);
}

/* --- lists and grids ------------------------------------------------------------------------------------------------ */

/* All values that `text` gives to an option, printed and joined by blanks; the message in brackets if it is refused. */
static const char *spread(const char *name, const char *text, const gk_option *option)
{
    static char line[512];
    gk_arena arena = { 0 };
    size_t n = 0;
    gk_given *given = parse("");
    line[0] = '\0';
    if (gk_option_set(given, name, text) < 0)
        snprintf(line, sizeof line, "[%s]", gk_error_message());
    else
        for (int64_t run = 0; run < gk_grid_n_run(given) && n < sizeof line; run++) {
            struct values of_run = values;
            gk_grid_select(given, run, &of_run);
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%s", run ? " " : "",
                                  gk_option_format(given, option, &of_run, &arena));
        }
    gk_given_free(given);
    gk_arena_release(&arena);
    return line;
}

#define SEED(text)  spread("seed", text, &run_options[1])
#define DECAY(text) spread("weight-decay", text, &run_options[2])
#define WIDTH(text) spread("width", text, &model_options[2])

TEST(lists_and_ranges_are_spread_out)
{
    CHECK_TEXT(SEED("1,2,3"), "1 2 3");
    CHECK_TEXT(SEED("3,1"), "3 1");
    CHECK_TEXT(SEED("0..4"), "0 1 2 3 4");
    CHECK_TEXT(SEED("-2..1"), "-2 -1 0 1");
    CHECK_TEXT(SEED("5..5"), "5");
    CHECK_TEXT(SEED("7,0..2,1e1"), "7 0 1 2 10");
    CHECK_TEXT(SEED("0:10:5"), "0 2 5 8 10");
    CHECK_TEXT(WIDTH("1:1000:x4"), "1 10 100 1000");
    CHECK_TEXT(WIDTH("16:128:x4"), "16 32 64 128");
    CHECK_TEXT(DECAY("0:1:5"), "0 0.25 0.5 0.75 1");
    CHECK_TEXT(DECAY("0:1:11"), "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
    CHECK_TEXT(DECAY("1:0:3"), "1 0.5 0");
    CHECK_TEXT(DECAY("0.001:10:x5"), "0.001 0.01 0.1 1 10");
    CHECK_TEXT(DECAY("0.1:10:x5"), "0.1 0.316227766016838 1 3.16227766016838 10");
    CHECK_TEXT(DECAY("10:0.1:x3"), "10 1 0.1");
    CHECK_TEXT(DECAY("0,0.1:10:x3"), "0 0.1 1 10");
    CHECK_TEXT(DECAY("1..3"), "1 2 3");
    CHECK_TEXT(spread("task", "multiply,add", &model_options[0]), "multiply add");
    CHECK_TEXT(spread("tied", "no,yes", &model_options[3]), "no yes");
    CHECK_TEXT(spread("name", "a,b c,", &run_options[7]), "a b c ");
    CHECK_TEXT(spread("output", "a,b", &run_options[6]), "a,b");
}

TEST(wrong_values_are_refused_with_what_is_accepted)
{
    CHECK_TEXT(DECAY("abc"), "[invalid value 'abc' for '--weight-decay': expected a number or list, 0 or larger]");
    CHECK_TEXT(DECAY("1,-1"), "[invalid value '-1' in '1,-1' for '--weight-decay': expected a number or list, 0 or larger]");
    CHECK_TEXT(DECAY(""), "[invalid value '' for '--weight-decay': expected a number or list, 0 or larger]");
    CHECK_TEXT(DECAY("1,"), "[invalid value '' in '1,' for '--weight-decay': expected a number or list, 0 or larger]");
    CHECK_TEXT(DECAY("nan"), "[invalid value 'nan' for '--weight-decay': expected a number or list, 0 or larger]");
    CHECK_TEXT(WIDTH("0"), "[invalid value '0' for '--width': expected a whole number or list from 1 to 65536]");
    CHECK_TEXT(WIDTH("0..3"), "[invalid value '0..3' for '--width': expected a whole number or list from 1 to 65536]");
    CHECK_TEXT(WIDTH("1.5"), "[invalid value '1.5' for '--width': expected a whole number or list from 1 to 65536]");
    CHECK_TEXT(spread("steps", "1,2", &run_options[0]),
               "[invalid value '1,2' for '--steps': expected a whole number from 1 to 9e+15]");
    CHECK_TEXT(spread("steps", "1..2", &run_options[0]),
               "[invalid value '1..2' for '--steps': expected a whole number from 1 to 9e+15]");
    CHECK_TEXT(spread("share", "1", &run_options[4]),
               "[invalid value '1' for '--share': expected a number, above 0 and below 1]");
    CHECK_TEXT(spread("share", "0", &run_options[4]),
               "[invalid value '0' for '--share': expected a number, above 0 and below 1]");
    CHECK_TEXT(spread("task", "add,divide", &model_options[0]),
               "[invalid value 'divide' in 'add,divide' for '--task': expected one or a list of add, subtract, multiply]");
    CHECK_TEXT(spread("mode", "ad", &model_options[1]),
               "[invalid value 'ad' for '--mode' (did you mean 'add'?): expected one of add, subtract, multiply]");
    CHECK_TEXT(spread("quiet", "maybe", &run_options[8]), "[invalid value 'maybe' for '--quiet': expected yes or no]");
    CHECK_TEXT(spread("output", "a\nb", &run_options[6]),
               "[invalid value 'a?b' for '--output': expected text without control characters]");
    CHECK_TEXT(spread("output", NULL, &run_options[6]), "['--output' needs a value]");
    CHECK_TEXT(spread("outputs", "x", &run_options[6]), "[grok-x has no option '--outputs']");
}

TEST(wrong_ranges_are_refused_with_the_reason)
{
    const char *syntax = "expected FIRST:LAST:COUNT or FIRST:LAST:xCOUNT with a count of 2 or more]";
    static const char *const malformed[] = {
        "1:2", "1:2:", "1:2:x", "1:2:1", "1:2:0", "1:2:-3", ":2:3", "1::3", "a:2:3", "1:b:3",
        "1:2:3:4", "1:2:3.5", "1:2:y3", "1:inf:3",
    };
    for (size_t row = 0; row < sizeof malformed / sizeof malformed[0]; row++)
        CHECK_CONTAINS(DECAY(malformed[row]), syntax);
    CHECK_TEXT(DECAY("0:1:x3"),
               "[invalid range '0:1:x3' for '--weight-decay': both ends of a logarithmic range must be above 0]");
    CHECK_CONTAINS(spread("unset", "-1:1:x3", &run_options[5]), "must be above 0");
    CHECK_CONTAINS(DECAY("1:1:3"), "two of its points are the same number");
    CHECK_TEXT(WIDTH("1:4:9"), "[invalid range '1:4:9' for '--width': two of its points are the same number]");
    CHECK_CONTAINS(WIDTH("1:2.5:2"), "both ends must be whole numbers");
    CHECK_CONTAINS(DECAY("1:-1:3"), "invalid value '1:-1:3' for '--weight-decay': expected");
    CHECK_TEXT(SEED("9..0"), "[invalid range '9..0' for '--seed': the last number is smaller than the first]");
    CHECK_CONTAINS(SEED("0..x"), "expected FIRST..LAST in whole numbers");
    CHECK_CONTAINS(SEED("0..1..2"), "expected FIRST..LAST in whole numbers");
    CHECK_CONTAINS(SEED("..2"), "expected FIRST..LAST in whole numbers");
    CHECK_CONTAINS(SEED("00000000000000000000000000000000000000000000000000001..2"), "expected FIRST..LAST in whole numbers");
    CHECK_CONTAINS(SEED("-9000000000000000000..9000000000000000000"), "more than 1000000 values");
}

TEST(runs_are_the_product_and_the_last_option_is_fastest)
{
    gk_given *given = parse("--seed 5,6 --weight-decay 0:1:3 --task add,multiply");
    CHECK_INT(gk_grid_n_run(given), 12);
    CHECK_INT(gk_grid_n_varied(given), 3);
    CHECK_TEXT(gk_grid_varied(given, 0)->name, "task");
    CHECK_TEXT(gk_grid_varied(given, 1)->name, "seed");
    CHECK_TEXT(gk_grid_varied(given, 2)->name, "weight-decay");
    CHECK(values.task == 0 && values.seed == 5 && values.decay == 0);
    for (int64_t run = 11; run >= 0; run--) {
        struct values of_run = values;
        gk_grid_select(given, run, &of_run);
        CHECK_INT(of_run.task, run / 6 ? 2 : 0);
        CHECK_INT(of_run.seed, 5 + run / 3 % 2);
        CHECK_CLOSE(of_run.decay, 0.5 * (double)(run % 3), 0);
        CHECK_INT(of_run.steps, 100000);
        CHECK(values.task == 0 && values.seed == 5 && values.decay == 0);    /* what the command line set stays as it is */
    }
    gk_given_free(given);
}

TEST(a_grid_has_at_most_a_million_runs)
{
    gk_given *given = parse("--seed 0..999");
    CHECK_INT(gk_option_set(given, "weight-decay", "0:1:1000"), 0);
    CHECK_INT(gk_grid_n_run(given), 1000000);
    struct values last = values;
    gk_grid_select(given, 999999, &last);
    CHECK(last.seed == 999 && last.decay == 1);
    CHECK_INT(gk_option_set(given, "tied", "no,yes"), -1);
    CHECK_TEXT(gk_error_message(), "the grid has more than 1000000 runs with 'no,yes' for '--tied'");
    CHECK_INT(gk_grid_n_run(given), 1000000);
    CHECK_TEXT(gk_option_text(given, "tied"), "yes");
    CHECK_INT(gk_option_set(given, "seed", "0..999999"), -1);
    CHECK_INT(gk_option_set(given, "seed", "0..1000000"), -1);
    CHECK_TEXT(gk_error_message(), "'--seed' has more than 1000000 values");
    CHECK_INT(gk_option_set(given, "seed", "0:1:1000001"), -1);
    gk_given_free(given);
}

TEST(grids_unite_value_by_value)
{
    static const struct { const char *a, *b, *name, *expected; } row[] = {
        { "--seed 0..1", "--seed 2..3", "seed", "0..3" },
        { "--seed 2..3", "--seed 0..1", "seed", "0..3" },
        { "--seed 7,5", "--seed 5,9,1", "seed", "1,5,7,9" },
        { "--seed 9,1..3", "--seed 2", "seed", "1..3,9" },
        { "", "--seed 1", "seed", "0,1" },
        { "--weight-decay 0.5", "--weight-decay 0.1:10:x3", "weight-decay", "0.1,0.5,1,10" },
        { "--task multiply", "--task add,subtract", "task", "add,subtract,multiply" },
        { "--tied", "--tied=no", "tied", "no,yes" },
        { "--name b,c", "--name a", "name", "a,b,c" },
    };
    static const struct { const char *a, *b, *name, *error; } bad[] = {
        { "--steps 5", "--steps 6", "steps", "the values of option steps make no list" },
        { "", "--unset 1", "unset", "the values of option unset make no list" },
        { "--seed 0..999999", "--seed 1000000", "seed", "'--seed' has more than 1000000 values" },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        gk_given *to = parse(row[i].a), *from = parse(row[i].b);
        CHECK_INT(gk_grid_unite(to, 2, (const gk_given *const[]){ to, from }, row[i].name), 0);
        CHECK_TEXT(gk_option_text(to, row[i].name), row[i].expected);
        gk_given_free(to);
        gk_given_free(from);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gk_given   *to = parse(bad[i].a), *from = parse(bad[i].b);
        const char *before = gk_option_text(to, bad[i].name);
        CHECK_INT(gk_grid_unite(to, 2, (const gk_given *const[]){ to, from }, bad[i].name), -1);
        CHECK_TEXT(gk_error_message(), bad[i].error);
        CHECK(gk_option_text(to, bad[i].name) == before);
        gk_given_free(to);
        gk_given_free(from);
    }
}

TEST(a_united_list_must_have_an_effect)
{
    const char *idle;
    gk_arena    arena = { 0 };
    gk_given   *to = parse("--weight-decay 0,1"), *from = parse("--weight-rate 0.5");
    CHECK_INT(gk_grid_unite(to, 2, (const gk_given *const[]){ to, from }, "weight-rate"), 0);
    CHECK_INT(gk_options_check_effect(to, &values, &arena, &idle), -1);
    CHECK_CONTAINS(gk_error_message(), "'--weight-rate 0.001,0.5' has an effect in 2 of 4 runs only");
    gk_given_free(to);
    gk_given_free(from);
    gk_arena_release(&arena);
}

TEST(a_refused_value_changes_nothing)
{
    gk_given *given = parse("--weight-decay 0.5,2");
    CHECK_INT(gk_option_set(given, "weight-decay", "1,x"), -1);
    CHECK_INT(gk_grid_n_run(given), 2);
    CHECK(values.decay == 0.5);
    CHECK_TEXT(gk_option_text(given, "weight-decay"), "0.5,2");
    gk_given_free(given);
}

static int from_file(gk_given *given, const char *path)
{
    if (strcmp(path, "preset") == 0)
        return gk_preset_apply(given, "nanda");
    return gk_option_restore(given, "weight_rate", "0.25") < 0 || gk_option_restore(given, "weight-decay", "0") < 0 ||
           gk_option_restore(given, "seed", "5,6") < 0 || gk_option_set(given, "steps", "77") < 0 ? -1 : 0;
}

/* The command line wins over a preset, and a preset over what a file says; what was recorded may be without effect. */
TEST(a_file_of_options_comes_before_everything_else)
{
    gk_cli      with_file = cli;
    const char *idle;
    gk_arena    arena = { 0 };
    with_file.config = from_file;
    gk_given *given = parse_with(&with_file, "--config x --seed 1");
    CHECK_INT(values.steps, 77);
    CHECK_INT(values.seed, 1);
    CHECK_INT(gk_grid_n_run(given), 1);
    CHECK(values.rate == 0.25 && values.decay == 0);
    CHECK(!gk_option_given(given, "steps") && !gk_option_is_default(given, "steps"));
    CHECK_INT(gk_options_check_effect(given, &values, &arena, &idle), 0);
    CHECK(!idle);
    gk_given_free(given);
    given = parse_with(&with_file, "--preset nanda --config x");
    CHECK_INT(values.steps, 40000);
    CHECK_INT(gk_grid_n_run(given), 2);
    gk_given_free(given);
    given = parse_with(&with_file, "--config preset --steps 3");
    CHECK_INT(values.steps, 3);
    CHECK(!values.tied);
    gk_given_free(given);
    gk_arena_release(&arena);
}

TEST_MAIN(
    RUN(whole_numbers_are_read_exactly_or_refused)
    RUN(reals_are_read_or_refused)
    RUN(reals_are_printed_in_the_shortest_form_that_reads_back)
    RUN(every_type_is_printed)
    RUN(lists_and_ranges_are_spread_out)
    RUN(wrong_values_are_refused_with_what_is_accepted)
    RUN(wrong_ranges_are_refused_with_the_reason)
    RUN(runs_are_the_product_and_the_last_option_is_fastest)
    RUN(a_grid_has_at_most_a_million_runs)
    RUN(grids_unite_value_by_value)
    RUN(a_united_list_must_have_an_effect)
    RUN(a_refused_value_changes_nothing)
    RUN(a_file_of_options_comes_before_everything_else))
