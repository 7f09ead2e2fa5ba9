/* loss.h -- what of the losses is one formula on host and device; how a row is visited is each backend's own. */
#ifndef GK_GRAPH_LOSS_H
#define GK_GRAPH_LOSS_H

#include "graph/backend.h"
#include "graph/formula.h"

/* The share of a term beside the graph's KL terms: L = (1 - a) L_label + a t^2 L_KL (t 1 unless squared), L_KL being the mean
 * over the KL terms. */
GK_FORMULA double gk_term_share(const gk_hyper *hyper, int term, int n_teach, bool squared)
{
    double t = squared ? hyper->temperature : 1;
    if (n_teach == 0)
        return 1;
    return term == GK_TERM_LABEL ? 1 - hyper->kd_weight : t * t * hyper->kd_weight / n_teach;
}

/* What a softmax takes of a logit before it divides by the sum. */
GK_FORMULA gk_real gk_positive(gk_softmax softmax, gk_real x, gk_real largest)
{
    return softmax == GK_STABLEMAX ? gk_stablemax(x) : gk_exp(x - largest);
}

/* -log softmax(x)[label]: log1p(sum_{j != label} exp(x_j - x_label)) where the label leads, exact far below 1e-8; else from the
 * log of sum_j exp(x_j - largest). */
GK_FORMULA double gk_cross_entropy_of(bool leads, double others, double sum, double largest, double own)
{
    return leads ? log1p(others) : log(sum) + largest - own;
}

/* Loss against the smoothed label: (1 - s) loss + s mean_j(-log p_j). */
GK_FORMULA double gk_smoothed_of(double loss, double mean, double smoothing)
{
    return (1 - smoothing) * loss + smoothing * mean;
}

/* s of one output: -1 for the first of two classes, 1 for the second. */
GK_FORMULA gk_real gk_side_of(int32_t label)
{
    return label > 0 ? (gk_real)1 : (gk_real)-1;
}

/* Loss of a margin (node.h), and its slope; at the hinge's kink that is 0. */
GK_FORMULA double gk_margin_loss(gk_margin kind, double m)
{
    if (kind == GK_MARGIN_HINGE)
        return m >= 1 ? 0 : 1 - m;
    if (kind == GK_MARGIN_LOGISTIC)
        return m > 0 ? log1p(exp(-m)) : log1p(exp(m)) - m;
    return (1 - m) * (1 - m);
}

GK_FORMULA gk_real gk_margin_slope(gk_margin kind, gk_real m)
{
    if (kind == GK_MARGIN_HINGE)
        return m >= 1 ? 0 : m < 1 ? (gk_real)-1 : m;    /* NaN stays what it is */
    return kind == GK_MARGIN_LOGISTIC ? -gk_sigmoid(-m) : 2 * (m - 1);
}

/* What a softmax of the logits 0 and x sums, the largest being 1; 0: the loss is no softmax's. */
GK_FORMULA double gk_margin_sum(gk_margin kind, double x)
{
    return kind == GK_MARGIN_LOGISTIC ? 1 + exp(-fabs(x)) : 0;
}

#endif
