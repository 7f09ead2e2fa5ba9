/* plugin.h -- backends that are found at run time: a shared library that exports one function and imports none of ours.
 *
 * The stamp is a checksum of the headers that both sides are compiled with (see the Makefile), so that an old plug-in is refused
 * instead of misread. */
#ifndef GK_GRAPH_PLUGIN_H
#define GK_GRAPH_PLUGIN_H

#include "graph/backend.h"

/* What a plug-in may call. */
typedef struct gk_host { int (*error)(const char *format, ...); } gk_host;

typedef struct gk_plugin {
    const gk_backend *f32, *f64;
    char              device[128];      /* "NVIDIA H100 80GB HBM3" */
} gk_plugin;

/* The exported function: begin to use device number `device`.  NULL after host->error: another stamp, no such device, ...
 * Borrowed: the plug-in's, for as long as it is loaded. */
typedef const gk_plugin *gk_plugin_opener(const gk_host *host, unsigned stamp, int device);
#define GK_PLUGIN_OPENER "gk_backend_open"

/* Load lib<name>.so from $GK_PLUGIN_DIR, else from ../lib beside the program, never from the current folder, and begin to use
 * device number `device`.  NULL with gk_error: not found (*missing, if not NULL), will not load, no device, ...
 * driver, if not NULL: the system's library without which there is no device, as "libcuda.so.1"; the plug-in, which may bring
 * large libraries with it, is not loaded then to find that out. */
const gk_plugin *gk_plugin_load(const char *name, const char *driver, int device, bool *missing) GK_MUST_CHECK;

#endif
