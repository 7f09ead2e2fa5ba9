/* norm.cu -- LayerNorm and RMSNorm over the last axis, a warp for each row of it.  A lane adds up its share in reals, the warp's
 * shares are added pairwise; the variance is that of the differences from the mean. */
#include "columns.h"
#include "graph/standard.h"

namespace GK_CELLS {

/* aux keeps mean and 1/sqrt(var + eps) of every row of the last axis; for RMSNorm the mean is 0. */
typedef struct norm {
    gk_span  x, gain, bias, aux, dy;
    uint32_t n_row, d;
    gk_real  epsilon;
    bool     centred;
} norm;

static norm norm_of(gk_work *work, const gk_node *y, bool centred)
{
    int64_t d = gk_last_dim(y);
    norm    m = { gk_data_of(work, y, 0), gk_data_of(work, y, 1), gk_data_of(work, y, 2), work->aux[y->id], work->grad[y->id],
                  (uint32_t)(gk_n_real(work, y) / d), (uint32_t)d, (gk_real)y->args.norm.epsilon, centred };
    return m;
}

/* For the V reals from place i of a row on, which this lane takes. */
#define EACH_OF_ROW(i) for (uint32_t i = (uint32_t)gk_lane() * V; i < m.d; i += GK_WARP * V)

template <int V> static __global__ void norm_forward(norm m, gk_span y)
{
    uint32_t row = (uint32_t)gk_warp();
    if (row >= m.n_row)
        return;
    gk_cells       x = gk_of(m.x) + row * m.d, out = gk_of(y) + row * m.d;
    const gk_real *gain = gk_full_of(m.gain);
    gk_real       *aux = gk_full_of(m.aux) + 2 * row, sum = 0, square = 0;

    EACH_OF_ROW(i) {
        gk_reals<V> at = gk_load<V>(x + i);
        for (int k = 0; k < V; k++)
            sum += at.v[k];
    }
    gk_real mean = m.centred ? gk_warp_sum(sum) / (gk_real)m.d : 0;
    EACH_OF_ROW(i) {
        gk_reals<V> at = gk_load<V>(x + i);
        for (int k = 0; k < V; k++)
            square += (at.v[k] - mean) * (at.v[k] - mean);
    }
    gk_real inverse = GK_STANDARD_INVERSE(gk_warp_sum(square), (gk_real)m.d, m.epsilon);
    EACH_OF_ROW(i) {
        gk_reals<V> at = gk_load<V>(x + i), by = gk_load<V>(gain + i), plus = {};
        if (m.centred)
            plus = gk_load<V>(gk_full_of(m.bias) + i);
        for (int k = 0; k < V; k++)
            at.v[k] = GK_STANDARD(at.v[k], mean, inverse) * by.v[k] + plus.v[k];
        gk_store(out + i, at);
    }
    if (gk_lane() == 0) {
        aux[0] = mean;
        aux[1] = inverse;
    }
}

template <int V> static __global__ void norm_backward(norm m, gk_span to, bool accumulate)
{
    uint32_t row = (uint32_t)gk_warp();
    if (row >= m.n_row)
        return;
    gk_cells       x = gk_of(m.x) + row * m.d, dy = gk_of(m.dy) + row * m.d;
    const gk_real *gain = gk_full_of(m.gain), *aux = gk_full_of(m.aux) + 2 * row;
    gk_real        mean = aux[0], inverse = aux[1], u = 0, uz = 0;

    EACH_OF_ROW(i) {
        gk_reals<V> at = gk_load<V>(x + i), by = gk_load<V>(gain + i), from = gk_load<V>(dy + i);
        for (int k = 0; k < V; k++) {
            u += by.v[k] * from.v[k];
            uz += by.v[k] * from.v[k] * GK_STANDARD(at.v[k], mean, inverse);
        }
    }
    u  = m.centred ? gk_warp_sum(u) / (gk_real)m.d : 0;
    uz = gk_warp_sum(uz) / (gk_real)m.d;
    EACH_OF_ROW(i) {
        gk_reals<V> at = gk_load<V>(x + i), by = gk_load<V>(gain + i), g = gk_load<V>(dy + i);
        for (int k = 0; k < V; k++)
            g.v[k] = GK_STANDARD_SLOPE(by.v[k] * g.v[k], u, GK_STANDARD(at.v[k], mean, inverse), uz, inverse);
        gk_write(gk_of(to) + row * m.d + i, g, accumulate);
    }
}

/* What the gradients of gain and bias sum. */
struct norm_terms {
    enum { N_SUM = 2 };
    norm m;

    template <int V> __device__ void add(uint32_t i, uint32_t row, uint32_t, gk_reals<V> *sum) const
    {
        const gk_real *aux = gk_full_of(m.aux) + 2 * row;
        gk_reals<V>    dy = gk_load<V>(gk_of(m.dy) + i), at = gk_load<V>(gk_of(m.x) + i);
        for (int k = 0; k < V; k++) {
            sum[0].v[k] += dy.v[k] * GK_STANDARD(at.v[k], aux[0], aux[1]);
            sum[1].v[k] += dy.v[k];
        }
    }
};

static void forward(gk_work *work, const gk_node *y, bool centred)
{
    norm    m = norm_of(work, y, centred);
    gk_span to = work->data[y->id];
    auto    kernel = gk_all_wide(m.d, m.x, m.gain, m.bias, to) ? &norm_forward<GK_VECTOR> : &norm_forward<1>;
    GK_LAUNCH_WARPS(kernel, m.n_row, work->n_replica, work->device->stream, m, to);
}

static void backward(gk_work *work, const gk_node *y, bool centred)
{
    norm    m = norm_of(work, y, centred);
    gk_span dx = gk_grad_of(work, y, 0), dgain = gk_grad_of(work, y, 1), dbias = gk_grad_of(work, y, 2);
    bool    wide = gk_all_wide(m.d, m.x, m.gain, m.dy, dx);
    auto    kernel = wide ? &norm_backward<GK_VECTOR> : &norm_backward<1>;

    if (dgain.at || dbias.at)
        gk_column_sums(work, norm_terms{ m }, m.n_row, m.d, wide, { { dgain, dbias }, { y->accumulate[1], y->accumulate[2] } });
    if (dx.at)
        GK_LAUNCH_WARPS(kernel, m.n_row, work->n_replica, work->device->stream, m, dx, y->accumulate[0]);
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
