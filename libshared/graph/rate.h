/* rate.h -- the scalars of an update that depend on its number, written once for host and device. */
#ifndef GK_GRAPH_RATE_H
#define GK_GRAPH_RATE_H

#include <math.h>
#include "graph/backend.h"

#ifdef __CUDACC__
#define GK_RATE static __host__ __device__ inline
#else
#define GK_RATE static inline
#endif

/* Factor of the schedule `done` updates after the warm-up. */
GK_RATE double gk_schedule_factor(const gk_update *update, double final_factor, double done)
{
    if (update->lr_decay_steps <= 0)
        return 1;
    double length = (double)update->lr_decay_steps;
    double share = fmin(1.0, done / length);
    switch (update->lr_schedule) {
    case GK_LR_STEP:
        return pow(final_factor, floor(done / length));
    case GK_LR_COSINE:
        return final_factor + (1 - final_factor) * 0.5 * (1 + cos(3.14159265358979323846 * share));
    case GK_LR_LINEAR:
        return 1 - (1 - final_factor) * share;
    case GK_LR_CONSTANT:
        break;
    }
    return 1;
}

/* Learning rate of update `step` (0-based): see gk_learning_rate. */
GK_RATE double gk_rate_at(const gk_update *update, const gk_hyper *hyper, int64_t step)
{
    double number = (double)step;
    if (number < hyper->warmup)
        return hyper->learning_rate * (number / hyper->warmup);
    return hyper->learning_rate * gk_schedule_factor(update, hyper->lr_decay_factor, number - hyper->warmup);
}

/* What a gradient of this norm is multiplied by: min(1, clip_norm / (norm + 1e-6)), as PyTorch's clip_grad_norm_ does, which the
 * papers' code calls.  0: not clipped at all. */
GK_RATE double gk_clip_factor(const gk_hyper *hyper, double norm)
{
    double factor = hyper->clip_norm / (norm + 1e-6);
    return hyper->clip_norm > 0 && factor < 1 ? factor : 1;
}

/* The decay that `auto` means is in the optimiser's row. */
GK_RATE gk_decay_form gk_decay_form_of(const gk_update *update)
{
    if (update->decay_form != GK_DECAY_AUTO)
        return update->decay_form;
    switch (update->optimizer) {
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning) case GK_OPTIM_##name: return decay;
#include "graph/optim.def"
#undef OPTIM
    case GK_N_OPTIM:
        break;
    }
    return GK_DECAY_AUTO;
}

#endif
