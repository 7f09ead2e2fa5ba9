/* test_data_file.c -- dataset files: what is written is read back, and nothing else is believed. */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "data/dataset.h"
#include "io/h5.h"

static char path[] = "/tmp/test_data_file.XXXXXX";

/* --- round trips -------------------------------------------------------------------------------------------------- */

/* Write, read back; the test program ends if either fails. */
static gk_dataset *round_trip(const gk_dataset *dataset, const gk_split *split, const gk_data_args *args)
{
    gk_data_args from_file = { .fraction = 0.5, .data_seed = -1, .data_file = path };
    gk_dataset *back = NULL;
    unlink(path);    /* what was read is not written over */
    if (gk_dataset_write(dataset, split, args, "bin/grok-data --task 'x y'", path) < 0 || !(back = gk_dataset_new(&from_file))) {
        printf("round trip: %s\n", gk_error_message());
        exit(1);
    }
    return back;
}

static int same(const int32_t *a, const int32_t *b, int64_t n)
{
    return (!a && !b) || (a && b && memcmp(a, b, (size_t)n * sizeof *a) == 0);
}

static void check_same(const gk_dataset *a, const gk_dataset *b)
{
    CHECK_TEXT(b->task, a->task);
    CHECK_TEXT(b->sha256, a->sha256);
    CHECK_INT(b->n_item, a->n_item);
    CHECK_INT(b->n_token, a->n_token);
    CHECK_INT(b->n_real, a->n_real);
    CHECK_INT(b->n_vocab, a->n_vocab);
    CHECK_INT(b->n_answer, a->n_answer);
    CHECK_INT(b->n_group, a->n_group);
    CHECK(same(a->token, b->token, a->n_item * a->n_token));
    CHECK(same(a->label, b->label, a->n_item));
    CHECK(same(a->group, b->group, a->n_item));
    CHECK(same((const int32_t *)a->real, (const int32_t *)b->real, a->n_item * a->n_real));
    for (int i = 0; i < a->n_vocab; i++)
        CHECK_TEXT(b->vocab[i], a->vocab[i]);
    CHECK_INT(b->n_trained_group, a->n_trained_group);
    CHECK_INT(b->subclass.n, a->subclass.n);
    CHECK(same(a->subclass.of, b->subclass.of, a->n_item));
    for (int i = 0; i < a->subclass.n; i++)
        CHECK_TEXT(b->subclass.name[i], a->subclass.name[i]);
    for (int i = 0; i < a->n_group; i++) {
        CHECK_TEXT(b->group_name[i], a->group_name[i]);
        CHECK_TEXT(b->group_task[i], a->group_task[i]);
    }
}

TEST(items_without_a_split_come_back)
{
    for (int sequence = GK_SEQ_EQ; sequence <= GK_SEQ_PAIR; sequence++) {
        gk_data_args args = { .prime = 23, .sequence = sequence, .fraction = 0.3, .data_seed = -1 };
        gk_dataset *dataset = gk_dataset_new(&args), *back = round_trip(dataset, NULL, &args);
        check_same(dataset, back);
        CHECK(gk_dataset_stored_split(back) == NULL);
        gk_dataset_free(dataset);
        gk_dataset_free(back);
    }
}

TEST(a_stored_split_comes_back_and_outranks_seed_and_fraction)
{
    gk_arena arena = { 0 };
    gk_split split, used;
    gk_data_args args = { .prime = 97, .fraction = 0.3, .label_noise = 0.2, .seed = 3, .data_seed = -1 };
    gk_dataset *dataset = gk_dataset_new(&args);
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), 0);
    gk_dataset *back = round_trip(dataset, &split, &args);
    check_same(dataset, back);
    const gk_split *stored = gk_dataset_stored_split(back);
    CHECK(stored != NULL);
    gk_data_args other = { .fraction = 0.9, .seed = 8, .data_seed = -1, .data_file = path };
    CHECK_INT(gk_dataset_split(back, &other, &arena, &used), 0);
    CHECK_INT(used.n_train, split.n_train);
    CHECK_INT(used.n_test, split.n_test);
    CHECK(same(used.train, split.train, split.n_train));
    CHECK(same(used.test, split.test, split.n_test));
    CHECK(same(used.train_label, split.train_label, split.n_train));

    other.label_noise = 1;    /* further noise changes the copy, not what is stored */
    CHECK_INT(gk_dataset_split(back, &other, &arena, &used), 0);
    CHECK(!same(used.train_label, split.train_label, split.n_train));
    CHECK(same(stored->train_label, split.train_label, split.n_train));

    other.split_file = "list";
    CHECK_INT(gk_dataset_split(back, &other, &arena, &used), -1);
    CHECK_TEXT(gk_error_message(), "'list' cannot be used: the data have a split of their own");
    gk_dataset_free(dataset);
    gk_dataset_free(back);
    gk_arena_release(&arena);
}

TEST(groups_that_are_only_evaluated_come_back_with_their_split)
{
    gk_arena arena = { 0 };
    gk_split split, used;
    gk_data_args args = { .prime = 23, .sequence = GK_SEQ_OP_MOD, .fraction = 0.3, .data_seed = -1, .join = "add:19:0.5",
                          .also_eval = "subtract:23:0.1+subtract:19:0.2:4" };
    gk_dataset *dataset = gk_dataset_new(&args);
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), 0);
    gk_dataset *back = round_trip(dataset, &split, &args);
    check_same(dataset, back);
    CHECK_INT(back->n_trained_group, 2);
    CHECK_TEXT(back->group_task[3], "subtract mod 19");
    gk_data_args from_file = { .fraction = 0.9, .data_seed = -1, .data_file = path };
    CHECK_INT(gk_dataset_split(back, &from_file, &arena, &used), 0);
    CHECK(same(used.train, split.train, split.n_train));
    for (int group = 0; group < 4; group++) {
        CHECK_INT(used.held_train[group].n, split.held_train[group].n);
        CHECK_INT(used.held_test[group].n, split.held_test[group].n);
        CHECK(same(used.held_train[group].item, split.held_train[group].item, split.held_train[group].n));
        CHECK(same(used.held_test[group].item, split.held_test[group].item, split.held_test[group].n));
    }
    CHECK_INT(used.held_train[3].n, 72);
    gk_dataset_free(dataset);
    gk_dataset_free(back);
    gk_arena_release(&arena);
}

TEST(subclasses_come_back_and_are_the_data_s_own)
{
    gk_arena arena = { 0 };
    gk_split split, used;
    gk_data_args args = { .prime = 11, .fraction = 0.5, .data_seed = -1, .subclasses = "row", .thin = "3", .thin_to = 0.5 };
    gk_dataset *dataset = gk_dataset_new(&args);
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), 0);
    gk_dataset *back = round_trip(dataset, &split, &args);
    check_same(dataset, back);
    CHECK_TEXT(back->subclass.by, "own");
    gk_data_args other = { .data_file = path, .data_seed = -1 };
    CHECK_INT(gk_dataset_split(back, &other, &arena, &used), 0);
    CHECK(used.n_train == split.n_train && same(used.train, split.train, split.n_train));
    gk_dataset_free(dataset);
    gk_dataset_free(back);
    gk_arena_release(&arena);
}

TEST(the_split_of_one_file_serves_other_items_of_the_same_number)
{
    gk_arena arena = { 0 };
    gk_split split, used;
    gk_data_args args = { .prime = 97, .fraction = 0.3, .seed = 3, .data_seed = -1 };
    gk_dataset *add = gk_dataset_new(&args), *back = NULL;
    CHECK_INT(gk_dataset_split(add, &args, &arena, &split), 0);
    back = round_trip(add, &split, &args);
    args.task = 1;
    args.split_file = path;
    gk_dataset *subtract = gk_dataset_new(&args);
    CHECK_TEXT(subtract->task, "subtract mod 97");
    CHECK_INT(gk_dataset_split(subtract, &args, &arena, &used), 0);
    CHECK(same(used.train, split.train, split.n_train));
    CHECK(same(used.test, split.test, split.n_test));
    CHECK_INT(used.train_label[0], subtract->label[used.train[0]]);
    args.prime = 113;
    gk_dataset *larger = gk_dataset_new(&args);
    CHECK_INT(gk_dataset_split(larger, &args, &arena, &used), -1);
    CHECK_CONTAINS(gk_error_message(), "it is of 9409 items, expected 12769");
    unlink(path);
    CHECK_INT(gk_dataset_write(add, NULL, NULL, NULL, path), 0);
    CHECK_INT(gk_dataset_split(subtract, &args, &arena, &used), -1);
    CHECK_CONTAINS(gk_error_message(), "has no split");
    gk_dataset_free(add);
    gk_dataset_free(subtract);
    gk_dataset_free(larger);
    gk_dataset_free(back);
    gk_arena_release(&arena);
}

/* --- made by hand ------------------------------------------------------------------------------------------------- */

/* Five items; a test changes one thing and says what the reader must answer. */
typedef struct content {
    const char *format, *task, *sha256;
    int64_t     version, n_vocab, n_answer, n_item, n_token, n_train, n_test, n_train_label, n_name, n_task,
                n_trained_group, n_held_train, n_held_test, n_sub;
    int32_t     token[10], label[5], group[5], sub[5], train[4], test[2], train_label[4], held_train[2], held_test[2];
    float       real[10];
    const char *vocab[3], *group_name[2], *sub_name[2];
    bool        has_sub, has_token, has_real, has_group, has_split, has_held;
} content;

static content good(void)
{
    return (content){
        .format = "groktools-dataset", .task = "made by hand", .version = 1,
        .n_vocab = 3, .n_answer = 3, .n_item = 5, .n_token = 2, .n_train = 2, .n_test = 2, .n_train_label = 2, .n_name = 2,
        .token = { 0, 1, 1, 2, 2, 0, 0, 0, 1, 1 }, .label = { 0, 1, 2, 0, 1 }, .group = { 0, 1, 0, 1, 1 },
        .train = { 4, 0 }, .test = { 1, 2 }, .train_label = { 2, 0 },
        .real = { 0, 1, 2, 3, 4, 5, 6, 7, -8, 0.5f }, .vocab = { "red", "green", "blue" }, .group_name = { "left", "right" },
        .sub = { 1, 0, 0, 1, 1 }, .n_sub = 2, .sub_name = { "1.0", "1.1" },
        /* hashlib.sha256(struct.pack('<6q', 5, 2, 0, 3, 3, 1) + tokens as '<10i' + labels as '<5i') */
        .sha256 = "5811c25d28f519f12fbb3c22d76ba76430a3ac05f1d4cce095b35f5c349459ba",
        .has_token = true, .has_split = true,
    };
}

/* Group "right" (items 1, 3 and 4) is only evaluated. */
static content held(void)
{
    content c = good();
    c.has_group = c.has_held = true;
    c.n_task = 2;
    c.n_trained_group = c.n_train = c.n_test = c.n_train_label = c.n_held_train = 1;
    c.n_held_test = 2;
    c.train[0] = 2;
    c.test[0] = 0;
    c.held_train[0] = 3;
    c.held_test[0] = 1;
    c.held_test[1] = 4;
    /* hashlib.sha256(struct.pack('<6q', 5, 2, 0, 3, 3, 2) + tokens as '<10i' + labels + groups as '<5i') */
    c.sha256 = "d824e6a98cf0b861fffa0e402702dffd1f79b9bb2b266ec0a3d1f53260f4aeea";
    return c;
}

static int write_split(gk_h5 *file, const content *c)
{
    int status = gk_h5_write(file, "/split/train", GK_I32, 1, &c->n_train, c->train, 0) |
                 gk_h5_write(file, "/split/test", GK_I32, 1, &c->n_test, c->test, 0) |
                 gk_h5_write(file, "/split/train_label", GK_I32, 1, &c->n_train_label, c->train_label, 0);
    if (c->has_held)
        status |= gk_h5_write(file, "/split/held_train", GK_I32, 1, &c->n_held_train, c->held_train, 0) |
                  gk_h5_write(file, "/split/held_test", GK_I32, 1, &c->n_held_test, c->held_test, 0);
    return status;
}

static void write_content(const content *c)
{
    const int64_t dim[] = { c->n_item, c->n_token };
    const gk_h5_column vocab = { .name = "name", .text = c->vocab }, groups = { .name = "name", .text = c->group_name };
    unlink(path);
    gk_h5 *file = gk_h5_create(path);
    int status = file ? 0 : -1;
    if (file) {
        status |= gk_h5_set_text(file, "/", "format", c->format) | gk_h5_set_int(file, "/", "format_version", c->version) |
                  gk_h5_set_text(file, "/", "task", c->task) | gk_h5_set_text(file, "/", "sha256", c->sha256) |
                  gk_h5_set_int(file, "/", "n_vocab", c->n_vocab) | gk_h5_set_int(file, "/", "n_answer", c->n_answer) |
                  gk_h5_write(file, "/label", GK_I32, 1, &c->n_item, c->label, 0);
        if (c->has_token)
            status |= gk_h5_write(file, "/token", GK_I32, 2, dim, c->token, 0) | gk_h5_write_table(file, "/vocab", 1, &vocab, 3);
        if (c->has_real)
            status |= gk_h5_write(file, "/real", GK_F32, 2, dim, c->real, 0);
        const gk_h5_column subs = { .name = "name", .text = c->sub_name };
        if (c->has_sub)
            status |= gk_h5_write(file, "/subclass", GK_I32, 1, &c->n_item, c->sub, 0) |
                      gk_h5_write_table(file, "/subclass_name", 1, &subs, c->n_sub);
        if (c->has_group)
            status |= gk_h5_write(file, "/group", GK_I32, 1, &c->n_item, c->group, 0) |
                      gk_h5_write_table(file, "/group_name", 1, &groups, c->n_name);
        if (c->n_task)
            status |= gk_h5_write_table(file, "/group_task", 1, &vocab, c->n_task) |
                      gk_h5_set_int(file, "/", "n_trained_group", c->n_trained_group);
        if (c->has_split)
            status |= write_split(file, c);
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

static const char *refusal(const content *c)
{
    gk_dataset *dataset = read_content(c);
    CHECK(dataset == NULL);
    gk_dataset_free(dataset);
    return gk_error_message();
}

TEST(a_file_made_by_hand_is_read)
{
    content c = good();
    gk_dataset *dataset = read_content(&c);
    CHECK_TEXT(dataset ? "fine" : gk_error_message(), "fine");
    if (!dataset)
        return;
    CHECK_INT(dataset->n_item, 5);
    CHECK_INT(dataset->n_token, 2);
    CHECK(same(dataset->token, c.token, 10));
    CHECK_TEXT(dataset->vocab[2], "blue");
    CHECK_INT(gk_dataset_stored_split(dataset)->train_label[0], 2);
    CHECK_INT(gk_dataset_stored_split(dataset)->n_test, 2);    /* item 3 is in neither part */
    gk_dataset_free(dataset);
}

TEST(reals_and_groups_are_read_and_come_back)
{
    content c = good();
    c.has_token = false;
    c.has_real = c.has_group = true;
    c.n_vocab = 0;
    /* hashlib.sha256(struct.pack('<6q', 5, 0, 2, 0, 3, 2) + labels + groups as '<5i' + reals as '<10f') */
    c.sha256 = "2b16b3ff6f5c0bdd75529a0da32e5f43f0f8abf16f5d2aff82537ced0f940249";
    gk_dataset *dataset = read_content(&c);
    CHECK_TEXT(dataset ? "fine" : gk_error_message(), "fine");
    if (!dataset)
        return;
    CHECK_INT(dataset->n_real, 2);
    CHECK_INT(dataset->n_token, 0);
    CHECK_CLOSE(dataset->real[8], -8, 0);
    CHECK_INT(dataset->n_group, 2);
    CHECK_TEXT(dataset->group_name[dataset->group[1]], "right");
    gk_dataset *back = round_trip(dataset, gk_dataset_stored_split(dataset), NULL);
    check_same(dataset, back);
    gk_dataset_free(back);
    gk_dataset_free(dataset);
}

TEST(groups_that_are_only_evaluated_are_read)
{
    content c = held();
    gk_dataset *dataset = read_content(&c);
    CHECK_TEXT(dataset ? "fine" : gk_error_message(), "fine");
    if (!dataset)
        return;
    const gk_split *split = gk_dataset_stored_split(dataset);
    CHECK_INT(dataset->n_trained_group, 1);
    CHECK_TEXT(dataset->group_task[1], "green");
    CHECK_INT(split->held_train[0].n, 0);
    CHECK_INT(split->held_train[1].n, 1);
    CHECK_INT(split->held_train[1].item[0], 3);
    CHECK_INT(split->held_test[1].n, 2);
    CHECK_INT(split->held_test[1].item[1], 4);
    gk_dataset_free(dataset);
}

#define REFUSED(change, message) REFUSED_OF(good(), change, message)
#define REFUSED_OF(start, change, message) \
    do {                                \
        content c = start;              \
        change;                         \
        CHECK_CONTAINS(refusal(&c), message); \
    } while (0)

TEST(files_that_are_not_datasets_are_refused)
{
    REFUSED(c.format = "groktools-checkpoint", "its format is 'groktools-checkpoint', expected 'groktools-dataset'");
    REFUSED(c.version = 5, "is of dataset format version 5, but this program reads up to 4");
    REFUSED(c.version = 0, "is of dataset format version 0");
    gk_data_args args = { .data_file = "/nowhere/data.h5" };
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "'/nowhere/data.h5'");
    FILE *file = fopen(path, "w");
    CHECK(file && fputs("not HDF5\n", file) >= 0 && fclose(file) == 0);
    args.data_file = path;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), path);
}

TEST(items_that_contradict_their_counts_are_refused)
{
    REFUSED(c.label[3] = 3, "'/label' in '");
    REFUSED(c.label[3] = 3, "value 3 at 3 is outside [0, 3)");
    REFUSED(c.label[0] = -1, "value -1 at 0 is outside [0, 3)");
    REFUSED(c.token[9] = 3, "value 3 at 9 is outside [0, 3)");
    REFUSED(c.token[0] = -2147483647, "value -2147483647 at 0 is outside [0, 3)");
    REFUSED(c.n_answer = 4, "n_answer of '");
    REFUSED(c.n_answer = -1, "n_answer of '");
    REFUSED(c.n_vocab = 2000000000, "n_vocab of '");
    REFUSED(c.n_vocab = INT64_MAX, "n_vocab of '");
    REFUSED(c.n_vocab = 4, "rows, expected 1 column of 4 texts");
    REFUSED(c.has_real = true, "has 2 of '/token', '/real' and '/pixel', expected one of them");
    REFUSED(c.has_token = false, "has 0 of '/token', '/real' and '/pixel', expected one of them");
    REFUSED((c.has_token = false, c.has_real = true, c.real[4] = NAN), "at 4 is not finite");
    REFUSED((c.has_group = true, c.group[2] = 2), "value 2 at 2 is outside [0, 2)");
    REFUSED((c.has_group = true, c.n_name = 1), "has 1 names in '/group_name', expected 2 or more");
    REFUSED((c.has_sub = true, c.sub[2] = 2), "'/subclass' in");
    REFUSED((c.has_sub = true, c.sub[2] = -1), "value -1 at 2 is outside [0, 2)");
    REFUSED((c.has_sub = true, c.n_sub = 0), "'/subclass_name' in");
    REFUSED((c.has_sub = true, c.sub_name[1] = "1.0"), "'1.0' is there twice");
    REFUSED((c.has_sub = true, c.sub_name[1] = "a/b"), "'a/b' cannot be the name of a subclass");
    REFUSED((c.has_sub = true, c.sub_name[1] = ""), "'' cannot be the name of a subclass");
}

TEST(changed_items_are_noticed_by_their_checksum)
{
    REFUSED(c.label[3] = 1, "is damaged: the sha256 of its items is ");
    REFUSED(c.token[3] = 1, "is damaged");
    REFUSED(c.n_answer = 2; c.label[2] = 0, "is damaged");
    REFUSED(c.sha256 = "", "is damaged");
}

TEST(names_cannot_carry_control_characters)
{
    REFUSED(c.vocab[1] = "\033[2Jx", "'/vocab'");
    REFUSED(c.task = "add\nmod 7", "'task' in '");
    REFUSED(c.task = "add\nmod 7", "contains a control character");
}

TEST(splits_that_cannot_be_are_refused)
{
    REFUSED(c.train[0] = 5, "value 5 at 0 is outside [0, 5)");
    REFUSED(c.test[1] = -1, "value -1 at 1 is outside [0, 5)");
    REFUSED(c.train[1] = 4, "item 4 is in the split twice");
    REFUSED(c.test[0] = 4, "item 4 is in the split twice");
    REFUSED(c.train_label[1] = 3, "value 3 at 1 is outside [0, 3)");
    REFUSED(c.n_train_label = 1, "/split/train_label");
    REFUSED(c.n_train = 0, "/split/train");
    REFUSED(c.n_test = 0, "/split/test");
}

TEST(groups_that_are_only_evaluated_but_cannot_be_are_refused)
{
    REFUSED_OF(held(), c.n_trained_group = 0, "n_trained_group of '");
    REFUSED_OF(held(), c.n_trained_group = 3, "is 3, expected 1 to 2");
    REFUSED_OF(held(), c.n_trained_group = -1, "n_trained_group of '");
    REFUSED_OF(held(), c.n_task = 1, "rows, expected 1 column of 2 texts");
    REFUSED_OF(held(), c.has_split = false, "has groups that are only evaluated, but no split");
    REFUSED_OF(held(), c.has_held = false, "/split/held_train");
    REFUSED_OF(held(), c.train[0] = 3, "item 3 is of group 'right', which is only evaluated");
    REFUSED_OF(held(), c.test[0] = 3, "item 3 is of group 'right', which is only evaluated");
    REFUSED_OF(held(), c.held_train[0] = 0, "item 0 is not of a group that is only evaluated");
    REFUSED_OF(held(), c.held_train[0] = 5, "value 5 at 0 is outside [0, 5)");
    REFUSED_OF(held(), c.held_train[0] = 4, "item 4 is in the split twice");
    REFUSED_OF(held(), c.n_held_train = 0, "/split/held_train' in '");
    REFUSED_OF(held(), c.n_held_test = 0, "/split/held_test' in '");
}

int main(void)
{
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    RUN(items_without_a_split_come_back)
    RUN(a_stored_split_comes_back_and_outranks_seed_and_fraction)
    RUN(groups_that_are_only_evaluated_come_back_with_their_split)
    RUN(subclasses_come_back_and_are_the_data_s_own)
    RUN(the_split_of_one_file_serves_other_items_of_the_same_number)
    RUN(a_file_made_by_hand_is_read)
    RUN(reals_and_groups_are_read_and_come_back)
    RUN(groups_that_are_only_evaluated_are_read)
    RUN(files_that_are_not_datasets_are_refused)
    RUN(items_that_contradict_their_counts_are_refused)
    RUN(changed_items_are_noticed_by_their_checksum)
    RUN(names_cannot_carry_control_characters)
    RUN(splits_that_cannot_be_are_refused)
    RUN(groups_that_are_only_evaluated_but_cannot_be_are_refused)
    remove(path);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
