/* plugin.c -- see plugin.h. */
#include "graph/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder to look in: $GK_PLUGIN_DIR, or ../lib as seen from the program.  -1 with gk_error. */
static int plugin_folder(char *folder, size_t n_bytes)
{
    const char *given = getenv("GK_PLUGIN_DIR");
    char        program[PATH_MAX];
    ssize_t     n = readlink("/proc/self/exe", program, sizeof program - 1);

    if (given && given[0] == '/') {
        if (snprintf(folder, n_bytes, "%s", given) < (int)n_bytes)
            return 0;
        return gk_error("$GK_PLUGIN_DIR is longer than %zu bytes", n_bytes - 1);
    }
    if (given && given[0])
        return gk_error("$GK_PLUGIN_DIR is '%s': expected a path that begins with /", given);
    program[n > 0 ? n : 0] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(program, '/');
        if (!slash)
            return gk_error("cannot find the program's own folder");
        *slash = '\0';
    }
    if (snprintf(folder, n_bytes, "%s/lib", program) >= (int)n_bytes)
        return gk_error("the program's folder has too long a name");
    return 0;
}

/* --- is the file whole? ------------------------------------------------------------------------------------------- */

typedef struct elf_file {
    int       fd;
    uint64_t  n_bytes;
    ElfW(Ehdr) head;
} elf_file;

/* Bytes [at, at + n) of the file; false if they are not there. */
static bool read_at(const elf_file *file, uint64_t at, void *out, size_t n)
{
    return at <= file->n_bytes && n <= file->n_bytes - at && pread(file->fd, out, n, (off_t)at) == (ssize_t)n;
}

/* Do all segments and sections lie in the file?  The table of sections is the last thing in it, and its first entry is empty,
 * the one with the sections' names is not: a file that was cut short, or whose end is still a hole, lacks something. */
static bool is_whole(elf_file *file)
{
    ElfW(Phdr) segment;
    ElfW(Shdr) section;

    if (!read_at(file, 0, &file->head, sizeof file->head) || memcmp(file->head.e_ident, ELFMAG, SELFMAG) != 0 ||
        file->head.e_phentsize != sizeof segment || file->head.e_shentsize != sizeof section || file->head.e_shnum == 0)
        return false;
    for (unsigned i = 0; i < file->head.e_phnum; i++)
        if (!read_at(file, file->head.e_phoff + i * sizeof segment, &segment, sizeof segment) ||
            segment.p_offset > file->n_bytes || segment.p_filesz > file->n_bytes - segment.p_offset)
            return false;
    for (unsigned i = 0; i < file->head.e_shnum; i++) {
        if (!read_at(file, file->head.e_shoff + i * sizeof section, &section, sizeof section))
            return false;
        uint64_t stored = section.sh_type == SHT_NOBITS ? 0 : section.sh_size;
        if (section.sh_offset > file->n_bytes || stored > file->n_bytes - section.sh_offset ||
            (i == file->head.e_shstrndx && section.sh_type != SHT_STRTAB))
            return false;
    }
    return true;
}

/* The loader maps what the file's head promises, and a program that touches what is not there dies of SIGBUS: look first. */
static int check_library(const char *path)
{
    elf_file    file = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
    struct stat info;
    int         status = -1;

    if (file.fd < 0)
        return gk_error("cannot load the plug-in '%s': %s", path, strerror(errno));
    if (fstat(file.fd, &info) < 0 || !S_ISREG(info.st_mode))
        gk_error("cannot load the plug-in '%s': it is not a regular file", path);
    else if (file.n_bytes = (uint64_t)info.st_size, !is_whole(&file))
        gk_error("cannot load the plug-in '%s': it is not a whole shared library; copy it, or run 'make cuda', again", path);
    else
        status = 0;
    close(file.fd);
    return status;
}

/* ------------------------------------------------------------------------------------------------------------------ */

const gk_plugin *gk_plugin_load(const char *name, const char *driver, int device, bool *missing)
{
    static const gk_host host = { gk_error };
    char folder[PATH_MAX], path[PATH_MAX + 64];

    if (missing)
        *missing = false;
    if (plugin_folder(folder, sizeof folder) < 0)
        return NULL;
    snprintf(path, sizeof path, "%s/lib%s.so", folder, name);
    if (access(path, F_OK) < 0) {
        if (missing)
            *missing = true;
        gk_error("no plug-in '%s': build it with 'make cuda', or say in $GK_PLUGIN_DIR where it is", path);
        return NULL;
    }
    if (check_library(path) < 0)
        return NULL;
    if (driver && !dlopen(driver, RTLD_LAZY | RTLD_LOCAL)) {    /* never closed: the plug-in goes on with it */
        gk_error("no device: %s", dlerror());
        return NULL;
    }
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        gk_error("cannot load the plug-in: %s", dlerror());
        return NULL;
    }
    gk_plugin_opener *open = NULL;
    *(void **)&open = dlsym(library, GK_PLUGIN_OPENER);    /* the form that POSIX asks for */
    const gk_plugin *plugin = NULL;
    if (!open)
        gk_error("'%s' is not a plug-in of this program: it has no function '%s'", path, GK_PLUGIN_OPENER);
    else
        plugin = open(&host, GK_PLUGIN_STAMP, device);
    if (!plugin)
        dlclose(library);
    return plugin;
}
