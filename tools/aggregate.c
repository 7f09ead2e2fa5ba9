/* aggregate.c -- see aggregate.h. */
#include "aggregate.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "analysis/stat.h"

static int64_t how_many(const gk_sample *s, gk_truth truth)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n; i++)
        n += s->truth[i] == truth;
    return n;
}

/* k of n: 1 of 1, 2 of 2, 2 of 3, 4 of 5, 8 of 10. */
static int64_t most_of(int64_t n)
{
    return n == 3 ? 2 : (4 * n + 4) / 5;
}

/* So many rows must be true; those that are undecided may fall either way. */
static gk_truth at_least(const gk_sample *s, int64_t needed)
{
    int64_t n_true = how_many(s, GK_TRUE), n_open = how_many(s, GK_UNDECIDED) + how_many(s, GK_NO_DATA);
    if (s->n == 0)
        return GK_NO_DATA;
    return n_true >= needed ? GK_TRUE : n_true + n_open >= needed ? GK_UNDECIDED : GK_FALSE;
}

static double middle(const gk_sample *s, gk_arena *arena)
{
    bool *success = gk_arena_alloc(arena, (size_t)(s->n + 1) * sizeof *success);
    for (int64_t i = 0; i < s->n; i++)
        success[i] = s->truth[i] == GK_TRUE;
    return gk_stat_logistic(s->n, s->x, success).middle;
}

static double mean(const gk_sample *s)
{
    double sum = 0;
    for (int64_t i = 0; i < s->n; i++)
        sum += s->x[i] / (double)s->n;
    return s->n > 0 ? sum : NAN;
}

gk_aggregate gk_aggregate_of(const char *name, const gk_sample *s, gk_arena *arena)
{
    int64_t  n_true = how_many(s, GK_TRUE);
    gk_truth none = s->n == 0 ? GK_NO_DATA : n_true == 0 ? GK_TRUE : GK_FALSE;
    const struct { const char *name; gk_truth truth; } truths[] = {
        { "most", at_least(s, most_of(s->n)) }, { "all", at_least(s, s->n) }, { "none", none },
    };
    const struct { const char *name; double number; } numbers[] = {
        { "share", s->n > 0 ? (double)n_true / (double)s->n : NAN }, { "n", (double)n_true },
        { "median", gk_stat_quantile(s->n, s->x, 0.5) }, { "min", gk_stat_quantile(s->n, s->x, 0) },
        { "max", gk_stat_quantile(s->n, s->x, 1) }, { "mean", mean(s) },
        { "spearman", gk_stat_spearman_medians(s->n, s->x, s->y) }, { "dcrit", middle(s, arena) },
    };
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++)
        if (strcmp(name, truths[i].name) == 0)
            return (gk_aggregate){ GK_A_TRUTH, NAN, truths[i].truth, n_true };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(name, numbers[i].name) == 0)
            return (gk_aggregate){ GK_A_NUMBER, numbers[i].number, GK_NO_DATA, n_true };
    return (gk_aggregate){ GK_NO_AGGREGATE, NAN, GK_NO_DATA, 0 };
}
