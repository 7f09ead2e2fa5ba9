/* problem.c -- see problem.h. */
#include "graph/problem.h"

#include <math.h>
#include <string.h>

GK_CHOICE_NAMES(gk_constraint, GK_CONSTRAINTS);
GK_CHOICE_NAMES(gk_projection, GK_PROJECTIONS);

static int add_chunks(const gk_graph *graph, bool frozen, gk_chunk *out, int n)
{
    for (int t = 0; t < graph->n_param; t++)
        for (int64_t at = 0; graph->param[t]->frozen == frozen && at < graph->param[t]->size; at += GK_CHUNK, n++) {
            int64_t left = graph->param[t]->size - at;
            if (out)
                out[n] = (gk_chunk){ t, graph->param[t]->offset + at, left < GK_CHUNK ? left : GK_CHUNK };
        }
    return n;
}

int gk_problem_chunks(const gk_graph *graph, gk_chunk *out, int *n_live)
{
    *n_live = add_chunks(graph, false, out, 0);
    return add_chunks(graph, true, out, *n_live);
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

void gk_problem_radii(const gk_graph *graph, const gk_on_sphere *on, int n_sphere, const double *norm, double *radius)
{
    for (int i = 0; i < n_sphere; i++) {
        double square = 0;
        for (int t = 0; t < graph->n_param; t++)
            square += on[t].sphere == i ? on[t].weight * norm[t] * norm[t] : 0;
        radius[i] = sqrt(square);
    }
}

void gk_problem_depths(const gk_problem *problem, int64_t depth[GK_N_ARENA])
{
    bool momentum = false, ema = false, ma = false;

    for (int64_t r = 0; r < problem->n_replica; r++) {
        momentum |= problem->hyper[r].momentum > 0;
        ema |= problem->hyper[r].ema_lambda > 0;
        ma |= problem->hyper[r].ma_lambda > 0;
    }
    depth[GK_ARENA_PARAM] = 1;
    depth[GK_ARENA_M]     = problem->update.optimizer != GK_SGD || momentum;
    depth[GK_ARENA_V]     = problem->update.optimizer != GK_SGD;
    depth[GK_ARENA_INIT]  = problem->update.decay_form == GK_DECAY_INIT;
    depth[GK_ARENA_EMA]   = ema;
    depth[GK_ARENA_RING]  = ma ? problem->update.ma_window : 0;
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
