/* h5_image.c -- a file in memory that outlives HDF5's handle on it.
 *
 * H5Fget_file_image would give a copy of an open file: twice the memory, and (HDF5 1.10) with a superblock whose checksum
 * does not fit.  Instead HDF5's core driver gets our allocator, which keeps the memory when the file is closed: exactly
 * the bytes that a file on disk would have. */
#include "io/h5_private.h"

#include <stdlib.h>
#include <string.h>

enum { CORE_INCREMENT = 1 << 22, END_OF_FILE_AT = 28 };

static void *image_malloc(size_t n_bytes, H5FD_file_image_op_t operation, void *context)
{
    (void)operation;
    gk_h5_image *image = context;
    image->data = malloc(n_bytes);
    return image->data;
}

static void *image_copy(void *to, const void *from, size_t n_bytes, H5FD_file_image_op_t operation, void *context)
{
    (void)operation;
    (void)context;
    return memcpy(to, from, n_bytes);
}

static void *image_realloc(void *data, size_t n_bytes, H5FD_file_image_op_t operation, void *context)
{
    (void)operation;
    gk_h5_image *image = context;
    void        *larger = realloc(data, n_bytes);
    if (larger) {
        image->data = larger;
        image->capacity = n_bytes;
    }
    return larger;
}

/* The memory is ours to free. */
static herr_t image_free(void *data, H5FD_file_image_op_t operation, void *context)
{
    (void)data;
    (void)operation;
    (void)context;
    return 0;
}

static void *context_copy(void *context)
{
    return context;
}

static herr_t context_free(void *context)
{
    (void)context;
    return 0;
}

int gk_h5_image_use(gk_h5_image *image, hid_t access)
{
    H5FD_file_image_callbacks_t callbacks = { image_malloc, image_copy,   image_realloc, image_free,
                                              context_copy, context_free, image };

    return H5Pset_fapl_core(access, CORE_INCREMENT, false) < 0 || H5Pset_file_image_callbacks(access, &callbacks) < 0 ? -1 : 0;
}

int64_t gk_h5_image_bytes(const gk_h5_image *image)
{
    uint64_t n_bytes = 0;

    for (int i = 7; image->data && image->capacity > END_OF_FILE_AT + 8 && i >= 0; i--)
        n_bytes = n_bytes << 8 | ((const unsigned char *)image->data)[END_OF_FILE_AT + i];
    return n_bytes && n_bytes <= image->capacity ? (int64_t)n_bytes : -1;
}

void gk_h5_image_release(gk_h5_image *image)
{
    free(image->data);
    *image = (gk_h5_image){ NULL, 0 };
}
