/* table.c -- tables as TSV or as lines of JSON. */
#include "base/table.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/arena.h"

struct gk_table {
    FILE      *out;
    bool       json;
    bool       in_file;           /* not standard output */
    bool       has_header;        /* the header line is written, or JSON, which has none */
    int        error;             /* errno of the first write that failed */
    int        n_column, n_cell, n_comment;
    char     **columns;
    char     **comments;          /* those that wait for the header */
    char      *path;              /* as given; NULL: stdout */
    char      *target, *temporary;    /* what the file is renamed to, and its name until then; NULL: written in place */
    gk_arena   arena;
    gk_table  *next;
};

/* Tables that are not closed yet: a tool that ends early must not leave its temporary files behind. */
static gk_table *open_tables;

static void remove_temporary_files(void)
{
    for (gk_table *table = open_tables; table; table = table->next)
        if (table->temporary)
            unlink(table->temporary);
}

/* --- opening and closing ------------------------------------------------------------------------------------------ */

/* A file beside the target, with the permissions that a new file would have. */
static int open_temporary(gk_table *table)
{
    char *resolved = realpath(table->path, NULL);    /* a symbolic link stays one: its target is replaced */
    table->target = gk_arena_strdup(&table->arena, resolved ? resolved : table->path);
    free(resolved);
    table->temporary = gk_arena_printf(&table->arena, "%s.XXXXXX", table->target);
    int file = mkostemp(table->temporary, O_CLOEXEC);
    if (file < 0) {
        table->temporary = NULL;
        return -1;
    }
    mode_t mask = umask(0);
    umask(mask);
    struct stat old;
    fchmod(file, stat(table->target, &old) == 0 ? old.st_mode & 07777 : 0666 & ~mask);
    return file;
}

static int open_file(gk_table *table)
{
    struct stat old;
    bool exists = stat(table->path, &old) == 0;
    if (exists && S_ISREG(old.st_mode) && access(table->path, W_OK) < 0)
        return gk_error("cannot write '%s': %s", table->path, strerror(errno));
    /* Pipes and devices cannot be replaced by a renamed file. */
    int file = exists && !S_ISREG(old.st_mode) ? open(table->path, O_WRONLY | O_CLOEXEC) : open_temporary(table);
    if (file < 0)
        return gk_error("cannot write '%s': %s", table->path, strerror(errno));
    if (!(table->out = fdopen(file, "w"))) {
        close(file);
        return gk_error("cannot write '%s': %s", table->path, strerror(errno));
    }
    return 0;
}

static void table_free(gk_table *table)
{
    gk_table **link = &open_tables;
    while (*link && *link != table)
        link = &(*link)->next;
    if (*link)
        *link = table->next;
    free(table->columns);
    free(table->comments);
    gk_arena_release(&table->arena);
    free(table);
}

gk_table *gk_table_open(const char *path, bool json)
{
    static bool is_registered;
    if (!is_registered)
        is_registered = atexit(remove_temporary_files) == 0;

    gk_table *table = calloc(1, sizeof *table);
    if (!table)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    table->json = table->has_header = json;
    table->in_file = path && strcmp(path, "-") != 0;
    if (!path || strcmp(path, "-") == 0) {
        table->out = stdout;
    } else {
        table->path = gk_arena_strdup(&table->arena, path);
        if (open_file(table) < 0) {
            if (table->temporary)
                unlink(table->temporary);
            table_free(table);
            return NULL;
        }
    }
    table->next = open_tables;
    open_tables = table;
    return table;
}

static void put(gk_table *table, const char *text)
{
    if (!table->error && fputs(text, table->out) == EOF)
        table->error = errno ? errno : EIO;
}

/* Without tabs, line ends and other control characters. */
static void put_flat_text(gk_table *table, const char *value)
{
    for (const char *c = value; *c; c++) {
        char piece[2] = { (unsigned char)*c < 32 || *c == 127 ? ' ' : *c, '\0' };
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

/* Everything that can go wrong late (a full disk, a closed pipe) shows up here at the latest. */
static void finish(gk_table *table)
{
    if (fflush(table->out) == EOF && !table->error)
        table->error = errno;
    if (table->out == stdout)
        return;
    if (table->temporary && !table->error && fsync(fileno(table->out)) < 0)
        table->error = errno;
    if (fclose(table->out) == EOF && !table->error)
        table->error = errno;
    if (table->temporary && !table->error && rename(table->temporary, table->target) < 0)
        table->error = errno;
    if (table->temporary && table->error)
        unlink(table->temporary);
}

int gk_table_close(gk_table *table)
{
    gk_assert(table->n_cell == 0);
    write_header(table);
    finish(table);
    int status = 0;
    if (table->error && table->path)
        status = gk_error("cannot write '%s': %s", table->path, strerror(table->error));
    else if (table->error)
        status = gk_error("cannot write to standard output: %s", strerror(table->error));
    table_free(table);
    return status;
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

/* Length of the valid UTF-8 sequence at `text`; 0 if there is none (overlong forms and surrogates are none). */
static int utf8_length(const unsigned char *text)
{
    static const unsigned long smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    int length = *text < 0x80 ? 1 : *text >> 5 == 6 ? 2 : *text >> 4 == 14 ? 3 : *text >> 3 == 30 ? 4 : 0;
    unsigned long code = length == 1 ? *text : *text & (0xffu >> (length + 1));
    for (int i = 1; i < length; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        code = code << 6 | (text[i] & 0x3f);
    }
    if (length > 1 && (code < smallest[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)))
        return 0;
    return length;
}

static void put_json_text(gk_table *table, const char *value)
{
    const unsigned char *c = (const unsigned char *)value;
    put(table, "\"");
    while (*c) {
        int  length = utf8_length(c);
        char piece[8] = "";
        if (length == 0)
            snprintf(piece, sizeof piece, "\\ufffd");
        else if (*c == '"' || *c == '\\')
            snprintf(piece, sizeof piece, "\\%c", *c);
        else if (*c < 32 || *c == 127)
            snprintf(piece, sizeof piece, "\\u%04x", *c);
        else
            memcpy(piece, c, (size_t)length);
        put(table, piece);
        c += length ? length : 1;
    }
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
}
