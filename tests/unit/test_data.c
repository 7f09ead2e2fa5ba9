/* test_data.c -- the built-in tasks against independent definitions: polynomials summed term by term, division by search,
 * permutations composed from their names, and checksums computed elsewhere (in Python, from the text of data/FORMAT.md). */
#include <stdlib.h>
#include "data/dataset.h"
#include "../test.h"

static int task_by_name(const char *name)
{
    for (int task = 0; gk_task_names[task]; task++)
        if (strcmp(gk_task_names[task], name) == 0)
            return task;
    return -1;
}

static gk_data_args args_of(const char *task, int64_t prime)
{
    return (gk_data_args){ .task = task_by_name(task), .prime = prime, .fraction = 0.3, .data_seed = -1 };
}

/* A task that must build; the test program ends if it does not. */
static gk_dataset *build(gk_data_args args)
{
    gk_dataset *dataset = gk_dataset_new(&args);
    if (!dataset) {
        printf("cannot build task %d: %s\n", args.task, gk_error_message());
        exit(1);
    }
    return dataset;
}

static gk_dataset *build_named(const char *task, int64_t prime)
{
    return build(args_of(task, prime));
}

/* The message of a task that must not build. */
static const char *refusal(gk_data_args args)
{
    gk_dataset *dataset = gk_dataset_new(&args);
    CHECK(dataset == NULL);
    gk_dataset_free(dataset);
    return gk_error_message();
}

/* --- truth ------------------------------------------------------------------------------------------------------- */

typedef struct { int sign, power_a, power_b; } term;
typedef struct { const char *task; term even[4], odd[4]; char parity_of; } polynomial;

/* Rows that do not depend on a parity have no `parity_of`.  Sum of sign * a^power_a * b^power_b. */
static const polynomial polynomials[] = {
    { "add",              { { 1, 1, 0 }, { 1, 0, 1 } }, { { 0, 0, 0 } }, 0 },
    { "subtract",         { { 1, 1, 0 }, { -1, 0, 1 } }, { { 0, 0, 0 } }, 0 },
    { "multiply",         { { 1, 1, 1 } }, { { 0, 0, 0 } }, 0 },
    { "square-add",       { { 1, 2, 0 }, { 1, 0, 1 } }, { { 0, 0, 0 } }, 0 },
    { "cube-add",         { { 1, 3, 0 }, { 1, 0, 1 } }, { { 0, 0, 0 } }, 0 },
    { "x2+y2",            { { 1, 2, 0 }, { 1, 0, 2 } }, { { 0, 0, 0 } }, 0 },
    { "x2+y2+xy",         { { 1, 2, 0 }, { 1, 0, 2 }, { 1, 1, 1 } }, { { 0, 0, 0 } }, 0 },
    { "x2+y2+xy+x",       { { 1, 2, 0 }, { 1, 0, 2 }, { 1, 1, 1 }, { 1, 1, 0 } }, { { 0, 0, 0 } }, 0 },
    { "x3+xy",            { { 1, 3, 0 }, { 1, 1, 1 } }, { { 0, 0, 0 } }, 0 },
    { "x3+xy2+y",         { { 1, 3, 0 }, { 1, 1, 2 }, { 1, 0, 1 } }, { { 0, 0, 0 } }, 0 },
    { "mix-add-multiply", { { 1, 1, 0 }, { 1, 0, 1 } }, { { 1, 1, 1 } }, 'a' },
    { "mix-add-subtract", { { 1, 1, 0 }, { 1, 0, 1 } }, { { 1, 1, 0 }, { -1, 0, 1 } }, 'a' },
};
enum { N_POLYNOMIAL = sizeof polynomials / sizeof *polynomials };

static int power(int base, int exponent, int p)
{
    int result = 1 % p;
    for (int i = 0; i < exponent; i++)
        result = result * base % p;
    return result;
}

static int truth(const polynomial *poly, int a, int b, int p)
{
    const term *terms = poly->parity_of == 'a' && a % 2 ? poly->odd : poly->even;
    int sum = 0;
    for (int i = 0; i < 4; i++)
        sum += p + terms[i].sign * (power(a, terms[i].power_a, p) * power(b, terms[i].power_b, p) % p);
    return sum % p;
}

static int quotient(int a, int b, int p)    /* by trying all */
{
    for (int c = 0; c < p; c++)
        if (c * b % p == a)
            return c;
    return -1;
}

TEST(every_polynomial_task_gives_its_polynomial_for_small_and_large_primes)
{
    const int primes[] = { 2, 3, 7, 97, 113 };
    for (int row = 0; row < N_POLYNOMIAL; row++) {
        for (int i = 0; i < 5; i++) {
            const int p = primes[i];
            gk_dataset *dataset = build_named(polynomials[row].task, p);
            int n_wrong = 0;
            for (int item = 0; item < p * p; item++)
                n_wrong += dataset->label[item] != truth(&polynomials[row], item / p, item % p, p);
            CHECK_INT(dataset->n_item, p * p);
            CHECK_INT(n_wrong, 0);
            gk_dataset_free(dataset);
        }
    }
}

TEST(division_leaves_out_zero_and_is_undone_by_multiplication)
{
    const int primes[] = { 2, 3, 7, 97 };
    for (int i = 0; i < 4; i++) {
        const int p = primes[i];
        gk_dataset *dataset = build_named("divide", p);
        CHECK_INT(dataset->n_item, p * (p - 1));
        int n_wrong = 0;
        for (int item = 0; item < p * (p - 1); item++) {
            int a = item / (p - 1), b = item % (p - 1) + 1;
            n_wrong += dataset->token[3 * item] != a || dataset->token[3 * item + 1] != b;
            n_wrong += dataset->label[item] != quotient(a, b, p);
        }
        CHECK_INT(n_wrong, 0);
        gk_dataset_free(dataset);
    }
    gk_dataset *dataset = build_named("divide", 97);
    CHECK_INT(dataset->n_item, 9312);    /* as in openai/grok */
    gk_dataset_free(dataset);
}

TEST(mix_divide_subtract_divides_where_the_second_operand_is_odd)
{
    const int p = 97;
    gk_dataset *dataset = build_named("mix-divide-subtract", p);
    CHECK_INT(dataset->n_item, 9409);
    int n_wrong = 0;
    for (int item = 0; item < p * p; item++) {
        int x = item / p, y = item % p;
        n_wrong += dataset->label[item] != (y % 2 ? quotient(x, y, p) : (x + p - y) % p);
    }
    CHECK_INT(n_wrong, 0);
    gk_dataset_free(dataset);
}

/* --- S5: everything from the names "12345", ..., "54321" ---------------------------------------------------------- */

enum { N_S5 = 120 };

/* Number of the permutation x then y. */
static int compose(const gk_dataset *s5, int x, int y)
{
    char name[6] = "";
    for (int i = 0; i < 5; i++)
        name[i] = s5->vocab[y][s5->vocab[x][i] - '1'];
    for (int number = 0; number < N_S5; number++)
        if (strcmp(s5->vocab[number], name) == 0)
            return number;
    return -1;
}

static int inverse_of(const gk_dataset *s5, int x)
{
    for (int y = 0; y < N_S5; y++)
        if (s5->label[x * N_S5 + y] == 0)
            return y;
    return -1;
}

TEST(s5_has_all_permutations_in_lexicographic_order)
{
    gk_dataset *s5 = build_named("s5", 113);
    CHECK_INT(s5->n_item, 14400);
    CHECK_INT(s5->n_answer, N_S5);
    CHECK_INT(s5->n_vocab, N_S5 + 1);
    CHECK_TEXT(s5->vocab[0], "12345");
    CHECK_TEXT(s5->vocab[1], "12354");
    CHECK_TEXT(s5->vocab[119], "54321");
    CHECK_TEXT(s5->vocab[120], "=");
    for (int i = 0; i < N_S5; i++) {
        CHECK(i == 0 || strcmp(s5->vocab[i - 1], s5->vocab[i]) < 0);
        for (const char *thing = "12345"; *thing; thing++)
            CHECK(strchr(s5->vocab[i], *thing));
    }
    gk_dataset_free(s5);
}

TEST(s5_answers_are_the_product_first_a_then_b)
{
    gk_dataset *s5 = build_named("s5", 113);
    int n_wrong = 0;
    for (int item = 0; item < N_S5 * N_S5; item++)
        n_wrong += s5->label[item] != compose(s5, item / N_S5, item % N_S5);
    CHECK_INT(n_wrong, 0);
    gk_dataset_free(s5);
}

TEST(s5_is_a_group_that_does_not_commute)
{
    gk_dataset *s5 = build_named("s5", 113);
    const int32_t *times = s5->label;
    int n_wrong = 0, n_commute = 0;
    for (int x = 0; x < N_S5; x++) {
        n_wrong += times[x] != x || times[x * N_S5] != x;    /* number 0 is the identity */
        int inverse = inverse_of(s5, x);
        n_wrong += inverse < 0 || times[inverse * N_S5 + x] != 0;
        for (int y = 0; y < N_S5; y++) {
            n_commute += times[x * N_S5 + y] == times[y * N_S5 + x];
            for (int z = 0; z < N_S5; z++)
                n_wrong += times[times[x * N_S5 + y] * N_S5 + z] != times[x * N_S5 + times[y * N_S5 + z]];
        }
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(n_commute, N_S5 * 7);    /* pairs that commute = order times number of conjugacy classes, which is 7 */
    gk_dataset_free(s5);
}

TEST(s5_conjugate_and_aba_follow_from_the_product)
{
    gk_dataset *s5 = build_named("s5", 113), *conjugate = build_named("s5-conjugate", 113), *aba = build_named("s5-aba", 113);
    const int32_t *times = s5->label;
    int n_wrong = 0;
    for (int a = 0; a < N_S5; a++) {
        for (int b = 0; b < N_S5; b++) {
            int ab = times[a * N_S5 + b];
            n_wrong += conjugate->label[a * N_S5 + b] != times[ab * N_S5 + inverse_of(s5, a)];
            n_wrong += aba->label[a * N_S5 + b] != times[ab * N_S5 + a];
        }
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(conjugate->n_item, 14400);
    CHECK_INT(aba->n_item, 14400);
    gk_dataset_free(s5);
    gk_dataset_free(conjugate);
    gk_dataset_free(aba);
}

/* --- random ------------------------------------------------------------------------------------------------------ */

TEST(random_answers_are_fixed_by_the_data_seed_and_use_all_numbers_evenly)
{
    gk_data_args args = args_of("random", 113);
    const int first[] = { 24, 3, 14, 9, 22, 101, 18, 81 };    /* from a Philox written in Python */
    gk_dataset *dataset = build(args);
    args.data_seed = 0;
    gk_dataset *same = build(args);
    args.data_seed = 1;
    gk_dataset *other = build(args);
    int count[113] = { 0 }, n_equal = 0;
    for (int item = 0; item < 12769; item++) {
        count[dataset->label[item]]++;
        n_equal += dataset->label[item] == other->label[item];
    }
    double chi_squared = 0;
    for (int answer = 0; answer < 113; answer++)
        chi_squared += pow(count[answer] - 113.0, 2) / 113;
    CHECK_CLOSE(chi_squared, 112, 60);    /* 112 degrees of freedom: 4 standard deviations of 15 */
    CHECK_CLOSE(n_equal, 113, 45);        /* by chance */
    for (int item = 0; item < 8; item++)
        CHECK_INT(dataset->label[item], first[item]);
    CHECK_TEXT(same->sha256, dataset->sha256);
    CHECK(strcmp(other->sha256, dataset->sha256) != 0);
    gk_dataset_free(dataset);
    gk_dataset_free(same);
    gk_dataset_free(other);
}

/* --- all tasks --------------------------------------------------------------------------------------------------- */

TEST(every_task_has_a_test_of_its_answers)
{
    const char *others[] = { "divide", "mix-divide-subtract", "s5", "s5-conjugate", "s5-aba", "random",
                             "mnist", "synth-digits", "teacher-student", "toy-addition",    /* these: test_generated.c */
                             "equidistant", "equivariant",                                  /* these: test_shift.c */
                             "formula", "table", "group",                                   /* test_formula.c, test_group.c */
                             "sparse-parity", "xor-cluster",                                /* test_binary.c */
                             "imdb", "reviews", "synth-reviews",                            /* test_reviews.c */
                             "qm9", "synth-mols" };                                         /* test_molecules.c */
    enum { N_OTHER = sizeof others / sizeof *others };
    int n_task = 0;
    for (; gk_task_names[n_task]; n_task++) {
        int n_found = 0;
        for (int row = 0; row < N_POLYNOMIAL; row++)
            n_found += strcmp(polynomials[row].task, gk_task_names[n_task]) == 0;
        for (int i = 0; i < N_OTHER; i++)
            n_found += strcmp(others[i], gk_task_names[n_task]) == 0;
        if (n_found != 1)
            printf("task '%s' has %d tests\n", gk_task_names[n_task], n_found);
        CHECK_INT(n_found, 1);
        CHECK(gk_task_descriptions[n_task] && *gk_task_descriptions[n_task]);
    }
    CHECK_INT(n_task, N_POLYNOMIAL + N_OTHER);
}

TEST(every_task_and_sequence_keeps_tokens_and_labels_in_the_vocabulary)
{
    for (int task = 0; gk_task_names[task]; task++) {
        for (int sequence = GK_SEQ_EQ; sequence <= GK_SEQ_PAIR; sequence++) {
            gk_data_args args = { .task = task, .prime = 11, .sequence = sequence, .formula = "(a + b) % p",
                                  .finite_group = "S3", .parity = 3, .n_word = 50, .n_length = 20 };
            bool is_file = gk_task_has(task, GK_TASK_FILES) || gk_task_has(task, GK_TASK_TABLE) ||
                           gk_task_has(task, GK_TASK_TEXTS);
            bool has_it  = sequence == GK_SEQ_EQ || (gk_task_has(task, GK_TASK_SEQUENCE) &&
                                                    (sequence != GK_SEQ_OP_MOD || gk_task_has(task, GK_TASK_PRIME)));
            if (is_file || !has_it)
                continue;
            gk_dataset *dataset = build(args);
            int n_wrong = 0;
            for (int64_t i = 0; i < dataset->n_item * dataset->n_token; i++)
                n_wrong += dataset->token[i] < 0 || dataset->token[i] >= dataset->n_vocab;
            for (int64_t i = 0; i < dataset->n_item; i++)
                n_wrong += dataset->label[i] < 0 || dataset->label[i] >= dataset->n_answer;
            CHECK_INT(n_wrong, 0);
            CHECK_INT(dataset->n_group, 1);
            CHECK((dataset->n_real > 0) == (dataset->n_token == 0));
            CHECK((gk_dataset_stored_split(dataset) != NULL) == (dataset->n_real > 0 || gk_task_has(task, GK_TASK_WORDS)));
            for (int i = 0; i < dataset->n_vocab; i++)
                CHECK(dataset->vocab[i] && *dataset->vocab[i]);
            gk_dataset_free(dataset);
        }
    }
}

/* --- sequences --------------------------------------------------------------------------------------------------- */

/* Item 2 * p + 5, which is (2, 5), of a task of prime p. */
static void check_sequence(gk_data_args args, int n_token, const int *expected, int n_vocab)
{
    gk_dataset *dataset = build(args);
    CHECK_INT(dataset->n_token, n_token);
    CHECK_INT(dataset->n_vocab, n_vocab);
    CHECK_INT(dataset->n_answer, args.prime);
    for (int i = 0; i < n_token && i < dataset->n_token; i++)
        CHECK_INT(dataset->token[(2 * args.prime + 5) * n_token + i], expected[i]);
    gk_dataset_free(dataset);
}

TEST(sequences_have_the_token_ids_of_the_papers)
{
    gk_data_args args = args_of("add", 113);
    check_sequence(args, 3, (int[]){ 2, 5, 113 }, 114);             /* Omnigrok, Nanda */
    args.sequence = GK_SEQ_PAIR;
    check_sequence(args, 2, (int[]){ 2, 5 }, 113);
    args.prime = 97;
    args.sequence = GK_SEQ_OP_EQ;
    check_sequence(args, 4, (int[]){ 2, 97, 5, 98 }, 99);           /* openai/grok without the ends */
    args.sequence = GK_SEQ_OP_MOD;
    check_sequence(args, 4, (int[]){ 2, 5, 97, 99 }, 101);
    args.vocab_prime = 113;                                         /* distillation: p2 in the vocabulary of p1 */
    check_sequence(args, 4, (int[]){ 2, 5, 113, 116 }, 117);
    args.prime = 113;
    check_sequence(args, 4, (int[]){ 2, 5, 113, 115 }, 117);
    args.task = task_by_name("subtract");
    check_sequence(args, 4, (int[]){ 2, 5, 114, 115 }, 117);
    args.task = task_by_name("multiply");
    check_sequence(args, 4, (int[]){ 2, 5, 113, 115 }, 117);
    args.sequence = GK_SEQ_EQ;
    args.prime = 97;
    check_sequence(args, 3, (int[]){ 2, 5, 113 }, 114);
}

TEST(vocabulary_names_numbers_operators_and_moduli)
{
    gk_data_args args = args_of("subtract", 97);
    args.sequence = GK_SEQ_OP_MOD;
    args.vocab_prime = 113;
    gk_dataset *dataset = build(args);
    CHECK_TEXT(dataset->task, "subtract mod 97");
    CHECK_TEXT(dataset->vocab[0], "0");
    CHECK_TEXT(dataset->vocab[112], "112");
    CHECK_TEXT(dataset->vocab[113], "+");
    CHECK_TEXT(dataset->vocab[114], "-");
    CHECK_TEXT(dataset->vocab[115], "mod 113");
    CHECK_TEXT(dataset->vocab[116], "mod 97");
    gk_dataset_free(dataset);
    args.sequence = GK_SEQ_OP_EQ;
    args.vocab_prime = 0;
    dataset = build(args);
    CHECK_TEXT(dataset->vocab[97], "-");
    CHECK_TEXT(dataset->vocab[98], "=");
    gk_dataset_free(dataset);
}

/* --- checksums --------------------------------------------------------------------------------------------------- */

TEST(checksums_agree_with_the_documented_layout)
{
    gk_dataset *dataset = build_named("add", 113);
    CHECK_TEXT(dataset->sha256, "72528cdbb1b453bf513686a322e5758b6a2d6c19eefe77eedd0ae3400136fc50");
    gk_dataset_free(dataset);
    gk_data_args args = args_of("divide", 97);
    args.sequence = GK_SEQ_OP_MOD;
    args.vocab_prime = 113;
    dataset = build(args);
    CHECK_TEXT(dataset->sha256, "e93c1e621fb330043b5f3cd876dd70e4585b165db17b1abfce146a31ef91fdb1");
    gk_dataset_free(dataset);
    dataset = build_named("s5", 113);
    CHECK_TEXT(dataset->sha256, "3a918ab022fe09d6b2a92f7ea89be27c1554393e33be44374e9fe5fda7aeead6");
    gk_dataset_free(dataset);
}

/* --- errors ------------------------------------------------------------------------------------------------------ */

TEST(a_number_that_is_not_prime_is_refused_with_its_neighbours)
{
    refusal(args_of("add", 99));
    CHECK_TEXT(gk_error_message(), "99 is not a prime (nearest: 97, 101)");
    CHECK_TEXT(refusal(args_of("divide", 4)), "4 is not a prime (nearest: 3, 5)");
    CHECK_TEXT(refusal(args_of("add", 2000)), "2000 is not a prime (nearest: 1999)");
    CHECK_TEXT(refusal(args_of("add", 1)), "prime 1 is outside [2, 2000]");
    CHECK_TEXT(refusal(args_of("add", -7)), "prime -7 is outside [2, 2000]");
    CHECK_TEXT(refusal(args_of("add", 1000003)), "prime 1000003 is outside [2, 2000]");
}

TEST(settings_that_do_not_fit_are_refused)
{
    gk_data_args args = args_of("add", 113);
    args.vocab_prime = 97;
    CHECK_CONTAINS(refusal(args), "vocab-prime 97 is outside [113, ");
    args = args_of("s5", 113);
    args.sequence = GK_SEQ_OP_MOD;
    CHECK_TEXT(refusal(args), "sequence 'op-mod' needs a task with a modulus, but task is 's5'");
    args = args_of("s5", 113);
    args.vocab_prime = 127;
    CHECK_CONTAINS(refusal(args), "vocab-prime is for tasks with a modulus");
    args = args_of("add", 113);
    args.sequence = 4;
    CHECK_CONTAINS(refusal(args), "sequence 4 is not one of 0..3");
    args.task = 1000;
    CHECK_CONTAINS(refusal(args), "task 1000 is not one of 0..");
    args.task = -1;
    CHECK_CONTAINS(refusal(args), "task -1 is not one of 0..");
}

TEST(the_permutation_tasks_ignore_the_prime)
{
    gk_dataset *one = build_named("s5", 113), *other = build_named("s5", 99);
    CHECK_TEXT(one->sha256, other->sha256);
    gk_dataset_free(one);
    gk_dataset_free(other);
}

TEST_MAIN(
    RUN(every_polynomial_task_gives_its_polynomial_for_small_and_large_primes)
    RUN(division_leaves_out_zero_and_is_undone_by_multiplication)
    RUN(mix_divide_subtract_divides_where_the_second_operand_is_odd)
    RUN(s5_has_all_permutations_in_lexicographic_order)
    RUN(s5_answers_are_the_product_first_a_then_b)
    RUN(s5_is_a_group_that_does_not_commute)
    RUN(s5_conjugate_and_aba_follow_from_the_product)
    RUN(random_answers_are_fixed_by_the_data_seed_and_use_all_numbers_evenly)
    RUN(every_task_has_a_test_of_its_answers)
    RUN(every_task_and_sequence_keeps_tokens_and_labels_in_the_vocabulary)
    RUN(sequences_have_the_token_ids_of_the_papers)
    RUN(vocabulary_names_numbers_operators_and_moduli)
    RUN(checksums_agree_with_the_documented_layout)
    RUN(a_number_that_is_not_prime_is_refused_with_its_neighbours)
    RUN(settings_that_do_not_fit_are_refused)
    RUN(the_permutation_tasks_ignore_the_prime)
)
