/* output.h -- where a file goes: beside its target under a temporary name until it is whole, or into a stream.  Tables,
 * figures and checkpoints all go this way, so one set of rules holds for them.
 *
 * A target that is a symbolic link is followed, so that the link stays and what it points at is made or replaced.  "-" and
 * targets that are not regular files (pipes, devices) are streams: written at once, nothing to rename.
 *
 * The temporary file is ".<name>.<6 letters or digits>.tmp" in the target's folder.  Its writer holds a lock (flock) on it;
 * one that nobody holds was left by a process that was killed, and the next writer of the same target removes it.
 *
 * A file is synced and then read back, from the disk where the system lets go of its copy, before it takes the target's
 * place: a write that failed without a word is an error, and the old file stays. */
#ifndef GK_BASE_OUTPUT_H
#define GK_BASE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "base/sha256.h"

typedef enum gk_output_kind {
    GK_OUTPUT_TABLE,     /* text, also to a terminal */
    GK_OUTPUT_FIGURE,
    GK_OUTPUT_STORE      /* a checkpoint or dataset */
} gk_output_kind;

typedef struct gk_output gk_output;

/* Create the temporary file, or open the stream ("-": standard output).  NULL with gk_error if that cannot be. */
gk_output  *gk_output_new(const char *path, gk_output_kind kind);

/* Write all of data.  -1 with gk_error naming the target. */
int         gk_output_write(gk_output *output, const void *data, size_t n_bytes) GK_MUST_CHECK;

/* sha256 of what was written so far. */
void        gk_output_sha256(const gk_output *output, char hex[GK_SHA256_HEX]);

/* For messages: "'run.h5'" or "standard output". */
const char *gk_output_label(const gk_output *output);
bool        gk_output_is_terminal(const gk_output *output);

/* An open file without a name on the target's disk, for what does not fit into memory (for a stream in $TMPDIR, or
 * /var/tmp).  -1 with errno. */
int         gk_output_scratch(const gk_output *output) GK_MUST_CHECK;

/* Sync the temporary file, compare it with what was written, rename it over the target, sync the folder.  Frees output, also
 * on failure (the target is untouched then and the temporary file removed). */
int         gk_output_commit(gk_output *output) GK_MUST_CHECK;
void        gk_output_discard(gk_output *output);    /* NULL is fine */

/* Would gk_output_new succeed?  For failing before hours of work.  A pipe is not opened. */
int         gk_output_check(const char *path, gk_output_kind kind) GK_MUST_CHECK;

/* System calls, continued where a signal or a partial write interrupts them.  0, or -1 with errno. */
int         gk_write_all(int fd, const void *data, size_t n_bytes) GK_MUST_CHECK;
int         gk_end_file_at(int fd, int64_t n_bytes) GK_MUST_CHECK;
int         gk_sync_file(int fd);

#endif
