/* test_group.c -- tasks by a table, and finite groups: axioms tried one by one, known numbers of classes, what is no group. */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "data/build.h"
#include "data_fixture.h"

static char path[] = "/tmp/test_group.XXXXXX";

static gk_data_args args_of(const char *task, const char *what)
{
    gk_data_args args = { .task = gk_task_find(task), .prime = 113, .fraction = 0.3, .data_seed = -1 };
    if (strcmp(task, "group") == 0)
        args.finite_group = what;
    else
        args.table_file = what;
    return args;
}

/* Commas become tabs. */
static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");
    bool  ok = file != NULL;
    for (; ok && *text; text++)
        ok = putc(*text == ',' ? '\t' : *text, file) != EOF;
    CHECK(ok && fclose(file) == 0);
}

/* --- groups by name -- */

/* How many axioms fail, with which inverses there are, by trying everything. */
static int64_t n_failure(const int32_t *times, int n)
{
    int64_t n_wrong = 0, e = -1;
    for (int i = 0; i < n * n; i++)
        n_wrong += times[i] < 0 || times[i] >= n;
    for (int x = 0; x < n && e < 0 && n_wrong == 0; x++) {
        e = x;
        for (int y = 0; y < n; y++)
            if (times[x * n + y] != y || times[y * n + x] != y)
                e = -1;
    }
    for (int x = 0; x < n && e >= 0; x++) {
        int n_inverse = 0;
        for (int y = 0; y < n; y++) {
            n_inverse += times[x * n + y] == e && times[y * n + x] == e;
            for (int z = 0; z < n; z++)
                n_wrong += times[times[x * n + y] * n + z] != times[x * n + times[y * n + z]];
        }
        n_wrong += n_inverse != 1;
    }
    return e < 0 ? n_wrong + 1 : n_wrong;
}

TEST(groups_by_name_obey_the_axioms_and_have_their_numbers_of_classes)
{
    static const struct { const char *name; int order, n_class; } rows[] = {
        { "C2", 2, 2 },     { "C6", 6, 6 },    { "C113", 113, 113 }, { "D1", 2, 2 },     { "D2", 4, 4 },       { "D3", 6, 3 },
        { "D4", 8, 5 },     { "D5", 10, 4 },   { "D8", 16, 7 },      { "S2", 2, 2 },     { "S3", 6, 3 },       { "S4", 24, 5 },
        { "S5", 120, 7 },   { "A3", 3, 3 },    { "A4", 12, 4 },      { "A5", 60, 5 },    { "C2xC4", 8, 8 },    { "S3xC2", 12, 6 },
        { "C2xC2xC2", 8, 8 },                  { "C3xD3", 18, 9 },   { "S1xC3", 3, 3 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gk_dataset *dataset = build(args_of("group", rows[i].name));
        const int   n = rows[i].order;
        int         n_commute = 0;
        CHECK_INT(dataset->n_answer, n);
        CHECK_INT(dataset->n_item, (int64_t)n * n);
        CHECK_INT(n_failure(dataset->label, n), 0);
        for (int x = 0; x < n; x++)
            for (int y = 0; y < n; y++)
                n_commute += dataset->label[x * n + y] == dataset->label[y * n + x];
        CHECK_INT(n_commute, n * rows[i].n_class);    /* pairs that commute: order times number of conjugacy classes */
        for (int x = 0; x < n; x++)
            for (int y = 0; y < x; y++)
                CHECK(strcmp(dataset->vocab[x], dataset->vocab[y]) != 0);
        gk_dataset_free(dataset);
    }
}

TEST(c113_is_addition_modulo_113_and_s5_the_task_s5)
{
    static const struct { const char *name, *task; } rows[] = { { "C113", "add" }, { "S5", "s5" } };
    for (int i = 0; i < 2; i++)
        for (int sequence = GK_SEQ_EQ; sequence <= GK_SEQ_PAIR; sequence++) {
            gk_data_args args = args_of("group", rows[i].name);
            if (sequence == GK_SEQ_OP_MOD)
                continue;
            args.sequence = (gk_sequence)sequence;
            gk_dataset *group = build(args);
            args.task = gk_task_find(rows[i].task);
            gk_dataset *task = build(args);
            CHECK_TEXT(group->sha256, task->sha256);
            for (int token = 0; token < group->n_answer; token++)
                CHECK_TEXT(group->vocab[token], task->vocab[token]);
            gk_dataset_free(group);
            gk_dataset_free(task);
        }
}

TEST(names_say_what_the_elements_are)
{
    gk_dataset *d3 = build(args_of("group", "D3")), *product = build(args_of("group", "C2xD3"));
    gk_dataset *a4 = build(args_of("group", "A4"));
    CHECK_TEXT(d3->vocab[2], "r2");
    CHECK_TEXT(d3->vocab[3], "s0");
    CHECK_TEXT(d3->vocab[d3->label[1 * 6 + 3]], "s1");    /* r1 s0 */
    CHECK_TEXT(d3->vocab[d3->label[3 * 6 + 1]], "s2");    /* s0 r1 = r^-1 s0 */
    CHECK_TEXT(product->vocab[6 + 3], "1_s0");
    CHECK_TEXT(product->vocab[product->label[(6 + 3) * 12 + 6 + 1]], "0_s2");
    CHECK_TEXT(a4->vocab[0], "1234");
    CHECK_TEXT(a4->vocab[1], "1342");
    gk_dataset_free(d3);
    gk_dataset_free(product);
    gk_dataset_free(a4);
}

/* --- what is a group -- */

TEST(of_all_operations_on_three_things_those_are_groups_that_obey_the_axioms)
{
    const char  *name[] = { "x", "y", "z" };
    int32_t      times[9];
    gk_operation op = { 3, name, times };
    int          n_group = 0, n_wrong = 0;
    for (int number = 0; number < 19683; number++) {
        for (int i = 0, rest = number; i < 9; i++, rest /= 3)
            times[i] = rest % 3;
        bool is_group = gk_group_check(&op, "x") == 0;
        n_group += is_group;
        n_wrong += is_group != (n_failure(times, 3) == 0);
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(n_group, 3);    /* C3, by the name of its identity */
}

/* Rows 3 and 9 of C12 hold the same two numbers in columns y and y + 6: exchanged, it still is a Latin square with the identity 0
 * and inverses. */
TEST(a_latin_square_with_an_identity_need_not_be_associative)
{
    enum { N = 12 };
    gk_dataset  *c12 = build(args_of("group", "C12"));
    int32_t      times[N * N];
    gk_operation op = { N, c12->vocab, times };
    memcpy(times, c12->label, sizeof times);
    CHECK_INT(gk_group_check(&op, "x"), 0);
    for (int y = 1; y < N - 6; y++)
        for (int k = 0; k < 2; k++) {
            int at = y + 6 * k, other = times[3 * N + at];
            times[3 * N + at] = times[9 * N + at];
            times[9 * N + at] = other;
        }
    CHECK(n_failure(times, N) > 0);
    CHECK_INT(gk_group_check(&op, "x"), -1);
    CHECK_CONTAINS(gk_error_message(), "'x' is no group: not associative, (x y) z is ");
    gk_dataset_free(c12);
}

TEST(a_multiplication_table_is_read_and_what_fails_is_said)
{
    static const struct { const char *text, *message; } rows[] = {
        { "a,b,c\ne,e,e\ne,x,x\nx,e,x\nx,x,e\n", NULL },
        { "c,b,a\nx,e,x\nx,x,e\ne,e,e\ne,x,x\n", NULL },
        { "a,b,c\ne,e,e\ne,x,x\nx,e,x\nx,x,x\n", "is no group: x has no inverse (the identity is e)" },
        { "a,b,c\n0,0,0\n0,1,1\n1,0,1\n1,1,2\n", "is no group: there is no product of x = 0 and y = 2" },
        { "a,b,c\n0,0,0\n0,1,2\n0,2,1\n1,0,1\n1,1,0\n1,2,2\n2,0,2\n2,1,1\n2,2,0\n", "no element leaves all others as they are" },
        { "a,b,c\ne,e,e\ne,x,x\ne,y,y\nx,e,x\nx,x,e\nx,y,x\ny,e,y\ny,x,x\ny,y,e\n",
          "not associative, (x y) z is y and x (y z) is e for x = x, y = x, z = y" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file(rows[i].text);
        gk_data_args args = args_of("group", path);
        gk_dataset  *dataset = gk_dataset_new(&args);
        CHECK((dataset != NULL) == (rows[i].message == NULL));
        CHECK(!dataset || (dataset->n_item == 4 && dataset->label[3] == 0 && strcmp(dataset->vocab[1], "x") == 0));
        if (rows[i].message)
            CHECK_CONTAINS(gk_error_message(), rows[i].message);
        gk_dataset_free(dataset);
    }
}

TEST(what_is_no_name_of_a_group_is_refused)
{
    static const struct { const char *name, *message; } rows[] = {
        { "C2001", "C2001 is outside C1 to C2000" },   { "D1001", "D1001 is outside D1 to D1000" },
        { "A7", "A7 is outside A1 to A6" },
        { "S6xC3", "has more than 2000 elements" },    { "C0", "C0 is outside" },                   { "C1", "has one element" },
        { "C99999999999999999999", "is outside" },
        { "Q8", "'Q8' is no group: expected C113, D5, S5, A5, a product as C2xC4, or a file" },
        { "C5x", "'C5x' is no group" },                { "C5xx2", "is no group" },                  { "5", "is no group" },
        { "", "needs --finite-group" },                { NULL, "needs --finite-group" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gk_data_args args = args_of("group", rows[i].name);
        CHECK(gk_dataset_new(&args) == NULL);
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
    }
    gk_data_args args = args_of("group", "C5");
    args.sequence = GK_SEQ_OP_MOD;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "needs a task with a modulus");
    args.sequence = GK_SEQ_EQ;
    args.vocab_prime = 7;
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "vocab-prime is for tasks with a modulus");
}

/* --- tables -- */

TEST(a_table_has_the_items_of_its_rows_in_the_order_of_names)
{
    char  text[4000] = "c\tother\tb\ta\n", *end = text + strlen(text);
    for (int b = 4; b >= 1; b--)    /* division modulo 5 */
        for (int c = 0; c < 5; c++)
            end += sprintf(end, "%d\tx\t%d\t%d\n", c, b, b * c % 5);
    write_file(text);
    gk_dataset  *table = build(args_of("table", path));
    gk_data_args divide = { .task = gk_task_find("divide"), .prime = 5, .fraction = 0.3, .data_seed = -1 };
    gk_dataset  *truth = build(divide);
    CHECK_TEXT(table->sha256, truth->sha256);
    gk_dataset_free(table);
    gk_dataset_free(truth);
    write_file("a,b,c\n1,2,yes\n2,1,no\n1,1,no\n2,2,no\n");
    table = build(args_of("table", path));
    CHECK(table->n_item == 4 && table->n_answer == 4 && table->n_vocab == 5);
    CHECK_TEXT(table->vocab[2], "no");
    CHECK_TEXT(table->vocab[table->label[1]], "yes");
    CHECK_TEXT(table->vocab[4], "=");
    gk_dataset_free(table);
}

TEST(runs_of_different_tables_are_of_different_items)
{
    gk_data_args a = args_of("table", "x"), b = args_of("table", "y"), c = args_of("group", "x"), d = args_of("group", "y");
    CHECK(!gk_data_same_items(&a, &b) && gk_data_hash_items(&a) != gk_data_hash_items(&b));
    CHECK(!gk_data_same_items(&c, &d) && gk_data_hash_items(&c) != gk_data_hash_items(&d));
}

TEST(a_table_that_is_not_whole_is_refused)
{
    static const struct { const char *text, *message; } rows[] = {
        { "a,b,c\n1,1,1\n1,2,2\n2,1,2\n", "has no row for a = 2, b = 2: it must have one for each name in a with each in b" },
        { "a,b,c\n1,1,1\n1,1,2\n", "has a = 1, b = 1 twice, in rows 1 and 2" },
        { "a,b,c\n1,1,1\n1,,2\n", "column 'b' of '" },       { "a,b,c\n1,1,\n", "has nothing in row 1" },
        { "a,b\n1,1\n", "'c'" },                             { "a,b,c\n", "has no rows" },
        { "a,b,c\n1,1\n", "'" },                             { "", "'" },
        { "a,b,c\n\"1\t2\",1,1\n", "a name in '" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_file(rows[i].text);
        gk_data_args args = args_of("table", path);
        gk_dataset  *dataset = gk_dataset_new(&args);
        CHECK(dataset == NULL);
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
        gk_dataset_free(dataset);
    }
    char *text = malloc(40000), *end = text + sprintf(text, "a,b,c\n");
    for (int i = 0; i <= GK_PRIME_MAX; i++)
        end += sprintf(end, "%d,0,0\n", i);
    write_file(text);
    free(text);
    gk_data_args args = args_of("table", path);
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "more than 2000 different names");
    args = args_of("table", "/nowhere/table.tsv");
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "'/nowhere/table.tsv'");
    args = args_of("table", NULL);
    CHECK(gk_dataset_new(&args) == NULL);
    CHECK_CONTAINS(gk_error_message(), "task 'table' needs --table");
}

static void setup(void)
{
    int file = mkstemp(path);
    CHECK(file >= 0 && close(file) == 0);
}

TEST_MAIN(
    setup();
    RUN(groups_by_name_obey_the_axioms_and_have_their_numbers_of_classes)
    RUN(c113_is_addition_modulo_113_and_s5_the_task_s5)
    RUN(names_say_what_the_elements_are)
    RUN(of_all_operations_on_three_things_those_are_groups_that_obey_the_axioms)
    RUN(a_latin_square_with_an_identity_need_not_be_associative)
    RUN(a_multiplication_table_is_read_and_what_fails_is_said)
    RUN(what_is_no_name_of_a_group_is_refused)
    RUN(a_table_has_the_items_of_its_rows_in_the_order_of_names)
    RUN(runs_of_different_tables_are_of_different_items)
    RUN(a_table_that_is_not_whole_is_refused)
    unlink(path);
)
