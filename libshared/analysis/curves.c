/* curves.c -- curves of many runs as one: median and band, and fewer points where there are more than can be seen. */
#include "analysis/curves.h"

#include <math.h>
#include <stdlib.h>
#include "base/arena.h"

static int compare_reals(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

double gk_quantile(const double *sorted, int64_t n, double q)
{
    double place = q * (double)(n - 1);
    int64_t below = (int64_t)place;

    if (below >= n - 1 || sorted[below] == sorted[below + 1])
        return sorted[below >= n - 1 ? n - 1 : below];    /* equal neighbours may be infinite */
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

double gk_curve_at(const gk_curve *curve, double x, int64_t *cursor)
{
    int64_t i = *cursor;

    while (i < curve->n && curve->x[i] <= x)
        i++;
    *cursor = i;    /* the first point behind x */
    if (i == 0)
        return NAN;
    if (curve->x[i - 1] == x)
        return curve->y[i - 1];
    if (i == curve->n)
        return curve->n > 1 ? curve->y[i - 1] : NAN;
    double share = (x - curve->x[i - 1]) / (curve->x[i] - curve->x[i - 1]);
    return curve->y[i - 1] + share * (curve->y[i] - curve->y[i - 1]);
}

/* --- the axis ---------------------------------------------------------------------------------------------------- */

/* Which of n_piece pieces of the axis [low, high] a value falls into. */
static int64_t piece_of(double x, double low, double high, int64_t n_piece, bool log_x)
{
    double share = log_x ? log(x / low) / log(high / low) : (x - low) / (high - low);
    int64_t piece = (int64_t)(share * (double)n_piece);

    return piece < 0 || !(share > 0) ? 0 : piece >= n_piece ? n_piece - 1 : piece;
}

/* Keep the first value of each piece, and the last of all.  Returns how many are left. */
static int64_t spread(double *x, int64_t n, int64_t max_points, bool log_x)
{
    double low = x[0], high = x[n - 1], last = high;
    int64_t n_kept = 0, previous = -1;

    for (int64_t i = 0; i < n; i++) {
        int64_t piece = piece_of(x[i], low, high, max_points - 1, log_x && low > 0);
        if (piece == previous)
            continue;
        previous = piece;
        x[n_kept++] = x[i];
    }
    if (x[n_kept - 1] != last)
        x[n_kept++] = last;
    return n_kept;
}

/* All different x of the curves, ascending, thinned to max_points. */
static double *union_of_x(const gk_curve *curves, int64_t n_curve, int64_t max_points, bool log_x, int64_t *n_out)
{
    int64_t n = 0, n_distinct = 0;
    double *x;

    for (int64_t c = 0; c < n_curve; c++)
        n += curves[c].n;
    if (!(x = gk_alloc_large(((size_t)n + 1) * sizeof *x, "axis of a band")))
        return NULL;
    n = 0;
    for (int64_t c = 0; c < n_curve; c++)
        for (int64_t i = 0; i < curves[c].n; i++)
            x[n++] = curves[c].x[i];
    qsort(x, (size_t)n, sizeof *x, compare_reals);
    for (int64_t i = 0; i < n; i++)
        if (i == 0 || x[i] != x[i - 1])
            x[n_distinct++] = x[i];
    *n_out = n_distinct > max_points ? spread(x, n_distinct, max_points, log_x) : n_distinct;
    return x;
}

/* --- bands ------------------------------------------------------------------------------------------------------- */

int gk_band_over(const gk_curve *curves, int64_t n_curve, double q_low, int64_t max_points, bool log_x, gk_band *out)
{
    int64_t *cursor = gk_alloc_large(((size_t)n_curve + 1) * sizeof *cursor, "band over runs");
    double *value = gk_alloc_large(((size_t)n_curve + 1) * sizeof *value, "band over runs");
    int status = -1;

    *out = (gk_band){ 0 };
    if (!cursor || !value || !(out->x = union_of_x(curves, n_curve, max_points, log_x, &out->n)))
        goto done;
    out->y = gk_alloc_large(((size_t)out->n + 1) * 3 * sizeof *out->y, "band over runs");
    if (!out->y)
        goto done;
    out->low = out->y + out->n + 1;
    out->high = out->low + out->n + 1;
    for (int64_t i = 0; i < out->n; i++) {
        int64_t n_value = 0;
        for (int64_t c = 0; c < n_curve; c++) {
            double y = gk_curve_at(&curves[c], out->x[i], &cursor[c]);
            if (!isnan(y))
                value[n_value++] = y;
        }
        qsort(value, (size_t)n_value, sizeof *value, compare_reals);
        out->y[i] = n_value ? gk_quantile(value, n_value, 0.5) : NAN;
        out->low[i] = n_value ? gk_quantile(value, n_value, q_low) : NAN;
        out->high[i] = n_value ? gk_quantile(value, n_value, 1 - q_low) : NAN;
    }
    status = 0;
done:
    free(cursor);
    free(value);
    if (status < 0)
        gk_band_release(out);
    return status;
}

void gk_band_release(gk_band *band)
{
    free(band->x);
    free(band->y);
    *band = (gk_band){ 0 };
}

/* --- thinning ---------------------------------------------------------------------------------------------------- */

void gk_curve_thin(gk_curve *curve, int64_t max_points, bool log_x)
{
    int64_t n = curve->n, n_piece = max_points > 2 ? max_points / 2 : 1, n_kept = 0;
    double low = n ? curve->x[0] : 0, high = n ? curve->x[n - 1] : 0;

    if (n <= max_points)
        return;
    for (int64_t first = 0, last; first < n; first = last) {
        int64_t piece = piece_of(curve->x[first], low, high, n_piece, log_x && low > 0), lowest = first, highest = first;
        for (last = first; last < n && piece_of(curve->x[last], low, high, n_piece, log_x && low > 0) == piece; last++) {
            if (curve->y[last] < curve->y[lowest] || isnan(curve->y[lowest]))
                lowest = last;
            if (curve->y[last] > curve->y[highest] || isnan(curve->y[highest]))
                highest = last;
        }
        int64_t early = lowest < highest ? lowest : highest, late = lowest < highest ? highest : lowest;
        double x_late = curve->x[late], y_late = curve->y[late];
        curve->x[n_kept] = curve->x[early];
        curve->y[n_kept++] = curve->y[early];
        if (late != early) {
            curve->x[n_kept] = x_late;
            curve->y[n_kept++] = y_late;
        }
    }
    curve->n = n_kept;
}
