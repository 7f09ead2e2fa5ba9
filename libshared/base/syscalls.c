/* syscalls.c -- see syscalls.h. */
#include "base/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

enum { MAX_WRITE = 1 << 30 };

int gk_open(const char *path, int flags)
{
    int fd;

    do
        fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int gk_lock(int fd, int operation)
{
    int status;

    do
        status = flock(fd, operation);
    while (status < 0 && errno == EINTR);
    return status;
}

int gk_sync_file(int fd)
{
    int status;

    do
        status = fsync(fd);
    while (status < 0 && errno == EINTR);
    return status;
}

int gk_end_file_at(int fd, int64_t n_bytes)
{
    int status;

    do
        status = ftruncate(fd, (off_t)n_bytes);
    while (status < 0 && errno == EINTR);
    return status;
}

int gk_write_all(int fd, const void *data, size_t n_bytes)
{
    const char *at = data;

    while (n_bytes > 0) {
        ssize_t n = write(fd, at, n_bytes < MAX_WRITE ? n_bytes : MAX_WRITE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = ENOSPC;
        if (n <= 0)
            return -1;
        at += n;
        n_bytes -= (size_t)n;
    }
    return 0;
}
