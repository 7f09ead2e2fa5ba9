/* Stop rules: their text, and when they are met. */
#include "../test.h"
#include "train/stop.h"

static gk_arena arena;

TEST(a_rule_is_metric_comparison_number_duration)
{
    gk_stop stop;
    CHECK_INT(gk_stop_parse("test_acc>=0.99 for 3; test_loss < 1e-6;norm/embed.weight > 40", &arena, &stop), 0);
    CHECK_INT(stop.n_rule, 3);
    CHECK_TEXT(stop.rule[0].metric, "test_acc");
    CHECK_INT(stop.rule[0].comparison, GK_AT_LEAST);
    CHECK_CLOSE(stop.rule[0].value, 0.99, 0);
    CHECK_INT(stop.rule[0].n_record, 3);
    CHECK_TEXT(stop.rule[1].metric, "test_loss");
    CHECK_INT(stop.rule[1].comparison, GK_BELOW);
    CHECK_CLOSE(stop.rule[1].value, 1e-6, 0);
    CHECK_INT(stop.rule[1].n_record, 1);
    CHECK_TEXT(stop.rule[2].metric, "norm/embed.weight");
    CHECK_INT(stop.rule[2].comparison, GK_ABOVE);
}

TEST(no_text_and_none_are_no_rule)
{
    gk_stop stop;
    CHECK_INT(gk_stop_parse(NULL, &arena, &stop), 0);
    CHECK_INT(stop.n_rule, 0);
    CHECK_INT(gk_stop_parse("none", &arena, &stop), 0);
    CHECK_INT(stop.n_rule, 0);
}

TEST(a_wrong_rule_is_refused_with_what_is_wrong)
{
    static const struct { const char *text, *message; } cases[] = {
        { "", "no metric" },
        { "test_acc>=1;", "no metric" },
        { ">=0.99", "no metric" },
        { "test_acc", "no comparison" },
        { "test_acc==1", "no comparison" },
        { "test_acc>=", "no number" },
        { "test_acc>=high", "no number" },
        { "test_acc>=inf", "no number" },
        { "test_acc>=1 for", "something after its end" },
        { "test_acc>=1 for 0", "number of records" },
        { "test_acc>=1 for many", "number of records" },
        { "test_acc>=1 for 3 records", "something after its end" },
        { "test_acc>=1 and more", "something after its end" },
    };
    gk_stop stop;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(gk_stop_parse(cases[i].text, &arena, &stop), -1);
        CHECK_CONTAINS(gk_error_message(), cases[i].message);
    }
}

TEST(a_metric_that_is_not_recorded_is_refused)
{
    static const gk_recorded recorded[] = { { "train_loss", GK_TRAIN_LOSS, -1, 0 }, { "test_acc", GK_TEST_ACC, -1, 0 },
                                            { "norm/embed.weight", GK_NORM, 0, 0 } };
    static const struct { const char *rule, *message; } cases[] = {
        { "test_acc>1;quality>1",  "no metric 'quality'; there are train_loss, test_acc, and norm/PARAMETER" },
        { "test_acc>1;tset_acc>1", "no metric 'tset_acc' (did you mean 'test_acc'?)" },
        { "norm/embed.bias>1",     "no metric 'norm/embed.bias'" },
        { "test_margin>1",         "'test_margin' is only recorded with '--metrics test_margin'" },
        { "p2/test_margin>1",      "'p2/test_margin' is only recorded with '--metrics test_margin'" },
    };
    gk_stop stop;
    CHECK_INT(gk_stop_parse("test_acc>1;norm/embed.weight>2", &arena, &stop), 0);
    CHECK_INT(gk_stop_check(&stop, 3, recorded), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(gk_stop_parse(cases[i].rule, &arena, &stop), 0);
        CHECK_INT(gk_stop_check(&stop, 3, recorded), -1);
        CHECK_CONTAINS(gk_error_message(), cases[i].message);
    }
}

TEST(a_rule_must_hold_in_so_many_records_in_a_row)
{
    static const double values[][2] = { { 1, 0 }, { 1, 1 }, { 0, 1 }, { 1, 1 }, { 1, NAN }, { 1, 1 } };
    static const bool   met[][2] = { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 0, 1 }, { 0, 0 }, { 1, 0 } };
    gk_history *history = gk_history_new(2, 1, (const char *const[]){ "test_acc" });
    gk_stop stop;
    CHECK_INT(gk_stop_parse("test_acc>=0.99 for 3", &arena, &stop), 0);
    for (int i = 0; i < 6; i++) {
        CHECK_INT(gk_history_append(history, i), i);
        for (int replica = 0; replica < 2; replica++) {
            gk_history_at(history, 0, i)[replica] = values[i][replica];
            CHECK_INT(gk_stop_met(&stop, history, replica), met[i][replica]);
        }
    }
    gk_history_free(history);
}

/* The lowest value must fall by the share within so many records; what rises and falls above it does not count. */
TEST(flat_is_about_the_lowest_value_so_far)
{
    static const double falling[] = { 8, 4, 2, 1 }, stuck[] = { 1, 0.995, 3, 0.994 };
    gk_history *history = gk_history_new(2, 1, (const char *const[]){ "train_loss" });
    gk_stop stop, standard;
    CHECK_INT(gk_stop_parse("train_loss flat 0.01 for 2", &arena, &stop), 0);
    CHECK_INT(gk_stop_parse("train_loss flat 0.01", &arena, &standard), 0);
    CHECK_INT(standard.rule[0].n_record, 20);
    for (int i = 0; i < 4; i++) {
        CHECK_INT(gk_history_append(history, i), i);
        gk_history_at(history, 0, i)[0] = falling[i];
        gk_history_at(history, 0, i)[1] = stuck[i];
        CHECK(!gk_stop_met(&stop, history, 0));
        CHECK_INT(gk_stop_met(&stop, history, 1), i >= 2);
        CHECK(!gk_stop_met(&standard, history, 1));
    }
    gk_history_free(history);
}

TEST(any_rule_is_enough)
{
    gk_history *history = gk_history_new(1, 2, (const char *const[]){ "a", "b" });
    gk_stop stop;
    CHECK_INT(gk_stop_parse("a>=1;b<=0", &arena, &stop), 0);
    CHECK_INT(gk_history_append(history, 0), 0);
    gk_history_at(history, 0, 0)[0] = 0.5;
    gk_history_at(history, 1, 0)[0] = 0.5;
    CHECK(!gk_stop_met(&stop, history, 0));
    gk_history_at(history, 1, 0)[0] = 0;
    CHECK(gk_stop_met(&stop, history, 0));
    gk_history_free(history);
}

int main(void)
{
    RUN(a_rule_is_metric_comparison_number_duration)
    RUN(no_text_and_none_are_no_rule)
    RUN(a_wrong_rule_is_refused_with_what_is_wrong)
    RUN(a_metric_that_is_not_recorded_is_refused)
    RUN(a_rule_must_hold_in_so_many_records_in_a_row)
    RUN(flat_is_about_the_lowest_value_so_far)
    RUN(any_rule_is_enough)
    gk_arena_release(&arena);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
