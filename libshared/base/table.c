/* table.c -- tables as TSV or as lines of JSON. */
#include "base/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/outfile.h"
#include "base/json.h"
#include "base/text.h"

enum { BUFFER_BYTES = 1 << 16 };

struct gk_table {
    gk_outfile *out;
    bool       json;
    bool       in_file;           /* not standard output */
    bool       has_header;        /* the header line is written, or JSON, which has none */
    const char *failure;          /* message of the first write that failed; nothing is written any more */
    bool       is_terminal;       /* shows each row at once */
    int        n_column, n_cell, n_comment;
    char     **columns;
    char     **comments;          /* those that wait for the header */
    size_t     n_byte;            /* in buffer */
    gk_arena   arena;
    char       buffer[BUFFER_BYTES];
};

/* --- opening and closing ------------------------------------------------------------------------------------------ */

static void table_free(gk_table *table)
{
    free(table->columns);
    free(table->comments);
    gk_arena_release(&table->arena);
    free(table);
}

gk_table *gk_table_open(const char *path, bool json)
{
    gk_table *table = calloc(1, sizeof *table);
    if (!table)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    table->json = table->has_header = json;
    table->in_file = path && strcmp(path, "-") != 0;
    fflush(stdout);    /* what the tool printed comes first */
    table->out = gk_outfile_new(path ? path : "-", GK_OUTFILE_TABLE);
    if (!table->out) {
        table_free(table);
        return NULL;
    }
    table->is_terminal = gk_outfile_is_terminal(table->out);
    return table;
}

static void flush(gk_table *table)
{
    if (!table->failure && gk_outfile_write(table->out, table->buffer, table->n_byte) < 0)
        table->failure = gk_arena_strdup(&table->arena, gk_error_message());
    table->n_byte = 0;
}

static void put(gk_table *table, const char *text)
{
    for (size_t n = strlen(text), part; n > 0; n -= part, text += part) {
        if (table->n_byte == BUFFER_BYTES)
            flush(table);
        part = n < BUFFER_BYTES - table->n_byte ? n : BUFFER_BYTES - table->n_byte;
        memcpy(table->buffer + table->n_byte, text, part);
        table->n_byte += part;
    }
}

/* Without tabs, line ends and what else is not printable. */
static void put_flat_text(gk_table *table, const char *value)
{
    gk_character next;

    for (; (next = gk_text_character(value)).n_byte > 0; value += next.n_byte) {
        char piece[8] = " ";
        if (next.is_printable)
            memcpy(piece, value, (size_t)next.n_byte);
        put(table, piece);
    }
}

/* The same as a cell: in quotes where a reader would else take blanks or quotes for its own. */
static void put_cell_text(gk_table *table, const char *value)
{
    size_t n = strlen(value);
    if (n == 0 || (*value != '"' && *value != ' ' && value[n - 1] != ' ')) {
        put_flat_text(table, value);
        return;
    }
    put(table, "\"");
    for (const char *c = value; *c; c++) {
        char piece[3] = { (unsigned char)*c < 32 || *c == 127 ? ' ' : *c, *c == '"' ? '"' : '\0', '\0' };
        put(table, piece);
    }
    put(table, "\"");
}

static void put_comment(gk_table *table, const char *text)
{
    put(table, "# ");
    put_flat_text(table, text);
    put(table, "\n");
}

static void write_header(gk_table *table)
{
    if (table->has_header)
        return;
    table->has_header = true;
    for (int i = 0; i < table->n_comment; i++)
        put_comment(table, table->comments[i]);
    for (int column = 0; column < table->n_column; column++) {
        put(table, column ? "\t" : "");
        put_flat_text(table, table->columns[column]);
    }
    if (table->n_column)
        put(table, "\n");
}

int gk_table_close(gk_table *table)
{
    int status = -1;

    gk_assert(table->n_cell == 0);
    write_header(table);
    flush(table);
    if (table->failure) {
        gk_error("%s", table->failure);
        gk_outfile_discard(table->out);
    } else {
        status = gk_outfile_commit(table->out);
    }
    table_free(table);
    return status;
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

static void put_json_text(gk_table *table, const char *value)
{
    char piece[GK_JSON_PIECE];

    put(table, "\"");
    for (int n; (n = gk_json_piece(value, piece)) > 0; value += n)
        put(table, piece);
    put(table, "\"");
}

/* --- cells -------------------------------------------------------------------------------------------------------- */

static void append(gk_table *table, char ***list, int *n, const char *text)
{
    char **longer = realloc(*list, (size_t)(*n + 1) * sizeof *longer);
    if (!longer)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    longer[(*n)++] = gk_arena_strdup(&table->arena, text);
    *list = longer;
}

static void add_comment(gk_table *table, const char *format, va_list args)
{
    if (table->json)
        return;
    char *text = NULL;
    int length = vasprintf(&text, format, args);
    gk_assert(length >= 0);
    if (table->has_header)
        put_comment(table, text);
    else
        append(table, &table->comments, &table->n_comment, text);
    free(text);
}

void gk_table_comment(gk_table *table, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_comment(table, format, args);
    va_end(args);
}

void gk_table_provenance(gk_table *table, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (table->in_file)
        add_comment(table, format, args);
    va_end(args);
}

void gk_table_column(gk_table *table, const char *name)
{
    gk_assert(table->n_cell == 0 && (table->json || !table->has_header));
    append(table, &table->columns, &table->n_column, name);
}

int gk_table_count_named(const gk_table *table, const char *name)
{
    int count = 0;
    for (int column = 0; column < table->n_column; column++) {
        size_t n = strcspn(table->columns[column], ":");
        count += strlen(name) == n && strncmp(table->columns[column], name, n) == 0;
    }
    return count;
}

static void begin_cell(gk_table *table)
{
    gk_assert(table->n_cell < table->n_column);
    write_header(table);
    if (table->json) {
        put(table, table->n_cell ? ", " : "{");
        put_json_text(table, table->columns[table->n_cell]);
        put(table, ": ");
    } else if (table->n_cell) {
        put(table, "\t");
    }
    table->n_cell++;
}

void gk_table_int(gk_table *table, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    begin_cell(table);
    put(table, text);
}

void gk_table_real(gk_table *table, double value, int digits)
{
    char text[64];
    snprintf(text, sizeof text, "%.*g", digits < 1 || digits > 17 ? 17 : digits, value);
    begin_cell(table);
    if (!isfinite(value))
        snprintf(text, sizeof text, table->json ? "\"%s\"" : "%s", isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
    put(table, text);
}

void gk_table_text(gk_table *table, const char *value)
{
    if (!value) {
        gk_table_empty(table);
        return;
    }
    begin_cell(table);
    if (table->json)
        put_json_text(table, value);
    else
        put_cell_text(table, value);
}

void gk_table_empty(gk_table *table)
{
    begin_cell(table);
    put(table, table->json ? "null" : "");
}

void gk_table_end_row(gk_table *table)
{
    while (table->n_cell < table->n_column)
        gk_table_empty(table);
    put(table, table->json ? "}\n" : "\n");
    table->n_cell = 0;
    if (table->is_terminal)
        flush(table);
}
