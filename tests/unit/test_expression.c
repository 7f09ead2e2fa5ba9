/* test_expression.c -- the language of claims and filters: its grammar, what it computes, and what it refuses. */
#include "table/expression.h"

#include <stdlib.h>
#include <unistd.h>
#include "table/censor.h"
#include "table/tsv.h"
#include "../test.h"

static const char rows_of_a[] = "task\tmethod\tseed\ta\tb\tp1/acc\tnever\tmemorised\n"
                                "add\ttaught\t0\t5\t2\t0.5\tinf\t1\n"
                                "add\tmemorised-teacher\t1\t7\t3\t0.25\tinf\t2\n"
                                "sub\ttaught\t0\t9\t\t1\t4\t3\n";
static const char rows_of_b[] = "task\ttask_2\tc\nadd\tx\t1\n";

static gk_frame *frames[2];
static gk_arena arena;

static gk_frame *read_text(const char *text)
{
    char path[] = "/tmp/test_expression.XXXXXX";
    int  file = mkstemp(path);
    CHECK(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    gk_frame *frame = gk_tsv_read(path);
    unlink(path);
    return frame;
}

static const gk_parameter parameters[] = { { "level", "6", NULL }, { "which", "taught", NULL } };
static gk_rows_of_tables tables = { .n_table = 2, .table = frames, .n_parameter = 2, .parameter = parameters };

/* Value in row 0 of the first table; the error is checked by the caller. */
static double at_first_row(const char *text)
{
    gk_selection all;
    const gk_expression *expression = gk_expression_read(&tables, text, GK_ROW_NUMBER, &arena);
    gk_select_all(&tables, &arena, &all);
    return expression ? gk_row_number(expression, &all, 0) : -12345;
}

TEST(each_rule_of_the_grammar_has_its_precedence)
{
    static const struct { const char *text; double value; } rows[] = {
        { "1 + 2 * 3", 7 },        { "(1 + 2) * 3", 9 },      { "2 - 3 - 4", -5 },        { "8 / 4 / 2", 1 },
        { "-2 * 3", -6 },          { "- - 2", 2 },            { "2 - -2", 4 },            { "--a", 5 },
        { "1 < 2", 1 },            { "1 = 2", 0 },            { "1 == 1", 1 },            { "1 != 1", 0 },
        { "2 <= 2", 1 },           { "2 >= 3", 0 },           { "1 + 1 > 1", 1 },         { "not 1 = 2", 1 },
        { "! ! 1 = 1", 1 },        { "not not not 1 = 1", 0 },
        { "1 = 1 or 1 = 2 and 1 = 2", 1 },                    { "(1 = 1 or 1 = 2) and 1 = 2", 0 },
        { "not 1 = 2 and 1 = 1", 1 },                         { "1 = 2 || 1 = 1 && 2 = 2", 1 },
        { "abs(-3)", 3 },          { "ln(exp(2))", 2 },       { "log10(100) + 1", 3 },    { "1e-2", 0.01 },
        { "inf > 1e300", 1 },      { ".5 + a", 5.5 },         { "$level * 2", 12 },
        { "a-b", 3 },              { "a - b", 3 },            { "b-a", -3 },              { "a-1", 4 },
        { "a-b-b", 1 },            { "`p1/acc` * 2", 1 },
        { "method=taught", 1 },    { "taught = method", 1 },  { "method = 'memorised-teacher'", 0 },
        { "method = 'taught'", 1 },                           { "method != \"taught\"", 0 },
        { "method = some-teacher", 0 },                       { "method = $which", 1 },
        { "task = method", 0 },    { "task=add and a<6", 1 },
        { "memorised - a", -4 },
        { "7 % 3", 1 },            { "-1 % 7", 6 },           { "8 / 4 % 3 * 5", 10 },    { "a * b % 3", 1 },
        { "2 ^ 3 ^ 2", 512 },      { "-2 ^ 2", -4 },          { "2 ^ -1", 0.5 },          { "2 * 3 ^ 2", 18 },
        { "a^b", 25 },             { "if a > b then a else b", 5 },                       { "1 + (if a < b then a else b)", 3 },
        { "if a < b then 1 else if a = 5 then 2 else 3", 2 },                             { "if not a = 5 then 1 else 2", 2 },
        { "if a = 5 then a < b else a > b", 0 },              { "if method = taught or a = 1 then b * 2 else never", 4 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double value = at_first_row(rows[i].text);
        CHECK_CLOSE(value, rows[i].value, 1e-12);
        if (!(fabs(value - rows[i].value) <= 1e-12))
            printf("  in '%s': %s\n", rows[i].text, gk_error_message());
    }
}

TEST(what_has_no_value_is_no_number_and_two_nevers_decide_nothing)
{
    CHECK(isnan(at_first_row("c")));              /* of the other table */
    CHECK(isnan(at_first_row("c > 1")));
    CHECK(isnan(at_first_row("never > inf")));
    CHECK_CLOSE(at_first_row("never > 5"), 1, 0);
    CHECK_CLOSE(at_first_row("c > 1 and 1 = 2"), 0, 0);
    CHECK(isnan(at_first_row("7.5 % 2")));
    CHECK(isnan(at_first_row("7 % 0")));
    CHECK(isnan(at_first_row("never % 2")));
    CHECK(isnan(at_first_row("if c > 1 then 1 else 2")));
    CHECK(isnan(at_first_row("if never > inf then 1 else 2")));
}

/* Wrong, and what is said of it. */
TEST(what_is_wrong_is_told_with_its_place)
{
    static const struct { const char *text, *message; } rows[] = {
        { "", "something is missing" },               { "1 +", "something is missing at ''" },
        { "(1", "no ')'" },                           { "1)", "not understood at ')'" },
        { "1 2", "not understood at '2'" },           { "a ] b", "not understood at '] b'" },
        { "mehtod=taught", "no table has a column 'mehtod' (did you mean 'method'?)" },
        { "aa + 1", "no table has a column 'aa' (did you mean 'a'?)" },
        { "a-zz", "no table has a column 'zz'" },
        { "a > zzzzzz", "no table has a column 'zzzzzz': there are task, method, seed, a, b, p1/acc" },
        { "taskk < 3", "no table has a column 'taskk' (did you mean 'task'?)" },
        { "method", "not a number at 'method'" },
        { "method = memorised-teacher", "no table has a column 'teacher'" },
        { "method + 1", "column 'method' holds texts, expected a number at 'method + 1'" },
        { "a = taught", "column 'a' holds numbers, and 'taught' is none" },
        { "method < taught", "no table has a column 'taught'" },
        { "a and 1 = 1", "column 'a' holds numbers, expected a condition" },
        { "(1 = 1) + 1", "a condition, expected a number" },
        { "not 5", "a number, expected a condition" },
        { "$lever", "no parameter '$lever' (give --set lever=...)" },
        { "sin(a)", "no function 'sin'" },            { "median(a)", "no function 'median' of a row: it is of several" },
        { "method = 'taught", "no second quote" },
        { "`p2/acc` > 0", "no table has a column 'p2/acc' (did you mean 'p1/acc'?)" },
        { "a & b", "not understood at '& b'" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(at_first_row(rows[i].text) == -12345);
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
    }
}

static void check_refused(const char *piece, const char *last, int n, const char *message)
{
    char *text = malloc((size_t)n * strlen(piece) + strlen(last) + 1), *end = text;
    for (int i = 0; i < n; i++)
        end = stpcpy(end, piece);
    stpcpy(end, last);
    CHECK(at_first_row(text) == -12345);
    CHECK_CONTAINS(gk_error_message(), message);
    free(text);
}

TEST(no_expression_is_deep_enough_to_end_the_program)
{
    enum { MANY = 200000 };
    check_refused("(", "1", MANY, "too many brackets");
    check_refused("abs(", "1", MANY, "too many brackets");
    check_refused("1+", "1", MANY, "too long");
    check_refused("1=1 and ", "1=1", MANY, "too long");
    check_refused("- abs(- ", "1", MANY, "too many brackets");
    check_refused("not (", "1=1", MANY, "too many brackets");
    check_refused("2^", "1", MANY, "too many powers of powers");
    check_refused("if 1=1 then 1 else ", "1", MANY, "too many brackets");
    check_refused("if ", "1=1", MANY, "too many brackets");
    /* signs in a row are no depth */
    char *text = malloc(MANY + 2);
    memset(text, '-', MANY);
    strcpy(text + MANY, "1");
    CHECK_CLOSE(at_first_row(text), 1, 0);
    memset(text, '!', MANY);
    strcpy(text + MANY - 3, "1=1");
    CHECK_CLOSE(at_first_row(text), 0, 0);
    free(text);
}

/* --- several rows -------------------------------------------------------------------------------------------------------- */

static gk_truth judged(const char *predicate, const char **measured, int64_t *n_seed)
{
    gk_selection all;
    gk_finding   found = { .truth = GK_NO_DATA };
    const gk_expression *expression = gk_expression_read(&tables, predicate, GK_ROWS_CONDITION, &arena);
    gk_select_all(&tables, &arena, &all);
    CHECK(expression && gk_judge(expression, &all, &arena, &found) == 0);
    *measured = found.measured;
    *n_seed = found.n_seed;
    return found.truth;
}

TEST(aggregates_tell_what_they_are_made_of)
{
    const char *measured = "";
    int64_t n_seed = -1;
    CHECK_INT(judged("median(a) = 7 and all(b < 4 | method = taught)", &measured, &n_seed), GK_UNDECIDED);
    CHECK_TEXT(measured, "median(a) = 7 {5 7 9}; all(b < 4 | method = taught) = 1 of 2 {2 nan}");
    CHECK_INT(n_seed, 1);
    CHECK_INT(judged("n(a > 5) = 2 and spearman(seed, a | task = add) > 0", &measured, &n_seed), GK_NO_DATA);
    CHECK_INT(judged("argmin(a, b) = 5 and argmax(a, b) = 7 and share(task = add) = 0.75", &measured, &n_seed), GK_TRUE);
    CHECK_INT(judged("most(never > 5) or none(a > 5)", &measured, &n_seed), GK_FALSE);
    CHECK_INT(judged("all(never > inf)", &measured, &n_seed), GK_FALSE);
    CHECK_INT(judged("min(c) = 1", &measured, &n_seed), GK_TRUE);
    CHECK_INT(n_seed, 1);
}

/* Thresholds of three seeds lie about 0.35, 0.45 and 0.5; a fourth one fails everywhere, and a fifth nowhere.  That more runs are
 * near one of them does not move it. */
TEST(thresholds_are_those_of_seeds)
{
    static const char runs[] = "of\tseed\tx\ty\n"
                               "a\t0\t0.3\t0\na\t0\t0.4\t1\na\t0\t0.2\t0\na\t0\t0.6\t1\na\t0\t0.39\t1\na\t0\t0.31\t0\n"
                               "a\t1\t0.2\t0\na\t1\t0.4\t0\na\t1\t0.5\t1\na\t1\t0.7\t1\n"
                               "a\t2\t0.2\t0\na\t2\t0.4\t0\na\t2\t0.6\t1\n"
                               "b\t3\t0.2\t0\nb\t3\t0.6\t0\nb\t4\t0.2\t1\nb\t4\t0.6\t1\n";
    static const struct { const char *predicate; gk_truth truth; const char *measured; } rows[] = {
        { "threshold(x, y > 0.5 | of = a) < 0.7", GK_TRUE, "= 0.45 [0.24" },    /* the mean 0.433 -+ 4.3 x 0.0764 / sqrt(3) */
        { "threshold(x, y > 0.5 | of = a) < 0.5", GK_UNDECIDED, "= 0.45 [" },
        { "threshold(x, y > 0.5 | of = a and x < 0.7) < 0.7", GK_UNDECIDED, "= 0.45 [0.24" },    /* the end is beyond 0.6 */
        { "threshold(x, y > 0.5 | seed = 0) < 0.36", GK_TRUE, "= 0.35 " },
        { "threshold(x, y > 0.5 | seed = 3) > 0.6", GK_TRUE, "= inf" },
        { "threshold(x, y > 0.5 | seed = 4) < 0.2", GK_TRUE, "= -inf" },
        { "threshold(x, y > 0.5 | seed = 9) < 0.2", GK_NO_DATA, "" },
    };
    gk_frame         *frame = read_text(runs);
    gk_rows_of_tables of_runs = { .n_table = 1, .table = &frame };
    gk_selection      all;
    gk_select_all(&of_runs, &arena, &all);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gk_expression *expression = gk_expression_read(&of_runs, rows[i].predicate, GK_ROWS_CONDITION, &arena);
        gk_finding           found;
        CHECK(expression && gk_judge(expression, &all, &arena, &found) == 0);
        CHECK_INT(found.truth, rows[i].truth);
        CHECK_CONTAINS(found.measured, rows[i].measured);
    }
    gk_frame_free(frame);
}

/* Predicates over a table; what is undecided is so for the end of training. */
typedef struct censored { const char *predicate; gk_truth truth; } censored;

static void judge_censored(const char *runs, size_t n, const censored *rows)
{
    gk_frame         *frame = read_text(runs);
    gk_rows_of_tables of_runs = { .n_table = 1, .table = &frame };
    gk_selection      all;
    gk_frame_censor(frame);
    gk_select_all(&of_runs, &arena, &all);
    for (size_t i = 0; i < n; i++) {
        const gk_expression *expression = gk_expression_read(&of_runs, rows[i].predicate, GK_ROWS_CONDITION, &arena);
        gk_finding           found;
        CHECK(expression && gk_judge(expression, &all, &arena, &found) == 0);
        if (found.truth != rows[i].truth)
            printf("  in '%s': %s\n", rows[i].predicate, found.measured);
        CHECK_INT(found.truth, rows[i].truth);
        if (found.truth == GK_UNDECIDED)
            CHECK_INT(found.why, GK_ENDED);
    }
    gk_frame_free(frame);
}

/* y of 10, 7, 7, 9, 3, 4 at x of 1 to 6, the rows in no order: it rises at 4 and at 6; a median of two rows counts once, and a
 * row without y is passed over. */
TEST(rises_are_counted_along_x)
{
    static const char runs[] = "x\ty\tz\n3\t7\t1\n1\t10\t\n6\t4\t1\n2\t7\t1\n5\t2\t1\n5\t4\t1\n4\t9\t1\n7\t\t1\n";
    static const censored rows[] = {
        { "rises(x, y) = 2", GK_TRUE },                  { "rises(x, y | x < 4) = 0", GK_TRUE },
        { "rises(x, -y) = 2", GK_TRUE },                 { "rises(x, y | x > 3 and x < 6) > 0", GK_FALSE },
        { "rises(x, z) = 0", GK_TRUE },                  { "rises(x, y | x = 1) = 0", GK_TRUE },
        { "rises(x, y | x > 6) = 0", GK_NO_DATA },
    };
    judge_censored(runs, sizeof rows / sizeof *rows, rows);
}

/* Runs of 1000 updates and one of 500: what they did not see by then is later, and a run whose support runs to the end may
 * grok. */
TEST(what_the_end_of_training_hides_is_undecided)
{
    static const char runs[] = "seed\tstep_end\tstep_train_99\tstep_test_95\tgap_95\tstatus\tflags\n"
                               "0\t1000\t100\t800\t8\tgrok\tcensored\n"
                               "1\t1000\t100\tinf\tinf\tunsupported\tcensored\n"
                               "2\t500\t0\tinf\tinf\tunsupported\tlost\n";
    static const censored rows[] = {
        { "all(step_test_95 <= 500 | seed > 0)", GK_FALSE },             /* known: later than 500, than 1000 */
        { "all(step_test_95 > 500)", GK_TRUE },
        { "all(step_test_95 > step_end | seed > 0)", GK_TRUE },          /* not within the run */
        { "all(step_test_95 <= 1000 | seed = 2)", GK_UNDECIDED }, /* the run was shorter */
        { "most(step_test_95 <= 3 * 700)", GK_UNDECIDED },
        { "none(step_test_95 <= 2100)", GK_FALSE },
        { "none(step_test_95 <= 2100 | seed = 1)", GK_UNDECIDED },
        { "median(step_test_95) > 1000", GK_UNDECIDED },          /* 800, more than 500, more than 1000 */
        { "median(step_test_95) > 799", GK_TRUE },
        { "median(step_test_95 | seed > 0) <= 5000", GK_UNDECIDED },
        { "median(step_test_95 | seed > 0) >= 750", GK_TRUE },
        { "800 <= 0.2 * max(step_test_95)", GK_UNDECIDED },
        { "200 <= 0.2 * max(step_test_95)", GK_TRUE },
        { "all(step_test_95 - 2 * step_train_99 > 300)", GK_TRUE },
        { "rises(seed, step_test_95) >= 1", GK_TRUE },                   /* from 800 to more than 1000, to more than 500 */
        { "rises(seed, step_test_95) >= 2", GK_UNDECIDED },
        { "all(1 / step_test_95 < 0.002)", GK_TRUE },
        { "all(1 / step_test_95 > 0.0001 | seed > 0)", GK_UNDECIDED },
        { "all(ln(step_test_95) > 6.9 | seed = 1)", GK_TRUE },
        { "all(abs(100 - step_test_95) > 400)", GK_TRUE },
        { "all(gap_95 >= 5)", GK_TRUE },                                 /* 1001/100 and 501/1 */
        { "all(gap_95 >= 11 | seed = 1)", GK_UNDECIDED },
        { "n(step_test_95 <= 2000) <= 3", GK_TRUE },
        { "n(step_test_95 <= 2000) <= 1", GK_UNDECIDED },
        { "share(step_test_95 <= 900) <= 0.5", GK_UNDECIDED },    /* the short run might have */
        { "most(status = grok)", GK_UNDECIDED },
        { "all(status = grok | seed = 2)", GK_FALSE },
        { "all(status != grok | seed = 1)", GK_UNDECIDED },
        { "none(status = prompt)", GK_TRUE },
        { "median(step_test_95 | seed = 1) < median(step_test_95 | seed = 2)", GK_UNDECIDED },
    };
    judge_censored(runs, sizeof rows / sizeof *rows, rows);
}

/* Two settings of two runs: one has done, and one is still rising, has 0.2 of up to 0.43 or (on a plateau) 0.3 of up to 0.5. */
TEST(a_level_that_may_still_rise_is_known_from_below)
{
    static const char runs[] =
        "decay\tseed\tstep_end\tstatus\tt_r\talpha0\talpha1\tsigma_s\tsigma_e\tdelta_s\tdelta_t\tsupport\tflags\n"
        "1\t0\t40000\tgrok\t1000\t2000\t9000\t0.55\t0.98\t0.43\t0.02\t31000\tcensored\n"
        "1\t1\t40000\tgrok\t1000\t2000\t9000\t0.55\t0.97\t0.42\t0.02\t21000\tlost\n"
        "0\t0\t40000\tnone\t1000\t2000\t34000\t0.55\t0.75\t0.20\t0.25\t6000\tcensored\n"
        "0\t1\t40000\tpartial\t1000\t2000\t20000\t0.45\t0.75\t0.30\t0.22\t20000\tcensored\n"
        "2\t0\t40000\tdiverged\t1000\t2000\t34000\t0.55\t0.75\t0.20\t0.25\t6000\tcensored\n"
        "2\t1\t40000\tpartial\t1000\t2000\t20000\t0.45\t0.75\t0.30\t0.22\t8000\tlost\n";
    static const censored rows[] = {
        { "median(delta_s | decay = 1) >= median(delta_s | decay = 0)", GK_UNDECIDED },
        { "median(delta_s | decay = 1) >= 0.42", GK_TRUE },
        { "median(delta_s | decay = 0) >= 0.24", GK_TRUE },
        { "median(delta_s | decay = 0) >= 0.26", GK_UNDECIDED },
        { "median(delta_s | decay = 0) >= 0.48", GK_FALSE },
        { "median(delta_s | decay = 2) >= 0.26", GK_FALSE },
        { "max(delta_s | decay = 0 and seed = 0) <= 0.44", GK_TRUE },
        { "max(delta_s | decay = 0 and seed = 0) <= 0.42", GK_UNDECIDED },
        { "all(delta_t <= 0.25)", GK_TRUE },
        { "all(delta_t <= 0.22 | decay = 0)", GK_UNDECIDED },
        { "all(delta_t >= 0.019 | decay = 0)", GK_TRUE },
        { "all(sigma_e <= 0.98)", GK_TRUE },
        { "all(sigma_e < 0.75 | decay = 0)", GK_FALSE },
        { "all(sigma_e < 0.8 | decay = 0)", GK_UNDECIDED },
        { "all(alpha1 / t_r >= 30 | decay = 0 and seed = 0)", GK_TRUE },
        { "all(alpha1 / t_r <= 35 | decay = 0 and seed = 0)", GK_UNDECIDED },
        { "all(alpha1 / t_r <= 35 | seed = 1)", GK_TRUE },
        { "spearman(seed - 2 * decay, delta_s | decay < 2) < 0", GK_UNDECIDED },    /* 0.43, 0.42, 0.2 to 0.43, 0.3 to 0.5 */
        { "spearman(seed - 2 * decay, delta_s | decay < 2) < 0.9", GK_TRUE },
        { "spearman(seed - 2 * decay, sigma_s | decay < 2) < 0", GK_TRUE },
        { "all(status = grok or status = partial | decay = 0)", GK_UNDECIDED },
        { "all(status = grok | decay = 0 and seed = 0)", GK_UNDECIDED },
        { "all(partial != status | decay = 0 and seed = 0)", GK_UNDECIDED },
        { "all(status != prompt)", GK_TRUE },
        { "all(status = grok | decay = 0 and seed = 1)", GK_FALSE },
        { "all(status = grok | decay = 2)", GK_FALSE },
    };
    judge_censored(runs, sizeof rows / sizeof *rows, rows);
}

/* Five seeds each, which share what makes them slow: what is said of two conditions must hold in the whole interval of the pairs'
 * differences (with five of them, the range), or of those between groups of other seeds; without one, of the medians. */
TEST(one_number_is_larger_if_chance_would_not_make_it_so)
{
    static const char seeds[] = "method\tseed\tt\tend\n"
                                "fast\t0\t1\t9\nfast\t1\t2\t9\nfast\t2\t3\t9\nfast\t3\t4\t9\nfast\t4\t7\t9\n"
                                "slow\t0\t6\t9\nslow\t1\t8\t9\nslow\t2\t9\t9\nslow\t3\t10\t9\nslow\t4\t11\t9\n"
                                "like\t0\t2\t9\nlike\t1\t3\t9\nlike\t2\t4\t9\nlike\t3\t5\t9\nlike\t4\t6\t9\n"
                                "late\t0\t1.5\t9\nlate\t1\t3\t9\nlate\t2\t3.5\t9\nlate\t3\t4.5\t9\nlate\t4\t8\t9\n"
                                "other\t10\t8\t9\nother\t11\t9\t9\nother\t12\t7.5\t9\nother\t13\t10\t9\n"
                                "few\t0\t8\t9\nfew\t1\t9\t9\nmap\t\t2\t9\nmap\t\t5\t9\n";
    static const struct { const char *predicate; gk_truth truth; bool is_firm; } rows[] = {
        { "median(t | method = fast) < median(t | method = slow)", GK_TRUE, true },
        { "median(t | method = slow) > median(t | method = fast)", GK_TRUE, true },
        { "median(t | method = fast) < median(t | method = like)", GK_UNDECIDED, true },
        { "median(t | method = like) < median(t | method = fast)", GK_UNDECIDED, true },    /* nor is the opposite known */
        { "not median(t | method = like) > median(t | method = fast)", GK_UNDECIDED, true },
        { "median(t | method = slow) < median(t | method = like)", GK_FALSE, true },
        { "median(t | method = like) >= median(t | method = fast)", GK_UNDECIDED, true },
        { "median(t | method = fast) >= median(t | method = fast)", GK_TRUE, true },
        { "median(t | method = fast) < median(t | method = late)", GK_TRUE, true },         /* each by little: pairs */
        { "mean(t | method = fast) < max(t | method = late)", GK_TRUE, true },
        { "median(t | method = fast) < median(t | method = other)", GK_TRUE, true },        /* no pairs: groups */
        { "median(t | method = slow) > median(t | method = other)", GK_UNDECIDED, true },
        { "median(t | method = slow) > 2 * median(t | method = fast)", GK_UNDECIDED, true },
        { "median(t | method = slow) > 1.5 * median(t | method = fast)", GK_TRUE, true },
        { "median(t | method = slow) / median(t | method = fast) > 1.5", GK_TRUE, true },
        { "median(t | method = slow) - median(t | method = fast) >= 4", GK_TRUE, true },
        { "median(t | method = slow) - median(t | method = fast) >= 5", GK_UNDECIDED, true },
        { "abs(median(t | method = like) - median(t | method = fast)) <= 1", GK_TRUE, true },    /* a size */
        { "median(t | method = slow) - 3 > median(t | method = fast) / 2", GK_TRUE, true },
        { "ln(median(t | method = slow)) > 1 + ln(median(t | method = fast))", GK_UNDECIDED, true },
        { "median(t | method = slow) ^ 2 > median(t | method = fast)", GK_TRUE, true },
        { "median(t | method = slow) ^ 2 > 4 * median(t | method = fast) ^ 2", GK_UNDECIDED, true },
        { "if median(t | method = slow) > 5 then median(t | method = fast) < 4 else 1 = 2", GK_TRUE, true },
        { "median(t | method = fast) < 4", GK_TRUE, true },                               /* a bound has no seeds */
        { "median(t | method = fast) < median(t | method = few)", GK_TRUE, false },       /* of two nothing is known */
        { "not median(t | method = fast) < median(t | method = few)", GK_FALSE, false },
        { "median(t | method = fast) < median(t | method = few) and 1 = 2", GK_FALSE, true },
        { "median(t | method = fast) < median(t | method = few) or median(t) > 0", GK_TRUE, true },
        { "median(t | method = fast) < median(t | method = map)", GK_TRUE, false },       /* places are no seeds */
        { "all(t < end | method = fast)", GK_TRUE, true },                                /* of each run by itself */
    };
    gk_frame         *frame = read_text(seeds);
    gk_rows_of_tables of_seeds = { .n_table = 1, .table = &frame };
    gk_selection      all;
    gk_select_all(&of_seeds, &arena, &all);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gk_expression *expression = gk_expression_read(&of_seeds, rows[i].predicate, GK_ROWS_CONDITION, &arena);
        gk_finding           found;
        CHECK(expression && gk_judge(expression, &all, &arena, &found) == 0);
        if (found.truth != rows[i].truth)
            printf("  in '%s'\n", rows[i].predicate);
        CHECK_INT(found.truth, rows[i].truth);
        CHECK_INT(found.is_firm, rows[i].is_firm);
        CHECK_INT(found.why, found.truth == GK_UNDECIDED ? GK_SPANNED : 0);
    }
    gk_frame_free(frame);
}

TEST(aggregates_know_what_they_take)
{
    static const struct { const char *text, *message; } rows[] = {
        { "most(a)", "column 'a' holds numbers, expected a condition" },
        { "median(a > 1) = 1", "a condition, expected a number" },
        { "median(a, b) = 1", "'median' takes 1 argument" },
        { "slope(a) = 1", "'slope' takes 2 arguments" },
        { "dcrit(a, b) = 1", "column 'b' holds numbers, expected a condition" },
        { "median(a | b) = 1", "column 'b' holds numbers, expected a condition" },
        { "median(median(a)) = 1", "no function 'median' of a row" },
        { "mist(a) = 1", "no aggregate 'mist'" },
        { "a > 1", "'a' outside an aggregate" },
        { "median(a", "no ')'" },
        { "median(a)", "not a condition" },
        { "median(aa) = 1", "did you mean 'a'?" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(!gk_expression_read(&tables, rows[i].text, GK_ROWS_CONDITION, &arena));
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
    }
}

/* A text that no row has is an error where tables are strict, unless somebody says that it may be there. */
TEST(texts_that_no_row_has_are_told)
{
    static const gk_known_text known[] = { { "method", "smoothed" } };
    gk_rows_of_tables strict = tables;
    const gk_expression *found = gk_expression_read(&tables, "method = taugth or method = alone", GK_ROW_CONDITION, &arena);
    CHECK(found);
    CHECK_TEXT(gk_expression_unmet(found), "no row has method = 'taugth' (did you mean 'taught'?)");
    found = gk_expression_read(&tables, "method = taught", GK_ROW_CONDITION, &arena);
    CHECK(found && !gk_expression_unmet(found));
    strict.strict = true;
    strict.known = known;
    strict.n_known = 1;
    CHECK(!gk_expression_read(&strict, "method = taugth", GK_ROW_CONDITION, &arena));
    CHECK_CONTAINS(gk_error_message(), "no row has method = 'taugth' (did you mean 'taught'?)");
    CHECK(gk_expression_read(&strict, "method = smoothed", GK_ROW_CONDITION, &arena));
    CHECK(!gk_expression_read(&strict, "task = smoothed", GK_ROW_CONDITION, &arena));
    CHECK_CONTAINS(gk_error_message(), "no row has task = 'smoothed': there are add, sub");
    gk_rows_of_tables derived = { .n_table = 1, .table = &frames[1], .strict = true, .origin = &strict };
    CHECK(gk_expression_read(&derived, "task = sub", GK_ROW_CONDITION, &arena));
}

TEST(rows_are_selected)
{
    gk_selection all, some;
    const char *unmet = "";
    gk_select_all(&tables, &arena, &all);
    CHECK_INT(all.n, 4);
    CHECK(gk_select_where(&tables, &all, "task = add and (a > 5 or c = 1)", &arena, &some, &unmet) == 0);
    CHECK_INT(some.n, 2);
    CHECK_INT(some.table[1], 1);
    CHECK_INT(some.row[0], 1);
    CHECK(!unmet);
    CHECK(gk_select_where(&tables, &all, "a + 1", &arena, &some, NULL) < 0);
    CHECK_CONTAINS(gk_error_message(), "'a + 1': not a condition");
}

int main(void)
{
    frames[0] = read_text(rows_of_a);
    frames[1] = read_text(rows_of_b);
    RUN(each_rule_of_the_grammar_has_its_precedence)
    RUN(what_has_no_value_is_no_number_and_two_nevers_decide_nothing)
    RUN(what_is_wrong_is_told_with_its_place)
    RUN(no_expression_is_deep_enough_to_end_the_program)
    RUN(aggregates_tell_what_they_are_made_of)
    RUN(thresholds_are_those_of_seeds)
    RUN(rises_are_counted_along_x)
    RUN(what_the_end_of_training_hides_is_undecided)
    RUN(a_level_that_may_still_rise_is_known_from_below)
    RUN(one_number_is_larger_if_chance_would_not_make_it_so)
    RUN(aggregates_know_what_they_take)
    RUN(texts_that_no_row_has_are_told)
    RUN(rows_are_selected)
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    gk_frame_free(frames[0]);
    gk_frame_free(frames[1]);
    gk_arena_release(&arena);
    return test_n_failed != 0;
}
