/* frame.h -- a table in memory: named columns of numbers or texts, from a TSV (tsv.h) or from checkpoints (runs.h). */
#ifndef GK_TABLE_FRAME_H
#define GK_TABLE_FRAME_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "table/range.h"

typedef struct gk_frame_column {
    const char  *name;     /* without its unit */
    const char  *unit;     /* "" if the header named none (name:unit) */
    double      *value;    /* [n_row], NaN: missing; NULL for a column of texts */
    const char **text;     /* [n_row], never NULL entries; NULL for a column of numbers */
    const char **cell;     /* [n_row] how the numbers were written ("": missing); NULL: they are of no file */
    gk_range    *range;    /* [n_row] what is known of the numbers; NULL: they are exact.  Of the arena, as or_else */
    gk_range    *by_seed;  /* [n_row][n_seed of the frame] what each seed says by itself, NaN without limits: nothing; or NULL */
    const char ***or_else; /* [n_row] what a text might still become, up to a NULL; NULL: nothing else; or NULL */
} gk_frame_column;

typedef struct gk_frame {
    gk_arena         arena;       /* names, and texts that are not in buffer */
    char            *buffer;      /* what a TSV's texts point into, or NULL */
    const char      *path;        /* where it came from, for messages */
    int64_t          n_row;
    int              n_column, n_note;
    gk_frame_column *column;
    int64_t          n_seed;      /* behind rows that stand for groups of several seeds (derive.h); else 0 */
    const char     **note;        /* [n_note] the lines in front of its header, without '#' */
} gk_frame;

void gk_frame_free(gk_frame *frame);    /* NULL is fine */

/* Index of a column by name, alone or with its unit as in the header ("step:updates"), or -1 (no message). */
int  gk_frame_find(const gk_frame *frame, const char *name);
/* The same, or -1 with gk_error naming the columns that there are. */
int  gk_frame_need(const gk_frame *frame, const char *name) GK_MUST_CHECK;
/* The same of a column that the command line names: -1 with gk_usage_error. */
int  gk_frame_asked(const gk_frame *frame, const char *name) GK_MUST_CHECK;

/* Add a column of numbers (name is copied; no other column may have it): its index, its values [n_row] are to be written into
 * column[index].value; or -1 with gk_error. */
int  gk_frame_add(gk_frame *frame, const char *name) GK_MUST_CHECK;

/* Whether two cells of columns of one type hold the same: text, number, or nothing (NaN). */
bool gk_cell_same(const gk_frame_column *a, int64_t row_a, const gk_frame_column *b, int64_t row_b);

/* A number for each combination of values in some columns.  code[row] is in [0, n_level); levels are sorted: by the first
 * column, then the second, ... (numbers ascending, missing last; texts by first appearance).  first_row tells the values. */
typedef struct gk_frame_levels {
    int64_t  n_level;
    int64_t *code;         /* [n_row] */
    int64_t *first_row;    /* [n_level] */
} gk_frame_levels;

/* 0, or -1 with gk_error (out of memory).  No columns: one level. */
int  gk_frame_code(const gk_frame *frame, int n_column, const int *columns, gk_frame_levels *out) GK_MUST_CHECK;
void gk_frame_levels_release(gk_frame_levels *levels);

#endif
