/* test_binary.c -- sparse parity and XOR clusters: answers by their definitions, laws by moments, streams of single items. */
#include <stdlib.h>
#include "../test.h"
#include "data_fixture.h"

static gk_data_args args_of(const char *task)
{
    return (gk_data_args){ .task = gk_task_find(task), .prime = 113, .data_seed = -1, .parity = 3, .sigma = 1, .separation = 6 };
}

TEST(parity_is_the_product_of_the_first_bits)
{
    gk_data_args args = args_of("sparse-parity");
    gk_dataset  *dataset = build(args);
    int          n_wrong = 0, n_one[40] = { 0 }, n_even = 0;
    CHECK(dataset->n_item == 2000 && dataset->n_real == 40 && dataset->n_answer == 2);
    CHECK(dataset->split->n_train == 1000 && dataset->split->test[0] == 1000);
    CHECK_TEXT(dataset->task, "sparse-parity 3 of 40");
    for (int item = 0; item < 2000; item++) {
        const float *bit = dataset->real + item * 40;
        for (int i = 0; i < 40; i++) {
            n_wrong += bit[i] != 1 && bit[i] != -1;
            n_one[i] += bit[i] == 1;
        }
        n_wrong += dataset->label[item] != (bit[0] * bit[1] * bit[2] > 0);
        n_even += dataset->label[item];
    }
    CHECK_INT(n_wrong, 0);
    CHECK_CLOSE(n_even, 1000, 100);
    for (int i = 0; i < 40; i++)
        CHECK_CLOSE(n_one[i], 1000, 100);    /* 4.5 standard deviations */
    gk_dataset_free(dataset);
    args.n_dim = 7;
    args.parity = 1;
    args.n_item = 5;
    args.n_test = 3;
    dataset = build(args);
    CHECK(dataset->n_item == 8 && dataset->n_real == 7);
    for (int item = 0; item < 8; item++)
        CHECK_INT(dataset->label[item], dataset->real[item * 7] > 0);
    gk_dataset_free(dataset);
}

TEST(clusters_stand_at_right_angles_with_their_spread)
{
    enum { N = 4000, DIM = 30 };
    static const double mean[4][2] = { { 3, 0 }, { 0, 3 }, { -3, 0 }, { 0, -3 } };
    static const char *const name[] = { "1.0", "0.0", "1.1", "0.1" };
    gk_data_args args = args_of("xor-cluster");
    double       sum[4][DIM] = { { 0 } }, square = 0;
    args.n_dim = DIM;
    args.n_item = N;
    gk_dataset *dataset = build(args);
    CHECK(dataset->n_item == N + 1000 && dataset->subclass.n == 4);
    for (int item = 0; item < N; item++) {
        int cluster = item % 4;
        CHECK(dataset->subclass.of[item] == cluster && dataset->label[item] == (cluster % 2 == 0));
        for (int k = 0; k < DIM; k++) {
            double x = (double)dataset->real[item * DIM + k];
            sum[cluster][k] += x * 4 / N;
            square += pow(x - (k < 2 ? mean[cluster][k] : 0), 2) / (N * DIM);
        }
    }
    CHECK_CLOSE(square, 1, 0.02);
    for (int cluster = 0; cluster < 4; cluster++) {
        CHECK_TEXT(dataset->subclass.name[cluster], name[cluster]);
        for (int k = 0; k < DIM; k++)
            CHECK_CLOSE(sum[cluster][k], k < 2 ? mean[cluster][k] : 0, 0.15);    /* sd 0.032 */
    }
    for (int item = N; item < N + 1000; item++)
        CHECK(dataset->label[item] == ((item - N) % 2 == 0) && dataset->subclass.of[item] == (item - N) % 4);
    gk_dataset_free(dataset);
}

TEST(items_depend_on_the_data_seed_alone_and_larger_sets_begin_with_smaller_ones)
{
    static const char *const tasks[] = { "sparse-parity", "xor-cluster" };
    for (int i = 0; i < 2; i++) {
        gk_data_args args = args_of(tasks[i]), more = args, other = args;
        args.n_dim = more.n_dim = other.n_dim = 20;
        args.n_item = other.n_item = 10;
        more.n_item = 15;
        more.seed = 7;
        other.data_seed = 1;
        gk_dataset *a = build(args), *b = build(more), *c = build(other);
        CHECK(memcmp(a->real, b->real, 200 * sizeof(float)) == 0 && memcmp(a->label, b->label, 10 * sizeof *a->label) == 0);
        CHECK(memcmp(a->real + 200, b->real + 300, 200 * sizeof(float)) == 0);    /* test */
        CHECK(memcmp(a->real, c->real, 200 * sizeof(float)) != 0);
        CHECK(memcmp(a->real, a->real + 200, 200 * sizeof(float)) != 0);
        CHECK(!gk_data_same_items(&args, &more) && !gk_data_same_items(&args, &other));
        other = args;
        other.n_dim = 21;
        CHECK(!gk_data_same_items(&args, &other) && gk_data_hash_items(&args) != gk_data_hash_items(&other));
        other = args;
        other.parity = 2;
        CHECK(!gk_data_same_items(&args, &other) && gk_data_hash_items(&args) != gk_data_hash_items(&other));
        gk_dataset_free(a);
        gk_dataset_free(b);
        gk_dataset_free(c);
    }
}

TEST(what_cannot_be_is_refused)
{
    gk_data_args args = args_of("sparse-parity");
    args.n_dim = 2;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "parity 3 is outside [1, 2], the bits of an item");
    args = args_of("xor-cluster");
    args.n_dim = 1;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "dim 1 is less than 2");
}

TEST_MAIN(
    RUN(parity_is_the_product_of_the_first_bits)
    RUN(clusters_stand_at_right_angles_with_their_spread)
    RUN(items_depend_on_the_data_seed_alone_and_larger_sets_begin_with_smaller_ones)
    RUN(what_cannot_be_is_refused)
)
