/* derive.c -- see derive.h. */
#include "table/derive.h"

#include <ctype.h>
#include <math.h>
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
    bool                 of_one_seed;    /* every group is by `per`: there a single seed is no want of others */
    const gk_expression *expression[MAX_NAME];
    char               (*number_text)[NUMBER_BYTES];
    gk_range            *range;
} measures;

static bool is_per(const plan *p, const char *name)
{
    for (int c = 0; c < p->n_per; c++)
        if (strcmp(p->name[c], name) == 0)
            return true;
    return false;
}

static int read_measures(const plan *p, const gk_rows_of_tables *tables, gk_arena *arena, measures *out)
{
    size_t        n_most = (size_t)(tables->n_parameter + p->n_let + 1);
    gk_parameter *parameter = gk_arena_alloc(arena, n_most * sizeof *parameter);
    out->number_text = gk_arena_alloc(arena, n_most * sizeof *out->number_text);
    out->range = gk_arena_alloc(arena, n_most * sizeof *out->range);
    out->known = *tables;
    out->of_one_seed = is_per(p, "seed");
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

/* All of a group; behind[k]: the seeds behind the k-th, -1 if it is made of earlier ones alone; read: see gk_measure. */
static int measure(const plan *p, const measures *m, const gk_selection *group, bool *read, int64_t *behind)
{
    for (int k = 0; k < p->n_let; k++) {
        if (gk_measure(m->expression[k], group, read, &m->range[k], &behind[k]) < 0)
            return -1;
        m->range[k].lacks_interval &= !m->of_one_seed;
        write_number(m->number_text[k], m->range[k].number);
    }
    return 0;
}

static int put_measures(gk_frame *frame, const plan *p, const measures *m, const gk_selection *group, bool *read, int64_t *n_seed)
{
    int64_t behind[MAX_NAME];
    if (measure(p, m, group, read, behind) < 0)
        return -1;
    for (int k = 0; k < p->n_let; k++) {
        gk_frame_column *column = &frame->column[p->n_per + k];
        column->range[frame->n_row] = m->range[k];
        column->value[frame->n_row] = m->range[k].number;
        if (behind[k] > 0 && (*n_seed < 0 || behind[k] < *n_seed))
            *n_seed = behind[k];
    }
    return 0;
}

/* --- what each seed says by itself --------------------------------------------------------------------------------------- */

static gk_selection rows_of_seed(const gk_rows_of_tables *tables, const gk_selection *group, double seed, gk_arena *arena)
{
    size_t       most = (size_t)group->n + 1;
    gk_selection some = { 0, gk_arena_alloc(arena, most * sizeof *some.table), gk_arena_alloc(arena, most * sizeof *some.row) };
    const char  *text;
    double       value;
    for (int64_t i = 0; i < group->n; i++)
        if (gk_row_value(tables, group, i, "seed", &value, &text) == 0 && value == seed) {
            some.table[some.n] = group->table[i];
            some.row[some.n++] = group->row[i];
        }
    return some;
}

/* There is nothing of a seed that has no row that counts; what has no value all the same ("never" - "never") may be anything. */
static int put_by_seed(gk_frame *frame, const plan *p, const measures *m, const gk_selection *group, const double *seed)
{
    int status = 0;
    for (int64_t i = 0; i < frame->n_seed && status == 0; i++) {
        gk_arena     scratch = { 0 };
        gk_selection rows = rows_of_seed(&m->known, group, seed[i], &scratch);
        int64_t      behind[MAX_NAME];
        bool         lacks = false;
        status = measure(p, m, &rows, NULL, behind);
        for (int k = 0; k < p->n_let && status == 0; k++) {
            gk_range found = m->range[k];
            lacks |= behind[k] == 0;
            if (isnan(found.number))
                found = lacks ? gk_exactly(NAN) : gk_range_within(NAN, -INFINITY, INFINITY, false);
            frame->column[p->n_per + k].by_seed[frame->n_row * frame->n_seed + i] = behind[k] == 0 ? gk_exactly(NAN) : found;
        }
        gk_arena_release(&scratch);
    }
    return status;
}

/* The seeds of rows that stand for groups of several, and room for what they say; of a row that is of one there are none. */
static const double *prepare_seeds(gk_frame *frame, const plan *p, const measures *m, const gk_rows_of_tables *tables,
                                   const gk_selection *rows, int64_t most, gk_arena *arena)
{
    if (m->of_one_seed)
        return NULL;
    const double *seed = gk_seeds_among(tables, rows, arena, &frame->n_seed);
    size_t        n = (size_t)(most * frame->n_seed + 1);
    for (int c = p->n_per; c < frame->n_column && frame->n_seed > 0; c++)
        frame->column[c].by_seed = gk_arena_alloc(arena, n * sizeof(gk_range));
    return seed;
}

/* Of the group the rows that were read, in front. */
static void keep_read(gk_selection *group, const bool *read)
{
    int64_t n = 0;
    for (int64_t i = 0; i < group->n; i++)
        if (read[i]) {
            group->table[n] = group->table[i];
            group->row[n++] = group->row[i];
        }
    group->n = n;
}

gk_frame *gk_derive(const gk_rows_of_tables *tables, const gk_selection *rows, const char *per, const char *let, gk_arena *arena,
                    int64_t *n_seed, const gk_selection **behind)
{
    plan      p;
    measures  m;
    gk_levels groups;
    if (read_plan(&p, per, let, arena) < 0 || gk_levels_of(tables, rows, per, arena, &groups) < 0 ||
        read_measures(&p, tables, arena, &m) < 0)
        return NULL;
    gk_frame *frame = empty_frame(&p, groups.n, arena);
    const double *seed = prepare_seeds(frame, &p, &m, tables, rows, groups.n, arena);
    bool *read = gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *read);
    *n_seed = -1;
    for (int64_t g = 0; g < groups.n; g++, frame->n_row++) {
        memset(read, 0, (size_t)groups.rows[g].n * sizeof *read);
        put_levels(frame, &p, tables, &groups.rows[g], groups.n, arena);
        if (put_measures(frame, &p, &m, &groups.rows[g], read, n_seed) < 0 ||
            put_by_seed(frame, &p, &m, &groups.rows[g], seed) < 0)
            return NULL;
        keep_read(&groups.rows[g], read);
    }
    *n_seed = *n_seed < 0 ? 0 : *n_seed;
    *behind = groups.rows;
    return frame;
}
