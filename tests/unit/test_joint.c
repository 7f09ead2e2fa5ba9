/* test_joint.c -- several tasks in one dataset: items, groups, splits as if each stood alone, twins, refusals. */
#include <string.h>
#include "data/dataset.h"
#include "../test.h"

static gk_data_args args_of(const char *join, const char *also_eval)
{
    return (gk_data_args){ .prime = 11, .sequence = GK_SEQ_OP_MOD, .fraction = 0.4, .seed = 3, .data_seed = -1, .join = join,
                           .also_eval = also_eval };
}

static gk_dataset *dataset_of(const gk_data_args *args)
{
    gk_dataset *dataset = gk_dataset_new(args);
    if (!dataset)
        printf("%s\n", gk_error_message());
    CHECK(dataset != NULL);
    return dataset;
}

/* Task 0 (add) of this prime alone, in the shared vocabulary. */
static void split_alone(int64_t prime, double fraction, int64_t seed, gk_arena *arena, gk_split *split)
{
    gk_data_args args = { .prime = prime, .sequence = GK_SEQ_OP_MOD, .vocab_prime = 11, .fraction = fraction, .seed = seed,
                          .data_seed = -1 };
    gk_dataset *dataset = dataset_of(&args);
    CHECK_INT(gk_dataset_split(dataset, &args, arena, split), 0);
    gk_dataset_free(dataset);
}

static void check_same(const int32_t *found, const int32_t *alone, int64_t n, int32_t first)
{
    for (int64_t i = 0; i < n; i++)
        CHECK_INT(found[i], alone[i] + first);
}

TEST(every_task_is_split_as_if_it_stood_alone)
{
    gk_data_args args = args_of("add:7:0.2", "subtract:7:0.6:9");
    gk_arena     arena = { 0 };
    gk_split     joint, p1, p2, p3;
    gk_dataset  *dataset = dataset_of(&args);
    CHECK_INT(dataset->n_item, 121 + 49 + 49);
    CHECK_INT(dataset->n_group, 3);
    CHECK_INT(dataset->n_trained_group, 2);
    CHECK(strcmp(dataset->task, "add mod 11 + add mod 7 + subtract mod 7") == 0);
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &joint), 0);
    split_alone(11, 0.4, 3, &arena, &p1);
    split_alone(7, 0.2, 3, &arena, &p2);
    split_alone(7, 0.6, 9, &arena, &p3);
    CHECK_INT(joint.n_train, p1.n_train + p2.n_train);
    CHECK_INT(joint.n_test, p1.n_test + p2.n_test);
    check_same(joint.train, p1.train, p1.n_train, 0);
    check_same(joint.train + p1.n_train, p2.train, p2.n_train, 121);
    check_same(joint.test + p1.n_test, p2.test, p2.n_test, 121);
    CHECK_INT(joint.held_train[0].n + joint.held_test[1].n, 0);
    CHECK_INT(joint.held_train[2].n, p3.n_train);
    check_same(joint.held_train[2].item, p3.train, p3.n_train, 170);
    check_same(joint.held_test[2].item, p3.test, p3.n_test, 170);
    for (int64_t i = 0; i < joint.n_train; i++)
        CHECK_INT(joint.train_label[i], dataset->label[joint.train[i]]);
    gk_arena_release(&arena);
    gk_dataset_free(dataset);
}

TEST(smaller_fractions_are_nested_and_noise_stays_in_its_task)
{
    gk_data_args small = args_of("add:7:0.2", NULL), large = args_of("add:7:0.5", NULL);
    gk_arena     arena = { 0 };
    gk_split     a, b;
    gk_dataset  *dataset = dataset_of(&small);
    small.label_noise = 1;
    CHECK_INT(gk_dataset_split(dataset, &small, &arena, &a), 0);
    CHECK_INT(gk_dataset_split(dataset, &large, &arena, &b), 0);
    for (int64_t i = 0; i < a.n_train; i++) {
        CHECK_INT(a.train[i], b.train[i]);
        CHECK(a.train_label[i] < (a.train[i] < 121 ? 11 : 7));
    }
    gk_arena_release(&arena);
    gk_dataset_free(dataset);
}

TEST(a_twin_has_the_same_operands_in_another_task)
{
    gk_data_args args = args_of("add:7", "subtract:11");
    gk_dataset  *dataset = dataset_of(&args);
    for (int64_t item = 121; item < 170; item++) {
        const int32_t *token = dataset->token + 4 * item, *twin = dataset->token + 4 * gk_dataset_twin(dataset, item, 0);
        CHECK(twin[0] == token[0] && twin[1] == token[1] && twin[3] != token[3]);
        CHECK_INT(gk_dataset_twin(dataset, gk_dataset_twin(dataset, item, 2), 1), item);
    }
    CHECK_INT(gk_dataset_twin(dataset, 10 * 11 + 2, 1), -1);    /* 10 is no number below 7 */
    CHECK_INT(gk_dataset_twin(dataset, 10 * 11 + 2, 2), 170 + 10 * 11 + 2);
    gk_dataset_free(dataset);
}

TEST(another_set_of_items_of_the_same_task_can_be_evaluated)
{
    gk_data_args args = args_of(NULL, "add:11:0.9");
    gk_arena     arena = { 0 };
    gk_split     split;
    gk_dataset  *dataset = dataset_of(&args);
    CHECK_INT(gk_dataset_split(dataset, &args, &arena, &split), 0);
    CHECK_INT(split.held_test[1].n, 121 - 108);
    CHECK(strcmp(gk_dataset_tasks(&args, false, &arena), "add:11:0.4") == 0);
    args.join = "subtract:7:0.25";
    CHECK(strcmp(gk_dataset_tasks(&args, true, &arena), "add:11:0.4:3+subtract:7:0.25:3") == 0);
    gk_arena_release(&arena);
    gk_dataset_free(dataset);
}

static void check_refused_join(const char *join, const char *message)
{
    gk_data_args args = args_of(join, NULL);
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), message);
}

TEST(what_cannot_be_joined_is_refused)
{
    check_refused_join("add:11", "'add mod 11' is there twice");
    check_refused_join("add:7+add:5", "different answers to the same tokens");
    check_refused_join("multiply:11", "different answers to the same tokens");
    check_refused_join("add", "expected TASK:PRIME");
    check_refused_join("", "expected TASK:PRIME");
    check_refused_join("add:7:0.1:2:3", "expected TASK:PRIME");
    check_refused_join("nope:7", "there is no task 'nope'");
    check_refused_join("add:8", "8 is not a prime");
    check_refused_join("add:-7", "outside [2,");
    check_refused_join("add:99999999999", "outside [2,");
    check_refused_join("add:7:0", "fraction 0 is outside (0, 1)");
    check_refused_join("add:7:nan", "expected");
    check_refused_join("add:7:0.1:-1", "seed -1 is negative");
    check_refused_join("add:7+add:7+add:7+add:7+add:7+add:7+add:7+add:7+add:7", "more than 8 tasks");
    check_refused_join("s5:7", "for tasks with a modulus");
    gk_data_args args = args_of("add:7", NULL);
    args.sequence = GK_SEQ_EQ;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "use --sequence op-mod");
    args = args_of("add:7", NULL);
    args.data_file = "x.h5";
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "cannot be given with '--data'");
}

TEST_MAIN(RUN(every_task_is_split_as_if_it_stood_alone)
          RUN(smaller_fractions_are_nested_and_noise_stays_in_its_task)
          RUN(a_twin_has_the_same_operands_in_another_task)
          RUN(another_set_of_items_of_the_same_task_can_be_evaluated)
          RUN(what_cannot_be_joined_is_refused))
