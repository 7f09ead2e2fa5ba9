/* eigen.c -- see eigen.h. */
#include "analysis/eigen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

/* --- tridiagonal form -------------------------------------------------------------------------------- */

/* The reflection that makes row i of the lower triangle 0 but for its last element, whose axis stays in the row.  diagonal[i]
 * becomes half the square of that axis; 0: there was nothing to do. */
static void reflect(int n, double *a, int i, double *diagonal, double *side)
{
    double *row = a + (int64_t)i * n, scale = 0, square = 0, sum = 0;
    for (int k = 0; k < i; k++)
        scale += fabs(row[k]);
    diagonal[i] = 0;
    if (i == 1 || scale == 0) {
        side[i] = row[i - 1];
        return;
    }
    for (int k = 0; k < i; k++) {
        row[k] /= scale;
        square += row[k] * row[k];
    }
    double last = row[i - 1], root = last >= 0 ? -sqrt(square) : sqrt(square);
    side[i] = scale * root;
    square -= last * root;
    row[i - 1] = last - root;
    for (int j = 0; j < i; j++) {
        double product = 0;
        a[(int64_t)j * n + i] = row[j] / square;
        for (int k = 0; k <= j; k++)
            product += a[(int64_t)j * n + k] * row[k];
        for (int k = j + 1; k < i; k++)
            product += a[(int64_t)k * n + j] * row[k];
        side[j] = product / square;
        sum += side[j] * row[j];
    }
    for (int j = 0; j < i; j++) {
        double other = row[j], half = side[j] -= sum / (2 * square) * other;
        for (int k = 0; k <= j; k++)
            a[(int64_t)j * n + k] -= other * side[k] + half * row[k];
    }
    diagonal[i] = square;
}

/* a = Q T Q^T: T as its diagonal and what stands beside it (side[i] between i - 1 and i), Q in place of a. */
static void tridiagonal(int n, double *a, double *diagonal, double *side)
{
    for (int i = n - 1; i > 0; i--)
        reflect(n, a, i, diagonal, side);
    diagonal[0] = side[0] = 0;
    for (int i = 0; i < n; i++) {    /* multiply the reflections */
        double *row = a + (int64_t)i * n;
        for (int j = 0; i > 0 && diagonal[i] != 0 && j < i; j++) {
            double product = 0;
            for (int k = 0; k < i; k++)
                product += row[k] * a[(int64_t)k * n + j];
            for (int k = 0; k < i; k++)
                a[(int64_t)k * n + j] -= product * a[(int64_t)k * n + i];
        }
        diagonal[i] = row[i];
        row[i] = 1;
        for (int j = 0; j < i; j++)
            row[j] = a[(int64_t)j * n + i] = 0;
    }
}

/* --- QL -------------------------------------------------------------------------------- */

/* One implicit step of QL on T between l and m, with the shift of Wilkinson; the rows of q, axes, turn along. */
static void turn(int n, double *diagonal, double *side, double *q, int l, int m)
{
    double g = (diagonal[l + 1] - diagonal[l]) / (2 * side[l]), r = hypot(g, 1), sine = 1, cosine = 1, shift = 0;
    g = diagonal[m] - diagonal[l] + side[l] / (g + (g >= 0 ? r : -r));
    for (int i = m - 1; i >= l; i--) {
        double f = sine * side[i], b = cosine * side[i];
        side[i + 1] = r = hypot(f, g);
        if (r == 0) {    /* T has come apart */
            diagonal[i + 1] -= shift;
            side[m] = 0;
            return;
        }
        sine = f / r;
        cosine = g / r;
        g = diagonal[i + 1] - shift;
        r = (diagonal[i] - g) * sine + 2 * cosine * b;
        shift = sine * r;
        diagonal[i + 1] = g + shift;
        g = cosine * r - b;
        double *low = q + (int64_t)i * n, *high = low + n;
        for (int k = 0; k < n; k++) {
            double above = high[k];
            high[k] = sine * low[k] + cosine * above;
            low[k] = cosine * low[k] - sine * above;
        }
    }
    diagonal[l] -= shift;
    side[l] = g;
    side[m] = 0;
}

static int ql(int n, double *diagonal, double *side, double *q)
{
    enum { MOST_TURNS = 64 };
    memmove(side, side + 1, (size_t)(n - 1) * sizeof *side);
    side[n - 1] = 0;
    for (int l = 0; l < n; l++)
        for (int count = 0;; count++) {
            int m = l;
            while (m + 1 < n && fabs(side[m]) > 0x1p-53 * (fabs(diagonal[m]) + fabs(diagonal[m + 1])))
                m++;
            if (m == l)
                break;
            if (count == MOST_TURNS)
                return gk_error("eigenvalues of a matrix of %d rows do not converge", n);
            turn(n, diagonal, side, q, l, m);
        }
    return 0;
}

static void transpose(int n, double *a)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) {
            double other = a[i * n + j];
            a[i * n + j] = a[j * n + i];
            a[j * n + i] = other;
        }
}

/* Descending, and the largest component of every axis positive. */
static void arrange(int n, double *axis, double *value)
{
    for (int i = 0; i < n; i++) {
        int best = i, largest = 0;
        for (int k = i + 1; k < n; k++)
            best = value[k] > value[best] ? k : best;
        double *row = axis + (int64_t)i * n, *other = axis + (int64_t)best * n, swapped = value[i];
        value[i] = value[best];
        value[best] = swapped;
        for (int k = 0; k < n && best != i; k++) {
            swapped = row[k];
            row[k] = other[k];
            other[k] = swapped;
        }
        for (int k = 1; k < n; k++)    /* of components that differ by their rounding alone, the first */
            largest = fabs(row[k]) > fabs(row[largest]) * (1 + 1e-9) ? k : largest;
        for (int k = 0, negative = row[largest] < 0; negative && k < n; k++)
            row[k] = -row[k];
    }
}

int gk_eigen_symmetric(int n, double *a, double *value)
{
    double *side = gk_alloc_large((size_t)n * sizeof *side, "eigenvalues");
    for (int64_t i = 0; side && i < (int64_t)n * n; i++)
        if (!isfinite(a[i])) {
            free(side);
            return gk_error("eigenvalues of a matrix with a number that is not finite");
        }
    if (!side)
        return -1;
    tridiagonal(n, a, value, side);
    transpose(n, a);
    int status = ql(n, value, side, a);
    if (status == 0)
        arrange(n, a, value);
    free(side);
    return status;
}

/* --- principal components -------------------------------------------------------------------------------- */

/* Covariance of points about their mean, its lower triangle mirrored. */
static void covariance(int64_t n, int d, const double *x, const double *mean, double *out)
{
    double *centred = out + (int64_t)d * d;    /* room for one point */
    memset(out, 0, (size_t)d * (size_t)d * sizeof *out);
    for (int64_t point = 0; point < n; point++) {
        for (int i = 0; i < d; i++)
            centred[i] = x[point * d + i] - mean[i];
        for (int i = 0; i < d; i++)
            for (int j = 0; centred[i] != 0 && j <= i; j++)
                out[(int64_t)i * d + j] += centred[i] * centred[j];
    }
    for (int i = 0; i < d; i++)
        for (int j = 0; j <= i; j++)
            out[(int64_t)j * d + i] = out[(int64_t)i * d + j] /= (double)(n - 1);
}

int gk_pca(int64_t n, int d, const double *x, int k, gk_components *out)
{
    double *matrix = gk_alloc_large(((size_t)d * (size_t)d + 2 * (size_t)d) * sizeof *matrix, "a covariance");
    double *value = matrix + (int64_t)d * d + d;
    if (!matrix)
        return -1;
    memset(out->mean, 0, (size_t)d * sizeof *out->mean);
    for (int64_t i = 0; i < n * d; i++)
        out->mean[i % d] += x[i];
    for (int i = 0; i < d; i++)
        out->mean[i] /= (double)n;
    covariance(n, d, x, out->mean, matrix);
    out->total = 0;
    for (int64_t i = 0; i < d; i++)
        out->total += matrix[i * d + i];
    int status = gk_eigen_symmetric(d, matrix, value);
    if (status == 0) {
        memcpy(out->axis, matrix, (size_t)k * (size_t)d * sizeof *matrix);
        memcpy(out->variance, value, (size_t)k * sizeof *value);
    }
    free(matrix);
    return status;
}

void gk_pca_project(const gk_components *of, int d, int k, const double *point, double *out)
{
    for (int c = 0; c < k; c++) {
        out[c] = 0;
        for (int i = 0; i < d; i++)
            out[c] += (point[i] - of->mean[i]) * of->axis[(int64_t)c * d + i];
    }
}

/* --- multidimensional scaling -------------------------------------------------------------------------------- */

int gk_mds(int n, const double *square, int k, double *out, double *value, double *stress)
{
    double *product = gk_alloc_large(((size_t)n * (size_t)n + 2 * (size_t)n) * sizeof *product, "products of points");
    double *mean = product ? product + (int64_t)n * n : NULL, *all = mean ? mean + n : NULL, whole = 0, kept = 0;
    if (!product)
        return -1;
    memset(mean, 0, (size_t)n * sizeof *mean);
    for (int64_t i = 0; i < (int64_t)n * n; i++)
        mean[i / n] += square[i] / n;
    for (int i = 0; i < n; i++)
        whole += mean[i] / n;
    for (int64_t i = 0; i < (int64_t)n * n; i++)
        product[i] = -0.5 * (square[i] - mean[i / n] - mean[i % n] + whole);
    int status = gk_eigen_symmetric(n, product, all);
    whole = 0;
    for (int i = 0; status == 0 && i < n; i++) {
        whole += all[i] * all[i];
        kept += i < k && all[i] > 0 ? all[i] * all[i] : 0;
    }
    for (int c = 0; status == 0 && c < k; c++) {
        value[c] = c < n ? all[c] : 0;
        for (int i = 0; i < n; i++)
            out[(int64_t)i * k + c] = c < n && all[c] > 0 ? sqrt(all[c]) * product[(int64_t)c * n + i] : 0;
    }
    *stress = whole > 0 ? 1 - kept / whole : 0;
    free(product);
    return status;
}
