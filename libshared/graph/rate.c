/* rate.c -- learning rate as a function of the update's number: warm-up times schedule. */
#include "graph/rate.h"

GK_CHOICE_NAMES(gk_lr_schedule, GK_LR_SCHEDULES);

double gk_learning_rate(const gk_update *update, const gk_hyper *hyper, int64_t step)
{
    return gk_rate_at(update, hyper, step);
}
