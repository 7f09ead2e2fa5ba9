/* combine.h -- tables made of tables: rows of several under one set of columns, columns joined by key, rows in another order. */
#ifndef GK_TABLE_COMBINE_H
#define GK_TABLE_COMBINE_H

#include "table/expression.h"

/* Length of KEY if an operand of a command line is the tag KEY=VALUE, else 0. */
size_t gk_tag_length(const char *operand);

/* A column of texts of `text` in every row, in front of the others.  -1 with gk_error: there is one of this name. */
int gk_frame_tag(gk_frame *frame, const char *name, const char *text) GK_MUST_CHECK;

/* The rows of all frames, one after another, with the columns of all, in order of first appearance; what a frame lacks is empty.
 * A column that holds texts in one of them holds texts.  The frames must outlive it.  NULL with gk_error: out of memory. */
gk_frame *gk_frame_append(int n, gk_frame *const *frame) GK_MUST_CHECK;

/* Rows of `left` with the other columns of the row of `right` that has the same values in the key columns ("NAME,..."); rows
 * without one are left out, or kept, with empty cells, if `outer`.  The frames must outlive it.  NULL with gk_error: a key
 * that one lacks, or that two rows of `right` have; a column that both have; out of memory. */
gk_frame *gk_frame_join(const gk_frame *left, const gk_frame *right, const char *key, bool outer) GK_MUST_CHECK;

/* Rows of the only table, sorted by columns "NAME,..." (numbers ascending, texts by byte, missing last; -NAME: descending), else
 * in the order in which they were.  -1 with gk_error: no such column. */
int gk_rows_sort(const gk_frame *frame, const char *columns, gk_arena *arena, gk_selection *rows) GK_MUST_CHECK;

/* The first row of every combination of values in these columns.  -1 with gk_error: no such column. */
int gk_rows_unique(const gk_frame *frame, const char *columns, gk_arena *arena, gk_selection *rows) GK_MUST_CHECK;

#endif
