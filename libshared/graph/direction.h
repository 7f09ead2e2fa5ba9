/* direction.h -- the directions of the optimisers in optim.def, for one parameter, written once for host and device.
 *
 * The direction u of an update theta -= rate u is a function of the gradient, of what the optimiser keeps for this parameter, and
 * of numbers that are the same for all parameters of an update: gk_pace. */
#ifndef GK_GRAPH_DIRECTION_H
#define GK_GRAPH_DIRECTION_H

#include "graph/formula.h"
#include "graph/rate.h"

/* What an update of one replica knows from its number and hyperparameters.  c1 is 1 - b1, and so on. */
typedef struct gk_pace {
    double  rate, weight_decay, update_noise;
    gk_real b1, c1, b2, c2, epsilon, momentum, c_momentum;
    gk_real m_scale, v_scale;    /* Adam's correction of averages that began with 0: 1 / (1 - b1^n), 1 / sqrt(1 - b2^n) */
} gk_pace;

/* Of update `step` (0-based), before which the optimiser's state had seen `seen` others. */
GK_FORMULA gk_pace gk_pace_of(const gk_update *update, const gk_hyper *h, int64_t step, int64_t seen)
{
    double  n = (double)(seen + step + 1);
    gk_pace p;
    p.rate         = gk_rate_at(update, h, step);
    p.weight_decay = h->weight_decay;
    p.update_noise = h->update_noise;
    p.b1           = (gk_real)h->beta1;
    p.c1           = (gk_real)(1 - h->beta1);
    p.b2           = (gk_real)h->beta2;
    p.c2           = (gk_real)(1 - h->beta2);
    p.epsilon      = (gk_real)h->epsilon;
    p.momentum     = (gk_real)h->momentum;
    p.c_momentum   = (gk_real)(1 - h->momentum);
    p.m_scale      = (gk_real)(1 / (1 - pow(h->beta1, n)));
    p.v_scale      = (gk_real)(1 / sqrt(1 - pow(h->beta2, n)));
    return p;
}

/* 0 of 0, NaN of NaN: a replica that diverges must be seen to. */
GK_FORMULA gk_real gk_sign(gk_real x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

/* m_hat / (sqrt(v_hat) + epsilon). */
GK_FORMULA gk_real gk_adamw_direction(const gk_pace *p, gk_real g, gk_real *m, gk_real *v)
{
    *m = p->b1 * *m + p->c1 * g;
    *v = p->b2 * *v + p->c2 * g * g;
    return *m * p->m_scale / ((gk_real)sqrt(*v) * p->v_scale + p->epsilon);
}

/* AdamW differs in its decay alone. */
GK_FORMULA gk_real gk_adam_direction(const gk_pace *p, gk_real g, gk_real *m, gk_real *v)
{
    return gk_adamw_direction(p, g, m, v);
}

/* atan2(m_hat, sqrt(v_hat)): the quotient where it is small, never above pi/2. */
GK_FORMULA gk_real gk_adam_atan2_direction(const gk_pace *p, gk_real g, gk_real *m, gk_real *v)
{
    *m = p->b1 * *m + p->c1 * g;
    *v = p->b2 * *v + p->c2 * g * g;
    return (gk_real)atan2((double)(*m * p->m_scale), sqrt((double)*v) * (double)p->v_scale);
}

GK_FORMULA gk_real gk_sgd_direction(const gk_pace *p, gk_real g, gk_real *velocity, gk_real *none)
{
    (void)none;
    return *velocity = p->momentum * *velocity + g;
}

GK_FORMULA gk_real gk_signsgd_direction(const gk_pace *p, gk_real g, gk_real *m, gk_real *none)
{
    (void)none;
    *m = p->momentum * *m + p->c_momentum * g;
    return gk_sign(*m);
}

/* The average that it keeps is slower than the one that it follows. */
GK_FORMULA gk_real gk_lion_direction(const gk_pace *p, gk_real g, gk_real *m, gk_real *none)
{
    gk_real towards = p->b1 * *m + p->c1 * g;
    (void)none;
    *m = p->b2 * *m + p->c2 * g;
    return gk_sign(towards);
}

/* Nesterov's look ahead, as Jordan et al. have it; the engine makes an orthogonal factor of all of a matrix's. */
GK_FORMULA gk_real gk_muon_direction(const gk_pace *p, gk_real g, gk_real *velocity, gk_real *none)
{
    (void)none;
    *velocity = p->momentum * *velocity + g;
    return g + p->momentum * *velocity;
}

/* Newton and Schulz's way to the orthogonal factor U V^T of G = U S V^T, in the numbers of Jordan et al. (2024): from
 * X = G / (|G| + 1e-7), so many times X := a X + (b A + c A A) X with A = X X^T (or X (b A + c A A) with A = X^T X, whichever
 * is smaller).  U and V stay; singular values from 0.002 of the norm on come to between 0.68 and 1.2, not nearer to 1. */
enum { GK_MUON_STEP = 5 };
#define GK_MUON_A ((gk_real)3.4445)
#define GK_MUON_B ((gk_real)-4.7750)
#define GK_MUON_C ((gk_real)2.0315)
#define GK_MUON_EPSILON 1e-7

/* What it is multiplied by, of weights [n_in][n_out]. */
GK_FORMULA gk_real gk_muon_scale(int64_t n_in, int64_t n_out)
{
    return n_out > n_in ? (gk_real)sqrt((double)n_out / (double)n_in) : 1;
}

#endif
