/* norm.cu -- LayerNorm and RMSNorm over the last axis; moments in double. */
#include "columns.h"

namespace GK_REALS {

/* aux keeps mean and 1/sqrt(var + eps) of every row of the last axis; for RMSNorm the mean is 0. */
typedef struct norm { gk_span x, gain, bias, aux, dy; int64_t d; double epsilon; bool centred; } norm;

static norm norm_of(gk_work *work, const gk_node *y, bool centred)
{
    norm m = { gk_data_of(work, y, 0), gk_data_of(work, y, 1), gk_data_of(work, y, 2), work->aux[y->id], work->grad[y->id],
               gk_last_dim(y), y->args.norm.epsilon, centred };
    return m;
}

static __global__ void norm_forward(norm m, gk_span y)
{
    const gk_real *x = gk_of(m.x) + blockIdx.x * m.d, *gain = gk_of(m.gain);
    gk_real       *aux = gk_of(m.aux) + 2 * blockIdx.x, *out = gk_of(y) + blockIdx.x * m.d;
    double         sum = 0, square = 0;

    for (int64_t i = threadIdx.x; m.centred && i < m.d; i += blockDim.x)
        sum += x[i];
    double mean = m.centred ? gk_block_sum(sum) / (double)m.d : 0;
    for (int64_t i = threadIdx.x; i < m.d; i += blockDim.x)
        square += (x[i] - mean) * (x[i] - mean);
    double inverse = 1 / sqrt(gk_block_sum(square) / (double)m.d + m.epsilon);
    for (int64_t i = threadIdx.x; i < m.d; i += blockDim.x)
        out[i] = (gk_real)((x[i] - mean) * inverse) * gain[i] + (m.centred ? gk_of(m.bias)[i] : 0);
    if (threadIdx.x == 0) {
        aux[0] = (gk_real)mean;
        aux[1] = (gk_real)inverse;
    }
}

/* With z = (x - mean)/sd and u = gain dy:  dx = (u - mean(u) - z mean(u z)) / sd  (no mean(u) for RMSNorm). */
static __global__ void norm_backward(norm m, gk_span to, bool accumulate)
{
    const gk_real *x = gk_of(m.x) + blockIdx.x * m.d, *gain = gk_of(m.gain), *dy = gk_of(m.dy) + blockIdx.x * m.d;
    const gk_real *aux = gk_of(m.aux) + 2 * blockIdx.x;
    gk_real       *dx = gk_of(to) + blockIdx.x * m.d;
    double         mean = aux[0], inverse = aux[1], u = 0, uz = 0;

    for (int64_t i = threadIdx.x; i < m.d; i += blockDim.x) {
        u += (double)gain[i] * dy[i];
        uz += (double)gain[i] * dy[i] * ((x[i] - mean) * inverse);
    }
    u  = m.centred ? gk_block_sum(u) / (double)m.d : 0;
    uz = gk_block_sum(uz) / (double)m.d;
    for (int64_t i = threadIdx.x; i < m.d; i += blockDim.x) {
        double g = ((double)gain[i] * dy[i] - u - (x[i] - mean) * inverse * uz) * inverse;
        dx[i] = accumulate ? dx[i] + (gk_real)g : (gk_real)g;
    }
}

static __device__ double normalised(norm m, int64_t row, int64_t column)
{
    const gk_real *aux = gk_of(m.aux) + 2 * row;
    return ((double)gk_of(m.x)[row * m.d + column] - aux[0]) * aux[1];
}

static __global__ void norm_gain(norm m, gk_span dgain, int64_t n_row)
{
    GK_COLUMN_SUM(double, gk_of(m.dy)[row * m.d + column] * normalised(m, row, column), n_row, m.d,
                  gk_of(dgain)[column] += (gk_real)sum)
}

static __global__ void norm_bias(norm m, gk_span dbias, int64_t n_row)
{
    GK_COLUMN_SUM(double, gk_of(m.dy)[row * m.d + column], n_row, m.d, gk_of(dbias)[column] += (gk_real)sum)
}

static void forward(gk_work *work, const gk_node *y, bool centred)
{
    norm m = norm_of(work, y, centred);
    GK_LAUNCH_BLOCKS(norm_forward, gk_grid(gk_n_real(work, y) / m.d, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     m, work->data[y->id]);
}

static void backward(gk_work *work, const gk_node *y, bool centred)
{
    norm    m = norm_of(work, y, centred);
    int64_t n = gk_n_real(work, y) / m.d;
    gk_span dx = gk_grad_of(work, y, 0), dgain = gk_grad_of(work, y, 1), dbias = gk_grad_of(work, y, 2);
    dim3    columns = gk_column_grid(m.d, work->n_replica);

    if (dgain.at)
        GK_LAUNCH_BLOCKS(norm_gain, columns, GK_COLUMN_THREADS, work->device->stream, m, dgain, n);
    if (dbias.at)
        GK_LAUNCH_BLOCKS(norm_bias, columns, GK_COLUMN_THREADS, work->device->stream, m, dbias, n);
    if (dx.at)
        GK_LAUNCH_BLOCKS(norm_backward, gk_grid(n, work->n_replica), GK_BLOCK_THREADS, work->device->stream, m, dx,
                         y->accumulate[0]);
}

void cuda_layernorm_forward(gk_work *work, const gk_node *y)
{
    forward(work, y, true);
}

void cuda_layernorm_backward(gk_work *work, const gk_node *y)
{
    backward(work, y, true);
}

void cuda_rmsnorm_forward(gk_work *work, const gk_node *y)
{
    forward(work, y, false);
}

void cuda_rmsnorm_backward(gk_work *work, const gk_node *y)
{
    backward(work, y, false);
}

}
