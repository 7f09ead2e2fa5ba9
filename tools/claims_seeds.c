/* claims_seeds.c -- see claims_seeds.h. */
#include "claims_seeds.h"

#include "table/expression.h"

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
