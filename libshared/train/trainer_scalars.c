/* trainer_scalars.c -- what an engine keeps of each replica beside its arenas, between it and columns of /runs: the norms that
 * --constrain-norm keeps, one for each sphere, and how many updates --clip-norm has clipped, if it clips any replica's. */
#include "train/trainer_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "graph/problem.h"

enum { MAX_NAME = 128 };

static int n_scalar(const gk_trainer *trainer)
{
    return gk_problem_n_scalar(&trainer->graph, &trainer->plan_group->update);
}

static bool clips(const gk_trainer *trainer)
{
    for (int64_t replica = 0; replica < trainer->plan_group->n_replica; replica++)
        if (trainer->problem.hyper[replica].clip_norm > 0)
            return true;
    return false;
}

/* "norm_target", or "norm_target.layer0" where each layer has its own, and "n_clipped": into text. */
static void column_name(gk_trainer *trainer, int scalar, char text[MAX_NAME])
{
    const gk_update *update = &trainer->plan_group->update;
    gk_on_sphere    *on = gk_arena_alloc(&trainer->arena, (size_t)trainer->graph.n_param * sizeof *on);
    int n_sphere = gk_problem_spheres(&trainer->graph, update, on), t = 0;
    snprintf(text, MAX_NAME, "n_clipped");
    if (scalar == n_sphere)
        return;
    while (on[t].sphere != scalar)
        t++;
    const char *name = trainer->graph.param[t]->name;
    bool by_layer = update->constrain == GK_CONSTRAIN_LAYER;
    snprintf(text, MAX_NAME, "norm_target%s%.*s", by_layer ? "." : "", by_layer ? gk_problem_layer_length(name) : 0, name);
}

/* Those with a column are the first: the spheres, and the last only if it can be more than 0. */
static int n_column(const gk_trainer *trainer)
{
    return n_scalar(trainer) - !clips(trainer);
}

int gk_trainer_scalar_columns(gk_trainer *trainer, gk_h5_column *out)
{
    gk_arena *arena = &trainer->keeper->arena;
    int n = n_column(trainer);
    for (int i = 0; out && i < n; i++) {
        char name[MAX_NAME];
        column_name(trainer, i, name);
        out[i] = (gk_h5_column){ .name = gk_arena_strdup(arena, name), .type = GK_F64,
                                 .data = gk_arena_alloc(arena, (size_t)trainer->group->n_replica * sizeof(double)) };
    }
    return n;
}

/* Between the columns and scalars [R][n_scalar].  Older files did not count what was clipped: that stays unknown. */
static int move(gk_trainer *trainer, double *scalars, bool to_columns)
{
    int n = n_scalar(trainer), n_moved = n_column(trainer);
    for (int i = 0; i < n_moved; i++) {
        char name[MAX_NAME];
        column_name(trainer, i, name);
        const gk_h5_column *column = gk_group_run_column(trainer->group, name);
        if ((!column && i < n - 1) || (column && (column->text || column->type != GK_F64)))
            return gk_error("the checkpoint's '/runs' lacks a column '%s' of numbers", name);
        double *value = column ? (double *)column->data : NULL;
        for (int64_t r = 0; r < trainer->group->n_replica; r++)
            if (!to_columns)
                scalars[r * n + i] = value ? value[r] : NAN;
            else if (value)
                value[r] = scalars[r * n + i];
    }
    return 0;
}

/* Room for them, with what the engine has; NULL with gk_error. */
static double *read_scalars(gk_trainer *trainer)
{
    double *scalars = gk_alloc_large((size_t)(trainer->group->n_replica * n_scalar(trainer)) * sizeof *scalars, "norms");
    if (scalars)
        trainer->backend->scalars(trainer->engine, scalars);
    return scalars;
}

int gk_trainer_save_scalars(gk_trainer *trainer)
{
    double *scalars = n_column(trainer) > 0 ? read_scalars(trainer) : NULL;
    int status = scalars ? move(trainer, scalars, true) : -(n_column(trainer) > 0);
    free(scalars);
    return status;
}

int gk_trainer_load_scalars(gk_trainer *trainer)
{
    double *scalars = n_column(trainer) > 0 ? read_scalars(trainer) : NULL;
    int status = scalars ? move(trainer, scalars, false) : -(n_column(trainer) > 0);
    if (scalars && status == 0)
        trainer->backend->set_scalars(trainer->engine, scalars);
    free(scalars);
    return status;
}

int gk_trainer_count_clipped(gk_trainer *trainer, double *out)
{
    int     n = n_scalar(trainer);
    double *scalars = read_scalars(trainer);
    for (int64_t r = 0; scalars && r < trainer->group->n_replica; r++)
        out[r] = scalars[r * n + n - 1];
    free(scalars);
    return scalars ? 0 : -1;
}
