/* device.h -- where tools compute: --device. */
#ifndef GK_TOOLS_DEVICE_H
#define GK_TOOLS_DEVICE_H

#include "train/config.h"

typedef struct gk_compute {
    const gk_backend *backend[GK_N_PRECISION];    /* NULL: it does not have this precision */
    bool              is_device;
    char              name[160];                  /* "cpu", "cuda (NVIDIA H100 80GB HBM3)" */
    char              why_cpu[300];               /* " (what is wrong with the plug-in)", of what `auto` chose; else "" */
} gk_compute;

/* What --device says.  Ends the program if a device is asked for that cannot be used. */
void gk_compute_choose(const char *device, gk_compute *out);

#endif
