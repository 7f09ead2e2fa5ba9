/* idx.c -- fuzz the reader of MNIST's files: the first byte says how many dimensions are expected. */
#include "data/build.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t dim[3];
    if (size > 0)
        free(gk_idx_read(fuzz_file(data + 1, size - 1), data[0] % 2 ? 3 : 1, dim));
    return 0;
}
