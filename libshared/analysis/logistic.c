/* logistic.c -- see logistic.h. */
#include "analysis/logistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

enum { MOST = GK_LOGISTIC_FEATURES + 1, MAX_STEPS = 100, MAX_HALVINGS = 40 };
static const double RIDGE_OF_CONSTANT = 1e-6, CONVERGED = 1e-10;

static int standardise(int64_t n, int d, const double *x, gk_logistic_fit *fit)
{
    for (int j = 0; j < d; j++) {
        double sum = 0, square = 0;
        for (int64_t i = 0; i < n; i++)
            sum += x[i * d + j];
        fit->mean[j] = sum / (double)n;
        for (int64_t i = 0; i < n; i++)
            square += pow(x[i * d + j] - fit->mean[j], 2);
        if (!isfinite(square))
            return gk_error("a feature is not finite");
        fit->scale[j] = square > 0 ? 1 / sqrt(square / (double)n) : 0;
    }
    return 0;
}

/* b_0 + sum of b_j z_j; z [d + 1], if wanted, begins with 1. */
static double score(const gk_logistic_fit *fit, const double *x, double *z)
{
    double sum = fit->b[0];
    if (z)
        z[0] = 1;
    for (int j = 0; j < fit->d; j++) {
        double value = (x[j] - fit->mean[j]) * fit->scale[j];
        sum += fit->b[j + 1] * value;
        if (z)
            z[j + 1] = value;
    }
    return sum;
}

static double penalty(const gk_logistic_fit *fit, double ridge)
{
    double sum = RIDGE_OF_CONSTANT * fit->b[0] * fit->b[0];
    for (int j = 1; j <= fit->d; j++)
        sum += ridge * fit->b[j] * fit->b[j];
    return sum / 2;
}

/* log(1 + e^s), never infinite */
static double softplus(double s)
{
    return s > 0 ? s + log1p(exp(-s)) : log1p(exp(s));
}

static double objective(int64_t n, const double *x, const bool *y, double ridge, const gk_logistic_fit *fit)
{
    double sum = penalty(fit, ridge);
    for (int64_t i = 0; i < n; i++) {
        double s = score(fit, x + i * fit->d, NULL);
        sum += softplus(y[i] ? -s : s);
    }
    return sum;
}

/* Gradient and the lower half of the second derivatives. */
static void slopes(int64_t n, const double *x, const bool *y, double ridge, const gk_logistic_fit *fit, double *g,
                   double h[MOST][MOST])
{
    int    m = fit->d + 1;
    double z[MOST];
    memset(h, 0, sizeof(double[MOST][MOST]));
    for (int j = 0; j < m; j++) {
        double by = j == 0 ? RIDGE_OF_CONSTANT : ridge;
        g[j] = by * fit->b[j];
        h[j][j] = by;
    }
    for (int64_t i = 0; i < n; i++) {
        double p = 1 / (1 + exp(-score(fit, x + i * fit->d, z)));
        for (int j = 0; j < m; j++) {
            g[j] += (p - y[i]) * z[j];
            for (int k = 0; k <= j; k++)
                h[j][k] += p * (1 - p) * z[j] * z[k];
        }
    }
}

/* Solve h step = g by Cholesky's factors; h is positive definite. */
static void solve(int m, double h[MOST][MOST], const double *g, double *step)
{
    for (int j = 0; j < m; j++)
        for (int k = 0; k <= j; k++) {
            double sum = h[j][k];
            for (int l = 0; l < k; l++)
                sum -= h[j][l] * h[k][l];
            h[j][k] = j == k ? sqrt(sum > 1e-300 ? sum : 1e-300) : sum / h[k][k];
        }
    for (int j = 0; j < m; j++) {
        step[j] = g[j];
        for (int l = 0; l < j; l++)
            step[j] -= h[j][l] * step[l];
        step[j] /= h[j][j];
    }
    for (int j = m - 1; j >= 0; j--) {
        for (int l = j + 1; l < m; l++)
            step[j] -= h[l][j] * step[l];
        step[j] /= h[j][j];
    }
}

int gk_logistic_regress(int64_t n, int d, const double *x, const bool *y, double ridge, gk_logistic_fit *out)
{
    double g[MOST], h[MOST][MOST], step[MOST];
    gk_assert(d >= 0 && d <= GK_LOGISTIC_FEATURES && n > 0 && ridge >= 0);
    *out = (gk_logistic_fit){ .d = d };
    if (standardise(n, d, x, out) < 0)
        return -1;
    double now = objective(n, x, y, ridge, out);
    for (int i = 0; i < MAX_STEPS; i++) {
        gk_logistic_fit next;
        double share = 1, then = INFINITY, down = 0;
        slopes(n, x, y, ridge, out, g, h);
        solve(d + 1, h, g, step);
        for (int j = 0; j <= d; j++)
            down += g[j] * step[j];
        if (down < CONVERGED * CONVERGED)
            break;
        for (int half = 0; half < MAX_HALVINGS && !(then < now); half++, share /= 2) {
            next = *out;
            for (int j = 0; j <= d; j++)
                next.b[j] -= share * step[j];
            then = objective(n, x, y, ridge, &next);
        }
        if (!(then < now))
            break;
        *out = next;
        now = then;
    }
    return 0;
}

double gk_logistic_of(const gk_logistic_fit *fit, const double *x)
{
    return 1 / (1 + exp(-score(fit, x, NULL)));
}

int gk_logistic_held_out(int64_t n, int d, const double *x, const bool *y, int n_part, const int *part, double ridge, double *out)
{
    gk_logistic_fit fit;
    double *others = gk_alloc_large((size_t)(n * d + 1) * sizeof *others, "features");
    bool   *answers = gk_alloc_large((size_t)n + 1, "features");
    int     status = others && answers ? 0 : -1;
    for (int held = 0; status == 0 && held < n_part; held++) {
        int64_t m = 0;
        for (int64_t i = 0; i < n; i++) {
            if (part[i] == held)
                continue;
            memcpy(others + m * d, x + i * d, (size_t)d * sizeof *x);
            answers[m++] = y[i];
        }
        status = m > 0 ? gk_logistic_regress(m, d, others, answers, ridge, &fit) : 0;
        for (int64_t i = 0; status == 0 && i < n; i++)
            if (part[i] == held)
                out[i] = m > 0 ? gk_logistic_of(&fit, x + i * d) : NAN;
    }
    free(others);
    free(answers);
    return status;
}

double gk_area_under_curve(int64_t n, const double *score_of, const bool *y)
{
    double  above = 0;
    int64_t n_pair = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            if (y[i] && !y[j]) {
                n_pair++;
                above += score_of[i] > score_of[j] ? 1 : score_of[i] == score_of[j] ? 0.5 : 0;
            }
    return n_pair > 0 ? above / (double)n_pair : NAN;
}
