/* test_tags.c -- --name and --tag. */
#include "train/tags.h"

#include "options_fixture.h"

TEST(tags_are_read_in_their_order_behind_the_name)
{
    gk_arena  arena = { 0 };
    gk_given *given = parse("");
    gk_tag   *tag;
    CHECK_INT(gk_tags_parse(given, NULL, NULL, &arena, &tag), 0);
    CHECK_INT(gk_tags_parse(given, "a b", NULL, &arena, &tag), 1);
    CHECK_TEXT(tag[0].key, "name");
    CHECK_TEXT(tag[0].value, "a b");
    CHECK_INT(gk_tags_parse(given, "x", "arch=small; k_2= v = w;empty=", &arena, &tag), 4);
    CHECK_TEXT(tag[1].key, "arch");
    CHECK_TEXT(tag[1].value, "small");
    CHECK_TEXT(tag[2].key, "k_2");
    CHECK_TEXT(tag[2].value, " v = w");
    CHECK_TEXT(tag[3].key, "empty");
    CHECK_TEXT(tag[3].value, "");
    gk_given_free(given);
    gk_arena_release(&arena);
}

TEST(what_cannot_be_a_column_is_refused)
{
    static const struct { const char *tags, *error; } bad[] = {
        { "small", "invalid value 'small' for '--tag': expected KEY=VALUE" }, { "=1", "invalid value '=1'" },
        { "", "invalid value ''" }, { "a=1;", "invalid value ''" }, { "a b=1", "expected KEY=VALUE" },
        { "1a=1", "expected KEY=VALUE" }, { "\xc3\xa4=1", "expected KEY=VALUE" }, { "a=1; a=2", "'--tag a=...' is given twice" },
        { "run=1", "there is a column run" }, { "status=x", "there is a column status" }, { "name=x", "there is a column name" },
        { "seed=1", "there is an option --seed" }, { "weight_decay=1", "there is an option --weight-decay" },
        { "eta=1", "there is an option --weight-rate" },
        { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1", "expected KEY=VALUE" },
    };
    gk_arena  arena = { 0 };
    gk_given *given = parse("");
    gk_tag   *tag;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_INT(gk_tags_parse(given, NULL, bad[i].tags, &arena, &tag), -1);
        CHECK_CONTAINS(gk_error_message(), bad[i].error);
    }
    gk_given_free(given);
    gk_arena_release(&arena);
}

TEST_MAIN(
    RUN(tags_are_read_in_their_order_behind_the_name)
    RUN(what_cannot_be_a_column_is_refused))
