/* claims_seeds.c -- see claims_seeds.h. */
#include "claims_seeds.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

const char *gk_seed_set(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena, int64_t *n_seed)
{
    double *seed = gk_arena_alloc(arena, ((size_t)rows->n + 1) * sizeof *seed);
    int64_t n = 0;
    for (int64_t i = 0; i < rows->n; i++) {
        const gk_frame *frame = tables->table[rows->table[i]];
        int             c = gk_frame_find(frame, "seed");
        if (c >= 0 && frame->column[c].value && isfinite(frame->column[c].value[rows->row[i]]))
            seed[n++] = frame->column[c].value[rows->row[i]];
    }
    qsort(seed, (size_t)n, sizeof *seed, by_value);
    const char *text = "";
    *n_seed = n > 0;
    for (int64_t i = 0, end; i < n; i = end) {
        *n_seed += i > 0;
        for (end = i + 1; end < n && seed[end] <= seed[end - 1] + 1; end++)
            *n_seed += seed[end] > seed[end - 1];
        text = gk_arena_printf(arena, "%s%s%.15g", text, *text ? " " : "", seed[i]);
        if (seed[end - 1] > seed[i])
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
