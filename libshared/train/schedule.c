/* schedule.c -- steps at which records and snapshots are made. */
#include "train/schedule.h"

#include <math.h>

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
    if (schedule->max_gap > 0)
        next = fmin(next, (double)scheduled + (double)schedule->max_gap);
    if (next >= 0x1p62)
        return INT64_MAX;
    return next > (double)scheduled ? (int64_t)next : scheduled + 1;
}

int64_t gk_schedule_next(const gk_schedule *schedule, int64_t step)
{
    if (schedule->every > 0)
        return gk_schedule_after(schedule, step / schedule->every * schedule->every);
    int64_t scheduled = 0;
    while (scheduled <= step)
        scheduled = gk_schedule_after(schedule, scheduled);
    return scheduled;
}

bool gk_schedule_has(const gk_schedule *schedule, int64_t step)
{
    return step == 0 || gk_schedule_next(schedule, step - 1) == step;
}

int64_t gk_schedule_count(const gk_schedule *schedule, int64_t last)
{
    int64_t n = 0;
    for (int64_t step = 0; step <= last && step != INT64_MAX; step = gk_schedule_after(schedule, step))
        n++;
    return n;
}
