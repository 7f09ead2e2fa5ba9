/* checkpoint.c -- fuzz the reader of checkpoints: the bytes get right checksums and a right seal. */
#include "fuzz.h"
#include "io/checkpoint.h"
#include "repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char *bytes = malloc(size + GK_SEAL_BYTES);
    memcpy(bytes, data, size);
    if (repair(bytes, size) >= 0)
        gk_checkpoint_free(gk_checkpoint_read(fuzz_file(bytes, size + GK_SEAL_BYTES), GK_READ_ALL));
    free(bytes);
    return 0;
}
