/* data_fetch.c -- see data_fetch.h.  curl does the transfers: it knows proxies, certificates and interrupted files. */
#include "data_fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/arena.h"
#include "base/die.h"
#include "base/input.h"
#include "base/sha256.h"
#include "base/syscalls.h"
#include "data/public.h"

extern char **environ;

/* Does an open file have this checksum?  *n_byte: its length. */
static bool is_right(int fd, const char *sha256, int64_t *n_byte)
{
    char       found[GK_SHA256_HEX], buffer[1 << 14];
    gk_sha256 *sum = gk_sha256_new();
    ssize_t    n = 1;
    *n_byte = 0;
    while (n > 0) {
        n = pread(fd, buffer, sizeof buffer, (off_t)*n_byte);
        if (n > 0)
            gk_sha256_add(sum, buffer, (size_t)n);
        *n_byte += n > 0 ? n : 0;
        if (n < 0 && errno == EINTR)
            n = 1;
    }
    gk_sha256_free(sum, found);
    return n == 0 && strcmp(found, sha256) == 0;
}

/* The folder and those that it lies in.  *n_there: so many characters of its name were there before. */
static int make_folder(const char *folder, size_t *n_there, gk_arena *arena)
{
    char *path = gk_arena_strdup(arena, folder);
    size_t last = 0;
    *n_there = strlen(folder);
    for (char *at = path + 1; ; at++) {
        char end = *at;
        if (end != '/' && end != '\0')
            continue;
        *at = '\0';
        if (mkdir(path, 0777) == 0)
            *n_there = last < *n_there ? last : *n_there;
        else if (errno != EEXIST)
            return gk_error("cannot make the folder '%s': %s", path, strerror(errno));
        last = (size_t)(at - path);
        *at = end;
        if (end == '\0')
            return 0;
    }
}

/* Those that were made, and nothing came to lie in. */
static void remove_folders(const char *folder, size_t n_there, gk_arena *arena)
{
    char *path = gk_arena_strdup(arena, folder);
    for (size_t n = strlen(path); n > n_there;) {
        path[n] = '\0';
        if (path[n - 1] != '/' && rmdir(path) < 0)
            return;
        while (n > n_there && path[--n] != '/')
            continue;
    }
}

/* The file that grows, opened for reading and appending: a new one, or what an interrupted fetch left.  curl gets it open, not by
 * name: somebody's link of that name in a shared folder would lead it to another file. */
static int open_part(const char *part)
{
    struct stat info;
    int fd = gk_open(part, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return gk_error("cannot write '%s': %s", part,
                        errno == ELOOP ? "it is a symbolic link; remove it first" : strerror(errno));
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_nlink == 1 && info.st_uid == geteuid())
        return fd;
    close(fd);
    return gk_error("cannot write '%s': it is not a file that an earlier fetch left; remove it first", part);
}

/* Append the rest of a file to fd, of which so much is there.  curl's exit status; 127: there is no curl. */
static int run_curl(const char *url, int fd, const char *n_there)
{
    static const char *const options[] = { "curl", "--fail", "--location", "--silent", "--show-error",
                                           "--connect-timeout", "15", "--continue-at" };
    enum { N_OPTION = sizeof options / sizeof *options };
    char *words[N_OPTION + 3];
    pid_t child;
    int   status;
    for (int i = 0; i < N_OPTION; i++)
        words[i] = (char *)options[i];
    words[N_OPTION] = (char *)n_there;
    words[N_OPTION + 1] = (char *)url;
    words[N_OPTION + 2] = NULL;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    int error = posix_spawnp(&child, "curl", &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return 127;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* The i-th place that may have the file; NULL: no more. */
static const char *address_of(const gk_public *set, const gk_public_file *file, int i, gk_arena *arena)
{
    if (file->address)
        return i == 0 ? file->address : NULL;
    return i < GK_PUBLIC_MAX_ADDRESS && set->address[i] ? gk_arena_printf(arena, "%s%s", set->address[i], file->name) : NULL;
}

/* Into fd from the first address that has the right file. */
static int download(const gk_public *set, const gk_public_file *file, int fd, gk_arena *arena)
{
    int64_t     n_byte;
    const char *url;
    if (is_right(fd, file->sha256, &n_byte))
        return 0;
    for (int i = 0; (url = address_of(set, file, i, arena)); i++) {
        if (n_byte >= file->n_byte && gk_end_file_at(fd, n_byte = 0) < 0)    /* complete and wrong: begin anew */
            return gk_error("it cannot be emptied: %s", strerror(errno));
        gk_log("fetching %s", url);
        int status = run_curl(url, fd, gk_arena_printf(arena, "%lld", (long long)n_byte));
        if (status == 127)
            return gk_error("there is no curl");
        if (is_right(fd, file->sha256, &n_byte))
            return 0;
        if (status == 0)
            gk_warn("'%s' is another file than that of %s: %lld bytes, or their checksum is wrong", url, set->title,
                    (long long)n_byte);
        if (n_byte > 0 && status == 0 && gk_end_file_at(fd, n_byte = 0) < 0)
            return gk_error("it cannot be emptied: %s", strerror(errno));
    }
    return gk_error("no address has it");
}

/* Sync the file and give it its name; as long as it is still the file of that name. */
static int publish(int fd, const char *part, const char *path)
{
    struct stat mine, named;
    if (gk_sync_file(fd) < 0 || fstat(fd, &mine) < 0 || lstat(part, &named) < 0)
        return gk_error("cannot write '%s': %s", path, strerror(errno));
    if (mine.st_dev != named.st_dev || mine.st_ino != named.st_ino)
        return gk_error("cannot write '%s': another program has changed '%s'", path, part);
    return rename(part, path) < 0 ? gk_error("cannot rename '%s': %s", part, strerror(errno)) : 0;
}

static int fetch_file(const gk_public *set, const gk_public_file *file, const char *folder, gk_arena *arena)
{
    const char *path = gk_arena_printf(arena, "%s/%s", folder, file->name), *part = gk_arena_printf(arena, "%s.part", path);
    int64_t     n_byte = 0;
    int         fd = gk_input_open(path), status;
    if (fd >= 0 && is_right(fd, file->sha256, &n_byte)) {
        gk_log("'%s' is there", path);
        gk_input_close(fd);
        return 0;
    }
    gk_input_close(fd);
    if (fd >= 0)
        return gk_error("'%s' is there, but it is not the file of %s: remove it first", path, set->title);
    if ((fd = open_part(part)) < 0)
        return -1;
    if (download(set, file, fd, arena) < 0)
        status = gk_error("cannot fetch '%s' (%s): get it elsewhere, as from %s, and put it into '%s'; its sha256 is %s",
                          file->name, gk_arena_strdup(arena, gk_error_message()), address_of(set, file, 0, arena), folder,
                          file->sha256);
    else
        status = publish(fd, part, path);
    if (status < 0 && lseek(fd, 0, SEEK_END) == 0)
        unlink(part);    /* nothing to go on with */
    close(fd);
    return status;
}

int gk_fetch(const gk_public *set, const char *folder)
{
    gk_arena arena = { 0 };
    if (!folder)
        folder = gk_public_folder(set, &arena);
    size_t n_there;
    int    status = make_folder(folder, &n_there, &arena);
    for (int i = 0; i < GK_PUBLIC_MAX_FILE && set->file[i].name && status == 0; i++)
        status = fetch_file(set, &set->file[i], folder, &arena);
    if (status < 0)
        remove_folders(folder, n_there, &arena);
    else
        gk_log("%s is in '%s'", set->title, folder);
    gk_arena_release(&arena);
    return status;
}

/* 'mnist', 'imdb' */
static const char *names_of_all(gk_arena *arena)
{
    const char *text = "";
    for (const gk_public *set = gk_public_sets; set->name; set++)
        text = gk_arena_printf(arena, "%s%s'%s'", text, *text ? ", " : "", set->name);
    return text;
}

int gk_fetch_named(const gk_given *given)
{
    gk_arena         arena = { 0 };
    const int        n = gk_given_n_argument(given);
    const gk_public *set = n > 1 ? gk_public_find(gk_given_argument(given, 1)) : NULL;
    if (n == 1)
        gk_usage("fetch what? There are %s", names_of_all(&arena));
    if (!set)
        gk_usage("no data set '%s' to fetch: there are %s", gk_given_argument(given, 1), names_of_all(&arena));
    if (gk_fetch(set, n > 2 ? gk_given_argument(given, 2) : NULL) < 0)
        gk_die();
    gk_arena_release(&arena);
    return GK_EXIT_OK;
}
