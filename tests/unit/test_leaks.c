/* test_leaks.c -- copies, contradictions and classes that train lacks, against a comparison of all with all. */
#include <stdlib.h>
#include "../test.h"
#include "base/rng.h"
#include "data/leaks.h"

enum { N = 60, N_TRAIN = 25, N_TEST = 30, N_ANSWER = 9 };

static int32_t token[2 * N], label[N], train[N], test[N], train_label[N];
static float   real[2 * N], target[2 * N];
static gk_arena arena;

/* Items of few kinds; those behind N_TRAIN + N_TEST are in no part of the split. */
static void draw(int seed)
{
    int32_t order[N];
    CHECK_INT(gk_rng_permutation((uint64_t)seed, GK_RNG_SPLIT, 0, order, N), 0);
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < 2; k++) {
            token[2 * i + k] = (int32_t)gk_rng_below((uint64_t)seed, GK_RNG_DATA, 1, (uint64_t)(2 * i + k), 6);
            real[2 * i + k] = (float)token[2 * i + k] / 8;
            target[2 * i + k] = (float)gk_rng_below((uint64_t)seed, GK_RNG_DATA, 3, (uint64_t)(2 * i + k), 2);
        }
        label[i] = (int32_t)gk_rng_below((uint64_t)seed, GK_RNG_DATA, 2, (uint64_t)i, N_ANSWER);
    }
    for (int i = 0; i < N; i++) {
        if (i < N_TRAIN)
            train[i] = order[i];
        else
            test[i - N_TRAIN] = order[i];
        train_label[i] = label[order[i]];
    }
    train_label[3] = (train_label[3] + 1) % N_ANSWER;    /* noise */
}

static bool alike(int a, int b)
{
    return token[2 * a] == token[2 * b] && token[2 * a + 1] == token[2 * b + 1];
}

static bool answers_differ(const gk_dataset *d, int a, int b)
{
    return d->n_target ? target[2 * a] != target[2 * b] || target[2 * a + 1] != target[2 * b + 1] : label[a] != label[b];
}

/* The same by comparing all with all; a contradiction is with the first train item that is alike. */
static gk_leaks truth(const gk_dataset *d)
{
    gk_leaks leaks = { 0 };
    for (int i = 0; i < N_TRAIN + N_TEST; i++) {
        const bool is_test = i >= N_TRAIN;
        const int  item = is_test ? test[i - N_TRAIN] : train[i];
        int        j = 0, n_before = is_test ? N_TRAIN : i;
        while (j < n_before && !alike(item, train[j]))
            j++;
        leaks.n_copy += is_test && j < n_before;
        leaks.n_contradiction += j < n_before && answers_differ(d, item, train[j]);
    }
    for (int answer = 0; answer < N_ANSWER && d->n_target == 0; answer++) {
        int n_train = 0, n_test = 0;
        for (int i = 0; i < N_TRAIN; i++)
            n_train += train_label[i] == answer;
        for (int i = 0; i < N_TEST; i++)
            n_test += label[test[i]] == answer;
        leaks.n_absent += n_train == 0 && n_test > 0;
        leaks.n_absent_item += n_train == 0 ? n_test : 0;
    }
    return leaks;
}

TEST(leaks_are_those_of_a_comparison_of_all_with_all)
{
    int n_absent = 0, n_contradiction = 0;
    for (int seed = 0; seed < 60; seed++) {
        draw(seed);
        gk_dataset d = { .task = "x", .n_item = N, .n_token = seed % 2 ? 0 : 2, .n_real = seed % 2 ? 2 : 0, .token = token,
                         .real = real, .label = label, .n_target = seed % 3 ? 0 : 2, .target = target, .n_answer = N_ANSWER };
        gk_split   split = { N_TRAIN, N_TEST, train, test, train_label, NULL, NULL };
        gk_leaks   found = gk_leaks_of(&d, gk_same_inputs(&d, &arena), &split), expected = truth(&d);
        CHECK_INT(found.n_copy, expected.n_copy);
        CHECK_INT(found.n_contradiction, expected.n_contradiction);
        CHECK_INT(found.n_absent, expected.n_absent);
        CHECK_INT(found.n_absent_item, expected.n_absent_item);
        CHECK(found.n_copy == 0 || (alike(found.copy, found.copied) && found.copy != found.copied));
        CHECK(found.n_contradiction == 0 || (alike(found.one, found.other) && answers_differ(&d, found.one, found.other)));
        n_absent += found.n_absent > 0;
        n_contradiction += found.n_contradiction > 0;
    }
    CHECK(n_absent > 5 && n_contradiction > 30);
}

TEST(pixels_are_inputs_too_and_without_a_split_all_items_are_compared)
{
    uint8_t    pixel[8] = { 1, 2, 3, 4, 1, 2, 3, 5 };
    int32_t    answer[4] = { 0, 1, 1, 0 };
    gk_dataset d = { .task = "x", .n_item = 4, .n_real = 2, .pixel = pixel, .real = real, .label = answer, .n_answer = 2 };
    gk_leaks   found = gk_leaks_of(&d, gk_same_inputs(&d, &arena), NULL);
    CHECK(found.n_copy == 1 && found.copy == 2 && found.copied == 0 && found.n_contradiction == 1);
    CHECK(gk_leaks_any(&found) && found.n_absent == 0);
    CHECK_TEXT(gk_leaks_text(&d, NULL, &found, &arena), "items that are copies of others: 1 of 4 (item 2 of item 0); items that "
                                                        "contradict one that is alike: 1 (item 2 item 0)");
    pixel[4] = 7;
    found = gk_leaks_of(&d, gk_same_inputs(&d, &arena), NULL);
    CHECK(!gk_leaks_any(&found));
    CHECK_TEXT(gk_leaks_text(&d, NULL, &found, &arena), "");
}

TEST(what_is_made_here_has_no_copies)
{
    static const char *const tasks[] = { "add", "s5", "synth-digits", "teacher-student", "toy-addition", "equidistant" };
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++) {
        gk_data_args args = { .task = gk_task_find(tasks[i]), .prime = 31, .fraction = 0.3, .data_seed = -1, .sigma = 0.1,
                              .separation = 1, .n_item = strcmp(tasks[i], "equidistant") == 0 ? 800 : 0, .size = 0 };
        gk_dataset *dataset = gk_dataset_new(&args);
        gk_split    split;
        CHECK(dataset && gk_dataset_split(dataset, &args, &arena, &split) == 0);
        gk_leaks found = gk_leaks_of(dataset, gk_same_inputs(dataset, &arena), &split);
        CHECK_INT(gk_leaks_any(&found), false);
        gk_dataset_free(dataset);
    }
}

TEST_MAIN(
    RUN(leaks_are_those_of_a_comparison_of_all_with_all)
    RUN(pixels_are_inputs_too_and_without_a_split_all_items_are_compared)
    RUN(what_is_made_here_has_no_copies)
    gk_arena_release(&arena);
)
