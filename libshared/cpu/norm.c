/* norm.c -- LayerNorm and RMSNorm over the last axis; moments in double. */
#include <math.h>

#include "cpu/cpu.h"

/* Mean and 1/sqrt(var + eps) of one row; for RMSNorm the mean is taken as 0. */
static void moments(const gk_real *x, int64_t d, double epsilon, bool centred, double *mean, double *inverse)
{
    double sum = 0, square = 0;

    for (int64_t i = 0; centred && i < d; i++)
        sum += x[i];
    *mean = sum / (double)d;
    for (int64_t i = 0; i < d; i++)
        square += (x[i] - *mean) * (x[i] - *mean);
    *inverse = 1 / sqrt(square / (double)d + epsilon);
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
            out[i] = (gk_real)((x[i] - mean) * inverse) * gain[i] + (bias ? bias[i] : 0);
    }
}

/* With z = (x - mean)/sd and u = gain dy:  dx = (u - mean(u) - z mean(u z)) / sd  (no mean(u) for RMSNorm). */
static void norm_backward(gk_work *work, const gk_node *y, bool centred)
{
    const gk_node *xn = y->src[0];
    int64_t        d = gk_last_dim(y), n = gk_n_real(work, y) / d;
    const gk_real *x = work->data[xn->id], *gain = work->data[y->src[1]->id], *dy = work->grad[y->id];
    gk_real       *dx = xn->needs_grad ? work->grad[xn->id] : NULL, *dgain = work->grad[y->src[1]->id];
    gk_real       *dbias = centred ? work->grad[y->src[2]->id] : NULL;

    for (int64_t row = 0; row < n; row++, x += d, dy += d) {
        double mean, inverse, mean_u = 0, mean_uz = 0;
        moments(x, d, y->args.norm.epsilon, centred, &mean, &inverse);
        for (int64_t i = 0; i < d; i++) {
            double z = (x[i] - mean) * inverse, u = (double)gain[i] * dy[i];
            mean_u += u / (double)d;
            mean_uz += u * z / (double)d;
            dgain[i] += (gk_real)(dy[i] * z);
            if (dbias)
                dbias[i] += dy[i];
        }
        for (int64_t i = 0; dx && i < d; i++) {
            double z = (x[i] - mean) * inverse;
            double g = ((double)gain[i] * dy[i] - (centred ? mean_u : 0) - z * mean_uz) * inverse;
            dx[i]    = y->accumulate[0] ? dx[i] + (gk_real)g : (gk_real)g;
        }
        dx = dx ? dx + d : dx;
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
