/* optim.c -- one update of one replica: passes over chunks of the parameter arena.
 *
 * The usual update is a single pass.  Clipping, projection and constrained norms need sums first: a pass that leaves one
 * partial sum per chunk, a barrier, and the same ordered addition in every thread. */
#include <math.h>

#include "base/rng.h"
#include "cpu/cpu.h"
#include "graph/direction.h"

#define MY_CHUNKS_OF(n, c) for (int c = team.rank; c < (n); c += team.n_thread)
#define MY_CHUNKS(c) MY_CHUNKS_OF(s->n_live, c)

/* Total of one row of partial sums, in order. */
static double total(const gk_state *s, int row)
{
    double sum = 0;

    for (int c = 0; c < s->n_live; c++)
        sum += s->partial[row * s->n_chunk + c];
    return sum;
}

/* The same for each tensor apart; every thread computes all, into its own array would cost more: rank 0 does it. */
static void total_by_tensor(const gk_state *s, int row)
{
    double *sum = s->tensor_sum + row * s->n_tensor;

    for (int t = 0; t < s->n_tensor; t++)
        sum[t] = 0;
    for (int c = 0; c < s->n_live; c++)
        sum[s->chunk[c].tensor] += s->partial[row * s->n_chunk + c];
}

static double product(const gk_real *restrict a, const gk_real *restrict b, int64_t n)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t i = 0; i < n; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

void gk_square_norms(const gk_state *s, double *per_tensor)
{
    for (int t = 0; t < s->n_tensor; t++)
        per_tensor[t] = 0;
    for (int c = 0; c < s->n_chunk; c++) {
        const gk_real *p = s->param + s->chunk[c].offset;
        per_tensor[s->chunk[c].tensor] += product(p, p, s->chunk[c].n);
    }
}

static gk_real noise(const gk_state *s, gk_rng_purpose purpose, int64_t step, int64_t at)
{
    return (gk_real)gk_rng_normal(s->seed, purpose, (uint64_t)step, (uint64_t)at);
}

void gk_perturb_replica(const gk_state *s, gk_real *noisy, int64_t step, gk_team team)
{
    gk_real scale = (gk_real)s->hyper->weight_noise;

    MY_CHUNKS_OF(s->n_chunk, c)
        for (int64_t i = s->chunk[c].offset; i < s->chunk[c].offset + s->chunk[c].n; i++)
            noisy[i] = s->param[i] + scale * noise(s, GK_RNG_WEIGHT_NOISE, step, i);
    gk_team_barrier(&team);
}

static void add_gradient_noise(const gk_state *s, int64_t step, gk_team team)
{
    gk_real scale = (gk_real)s->hyper->gradient_noise;

    MY_CHUNKS(c)
        for (int64_t i = s->chunk[c].offset; i < s->chunk[c].offset + s->chunk[c].n; i++)
            s->grad[i] += scale * noise(s, GK_RNG_GRAD_NOISE, step, i);
}

/* Scale the gradient by gk_clip_factor of its global norm, and count it. */
static void clip(const gk_state *s, gk_team team)
{
    MY_CHUNKS(c) {
        const gk_real *g = s->grad + s->chunk[c].offset;
        s->partial[c]    = product(g, g, s->chunk[c].n);
    }
    gk_team_barrier(&team);
    double factor = gk_clip_factor(s->hyper, sqrt(total(s, 0)));
    if (factor < 1) {
        gk_real scale = (gk_real)factor;
        if (team.rank == 0)
            s->scalar[s->n_sphere]++;
        MY_CHUNKS(c)
            for (int64_t i = s->chunk[c].offset; i < s->chunk[c].offset + s->chunk[c].n; i++)
                s->grad[i] *= scale;
    }
    gk_team_barrier(&team);
}

/* Grokfast-EMA (Lee et al. 2024): mu = alpha mu + (1 - alpha) g, mu_0 = g_0;  g += lambda mu. */
static void filter_ema(const gk_state *s, int64_t step, gk_team team)
{
    int64_t seen = step + s->seen.updates[GK_SEEN_EMA];
    gk_real alpha = seen == 0 ? 0 : (gk_real)s->hyper->ema_alpha, lambda = (gk_real)s->hyper->ema_lambda;
    gk_real *ema = s->arena[GK_ARENA_EMA];

    MY_CHUNKS(c)
        for (int64_t i = s->chunk[c].offset; i < s->chunk[c].offset + s->chunk[c].n; i++) {
            ema[i] = alpha * ema[i] + (1 - alpha) * s->grad[i];
            s->grad[i] += lambda * ema[i];
        }
}

/* Grokfast-MA: g += lambda mean(last w raw gradients), nothing until the ring is full. */
static void filter_ma(const gk_state *s, int64_t step, gk_team team)
{
    int64_t window = s->update->ma_window, seen = step + s->seen.updates[GK_SEEN_RING];
    gk_real scale  = (gk_real)(s->hyper->ma_lambda / (double)window), *ring = s->arena[GK_ARENA_RING];

    MY_CHUNKS(c)
        for (int64_t i = s->chunk[c].offset; i < s->chunk[c].offset + s->chunk[c].n; i++) {
            gk_real sum = 0;
            ring[(seen % window) * s->n_real + i] = s->grad[i];
            if (seen + 1 < window)
                continue;
            for (int64_t w = 0; w < window; w++)
                sum += ring[w * s->n_real + i];
            s->grad[i] += scale * sum;
        }
}

/* Orthogonal gradient (Prieto et al. 2025): per tensor g - (w.g/w.w) w, rescaled to the norm of g. */
static void project(const gk_state *s, gk_team team)
{
    double *sum = s->tensor_sum;
    int     n   = s->n_tensor;

    MY_CHUNKS(c) {
        const gk_real *g = s->grad + s->chunk[c].offset, *w = s->param + s->chunk[c].offset;
        s->partial[c]                  = product(w, g, s->chunk[c].n);
        s->partial[s->n_chunk + c]     = product(w, w, s->chunk[c].n);
        s->partial[2 * s->n_chunk + c] = product(g, g, s->chunk[c].n);
    }
    gk_team_barrier(&team);
    for (int row = 0; team.rank == 0 && row < 3; row++)
        total_by_tensor(s, row);
    gk_team_barrier(&team);
    MY_CHUNKS(c) {
        gk_chunk k     = s->chunk[c];
        gk_real  along = (gk_real)(sum[k.tensor] / (sum[n + k.tensor] + 1e-30));
        for (int64_t i = k.offset; i < k.offset + k.n; i++)
            s->grad[i] -= along * s->param[i];
        s->partial[c] = product(s->grad + k.offset, s->grad + k.offset, k.n);
    }
    gk_team_barrier(&team);
    if (team.rank == 0)
        total_by_tensor(s, 0);
    gk_team_barrier(&team);
    MY_CHUNKS(c) {
        gk_chunk k     = s->chunk[c];
        gk_real  scale = sum[k.tensor] > 0 ? (gk_real)sqrt(sum[2 * n + k.tensor] / sum[k.tensor]) : 1;
        for (int64_t i = k.offset; i < k.offset + k.n; i++)
            s->grad[i] *= scale;
    }
}

/* Weight decay of a chunk, before the update. */
static void decay(const gk_state *s, gk_chunk k, const gk_pace *pace, int64_t step)
{
    gk_real *param = s->param + k.offset, *grad = s->grad + k.offset;
    double   amount = pace->rate * pace->weight_decay;
    gk_real  shrink = (gk_real)(1 - amount);

    switch (gk_decay_form_of(s->update)) {
    case GK_DECAY_JITTER:
        shrink = (gk_real)exp(amount * gk_rng_normal(s->seed, GK_RNG_DECAY_JITTER, (uint64_t)step, (uint64_t)k.tensor));
        /* fall through */
    case GK_DECAY_AUTO:
    case GK_DECAY_DECOUPLED:
        for (int64_t i = 0; i < k.n; i++)
            param[i] *= shrink;
        break;
    case GK_DECAY_COUPLED:
        for (int64_t i = 0; i < k.n; i++)
            grad[i] += (gk_real)pace->weight_decay * param[i];
        break;
    case GK_DECAY_INIT:
        for (int64_t i = 0; i < k.n; i++)
            param[i] += (gk_real)amount * (s->arena[GK_ARENA_INIT][k.offset + i] - param[i]);
        break;
    }
}

/* The optimiser's slot at a chunk; NULL: it has no such slot, or does without. */
static gk_real *slot(const gk_state *s, gk_chunk k, gk_arena_kind kind)
{
    return kind != GK_ARENA_none && s->arena[kind] ? s->arena[kind] + k.offset : NULL;
}

/* The directions of a chunk into the place of its gradients. */
static void direct(const gk_state *s, gk_chunk k, const gk_pace *pace)
{
    gk_real *restrict g = s->grad + k.offset, none = 0;
    const gk_pace p = *pace;

    switch (k.optimizer) {
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning)                             \
    case GK_OPTIM_##name: {                                                                                            \
        gk_real *restrict a = slot(s, k, GK_ARENA_##slot1), *restrict b = slot(s, k, GK_ARENA_##slot2);                \
        if (!a && GK_ARENA_##slot1 != GK_ARENA_none)                                                                   \
            break;                                                                                                     \
        for (int64_t i = 0; i < k.n; i++)                                                                              \
            g[i] = gk_##name##_direction(&p, g[i], a ? &a[i] : &none, b ? &b[i] : &none);                              \
        break;                                                                                                         \
    }
#include "graph/optim.def"
#undef OPTIM
    case GK_N_OPTIM:
        break;
    }
}

/* Decay of one chunk, and its direction in the place of its gradient. */
static void aim_chunk(const gk_state *s, gk_chunk k, const gk_pace *pace, int64_t step)
{
    if (pace->weight_decay > 0)
        decay(s, k, pace, step);
    direct(s, k, pace);
}

/* Noise and step of one chunk. */
static void move_chunk(const gk_state *s, gk_chunk k, const gk_pace *pace, int64_t step)
{
    gk_real *restrict param = s->param + k.offset, *restrict g = s->grad + k.offset;

    for (int64_t i = 0; pace->update_noise > 0 && i < k.n; i++)
        g[i] += (gk_real)pace->update_noise * noise(s, GK_RNG_UPDATE_NOISE, step, k.offset + i);
    for (int64_t i = 0; i < k.n; i++)
        param[i] -= (gk_real)pace->rate * g[i];
}

/* What the parameters on each sphere are multiplied by, from sums of squares in row 0: into row 1. */
static void scale_to_spheres(const gk_state *s)
{
    double *square = s->tensor_sum, *scale = s->tensor_sum + s->n_tensor;

    total_by_tensor(s, 0);
    for (int i = 0; i < s->n_sphere; i++) {
        double sum = 0;
        for (int t = 0; t < s->n_tensor; t++)
            sum += s->on[t].sphere == i ? s->on[t].weight * square[t] : 0;
        scale[i] = sum > 0 ? s->scalar[i] / sqrt(sum) : 1;
    }
}

/* theta *= target / |theta| (Liu et al. 2022): everything on the spheres that the replica began on. */
static void constrain(const gk_state *s, gk_team team)
{
    MY_CHUNKS(c) {
        const gk_real *p = s->param + s->chunk[c].offset;
        s->partial[c]    = product(p, p, s->chunk[c].n);
    }
    gk_team_barrier(&team);
    if (team.rank == 0)
        scale_to_spheres(s);
    gk_team_barrier(&team);
    MY_CHUNKS(c) {
        gk_chunk k     = s->chunk[c];
        gk_real  scale = (gk_real)s->tensor_sum[s->n_tensor + s->on[k.tensor].sphere];
        for (int64_t i = k.offset; i < k.offset + k.n; i++)
            s->param[i] *= scale;
    }
    gk_team_barrier(&team);
}

/* The directions of whole matrices, each by one thread. */
static void orthogonalise(const gk_state *s, gk_team team)
{
    int n = 0;

    gk_team_barrier(&team);
    for (int t = 0; t < s->n_tensor; t++)
        if (gk_problem_is_whole(s->update, s->graph->param[t]) && n++ % team.n_thread == team.rank)
            gk_orthogonalise(gk_problem_whole(s->graph->param[t]), s->grad + s->graph->param[t]->offset,
                             s->whole + team.rank * s->n_whole);
    gk_team_barrier(&team);
}

static void descend(const gk_state *s, const gk_pace *pace, int64_t step, gk_team team)
{
    MY_CHUNKS(c) {
        aim_chunk(s, s->chunk[c], &pace[s->chunk[c].pace], step);
        if (s->n_whole == 0)    /* one pass over the arena */
            move_chunk(s, s->chunk[c], &pace[s->chunk[c].pace], step);
    }
    if (s->n_whole > 0) {
        orthogonalise(s, team);
        MY_CHUNKS(c)
            move_chunk(s, s->chunk[c], &pace[s->chunk[c].pace], step);
    }
    gk_team_barrier(&team);
}

void gk_update_replica(const gk_state *s, int64_t step, gk_team team)
{
    gk_pace pace[2 * GK_MAX_GROUP];

    for (int i = 0; i < s->n_pace; i++)
        pace[i] = gk_pace_of(s->update, &s->pace_hyper[i], step, s->seen.updates[GK_SEEN_OPTIMIZER]);
    if (s->n_sphere > 0 && s->update->projection == GK_PROJECT_BETWEEN)
        constrain(s, team);
    if (s->hyper->gradient_noise > 0)
        add_gradient_noise(s, step, team);
    if (s->hyper->clip_norm > 0)
        clip(s, team);
    if (s->hyper->ema_lambda > 0)
        filter_ema(s, step, team);
    if (s->hyper->ma_lambda > 0 && s->update->ma_window > 0)
        filter_ma(s, step, team);
    if (s->update->orthogonal)
        project(s, team);
    descend(s, pace, step, team);
    if (s->n_sphere > 0 && s->update->projection == GK_PROJECT_AFTER)
        constrain(s, team);
}
