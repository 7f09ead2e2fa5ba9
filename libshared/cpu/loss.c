/* loss.c -- losses on logits: with a class label, with targets in reals, and against a teacher's probabilities.
 * Forward (evaluation only) adds up what metrics.def lists, of labels as they are; backward writes the gradient of the mean loss
 * times its weight.  Sums over classes are in double. */
#include <math.h>

#include "cpu/cpu.h"
#include "graph/loss.h"

/* Weight of a term of the loss in the gradient of one row: its share, over the rows that have the term. */
static double row_weight(const gk_work *work, const gk_node *y, int term, int64_t row)
{
    double weight = 1;

    if (work->terms)
        weight = work->terms[row] >> term & 1 ? work->term_scale[term] : 0;
    return weight * gk_term_share(work->hyper, term, y->args.loss.n_teach, y->args.loss.squared);
}

/* e[j] = exp(x[j] - max x) or stablemax(x[j]); returns their sum. */
static double positive_scores(gk_softmax softmax, const gk_real *x, int64_t n, gk_real *e)
{
    gk_real largest = x[0];
    double  sum     = 0;

    if (softmax == GK_STABLEMAX) {
        for (int64_t j = 0; j < n; j++)
            e[j] = gk_stablemax(x[j]);
    } else {
        for (int64_t j = 1; j < n; j++)
            largest = x[j] > largest ? x[j] : largest;
#pragma omp simd
        for (int64_t j = 0; j < n; j++)
            e[j] = gk_exp(x[j] - largest);
    }
#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < n; j++)
        sum += e[j];
    return sum;
}

static double stable_loss(const gk_real *x, int64_t n, int64_t label, double sum)
{
    int64_t best = 0;
    double  others = 0;

    for (int64_t j = 1; j < n; j++)
        best = x[j] > x[best] ? j : best;
    for (int64_t j = 0; best == label && j < n; j++)
        others += j == label ? 0 : exp((double)x[j] - x[label]);
    return gk_cross_entropy_of(best == label, others, sum, x[best], x[label]);
}

static int64_t argmax(const gk_real *x, int64_t n)
{
    int64_t best = 0;

    for (int64_t j = 1; j < n; j++)
        best = x[j] > x[best] ? j : best;
    return best;
}

/* Loss against the smoothed label, from that against the label. */
static double smoothed(const gk_real *x, int64_t n, int64_t label, double loss, double smoothing)
{
    double mean = 0;

    for (int64_t j = 0; j < n; j++)
        mean += (loss + ((double)x[label] - x[j])) / (double)n;
    return gk_smoothed_of(loss, mean, smoothing);
}

/* The largest logit but one. */
static double largest_other(const gk_real *x, int64_t n, int64_t without)
{
    double largest = -INFINITY;

    for (int64_t j = 0; j < n; j++)
        largest = j != without && x[j] > largest ? (double)x[j] : largest;
    return largest;
}

static double entropy(const gk_real *x, int64_t n, int64_t best)
{
    gk_entropy_sums sums = { 0, 0 };

    for (int64_t j = 0; j < n; j++)
        if (j != best)
            gk_entropy_add(&sums, (double)x[j] - x[best]);
    return gk_entropy_of(sums);
}

/* 0, but NaN if one of the logits is not finite. */
static double nan_unless_finite(const gk_real *x, int64_t n)
{
    gk_real sum = 0;

#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < n; j++)
        sum += x[j] * 0;
    return (double)sum;
}

typedef struct verdict { double loss; bool right, collapsed, zero_loss; } verdict;

/* Add a row to what is always counted.  With a logit that is not finite nothing is known of it, whatever argmax makes of that:
 * nan is then NaN, else 0. */
static void count_row(gk_metrics *sums, verdict row, double nan)
{
    sums->loss += row.loss + nan;
    sums->accuracy += row.right + nan;
    sums->collapsed += row.collapsed + nan;
    sums->zero_loss += row.zero_loss + nan;
}

/* Add a row of logits with a label to all that is counted.  exp_sum: of the exponentials, the largest being 1; the softmax has
 * collapsed in this precision if that is the sum (Prieto et al. 2025).  0: the loss is no softmax's. */
static void count_answer(gk_work *work, const gk_real *x, int64_t n, int64_t label, double loss, double exp_sum)
{
    int64_t best      = argmax(x, n);
    double  smoothing = work->hyper->label_smoothing, nan = nan_unless_finite(x, n);
    bool    collapsed = (gk_real)exp_sum == 1, zero = exp_sum > 0 ? collapsed && x[best] == x[label] : (gk_real)loss == 0;

    count_row(work->sums, (verdict){ loss, best == label, collapsed, zero }, nan);
    if (work->asked & 1u << GK_SUM_smoothed_loss)
        work->sums->smoothed_loss += (smoothing > 0 ? smoothed(x, n, label, loss, smoothing) : loss) + nan;
    if (work->asked & 1u << GK_SUM_entropy)
        work->sums->entropy += entropy(x, n, best) + nan;
    if (work->asked & 1u << GK_SUM_margin)
        work->sums->margin += (double)x[label] - largest_other(x, n, label) + nan;
}

void cpu_cross_entropy_forward(gk_work *work, const gk_node *y)
{
    gk_softmax     softmax = y->args.loss.softmax;
    int64_t        n = y->src[0]->size;
    const gk_real *x = work->data[y->src[0]->id];
    gk_real       *e = work->scratch;

    for (int64_t row = 0; row < work->n_row; row++, x += n) {
        int64_t label = work->label[row];
        double  sum   = positive_scores(softmax, x, n, e), loss, exp_sum = sum;
        if (softmax == GK_STABLEMAX) {
            loss    = log(sum) - log((double)e[label]);
            exp_sum = positive_scores(GK_SOFTMAX_STABLE, x, n, e);
        } else if (softmax == GK_SOFTMAX_NAIVE) {
            loss = -(double)(gk_real)((x[label] - x[argmax(x, n)]) - (gk_real)log((double)(gk_real)sum));
        } else {
            loss = stable_loss(x, n, label, sum);
        }
        count_answer(work, x, n, label, loss, exp_sum);
    }
}

/* p - onehot, times s'/s for stablemax; the right class by the sum of the others unless naive.  With smoothing s the one-hot
 * loses s at the label, and every class gets s/n. */
void cpu_cross_entropy_backward(gk_work *work, const gk_node *y)
{
    gk_softmax     softmax = y->args.loss.softmax;
    int64_t        n  = y->src[0]->size;
    const gk_real *x  = work->data[y->src[0]->id];
    gk_real       *dx = work->grad[y->src[0]->id], *e = work->scratch;
    double         smoothing = work->hyper->label_smoothing;
    bool           accumulate = y->accumulate[0];

    for (int64_t row = 0; row < work->n_row; row++, x += n, dx += n) {
        int64_t label = work->label[row];
        double  sum = positive_scores(softmax, x, n, e), others = 0;
        gk_real scale = (gk_real)(work->loss_scale * row_weight(work, y, GK_TERM_LABEL, row) / sum), right = e[label];
        e[label] = 0;
#pragma omp simd reduction(+ : others)
        for (int64_t j = 0; j < n; j++)
            others += e[j];
        e[label] = softmax == GK_SOFTMAX_NAIVE ? (right / (gk_real)sum - 1) * (gk_real)sum : (gk_real)-others;
        /* stablemax: s'_j/sum, and s'_y (1/sum - 1/s_y) = -s'_y others/(sum s_y) */
        for (int64_t j = 0; softmax == GK_STABLEMAX && j < n; j++)
            e[j] = gk_stablemax_slope(x[j]) * (j == label ? e[j] / right : 1);
        for (int64_t j = 0; smoothing > 0 && j < n; j++)
            e[j] += (gk_real)(sum * smoothing * ((j == label) - 1 / (double)n));
#pragma omp simd
        for (int64_t j = 0; j < n; j++)
            dx[j] = (accumulate ? dx[j] : 0) + scale * e[j];
    }
}

void cpu_mse_softmax_forward(gk_work *work, const gk_node *y)
{
    int64_t        n = y->src[0]->size;
    const gk_real *x = work->data[y->src[0]->id];
    gk_real       *e = work->scratch;

    for (int64_t row = 0; row < work->n_row; row++, x += n) {
        double sum = positive_scores(GK_SOFTMAX_STABLE, x, n, e), loss = 0;
        for (int64_t j = 0; j < n; j++) {
            double gap = e[j] / sum - (j == work->label[row]);
            loss += gap * gap;
        }
        count_answer(work, x, n, work->label[row], loss, sum);
    }
}

/* 2 p_j ((p_j - e_j) - sum_k p_k (p_k - e_k)) */
void cpu_mse_softmax_backward(gk_work *work, const gk_node *y)
{
    int64_t        n  = y->src[0]->size;
    const gk_real *x  = work->data[y->src[0]->id];
    gk_real       *dx = work->grad[y->src[0]->id], *p = work->scratch;

    for (int64_t row = 0; row < work->n_row; row++, x += n, dx += n) {
        double sum = positive_scores(GK_SOFTMAX_STABLE, x, n, p), mean = 0;
        double scale = work->loss_scale * row_weight(work, y, GK_TERM_LABEL, row);
        for (int64_t j = 0; j < n; j++) {
            p[j] = (gk_real)(p[j] / sum);
            mean += (double)p[j] * (p[j] - (j == work->label[row]));
        }
        for (int64_t j = 0; j < n; j++) {
            gk_real g = (gk_real)(2 * scale * p[j] * (p[j] - (j == work->label[row]) - mean));
            dx[j]     = y->accumulate[0] ? dx[j] + g : g;
        }
    }
}

void cpu_mse_onehot_forward(gk_work *work, const gk_node *y)
{
    int64_t        n = y->src[0]->size;
    const gk_real *x = work->data[y->src[0]->id];

    for (int64_t row = 0; row < work->n_row; row++, x += n) {
        double loss = 0;
        for (int64_t j = 0; j < n; j++) {
            double gap = (double)x[j] - (j == work->label[row]);
            loss += gap * gap / (double)n;
        }
        count_answer(work, x, n, work->label[row], loss, 0);
    }
}

void cpu_mse_onehot_backward(gk_work *work, const gk_node *y)
{
    int64_t        n  = y->src[0]->size;
    const gk_real *x  = work->data[y->src[0]->id];
    gk_real       *dx = work->grad[y->src[0]->id];

    for (int64_t row = 0; row < work->n_row; row++, x += n, dx += n) {
        gk_real scale = 2 * work->loss_scale / (gk_real)n * (gk_real)row_weight(work, y, GK_TERM_LABEL, row);
        for (int64_t j = 0; j < n; j++) {
            gk_real g = scale * (x[j] - (j == work->label[row]));
            dx[j]     = y->accumulate[0] ? dx[j] + g : g;
        }
    }
}

void cpu_mse_forward(gk_work *work, const gk_node *y)
{
    int64_t        n = y->src[0]->size;
    const gk_real *x = work->data[y->src[0]->id], *target = work->data[y->src[1]->id];

    for (int64_t row = 0; row < work->n_row; row++, x += n, target += n) {
        double loss = 0;
        for (int64_t j = 0; j < n; j++) {
            double gap = (double)x[j] - target[j];
            loss += gap * gap / (double)n;
        }
        count_row(work->sums, (verdict){ loss, loss < y->args.loss.threshold, false, (gk_real)loss == 0 },
                  nan_unless_finite(x, n));
    }
}

void cpu_mse_backward(gk_work *work, const gk_node *y)
{
    int64_t        n  = y->src[0]->size;
    const gk_real *x  = work->data[y->src[0]->id], *target = work->data[y->src[1]->id];
    gk_real       *dx = work->grad[y->src[0]->id];

    for (int64_t row = 0; row < work->n_row; row++, x += n, target += n, dx += n) {
        gk_real scale = (gk_real)(2 * work->loss_scale * row_weight(work, y, GK_TERM_LABEL, row) / (double)n);
        for (int64_t j = 0; j < n; j++) {
            gk_real g = scale * (x[j] - target[j]);
            dx[j]     = y->accumulate[0] ? dx[j] + g : g;
        }
    }
}

/* Counted as two logits, 0 and x. */
void cpu_margin_forward(gk_work *work, const gk_node *y)
{
    const gk_real  *x = work->data[y->src[0]->id];
    const gk_margin kind = y->args.loss.margin;

    for (int64_t row = 0; row < work->n_row; row++) {
        const gk_real two[2] = { 0, x[row] };
        double        loss = gk_margin_loss(kind, (double)(gk_side_of(work->label[row]) * x[row]));
        count_answer(work, two, 2, work->label[row] > 0, loss, gk_margin_sum(kind, (double)x[row]));
    }
}

void cpu_margin_backward(gk_work *work, const gk_node *y)
{
    const gk_real *x = work->data[y->src[0]->id];
    gk_real       *dx = work->grad[y->src[0]->id];

    for (int64_t row = 0; row < work->n_row; row++) {
        gk_real side = gk_side_of(work->label[row]);
        gk_real scale = (gk_real)(work->loss_scale * row_weight(work, y, GK_TERM_LABEL, row));
        gk_real g = scale * side * gk_margin_slope(y->args.loss.margin, side * x[row]);
        dx[row]   = y->accumulate[0] ? dx[row] + g : g;
    }
}

/* e[j] = exp((x[j] - max x) / t); returns their sum. */
static double softened_scores(const gk_real *x, int64_t n, double temperature, gk_real *e)
{
    gk_real largest = x[argmax(x, n)], per_t = (gk_real)(1 / temperature);
    double  sum = 0;

#pragma omp simd reduction(+ : sum)
    for (int64_t j = 0; j < n; j++)
        sum += e[j] = gk_exp((x[j] - largest) * per_t);
    return sum;
}

/* sum_c q_c (log q_c - log p_c) with p = softmax(x / t), log p_c = (x_c - max x) / t - log sum. */
void cpu_kl_target_forward(gk_work *work, const gk_node *y)
{
    int64_t        n = y->src[0]->size;
    double         t = work->hyper->temperature;
    const gk_real *x = work->data[y->src[0]->id], *q = work->data[y->src[1]->id];

    for (int64_t row = 0; row < work->n_row; row++, x += n, q += n) {
        double log_sum = log(softened_scores(x, n, t, work->scratch)), largest = x[argmax(x, n)], loss = 0;
        if (work->terms && !(work->terms[row] >> GK_TERM_TARGET & 1))
            continue;
        for (int64_t j = 0; j < n; j++)
            loss += q[j] > 0 ? q[j] * (log((double)q[j]) - ((x[j] - largest) / t - log_sum)) : 0;
        work->sums->kd_loss += loss * (work->terms ? work->term_scale[GK_TERM_TARGET] : 1) / y->args.loss.n_teach;
    }
}

/* (p - q) / t */
void cpu_kl_target_backward(gk_work *work, const gk_node *y)
{
    int64_t        n = y->src[0]->size;
    double         t = work->hyper->temperature;
    const gk_real *x = work->data[y->src[0]->id], *q = work->data[y->src[1]->id];
    gk_real       *dx = work->grad[y->src[0]->id], *e = work->scratch;
    bool           accumulate = y->accumulate[0];

    for (int64_t row = 0; row < work->n_row; row++, x += n, q += n, dx += n) {
        gk_real per_sum = (gk_real)(1 / softened_scores(x, n, t, e));
        gk_real scale = (gk_real)(work->loss_scale * row_weight(work, y, GK_TERM_TARGET, row) / t);
#pragma omp simd
        for (int64_t j = 0; j < n; j++)
            dx[j] = (accumulate ? dx[j] : 0) + scale * (e[j] * per_sum - q[j]);
    }
}
