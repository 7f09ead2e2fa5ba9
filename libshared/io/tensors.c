/* tensors.c -- what the kinds of files share: the table of types, the list of tensors, whole files. */
#include "io/tensors_private.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/input.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "elements in memory are written as they are");

GK_CHOICE_NAMES(gk_tensor_format, GK_TENSOR_FORMATS);

const gk_tensor_traits gk_tensor_traits_of[GK_N_TENSOR_TYPE] = {
#define TENSOR_TYPE(name, bytes, npy, safetensors, storage, value) [GK_TENSOR_##name] = { bytes, npy, safetensors, storage },
#include "io/tensor_types.def"
#undef TENSOR_TYPE
};

gk_tensor_type gk_tensor_type_by(size_t column, const char *text)
{
    int type = 0;
    for (; type < GK_N_TENSOR_TYPE; type++) {
        const char *name;
        memcpy(&name, (const char *)&gk_tensor_traits_of[type] + column, sizeof name);
        if (name && strcmp(name, text) == 0)
            break;
    }
    return (gk_tensor_type)type;
}

double gk_half_value(uint16_t bits)
{
    int    exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value = exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25);
    if (exponent == 31)
        value = fraction ? NAN : INFINITY;
    return bits >> 15 ? -value : value;
}

double gk_bfloat_value(uint16_t bits)
{
    uint32_t whole = (uint32_t)bits << 16;
    float    value;
    memcpy(&value, &whole, sizeof value);
    return (double)value;
}

double gk_tensor_value(const gk_tensor *tensor, int64_t index)
{
    const char *at = (const char *)tensor->data + (size_t)index * gk_tensor_traits_of[tensor->type].n_byte;
    switch (tensor->type) {
#define TENSOR_TYPE(name, bytes, npy, safetensors, storage, value) case GK_TENSOR_##name: return value;
#include "io/tensor_types.def"
#undef TENSOR_TYPE
    case GK_N_TENSOR_TYPE: break;
    }
    return NAN;
}

const char *gk_tensor_text(const gk_tensor *tensor, char *buffer, size_t n_bytes)
{
    size_t n = (size_t)snprintf(buffer, n_bytes, "%s [", gk_tensor_traits_of[tensor->type].safetensors);
    for (int i = 0; i < tensor->n_dim && n < n_bytes; i++)
        n += (size_t)snprintf(buffer + n, n_bytes - n, "%s%lld", i > 0 ? ", " : "", (long long)tensor->dim[i]);
    if (n < n_bytes)
        snprintf(buffer + n, n_bytes - n, "]");
    return buffer;
}

const gk_tensor *gk_tensors_find(const gk_tensors *tensors, const char *name)
{
    for (int i = 0; i < tensors->n_tensor; i++)
        if (strcmp(tensors->tensor[i].name, name) == 0)
            return &tensors->tensor[i];
    return NULL;
}

void *gk_tensors_buffer(gk_tensors *tensors, size_t n_bytes, const char *what)
{
    void **grown = realloc(tensors->buffer, ((size_t)tensors->n_buffer + 1) * sizeof *grown);
    if (!grown) {
        gk_error("out of memory for %s", what);
        return NULL;
    }
    tensors->buffer = grown;
    void *buffer = gk_alloc_large(n_bytes > 0 ? n_bytes : 1, what);
    if (buffer)
        grown[tensors->n_buffer++] = buffer;
    return buffer;
}

int gk_tensors_add(gk_tensors *tensors, const char *path, gk_tensor tensor)
{
    int n = tensors->n_tensor;
    tensor.size = 1;
    for (int i = 0; i < tensor.n_dim; i++) {
        if (tensor.dim[i] < 0 || (tensor.dim[i] > 0 && tensor.size > (INT64_MAX >> 8) / tensor.dim[i]))
            return gk_error("tensor '%s' of '%s' has a dimension that cannot be: %lld", tensor.name, path,
                            (long long)tensor.dim[i]);
        tensor.size *= tensor.dim[i];
    }
    if (n == GK_TENSORS_MAX)
        return gk_error("'%s' holds more than %d tensors", path, GK_TENSORS_MAX);
    if ((n & (n - 1)) == 0) {    /* full at each power of 2 */
        gk_tensor *grown = realloc(tensors->tensor, (n > 0 ? 2 * (size_t)n : 1) * sizeof *grown);
        if (!grown)
            return gk_error("out of memory for the tensors of '%s'", path);
        tensors->tensor = grown;
    }
    tensors->tensor[tensors->n_tensor++] = tensor;
    return 0;
}

/* --- whole files -------------------------------------------------------------------------------------------------------- */

static int read_bytes(int fd, uint8_t *to, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t now = read(fd, to + done, n - done);
        if (now < 0 && errno == EINTR)
            continue;
        if (now == 0)
            errno = EIO;    /* it has become shorter */
        if (now <= 0)
            return -1;
        done += (size_t)now;
    }
    return 0;
}

/* All of a regular file. */
static int read_file(gk_tensors *tensors, gk_bytes *file)
{
    struct stat info;
    int fd = gk_input_open(file->path), status = 0;
    if (fd < 0)
        return gk_error("cannot open '%s': %s", file->path, strerror(errno));
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        gk_input_close(fd);
        return gk_error("cannot read '%s': it is not a regular file", file->path);
    }
    uint8_t *to = gk_tensors_buffer(tensors, (size_t)info.st_size, file->path);
    file->at = to;
    file->n = (size_t)info.st_size;
    if (!to)
        status = -1;
    else if (read_bytes(fd, to, file->n) < 0)
        status = gk_error("cannot read '%s': %s", file->path, strerror(errno));
    gk_input_close(fd);
    return status;
}

static int interpret(gk_tensors *tensors, const gk_bytes *file)
{
    if (file->n >= 4 && memcmp(file->at, "PK\003\004", 4) == 0)
        return gk_zip_read(tensors, file);
    if (file->n >= 6 && memcmp(file->at, "\x93NUMPY", 6) == 0)
        return gk_npy_read(tensors, "", file);
    if (file->n >= 9 && file->at[8] == '{')
        return gk_safetensors_read(tensors, file);
    if (file->n >= 2 && file->at[0] == 0x80 && file->at[1] <= 5)
        return gk_error("'%s' is a pickle without a zip around it, as PyTorch wrote before 1.6: load it and save it anew with "
                        "torch.save", file->path);
    return gk_error("'%s' is no file of tensors: expected safetensors, npz, npy, or what torch.save writes", file->path);
}

gk_tensors *gk_tensors_read(const char *path)
{
    gk_bytes    file = { .path = path };
    gk_tensors *tensors = calloc(1, sizeof *tensors);
    if (!tensors) {
        gk_error("out of memory for '%s'", path);
        return NULL;
    }
    if (read_file(tensors, &file) < 0 || interpret(tensors, &file) < 0) {
        gk_tensors_free(tensors);
        return NULL;
    }
    gk_sha256 *sum = gk_sha256_new();
    gk_sha256_add(sum, file.at, file.n);
    gk_sha256_free(sum, tensors->sha256);
    return tensors;
}

void gk_tensors_free(gk_tensors *tensors)
{
    if (!tensors)
        return;
    for (int i = 0; i < tensors->n_buffer; i++)
        free(tensors->buffer[i]);
    free(tensors->buffer);
    free(tensors->tensor);
    gk_arena_release(&tensors->arena);
    free(tensors);
}

int gk_tensors_write(const gk_tensors *tensors, gk_tensor_format format, const char *path)
{
    gk_outfile *output = gk_outfile_new(path, GK_OUTFILE_STORE);
    if (!output)
        return -1;
    if ((format == GK_NPZ ? gk_npz_write : gk_safetensors_write)(tensors, output) < 0) {
        gk_outfile_discard(output);
        return -1;
    }
    return gk_outfile_commit(output);
}
