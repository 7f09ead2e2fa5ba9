/* stop.h -- stop rules: when a replica has learnt enough to be retired.
 *
 *   test_acc >= 0.99 for 3; test_loss < 1e-6
 *
 *   train_loss flat 0.01 for 20
 *
 * A rule is a metric of the history, one of >= > <= <, a number, and for how many records in a row it must hold (default 1).
 * `flat F for N`: the lowest value so far fell by less than the share F during the last N records (default 20).
 * Rules are joined by ';'; a replica stops when any of them is met.  "none" is no rule. */
#ifndef GK_TRAIN_STOP_H
#define GK_TRAIN_STOP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "train/metrics.h"

typedef enum { GK_AT_LEAST, GK_ABOVE, GK_AT_MOST, GK_BELOW, GK_FLAT } gk_comparison;

typedef struct gk_stop_rule {
    const char   *metric;
    gk_comparison comparison;
    double        value;
    int64_t       n_record;
} gk_stop_rule;

typedef struct gk_stop {
    int           n_rule;
    gk_stop_rule *rule;
} gk_stop;

/* Parse `text` (NULL: no rules) into arena memory.  -1 with gk_error saying what is wrong and where. */
int  gk_stop_parse(const char *text, gk_arena *arena, gk_stop *out) GK_MUST_CHECK;

/* Is every metric that the rules name recorded?  -1 with gk_error naming those that are, or what records it. */
int  gk_stop_check(const gk_stop *stop, int n_recorded, const gk_recorded *recorded) GK_MUST_CHECK;

/* Has the replica met a rule with its latest records?  Looks at the history alone, so nothing needs to be saved. */
bool gk_stop_met(const gk_stop *stop, gk_history *history, int64_t replica);

#endif
