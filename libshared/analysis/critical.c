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

static bool is_below(const gk_search *search, const bracket *b)
{
    return b->high_seen && b->high <= search->low;
}

static bool is_above(const gk_search *search, const bracket *b)
{
    return b->low_seen && b->low >= search->high;
}

static bool is_known(const gk_search *search, const bracket *b)
{
    return is_below(search, b) || is_above(search, b) ||
           (b->low_seen && b->high_seen && b->high - b->low <= search->precision * (1 + 1e-9));
}

static double on_grid(const gk_search *search, double x)
{
    double half = search->precision / 2;
    return round(x / half) * half;
}

/* A seed that knows of no other: the ends, then halves. */
static double question_of_first(const gk_search *search, const bracket *b, bool high_first)
{
    if (b->low_seen && b->high_seen)
        return on_grid(search, (b->low + b->high) / 2);
    return b->low_seen || (high_first && !b->high_seen) ? search->high : search->low;
}

/* From an end of a bracket that was seen into it: as far again as that is from the others, but no further than its middle. */
static double step_from(const gk_search *search, const bracket *b, double from, double near, double sign)
{
    double step = fmax(sign * (from - near), 0) + search->precision, half = (b->high - b->low) / 2;
    return from + sign * (b->low_seen && b->high_seen ? fmin(step, half) : step);
}

/* One that knows where others' thresholds are: there; where it has been there, away from there in steps that double until its own
 * is passed, then halves. */
static double question_near(const gk_search *search, const bracket *b, double near)
{
    double x = near, half = search->precision / 2;

    if (near < b->low + half)
        x = b->low_seen ? step_from(search, b, b->low, near, 1) : search->low;
    else if (near > b->high - half)
        x = b->high_seen ? step_from(search, b, b->high, near, -1) : search->high;
    if (x > search->low && x < search->high)
        x = on_grid(search, x);
    return fmin(fmax(x, search->low), search->high);
}

/* Where every seed asks for a run; NaN: nowhere.  As long as no threshold is known one seed goes ahead: the one that is next to
 * know its own. */
static void ask(const gk_search *search, const bracket *b, double *asked)
{
    gk_arena arena = { 0 };
    double  *middle = gk_arena_alloc(&arena, (size_t)(search->n_seed + 1) * sizeof *middle);
    int64_t  n_middle = 0, first = -1, n_more_above = 0;

    for (int64_t seed = 0; seed < search->n_seed; seed++) {
        bool at_end = is_below(search, &b[seed]) || is_above(search, &b[seed]);
        asked[seed] = NAN;
        n_more_above += is_above(search, &b[seed]) - is_below(search, &b[seed]);
        if (!is_known(search, &b[seed]))
            first = first < 0 || b[seed].high - b[seed].low < b[first].high - b[first].low ? seed : first;
        else if (!at_end)
            middle[n_middle++] = (b[seed].low + b[seed].high) / 2;
    }
    double near = n_middle > 0 ? gk_stat_quantile(n_middle, middle, 0.5) : NAN;
    for (int64_t seed = 0; seed < search->n_seed && n_middle > 0; seed++)
        if (!is_known(search, &b[seed]))
            asked[seed] = question_near(search, &b[seed], near);
    if (n_middle == 0 && first >= 0)
        asked[first] = question_of_first(search, &b[first], n_more_above > 0);
    gk_arena_release(&arena);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Half of the seeds decide, but one does not speak for two: the other must have been asked. */
static int check_ends(const gk_search *search, const bracket *b)
{
    int64_t n_below = 0, n_above = 0, n_low = 0, n_high = 0, least = search->n_seed > 1 ? 2 : 1;

    for (int64_t seed = 0; seed < search->n_seed; seed++) {
        n_below += is_below(search, &b[seed]);
        n_above += is_above(search, &b[seed]);
        n_low += is_below(search, &b[seed]) || b[seed].low_seen;
        n_high += is_above(search, &b[seed]) || b[seed].high_seen;
    }
    if (2 * n_below >= search->n_seed && n_low >= least)
        return gk_error("both ends agree: %lld of %lld seeds succeed at %g already", (long long)n_below,
                        (long long)search->n_seed, search->low);
    if (2 * n_above >= search->n_seed && n_high >= least)
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

    ask(search, b, asked);
    for (int64_t seed = 0; seed < search->n_seed; seed++)
        if (!isnan(asked[seed]))
            sorted[n++] = asked[seed];
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    *x = n > 0 ? sorted[(n - 1) / 2] : NAN;
    for (int64_t seed = 0; seed < search->n_seed && n_wanted >= 0; seed++) {
        wanted[seed] = asked[seed] == *x;
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
        double own = (b[seed].low + b[seed].high) / 2;
        middle[seed] = is_below(search, &b[seed]) ? -INFINITY : is_above(search, &b[seed]) ? INFINITY : own;
        widest = fmax(widest, b[seed].high - b[seed].low);
    }
    found.value = gk_stat_quantile(search->n_seed, middle, 0.5);
    if (search->n_seed > 1)
        found.interval = gk_interval_inside(gk_interval_median_threshold(search->n_seed, middle, widest), search->low,
                                            search->high);
    gk_arena_release(&arena);
    return found;
}
