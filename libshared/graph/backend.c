/* backend.c -- names shared by all backends. */
#include "graph/backend.h"

const char *const gk_arena_names[GK_N_ARENA] = { "model", "m", "v", "init", "ema", "ring" };
GK_CHOICE_NAMES(gk_optimizer, GK_OPTIMIZERS);
GK_CHOICE_NAMES(gk_decay_form, GK_DECAY_FORMS);
