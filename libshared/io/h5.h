/* h5.h -- the only door to HDF5: typed read and write of whole arrays, attributes and tables, through files and pipes.
 *
 * Writing.  A file is made in memory; gk_h5_commit seals it and brings it to its place (base/outfile.h: a temporary name beside
 * the target, synced, read back, renamed; or a stream).  Until then the target is untouched.
 * Sealing.  The last GK_H5_SEAL_BYTES bytes of a file (after HDF5's own end, which HDF5 tools ignore) hold the sha256 of
 * everything before them.  A file without a valid seal is refused before HDF5 sees a byte of it, so that a truncated or
 * damaged file is always an error and never more.  See FORMAT.md.
 * Reading.  Sizes are checked against the file's size before anything is allocated.
 * All paths are absolute HDF5 paths ("/model/embed.weight"); missing groups are created on write.
 * Errors: -1 / NULL with gk_error naming object and file, found and expected. */
#ifndef GK_IO_H5_H
#define GK_IO_H5_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/dtype.h"
#include "base/error.h"
#include "base/sha256.h"

enum { GK_H5_MAX_DIM = 8 };

typedef struct gk_h5 gk_h5;

gk_h5      *gk_h5_create(const char *path);                 /* checks now that the target's folder is writable */
int         gk_h5_commit(gk_h5 *file) GK_MUST_CHECK;        /* frees file, also on failure (target untouched then) */
void        gk_h5_discard(gk_h5 *file);                     /* NULL is fine; removes the temporary file */

gk_h5      *gk_h5_open(const char *path);                   /* read-only; "-" reads stdin */
void        gk_h5_close(gk_h5 *file);                       /* NULL is fine */
const char *gk_h5_name(const gk_h5 *file);                  /* path as given, for messages */
const char *gk_h5_sha256(const gk_h5 *file);                /* of the whole opened file, hex */

int64_t     gk_h5_n_bytes(const gk_h5 *file);               /* size of an opened file, without its seal */

/* Would gk_h5_create succeed?  For failing before hours of training.  Creates and removes a probe beside the target. */
int         gk_h5_check_writable(const char *path) GK_MUST_CHECK;

/* Append a seal to an HDF5 file that has none, or whose seal no longer fits (edited by hand).  In place. */
int         gk_h5_seal(const char *path) GK_MUST_CHECK;

/* The end of a file, all that gk_h5_seal changes of it: kept before, to be put back if the file turns out to be no good. */
typedef struct gk_h5_end { int64_t n_bytes; char tail[128]; } gk_h5_end;
int         gk_h5_keep_end(const char *path, gk_h5_end *end) GK_MUST_CHECK;
int         gk_h5_put_end(const char *path, const gk_h5_end *end) GK_MUST_CHECK;

/* --- arrays -- */
enum {
    GK_H5_PACK = 1,     /* chunked along the first axis, shuffled and deflated; for histories and indices */
    GK_H5_SHORT = 2     /* GK_I32 that are all 0 to 65535, as whole numbers of two bytes: half the time to read them */
};

int  gk_h5_write(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, const void *data,
                 unsigned flags) GK_MUST_CHECK;
bool gk_h5_exists(gk_h5 *file, const char *path);
/* Type and shape of a dataset. */
int  gk_h5_shape(gk_h5 *file, const char *path, gk_dtype *type, int *n_dim, int64_t dim[GK_H5_MAX_DIM]) GK_MUST_CHECK;
/* Read all of it into out; dims must equal dim (-1: any).  Whole numbers of any size are read as `type` if they fit, and so
 * are reals (rounded if need be). */
int  gk_h5_read(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, void *out) GK_MUST_CHECK;
/* The same into arena memory of the right size; n_element may be NULL. */
void *gk_h5_read_new(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, gk_arena *arena,
                     int64_t *n_element);

/* Some rows of an array: count of them from `first` along its first axis.  In memory they are n_run runs of equal length,
 * stride elements from the start of one to the start of the next (a parameter's slices of an arena [R][P]: R runs, P apart). */
typedef struct gk_h5_part {
    int64_t first, count;
    int64_t n_run, stride;
} gk_h5_part;

/* An array to be written part by part. */
int  gk_h5_create_array(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim,
                        unsigned flags) GK_MUST_CHECK;
int  gk_h5_write_part(gk_h5 *file, const char *path, gk_dtype type, const gk_h5_part *part, const void *data) GK_MUST_CHECK;
/* dim as for gk_h5_read: of the whole array. */
int  gk_h5_read_part(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, const gk_h5_part *part,
                     void *out) GK_MUST_CHECK;

/* --- attributes (of a group or dataset) -- */
typedef enum { GK_H5_BOOL, GK_H5_INT, GK_H5_REAL, GK_H5_TEXT, GK_H5_TEXTS, GK_H5_OTHER } gk_h5_kind;
int  gk_h5_set_int(gk_h5 *file, const char *path, const char *name, int64_t value) GK_MUST_CHECK;
int  gk_h5_set_real(gk_h5 *file, const char *path, const char *name, double value) GK_MUST_CHECK;
int  gk_h5_set_text(gk_h5 *file, const char *path, const char *name, const char *value) GK_MUST_CHECK;
int  gk_h5_set_bool(gk_h5 *file, const char *path, const char *name, bool value) GK_MUST_CHECK;    /* as h5py stores bool */
int  gk_h5_set_texts(gk_h5 *file, const char *path, const char *name, const char *const *values, int n) GK_MUST_CHECK;
bool gk_h5_has(gk_h5 *file, const char *path, const char *name);
int  gk_h5_get_int(gk_h5 *file, const char *path, const char *name, int64_t *value) GK_MUST_CHECK;
int  gk_h5_get_real(gk_h5 *file, const char *path, const char *name, double *value) GK_MUST_CHECK;
gk_h5_kind gk_h5_attribute_kind(gk_h5 *file, const char *path, const char *name);
int  gk_h5_get_bool(gk_h5 *file, const char *path, const char *name, bool *value) GK_MUST_CHECK;
const char **gk_h5_get_texts(gk_h5 *file, const char *path, const char *name, gk_arena *arena, int *n);
const char *gk_h5_get_text(gk_h5 *file, const char *path, const char *name, gk_arena *arena);
/* Any attribute as text, for listing: reals with as few digits as read back the same; several texts with commas. */
const char *gk_h5_get_any(gk_h5 *file, const char *path, const char *name, gk_arena *arena);
/* In the order of creation where the file knows it (it does for ours), else by name. */
int  gk_h5_n_attribute(gk_h5 *file, const char *path);
const char *gk_h5_attribute_name(gk_h5 *file, const char *path, int index, gk_arena *arena);

/* --- groups -- */
int  gk_h5_n_child(gk_h5 *file, const char *path);                     /* 0 if there is no such group */
const char *gk_h5_child(gk_h5 *file, const char *path, int index, gk_arena *arena);   /* sorted by name */
/* Names of all children, sorted.  NULL with gk_error; an empty list if there is no such group. */
const char **gk_h5_children(gk_h5 *file, const char *path, gk_arena *arena, int *n);
bool gk_h5_is_group(gk_h5 *file, const char *path);
/* Copy an object with everything below it from one file to the same path (or another) in the file being written. */
int  gk_h5_copy(gk_h5 *to, const char *to_path, gk_h5 *from, const char *from_path) GK_MUST_CHECK;

/* --- tables (compound type, one row per entry) -- */
typedef struct gk_h5_column {
    const char *name;
    gk_dtype    type;             /* GK_I64 or GK_F64; texts set `text` instead */
    const void *data;             /* int64_t[n_row] or double[n_row] */
    const char *const *text;      /* [n_row], if not NULL */
} gk_h5_column;
int  gk_h5_write_table(gk_h5 *file, const char *path, int n_column, const gk_h5_column *columns, int64_t n_row) GK_MUST_CHECK;
/* Columns in arena memory. */
int  gk_h5_read_table(gk_h5 *file, const char *path, gk_arena *arena, int *n_column, gk_h5_column **columns,
                      int64_t *n_row) GK_MUST_CHECK;

#endif
