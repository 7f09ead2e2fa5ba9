/* frame.c -- a table in memory: columns by name, and levels of the values in them. */
#include "table/frame.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "table/number.h"

void gk_frame_free(gk_frame *frame)
{
    if (!frame)
        return;
    for (int c = 0; c < frame->n_column; c++) {
        free(frame->column[c].value);
        free(frame->column[c].text);
        free(frame->column[c].cell);
    }
    free(frame->column);
    free(frame->buffer);
    gk_arena_release(&frame->arena);
    free(frame);
}

/* As it is, or with the unit behind it as in the header: "step:updates". */
static bool is_called(const gk_frame_column *column, const char *name)
{
    size_t length = strlen(column->name);
    if (strncmp(column->name, name, length) != 0)
        return false;
    return !name[length] || (name[length] == ':' && *column->unit && strcmp(name + length + 1, column->unit) == 0);
}

int gk_frame_find(const gk_frame *frame, const char *name)
{
    for (int c = 0; c < frame->n_column; c++)
        if (is_called(&frame->column[c], name))
            return c;
    return -1;
}

static int no_such_column(const gk_frame *frame, const char *name, int (*say)(const char *format, ...))
{
    char list[400] = "";
    size_t used = 0;

    for (int c = 0; c < frame->n_column; c++) {
        size_t length = strlen(frame->column[c].name);
        if (used + length + 8 > sizeof list) {
            memcpy(list + used, " ...", 5);
            break;
        }
        if (c > 0)
            list[used++] = ' ';
        memcpy(list + used, frame->column[c].name, length + 1);
        used += length;
    }
    return say("no column '%s' in '%s': it has %s", name, frame->path, frame->n_column ? list : "none");
}

int gk_frame_need(const gk_frame *frame, const char *name)
{
    int found = gk_frame_find(frame, name);
    return found >= 0 ? found : no_such_column(frame, name, gk_error);
}

int gk_frame_asked(const gk_frame *frame, const char *name)
{
    int found = gk_frame_find(frame, name);
    return found >= 0 ? found : no_such_column(frame, name, gk_usage_error);
}

int gk_frame_add(gk_frame *frame, const char *name)
{
    gk_frame_column *more;
    double *value;

    if (gk_frame_find(frame, name) >= 0)
        return gk_error("'%s' has a column '%s' already", frame->path, name);
    if (!(value = gk_alloc_large(((size_t)frame->n_row + 1) * sizeof *value, "a column of a table")))
        return -1;
    more = realloc(frame->column, ((size_t)frame->n_column + 1) * sizeof *more);
    if (!more) {
        free(value);
        return gk_error("cannot add column '%s' to '%s': out of memory", name, frame->path);
    }
    frame->column = more;
    more[frame->n_column] = (gk_frame_column){ .name = gk_arena_strdup(&frame->arena, name), .unit = "", .value = value };
    return frame->n_column++;
}

/* --- levels ------------------------------------------------------------------------------------------------------ */

typedef struct ranked_row { double number; int64_t major, row; } ranked_row;

static int compare_rows(const void *left, const void *right)
{
    const ranked_row *a = left, *b = right;

    if (a->major != b->major)
        return a->major < b->major ? -1 : 1;
    if (isnan(a->number) || isnan(b->number)) {
        if (isnan(a->number) != isnan(b->number))
            return isnan(a->number) ? 1 : -1;
    } else if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Refine the codes by one more column. */
static int refine(const gk_frame_column *column, int64_t n_row, ranked_row *rows, gk_frame_levels *levels)
{
    int64_t *number = column->text ? gk_alloc_large(((size_t)n_row + 1) * sizeof *number, "levels of texts") : NULL;
    if (column->text && (!number || gk_number_texts(n_row, column->text, number) < 0)) {
        free(number);
        return -1;
    }
    for (int64_t row = 0; row < n_row; row++) {
        rows[row].number = number ? (double)number[row] : column->value[row];
        rows[row].major = levels->code[row];
        rows[row].row = row;
    }
    free(number);
    qsort(rows, (size_t)n_row, sizeof *rows, compare_rows);
    levels->n_level = 0;
    for (int64_t i = 0; i < n_row; i++) {
        const ranked_row *a = &rows[i], *b = &rows[i > 0 ? i - 1 : 0];
        bool same = i > 0 && a->major == b->major && (a->number == b->number || (isnan(a->number) && isnan(b->number)));
        if (!same)
            levels->first_row[levels->n_level++] = a->row;
        levels->code[a->row] = levels->n_level - 1;
    }
    return 0;
}

bool gk_cell_same(const gk_frame_column *a, int64_t row_a, const gk_frame_column *b, int64_t row_b)
{
    if (a->text && b->text)
        return strcmp(a->text[row_a], b->text[row_b]) == 0;
    if (!a->value || !b->value)
        return false;
    return a->value[row_a] == b->value[row_b] || (isnan(a->value[row_a]) && isnan(b->value[row_b]));
}

int gk_frame_code(const gk_frame *frame, int n_column, const int *columns, gk_frame_levels *out)
{
    size_t n_row = (size_t)frame->n_row + 1;
    ranked_row *rows = gk_alloc_large(n_row * sizeof *rows, "rows of a table");
    int status = -1;

    *out = (gk_frame_levels){ .n_level = frame->n_row > 0 };
    out->code = gk_alloc_large(n_row * sizeof *out->code, "levels of a table");
    out->first_row = gk_alloc_large(n_row * sizeof *out->first_row, "levels of a table");
    if (!rows || !out->code || !out->first_row)
        goto done;
    for (int i = 0; i < n_column; i++)
        if (refine(&frame->column[columns[i]], frame->n_row, rows, out) < 0)
            goto done;
    status = 0;
done:
    free(rows);
    if (status < 0)
        gk_frame_levels_release(out);
    return status;
}

void gk_frame_levels_release(gk_frame_levels *levels)
{
    free(levels->code);
    free(levels->first_row);
    *levels = (gk_frame_levels){ 0 };
}
