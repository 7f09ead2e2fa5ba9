/* safetensors.c -- 8 bytes: the length of the header; the header, JSON: for every tensor its type, shape and where its bytes are;
 * the bytes of all of them. */
#include "io/tensors_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/json.h"

enum { LENGTH_BYTES = 8, ALIGNMENT = 8, MAX_HEADER = 100000000 };    /* the last is the format's own limit */

/* --- reading ------------------------------------------------------------------------------------------------------------ */

typedef struct reader {
    gk_tensors *tensors;
    const char *path;
    gk_bytes    data;         /* behind the header */
    char       *begin, *at;
} reader;

static int wrong(const reader *r, const char *expected)
{
    return gk_error("the header of '%s' is damaged at byte %td: expected %s at '%.20s'", r->path,
                    LENGTH_BYTES + (r->at - r->begin), expected, r->at);
}

/* Is this the next sign?  Then it is behind us. */
static bool take(reader *r, char sign)
{
    r->at += strspn(r->at, " \t\r\n");
    if (*r->at != sign)
        return false;
    r->at++;
    return true;
}

/* A text that is followed by `sign`; NULL with gk_error. */
static char *take_text(reader *r, char sign)
{
    char *end, *text = take(r, '"') ? gk_json_text(r->at - 1, &end) : NULL;
    if (text) {
        r->at = end;
        if (sign == '\0' || take(r, sign))
            return text;
    }
    wrong(r, sign == ':' ? "a name and ':'" : "a text");
    return NULL;
}

/* [1, 2, ...]: how many numbers, -1 with gk_error. */
static int take_numbers(reader *r, int n_most, int64_t *number)
{
    int n = 0;
    if (!take(r, '['))
        return wrong(r, "'['");
    if (take(r, ']'))
        return 0;
    do {
        r->at += strspn(r->at, " \t\r\n");
        size_t n_digit = strspn(r->at, "0123456789");
        if (n_digit < 1 || n_digit > 18 || n == n_most)
            return wrong(r, n == n_most ? "no further number" : "a whole number");
        number[n++] = strtoll(r->at, &r->at, 10);
    } while (take(r, ','));
    return take(r, ']') ? n : wrong(r, "']'");
}

/* One member of a tensor's object. */
static int read_member(reader *r, gk_tensor *tensor, int64_t *offset, unsigned *seen)
{
    const char *key = take_text(r, ':');
    if (!key)
        return -1;
    if (strcmp(key, "dtype") == 0) {
        const char *type = take_text(r, '\0');
        if (!type)
            return -1;
        tensor->type = GK_TENSOR_TYPE_BY(safetensors, type);
        *seen |= 1;
        return tensor->type < GK_N_TENSOR_TYPE ? 0 :
            gk_error("tensor '%s' of '%s' is of type '%.20s', which is not known here", tensor->name, r->path, type);
    }
    if (strcmp(key, "shape") == 0) {
        *seen |= 2;
        return (tensor->n_dim = take_numbers(r, GK_H5_MAX_DIM, tensor->dim)) < 0 ? -1 : 0;
    }
    if (strcmp(key, "data_offsets") != 0)
        return gk_error("tensor '%s' of '%s' has an entry '%.40s': expected dtype, shape and data_offsets", tensor->name, r->path,
                        key);
    *seen |= 4;
    int n = take_numbers(r, 2, offset);
    return n == 2 ? 0 : n < 0 ? -1 : wrong(r, "two offsets");
}

static int read_tensor(reader *r, const char *name)
{
    gk_tensor tensor = { .name = name };
    int64_t   offset[2] = { 0 };
    unsigned  seen = 0;
    if (!take(r, '{'))
        return wrong(r, "'{'");
    do {
        if (read_member(r, &tensor, offset, &seen) < 0)
            return -1;
    } while (take(r, ','));
    if (!take(r, '}'))
        return wrong(r, "',' or '}'");
    if (seen != 7)
        return gk_error("tensor '%s' of '%s' lacks its dtype, shape or data_offsets", name, r->path);
    if (offset[0] > offset[1] || (uint64_t)offset[1] > r->data.n)
        return gk_error("tensor '%s' of '%s' is at bytes %" PRId64 " to %" PRId64 ", and there are %zu: is it truncated?", name,
                        r->path, offset[0], offset[1], r->data.n);
    tensor.data = r->data.at + offset[0];
    if (gk_tensors_add(r->tensors, r->path, tensor) < 0)
        return -1;
    const gk_tensor *added = &r->tensors->tensor[r->tensors->n_tensor - 1];
    if ((int64_t)gk_tensor_traits_of[added->type].n_byte * added->size != offset[1] - offset[0])
        return gk_error("tensor '%s' of '%s' has %" PRId64 " bytes, its type and shape ask for %" PRId64, name, r->path,
                        offset[1] - offset[0], (int64_t)gk_tensor_traits_of[added->type].n_byte * added->size);
    return 0;
}

static int read_notes(reader *r)
{
    gk_tensors *tensors = r->tensors;
    if (!take(r, '{'))
        return wrong(r, "'{'");
    if (take(r, '}'))
        return 0;
    size_t n_most = 1;
    for (const char *c = r->at; *c && *c != '}'; c++)
        n_most += *c == ':';
    tensors->note = gk_arena_alloc(&tensors->arena, n_most * sizeof *tensors->note);
    tensors->n_note = 0;
    do {
        gk_note note = { .key = take_text(r, ':') };
        if (!note.key || !(note.text = take_text(r, '\0')))
            return -1;
        if ((size_t)tensors->n_note < n_most)    /* a '}' in a text: what is behind it is left out */
            tensors->note[tensors->n_note++] = note;
    } while (take(r, ','));
    return take(r, '}') ? 0 : wrong(r, "',' or '}'");
}

static int read_header(reader *r)
{
    if (!take(r, '{'))
        return wrong(r, "'{'");
    if (take(r, '}'))
        return 0;
    do {
        const char *name = take_text(r, ':');
        if (!name || (strcmp(name, "__metadata__") == 0 ? read_notes(r) : read_tensor(r, name)) < 0)
            return -1;
    } while (take(r, ','));
    return take(r, '}') && !r->at[strspn(r->at, " \t\r\n")] ? 0 : wrong(r, "the end");
}

int gk_safetensors_read(gk_tensors *tensors, const gk_bytes *file)
{
    uint64_t n = file->n < LENGTH_BYTES ? UINT64_MAX : gk_unsigned_at(file->at, LENGTH_BYTES);
    if (n > MAX_HEADER || n > file->n - LENGTH_BYTES)
        return gk_error("'%s' is truncated, or no safetensors file: its header should have %" PRIu64 " bytes", file->path, n);
    char *header = gk_tensors_buffer(tensors, (size_t)n + 1, "a header");
    if (!header)
        return -1;
    memcpy(header, file->at + LENGTH_BYTES, (size_t)n);
    reader r = { .tensors = tensors, .path = file->path, .begin = header, .at = header,
                 .data = { file->path, file->at + LENGTH_BYTES + n, file->n - LENGTH_BYTES - (size_t)n } };
    if (memchr(header, '\0', (size_t)n))
        return gk_error("the header of '%s' is damaged: it holds a NUL byte", file->path);
    return read_header(&r);
}

/* --- writing ------------------------------------------------------------------------------------------------------------ */

static const char *entry_text(gk_arena *arena, const gk_tensor *tensor, int64_t begin, int64_t end)
{
    const char *shape = "";
    for (int i = 0; i < tensor->n_dim; i++)
        shape = gk_arena_printf(arena, "%s%s%" PRId64, shape, i > 0 ? "," : "", tensor->dim[i]);
    return gk_arena_printf(arena, "%s:{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%" PRId64 ",%" PRId64 "]}",
                           gk_json_quoted(arena, tensor->name), gk_tensor_traits_of[tensor->type].safetensors, shape, begin, end);
}

static int put_text(FILE *header, const char *separator, const char *text)
{
    return fprintf(header, "%s%s", separator, text) < 0 ? -1 : 0;
}

static int put_header(FILE *header, gk_arena *arena, const gk_tensors *tensors)
{
    int64_t     at = 0;
    const char *separator = "{";
    int         status = 0;
    if (tensors->n_note > 0)
        status |= put_text(header, "{", "\"__metadata__\":");
    for (int i = 0; i < tensors->n_note; i++, separator = ",")
        status |= put_text(header, separator, gk_arena_printf(arena, "%s:%s", gk_json_quoted(arena, tensors->note[i].key),
                                                              gk_json_quoted(arena, tensors->note[i].text)));
    if (tensors->n_note > 0)
        status |= put_text(header, "", "}");
    for (int i = 0; i < tensors->n_tensor; i++, separator = ",") {
        const gk_tensor *tensor = &tensors->tensor[i];
        int64_t n_byte = tensor->size * (int64_t)gk_tensor_traits_of[tensor->type].n_byte;
        status |= put_text(header, separator, entry_text(arena, tensor, at, at + n_byte));
        at += n_byte;
    }
    return status | put_text(header, tensors->n_tensor + tensors->n_note > 0 ? "" : "{", "}");
}

int gk_safetensors_write(const gk_tensors *tensors, gk_outfile *output)
{
    gk_arena arena = { 0 };
    char    *text = NULL;
    size_t   n = 0;
    uint8_t  length[LENGTH_BYTES];
    FILE    *header = open_memstream(&text, &n);
    int      status = header ? put_header(header, &arena, tensors) : -1;
    if (header) {
        while (status == 0 && ftell(header) % ALIGNMENT != 0)
            status = put_text(header, "", " ");
        status |= fclose(header);
    }
    if (status != 0) {
        gk_error("out of memory for the header of %s", gk_outfile_label(output));
        status = -1;
    } else {
        gk_put_unsigned(length, LENGTH_BYTES, n);
        status = gk_outfile_write(output, length, sizeof length) < 0 ? -1 : gk_outfile_write(output, text, n);
    }
    for (int i = 0; i < tensors->n_tensor && status == 0; i++)
        status = gk_outfile_write(output, tensors->tensor[i].data,
                                  (size_t)tensors->tensor[i].size * gk_tensor_traits_of[tensors->tensor[i].type].n_byte);
    free(text);
    gk_arena_release(&arena);
    return status;
}
