/* test_target_file.c -- dataset files of what classes of tokens do not need: targets, pixels, latents, templates. */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "data/dataset.h"
#include "io/h5.h"

static char path[] = "/tmp/test_target_file.XXXXXX";

static gk_data_args args_of(const char *task)
{
    return (gk_data_args){ .task = gk_task_find(task), .prime = 10, .fraction = 0.5, .n_item = task[0] == 't' ? 0 : 20,
                           .data_seed = -1 };
}

/* --- what is written comes back -------------------------------------------------------------------------------------- */

static bool same(const void *a, const void *b, int64_t n_bytes)
{
    return (!a && !b) || (a && b && memcmp(a, b, (size_t)n_bytes) == 0);
}

static void check_same(const gk_dataset *a, const gk_dataset *b)
{
    CHECK_TEXT(b->task, a->task);
    CHECK_TEXT(b->sha256, a->sha256);
    CHECK_INT(b->n_item, a->n_item);
    CHECK_INT(b->n_real, a->n_real);
    CHECK_INT(b->n_answer, a->n_answer);
    CHECK_INT(b->n_target, a->n_target);
    CHECK_INT(b->n_latent, a->n_latent);
    CHECK(same(a->token, b->token, 4 * a->n_item * a->n_token));
    CHECK(same(a->label, b->label, 4 * a->n_item));
    CHECK(same(a->real, b->real, 4 * a->n_item * a->n_real));
    CHECK(same(a->pixel, b->pixel, a->n_item * a->n_real));
    CHECK(same(a->target, b->target, 4 * a->n_item * a->n_target));
    CHECK(same(a->random_latent, b->random_latent, (int64_t)4 * a->n_vocab * a->n_latent));
    CHECK(same(a->linear_latent, b->linear_latent, (int64_t)4 * a->n_vocab * a->n_latent));
    CHECK(same(a->template_value, b->template_value, 4 * a->n_item));
    CHECK_INT(b->edges.n_type, a->edges.n_type);
    CHECK_INT(b->edges.n_feature, a->edges.n_feature);
    if (a->edges.n_type > 0 && b->edges.n_type > 0) {
        CHECK(same(a->edges.first, b->edges.first, 8 * (a->n_item + 1)));
        CHECK(same(a->edges.at, b->edges.at, 3 * a->edges.first[a->n_item]));
        CHECK(same(a->edges.feature, b->edges.feature, (int64_t)4 * a->n_vocab * a->edges.n_feature));
    }
}

TEST(items_with_targets_pixels_and_latents_come_back_with_their_split)
{
    static const char *const tasks[] = { "teacher-student", "toy-addition", "synth-digits", "synth-mols" };
    for (int i = 0; i < 4; i++) {
        gk_arena     arena = { 0 };
        gk_split     split;
        gk_data_args args = args_of(tasks[i]), from_file = { .fraction = 0.5, .data_seed = -1, .data_file = path };
        gk_dataset  *dataset = gk_dataset_new(&args);
        CHECK(dataset != NULL);
        CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), 0);
        unlink(path);    /* what was read is not written over */
        CHECK_INT(gk_dataset_write(dataset, &split, &args, "grok-data", path), 0);
        gk_dataset *back = gk_dataset_new(&from_file);
        if (!back)
            printf("%s: %s\n", tasks[i], gk_error_message());
        CHECK(back != NULL);
        if (back) {
            check_same(dataset, back);
            const gk_split *stored = gk_dataset_stored_split(back);
            CHECK_INT(stored->n_train, split.n_train);
            CHECK(same(stored->test, split.test, 4 * split.n_test));
        }
        gk_dataset_free(back);
        gk_dataset_free(dataset);
        gk_arena_release(&arena);
    }
}

/* A split of a file can be used for other items, also where these have targets. */
TEST(the_split_of_items_with_targets_serves_others)
{
    gk_arena     arena = { 0 };
    gk_split     split, used;
    gk_data_args args = args_of("toy-addition");
    gk_dataset  *dataset = gk_dataset_new(&args);
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), 0);
    unlink(path);
    CHECK_INT(gk_dataset_write(dataset, &split, &args, "grok-data", path), 0);
    args.split_file = path;
    args.seed = 5;
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &used), 0);
    CHECK(same(used.train, split.train, 4 * split.n_train));
    args.size = 3;
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &used), 0);
    CHECK_INT(used.n_train, 3);
    CHECK_INT(used.n_test, split.n_test);
    gk_dataset_free(dataset);
    gk_arena_release(&arena);
}

/* --- made by hand ------------------------------------------------------------------------------------------------------- */

/* Three items of two tokens or of two pixels, with two targets; a test changes one thing. */
typedef struct content {
    int64_t     n_answer, n_target_row, n_linear, n_template;
    float       target[6], latent[4], template_value[3];
    bool        has_pixel, has_token, has_latent, has_template;
    const char *sha256;
} content;

static content good(void)
{
    return (content){ .n_answer = 2, .n_target_row = 3, .n_linear = 2, .n_template = 3, .target = { 1, 2, 3, 4, 5, 6 },
                      .latent = { 0.5f, 1, 2, 4 }, .template_value = { 0, 0.25f, 0.5f }, .has_token = true, .has_latent = true,
                      /* hashlib.sha256(struct.pack('<6q', 3, 2, 0, 2, 2, 1) + struct.pack('<6i', 0, 0, 0, 1, 1, 1) + bytes(12) +
                       * struct.pack('<q6f', 2, 1, 2, 3, 4, 5, 6) + struct.pack('<q8f', 2, *2 * (0.5, 1, 2, 4))) */
                      .sha256 = "d853a579f14836904c264da33d03f2aae111614ecfcc22ce44ccafbb24c66c5c" };
}

static content pixels(void)
{
    content c = good();
    c.has_token = c.has_latent = false;
    c.has_pixel = c.has_template = true;
    /* hashlib.sha256(struct.pack('<6q', 3, 0, 2, 2, 2, 1) + bytes(12) + bytes([0, 1, 2, 253, 254, 255]) +
     * struct.pack('<q6f', 2, 1, 2, 3, 4, 5, 6) + struct.pack('<3f', 0, 0.25, 0.5)) */
    c.sha256 = "e34d0d00712cb7ada242e63c8ed1141b59a28ff4cff1c2367f75d579cf515ab8";
    return c;
}

static void write_content(const content *c)
{
    static const int32_t token[] = { 0, 0, 0, 1, 1, 1 };
    static const uint8_t pixel[] = { 0, 1, 2, 253, 254, 255 };
    const int64_t items[] = { 3, 2 }, target[] = { c->n_target_row, 2 }, random[] = { 2, 2 }, linear[] = { 2, c->n_linear };
    unlink(path);
    gk_h5 *file = gk_h5_create(path);
    int status = file ? 0 : -1;
    if (file) {
        status |= gk_h5_set_text(file, "/", "format", "groktools-dataset") | gk_h5_set_int(file, "/", "format_version", 2) |
                  gk_h5_set_text(file, "/", "task", "by hand") | gk_h5_set_text(file, "/", "sha256", c->sha256) |
                  gk_h5_set_int(file, "/", "n_vocab", 2) | gk_h5_set_int(file, "/", "n_answer", c->n_answer) |
                  gk_h5_write(file, "/target", GK_F32, 2, target, c->target, 0);
        if (c->has_token)
            status |= gk_h5_write(file, "/token", GK_I32, 2, items, token, 0);
        if (c->has_pixel)
            status |= gk_h5_write(file, "/pixel", GK_U8, 2, items, pixel, 0);
        if (c->has_latent)
            status |= gk_h5_write(file, "/random_latent", GK_F32, 2, random, c->latent, 0) |
                      gk_h5_write(file, "/linear_latent", GK_F32, 2, linear, c->latent, 0);
        if (c->has_template)
            status |= gk_h5_write(file, "/template_value", GK_F32, 1, &c->n_template, c->template_value, 0);
        status |= gk_h5_commit(file);
    }
    if (status) {
        printf("cannot make a test file: %s\n", gk_error_message());
        exit(1);
    }
}

static gk_dataset *read_content(const content *c)
{
    gk_data_args args = { .data_file = path };
    write_content(c);
    return gk_dataset_new(&args);
}

TEST(files_made_by_hand_are_read)
{
    content     c = good();
    gk_dataset *dataset = read_content(&c);
    if (!dataset)
        printf("%s\n", gk_error_message());
    CHECK(dataset && dataset->n_target == 2 && dataset->target[5] == 6 && dataset->n_latent == 2);
    CHECK(dataset && dataset->linear_latent[3] == 4);
    gk_dataset_free(dataset);
    c = pixels();
    dataset = read_content(&c);
    if (!dataset)
        printf("%s\n", gk_error_message());
    CHECK(dataset && dataset->n_real == 2 && dataset->real[5] == 1 && dataset->real[1] == 1.0F / 255 && dataset->template_value);
    gk_dataset_free(dataset);
}

#define REFUSED(start, change, message) \
    do {                                  \
        content c = start;                \
        change;                           \
        CHECK(read_content(&c) == NULL);  \
        CHECK_CONTAINS(gk_error_message(), message); \
    } while (0)

TEST(damaged_files_are_refused)
{
    REFUSED(good(), c.target[1] = NAN, "'/target' in '");
    REFUSED(good(), c.target[1] = 7, "is damaged: the sha256 of its items is ");
    REFUSED(good(), c.latent[0] = INFINITY, "'/random_latent' in '");
    REFUSED(good(), c.latent[0] = 0, "is damaged");
    REFUSED(good(), c.n_answer = 3, "is 3, expected 2, the columns of '/target'");
    REFUSED(good(), c.n_target_row = 2, "/token");
    REFUSED(good(), c.n_linear = 1, "'/linear_latent' in '");
    REFUSED(good(), c.has_token = false, "has 0 of '/token', '/real' and '/pixel'");
    REFUSED(good(), c.has_pixel = true, "has 2 of '/token', '/real' and '/pixel'");
    REFUSED(pixels(), c.n_template = 2, "/template_value");
    REFUSED(pixels(), c.template_value[0] = NAN, "'/template_value' in '");
    REFUSED(pixels(), c.has_template = false, "is damaged");
}

int main(void)
{
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    RUN(items_with_targets_pixels_and_latents_come_back_with_their_split)
    RUN(the_split_of_items_with_targets_serves_others)
    RUN(files_made_by_hand_are_read)
    RUN(damaged_files_are_refused)
    remove(path);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
