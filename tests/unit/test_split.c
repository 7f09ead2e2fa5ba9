/* test_split.c -- drawn and imported splits, and label noise. */
#include <stdlib.h>
#include "base/sha256.h"
#include "data/dataset.h"
#include "../test.h"

static gk_dataset *dataset;    /* add mod 113: 12769 items */
static gk_arena arena;

static gk_data_args args_of(double fraction, int64_t seed)
{
    return (gk_data_args){ .prime = 113, .fraction = fraction, .seed = seed, .data_seed = -1 };
}

/* A split that must work; the test program ends if it does not. */
static gk_split split_of(gk_data_args args)
{
    gk_split split;
    if (gk_dataset_split(dataset, &args, &arena, &split) < 0) {
        printf("cannot split: %s\n", gk_error_message());
        exit(1);
    }
    return split;
}

static const char *refusal(gk_data_args args)
{
    gk_split split;
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), -1);
    return gk_error_message();
}

/* The split by a text file with these contents: NULL if it worked, else the message. */
static const char *import(const char *text, size_t n_bytes, gk_split *split)
{
    static char path[] = "/tmp/test_split.XXXXXX";
    strcpy(path + strlen(path) - 6, "XXXXXX");
    int file = mkstemp(path);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");
    if (!out || fwrite(text, 1, n_bytes, out) != n_bytes || fclose(out) != 0) {
        printf("cannot write '%s'\n", path);
        exit(1);
    }
    gk_data_args args = args_of(0.3, 0);
    args.split_file = path;
    int status = gk_dataset_split(dataset, &args, &arena, split);
    remove(path);
    return status < 0 ? gk_error_message() : NULL;
}

static const char *import_refusal(const char *text)
{
    gk_split split;
    const char *message = import(text, strlen(text), &split);
    CHECK(message != NULL);
    return message;
}

TEST(the_split_of_one_seed_is_frozen)
{
    const int first[] = { 608, 11084, 10512, 5427, 4667, 9831, 10920, 12397 };    /* from a Philox written in Python */
    gk_split split = split_of(args_of(0.3, 0));
    CHECK_INT(split.n_train, 3830);    /* floor(3830.7) */
    CHECK_INT(split.n_test, 8939);
    for (int i = 0; i < 8; i++)
        CHECK_INT(split.train[i], first[i]);
    CHECK_INT(split.train[3829], 11750);
    CHECK_INT(split.test[0], 4502);
    CHECK_INT(split.test[8938], 11904);
}

TEST(train_and_test_together_are_every_item_once)
{
    gk_split split = split_of(args_of(0.3, 7));
    int *count = calloc((size_t)dataset->n_item, sizeof *count);
    for (int64_t i = 0; i < split.n_train; i++)
        count[split.train[i]]++;
    for (int64_t i = 0; i < split.n_test; i++)
        count[split.test[i]]++;
    int n_wrong = 0;
    for (int64_t item = 0; item < dataset->n_item; item++)
        n_wrong += count[item] != 1;
    CHECK_INT(split.n_train + split.n_test, dataset->n_item);
    CHECK_INT(n_wrong, 0);
    free(count);
}

TEST(a_smaller_fraction_is_a_prefix_of_a_larger_one)
{
    gk_split small = split_of(args_of(0.1, 3)), large = split_of(args_of(0.8, 3));
    CHECK_INT(small.n_train, 1276);
    CHECK_INT(large.n_train, 10215);
    CHECK_INT(memcmp(small.train, large.train, (size_t)small.n_train * sizeof *small.train), 0);
}

TEST(seeds_differ_and_the_data_seed_overrides_the_seed)
{
    gk_data_args args = args_of(0.3, 1);
    gk_split one = split_of(args), two = split_of(args_of(0.3, 2));
    CHECK(memcmp(one.train, two.train, (size_t)one.n_train * sizeof *one.train) != 0);
    args = args_of(0.3, 5);
    args.data_seed = 2;
    gk_split same = split_of(args);
    CHECK_INT(memcmp(same.train, two.train, (size_t)two.n_train * sizeof *two.train), 0);
    args.data_seed = 0;
    gk_split zero = split_of(args);
    CHECK_INT(zero.train[0], 608);    /* as frozen above */
}

TEST(decimal_fractions_do_not_lose_an_item_to_rounding)
{
    gk_dataset *ten = NULL, *big = dataset;
    gk_data_args args = { .prime = 2, .data_seed = -1 };
    dataset = gk_dataset_new(&args);    /* 4 items */
    CHECK_INT(split_of((gk_data_args){ .fraction = 0.75 }).n_train, 3);
    gk_dataset_free(dataset);
    args = (gk_data_args){ .task = 3, .prime = 101, .data_seed = -1 };
    dataset = ten = gk_dataset_new(&args);    /* divide mod 101: 10100 items */
    CHECK_TEXT(ten->task, "divide mod 101");
    for (int percent = 1; percent < 100; percent++) {
        char text[16];
        snprintf(text, sizeof text, "0.%02d", percent);
        CHECK_INT(split_of((gk_data_args){ .fraction = strtod(text, NULL) }).n_train, 101 * percent);    /* 0.29 * 10100 < 2929 */
    }
    gk_dataset_free(ten);
    dataset = big;
}

TEST(a_fraction_that_leaves_nothing_is_refused_with_fractions_that_work)
{
    CHECK_CONTAINS(refusal(args_of(0, 0)), "fraction 0 leaves no train items: of 12769 items, it can be 0.000079 to 0.999921");
    CHECK_CONTAINS(refusal(args_of(1, 0)), "fraction 1 leaves no test items: of 12769 items, it can be 0.000079 to 0.999921");
    CHECK_CONTAINS(refusal(args_of(1e-5, 0)), "leaves no train items");
    CHECK_INT(split_of(args_of(0.000079, 0)).n_train, 1);
    CHECK_INT(split_of(args_of(0.999921, 0)).n_test, 2);
    CHECK_CONTAINS(refusal(args_of(-0.5, 0)), "fraction -0.5 is outside (0, 1)");
    CHECK_CONTAINS(refusal(args_of(1.5, 0)), "fraction 1.5 is outside (0, 1)");
    CHECK_CONTAINS(refusal(args_of(NAN, 0)), "is outside (0, 1)");
}

/* --- labels ------------------------------------------------------------------------------------------------------- */

TEST(without_noise_train_labels_are_the_items_own)
{
    gk_split split = split_of(args_of(0.3, 0));
    int n_wrong = 0;
    for (int64_t i = 0; i < split.n_train; i++)
        n_wrong += split.train_label[i] != dataset->label[split.train[i]];
    CHECK_INT(n_wrong, 0);
}

TEST(label_noise_changes_the_first_train_items_and_nothing_else)
{
    const int noise_items[] = { 11994, 11990, 5649, 7779 };    /* from a Philox written in Python */
    gk_data_args args = args_of(0.3, 0);
    gk_split clean = split_of(args);
    args.label_noise = 0.1;
    gk_split noisy = split_of(args);
    int n_changed_inside = 0, n_changed_outside = 0;
    for (int64_t i = 0; i < clean.n_train; i++)
        *(i < 383 ? &n_changed_inside : &n_changed_outside) += noisy.train_label[i] != clean.train_label[i];
    CHECK_INT(n_changed_outside, 0);
    CHECK_CLOSE(n_changed_inside, 383 * 112 / 113.0, 10);    /* a random label is right by chance once in 113 */
    for (int i = 0; i < 4; i++)
        CHECK_INT(noisy.train_label[i], dataset->label[noise_items[i]]);
    CHECK_INT(memcmp(noisy.train, clean.train, (size_t)clean.n_train * sizeof *clean.train), 0);
    CHECK_INT(memcmp(noisy.test, clean.test, (size_t)clean.n_test * sizeof *clean.test), 0);
    args.label_noise = 1;
    noisy = split_of(args);
    int n_equal = 0;
    for (int64_t i = 0; i < noisy.n_train; i++)
        n_equal += noisy.train_label[i] == clean.train_label[i];
    CHECK_CLOSE(n_equal, 3830 / 113.0, 25);
    args.label_noise = 1.5;
    CHECK_CONTAINS(refusal(args), "label-noise 1.5 is outside [0, 1]");
}

/* --- imported ----------------------------------------------------------------------------------------------------- */

TEST(a_list_of_train_items_is_taken_as_it_stands)
{
    const char text[] = "\xef\xbb\xbf# ours\n12768\n  0 \t# the first\n\n5\r\n7\r";
    gk_split split = { 0 };
    const char *message = import(text, strlen(text), &split);
    CHECK_TEXT(message ? message : "fine", "fine");
    CHECK_INT(split.n_train, 4);
    CHECK_INT(split.train[0], 12768);
    CHECK_INT(split.train[1], 0);
    CHECK_INT(split.train[2], 5);
    CHECK_INT(split.train[3], 7);
    CHECK_INT(split.train_label[0], 111);    /* 112 + 112 mod 113 */
    CHECK_INT(split.n_test, 12765);
    CHECK_INT(split.test[0], 1);
    CHECK_INT(split.test[4], 6);
    CHECK_INT(split.test[12764], 12767);
}

TEST(a_bad_list_is_refused_with_the_line)
{
    CHECK_CONTAINS(import_refusal("1\n2\n\n1\n"), "line 4: item 1 is there twice");
    CHECK_CONTAINS(import_refusal("0\n12769\n"), "line 2: item 12769 is outside [0, 12769)");
    CHECK_CONTAINS(import_refusal("-1\n"), "line 1: item -1 is outside");
    CHECK_CONTAINS(import_refusal("1\n2\nthree\n"), "line 3: ");
    CHECK_CONTAINS(import_refusal("1\n2 3\n"), "line 2: ");
    CHECK_CONTAINS(import_refusal("1.5\n"), "line 1: ");
    CHECK_CONTAINS(import_refusal("99999999999999999999\n"), "line 1: ");
    CHECK_CONTAINS(import_refusal("# nothing\n\n"), "leaves no train items");
    CHECK_CONTAINS(import_refusal(""), "leaves no train items");
    gk_split split;
    const char *message = import("1\n2\0 hidden\n3\n", 14, &split);
    CHECK_CONTAINS(message, "it is no text (it has NUL bytes)");
    char *endless = malloc(5000);
    memset(endless, '1', 5000);
    message = import(endless, 5000, &split);
    CHECK_CONTAINS(message, "line 1: expected a whole number, found '1111111111111111111111111111111111111111...'");
    free(endless);
    gk_data_args args = args_of(0.3, 0);
    args.split_file = "/nowhere/list";
    CHECK_TEXT(refusal(args), "cannot open '/nowhere/list': No such file or directory");
}

TEST(a_list_of_all_items_is_refused)
{
    size_t n_bytes = 0, capacity = 100000;
    char *text = malloc(capacity);
    for (int item = 0; item < 12769; item++)
        n_bytes += (size_t)snprintf(text + n_bytes, capacity - n_bytes, "%d\n", item);
    gk_split split;
    const char *message = import(text, n_bytes, &split);
    CHECK_CONTAINS(message, "leaves no test items: it names 12769 of 12769");
    free(text);
}

int main(void)
{
    gk_data_args args = args_of(0.3, 0);
    if (!(dataset = gk_dataset_new(&args)))
        return 1;
    RUN(the_split_of_one_seed_is_frozen)
    RUN(train_and_test_together_are_every_item_once)
    RUN(a_smaller_fraction_is_a_prefix_of_a_larger_one)
    RUN(seeds_differ_and_the_data_seed_overrides_the_seed)
    RUN(decimal_fractions_do_not_lose_an_item_to_rounding)
    RUN(a_fraction_that_leaves_nothing_is_refused_with_fractions_that_work)
    RUN(without_noise_train_labels_are_the_items_own)
    RUN(label_noise_changes_the_first_train_items_and_nothing_else)
    RUN(a_list_of_train_items_is_taken_as_it_stands)
    RUN(a_bad_list_is_refused_with_the_line)
    RUN(a_list_of_all_items_is_refused)
    gk_dataset_free(dataset);
    gk_arena_release(&arena);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
