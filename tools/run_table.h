/* run_table.h -- tables about the runs of checkpoints: operands with tags, and the columns that say which run a row is of.
 *
 * Operands are files and assignments: KEY=VALUE is a tag of all files after it, until the same key is assigned anew (as in awk);
 * a file with '=' in its name is written ./NAME.  Tags are the first columns of the table; then comes 'file' if there are
 * several. */
#ifndef GK_TOOLS_RUN_TABLE_H
#define GK_TOOLS_RUN_TABLE_H

#include "base/options.h"
#include "base/table.h"
#include "io/checkpoint.h"
#include "table/runs.h"

typedef struct gk_operands {
    gk_arena        arena;
    int             n_file, n_tag;
    gk_checkpoint **file;          /* [n_file] */
    const char    **tag;           /* [n_tag] keys, in order of appearance */
    const char    **value;         /* [n_file][n_tag], "" if not assigned */
} gk_operands;

/* Read all operands, parts as in gk_checkpoint_read.  Ends the program if there is no file, or one cannot be read. */
void gk_operands_read(gk_operands *operands, const gk_given *given, unsigned parts);
void gk_operands_release(gk_operands *operands);

/* Comments: the command line, and of every file its sum and what made it (table/origin.h). */
void gk_run_comments(gk_table *table, const gk_given *given, const gk_operands *operands);

/* Header and cells: tags and file. */
void gk_file_columns(gk_table *table, const gk_operands *operands);
void gk_put_file(gk_table *table, const gk_operands *operands, int file);

/* A table about runs of the operands. */
typedef struct gk_run_table {
    gk_operands operands;
    gk_runs    *runs;
    gk_table   *table;
} gk_run_table;

/* Open `output` (- or NULL: standard output) for the table of `runs`, of out->operands, with its comments.  Ends the program if
 * runs is NULL, or the file cannot be written. */
void gk_run_table_open(gk_run_table *out, const gk_given *given, gk_runs *runs, const char *output, bool json);
/* Close the table, and free all three.  Ends the program if it could not be written. */
void gk_run_table_close(gk_run_table *out);

/* Header and cells: tags, file, and the columns of the runs. */
void gk_run_columns(const gk_run_table *out);
void gk_put_run(const gk_run_table *out, const gk_run *run);

/* Once the table has all its columns: ends the program if a tag, of an operand or of runs, has the name of another one. */
void gk_check_tags(const gk_table *table, const gk_operands *operands);

/* "name:unit" in TSV, "name" in JSON. */
void gk_unit_column(gk_table *table, const char *name, const char *unit, bool json);
/* The number with as few digits as read back the same: 0.1, not 0.10000000000000001. */
void gk_put_exact(gk_table *table, double value);

#endif
