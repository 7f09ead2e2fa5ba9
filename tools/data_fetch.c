/* data_fetch.c -- see data_fetch.h.  curl does the transfers: it knows proxies, certificates and interrupted files. */
#include "data_fetch.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/die.h"
#include "base/sha256.h"
#include "data/mnist.h"

extern char **environ;

/* Of the original distribution, as common libraries use them. */
static const char *const mirrors[] = {
    "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/",
};
enum { N_MIRROR = sizeof mirrors / sizeof *mirrors };

/* Is there a file with this checksum?  *n_byte: its length; -1: there is none. */
static bool is_right(const char *path, const char *sha256, int64_t *n_byte)
{
    char  found[GK_SHA256_HEX], buffer[1 << 14];
    FILE *file = fopen(path, "rb");
    *n_byte = -1;
    if (!file)
        return false;
    gk_sha256 *sum = gk_sha256_new();
    *n_byte = 0;
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0; *n_byte += (int64_t)n)
        gk_sha256_add(sum, buffer, n);
    bool is_read = !ferror(file);
    fclose(file);
    gk_sha256_free(sum, found);
    return is_read && strcmp(found, sha256) == 0;
}

/* The folder and those that it lies in. */
static int make_folder(const char *folder, gk_arena *arena)
{
    char *path = gk_arena_strdup(arena, folder);
    for (char *at = path + 1; ; at++) {
        char end = *at;
        if (end != '/' && end != '\0')
            continue;
        *at = '\0';
        if (mkdir(path, 0777) < 0 && errno != EEXIST)
            return gk_error("cannot make the folder '%s': %s", path, strerror(errno));
        *at = end;
        if (end == '\0')
            return 0;
    }
}

/* curl's exit status; 127: there is no curl. */
static int run_curl(const char *url, const char *part)
{
    static const char *const options[] = { "curl", "--fail", "--location", "--silent", "--show-error", "--retry", "2",
                                           "--connect-timeout", "15", "--continue-at", "-", "--output" };
    enum { N_OPTION = sizeof options / sizeof *options };
    char *words[N_OPTION + 3];
    pid_t child;
    int   status;
    for (int i = 0; i < N_OPTION; i++)
        words[i] = (char *)options[i];
    words[N_OPTION] = (char *)part;
    words[N_OPTION + 1] = (char *)url;
    words[N_OPTION + 2] = NULL;
    if (posix_spawnp(&child, "curl", NULL, NULL, words, environ) != 0)
        return 127;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Into `part` from the first mirror that has the right file. */
static int download(const gk_mnist_file *file, const char *part, gk_arena *arena)
{
    int64_t n_byte;
    if (is_right(part, file->sha256, &n_byte))
        return 0;
    for (int i = 0; i < N_MIRROR; i++) {
        const char *url = gk_arena_printf(arena, "%s%s.gz", mirrors[i], file->name);
        if (n_byte >= file->n_byte)
            unlink(part);    /* complete and wrong: begin anew */
        gk_log("fetching %s", url);
        int status = run_curl(url, part);
        if (status == 127)
            return gk_error("there is no curl");
        if (is_right(part, file->sha256, &n_byte))
            return 0;
        if (status == 0)
            gk_warn("'%s' is another file than MNIST's: %lld bytes, or their checksum is wrong", url, (long long)n_byte);
        if (n_byte > 0 && status == 0)
            unlink(part);
    }
    return gk_error("no mirror has it");
}

static int fetch_file(const gk_mnist_file *file, const char *folder, gk_arena *arena)
{
    const char *path = gk_arena_printf(arena, "%s/%s.gz", folder, file->name), *part = gk_arena_printf(arena, "%s.part", path);
    int64_t     n_byte;
    if (is_right(path, file->sha256, &n_byte)) {
        gk_log("'%s' is there", path);
        return 0;
    }
    if (n_byte >= 0)
        return gk_error("'%s' is there, but it is not the file of MNIST: remove it first", path);
    if (download(file, part, arena) < 0)
        return gk_error("cannot fetch '%s.gz' (%s): get it elsewhere, as from %s%s.gz, and put it into '%s'; its sha256 is %s",
                        file->name, gk_arena_strdup(arena, gk_error_message()), mirrors[0], file->name, folder, file->sha256);
    if (rename(part, path) < 0)
        return gk_error("cannot rename '%s': %s", part, strerror(errno));
    return 0;
}

int gk_fetch_mnist(const char *folder)
{
    gk_arena arena = { 0 };
    if (!folder)
        folder = gk_mnist_folder(&arena);
    int status = make_folder(folder, &arena);
    for (int i = 0; i < GK_N_MNIST_FILE && status == 0; i++)
        status = fetch_file(&gk_mnist_files[i], folder, &arena);
    if (status == 0)
        gk_log("MNIST is in '%s'", folder);
    gk_arena_release(&arena);
    return status;
}
