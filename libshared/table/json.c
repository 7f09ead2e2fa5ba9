/* json.c -- lines of JSON into a frame: flat objects, in place (RFC 8259, and Infinity and NaN as Python writes them). */
#include "table/json.h"

#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "table/tsv.h"

/* --- values ------------------------------------------------------------------------------------------------------ */

static char *skip(char *at)
{
    return at + strspn(at, " \t");
}

/* A value as a text in place, which its end, once it is read, must still close with NUL.  NULL: not one. */
static const char *read_value(char *at, char **end)
{
    static const struct { const char *word, *text; } words[] = {
        { "null", "" }, { "true", "true" }, { "false", "false" }, { "NaN", "nan" }, { "Infinity", "inf" },
        { "-Infinity", "-inf" },
    };
    if (*at == '"')
        return gk_json_text(at, end);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(at, words[i].word, strlen(words[i].word)) == 0) {
            *end = at + strlen(words[i].word);
            return words[i].text;
        }
    size_t n = strspn(at, "0123456789+-.eE");
    *end = at + n;
    return n > 0 && strchr("-0123456789", *at) ? at : NULL;
}

/* --- objects ------------------------------------------------------------------------------------------------------- */

/* Where a member goes: its name and text; -1 with gk_error. */
typedef int put_member(gk_frame *frame, const gk_text *text, char *name, const char *value);

static int wrong(const gk_frame *frame, const gk_text *text, const char *at)
{
    return gk_error("cannot read '%s': line %lld is no object of numbers and texts at '%.30s'", frame->path,
                    (long long)text->line, at);
}

static int read_object(gk_frame *frame, const gk_text *text, char *at, put_member *put)
{
    at = skip(at);
    if (*at != '{')
        return wrong(frame, text, at);
    at = skip(at + 1);
    for (char last = '{'; last != '}';) {
        char *end, *name = gk_json_text(at, &end), *colon = name ? skip(end) : at;
        const char *value = name && *colon == ':' ? read_value(skip(colon + 1), &end) : NULL;
        char *stop = value ? skip(end) : colon;
        if (!value || (*stop != ',' && *stop != '}'))
            return wrong(frame, text, stop);
        last = *stop;
        *end = '\0';
        if (put(frame, text, name, value) < 0)
            return -1;
        at = skip(stop + 1);
    }
    return *at ? wrong(frame, text, at) : 0;
}

static int put_column(gk_frame *frame, const gk_text *text, char *name, const char *value)
{
    (void)value;
    if (frame->n_column == GK_TSV_MAX_COLUMN)
        return gk_error("cannot read '%s': more than %d columns", frame->path, GK_TSV_MAX_COLUMN);
    if (!*name || gk_frame_find(frame, name) >= 0)
        return gk_error("cannot read '%s': line %lld has %s '%.100s'", frame->path, (long long)text->line,
                        *name ? "twice a key" : "an empty key", name);
    frame->column[frame->n_column++] = (gk_frame_column){ .name = gk_arena_strdup(&frame->arena, name), .unit = "" };
    return 0;
}

static int put_cell(gk_frame *frame, const gk_text *text, char *name, const char *value)
{
    int c = gk_frame_find(frame, name);
    if (c < 0)
        return gk_error("cannot read '%s': line %lld has a key '%.100s' that the first has not", frame->path,
                        (long long)text->line, name);
    if (frame->column[c].text[frame->n_row])
        return gk_error("cannot read '%s': line %lld has twice a key '%.100s'", frame->path, (long long)text->line, name);
    frame->column[c].text[frame->n_row] = value;
    return 0;
}

static int read_row(gk_frame *frame, const gk_text *text, char *line)
{
    if (read_object(frame, text, line, put_cell) < 0)
        return -1;
    for (int c = 0; c < frame->n_column; c++)
        if (!frame->column[c].text[frame->n_row])
            return gk_error("cannot read '%s': line %lld has no key '%s'", frame->path, (long long)text->line,
                            frame->column[c].name);
    frame->n_row++;
    return 0;
}

/* The keys of the first object.  It is read from a copy: in place it can be read only once. */
static int read_columns(gk_frame *frame, const gk_text *text, const char *line)
{
    char *copy = gk_arena_strdup(&frame->arena, line);
    frame->column = calloc(GK_TSV_MAX_COLUMN, sizeof *frame->column);
    if (!frame->column)
        return gk_error("cannot read '%s': out of memory", frame->path);
    return read_object(frame, text, copy, put_column);
}

int gk_json_read(gk_frame *frame, gk_text *text, char *line)
{
    int64_t n_most = 2;    /* every line has all keys: memory is in proportion to the file */
    for (const char *at = text->rest; at < text->data + text->n_byte; at++)
        n_most += *at == '\n';
    if (read_columns(frame, text, line) < 0)
        return -1;
    int64_t per_row = 5 * (int64_t)frame->n_column, n_full = (int64_t)text->n_byte / per_row + 1;
    n_most = n_most < n_full ? n_most : n_full;
    for (int c = 0; c < frame->n_column; c++)
        if (!(frame->column[c].text = gk_alloc_large(((size_t)n_most + 1) * sizeof(char *), "cells of a table")))
            return -1;
    for (; line; line = gk_text_line(text))
        if (*skip(line) && read_row(frame, text, line) < 0)
            return -1;
    return 0;
}
