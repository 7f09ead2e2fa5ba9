/* output.c -- write beside the target, read back, then rename: a reader, a crash or a full disk never meets half a file. */
#include "base/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LINKS = 40, MAX_TRIES = 1000, MAX_BASE_NAME = 200, N_RANDOM = 6, READ_BYTES = 1 << 18, MAX_WRITE = 1 << 30 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789", suffix[] = ".tmp";

struct gk_output {
    gk_output_kind kind;
    char          *label;         /* for messages: "'run.h5'" or "standard output" */
    char          *target;        /* after following links; NULL for a stream */
    char          *temporary;     /* NULL for a stream */
    int            fd;            /* of the temporary file (reading and writing), or of the stream */
    gk_sha256     *sum;           /* of what was written */
    int64_t        n_bytes;       /* written so far */
    gk_output     *next;
};

/* Outputs that are not finished yet: a tool that ends early must not leave its temporary files behind. */
static gk_output *unfinished;

static void remove_temporary_files(void)
{
    for (gk_output *output = unfinished; output; output = output->next)
        if (output->temporary)
            unlink(output->temporary);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* Folder of a path, with its final '/'; "" for a bare name. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The path with symbolic links in its last component followed, also if the last of them points at nothing. */
static char *follow_links(const char *path)
{
    char *current = strdup(path);

    for (int n_link = 0; current && n_link < MAX_LINKS; n_link++) {
        char    found[4096];
        ssize_t n = readlink(current, found, sizeof found - 1);
        if (n < 0)
            return current;
        found[n] = '\0';
        char *folder = found[0] == '/' ? strdup("") : folder_of(current);
        char *next = NULL;
        if (!folder || asprintf(&next, "%s%s", folder, found) < 0)
            next = NULL;
        free(folder);
        free(current);
        current = next;
    }
    if (current)
        errno = ELOOP;
    free(current);
    return NULL;
}

/* "<folder>.<name>.<6 letters>.tmp"; NULL: out of memory. */
static char *temporary_name(const char *target, uint64_t *key)
{
    const char *base = base_of(target);
    char        random[N_RANDOM + 1] = { 0 }, *name = NULL;

    for (int i = 0; i < N_RANDOM; i++) {
        *key = *key * 6364136223846793005u + 1442695040888963407u;
        random[i] = letters[(*key >> 33) % (sizeof letters - 1)];
    }
    if (asprintf(&name, "%.*s.%.*s.%s%s", (int)(base - target), target, MAX_BASE_NAME, base, random, suffix) < 0)
        return NULL;
    return name;
}

/* Could the name of a file be that of a temporary file of this target? */
static bool is_temporary_name(const char *name, const char *target)
{
    const char *base = base_of(target);
    size_t      n = strnlen(base, MAX_BASE_NAME);

    return name[0] == '.' && strncmp(name + 1, base, n) == 0 && strlen(name) == n + 2 + N_RANDOM + sizeof suffix - 1 &&
           name[n + 1] == '.' && strspn(name + n + 2, letters) == N_RANDOM && strcmp(name + n + 2 + N_RANDOM, suffix) == 0;
}

/* --- system calls, continued when a signal interrupts them ----------------------------------------------------------- */

static int open_again(const char *path, int flags)
{
    int fd;

    do
        fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static int lock(int fd, int operation)
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

static bool is_named(int fd, const char *path)
{
    struct stat open_file, named;

    return fstat(fd, &open_file) == 0 && lstat(path, &named) == 0 && open_file.st_dev == named.st_dev &&
           open_file.st_ino == named.st_ino;
}

/* --- temporary files -------------------------------------------------------------------------------------------------- */

/* A new temporary file, open for reading and writing, with the usual permissions, less the umask.  It is locked as long as
 * fd is open, where the file system has locks; a lock that comes too late, after another process took the file for one that
 * nobody owns, is told by the name that is gone. */
static char *open_temporary(const char *target, int *fd)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t key = (uint64_t)now.tv_nsec * 1000003u + (uint64_t)now.tv_sec * 97u + (uint64_t)getpid() * 2654435761u;
    for (int try = 0; try < MAX_TRIES; try++) {
        char *name = temporary_name(target, &key);
        if (!name) {
            errno = ENOMEM;
            return NULL;
        }
        *fd = open_again(name, O_RDWR | O_CREAT | O_EXCL);
        if (*fd >= 0) {
            (void)lock(*fd, LOCK_EX);
            if (is_named(*fd, name))
                return name;
            close(*fd);
            *fd = -1;
        } else if (errno != EEXIST) {
            free(name);
            return NULL;
        }
        free(name);
    }
    return NULL;
}

/* Remove a temporary file if nobody holds its lock.  A file system without locks does not tell: then it stays. */
static void remove_unowned(const char *path)
{
    struct stat info;
    int         fd = open_again(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && lock(fd, LOCK_EX | LOCK_NB) == 0 && is_named(fd, path))
        unlink(path);
    close(fd);
}

/* What killed writers of this target left. */
static void remove_leftovers(const char *target)
{
    char *folder = folder_of(target);
    DIR  *listing = folder ? opendir(*folder ? folder : ".") : NULL;

    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        char *path = NULL;
        if (!is_temporary_name(entry->d_name, target) || asprintf(&path, "%s%s", folder, entry->d_name) < 0)
            continue;
        remove_unowned(path);
        free(path);
    }
    if (listing)
        closedir(listing);
    free(folder);
}

int gk_output_scratch(const gk_output *output)
{
    const char *temporary_folder = getenv("TMPDIR");
    char       *folder = output->target ? folder_of(output->target) : strdup(temporary_folder ? temporary_folder : "/var/tmp");
    int         fd = folder ? open_again(*folder ? folder : ".", O_TMPFILE | O_RDWR) : -1;

    if (fd < 0 && folder && output->target) {    /* a file system that cannot make a file without a name */
        char *name = open_temporary(output->target, &fd);
        if (name)
            unlink(name);
        free(name);
    }
    free(folder);
    return fd;
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

static int failed(const gk_output *output)
{
    return gk_error("cannot write %s: %s", output->label, strerror(errno));
}

/* A file beside the target, with the permissions of what it will replace. */
static int begin_file(gk_output *output, const char *path, const struct stat *old)
{
    output->target = follow_links(path);
    if (!output->target || (old && access(output->target, W_OK) < 0))
        return failed(output);
    remove_leftovers(output->target);
    output->temporary = open_temporary(output->target, &output->fd);
    if (!output->temporary)
        return failed(output);
    if (old && fchmod(output->fd, old->st_mode & 07777) < 0)
        return gk_error("cannot write %s: cannot set its permissions: %s", output->label, strerror(errno));
    return 0;
}

/* 1: the target is a stream; 0: it is a file, or will be; -1 with gk_error. */
static int look_at(const gk_output *output, const char *path, struct stat *info, bool *exists)
{
    if (!*path || path[strlen(path) - 1] == '/')
        return gk_error("cannot write %s: it is not the name of a file", output->label);
    *exists = stat(path, info) == 0;
    if (!*exists && errno != ENOENT)
        return failed(output);
    if (*exists && S_ISDIR(info->st_mode))
        return gk_error("cannot write %s: it is a folder", output->label);
    return *exists && !S_ISREG(info->st_mode);
}

static int begin(gk_output *output, const char *path, bool only_check)
{
    struct stat info;
    bool        exists = false;

    if (strcmp(path, "-") == 0) {
        if (output->kind != GK_OUTPUT_TABLE && isatty(STDOUT_FILENO))
            return gk_error("will not write a binary file to a terminal: give a file with -o, or pipe it into another tool");
        output->fd = STDOUT_FILENO;
        return 0;
    }
    int is_stream = look_at(output, path, &info, &exists);
    if (is_stream < 0)
        return -1;
    if (!is_stream)
        return begin_file(output, path, exists ? &info : NULL);
    if (only_check)    /* who opens a pipe and closes it has ended it for its reader */
        return access(path, W_OK) < 0 ? failed(output) : 0;
    output->fd = open_again(path, O_WRONLY);    /* links of /dev/fd lead to names that are none, so they are not followed */
    return output->fd < 0 ? failed(output) : 0;
}

static gk_output *output_new(const char *path, gk_output_kind kind, bool only_check)
{
    static bool is_registered;
    gk_output  *output = calloc(1, sizeof *output);
    bool        to_stdout = strcmp(path, "-") == 0;

    if (!is_registered)
        is_registered = atexit(remove_temporary_files) == 0;
    if (!output || asprintf(&output->label, "%s%s%s", to_stdout ? "" : "'", to_stdout ? "standard output" : path,
                            to_stdout ? "" : "'") < 0) {
        free(output);
        gk_error("cannot write '%s': out of memory", path);
        return NULL;
    }
    output->kind = kind;
    output->fd = -1;
    output->sum = gk_sha256_new();
    output->next = unfinished;
    unfinished = output;
    if (begin(output, path, only_check) < 0) {
        gk_output_discard(output);
        return NULL;
    }
    return output;
}

gk_output *gk_output_new(const char *path, gk_output_kind kind)
{
    return output_new(path, kind, false);
}

int gk_output_check(const char *path, gk_output_kind kind)
{
    gk_output *probe = output_new(path, kind, true);

    gk_output_discard(probe);
    return probe ? 0 : -1;
}

const char *gk_output_label(const gk_output *output)
{
    return output->label;
}

bool gk_output_is_terminal(const gk_output *output)
{
    return !output->temporary && isatty(output->fd);
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

int gk_output_write(gk_output *output, const void *data, size_t n_bytes)
{
    if (gk_write_all(output->fd, data, n_bytes) < 0)
        return failed(output);
    gk_sha256_add(output->sum, data, n_bytes);
    output->n_bytes += (int64_t)n_bytes;
    return 0;
}

void gk_output_sha256(const gk_output *output, char hex[GK_SHA256_HEX])
{
    gk_sha256_free(gk_sha256_copy(output->sum), hex);
}

/* sha256 of the temporary file, read anew.  Its pages are clean after the sync, so the system can let go of them. */
static int sum_of_file(const gk_output *output, char hex[GK_SHA256_HEX])
{
    char      *block = malloc(READ_BYTES);
    gk_sha256 *sum = gk_sha256_new();
    int64_t    at = 0;
    ssize_t    n = block ? 1 : -1;

    (void)posix_fadvise(output->fd, 0, 0, POSIX_FADV_DONTNEED);
    while (n > 0) {
        n = pread(output->fd, block, READ_BYTES, (off_t)at);
        if (n > 0)
            gk_sha256_add(sum, block, (size_t)n);
        at += n > 0 ? n : 0;
        if (n < 0 && errno == EINTR)
            n = 1;
    }
    gk_sha256_free(sum, hex);
    free(block);
    return n < 0 ? -1 : 0;
}

static int compare_with_disk(const gk_output *output)
{
    char written[GK_SHA256_HEX], found[GK_SHA256_HEX];

    gk_output_sha256(output, written);
    if (sum_of_file(output, found) < 0)
        return gk_error("cannot write %s: it cannot be read back: %s", output->label, strerror(errno));
    if (strcmp(written, found) != 0)
        return gk_error("cannot write %s: reading back what was written gives something else; is the disk in order?",
                        output->label);
    return 0;
}

/* Make the rename itself durable.  Some file systems cannot sync a folder; then there is nothing more to do. */
static void sync_folder(const char *path)
{
    char *folder = folder_of(path);
    int   fd = folder ? open_again(*folder ? folder : ".", O_RDONLY | O_DIRECTORY) : -1;

    if (fd >= 0) {
        (void)gk_sync_file(fd);
        close(fd);
    }
    free(folder);
}

static int publish(gk_output *output)
{
    if (gk_sync_file(output->fd) < 0)
        return failed(output);
    if (compare_with_disk(output) < 0)
        return -1;
    if (rename(output->temporary, output->target) < 0)
        return failed(output);
    free(output->temporary);
    output->temporary = NULL;
    sync_folder(output->target);
    return 0;
}

/* A device or pipe that we opened may tell only now what it did not take. */
static int close_stream(gk_output *output)
{
    int fd = output->fd;

    output->fd = -1;
    return fd > STDERR_FILENO && close(fd) < 0 && errno != EINTR ? failed(output) : 0;
}

int gk_output_commit(gk_output *output)
{
    int status = output->temporary ? publish(output) : close_stream(output);

    gk_output_discard(output);
    return status;
}

void gk_output_discard(gk_output *output)
{
    gk_output **link = &unfinished;

    if (!output)
        return;
    while (*link != output)
        link = &(*link)->next;
    *link = output->next;
    if (output->temporary)
        unlink(output->temporary);
    if (output->fd > STDERR_FILENO)
        close(output->fd);
    gk_sha256_free(output->sum, NULL);
    free(output->label);
    free(output->target);
    free(output->temporary);
    free(output);
}
