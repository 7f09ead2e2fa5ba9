/* plugin.c -- see plugin.h. */
#include "graph/plugin.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

const gk_plugin *gk_plugin_load(const char *name, int device, bool *missing)
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
