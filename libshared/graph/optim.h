/* optim.h -- what optim.def says of each optimiser. */
#ifndef GK_GRAPH_OPTIM_H
#define GK_GRAPH_OPTIM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/choice.h"

/* Arenas of an engine: parameters, the optimisers' slots, and the state of what is before them.  [R][depth][P] reals of the
 * backend's type. */
typedef enum {
    GK_ARENA_PARAM,
#define SLOT(name, before, meaning) GK_ARENA_##name,
#include "graph/optim.def"
#undef SLOT
    GK_ARENA_INIT,         /* parameters as the run began, for decay to them */
    GK_ARENA_EMA,          /* Grokfast-EMA: average gradient */
    GK_ARENA_RING,         /* Grokfast-MA: the last gradients */
    GK_N_ARENA,
    GK_ARENA_none = GK_N_ARENA
} gk_arena_kind;
extern const char *const gk_arena_names[GK_N_ARENA];           /* "model", "m", "v", ..., "init", "ema", "ring" */
extern const char *const gk_arena_names_before[GK_N_ARENA];    /* in files that do not say whose state it is */

typedef enum {
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning) GK_OPTIM_##name,
#include "graph/optim.def"
#undef OPTIM
    GK_N_OPTIM
} gk_optimizer;

#define GK_DECAY_FORMS(X) \
    X(GK_DECAY_AUTO, "auto")              /* what optim.def says */ \
    X(GK_DECAY_DECOUPLED, "decoupled")    /* theta *= 1 - eta lambda, before the update (Loshchilov and Hutter 2019) */ \
    X(GK_DECAY_COUPLED, "coupled")        /* g += lambda theta: the L2 penalty */ \
    X(GK_DECAY_INIT, "init")              /* theta += eta lambda (theta_0 - theta) */ \
    X(GK_DECAY_JITTER, "jitter")          /* theta *= exp(xi eta lambda), one xi ~ N(0,1) per tensor and step */
GK_CHOICES(gk_decay_form, GK_DECAY_FORMS);

typedef enum {
#define HYPER(field, ...) GK_HYPER_##field,
#include "graph/hyper.def"
#undef HYPER
    GK_N_HYPER,
    GK_HYPER_always = GK_N_HYPER
} gk_hyper_index;

enum { GK_OPTIM_MAX_SLOT = 2 };
typedef struct gk_optimizer_info {
    const char    *option;
    gk_decay_form  decay;
    int            n_slot;
    gk_arena_kind  slot[GK_OPTIM_MAX_SLOT];
    gk_optimizer   rest;           /* moves what is no hidden matrix; itself, unless this is an optimiser of whole matrices */
    gk_hyper_index only_with;      /* no slots, and the gradient for a direction, where this is 0; GK_HYPER_always */
    uint32_t       uses;           /* bits 1 << gk_hyper_index */
    const char    *defaults;       /* "option=value ..." */
    const char    *meaning;
} gk_optimizer_info;

extern const gk_optimizer_info gk_optimizers[GK_N_OPTIM];
extern const char *const       gk_optimizer_names[];    /* as options have them, then NULL */

#endif
