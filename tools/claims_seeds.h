/* claims_seeds.h -- the seeds behind a verdict, as it tells them. */
#ifndef GK_TOOLS_CLAIMS_SEEDS_H
#define GK_TOOLS_CLAIMS_SEEDS_H

#include "table/claims.h"

/* "0..4 7": the seeds of these rows, in arena memory; *n_seed: how many there are. */
const char *gk_seed_set(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena, int64_t *n_seed);

/* Of a judgement's n_seed those that are seeds: rows without one, places of a map and steps of a path, are not; "-": none is. */
const char *gk_seeds_told(int64_t n_behind, int64_t n_seed, gk_arena *arena);

#endif
