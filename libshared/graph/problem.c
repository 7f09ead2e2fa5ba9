/* problem.c -- see problem.h. */
#include "graph/problem.h"

#include <math.h>
#include <string.h>

GK_CHOICE_NAMES(gk_constraint, GK_CONSTRAINTS);
GK_CHOICE_NAMES(gk_projection, GK_PROJECTIONS);

bool gk_problem_is_whole(const gk_update *update, const gk_node *param)
{
    return gk_optimizers[update->optimizer].rest != update->optimizer && param->n_dim == 2 && param->part == GK_PART_HIDDEN &&
           !param->frozen;
}

gk_whole gk_problem_whole(const gk_node *param)
{
    int64_t  rows = param->dim[0], columns = param->dim[1], side = rows < columns ? rows : columns;
    int64_t  all = (rows * columns + 3) / 4 * 4, square = (side * side + 3) / 4 * 4;    /* devices load by fours */
    gk_whole w = { rows, columns, side, all, 2 * all, 2 * all + square, 2 * all + 2 * square };
    return w;
}

int64_t gk_problem_whole_reals(const gk_graph *graph, const gk_update *update)
{
    int64_t most = 0;

    for (int t = 0; t < graph->n_param; t++)
        if (gk_problem_is_whole(update, graph->param[t]) && gk_problem_whole(graph->param[t]).n_real > most)
            most = gk_problem_whole(graph->param[t]).n_real;
    return most;
}

static int add_chunks(const gk_graph *graph, const gk_update *update, bool frozen, gk_chunk *out, int n)
{
    gk_optimizer rest = gk_optimizers[update->optimizer].rest;

    for (int t = 0; t < graph->n_param; t++) {
        const gk_node *param = graph->param[t];
        bool           is_rest = rest != update->optimizer && !gk_problem_is_whole(update, param);
        int            pace = param->group + (is_rest ? graph->n_group : 0);
        for (int64_t at = 0; param->frozen == frozen && at < param->size; at += GK_CHUNK, n++) {
            int64_t left = param->size - at;
            if (out)
                out[n] = (gk_chunk){ t, pace, is_rest ? rest : update->optimizer, param->offset + at,
                                     left < GK_CHUNK ? left : GK_CHUNK };
        }
    }
    return n;
}

int gk_problem_chunks(const gk_graph *graph, const gk_update *update, gk_chunk *out, int *n_live)
{
    *n_live = add_chunks(graph, update, false, out, 0);
    return add_chunks(graph, update, true, out, *n_live);
}

int gk_problem_layer_length(const char *name)
{
    const char *dot = strrchr(name, '.');

    return (int)(dot ? (size_t)(dot - name) : strlen(name));
}

static bool same_layer(const gk_node *a, const gk_node *b)
{
    int length = gk_problem_layer_length(a->name);

    return gk_problem_layer_length(b->name) == length && strncmp(a->name, b->name, (size_t)length) == 0;
}

/* The first tensor on the sphere of tensor t; -1 if t is on none. */
static int first_on_sphere(const gk_graph *graph, gk_constraint constrain, int t)
{
    if (constrain == GK_CONSTRAIN_NONE || graph->param[t]->frozen)
        return -1;
    for (int i = 0; i < t; i++)
        if (!graph->param[i]->frozen && (constrain != GK_CONSTRAIN_LAYER || same_layer(graph->param[i], graph->param[t])))
            return i;
    return t;
}

int gk_problem_spheres(const gk_graph *graph, const gk_update *update, gk_on_sphere *out)
{
    int n_sphere = 0;

    for (int t = 0; t < graph->n_param; t++) {
        int first = first_on_sphere(graph, update->constrain, t);
        if (out)
            out[t] = (gk_on_sphere){ first < 0 ? -1 : first == t ? n_sphere : out[first].sphere,
                                     first == t && update->constrain == GK_CONSTRAIN_OMNIGROK_Q ? 2 : 1 };
        n_sphere += first == t;
    }
    return n_sphere;
}

int gk_problem_n_scalar(const gk_graph *graph, const gk_update *update)
{
    return gk_problem_spheres(graph, update, NULL) + 1;
}

void gk_problem_radii(const gk_graph *graph, const gk_on_sphere *on, int n_sphere, const double *norm, double *radius)
{
    for (int i = 0; i < n_sphere; i++) {
        double square = 0;
        for (int t = 0; t < graph->n_param; t++)
            square += on[t].sphere == i ? on[t].weight * norm[t] * norm[t] : 0;
        radius[i] = sqrt(square);
    }
}

int gk_problem_n_pace(const gk_graph *graph, const gk_update *update)
{
    return graph->n_group * (gk_optimizers[update->optimizer].rest != update->optimizer ? 2 : 1);
}

gk_hyper gk_problem_hyper(const gk_problem *problem, int64_t replica, int pace)
{
    int      n_group = problem->graph->n_group, group = pace % n_group;
    gk_hyper hyper = problem->group_hyper ? problem->group_hyper[replica * n_group + group] : problem->hyper[replica];

    if (pace >= n_group)
        hyper.learning_rate = hyper.adam_rate;
    return hyper;
}

double gk_hyper_at(const gk_hyper *hyper, gk_hyper_index index)
{
    switch (index) {
#define HYPER(field, ...) case GK_HYPER_##field: return hyper->field;
#include "graph/hyper.def"
#undef HYPER
    case GK_HYPER_always:
        break;
    }
    return 1;
}

/* Is this above 0 in any replica? */
static bool any_has(const gk_problem *problem, gk_hyper_index index)
{
    for (int64_t r = 0; r < problem->n_replica; r++)
        if (gk_hyper_at(&problem->hyper[r], index) > 0)
            return true;
    return false;
}

void gk_problem_depths(const gk_problem *problem, int64_t depth[GK_N_ARENA])
{
    const gk_optimizer_info *optimizer = &gk_optimizers[problem->update.optimizer], *rest = &gk_optimizers[optimizer->rest];

    memset(depth, 0, GK_N_ARENA * sizeof *depth);
    depth[GK_ARENA_PARAM] = 1;
    for (int i = 0; i < optimizer->n_slot; i++)
        depth[optimizer->slot[i]] = any_has(problem, optimizer->only_with);
    for (int i = 0; i < rest->n_slot; i++)
        depth[rest->slot[i]] = any_has(problem, rest->only_with);
    depth[GK_ARENA_INIT] = problem->update.decay_form == GK_DECAY_INIT;
    depth[GK_ARENA_EMA]  = any_has(problem, GK_HYPER_ema_lambda);
    depth[GK_ARENA_RING] = any_has(problem, GK_HYPER_ma_lambda) ? problem->update.ma_window : 0;
}

int gk_problem_n_set(const gk_problem *problem)
{
    int n = GK_MAX_SET;

    while (n > 0 && !problem->rows[n - 1])
        n--;
    return n;
}

int64_t gk_problem_most_rows(const gk_problem *problem, int set)
{
    int64_t n = 0;

    for (int64_t r = 0; problem->rows[set] && r < problem->n_replica; r++)
        n = problem->rows[set][r].n > n ? problem->rows[set][r].n : n;
    return n;
}

bool gk_problem_is_loss(const gk_graph *graph, const gk_node *node)
{
    for (int i = 0; i < graph->n_loss; i++)
        if (node == graph->loss[i])
            return true;
    return false;
}
