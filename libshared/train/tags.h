/* tags.h -- what users call their runs: --name and --tag, which are columns of /runs and so of every table about runs. */
#ifndef GK_TRAIN_TAGS_H
#define GK_TRAIN_TAGS_H

#include "base/options.h"

typedef struct gk_tag { const char *key, *value; } gk_tag;

/* "KEY=VALUE; KEY=VALUE" (NULL: none), with the name first as the tag `name`, in arena memory: how many, or -1 with
 * gk_usage_error: a key that is no word, is there twice, or is the name of an option of `given` or of another column of runs. */
int gk_tags_parse(const gk_given *given, const char *name, const char *tags, gk_arena *arena, gk_tag **out) GK_MUST_CHECK;

#endif
