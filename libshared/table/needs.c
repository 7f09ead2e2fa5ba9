/* needs.c -- see needs.h. */
#include "table/needs.h"

#include <stdlib.h>
#include <string.h>
#include "base/options.h"
#include "io/text.h"
#include "table/level.h"

/* "0.10" is 0.1, "add" is "add". */
static bool is_same(const char *a, const char *b)
{
    double x, y;
    return strcmp(a, b) == 0 || (gk_parse_real(a, &x) == 0 && gk_parse_real(b, &y) == 0 && x == y);
}

/* Of how many levels is there a value. */
static int64_t n_value(const gk_levels *level)
{
    int64_t n = 0;
    for (int64_t i = 0; i < level->n; i++)
        n += *level->name[i] && strcmp(level->name[i], "nan") != 0;
    return n;
}

static bool has(const gk_levels *level, const char *value)
{
    for (int64_t i = 0; i < level->n; i++)
        if (is_same(level->name[i], value))
            return true;
    return false;
}

/* The words with the texts of parameters in the place of $NAME; NULL with gk_error. */
static char *with_parameters(const char *words, const gk_rows_of_tables *tables, gk_arena *arena)
{
    char *rest = gk_arena_strdup(arena, words), *all = gk_arena_strdup(arena, "");
    for (char *word; (word = gk_next_name(&rest));) {
        int i = *word == '$' ? gk_parameter_find(tables, word + 1) : 0;
        if (i < 0) {
            gk_no_parameter(word + 1);
            return NULL;
        }
        all = gk_arena_printf(arena, "%s%s%s", all, *all ? " " : "", *word == '$' ? tables->parameter[i].text : word);
    }
    return all;
}

/* Is it "N values"? */
static bool is_number_of_values(const char *words, int64_t *n, gk_arena *arena)
{
    char *rest = gk_arena_strdup(arena, words), *first = gk_next_name(&rest), *second = gk_next_name(&rest);
    return second && strcmp(second, "values") == 0 && !gk_next_name(&rest) && gk_parse_int(first, n) == 0;
}

/* One of the columns of a need: its values, or so many of them. */
typedef struct demand { const char *column, *words; int64_t n; bool is_number; } demand;

/* "COLUMN = VALUE VALUE ..."; -1 with gk_error. */
static int read_demand(char *text, const gk_rows_of_tables *tables, gk_arena *arena, demand *out)
{
    out->column = gk_text_trim(strsep(&text, "="));
    if (!text || !*out->column)
        return gk_error("expected 'COLUMN = VALUE VALUE ...' in 'needs', found '%s'", out->column);
    if (!(out->words = with_parameters(text, tables, arena)))
        return -1;
    out->n = 0;
    out->is_number = is_number_of_values(out->words, &out->n, arena);
    char *rest = out->is_number ? NULL : gk_arena_strdup(arena, out->words), *first = rest;
    for (char *word; (word = gk_next_name(&rest));) {    /* each once; behind each there is an end of text now */
        bool is_new = true;
        for (char *at = first; at < word && is_new; at += strlen(at) + 1)
            is_new = !is_same(at, word);
        out->n += is_new;
    }
    return 0;
}

/* "COLUMN = VALUE VALUE ... with COLUMN = ...": how many columns, or -1 with gk_error. */
static int read_need(const char *need, const gk_rows_of_tables *tables, gk_arena *arena, demand **out)
{
    static const char WITH[] = " with ";
    int n = 0;
    *out = gk_arena_alloc(arena, (strlen(need) + 1) * sizeof **out);
    for (char *rest = gk_arena_strdup(arena, need), *text; (text = rest); n++) {
        if ((rest = strstr(text, WITH))) {
            *rest = '\0';
            rest += strlen(WITH);
        }
        if (read_demand(text, tables, arena, &(*out)[n]) < 0)
            return -1;
    }
    return n;
}

static int missing_in(const demand *d, const gk_levels *level, const char *before, const char *of, gk_arena *arena, FILE *told)
{
    bool any = false;
    if (d->is_number) {
        if (n_value(level) < d->n)
            fprintf(told, "%s%s%s: %lld of %lld values", before, of, d->column, (long long)n_value(level), (long long)d->n);
        return n_value(level) < d->n;
    }
    char *rest = gk_arena_strdup(arena, d->words);
    for (char *value; (value = gk_next_name(&rest));) {
        if (has(level, value))
            continue;
        if (!any)
            fprintf(told, "%s%s%s: no", before, of, d->column);
        fprintf(told, " %s", value);
        any = true;
    }
    return any;
}

/* Is this one of the values that are asked for? */
static bool is_asked(const demand *d, const char *value, gk_arena *arena)
{
    if (d->is_number)
        return *value && strcmp(value, "nan") != 0;
    char *rest = gk_arena_strdup(arena, d->words);
    for (char *word; (word = gk_next_name(&rest));)
        if (is_same(word, value))
            return true;
    return false;
}

/* Rows that must have all values of a column, and how they are told: "size 200, ". */
typedef struct place { gk_selection rows; const char *of; } place;
typedef struct places { int64_t n; place *place; } places;

/* One place and its rows by the values of one more column: a place for each that is asked for, no more than are. */
static void add_places(places *to, const place *from, const demand *d, const gk_levels *level, gk_arena *arena)
{
    place  *more = gk_arena_alloc(arena, (size_t)(to->n + level->n + 1) * sizeof *more);
    int64_t n_before = to->n;
    for (int64_t k = 0; k < to->n; k++)
        more[k] = to->place[k];
    to->place = more;
    for (int64_t k = 0; k < level->n && to->n - n_before < d->n; k++)
        if (is_asked(d, level->name[k], arena))
            to->place[to->n++] = (place){ level->rows[k],
                                          gk_arena_printf(arena, "%s%s %s, ", from->of, d->column, level->name[k]) };
}

/* Of places, those that the values of one more column make.  told: 1 if one lacks such a value, which is told; NULL: nobody asks.
 * -1 with gk_error. */
static int go_within(places *at, const demand *d, const gk_rows_of_tables *tables, const char *before, gk_arena *arena,
                     FILE *told)
{
    places next = { 0 };
    for (int64_t i = 0; i < at->n; i++) {
        const place *from = &at->place[i];
        gk_levels    level;
        if (gk_levels_of(tables, &from->rows, d->column, arena, &level) < 0)
            return -1;
        if (told && missing_in(d, &level, before, from->of, arena, told))
            return 1;
        add_places(&next, from, d, &level, arena);
    }
    *at = next;
    return 0;
}

/* Each of the values of its first column, with what stands behind it among its own rows. */
static int missing_of(const char *need, const gk_rows_of_tables *tables, const gk_selection *rows, const char *before,
                      gk_arena *arena, FILE *told)
{
    places  at = { 1, &(place){ *rows, "" } };
    demand *d;
    int     lacks = 0, n = read_need(need, tables, arena, &d);
    for (int i = 0; i < n && lacks == 0; i++)
        lacks = go_within(&at, &d[i], tables, before, arena, told);
    return n < 0 ? -1 : lacks;
}

int gk_needs_missing(const char *needs, const gk_rows_of_tables *tables, const gk_selection *rows, const char *before,
                     gk_arena *arena, FILE *told)
{
    char *rest = gk_arena_strdup(arena, needs);
    int   any = 0;
    for (char *need; (need = strsep(&rest, ";"));) {
        int lacks = missing_of(need, tables, rows, any ? "; " : before, arena, told);
        if (lacks < 0)
            return -1;
        any |= lacks;
    }
    return any;
}

const char *gk_needs_grid(const char *needs, const gk_rows_of_tables *tables, const gk_selection *rows, const char *before,
                          gk_arena *arena)
{
    char *rest = gk_arena_strdup(arena, needs);
    for (char *need; (need = strsep(&rest, ";"));) {
        places  at = { 1, &(place){ *rows, "" } };
        demand *d;
        int64_t asked = 1;
        int     n = read_need(need, tables, arena, &d);
        for (int i = 0; i < n; asked *= d[i++].n)
            if (go_within(&at, &d[i], tables, "", arena, NULL) < 0)
                return NULL;
        if (n < 0)
            return NULL;
        if (at.n < asked)
            before = gk_arena_printf(arena, "%s%s%lld of %lld", before, *before ? "; " : "", (long long)at.n, (long long)asked);
    }
    return before;
}
