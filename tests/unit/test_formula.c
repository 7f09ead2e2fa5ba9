/* test_formula.c -- tasks by a formula: the same items as the built-in tasks, more operands, what is left out and refused. */
#include <stdlib.h>
#include "../test.h"
#include "data_fixture.h"

static gk_data_args args_of(const char *formula, int64_t prime)
{
    return (gk_data_args){ .task = gk_task_find("formula"), .prime = prime, .formula = formula, .fraction = 0.3,
                           .data_seed = -1 };
}

TEST(formulas_of_the_built_in_tasks_make_the_same_items)
{
    static const struct { const char *task, *formula; } rows[] = {
        { "add", "(a + b) % p" },                      { "subtract", "(a - b) % p" },
        { "multiply", "a * b % p" },                   { "divide", "(a / b) % p" },
        { "square-add", "(a^2 + b) % p" },             { "cube-add", "(a^3 + b) % p" },
        { "x2+y2", "(a*a + b*b) % p" },                { "x2+y2+xy", "(a^2 + b^2 + a*b) % p" },
        { "x2+y2+xy+x", "(a^2 + b^2 + a*b + a) % p" }, { "x3+xy", "(a^3 + a*b) % p" },
        { "x3+xy2+y", "(a^3 + a*b^2 + b) % p" },
        { "mix-divide-subtract", "if b % 2 = 1 then (a / b) % p else (a - b) % p" },
        { "mix-add-multiply", "(if a % 2 = 0 then a + b else a * b) % p" },
        { "mix-add-subtract", "(a + (if a % 2 = 0 then b else -b)) % p" },
    };
    static const int primes[] = { 2, 7, 97 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int k = 0; k < 3; k++) {
            gk_sequence  sequence = strcmp(rows[i].task, "subtract") == 0 ? GK_SEQ_EQ : (gk_sequence)(i % 4);
            gk_data_args args = args_of(rows[i].formula, primes[k]);
            args.sequence = sequence;
            gk_dataset *dataset = build(args);
            args.task = gk_task_find(rows[i].task);
            gk_dataset *truth = build(args);
            CHECK_TEXT(dataset->sha256, truth->sha256);
            gk_dataset_free(dataset);
            gk_dataset_free(truth);
        }
}

TEST(operands_are_as_many_as_are_named)
{
    gk_data_args args = args_of("(a + b * c - d) % p", 5);
    gk_dataset  *dataset = build(args);
    int          n_wrong = 0;
    CHECK_INT(dataset->n_item, 625);
    CHECK_INT(dataset->n_token, 5);
    CHECK_INT(dataset->n_vocab, 6);
    CHECK_INT(gk_dataset_n_operand(dataset), 4);
    for (int item = 0; item < 625; item++) {
        const int32_t *token = dataset->token + 5 * item;
        n_wrong += token[0] * 125 + token[1] * 25 + token[2] * 5 + token[3] != item || token[4] != 5;
        n_wrong += dataset->label[item] != (token[0] + token[1] * token[2] - token[3] + 5) % 5;
    }
    CHECK_INT(n_wrong, 0);
    gk_dataset_free(dataset);
    args = args_of("(a + c) % p", 5);
    args.sequence = GK_SEQ_PAIR;
    dataset = build(args);
    CHECK(dataset->n_token == 3 && dataset->n_vocab == 5 && dataset->n_item == 125);
    gk_dataset_free(dataset);
    dataset = build(args_of("a < 2", 5));    /* a condition; b makes no difference */
    CHECK_INT(gk_dataset_n_operand(dataset), 2);
    CHECK(dataset->n_token == 3 && dataset->n_item == 25 && dataset->label[9] == 1 && dataset->label[10] == 0);
    gk_dataset_free(dataset);
}

TEST(items_without_a_value_are_left_out_and_the_others_found)
{
    gk_dataset *dataset = build(args_of("(a / (b - 3)) % p", 7));
    CHECK_INT(dataset->n_item, 42);
    for (int item = 0; item < 42; item++)
        CHECK_INT(gk_dataset_item_of(dataset, 0, dataset->token[3 * item], dataset->token[3 * item + 1]), item);
    CHECK_INT(gk_dataset_item_of(dataset, 0, 2, 3), -1);
    gk_dataset_free(dataset);
    dataset = build(args_of("(a / b) % p", 9));    /* only 1, 2, 4, 5, 7, 8 have inverses; but 3/3 is 1, 6/3 is 2 */
    CHECK_INT(gk_dataset_item_of(dataset, 0, 1, 3), -1);
    CHECK_INT(dataset->label[gk_dataset_item_of(dataset, 0, 6, 3)], 2);
    CHECK_INT(dataset->label[gk_dataset_item_of(dataset, 0, 1, 2)], 5);
    gk_dataset_free(dataset);
}

TEST(runs_of_different_formulas_are_of_different_items)
{
    gk_data_args a = args_of("(a + b) % p", 7), b = args_of("(a - b) % p", 7), same = args_of("(a + b) % p", 7);
    CHECK(!gk_data_same_items(&a, &b) && gk_data_hash_items(&a) != gk_data_hash_items(&b));
    CHECK(gk_data_same_items(&a, &same) && gk_data_hash_items(&a) == gk_data_hash_items(&same));
    gk_dataset *dataset = build(a);
    CHECK_TEXT(dataset->task, "(a + b) % p, p = 7");
    gk_dataset_free(dataset);
}

TEST(what_is_no_answer_is_refused_with_its_place)
{
    static const struct { const char *formula, *message; int64_t prime; } rows[] = {
        { "a + b", "formula 'a + b' is 7 at a = 1, b = 6, expected a whole number in 0..6: '(a + b) % p' is one", 7 },
        { "a - b", "is -1 at a = 0, b = 1", 7 },                 { "a / 2", "is 1/2 at a = 1, b = 0", 7 },
        { "(a + ) % p", "invalid formula: '(a + ) % p': not understood at ') % p'", 7 },
        { "(a + x) % p", "there is no operand 'x'", 7 },         { "(a + 0.5) % p", "no whole number", 7 },
        { "1 / 0", "has no value for any operands modulo 7", 7 },
        { "10^(a + 20)", "is too large to compute at a = 0, b = 0", 7 },
        { "(a + b + c) % p", "has 3 operands: with 1999 numbers more than 4000000 items", 1999 },
        { "(a + h) % p", "has 8 operands: with 7 numbers more than 4000000 items", 7 },
        { "", "task 'formula' needs --formula", 7 },             { NULL, "task 'formula' needs --formula", 7 },
        { "a", "prime 2001 is outside [2, 2000]", 2001 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gk_data_args args = args_of(rows[i].formula, rows[i].prime);
        gk_dataset  *dataset = gk_dataset_new(&args);
        CHECK(dataset == NULL);
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
        gk_dataset_free(dataset);
    }
    gk_data_args args = args_of("(a + b + c) % p", 7);
    args.sequence = GK_SEQ_OP_EQ;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "sequence 'op-eq' is for two operands");
    args.sequence = GK_SEQ_EQ;
    args.vocab_prime = 5;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "vocab-prime 5 is outside [7, ");
}

TEST_MAIN(
    RUN(formulas_of_the_built_in_tasks_make_the_same_items)
    RUN(operands_are_as_many_as_are_named)
    RUN(items_without_a_value_are_left_out_and_the_others_found)
    RUN(runs_of_different_formulas_are_of_different_items)
    RUN(what_is_no_answer_is_refused_with_its_place)
)
