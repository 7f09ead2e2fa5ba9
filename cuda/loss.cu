/* loss.cu -- losses on logits: with a class label, with targets in reals, and against a teacher's probabilities.  Forward
 * (evaluation only) leaves what it counts in work->sums; backward writes the gradient of the mean loss times its weight.  The
 * formulas are those of the CPU (cpu/loss.c), where they are explained.
 *
 * A row is a warp's, or that of 8 lanes where classes are few: no barrier.  In training the logits of up to 128 classes stay in
 * registers, and sums over them are in reals, pairwise over the lanes; those over more, and all of evaluation, are in double. */
#include "cells.h"
#include "graph/loss.h"

namespace GK_CELLS {

typedef struct loss {
    gk_span         x, dx, q;
    int64_t         x_width, q_width;
    int             n;
    uint32_t        n_row;
    const int32_t  *label;
    const double   *weight;
    double         *sums;
    unsigned        asked;
    const gk_hyper *hyper;
    gk_softmax      softmax;
    gk_margin       margin;
    int             n_teach;
    bool            squared, accumulate;
    double          threshold;
} loss;

static loss loss_of(gk_work *work, const gk_node *y, int term)
{
    loss l = { gk_data_of(work, y, 0), gk_grad_of(work, y, 0), gk_data_of(work, y, 1), gk_width(work, y->src[0]),
               y->n_src > 1 ? gk_width(work, y->src[1]) : 0, (int)y->src[0]->size, (uint32_t)work->n_row, work->label,
               work->weight[term], work->sums, work->asked, work->hyper, y->args.loss.softmax, y->args.loss.margin,
               y->args.loss.n_teach, y->args.loss.squared, y->accumulate[0], y->args.loss.threshold };
    return l;
}

/* --- rows and lanes -------------------------------------------------------------------------------------------------------- */

/* A row whose classes G lanes of a warp share: each has `lane`, lane + G, ..., K of them at most, which it keeps; K 0: any
 * number, which it reads whenever it needs them. */
template <int G, int K> struct row {
    uint32_t       number;
    bool           valid;         /* else the last row once more, of which nothing may be written */
    int            lane, label;
    int64_t        at;            /* of the row among those of all replicas */
    const gk_real *x;
    gk_real        kept[K ? K : 1], score[K ? K : 1];
};

/* For class j, this lane's kth, of row r of loss l. */
#define EACH_CLASS(k, j) \
    GK_UNROLL for (int k = 0, j = r.lane; K ? k < K : j < l.n; k++, j += G) if (j < l.n)

/* What sums over classes are in. */
template <int K> struct summed { typedef gk_real type; };
template <> struct summed<0> { typedef double type; };

template <int G, int K> static __device__ row<G, K> row_of(const loss &l)
{
    row<G, K> r;
    r.number = (uint32_t)gk_warp() * (GK_WARP / G) + (uint32_t)gk_lane() / G;
    r.valid = r.number < l.n_row;
    r.number = r.valid ? r.number : l.n_row - 1;
    r.lane = gk_lane() % G;
    r.at = (int64_t)blockIdx.y * l.n_row + r.number;
    r.label = l.label[r.at];
    r.x = gk_full_of(l.x) + r.number * l.x_width;
    if (K)
        EACH_CLASS(k, j) r.kept[k] = r.x[j];
    return r;
}

template <int G> static __device__ bool no_row(const loss &l)
{
    return gk_warp() * (GK_WARP / G) >= l.n_row;
}

template <int G, int K> static __device__ gk_real logit(const row<G, K> &r, int k, int j)
{
    return K ? r.kept[k] : r.x[j];
}

template <int G, int K> static __device__ gk_real largest_of(const loss &l, const row<G, K> &r)
{
    gk_real mine = -(gk_real)INFINITY;
    EACH_CLASS(k, j) mine = logit(r, k, j) > mine ? logit(r, k, j) : mine;
    return gk_warp_max<G>(mine);
}

/* The largest logit of all classes but `without` (-1: of all) and the first place where it stands. */
typedef struct best { gk_real value; int at; } best;

static __device__ inline best gk_across(best mine, int mask)
{
    return { ::gk_across(mine.value, mask), ::gk_across(mine.at, mask) };
}

template <int G, int K> static __device__ best best_of(const loss &l, const row<G, K> &r, int without)
{
    best mine = { -(gk_real)INFINITY, -1 };
    EACH_CLASS(k, j)
        if (j != without && (mine.at < 0 || logit(r, k, j) > mine.value))
            mine = { logit(r, k, j), j };
    return gk_fold<G>(mine, [](best a, best b) {
        return b.at >= 0 && (a.at < 0 || b.value > a.value || (b.value == a.value && b.at < a.at)) ? b : a;
    });
}

/* Sum of the positive scores of all classes but `without` (-1: of all) of (x - largest) per_t; they are kept. */
template <typename T, int G, int K>
static __device__ T sum_scores(const loss &l, row<G, K> &r, gk_softmax softmax, gk_real largest, gk_real per_t, int without)
{
    T sum = 0;
    EACH_CLASS(k, j) {
        gk_real score = per_t == 1 ? gk_positive(softmax, logit(r, k, j), largest) : gk_exp((logit(r, k, j) - largest) * per_t);
        r.score[K ? k : 0] = score;
        sum += j == without ? 0 : score;
    }
    return gk_warp_sum<G>(sum);
}

template <int G, int K>
static __device__ gk_real score_of(const row<G, K> &r, int k, int j, gk_softmax softmax, gk_real largest, gk_real per_t)
{
    if (K)
        return r.score[k];
    return per_t == 1 ? gk_positive(softmax, r.x[j], largest) : gk_exp((r.x[j] - largest) * per_t);
}

/* Weight of the row in the gradient, with the term's share beside the graph's KL terms. */
static __device__ gk_real row_weight(const loss &l, int64_t at, int term)
{
    return (gk_real)(l.weight[at] * gk_term_share(&l.hyper[blockIdx.y], term, l.n_teach, l.squared));
}

template <int G, int K> static __device__ void give(const loss &l, const row<G, K> &r, int j, gk_real g)
{
    gk_cells dx = gk_of(l.dx) + r.number * l.x_width + j;
    if (r.valid)
        gk_put(dx, l.accumulate ? dx[0] + g : g);
}

template <int G> static void launch(gk_work *work, loss l, void (*kernel)(loss))
{
    GK_LAUNCH_WARPS(kernel, (work->n_row + GK_WARP / G - 1) / (GK_WARP / G), work->n_replica, work->device->stream, l);
}

/* Here and nowhere else: how many lanes a row takes, and whether they keep its logits. */
#define LAUNCH_TRAINING(kernel, term)                       \
    do {                                                    \
        loss l = loss_of(work, y, term);                    \
        if (l.n <= 16)       launch<8>(work, l, kernel<8, 2>);   \
        else if (l.n <= 128) launch<32>(work, l, kernel<32, 4>); \
        else                 launch<32>(work, l, kernel<32, 0>); \
    } while (0)

#define LAUNCH_EVALUATION(kernel, term)                     \
    do {                                                    \
        loss l = loss_of(work, y, term);                    \
        if (l.n <= 16) launch<8>(work, l, kernel<8, 2>);    \
        else           launch<32>(work, l, kernel<32, 0>);  \
    } while (0)

/* --- what is counted ------------------------------------------------------------------------------------------------------- */

template <int G, int K>
static __device__ double stable_loss(const loss &l, const row<G, K> &r, best top, double sum)
{
    bool   leads = top.at == r.label;
    double others = 0, own = r.x[r.label];
    EACH_CLASS(k, j) others += leads && j != r.label ? exp((double)logit(r, k, j) - own) : 0;
    others = gk_warp_sum<G>(others);
    return gk_cross_entropy_of(leads, others, sum, top.value, own);
}

template <int G, int K>
static __device__ double smoothed(const loss &l, const row<G, K> &r, double value, double smoothing)
{
    double mean = 0;
    EACH_CLASS(k, j) mean += (value + ((double)r.x[r.label] - logit(r, k, j))) / (double)l.n;
    return gk_smoothed_of(value, gk_warp_sum<G>(mean), smoothing);
}

template <int G, int K> static __device__ double entropy(const loss &l, const row<G, K> &r, best top)
{
    gk_entropy_sums mine = { 0, 0 };
    EACH_CLASS(k, j)
        if (j != top.at)
            gk_entropy_add(&mine, (double)logit(r, k, j) - top.value);
    gk_entropy_sums all = { gk_warp_sum<G>(mine.others), gk_warp_sum<G>(mine.weighted) };
    return gk_entropy_of(all);
}

template <int G, int K> static __device__ double nan_unless_finite(const loss &l, const row<G, K> &r)
{
    gk_real sum = 0;
    EACH_CLASS(k, j) sum += logit(r, k, j) * 0;
    return gk_warp_sum<G>(sum);
}

template <int G, int K> static __device__ void count(const loss &l, const row<G, K> &r, int kind, double value)
{
    if (r.lane == 0 && r.valid)
        l.sums[r.at * GK_N_SUM + kind] = value;
}

/* What is always counted of a row. */
typedef struct verdict { double loss; bool right, collapsed, zero_loss; } verdict;

template <int G, int K> static __device__ void count_row(const loss &l, const row<G, K> &r, verdict v, double nan)
{
    count(l, r, GK_SUM_loss, v.loss + nan);
    count(l, r, GK_SUM_accuracy, v.right + nan);
    count(l, r, GK_SUM_collapsed, v.collapsed + nan);
    count(l, r, GK_SUM_zero_loss, v.zero_loss + nan);
}

/* All that is counted of a row of logits with a label. */
template <int G, int K>
static __device__ void count_answer(const loss &l, const row<G, K> &r, best top, double value, double exp_sum)
{
    double nan = nan_unless_finite(l, r), smoothing = l.hyper[blockIdx.y].label_smoothing;
    bool   collapsed = (gk_real)exp_sum == 1;
    bool   zero = exp_sum > 0 ? collapsed && top.value == r.x[r.label] : (gk_real)value == 0;

    count_row(l, r, { value, top.at == r.label, collapsed, zero }, nan);
    if (l.asked & 1u << GK_SUM_smoothed_loss)
        count(l, r, GK_SUM_smoothed_loss, (smoothing > 0 ? smoothed(l, r, value, smoothing) : value) + nan);
    if (l.asked & 1u << GK_SUM_entropy)
        count(l, r, GK_SUM_entropy, entropy(l, r, top) + nan);
    if (l.asked & 1u << GK_SUM_margin)
        count(l, r, GK_SUM_margin, (double)r.x[r.label] - best_of(l, r, r.label).value + nan);
}

/* --- cross-entropy --------------------------------------------------------------------------------------------------------- */

template <int G, int K> static __global__ void cross_entropy_forward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    best      top = best_of(l, r, -1);
    double    exp_sum = sum_scores<double>(l, r, GK_SOFTMAX_STABLE, top.value, 1, -1), value;
    gk_real   own = r.x[r.label];

    if (l.softmax == GK_STABLEMAX)
        value = log(sum_scores<double>(l, r, GK_STABLEMAX, top.value, 1, -1)) - log((double)gk_stablemax(own));
    else if (l.softmax == GK_SOFTMAX_NAIVE)
        value = -(double)(gk_real)((own - top.value) - (gk_real)log((double)(gk_real)exp_sum));
    else
        value = stable_loss(l, r, top, exp_sum);
    count_answer(l, r, top, value, exp_sum);
}

void cuda_cross_entropy_forward(gk_work *work, const gk_node *y)
{
    LAUNCH_EVALUATION(cross_entropy_forward, GK_TERM_LABEL);
}

template <int G, int K> static __global__ void cross_entropy_backward(loss l)
{
    typedef typename summed<K>::type real;
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    gk_real   largest = largest_of(l, r), right = gk_positive(l.softmax, r.x[r.label], largest);
    real      others = sum_scores<real>(l, r, l.softmax, largest, 1, r.label), sum = others + right;
    real      smoothing = (real)l.hyper[blockIdx.y].label_smoothing, share = smoothing / (real)l.n;
    gk_real   scale = (gk_real)(row_weight(l, r.at, GK_TERM_LABEL) / sum);

    EACH_CLASS(k, j) {
        gk_real e = j != r.label                      ? score_of(r, k, j, l.softmax, largest, 1)
                    : l.softmax == GK_SOFTMAX_NAIVE ? (right / (gk_real)sum - 1) * (gk_real)sum
                                                    : (gk_real)-others;
        if (l.softmax == GK_STABLEMAX)
            e = gk_stablemax_slope(logit(r, k, j)) * (j == r.label ? e / right : 1);
        if (smoothing > 0)
            e += (gk_real)(sum * (j == r.label ? smoothing - share : -share));
        give(l, r, j, scale * e);
    }
}

void cuda_cross_entropy_backward(gk_work *work, const gk_node *y)
{
    LAUNCH_TRAINING(cross_entropy_backward, GK_TERM_LABEL);
}

/* --- squared errors ------------------------------------------------------------------------------------------------------ */

template <int G, int K> static __global__ void mse_softmax_forward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    best      top = best_of(l, r, -1);
    double    sum = sum_scores<double>(l, r, GK_SOFTMAX_STABLE, top.value, 1, -1), value = 0;

    EACH_CLASS(k, j) {
        double gap = score_of(r, k, j, GK_SOFTMAX_STABLE, top.value, 1) / sum - (j == r.label);
        value += gap * gap;
    }
    count_answer(l, r, top, gk_warp_sum<G>(value), sum);
}

void cuda_mse_softmax_forward(gk_work *work, const gk_node *y)
{
    LAUNCH_EVALUATION(mse_softmax_forward, GK_TERM_LABEL);
}

template <int G, int K> static __global__ void mse_softmax_backward(loss l)
{
    typedef typename summed<K>::type real;
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    gk_real   largest = largest_of(l, r), weight = row_weight(l, r.at, GK_TERM_LABEL);
    real      sum = sum_scores<real>(l, r, GK_SOFTMAX_STABLE, largest, 1, -1), mean = 0;

    EACH_CLASS(k, j) {
        gk_real p = (gk_real)(score_of(r, k, j, GK_SOFTMAX_STABLE, largest, 1) / sum);
        mean += (real)p * (p - (j == r.label));
    }
    mean = gk_warp_sum<G>(mean);
    EACH_CLASS(k, j) {
        gk_real p = (gk_real)(score_of(r, k, j, GK_SOFTMAX_STABLE, largest, 1) / sum);
        give(l, r, j, (gk_real)(2 * weight * p * (p - (j == r.label) - mean)));
    }
}

void cuda_mse_softmax_backward(gk_work *work, const gk_node *y)
{
    LAUNCH_TRAINING(mse_softmax_backward, GK_TERM_LABEL);
}

template <int G, int K> static __global__ void mse_onehot_forward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    double    value = 0;

    EACH_CLASS(k, j) {
        double gap = (double)logit(r, k, j) - (j == r.label);
        value += gap * gap / (double)l.n;
    }
    count_answer(l, r, best_of(l, r, -1), gk_warp_sum<G>(value), 0);
}

void cuda_mse_onehot_forward(gk_work *work, const gk_node *y)
{
    LAUNCH_EVALUATION(mse_onehot_forward, GK_TERM_LABEL);
}

template <int G, int K> static __global__ void mse_onehot_backward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    gk_real   scale = 2 / (gk_real)l.n * row_weight(l, r.at, GK_TERM_LABEL);

    EACH_CLASS(k, j) give(l, r, j, scale * (logit(r, k, j) - (j == r.label)));
}

void cuda_mse_onehot_backward(gk_work *work, const gk_node *y)
{
    LAUNCH_TRAINING(mse_onehot_backward, GK_TERM_LABEL);
}

/* The target of a row: as many reals as it has logits. */
template <int G, int K> static __device__ const gk_real *target_of(const loss &l, const row<G, K> &r)
{
    return gk_full_of(l.q) + r.number * l.q_width;
}

template <int G, int K> static __global__ void mse_forward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    double    value = 0;

    EACH_CLASS(k, j) {
        double gap = (double)logit(r, k, j) - target_of(l, r)[j];
        value += gap * gap / (double)l.n;
    }
    value = gk_warp_sum<G>(value);
    count_row(l, r, { value, value < l.threshold, false, (gk_real)value == 0 }, nan_unless_finite(l, r));
}

void cuda_mse_forward(gk_work *work, const gk_node *y)
{
    LAUNCH_EVALUATION(mse_forward, GK_TERM_LABEL);
}

template <int G, int K> static __global__ void mse_backward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    gk_real   scale = 2 / (gk_real)l.n * row_weight(l, r.at, GK_TERM_LABEL);

    EACH_CLASS(k, j) give(l, r, j, scale * (logit(r, k, j) - target_of(l, r)[j]));
}

void cuda_mse_backward(gk_work *work, const gk_node *y)
{
    LAUNCH_TRAINING(mse_backward, GK_TERM_LABEL);
}

/* --- one output for two classes ------------------------------------------------------------------------------------------- */

/* Counted as two logits, 0 and x. */
template <int G, int K> static __global__ void margin_forward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    double    x = r.x[0], nan = (double)(r.x[0] * 0), m = (double)(gk_side_of(r.label) * r.x[0]);
    double    value = gk_margin_loss(l.margin, m), exp_sum = gk_margin_sum(l.margin, x);
    bool      right = (x > 0) == (r.label > 0), collapsed = (gk_real)exp_sum == 1;

    count_row(l, r, { value, right, collapsed, exp_sum > 0 ? collapsed && right : (gk_real)value == 0 }, nan);
    if (l.asked & 1u << GK_SUM_smoothed_loss)
        count(l, r, GK_SUM_smoothed_loss, value + nan);
    if (l.asked & 1u << GK_SUM_entropy) {
        gk_entropy_sums sums = { 0, 0 };
        gk_entropy_add(&sums, -fabs(x));
        count(l, r, GK_SUM_entropy, gk_entropy_of(sums) + nan);
    }
    if (l.asked & 1u << GK_SUM_margin)
        count(l, r, GK_SUM_margin, m + nan);
}

void cuda_margin_forward(gk_work *work, const gk_node *y)
{
    LAUNCH_EVALUATION(margin_forward, GK_TERM_LABEL);
}

template <int G, int K> static __global__ void margin_backward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K> r = row_of<G, K>(l);
    gk_real   side = gk_side_of(r.label);

    EACH_CLASS(k, j)
        give(l, r, j, row_weight(l, r.at, GK_TERM_LABEL) * side * gk_margin_slope(l.margin, side * logit(r, k, j)));
}

void cuda_margin_backward(gk_work *work, const gk_node *y)
{
    LAUNCH_TRAINING(margin_backward, GK_TERM_LABEL);
}

/* --- KL ------------------------------------------------------------------------------------------------------------------ */

/* In evaluation the weight of a row is its share in the mean: 0 for rows without a teacher. */
template <int G, int K> static __global__ void kl_target_forward(loss l)
{
    if (no_row<G>(l))
        return;
    row<G, K>      r = row_of<G, K>(l);
    const gk_real *q = target_of(l, r);
    gk_real        largest = largest_of(l, r);
    double         t = l.hyper[blockIdx.y].temperature, value = 0, weight = l.weight[r.at];
    double         log_sum = log(sum_scores<double>(l, r, GK_SOFTMAX_STABLE, largest, (gk_real)(1 / t), -1));

    EACH_CLASS(k, j)
        value += weight > 0 && q[j] > 0 ? q[j] * (log((double)q[j]) - (((double)logit(r, k, j) - largest) / t - log_sum)) : 0;
    value = gk_warp_sum<G>(value);
    if (r.lane == 0 && r.valid)
        l.sums[r.at * GK_N_SUM + GK_SUM_kd_loss] += weight > 0 ? value * weight / l.n_teach : 0;
}

void cuda_kl_target_forward(gk_work *work, const gk_node *y)
{
    LAUNCH_EVALUATION(kl_target_forward, GK_TERM_TARGET);
}

template <int G, int K> static __global__ void kl_target_backward(loss l)
{
    typedef typename summed<K>::type real;
    if (no_row<G>(l))
        return;
    row<G, K>      r = row_of<G, K>(l);
    const gk_real *q = target_of(l, r);
    gk_real        largest = largest_of(l, r), t = (gk_real)l.hyper[blockIdx.y].temperature;
    gk_real        per_t = (gk_real)(1 / l.hyper[blockIdx.y].temperature), scale = row_weight(l, r.at, GK_TERM_TARGET) / t;
    gk_real        per_sum = (gk_real)(1 / sum_scores<real>(l, r, GK_SOFTMAX_STABLE, largest, per_t, -1));

    EACH_CLASS(k, j) give(l, r, j, scale * (score_of(r, k, j, GK_SOFTMAX_STABLE, largest, per_t) * per_sum - q[j]));
}

void cuda_kl_target_backward(gk_work *work, const gk_node *y)
{
    LAUNCH_TRAINING(kl_target_backward, GK_TERM_TARGET);
}

}
