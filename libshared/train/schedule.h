/* schedule.h -- at which steps something is done: records of the history, snapshots.
 *
 * A schedule is a function of the step alone, not of where a run was interrupted, so that a resumed run does the same things
 * at the same steps.  Step 0 is always on it. */
#ifndef GK_TRAIN_SCHEDULE_H
#define GK_TRAIN_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct gk_schedule {
    int64_t every;       /* > 0: the multiples of this, and nothing below counts */
    double  growth;      /* else: every step up to `dense`, then the first step >= growth x the last; 0: never */
    int64_t dense;
    int64_t max_gap;     /* but never more than this apart; 0: no limit */
} gk_schedule;

/* The step after `scheduled`, which must be on the schedule; INT64_MAX if there is none. */
int64_t gk_schedule_after(const gk_schedule *schedule, int64_t scheduled);

/* The first step on the schedule that is greater than `step`, which may be any; INT64_MAX if there is none. */
int64_t gk_schedule_next(const gk_schedule *schedule, int64_t step);

/* Is `step` on the schedule? */
bool    gk_schedule_has(const gk_schedule *schedule, int64_t step);

/* How many steps in [0, last] are on it. */
int64_t gk_schedule_count(const gk_schedule *schedule, int64_t last);

/* Seconds of the steps in (from, to], if a step takes step_s and what is done at those on the schedule each_s more. */
double  gk_schedule_time(const gk_schedule *schedule, int64_t from, int64_t to, double step_s, double each_s);

#endif
