/* Parameters in the layouts of other programs. */
#include "../test.h"
#include "models/naming.h"

static gk_arena arena;

/* Ours is [n_in, n_out] with elements 0, 1, ...; what stands first in theirs. */
static gk_named named(gk_naming naming, const char *name, int n_dim, int64_t n_in, int64_t n_out, int64_t n_head)
{
    int64_t  dim[] = { n_in, n_out };
    gk_named found = { .name = "" };
    CHECK_INT(gk_named_of(naming, name, n_dim, dim, n_head, &arena, &found), 0);
    return found;
}

static void check_shape(const gk_named *found, int n_dim, int64_t a, int64_t b, int64_t c)
{
    CHECK_INT(found->n_dim, n_dim);
    CHECK_INT(found->dim[0], a);
    CHECK_INT(found->dim[1], b);
    CHECK_INT(found->dim[2], c);
}

TEST(names_follow_the_layers)
{
    CHECK_TEXT(named(GK_NAMES_TRANSFORMERLENS, "block12.mlp.in.bias", 1, 8, 0, 2).name, "blocks.12.mlp.b_in");
    CHECK_TEXT(named(GK_NAMES_TORCH, "block0.norm1.gain", 1, 8, 0, 2).name, "block0.norm1.weight");
    CHECK_TEXT(named(GK_NAMES_TORCH, "layer1.bias", 1, 8, 0, 1).name, "layer1.bias");
    CHECK_TEXT(named(GK_NAMES_GROKTOOLS, "embed.weight", 2, 8, 4, 1).name, "embed.weight");
}

TEST(matrices_are_transposed)
{
    gk_named found = named(GK_NAMES_TORCH, "layer0.weight", 2, 3, 2, 1);
    check_shape(&found, 2, 2, 3, 0);
    for (int64_t in = 0; in < 3; in++)
        for (int64_t out = 0; out < 2; out++)
            CHECK_INT(gk_named_index(&found, in * 2 + out), out * 3 + in);
}

TEST(heads_come_first)
{
    enum { IN = 5, HEADS = 2, EACH = 3 };
    gk_named lens = named(GK_NAMES_TRANSFORMERLENS, "block0.attention.query.weight", 2, IN, HEADS * EACH, HEADS);
    gk_named progress = named(GK_NAMES_PROGRESS, "block0.attention.query.weight", 2, IN, HEADS * EACH, HEADS);
    gk_named output = named(GK_NAMES_TRANSFORMERLENS, "block0.attention.output.weight", 2, HEADS * EACH, IN, HEADS);
    gk_named bias = named(GK_NAMES_TRANSFORMERLENS, "block0.attention.key.bias", 1, HEADS * EACH, 0, HEADS);
    check_shape(&lens, 3, HEADS, IN, EACH);
    check_shape(&progress, 3, HEADS, EACH, IN);
    check_shape(&output, 3, HEADS, EACH, IN);
    CHECK_INT(bias.n_dim, 2);
    CHECK_INT(bias.dim[0], HEADS);
    for (int64_t in = 0; in < IN; in++)
        for (int64_t head = 0; head < HEADS; head++)
            for (int64_t e = 0; e < EACH; e++) {
                int64_t ours = in * HEADS * EACH + head * EACH + e;
                CHECK_INT(gk_named_index(&lens, ours), (head * IN + in) * EACH + e);
                CHECK_INT(gk_named_index(&progress, ours), (head * EACH + e) * IN + in);
            }
    CHECK_INT(gk_named_index(&output, 17), 17);
}

TEST(a_parameter_without_a_name_is_refused)
{
    int64_t  dim[] = { 3, 2 };
    gk_named found;
    CHECK_INT(gk_named_of(GK_NAMES_TRANSFORMERLENS, "layer0.weight", 2, dim, 1, &arena, &found), -1);
    CHECK_TEXT(gk_error_message(), "parameter 'layer0.weight' has no name in 'transformerlens': its model is another one");
    gk_arena_release(&arena);
}

TEST_MAIN(RUN(names_follow_the_layers) RUN(matrices_are_transposed) RUN(heads_come_first)
          RUN(a_parameter_without_a_name_is_refused))
