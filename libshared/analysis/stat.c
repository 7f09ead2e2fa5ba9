/* stat.c -- see stat.h. */
#include "analysis/stat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/rng.h"

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

/* Mean ranks, from 1. */
static void rank(int64_t n, const double *value, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t n_less = 0, n_same = 0;
        for (int64_t j = 0; j < n; j++) {
            n_less += value[j] < value[i];
            n_same += value[j] == value[i];
        }
        out[i] = (double)n_less + ((double)n_same + 1) / 2;
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
    rank(m, room, u);
    rank(m, room + n, v);
    for (int64_t i = 0; i < m; i++) {
        double a = u[i] - (double)(m + 1) / 2, b = v[i] - (double)(m + 1) / 2;
        xy += a * b;
        xx += a * a;
        yy += b * b;
    }
    gk_arena_release(&arena);
    return m < 3 || xx == 0 || yy == 0 ? NAN : xy / sqrt(xx * yy);
}

double gk_stat_spearman_medians(int64_t n, const double *x, const double *y)
{
    gk_arena arena = { 0 };
    double  *room = gk_arena_alloc(&arena, (size_t)(3 * n + 1) * sizeof *room), *median = room + n, *same = room + 2 * n;
    int64_t  n_level = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t n_same = 0, first = i;
        for (int64_t j = n - 1; j >= 0; j--)
            if (x[j] == x[i]) {
                same[n_same++] = y[j];
                first = j;
            }
        if (first < i)
            continue;
        room[n_level] = x[i];
        median[n_level++] = gk_stat_quantile(n_same, same, 0.5);
    }
    double rho = gk_stat_spearman(n_level, room, median);
    gk_arena_release(&arena);
    return rho;
}

gk_line gk_stat_line(int64_t n, const double *x, const double *y)
{
    double m = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i])) {
            m++;
            mean_x += (x[i] - mean_x) / m;
            mean_y += (y[i] - mean_y) / m;
        }
    for (int64_t i = 0; i < n; i++)
        if (isfinite(x[i]) && isfinite(y[i])) {
            xx += (x[i] - mean_x) * (x[i] - mean_x);
            xy += (x[i] - mean_x) * (y[i] - mean_y);
        }
    double slope = xx > 0 ? xy / xx : NAN;
    return (gk_line){ mean_y - slope * mean_x, slope };
}

/* Newton's method on the penalised likelihood, with x in units of its spread around its mean. */
gk_logistic gk_stat_logistic(int64_t n, const double *x, const bool *success)
{
    enum { N_ITERATION = 100 };
    static const double RIDGE = 0.01;
    double mean = 0, spread = 0, n_success = 0, a = 0, b = 0;
    for (int64_t i = 0; i < n; i++) {
        mean += x[i] / (double)n;
        n_success += success[i];
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
    }
    return (gk_logistic){ a - b * mean / spread, b / spread, mean - a / b * spread };
}

int gk_stat_bootstrap(int64_t n, const int64_t *cluster, int64_t n_cluster, int n_resample, gk_statistic *statistic,
                      const void *context, double *low, double *high)
{
    double  *value = gk_alloc_large((size_t)(n_resample + 1) * sizeof *value, "a bootstrap");
    int64_t *rows = gk_alloc_large((size_t)(n * n_cluster + 1) * sizeof *rows, "a bootstrap");
    if (!value || !rows) {
        free(value);
        free(rows);
        return -1;
    }
    for (int sample = 0; sample < n_resample; sample++) {
        int64_t m = 0;
        for (int64_t draw = 0; draw < n_cluster; draw++) {
            int64_t drawn = gk_rng_below(0, GK_RNG_BOOTSTRAP, (uint64_t)sample, (uint64_t)draw, (uint32_t)n_cluster);
            for (int64_t i = 0; i < n; i++)
                if (cluster[i] == drawn)
                    rows[m++] = i;
        }
        value[sample] = statistic(m, rows, context);
    }
    *low = gk_stat_quantile(n_resample, value, 0.025);
    *high = gk_stat_quantile(n_resample, value, 0.975);
    free(value);
    free(rows);
    return 0;
}
