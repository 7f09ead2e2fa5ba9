/* problem.c -- see problem.h. */
#include "graph/problem.h"

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
