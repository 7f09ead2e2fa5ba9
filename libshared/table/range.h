/* range.h -- numbers that are known within limits: a statistic with its 95 % interval, or a time that training ended before,
 * which is INFINITY as far as was seen, and at least so much. */
#ifndef GK_TABLE_RANGE_H
#define GK_TABLE_RANGE_H

#include <stdbool.h>
#include "table/truth.h"

/* low <= number <= high; low and high are NaN for a number that is exact.  is_censored: by an end of training; of no number, NaN:
 * it has none because training ended first (the difference of two times that were never seen).  n_aggregate: of
 * how many numbers of several rows it is made, 2 for more; two: it says how one differs from another (table/contrast.h).
 * lacks_interval: it is made of a statistic whose 95 % interval is over seeds, of too few of them to have one. */
typedef struct gk_range { double number, low, high; bool is_censored; int n_aggregate; bool lacks_interval; } gk_range;

gk_range gk_exactly(double number);
gk_range gk_range_within(double number, double low, double high, bool is_censored);
gk_range gk_range_without(bool is_censored);    /* no number, NaN */

/* What the limits of a and b allow. */
gk_range gk_range_sum(gk_range a, gk_range b);
gk_range gk_range_difference(gk_range a, gk_range b);
gk_range gk_range_product(gk_range a, gk_range b);
gk_range gk_range_quotient(gk_range a, gk_range b);
gk_range gk_range_remainder(gk_range a, gk_range b);    /* of whole numbers, b > 0; else no value */
gk_range gk_range_power(gk_range a, gk_range b);
gk_range gk_range_abs(gk_range a);    /* of a difference it does not tell which is larger, and grows by chance: n_aggregate 0 */
gk_range gk_range_rising(gk_range a, double (*function)(double));

/* Why a comparison is undecided: an interval spans the bound; training ended first. */
enum { GK_SPANNED = 1, GK_ENDED = 2 };

/* Is a `sign` b; what is otherwise at a limit of one of them is undecided, and why |= what made it so. */
gk_truth gk_range_compare(const char *sign, gk_range a, gk_range b, unsigned *why);

#endif
