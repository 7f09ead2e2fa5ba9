/* mixture.c -- see mixture.h. */
#include "analysis/mixture.h"

#include <math.h>

/* Add what one item says. */
static void add_item(const gk_mixture *mixture, int64_t item, double w_mem, double w_gen, gk_mixture_measure *sum, double *e)
{
    const double *mem = mixture->mem + item * mixture->n_class, *gen = mixture->gen + item * mixture->n_class;
    int64_t n = mixture->n_class, right = mixture->label[item], best = 0;
    double  total = 0, mean_mem = 0, mean_gen = 0;

    for (int64_t k = 0; k < n; k++) {
        e[k] = w_mem * mem[k] + w_gen * gen[k];
        best = e[k] > e[best] ? k : best;
    }
    double largest = e[best], at_right = e[right];
    for (int64_t k = 0; k < n; k++) {
        e[k] = exp(e[k] - largest);
        total += e[k];
        mean_mem += e[k] * mem[k];
        mean_gen += e[k] * gen[k];
    }
    sum->loss += log(total) + largest - at_right;
    sum->accuracy += best == right;
    sum->by_mem += mean_mem / total - mem[right];
    sum->by_gen += mean_gen / total - gen[right];
}

gk_mixture_measure gk_mixture_at(const gk_mixture *mixture, const gk_mixture_set *set, double w_mem, double w_gen)
{
    gk_mixture_measure sum = { .loss = 0 };
    double             n = (double)set->n;

    for (int64_t i = 0; i < set->n; i++)
        add_item(mixture, set->item[i], w_mem, w_gen, &sum, mixture->scratch);
    return (gk_mixture_measure){ sum.loss / n, sum.accuracy / n, sum.by_mem / n, sum.by_gen / n };
}

double gk_mixture_correct_logit(const gk_mixture *mixture, const gk_mixture_set *set, const double *logit)
{
    double sum = 0;

    for (int64_t i = 0; i < set->n; i++) {
        const double *of_item = logit + set->item[i] * mixture->n_class;
        double        all = 0;
        for (int64_t k = 0; k < mixture->n_class; k++)
            all += of_item[k];
        sum += of_item[mixture->label[set->item[i]]] - all / (double)mixture->n_class;
    }
    return sum / (double)set->n;
}

void gk_mixture_step(gk_mixture_state *state, const gk_mixture_update *update, const gk_mixture_measure *train)
{
    double *w = state->w, n = (double)++state->step;
    double  slope[GK_N_W] = { train->by_mem * w[GK_W_M2], train->by_mem * w[GK_W_M1], train->by_gen * w[GK_W_G2],
                              train->by_gen * w[GK_W_G1] };
    double  rate = update->learning_rate * (state->step <= update->warmup ? (n - 1) / (double)update->warmup : 1);

    for (int i = 0; i < GK_N_W; i++) {
        state->m[i] = update->beta1 * state->m[i] + (1 - update->beta1) * slope[i];
        state->v[i] = update->beta2 * state->v[i] + (1 - update->beta2) * slope[i] * slope[i];
        double m = state->m[i] / (1 - pow(update->beta1, n)), v = state->v[i] / (1 - pow(update->beta2, n));
        w[i] -= rate * (update->weight_decay * w[i] + m / (sqrt(v) + update->epsilon));
    }
}
