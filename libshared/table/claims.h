/* claims.h -- claims about tables: a file of them, and whether they hold.
 *
 * Blocks of 'key: value' between empty lines; a line that begins with a blank goes on with the value before it; '#' at the begin
 * of a line makes it a comment.  A claim has an id, says what is claimed, and a predicate (table/expression.h) about the rows
 * that `where` selects, for every value of the columns of `by`; `per` and `let` first make one row of every group of rows
 * (table/derive.h).  'values: COLUMN = TEXT TEXT ...', in a block of its own, says what a column of texts may hold: a text that
 * is in no table and no such list is taken for a mistake, as a column is that no table has.  What grok-detect may say in `status`
 * is known.  'every: COLUMN = TEXT TEXT ...', in a block of its own: what a claim `by` this column is about.  `needs` says the
 * same of any column among the rows of one claim (table/needs.h).  'compares: COLUMN = TEXT', in a block of its own: what was
 * tuned of the methods, or architectures, that this column names, for every claim that compares several; or `tuned: TEXT` for one
 * claim. */
#ifndef GK_TABLE_CLAIMS_H
#define GK_TABLE_CLAIMS_H

#include "table/expression.h"

typedef struct gk_claim {
    const char *id, *says, *predicate;                             /* always there */
    const char *scales, *where, *per, *let, *by, *needs, *seeds, *note;    /* or NULL */
    const char *tuned;                                         /* how much each of the methods that it compares was; or NULL */
    const char *every;                                             /* of the file, what is about columns of `by`; or NULL */
    int64_t     least_seed;                                        /* what `seeds` says; 0: nothing, or $NAME */
    int64_t     line;
} gk_claim;

typedef struct gk_claims {
    const char    *path;
    int            n, n_known;
    gk_claim      *claim;
    gk_known_text *known;
} gk_claims;

/* In arena memory.  -1 with gk_error that names the line: not such a file, a claim that lacks something, an id or key twice. */
int gk_claims_read(const char *path, gk_arena *arena, gk_claims *out) GK_MUST_CHECK;

/* Do `let` and predicate have the column equal two different texts ("... | method=taught) < ... | method=alone)"), or is the
 * claim about each of them (`by`, `per`), and `where` leaves more than one? */
bool gk_claim_compares(const gk_claim *claim, const char *column);

/* FAIL before SKIP (no data) before INCONCLUSIVE before PASS, of all values of `by`; measured: what the aggregates were; n_seed:
 * the fewest seeds behind any of them.  With fewer than least_seed (or the claim's own), or without what the claim needs, nothing
 * is decided; a value of `every`, or of a need about columns of `by`, that is not there leaves a FAIL of another one.  missing:
 * what there would have to be, "add: 2 of 5 seeds; task: no subtract"; "": nothing.  grid: how many of the values, or places of a
 * grid, that the claim needs there are, "23 of 28; 2 of 3", of each need that lacks some.  selected: the rows of the tables that
 * `where` selects; read: those of them that the verdict is made of. */
typedef struct gk_judgement {
    gk_truth     truth;
    const char  *measured, *missing, *grid;
    int64_t      n_seed;
    gk_selection selected, read;
} gk_judgement;

/* Of these rows.  In arena memory.  -1 with gk_error: a column, text or parameter that is not there, a wrong
 * expression. */
int gk_claim_judge(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_selection *rows, int64_t least_seed,
                   gk_arena *arena, gk_judgement *out) GK_MUST_CHECK;

#endif
