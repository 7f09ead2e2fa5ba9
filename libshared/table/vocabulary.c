/* vocabulary.c -- see vocabulary.h. */
#include "table/vocabulary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/options.h"

const char *gk_cell_text(const gk_frame *frame, int column, int64_t row, gk_arena *arena)
{
    const gk_frame_column *from = &frame->column[column];
    if (from->text)
        return from->text[row];
    if (from->cell)
        return from->cell[row];
    return isnan(from->value[row]) ? "" : gk_arena_printf(arena, "%.9g", from->value[row]);
}

int gk_cell_missing(const gk_frame *frame, int column, int64_t row)
{
    const gk_frame_column *of = &frame->column[column];
    const char            *cell = of->cell ? of->cell[row] : of->text ? of->text[row] : NULL;
    char                   number[32];
    if (cell && !*cell)
        return gk_error("column '%s' of '%s' has nothing in row %" PRId64, of->name, frame->path, row + 1);
    snprintf(number, sizeof number, "%g", of->value ? of->value[row] : 0);
    return gk_error("column '%s' of '%s' has %.40s in row %" PRId64 ": expected a finite number", of->name, frame->path,
                    cell ? cell : number, row + 1);
}

/* Numbers in their order, then other names in theirs. */
static int by_name(const void *a, const void *b)
{
    const char *one = *(const char *const *)a, *other = *(const char *const *)b;
    double x, y;
    bool   is_x = gk_parse_real(one, &x) == 0, is_y = gk_parse_real(other, &y) == 0;
    if (is_x != is_y)
        return is_x ? -1 : 1;
    return is_x && x != y ? (x < y ? -1 : 1) : strcmp(one, other);
}

static int32_t find_name(const gk_vocabulary *words, const char *name)
{
    const char **found = bsearch(&name, words->name, (size_t)words->n, sizeof(char *), by_name);
    return found ? (int32_t)(found - words->name) : -1;
}

int gk_vocabulary_of(const gk_frame *frame, int n_column, const int *columns, int n_most, gk_arena *arena,
                     gk_vocabulary *out)
{
    gk_frame_levels *levels = gk_arena_alloc(arena, (size_t)n_column * sizeof *levels);
    int64_t          n_cell = 1, n = 0;
    int              status = 0;
    *out = (gk_vocabulary){ 0 };
    for (int i = 0; i < n_column && status == 0; i++) {
        status = gk_frame_code(frame, 1, &columns[i], &levels[i]);
        n_cell += levels[i].n_level;
    }
    out->name = gk_arena_alloc(arena, (size_t)n_cell * sizeof(char *));
    out->id = gk_arena_alloc(arena, (size_t)n_column * sizeof(int32_t *));
    for (int i = 0; i < n_column && status == 0; i++)
        for (int64_t level = 0; level < levels[i].n_level && status == 0; level++) {
            out->name[n] = gk_cell_text(frame, columns[i], levels[i].first_row[level], arena);
            if (!*out->name[n++])
                status = gk_cell_missing(frame, columns[i], levels[i].first_row[level]);
        }
    if (status == 0)
        qsort(out->name, (size_t)n, sizeof(char *), by_name);
    for (int64_t i = 0; i < n && status == 0; i++)
        if (i == 0 || strcmp(out->name[i], out->name[i - 1]) != 0)
            out->name[out->n++] = out->name[i];
    if (status == 0 && out->n > n_most)
        status = gk_error("the columns of '%s' hold more than %d different names", frame->path, n_most);
    for (int i = 0; i < n_column; i++) {
        int32_t *id_of = gk_arena_alloc(arena, (size_t)(levels[i].n_level + 1) * sizeof *id_of);
        out->id[i] = gk_arena_alloc(arena, (size_t)(frame->n_row + 1) * sizeof(int32_t));
        for (int64_t level = 0; level < levels[i].n_level && status == 0; level++)
            id_of[level] = find_name(out, gk_cell_text(frame, columns[i], levels[i].first_row[level], arena));
        for (int64_t row = 0; row < frame->n_row && status == 0; row++)
            out->id[i][row] = id_of[levels[i].code[row]];
        gk_frame_levels_release(&levels[i]);
    }
    return status;
}
