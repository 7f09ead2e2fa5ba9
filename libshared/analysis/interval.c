/* interval.c -- see interval.h. */
#include "analysis/interval.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/stat.h"
#include "base/arena.h"

static const double LEVEL = 0.95, NORMAL = 1.959963984540054, PI = 3.14159265358979323846;
static const gk_interval UNKNOWN = { NAN, NAN };
enum { MANY = 1000 };    /* beyond so many values the normal approximation is as good */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* --- Student --------------------------------------------------------------------------------------------------------------- */

/* The share of the distribution in [-t, t]: finite sums [Abramowitz and Stegun 1964, 26.7.3, 26.7.4]. */
static double student_within(int64_t n, double t)
{
    double angle = atan(t / sqrt((double)n)), c = cos(angle), s = sin(angle), term = n % 2 ? c : 1, sum = 0;
    for (int64_t i = n % 2 ? 1 : 0; i <= n - 2; i += 2) {
        sum += term;
        term *= c * c * (double)(i + 1) / (double)(i + 2);
    }
    return n % 2 ? 2 / PI * (angle + s * sum) : s * sum;
}

double gk_student_quantile(int64_t n, double p)
{
    double low = 0, high = 1;
    if (n < 1 || !(p >= 0.5 && p < 1))
        return NAN;
    n = n < 10 * MANY ? n : 10 * MANY;
    while (student_within(n, high) < 2 * p - 1 && high < 1e300)
        high *= 2;
    for (int i = 0; i < 200 && low < high; i++) {
        double middle = low + (high - low) / 2;
        if (student_within(n, middle) < 2 * p - 1)
            low = middle;
        else
            high = middle;
    }
    return low;
}

gk_interval gk_interval_mean(int64_t n, const double *value)
{
    double mean = 0, sum = 0;
    if (n < 2)
        return UNKNOWN;
    for (int64_t i = 0; i < n; i++)
        mean += value[i] / (double)n;
    for (int64_t i = 0; i < n; i++)
        sum += (value[i] - mean) * (value[i] - mean);
    double half = gk_student_quantile(n - 1, (1 + LEVEL) / 2) * sqrt(sum / (double)(n - 1) / (double)n);
    return isfinite(mean) ? (gk_interval){ mean - half, mean + half } : UNKNOWN;
}

gk_interval gk_interval_share(double k, double n)
{
    if (!(n >= 1))
        return UNKNOWN;
    double share = k / n, z = NORMAL * NORMAL / n, middle = (share + z / 2) / (1 + z);
    double half = sqrt(share * (1 - share) * z + z * z / 4) / (1 + z);
    return (gk_interval){ k == 0 ? 0 : middle - half, k == n ? 1 : middle + half };
}

/* --- the median ------------------------------------------------------------------------------------------------------------ */

/* (1 - share) a + share b, for neighbours a <= b of which either may be infinite. */
static double between(double a, double b, double share)
{
    return share == 0 || a == b ? a : share == 1 ? b : (1 - share) * a + share * b;
}

/* The order statistics to use: value number `rank` (from 0) and `share` of the way to the next, from either end.  -1: too few. */
static int64_t median_rank(int64_t n, double *share)
{
    double ways = exp2(-(double)n), outside = 2 * ways, inside;
    *share = 0;
    if (n < 5)
        return -1;
    if (n > MANY) {
        double at = ((double)n - NORMAL * sqrt((double)n)) / 2;
        return (int64_t)at;
    }
    for (int64_t d = 1; d <= n / 2; d++) {    /* [x_d, x_(n+1-d)] covers 1 - outside */
        ways *= (double)(n + 1 - d) / (double)d;
        inside = outside + 2 * ways;
        if (1 - inside < LEVEL) {
            double part = (1 - outside - LEVEL) / (inside - outside);
            if (part > 0)    /* five values: even the range covers less */
                *share = (double)(n - d) * part / ((double)d + (double)(n - 2 * d) * part);
            return d - 1;
        }
        outside = inside;
    }
    return -1;
}

/* Sorted, NaN replaced. */
static double *sorted_with(gk_arena *arena, int64_t n, const double *value, double unknown)
{
    double *sorted = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *sorted);
    for (int64_t i = 0; i < n; i++)
        sorted[i] = isnan(value[i]) ? unknown : value[i];
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    return sorted;
}

gk_interval gk_interval_median(int64_t n, const double *value)
{
    gk_arena arena = { 0 };
    double   share;
    int64_t  rank = median_rank(n, &share);
    if (rank < 0)
        return UNKNOWN;
    double *below = sorted_with(&arena, n, value, -INFINITY), *above = sorted_with(&arena, n, value, INFINITY);
    gk_interval found = { between(below[rank], below[rank + 1], share),
                          between(above[n - 1 - rank], above[n - 2 - rank], share) };
    gk_arena_release(&arena);
    return found;
}

/* No shorter than what is known of single values. */
static gk_interval no_shorter(gk_interval found, double length)
{
    double middle = found.low + (found.high - found.low) / 2;
    if (found.high - found.low < length)
        found = (gk_interval){ middle - length / 2, middle + length / 2 };
    return found;
}

gk_interval gk_interval_threshold(int64_t n, const double *value, double gap)
{
    gk_interval found = gk_interval_mean(n, value);
    return no_shorter(isnan(found.low) ? gk_interval_median(n, value) : found, LEVEL * gap);
}

gk_interval gk_interval_median_threshold(int64_t n, const double *value, double gap)
{
    gk_interval found = gk_interval_median(n, value);
    if (isnan(found.low))
        return gk_interval_threshold(n, value, gap);
    return no_shorter((gk_interval){ found.low - gap / 8, found.high + gap / 8 }, LEVEL * gap);
}

gk_interval gk_interval_inside(gk_interval found, double least, double most)
{
    return (gk_interval){ found.low < least ? -INFINITY : found.low, found.high > most ? INFINITY : found.high };
}

/* --- two groups ------------------------------------------------------------------------------------------------------------ */

/* share[k] = P(U <= k), [n m + 1], of the rank sum U of groups of n and m; NULL if they are too many (their number of ways would
 * be more than a double holds) or there is no memory.  The ways to get each U are the coefficients of the Gaussian binomial,
 * multiplied out factor by factor.  The caller frees it. */
static double *rank_sum_law(int64_t n, int64_t m)
{
    int64_t most = n * m;
    double *ways = n + m <= MANY ? calloc((size_t)most + 1, sizeof *ways) : NULL, total = 0, sum = 0;
    if (!ways)
        return NULL;
    ways[0] = 1;
    for (int64_t i = 1; i <= n; i++) {
        for (int64_t u = most; u >= m + i; u--)    /* times 1 - q^(m+i) */
            ways[u] -= ways[u - m - i];
        for (int64_t u = i; u <= most; u++)        /* divided by 1 - q^i */
            ways[u] += ways[u - i];
    }
    for (int64_t u = 0; u <= most; u++)
        total += ways[u];
    for (int64_t u = 0; u <= most; u++) {
        sum += ways[u];
        ways[u] = sum / total;
    }
    return ways;
}

/* The largest k with P(U <= k) <= p; -1: there is none. */
static int64_t rank_sum_quantile(int64_t n, int64_t m, double p)
{
    double *share = rank_sum_law(n, m);
    int64_t k = 0;
    if (!share)
        return (int64_t)floor((double)(n * m) / 2 - NORMAL * sqrt((double)(n * m) * (double)(n + m + 1) / 12));
    while (share[k] <= p)
        k++;
    free(share);
    return k - 1;
}

double gk_test_rank_sum(int64_t n_a, const double *a, int64_t n_b, const double *b)
{
    int64_t n = n_a * n_b, above = 0, below = 0;
    if (n == 0)
        return 1;
    for (int64_t i = 0; i < n; i++) {
        above += a[i / n_b] > b[i % n_b];
        below += a[i / n_b] < b[i % n_b];
    }
    int64_t least = n - (above > below ? above : below);
    double *share = rank_sum_law(n_a, n_b);
    double  p = share ? 2 * share[least]
                      : erfc(((double)n / 2 - (double)least) / sqrt((double)n * (double)(n_a + n_b + 1) / 12) / sqrt(2));
    free(share);
    return p < 1 ? p : 1;
}

double gk_shift(int64_t n_a, const double *a, int64_t n_b, const double *b)
{
    gk_arena arena = { 0 };
    int64_t  n = n_a * n_b;
    double  *difference = gk_arena_alloc(&arena, (size_t)(n + 1) * sizeof *difference);
    for (int64_t i = 0; i < n; i++)
        difference[i] = a[i / n_b] - b[i % n_b];
    double found = gk_stat_quantile(n, difference, 0.5);
    gk_arena_release(&arena);
    return found;
}

gk_interval gk_interval_shift(int64_t n_a, const double *a, int64_t n_b, const double *b)
{
    gk_arena arena = { 0 };
    int64_t  k = n_a > 0 && n_b > 0 ? rank_sum_quantile(n_a, n_b, (1 - LEVEL) / 2) : -1, n = n_a * n_b;
    if (k < 0)
        return UNKNOWN;
    double *difference = gk_arena_alloc(&arena, (size_t)n * sizeof *difference);
    for (int64_t i = 0; i < n; i++)
        difference[i] = a[i / n_b] - b[i % n_b];
    double *below = sorted_with(&arena, n, difference, -INFINITY), *above = sorted_with(&arena, n, difference, INFINITY);
    gk_interval found = { below[k], above[n - 1 - k] };
    gk_arena_release(&arena);
    return found;
}

/* --- signed ranks ---------------------------------------------------------------------------------------------------------- */

typedef struct signed_size { double size; int sign; } signed_size;

static int by_size(const void *a, const void *b)
{
    return ascending(&((const signed_size *)a)->size, &((const signed_size *)b)->size);
}

/* P(W <= w) for the sum W of those of the (doubled) ranks that a fair coin chooses. */
static double share_below(int64_t n, const int64_t *doubled, int64_t w)
{
    int64_t most = n * (n + 1);
    double *chance = calloc((size_t)most + 1, sizeof *chance), sum = 0;
    if (!chance)
        return NAN;
    chance[0] = 1;
    for (int64_t i = 0; i < n; i++)
        for (int64_t u = most; u >= 0; u--)
            chance[u] = (chance[u] + (u >= doubled[i] ? chance[u - doubled[i]] : 0)) / 2;
    for (int64_t u = 0; u <= w; u++)
        sum += chance[u];
    free(chance);
    return sum;
}

double gk_test_signed_rank(int64_t n, const double *difference)
{
    gk_arena     arena = { 0 };
    signed_size *one = gk_arena_alloc(&arena, (size_t)(n + 1) * sizeof *one);
    int64_t     *doubled = gk_arena_alloc(&arena, (size_t)(n + 1) * sizeof *doubled), m = 0, positive = 0;
    double       squares = 0, p;
    for (int64_t i = 0; i < n; i++)
        if (difference[i] != 0 && !isnan(difference[i]))
            one[m++] = (signed_size){ fabs(difference[i]), difference[i] > 0 };
    qsort(one, (size_t)m, sizeof *one, by_size);
    for (int64_t i = 0, end; i < m; i = end) {
        for (end = i; end < m && one[end].size == one[i].size; end++)
            ;
        for (int64_t j = i; j < end; j++) {
            doubled[j] = i + 1 + end;
            positive += one[j].sign ? doubled[j] : 0;
            squares += (double)doubled[j] * (double)doubled[j];
        }
    }
    int64_t least = positive < m * (m + 1) - positive ? positive : m * (m + 1) - positive;
    if (m > MANY / 2)
        p = erfc(((double)(m * (m + 1)) / 2 - (double)least) / sqrt(squares / 4) / sqrt(2));
    else
        p = 2 * share_below(m, doubled, least);
    gk_arena_release(&arena);
    return m == 0 || p > 1 ? 1 : p;
}
