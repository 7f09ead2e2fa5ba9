/* contrast.h -- is one number over seeds larger than another, as far as so many seeds can tell?
 *
 * Of two groups that are alike one median is below the other in half of all cases.  So both numbers are computed of every seed by
 * itself, and what is said of their difference must hold in all of its 95 % interval (gk_seeds_change): paired if both have the
 * same seeds, which share what makes them lucky or slow, else of two groups. */
#ifndef GK_TABLE_CONTRAST_H
#define GK_TABLE_CONTRAST_H

#include <stdbool.h>
#include <stdint.h>
#include "table/range.h"

/* A number of each of n seeds.  has[i]: there is something of seed i that it could be computed of; NULL: it is a constant. */
typedef struct gk_side { const gk_range *of_seed; const bool *has; } gk_side;

/* Does "a sign b" say how what was measured under one condition differs from another?  So it does if two aggregates are in it, by
 * < <= > >=; also as a difference or ratio against a bound.  Numbers with an interval of their own are judged by that. */
bool gk_is_contrast(const char *sign, gk_range a, gk_range b);

/* The truth of "a sign b", if all seeds together say `truth`: that, or undecided (and why |=, see range.h).  is_firm: there is an
 * interval; so few seeds that there is none leave the truth as it is. */
gk_truth gk_contrast(const char *sign, gk_truth truth, int64_t n, const gk_side *a, const gk_side *b, unsigned *why,
                     bool *is_firm);

#endif
