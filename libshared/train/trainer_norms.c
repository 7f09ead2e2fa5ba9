/* trainer_norms.c -- the norms that --constrain-norm keeps, between an engine and the columns of /runs: one for each sphere. */
#include "train/trainer_private.h"

#include <stdio.h>
#include <stdlib.h>
#include "graph/problem.h"

enum { MAX_NAME = 128 };

/* "norm_target", or "norm_target.layer0" where each layer has its own: into text. */
static void column_name(const gk_trainer *trainer, const gk_on_sphere *on, int sphere, char text[MAX_NAME])
{
    int t = 0;
    while (on[t].sphere != sphere)
        t++;
    const char *name = trainer->graph.param[t]->name;
    bool by_layer = trainer->plan_group->update.constrain == GK_CONSTRAIN_LAYER;
    snprintf(text, MAX_NAME, "norm_target%s%.*s", by_layer ? "." : "", by_layer ? gk_problem_layer_length(name) : 0, name);
}

int gk_trainer_norm_columns(gk_trainer *trainer, gk_h5_column *out)
{
    gk_arena     *arena = &trainer->keeper->arena;
    gk_on_sphere *on = gk_arena_alloc(&trainer->arena, (size_t)trainer->graph.n_param * sizeof *on);
    int n = gk_problem_spheres(&trainer->graph, &trainer->plan_group->update, on);
    for (int i = 0; out && i < n; i++) {
        char name[MAX_NAME];
        column_name(trainer, on, i, name);
        out[i] = (gk_h5_column){ .name = gk_arena_strdup(arena, name), .type = GK_F64,
                                 .data = gk_arena_alloc(arena, (size_t)trainer->group->n_replica * sizeof(double)) };
    }
    return n;
}

/* Numbers between the columns and target [R][n]; -1 with gk_error if a column is missing. */
static int move(gk_trainer *trainer, const gk_on_sphere *on, int n, double *target, bool to_columns)
{
    for (int i = 0; i < n; i++) {
        char name[MAX_NAME];
        column_name(trainer, on, i, name);
        const gk_h5_column *column = gk_group_run_column(trainer->group, name);
        if (!column || column->text || column->type != GK_F64)
            return gk_error("the checkpoint's '/runs' lacks a column '%s'", name);
        double *value = (double *)column->data;
        for (int64_t r = 0; r < trainer->group->n_replica; r++)
            if (to_columns)
                value[r] = target[r * n + i];
            else
                target[r * n + i] = value[r];
    }
    return 0;
}

static int transfer(gk_trainer *trainer, bool to_columns)
{
    const gk_backend *backend = trainer->backend;
    const gk_update  *update = &trainer->plan_group->update;
    int    n = gk_problem_spheres(&trainer->graph, update, NULL), status = 0;
    if (n == 0)
        return 0;
    gk_on_sphere *on = gk_alloc_large((size_t)trainer->graph.n_param * sizeof *on, "norms");
    double *target = gk_alloc_large((size_t)(trainer->group->n_replica * n) * sizeof *target, "norms");
    if (on && target) {
        gk_problem_spheres(&trainer->graph, update, on);
        if (to_columns)
            backend->norm_target(trainer->engine, target);
        status = move(trainer, on, n, target, to_columns);
        if (status == 0 && !to_columns)
            backend->set_norm_target(trainer->engine, target);
    } else {
        status = -1;
    }
    free(on);
    free(target);
    return status;
}

int gk_trainer_save_norms(gk_trainer *trainer)
{
    return transfer(trainer, true);
}

int gk_trainer_load_norms(gk_trainer *trainer)
{
    return transfer(trainer, false);
}
