/* tensors_private.h -- for tensors*.c and zip.c only: the kinds of files, each with its reader and writer. */
#ifndef GK_IO_TENSORS_PRIVATE_H
#define GK_IO_TENSORS_PRIVATE_H

#include <stddef.h>
#include "base/outfile.h"
#include "io/little.h"
#include "io/tensors.h"

enum { GK_TENSORS_MAX = 1 << 20 };    /* tensors in a file; one with more is refused */

/* A file's bytes. */
typedef struct gk_bytes { const char *path; const uint8_t *at; size_t n; } gk_bytes;

typedef struct gk_tensor_traits { size_t n_byte; const char *npy, *safetensors, *storage; } gk_tensor_traits;
extern const gk_tensor_traits gk_tensor_traits_of[GK_N_TENSOR_TYPE];

/* The type whose name in a column of the table is this; GK_N_TENSOR_TYPE: none. */
#define GK_TENSOR_TYPE_BY(column, text) gk_tensor_type_by(offsetof(gk_tensor_traits, column), text)
gk_tensor_type gk_tensor_type_by(size_t column, const char *text);

/* Add a tensor whose name, type, shape and data are set: its size follows.  -1 with gk_error: too many tensors, a dimension
 * below 0 or a product that no memory holds. */
int gk_tensors_add(gk_tensors *tensors, const char *path, gk_tensor tensor) GK_MUST_CHECK;
/* Memory that lives as long as `tensors`; NULL with gk_error. */
void *gk_tensors_buffer(gk_tensors *tensors, size_t n_bytes, const char *what);

int gk_safetensors_read(gk_tensors *tensors, const gk_bytes *file) GK_MUST_CHECK;
int gk_safetensors_write(const gk_tensors *tensors, gk_outfile *output) GK_MUST_CHECK;
int gk_npy_read(gk_tensors *tensors, const char *name, const gk_bytes *file) GK_MUST_CHECK;
int gk_npz_write(const gk_tensors *tensors, gk_outfile *output) GK_MUST_CHECK;
/* A zip: npz, or PyTorch's. */
int gk_zip_read(gk_tensors *tensors, const gk_bytes *file) GK_MUST_CHECK;
/* PyTorch's: `pickle` says what the state dict holds, and storage(context, key) gives the bytes of one (n = 0: no such). */
typedef gk_bytes gk_storage_of(void *context, const char *key);
int gk_pickle_read(gk_tensors *tensors, const gk_bytes *pickle, gk_storage_of *storage, void *context) GK_MUST_CHECK;

double gk_half_value(uint16_t bits);       /* IEEE 754 binary16 */
double gk_bfloat_value(uint16_t bits);     /* the upper half of a binary32 */

#endif
