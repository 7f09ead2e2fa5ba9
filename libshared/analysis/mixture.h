/* mixture.h -- two frozen classifiers whose logits are added, with weights that are learnt: a model of how a memorising and a
 * generalising circuit compete ("Towards Understanding the Mystery behind Grokking Phenomenon via Model and Training
 * Efficiency").
 *
 *   logits = w_mem mem(x) + w_gen gen(x),   w_mem = w_m1 w_m2,   w_gen = w_g1 w_g2
 *
 * With w_m1 = w_g1 = 0 at first, w_m2 and w_g2 say how fast either is learnt. */
#ifndef GK_ANALYSIS_MIXTURE_H
#define GK_ANALYSIS_MIXTURE_H

#include <stdint.h>

/* Logits of all items [n_item][n_class], their right classes, and which of them are a set.  Borrowed. */
typedef struct gk_mixture {
    int64_t        n_class;
    const double  *mem, *gen;
    const int32_t *label;          /* [n_item] */
    double        *scratch;        /* [n_class], of one thread */
} gk_mixture;
typedef struct gk_mixture_set { int64_t n; const int32_t *item; } gk_mixture_set;

/* Of a set: mean cross-entropy (nats), share of right answers, slopes of the loss by w_mem and w_gen. */
typedef struct gk_mixture_measure { double loss, accuracy, by_mem, by_gen; } gk_mixture_measure;

gk_mixture_measure gk_mixture_at(const gk_mixture *mixture, const gk_mixture_set *set, double w_mem, double w_gen);

/* Of a set and either network, mixture->mem or mixture->gen: the mean logit of the right class less the mean of all. */
double gk_mixture_correct_logit(const gk_mixture *mixture, const gk_mixture_set *set, const double *logit);

/* Full-batch AdamW [Loshchilov and Hutter 2019]. */
typedef struct gk_mixture_update { double learning_rate, weight_decay, beta1, beta2, epsilon; int64_t warmup; } gk_mixture_update;

enum { GK_W_M1, GK_W_M2, GK_W_G1, GK_W_G2, GK_N_W };
typedef struct gk_mixture_state { double w[GK_N_W], m[GK_N_W], v[GK_N_W]; int64_t step; } gk_mixture_state;

static inline double gk_w_mem(const gk_mixture_state *state)
{
    return state->w[GK_W_M1] * state->w[GK_W_M2];
}

static inline double gk_w_gen(const gk_mixture_state *state)
{
    return state->w[GK_W_G1] * state->w[GK_W_G2];
}

/* One update, of what was measured on the train items at the state's weights. */
void gk_mixture_step(gk_mixture_state *state, const gk_mixture_update *update, const gk_mixture_measure *train);

#endif
