/* dataset.c -- fuzz the reader of dataset files: the bytes get right checksums and a right seal. */
#include "data/dataset.h"
#include "fuzz.h"
#include "repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *bytes = malloc(size + GK_SEAL_BYTES);
    memcpy(bytes, data, size);
    if (repair(bytes, size) >= 0) {
        gk_data_args args = { .fraction = 0.5, .data_seed = -1, .data_file = fuzz_file(bytes, size + GK_SEAL_BYTES) };
        gk_dataset_free(gk_dataset_new(&args));
    }
    free(bytes);
    return 0;
}
