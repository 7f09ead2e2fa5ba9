/* aggregate.h -- what expressions can say of several rows at once; the list is in table/expression.h. */
#ifndef GK_TABLE_AGGREGATE_H
#define GK_TABLE_AGGREGATE_H

#include <stdint.h>
#include "base/arena.h"
#include "table/truth.h"

/* n rows: the value of the first expression, that of the second (or the first again), its truth, and the seed, 0 to
 * n_seed - 1. */
typedef struct gk_sample { int64_t n, n_seed, *seed; double *x, *y; gk_truth *truth; } gk_sample;

typedef enum { GK_A_NUMBER, GK_A_TRUTH, GK_NO_AGGREGATE, GK_A_ERROR } gk_aggregate_kind;
typedef struct gk_aggregate {
    gk_aggregate_kind kind;
    double            number, low, high;    /* its 95 % interval; NaN: none */
    gk_truth          truth;
    int64_t           n_true;
} gk_aggregate;

/* By name; GK_NO_AGGREGATE if there is none, GK_A_ERROR with gk_error if there is no memory for it. */
gk_aggregate gk_aggregate_of(const char *name, const gk_sample *sample, gk_arena *arena);

#endif
