/* outfile.h -- where a file goes: beside its target under a temporary name until it is whole, or into a stream.  Tables,
 * figures and checkpoints all go this way, so one set of rules holds for them.
 *
 * A target that is a symbolic link is followed, so that the link stays and what it points at is made or replaced.  "-" and
 * targets that are not regular files (pipes, devices) are streams: written at once, nothing to rename.
 *
 * The temporary file is ".<name>.<6 letters or digits>.tmp" in the target's folder.  Its writer holds a lock (flock) on it;
 * one that nobody holds was left by a process that was killed, and the next writer of the same target removes it.
 *
 * What stands at the target already is replaced
 *   - by a table or a figure, if it is one itself, or empty (anything else is refused);
 *   - by a store, if it is empty, or if this process knows it: it wrote it, goes on from it (gk_outfile_continue), or was told
 *     (gk_outfile_allow, for --force).  When another program has changed it since, what was computed goes beside it under
 *     another name, and that is an error which tells the name.
 * A file that this process has read (base/input.h) is never written over, whatever name it is given by.
 *
 * A file is synced and then read back, from the disk where the system lets go of its copy, before it takes the target's
 * place: a write that failed without a word is an error, and the old file stays. */
#ifndef GK_BASE_OUTFILE_H
#define GK_BASE_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"
#include "base/sha256.h"

typedef enum gk_outfile_kind {
    GK_OUTFILE_TABLE,     /* text, also to a terminal */
    GK_OUTFILE_FIGURE,
    GK_OUTFILE_STORE      /* a checkpoint or dataset */
} gk_outfile_kind;

typedef struct gk_outfile gk_outfile;

/* Create the temporary file, or open the stream ("-": standard output).  NULL with gk_error if that cannot be. */
gk_outfile *gk_outfile_new(const char *path, gk_outfile_kind kind);

/* Write all of data.  -1 with gk_error naming the target. */
int         gk_outfile_write(gk_outfile *output, const void *data, size_t n_bytes) GK_MUST_CHECK;

/* Has a write to standard output failed because nobody reads there any more? */
bool        gk_outfile_reader_is_gone(void);

/* Has another program changed what stood at the target of a store, so that what was computed went beside it? */
bool        gk_outfile_was_changed(void);

/* sha256 of what was written so far. */
void        gk_outfile_sha256(const gk_outfile *output, char hex[GK_SHA256_HEX]);

/* For messages: "'run.h5'" or "standard output". */
const char *gk_outfile_label(const gk_outfile *output);
bool        gk_outfile_is_terminal(const gk_outfile *output);

/* An open file without a name on the target's disk, for what does not fit into memory (for a stream in $TMPDIR, or
 * /var/tmp).  -1 with errno. */
int         gk_outfile_scratch(const gk_outfile *output) GK_MUST_CHECK;

/* Sync the temporary file, compare it with what was written, rename it over the target, sync the folder.  Frees output, also
 * on failure (the target is untouched then and the temporary file removed, or saved if another program changed the target). */
int         gk_outfile_commit(gk_outfile *output) GK_MUST_CHECK;
void        gk_outfile_discard(gk_outfile *output);    /* NULL is fine */

/* Whatever stands at path now may be replaced by a store. */
void        gk_outfile_allow(const char *path);
/* What was read as `input` may be replaced by a store at path: the same file, perhaps by another name. */
void        gk_outfile_continue(const char *path, const char *input);

/* Would gk_outfile_new succeed?  For failing before hours of work.  A pipe is not opened. */
int         gk_outfile_check(const char *path, gk_outfile_kind kind) GK_MUST_CHECK;

#endif
