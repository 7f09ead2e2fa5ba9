/* backend.c -- names shared by all backends. */
#include "graph/backend.h"

const char *const gk_arena_names[GK_N_ARENA] = { "model", "m", "v", "init", "ema", "ring" };
