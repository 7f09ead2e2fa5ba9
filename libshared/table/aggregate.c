/* aggregate.c -- see aggregate.h. */
#include "table/aggregate.h"

#include <math.h>
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

/* --- conditions ---------------------------------------------------------------------------------------------------------- */

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

static int most(const gk_sample *s, gk_aggregate *out)
{
    out->truth = at_least(s, most_of(s->n));
    return 0;
}

static int all(const gk_sample *s, gk_aggregate *out)
{
    out->truth = at_least(s, s->n);
    return 0;
}

static int none(const gk_sample *s, gk_aggregate *out)
{
    out->truth = s->n == 0 ? GK_NO_DATA : out->n_true == 0 ? GK_TRUE : GK_FALSE;
    return 0;
}

/* --- numbers --------------------------------------------------------------------------------------------------------------- */

static int share(const gk_sample *s, gk_aggregate *out)
{
    out->number = s->n > 0 ? (double)out->n_true / (double)s->n : NAN;
    return 0;
}

static int count(const gk_sample *s, gk_aggregate *out)
{
    (void)s;
    out->number = (double)out->n_true;
    return 0;
}

static int median(const gk_sample *s, gk_aggregate *out)
{
    out->number = gk_stat_quantile(s->n, s->x, 0.5);
    return 0;
}

static int min(const gk_sample *s, gk_aggregate *out)
{
    out->number = gk_stat_quantile(s->n, s->x, 0);
    return 0;
}

static int max(const gk_sample *s, gk_aggregate *out)
{
    out->number = gk_stat_quantile(s->n, s->x, 1);
    return 0;
}

static int mean(const gk_sample *s, gk_aggregate *out)
{
    double sum = 0;
    for (int64_t i = 0; i < s->n; i++)
        sum += s->x[i] / (double)s->n;
    out->number = s->n > 0 ? sum : NAN;
    return 0;
}

static int spearman(const gk_sample *s, gk_aggregate *out)
{
    out->number = gk_stat_spearman_medians(s->n, s->x, s->y);
    return 0;
}

static int dcrit(const gk_sample *s, gk_aggregate *out)
{
    gk_arena scratch = { 0 };
    bool    *success = gk_arena_alloc(&scratch, (size_t)(s->n + 1) * sizeof *success);
    for (int64_t i = 0; i < s->n; i++)
        success[i] = s->truth[i] == GK_TRUE;
    out->number = gk_stat_logistic(s->n, s->x, success).middle;
    gk_arena_release(&scratch);
    return 0;
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

static int argmin(const gk_sample *s, gk_aggregate *out)
{
    out->number = extreme(s, 1);
    return 0;
}

static int argmax(const gk_sample *s, gk_aggregate *out)
{
    out->number = extreme(s, -1);
    return 0;
}

/* --- y = a x^b ----------------------------------------------------------------------------------------------------------- */

/* Logarithms of all rows. */
typedef struct power { const double *log_x, *log_y; } power;

static gk_line line_of(int64_t n, const int64_t *rows, const power *p)
{
    gk_arena scratch = { 0 };
    double  *x = gk_arena_alloc(&scratch, (size_t)(n + 1) * sizeof *x);
    double  *y = gk_arena_alloc(&scratch, (size_t)(n + 1) * sizeof *y);
    for (int64_t i = 0; i < n; i++) {
        x[i] = p->log_x[rows[i]];
        y[i] = p->log_y[rows[i]];
    }
    gk_line line = gk_stat_line(n, x, y);
    gk_arena_release(&scratch);
    return line;
}

static double exponent(int64_t n, const int64_t *rows, const void *context)
{
    return line_of(n, rows, context).b;
}

static int fitted(const gk_sample *s, bool wants_exponent, gk_aggregate *out)
{
    gk_arena scratch = { 0 };
    size_t   n = (size_t)s->n + 1;
    int64_t *rows = gk_arena_alloc(&scratch, n * sizeof *rows);
    double  *log_x = gk_arena_alloc(&scratch, n * sizeof *log_x), *log_y = gk_arena_alloc(&scratch, n * sizeof *log_y);
    power    p = { log_x, log_y };
    int      status = 0;
    for (int64_t i = 0; i < s->n; i++) {
        rows[i] = i;
        log_x[i] = log10(s->x[i]);
        log_y[i] = log10(s->y[i]);
    }
    gk_line line = line_of(s->n, rows, &p);
    out->number = wants_exponent ? line.b : pow(10, line.a);
    if (wants_exponent && s->n_seed > 1)
        status = gk_stat_bootstrap(s->n, s->seed, s->n_seed, N_RESAMPLE, exponent, &p, &out->low, &out->high);
    gk_arena_release(&scratch);
    return status;
}

static int slope(const gk_sample *s, gk_aggregate *out) { return fitted(s, true, out); }
static int scale(const gk_sample *s, gk_aggregate *out) { return fitted(s, false, out); }

/* --- all of them ----------------------------------------------------------------------------------------------------------- */

static const gk_aggregate_form forms[] = {
    { "most", 1, true, true, most },         { "all", 1, true, true, all },         { "none", 1, true, true, none },
    { "share", 1, true, false, share },      { "n", 1, true, false, count },
    { "median", 1, false, false, median },   { "min", 1, false, false, min },       { "max", 1, false, false, max },
    { "mean", 1, false, false, mean },       { "spearman", 2, false, false, spearman },
    { "dcrit", 2, true, false, dcrit },      { "argmin", 2, false, false, argmin }, { "argmax", 2, false, false, argmax },
    { "slope", 2, false, false, slope },     { "scale", 2, false, false, scale },
};

const gk_aggregate_form *gk_aggregate_find(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strlen(forms[i].name) == n && strncmp(forms[i].name, name, n) == 0)
            return &forms[i];
    return NULL;
}

int gk_aggregate_of(const gk_aggregate_form *form, const gk_sample *sample, gk_aggregate *out)
{
    *out = (gk_aggregate){ NAN, NAN, NAN, GK_NO_DATA, how_many(sample, GK_TRUE) };
    return form->of(sample, out);
}
