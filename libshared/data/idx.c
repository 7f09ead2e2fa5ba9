/* idx.c -- the IDX format of MNIST: a magic number 00 00 08 n, n sizes of 4 bytes (high byte first), then bytes; gzip'd or not.
 * A file is read as if it came from an enemy: it must hold exactly as many bytes as its sizes say, and how much it can hold is
 * foreseen from its length before memory is asked for. */
#include <inttypes.h>
#include <stdlib.h>
#include "data/build.h"
#include "io/gunzip.h"

enum { MAX_IDX_DIM = 3, TYPE_BYTES = 8 };

/* Nothing may follow. */
static int check_end(gk_gunzip *from, const char *path)
{
    uint8_t more;
    int64_t n = gk_gunzip_read(from, &more, 1);
    return n > 0 ? gk_error("'%s' goes on after its last item", path) : (int)n;
}

static int64_t big_endian(const uint8_t *at)
{
    return (int64_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static int read_header(gk_gunzip *from, const char *path, int n_dim, int64_t *dim, int64_t n_most, int64_t *n_byte)
{
    const int n_head = 4 + 4 * n_dim;
    uint8_t head[4 + 4 * MAX_IDX_DIM] = { 0 };
    int64_t n = gk_gunzip_read(from, head, n_head);
    if (n < 0)
        return -1;
    if (n < 4 || head[0] != 0 || head[1] != 0 || head[2] != TYPE_BYTES || head[3] != n_dim)
        return gk_error("'%s' is not an IDX file of bytes with %d dimension%s: it begins with %02x %02x %02x %02x, expected 00 "
                        "00 08 %02x", path, n_dim, n_dim == 1 ? "" : "s", head[0], head[1], head[2], head[3], n_dim);
    if (n < n_head)
        return gk_error("'%s' is truncated: it ends within its header", path);
    *n_byte = 1;
    for (int i = 0; i < n_dim; i++) {
        int64_t size = big_endian(head + 4 + 4 * i);
        if (size < 1 || (dim[i] > 0 && size != dim[i]))
            return gk_error("size %d of '%s' is %" PRId64 ", expected %s%" PRId64, i + 1, path, size,
                            dim[i] > 0 ? "" : "at least ", dim[i] > 0 ? dim[i] : 1);
        dim[i] = size;
        if (size > (n_most - n_head) / *n_byte)
            return gk_error("'%s' is truncated: it is too short for the %" PRId64 " items that it should hold", path,
                            dim[0]);
        *n_byte *= size;
    }
    return 0;
}

uint8_t *gk_idx_read(const char *path, int n_dim, int64_t *dim)
{
    int64_t    n_byte = 0, n = -1;
    uint8_t   *bytes = NULL;
    gk_gunzip *from = gk_gunzip_open(path);
    int64_t    n_most = from ? gk_gunzip_most(from) : -1;
    gk_assert(n_dim >= 1 && n_dim <= MAX_IDX_DIM);
    if (n_most >= 0 && read_header(from, path, n_dim, dim, n_most, &n_byte) == 0)
        bytes = gk_alloc_large((size_t)n_byte, path);
    if (bytes)
        n = gk_gunzip_read(from, bytes, n_byte);
    if (n >= 0 && n < n_byte)
        n = gk_error("'%s' is truncated: it has %" PRId64 " bytes of data, expected %" PRId64, path, n, n_byte);
    if (n >= 0 && check_end(from, path) == 0) {
        gk_gunzip_close(from);
        return bytes;
    }
    gk_gunzip_close(from);
    free(bytes);
    return NULL;
}
