/* table.h -- tables as TSV or as lines of JSON, on stdout or into a file.
 *
 * TSV: one header line (units in the column names), one row per observation; in a file, '#' lines of provenance before them.
 * JSON: one object a row.  table/tsv.h reads both back as they were.  All of it begins with the first row, or at
 * gk_table_close: a tool that fails before has printed nothing.  Errors are sticky: nothing needs to be checked before
 * gk_table_close, which notices a full disk or closed pipe. */
#ifndef GK_BASE_TABLE_H
#define GK_BASE_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

typedef struct gk_table gk_table;

/* path "-" or NULL: stdout.  A file is written to a temporary name and renamed at close.  NULL with gk_error. */
gk_table *gk_table_open(const char *path, bool json);

void gk_table_comment(gk_table *table, const char *format, ...) GK_PRINTF(2, 3);   /* '# ...'; left out of JSON */
/* The same, and only in a file: what is read on a terminal, or by column, awk and the next tool, is a header and rows. */
void gk_table_provenance(gk_table *table, const char *format, ...) GK_PRINTF(2, 3);
void gk_table_column(gk_table *table, const char *name);                        /* all columns before the first row */
/* Number of columns with this name, units (":updates") apart: more than 1 if it is taken twice. */
int  gk_table_count_named(const gk_table *table, const char *name);

/* Cells of the current row, in column order; a row ends with gk_table_end_row (missing cells are empty / null). */
void gk_table_int(gk_table *table, int64_t value);
void gk_table_real(gk_table *table, double value, int digits);   /* %.*g; inf, -inf, nan: in JSON as texts, "inf" */
void gk_table_text(gk_table *table, const char *value);          /* in TSV control characters become spaces; " at its begin, or
                                                                    blanks at an end: in quotes */
void gk_table_empty(gk_table *table);
void gk_table_end_row(gk_table *table);

/* Flush, check, rename; frees the table.  0, or -1 with gk_error. */
int  gk_table_close(gk_table *table) GK_MUST_CHECK;

#endif
