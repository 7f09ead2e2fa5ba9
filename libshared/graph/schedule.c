/* schedule.c -- learning rate as a function of the update's number: warm-up times schedule. */
#include "graph/backend.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

/* Factor of the schedule `done` updates after the warm-up. */
static double schedule_factor(const gk_update *update, double final_factor, double done)
{
    if (update->lr_decay_steps <= 0)
        return 1;
    double length = (double)update->lr_decay_steps;
    double share = fmin(1, done / length);
    switch (update->lr_schedule) {
    case GK_LR_STEP:
        return pow(final_factor, floor(done / length));
    case GK_LR_COSINE:
        return final_factor + (1 - final_factor) * 0.5 * (1 + cos(PI * share));
    case GK_LR_LINEAR:
        return 1 - (1 - final_factor) * share;
    case GK_LR_CONSTANT:
        break;
    }
    return 1;
}

double gk_learning_rate(const gk_update *update, const gk_hyper *hyper, int64_t step)
{
    double number = (double)step;
    if (number < hyper->warmup)
        return hyper->learning_rate * (number / hyper->warmup);
    return hyper->learning_rate * schedule_factor(update, hyper->lr_decay_factor, number - hyper->warmup);
}
