/* twosample.c -- see twosample.h. */
#include "analysis/twosample.h"

#include <math.h>
#include <stdlib.h>
#include "analysis/cluster.h"
#include "base/arena.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const double *point(int64_t n, int d, const double *x, const double *y, int64_t i)
{
    return i < n ? x + i * d : y + (i - n) * d;
}

double gk_median_distance(int64_t n, int64_t m, int d, const double *x, const double *y)
{
    int64_t all = n + m, n_pair = all * (all - 1) / 2, at = 0;
    double *square = gk_alloc_large((size_t)n_pair * sizeof *square, "distances");
    if (!square)
        return NAN;
    for (int64_t i = 0; i < all; i++)
        for (int64_t j = 0; j < i; j++)
            square[at++] = gk_square_distance(d, point(n, d, x, y, i), point(n, d, x, y, j));
    qsort(square, (size_t)n_pair, sizeof *square, by_value);
    double low = sqrt(square[(n_pair - 1) / 2]), high = sqrt(square[n_pair / 2]);
    free(square);
    return (low + high) / 2;
}

static double kernel(int d, const double *a, const double *b, double bandwidth)
{
    return exp(-gk_square_distance(d, a, b) / (2 * bandwidth * bandwidth));
}

/* Mean of the kernel over pairs of different points of one sample. */
static double within(int64_t n, int d, const double *x, double bandwidth)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++)
            sum += kernel(d, x + i * d, x + j * d, bandwidth);
    return 2 * sum / ((double)n * (double)(n - 1));
}

double gk_mmd(int64_t n, int64_t m, int d, const double *x, const double *y, double bandwidth)
{
    double between = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < m; j++)
            between += kernel(d, x + i * d, y + j * d, bandwidth);
    return within(n, d, x, bandwidth) + within(m, d, y, bandwidth) - 2 * between / ((double)n * (double)m);
}

typedef struct neighbour { double square; int is_y; } neighbour;

static int by_distance(const void *a, const void *b)
{
    const neighbour *x = a, *y = b;
    return x->square != y->square ? (x->square > y->square) - (x->square < y->square) : x->is_y - y->is_y;
}

/* Are most of the k nearest of those that tell from y? */
static int vote(neighbour *all, int64_t half, int d, const double *x, const double *y, const double *judged, int k)
{
    int n_y = 0;
    for (int64_t i = 0; i < 2 * half; i++)
        all[i] = (neighbour){ gk_square_distance(d, judged, i % 2 ? y + i / 2 * d : x + i / 2 * d), (int)(i % 2) };
    qsort(all, (size_t)(2 * half), sizeof *all, by_distance);
    for (int i = 0; i < k; i++)
        n_y += all[i].is_y;
    return 2 * n_y > k;
}

double gk_c2st(int64_t n, int d, const double *x, const double *y)
{
    int64_t half = n / 2, n_right = 0;
    int k = (int)sqrt(2.0 * (double)half);
    neighbour *all = gk_alloc_large((size_t)(2 * half) * sizeof *all, "neighbours");
    if (!all)
        return NAN;
    k -= k % 2 == 0;
    for (int64_t i = half; i < n; i++)
        n_right += !vote(all, half, d, x, y, x + i * d, k) + vote(all, half, d, x, y, y + i * d, k);
    free(all);
    return (double)n_right / (double)(2 * (n - half));
}
