/* atomic.h -- where a file goes: beside its target under a temporary name until it is whole, or into a stream.
 *
 * A target that is a symbolic link is followed, so that the link stays and what it points at is replaced.  "-" and targets
 * that are not regular files (pipes, devices) are streams: written at once, nothing to rename. */
#ifndef GK_IO_ATOMIC_H
#define GK_IO_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"

typedef struct gk_atomic {
    char *label;         /* for messages: "'run.h5'" or "standard output" */
    char *target;        /* after following links; NULL for a stream */
    char *temporary;     /* NULL for a stream */
    int   fd;            /* of the temporary file (reading and writing), or of the stream */
} gk_atomic;

/* Create the temporary file, or open the stream.  NULL with gk_error if that cannot be. */
gk_atomic *gk_atomic_new(const char *path);

/* Write all of data to fd.  -1 with gk_error naming output->label. */
int        gk_atomic_write(gk_atomic *output, const void *data, size_t n_bytes) GK_MUST_CHECK;

/* Sync the temporary file, rename it over the target, sync the folder.  Frees output, also on failure (the target is
 * untouched then and the temporary file removed). */
int        gk_atomic_commit(gk_atomic *output) GK_MUST_CHECK;
void       gk_atomic_discard(gk_atomic *output);    /* NULL is fine */

#endif
