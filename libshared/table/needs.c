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

static int missing_in(const char *column, const char *words, const gk_levels *level, const char *before, gk_arena *arena,
                      FILE *told)
{
    int64_t n;
    bool    any = false;
    if (is_number_of_values(words, &n, arena)) {
        if (n_value(level) < n)
            fprintf(told, "%s%s: %lld of %lld values", before, column, (long long)n_value(level), (long long)n);
        return n_value(level) < n;
    }
    char *rest = gk_arena_strdup(arena, words);
    for (char *value; (value = gk_next_name(&rest));) {
        if (has(level, value))
            continue;
        if (!any)
            fprintf(told, "%s%s: no", before, column);
        fprintf(told, " %s", value);
        any = true;
    }
    return any;
}

/* Is this one of the values that are asked for? */
static bool is_asked(const char *words, const char *value, gk_arena *arena)
{
    int64_t n;
    if (is_number_of_values(words, &n, arena))
        return *value && strcmp(value, "nan") != 0;
    char *rest = gk_arena_strdup(arena, words);
    for (char *word; (word = gk_next_name(&rest));)
        if (is_same(word, value))
            return true;
    return false;
}

/* Rows that must have all values of a column, and how they are told: "size 200, ". */
typedef struct place { gk_selection rows; const char *of; } place;
typedef struct places { int64_t n; place *place; } places;

/* Of places, those that the values of one more column make.  1: one lacks such a value, which is told; -1 with gk_error. */
static int go_within(places *at, char *need, const gk_rows_of_tables *tables, const char *before, gk_arena *arena, FILE *told)
{
    char  *column = gk_text_trim(strsep(&need, "="));
    places next = { 0 };
    if (!need || !*column)
        return gk_error("expected 'COLUMN = VALUE VALUE ...' in 'needs', found '%s'", column);
    const char *words = with_parameters(need, tables, arena);
    for (int64_t i = 0; words && i < at->n; i++) {
        const place *from = &at->place[i];
        gk_levels    level;
        if (gk_levels_of(tables, &from->rows, column, arena, &level) < 0)
            return -1;
        if (missing_in(column, words, &level, gk_arena_printf(arena, "%s%s", before, from->of), arena, told))
            return 1;
        place *more = gk_arena_alloc(arena, (size_t)(next.n + level.n + 1) * sizeof *more);
        for (int64_t k = 0; k < next.n; k++)
            more[k] = next.place[k];
        next.place = more;
        for (int64_t k = 0; k < level.n; k++)
            if (is_asked(words, level.name[k], arena))
                next.place[next.n++] = (place){ level.rows[k],
                                                gk_arena_printf(arena, "%s%s %s, ", from->of, column, level.name[k]) };
    }
    *at = next;
    return words ? 0 : -1;
}

/* "COLUMN = VALUE VALUE ... with COLUMN = ...": each of these values, with what stands behind it among its own rows. */
static int missing_of(const char *need, const gk_rows_of_tables *tables, const gk_selection *rows, const char *before,
                      gk_arena *arena, FILE *told)
{
    static const char WITH[] = " with ";
    places at = { 1, &(place){ *rows, "" } };
    int    lacks = 0;
    for (char *rest = gk_arena_strdup(arena, need), *text; lacks == 0 && (text = rest);) {
        if ((rest = strstr(text, WITH))) {
            *rest = '\0';
            rest += strlen(WITH);
        }
        lacks = go_within(&at, text, tables, before, arena, told);
    }
    return lacks;
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
