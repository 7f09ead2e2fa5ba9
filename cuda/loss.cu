/* loss.cu -- losses on logits: with a class label, with targets in reals, and against a teacher's probabilities.  One block a
 * row.  Forward (evaluation only) leaves what it counts in work->sums; backward writes the gradient of the mean loss times its
 * weight.  Sums over classes are in double.  The formulas are those of the CPU (cpu/loss.c), where they are explained. */
#include "work.h"
#include "graph/formula.h"

namespace GK_REALS {

typedef struct loss {
    gk_span         x, dx, q;
    int64_t         n, n_row;
    const int32_t  *label;
    const double   *weight;
    double         *sums;
    unsigned        asked;
    const gk_hyper *hyper;
    gk_softmax      softmax;
    int             n_teach;
    bool            squared, accumulate;
    double          threshold;
} loss;

static loss loss_of(gk_work *work, const gk_node *y, int term)
{
    gk_span none = { NULL, 0 };
    loss    l = { gk_data_of(work, y, 0), gk_grad_of(work, y, 0), y->n_src > 1 ? gk_data_of(work, y, 1) : none,
                  y->src[0]->size, work->n_row, work->label, work->weight[term], work->sums, work->asked, work->hyper,
                  y->args.loss.softmax, y->args.loss.n_teach, y->args.loss.squared, y->accumulate[0], y->args.loss.threshold };
    return l;
}

static __device__ int64_t row_of(loss l)
{
    return blockIdx.y * l.n_row + blockIdx.x;
}

static __device__ const gk_real *logits_of(loss l)
{
    return gk_of(l.x) + blockIdx.x * l.n;
}

/* Weight of the row in the gradient, with the term's share beside the graph's KL terms. */
static __device__ double row_weight(loss l, int term)
{
    const gk_hyper *h = &l.hyper[blockIdx.y];
    double weight = l.weight[row_of(l)], t = l.squared ? h->temperature : 1;
    if (l.n_teach == 0)
        return weight;
    return weight * (term == GK_TERM_LABEL ? 1 - h->kd_weight : t * t * h->kd_weight / l.n_teach);
}

static __device__ gk_best best_of(const gk_real *x, int64_t n)
{
    gk_best best = { -1.0 / 0.0, -1 };
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        if (best.at < 0 || x[j] > best.value) {
            best.value = x[j];
            best.at = j;
        }
    return gk_block_best(best);
}

static __device__ gk_real positive(gk_softmax softmax, gk_real x, gk_real largest)
{
    return softmax == GK_STABLEMAX ? gk_stablemax(x) : gk_exp(x - largest);
}

/* Sum of the positive scores of all classes but `without` (-1: of all). */
static __device__ double sum_scores(gk_softmax softmax, const gk_real *x, int64_t n, gk_real largest, int64_t without)
{
    double sum = 0;
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        sum += j == without ? 0 : positive(softmax, x[j], largest);
    return gk_block_sum(sum);
}

static __device__ double stable_loss(const gk_real *x, int64_t n, int64_t label, gk_best best, double sum)
{
    double others = 0;
    if (best.at != label)
        return log(sum) + best.value - x[label];
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        others += j == label ? 0 : exp((double)x[j] - x[label]);
    return log1p(gk_block_sum(others));
}

static __device__ double smoothed(const gk_real *x, int64_t n, int64_t label, double value, double smoothing)
{
    double mean = 0;
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        mean += (value + ((double)x[label] - x[j])) / (double)n;
    return (1 - smoothing) * value + smoothing * gk_block_sum(mean);
}

/* The largest logit but one. */
static __device__ double largest_other(const gk_real *x, int64_t n, int64_t without)
{
    gk_best best = { -1.0 / 0.0, -1 };
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        if (j != without && x[j] > best.value) {
            best.value = x[j];
            best.at = j;
        }
    return gk_block_best(best).value;
}

static __device__ double entropy(const gk_real *x, int64_t n, gk_best best)
{
    gk_entropy_sums mine = { 0, 0 };
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        if (j != best.at)
            gk_entropy_add(&mine, (double)x[j] - best.value);
    double          others = gk_block_sum(mine.others);
    gk_entropy_sums all = { others, gk_block_sum(mine.weighted) };
    return gk_entropy_of(all);
}

static __device__ double nan_unless_finite(const gk_real *x, int64_t n)
{
    double sum = 0;
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        sum += x[j] * 0;
    return gk_block_sum(sum);
}

/* By every thread of the block: what is always counted of a row. */
static __device__ void count_row(loss l, double value, bool right, bool collapsed, bool zero, double nan)
{
    double *out = l.sums + row_of(l) * GK_N_SUM;
    if (threadIdx.x != 0)
        return;
    out[GK_SUM_loss] = value + nan;
    out[GK_SUM_accuracy] = right + nan;
    out[GK_SUM_collapsed] = collapsed + nan;
    out[GK_SUM_zero_loss] = zero + nan;
}

/* All that is counted of a row of logits with a label. */
static __device__ void count_answer(loss l, const gk_real *x, gk_best best, int64_t label, double value, double exp_sum)
{
    double *out = l.sums + row_of(l) * GK_N_SUM, nan = nan_unless_finite(x, l.n), smoothing = l.hyper[blockIdx.y].label_smoothing;
    bool    collapsed = (gk_real)exp_sum == 1;
    bool    zero = exp_sum > 0 ? collapsed && x[best.at] == x[label] : (gk_real)value == 0;

    count_row(l, value, best.at == label, collapsed, zero, nan);
    if (l.asked & 1u << GK_SUM_smoothed_loss) {
        double other = smoothing > 0 ? smoothed(x, l.n, label, value, smoothing) : value;
        if (threadIdx.x == 0)
            out[GK_SUM_smoothed_loss] = other + nan;
    }
    if (l.asked & 1u << GK_SUM_entropy) {
        double h = entropy(x, l.n, best);
        if (threadIdx.x == 0)
            out[GK_SUM_entropy] = h + nan;
    }
    if (l.asked & 1u << GK_SUM_margin) {
        double other = largest_other(x, l.n, label);
        if (threadIdx.x == 0)
            out[GK_SUM_margin] = (double)x[label] - other + nan;
    }
}

static __global__ void cross_entropy_forward(loss l)
{
    const gk_real *x = logits_of(l);
    gk_best        best = best_of(x, l.n);
    gk_real        largest = (gk_real)best.value;
    int64_t        label = l.label[row_of(l)];
    double         exp_sum = sum_scores(GK_SOFTMAX_STABLE, x, l.n, largest, -1), value;

    if (l.softmax == GK_STABLEMAX)
        value = log(sum_scores(GK_STABLEMAX, x, l.n, largest, -1)) - log((double)gk_stablemax(x[label]));
    else if (l.softmax == GK_SOFTMAX_NAIVE)
        value = -(double)(gk_real)((x[label] - largest) - (gk_real)log((double)(gk_real)exp_sum));
    else
        value = stable_loss(x, l.n, label, best, exp_sum);
    count_answer(l, x, best, label, value, exp_sum);
}

void cuda_cross_entropy_forward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(cross_entropy_forward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

static __global__ void cross_entropy_backward(loss l)
{
    const gk_real *x = logits_of(l);
    gk_real       *dx = gk_of(l.dx) + blockIdx.x * l.n, largest = (gk_real)best_of(x, l.n).value;
    int64_t        label = l.label[row_of(l)];
    double         others = sum_scores(l.softmax, x, l.n, largest, label), smoothing = l.hyper[blockIdx.y].label_smoothing;
    gk_real        right = positive(l.softmax, x[label], largest);
    double         sum = others + right;
    gk_real        scale = (gk_real)(row_weight(l, GK_TERM_LABEL) / sum);

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        gk_real e = j != label                         ? positive(l.softmax, x[j], largest)
                    : l.softmax == GK_SOFTMAX_NAIVE ? (right / (gk_real)sum - 1) * (gk_real)sum
                                                    : (gk_real)-others;
        if (l.softmax == GK_STABLEMAX)
            e = gk_stablemax_slope(x[j]) * (j == label ? e / right : 1);
        if (smoothing > 0)
            e += (gk_real)(sum * smoothing * ((j == label) - 1 / (double)l.n));
        dx[j] = (l.accumulate ? dx[j] : 0) + scale * e;
    }
}

void cuda_cross_entropy_backward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(cross_entropy_backward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

/* --- squared errors ------------------------------------------------------------------------------------------------------ */

static __global__ void mse_softmax_forward(loss l)
{
    const gk_real *x = logits_of(l);
    gk_best        best = best_of(x, l.n);
    int64_t        label = l.label[row_of(l)];
    double         sum = sum_scores(GK_SOFTMAX_STABLE, x, l.n, (gk_real)best.value, -1), value = 0;

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        double gap = gk_exp(x[j] - (gk_real)best.value) / sum - (j == label);
        value += gap * gap;
    }
    count_answer(l, x, best, label, gk_block_sum(value), sum);
}

void cuda_mse_softmax_forward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(mse_softmax_forward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

static __global__ void mse_softmax_backward(loss l)
{
    const gk_real *x = logits_of(l);
    gk_real       *dx = gk_of(l.dx) + blockIdx.x * l.n, largest = (gk_real)best_of(x, l.n).value;
    int64_t        label = l.label[row_of(l)];
    double         sum = sum_scores(GK_SOFTMAX_STABLE, x, l.n, largest, -1), mean = 0, weight = row_weight(l, GK_TERM_LABEL);

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        gk_real p = (gk_real)(gk_exp(x[j] - largest) / sum);
        mean += (double)p * (p - (j == label));
    }
    mean = gk_block_sum(mean);
    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        gk_real p = (gk_real)(gk_exp(x[j] - largest) / sum), g = (gk_real)(2 * weight * p * (p - (j == label) - mean));
        dx[j] = l.accumulate ? dx[j] + g : g;
    }
}

void cuda_mse_softmax_backward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(mse_softmax_backward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

static __global__ void mse_onehot_forward(loss l)
{
    const gk_real *x = logits_of(l);
    gk_best        best = best_of(x, l.n);
    int64_t        label = l.label[row_of(l)];
    double         value = 0;

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        double gap = (double)x[j] - (j == label);
        value += gap * gap / (double)l.n;
    }
    count_answer(l, x, best, label, gk_block_sum(value), 0);
}

void cuda_mse_onehot_forward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(mse_onehot_forward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

static __global__ void mse_onehot_backward(loss l)
{
    const gk_real *x = logits_of(l);
    gk_real       *dx = gk_of(l.dx) + blockIdx.x * l.n, scale = (gk_real)(2 / (double)l.n * row_weight(l, GK_TERM_LABEL));
    int64_t        label = l.label[row_of(l)];

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        gk_real g = scale * (x[j] - (j == label));
        dx[j] = l.accumulate ? dx[j] + g : g;
    }
}

void cuda_mse_onehot_backward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(mse_onehot_backward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

static __global__ void mse_forward(loss l)
{
    const gk_real *x = logits_of(l), *target = gk_of(l.q) + blockIdx.x * l.n;
    double         value = 0;

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        double gap = (double)x[j] - target[j];
        value += gap * gap / (double)l.n;
    }
    value = gk_block_sum(value);
    count_row(l, value, value < l.threshold, false, (gk_real)value == 0, nan_unless_finite(x, l.n));
}

void cuda_mse_forward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(mse_forward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

static __global__ void mse_backward(loss l)
{
    const gk_real *x = logits_of(l), *target = gk_of(l.q) + blockIdx.x * l.n;
    gk_real       *dx = gk_of(l.dx) + blockIdx.x * l.n, scale = (gk_real)(2 / (double)l.n * row_weight(l, GK_TERM_LABEL));

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x) {
        gk_real g = scale * (x[j] - target[j]);
        dx[j] = l.accumulate ? dx[j] + g : g;
    }
}

void cuda_mse_backward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(mse_backward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_LABEL));
}

/* --- KL ------------------------------------------------------------------------------------------------------------------ */

/* Sum of exp((x - max x) / t). */
static __device__ double softened_sum(const gk_real *x, int64_t n, gk_real largest, gk_real per_t)
{
    double sum = 0;
    for (int64_t j = threadIdx.x; j < n; j += blockDim.x)
        sum += gk_exp((x[j] - largest) * per_t);
    return gk_block_sum(sum);
}

/* In evaluation the weight of a row is its share in the mean: 0 for rows without a teacher. */
static __global__ void kl_target_forward(loss l)
{
    const gk_real *x = logits_of(l), *q = gk_of(l.q) + blockIdx.x * l.n;
    gk_real        largest = (gk_real)best_of(x, l.n).value;
    double         t = l.hyper[blockIdx.y].temperature, value = 0, weight = l.weight[row_of(l)];
    double         log_sum = log(softened_sum(x, l.n, largest, (gk_real)(1 / t)));

    for (int64_t j = threadIdx.x; weight > 0 && j < l.n; j += blockDim.x)
        value += q[j] > 0 ? q[j] * (log((double)q[j]) - (((double)x[j] - largest) / t - log_sum)) : 0;
    value = gk_block_sum(value);
    if (threadIdx.x == 0)
        l.sums[row_of(l) * GK_N_SUM + GK_SUM_kd_loss] += weight > 0 ? value * weight / l.n_teach : 0;
}

void cuda_kl_target_forward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(kl_target_forward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_TARGET));
}

static __global__ void kl_target_backward(loss l)
{
    const gk_real *x = logits_of(l), *q = gk_of(l.q) + blockIdx.x * l.n;
    gk_real       *dx = gk_of(l.dx) + blockIdx.x * l.n, largest = (gk_real)best_of(x, l.n).value;
    double         t = l.hyper[blockIdx.y].temperature;
    gk_real        per_t = (gk_real)(1 / t), per_sum = (gk_real)(1 / softened_sum(x, l.n, largest, per_t));
    gk_real        scale = (gk_real)(row_weight(l, GK_TERM_TARGET) / t);

    for (int64_t j = threadIdx.x; j < l.n; j += blockDim.x)
        dx[j] = (l.accumulate ? dx[j] : 0) + scale * (gk_exp((x[j] - largest) * per_t) * per_sum - q[j]);
}

void cuda_kl_target_backward(gk_work *work, const gk_node *y)
{
    GK_LAUNCH_BLOCKS(kl_target_backward, gk_grid(work->n_row, work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                     loss_of(work, y, GK_TERM_TARGET));
}

}
