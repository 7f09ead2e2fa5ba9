/* tensors.c -- fuzz the readers of other programs' tensors: safetensors, npz, npy, PyTorch's zip. */
#include "fuzz.h"
#include "io/tensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gk_tensors_free(gk_tensors_read(fuzz_file(data, size)));
    return 0;
}
