/* define.c -- see define.h. */
#include "table/define.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "table/expression.h"

/* A name that expressions can say. */
static bool is_name(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_')
            return false;
    return n > 0 && !isdigit((unsigned char)text[0]);
}

static int define(gk_frame *frame, const char *text, gk_arena *arena)
{
    size_t n = strcspn(text, "=");
    gk_rows_of_tables tables = { .n_table = 1, .table = &frame };
    gk_selection all;
    bool any = frame->n_row == 0;
    int  c;
    if (text[n] != '=' || !is_name(text, n))
        return gk_error("'%s' is no definition NAME=EXPRESSION", text);
    const char *name = gk_arena_printf(arena, "%.*s", (int)n, text);
    const gk_expression *expression = gk_expression_read(&tables, text + n + 1, GK_ROW_NUMBER, arena);
    if (!expression || (c = gk_frame_add(frame, name)) < 0)
        return -1;
    gk_select_all(&tables, arena, &all);
    for (int64_t row = 0; row < frame->n_row; row++) {
        double value = frame->column[c].value[row] = gk_row_number(expression, &all, row);
        any = any || !isnan(value);
    }
    return any ? 0 : gk_error("'%s' is a number in no row: is a column misspelt", text);
}

int gk_define(gk_frame *frame, const char *definitions, gk_arena *arena)
{
    char *rest = definitions ? gk_arena_strdup(arena, definitions) : NULL;
    for (char *one; (one = strsep(&rest, ","));)
        if (define(frame, one, arena) < 0)
            return -1;
    return 0;
}

int gk_define_and_select(gk_frame *const *frame, const char *definitions, const char *where, gk_arena *arena, gk_selection *out,
                         const char **unmet)
{
    gk_rows_of_tables tables = { .n_table = 1, .table = frame };
    gk_selection      all;
    *unmet = NULL;
    if (gk_define(*frame, definitions, arena) < 0)
        return -1;
    gk_select_all(&tables, arena, &all);
    *out = all;
    return where ? gk_select_where(&tables, &all, where, arena, out, unmet) : 0;
}
