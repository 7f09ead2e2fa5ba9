/* level.c -- see level.h. */
#include "table/level.h"

#include <math.h>
#include <string.h>
#include "table/number.h"

char *gk_next_name(char **rest)
{
    char *name;
    while ((name = strsep(rest, ", ")))
        if (*name)
            return name;
    return NULL;
}

/* name[i] is lengthened by the value of one more column. */
static int add_column(const gk_rows_of_tables *tables, const gk_selection *rows, const char *column, gk_arena *arena,
                      const char **name)
{
    int *index = gk_arena_alloc(arena, ((size_t)tables->n_table + 1) * sizeof *index);
    bool any = false;
    for (int t = 0; t < tables->n_table; t++)
        any |= (index[t] = gk_frame_find(tables->table[t], column)) >= 0;
    if (!any)
        return gk_no_column(tables, column);
    for (int64_t i = 0; i < rows->n; i++) {
        const gk_frame *frame = tables->table[rows->table[i]];
        int             c = index[rows->table[i]];
        const char     *before = *name[i] ? ", " : "", *text = c < 0 || !frame->column[c].text ? NULL
                                                               : frame->column[c].text[rows->row[i]];
        name[i] = text ? gk_arena_printf(arena, "%s%s%s", name[i], before, text)
                       : gk_arena_printf(arena, "%s%s%.6g", name[i], before, c < 0 ? NAN : frame->column[c].value[rows->row[i]]);
    }
    return 0;
}

/* Rows into the groups of their numbers. */
static void deal(const gk_selection *rows, const int64_t *number, const char *const *name, gk_arena *arena, gk_levels *out)
{
    int64_t *n = gk_arena_alloc(arena, (size_t)(out->n + 1) * sizeof *n);
    out->name = gk_arena_alloc(arena, (size_t)(out->n + 1) * sizeof *out->name);
    out->rows = gk_arena_alloc(arena, (size_t)(out->n + 1) * sizeof *out->rows);
    int     *table = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *table);
    int64_t *row = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *row), begin = 0;
    for (int64_t i = 0; i < rows->n; i++)
        n[number[i]]++;
    for (int64_t level = 0; level < out->n; begin += n[level], level++)
        out->rows[level] = (gk_selection){ 0, table + begin, row + begin };
    for (int64_t i = 0; i < rows->n; i++) {
        gk_selection *to = &out->rows[number[i]];
        out->name[number[i]] = name[i];
        to->table[to->n] = rows->table[i];
        to->row[to->n++] = rows->row[i];
    }
}

int gk_levels_of(const gk_rows_of_tables *tables, const gk_selection *rows, const char *columns, gk_arena *arena, gk_levels *out)
{
    char        *rest = gk_arena_strdup(arena, columns);
    const char **name = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *name);
    int64_t     *number = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *number);
    for (int64_t i = 0; i < rows->n; i++)
        name[i] = "";
    for (char *column; (column = gk_next_name(&rest));)
        if (add_column(tables, rows, column, arena, name) < 0)
            return -1;
    *out = (gk_levels){ .n = gk_number_texts(rows->n, name, number) };
    if (out->n < 0)
        return -1;
    deal(rows, number, name, arena, out);
    return 0;
}
