/* schedule.c -- steps at which records and snapshots are made. */
#include "train/schedule.h"

#include <math.h>

#define MAX_SCHEDULED (INT64_C(1) << 62)

int64_t gk_schedule_after(const gk_schedule *schedule, int64_t scheduled)
{
    if (schedule->every > 0)
        return scheduled > INT64_MAX - schedule->every ? INT64_MAX : scheduled + schedule->every;
    if (!(schedule->growth > 0))
        return INT64_MAX;
    if (scheduled < schedule->dense || scheduled == 0)
        return scheduled + 1;
    /* a little less than the product, so that 1.03 x 100 is 103 and not the whole number after 103.00000000000001 */
    double next = ceil((double)scheduled * schedule->growth * (1 - 1e-12));
    if (scheduled >= MAX_SCHEDULED || (schedule->max_gap <= 0 && next >= MAX_SCHEDULED))
        return INT64_MAX;
    int64_t gap = next >= MAX_SCHEDULED ? MAX_SCHEDULED : next > (double)scheduled ? (int64_t)next - scheduled : 1;
    return scheduled + (schedule->max_gap > 0 && gap > schedule->max_gap ? schedule->max_gap : gap);
}

/* From a scheduled step on as far as steps are equally far apart, but not beyond `last`; *n: how many steps further that is.
 * Gaps never shrink, so those between two equal gaps are equal, too: a schedule is walked in few leaps, however long it is. */
static int64_t leap(const gk_schedule *schedule, int64_t scheduled, int64_t last, int64_t *n)
{
    int64_t next = gk_schedule_after(schedule, scheduled), gap = next - scheduled, most = (last - scheduled) / gap;
    int64_t after;

    *n = 1;
    while (next != INT64_MAX && 2 * *n <= most) {
        after = scheduled + 2 * *n * gap;
        if (gk_schedule_after(schedule, after) - after != gap)
            break;
        *n *= 2;
    }
    return next == INT64_MAX ? next : scheduled + *n * gap;
}

int64_t gk_schedule_next(const gk_schedule *schedule, int64_t step)
{
    int64_t scheduled = schedule->every > 0 ? step / schedule->every * schedule->every : 0, n;

    while (scheduled <= step && scheduled != INT64_MAX)
        scheduled = leap(schedule, scheduled, step, &n);
    return scheduled;
}

bool gk_schedule_has(const gk_schedule *schedule, int64_t step)
{
    return step == 0 || gk_schedule_next(schedule, step - 1) == step;
}

int64_t gk_schedule_count(const gk_schedule *schedule, int64_t last)
{
    int64_t n = 0, further;

    for (int64_t step = 0; step <= last && step != INT64_MAX; n += further)
        step = leap(schedule, step, last, &further);
    return n;
}

double gk_schedule_time(const gk_schedule *schedule, int64_t from, int64_t to, double step_s, double each_s)
{
    int64_t n = gk_schedule_count(schedule, to) - gk_schedule_count(schedule, from);
    return step_s * (double)(to - from) + each_s * (double)n;
}
