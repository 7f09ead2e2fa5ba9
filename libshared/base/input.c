/* input.c -- see input.h.  A few files, or the thousands that grok-merge joins: a table that is searched from its end. */
#include "base/input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"
#include "base/syscalls.h"

typedef struct input {
    char           *path;
    gk_file_version version;
    bool            is_forgotten;
} input;

static input *inputs;
static size_t n_input, capacity;

gk_file_version gk_version_of(const struct stat *info)
{
    gk_file_version version = { 0 };

    if (info)
        version = (gk_file_version){ true, info->st_dev, info->st_ino, info->st_size, info->st_mtim };
    return version;
}

static bool same_number(const gk_file_version *version, dev_t device, ino_t number)
{
    return version->exists && version->device == device && version->number == number;
}

bool gk_same_version(const gk_file_version *a, const gk_file_version *b)
{
    if (!a->exists || !b->exists)
        return a->exists == b->exists;
    return same_number(a, b->device, b->number) && a->n_bytes == b->n_bytes && a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Pipes and terminals cannot be written over. */
static void note(int fd, const char *path)
{
    struct stat info;

    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
        return;
    if (n_input == capacity) {
        capacity = capacity ? 2 * capacity : 16;
        inputs = realloc(inputs, capacity * sizeof *inputs);
    }
    char *name = strdup(path);
    if (!inputs || !name)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    inputs[n_input++] = (input){ name, gk_version_of(&info), false };
}

int gk_input_open(const char *path)
{
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : gk_open(path, O_RDONLY);

    if (fd >= 0)
        note(fd, path);
    return fd;
}

FILE *gk_input_stream(const char *path)
{
    int   fd = gk_input_open(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "rb");

    if (fd >= 0 && !file)
        gk_input_close(fd);
    return file;
}

void gk_input_close(int fd)
{
    if (fd > STDERR_FILENO)
        close(fd);
}

bool gk_is_input(const struct stat *info)
{
    for (size_t i = n_input; i-- > 0;)
        if (!inputs[i].is_forgotten && same_number(&inputs[i].version, info->st_dev, info->st_ino))
            return true;
    return false;
}

gk_file_version gk_input_version(const char *path)
{
    for (size_t i = n_input; i-- > 0;)
        if (strcmp(inputs[i].path, path) == 0)
            return inputs[i].version;
    return gk_version_of(NULL);
}

void gk_input_forget(const struct stat *info)
{
    for (size_t i = 0; i < n_input; i++)
        if (same_number(&inputs[i].version, info->st_dev, info->st_ino))
            inputs[i].is_forgotten = true;
}
