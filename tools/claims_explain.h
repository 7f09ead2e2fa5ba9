/* claims_explain.h -- one claim for people who doubt it: what it says, its rows, what is computed, what comes of it. */
#ifndef GK_TOOLS_CLAIMS_EXPLAIN_H
#define GK_TOOLS_CLAIMS_EXPLAIN_H

#include "table/claims.h"

/* Printed on standard output: the claim, the columns of the selected rows that it mentions, the rows that `let` makes of them,
 * every aggregate, the verdict (as verdict names it) and what is missing, and how the tables of these rows were made.  -1 with
 * gk_error. */
int gk_claim_explain(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_judgement *found, const char *verdict,
                     gk_arena *arena) GK_MUST_CHECK;

#endif
