/* define.h -- columns that are computed from others, for tools that read tables. */
#ifndef GK_TABLE_DEFINE_H
#define GK_TABLE_DEFINE_H

#include "base/arena.h"
#include "table/expression.h"

/* Add the columns of `definitions` ("NAME=EXPRESSION,...", NULL: none), each a row expression (expression.h) over the columns
 * before it.  -1 with gk_error: not such a list, not understood, a name that is taken, or no number in any row. */
int gk_define(gk_frame *frame, const char *definitions, gk_arena *arena) GK_MUST_CHECK;

/* The same, then the rows for which `where` is true (NULL: all).  unmet: a text in `where` that no row has, as a sentence, or
 * NULL (gk_expression_unmet).  In arena memory. */
int gk_define_and_select(gk_frame *const *frame, const char *definitions, const char *where, gk_arena *arena, gk_selection *out,
                         const char **unmet) GK_MUST_CHECK;

#endif
