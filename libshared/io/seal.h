/* seal.h -- the last GK_SEAL_BYTES bytes of a file: the sha256 of everything before them, as a line of text.
 *
 *   groktools-seal-1 sha256=<64 hex digits> size=<bytes before the seal, decimal> <spaces>\n
 *
 * HDF5 ignores what stands after its own end of file, so h5dump and h5py read sealed files. */
#ifndef GK_IO_SEAL_H
#define GK_IO_SEAL_H

#include <stdint.h>
#include "base/error.h"
#include "base/sha256.h"

enum { GK_SEAL_BYTES = 128 };

/* The seal of n_bytes bytes with that checksum, exactly GK_SEAL_BYTES long (not ended by NUL). */
void gk_seal_format(char seal[GK_SEAL_BYTES], const char *sha256, int64_t n_bytes);

/* Seal of a whole block of memory. */
int  gk_seal_of_memory(char seal[GK_SEAL_BYTES], const void *data, int64_t n_bytes) GK_MUST_CHECK;

/* Is the block, or file of that size, sealed, and does the seal fit?  whole: sha256 of all bytes, seal included.
 * -1 with gk_error saying what is wrong: not one of our files, truncated, changed. */
int  gk_seal_check_memory(const void *data, int64_t n_bytes, const char *label, char whole[GK_SHA256_HEX]) GK_MUST_CHECK;
int  gk_seal_check_file(int fd, int64_t n_bytes, const char *label, char whole[GK_SHA256_HEX]) GK_MUST_CHECK;

#endif
