/* aggregate.c -- see aggregate.h. */
#include "table/aggregate.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "analysis/stat.h"

enum { N_RESAMPLE = 1000 };

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

/* The x of the lowest (sign 1) or highest (-1) y; rows without y are passed over. */
static double extreme(const gk_sample *s, int sign)
{
    int64_t best = -1;
    for (int64_t i = 0; i < s->n; i++)
        if (!isnan(s->y[i]) && (best < 0 || sign * s->y[i] < sign * s->y[best]))
            best = i;
    return best < 0 ? NAN : s->x[best];
}

/* --- y = a x^b ----------------------------------------------------------------------------------------------------------- */

typedef struct power { const gk_sample *sample; gk_arena *arena; } power;

static gk_line line_of(int64_t n, const int64_t *rows, const power *p)
{
    double *x = gk_arena_alloc(p->arena, (size_t)(n + 1) * sizeof *x), *y = gk_arena_alloc(p->arena, (size_t)(n + 1) * sizeof *y);
    for (int64_t i = 0; i < n; i++) {
        x[i] = log10(p->sample->x[rows[i]]);
        y[i] = log10(p->sample->y[rows[i]]);
    }
    return gk_stat_line(n, x, y);
}

static double exponent(int64_t n, const int64_t *rows, const void *context)
{
    return line_of(n, rows, context).b;
}

static gk_aggregate fitted(const gk_sample *s, gk_arena *arena, bool wants_exponent)
{
    gk_aggregate found = { GK_A_NUMBER, NAN, NAN, NAN, GK_NO_DATA, 0 };
    int64_t     *rows = gk_arena_alloc(arena, (size_t)(s->n + 1) * sizeof *rows);
    gk_arena     scratch = { 0 };
    power        p = { s, &scratch };
    for (int64_t i = 0; i < s->n; i++)
        rows[i] = i;
    gk_line line = line_of(s->n, rows, &p);
    found.number = wants_exponent ? line.b : pow(10, line.a);
    if (wants_exponent && s->n_seed > 1 &&
        gk_stat_bootstrap(s->n, s->seed, s->n_seed, N_RESAMPLE, exponent, &p, &found.low, &found.high) < 0)
        found.kind = GK_A_ERROR;
    gk_arena_release(&scratch);
    return found;
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
        { "argmin", extreme(s, 1) }, { "argmax", extreme(s, -1) },
    };
    if (strcmp(name, "slope") == 0 || strcmp(name, "scale") == 0)
        return fitted(s, arena, name[1] == 'l');
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++)
        if (strcmp(name, truths[i].name) == 0)
            return (gk_aggregate){ GK_A_TRUTH, NAN, NAN, NAN, truths[i].truth, n_true };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(name, numbers[i].name) == 0)
            return (gk_aggregate){ GK_A_NUMBER, numbers[i].number, NAN, NAN, GK_NO_DATA, n_true };
    return (gk_aggregate){ GK_NO_AGGREGATE, NAN, NAN, NAN, GK_NO_DATA, 0 };
}
