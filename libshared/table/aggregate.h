/* aggregate.h -- what expressions can say of several rows at once; the list is in table/expression.h. */
#ifndef GK_TABLE_AGGREGATE_H
#define GK_TABLE_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "table/range.h"

/* n rows: the value of the first expression, that of the second (or the first again), the truth of the last, and the seed, 0 to
 * n_seed - 1.  low, high: the limits of x (itself, if it is exact), or NULL: all are exact; y_low, y_high: those of y;
 * is_censored: limits of an end of training; n_aggregate: the most that an x is made of; lacks_interval: an x or y does
 * (range.h), or a truth hangs on what does; firm: the truth without that.  has_seeds: a statistic over seeds that has no
 * interval of them has too few; else the rows are no seeds, or stand for groups of several. */
typedef struct gk_sample {
    int64_t   n, n_seed, *seed;
    double   *x, *y, *low, *high, *y_low, *y_high;
    gk_truth *truth, *firm;
    bool      is_censored, lacks_interval, has_seeds;
    int       n_aggregate;
} gk_sample;

typedef struct gk_aggregate {
    gk_range range;                /* the number, within its 95 % interval or what the end of training allows */
    gk_truth truth;
    int64_t  n_true;
} gk_aggregate;

typedef struct gk_aggregate_form {
    const char *name;
    int         n_argument;           /* 1 or 2 */
    bool        takes_condition;      /* the last argument; the others are numbers */
    bool        is_condition;         /* and not a number */
    bool        is_rising;            /* the number never falls as an x rises */
    void      (*of)(const gk_sample *sample, gk_aggregate *out);
} gk_aggregate_form;

/* By name, of n characters; NULL (no message) if there is none. */
const gk_aggregate_form *gk_aggregate_find(const char *name, size_t n);

gk_aggregate gk_aggregate_of(const gk_aggregate_form *form, const gk_sample *sample);

#endif
