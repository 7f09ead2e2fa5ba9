/* test_thin.c -- equation 1 of 'Grokking Explained' in whole numbers, subclasses of any dataset, splits with fewer of some. */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "data_fixture.h"
#include "data/build.h"

static gk_arena arena;

/* --- equation 1 ----------------------------- */

TEST(counts_are_those_of_equation_1)
{
    static const struct { int64_t size; double f; int n_thinned, n_kept; int64_t thinned, kept; } rows[] = {
        { 2000, 0.2, 4, 4, 83, 416 },          /* the paper's example, but for its 84: floor(400 / 4.8) is 83 */
        { 2000, 1.0 / 5, 4, 4, 83, 416 },
        { 2000, 0, 4, 4, 0, 500 },
        { 2000, 1, 4, 4, 250, 250 },
        { 4000, 0.01, 4, 4, 9, 990 },
        { 5000, 0.05, 20, 20, 11, 238 },
        { 2000, 0, 20, 20, 0, 100 },
        { 700, 1.0 / 3, 3, 6, 33, 100 },       /* 7 parts of 1 / 3 each: in doubles 233.33.. / 7 and 700 / 7 */
        { 100, 0.29, 100, 71, 0, 1 },          /* 100 x 0.29 + 71 is 100 exactly, which in doubles it is not */
        { 290, 0.29, 100, 0, 2, 10 },
        { 5, 0, 4, 0, 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gk_thin_count count = gk_thin_counts(rows[i].size, rows[i].f, rows[i].n_thinned, rows[i].n_kept);
        CHECK_INT(count.thinned, rows[i].thinned);
        CHECK_INT(count.kept, rows[i].kept);
    }
}

/* For all f of two digits: the floor of a fraction whose numbers are whole. */
TEST(counts_lose_nothing_to_rounding)
{
    for (int64_t percent = 0; percent <= 100; percent++)
        for (int64_t size = 1; size < 3000; size += 37) {
            gk_thin_count count = gk_thin_counts(size, (double)percent / 100, 4, 4);
            CHECK_INT(count.thinned, percent * size / (4 * percent + 400));
            CHECK_INT(count.kept, 100 * size / (4 * percent + 400));
        }
}

/* --- splits ----------------------------- */

static gk_data_args args_of(const char *task)
{
    return (gk_data_args){ .task = gk_task_find(task), .prime = 11, .fraction = 0.5, .data_seed = -1, .n_item = 800, .n_test = 80,
                           .sigma = 0.1, .separation = 1 };
}

static gk_split split_of(const gk_dataset *dataset, gk_data_args args)
{
    gk_split split;
    if (gk_dataset_split(dataset, &args, &arena, &split) < 0) {
        printf("cannot split: %s\n", gk_error_message());
        exit(1);
    }
    return split;
}

static const char *refusal(const gk_dataset *dataset, gk_data_args args)
{
    gk_split split;
    return gk_dataset_split(dataset, &args, &arena, &split) < 0 ? gk_error_message() : "none";
}

static int64_t n_of(const gk_dataset *dataset, const int32_t *items, int64_t n, int subclass)
{
    int64_t found = 0;
    for (int64_t i = 0; i < n; i++)
        found += dataset->subclass.of[items[i]] == subclass;
    return found;
}

/* No item in both parts, or twice in one. */
static void check_disjoint(const gk_dataset *dataset, const gk_split *split)
{
    uint8_t *seen = calloc((size_t)dataset->n_item, 1);
    for (int64_t i = 0; i < split->n_train + split->n_test; i++)
        CHECK(seen[i < split->n_train ? split->train[i] : split->test[i - split->n_train]]++ == 0);
    free(seen);
}

TEST(a_pool_gives_every_seed_items_of_its_own)
{
    gk_data_args args = args_of("equidistant");
    gk_dataset  *dataset = build(args);
    args.size = 200;
    args.thin = "*.1";
    args.thin_to = 0.2;
    args.seed = 1;
    gk_split a = split_of(dataset, args);
    CHECK_INT(a.n_train, 4 * 8 + 4 * 41);
    CHECK_INT(a.n_test, 80);
    for (int i = 0; i < 8; i++) {
        CHECK_INT(n_of(dataset, a.train, a.n_train, i), i % 2 ? 8 : 41);
        CHECK_INT(n_of(dataset, a.test, a.n_test, i), 10);
    }
    for (int64_t i = 0; i < a.n_train; i++)
        CHECK_INT(a.train_label[i], dataset->label[a.train[i]]);
    check_disjoint(dataset, &a);
    gk_split again = split_of(dataset, args);
    CHECK(memcmp(a.train, again.train, (size_t)a.n_train * sizeof *a.train) == 0);
    gk_data_args other = args;
    other.seed = 2;
    gk_split b = split_of(dataset, other);
    CHECK(b.n_train == a.n_train && memcmp(a.train, b.train, (size_t)a.n_train * sizeof *a.train) != 0);
    CHECK(!gk_data_same_split(dataset, &args, &other));
    CHECK(gk_data_same_sizes(&args, &args) && gk_data_hash_split(dataset, &args) != gk_data_hash_split(dataset, &other));
    other = args, other.thin_to = 0.3;
    CHECK(!gk_data_same_split(dataset, &args, &other) && !gk_data_same_sizes(&args, &other));
    other = args, other.fraction = 0.9;    /* means nothing here */
    CHECK(gk_data_same_split(dataset, &args, &other));

    /* a larger run has the items of a smaller one, subclass by subclass */
    args.size = 400;
    gk_split larger = split_of(dataset, args);
    uint8_t *is_in = calloc((size_t)dataset->n_item, 1);
    for (int64_t i = 0; i < larger.n_train; i++)
        is_in[larger.train[i]] = 1;
    for (int64_t i = 0; i < a.n_train; i++)
        CHECK(is_in[a.train[i]]);
    free(is_in);

    args.thin = NULL;
    args.size = 80;    /* of data that bring subclasses, a size is balanced without being asked */
    a = split_of(dataset, args);
    for (int i = 0; i < 8; i++)
        CHECK_INT(n_of(dataset, a.train, a.n_train, i), 10);
    args.size = 0;
    CHECK_INT(split_of(dataset, args).n_train, 800);
    gk_dataset_free(dataset);
}

TEST(rows_columns_and_labels_of_modular_tasks_are_subclasses)
{
    static const struct { const char *by; int at; } rows[] = { { "row", 0 }, { "column", 1 }, { "label", -1 } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gk_data_args args = args_of("add");
        args.subclasses = rows[i].by;
        args.thin = "3+10";
        gk_dataset *dataset = build(args);
        CHECK_INT(dataset->subclass.n, 11);
        CHECK_TEXT(dataset->subclass.name[10], "10");
        for (int64_t item = 0; item < dataset->n_item; item++)
            CHECK_INT(dataset->subclass.of[item], rows[i].at < 0 ? dataset->label[item] : dataset->token[item * 3 + rows[i].at]);
        gk_split split = split_of(dataset, args);    /* f 0, no size: what is drawn, without these */
        args.thin = NULL;
        gk_split all = split_of(dataset, args);
        for (int k = 0; k < 11; k++)
            CHECK_INT(n_of(dataset, split.train, split.n_train, k),
                      k == 3 || k == 10 ? 0 : n_of(dataset, all.train, all.n_train, k));
        CHECK_INT(split.n_train + split.n_test, dataset->n_item);
        check_disjoint(dataset, &split);
        args.thin = "3+10", args.size = 40, args.thin_to = 0.5;
        split = split_of(dataset, args);
        for (int k = 0; k < 11; k++)
            CHECK_INT(n_of(dataset, split.train, split.n_train, k), k == 3 || k == 10 ? 2 : 4);
        CHECK_INT(split.n_train + split.n_test, dataset->n_item);
        gk_dataset_free(dataset);
    }
}

TEST(noisy_labels_that_a_split_brings_go_with_their_items)
{
    gk_data_args args = args_of("equidistant");
    gk_dataset  *dataset = build(args);
    gk_split    *stored = gk_arena_alloc(&arena, sizeof *stored);
    *stored = *dataset->split;
    stored->train_label = gk_arena_alloc(&arena, (size_t)stored->n_train * sizeof *stored->train_label);
    for (int64_t i = 0; i < stored->n_train; i++)
        stored->train_label[i] = (dataset->label[stored->train[i]] + stored->train[i]) % 4;
    dataset->split = stored;
    args.size = 80;
    gk_split split = split_of(dataset, args);
    for (int64_t i = 0; i < split.n_train; i++)
        CHECK_INT(split.train_label[i], (dataset->label[split.train[i]] + split.train[i]) % 4);
    gk_dataset_free(dataset);
}

TEST(what_cannot_be_taken_is_refused)
{
    gk_data_args args = args_of("equidistant");
    gk_dataset  *dataset = build(args);
    args.size = 1000;
    CHECK_CONTAINS(refusal(dataset, args), "asks for 125 train items of subclass '1.0' of 'equidistant', which has 100");
    args.size = 7;
    CHECK_CONTAINS(refusal(dataset, args), "size 7 is too small: less than one item for each of 8 subclasses");
    args.thin = "5.*";
    CHECK_CONTAINS(refusal(dataset, args), "invalid value '5.*' for '--thin': 'equidistant' has no such subclass");
    args.thin = "*";
    CHECK_CONTAINS(refusal(dataset, args), "these are all subclasses");
    args.thin = "1.0+";
    CHECK_CONTAINS(refusal(dataset, args), "invalid value '' for '--thin'");
    gk_dataset_free(dataset);

    static const struct { const char *task, *by, *message; } rows[] = {
        { "add", "own", "bring no subclasses" }, { "equidistant", "row", "have no row" },
        { "teacher-student", "label", "have targets" },
        { "add", "/nowhere/groups.tsv", "cannot open" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        args = args_of(rows[i].task);
        args.subclasses = rows[i].by;
        CHECK(gk_dataset_new(&args) == NULL);
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
    }
    args = args_of("teacher-student");
    dataset = build(args);
    args.thin = "1";
    CHECK_CONTAINS(refusal(dataset, args), "needs subclasses");
    gk_dataset_free(dataset);
}

/* --- files ----------------------------- */

static char path[] = "/tmp/test_thin.XXXXXX";

static gk_dataset *build_with(const char *text)
{
    gk_data_args args = args_of("add");
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    args.prime = 2;
    args.subclasses = path;
    return gk_dataset_new(&args);
}

TEST(a_file_divides_the_items_and_the_rest_is_one_more_subclass)
{
    gk_dataset *dataset = build_with("# a comment\nitem\tdistance\tsubclass\n3\t0.1\tb\n0\t7\ta\n\n1\t0\tb\n");
    CHECK(dataset != NULL);
    CHECK_INT(dataset->subclass.n, 3);
    CHECK_TEXT(dataset->subclass.name[dataset->subclass.of[0]], "a");
    CHECK_TEXT(dataset->subclass.name[dataset->subclass.of[1]], "b");
    CHECK_TEXT(dataset->subclass.name[dataset->subclass.of[2]], "rest");
    CHECK_TEXT(dataset->subclass.name[dataset->subclass.of[3]], "b");
    const char *text = gk_arena_printf(&arena, "# items %s\nitem\tsubclass\n1\tx\n", dataset->sha256);
    gk_dataset_free(dataset);
    dataset = build_with(text);
    CHECK(dataset != NULL);
    gk_dataset_free(dataset);
}

TEST(a_file_that_divides_nothing_is_refused)
{
    static const struct { const char *text, *message; } rows[] = {
        { "", "it is empty" },
        { "item subclass\n", "expected a head with the columns 'item' and 'subclass'" },
        { "subclass\n", "expected a head" },
        { "item\tsubclass\n1\n", "line 2: the row has too few columns" },
        { "item\tsubclass\n4\ta\n", "item 4 is outside [0, 4), the items of 'add mod 2'" },
        { "item\tsubclass\n-1\ta\n", "item -1 is outside" },
        { "item\tsubclass\nx\ta\n", "expected a whole number, found 'x'" },
        { "item\tsubclass\n1\ta\n1\tb\n", "line 3: item 1 is there twice" },
        { "item\tsubclass\n1\ta/b\n", "'a/b' cannot be the name of a subclass" },
        { "item\tsubclass\n1\ta b\n", "cannot be the name" },
        { "item\tsubclass\n1\t\n", "the row has too few columns" },
        { "# items 0123\nitem\tsubclass\n1\ta\n", "line 1: it is of other items than those of 'add mod 2'" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(build_with(rows[i].text) == NULL);
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
    }
    unlink(path);
}

/* Reserve a name for the files of this program. */
TEST(there_is_room_for_files)
{
    int file = mkstemp(path);
    CHECK(file >= 0);
    close(file);
}

TEST_MAIN(
    RUN(there_is_room_for_files)
    RUN(counts_are_those_of_equation_1)
    RUN(counts_lose_nothing_to_rounding)
    RUN(a_pool_gives_every_seed_items_of_its_own)
    RUN(rows_columns_and_labels_of_modular_tasks_are_subclasses)
    RUN(noisy_labels_that_a_split_brings_go_with_their_items)
    RUN(what_cannot_be_taken_is_refused)
    RUN(a_file_divides_the_items_and_the_rest_is_one_more_subclass)
    RUN(a_file_that_divides_nothing_is_refused)
)
