/* h5_scan.h -- what a file must be before HDF5 may interpret it.
 *
 * HDF5's own parser believes what it reads: files with right checksums have crashed it in many places.  This reads the structure
 * of a file by HDF5's published format (File Format Specification 3.0), of which it knows only what our files need,
 * and refuses everything else.  What it accepts has these properties:
 *   - Every byte belongs to one thing: blocks and chunks lie in the file and do not overlap.  So objects form a tree (none is
 *     linked twice), and all work is linear in the size of the file, but for sorting.
 *   - Links are hard links, and no two of a group have one name.  Objects are groups and datasets.  Data are in the file.
 *   - Types, shapes, attributes and filters fit together, and into what holds them; shuffle, deflate and Fletcher32 are
 *     the only filters, each at most once, and every chunk unpacks to exactly its size.
 *   - All chunks together unpack to at most gk_scan_max_unpacked.
 * Checksums are left to HDF5, and so are the values.  See docs/security.md. */
#ifndef GK_IO_H5_SCAN_H
#define GK_IO_H5_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"

/* Where the bytes come from: memory, or fd if that is NULL. */
typedef struct gk_scan_source {
    const unsigned char *memory;
    int                  fd;
    int64_t              n_bytes;    /* of the HDF5 part */
    const char          *label;      /* for messages */
} gk_scan_source;

/* 0, or -1 with gk_error: what is wrong, and at which byte.  *has_heap: texts or lists of variable length occur. */
int     gk_h5_scan(const gk_scan_source *source, bool *has_heap) GK_MUST_CHECK;

/* Bytes that the packed arrays of a file of this size may unpack to. */
int64_t gk_scan_max_unpacked(int64_t n_bytes);

/* For tests that damage metadata: called for every block with a checksum, before it is read, with the checksum's place in it. */
extern void (*gk_scan_checksummed)(uint64_t at, size_t n, size_t sum_at);

/* --- shared by h5_scan*.c --------------------------------------------------------------------------------------------- */

#define GK_SCAN_NOWHERE UINT64_MAX    /* an address that is not set */

typedef struct gk_extent {
    uint64_t at, n;
} gk_extent;

typedef struct gk_extents {
    gk_extent *extent;
    size_t     n, capacity;
    uint64_t   total;
} gk_extents;

typedef struct gk_scan_name {
    const unsigned char *text;
    size_t               n;
} gk_scan_name;

typedef struct gk_scan {
    const gk_scan_source *source;
    gk_arena    arena;            /* metadata blocks of a file that is not in memory */
    gk_extents  used, objects;    /* of the file; of what lies in heaps */
    uint64_t   *pending;          /* headers of objects that are still to be read */
    gk_scan_name *name;           /* of the links of the group that is being read */
    size_t      n_pending, pending_capacity, n_name, name_capacity;
    int64_t     unpacked_left;
    bool        has_heap;
} gk_scan;

/* A part of the file that is being read.  Once it has failed it gives zeros. */
typedef struct gk_cursor {
    const unsigned char *at, *end;
    uint64_t             address;    /* of the block, for messages */
    bool                 has_failed;
} gk_cursor;

uint64_t gk_cursor_get(gk_cursor *c, int n_byte);                          /* little endian, at most 8 bytes */
const unsigned char *gk_cursor_skip(gk_cursor *c, uint64_t n);             /* where those n bytes are; NULL: they are not there */
size_t   gk_cursor_left(const gk_cursor *c);

/* "cannot read 'run.h5': <what> (at byte N)"; -1. */
int  gk_scan_bad(const gk_scan *scan, uint64_t address, const char *what);
/* [at, at + n) belongs to one thing from now on. */
int  gk_scan_claim(gk_scan *scan, uint64_t at, uint64_t n);
int  gk_scan_claim_object(gk_scan *scan, uint64_t at, uint64_t n);
/* Claim a block of metadata and read it; sign: its signature, which is skipped; its checksum is left out. */
int  gk_scan_block(gk_scan *scan, uint64_t at, uint64_t n, const char *sign, gk_cursor *out);
/* n bytes of the file into memory that is not claimed: of data.  NULL with gk_error. */
const unsigned char *gk_scan_bytes(gk_scan *scan, uint64_t at, uint64_t n, unsigned char **buffer);
/* A link of that name leads to the header of an object there. */
int  gk_scan_expect(gk_scan *scan, uint64_t header, const unsigned char *name, size_t n_name);
/* Room for one more element of list; NULL with gk_error (list is as it was). */
void *gk_scan_grow(const gk_scan *scan, void *list, size_t n, size_t *capacity, size_t element);

/* Messages: h5_scan_message.c. */
typedef struct gk_scan_type {
    uint64_t size;
    int      class;
    bool     has_heap;        /* of variable length, or with such a part */
} gk_scan_type;
typedef struct gk_scan_space {
    int      n_dim;
    uint64_t dim[32], max[32], n_element;
} gk_scan_space;

int gk_scan_read_type(gk_scan *scan, gk_cursor *c, int depth, gk_scan_type *out);
int gk_scan_read_space(gk_scan *scan, gk_cursor *c, gk_scan_space *out);
int gk_scan_read_attribute(gk_scan *scan, gk_cursor *c);
int gk_scan_read_link(gk_scan *scan, gk_cursor *c);
int gk_scan_read_fill(gk_scan *scan, gk_cursor *c, const gk_scan_type *type);

/* Where data are: h5_scan_data.c.  Cursors of the messages; pipeline->at is NULL if there is none. */
int gk_scan_data(gk_scan *scan, const gk_scan_type *type, const gk_scan_space *space, gk_cursor *layout, gk_cursor *pipeline);

/* Links or attributes of an object that has many, in a heap: h5_scan_heap.c.  c: the link info or attribute info message. */
int gk_scan_dense(gk_scan *scan, gk_cursor *c, bool is_attributes);

#endif
