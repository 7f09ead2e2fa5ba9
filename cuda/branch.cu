/* branch.cu -- a device's streams: the one that everything runs on, and a branch beside it.
 *
 * The gradient of a weight and that of its input do not need each other, and one alone does not fill a card if there are few
 * models: then the weight's runs on the branch while the stream goes on towards the first layer.  The stream waits before it
 * touches what the branch works on.  Each has half of the workspace of products. */
#include "work.h"

namespace GK_REALS {

int gk_open_device(gk_device *device, gk_product product, void *workspace, int64_t n_byte)
{
    cudaStream_t *const stream[] = { &device->stream, &device->branch };

    for (int i = 0; i < 2; i++) {
        device->workspace[i] = (char *)workspace + i * n_byte / 2;
        if (cudaStreamCreateWithFlags(stream[i], cudaStreamNonBlocking) != cudaSuccess)
            return gk_cuda_error("cannot begin to use the device: %s", cudaGetErrorString(cudaGetLastError()));
    }
    device->workspace_bytes = n_byte / 2;
    if (cudaEventCreateWithFlags(&device->forked, cudaEventDisableTiming) != cudaSuccess ||
        cudaEventCreateWithFlags(&device->joined, cudaEventDisableTiming) != cudaSuccess)
        return gk_cuda_error("cannot begin to use the device: %s", cudaGetErrorString(cudaGetLastError()));
    return gk_open_products(device, product);
}

void gk_close_device(gk_device *device)
{
    cudaStream_t stream[] = { device->stream, device->branch };
    cudaEvent_t  event[] = { device->forked, device->joined };

    gk_close_products(device);
    for (int i = 0; i < 2; i++) {
        if (stream[i])
            cudaStreamDestroy(stream[i]);
        if (event[i])
            cudaEventDestroy(event[i]);
    }
}

bool gk_fork(gk_work *work, const void *written, const void *read)
{
    gk_device *device = work->device;

    if (work->n_replica >= GK_FILLED || device->n_branched + 2 > GK_MOST_BRANCHED)
        return false;
    device->branched[device->n_branched++] = written;
    device->branched[device->n_branched++] = read;
    cudaEventRecord(device->forked, device->stream);
    cudaStreamWaitEvent(device->branch, device->forked, 0);
    device->on_branch = true;
    return true;
}

void gk_leave_branch(gk_work *work)
{
    work->device->on_branch = false;
}

/* Does the branch work on the gradient of a source of y, which y's backward adds to? */
static bool disturbs(const gk_work *work, const gk_node *y)
{
    for (int s = 0; s < y->n_src; s++)
        for (int i = 0; i < work->device->n_branched; i++)
            if (gk_grad_of(work, y, s).at == work->device->branched[i])
                return true;
    return false;
}

void gk_join(gk_work *work, const gk_node *y)
{
    gk_device *device = work->device;

    if (device->n_branched == 0 || (y && !disturbs(work, y)))
        return;
    cudaEventRecord(device->joined, device->branch);
    cudaStreamWaitEvent(device->stream, device->joined, 0);
    device->n_branched = 0;
}

}
