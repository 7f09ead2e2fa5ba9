/* stat.c -- see stat.h. */
#include "analysis/stat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile_sorted(int64_t n, const double *value, double q)
{
    double  at = q * (double)(n - 1), share;
    int64_t below = (int64_t)floor(at);
    share = at - (double)below;
    if (share == 0 || value[below] == value[below + 1])
        return value[below];
    return (1 - share) * value[below] + share * value[below + 1];
}

double gk_stat_quantile(int64_t n, const double *value, double q)
{
    gk_arena arena = { 0 };
    double  *sorted = gk_arena_alloc(&arena, (size_t)(n + 1) * sizeof *sorted), result = NAN;
    int64_t  n_number = 0;
    for (int64_t i = 0; i < n; i++)
        if (!isnan(value[i]))
            sorted[n_number++] = value[i];
    qsort(sorted, (size_t)n_number, sizeof *sorted, by_value);
    if (n_number > 0)
        result = quantile_sorted(n_number, sorted, q);
    gk_arena_release(&arena);
    return result;
}

/* A value, and where it stood. */
typedef struct placed { double value; int64_t at; } placed;

static int by_value_and_place(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* The values that are numbers, ascending, equal ones in their order; their number. */
static int64_t sort_places(int64_t n, const double *value, placed *out)
{
    int64_t m = 0;
    for (int64_t i = 0; i < n; i++)
        if (!isnan(value[i]))
            out[m++] = (placed){ value[i], i };
    qsort(out, (size_t)m, sizeof *out, by_value_and_place);
    return m;
}

/* Mean ranks, from 1.  No value is NaN. */
static void rank(int64_t n, const double *value, placed *scratch, double *out)
{
    sort_places(n, value, scratch);
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && scratch[end].value == scratch[i].value; )
            end++;
        for (int64_t j = i; j < end; j++)
            out[scratch[j].at] = (double)i + ((double)(end - i) + 1) / 2;
    }
}

double gk_stat_spearman(int64_t n, const double *x, const double *y)
{
    gk_arena arena = { 0 };
    double  *room = gk_arena_alloc(&arena, (size_t)(4 * n + 1) * sizeof *room), *u = room + 2 * n, *v = room + 3 * n;
    double   xy = 0, xx = 0, yy = 0;
    int64_t  m = 0;
    for (int64_t i = 0; i < n; i++)
        if (!isnan(x[i]) && !isnan(y[i])) {
            room[m] = x[i];
            room[n + m++] = y[i];
        }
    placed *scratch = gk_arena_alloc(&arena, (size_t)(m + 1) * sizeof *scratch);
    rank(m, room, scratch, u);
    rank(m, room + n, scratch, v);
    for (int64_t i = 0; i < m; i++) {
        double a = u[i] - (double)(m + 1) / 2, b = v[i] - (double)(m + 1) / 2;
        xy += a * b;
        xx += a * a;
        yy += b * b;
    }
    gk_arena_release(&arena);
    return m < 3 || xx == 0 || yy == 0 ? NAN : xy / sqrt(xx * yy);
}

static int by_first(const void *a, const void *b)
{
    int64_t x = ((const gk_level *)a)->first, y = ((const gk_level *)b)->first;
    return (x > y) - (x < y);
}

int64_t gk_stat_levels(int64_t n, const double *x, const double *y, gk_arena *arena, gk_level **out)
{
    placed  *sorted = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *sorted);
    double  *same = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *same);
    int64_t  m = sort_places(n, x, sorted), n_level = 0;
    *out = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof **out);
    for (int64_t i = 0, end; i < m; i = end) {
        for (end = i; end < m && sorted[end].value == sorted[i].value; end++)
            same[end - i] = y[sorted[end].at];
        (*out)[n_level++] = (gk_level){ sorted[i].at, sorted[i].value, gk_stat_quantile(end - i, same, 0.5) };
    }
    return n_level;
}

double gk_stat_spearman_medians(int64_t n, const double *x, const double *y)
{
    gk_arena  arena = { 0 };
    gk_level *level;
    int64_t   n_level = gk_stat_levels(n, x, y, &arena, &level);
    double   *place = gk_arena_alloc(&arena, (size_t)(n_level + 1) * sizeof *place);
    double   *median = gk_arena_alloc(&arena, (size_t)(n_level + 1) * sizeof *median);
    qsort(level, (size_t)n_level, sizeof *level, by_first);    /* sums are in the order of the data */
    for (int64_t i = 0; i < n_level; i++) {
        place[i] = level[i].x;
        median[i] = level[i].median;
    }
    double rho = gk_stat_spearman(n_level, place, median);
    gk_arena_release(&arena);
    return rho;
}

/* Without ties it is the share of pairs in order less that of the others, each pair counting as often as its ranks differ. */
double gk_stat_spearman_most(int64_t n, const double *x, const double *low, const double *high)
{
    gk_arena  arena = { 0 };
    gk_level *lowest, *highest;
    int64_t   n_level = gk_stat_levels(n, x, low, &arena, &lowest), n_known = 0;
    double    in_order = 0, of = 0;
    gk_stat_levels(n, x, high, &arena, &highest);
    for (int64_t i = 0; i < n_level; i++)
        if (!isnan(lowest[i].median)) {
            lowest[n_known] = lowest[i];
            highest[n_known++] = highest[i];
        }
    for (int64_t j = 0; j < n_known; j++)
        for (int64_t i = 0; i < j; i++) {
            double weight = (double)(j - i), a = lowest[i].median, b = highest[j].median;
            in_order += a < b ? weight : a > b ? -weight : 0;
            of += weight;
        }
    gk_arena_release(&arena);
    return n_known < 3 ? NAN : in_order / of;
}

gk_line gk_stat_line(int64_t n, const double *x, const double *y)
{
    static const double ROUNDING = 1e-12;
    double m = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0, largest = 0;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i])) {
            m++;
            mean_x += (x[i] - mean_x) / m;
            mean_y += (y[i] - mean_y) / m;
            largest = fmax(largest, fabs(x[i]));
        }
    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i])) {
            xx += (x[i] - mean_x) * (x[i] - mean_x);
            xy += (x[i] - mean_x) * (y[i] - mean_y);
        }
    double slope = sqrt(xx) > ROUNDING * largest ? xy / xx : NAN;
    return (gk_line){ mean_y - slope * mean_x, slope };
}

/* Newton's method on the penalised likelihood, with x in units of its spread around its mean. */
gk_logistic gk_stat_logistic(int64_t n, const double *x, const bool *success)
{
    enum { N_ITERATION = 100 };
    static const double RIDGE = 0.01;
    double mean = 0, spread = 0, n_success = 0, a = 0, b = 0, least = INFINITY, most = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        mean += x[i] / (double)n;
        n_success += success[i];
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
    }
    for (int64_t i = 0; i < n; i++)
        spread += (x[i] - mean) * (x[i] - mean) / (double)n;
    spread = sqrt(spread);
    if (n == 0 || n_success == 0 || n_success == (double)n || spread == 0)
        return (gk_logistic){ NAN, NAN, n == 0 || (spread == 0 && n_success > 0 && n_success < (double)n) ? NAN
                                        : n_success == 0 ? INFINITY : -INFINITY };
    for (int iteration = 0; iteration < N_ITERATION; iteration++) {
        double ga = 0, gb = -RIDGE * b, haa = 1e-12, hab = 0, hbb = RIDGE;
        for (int64_t i = 0; i < n; i++) {
            double u = (x[i] - mean) / spread, p = 1 / (1 + exp(-(a + b * u))), w = p * (1 - p);
            ga += success[i] - p;
            gb += (success[i] - p) * u;
            haa += w;
            hab += w * u;
            hbb += w * u * u;
        }
        double det = haa * hbb - hab * hab, step_a = (hbb * ga - hab * gb) / det, step_b = (haa * gb - hab * ga) / det;
        double longest = fmax(fabs(step_a), fabs(step_b)), scale = longest > 2 ? 2 / longest : 1;
        a += scale * step_a;
        b += scale * step_b;
        if (longest <= 1e-12 * (1 + fabs(a) + fabs(b)))    /* converges quadratically: the next step would change nothing */
            break;
    }
    double middle = mean - a / b * spread;
    if (!(middle >= least && middle <= most))
        middle = a > 0 ? -INFINITY : INFINITY;
    return (gk_logistic){ a - b * mean / spread, b / spread, middle };
}
