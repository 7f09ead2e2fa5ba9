/* test_exact.c -- expressions without rounding: fractions, residues, what has no value and what is too large. */
#include "table/exact.h"

#include <stdlib.h>
#include "../test.h"

enum { A, B, P, N_COLUMN };

static gk_arena arena;
static const gk_expression *expression;
static bool used[N_COLUMN];

/* The expression over columns a, b and p, in `expression`; -1 with gk_error. */
static int read_formula(const char *text)
{
    static gk_frame *frame;
    static gk_rows_of_tables tables;
    if (!frame) {
        frame = calloc(1, sizeof *frame);
        frame->n_row = 1;
        frame->path = "formula";
        CHECK_INT(gk_frame_add(frame, "a"), A);
        CHECK_INT(gk_frame_add(frame, "b"), B);
        CHECK_INT(gk_frame_add(frame, "p"), P);
        for (int c = 0; c < N_COLUMN; c++)
            frame->column[c].value[0] = 0;
        tables = (gk_rows_of_tables){ .n_table = 1, .table = &frame };
    }
    memset(used, 0, sizeof used);
    expression = gk_expression_read(&tables, text, GK_ROW_NUMBER, &arena);
    return expression ? gk_exact_check(expression, used) : -1;
}

static gk_exactness at(int64_t a, int64_t b, int64_t p, gk_fraction *out)
{
    return gk_row_exact(expression, (int64_t[]){ a, b, p }, out);
}

TEST(values_are_exact_where_doubles_are_not)
{
    static const struct { const char *text; int64_t a, b, p, over, under; } rows[] = {
        { "a + b", 3, 4, 7, 7, 1 },               { "a - b", 3, 4, 7, -1, 1 },             { "a / b", 6, 4, 7, 3, 2 },
        { "a / b * b", 7, 3, 7, 7, 1 },           { "1/3 + 1/6", 0, 0, 7, 1, 2 },          { "-a / -b", 6, 4, 7, 3, 2 },
        { "a * b + 1", 3037000499, 3037000499, 7, 3037000499 * 3037000499 + 1, 1 },        /* not a double */
        { "(a - b) % p", 3, 5, 7, 5, 1 },         { "-1 % p", 0, 0, 7, 6, 1 },        { "-(1 % p)", 0, 0, 7, -1, 1 },
        { "(a / b) % p", 1, 2, 97, 49, 1 },       { "(a / b) % p", 4, 6, 9, 0, 0 },    /* 2/3 modulo 9 */
        { "(b / b) % p", 0, 7, 7, 1, 1 },         { "(1 / 2 + 1 / 2) % 4", 0, 0, 7, 1, 1 },
        { "a ^ b", 3, 4, 7, 81, 1 },              { "2 ^ 3 ^ 2", 0, 0, 7, 512, 1 },        { "-2 ^ 2", 0, 0, 7, -4, 1 },
        { "2 ^ -2", 0, 0, 7, 1, 4 },              { "a ^ 0", 0, 0, 7, 1, 1 },              { "(2 ^ -1) % p", 0, 0, 97, 49, 1 },
        { "a ^ b % p", 1998, 1999, 1999, 1998, 1 },                                        /* (-1)^odd */
        { "(a ^ 1000 + 3 * b) % p", 2, 5, 11, 5, 1 },                            /* 2^10 = 1 modulo 11 */
        { "(2 ^ 100 / 3 ^ 70) % 5", 0, 0, 7, 4, 1 },                                       /* 1 / 9 */
        { "(a - 2 ^ 64) % 10", 0, 0, 7, 4, 1 },   { "-(2 ^ 64) % 10", 0, 0, 7, 4, 1 },
        { "if a % 2 = 1 then a * b else a + b", 3, 4, 7, 12, 1 },
        { "if a % 2 = 1 then a * b else a + b", 2, 4, 7, 6, 1 },
        { "if b = 0 then 0 else a / b", 5, 0, 7, 0, 1 },
        { "(if b = 0 then 1 else (2 ^ 70)) % 5", 0, 1, 7, 4, 1 },
        { "1 + (if a < b then 1 else if a = b then 2 else 3)", 4, 4, 7, 3, 1 },
        { "a < b", 1, 2, 7, 1, 1 },               { "a < b", 2, 2, 7, 0, 1 },              { "not a < b", 2, 2, 7, 1, 1 },
        { "a = 1/2 * 2", 1, 0, 7, 1, 1 },         { "1/3 < 1/2 and 2/4 = 1/2", 0, 0, 7, 1, 1 },
        { "b != 0 and a / b = 1", 0, 0, 7, 0, 1 },    { "b = 0 or a / b = 1", 0, 0, 7, 1, 1 },
        { "abs(a - b)", 2, 5, 7, 3, 1 },
        { "a / b", 1, 0, 7, 0, 0 },               { "(a / b) % p", 1, 0, 7, 0, 0 },        { "a % b", 1, 0, 7, 0, 0 },
        { "a % (1/2)", 1, 0, 7, 0, 0 },           { "a % -7", 1, 0, 7, 0, 0 },             { "2 ^ (1/2)", 0, 0, 7, 0, 0 },
        { "0 ^ -1", 0, 0, 7, 0, 0 },              { "(0 ^ -1) % 1", 0, 0, 7, 0, 0 },
        { "if a / b = 1 then 1 else 2", 1, 0, 7, 0, 0 },
        { "2 ^ 62 + 2 ^ 62", 0, 0, 7, 0, -1 },    { "a ^ b", 10, 19, 7, 0, -1 },           { "2 ^ 63", 0, 0, 7, 0, -1 },
        { "-(2 ^ 62) - 2 ^ 62", 0, 0, 7, 0, -1 }, { "2 ^ 70 % 1", 0, 0, 7, 0, -1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gk_fraction found = { 0, 0 };
        if (read_formula(rows[i].text) < 0) {
            printf("'%s': %s\n", rows[i].text, gk_error_message());
            CHECK(false);
            continue;
        }
        gk_exactness state = at(rows[i].a, rows[i].b, rows[i].p, &found);
        if (state != (rows[i].under > 0 ? GK_EXACT : rows[i].under == 0 ? GK_NO_VALUE : GK_TOO_LARGE))
            printf("in '%s'\n", rows[i].text);
        CHECK_INT(state, rows[i].under > 0 ? GK_EXACT : rows[i].under == 0 ? GK_NO_VALUE : GK_TOO_LARGE);
        CHECK(state != GK_EXACT || (found.over == rows[i].over && found.under == rows[i].under));
    }
}

TEST(residues_are_those_of_a_search)
{
    int n_wrong = 0;
    CHECK_INT(read_formula("(a ^ 7 - 3 * a * b + b / a) % p"), 0);
    for (int64_t p = 2; p < 12; p++)
        for (int64_t a = -9; a < 10; a++)
            for (int64_t b = -9; b < 10; b++) {
                gk_fraction found;
                int64_t     polynomial = a * a * a * a * a * a * a - 3 * a * b, expected = -1;
                /* c a = polynomial a + b: in lowest terms, for a common divisor of a and b cancels */
                int64_t over = polynomial * a + b, under = a;
                for (int64_t d = 2; d <= 9; d++)
                    while (under != 0 && over % d == 0 && under % d == 0) {
                        over /= d;
                        under /= d;
                    }
                int n_found = 0;
                for (int64_t c = 0; under != 0 && c < p; c++)
                    if ((c * under - over) % p == 0) {
                        expected = c;
                        n_found++;
                    }
                gk_exactness state = at(a, b, p, &found);
                n_wrong += state != (n_found == 1 ? GK_EXACT : GK_NO_VALUE) || (n_found == 1 && found.over != expected);
            }
    CHECK_INT(n_wrong, 0);
}

TEST(columns_that_are_named_are_told)
{
    CHECK_INT(read_formula("if a < 1 then p else 2"), 0);
    CHECK(used[A] && !used[B] && used[P]);
}

TEST(what_cannot_be_exact_is_refused)
{
    static const struct { const char *text, *message; } rows[] = {
        { "a + 0.5", "no whole number (write a fraction as 1/2) at '0.5'" },    { "a + inf", "at 'inf'" },
        { "1e300", "at '1e300'" },               { "ln(a)", "a function that is not exact (only abs is) at 'ln(a)'" },
        { "((((((((a % 9) % 9) % 9) % 9) % 9) % 9) % 9) % 9) % 9", "too many '%' within each other" },
        { "a +", "something is missing" },       { "(a + b", "no ')'" },         { "a b", "not understood at 'b'" },
        { "q + 1", "'q'" },                      { "if a then 1 else 2", "column 'a' holds numbers, expected a condition" },
        { "if a = 1 2", "no 'then' at '2'" },    { "if a = 1 then 2", "no 'else'" },
        { "if a = 1 then 2 else a = 2", "a condition, expected a number" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(read_formula(rows[i].text), -1);
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
    }
}

TEST_MAIN(
    RUN(values_are_exact_where_doubles_are_not)
    RUN(residues_are_those_of_a_search)
    RUN(columns_that_are_named_are_told)
    RUN(what_cannot_be_exact_is_refused)
    gk_arena_release(&arena);
)
