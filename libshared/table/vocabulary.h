/* vocabulary.h -- the different names that stand in some columns of a table. */
#ifndef GK_TABLE_VOCABULARY_H
#define GK_TABLE_VOCABULARY_H

#include "table/frame.h"

/* Numbers in their order, then other names in theirs; and of every cell the number of its name. */
typedef struct gk_vocabulary { int n; const char **name; int32_t **id; } gk_vocabulary;    /* name [n], id [n_column][n_row] */

/* Of these columns together, in arena memory; numbers are named as they are written.  -1 with gk_error: a cell with nothing in
 * it, more than n_most names. */
int gk_vocabulary_of(const gk_frame *frame, int n_column, const int *columns, int n_most, gk_arena *arena,
                     gk_vocabulary *out) GK_MUST_CHECK;

/* What stands in a cell, in arena memory; "": nothing. */
const char *gk_cell_text(const gk_frame *frame, int column, int64_t row, gk_arena *arena);
/* gk_error: there is nothing in it, or nan or inf where a number was asked for.  Always -1. */
int gk_cell_missing(const gk_frame *frame, int column, int64_t row);

#endif
