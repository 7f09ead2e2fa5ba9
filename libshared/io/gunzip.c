/* gunzip.c -- see gunzip.h. */
#include "io/gunzip.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "base/input.h"

enum { N_CHUNK = 1 << 16, GZIP_WINDOW = 15 + 16 };

struct gk_gunzip {
    const char *path;
    int         fd;
    bool        is_gzip, is_within;    /* within a compressed member, whose checksum is still to come */
    int64_t     n_left;                /* of the chunk, beginning at next; of a compressed file the stream counts */
    z_stream    stream;
    uint8_t     chunk[N_CHUNK], *next;
};

/* Up to n bytes of the file; -1 with gk_error. */
static int64_t read_some(gk_gunzip *from, void *to, int64_t n)
{
    ssize_t n_read;
    while ((n_read = read(from->fd, to, (size_t)n)) < 0)
        if (errno != EINTR)
            return gk_error("cannot read '%s': %s", from->path, strerror(errno));
    return n_read;
}

/* The first bytes, and what they say. */
static int begin(gk_gunzip *from)
{
    int64_t n = 1;
    while (n > 0 && from->n_left < 2) {
        if ((n = read_some(from, from->chunk + from->n_left, N_CHUNK - from->n_left)) < 0)
            return -1;
        from->n_left += n;
    }
    from->next = from->chunk;
    if (from->n_left < 2 || from->chunk[0] != 0x1f || from->chunk[1] != 0x8b)
        return 0;
    from->stream.next_in = from->chunk;
    from->stream.avail_in = (uInt)from->n_left;
    if (inflateInit2(&from->stream, GZIP_WINDOW) != Z_OK)
        return gk_error("cannot read '%s': out of memory", from->path);
    from->is_gzip = from->is_within = true;
    return 0;
}

gk_gunzip *gk_gunzip_open_as(const char *path, const char *name)
{
    gk_gunzip *from = calloc(1, sizeof *from);
    if (!from) {
        gk_error("cannot read '%s': out of memory", name);
        return NULL;
    }
    from->path = name;
    if ((from->fd = gk_input_open(path)) < 0) {
        gk_error("cannot open '%s': %s", name, strerror(errno));
        free(from);
        return NULL;
    }
    if (begin(from) == 0)
        return from;
    gk_gunzip_close(from);
    return NULL;
}

gk_gunzip *gk_gunzip_open(const char *path)
{
    return gk_gunzip_open_as(path, path);
}

void gk_gunzip_close(gk_gunzip *from)
{
    if (!from)
        return;
    if (from->is_gzip)
        inflateEnd(&from->stream);
    gk_input_close(from->fd);
    free(from);
}

/* Input for the stream.  1: there is some; 0: the file ends; -1 with gk_error. */
static int refill(gk_gunzip *from)
{
    z_stream *z = &from->stream;
    if (z->avail_in > 0)
        return 1;
    int64_t n = read_some(from, from->chunk, N_CHUNK);
    if (n < 0)
        return -1;
    z->next_in = from->chunk;
    z->avail_in = (uInt)n;
    return n > 0;
}

/* After a member: another one (1), the end (0), or what is neither (-1 with gk_error). */
static int next_member(gk_gunzip *from)
{
    int more = refill(from);
    if (more <= 0)
        return more;
    if (*from->stream.next_in != 0x1f)
        return gk_error("'%s' goes on after its compressed data", from->path);
    inflateReset(&from->stream);
    from->is_within = true;
    return 1;
}

static int64_t inflate_some(gk_gunzip *from, uint8_t *to, int64_t n)
{
    z_stream *z = &from->stream;
    int64_t   n_done = 0;
    while (n_done < n) {
        int more = from->is_within ? refill(from) : next_member(from);
        if (more < 0)
            return -1;
        if (more == 0 && from->is_within)
            return gk_error("'%s' is truncated: its compressed data end too early", from->path);
        if (more == 0)
            return n_done;
        uInt n_ask = n - n_done < INT32_MAX ? (uInt)(n - n_done) : INT32_MAX;
        z->next_out = to + n_done;
        z->avail_out = n_ask;
        int status = inflate(z, Z_NO_FLUSH);
        n_done += n_ask - z->avail_out;
        if (status != Z_OK && status != Z_STREAM_END)
            return gk_error("'%s' is damaged: %s", from->path, z->msg ? z->msg : "its compressed data make no sense");
        from->is_within = status != Z_STREAM_END;
    }
    return n_done;
}

int64_t gk_gunzip_read(gk_gunzip *from, void *to, int64_t n)
{
    if (from->is_gzip)
        return inflate_some(from, to, n);
    int64_t n_done = from->n_left < n ? from->n_left : n;
    memcpy(to, from->next, (size_t)n_done);
    from->next += n_done;
    from->n_left -= n_done;
    for (int64_t n_read = 1; n_done < n && n_read > 0; n_done += n_read)
        if ((n_read = read_some(from, (uint8_t *)to + n_done, n - n_done)) < 0)
            return -1;
    return n_done;
}

int64_t gk_gunzip_most(gk_gunzip *from)
{
    struct stat info;
    if (fstat(from->fd, &info) < 0 || !S_ISREG(info.st_mode))
        return gk_error("cannot read '%s': it is not a regular file", from->path);
    return (int64_t)info.st_size * (from->is_gzip ? GK_GUNZIP_MAX_RATIO : 1);
}
