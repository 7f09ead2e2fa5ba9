/* detect.c -- see detect.h; the numbers in comments are the steps of the procedure. */
#include "analysis/detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/window.h"
#include "base/arena.h"

const char *const gk_detect_status_names[] = { "no-memorisation", "none", "prompt", "partial", "unsupported", "grok", NULL };

gk_detect_args gk_detect_defaults(void)
{
    return (gk_detect_args){ .filter = true, .memorised = 0.95, .eps_train = 0.01, .converged = 0.95, .low_quantile = 1,
                             .eps_test = 0.02, .escape = 0.1, .slack = 0.02, .kappa = 1, .min_grok = 0.2, .min_partial = 0.1,
                             .min_ratio = 2, .max_left = 0.05 };
}

gk_detect_args gk_detect_loss_defaults(void)
{
    return (gk_detect_args){ .filter = true, .memorised = -INFINITY, .eps_train = 0.1, .converged = 0.95, .low_quantile = 1,
                             .eps_test = 0.1, .escape = 0.1, .slack = 0.1, .kappa = 1, .min_grok = 0.5, .min_partial = 0.25,
                             .min_ratio = 2, .max_left = 0.5 };
}

/* --- medians ---------------------------------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of the numbers among n values, which are sorted in place; NaN if there are none. */
static double quantile_of(double *value, int64_t n, double q)
{
    int64_t n_number = 0;
    for (int64_t i = 0; i < n; i++)
        if (!isnan(value[i]))
            value[n_number++] = value[i];
    if (n_number == 0)
        return NAN;
    qsort(value, (size_t)n_number, sizeof *value, by_value);
    double  at = q * (double)(n_number - 1);
    int64_t below = (int64_t)at;
    double  share = at - (double)below;
    return share > 0 ? value[below] + share * (value[below + 1] - value[below]) : value[below];
}

/* Quantile of values [begin, end) of a curve; scratch has room for all. */
static double quantile_between(const double *value, int64_t begin, int64_t end, double q, double *scratch)
{
    if (end <= begin)
        return NAN;
    memcpy(scratch, value + begin, (size_t)(end - begin) * sizeof *scratch);
    return quantile_of(scratch, end - begin, q);
}

static int64_t first_at(int64_t n, const double *t, double step)
{
    int64_t i = 0;
    while (i < n && t[i] < step)
        i++;
    return i;
}

double gk_end_median(int64_t n, const double *t, const double *value, double share)
{
    if (n == 0)
        return NAN;
    int64_t begin = first_at(n, t, (1 - share) * t[n - 1]);
    double *scratch = gk_alloc_large((size_t)(n - begin) * sizeof *scratch, "a median"), median = NAN;
    if (scratch)
        median = quantile_between(value, begin, n, 0.5, scratch);
    free(scratch);
    return median;
}

double gk_longest_within(int64_t n, const double *t, const double *value, double low, double high)
{
    double longest = 0, since = NAN;
    for (int64_t i = 0; i < n; i++) {
        if (!(value[i] >= low && value[i] <= high))
            since = NAN;
        else if (isnan(since))
            since = t[i];
        else
            longest = fmax(longest, t[i] - since);
    }
    return longest;
}

/* --- the procedure ------------------------------------------------------------------------------------------------------- */

typedef struct curves {
    const gk_detect_args *args;
    int64_t       n;
    const double *t;
    double       *train, *test, *scratch;
    int64_t      *end;        /* [n] of supports */
    gk_window    *window;     /* over test */
} curves;

/* 1. Median of three neighbours; the ends stay. */
static void filter(const double *from, int64_t n, bool on, double *to)
{
    for (int64_t i = 0; i < n; i++) {
        double near[3] = { from[i > 0 ? i - 1 : i], from[i], from[i + 1 < n ? i + 1 : i] };
        to[i] = on && i > 0 && i + 1 < n ? quantile_of(near, 3, 0.5) : from[i];
    }
}

/* 3. First record from which on enough of the train curve is close to its limit; n: none. */
static int64_t convergence(const curves *c, double limit)
{
    int64_t found = c->n, n_close = 0;
    for (int64_t i = c->n - 1; i >= 0; i--) {
        bool close = c->train[i] >= limit - c->args->eps_train;
        n_close += close;
        if (close && (double)n_close >= c->args->converged * (double)(c->n - i))
            found = i;
    }
    return found;
}

/* 5. Largest median of the test curve over a tenth of the steps after record r: its final level, unless that is lost again. */
static double test_limit(const curves *c, int64_t r)
{
    double end = c->t[c->n - 1], length = 0.1 * end, best = -INFINITY;
    for (int64_t i = r + 1, last = 0; i < c->n && c->t[i] + length <= end; i++) {
        while (last < c->n && c->t[last] <= c->t[i] + length)    /* last: the first record behind the window */
            last++;
        double median = gk_window_median(c->window, i, last);
        best = median > best ? median : best;
    }
    return isfinite(best) ? best : quantile_between(c->test, first_at(c->n, c->t, 0.9 * end), c->n, 0.5, c->scratch);
}

/* 6. For every record, that at which a support that begins there ends: the first of 3 below; n if it runs to the end. */
static void support_ends(const curves *c, double level, int64_t *end)
{
    int64_t next = c->n;
    for (int64_t i = c->n - 1; i >= 0; i--) {
        if (i + 2 < c->n && c->test[i] < level && c->test[i + 1] < level && c->test[i + 2] < level)
            next = i;
        end[i] = next;
    }
}

/* 6. The first upward crossing of sigma_E after record r whose support is long enough, else the first one at all. */
static void find_crossing(const curves *c, int64_t r, gk_detection *d)
{
    double  low = d->sigma_s + c->args->escape * d->delta_s;
    bool    any = false;
    int64_t escape = r;    /* the last record up to i at which test is low; r if there is none behind it */
    support_ends(c, d->sigma_e - c->args->slack, c->end);
    for (int64_t i = r + 1; i < c->n; i++) {
        if (c->test[i] <= low)
            escape = i;
        if (!(c->test[i] >= d->sigma_e) || c->test[i - 1] >= d->sigma_e)
            continue;
        int64_t end = c->end[i];
        double  support = (end < c->n ? c->t[end] : c->t[c->n - 1]) - c->t[i];
        bool    accepted = support >= c->args->kappa * (c->t[i] - c->t[escape]);
        if (any && !accepted)
            continue;
        any = true;
        d->alpha0 = c->t[escape];
        d->alpha1 = c->t[i];
        d->support = support;
        d->censored = end == c->n;
        d->lost = end < c->n;
        d->status = accepted ? GK_GROK : GK_UNSUPPORTED;
        if (accepted)
            return;
    }
}

/* 7.  What never stayed above sigma_E is no arrival, and so no semi-grokking either. */
static gk_detect_status judge(const gk_detect_args *args, const gk_detection *d)
{
    bool supported = d->status == GK_GROK, crossed = supported || d->status == GK_UNSUPPORTED;
    bool late = crossed && d->alpha1 >= args->min_ratio * fmax(d->t_r, 1), little_left = d->delta_t <= args->max_left;
    if (crossed && late && little_left && d->delta_s >= args->min_grok)
        return d->status;
    if (supported && late && !little_left && d->delta_s >= args->min_partial)
        return GK_PARTIAL;
    return crossed && little_left ? GK_PROMPT : GK_NOT_GROKKED;
}

static void detect(const curves *c, gk_detection *d)
{
    const gk_detect_args *args = c->args;
    d->train_limit = quantile_between(c->train, first_at(c->n, c->t, 0.9 * c->t[c->n - 1]), c->n, 0.5, c->scratch);    /* 2. */
    if (!(d->train_limit >= args->memorised))
        return;
    int64_t r = convergence(c, d->train_limit);
    if (r == c->n)
        return;
    d->status = GK_NOT_GROKKED;
    d->t_r = c->t[r];
    d->sigma_s = quantile_between(c->test, 0, r + 1, args->low_quantile, c->scratch);    /* 4. */
    d->sigma_e = fmin(d->train_limit, test_limit(c, r)) - args->eps_test;
    d->delta_t = d->train_limit - d->sigma_e;
    d->delta_s = d->sigma_e - d->sigma_s;
    if (c->test[r] >= d->sigma_e) {
        d->alpha0 = d->alpha1 = d->t_r;
        d->status = d->delta_t <= args->max_left ? GK_PROMPT : GK_NOT_GROKKED;
        return;
    }
    find_crossing(c, r, d);
    d->status = judge(args, d);
}

int gk_detect(const gk_detect_args *args, int64_t n, const double *t, const double *train, const double *test,
              gk_detection *out)
{
    *out = (gk_detection){ .status = GK_NO_MEMORISATION, .train_limit = NAN, .t_r = NAN, .alpha0 = NAN, .alpha1 = NAN,
                           .sigma_s = NAN, .sigma_e = NAN, .delta_s = NAN, .delta_t = NAN, .support = NAN };
    gk_assert(args->low_quantile >= 0 && args->low_quantile <= 1);
    double    *room = gk_alloc_large((size_t)(3 * n + 1) * sizeof *room, "a curve");
    int64_t   *end = gk_alloc_large((size_t)(n + 1) * sizeof *end, "a curve");
    gk_window *window = NULL;
    int        status = -1;
    if (!room || !end)
        goto done;
    curves c = { .args = args, .n = n, .t = t, .train = room, .test = room + n, .scratch = room + 2 * n, .end = end };
    filter(train, n, args->filter, c.train);
    filter(test, n, args->filter, c.test);
    if (!(c.window = window = gk_window_new(n, c.test)))
        goto done;
    if (n > 0)
        detect(&c, out);
    status = 0;
done:
    gk_window_free(window);
    free(room);
    free(end);
    return status;
}

/* --- what the end of training leaves open ---------------------------------------------------------------------------------- */

double gk_detect_room(const gk_detect_args *args, const gk_detection *d)
{
    return d->censored ? fmax(d->delta_t - args->eps_test, 0) : 0;
}

bool gk_detect_is_cut(const gk_detect_args *args, const gk_detection *d)
{
    return d->censored && !(d->support >= args->kappa * (d->alpha1 - d->alpha0));
}

/* A crossing that is no arrival has a level that may be final, or any up to the limit of train; what is late stays so. */
unsigned gk_detect_might_be(const gk_detect_args *args, const gk_detection *d)
{
    const unsigned grok = 1u << GK_GROK, partial = 1u << GK_PARTIAL, prompt = 1u << GK_PROMPT;
    if (!gk_detect_is_cut(args, d) || (d->status != GK_UNSUPPORTED && d->status != GK_NOT_GROKKED))
        return 0;
    if (d->status == GK_UNSUPPORTED)
        return grok;
    double most = d->delta_s + gk_detect_room(args, d);
    double near = d->delta_s + d->delta_t - args->max_left;    /* delta_s when little is left */
    bool   soon = d->alpha1 + d->support < args->min_ratio * fmax(d->t_r, 1);
    return (most < args->min_grok ? 0 : grok) | (near < args->min_partial ? 0 : partial) |
           (near < args->min_grok || soon ? prompt : 0);
}
