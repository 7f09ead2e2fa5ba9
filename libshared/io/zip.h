/* zip.h -- the zip archives that npz and PyTorch's files are: members stored or deflated, with ZIP64's sizes. */
#ifndef GK_IO_ZIP_H
#define GK_IO_ZIP_H

#include "io/tensors_private.h"

typedef struct gk_zip_member {
    const char *name;
    bool        is_deflated;
    uint32_t    crc;
    size_t      n_packed, n;       /* bytes in the file, and unpacked */
    size_t      header;            /* offset of its local header */
} gk_zip_member;

/* The members that the archive's directory lists, in its order; names and list in arena memory.  How many, or -1 with gk_error:
 * damaged, encrypted, of a method that is not known, an entry beyond the file's end, a name twice. */
int gk_zip_list(const gk_bytes *file, gk_arena *arena, gk_zip_member **out) GK_MUST_CHECK;

/* A member's bytes: those in the file, or unpacked into a buffer of `tensors`; its checksum is right.  -1 with gk_error. */
int gk_zip_member_read(const gk_bytes *file, const gk_zip_member *member, gk_tensors *tensors, gk_bytes *out) GK_MUST_CHECK;

/* Write an archive of stored members: each member, then the end. */
typedef struct gk_zip_writer {
    gk_outfile *output;
    uint8_t    *directory;         /* what comes behind the members */
    size_t      n_directory, n_room;
    uint64_t    n_written, n_member;
} gk_zip_writer;

/* A member of n_part pieces, one behind the other.  -1 with gk_error. */
int  gk_zip_put(gk_zip_writer *zip, const char *name, int n_part, const gk_bytes *part) GK_MUST_CHECK;
int  gk_zip_end(gk_zip_writer *zip) GK_MUST_CHECK;
void gk_zip_release(gk_zip_writer *zip);

#endif
