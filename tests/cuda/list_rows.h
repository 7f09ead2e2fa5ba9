/* list_rows.h -- rows of ops whose indices are chosen: long lists of places, and positions that never change. */
#ifndef GK_TESTS_CUDA_LIST_ROWS_H
#define GK_TESTS_CUDA_LIST_ROWS_H

#include "../kernel/rows.h"

typedef struct list_row {
    op_row     row;
    unsigned   constant;    /* bits of the positions of an index that have one value */
    const int *lists;       /* how often each value stands in an index, up to -1; NULL: as chance will have it */
} list_row;

static const int lengths[] = { 129, 0, 1, 63, 64, 0, 65, 127, 128, 200, -1 };    /* 777 in all */
static const int long_list[] = { 0, 3830, 127, 0, 128, 129, 1, 1, -1 };          /* 4216 */

/* Attention with queries, keys and values from tables: the positions that are read constant, some of them, none; widths that
 * fours divide, and others; one to four tokens; heads by fours or not. */
#define TABLES(n, key, heads, value, n_token) { S(n, (heads) * (key)), S(n, (heads) * (key)), S(n, heads, value), INPUT(n_token) }
static const list_row list_rows[] = {
    { { GK_OP_embed, "lists of all lengths", {{0}}, { S(10, 5), INPUT(1) },              777, 1, 2e-5 }, 0, lengths },
    { { GK_OP_embed, "lists of all lengths, by fours", {{0}}, { S(11, 68), INPUT(1) },   777, 1, 2e-5 }, 0, lengths },
    { { GK_OP_embed, "a list of 3830 places", {{0}}, { S(9, 2), INPUT(1) },             4216, 1, 2e-5 }, 0, long_list },
    { { GK_OP_embed, "more values than places", {{0}}, { S(5000, 1), INPUT(3) },          40, 1, 2e-5 }, 0, NULL },
    { { GK_OP_embed_sum, "a thousand words", {{0}}, { S(1001, 2), INPUT(20) },           130, 1, 2e-5 }, 0, NULL },
    { { GK_OP_embed, "a constant list, by fours", {{0}}, { S(3, 64), CONST(150) },         2, 1, 2e-5 }, 0, NULL },
    { { GK_OP_embed, "one value",            {{0}}, { S(7, 3), INPUT(1) },               150, 1, 2e-5 }, 1, NULL },
    { { GK_OP_embed_sum, "a constant token, by fours", {{0}}, { S(6, 132), INPUT(3) },    90, 1, 2e-5 }, 2, NULL },
    { { GK_OP_select, "by fours",            { .select = { 2, { 2, 0 } } }, { R(3, 64) },  5, 1, 1e-6 }, 0, NULL },
    { { GK_OP_attention, "scores of a table, by fours", ATTEND(4, 3, 1, false, true, 2), TABLES(9, 64, 4, 68, 3),
        150, .3, 4e-5 }, 4, NULL },
    { { GK_OP_attention, "scores of a table, odd widths", ATTEND(4, 3, 1, true, true, 2), TABLES(9, 5, 4, 3, 3),
        150, 1, 4e-5 }, 4, NULL },
    { { GK_OP_attention, "scores of rows, by fours", ATTEND(4, 3, 1, false, true, 2), TABLES(9, 64, 4, 64, 3),
        70, .3, 4e-5 }, 3, NULL },
    { { GK_OP_attention, "two constant reads, causal", ATTEND(4, 4, 2, true, true, 2, 3), TABLES(8, 6, 4, 64, 4),
        40, 1, 4e-5 }, 12, NULL },
    { { GK_OP_attention, "two reads, one constant", ATTEND(4, 4, 2, true, true, 2, 3), TABLES(8, 6, 4, 64, 4),
        40, 1, 4e-5 }, 8, NULL },
    { { GK_OP_attention, "the same read twice", ATTEND(2, 2, 3, false, true, 1, 0, 1), TABLES(5, 6, 2, 9, 2),
        40, 1, 4e-5 }, 3, NULL },
    { { GK_OP_attention, "one token, constant", ATTEND(3, 1, 1, true, true, 0), TABLES(4, 6, 3, 7, 1),
        70, 1, 4e-5 }, 1, NULL },
    { { GK_OP_attention, "eight heads", ATTEND(8, 3, 1, true, true, 2), TABLES(6, 8, 8, 64, 3),
        30, 1, 4e-5 }, 4, NULL },
    { { GK_OP_attention, "tables side by side, constant", ATTEND(5, 2, 1, true, false, 1),
        { S(6, 20), S(6, 20), S(6, 100), INPUT(2) }, 80, 1, 4e-5 }, 2, NULL },
    { { GK_OP_attention, "tables of unlike lengths", ATTEND(2, 2, 1, true, false, 1),
        { S(4, 6), S(7, 6), S(5, 6), INPUT(2) }, 20, 1, 4e-5 }, 2, NULL },
    { { GK_OP_attention, "rows, by fours", ATTEND(4, 3, 3, true, false, 0, 1, 2), { R(3, 256), R(3, 256), R(3, 256) },
        4, .3, 4e-5 }, 0, NULL },
    { { GK_OP_attention, "rows, by fours, heads narrow", ATTEND(4, 3, 2, false, false, 1, 2), { R(2, 64), R(3, 64), R(3, 80) },
        4, 1, 4e-5 }, 0, NULL },
};
#undef TABLES
enum { N_LIST_ROW = sizeof list_rows / sizeof *list_rows };

/* The row of lists that a row belongs to; NULL: none. */
static inline const list_row *list_row_of(const op_row *row)
{
    for (int i = 0; i < N_LIST_ROW; i++)
        if (row == &list_rows[i].row)
            return &list_rows[i];
    return NULL;
}

#endif
