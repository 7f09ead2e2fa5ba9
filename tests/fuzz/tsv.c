/* tsv.c -- fuzz the reader of tables, TSV and lines of JSON. */
#include "fuzz.h"
#include "table/tsv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gk_frame_free(gk_tsv_read(fuzz_file(data, size)));
    return 0;
}
