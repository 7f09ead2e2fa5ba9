/* h5_attribute.c -- typed attributes of groups and datasets.  Texts are UTF-8 of fixed length: HDF5's texts of variable
 * length live in a heap without checksums. */
#include "io/h5_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* Write one attribute of any type, replacing an older one. */
static int set(gk_h5 *file, const char *path, const char *name, hid_t stored, hid_t memory, hid_t space, const void *value)
{
    hid_t object = H5I_INVALID_HID, attribute = H5I_INVALID_HID;
    int   status = -1;

    if (!gk_h5_find(file, path) && gk_h5_make_groups(file, path, true) < 0)
        return -1;
    object = H5Oopen(file->id, path, H5P_DEFAULT);
    if (object >= 0 && H5Aexists(object, name) > 0)
        H5Adelete(object, name);
    if (object >= 0 && stored >= 0 && memory >= 0 && space >= 0)
        attribute = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute >= 0 && H5Awrite(attribute, memory, value) >= 0)
        status = 0;
    else
        gk_error("cannot write attribute '%s' of '%s' in %s%s%s", name, path, file->label, file->image.error ? ": " : "",
                 file->image.error ? strerror(file->image.error) : "");
    gk_h5_drop(file, attribute);
    gk_h5_drop(file, object);
    return status;
}

static int set_scalar(gk_h5 *file, const char *path, const char *name, hid_t stored, hid_t memory, const void *value)
{
    hid_t space = H5Screate(H5S_SCALAR);
    int   status = set(file, path, name, stored, memory, space, value);

    gk_h5_drop(file, space);
    return status;
}

int gk_h5_set_int(gk_h5 *file, const char *path, const char *name, int64_t value)
{
    return set_scalar(file, path, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

int gk_h5_set_real(gk_h5 *file, const char *path, const char *name, double value)
{
    return set_scalar(file, path, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

int gk_h5_set_bool(gk_h5 *file, const char *path, const char *name, bool value)
{
    signed char member[2] = { 0, 1 };
    hid_t       type = H5Tenum_create(H5T_STD_I8LE);
    int         status = -1;

    if (type >= 0 && H5Tenum_insert(type, "FALSE", &member[0]) >= 0 && H5Tenum_insert(type, "TRUE", &member[1]) >= 0)
        status = set_scalar(file, path, name, type, type, &member[value]);
    else
        gk_error("cannot write attribute '%s' of '%s' in %s", name, path, file->label);
    gk_h5_drop(file, type);
    return status;
}

hid_t gk_h5_text_type(size_t n_bytes)
{
    hid_t type = H5Tcopy(H5T_C_S1);

    if (type >= 0 && (H5Tset_size(type, n_bytes) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
                      H5Tset_strpad(type, H5T_STR_NULLTERM) < 0)) {
        gk_h5_drop(NULL, type);
        type = H5I_INVALID_HID;
    }
    return type;
}

int gk_h5_set_text(gk_h5 *file, const char *path, const char *name, const char *value)
{
    size_t n = strlen(value) + 1;

    if (n > GK_H5_MAX_TEXT)
        return gk_error("cannot write attribute '%s' of '%s' in %s: a text of %zu bytes, at most %d are possible", name, path,
                        file->label, n, GK_H5_MAX_TEXT);
    hid_t type = gk_h5_text_type(n);
    int   status = set_scalar(file, path, name, type, type, value);
    gk_h5_drop(file, type);
    return status;
}

int gk_h5_set_texts(gk_h5 *file, const char *path, const char *name, const char *const *values, int n)
{
    size_t width = 1;

    for (int i = 0; i < n; i++)
        width = strlen(values[i]) + 1 > width ? strlen(values[i]) + 1 : width;
    if (width > GK_H5_MAX_TEXT || (size_t)n > (size_t)GK_H5_MAX_BYTES / width)
        return gk_error("cannot write attribute '%s' of '%s' in %s: its texts are too long", name, path, file->label);
    char *packed = calloc((size_t)n + 1, width);
    if (!packed)
        return gk_error("cannot write attribute '%s' of '%s' in %s: out of memory", name, path, file->label);
    for (int i = 0; i < n; i++)
        memcpy(packed + (size_t)i * width, values[i], strlen(values[i]));
    hsize_t dim = (hsize_t)n;
    hid_t   type = gk_h5_text_type(width), space = H5Screate_simple(1, &dim, NULL);
    int     status = set(file, path, name, type, type, space, packed);
    gk_h5_drop(file, space);
    gk_h5_drop(file, type);
    free(packed);
    return status;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

typedef struct opened {
    hid_t      object, id, type;
    gk_h5_kind kind;
    size_t     element_bytes;
    int64_t    n;              /* elements */
} opened;

static void opened_close(opened *attribute)
{
    gk_h5_drop(NULL, attribute->type);
    gk_h5_drop(NULL, attribute->id);
    gk_h5_drop(NULL, attribute->object);
}

static gk_h5_kind kind_of(hid_t type, int n_dim)
{
    H5T_class_t class = H5Tget_class(type);

    if (class == H5T_STRING)
        return H5Tis_variable_str(type) != 0 || H5Tget_size(type) > GK_H5_MAX_TEXT ? GK_H5_OTHER
               : n_dim == 0                                                        ? GK_H5_TEXT
                                                                                   : GK_H5_TEXTS;
    if (n_dim != 0)
        return GK_H5_OTHER;
    if (class == H5T_ENUM && H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2)
        return GK_H5_BOOL;
    int known = gk_h5_dtype_of(type);
    return known < 0 ? GK_H5_OTHER : known == GK_F32 || known == GK_F64 ? GK_H5_REAL : GK_H5_INT;
}

/* -1 with gk_error if there is no such attribute, or it is larger than the file. */
static int open_attribute(gk_h5 *file, const char *path, const char *name, opened *out)
{
    hid_t space = H5I_INVALID_HID;
    int   n_dim = -1;

    *out = (opened){ H5I_INVALID_HID, H5I_INVALID_HID, H5I_INVALID_HID, GK_H5_OTHER, 0, 0 };
    if (!gk_h5_find(file, path))
        return gk_error("no '%s' in %s", path, file->label);
    out->object = H5Oopen(file->id, path, H5P_DEFAULT);
    if (out->object >= 0 && H5Aexists(out->object, name) <= 0) {
        opened_close(out);
        return gk_error("'%s' in %s has no attribute '%s'", path, file->label, name);
    }
    if (out->object >= 0)
        out->id = H5Aopen(out->object, name, H5P_DEFAULT);
    if (out->id >= 0) {
        out->type = H5Aget_type(out->id);
        space = H5Aget_space(out->id);
    }
    if (out->type >= 0 && space >= 0) {
        n_dim = H5Sget_simple_extent_ndims(space);
        out->n = H5Sget_simple_extent_npoints(space);
        out->element_bytes = H5Tget_size(out->type);
        out->kind = kind_of(out->type, n_dim);
    }
    gk_h5_drop(file, space);
    int64_t room = file->n_bytes > 0 ? file->n_bytes : GK_H5_MAX_BYTES;    /* 0: the file is being written */
    if (n_dim < 0 || out->element_bytes == 0 || out->n < 0 || (hsize_t)out->n > (hsize_t)room / out->element_bytes) {
        opened_close(out);
        return gk_error("cannot read attribute '%s' of '%s' in %s", name, path, file->label);
    }
    return 0;
}

/* Read a scalar of this kind into value. */
static int get(gk_h5 *file, const char *path, const char *name, gk_h5_kind kind, const char *kind_name, hid_t memory, void *value)
{
    opened attribute;
    int    status = 0;

    if (open_attribute(file, path, name, &attribute) < 0)
        return -1;
    if (attribute.kind != kind)
        status = gk_error("attribute '%s' of '%s' in %s is not %s", name, path, file->label, kind_name);
    else if (H5Aread(attribute.id, memory >= 0 ? memory : attribute.type, value) < 0)
        status = gk_error("cannot read attribute '%s' of '%s' in %s", name, path, file->label);
    opened_close(&attribute);
    return status;
}

int gk_h5_get_int(gk_h5 *file, const char *path, const char *name, int64_t *value)
{
    return get(file, path, name, GK_H5_INT, "a whole number", H5T_NATIVE_INT64, value);
}

int gk_h5_get_real(gk_h5 *file, const char *path, const char *name, double *value)
{
    return get(file, path, name, GK_H5_REAL, "a real number", H5T_NATIVE_DOUBLE, value);
}

int gk_h5_get_bool(gk_h5 *file, const char *path, const char *name, bool *value)
{
    signed char stored = 0;    /* kind_of has checked that one byte is enough */

    if (get(file, path, name, GK_H5_BOOL, "true or false", H5I_INVALID_HID, &stored) < 0)
        return -1;
    *value = stored != 0;
    return 0;
}

/* All texts of an attribute, each ended by NUL. */
static const char **read_texts(gk_h5 *file, const char *path, const char *name, const opened *attribute, gk_arena *arena)
{
    size_t  width = attribute->element_bytes + 1, n = (size_t)attribute->n;
    hid_t   type = gk_h5_text_type(width);
    char   *packed = gk_arena_alloc(arena, n * width + 1);
    const char **values = gk_arena_alloc(arena, (n + 1) * sizeof *values);

    /* the character set must agree with the file's, or HDF5 refuses to convert */
    if (type >= 0 && H5Tset_cset(type, H5Tget_cset(attribute->type)) >= 0 &&
        (n == 0 || H5Aread(attribute->id, type, packed) >= 0)) {
        for (size_t i = 0; i < n; i++)
            values[i] = packed + i * width;
    } else {
        values = NULL;
        gk_error("cannot read attribute '%s' of '%s' in %s", name, path, file->label);
    }
    gk_h5_drop(file, type);
    return values;
}

const char *gk_h5_get_text(gk_h5 *file, const char *path, const char *name, gk_arena *arena)
{
    opened       attribute;
    const char **values = NULL;

    if (open_attribute(file, path, name, &attribute) < 0)
        return NULL;
    if (attribute.kind != GK_H5_TEXT || attribute.n != 1)
        gk_error("attribute '%s' of '%s' in %s is not a text of fixed length, of at most %d bytes", name, path, file->label,
                 GK_H5_MAX_TEXT);
    else
        values = read_texts(file, path, name, &attribute, arena);
    opened_close(&attribute);
    return values ? values[0] : NULL;
}

const char **gk_h5_get_texts(gk_h5 *file, const char *path, const char *name, gk_arena *arena, int *n)
{
    opened       attribute;
    const char **values = NULL;

    if (open_attribute(file, path, name, &attribute) < 0)
        return NULL;
    if (attribute.kind != GK_H5_TEXTS || attribute.n > INT32_MAX)
        gk_error("attribute '%s' of '%s' in %s is not a list of texts of fixed length", name, path, file->label);
    else
        values = read_texts(file, path, name, &attribute, arena);
    *n = (int)attribute.n;
    opened_close(&attribute);
    return values;
}

bool gk_h5_has(gk_h5 *file, const char *path, const char *name)
{
    hid_t object = gk_h5_find(file, path) ? H5Oopen(file->id, path, H5P_DEFAULT) : H5I_INVALID_HID;
    bool  has = object >= 0 && H5Aexists(object, name) > 0;

    gk_h5_drop(file, object);
    return has;
}

gk_h5_kind gk_h5_attribute_kind(gk_h5 *file, const char *path, const char *name)
{
    opened attribute;

    if (!gk_h5_has(file, path, name) || open_attribute(file, path, name, &attribute) < 0)
        return GK_H5_OTHER;
    opened_close(&attribute);
    return attribute.kind;
}

static const char *real_text(double value, gk_arena *arena)
{
    char text[64];

    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return gk_arena_strdup(arena, text);
}

static const char *joined(const char **values, int n, gk_arena *arena)
{
    size_t n_bytes = 1, at = 0;

    for (int i = 0; i < n; i++)
        n_bytes += strlen(values[i]) + 1;
    char *text = gk_arena_alloc(arena, n_bytes);
    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, n_bytes - at, "%s%s", i ? "," : "", values[i]);
    return text;
}

const char *gk_h5_get_any(gk_h5 *file, const char *path, const char *name, gk_arena *arena)
{
    int64_t integer = 0;
    double  real = 0;
    bool    truth = false;
    int     n = 0;

    switch (gk_h5_attribute_kind(file, path, name)) {
    case GK_H5_BOOL:
        return gk_h5_get_bool(file, path, name, &truth) < 0 ? NULL : truth ? "yes" : "no";
    case GK_H5_INT:
        return gk_h5_get_int(file, path, name, &integer) < 0 ? NULL : gk_arena_printf(arena, "%lld", (long long)integer);
    case GK_H5_REAL:
        return gk_h5_get_real(file, path, name, &real) < 0 ? NULL : real_text(real, arena);
    case GK_H5_TEXT:
        return gk_h5_get_text(file, path, name, arena);
    case GK_H5_TEXTS: {
        const char **values = gk_h5_get_texts(file, path, name, arena, &n);
        return values ? joined(values, n, arena) : NULL;
    }
    case GK_H5_OTHER:
        break;
    }
    gk_error("cannot read attribute '%s' of '%s' in %s as text", name, path, file->label);
    return NULL;
}

int gk_h5_n_attribute(gk_h5 *file, const char *path)
{
    gk_h5_object_info info;

    if (!gk_h5_find(file, path) || GK_H5_GET_OBJECT_INFO(file->id, path, &info, H5O_INFO_NUM_ATTRS, H5P_DEFAULT) < 0)
        return 0;
    return info.num_attrs < INT32_MAX ? (int)info.num_attrs : INT32_MAX;
}

const char *gk_h5_attribute_name(gk_h5 *file, const char *path, int index, gk_arena *arena)
{
    H5_index_t by = H5_INDEX_CRT_ORDER;
    ssize_t    n = H5Aget_name_by_idx(file->id, path, by, H5_ITER_INC, (hsize_t)index, NULL, 0, H5P_DEFAULT);

    if (n < 0) {
        by = H5_INDEX_NAME;
        n = H5Aget_name_by_idx(file->id, path, by, H5_ITER_INC, (hsize_t)index, NULL, 0, H5P_DEFAULT);
    }
    char *name = n < 0 || n > GK_H5_MAX_TEXT ? NULL : gk_arena_alloc(arena, (size_t)n + 1);
    if (!name ||
        H5Aget_name_by_idx(file->id, path, by, H5_ITER_INC, (hsize_t)index, name, (size_t)n + 1, H5P_DEFAULT) != n) {
        gk_error("cannot list the attributes of '%s' in %s", path, file->label);
        return NULL;
    }
    return name;
}
