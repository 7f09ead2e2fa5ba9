/* npz.c -- NumPy's files: .npy, a header that is a Python dictionary and the elements behind it; .npz, a zip of them.
 * A zip with a pickle in it is PyTorch's. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "io/zip.h"

enum { MAGIC = 6, ALIGNMENT = 64 };

/* --- reading .npy ------------------------------------------------------------------------------------------------------- */

/* What stands behind 'key': in a header such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }; NULL: nothing. */
static const char *value_of(const char *header, const char *key)
{
    char quoted[32];
    snprintf(quoted, sizeof quoted, "'%s':", key);
    const char *at = strstr(header, quoted);
    return at ? at + strlen(quoted) + strspn(at + strlen(quoted), " ") : NULL;
}

/* (3, 4), (3,) or (): how many; -1: damaged. */
static int read_shape(const char *at, int64_t *dim)
{
    int n = 0;
    if (!at || *at++ != '(')
        return -1;
    for (;;) {
        at += strspn(at, " ");
        if (*at == ')')
            return n;
        size_t n_digit = strspn(at, "0123456789");
        if (n_digit < 1 || n_digit > 18 || n == GK_H5_MAX_DIM)
            return -1;
        char *end;
        dim[n++] = strtoll(at, &end, 10);
        at = end + strspn(end, "L ");    /* 3L: Python 2 */
        if (*at == ',')
            at++;
        else if (*at != ')')
            return -1;
    }
}

/* Elements in the order of Fortran, first index fastest, to row-major. */
static int reorder(gk_tensors *tensors, gk_tensor *tensor)
{
    size_t   n_byte = gk_tensor_traits_of[tensor->type].n_byte;
    uint8_t *to = gk_tensors_buffer(tensors, (size_t)tensor->size * n_byte, tensor->name);
    int64_t  index[GK_H5_MAX_DIM] = { 0 };
    if (!to)
        return -1;
    for (int64_t i = 0; i < tensor->size; i++) {
        int64_t from = 0;
        for (int d = tensor->n_dim - 1; d >= 0; d--)
            from = from * tensor->dim[d] + index[d];
        memcpy(to + (size_t)i * n_byte, (const uint8_t *)tensor->data + (size_t)from * n_byte, n_byte);
        for (int d = tensor->n_dim - 1; d >= 0 && ++index[d] == tensor->dim[d]; d--)
            index[d] = 0;
    }
    tensor->data = to;
    return 0;
}

/* How much of what stands behind 'descr': is the type: '<U1', or a list of fields. */
static int length_of_type(const char *at)
{
    const size_t most = 60, all = strlen(at), n = all > 0 ? 2 + strcspn(at + 1, *at == '\'' ? "'" : "]}") : 0;
    return (int)(n < most && n < all ? n : all < most ? all : most);
}

static int read_header(const char *path, const char *header, gk_tensor *tensor, bool *is_fortran)
{
    const char *type = value_of(header, "descr"), *fortran = value_of(header, "fortran_order");
    char        code[3] = "";
    if (!type || !fortran || (tensor->n_dim = read_shape(value_of(header, "shape"), tensor->dim)) < 0)
        return gk_error("the header of array '%s' of '%s' makes no sense: '%.80s'", tensor->name, path, header);
    if (*type == '\'' && strlen(type) > 4 && type[4] == '\'')
        snprintf(code, sizeof code, "%.2s", type + 2);
    tensor->type = GK_TENSOR_TYPE_BY(npy, code);
    if (tensor->type == GK_N_TENSOR_TYPE || !strchr("<|", type[1]))
        return gk_error("array '%s' of '%s' is of type %.*s: expected numbers of 1 to 8 bytes, low byte first, such as '<f4' or "
                        "'<i8'", tensor->name, path, length_of_type(type), type);
    *is_fortran = strncmp(fortran, "True", 4) == 0;
    return 0;
}

int gk_npy_read(gk_tensors *tensors, const char *name, const gk_bytes *file)
{
    gk_tensor tensor = { .name = name };
    bool      is_fortran = false, has_magic = file->n >= 12 && memcmp(file->at, "\x93NUMPY", MAGIC) == 0;
    int       n_length = has_magic && file->at[MAGIC] == 1 ? 2 : 4;
    size_t    at = MAGIC + 2 + (size_t)n_length, n = has_magic ? gk_unsigned_at(file->at + MAGIC + 2, n_length) : 0;
    if (!has_magic || file->at[MAGIC] < 1 || file->at[MAGIC] > 3 || n > file->n - at)
        return gk_error("array '%s' of '%s' is damaged: it does not begin as a .npy file does", name, file->path);
    const char *header = gk_arena_printf(&tensors->arena, "%.*s", (int)(n < 1 << 20 ? n : 1 << 20), (const char *)file->at + at);
    if (read_header(file->path, header, &tensor, &is_fortran) < 0)
        return -1;
    tensor.data = file->at + at + n;
    if (gk_tensors_add(tensors, file->path, tensor) < 0)
        return -1;
    gk_tensor *added = &tensors->tensor[tensors->n_tensor - 1];
    int64_t    n_byte = added->size * (int64_t)gk_tensor_traits_of[added->type].n_byte, n_there = (int64_t)(file->n - at - n);
    if (n_byte != n_there)
        return gk_error("array '%s' of '%s' has %" PRId64 " bytes, its header asks for %" PRId64, name, file->path, n_there,
                        n_byte);
    return is_fortran && added->n_dim > 1 ? reorder(tensors, added) : 0;
}

/* --- reading a zip ------------------------------------------------------------------------------------------------------ */

typedef struct archive { const gk_bytes *file; gk_tensors *tensors; int n; gk_zip_member *member; const char *folder; } archive;

static const gk_zip_member *find(const archive *zip, const char *name)
{
    for (int i = 0; i < zip->n; i++)
        if (strcmp(zip->member[i].name, name) == 0)
            return &zip->member[i];
    return NULL;
}

static gk_bytes storage(void *context, const char *key)
{
    const archive *zip = context;
    gk_bytes       none = { .path = zip->file->path }, bytes;
    const gk_zip_member *member = find(zip, gk_arena_printf(&zip->tensors->arena, "%sdata/%s", zip->folder, key));
    return member && gk_zip_member_read(zip->file, member, zip->tensors, &bytes) == 0 ? bytes : none;
}

/* "model/data.pkl" -> "model/"; NULL: it is something else. */
static const char *folder_of_pickle(gk_arena *arena, const char *name)
{
    const char *end = strstr(name, "data.pkl");
    return end && end[strlen("data.pkl")] == '\0' && (end == name || end[-1] == '/') ?
        gk_arena_printf(arena, "%.*s", (int)(end - name), name) : NULL;
}

static int read_pickle(archive *zip, const gk_zip_member *member)
{
    gk_bytes pickle, order;
    const gk_zip_member *byte_order = find(zip, gk_arena_printf(&zip->tensors->arena, "%sbyteorder", zip->folder));
    if (byte_order && (gk_zip_member_read(zip->file, byte_order, zip->tensors, &order) < 0 || order.n < 6 ||
                       memcmp(order.at, "little", 6) != 0))
        return gk_error("'%s' holds numbers with the high byte first, which is not read here", zip->file->path);
    if (gk_zip_member_read(zip->file, member, zip->tensors, &pickle) < 0)
        return -1;
    return gk_pickle_read(zip->tensors, &pickle, storage, zip);
}

/* "w.npy" -> "w" */
static const char *array_name(gk_arena *arena, const char *name)
{
    size_t n = strlen(name);
    return n > 4 && strcmp(name + n - 4, ".npy") == 0 ? gk_arena_printf(arena, "%.*s", (int)(n - 4), name) : NULL;
}

int gk_zip_read(gk_tensors *tensors, const gk_bytes *file)
{
    archive zip = { .file = file, .tensors = tensors };
    zip.n = gk_zip_list(file, &tensors->arena, &zip.member);
    for (int i = 0; i < zip.n; i++)
        if ((zip.folder = folder_of_pickle(&tensors->arena, zip.member[i].name)))
            return read_pickle(&zip, &zip.member[i]);
    for (int i = 0; i < zip.n; i++) {
        const char *name = array_name(&tensors->arena, zip.member[i].name);
        gk_bytes    bytes;
        if (!name)
            return gk_error("'%s' is a zip with '%s' in it: expected arrays (.npy), or what torch.save writes", file->path,
                            zip.member[i].name);
        if (gk_zip_member_read(file, &zip.member[i], tensors, &bytes) < 0 || gk_npy_read(tensors, name, &bytes) < 0)
            return -1;
    }
    return zip.n < 0 ? -1 : 0;
}

/* --- writing ------------------------------------------------------------------------------------------------------------ */

static gk_bytes npy_header(gk_arena *arena, const gk_tensor *tensor)
{
    const char *shape = "", *code = gk_tensor_traits_of[tensor->type].npy;
    for (int i = 0; i < tensor->n_dim; i++)
        shape = gk_arena_printf(arena, "%s%s%" PRId64 "%s", shape, i > 0 ? ", " : "", tensor->dim[i],
                                tensor->n_dim == 1 ? "," : "");
    const char *text = gk_arena_printf(arena, "{'descr': '%s%s', 'fortran_order': False, 'shape': (%s), }",
                                       code[1] == '1' ? "|" : "<", code, shape);
    size_t n_head = MAGIC + 4, n = n_head + strlen(text) + 1, n_all = (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    uint8_t *at = gk_arena_alloc(arena, n_all);
    gk_put_bytes(at, "\x93NUMPY\x01", MAGIC + 2);    /* and the zero behind it: version 1.0 */
    gk_put_unsigned(at + MAGIC + 2, 2, n_all - n_head);
    memset(at + n_head, ' ', n_all - n_head);
    gk_put_bytes(at + n_head, text, strlen(text));
    at[n_all - 1] = '\n';
    return (gk_bytes){ "", at, n_all };
}

int gk_npz_write(const gk_tensors *tensors, gk_outfile *output)
{
    gk_zip_writer zip = { .output = output };
    gk_arena      arena = { 0 };
    int           status = 0;
    for (int i = 0; i < tensors->n_tensor && status == 0; i++) {
        const gk_tensor        *tensor = &tensors->tensor[i];
        const gk_tensor_traits *traits = &gk_tensor_traits_of[tensor->type];
        if (!traits->npy)
            status = gk_error("tensor '%s' is of type %s, which npz has not", tensor->name, traits->safetensors);
        if (status == 0) {
            gk_bytes part[] = { npy_header(&arena, tensor), { "", tensor->data, (size_t)tensor->size * traits->n_byte } };
            status = gk_zip_put(&zip, gk_arena_printf(&arena, "%s.npy", tensor->name), 2, part);
        }
    }
    if (status == 0)
        status = gk_zip_end(&zip);
    gk_zip_release(&zip);
    gk_arena_release(&arena);
    return status;
}
