/* norm.c -- LayerNorm and RMSNorm over the last axis; moments in double, in as many sums as a vector has lanes. */
#include <math.h>

#include "cpu/cpu.h"
#include "graph/standard.h"

/* Mean and 1/sqrt(var + eps) of one row; for RMSNorm the mean is taken as 0. */
static void moments(const gk_real *x, int64_t d, double epsilon, bool centred, double *mean, double *inverse)
{
    double sum = 0, square = 0;

    if (centred) {
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < d; i++)
            sum += x[i];
    }
    double middle = *mean = sum / (double)d;
#pragma omp simd reduction(+ : square)
    for (int64_t i = 0; i < d; i++)
        square += (x[i] - middle) * (x[i] - middle);
    *inverse = GK_STANDARD_INVERSE(square, (double)d, epsilon);
}

static void norm_forward(gk_work *work, const gk_node *y, bool centred)
{
    int64_t        d = gk_last_dim(y), n = gk_n_real(work, y) / d;
    const gk_real *x = work->data[y->src[0]->id], *gain = work->data[y->src[1]->id];
    const gk_real *bias = centred ? work->data[y->src[2]->id] : NULL;
    gk_real       *out  = work->data[y->id];

    for (int64_t row = 0; row < n; row++, x += d, out += d) {
        double mean, inverse;
        moments(x, d, y->args.norm.epsilon, centred, &mean, &inverse);
        for (int64_t i = 0; i < d; i++)
            out[i] = (gk_real)GK_STANDARD(x[i], mean, inverse) * gain[i];
        for (int64_t i = 0; bias && i < d; i++)
            out[i] += bias[i];
    }
}

/* One row in double: z, and u = gain dy.  dgain += dy z, dbias += dy. */
static void param_slopes(const gk_real *restrict x, const gk_real *restrict gain, const gk_real *restrict dy, int64_t d,
                         double mean, double inverse, double *restrict z, double *restrict u, gk_real *restrict dgain,
                         gk_real *restrict dbias)
{
    for (int64_t i = 0; i < d; i++) {
        z[i] = GK_STANDARD(x[i], mean, inverse);
        u[i] = (double)gain[i] * dy[i];
        dgain[i] += (gk_real)(dy[i] * z[i]);
    }
    for (int64_t i = 0; dbias && i < d; i++)
        dbias[i] += dy[i];
}

static void source_slopes(const double *restrict z, const double *restrict u, int64_t d, double inverse, bool centred,
                          gk_real *restrict dx, bool accumulate)
{
    double mean_u = 0, mean_uz = 0;

#pragma omp simd reduction(+ : mean_u, mean_uz)
    for (int64_t i = 0; i < d; i++) {
        mean_u += u[i];
        mean_uz += u[i] * z[i];
    }
    mean_u = centred ? mean_u / (double)d : 0;
    mean_uz /= (double)d;
    for (int64_t i = 0; i < d; i++)
        dx[i] = (accumulate ? dx[i] : 0) + (gk_real)GK_STANDARD_SLOPE(u[i], mean_u, z[i], mean_uz, inverse);
}

static void norm_backward(gk_work *work, const gk_node *y, bool centred)
{
    const gk_node *xn = y->src[0];
    int64_t        d = gk_last_dim(y), n = gk_n_real(work, y) / d;
    const gk_real *x = work->data[xn->id], *gain = work->data[y->src[1]->id], *dy = work->grad[y->id];
    double        *z = (double *)work->scratch, *u = z + d;

    for (int64_t row = 0; row < n; row++, x += d, dy += d) {
        double mean, inverse;
        moments(x, d, y->args.norm.epsilon, centred, &mean, &inverse);
        param_slopes(x, gain, dy, d, mean, inverse, z, u, work->grad[y->src[1]->id],
                     centred ? work->grad[y->src[2]->id] : NULL);
        if (xn->needs_grad)
            source_slopes(z, u, d, inverse, centred, work->grad[xn->id] + row * d, y->accumulate[0]);
    }
}

void cpu_layernorm_forward(gk_work *work, const gk_node *y)
{
    norm_forward(work, y, true);
}

void cpu_layernorm_backward(gk_work *work, const gk_node *y)
{
    norm_backward(work, y, true);
}

void cpu_rmsnorm_forward(gk_work *work, const gk_node *y)
{
    norm_forward(work, y, false);
}

void cpu_rmsnorm_backward(gk_work *work, const gk_node *y)
{
    norm_backward(work, y, false);
}
