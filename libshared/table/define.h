/* define.h -- columns that are computed from others, for tools that read tables. */
#ifndef GK_TABLE_DEFINE_H
#define GK_TABLE_DEFINE_H

#include "base/arena.h"
#include "table/frame.h"

/* Add the columns of `definitions` ("NAME=EXPRESSION,...", NULL: none), each a row expression (expression.h) over the columns
 * before it.  -1 with gk_error: not such a list, not understood, a name that is taken, or no number in any row. */
int gk_define(gk_frame *frame, const char *definitions, gk_arena *arena) GK_MUST_CHECK;

#endif
