/* measure.c -- norms of gradients and updates, and what was clipped, for --metrics: on the host, in double, the same
 * arithmetic for every backend. */
#include "train/trainer_private.h"

#include <math.h>

static bool is_asked(const gk_trainer *trainer, gk_metric metric)
{
    return trainer->asked >> metric & 1;
}

int gk_trainer_measure_open(gk_trainer *trainer)
{
    size_t n = (size_t)trainer->plan_group->n_replica;
    size_t bytes = n * (size_t)trainer->graph.n_param_real * gk_dtype_size(trainer->backend->real);
    trainer->n_clipped = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->n_clipped);
    if (!is_asked(trainer, GK_GRADIENT_NORM) && !is_asked(trainer, GK_UPDATE_NORM))
        return 0;
    trainer->gradient_norm = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->gradient_norm);
    trainer->update_norm = gk_arena_alloc(&trainer->arena, n * sizeof *trainer->update_norm);
    for (size_t replica = 0; replica < n; replica++)
        trainer->gradient_norm[replica] = trainer->update_norm[replica] = NAN;
    trainer->after = gk_keep_large(&trainer->measures, bytes, "gradients and updates");
    trainer->before = trainer->after ? gk_keep_large(&trainer->measures, bytes, "gradients and updates") : NULL;
    return trainer->before ? 0 : -1;
}

static double real_at(const gk_trainer *trainer, const void *arena, int64_t i)
{
    return trainer->backend->real == GK_F64 ? ((const double *)arena)[i] : (double)((const float *)arena)[i];
}

/* Norms of a, or of a - b, over the parameters that are trained. */
static void norms(const gk_trainer *trainer, const void *a, const void *b, double *out)
{
    for (int64_t replica = 0; replica < trainer->plan_group->n_replica; replica++) {
        double square = 0;
        for (int p = 0; p < trainer->graph.n_param; p++) {
            const gk_node *param = trainer->graph.param[p];
            int64_t first = replica * trainer->graph.n_param_real + param->offset;
            for (int64_t i = first; !param->frozen && i < first + param->size; i++) {
                double value = real_at(trainer, a, i) - (b ? real_at(trainer, b, i) : 0);
                square += value * value;
            }
        }
        out[replica] = sqrt(square);
    }
}

int gk_trainer_measure_now(gk_trainer *trainer)
{
    if (is_asked(trainer, GK_CLIPPED) && gk_trainer_count_clipped(trainer, trainer->n_clipped) < 0)
        return -1;
    if (!is_asked(trainer, GK_GRADIENT_NORM))
        return 0;
    if (trainer->backend->gradient(trainer->engine, trainer->after) < 0)
        return -1;
    norms(trainer, trainer->after, NULL, trainer->gradient_norm);
    return 0;
}

int gk_trainer_updates(gk_trainer *trainer, int64_t n)
{
    const gk_backend *backend = trainer->backend;
    int64_t step = trainer->group->step, end = step + n;
    bool    measured = is_asked(trainer, GK_UPDATE_NORM) && (end == trainer->next_record || end == trainer->n_step);
    if (n - measured > 0 && backend->run(trainer->engine, step, n - measured, trainer->active) < 0)
        return -1;
    if (!measured)
        return 0;
    if (backend->read(trainer->engine, GK_ARENA_PARAM, trainer->before) < 0 ||
        backend->run(trainer->engine, end - 1, 1, trainer->active) < 0 ||
        backend->read(trainer->engine, GK_ARENA_PARAM, trainer->after) < 0)
        return -1;
    norms(trainer, trainer->after, trainer->before, trainer->update_norm);
    return 0;
}
