/* claims_rows.h -- what the rows behind a verdict are of, as it tells it: seeds, operators. */
#ifndef GK_TOOLS_CLAIMS_ROWS_H
#define GK_TOOLS_CLAIMS_ROWS_H

#include "table/claims.h"

/* "0..4 7": the seeds of these rows, in arena memory; *n_seed: how many there are. */
const char *gk_seed_set(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena, int64_t *n_seed);

/* Of a judgement's n_seed those that are seeds: rows without one, places of a map and steps of a path, are not; "-": none is. */
const char *gk_seeds_told(int64_t n_behind, int64_t n_seed, gk_arena *arena);

/* What made the rows that the verdict is made of, and by which commands (table/origin.h); or, where their tables do not say it
 * (contours of a map), all that `where` selects. */
const char *gk_made_of(const gk_rows_of_tables *tables, const gk_judgement *found, gk_arena *arena);
const char *gk_commands_of(const gk_rows_of_tables *tables, const gk_judgement *found, gk_arena *arena);

/* "add subtract": what their columns task and operator hold, in order of first appearance, in arena memory; "": no such
 * column. */
const char *gk_operators_of(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena);

#endif
