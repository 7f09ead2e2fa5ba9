/* critical_runs.h -- runs of other programs, and the numbers in the tables that they print. */
#ifndef GK_TOOLS_CRITICAL_RUNS_H
#define GK_TOOLS_CRITICAL_RUNS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"

/* A command of n words, in which {x}, {seed} and {file} stand for what it is run with. */
typedef struct gk_words { int n; const char *const *word; } gk_words;

/* Does any word have this in it? */
bool gk_words_have(gk_words command, const char *what);

/* The words with x, seed (numbers with commas) and file in place, ended by NULL, in arena memory. */
const char **gk_words_with(gk_words command, const char *x, const char *seed, const char *file, gk_arena *arena);

/* Run it and take the column `value` of the table that it prints: out[i] is that of seed[i], which has one row there (column
 * seed; without that column, the one row is the one seed's).  is_read false: what it prints is dropped.  -1 with gk_error: it
 * cannot be run or fails; no such table, column or row. */
int gk_run_words(const char *const *words, bool is_read, const char *value, int64_t n, const int64_t *seed,
                 double *out) GK_MUST_CHECK;

#endif
