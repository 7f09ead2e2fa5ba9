/* fourier.c -- see fourier.h. */
#include "analysis/fourier.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

void gk_fourier_basis(int p, double *basis)
{
    for (int x = 0; x < p; x++)
        basis[x] = 1 / sqrt(p);
    for (int k = 1; 2 * k < p; k++)
        for (int x = 0; x < p; x++) {
            double angle = 2 * 3.14159265358979323846 * (double)((int64_t)k * x % p) / p;
            basis[(2 * k - 1) * (int64_t)p + x] = sqrt(2.0 / p) * cos(angle);
            basis[2 * k * (int64_t)p + x] = sqrt(2.0 / p) * sin(angle);
        }
}

void gk_fourier_norms(int p, const double *basis, int64_t n, const double *table, double *norm)
{
    for (int j = 0; j < p; j++) {
        double squares = 0;
        for (int64_t column = 0; column < n; column++) {
            double sum = 0;
            for (int x = 0; x < p; x++)
                sum += basis[(int64_t)j * p + x] * table[x * n + column];
            squares += sum * sum;
        }
        norm[j] = sqrt(squares);
    }
}

void gk_fourier_spectrum(int p, const double *norm, double *power)
{
    memset(power, 0, (size_t)(p + 1) / 2 * sizeof *power);
    for (int j = 0; j < p; j++)
        power[(j + 1) / 2] += norm[j] * norm[j];
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Twice the area between the Lorenz curve and the diagonal. */
double gk_fourier_gini(int64_t n, const double *value)
{
    gk_arena arena = { 0 };
    double  *sorted = gk_arena_alloc(&arena, (size_t)n * sizeof *sorted), sum = 0, weighted = 0;
    memcpy(sorted, value, (size_t)n * sizeof *sorted);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    for (int64_t i = 0; i < n; i++) {
        sum += sorted[i];
        weighted += (double)(2 * (i + 1) - n - 1) * sorted[i];
    }
    gk_arena_release(&arena);
    return sum > 0 ? weighted / ((double)n * sum) : 0;
}

/* --- neurons --------------------------------------------------------------------------------------------------------------- */

/* half [p][p]: f transformed along b; then entry (i, j) of the 2-D transform. */
static double entry(int p, const double *basis, const double *half, int i, int j)
{
    double sum = 0;
    for (int a = 0; a < p; a++)
        sum += basis[(int64_t)i * p + a] * half[(int64_t)a * p + j];
    return sum;
}

static void transform_rows(int p, const double *basis, const double *f, double *half)
{
    for (int a = 0; a < p; a++)
        for (int j = 0; j < p; j++) {
            double sum = 0;
            for (int b = 0; b < p; b++)
                sum += f[(int64_t)a * p + b] * basis[(int64_t)j * p + b];
            half[(int64_t)a * p + j] = sum;
        }
}

int gk_fourier_best(int p, const double *basis, const double *f, double *share)
{
    gk_arena arena = { 0 };
    double  *half = gk_arena_alloc(&arena, (size_t)p * (size_t)p * sizeof *half), mean = 0, variance = 0, most = 0;
    int      best = 0;

    for (int64_t i = 0; i < (int64_t)p * p; i++)
        mean += f[i] / ((double)p * p);
    for (int64_t i = 0; i < (int64_t)p * p; i++)
        variance += (f[i] - mean) * (f[i] - mean);
    transform_rows(p, basis, f, half);
    for (int k = 1; 2 * k < p; k++) {
        const int member[3] = { 0, 2 * k - 1, 2 * k };
        double    sum = 0;
        for (int i = 0; i < 3; i++)
            for (int j = i == 0; j < 3; j++) {    /* all but constant times constant */
                double e = entry(p, basis, half, member[i], member[j]);
                sum += e * e;
            }
        if (sum > most) {
            most = sum;
            best = k;
        }
    }
    gk_arena_release(&arena);
    *share = variance > 1e-12 * (1 + mean * mean) * p * p ? most / variance : 0;
    return *share > 0 ? best : 0;
}

int gk_fourier_keys(int p, int64_t n_neuron, const int *best, const double *share, double least, double explained, int *key)
{
    int n_key = 0;
    for (int k = 1; 2 * k < p; k++) {
        int64_t n = 0;
        double  sum = 0;
        for (int64_t i = 0; i < n_neuron; i++)
            if (best[i] == k) {
                n++;
                sum += share[i];
            }
        if (n > 0 && (double)n >= least * (double)n_neuron && sum / (double)n >= explained)
            key[n_key++] = k;
    }
    return n_key;
}

/* --- logits ---------------------------------------------------------------------------------------------------------------- */

void gk_fourier_project(int p, const double *basis, int sign, int n_key, const int *key, int64_t n_out, const double *logits,
                        double *out, double *mean)
{
    gk_arena arena = { 0 };
    size_t   n = (size_t)p * (size_t)n_out;
    double  *by_answer = gk_arena_alloc(&arena, n * sizeof *by_answer), *kept = gk_arena_alloc(&arena, n * sizeof *kept);

    memset(mean, 0, (size_t)n_out * sizeof *mean);
    for (int a = 0; a < p; a++)
        for (int b = 0; b < p; b++) {
            const double *x = logits + ((int64_t)a * p + b) * n_out;
            double       *to = by_answer + (((a + sign * b) % p + p) % p) * n_out;
            for (int64_t c = 0; c < n_out; c++) {
                to[c] += x[c] / p;
                mean[c] += x[c] / ((double)p * p);
            }
        }
    for (int i = 0; i < 2 * n_key; i++) {    /* components of what is left when all pairs of one answer are averaged */
        const double *member = basis + (int64_t)(2 * key[i / 2] - (i % 2 == 0)) * p;
        for (int64_t c = 0; c < n_out; c++) {
            double sum = 0;
            for (int s = 0; s < p; s++)
                sum += member[s] * by_answer[s * n_out + c];
            for (int s = 0; s < p; s++)
                kept[s * n_out + c] += sum * member[s];
        }
    }
    for (int a = 0; a < p; a++)
        for (int b = 0; b < p; b++)
            memcpy(out + ((int64_t)a * p + b) * n_out, kept + (((a + sign * b) % p + p) % p) * n_out,
                   (size_t)n_out * sizeof *out);
    gk_arena_release(&arena);
}
