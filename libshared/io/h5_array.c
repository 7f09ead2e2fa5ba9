/* h5_array.c -- datasets: create, write, and read after checking what the file declares. */
#include "io/h5_private.h"

#include <stdio.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 18, MAX_CHUNK_BYTES = 1 << 28, DEFLATE_LEVEL = 4 };

hid_t gk_h5_file_type(gk_dtype type)
{
    switch (type) {
    case GK_F32: return H5T_IEEE_F32LE;
    case GK_F64: return H5T_IEEE_F64LE;
    case GK_I32: return H5T_STD_I32LE;
    case GK_I64: return H5T_STD_I64LE;
    case GK_U8:  return H5T_STD_U8LE;
    }
    return H5I_INVALID_HID;
}

hid_t gk_h5_memory_type(gk_dtype type)
{
    switch (type) {
    case GK_F32: return H5T_NATIVE_FLOAT;
    case GK_F64: return H5T_NATIVE_DOUBLE;
    case GK_I32: return H5T_NATIVE_INT32;
    case GK_I64: return H5T_NATIVE_INT64;
    case GK_U8:  return H5T_NATIVE_UINT8;
    }
    return H5I_INVALID_HID;
}

int gk_h5_dtype_of(hid_t type)
{
    const struct { hid_t stored; gk_dtype holds; } known[] = {
        { H5T_IEEE_F32LE, GK_F32 }, { H5T_IEEE_F64LE, GK_F64 }, { H5T_STD_I32LE, GK_I32 }, { H5T_STD_I64LE, GK_I64 },
        { H5T_STD_U8LE, GK_U8 },    { H5T_STD_I8LE, GK_I32 },   { H5T_STD_I16LE, GK_I32 }, { H5T_STD_U16LE, GK_I32 },
        { H5T_STD_U32LE, GK_I64 },  { H5T_IEEE_F32BE, GK_F32 }, { H5T_IEEE_F64BE, GK_F64 }, { H5T_STD_I32BE, GK_I32 },
        { H5T_STD_I64BE, GK_I64 },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (H5Tequal(type, known[i].stored) > 0)
            return (int)known[i].holds;
    return -1;
}

/* "[4, 113, 128]" */
static const char *shape_text(char *buffer, size_t n_bytes, int n_dim, const int64_t *dim)
{
    size_t at = (size_t)snprintf(buffer, n_bytes, "[");
    for (int i = 0; i < n_dim && at < n_bytes; i++)
        at += (size_t)snprintf(buffer + at, n_bytes - at, "%s%lld", i ? ", " : "", (long long)dim[i]);
    if (at < n_bytes)
        snprintf(buffer + at, n_bytes - at, "]");
    return buffer;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* How a dataset is laid out: contiguous; or chunks of whole rows, shuffled and deflated. */
static hid_t creation_list(gk_dtype type, int n_dim, const hsize_t *dim, unsigned flags)
{
    hid_t   list = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t chunk[GK_H5_MAX_DIM], row = flags & GK_H5_SHORT ? 2 : gk_dtype_size(type), n_element = 1;

    if (list < 0 || H5Pset_obj_track_times(list, false) < 0 || H5Pset_fill_time(list, H5D_FILL_TIME_NEVER) < 0 ||
        H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) < 0)
        return list;
    for (int i = 0; i < n_dim; i++) {
        chunk[i] = dim[i];
        n_element *= dim[i];
        row *= i > 0 ? dim[i] : 1;
    }
    if (!(flags & GK_H5_PACK) || n_element == 0 || n_dim == 0 || row > MAX_CHUNK_BYTES)
        return list;
    chunk[0] = CHUNK_BYTES / row > 0 ? CHUNK_BYTES / row : 1;
    if (chunk[0] > dim[0])
        chunk[0] = dim[0];
    if (H5Pset_chunk(list, n_dim, chunk) < 0 || H5Pset_shuffle(list) < 0 || H5Pset_deflate(list, DEFLATE_LEVEL) < 0) {
        gk_h5_drop(NULL, list);
        return H5I_INVALID_HID;
    }
    return list;
}

static hid_t make_space(int n_dim, const int64_t *dim, hsize_t size[GK_H5_MAX_DIM])
{
    for (int i = 0; i < n_dim; i++)
        size[i] = (hsize_t)dim[i];
    return n_dim ? H5Screate_simple(n_dim, size, NULL) : H5Screate(H5S_SCALAR);
}

int gk_h5_create_array(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, unsigned flags)
{
    hsize_t size[GK_H5_MAX_DIM];
    hid_t   space = H5I_INVALID_HID, list = H5I_INVALID_HID, id = H5I_INVALID_HID;

    gk_assert(n_dim >= 0 && n_dim <= GK_H5_MAX_DIM && (!(flags & GK_H5_SHORT) || type == GK_I32));
    if (gk_h5_make_groups(file, path, false) < 0)
        return -1;
    space = make_space(n_dim, dim, size);
    list = creation_list(type, n_dim, size, flags);
    if (space >= 0 && list >= 0)
        id = H5Dcreate2(file->id, path, flags & GK_H5_SHORT ? H5T_STD_U16LE : gk_h5_file_type(type), space, H5P_DEFAULT, list,
                        H5P_DEFAULT);
    int status = id >= 0 ? 0 : gk_h5_failed(file, "create", path);
    gk_h5_drop(file, id);
    gk_h5_drop(file, list);
    gk_h5_drop(file, space);
    return status;
}

/* Select the rows of a part in the file, and its runs of elements in memory.  *memory is a new dataspace. */
static int select_part(hid_t file_space, const gk_h5_part *part, hid_t *memory)
{
    hsize_t start[GK_H5_MAX_DIM] = { 0 }, count[GK_H5_MAX_DIM], n_element = 1;
    int     n_dim = H5Sget_simple_extent_dims(file_space, count, NULL);

    if (n_dim < 1)
        return -1;
    start[0] = (hsize_t)part->first;
    count[0] = (hsize_t)part->count;
    for (int i = 0; i < n_dim; i++)
        n_element *= count[i];
    if (n_element == 0 || n_element % (hsize_t)part->n_run)
        return -1;
    hsize_t run = n_element / (hsize_t)part->n_run;
    hsize_t whole[2] = { (hsize_t)part->n_run, (hsize_t)part->stride }, origin[2] = { 0, 0 }, used[2] = { whole[0], run };
    if (run > whole[1] || H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start, NULL, count, NULL) < 0)
        return -1;
    *memory = H5Screate_simple(2, whole, NULL);
    return *memory < 0 ? -1 : (int)H5Sselect_hyperslab(*memory, H5S_SELECT_SET, origin, NULL, used, NULL);
}

/* A whole number that does not fit is an error (HDF5 would put the largest possible in its place). */
static H5T_conv_ret_t refuse_overflow(H5T_conv_except_t what, hid_t from, hid_t to, void *value, void *out, void *context)
{
    (void)from;
    (void)value;
    (void)out;
    (void)context;
    bool overflow = what == H5T_CONV_EXCEPT_RANGE_HI || what == H5T_CONV_EXCEPT_RANGE_LOW;
    return overflow && H5Tget_class(to) == H5T_INTEGER ? H5T_CONV_ABORT : H5T_CONV_UNHANDLED;
}

static herr_t checked_read(hid_t dataset, gk_dtype type, hid_t memory, hid_t space, void *out)
{
    hid_t  list = H5Pcreate(H5P_DATASET_XFER);
    herr_t status = -1;

    if (list >= 0 && H5Pset_type_conv_cb(list, refuse_overflow, NULL) >= 0)
        status = H5Dread(dataset, gk_h5_memory_type(type), memory, space, list, out);
    gk_h5_drop(NULL, list);
    return status;
}

/* Move a part, in the direction that `writing` says. */
static int move_part(hid_t dataset, gk_dtype type, const gk_h5_part *part, void *data, bool writing)
{
    hid_t  memory = H5I_INVALID_HID, space = H5Dget_space(dataset);
    herr_t status = space < 0 ? -1 : select_part(space, part, &memory);

    if (status >= 0)
        status = writing ? H5Dwrite(dataset, gk_h5_memory_type(type), memory, space, H5P_DEFAULT, data)
                         : checked_read(dataset, type, memory, space, data);
    gk_h5_drop(NULL, memory);
    gk_h5_drop(NULL, space);
    return status < 0 ? -1 : 0;
}

int gk_h5_write_part(gk_h5 *file, const char *path, gk_dtype type, const gk_h5_part *part, const void *data)
{
    hid_t id = H5Dopen2(file->id, path, H5P_DEFAULT);
    int   status = id >= 0 && move_part(id, type, part, (void *)(uintptr_t)data, true) == 0 ? 0 : -1;

    if (status < 0)
        gk_h5_failed(file, "write", path);
    gk_h5_drop(file, id);
    return status;
}

int gk_h5_write(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, const void *data, unsigned flags)
{
    if (gk_h5_create_array(file, path, type, n_dim, dim, flags) < 0)
        return -1;
    for (int i = 0; i < n_dim; i++)
        if (dim[i] == 0)
            return 0;
    hid_t  id = H5Dopen2(file->id, path, H5P_DEFAULT);
    herr_t status = id < 0 ? -1 : H5Dwrite(id, gk_h5_memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
    if (status < 0)
        gk_h5_failed(file, "write", path);
    gk_h5_drop(file, id);
    return status < 0 ? -1 : 0;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Only layouts and filters that we write: no data in other files, no plug-ins, no bombs of deflate in deflate. */
static int check_layout(gk_h5 *file, const char *path, hid_t list, size_t element_bytes, hsize_t *chunk_bytes)
{
    H5D_layout_t layout = H5Pget_layout(list);
    int          n_filter = H5Pget_nfilters(list), n_deflate = 0;
    hsize_t      chunk[GK_H5_MAX_DIM];

    *chunk_bytes = 0;
    if ((layout != H5D_CONTIGUOUS && layout != H5D_COMPACT && layout != H5D_CHUNKED) || H5Pget_external_count(list) != 0)
        return gk_error("cannot read '%s' in %s: its data are not in this file", path, file->label);
    for (int i = 0; i < n_filter; i++) {
        unsigned     flags, config, values[16];
        size_t       n_value = 16;
        char         name[1];
        H5Z_filter_t filter = H5Pget_filter2(list, (unsigned)i, &flags, &n_value, values, 0, name, &config);
        n_deflate += filter == H5Z_FILTER_DEFLATE;
        if (n_deflate > 1 || (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32))
            return gk_error("cannot read '%s' in %s: filter %d is not one of shuffle, deflate, fletcher32", path, file->label,
                            (int)filter);
    }
    if (layout == H5D_CHUNKED) {
        int n_dim = H5Pget_chunk(list, GK_H5_MAX_DIM, chunk);
        *chunk_bytes = element_bytes;
        for (int i = 0; i < n_dim; i++)
            *chunk_bytes = chunk[i] && *chunk_bytes > (hsize_t)GK_H5_MAX_BYTES / chunk[i] ? (hsize_t)GK_H5_MAX_BYTES
                                                                                       : *chunk_bytes * chunk[i];
    }
    return 0;
}

/* The declared size must be one that the stored bytes can hold. */
static int check_size(gk_h5 *file, const char *path, gk_h5_dataset *dataset, hid_t list)
{
    size_t  element = H5Tget_size(dataset->type);
    hsize_t chunk, n_bytes = element, stored = H5Dget_storage_size(dataset->id);

    if (element == 0)
        return gk_error("cannot read '%s' in %s: its elements have no size", path, file->label);
    if (check_layout(file, path, list, element, &chunk) < 0)
        return -1;
    dataset->n_element = 1;
    for (int i = 0; i < dataset->n_dim; i++) {
        hsize_t dim = (hsize_t)dataset->dim[i];
        if (dataset->dim[i] < 0 || (dim && n_bytes > (hsize_t)GK_H5_MAX_BYTES / dim))
            return gk_error("cannot read '%s' in %s: it claims to be larger than %lld bytes", path, file->label,
                            (long long)GK_H5_MAX_BYTES);
        n_bytes *= dim;
        dataset->n_element *= dataset->dim[i];
    }
    if (stored > (hsize_t)file->n_bytes)
        stored = (hsize_t)file->n_bytes;
    hsize_t room = chunk ? stored * GK_H5_MAX_RATIO : stored;
    if (n_bytes > room || chunk > (hsize_t)file->n_bytes * GK_H5_MAX_RATIO)
        return gk_error("cannot read '%s' in %s: it claims %llu bytes, but only %llu are stored", path, file->label,
                        (unsigned long long)(n_bytes > chunk ? n_bytes : chunk), (unsigned long long)stored);
    return 0;
}

static int read_extent(gk_h5 *file, const char *path, gk_h5_dataset *dataset)
{
    hsize_t dim[GK_H5_MAX_DIM];
    hid_t   space = H5Dget_space(dataset->id);
    int     n_dim = space < 0 || H5Sget_simple_extent_type(space) == H5S_NULL ? -1 : H5Sget_simple_extent_ndims(space);

    if (n_dim > GK_H5_MAX_DIM || (n_dim > 0 && H5Sget_simple_extent_dims(space, dim, NULL) < 0))
        n_dim = -1;
    gk_h5_drop(file, space);
    if (n_dim < 0)
        return gk_error("cannot read '%s' in %s: it has no shape of at most %d dimensions", path, file->label, GK_H5_MAX_DIM);
    dataset->n_dim = n_dim;
    for (int i = 0; i < n_dim; i++)
        dataset->dim[i] = dim[i] < INT64_MAX ? (int64_t)dim[i] : -1;
    return 0;
}

int gk_h5_dataset_open(gk_h5 *file, const char *path, gk_h5_dataset *out)
{
    hid_t list = H5I_INVALID_HID;
    int   status = -1;

    *out = (gk_h5_dataset){ .id = H5I_INVALID_HID, .type = H5I_INVALID_HID };
    if (!gk_h5_find(file, path))
        return gk_error("no '%s' in %s", path, file->label);
    out->id = H5Dopen2(file->id, path, H5P_DEFAULT);
    if (out->id >= 0)
        out->type = H5Dget_type(out->id);
    if (out->type >= 0)
        list = H5Dget_create_plist(out->id);
    if (list < 0)
        gk_error("cannot read '%s' in %s: it is not a readable dataset", path, file->label);
    else if (read_extent(file, path, out) == 0)
        status = check_size(file, path, out, list);
    gk_h5_drop(file, list);
    if (status < 0)
        gk_h5_dataset_close(out);
    return status;
}

void gk_h5_dataset_close(gk_h5_dataset *dataset)
{
    gk_h5_drop(NULL, dataset->type);
    gk_h5_drop(NULL, dataset->id);
    dataset->type = dataset->id = H5I_INVALID_HID;
}

int gk_h5_shape(gk_h5 *file, const char *path, gk_dtype *type, int *n_dim, int64_t dim[GK_H5_MAX_DIM])
{
    gk_h5_dataset dataset;

    if (gk_h5_dataset_open(file, path, &dataset) < 0)
        return -1;
    int found = gk_h5_dtype_of(dataset.type);
    *type = (gk_dtype)found;
    *n_dim = dataset.n_dim;
    memcpy(dim, dataset.dim, sizeof dataset.dim);
    gk_h5_dataset_close(&dataset);
    return found < 0 ? gk_error("cannot read '%s' in %s: its elements are neither real nor whole numbers", path, file->label) : 0;
}

/* Reals into reals (perhaps rounded), whole numbers into whole numbers (each is checked when it is read). */
static bool fits(int stored, gk_dtype wanted)
{
    bool is_real = wanted == GK_F32 || wanted == GK_F64;

    return stored >= 0 && is_real == (stored == GK_F32 || stored == GK_F64);
}

/* Open a dataset and compare it with what the caller expects. */
static int open_expected(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, gk_h5_dataset *dataset)
{
    char found_text[256], expected_text[256];

    if (gk_h5_dataset_open(file, path, dataset) < 0)
        return -1;
    bool same = dataset->n_dim == n_dim;
    for (int i = 0; same && i < n_dim; i++)
        same = dim[i] < 0 || dim[i] == dataset->dim[i];
    if (!same)
        gk_error("cannot read '%s' in %s: shape %s, expected %s", path, file->label,
                 shape_text(found_text, sizeof found_text, dataset->n_dim, dataset->dim),
                 shape_text(expected_text, sizeof expected_text, n_dim, dim));
    else if (!fits(gk_h5_dtype_of(dataset->type), type))
        gk_error("cannot read '%s' in %s: its elements are not of a kind with %s", path, file->label, gk_dtype_name(type));
    else
        return 0;
    gk_h5_dataset_close(dataset);
    return -1;
}

static int read_all(gk_h5 *file, const char *path, gk_dtype type, const gk_h5_dataset *dataset, void *out)
{
    if (dataset->n_element > 0 && checked_read(dataset->id, type, H5S_ALL, H5S_ALL, out) < 0)
        return gk_error("cannot read '%s' in %s: its data are damaged, or do not fit into %s", path, file->label,
                        gk_dtype_name(type));
    return 0;
}

int gk_h5_read(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, void *out)
{
    gk_h5_dataset dataset;

    if (open_expected(file, path, type, n_dim, dim, &dataset) < 0)
        return -1;
    int status = read_all(file, path, type, &dataset, out);
    gk_h5_dataset_close(&dataset);
    return status;
}

void *gk_h5_read_new(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, gk_arena *arena,
                     int64_t *n_element)
{
    gk_h5_dataset dataset;

    if (open_expected(file, path, type, n_dim, dim, &dataset) < 0)
        return NULL;
    void *out = gk_arena_alloc(arena, (size_t)(dataset.n_element ? dataset.n_element : 1) * gk_dtype_size(type));
    int   status = read_all(file, path, type, &dataset, out);
    if (n_element)
        *n_element = dataset.n_element;
    gk_h5_dataset_close(&dataset);
    return status < 0 ? NULL : out;
}

int gk_h5_read_part(gk_h5 *file, const char *path, gk_dtype type, int n_dim, const int64_t *dim, const gk_h5_part *part,
                    void *out)
{
    gk_h5_dataset dataset;

    if (open_expected(file, path, type, n_dim, dim, &dataset) < 0)
        return -1;
    int status = 0;
    if (dataset.n_element > 0 && move_part(dataset.id, type, part, out, false) < 0)
        status = gk_error("cannot read '%s' in %s: its data are damaged, or do not fit into %s", path, file->label,
                          gk_dtype_name(type));
    gk_h5_dataset_close(&dataset);
    return status;
}
