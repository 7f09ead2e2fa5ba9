/* subclasses.c -- fuzz the reader of tables that divide the items of a dataset (--subclasses FILE). */
#include "data/dataset.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const gk_data_args args = { .prime = 3, .fraction = 0.5, .data_seed = -1, .subclasses = fuzz_file(data, size) };
    gk_dataset_free(gk_dataset_new(&args));
    return 0;
}
