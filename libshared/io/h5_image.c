/* h5_image.c -- a file in memory that outlives HDF5's handle on it.  Every file that is written is made this way, so that HDF5
 * never meets a full or failing disk: its bytes go to the disk by one loop of our own (base/outfile.h).
 *
 * H5Fget_file_image would give a copy of an open file: twice the memory, and (HDF5 1.10) with a superblock whose checksum
 * does not fit.  Instead HDF5's core driver gets our allocator, which keeps the memory when the file is closed: exactly
 * the bytes that a file on disk would have.
 *
 * An image of more than a quarter of the machine's memory is paged: a mapping of a file without a name beside the target, whose
 * room is taken before it is used, so that a full disk is an error of the allocator like any other.
 *
 * Some builds of HDF5 2 end the program if a file cannot be begun, or not be written to its end when it is closed.  So what HDF5
 * writes then, which is little, always gets room, of memory that nobody will read: an image with an error is never sent. */
#include "io/h5_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/memory.h"

enum { CORE_INCREMENT = 1 << 22, END_OF_FILE_AT = 28, MEMORY_SHARE = 4, A_LITTLE = 1 << 26 };

/* Images up to this size are plain memory.  $GK_IMAGE_BYTES is for tests. */
static size_t plain_bytes(void)
{
    static size_t limit;
    const char   *what, *given = getenv("GK_IMAGE_BYTES");

    if (!limit)
        limit = given ? strtoull(given, NULL, 10) + 1 : (size_t)(gk_memory_limit(&what) / MEMORY_SHARE) + 1;
    return limit - 1;
}

/* Room for n_bytes in the scratch file, mapped; what the image held so far is in it. */
static void *page(gk_h5_image *image, size_t n_bytes)
{
    int error;

    if (image->scratch < 0 && (image->scratch = gk_outfile_scratch(image->output)) < 0)
        return NULL;
    while ((error = posix_fallocate(image->scratch, 0, (off_t)n_bytes)) == EINTR)
        continue;
    if (error) {
        errno = error;
        return NULL;
    }
    void *data = image->is_paged ? mremap(image->data, image->capacity, n_bytes, MREMAP_MAYMOVE)
                                 : mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, image->scratch, 0);
    if (data == MAP_FAILED)
        return NULL;
    if (!image->is_paged && image->data) {
        memcpy(data, image->data, image->capacity < n_bytes ? image->capacity : n_bytes);
        free(image->data);
    }
    image->is_paged = true;
    return data;
}

/* Behind what the image holds, room that takes memory only as far as it is used. */
static void *make_room(gk_h5_image *image, size_t n_bytes)
{
    char *data = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (data == MAP_FAILED)
        return NULL;
    if (!image->is_paged && image->data) {
        memcpy(data, image->data, image->capacity);
        free(image->data);
    } else if (image->is_paged && mremap(image->data, image->capacity, image->capacity, MREMAP_MAYMOVE | MREMAP_FIXED,
                                         data) == MAP_FAILED) {
        munmap(data, n_bytes);
        return NULL;
    }
    image->is_paged = true;
    return data;
}

/* An image never gets smaller. */
static void *image_realloc(void *data, size_t n_bytes, H5FD_file_image_op_t operation, void *context)
{
    (void)operation;
    (void)data;
    gk_h5_image *image = context;
    void        *larger = NULL;

    if (image->data && n_bytes <= image->capacity)
        return image->data;
    if (!image->is_paged && n_bytes <= plain_bytes())
        larger = realloc(image->data, n_bytes);
    if (!larger && !(image->must_grow && image->error))
        larger = page(image, n_bytes);
    if (!larger && !image->error)
        image->error = errno;
    if (!larger && image->must_grow && (larger = make_room(image, n_bytes + A_LITTLE)))
        n_bytes += A_LITTLE;
    if (larger) {
        image->data = larger;
        image->capacity = n_bytes;
    }
    return larger;
}

static void *image_malloc(size_t n_bytes, H5FD_file_image_op_t operation, void *context)
{
    return image_realloc(NULL, n_bytes, operation, context);
}

static void *image_copy(void *to, const void *from, size_t n_bytes, H5FD_file_image_op_t operation, void *context)
{
    (void)operation;
    (void)context;
    return memcpy(to, from, n_bytes);
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

    image->scratch = -1;
    return H5Pset_fapl_core(access, CORE_INCREMENT, false) < 0 || H5Pset_file_image_callbacks(access, &callbacks) < 0 ? -1 : 0;
}

int64_t gk_h5_image_bytes(const gk_h5_image *image)
{
    uint64_t n_bytes = 0;

    for (int i = 7; image->data && image->capacity > END_OF_FILE_AT + 8 && i >= 0; i--)
        n_bytes = n_bytes << 8 | ((const unsigned char *)image->data)[END_OF_FILE_AT + i];
    return n_bytes && n_bytes <= image->capacity && !image->error ? (int64_t)n_bytes : -1;
}

void gk_h5_image_release(gk_h5_image *image)
{
    if (image->is_paged)
        munmap(image->data, image->capacity);
    else
        free(image->data);
    if (image->is_paged || image->scratch > STDERR_FILENO)
        close(image->scratch);
    *image = (gk_h5_image){ .scratch = -1 };
}
