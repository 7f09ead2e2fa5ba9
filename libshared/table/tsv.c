/* tsv.c -- read a table of tab-separated values, or of lines of JSON, into a frame.  The text is kept whole; cells
 * point into it. */
#include "table/tsv.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "io/text.h"
#include "table/json.h"

/* --- lines and cells --------------------------------------------------------------------------------------------- */

/* Where the cells of a row are taken from: the line that text gave last, and what cells in quotes join to it. */
typedef struct cells {
    gk_text    *text;
    char       *rest, separator;
    const char *fault;    /* what is wrong with the cell ... */
    int64_t     line;     /* ... that begins there */
} cells;

/* "a ""quoted"" cell", in place, over as many lines as it takes; *end is behind the second quote.  NULL: there is none. */
static char *unquote(gk_text *text, char *cell, char **end)
{
    char *to = ++cell, *from = cell;

    for (; (*from || gk_text_join(text)) && (*from != '"' || from[1] == '"'); *to++ = *from++)
        from += *from == '"';
    if (!*from)
        return NULL;
    *end = from + 1;
    *to = '\0';
    return cell;
}

/* The next cell of the row without blanks around it, ended by NUL in place; NULL after the last, and where a quote is wrong,
 * which from->fault then says. */
static char *next_cell(cells *from)
{
    const char ends[] = { from->separator, '\0' };
    char *cell = from->rest, *stop;

    if (!cell)
        return NULL;
    cell += strspn(cell, " ");
    from->line = from->text->line;
    if (*cell == '"') {
        if (!(cell = unquote(from->text, cell, &stop))) {
            from->fault = "a quote that does not end";
            return NULL;
        }
        stop += strspn(stop, " ");
        if (*stop && *stop != from->separator) {
            from->fault = "something behind a cell in quotes";
            return NULL;
        }
        from->rest = *stop ? stop + 1 : NULL;
        return cell;
    }
    stop = cell + strcspn(cell, ends);
    from->rest = *stop ? stop + 1 : NULL;
    while (stop > cell && stop[-1] == ' ')
        stop--;
    *stop = '\0';
    return cell;
}

static bool is_blank(const char *line)
{
    return !line[strspn(line, " ")];
}

/* Room for one more column: twice as many where that number is a power of two. */
static int widen(gk_frame *frame)
{
    size_t n = (size_t)frame->n_column;
    if (n & (n - 1))
        return 0;
    gk_frame_column *more = realloc(frame->column, (n ? 2 * n : 1) * sizeof *more);
    if (!more)
        return gk_error("cannot read '%s': out of memory", frame->path);
    memset(more + n, 0, (n ? n : 1) * sizeof *more);
    frame->column = more;
    return 0;
}

/* A name is of one line: where it stands on several, a blank is between them. */
static int add_column(gk_frame *frame, char *name)
{
    char *unit = strchr(name, ':');

    for (char *end = name; (end = strchr(end, '\n'));)
        *end = ' ';
    if (unit && unit > name)
        *unit++ = '\0';
    else
        unit = NULL;
    if (!*name)
        return gk_error("cannot read '%s': column %d has no name", frame->path, frame->n_column + 1);
    if (gk_frame_find(frame, name) >= 0)
        return gk_error("cannot read '%s': two columns are named '%.100s'", frame->path, name);
    if (widen(frame) < 0)
        return -1;
    frame->column[frame->n_column].name = name;
    frame->column[frame->n_column++].unit = unit ? unit : "";
    return 0;
}

static int parse_header(gk_frame *frame, cells from)
{
    int64_t n = 0;

    for (char *name; (name = next_cell(&from)); n++)
        if (n < GK_TSV_MAX_COLUMN && add_column(frame, name) < 0)
            return -1;
    if (from.fault)
        return gk_error("cannot read '%s': the header has %s, on line %lld", frame->path, from.fault, (long long)from.line);
    if (n > GK_TSV_MAX_COLUMN)
        return gk_error("cannot read '%s': %lld columns, at most %d are read", frame->path, (long long)n, GK_TSV_MAX_COLUMN);
    return 0;
}

static int parse_row(gk_frame *frame, cells from)
{
    int64_t line = from.text->line, n_cell = 0;

    for (char *cell; (cell = next_cell(&from)); n_cell++)
        if (n_cell < frame->n_column)
            frame->column[n_cell].text[frame->n_row] = cell;
    if (from.fault)
        return gk_error("cannot read '%s': line %lld has %s", frame->path, (long long)from.line, from.fault);
    if (n_cell != frame->n_column)
        return gk_error("cannot read '%s': line %lld has %lld cells, the header has %d", frame->path, (long long)line,
                        (long long)n_cell, frame->n_column);
    frame->n_row++;
    return 0;
}

/* At most so many rows: lines, and no more than there are bytes for, so that memory stays in proportion to the file. */
static int64_t bound_rows(const gk_text *text, int n_column)
{
    const char *end = text->data + text->n_byte;
    int64_t n_line = 0, n_full = (end - text->rest) / n_column + 1;

    for (const char *at = text->rest; at < end; n_line++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        at = stop ? stop + 1 : end;
    }
    return n_line < n_full ? n_line : n_full;
}

static int make_rows(gk_frame *frame, int64_t n_row)
{
    for (int c = 0; c < frame->n_column; c++)
        if (!(frame->column[c].text = gk_alloc_large(((size_t)n_row + 1) * sizeof(char *), "cells of a table")))
            return -1;
    return 0;
}

/* A file named .csv or .csv.gz has commas, unless its header shows tabs. */
static char separator_of(const char *path, const char *header)
{
    size_t n = strlen(path);
    n -= n > 3 && strcasecmp(path + n - 3, ".gz") == 0 ? 3 : 0;
    return n > 4 && strncasecmp(path + n - 4, ".csv", 4) == 0 && !strchr(header, '\t') ? ',' : '\t';
}

static int parse_tsv(gk_frame *frame, gk_text *text, char *header)
{
    char separator = separator_of(frame->path, header);
    if (parse_header(frame, (cells){ .text = text, .rest = header, .separator = separator }) < 0 ||
        make_rows(frame, bound_rows(text, frame->n_column)) < 0)
        return -1;
    for (char *line; (line = gk_text_line(text));)
        if (!is_blank(line) || (frame->n_column == 1 && text->rest < text->data + text->n_byte)) {
            if (parse_row(frame, (cells){ .text = text, .rest = line, .separator = separator }) < 0)
                return -1;
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
    column->cell = column->text;
    column->text = NULL;
    return 0;
}

/* One more line in front of the header. */
static void add_note(gk_frame *frame, char *line)
{
    int n = frame->n_note++;
    if ((n & (n + 1)) == 0) {    /* 0, 1, 3, 7, ...: room for as many again, and one */
        const char **more = gk_arena_alloc(&frame->arena, (2 * (size_t)n + 1) * sizeof *more);
        if (n > 0)
            memcpy(more, frame->note, (size_t)n * sizeof *more);
        frame->note = more;
    }
    frame->note[n] = gk_text_trim(line + 1);
}

static int parse(gk_frame *frame, gk_text *text)
{
    char *line;

    while ((line = gk_text_line(text)) && (*line == '#' || is_blank(line)))
        if (*line == '#')
            add_note(frame, line);
    if (!line)
        return gk_error("cannot read '%s': no header line, the table is empty", frame->path);
    if ((line[strspn(line, " ")] == '{' ? gk_json_read(frame, text, line) : parse_tsv(frame, text, line)) < 0)
        return -1;
    for (int c = 0; c < frame->n_column; c++)
        if (convert(&frame->column[c], frame->n_row) < 0)
            return -1;
    return 0;
}

gk_frame *gk_tsv_read_as(const char *path, const char *name)
{
    gk_frame *frame = calloc(1, sizeof *frame);
    gk_text text;

    if (!frame) {
        gk_error("cannot read '%s': out of memory", name);
        return NULL;
    }
    frame->path = gk_arena_strdup(&frame->arena, name);
    if (gk_text_read_as(path, frame->path, &text) < 0) {
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

gk_frame *gk_tsv_read(const char *path)
{
    return gk_tsv_read_as(path, path);
}
