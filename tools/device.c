/* device.c -- see device.h. */
#include "device.h"

#include <stdio.h>
#include "base/die.h"
#include "graph/plugin.h"

void gk_compute_choose(const char *device, gk_compute *out)
{
    const gk_plugin *plugin = NULL;
    gk_device kind;
    bool      missing;
    int       number;

    *out = (gk_compute){ .name = "cpu" };
    if (gk_device_parse(device, &kind, &number) < 0)
        gk_die();
    const char *driver = kind == GK_DEVICE_AUTO ? "libcuda.so.1" : NULL;    /* cuBLAS takes 70 ms to load: not for nothing */
    if (kind != GK_DEVICE_CPU && !(plugin = gk_plugin_load("grok-cuda", driver, number, &missing))) {
        if (kind == GK_DEVICE_CUDA) {
            gk_error_context("cannot use '--device %s'", device);
            gk_die();
        }
        if (!missing)
            snprintf(out->why_cpu, sizeof out->why_cpu, " (%s)", gk_error_message());
    }
    if (plugin) {
        out->backend[GK_PRECISION_FP32] = out->backend[GK_PRECISION_TF32] = out->backend[GK_PRECISION_BF16] = plugin->f32;
        out->backend[GK_PRECISION_FP64] = plugin->f64;
        out->is_device = true;
        snprintf(out->name, sizeof out->name, "cuda (%s)", plugin->device);
    } else {
        out->backend[GK_PRECISION_FP32] = &gk_backend_cpu_f32;
        out->backend[GK_PRECISION_FP64] = &gk_backend_cpu_f64;
    }
}
