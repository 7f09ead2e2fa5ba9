/* derive.c -- see derive.h. */
#include "table/derive.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "table/level.h"

enum { MAX_NAME = 32, NUMBER_BYTES = 32 };

/* What is derived: names, and for those of `let` expressions. */
typedef struct plan { int n_per, n_let; const char *name[MAX_NAME], *expression[MAX_NAME]; } plan;

static int read_plan(plan *p, const char *per, const char *let, gk_arena *arena)
{
    char *rest = gk_arena_strdup(arena, per);
    *p = (plan){ 0 };
    for (char *name; (name = gk_next_name(&rest)); p->n_per++) {
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
        if (c >= p->n_per)
            frame->column[c].range = gk_arena_alloc(arena, (size_t)(most + 1) * sizeof(gk_range));
    }
    return frame;
}

/* The columns `per` of the next row: numbers, unless the tables have texts. */
static void put_levels(gk_frame *frame, const plan *p, const gk_rows_of_tables *tables, const gk_selection *rows, int64_t most,
                       gk_arena *arena)
{
    for (int c = 0; c < p->n_per; c++) {
        gk_frame_column *column = &frame->column[c];
        const char *text;
        if (gk_row_value(tables, rows, 0, p->name[c], &column->value[frame->n_row], &text) < 0 || !text)
            continue;
        if (!column->text) {
            column->text = gk_arena_alloc(arena, (size_t)(most + 1) * sizeof *column->text);
            for (int64_t row = 0; row < most; row++)
                column->text[row] = "";
        }
        column->text[frame->n_row] = text;
    }
}

static void write_number(char text[NUMBER_BYTES], double number)
{
    snprintf(text, NUMBER_BYTES, "%.17g", number);
}

/* The measures of all groups, read once.  Parameters are those of the tables, then what `let` has named so far: number_text[k] is
 * where the k-th of these is written for each group, range[k] what is known of it. */
typedef struct measures {
    gk_rows_of_tables    known;
    const gk_expression *expression[MAX_NAME];
    char               (*number_text)[NUMBER_BYTES];
    gk_range            *range;
} measures;

static int read_measures(const plan *p, const gk_rows_of_tables *tables, gk_arena *arena, measures *out)
{
    size_t        n_most = (size_t)(tables->n_parameter + p->n_let + 1);
    gk_parameter *parameter = gk_arena_alloc(arena, n_most * sizeof *parameter);
    out->number_text = gk_arena_alloc(arena, n_most * sizeof *out->number_text);
    out->range = gk_arena_alloc(arena, n_most * sizeof *out->range);
    out->known = *tables;
    out->known.parameter = parameter;
    for (int i = 0; i < tables->n_parameter; i++)
        parameter[i] = tables->parameter[i];
    for (int k = 0; k < p->n_let; k++) {
        out->expression[k] = gk_expression_read(&out->known, p->expression[p->n_per + k], GK_ROWS_NUMBER, arena);
        if (!out->expression[k])
            return -1;
        write_number(out->number_text[k], 0);
        parameter[out->known.n_parameter++] = (gk_parameter){ p->name[p->n_per + k], out->number_text[k], &out->range[k] };
    }
    return 0;
}

static int put_measures(gk_frame *frame, const plan *p, const measures *m, const gk_selection *group, int64_t *n_seed)
{
    for (int k = 0; k < p->n_let; k++) {
        gk_frame_column *column = &frame->column[p->n_per + k];
        int64_t          behind;
        if (gk_measure(m->expression[k], group, &m->range[k], &behind) < 0)
            return -1;
        column->range[frame->n_row] = m->range[k];
        column->value[frame->n_row] = m->range[k].number;
        if (behind > 0 && (*n_seed < 0 || behind < *n_seed))
            *n_seed = behind;
        write_number(m->number_text[k], m->range[k].number);
    }
    return 0;
}

gk_frame *gk_derive(const gk_rows_of_tables *tables, const gk_selection *rows, const char *per, const char *let, gk_arena *arena,
                    int64_t *n_seed)
{
    plan      p;
    measures  m;
    gk_levels groups;
    if (read_plan(&p, per, let, arena) < 0 || gk_levels_of(tables, rows, per, arena, &groups) < 0 ||
        read_measures(&p, tables, arena, &m) < 0)
        return NULL;
    gk_frame *frame = empty_frame(&p, groups.n, arena);
    *n_seed = -1;
    for (int64_t g = 0; g < groups.n; g++, frame->n_row++) {
        put_levels(frame, &p, tables, &groups.rows[g], groups.n, arena);
        if (put_measures(frame, &p, &m, &groups.rows[g], n_seed) < 0)
            return NULL;
    }
    *n_seed = *n_seed < 0 ? 0 : *n_seed;
    return frame;
}
