/* names.h -- the names that there are, for messages about one that there is not. */
#ifndef GK_BASE_NAMES_H
#define GK_BASE_NAMES_H

#include "base/arena.h"

typedef struct gk_names { int n, capacity; const char **name; } gk_names;    /* {0} is an empty list */

void gk_names_add(gk_names *names, const char *name);    /* borrowed; once */
void gk_names_release(gk_names *names);

/* The name that `wanted` was most likely meant to be; NULL: none is near. */
const char *gk_names_nearest(const gk_names *names, const char *wanted);

/* " (did you mean 'method'?)" if a name is near, else ": there are a, b, c", of the first of them; "" if there are none. */
const char *gk_names_suggest(const gk_names *names, const char *wanted, gk_arena *arena);

#endif
