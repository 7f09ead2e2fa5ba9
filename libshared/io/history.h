/* history.h -- metrics against step, for all replicas of a group: what /history of a checkpoint holds.
 *
 * A record is one evaluation: a step and one value per metric and replica.  A replica that was not evaluated then (it is
 * retired, or has diverged) has NaN.  Metric names are paths below /history: "train_loss", "norm/embed.weight", ... */
#ifndef GK_IO_HISTORY_H
#define GK_IO_HISTORY_H

#include <stdint.h>
#include "base/error.h"

/* The accuracy from which items count as learnt, where nobody names another one; as a number, and in help. */
#define GK_LEARNT      0.99
#define GK_LEARNT_TEXT "0.99"

typedef struct gk_history {
    int64_t   n_replica;
    int       n_metric;
    char    **name;         /* [n_metric] */
    int64_t   n_record, capacity;
    int64_t  *step;         /* [n_record] updates done so far, increasing */
    double  **value;        /* [n_metric] of [n_record][n_replica] */
} gk_history;

/* Empty history with these metrics (names are copied).  NULL with gk_error. */
gk_history *gk_history_new(int64_t n_replica, int n_metric, const char *const *names);
void        gk_history_free(gk_history *history);

/* Append a record at `step`, all values NaN.  Its index, or -1 with gk_error (out of memory, step not increasing). */
int64_t     gk_history_append(gk_history *history, int64_t step) GK_MUST_CHECK;

/* Room for that many records in all, so that appending them cannot fail.  -1 with gk_error: out of memory. */
int         gk_history_reserve(gk_history *history, int64_t n_record) GK_MUST_CHECK;

/* Give the history these metrics, in this order: one that it lacks is NaN at every record so far, and what else it has comes
 * behind them.  -1 with gk_error: out of memory. */
int         gk_history_conform(gk_history *history, int n_metric, const char *const *names) GK_MUST_CHECK;

/* Index of a metric, or -1 (no message). */
int         gk_history_find(const gk_history *history, const char *name);

static inline double *gk_history_at(gk_history *history, int metric, int64_t record)
{
    return history->value[metric] + record * history->n_replica;    /* [n_replica] */
}

#endif
