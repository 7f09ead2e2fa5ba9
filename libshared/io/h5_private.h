/* h5_private.h -- what the files h5*.c share.  Nobody else includes it: hid_t stays behind io/h5.h. */
#ifndef GK_IO_H5_PRIVATE_H
#define GK_IO_H5_PRIVATE_H

#include <hdf5.h>
#if !H5_VERSION_GE(1, 10, 3)
#error "HDF5 1.10.3 or newer is needed"
#endif
#include "base/outfile.h"
#include "io/h5.h"

enum {
    GK_H5_MAX_TEXT   = 1 << 20,    /* bytes of one text */
    GK_H5_MAX_PATH   = 4096,
    GK_H5_MAX_DEPTH  = 128,        /* components of a path */
    GK_H5_MAX_RATIO  = 1100,       /* deflate cannot shrink more than 1032-fold */
    GK_H5_MAX_COLUMN = 10000,
    GK_H5_MAX_CHILD  = 100000
};
#define GK_H5_MAX_BYTES ((int64_t)1 << 46)    /* of one array, whatever the file says */

/* HDF5 1.12 gave these calls a second form with another struct, and their names without a number became macros for whichever form
 * a build of HDF5 prefers.  They go by these names, so that 1.10 to 2.x mean the same (tests/lint/hdf5.sh). */
#if H5_VERSION_GE(1, 12, 0)
typedef H5O_info2_t gk_h5_object_info;
typedef H5L_info2_t gk_h5_link_info;
#define GK_H5_GET_OBJECT_INFO H5Oget_info_by_name3
#define GK_H5_GET_LINK_INFO   H5Lget_info2
#define GK_H5_FOR_EACH_LINK   H5Literate_by_name2
#else
typedef H5O_info_t gk_h5_object_info;
typedef H5L_info_t gk_h5_link_info;
#define GK_H5_GET_OBJECT_INFO H5Oget_info_by_name2
#define GK_H5_GET_LINK_INFO   H5Lget_info
#define GK_H5_FOR_EACH_LINK   H5Literate_by_name
#endif

/* A file in memory: see h5_image.c. */
typedef struct gk_h5_image {
    void            *data;
    size_t           capacity;
    const gk_outfile *output;      /* whose disk holds the pages of an image that is too large for memory */
    bool             is_paged;    /* data is a mapping of scratch */
    int              scratch;     /* a file without a name */
    bool             must_grow;   /* what HDF5 writes now is little, and it does not bear that it fails */
    int              error;       /* errno of the first time that the image could not grow; 0: never */
} gk_h5_image;

/* Make files opened with this access list live in image, whose `output` is set. */
int     gk_h5_image_use(gk_h5_image *image, hid_t access);
/* Size of the file, once HDF5 has closed it; -1 if there is none, or HDF5 did not get all the memory that it wanted. */
int64_t gk_h5_image_bytes(const gk_h5_image *image);
void    gk_h5_image_release(gk_h5_image *image);

struct gk_h5 {
    hid_t      id;
    char      *path;                   /* as given */
    char      *label;                  /* for messages: "'run.h5'" or "standard input" */
    gk_outfile *output;                 /* NULL when reading */
    gk_h5_image image;                 /* writing */
    bool       has_failed;             /* writing: something could not be closed, so HDF5 has lost what it held back */
    int64_t    n_bytes;                /* reading: size of the HDF5 part of the file */
    int64_t    table_left;             /* reading: bytes that tables may still take in memory */
    bool       has_heap;               /* reading: texts of variable length occur, which are in a heap that nobody has checked */
    char       sha256[GK_SHA256_HEX];  /* reading: of all of the file */
};

/* A dataset opened for reading, its declared sizes checked against the size of the file. */
typedef struct gk_h5_dataset {
    hid_t   id, type;
    int     n_dim;
    int64_t dim[GK_H5_MAX_DIM];
    int64_t n_element;
} gk_h5_dataset;

int  gk_h5_dataset_open(gk_h5 *file, const char *path, gk_h5_dataset *out);
void gk_h5_dataset_close(gk_h5_dataset *dataset);

/* Does every link on the way exist, and is each a hard link?  Soft and external links are never followed. */
bool gk_h5_find(gk_h5 *file, const char *path);
/* -1 with gk_error if path is not absolute, too long, or has an empty, "." or ".." component. */
int  gk_h5_check_path(const gk_h5 *file, const char *path);
/* Create the groups on the way to path, and path itself if it is to be a group. */
int  gk_h5_make_groups(gk_h5 *file, const char *path, bool itself);

/* Close an object, type, space or list; nothing to do for an invalid one.  file: the one that is written to or read from, NULL
 * for what belongs to no file.  What HDF5 holds back of an array reaches the file when the array is closed, so a close that
 * fails is remembered, and gk_h5_commit refuses.  Nobody else calls H5?close. */
void gk_h5_drop(gk_h5 *file, hid_t id);

/* Types in the file (little endian) and in memory. */
hid_t gk_h5_file_type(gk_dtype type);
hid_t gk_h5_memory_type(gk_dtype type);
/* The element type that holds all values of a stored type; -1 (no message) if it is none of ours. */
int   gk_h5_dtype_of(hid_t type);

/* UTF-8 text of that many bytes with its final NUL; the caller closes it. */
hid_t gk_h5_text_type(size_t n_bytes);

/* Record "cannot <what> '<path>' in <file>: <reason of errno if it tells>"; -1. */
int   gk_h5_failed(const gk_h5 *file, const char *what, const char *path);

#endif
