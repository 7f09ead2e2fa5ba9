/* origin.h -- where the rows of a table came from: the line about a checkpoint that tools write in front of it, read again. */
#ifndef GK_TABLE_ORIGIN_H
#define GK_TABLE_ORIGIN_H

#include "base/table.h"
#include "io/checkpoint.h"
#include "table/expression.h"

/* "# run.h5 sha256 SUM, grok-train 0.1.0, cpu, fp32, data SUM, made by: COMMAND", and "# note of run.h5: TEXT" if it has one */
void gk_origin_write(gk_table *table, const gk_checkpoint *file);

/* The same of a table whose rows are of no checkpoint: "# WHAT, grok-critical 0.1.0, made by: COMMAND". */
void gk_origin_write_made(gk_table *table, const char *what, const char *command);
/* What COMMAND of a line of origin is; NULL: it is no such line. */
const char *gk_origin_command(const char *line);

/* What made the runs of these rows: "cpu, fp32, grok-train 0.1.0, data 3f0c5a7e9b12", each different one once, "; " between them.
 * Rows with a column `file` are of that file, others of all files of their table; "" where the lines do not say; of what has no
 * checkpoint, what made it.  In arena memory. */
const char *gk_origin_of(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena);

/* Lines of origin, and notes, that stand in front of these tables, each once: a table that is made of them has them.  */
void gk_origin_pass_on(gk_table *table, int n_table, gk_frame *const *from);

/* The commands that made these runs, as their files have them, each different one once, "; " between them; "": not told. */
const char *gk_origin_commands(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena);

#endif
