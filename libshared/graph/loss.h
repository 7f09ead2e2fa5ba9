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

#endif
