/* critical.c -- see critical.h. */
#include "analysis/critical.h"

#include <math.h>
#include <stdlib.h>
#include "analysis/stat.h"
#include "base/arena.h"

/* What is known of a seed: it fails at low and succeeds at high, if that was seen there. */
typedef struct bracket { double low, high; bool low_seen, high_seen; } bracket;

typedef struct outcome { double x; bool success; } outcome;

static int by_x(const void *a, const void *b)
{
    double x = ((const outcome *)a)->x, y = ((const outcome *)b)->x;
    return (x > y) - (x < y);
}

/* The gap between n outcomes, by x, that the fewest contradict (successes below it, failures above it); of several the widest. */
static bracket best_gap(const gk_search *search, int64_t n, const outcome *of)
{
    bracket best = { search->low, search->high, false, false };
    int64_t wrong = 0, least = INT64_MAX;

    for (int64_t i = 0; i < n; i++)
        wrong += !of[i].success;
    for (int64_t k = 0; k <= n; k++) {    /* behind k outcomes */
        bracket here = { k > 0 ? of[k - 1].x : search->low, k < n ? of[k].x : search->high, k > 0, k < n };
        if (wrong < least || (wrong == least && here.high - here.low > best.high - best.low)) {
            best  = here;
            least = wrong;
        }
        if (k < n)
            wrong += of[k].success ? 1 : -1;
    }
    return best;
}

/* The brackets of all seeds, in the arena. */
static bracket *brackets(const gk_search *search, const gk_outcomes *outcomes, gk_arena *arena)
{
    bracket *out = gk_arena_alloc(arena, (size_t)(search->n_seed + 1) * sizeof *out);
    outcome *own = gk_arena_alloc(arena, (size_t)(outcomes->n + 1) * sizeof *own);

    for (int64_t seed = 0; seed < search->n_seed; seed++) {
        int64_t n = 0;
        for (int64_t i = 0; i < outcomes->n; i++)
            if (outcomes->seed[i] == seed)
                own[n++] = (outcome){ outcomes->x[i], outcomes->success[i] };
        qsort(own, (size_t)n, sizeof *own, by_x);
        out[seed] = best_gap(search, n, own);
    }
    return out;
}

/* Where the bracket asks for a run; NaN: nowhere.  An end that nobody saw is looked at when all else is known. */
static double question(const gk_search *search, const bracket *b)
{
    double half = search->precision / 2;

    if (b->high - b->low > search->precision * (1 + 1e-9))
        return round((b->low + b->high) / 2 / half) * half;
    return !b->low_seen && b->high > search->low ? search->low : !b->high_seen && b->low < search->high ? search->high : NAN;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int check_ends(const gk_search *search, const bracket *b)
{
    int64_t n_below = 0, n_above = 0;

    for (int64_t seed = 0; seed < search->n_seed; seed++) {
        n_below += b[seed].high_seen && b[seed].high <= search->low;
        n_above += b[seed].low_seen && b[seed].low >= search->high;
    }
    if (2 * n_below >= search->n_seed)
        return gk_error("both ends agree: %lld of %lld seeds succeed at %g already", (long long)n_below,
                        (long long)search->n_seed, search->low);
    if (2 * n_above >= search->n_seed)
        return gk_error("both ends agree: %lld of %lld seeds fail at %g still", (long long)n_above, (long long)search->n_seed,
                        search->high);
    return 0;
}

int64_t gk_search_next(const gk_search *search, const gk_outcomes *outcomes, double *x, bool *wanted)
{
    gk_arena arena = { 0 };
    bracket *b = brackets(search, outcomes, &arena);
    double  *asked = gk_arena_alloc(&arena, 2 * (size_t)(search->n_seed + 1) * sizeof *asked), *sorted = asked + search->n_seed;
    int64_t  n = 0, n_wanted = check_ends(search, b);

    for (int64_t seed = 0; seed < search->n_seed; seed++) {
        asked[seed] = question(search, &b[seed]);
        if (!isnan(asked[seed]))
            sorted[n++] = asked[seed];
    }
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    *x = n > 0 ? sorted[(n - 1) / 2] : NAN;
    bool is_end = *x <= search->low || *x >= search->high;
    for (int64_t seed = 0; seed < search->n_seed && n_wanted >= 0; seed++) {
        wanted[seed] = n > 0 && !isnan(asked[seed]) && (is_end ? asked[seed] == *x : b[seed].low < *x && *x < b[seed].high);
        n_wanted += wanted[seed];
    }
    gk_arena_release(&arena);
    return n_wanted;
}

gk_estimate gk_search_estimate(const gk_search *search, const gk_outcomes *outcomes)
{
    gk_arena    arena = { 0 };
    bracket    *b = brackets(search, outcomes, &arena);
    double     *middle = gk_arena_alloc(&arena, (size_t)(search->n_seed + 1) * sizeof *middle), widest = 0;
    gk_estimate found = { .interval = { NAN, NAN }, .n_seed = search->n_seed };

    for (int64_t seed = 0; seed < search->n_seed; seed++) {
        bool is_below = b[seed].high_seen && b[seed].high <= search->low;
        bool is_above = b[seed].low_seen && b[seed].low >= search->high;
        middle[seed] = is_below ? -INFINITY : is_above ? INFINITY : (b[seed].low + b[seed].high) / 2;
        widest = fmax(widest, b[seed].high - b[seed].low);
    }
    found.value = gk_stat_quantile(search->n_seed, middle, 0.5);
    if (search->n_seed > 1)
        found.interval = gk_interval_inside(gk_interval_median_threshold(search->n_seed, middle, widest), search->low,
                                            search->high);
    gk_arena_release(&arena);
    return found;
}
