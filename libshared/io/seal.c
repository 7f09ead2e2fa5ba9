/* seal.c -- checksums at the end of files: see seal.h. */
#include "io/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/syscalls.h"
#include "io/h5.h"

enum { BLOCK_BYTES = 1 << 18 };

static const char seal_start[] = "groktools-seal-1 sha256=";
static const char hdf5_signature[8] = { '\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n' };

/* Where the bytes come from: a file, or memory if data is set. */
typedef struct source {
    int         fd;
    const char *data;
    int64_t     n_bytes;
    const char *label;
} source;

void gk_seal_format(char seal[GK_SEAL_BYTES], const char *sha256, int64_t n_bytes)
{
    char text[GK_SEAL_BYTES + 1];

    int n = snprintf(text, sizeof text, "%s%.64s size=%lld", seal_start, sha256, (long long)n_bytes);
    memset(seal, ' ', GK_SEAL_BYTES);
    memcpy(seal, text, (size_t)n);
    seal[GK_SEAL_BYTES - 1] = '\n';
}

/* Bytes [at, at + n) into out. */
static int read_block(const source *from, int64_t at, char *out, size_t n)
{
    if (from->data) {
        memcpy(out, from->data + at, n);
        return 0;
    }
    while (n > 0) {
        ssize_t got = pread(from->fd, out, n, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return gk_error("cannot read %s: %s", from->label, got < 0 ? strerror(errno) : "it became shorter meanwhile");
        out += got;
        at += got;
        n -= (size_t)got;
    }
    return 0;
}

/* sha256 of the first n_body bytes, and (if whole is given) of all. */
static int checksum(const source *from, int64_t n_body, char body[GK_SHA256_HEX], char *whole)
{
    gk_sha256 *sum = gk_sha256_new();
    char      *block = malloc(BLOCK_BYTES);
    int        status = block ? 0 : gk_error("cannot read %s: out of memory", from->label);
    int64_t    n_all = whole ? from->n_bytes : n_body;

    for (int64_t at = 0, n; status == 0 && at < n_all; at += n) {
        int64_t end = at < n_body ? n_body : n_all;
        n = end - at < BLOCK_BYTES ? end - at : BLOCK_BYTES;
        if (at == n_body)
            gk_sha256_free(gk_sha256_copy(sum), body);
        status = read_block(from, at, block, (size_t)n);
        if (status == 0)
            gk_sha256_add(sum, block, (size_t)n);
    }
    gk_sha256_free(sum, status < 0 ? NULL : whole ? whole : body);
    free(block);
    return status;
}

static int make_seal(char seal[GK_SEAL_BYTES], const source *from)
{
    char body[GK_SHA256_HEX];

    if (checksum(from, from->n_bytes, body, NULL) < 0)
        return -1;
    gk_seal_format(seal, body, from->n_bytes);
    return 0;
}

int gk_seal_of_memory(char seal[GK_SEAL_BYTES], const void *data, int64_t n_bytes)
{
    return make_seal(seal, &(source){ .fd = -1, .data = data, .n_bytes = n_bytes, .label = "memory" });
}

/* 1 if the file starts as HDF5 files do, 0 if not, -1 with gk_error. */
static int starts_as_hdf5(const source *from)
{
    char start[sizeof hdf5_signature];

    if (from->n_bytes < (int64_t)sizeof start)
        return 0;
    if (read_block(from, 0, start, sizeof start) < 0)
        return -1;
    return memcmp(start, hdf5_signature, sizeof start) == 0;
}

/* 1 with the seal read if there is something that starts like one, else 0; -1 with gk_error. */
static int has_seal(const source *from, char seal[GK_SEAL_BYTES])
{
    if (from->n_bytes < GK_SEAL_BYTES)
        return 0;
    if (read_block(from, from->n_bytes - GK_SEAL_BYTES, seal, GK_SEAL_BYTES) < 0)
        return -1;
    return memcmp(seal, seal_start, sizeof seal_start - 1) == 0;
}

static int check_seal(const source *from, char whole[GK_SHA256_HEX])
{
    char seal[GK_SEAL_BYTES], expected[GK_SEAL_BYTES], body[GK_SHA256_HEX];

    if (from->n_bytes == 0)
        return gk_error("cannot read %s: it is empty", from->label);
    int is_hdf5 = starts_as_hdf5(from);
    int sealed = is_hdf5 < 0 ? -1 : has_seal(from, seal);
    if (sealed < 0)
        return -1;
    if (!is_hdf5 && !sealed)
        return gk_error("cannot read %s: not a groktools file (it is not HDF5)", from->label);
    if (!sealed)
        return gk_error("cannot read %s: it has no seal at its end, so it was truncated, or is not a groktools file; "
                        "if you wrote or edited it yourself: grok-check --seal FILE", from->label);
    if (checksum(from, from->n_bytes - GK_SEAL_BYTES, body, whole) < 0)
        return -1;
    gk_seal_format(expected, body, from->n_bytes - GK_SEAL_BYTES);
    if (memcmp(seal, expected, GK_SEAL_BYTES) != 0)
        return gk_error("%s is damaged: its contents do not match its checksum, so it was changed after it was written; "
                        "if you edited it yourself: grok-check --seal FILE", from->label);
    return 0;
}

int gk_seal_check_memory(const void *data, int64_t n_bytes, const char *label, char whole[GK_SHA256_HEX])
{
    return check_seal(&(source){ .fd = -1, .data = data, .n_bytes = n_bytes, .label = label }, whole);
}

int gk_seal_check_file(int fd, int64_t n_bytes, const char *label, char whole[GK_SHA256_HEX])
{
    return check_seal(&(source){ .fd = fd, .n_bytes = n_bytes, .label = label }, whole);
}

/* Put the seal at offset n_body of an open file, and end the file there. */
static int put_seal(int fd, const char seal[GK_SEAL_BYTES], int64_t n_body, const char *label)
{
    if (lseek(fd, (off_t)n_body, SEEK_SET) < 0 || gk_write_all(fd, seal, GK_SEAL_BYTES) < 0 ||
        gk_end_file_at(fd, n_body + GK_SEAL_BYTES) < 0 || gk_sync_file(fd) < 0)
        return gk_error("cannot write %s: %s", label, strerror(errno));
    return 0;
}

_Static_assert(sizeof ((gk_h5_end *)0)->tail == GK_SEAL_BYTES, "a seal fits");

/* How many bytes of the end are kept, and where they begin. */
static size_t kept_bytes(int64_t n_bytes)
{
    return n_bytes < GK_SEAL_BYTES ? (size_t)n_bytes : GK_SEAL_BYTES;
}

int gk_h5_keep_end(const char *path, gk_h5_end *end)
{
    char        label[4096];
    struct stat info;
    int         status = -1, fd = gk_open(path, O_RDONLY | O_NONBLOCK);

    snprintf(label, sizeof label, "'%s'", path);
    if (fd < 0)
        return gk_error("cannot seal %s: %s", label, strerror(errno));
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        gk_error("cannot seal %s: it is not a regular file", label);
    } else {
        size_t n = kept_bytes(end->n_bytes = info.st_size);
        status = read_block(&(source){ .fd = fd, .label = label }, end->n_bytes - (int64_t)n, end->tail, n);
    }
    close(fd);
    return status;
}

int gk_h5_put_end(const char *path, const gk_h5_end *end)
{
    size_t n = kept_bytes(end->n_bytes);
    int    fd = gk_open(path, O_WRONLY);
    bool   lost = fd < 0 || lseek(fd, (off_t)(end->n_bytes - (int64_t)n), SEEK_SET) < 0 || gk_write_all(fd, end->tail, n) < 0 ||
                  gk_end_file_at(fd, end->n_bytes) < 0 || gk_sync_file(fd) < 0;
    int    status = lost ? gk_error("cannot give '%s' its old end again: %s", path, strerror(errno)) : 0;

    if (fd >= 0)
        close(fd);
    return status;
}

int gk_h5_seal(const char *path)
{
    char        label[4096], seal[GK_SEAL_BYTES];
    struct stat info;
    int         status = -1;

    snprintf(label, sizeof label, "'%s'", path);
    int fd = gk_open(path, O_RDWR);
    if (fd < 0)
        return gk_error("cannot seal %s: %s", label, strerror(errno));
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        gk_error("cannot seal %s: it is not a regular file", label);
        goto done;
    }
    source from = { .fd = fd, .n_bytes = info.st_size, .label = label };
    int is_hdf5 = starts_as_hdf5(&from);
    int sealed = is_hdf5 < 0 ? -1 : has_seal(&from, seal);
    if (sealed < 0)
        goto done;
    if (!is_hdf5) {
        gk_error("cannot seal %s: it is not HDF5", label);
        goto done;
    }
    if (sealed)
        from.n_bytes -= GK_SEAL_BYTES;
    if (make_seal(seal, &from) == 0)
        status = put_seal(fd, seal, from.n_bytes, label);
done:
    close(fd);
    return status;
}
