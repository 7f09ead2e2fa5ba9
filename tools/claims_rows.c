/* claims_rows.c -- see claims_rows.h. */
#include "claims_rows.h"

#include <stdbool.h>
#include <string.h>
#include "table/origin.h"

const char *gk_seed_set(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena, int64_t *n_seed)
{
    const double *seed = gk_seeds_among(tables, rows, arena, n_seed);
    const char   *text = "";
    for (int64_t i = 0, end; i < *n_seed; i = end) {
        for (end = i + 1; end < *n_seed && seed[end] == seed[end - 1] + 1;)
            end++;
        text = gk_arena_printf(arena, "%s%s%.15g", text, *text ? " " : "", seed[i]);
        if (end > i + 1)
            text = gk_arena_printf(arena, "%s..%.15g", text, seed[end - 1]);
    }
    return text;
}

const char *gk_seeds_told(int64_t n_behind, int64_t n_seed, gk_arena *arena)
{
    if (n_behind > 0 && n_seed == 0)
        return "-";
    return gk_arena_printf(arena, "%lld", (long long)(n_behind < n_seed ? n_behind : n_seed));
}

typedef const char *origin(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena);

static const char *of_read_or_selected(origin *of, const gk_rows_of_tables *tables, const gk_judgement *found, gk_arena *arena)
{
    const char *text = of(tables, &found->read, arena);
    return *text ? text : of(tables, &found->selected, arena);
}

const char *gk_made_of(const gk_rows_of_tables *tables, const gk_judgement *found, gk_arena *arena)
{
    return of_read_or_selected(gk_origin_of, tables, found, arena);
}

const char *gk_commands_of(const gk_rows_of_tables *tables, const gk_judgement *found, gk_arena *arena)
{
    return of_read_or_selected(gk_origin_commands, tables, found, arena);
}

/* Is it a word of "add subtract"? */
static bool is_listed(const char *list, const char *text)
{
    size_t n = strlen(text);
    for (const char *at = list; (at = strstr(at, text)); at++)
        if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ' '))
            return true;
    return false;
}

const char *gk_operators_of(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena)
{
    static const char *const columns[] = { "task", "operator" };
    const char *all = "", *text;
    double      number;
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        for (int64_t i = 0; i < rows->n; i++)
            if (gk_row_value(tables, rows, i, columns[c], &number, &text) == 0 && text && *text && !is_listed(all, text))
                all = gk_arena_printf(arena, "%s%s%s", all, *all ? " " : "", text);
    return all;
}
