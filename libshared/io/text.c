/* text.c -- see text.h. */
#include "io/text.h"

#include <stdlib.h>
#include <string.h>
#include "io/gunzip.h"

typedef struct buffer { char *data; size_t n_byte, capacity; } buffer;

static int grow(buffer *to, const char *path)
{
    size_t wanted = to->capacity ? to->capacity * 2 : 65536;
    char *data;

    if (to->n_byte + 1 < to->capacity)
        return 0;
    if (to->n_byte >= GK_TEXT_MAX_BYTES)
        return gk_error("cannot read '%s': larger than %zu bytes", path, GK_TEXT_MAX_BYTES);
    if (!(data = realloc(to->data, wanted)))
        return gk_error("cannot read '%s': out of memory at %zu bytes", path, wanted);
    to->data = data;
    to->capacity = wanted;
    return 0;
}

/* All of a file, with a NUL behind it. */
static int read_all(const char *path, const char *name, buffer *to)
{
    gk_gunzip *from = gk_gunzip_open_as(path, name);
    int64_t n_read = from ? 1 : -1;

    while (n_read > 0) {
        n_read = grow(to, name) < 0 ? -1
                                    : gk_gunzip_read(from, to->data + to->n_byte, (int64_t)(to->capacity - to->n_byte - 1));
        to->n_byte += n_read > 0 ? (size_t)n_read : 0;
    }
    gk_assert(n_read < 0 || to->data);
    if (n_read == 0)
        to->data[to->n_byte] = '\0';
    gk_gunzip_close(from);
    return (int)n_read;
}

/* CR LF and CR become LF, in place; the length that is left. */
static size_t unify_lines(char *data, size_t n_byte)
{
    char *from = memchr(data, '\r', n_byte), *to = from, *end = data + n_byte;

    if (!from)
        return n_byte;
    for (; from < end; from++)
        if (*from != '\r')
            *to++ = *from;
        else if (from + 1 == end || from[1] != '\n')
            *to++ = '\n';
    *to = '\0';
    return (size_t)(to - data);
}

static int check(const char *path, const buffer *found)
{
    static const char hdf5[] = "\211HDF\r\n\032\n";
    const unsigned char *start = (const unsigned char *)found->data;
    if (found->n_byte >= 2 && ((start[0] == 0xff && start[1] == 0xfe) || (start[0] == 0xfe && start[1] == 0xff)))
        return gk_error("cannot read '%s': it is UTF-16, expected UTF-8 or ASCII", path);
    if (found->n_byte >= sizeof hdf5 - 1 && memcmp(start, hdf5, sizeof hdf5 - 1) == 0)
        return gk_error("cannot read '%s': it is a checkpoint or a dataset, expected a text or table: grok-log and grok-detect "
                        "print tables of a checkpoint", path);
    if (found->n_byte > 0 && memchr(found->data, '\0', found->n_byte))
        return gk_error("cannot read '%s': it is no text (it has NUL bytes)", path);
    return 0;
}

int gk_text_read_as(const char *path, const char *name, gk_text *out)
{
    buffer found = { 0 };
    size_t mark;

    *out = (gk_text){ 0 };
    if (read_all(path, name, &found) < 0 || check(name, &found) < 0) {
        free(found.data);
        return -1;
    }
    gk_assert(found.data);
    mark = found.n_byte >= 3 && memcmp(found.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    memmove(found.data, found.data + mark, found.n_byte - mark + 1);
    *out = (gk_text){ .data = found.data, .n_byte = unify_lines(found.data, found.n_byte - mark), .rest = found.data };
    return 0;
}

int gk_text_read(const char *path, gk_text *out)
{
    return gk_text_read_as(path, path, out);
}

char *gk_text_line(gk_text *text)
{
    char *line = text->rest, *end = text->data + text->n_byte, *stop;

    if (line >= end)
        return NULL;
    stop = memchr(line, '\n', (size_t)(end - line));
    text->rest = stop ? stop + 1 : end;
    *(stop ? stop : end) = '\0';
    text->line++;
    return line;
}

bool gk_text_join(gk_text *text)
{
    if (text->line == 0 || text->rest >= text->data + text->n_byte)
        return false;
    text->rest[-1] = '\n';
    (void)gk_text_line(text);
    return true;
}

char *gk_text_trim(char *line)
{
    line += strspn(line, " \t");
    for (size_t n = strlen(line); n > 0 && (line[n - 1] == ' ' || line[n - 1] == '\t'); n--)
        line[n - 1] = '\0';
    return line;
}
