/* derive.h -- rows that are made of groups of rows. */
#ifndef GK_TABLE_DERIVE_H
#define GK_TABLE_DERIVE_H

#include "table/expression.h"

/* One row for each combination of values of the columns `per` (of none: one row of all), in the order in which they first appear,
 * with these columns and those of `let`: "NAME = EXPRESSION; NAME = EXPRESSION; ...".  The expressions are numbers, made of
 * aggregates over the rows of the group and of $NAME, an earlier one or a parameter.  Rows of groups of several seeds (`seed` is
 * not in `per`) know what each seed would make of them by itself, too.  n_seed: the fewest seeds behind any expression.
 * behind: of each row, the rows that it was made of.  In arena memory (not to be freed); NULL with gk_error. */
gk_frame *gk_derive(const gk_rows_of_tables *tables, const gk_selection *rows, const char *per, const char *let, gk_arena *arena,
                    int64_t *n_seed, const gk_selection **behind) GK_MUST_CHECK;

#endif
