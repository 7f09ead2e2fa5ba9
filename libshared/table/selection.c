/* selection.c -- rows of tables (expression.h): which there are, which a condition selects, what stands in their columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "table/expression.h"

/* --- columns ----------------------------------------------------------------------------------------------------------- */

int gk_row_value(const gk_rows_of_tables *tables, const gk_selection *selection, int64_t i, const char *column, double *number,
                 const char **text)
{
    const gk_frame *frame = tables->table[selection->table[i]];
    int c = gk_frame_find(frame, column);
    *number = NAN;
    *text = NULL;
    if (c >= 0 && frame->column[c].text)
        *text = frame->column[c].text[selection->row[i]];
    else if (c >= 0)
        *number = frame->column[c].value[selection->row[i]];
    for (int t = 0; c < 0 && t < tables->n_table; t++)
        c = gk_frame_find(tables->table[t], column);
    return c < 0 ? -1 : 0;
}

int gk_parameter_find(const gk_rows_of_tables *tables, const char *name)
{
    for (int i = 0; i < tables->n_parameter; i++)
        if (strcmp(tables->parameter[i].name, name) == 0)
            return i;
    return -1;
}

int gk_no_parameter(const char *name)
{
    return gk_error("no parameter '$%s' (give --set %s=...)", name, name);
}

/* --- rows ---------------------------------------------------------------------------------------------------------------- */

static void selection_alloc(gk_arena *arena, int64_t n, gk_selection *out)
{
    out->n = 0;
    out->table = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *out->table);
    out->row = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *out->row);
}

void gk_select_all(const gk_rows_of_tables *tables, gk_arena *arena, gk_selection *out)
{
    int64_t n = 0;
    for (int t = 0; t < tables->n_table; t++)
        n += tables->table[t]->n_row;
    selection_alloc(arena, n, out);
    for (int t = 0; t < tables->n_table; t++)
        for (int64_t row = 0; row < tables->table[t]->n_row; row++) {
            out->table[out->n] = t;
            out->row[out->n++] = row;
        }
}

int gk_select_where(const gk_rows_of_tables *tables, const gk_selection *from, const char *text, gk_arena *arena,
                    gk_selection *out, const char **unmet)
{
    const gk_expression *expression = gk_expression_read(tables, text, GK_ROW_CONDITION, arena);
    if (!expression)
        return -1;
    if (unmet)
        *unmet = gk_expression_unmet(expression);
    selection_alloc(arena, from->n, out);
    for (int64_t i = 0; i < from->n; i++)
        if (gk_row_truth(expression, from, i) == GK_TRUE) {
            out->table[out->n] = from->table[i];
            out->row[out->n++] = from->row[i];
        }
    return 0;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

const double *gk_seeds_among(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena, int64_t *n)
{
    double     *seed = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *seed);
    const char *text;
    int64_t     n_found = 0;
    for (int64_t i = 0; i < rows->n; i++)
        if (gk_row_value(tables, rows, i, "seed", &seed[n_found], &text) == 0 && !isnan(seed[n_found]))
            n_found++;
    qsort(seed, (size_t)n_found, sizeof *seed, ascending);
    *n = 0;
    for (int64_t i = 0; i < n_found; i++)
        if (i == 0 || seed[i] != seed[i - 1])
            seed[(*n)++] = seed[i];
    return seed;
}
