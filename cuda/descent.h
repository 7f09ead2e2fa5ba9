/* descent.h -- how one update moves parameters, four at a time: weight decay, then the optimiser's direction
 * (graph/direction.h). */
#ifndef GK_CUDA_DESCENT_H
#define GK_CUDA_DESCENT_H

#include "work.h"
#include "graph/direction.h"

namespace GK_REALS {

/* What an update of one replica knows from its number, the same for all parameters. */
typedef struct gk_descent {
    gk_pace       pace;
    gk_decay_form decay;           /* GK_DECAY_AUTO: none */
    gk_real       rate, keep;      /* keep: what decoupled decay leaves of a parameter */
    gk_real       coupled;         /* weight decay that is added to gradients */
} gk_descent;

/* Of update `step`: see gk_pace_of. */
static __device__ inline gk_descent gk_descent_of(const gk_update *update, const gk_hyper *h, int64_t step, int64_t seen)
{
    gk_descent d;
    d.pace    = gk_pace_of(update, h, step, seen);
    d.decay   = d.pace.weight_decay > 0 ? gk_decay_form_of(update) : GK_DECAY_AUTO;
    d.rate    = (gk_real)d.pace.rate;
    d.keep    = (gk_real)(1 - d.pace.rate * d.pace.weight_decay);
    d.coupled = (gk_real)d.pace.weight_decay;
    return d;
}

/* Of four neighbouring reals at an aligned place, the n <= 4 that there are; 0 for the others. */
static __device__ __forceinline__ void gk_load_four(gk_real (&to)[4], const gk_real *from, int n)
{
    if (n == 4) {
        gk_real4 four = *(const gk_real4 *)from;
        to[0] = four.x, to[1] = four.y, to[2] = four.z, to[3] = four.w;
        return;
    }
    GK_UNROLL
    for (int k = 0; k < 4; k++)
        to[k] = k < n ? from[k] : 0;
}

static __device__ __forceinline__ void gk_store_four(gk_real *to, const gk_real (&from)[4], int n)
{
    if (n == 4) {
        *(gk_real4 *)to = { from[0], from[1], from[2], from[3] };
        return;
    }
    GK_UNROLL
    for (int k = 0; k < 3; k++)
        if (k < n)
            to[k] = from[k];
}

/* Weight decay of one parameter before its update: on itself, or on its gradient.  initial: its value at first, of decay towards
 * it; jitter: the factor of the tensor, of decay by chance. */
static __device__ inline void gk_decay(const gk_descent *d, gk_real initial, gk_real jitter, gk_real *param, gk_real *g)
{
    switch (d->decay) {
    case GK_DECAY_AUTO:
        break;
    case GK_DECAY_JITTER:
        *param *= jitter;
        break;
    case GK_DECAY_DECOUPLED:
        *param *= d->keep;
        break;
    case GK_DECAY_COUPLED:
        *g += d->coupled * *param;
        break;
    case GK_DECAY_INIT:
        *param += (gk_real)(d->pace.rate * d->pace.weight_decay) * (initial - *param);
        break;
    }
}

/* The arena of an optimiser's slot 0 or 1; GK_ARENA_none: it has none. */
static constexpr __host__ __device__ inline int gk_slot_arena(int optimizer, int which)
{
    switch (optimizer) {
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning) \
    case GK_OPTIM_##name:                                                            \
        return which == 0 ? GK_ARENA_##slot1 : GK_ARENA_##slot2;
#include "graph/optim.def"
#undef OPTIM
    default:
        return GK_ARENA_none;
    }
}

/* The optimiser's direction for one parameter, from its gradient and slots. */
template <int optimizer>
static __device__ inline gk_real gk_direction_of(const gk_pace *pace, gk_real g, gk_real *slot1, gk_real *slot2)
{
    switch (optimizer) {
#define OPTIM(name, option, decay, first, second, only_with, rest, uses, defaults, meaning) \
    case GK_OPTIM_##name:                                                             \
        return gk_##name##_direction(pace, g, slot1, slot2);
#include "graph/optim.def"
#undef OPTIM
    default:
        return g;
    }
}

}
#endif
