/* tensors.h -- named tensors as other programs store them: safetensors, NumPy's npz and npy, PyTorch's zip of a state dict.
 *
 * Files are read as if an enemy had written them: nothing in them is executed (a pickle is parsed, never unpickled), every size
 * is compared with what the file can hold before memory is asked for, and what is not understood is refused by name. */
#ifndef GK_IO_TENSORS_H
#define GK_IO_TENSORS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/choice.h"
#include "base/error.h"
#include "base/sha256.h"
#include "io/h5.h"

typedef enum {
#define TENSOR_TYPE(name, bytes, npy, safetensors, storage, value) GK_TENSOR_##name,
#include "io/tensor_types.def"
#undef TENSOR_TYPE
    GK_N_TENSOR_TYPE
} gk_tensor_type;

typedef struct gk_tensor {
    const char    *name;           /* "blocks.0.attn.W_Q" */
    gk_tensor_type type;
    int            n_dim;          /* 0: one number */
    int64_t        dim[GK_H5_MAX_DIM];
    int64_t        size;           /* elements: the product of the dimensions */
    const void    *data;           /* [size], row-major, low byte first, at any address */
} gk_tensor;

typedef struct gk_note { const char *key, *text; } gk_note;

/* A file in memory.  What gk_tensors_read made is freed by gk_tensors_free. */
typedef struct gk_tensors {
    gk_arena   arena;
    int        n_tensor;
    gk_tensor *tensor;             /* [n_tensor] */
    int        n_note;             /* safetensors' metadata; npz has none */
    gk_note   *note;
    char       sha256[GK_SHA256_HEX];    /* of the file that was read */
    int        n_buffer;
    void     **buffer;             /* what was read or unpacked, which tensors point into */
} gk_tensors;

/* What can be written. */
#define GK_TENSOR_FORMATS(X) X(GK_SAFETENSORS, "safetensors") X(GK_NPZ, "npz")
GK_CHOICES(gk_tensor_format, GK_TENSOR_FORMATS);

/* Read a file of any of the kinds; what it is, its first bytes say.  Tensors keep the file's order; in a .npy file the one tensor
 * has the name "".  Dictionaries and lists in a PyTorch file that hold others are joined: "model.embed.W_E", "state_dicts.0.w";
 * what is no tensor is left out.  NULL with gk_error: no such file, damaged, a type or an object that is not known. */
gk_tensors *gk_tensors_read(const char *path);
void        gk_tensors_free(gk_tensors *tensors);    /* NULL is fine */

/* Write atomically (base/outfile.h); "-" is standard output.  Equal contents give equal bytes.  -1 with gk_error. */
int         gk_tensors_write(const gk_tensors *tensors, gk_tensor_format format, const char *path) GK_MUST_CHECK;

/* Tensor by name; NULL: there is none (no message). */
const gk_tensor *gk_tensors_find(const gk_tensors *tensors, const char *name);

/* An element as a double. */
double      gk_tensor_value(const gk_tensor *tensor, int64_t index);

/* "float32 [2, 3]" in words, into buffer, which is returned. */
const char *gk_tensor_text(const gk_tensor *tensor, char *buffer, size_t n_bytes);

#endif
