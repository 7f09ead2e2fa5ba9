/* idx.c -- the IDX format of MNIST: a magic number 00 00 08 n, n sizes of 4 bytes (high byte first), then bytes; gzip'd or not.
 * A file is read as if it came from an enemy: it must hold exactly as many bytes as its sizes say, and how much it can hold is
 * foreseen from its length before memory is asked for. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>
#include "base/input.h"
#include "data/build.h"

enum { N_CHUNK = 1 << 16, MAX_RATIO = 1032,    /* deflate makes one byte of at most so many */
       MAX_IDX_DIM = 3, TYPE_BYTES = 8, GZIP_WINDOW = 15 + 16 };

typedef struct source {
    const char *path;
    FILE       *file;
    bool        is_gzip, is_complete;    /* complete: the compressed stream has ended, with the right checksum */
    z_stream    stream;
    uint8_t     chunk[N_CHUNK];
} source;

static int source_open(source *from, const char *path, int64_t *n_most)
{
    struct stat info;
    from->path = path;
    from->file = gk_input_stream(path);
    if (!from->file)
        return gk_error("cannot open '%s': %s", path, strerror(errno));
    if (fstat(fileno(from->file), &info) < 0 || !S_ISREG(info.st_mode))
        return gk_error("cannot read '%s': it is not a regular file", path);
    int first = getc(from->file), second = getc(from->file);
    rewind(from->file);
    from->is_gzip = first == 0x1f && second == 0x8b;
    *n_most = from->is_gzip ? (int64_t)info.st_size * MAX_RATIO : (int64_t)info.st_size;
    if (from->is_gzip && inflateInit2(&from->stream, GZIP_WINDOW) != Z_OK) {
        from->is_gzip = false;
        return gk_error("cannot read '%s': out of memory", path);
    }
    return 0;
}

static void source_close(source *from)
{
    if (from->is_gzip)
        inflateEnd(&from->stream);
    if (from->file)
        fclose(from->file);
}

/* Up to n bytes into `to`; how many there were, or -1 with gk_error. */
static int64_t source_read(source *from, uint8_t *to, int64_t n)
{
    z_stream *z = &from->stream;
    if (!from->is_gzip) {
        size_t n_read = fread(to, 1, (size_t)n, from->file);
        return ferror(from->file) ? gk_error("cannot read '%s': %s", from->path, strerror(errno)) : (int64_t)n_read;
    }
    int64_t n_done = 0;
    while (n_done < n && !from->is_complete) {
        if (z->avail_in == 0) {
            z->next_in = from->chunk;
            z->avail_in = (uInt)fread(from->chunk, 1, N_CHUNK, from->file);
            if (ferror(from->file))
                return gk_error("cannot read '%s': %s", from->path, strerror(errno));
            if (z->avail_in == 0)
                return gk_error("'%s' is truncated: its compressed data end too early", from->path);
        }
        uInt n_ask = n - n_done < INT32_MAX ? (uInt)(n - n_done) : INT32_MAX;
        z->next_out = to + n_done;
        z->avail_out = n_ask;
        int status = inflate(z, Z_NO_FLUSH);
        n_done += n_ask - z->avail_out;
        if (status != Z_OK && status != Z_STREAM_END)
            return gk_error("'%s' is damaged: %s", from->path, z->msg ? z->msg : "its compressed data make no sense");
        from->is_complete = status == Z_STREAM_END;
    }
    return n_done;
}

/* Nothing may follow: no further byte, and after compressed data no byte that is not part of them. */
static int check_end(source *from)
{
    uint8_t more;
    int64_t n = source_read(from, &more, 1);
    if (n < 0)
        return -1;
    if (n > 0 || (from->is_gzip && (from->stream.avail_in > 0 || getc(from->file) != EOF)))
        return gk_error("'%s' goes on after its last item", from->path);
    return 0;
}

static int64_t big_endian(const uint8_t *at)
{
    return (int64_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

static int read_header(source *from, int n_dim, int64_t *dim, int64_t n_most, int64_t *n_byte)
{
    const int n_head = 4 + 4 * n_dim;
    uint8_t head[4 + 4 * MAX_IDX_DIM] = { 0 };
    int64_t n = source_read(from, head, n_head);
    if (n < 0)
        return -1;
    if (n < 4 || head[0] != 0 || head[1] != 0 || head[2] != TYPE_BYTES || head[3] != n_dim)
        return gk_error("'%s' is not an IDX file of bytes with %d dimension%s: it begins with %02x %02x %02x %02x, expected 00 "
                        "00 08 %02x", from->path, n_dim, n_dim == 1 ? "" : "s", head[0], head[1], head[2], head[3], n_dim);
    if (n < n_head)
        return gk_error("'%s' is truncated: it ends within its header", from->path);
    *n_byte = 1;
    for (int i = 0; i < n_dim; i++) {
        int64_t size = big_endian(head + 4 + 4 * i);
        if (size < 1 || (dim[i] > 0 && size != dim[i]))
            return gk_error("size %d of '%s' is %" PRId64 ", expected %s%" PRId64, i + 1, from->path, size,
                            dim[i] > 0 ? "" : "at least ", dim[i] > 0 ? dim[i] : 1);
        dim[i] = size;
        if (size > (n_most - n_head) / *n_byte)
            return gk_error("'%s' is truncated: it is too short for the %" PRId64 " items that it should hold", from->path,
                            dim[0]);
        *n_byte *= size;
    }
    return 0;
}

uint8_t *gk_idx_read(const char *path, int n_dim, int64_t *dim)
{
    int64_t  n_most = 0, n_byte = 0;
    uint8_t *bytes = NULL;
    source  *from = calloc(1, sizeof *from);
    gk_assert(n_dim >= 1 && n_dim <= MAX_IDX_DIM);
    if (!from) {
        gk_error("out of memory for a buffer");
        return NULL;
    }
    if (source_open(from, path, &n_most) < 0 || read_header(from, n_dim, dim, n_most, &n_byte) < 0)
        goto failed;
    if (!(bytes = gk_alloc_large((size_t)n_byte, path)))
        goto failed;
    int64_t n = source_read(from, bytes, n_byte);
    if (n < 0)
        goto failed;
    if (n < n_byte) {
        gk_error("'%s' is truncated: it has %" PRId64 " bytes of data, expected %" PRId64, path, n, n_byte);
        goto failed;
    }
    if (check_end(from) < 0)
        goto failed;
    source_close(from);
    free(from);
    return bytes;
failed:
    source_close(from);
    free(from);
    free(bytes);
    return NULL;
}
