/* statistics.h -- the statistics of grok-stat: which there are, and the table that one makes of selected rows. */
#ifndef GK_TABLE_STATISTICS_H
#define GK_TABLE_STATISTICS_H

#include "table/expression.h"
#include "table/stat_rows.h"

enum { GK_STAT_NEEDS_LEVEL = 1, GK_STAT_LEVELS = 2, GK_STAT_BETWEEN = 4 };
enum { GK_STAT_MAX_BY = 8 };

/* put: the cells of the one row of a level.  write: all its rows.  In names of columns, X, Y and Z stand for those that are
 * asked for, where Z is the last one; Y, and what has it in its name, is left out where a statistic is given no Y. */
typedef struct gk_statistic {
    const char    *name;
    int            least, most;       /* columns of the table that it looks at */
    unsigned       flags;             /* GK_STAT_NEEDS_LEVEL, GK_STAT_LEVELS: several; GK_STAT_BETWEEN: of two values of X */
    gk_stat_write *put, *write;
    const char    *column[9];
} gk_statistic;

/* By name; NULL with gk_usage_error naming those that there are. */
const gk_statistic *gk_statistic_find(const char *name);

typedef struct gk_stat_request {
    const gk_statistic *what;
    int             n_column, column[3];           /* what->least to ->most of them; numbers, but for X with between */
    int             n_by, by[GK_STAT_MAX_BY];      /* a level for each combination of values in these */
    const char     *between;                       /* "A,B": the two values of X; NULL */
    gk_stat_options options;
} gk_stat_request;

/* Columns and rows of the statistic, a level after the other, of those rows.  *n_left_out: rows without a value, which count
 * nowhere. Runs of one seed are told by column `seed`.  -1 with gk_error: between is not two values, two columns of one name,
 * out of memory. */
int gk_statistic_table(const gk_frame *frame, const gk_selection *rows, const gk_stat_request *request, gk_arena *arena,
                       gk_table *table, int64_t *n_left_out) GK_MUST_CHECK;

#endif
