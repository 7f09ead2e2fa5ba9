/* tsv.c -- read a table of tab-separated values into a frame.  The text is kept whole; cells point into it. */
#include "table/tsv.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct tsv_text { char *data; size_t n_byte, capacity; } tsv_text;

static int grow(tsv_text *text, const char *path)
{
    size_t wanted = text->capacity ? text->capacity * 2 : 65536;
    char *data;

    if (text->n_byte + 1 < text->capacity)
        return 0;
    if (text->n_byte >= GK_TSV_MAX_BYTES)
        return gk_error("cannot read '%s': larger than %zu bytes", path, GK_TSV_MAX_BYTES);
    if (!(data = realloc(text->data, wanted)))
        return gk_error("cannot read '%s': out of memory at %zu bytes", path, wanted);
    text->data = data;
    text->capacity = wanted;
    return 0;
}

/* All of a file, with a NUL behind it. */
static int read_all(const char *path, tsv_text *text)
{
    int file = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int status = -1;
    ssize_t n_read = 1;

    if (file < 0)
        return gk_error("cannot open '%s': %s", path, strerror(errno));
    while (n_read > 0) {
        if (grow(text, path) < 0)
            goto done;
        n_read = read(file, text->data + text->n_byte, text->capacity - text->n_byte - 1);
        if (n_read < 0 && errno == EINTR)
            n_read = 1;
        else if (n_read > 0)
            text->n_byte += (size_t)n_read;
    }
    if (n_read < 0) {
        gk_error("cannot read '%s': %s", path, strerror(errno));
        goto done;
    }
    text->data[text->n_byte] = '\0';
    status = 0;
done:
    if (file != STDIN_FILENO)
        close(file);
    return status;
}

/* --- lines and cells --------------------------------------------------------------------------------------------- */

/* The next line of *rest, ended by NUL in place, or NULL at the end. */
static char *next_line(char **rest, const char *end)
{
    char *line = *rest;
    char *stop;

    if (line >= end)
        return NULL;
    stop = memchr(line, '\n', (size_t)(end - line));
    *rest = stop ? stop + 1 : (char *)end;
    if (!stop)
        stop = (char *)end;
    *stop = '\0';
    if (stop > line && stop[-1] == '\r')
        stop[-1] = '\0';
    return line;
}

static int count_cells(const char *line)
{
    int n = 1;

    for (; *line; line++)
        n += *line == '\t';
    return n;
}

/* The next cell of *rest, ended by NUL in place; NULL after the last. */
static char *next_cell(char **rest)
{
    char *cell = *rest;
    char *stop;

    if (!cell)
        return NULL;
    stop = strchr(cell, '\t');
    *rest = stop ? stop + 1 : NULL;
    if (stop)
        *stop = '\0';
    return cell;
}

static int parse_header(gk_frame *frame, char *line)
{
    int n_column = count_cells(line);

    if (n_column > GK_TSV_MAX_COLUMN)
        return gk_error("cannot read '%s': %d columns, at most %d are read", frame->path, n_column, GK_TSV_MAX_COLUMN);
    frame->column = calloc((size_t)n_column, sizeof *frame->column);
    if (!frame->column)
        return gk_error("cannot read '%s': out of memory", frame->path);
    for (char *name; (name = next_cell(&line));) {
        char *unit = strchr(name, ':');
        if (unit && unit > name)
            *unit++ = '\0';
        else
            unit = NULL;
        if (!*name)
            return gk_error("cannot read '%s': column %d has no name", frame->path, frame->n_column + 1);
        if (gk_frame_find(frame, name) >= 0)
            return gk_error("cannot read '%s': two columns are named '%.100s'", frame->path, name);
        frame->column[frame->n_column].name = name;
        frame->column[frame->n_column++].unit = unit ? unit : "";
    }
    return 0;
}

/* At most so many rows: lines, and no more than there are bytes for, so that memory stays in proportion to the file. */
static int64_t bound_rows(const char *rest, const char *end, int n_column)
{
    int64_t n_line = 0, n_full = (end - rest) / n_column + 1;

    for (const char *at = rest; at < end; n_line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        at = stop ? stop + 1 : end;
    }
    return n_line < n_full ? n_line : n_full;
}

static int parse_rows(gk_frame *frame, char *rest, const char *end, int64_t line_number)
{
    int64_t n_row = bound_rows(rest, end, frame->n_column);
    char *line;

    for (int c = 0; c < frame->n_column; c++)
        if (!(frame->column[c].text = gk_alloc_large(((size_t)n_row + 1) * sizeof(char *), "cells of a table")))
            return -1;
    while ((line = next_line(&rest, end))) {
        int n_cell = count_cells(line), c = 0;
        line_number++;
        if (!*line && (frame->n_column > 1 || rest >= end))
            continue;
        if (n_cell != frame->n_column)
            return gk_error("cannot read '%s': line %lld has %d cells, the header has %d", frame->path,
                            (long long)line_number, n_cell, frame->n_column);
        for (char *cell; (cell = next_cell(&line));)
            frame->column[c++].text[frame->n_row] = cell;
        frame->n_row++;
    }
    return 0;
}

/* --- numbers ----------------------------------------------------------------------------------------------------- */

static bool parse_number(const char *text, double *out)
{
    char *end;

    if (!*text) {
        *out = NAN;
        return true;
    }
    if (isspace((unsigned char)*text))
        return false;
    *out = strtod(text, &end);
    return *end == '\0';
}

/* Turn a column into numbers if all its cells are. */
static int convert(gk_frame_column *column, int64_t n_row)
{
    double number;

    for (int64_t row = 0; row < n_row; row++)
        if (!parse_number(column->text[row], &number))
            return 0;
    column->value = gk_alloc_large(((size_t)n_row + 1) * sizeof *column->value, "numbers of a table");
    if (!column->value)
        return -1;
    for (int64_t row = 0; row < n_row; row++)
        (void)parse_number(column->text[row], &column->value[row]);
    free(column->text);
    column->text = NULL;
    return 0;
}

static int parse(gk_frame *frame, const tsv_text *text)
{
    char *rest = text->data, *line;
    const char *end = text->data + text->n_byte;
    int64_t line_number = 0;

    gk_assert(text->data);
    if (memchr(text->data, '\0', text->n_byte))
        return gk_error("cannot read '%s': it is neither a checkpoint nor text (it has NUL bytes)", frame->path);
    do {
        line = next_line(&rest, end);
        line_number++;
    } while (line && (*line == '#' || !*line));
    if (!line)
        return gk_error("cannot read '%s': no header line, the table is empty", frame->path);
    if (parse_header(frame, line) < 0 || parse_rows(frame, rest, end, line_number) < 0)
        return -1;
    for (int c = 0; c < frame->n_column; c++)
        if (convert(&frame->column[c], frame->n_row) < 0)
            return -1;
    return 0;
}

gk_frame *gk_tsv_read(const char *path)
{
    gk_frame *frame = calloc(1, sizeof *frame);
    tsv_text text = { 0 };

    if (!frame) {
        gk_error("cannot read '%s': out of memory", path);
        return NULL;
    }
    frame->path = gk_arena_strdup(&frame->arena, path);
    if (read_all(path, &text) < 0) {
        free(text.data);
        gk_frame_free(frame);
        return NULL;
    }
    frame->buffer = text.data;
    if (parse(frame, &text) < 0) {
        gk_frame_free(frame);
        return NULL;
    }
    return frame;
}
