/* failing.c -- LD_PRELOAD: let one call, or every call from one on, of those that change files fail as a disk would.
 *
 * Calls on files below one folder count, in the order in which the program makes them, whatever their kind.
 *   FAIL_FOLDER   the folder, absolute
 *   FAIL_AT       number of the first call that fails (from 1); 0: none
 *   FAIL_ON       1: all later ones fail as well (with EINTR: every other one, as a call that is tried again succeeds)
 *   FAIL_WITH     ENOSPC, EIO; EINTR (rename and fchmod do not count then: no signal interrupts them); or "short": half of what
 *                 is written is accepted, and other calls do not count
 *   FAIL_COUNT    file that gets a line "<number> <call>" for each call that counted
 *
 * What the C library calls inside itself is not seen, which is why all files are written through base/outfile.c. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Files hold the time at which they were made: with this, equal runs write equal bytes. */
time_t time(time_t *out)
{
    if (out)
        *out = 0;
    return 0;
}

static long n_call;
static bool is_inside;    /* our own calls do not count */

static const char *setting(const char *name)
{
    const char *text = getenv(name);
    return text ? text : "";
}

static bool is_short(void)
{
    return strcmp(setting("FAIL_WITH"), "short") == 0;
}

static bool is_below(const char *path)
{
    const char *folder = setting("FAIL_FOLDER");
    size_t      n = strlen(folder);

    return n > 0 && strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static bool concerns_path(const char *path)
{
    char folder[PATH_MAX], text[2 * PATH_MAX];

    if (path[0] == '/')
        return is_below(path);
    if (!getcwd(folder, sizeof folder))
        return false;
    snprintf(text, sizeof text, "%s/%s", folder, path);
    return is_below(text);
}

static bool concerns_fd(int fd)
{
    char    link[64], text[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, text, sizeof text - 1);

    if (n < 0)
        return false;
    text[n] = '\0';
    return is_below(text);
}

/* Count a call; true if it is to fail, with errno set. */
static bool fails(const char *name, bool concerned, bool moves_bytes)
{
    static int log_fd = -2;
    int        kept = errno;
    long       at = atol(setting("FAIL_AT"));

    bool interrupts = strcmp(setting("FAIL_WITH"), "EINTR") == 0;

    if (is_inside || !concerned || (is_short() && !moves_bytes) ||
        (interrupts && (strcmp(name, "rename") == 0 || strcmp(name, "fchmod") == 0)))
        return false;
    n_call++;
    is_inside = true;
    if (log_fd == -2)
        log_fd = *setting("FAIL_COUNT") ? open(setting("FAIL_COUNT"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (log_fd >= 0)
        dprintf(log_fd, "%ld %s\n", n_call, name);
    is_inside = false;
    errno = kept;
    bool on = *setting("FAIL_ON") == '1';
    if (at < 1 || n_call < at || (n_call > at && !on) || (on && interrupts && (n_call - at) % 2))
        return false;
    errno = interrupts ? EINTR : strcmp(setting("FAIL_WITH"), "EIO") == 0 ? EIO : ENOSPC;
    return true;
}

/* The function that we stand before.  ISO C has no cast from an object's pointer to a function's. */
#define REAL(type, name) \
    static type *real; \
    if (!real) { \
        void *found = dlsym(RTLD_NEXT, name); \
        memcpy(&real, &found, sizeof real); \
    }

static size_t accepted(size_t n_bytes)
{
    return n_bytes > 1 ? n_bytes / 2 : n_bytes;
}

typedef ssize_t write_type(int, const void *, size_t);
ssize_t write(int fd, const void *data, size_t n_bytes)
{
    REAL(write_type, "write")
    if (!fails("write", concerns_fd(fd), true))
        return real(fd, data, n_bytes);
    return is_short() ? real(fd, data, accepted(n_bytes)) : -1;
}

typedef ssize_t pwrite_type(int, const void *, size_t, off_t);
static ssize_t pwrite_any(pwrite_type *real, int fd, const void *data, size_t n_bytes, off_t at)
{
    if (!fails("pwrite", concerns_fd(fd), true))
        return real(fd, data, n_bytes, at);
    return is_short() ? real(fd, data, accepted(n_bytes), at) : -1;
}
ssize_t pwrite(int fd, const void *data, size_t n_bytes, off_t at)
{
    REAL(pwrite_type, "pwrite")
    return pwrite_any(real, fd, data, n_bytes, at);
}
ssize_t pwrite64(int fd, const void *data, size_t n_bytes, off_t at)
{
    REAL(pwrite_type, "pwrite64")
    return pwrite_any(real, fd, data, n_bytes, at);
}

typedef ssize_t writev_type(int, const struct iovec *, int);
ssize_t writev(int fd, const struct iovec *parts, int n_part)
{
    REAL(writev_type, "writev")
    if (!fails("writev", concerns_fd(fd), true))
        return real(fd, parts, n_part);
    return is_short() ? real(fd, parts, n_part > 1 ? n_part / 2 : n_part) : -1;
}

typedef int fd_type(int);
int fsync(int fd)
{
    REAL(fd_type, "fsync")
    return fails("fsync", concerns_fd(fd), false) ? -1 : real(fd);
}

/* A close that fails has closed all the same. */
int close(int fd)
{
    REAL(fd_type, "close")
    bool is_failing = fails("close", concerns_fd(fd), false);
    int  code = errno, status = real(fd);

    if (!is_failing)
        return status;
    errno = code;
    return -1;
}

typedef int fchmod_type(int, mode_t);
int fchmod(int fd, mode_t mode)
{
    REAL(fchmod_type, "fchmod")
    return fails("fchmod", concerns_fd(fd), false) ? -1 : real(fd, mode);
}

typedef int ftruncate_type(int, off_t);
int ftruncate(int fd, off_t n_bytes)
{
    REAL(ftruncate_type, "ftruncate")
    return fails("ftruncate", concerns_fd(fd), false) ? -1 : real(fd, n_bytes);
}
int ftruncate64(int fd, off_t n_bytes)
{
    REAL(ftruncate_type, "ftruncate64")
    return fails("ftruncate", concerns_fd(fd), false) ? -1 : real(fd, n_bytes);
}

typedef int fallocate_type(int, off_t, off_t);
static int fallocate_any(fallocate_type *real, int fd, off_t at, off_t n_bytes)
{
    int kept = errno, error = fails("posix_fallocate", concerns_fd(fd), false) ? errno : 0;

    errno = kept;
    return error ? error : real(fd, at, n_bytes);
}
int posix_fallocate(int fd, off_t at, off_t n_bytes)
{
    REAL(fallocate_type, "posix_fallocate")
    return fallocate_any(real, fd, at, n_bytes);
}
int posix_fallocate64(int fd, off_t at, off_t n_bytes)
{
    REAL(fallocate_type, "posix_fallocate64")
    return fallocate_any(real, fd, at, n_bytes);
}

typedef int rename_type(const char *, const char *);
int rename(const char *from, const char *to)
{
    REAL(rename_type, "rename")
    return fails("rename", concerns_path(to), false) ? -1 : real(from, to);
}

/* Only files that are opened to be changed, and folders, count: what is read is not lost. */
static bool opens_for_writing(const char *path, int flags)
{
    return ((flags & O_ACCMODE) != O_RDONLY || (flags & O_DIRECTORY)) && concerns_path(path);
}

typedef int open_type(const char *, int, ...);
#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        REAL(open_type, #name) \
        va_list args; \
        va_start(args, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0; \
        va_end(args); \
        return fails("open", opens_for_writing(path, flags), false) ? -1 : real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

typedef int openat_type(int, const char *, int, ...);
#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) \
    { \
        REAL(openat_type, #name) \
        va_list args; \
        va_start(args, flags); \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0; \
        va_end(args); \
        bool concerned = folder == AT_FDCWD && opens_for_writing(path, flags); \
        return fails("open", concerned, false) ? -1 : real(folder, path, flags, mode); \
    }
OPENAT(openat)
OPENAT(openat64)
