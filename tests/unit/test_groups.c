/* test_groups.c -- parameter groups: the text, which tensors it is about, and what they are updated with. */
#include "engine.h"
#include "graph/groups.h"

/* The texts that one stands for, with " | " between them; the message in brackets if it is refused. */
static const char *spread(const char *text)
{
    static char  line[1024];
    gk_arena     arena = { 0 };
    const char **texts;
    int64_t      n_text;
    size_t       n = 0;
    if (gk_groups_lists(&arena, text, &texts, &n_text) < 0)
        snprintf(line, sizeof line, "[%s]", gk_error_message());
    else
        for (int64_t i = 0; i < n_text && n < sizeof line; i++)
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%s", i ? " | " : "", texts[i]);
    gk_arena_release(&arena);
    return line;
}

TEST(lists_stand_for_one_text_each)
{
    CHECK_TEXT(spread("a: learning-rate=1"), "a: learning-rate=1");
    CHECK_TEXT(spread(" a , b :weight-decay=0,  learning-rate=1,2"),
               "a , b: weight-decay=0 learning-rate=1 | a , b: weight-decay=0 learning-rate=2");
    CHECK_TEXT(spread("a: learning-rate=1,2 ; b: weight-decay=0:1:3"),
               "a: learning-rate=1; b: weight-decay=0 | a: learning-rate=1; b: weight-decay=0.5 | "
               "a: learning-rate=1; b: weight-decay=1 | a: learning-rate=2; b: weight-decay=0 | "
               "a: learning-rate=2; b: weight-decay=0.5 | a: learning-rate=2; b: weight-decay=1");
    CHECK_TEXT(spread("a: learning-rate=0.1:10:x3,weight-decay=0; b: freeze"),
               "a: learning-rate=0.1 weight-decay=0; b: freeze | a: learning-rate=1 weight-decay=0; b: freeze | "
               "a: learning-rate=10 weight-decay=0; b: freeze");
}

TEST(what_is_no_group_is_refused)
{
    static const char *const bad[][2] = {
        { "a", "is not PATTERN,...: SETTING" }, { ": freeze", "is not PATTERN,...: SETTING" }, { "a:", "'a' sets nothing" },
        { "a: learningrate=1", "did you mean 'learning-rate'?" }, { "a: momentum=1", "no setting 'momentum'" },
        { "a: beta1", "'beta1' of 'a' needs a value" }, { "a: freeze=yes", "takes no value" },
        { "a: beta1=2", "expected a number or list" }, { "a: beta1=x", "invalid value 'x'" },
        { "a: beta1=0.1 beta1=0.2", "sets beta1 twice" }, { "a: beta1=0.1,0.1", "is there twice" },
        { "a: freeze beta1=0", "beta1 has no effect" },
        { "a:freeze;b:freeze;c:freeze;d:freeze;e:freeze;f:freeze;g:freeze;h:freeze;i:freeze;j:freeze;k:freeze;l:freeze;m:freeze;"
          "n:freeze;o:freeze;p:freeze;q:freeze", "more than 16 parameter groups" },
        { "a: beta1=0:0.9:x2", "above 0" }, { "a: learning-rate=0:1:2000 weight-decay=0:1:2000", "more than 1000000 runs" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_CONTAINS(spread(bad[i][0]), bad[i][1]);
}

/* weight and bias of two layers, the second one of logits */
static void mlp_init(gk_graph *g)
{
    static const struct { const char *layer, *name; gk_part part; int n_dim; } params[] = {
        { "embed", "weight", GK_PART_EMBEDDING, 2 }, { "layer0", "weight", GK_PART_HIDDEN, 2 },
        { "layer0", "bias", GK_PART_HIDDEN, 1 }, { "out", "weight", GK_PART_UNEMBEDDING, 2 },
        { "out", "bias", GK_PART_UNEMBEDDING, 1 },
    };
    gk_graph_init(g);
    for (size_t i = 0; i < sizeof params / sizeof *params; i++) {
        gk_graph_layer(g, "%s", params[i].layer);
        g->part = params[i].part;
        gk_param(g, params[i].name, "a,b", GK_INIT_NORMAL, 1, params[i].n_dim, (int64_t)3, (int64_t)2);
    }
}

TEST(a_tensor_has_the_settings_of_all_that_it_matches)
{
    static const struct { const char *text, *frozen; double rate[5], decay[5]; const char *is_frozen; int n_group; } rows[] = {
        { NULL, NULL, { 1, 1, 1, 1, 1 }, { 2, 2, 2, 2, 2 }, ".....", 1 },
        { "*.bias: weight-decay=0", NULL, { 1, 1, 1, 1, 1 }, { 2, 2, 0, 2, 0 }, ".....", 2 },
        { "*.bias: weight-decay=0; out.*: learning-rate=5 weight-decay=3", NULL,
          { 1, 1, 1, 5, 5 }, { 2, 2, 0, 3, 3 }, ".....", 4 },
        { "out.*: weight-decay=3; *.bias: weight-decay=0", NULL, { 1, 1, 1, 1, 1 }, { 2, 2, 0, 3, 0 }, ".....", 4 },
        { "@vectors,@embedding: weight-decay=0", NULL, { 1, 1, 1, 1, 1 }, { 0, 2, 0, 2, 0 }, ".....", 2 },
        { "@matrices: learning-rate=4; @unembedding: freeze", NULL, { 4, 4, 1, 4, 1 }, { 2, 2, 2, 2, 2 }, "...xx", 2 },
        { "@hidden: learning-rate=4", "embed.*,out.bias", { 1, 4, 4, 1, 1 }, { 2, 2, 2, 2, 2 }, "x...x", 2 },
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        gk_graph g;
        gk_hyper run = { .learning_rate = 1, .weight_decay = 2 }, of[GK_MAX_GROUP];
        mlp_init(&g);
        CHECK_INT(gk_groups_apply(&g, rows[k].text, rows[k].frozen), 0);
        CHECK_INT(g.n_group, rows[k].n_group);
        CHECK_INT(gk_groups_hyper(&g, rows[k].text, &run, of), 0);
        for (int i = 0; i < 5; i++) {
            CHECK_CLOSE(of[g.param[i]->group].learning_rate, rows[k].rate[i], 0);
            CHECK_CLOSE(of[g.param[i]->group].weight_decay, rows[k].decay[i], 0);
            CHECK_INT(g.param[i]->frozen, rows[k].is_frozen[i] == 'x');
        }
        gk_graph_release(&g);
    }
}

TEST(a_pattern_that_matches_nothing_is_refused)
{
    static const char *const bad[][2] = {
        { "nothing*: freeze", "no parameter matches 'nothing*': their names are like 'embed.weight' and 'out.bias'" },
        { "out.*,biases: weight-decay=0", "no parameter matches 'biases'" }, { "@norms: weight-decay=0", "matches '@norms'" },
        { "out.*: freeze; e*,l*: freeze", "nothing is left to train" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        gk_graph g;
        mlp_init(&g);
        CHECK_INT(gk_groups_apply(&g, bad[i][0], NULL), -1);
        CHECK_CONTAINS(gk_error_message(), bad[i][1]);
        CHECK(gk_error_is_usage());
        gk_graph_release(&g);
    }
}

TEST(what_varies_is_a_column)
{
    gk_arena         arena = { 0 };
    gk_group_column *column;
    CHECK_INT(gk_groups_columns(&arena, "a: beta1=0; b: learning-rate=1,2 weight-decay=0; c: beta2=0.1,0.2", &column), 2);
    CHECK_TEXT(column[0].name, "params2_learning_rate");
    CHECK_TEXT(column[1].name, "params3_beta2");
    CHECK_CLOSE(gk_groups_value("a: beta1=0; b: learning-rate=2 weight-decay=0; c: beta2=0.1", &column[0]), 2, 0);
    CHECK_CLOSE(gk_groups_value("a: beta1=0; b: learning-rate=2 weight-decay=0; c: beta2=0.1", &column[1]), 0.1, 0);
    CHECK_INT(gk_groups_columns(&arena, NULL, &column), 0);
    CHECK(gk_groups_any("a: weight-decay=0; b: weight-decay=1", GK_HYPER_weight_decay));
    CHECK(!gk_groups_any("a: weight-decay=0", GK_HYPER_weight_decay) && !gk_groups_any(NULL, GK_HYPER_weight_decay));
    gk_arena_release(&arena);
}

TEST_MAIN(RUN(lists_stand_for_one_text_each)
          RUN(what_is_no_group_is_refused)
          RUN(a_tensor_has_the_settings_of_all_that_it_matches)
          RUN(a_pattern_that_matches_nothing_is_refused)
          RUN(what_varies_is_a_column))
