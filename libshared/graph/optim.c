/* optim.c -- the rows of optim.def as data: names of slots, and gk_optimizers. */
#include "graph/optim.h"

#include <stddef.h>

GK_CHOICE_NAMES(gk_decay_form, GK_DECAY_FORMS);

const char *const gk_arena_names[GK_N_ARENA] = {
    "model",
#define SLOT(name, before, meaning) #name,
#include "graph/optim.def"
#undef SLOT
    "init", "ema", "ring",
};

const char *const gk_arena_names_before[GK_N_ARENA] = {
    "model",
#define SLOT(name, before, meaning) sizeof before > 1 ? before : #name,
#include "graph/optim.def"
#undef SLOT
    "init", "ema", "ring",
};

#define USES(field) 1u << GK_HYPER_##field
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning)                             \
    { option, decay, (GK_ARENA_##slot1 != GK_ARENA_none) + (GK_ARENA_##slot2 != GK_ARENA_none),                        \
      { GK_ARENA_##slot1, GK_ARENA_##slot2 }, GK_OPTIM_##rest, GK_HYPER_##only_with, uses, defaults, meaning },
const gk_optimizer_info gk_optimizers[GK_N_OPTIM] = {
#include "graph/optim.def"
};
#undef OPTIM

#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning) option,
const char *const gk_optimizer_names[GK_N_OPTIM + 1] = {
#include "graph/optim.def"
    NULL
};
