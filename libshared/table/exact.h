/* exact.h -- expressions without rounding: for formulas that make items, whose answers are right or wrong.
 *
 * The language is that of expression.h; numbers are fractions of whole numbers of 64 bits, in lowest terms.  x % m is the residue
 * in [0, m) of a whole number or a fraction: of u/v it is the c with (c v) % m = u % m, which exists if v and m have no common
 * divisor.  So (a / b) % p divides modulo p.  What has no value (x / 0, a residue that does not exist, x % m where m is not a
 * whole number above 0, x ^ y where y is no whole number) makes no value of all that it is part of, but for the branch of an
 * `if` that is not taken.
 *
 * Sums, products, quotients and powers under `%` that are too large are computed modulo m: (a^1000 + b) % p has a value. */
#ifndef GK_TABLE_EXACT_H
#define GK_TABLE_EXACT_H

#include "table/expression.h"

typedef struct gk_fraction { int64_t over, under; } gk_fraction;    /* under > 0 */
typedef enum { GK_EXACT, GK_NO_VALUE, GK_TOO_LARGE } gk_exactness;

/* Can the GK_ROW_NUMBER over one table be computed exactly?  used: [n_column] which columns it names.  -1 with gk_error: a
 * decimal number, inf, a text, a function other than abs, `%` in `%` more than a few times. */
int          gk_exact_check(const gk_expression *expression, bool *used) GK_MUST_CHECK;

/* Its value where the columns have these values; a condition is 1 or 0.  *out is set if it is GK_EXACT.  GK_TOO_LARGE: a number
 * on the way does not fit into 64 bits. */
gk_exactness gk_row_exact(const gk_expression *expression, const int64_t *column, gk_fraction *out);

#endif
