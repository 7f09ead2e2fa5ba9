/* derive.c -- see derive.h. */
#include "table/derive.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { MAX_NAME = 32 };

/* Names of columns apart: the next one, or NULL. */
static char *next_name(char **rest)
{
    char *name;
    while ((name = strsep(rest, ", ")))
        if (*name)
            return name;
    return NULL;
}

const char *gk_level_of(const gk_rows_of_tables *tables, const gk_selection *rows, int64_t i, const char *columns,
                        gk_arena *arena)
{
    char       *rest = gk_arena_strdup(arena, columns);
    const char *level = "", *text;
    double      number;
    for (char *column; (column = next_name(&rest));) {
        if (gk_row_value(tables, rows, i, column, &number, &text) < 0) {
            gk_error("no table has a column '%s'", column);
            return NULL;
        }
        level = gk_arena_printf(arena, "%s%s", level, *level ? ", " : "");
        level = text ? gk_arena_printf(arena, "%s%s", level, text) : gk_arena_printf(arena, "%s%.6g", level, number);
    }
    return level;
}

/* What is derived: names, and for those of `let` expressions. */
typedef struct plan { int n_per, n_let; const char *name[MAX_NAME], *expression[MAX_NAME]; } plan;

static int read_plan(plan *p, const char *per, const char *let, gk_arena *arena)
{
    char *rest = gk_arena_strdup(arena, per);
    *p = (plan){ 0 };
    for (char *name; (name = next_name(&rest)); p->n_per++) {
        if (p->n_per == MAX_NAME)
            return gk_error("more than %d columns in 'per'", MAX_NAME);
        p->name[p->n_per] = name;
    }
    rest = gk_arena_strdup(arena, let);
    for (char *text; (text = strsep(&rest, ";"));) {
        int    n = p->n_per + p->n_let;
        size_t length;
        text += strspn(text, " \t");
        length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        char *equals = text + length + strspn(text + length, " \t");
        if (length == 0 || isdigit((unsigned char)text[0]) || *equals != '=')
            return gk_error("expected 'NAME = EXPRESSION' in 'let', found '%s'", text);
        if (n == MAX_NAME)
            return gk_error("more than %d columns in 'per' and 'let'", MAX_NAME);
        p->expression[n] = equals + 1;
        text[length] = '\0';
        p->name[n] = text;
        for (int i = 0; i < n; i++)
            if (strcmp(p->name[i], text) == 0)
                return gk_error("two columns named '%s' in 'per' and 'let'", text);
        p->n_let++;
    }
    return 0;
}

static gk_frame *empty_frame(const plan *p, int64_t most, gk_arena *arena)
{
    gk_frame *frame = gk_arena_alloc(arena, sizeof *frame);
    frame->path = "per";
    frame->n_column = p->n_per + p->n_let;
    frame->column = gk_arena_alloc(arena, (size_t)(frame->n_column + 1) * sizeof *frame->column);
    for (int c = 0; c < frame->n_column; c++) {
        frame->column[c].name = p->name[c];
        frame->column[c].unit = "";
        frame->column[c].value = gk_arena_alloc(arena, (size_t)(most + 1) * sizeof(double));
    }
    return frame;
}

/* The columns `per` of the next row: numbers, unless the tables have texts. */
static void put_levels(gk_frame *frame, const plan *p, const gk_rows_of_tables *tables, const gk_selection *rows, int64_t i,
                       int64_t most, gk_arena *arena)
{
    for (int c = 0; c < p->n_per; c++) {
        gk_frame_column *column = &frame->column[c];
        const char *text;
        if (gk_row_value(tables, rows, i, p->name[c], &column->value[frame->n_row], &text) < 0 || !text)
            continue;
        if (!column->text) {
            column->text = gk_arena_alloc(arena, (size_t)(most + 1) * sizeof *column->text);
            for (int64_t row = 0; row < most; row++)
                column->text[row] = "";
        }
        column->text[frame->n_row] = text;
    }
}

static int put_measures(gk_frame *frame, const plan *p, const gk_rows_of_tables *tables, const gk_selection *group,
                        gk_arena *arena, int64_t *n_seed)
{
    gk_rows_of_tables known = *tables;
    gk_parameter *parameter = gk_arena_alloc(arena, (size_t)(tables->n_parameter + p->n_let + 1) * sizeof *parameter);
    if (tables->n_parameter > 0)
        memcpy(parameter, tables->parameter, (size_t)tables->n_parameter * sizeof *parameter);
    known.parameter = parameter;
    for (int c = p->n_per; c < frame->n_column; c++) {
        double *number = &frame->column[c].value[frame->n_row];
        int64_t behind;
        if (gk_measure(&known, group, p->expression[c], arena, number, &behind) < 0)
            return -1;
        if (behind > 0 && (*n_seed < 0 || behind < *n_seed))
            *n_seed = behind;
        parameter[known.n_parameter++] = (gk_parameter){ p->name[c], gk_arena_printf(arena, "%.17g", *number) };
    }
    return 0;
}

gk_frame *gk_derive(const gk_rows_of_tables *tables, const gk_selection *rows, const char *per, const char *let, gk_arena *arena,
                    int64_t *n_seed)
{
    plan         p;
    const char **level = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *level);
    gk_selection group = { 0, gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *group.table),
                           gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *group.row) };
    if (read_plan(&p, per, let, arena) < 0)
        return NULL;
    gk_frame *frame = empty_frame(&p, rows->n, arena);
    for (int64_t i = 0; i < rows->n; i++)
        if (!(level[i] = gk_level_of(tables, rows, i, per, arena)))
            return NULL;
    *n_seed = -1;
    for (int64_t i = 0; i < rows->n; i++) {
        if (!level[i])
            continue;
        group.n = 0;
        for (int64_t j = i; j < rows->n; j++)
            if (level[j] && strcmp(level[j], level[i]) == 0) {
                group.table[group.n] = rows->table[j];
                group.row[group.n++] = rows->row[j];
                level[j] = j > i ? NULL : level[j];    /* no group begins there */
            }
        put_levels(frame, &p, tables, rows, i, rows->n, arena);
        if (put_measures(frame, &p, tables, &group, arena, n_seed) < 0)
            return NULL;
        frame->n_row++;
    }
    *n_seed = *n_seed < 0 ? 0 : *n_seed;
    return frame;
}
