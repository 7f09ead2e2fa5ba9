/* public.h -- data sets that others publish: their files, for reading them and for fetching them (grok-data fetch). */
#ifndef GK_DATA_PUBLIC_H
#define GK_DATA_PUBLIC_H

#include <stdint.h>
#include "base/arena.h"

typedef struct gk_public_file {
    const char *name;
    int64_t     n_byte;    /* of the original distribution ... */
    const char *sha256;    /* ... and its checksum */
    const char *address;   /* its own, where the set's folders do not have it; NULL */
} gk_public_file;

enum { GK_PUBLIC_MAX_FILE = 4, GK_PUBLIC_MAX_ADDRESS = 2 };

typedef struct gk_public {
    const char     *name, *title;                      /* of the task, and of the data set */
    const char     *address[GK_PUBLIC_MAX_ADDRESS];    /* folders of the net that have the files; NULL: no more */
    gk_public_file  file[GK_PUBLIC_MAX_FILE];          /* name NULL: no more */
} gk_public;

/* All of them; the last has no name. */
extern const gk_public gk_public_sets[];
/* The one of this name; NULL: there is none. */
const gk_public *gk_public_find(const char *name);

/* Where the files of a set are looked for first, and put: $GROK_DATA/<name>; without GROK_DATA groktools/<name> in the user's
 * data folder. */
const char *gk_public_folder(const gk_public *set, gk_arena *arena);

/* The first of the files that are there, `names` [n], looked for in that folder and in $GROK_DATA itself.  NULL with gk_error:
 * where it was looked for, and how to get names[0]. */
const char *gk_public_path(const gk_public *set, const char *const *names, int n, gk_arena *arena);

#endif
