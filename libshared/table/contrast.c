/* contrast.c -- see contrast.h. */
#include "table/contrast.h"

#include <math.h>
#include "analysis/seeds.h"
#include "base/arena.h"

static bool has_interval(gk_range a)
{
    return !isnan(a.low) && !a.is_censored;
}

bool gk_is_contrast(const char *sign, gk_range a, gk_range b)
{
    return (sign[0] == '<' || sign[0] == '>') && a.n_aggregate + b.n_aggregate > 1 && !has_interval(a) && !has_interval(b);
}

/* What to take of a range: the number, or a limit of what is known of it. */
typedef enum { LOW, NUMBER, HIGH } part;

static double part_of(gk_range a, part which)
{
    return isnan(a.low) || which == NUMBER ? a.number : which == LOW ? a.low : a.high;
}

static bool has(const gk_side *side, const gk_side *other, int64_t seed)
{
    return side->has ? side->has[seed] : other->has && other->has[seed];
}

/* The interval of a - b, of these parts of them. */
static gk_interval difference(int64_t n, const gk_side *a, part of_a, const gk_side *b, part of_b)
{
    gk_arena  arena = { 0 };
    size_t    most = (size_t)(2 * n + 1);
    double   *x = gk_arena_alloc(&arena, most * sizeof *x), *y = gk_arena_alloc(&arena, most * sizeof *y);
    int64_t  *seed = gk_arena_alloc(&arena, most * sizeof *seed);
    gk_seeds  runs = { 0, 0, x, y, seed };
    for (int64_t i = 0; i < n; i++) {
        const bool is_there[] = { has(b, a, i), has(a, b, i) };
        for (int side = 0; side < 2; side++)
            if (is_there[side]) {
                x[runs.n] = side;
                y[runs.n] = side ? part_of(a->of_seed[i], of_a) : part_of(b->of_seed[i], of_b);
                seed[runs.n++] = runs.n_seed;
            }
        runs.n_seed += is_there[0] || is_there[1];
    }
    gk_interval found = gk_seeds_change(&runs).estimate.interval;
    gk_arena_release(&arena);
    return found;
}

static bool says(const char *sign, double difference, gk_truth truth)
{
    return gk_truth_of_order(sign, difference < 0 ? -1 : difference > 0) == truth;
}

gk_truth gk_contrast(const char *sign, gk_truth truth, int64_t n, const gk_side *a, const gk_side *b, unsigned *why,
                     bool *is_firm)
{
    const gk_interval numbers = difference(n, a, NUMBER, b, NUMBER);
    const double      low = difference(n, a, LOW, b, HIGH).low, high = difference(n, a, HIGH, b, LOW).high;
    *is_firm = !isnan(numbers.low);
    if (!*is_firm || (says(sign, low, truth) && says(sign, high, truth)))
        return truth;
    *why |= says(sign, numbers.low, truth) && says(sign, numbers.high, truth) ? GK_ENDED : GK_SPANNED;
    return GK_UNDECIDED;
}
