/* atomic.c -- write beside the target, then rename: a reader, a crash or a full disk never meets half a file. */
#include "io/atomic.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MAX_LINKS = 40, MAX_TRIES = 1000, MAX_BASE_NAME = 200 };

/* Folder of a path, with its final '/'; "" for a bare name. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
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

/* A new file ".<name>.<6 letters>.tmp" in the target's folder; the usual permissions, less the umask. */
static int open_temporary(gk_atomic *output)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    const char *slash = strrchr(output->target, '/'), *base = slash ? slash + 1 : output->target;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t key = (uint64_t)now.tv_nsec * 1000003u + (uint64_t)now.tv_sec * 97u + (uint64_t)getpid() * 2654435761u;
    for (int try = 0; try < MAX_TRIES; try++) {
        char random[7] = { 0 };
        for (int i = 0; i < 6; i++) {
            key = key * 6364136223846793005u + 1442695040888963407u;
            random[i] = letters[(key >> 33) % (sizeof letters - 1)];
        }
        free(output->temporary);
        output->temporary = NULL;
        if (asprintf(&output->temporary, "%.*s.%.*s.%s.tmp", (int)(base - output->target), output->target, MAX_BASE_NAME, base,
                     random) < 0) {
            output->temporary = NULL;
            return gk_error("cannot write %s: out of memory", output->label);
        }
        output->fd = open(output->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (output->fd >= 0)
            return 0;
        if (errno != EEXIST)
            break;
    }
    gk_error("cannot write %s: %s", output->label, strerror(errno));
    free(output->temporary);    /* not ours */
    output->temporary = NULL;
    return -1;
}

static int open_target(gk_atomic *output, const char *path)
{
    struct stat info;
    bool        exists = stat(path, &info) == 0;

    if (!exists && errno != ENOENT)
        return gk_error("cannot write %s: %s", output->label, strerror(errno));
    if (exists && S_ISDIR(info.st_mode))
        return gk_error("cannot write %s: it is a folder", output->label);
    if (exists && !S_ISREG(info.st_mode)) {    /* links of /dev/fd lead to names that are none, so do not follow them */
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        return output->fd >= 0 ? 0 : gk_error("cannot write %s: %s", output->label, strerror(errno));
    }
    output->target = follow_links(path);
    if (!output->target || (exists && access(output->target, W_OK) < 0))
        return gk_error("cannot write %s: %s", output->label, strerror(errno));
    if (open_temporary(output) < 0)
        return -1;
    if (exists && fchmod(output->fd, info.st_mode & 07777) < 0)
        return gk_error("cannot write %s: cannot set its permissions: %s", output->label, strerror(errno));
    return 0;
}

gk_atomic *gk_atomic_new(const char *path)
{
    gk_atomic *output = calloc(1, sizeof *output);
    bool to_stdout = strcmp(path, "-") == 0;

    if (output)
        output->fd = -1;
    if (!output || asprintf(&output->label, "%s%s%s", to_stdout ? "" : "'", to_stdout ? "standard output" : path,
                            to_stdout ? "" : "'") < 0) {
        free(output);
        gk_error("cannot write '%s': out of memory", path);
        return NULL;
    }
    int status = 0;
    if (to_stdout && isatty(STDOUT_FILENO))
        status = gk_error("will not write a binary file to a terminal: give a file with -o, or pipe it into another tool");
    else if (to_stdout)
        output->fd = STDOUT_FILENO;
    else if (!*path || path[strlen(path) - 1] == '/')
        status = gk_error("cannot write %s: it is not the name of a file", output->label);
    else
        status = open_target(output, path);
    if (status < 0) {
        gk_atomic_discard(output);
        return NULL;
    }
    return output;
}

int gk_atomic_write(gk_atomic *output, const void *data, size_t n_bytes)
{
    const char *at = data;

    while (n_bytes > 0) {
        ssize_t n = write(output->fd, at, n_bytes < (1u << 30) ? n_bytes : 1u << 30);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return gk_error("cannot write %s: %s", output->label, n < 0 ? strerror(errno) : "nothing was accepted");
        at += n;
        n_bytes -= (size_t)n;
    }
    return 0;
}

/* Make the rename itself durable.  Some file systems cannot sync a folder; then there is nothing more to do. */
static void sync_folder(const char *path)
{
    char *folder = folder_of(path);
    int fd = folder ? open(*folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

int gk_atomic_commit(gk_atomic *output)
{
    int status = 0;

    if (output->temporary) {
        if (fsync(output->fd) < 0 || rename(output->temporary, output->target) < 0) {
            status = gk_error("cannot write %s: %s", output->label, strerror(errno));
        } else {
            sync_folder(output->target);
            free(output->temporary);
            output->temporary = NULL;
        }
    }
    gk_atomic_discard(output);
    return status;
}

void gk_atomic_discard(gk_atomic *output)
{
    if (!output)
        return;
    if (output->fd > STDERR_FILENO)
        close(output->fd);
    if (output->temporary)
        unlink(output->temporary);
    free(output->label);
    free(output->target);
    free(output->temporary);
    free(output);
}
