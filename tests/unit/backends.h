/* backends.h -- the backends under test: the CPU's, or with -DGK_TEST_PLUGIN those of the CUDA plug-in in $GK_PLUGIN_DIR. */
#ifndef GK_TESTS_UNIT_BACKENDS_H
#define GK_TESTS_UNIT_BACKENDS_H

#include <stdlib.h>
#include "../test.h"
#include "graph/plugin.h"

#ifdef GK_TEST_PLUGIN
/* Ends the test with status 3 if there is no plug-in or no device: nothing was tested then. */
static inline const gk_plugin *the_plugin(void)
{
    static const gk_plugin *plugin;
    if (!plugin && !(plugin = gk_plugin_load("grok-cuda", NULL, 0, NULL))) {
        printf("%s\n", gk_error_message());
        exit(3);
    }
    return plugin;
}
static inline const gk_backend *backend_of(size_t at)
{
    return at == 0 ? the_plugin()->f32 : the_plugin()->f64;
}
/* Libraries for matrix products may add in another order when they are asked for other sizes; on the host they do not. */
static inline bool is_exact(void)
{
    return strcmp(the_plugin()->device, "emulated") == 0;
}
#else
static inline const gk_backend *backend_of(size_t at)
{
    return at == 0 ? &gk_backend_cpu_f32 : &gk_backend_cpu_f64;
}
static inline bool is_exact(void)
{
    return true;
}
#endif

#define EACH_BACKEND(be) \
    for (size_t be##_at = 0; be##_at < 2; be##_at++) \
        for (const gk_backend *be = backend_of(be##_at), *be##_once = be; be##_once; be##_once = NULL)

#endif
