/* plugin.cu -- the one function that libgrok-cuda.so exports. */
#include "work.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

extern "C" const gk_backend gk_backend_cuda_f32, gk_backend_cuda_f64;
extern "C" __attribute__((visibility("default"))) gk_plugin_opener gk_backend_open;

static const gk_host *the_host;

int gk_cuda_error(const char *format, ...)
{
    char    text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return the_host->error("%s", text);
}

const gk_plugin *gk_backend_open(const gk_host *host, unsigned stamp, int device)
{
    static gk_plugin plugin = { &gk_backend_cuda_f32, &gk_backend_cuda_f64, "" };
    cudaDeviceProp   properties;
    int              n_device = 0;

    the_host = host;
    if (stamp != GK_PLUGIN_STAMP) {
        gk_cuda_error("the CUDA plug-in belongs to another build (stamp %u, expected %u): run 'make cuda' again", GK_PLUGIN_STAMP,
                      stamp);
        return NULL;
    }
    cudaError_t status = cudaGetDeviceCount(&n_device);
    if (status != cudaSuccess || n_device < 1) {
        gk_cuda_error("no CUDA device: %s", status != cudaSuccess ? cudaGetErrorString(status) : "none is installed");
        return NULL;
    }
    if (device < 0 || device >= n_device) {
        gk_cuda_error("no CUDA device number %d: there are %d, from 0 on", device, n_device);
        return NULL;
    }
    if (cudaSetDevice(device) != cudaSuccess || cudaGetDeviceProperties(&properties, device) != cudaSuccess) {
        gk_cuda_error("cannot use CUDA device number %d: %s", device, cudaGetErrorString(cudaGetLastError()));
        return NULL;
    }
    snprintf(plugin.device, sizeof plugin.device, "%.100s", properties.name);
    return &plugin;
}
