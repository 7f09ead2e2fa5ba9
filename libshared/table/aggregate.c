/* aggregate.c -- see aggregate.h. */
#include "table/aggregate.h"

#include <math.h>
#include <string.h>
#include "analysis/critical.h"
#include "analysis/seeds.h"
#include "analysis/stat.h"
#include "base/arena.h"

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

static void most(const gk_sample *s, gk_aggregate *out)
{
    out->truth = at_least(s, most_of(s->n));
}

static void all(const gk_sample *s, gk_aggregate *out)
{
    out->truth = at_least(s, s->n);
}

static void none(const gk_sample *s, gk_aggregate *out)
{
    bool open = how_many(s, GK_UNDECIDED) + how_many(s, GK_NO_DATA) > 0;
    out->truth = s->n == 0 ? GK_NO_DATA : out->n_true > 0 ? GK_FALSE : open ? GK_UNDECIDED : GK_TRUE;
}

/* --- numbers --------------------------------------------------------------------------------------------------------------- */

/* How many rows are true; those that are undecided may be. */
static void count(const gk_sample *s, gk_aggregate *out)
{
    int64_t n_open = how_many(s, GK_UNDECIDED);
    out->range = gk_exactly((double)out->n_true);
    if (n_open > 0)
        out->range = gk_range_within((double)out->n_true, (double)out->n_true, (double)(out->n_true + n_open), true);
}

static void share(const gk_sample *s, gk_aggregate *out)
{
    count(s, out);
    out->range = s->n > 0 ? gk_range_quotient(out->range, gk_exactly((double)s->n)) : gk_exactly(NAN);
}

static void median(const gk_sample *s, gk_aggregate *out)
{
    out->range.number = gk_stat_quantile(s->n, s->x, 0.5);
}

static void min(const gk_sample *s, gk_aggregate *out)
{
    out->range.number = gk_stat_quantile(s->n, s->x, 0);
}

static void max(const gk_sample *s, gk_aggregate *out)
{
    out->range.number = gk_stat_quantile(s->n, s->x, 1);
}

static void mean(const gk_sample *s, gk_aggregate *out)
{
    double sum = 0;
    for (int64_t i = 0; i < s->n; i++)
        sum += s->x[i] / (double)s->n;
    out->range.number = s->n > 0 ? sum : NAN;
}

/* The x of the lowest (sign 1) or highest (-1) y; rows without y are passed over.  Where limits are known, of any row that may
 * be it. */
static void extreme(const gk_sample *s, int sign, gk_aggregate *out)
{
    const double *y_low = s->y_low ? s->y_low : s->y, *y_high = s->y_high ? s->y_high : s->y;
    const double *least = sign > 0 ? y_low : y_high, *most = sign > 0 ? y_high : y_low;
    double        low = INFINITY, high = -INFINITY, reached = INFINITY;
    int64_t       best = -1;
    for (int64_t i = 0; i < s->n; i++) {
        if (!isnan(s->y[i]) && (best < 0 || sign * s->y[i] < sign * s->y[best]))
            best = i;
        if (!isnan(s->y[i]))
            reached = fmin(reached, sign * most[i]);
    }
    for (int64_t i = 0; i < s->n; i++)
        if (i == best || (sign * least[i] <= reached && sign * least[i] < sign * most[best])) {
            low = fmin(low, s->low ? s->low[i] : s->x[i]);
            high = fmax(high, s->high ? s->high[i] : s->x[i]);
        }
    if (best >= 0)
        out->range = low < high ? gk_range_within(s->x[best], low, high, s->is_censored) : gk_exactly(s->x[best]);
}

static void argmin(const gk_sample *s, gk_aggregate *out)
{
    extreme(s, 1, out);
}

static void argmax(const gk_sample *s, gk_aggregate *out)
{
    extreme(s, -1, out);
}

/* --- what has an interval over the seeds --------------------------------------------------------------------------------- */

static bool lacks_interval(const gk_sample *s, gk_estimate found)
{
    return s->has_seeds && isnan(found.interval.low);
}

static void put(const gk_sample *s, gk_aggregate *out, gk_estimate found)
{
    out->range = gk_range_within(found.value, found.interval.low, found.interval.high, false);
    out->range.lacks_interval = lacks_interval(s, found);
}

/* What the limits of y allow, too. */
static void widen_order(const gk_sample *s, gk_aggregate *out)
{
    gk_arena scratch = { 0 };
    double  *low = gk_arena_alloc(&scratch, (size_t)(s->n + 1) * sizeof *low);
    double  *high = gk_arena_alloc(&scratch, (size_t)(s->n + 1) * sizeof *high), number = out->range.number;
    for (int64_t i = 0; i < s->n; i++) {
        low[i] = -s->y_high[i];
        high[i] = -s->y_low[i];
    }
    double least = -gk_stat_spearman_most(s->n, s->x, low, high), most = gk_stat_spearman_most(s->n, s->x, s->y_low, s->y_high);
    gk_arena_release(&scratch);
    if (least < number || most > number)
        out->range = gk_range_within(number, fmin(fmin(number, least), out->range.low),    /* fmin: of NaN and a number, this */
                                     fmax(fmax(number, most), out->range.high), s->is_censored);
}

/* An order of medians that the seeds leave to chance is told from none by nothing: the limits are then itself and 0. */
static void spearman(const gk_sample *s, gk_aggregate *out)
{
    const gk_estimate found = gk_seeds_rank(&(gk_seeds){ s->n, s->n_seed, s->x, s->y, s->seed });
    out->range.number = found.value;
    if (found.interval.low <= 0 && found.interval.high >= 0)
        out->range = gk_range_within(found.value, fmin(found.value, 0), fmax(found.value, 0), false);
    if (s->y_low)
        widen_order(s, out);
    out->range.lacks_interval = lacks_interval(s, found);
}

/* How many of n y are larger than the one before, if those before are `before` and the others `after`: y itself for both; its
 * highest and lowest for those that surely are, the other way round for those that may be. */
static int64_t n_rise(int64_t n, const double *before, const double *after)
{
    int64_t n_found = 0;
    for (int64_t i = 1; i < n; i++)
        n_found += after[i] > before[i - 1];
    return n_found;
}

/* The medians of y at each x, in the order of x, in the arena; how many.  Rows without y are passed over. */
static int64_t medians_of(const gk_sample *s, const double *y, gk_arena *arena, double **out)
{
    gk_level *level;
    int64_t   n = gk_stat_levels(s->n, s->x, y, arena, &level), n_kept = 0;
    *out = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof **out);
    for (int64_t i = 0; i < n; i++)
        if (!isnan(level[i].median))
            (*out)[n_kept++] = level[i].median;
    return n_kept;
}

static void rises(const gk_sample *s, gk_aggregate *out)
{
    gk_arena scratch = { 0 };
    double  *y, *low, *high;
    int64_t  n = medians_of(s, s->y, &scratch, &y);
    if (n > 0)
        out->range = gk_exactly((double)n_rise(n, y, y));
    if (n > 0 && s->y_low && medians_of(s, s->y_low, &scratch, &low) == n && medians_of(s, s->y_high, &scratch, &high) == n)
        out->range = gk_range_within((double)n_rise(n, y, y), (double)n_rise(n, high, low), (double)n_rise(n, low, high),
                                     s->is_censored);
    gk_arena_release(&scratch);
}

typedef gk_estimate where_half_do(const gk_sample *s, const bool *success, gk_arena *scratch);

static gk_estimate fitted(const gk_sample *s, const bool *success, gk_arena *scratch)
{
    double *y = gk_arena_alloc(scratch, (size_t)(s->n + 1) * sizeof *y);
    for (int64_t i = 0; i < s->n; i++)
        y[i] = success[i];
    return gk_seeds_threshold(&(gk_seeds){ s->n, s->n_seed, s->x, y, s->seed }, 1);
}

/* Of runs that a search chose (analysis/critical.h), from the lowest x to the highest. */
static gk_estimate searched(const gk_sample *s, const bool *success, gk_arena *scratch)
{
    (void)scratch;
    gk_search range = { gk_stat_quantile(s->n, s->x, 0), gk_stat_quantile(s->n, s->x, 1), 0, s->n_seed };
    return gk_search_estimate(&range, &(gk_outcomes){ s->n, s->x, s->seed, success });
}

/* What is undecided of a run may be a success or none. */
static gk_estimate with_open_as(const gk_sample *s, bool is_success, where_half_do *of)
{
    gk_arena scratch = { 0 };
    bool    *success = gk_arena_alloc(&scratch, (size_t)(s->n + 1) * sizeof *success);
    for (int64_t i = 0; i < s->n; i++)
        success[i] = s->truth[i] == GK_TRUE || (is_success && s->truth[i] != GK_FALSE);
    gk_estimate found = of(s, success, &scratch);
    gk_arena_release(&scratch);
    return found;
}

static double least_of(gk_estimate a)    { return isnan(a.interval.low) ? a.value : a.interval.low; }
static double most_of_it(gk_estimate a)  { return isnan(a.interval.high) ? a.value : a.interval.high; }

static void half(const gk_sample *s, where_half_do *of, gk_aggregate *out)
{
    if (s->n == 0)
        return;
    const gk_estimate latest = with_open_as(s, false, of);
    put(s, out, latest);
    if (how_many(s, GK_TRUE) + how_many(s, GK_FALSE) < s->n) {
        const gk_estimate soonest = with_open_as(s, true, of);
        out->range = gk_range_within(latest.value, fmin(least_of(soonest), least_of(latest)),
                                     fmax(most_of_it(soonest), most_of_it(latest)), true);
        out->range.lacks_interval = lacks_interval(s, latest);
    }
}

static void dcrit(const gk_sample *s, gk_aggregate *out)        { half(s, fitted, out); }
static void threshold(const gk_sample *s, gk_aggregate *out)    { half(s, searched, out); }

/* y = a x^b: b, or a. */
static void power_law(const gk_sample *s, bool wants_exponent, gk_aggregate *out)
{
    gk_arena scratch = { 0 };
    size_t   n = (size_t)s->n + 1;
    double  *x = gk_arena_alloc(&scratch, n * sizeof *x), *y = gk_arena_alloc(&scratch, n * sizeof *y);
    for (int64_t i = 0; i < s->n; i++) {
        x[i] = log10(s->x[i]);
        y[i] = log10(s->y[i]);
    }
    if (wants_exponent)
        put(s, out, gk_seeds_slope(&(gk_seeds){ s->n, s->n_seed, x, y, s->seed }));
    else
        out->range.number = pow(10, gk_stat_line(s->n, x, y).a);
    gk_arena_release(&scratch);
}

static void slope(const gk_sample *s, gk_aggregate *out) { power_law(s, true, out); }
static void scale(const gk_sample *s, gk_aggregate *out) { power_law(s, false, out); }

/* --- all of them ----------------------------------------------------------------------------------------------------------- */

static const gk_aggregate_form forms[] = {
    { "most", 1, true, true, false, most },        { "all", 1, true, true, false, all },
    { "none", 1, true, true, false, none },        { "share", 1, true, false, false, share },
    { "n", 1, true, false, false, count },         { "median", 1, false, false, true, median },
    { "min", 1, false, false, true, min },         { "max", 1, false, false, true, max },
    { "mean", 1, false, false, true, mean },       { "spearman", 2, false, false, false, spearman },
    { "dcrit", 2, true, false, false, dcrit },     { "threshold", 2, true, false, false, threshold },
    { "argmin", 2, false, false, false, argmin },  { "argmax", 2, false, false, false, argmax },
    { "slope", 2, false, false, false, slope },    { "scale", 2, false, false, false, scale },
    { "rises", 2, false, false, false, rises },
};

const gk_aggregate_form *gk_aggregate_find(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strlen(forms[i].name) == n && strncmp(forms[i].name, name, n) == 0)
            return &forms[i];
    return NULL;
}

static double at_limits(const gk_aggregate_form *form, const gk_sample *sample, double *x)
{
    gk_sample    limits = *sample;
    gk_aggregate found = { gk_exactly(NAN), GK_NO_DATA, 0 };
    limits.x = x;
    form->of(&limits, &found);
    return found.range.number;
}

gk_aggregate gk_aggregate_of(const gk_aggregate_form *form, const gk_sample *sample)
{
    gk_aggregate found = { gk_exactly(NAN), GK_NO_DATA, how_many(sample, GK_TRUE) };
    double       low, high;
    form->of(sample, &found);
    if (sample->low && form->is_rising) {
        low = at_limits(form, sample, sample->low);
        high = at_limits(form, sample, sample->high);
        if (found.range.number > low || found.range.number < high)
            found.range = gk_range_within(found.range.number, low, high, sample->is_censored);
    }
    found.range.n_aggregate = sample->n_aggregate > 1 ? sample->n_aggregate : 1;
    found.range.lacks_interval |= sample->lacks_interval;
    return found;
}
