/* test_generated.c -- items that are drawn: a teacher written again, templates and latents, digits; sizes of splits. */
#include <stdlib.h>
#include "../test.h"
#include "data_fixture.h"
#include "base/rng.h"
#include "data/dataset.h"

static gk_data_args args_of(const char *task)
{
    return (gk_data_args){ .task = gk_task_find(task), .prime = 10, .fraction = 0.3, .data_seed = -1 };
}

/* --- teacher-student -- */

static double teacher_number(int stream, int index, int n_in)
{
    return (2 * gk_rng_uniform(0, GK_RNG_DATA, (uint64_t)stream, (uint64_t)index) - 1) / sqrt(n_in);
}

/* Output o of the teacher of data seed 0: the streams of its parameters are 3, 4, ..., 8. */
static double teacher_output(const float *input, int o)
{
    double h[2][100] = { { 0 } }, y = teacher_number(8, o, 100);
    for (int i = 0; i < 100; i++) {
        h[0][i] = teacher_number(4, i, 5);
        for (int j = 0; j < 5; j++)
            h[0][i] += (double)input[j] * teacher_number(3, j * 100 + i, 5);
        h[0][i] = tanh(h[0][i]);
    }
    for (int i = 0; i < 100; i++) {
        h[1][i] = teacher_number(6, i, 100);
        for (int j = 0; j < 100; j++)
            h[1][i] += h[0][j] * teacher_number(5, j * 100 + i, 100);
        y += tanh(h[1][i]) * teacher_number(7, i * 5 + o, 100);
    }
    return y;
}

TEST(a_teacher_answers_as_its_formula_says)
{
    gk_dataset *dataset = build(args_of("teacher-student"));
    CHECK_INT(dataset->n_item, 200);
    CHECK_INT(dataset->n_real, 5);
    CHECK_INT(dataset->n_target, 5);
    const int items[] = { 0, 99, 100, 199 };
    for (int i = 0; i < 4; i++)
        for (int o = 0; o < 5; o++)
            CHECK_CLOSE((double)dataset->target[items[i] * 5 + o], teacher_output(dataset->real + items[i] * 5, o), 1e-6);
    const gk_split *split = gk_dataset_stored_split(dataset);
    CHECK(split->n_train == 100 && split->n_test == 100 && split->train[99] == 99 && split->test[0] == 100);
    gk_dataset_free(dataset);
}

TEST(teachers_depend_on_the_data_seed_alone_and_larger_sets_begin_with_smaller_ones)
{
    gk_data_args args = args_of("teacher-student");
    gk_dataset *dataset = build(args);
    args.seed = 7;
    gk_dataset *same = build(args);
    args.n_item = 150;
    gk_dataset *more = build(args);
    args.data_seed = 1;
    gk_dataset *other = build(args);
    CHECK_TEXT(same->sha256, dataset->sha256);
    CHECK(memcmp(more->target, dataset->target, 500 * sizeof(float)) == 0);
    CHECK(memcmp(more->real + 750, dataset->real + 500, 500 * sizeof(float)) == 0);    /* test */
    CHECK(memcmp(other->real, more->real, 500 * sizeof(float)) != 0);
    gk_dataset_free(dataset);
    gk_dataset_free(same);
    gk_dataset_free(more);
    gk_dataset_free(other);
}

/* --- toy-addition -- */

TEST(pairs_with_the_same_sum_have_the_same_template)
{
    for (int latents = GK_LATENTS_CODE; latents <= GK_LATENTS_CODE_58; latents++) {
        gk_data_args args = args_of("toy-addition");
        args.latents = latents;
        gk_dataset *dataset = build(args);
        const int modulus = latents == GK_LATENTS_PAPER ? 19 : 10;
        int n_wrong = 0;
        CHECK_INT(dataset->n_item, 55);
        CHECK_INT(dataset->n_target, 30);
        for (int i = 0; i < 55; i++) {
            n_wrong += dataset->token[2 * i] > dataset->token[2 * i + 1];
            for (int j = 0; j < i; j++) {
                const int32_t *a = dataset->token + 2 * i, *b = dataset->token + 2 * j;
                bool equal = memcmp(dataset->target + 30 * i, dataset->target + 30 * j, 30 * sizeof(float)) == 0;
                n_wrong += equal != ((a[0] + a[1]) % modulus == (b[0] + b[1]) % modulus);
                n_wrong += a[0] == b[0] && a[1] == b[1];
            }
        }
        CHECK_INT(n_wrong, 0);
        gk_dataset_free(dataset);
    }
}

TEST(latents_follow_their_laws)
{
    gk_data_args args = args_of("toy-addition");
    gk_dataset *dataset = build(args);
    CHECK_INT(dataset->n_latent, 2);
    for (int k = 0; k < 10; k++) {
        CHECK_CLOSE((double)dataset->linear_latent[2 * k], -1 + k / 4.5, 1e-6);
        CHECK(fabsf(dataset->linear_latent[2 * k + 1]) <= 0.3F);
        CHECK(fabsf(dataset->random_latent[2 * k]) <= 1 && fabsf(dataset->random_latent[2 * k + 1]) <= 1);
    }
    gk_dataset_free(dataset);
    args.latents = GK_LATENTS_PAPER;
    dataset = build(args);
    CHECK_INT(dataset->n_latent, 1);
    for (int k = 0; k < 10; k++)
        CHECK(dataset->linear_latent[k] == (float)k);
    gk_dataset_free(dataset);
}

TEST(latents_of_the_authors_run_are_one_draw_of_the_same_law)
{
    gk_data_args args = args_of("toy-addition");
    args.latents = GK_LATENTS_CODE_58;
    gk_dataset *a = build(args), *b;
    args.data_seed = 3;
    b = build(args);
    CHECK(memcmp(a->linear_latent, b->linear_latent, 20 * sizeof(float)) == 0);
    CHECK(memcmp(a->random_latent, b->random_latent, 20 * sizeof(float)) == 0);
    CHECK(memcmp(a->target, b->target, 30 * sizeof(float)) != 0);    /* templates are drawn */
    for (int k = 0; k < 10; k++) {
        CHECK_CLOSE((double)a->linear_latent[2 * k], -1 + k / 4.5, 1e-6);
        CHECK(fabsf(a->linear_latent[2 * k + 1]) <= 0.3F);
        CHECK(fabsf(a->random_latent[2 * k]) <= 1 && fabsf(a->random_latent[2 * k + 1]) <= 1);
    }
    CHECK_CLOSE((double)a->linear_latent[19], -0.292751431, 1e-8);
    gk_dataset_free(a);
    gk_dataset_free(b);
    args.prime = 11;
    CHECK(!gk_dataset_new(&args));
    CHECK_CONTAINS(gk_error_message(), "'--latents code-58' has representations of 10 numbers");
}

/* --- digits -- */

TEST(digits_are_all_there_and_unlike)
{
    enum { N = 500, PIXEL = 784 };
    static double mean[10][PIXEL];
    gk_data_args args = args_of("synth-digits");
    args.n_item = N;
    gk_dataset *dataset = build(args);
    int n[10] = { 0 }, n_near = 0;
    CHECK_INT(dataset->n_item, N + 2000);
    for (int i = 0; i < N; i++) {
        n[dataset->label[i]]++;
        for (int p = 0; p < PIXEL; p++)
            mean[dataset->label[i]][p] += (double)dataset->real[i * PIXEL + p];
        CHECK_CLOSE((double)dataset->template_value[i], -0.5 + dataset->label[i] / 9.0, 1e-7);
    }
    for (int i = N; i < N + 500; i++) {    /* nearest mean of the train items */
        double least = HUGE_VAL;
        int    best = -1;
        for (int digit = 0; digit < 10; digit++) {
            double distance = 0;
            for (int p = 0; p < PIXEL; p++)
                distance += pow((double)dataset->real[i * PIXEL + p] - mean[digit][p] / n[digit], 2);
            if (distance < least) {
                least = distance;
                best = digit;
            }
        }
        n_near += best == dataset->label[i];
    }
    for (int digit = 0; digit < 10; digit++)
        CHECK_CLOSE(n[digit], 50, 27);    /* 4 standard deviations of 6.7 */
    CHECK(n_near > 300 && n_near < 490);    /* far above chance, but no task for a linear rule */
    args.n_item = 20;
    gk_dataset *few = build(args);
    CHECK(memcmp(few->pixel, dataset->pixel, 20 * PIXEL) == 0);
    CHECK(memcmp(few->pixel + 20 * PIXEL, dataset->pixel + N * PIXEL, 2000 * PIXEL) == 0);
    gk_dataset_free(few);
    gk_dataset_free(dataset);
}

/* --- sizes -- */

static const char *refusal(const gk_dataset *dataset, gk_data_args args)
{
    gk_arena arena = { 0 };
    gk_split split;
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), -1);
    gk_arena_release(&arena);
    return gk_error_message();
}

TEST(a_size_takes_the_first_of_what_would_be_train)
{
    gk_arena     arena = { 0 };
    gk_split     half, few;
    gk_data_args args = args_of("toy-addition");
    gk_dataset  *dataset = build(args);
    args.fraction = 0.5;
    args.seed = 4;
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &half), 0);
    args.size = 45;
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &few), 0);
    CHECK(few.n_train == 45 && few.n_test == 10);
    CHECK(memcmp(few.train, half.train, (size_t)half.n_train * sizeof *half.train) == 0);
    args.size = 55;
    CHECK_TEXT(refusal(dataset, args), "size 55 leaves no test items: 'toy-addition mod 10' has 55 items");
    args.size = 0, args.label_noise = 0.1;
    CHECK_CONTAINS(refusal(dataset, args), "label-noise is for classes");
    gk_dataset_free(dataset);

    args = args_of("teacher-student");
    args.size = 30;
    dataset = build(args);
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &few), 0);
    CHECK(few.n_train == 30 && few.n_test == 100 && few.train[29] == 29);
    args.size = 101;
    CHECK_TEXT(refusal(dataset, args), "size 101 is larger than the 100 train items");
    gk_dataset_free(dataset);

    args = (gk_data_args){ .prime = 7, .sequence = GK_SEQ_OP_MOD, .fraction = 0.5, .data_seed = -1, .join = "add:5", .size = 3 };
    dataset = build(args);
    CHECK_CONTAINS(refusal(dataset, args), "size is for a single task");
    gk_dataset_free(dataset);
    gk_arena_release(&arena);
}

TEST(runs_know_whether_they_share_their_items)
{
    gk_data_args a = args_of("teacher-student"), b = a;
    b.seed = 3, b.size = 5;
    CHECK(gk_data_same_items(&a, &b));
    b.n_item = 50;
    CHECK(!gk_data_same_items(&a, &b));
    b = a, b.data_seed = 1;
    CHECK(!gk_data_same_items(&a, &b));
    a.task = b.task = gk_task_find("add");
    CHECK(gk_data_same_items(&a, &b));
    a.task = b.task = gk_task_find("random");
    CHECK(!gk_data_same_items(&a, &b));
    a.data_file = "x.h5";
    CHECK(!gk_data_same_items(&a, &b));
}

TEST_MAIN(
    RUN(a_teacher_answers_as_its_formula_says)
    RUN(teachers_depend_on_the_data_seed_alone_and_larger_sets_begin_with_smaller_ones)
    RUN(pairs_with_the_same_sum_have_the_same_template)
    RUN(latents_follow_their_laws)
    RUN(latents_of_the_authors_run_are_one_draw_of_the_same_law)
    RUN(digits_are_all_there_and_unlike)
    RUN(a_size_takes_the_first_of_what_would_be_train)
    RUN(runs_know_whether_they_share_their_items)
)
