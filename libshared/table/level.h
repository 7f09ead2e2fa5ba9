/* level.h -- rows of tables with the same values in some columns, in time that is linear in their number. */
#ifndef GK_TABLE_LEVEL_H
#define GK_TABLE_LEVEL_H

#include "table/expression.h"

/* The rows of a selection by their values in some columns: groups in order of first appearance, rows in theirs. */
typedef struct gk_levels {
    int64_t       n;
    const char  **name;    /* [n] "add, adamw"; "" for no columns */
    gk_selection *rows;    /* [n] */
} gk_levels;

/* columns: "task, optimizer" or "task optimizer".  In arena memory.  -1 with gk_error: no such column, out of memory. */
int gk_levels_of(const gk_rows_of_tables *tables, const gk_selection *rows, const char *columns, gk_arena *arena, gk_levels *out)
    GK_MUST_CHECK;

/* The next of such names apart, in place; NULL after the last. */
char *gk_next_name(char **rest);

#endif
