/* outfile.c -- write beside the target, read back, then rename: a reader, a crash or a full disk never meets half a file. */
#include "base/outfile.h"

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
#include "base/input.h"
#include "base/outfile_rules.h"
#include "base/syscalls.h"

enum { MAX_LINKS = 40, MAX_TRIES = 1000, MAX_BASE_NAME = 200, N_RANDOM = 6, READ_BYTES = 1 << 18,
       MAX_WAITS = 200, WAIT_NS = 10000000 };

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789", suffix[] = ".tmp";

struct gk_outfile {
    gk_outfile_kind kind;
    char          *path;          /* as given */
    char          *label;         /* for messages: "'run.h5'" or "standard output" */
    char          *target;        /* after following links; NULL for a stream */
    char          *temporary;     /* NULL for a stream */
    int            fd;            /* of the temporary file (reading and writing), or of the stream */
    gk_sha256     *sum;           /* of what was written */
    int64_t        n_bytes;       /* written so far */
    gk_outfile    *next;
};

/* Outputs that are not finished yet: a tool that ends early must not leave its temporary files behind. */
static gk_outfile *unfinished;
static bool        reader_is_gone;    /* of standard output */

static void remove_temporary_files(void)
{
    for (gk_outfile *output = unfinished; output; output = output->next)
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
        *fd = gk_open(name, O_RDWR | O_CREAT | O_EXCL);
        if (*fd >= 0) {
            (void)gk_lock(*fd, LOCK_EX);
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
    int         fd = gk_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0)
        return;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && gk_lock(fd, LOCK_EX | LOCK_NB) == 0 && is_named(fd, path))
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

int gk_outfile_scratch(const gk_outfile *output)
{
    const char *temporary_folder = getenv("TMPDIR");
    char       *folder = output->target ? folder_of(output->target) : strdup(temporary_folder ? temporary_folder : "/var/tmp");
    int         fd = folder ? gk_open(*folder ? folder : ".", O_TMPFILE | O_RDWR) : -1;

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

static int failed(const gk_outfile *output)
{
    return gk_error("cannot write %s: %s", output->label, strerror(errno));
}

/* A file beside the target, with the permissions of what it will replace. */
static int begin_file(gk_outfile *output, const char *path, const struct stat *old)
{
    output->target = follow_links(path);
    if (!output->target || (old && access(output->target, W_OK) < 0))
        return failed(output);
    if (gk_rules_begin(output->kind, path, output->target) < 0)
        return -1;
    remove_leftovers(output->target);
    output->temporary = open_temporary(output->target, &output->fd);
    if (!output->temporary)
        return failed(output);
    if (old && fchmod(output->fd, old->st_mode & 07777) < 0)
        return gk_error("cannot write %s: cannot set its permissions: %s", output->label, strerror(errno));
    return 0;
}

/* 1: the target is a stream; 0: it is a file, or will be; -1 with gk_error. */
static int look_at(const gk_outfile *output, const char *path, struct stat *info, bool *exists)
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

static int begin(gk_outfile *output, const char *path, bool only_check)
{
    struct stat info;
    bool        exists = false;

    if (strcmp(path, "-") == 0) {
        if (output->kind != GK_OUTFILE_TABLE && isatty(STDOUT_FILENO))
            return gk_error("will not write a binary file to a terminal: give a file with -o, or pipe it into another tool");
        output->fd = STDOUT_FILENO;
        return fstat(STDOUT_FILENO, &info) == 0 && gk_is_input(&info)
                   ? gk_error("will not write to standard output: it is a file that is read") : 0;
    }
    int is_stream = look_at(output, path, &info, &exists);
    if (is_stream < 0)
        return -1;
    if (!is_stream)
        return begin_file(output, path, exists ? &info : NULL);
    if (only_check)    /* who opens a pipe and closes it has ended it for its reader */
        return access(path, W_OK) < 0 ? failed(output) : 0;
    output->fd = gk_open(path, O_WRONLY);    /* links of /dev/fd lead to names that are none, so they are not followed */
    return output->fd < 0 ? failed(output) : 0;
}

static gk_outfile *output_new(const char *path, gk_outfile_kind kind, bool only_check)
{
    static bool is_registered;
    gk_outfile *output = calloc(1, sizeof *output);
    bool        to_stdout = strcmp(path, "-") == 0;

    if (!is_registered)
        is_registered = atexit(remove_temporary_files) == 0;
    if (!output || !(output->path = strdup(path)) ||
        asprintf(&output->label, to_stdout ? "standard output" : "'%s'", path) < 0) {
        if (output)
            free(output->path);
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
        gk_outfile_discard(output);
        return NULL;
    }
    return output;
}

gk_outfile *gk_outfile_new(const char *path, gk_outfile_kind kind)
{
    return output_new(path, kind, false);
}

int gk_outfile_check(const char *path, gk_outfile_kind kind)
{
    gk_outfile *probe = output_new(path, kind, true);

    gk_outfile_discard(probe);
    return probe ? 0 : -1;
}

const char *gk_outfile_label(const gk_outfile *output)
{
    return output->label;
}

bool gk_outfile_is_terminal(const gk_outfile *output)
{
    return !output->temporary && isatty(output->fd);
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

bool gk_outfile_reader_is_gone(void)
{
    return reader_is_gone;
}

int gk_outfile_write(gk_outfile *output, const void *data, size_t n_bytes)
{
    if (gk_write_all(output->fd, data, n_bytes) < 0) {
        reader_is_gone |= output->fd == STDOUT_FILENO && errno == EPIPE;
        return failed(output);
    }
    gk_sha256_add(output->sum, data, n_bytes);
    output->n_bytes += (int64_t)n_bytes;
    return 0;
}

void gk_outfile_sha256(const gk_outfile *output, char hex[GK_SHA256_HEX])
{
    gk_sha256_free(gk_sha256_copy(output->sum), hex);
}

/* sha256 of the temporary file, read anew.  Its pages are clean after the sync, so the system can let go of them. */
static int sum_of_file(const gk_outfile *output, char hex[GK_SHA256_HEX])
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

static int compare_with_disk(const gk_outfile *output)
{
    char written[GK_SHA256_HEX], found[GK_SHA256_HEX];

    gk_outfile_sha256(output, written);
    if (sum_of_file(output, found) < 0)
        return gk_error("cannot write %s: it cannot be read back: %s", output->label, strerror(errno));
    if (strcmp(written, found) != 0)
        return gk_error("cannot write %s: reading back what was written gives something else; is the disk in order?",
                        output->label);
    return 0;
}

/* The target's folder; locked, so that of two processes that look at a target and replace it one waits for the other, but not
 * for ever.  -1: it cannot be opened, or, on some file systems, locked or synced; then there is nothing more to do. */
static int open_folder(const char *target)
{
    char                 *folder = folder_of(target);
    int                   fd = folder ? gk_open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY) : -1;
    const struct timespec wait = { .tv_nsec = WAIT_NS };

    free(folder);
    for (int n_wait = 0; fd >= 0 && n_wait < MAX_WAITS && gk_lock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK; n_wait++)
        nanosleep(&wait, NULL);
    return fd;
}

static bool was_changed;

bool gk_outfile_was_changed(void)
{
    return was_changed;
}

/* The temporary file gets a name that tells what it is, in place of the target's. */
static int save_beside(gk_outfile *output, const char *why)
{
    const char *base = base_of(output->target), *random = output->temporary + strlen(output->temporary) - strlen("abc123.tmp");
    char       *name = NULL;
    int         status = -1;

    was_changed = true;
    if (asprintf(&name, "%.*s%.*s.saved.%.6s", (int)(base - output->target), output->target, MAX_BASE_NAME, base, random) < 0)
        return gk_error("cannot write %s: out of memory", output->label);
    if (rename(output->temporary, name) < 0) {
        status = gk_error("cannot write %s: %s, and '%s' cannot be written either: %s", output->label, why, name,
                          strerror(errno));
    } else {
        free(output->temporary);
        output->temporary = NULL;
        status = gk_error("will not replace %s: %s; what was computed is in '%s'", output->label, why, name);
    }
    free(name);
    return status;
}

/* Rename, and make that durable. */
static int publish(gk_outfile *output)
{
    if (gk_sync_file(output->fd) < 0)
        return failed(output);
    if (compare_with_disk(output) < 0)
        return -1;
    int         folder = open_folder(output->target), status = 0;
    const char *why = gk_rules_change(output->kind, output->path, output->target);
    if (why) {
        status = save_beside(output, why);
    } else if (rename(output->temporary, output->target) < 0) {
        status = failed(output);
    } else {
        free(output->temporary);
        output->temporary = NULL;
        gk_rules_done(output->path, output->target);
    }
    if (folder >= 0) {
        gk_sync_file(folder);
        close(folder);
    }
    return status;
}

/* A device or pipe that we opened may tell only now what it did not take. */
static int close_stream(gk_outfile *output)
{
    int fd = output->fd;

    output->fd = -1;
    return fd > STDERR_FILENO && close(fd) < 0 && errno != EINTR ? failed(output) : 0;
}

int gk_outfile_commit(gk_outfile *output)
{
    int status = output->temporary ? publish(output) : close_stream(output);

    gk_outfile_discard(output);
    return status;
}

void gk_outfile_discard(gk_outfile *output)
{
    gk_outfile **link = &unfinished;

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
    free(output->path);
    free(output->label);
    free(output->target);
    free(output->temporary);
    free(output);
}
