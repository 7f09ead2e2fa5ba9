/* test_joint.c -- several tasks in one dataset: each has the items, splits and noise that it has alone. */
#include <stdlib.h>
#include "data/dataset.h"
#include "../test.h"

static gk_arena arena;

static int task_by_name(const char *name)
{
    for (int task = 0; gk_task_names[task]; task++)
        if (strcmp(gk_task_names[task], name) == 0)
            return task;
    return -1;
}

static gk_data_args args_of(const char *task, int64_t prime, int sequence)
{
    return (gk_data_args){ .task = task_by_name(task), .prime = prime, .sequence = sequence, .fraction = 0.3, .data_seed = -1 };
}

static gk_data_args joint_args(const char *join, const char *also_eval)
{
    gk_data_args args = args_of("add", 113, GK_SEQ_OP_MOD);
    args.join = join;
    args.also_eval = also_eval;
    return args;
}

/* Items and a split that must work; the test program ends if they do not. */
static gk_dataset *build(gk_data_args args, gk_split *split)
{
    gk_dataset *dataset = gk_dataset_new(&args);
    if (!dataset || gk_dataset_split(dataset, &args, &arena, split) < 0) {
        printf("cannot build join '%s', also-eval '%s': %s\n", args.join ? args.join : "", args.also_eval ? args.also_eval : "",
               gk_error_message());
        exit(1);
    }
    return dataset;
}

static const char *refusal(gk_data_args args)
{
    gk_dataset *dataset = gk_dataset_new(&args);
    CHECK(dataset == NULL);
    gk_dataset_free(dataset);
    return gk_error_message();
}

static const char *refused_join(const char *join)
{
    return refusal(joint_args(join, NULL));
}

/* joint[i] = alone[i] + first for all of n? */
static void check_shifted(const int32_t *joint, const int32_t *alone, int64_t n, int64_t first)
{
    int64_t n_wrong = 0;
    for (int64_t i = 0; i < n; i++)
        n_wrong += joint[i] != alone[i] + first;
    CHECK_INT(n_wrong, 0);
}

/* --- items ---------------------------------------------------------------------------------------------------------------- */

/* Do the items from `first` on equal those of the task alone? */
static void check_items(const gk_dataset *joint, int64_t first, int group, gk_data_args alone_args)
{
    gk_dataset *alone = gk_dataset_new(&alone_args);
    int n_wrong = 0;
    CHECK(alone != NULL);
    if (!alone)
        return;
    CHECK_INT(alone->n_vocab, joint->n_vocab);
    for (int64_t i = 0; i < alone->n_item; i++) {
        for (int t = 0; t < 4; t++)
            n_wrong += joint->token[(first + i) * 4 + t] != alone->token[i * 4 + t];
        n_wrong += joint->label[first + i] != alone->label[i] || joint->group[first + i] != group;
    }
    CHECK_INT(n_wrong, 0);
    CHECK_TEXT(joint->group_task[group], alone->task);
    gk_dataset_free(alone);
}

TEST(items_of_all_tasks_stand_one_after_another_as_groups)
{
    gk_split     split;
    gk_dataset  *joint = build(joint_args("add:97+subtract:113", "subtract:97"), &split);
    gk_data_args alone = args_of("add", 113, GK_SEQ_OP_MOD);
    alone.vocab_prime = 113;
    CHECK_INT(joint->n_item, 2 * 12769 + 2 * 9409);
    CHECK_INT(joint->n_group, 4);
    CHECK_INT(joint->n_trained_group, 3);
    CHECK_INT(joint->n_answer, 113);
    CHECK_TEXT(joint->task, "add mod 113 + add mod 97 + subtract mod 113");
    CHECK_TEXT(joint->group_name[0], "p1");
    CHECK_TEXT(joint->group_name[3], "p4");
    check_items(joint, 0, 0, alone);
    alone.prime = 97;
    check_items(joint, 12769, 1, alone);
    alone.task = task_by_name("subtract");
    check_items(joint, 12769 + 9409 + 12769, 3, alone);
    alone.prime = 113;
    check_items(joint, 12769 + 9409, 2, alone);
    gk_dataset_free(joint);
}

TEST(a_single_task_is_one_group_with_its_name)
{
    gk_data_args args = args_of("add", 97, GK_SEQ_EQ);
    gk_split     split;
    gk_dataset  *dataset = build(args, &split);
    CHECK_INT(dataset->n_group, 1);
    CHECK_INT(dataset->n_trained_group, 1);
    CHECK_TEXT(dataset->group_name[0], "p1");
    CHECK_TEXT(dataset->group_task[0], "add mod 97");
    CHECK(split.held_train == NULL && split.held_test == NULL);
    gk_dataset_free(dataset);
}

static void check_moduli(int64_t prime, const char *join, const char *name_113, const char *name_97)
{
    gk_data_args args = args_of("add", prime, GK_SEQ_OP_MOD);
    gk_split     split;
    args.join = join;
    gk_dataset *joint = build(args, &split);
    CHECK_INT(joint->n_vocab, 117);
    CHECK_TEXT(joint->vocab[112], "112");
    CHECK_TEXT(joint->vocab[113], "+");
    CHECK_TEXT(joint->vocab[114], "-");
    CHECK_TEXT(joint->vocab[115], "mod 113");
    CHECK_TEXT(joint->vocab[116], "mod 97");
    CHECK_TEXT(joint->group_task[0], prime == 113 ? name_113 : name_97);
    CHECK_INT(joint->token[3], prime == 113 ? 115 : 116);
    CHECK_INT(joint->token[(joint->n_item - 1) * 4 + 3], prime == 113 ? 116 : 115);
    gk_dataset_free(joint);
}

TEST(the_larger_prime_rules_the_vocabulary_in_either_order)
{
    check_moduli(113, "add:97", "add mod 113", "add mod 97");
    check_moduli(97, "add:113", "add mod 113", "add mod 97");
}

TEST(the_vocabulary_names_the_operators_of_all_tasks)
{
    gk_data_args args = args_of("subtract", 113, GK_SEQ_OP_MOD);
    gk_split     split;
    args.join = "x2+y2+xy:97+subtract:97";    /* names of tasks contain '+' */
    gk_dataset *joint = build(args, &split);
    CHECK_INT(joint->n_group, 3);
    CHECK_TEXT(joint->group_task[1], "x2+y2+xy mod 97");
    CHECK_TEXT(joint->vocab[113], "x2+y2+xy");
    CHECK_TEXT(joint->vocab[114], "-");
    gk_dataset_free(joint);
}

/* --- splits --------------------------------------------------------------------------------------------------------------- */

TEST(each_task_has_the_split_that_it_has_alone)
{
    gk_split     both, one;
    gk_data_args args = joint_args("add:97:0.1", NULL), alone = args_of("add", 113, GK_SEQ_OP_MOD);
    args.seed = alone.seed = 4;
    gk_dataset *joint = build(args, &both), *single = build(alone, &one);
    CHECK_INT(both.n_train, 3830 + 940);
    CHECK_INT(both.n_test, 8939 + 8469);
    check_shifted(both.train, one.train, 3830, 0);
    check_shifted(both.test, one.test, 8939, 0);
    gk_dataset_free(single);
    alone.prime = 97;
    alone.fraction = 0.1;
    single = build(alone, &one);
    CHECK_INT(one.n_train, 940);
    check_shifted(both.train + 3830, one.train, 940, 12769);
    check_shifted(both.test + 8939, one.test, 8469, 12769);
    CHECK(both.held_train == NULL && both.held_test == NULL);
    gk_dataset_free(single);
    gk_dataset_free(joint);
}

TEST(fraction_and_seed_are_those_of_the_run_unless_given)
{
    gk_split     run, given, one;
    gk_data_args alone = args_of("add", 97, GK_SEQ_OP_MOD), args = joint_args("add:97", NULL);
    args.data_seed = 6;
    args.fraction = 0.2;
    gk_dataset *joint = build(args, &run);
    args.join = "add:97:0.1:8";
    gk_dataset *other = build(args, &given);
    alone.fraction = 0.2;
    alone.seed = 6;
    gk_dataset *single = build(alone, &one);
    CHECK_INT(run.n_train, 2553 + 1881);
    check_shifted(run.train + 2553, one.train, 1881, 12769);
    gk_dataset_free(single);
    alone.fraction = 0.1;
    alone.seed = 8;
    single = build(alone, &one);
    CHECK_INT(given.n_train, 2553 + 940);
    check_shifted(given.train, run.train, 2553, 0);
    check_shifted(given.train + 2553, one.train, 940, 12769);
    gk_dataset_free(single);
    gk_dataset_free(joint);
    gk_dataset_free(other);
}

TEST(a_smaller_fraction_of_one_task_is_a_prefix_and_leaves_the_other)
{
    gk_split    small, large;
    gk_dataset *one = build(joint_args("add:97:0.1", NULL), &small), *two = build(joint_args("add:97:0.3", NULL), &large);
    check_shifted(small.train, large.train, 3830 + 940, 0);
    check_shifted(small.test, large.test, 8939, 0);
    CHECK_INT(large.n_train, 3830 + 2822);
    gk_dataset_free(one);
    gk_dataset_free(two);
}

TEST(label_noise_is_that_of_each_task_alone)
{
    gk_split     both, one;
    gk_data_args args = joint_args("add:97", NULL), alone = args_of("add", 97, GK_SEQ_OP_MOD);
    args.label_noise = alone.label_noise = 0.5;
    gk_dataset *joint = build(args, &both), *single = build(alone, &one);
    int n_noisy = 0, n_late = 0;
    check_shifted(both.train_label + 3830, one.train_label, one.n_train, 0);
    for (int64_t i = 0; i < one.n_train; i++)
        *(i < 1411 ? &n_noisy : &n_late) += both.train_label[3830 + i] != joint->label[both.train[3830 + i]];
    CHECK_CLOSE(n_noisy, 1411 * 96 / 97.0, 20);
    CHECK_INT(n_late, 0);
    gk_dataset_free(single);
    gk_dataset_free(joint);
}

TEST(tasks_that_are_only_evaluated_are_held_apart)
{
    gk_split     split, one;
    gk_data_args alone = args_of("add", 97, GK_SEQ_OP_MOD);
    gk_dataset  *joint = build(joint_args("subtract:97:0.5", "add:97:0.2:3+subtract:113"), &split);
    CHECK_INT(joint->n_trained_group, 2);
    CHECK_TEXT(joint->task, "add mod 113 + subtract mod 97");
    CHECK_INT(split.n_train, 3830 + 4704);
    CHECK_INT(split.n_test, 8939 + 4705);
    int n_wrong = 0;
    for (int64_t i = 0; i < split.n_train + split.n_test; i++)
        n_wrong += joint->group[i < split.n_train ? split.train[i] : split.test[i - split.n_train]] >= 2;
    CHECK_INT(n_wrong, 0);
    CHECK_INT(split.held_train[0].n, 0);
    CHECK_INT(split.held_test[1].n, 0);
    CHECK_INT(split.held_train[3].n, 3830);
    alone.fraction = 0.2;
    alone.seed = 3;
    gk_dataset *single = build(alone, &one);
    CHECK_INT(split.held_train[2].n, one.n_train);
    CHECK_INT(split.held_test[2].n, one.n_test);
    check_shifted(split.held_train[2].item, one.train, one.n_train, 12769 + 9409);
    check_shifted(split.held_test[2].item, one.test, one.n_test, 12769 + 9409);
    gk_dataset_free(single);
    gk_dataset_free(joint);
}

TEST(what_is_learnt_can_be_evaluated_on_another_split_in_any_sequence)
{
    for (int sequence = GK_SEQ_EQ; sequence <= GK_SEQ_PAIR; sequence++) {
        gk_split     split;
        gk_data_args args = args_of("add", 97, sequence);
        args.also_eval = "add:97:0.2:5";
        gk_dataset *joint = build(args, &split);
        CHECK_INT(joint->n_item, 2 * 9409);
        CHECK_INT(split.n_train, 2822);
        CHECK_INT(split.held_train[1].n, 1881);
        gk_dataset_free(joint);
    }
}

/* --- items by their operands ---------------------------------------------------------------------------------------------- */

static void check_all_operands(const gk_dataset *dataset, int at_b)
{
    int n_wrong = 0;
    for (int64_t item = 0; item < dataset->n_item; item++) {
        const int32_t *token = dataset->token + item * dataset->n_token;
        n_wrong += gk_dataset_item_of(dataset, dataset->group ? dataset->group[item] : 0, token[0], token[at_b]) != item;
    }
    CHECK_INT(n_wrong, 0);
}

TEST(an_item_is_found_by_its_operands)
{
    gk_split split;
    for (int sequence = GK_SEQ_EQ; sequence <= GK_SEQ_PAIR; sequence++)
        for (int64_t prime = 2; prime <= 7; prime += prime == 2 ? 1 : 2) {
            gk_data_args args = args_of("divide", prime, sequence);
            args.vocab_prime = 11;
            args.fraction = 0.5;
            gk_dataset *dataset = build(args, &split);
            check_all_operands(dataset, sequence == GK_SEQ_OP_EQ ? 2 : 1);
            CHECK_INT(gk_dataset_item_of(dataset, 0, 1, 0), -1);
            CHECK_INT(gk_dataset_item_of(dataset, 0, 1, prime), -1);
            CHECK_INT(gk_dataset_item_of(dataset, 0, prime, 1), -1);
            gk_dataset_free(dataset);
        }
    gk_dataset *joint = build(joint_args("add:97", "subtract:113"), &split);
    check_all_operands(joint, 1);
    CHECK_INT(gk_dataset_item_of(joint, 0, 112, 3), 112 * 113 + 3);
    CHECK_INT(gk_dataset_item_of(joint, 1, 96, 3), 12769 + 96 * 97 + 3);
    CHECK_INT(gk_dataset_item_of(joint, 1, 97, 3), -1);
    CHECK_INT(gk_dataset_item_of(joint, 1, 3, 97), -1);
    CHECK_INT(gk_dataset_item_of(joint, 1, -1, 3), -1);
    CHECK_INT(gk_dataset_item_of(joint, 1, 3, INT64_MAX), -1);
    CHECK_INT(gk_dataset_item_of(joint, 1, INT64_MIN, 3), -1);
    CHECK_INT(gk_dataset_item_of(joint, 3, 1, 3), -1);
    CHECK_INT(gk_dataset_item_of(joint, -1, 1, 3), -1);
    gk_dataset_free(joint);
}

TEST(a_twin_has_the_same_operands_in_another_task)
{
    gk_split    split;
    gk_dataset *joint = build(joint_args("add:97", "subtract:113"), &split);
    int n_wrong = 0;
    for (int64_t item = 12769; item < 12769 + 9409; item++) {
        const int32_t *token = joint->token + 4 * item, *twin = joint->token + 4 * gk_dataset_twin(joint, item, 0);
        n_wrong += twin[0] != token[0] || twin[1] != token[1] || twin[3] == token[3];
        n_wrong += gk_dataset_twin(joint, gk_dataset_twin(joint, item, 2), 1) != item;
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(gk_dataset_twin(joint, 5 * 113 + 7, 1), 12769 + 5 * 97 + 7);
    CHECK_INT(gk_dataset_twin(joint, 5 * 113 + 100, 1), -1);    /* 100 is no number below 97 */
    CHECK_INT(gk_dataset_twin(joint, 5 * 113 + 7, 0), 5 * 113 + 7);
    gk_dataset_free(joint);
}

/* --- tasks in words --------------------------------------------------------------------------------------------------------- */

TEST(the_tasks_of_a_run_are_named_as_also_eval_takes_them)
{
    gk_data_args args = joint_args("add:97:0.1+x2+y2:97:0.2:8", "subtract:97");
    args.seed = 3;
    CHECK_TEXT(gk_dataset_tasks(&args, true, &arena), "add:113:0.3:3+add:97:0.1:3+x2+y2:97:0.2:8");
    CHECK_TEXT(gk_dataset_tasks(&args, false, &arena), "add:113:0.3+add:97:0.1+x2+y2:97:0.2:8");
}

/* --- errors ----------------------------------------------------------------------------------------------------------------- */

TEST(a_task_that_is_not_well_written_is_refused)
{
    CHECK_TEXT(refused_join(""), "'--join ': expected TASK:PRIME[:FRACTION[:SEED]], found ''");
    CHECK_TEXT(refused_join("add"), "'--join add': expected TASK:PRIME[:FRACTION[:SEED]], found 'add'");
    CHECK_CONTAINS(refused_join("add:97:0.1:3:x"), "expected TASK:PRIME[:FRACTION[:SEED]], found 'add:97:0.1:3:x'");
    CHECK_CONTAINS(refused_join("add:97+"), "expected TASK:PRIME[:FRACTION[:SEED]], found ''");
    CHECK_CONTAINS(refused_join("+add:97"), "there is no task '+add'");
    CHECK_CONTAINS(refused_join(":97"), "there is no task ''");
    CHECK_CONTAINS(refused_join("plus:97"), "there is no task 'plus'");
    CHECK_CONTAINS(refused_join("add:"), "prime: expected a whole number, found ''");
    CHECK_CONTAINS(refused_join("add:97x"), "prime: expected a whole number, found '97x'");
    CHECK_CONTAINS(refused_join("add:-97"), "prime -97 is outside [2, 2000]");
    CHECK_CONTAINS(refused_join("add:2003"), "prime 2003 is outside [2, 2000]");
    CHECK_CONTAINS(refused_join("add:99999999999999999999"), "prime: expected a whole number");
    CHECK_TEXT(refused_join("add:99"), "add:99: 99 is not a prime (nearest: 97, 101)");
    CHECK_CONTAINS(refused_join("add:97:"), "fraction: expected a number, found ''");
    CHECK_CONTAINS(refused_join("add:97:-0.1"), "fraction -0.1 is outside (0, 1)");
    CHECK_CONTAINS(refused_join("add:97:1"), "fraction 1 is outside (0, 1)");
    CHECK_CONTAINS(refused_join("add:97:nan"), "fraction");
    CHECK_CONTAINS(refused_join("add:97:0.1:"), "seed: expected a whole number, found ''");
    CHECK_CONTAINS(refused_join("add:97:0.1:-1"), "seed -1 is outside [0, ");
    CHECK_CONTAINS(refused_join("add:97:0.1:9007199254740993"), "seed 9007199254740993 is outside [0, ");
    CHECK_TEXT(refused_join("add:3+add:3+add:3+add:3+add:3+add:3+add:3+add:3"), "'--join': more than 8 tasks in one dataset");
    CHECK_TEXT(refusal(joint_args("subtract:113", "nothing:97")), "'--also-eval nothing:97': there is no task 'nothing' "
               "('grok-data --task help' lists them)");
}

TEST(a_fraction_that_leaves_nothing_of_a_task_is_refused_with_its_name)
{
    gk_split     split;
    gk_data_args args = joint_args("add:97:1e-9", NULL);
    gk_dataset  *joint = gk_dataset_new(&args);
    CHECK_INT(gk_dataset_split(joint, &args, &arena, &split), -1);
    CHECK_CONTAINS(gk_error_message(), "p2: fraction 1e-09 leaves no train items: of 9409 items");
    gk_dataset_free(joint);
}

TEST(tasks_that_the_tokens_do_not_tell_apart_are_refused)
{
    gk_data_args args = args_of("add", 113, GK_SEQ_EQ);
    args.join = "add:97";
    CHECK_TEXT(refusal(args), "'add mod 113' and 'add mod 97' ask for different answers to the same tokens: only "
               "--sequence op-mod (as of --preset kd) has tokens for operator and modulus");
    args.sequence = GK_SEQ_PAIR;
    CHECK_CONTAINS(refusal(args), "ask for different answers to the same tokens");
    args.sequence = GK_SEQ_OP_EQ;
    CHECK_CONTAINS(refusal(args), "ask for different answers to the same tokens");
    args.join = "subtract:113";
    CHECK_CONTAINS(refusal(args), "'add mod 113' and 'subtract mod 113' have one token for both '+' and '-'");
    args.join = NULL;
    args.also_eval = "add:97";
    args.sequence = GK_SEQ_EQ;
    CHECK_CONTAINS(refusal(args), "ask for different answers to the same tokens");
    CHECK_CONTAINS(refused_join("multiply:113"), "have one token for both '+' and '*'");
    CHECK_CONTAINS(refused_join("multiply:97"), "have one token for both '+' and '*'");
    CHECK_CONTAINS(refused_join("add:97+subtract:89"), "'add mod 97' and 'subtract mod 89' have one token for both 'mod 97' and "
                   "'mod 89'");
    CHECK_TEXT(refused_join("add:97+add:97"), "'add mod 97' is there twice");
    CHECK_TEXT(refused_join("add:113:0.1"), "'add mod 113' is there twice");
    args = args_of("random", 97, GK_SEQ_OP_MOD);
    args.also_eval = "random:97:0.3:1";    /* other answers */
    CHECK_CONTAINS(refusal(args), "ask for different answers to the same tokens: their data seeds differ");
    args.data_seed = 1;
    gk_split split;
    gk_dataset_free(build(args, &split));
}

TEST(two_moduli_below_the_vocabulary_have_no_tokens)
{
    gk_data_args args = joint_args("subtract:97", NULL);
    args.vocab_prime = 127;
    CHECK_CONTAINS(refusal(args), "have one token for both 'mod 113' and 'mod 97'");
    CHECK_CONTAINS(refusal(args), "one for the modulus that is vocab-prime (127)");
    args.vocab_prime = 97;
    CHECK_CONTAINS(refusal(args), "add:113: vocab-prime 97 is outside [113, ");
}

TEST(tasks_without_a_prime_and_files_stand_alone)
{
    gk_data_args args = args_of("s5", 113, GK_SEQ_EQ);
    args.join = "add:97";
    CHECK_TEXT(refusal(args), "task 's5' is not arithmetic modulo a prime, so it cannot stand beside other tasks");
    CHECK_TEXT(refused_join("s5-aba:97"),
               "task 's5-aba' is not arithmetic modulo a prime, so it cannot stand beside other tasks");
    args = joint_args(NULL, "add:97");
    args.data_file = "x.h5";
    CHECK_TEXT(refusal(args), "'--join' and '--also-eval' cannot be given with '--data' or '--split'");
    args.data_file = NULL;
    args.split_file = "list";
    CHECK_TEXT(refusal(args), "'--join' and '--also-eval' cannot be given with '--data' or '--split'");
    args = args_of("s5", 113, GK_SEQ_EQ);
    CHECK(gk_dataset_tasks(&args, true, &arena) == NULL);
}

int main(void)
{
    RUN(items_of_all_tasks_stand_one_after_another_as_groups)
    RUN(a_single_task_is_one_group_with_its_name)
    RUN(the_larger_prime_rules_the_vocabulary_in_either_order)
    RUN(the_vocabulary_names_the_operators_of_all_tasks)
    RUN(each_task_has_the_split_that_it_has_alone)
    RUN(fraction_and_seed_are_those_of_the_run_unless_given)
    RUN(a_smaller_fraction_of_one_task_is_a_prefix_and_leaves_the_other)
    RUN(label_noise_is_that_of_each_task_alone)
    RUN(tasks_that_are_only_evaluated_are_held_apart)
    RUN(what_is_learnt_can_be_evaluated_on_another_split_in_any_sequence)
    RUN(an_item_is_found_by_its_operands)
    RUN(a_twin_has_the_same_operands_in_another_task)
    RUN(the_tasks_of_a_run_are_named_as_also_eval_takes_them)
    RUN(a_task_that_is_not_well_written_is_refused)
    RUN(a_fraction_that_leaves_nothing_of_a_task_is_refused_with_its_name)
    RUN(tasks_that_the_tokens_do_not_tell_apart_are_refused)
    RUN(two_moduli_below_the_vocabulary_have_no_tokens)
    RUN(tasks_without_a_prime_and_files_stand_alone)
    gk_arena_release(&arena);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
