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

int gk_needs_missing(const char *needs, const gk_rows_of_tables *tables, const gk_selection *rows, const char *before,
                     gk_arena *arena, FILE *told)
{
    char *rest = gk_arena_strdup(arena, needs);
    int   any = 0;
    for (char *text; (text = strsep(&rest, ";"));) {
        char     *column = gk_text_trim(strsep(&text, "="));
        gk_levels level;
        if (!text || !*column)
            return gk_error("expected 'COLUMN = VALUE VALUE ...' in 'needs', found '%s'", needs);
        const char *words = with_parameters(text, tables, arena);
        if (!words || gk_levels_of(tables, rows, column, arena, &level) < 0)
            return -1;
        any |= missing_in(column, words, &level, any ? "; " : before, arena, told);
    }
    return any;
}
