/* combine.c -- see combine.h. */
#include "table/combine.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "table/level.h"
#include "table/number.h"

size_t gk_tag_length(const char *operand)
{
    size_t n = 0;
    while (isalnum((unsigned char)operand[n]) || operand[n] == '_')
        n++;
    return n > 0 && !isdigit((unsigned char)operand[0]) && operand[n] == '=' ? n : 0;
}

/* --- columns ------------------------------------------------------------------------------------------------------- */

/* As a text: as it stood in its file, or with as many digits as it has. */
static const char *cell_text(const gk_frame_column *column, int64_t row, gk_arena *arena)
{
    if (column->text)
        return column->text[row];
    if (column->cell)
        return column->cell[row];
    return isnan(column->value[row]) ? "" : gk_arena_printf(arena, "%.17g", column->value[row]);
}

/* One more column, of texts or of numbers that know how they were written; all cells missing.  NULL with gk_error. */
static gk_frame_column *new_column(gk_frame *frame, const char *name, const char *unit, bool is_text)
{
    gk_frame_column *column = &frame->column[frame->n_column];
    size_t n = (size_t)frame->n_row + 1;
    *column = (gk_frame_column){ .name = gk_arena_strdup(&frame->arena, name), .unit = gk_arena_strdup(&frame->arena, unit) };
    const char ***texts = is_text ? &column->text : &column->cell;
    *texts = gk_alloc_large(n * sizeof **texts, "cells of a table");
    if (!is_text)
        column->value = gk_alloc_large(n * sizeof *column->value, "cells of a table");
    frame->n_column++;
    if (!*texts || (!is_text && !column->value))
        return NULL;
    for (int64_t row = 0; row < frame->n_row; row++) {
        (*texts)[row] = "";
        if (!is_text)
            column->value[row] = NAN;
    }
    return column;
}

static void copy_cell(gk_frame *frame, gk_frame_column *to, int64_t row, const gk_frame_column *from, int64_t from_row)
{
    *(to->text ? &to->text[row] : &to->cell[row]) = cell_text(from, from_row, &frame->arena);
    if (!to->text)
        to->value[row] = from->value[from_row];
}

static gk_frame *new_frame(const char *path, int64_t n_row, int n_most)
{
    gk_frame *frame = calloc(1, sizeof *frame);
    if (frame)
        frame->column = calloc((size_t)n_most + 1, sizeof *frame->column);
    if (!frame || !frame->column) {
        gk_error("out of memory for a table of %d columns", n_most);
        free(frame);
        return NULL;
    }
    frame->path = gk_arena_strdup(&frame->arena, path);
    frame->n_row = n_row;
    return frame;
}

int gk_frame_tag(gk_frame *frame, const char *name, const char *text)
{
    gk_frame_column *more, *tag;
    if (gk_frame_find(frame, name) >= 0)
        return gk_error("'%s' has a column '%s' already: choose another name for the tag", frame->path, name);
    if (!(more = realloc(frame->column, ((size_t)frame->n_column + 1) * sizeof *more)))
        return gk_error("out of memory for a column '%s'", name);
    frame->column = more;
    if (!(tag = new_column(frame, name, "", true)))
        return -1;
    for (int64_t row = 0; row < frame->n_row; row++)
        tag->text[row] = text;
    gk_frame_column last = *tag;
    memmove(frame->column + 1, frame->column, ((size_t)frame->n_column - 1) * sizeof *frame->column);
    frame->column[0] = last;
    return 0;
}

/* --- rows of several ----------------------------------------------------------------------------------------------- */

static bool is_text_in_any(int n, gk_frame *const *frame, const char *name)
{
    for (int t = 0; t < n; t++) {
        int c = gk_frame_find(frame[t], name);
        if (c >= 0 && frame[t]->column[c].text)
            return true;
    }
    return false;
}

/* Column c of frame `first`, and what the frames behind it have under its name. */
static int append_column(gk_frame *out, int n, gk_frame *const *frame, int first, int c)
{
    const char      *name = frame[first]->column[c].name;
    gk_frame_column *to = new_column(out, name, frame[first]->column[c].unit, is_text_in_any(n, frame, name));
    int64_t          begin = 0;
    if (!to)
        return -1;
    for (int t = 0; t < n; begin += frame[t]->n_row, t++) {
        int at = gk_frame_find(frame[t], name);
        for (int64_t row = 0; at >= 0 && row < frame[t]->n_row; row++)
            copy_cell(out, to, begin + row, &frame[t]->column[at], row);
    }
    return 0;
}

gk_frame *gk_frame_append(int n, gk_frame *const *frame)
{
    int64_t n_row = 0;
    int     n_most = 0;
    for (int t = 0; t < n; t++) {
        n_row += frame[t]->n_row;
        n_most += frame[t]->n_column;
    }
    gk_frame *out = new_frame(n > 0 ? frame[0]->path : "", n_row, n_most);
    for (int t = 0; out && t < n; t++)
        for (int c = 0; out && c < frame[t]->n_column; c++)
            if (gk_frame_find(out, frame[t]->column[c].name) < 0 && append_column(out, n, frame, t, c) < 0) {
                gk_frame_free(out);
                out = NULL;
            }
    return out;
}

/* --- join ---------------------------------------------------------------------------------------------------------- */

/* Indices of columns "NAME,..."; their number, or -1 with gk_error.  The list is as long as the text at most. */
static int find_columns(const gk_frame *frame, const char *names, gk_arena *arena, int **out)
{
    gk_rows_of_tables table = { .n_table = 1, .table = (gk_frame *const[]){ (gk_frame *)frame } };
    char *rest = gk_arena_strdup(arena, names);
    int   n = 0;
    *out = gk_arena_alloc(arena, (strlen(names) + 1) * sizeof **out);
    for (char *name; (name = gk_next_name(&rest)); n++)
        if (((*out)[n] = gk_frame_find(frame, name)) < 0)
            return gk_no_column(&table, name);
    return n > 0 ? n : gk_error("no column is named in '%s'", names);
}

/* One text that is the same where all the columns are. */
static const char *key_of(const gk_frame *frame, int n, const int *column, int64_t row, gk_arena *arena)
{
    const char *key = "";
    for (int i = 0; i < n; i++) {
        const gk_frame_column *c = &frame->column[column[i]];
        key = c->text ? gk_arena_printf(arena, "%s%s\n", key, c->text[row])
                      : gk_arena_printf(arena, "%s%.17g\n", key, c->value[row] == 0 ? 0 : c->value[row]);
    }
    return key;
}

/* partner[row of left] = row of right, -1: none.  -1 with gk_error. */
static int find_partners(const gk_frame *left, const gk_frame *right, const char *key, gk_arena *arena, int64_t *partner)
{
    int        *column[2], n = find_columns(left, key, arena, &column[0]);
    int64_t     n_all = left->n_row + right->n_row, n_right = right->n_row;
    const char **keys = gk_arena_alloc(arena, (size_t)(n_all + 1) * sizeof *keys);
    int64_t    *number = gk_arena_alloc(arena, (size_t)(n_all + 1) * sizeof *number);
    if (n < 0 || find_columns(right, key, arena, &column[1]) < 0)
        return -1;
    for (int64_t i = 0; i < n_all; i++)
        keys[i] = i < n_right ? key_of(right, n, column[1], i, arena) : key_of(left, n, column[0], i - n_right, arena);
    if (gk_number_texts(n_all, keys, number) < 0)
        return -1;
    for (int64_t row = 0; row < n_right; row++)    /* keys of right come first: if they differ, numbers are rows */
        if (number[row] != row)
            return gk_error("two rows of '%s' have the same key in '%s': rows %lld and %lld", right->path, key,
                            (long long)number[row] + 1, (long long)row + 1);
    for (int64_t row = 0; row < left->n_row; row++)
        partner[row] = number[n_right + row] < n_right ? number[n_right + row] : -1;
    return 0;
}

static int join_column(gk_frame *out, const gk_frame_column *from, const int64_t *row, int64_t n)
{
    gk_frame_column *to = new_column(out, from->name, from->unit, from->text != NULL);
    for (int64_t i = 0; to && i < n; i++)
        if (row[i] >= 0)
            copy_cell(out, to, i, from, row[i]);
    return to ? 0 : -1;
}

/* Columns of both, at rows of left and of right. */
static int join_columns(gk_frame *out, const gk_frame *left, const gk_frame *right, const char *key, gk_arena *arena,
                        const int64_t *rows[2])
{
    int *keys, n_key = find_columns(right, key, arena, &keys);
    for (int c = 0; c < left->n_column; c++)
        if (join_column(out, &left->column[c], rows[0], out->n_row) < 0)
            return -1;
    for (int c = 0; c < right->n_column; c++) {
        bool is_key = false;
        for (int i = 0; i < n_key; i++)
            is_key |= keys[i] == c;
        if (is_key)
            continue;
        if (gk_frame_find(left, right->column[c].name) >= 0)
            return gk_error("'%s' and '%s' both have a column '%s', which is no key: rename it with --select NEW=%s", left->path,
                            right->path, right->column[c].name, right->column[c].name);
        if (join_column(out, &right->column[c], rows[1], out->n_row) < 0)
            return -1;
    }
    return 0;
}

gk_frame *gk_frame_join(const gk_frame *left, const gk_frame *right, const char *key, bool outer)
{
    gk_arena  arena = { 0 };
    size_t    most = (size_t)left->n_row + 1;
    int64_t  *partner = gk_arena_alloc(&arena, most * sizeof *partner), n = 0;
    int64_t  *left_row = gk_arena_alloc(&arena, most * sizeof *left_row);
    gk_frame *out = NULL;
    if (find_partners(left, right, key, &arena, partner) < 0)
        goto done;
    for (int64_t row = 0; row < left->n_row; row++)
        if (partner[row] >= 0 || outer) {
            left_row[n] = row;
            partner[n++] = partner[row];
        }
    out = new_frame(left->path, n, left->n_column + right->n_column);
    if (out && join_columns(out, left, right, key, &arena, (const int64_t *[]){ left_row, partner }) < 0) {
        gk_frame_free(out);
        out = NULL;
    }
done:
    gk_arena_release(&arena);
    return out;
}

/* --- order --------------------------------------------------------------------------------------------------------- */

typedef struct order { const gk_frame *frame; int n; const int *column; const bool *descends; } order;

/* Missing last, whichever way the rest goes. */
static int compare_cells(const gk_frame_column *column, int64_t a, int64_t b, bool descends)
{
    if (column->text) {
        bool a_missing = !*column->text[a], b_missing = !*column->text[b];
        int  found = strcmp(column->text[a], column->text[b]);
        return a_missing || b_missing ? a_missing - b_missing : descends ? -found : found;
    }
    double x = column->value[a], y = column->value[b];
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return descends ? (x < y) - (x > y) : (x > y) - (x < y);
}

static int compare_rows(const void *a, const void *b, void *context)
{
    const order *by = context;
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    for (int i = 0; i < by->n; i++) {
        int found = compare_cells(&by->frame->column[by->column[i]], x, y, by->descends[i]);
        if (found != 0)
            return found;
    }
    return (x > y) - (x < y);
}

int gk_rows_sort(const gk_frame *frame, const char *columns, gk_arena *arena, gk_selection *rows)
{
    size_t n_most = strlen(columns) + 1;
    bool  *descends = gk_arena_alloc(arena, n_most * sizeof *descends);
    char  *rest = gk_arena_strdup(arena, columns), *plain = gk_arena_alloc(arena, 2 * n_most), *end = plain;
    int   *column, n = 0;
    for (char *name; (name = gk_next_name(&rest)); n++) {
        descends[n] = *name == '-' && gk_frame_find(frame, name) < 0;
        end = stpcpy(stpcpy(end, n > 0 ? "," : ""), name + descends[n]);
    }
    if ((n = find_columns(frame, plain, arena, &column)) < 0)
        return -1;
    order by = { frame, n, column, descends };
    qsort_r(rows->row, (size_t)rows->n, sizeof *rows->row, compare_rows, &by);
    return 0;
}

int gk_rows_unique(const gk_frame *frame, const char *columns, gk_arena *arena, gk_selection *rows)
{
    int         *column, n = find_columns(frame, columns, arena, &column);
    const char **keys = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *keys);
    int64_t     *number = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *number), n_key = 0;
    if (n < 0)
        return -1;
    for (int64_t i = 0; i < rows->n; i++)
        keys[i] = key_of(frame, n, column, rows->row[i], arena);
    if (gk_number_texts(rows->n, keys, number) < 0)
        return -1;
    for (int64_t i = 0; i < rows->n; i++)
        if (number[i] == n_key)
            rows->row[n_key++] = rows->row[i];
    rows->n = n_key;
    return 0;
}
