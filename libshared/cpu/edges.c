/* edges.c -- sums over the neighbours of the nodes of a graph, and over its nodes.  Items have their nodes side by side, filled
 * up to as many as the largest has; what fills up has no edges, and no gradient comes back to it. */
#include <string.h>

#include "cpu/cpu.h"

static inline void add_row(gk_real *restrict to, const gk_real *restrict from, int64_t d)
{
#pragma omp simd
    for (int64_t j = 0; j < d; j++)
        to[j] += from[j];
}

void cpu_edge_sum_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *edges = y->src[1];
    int64_t        n = y->dim[0], d = y->dim[1], k = edges->size / n;
    const int32_t *edge = work->index[edges->id];
    gk_real       *out = work->data[y->id];

    memset(out, 0, (size_t)(work->n_row * y->size) * sizeof *out);
    for (int64_t row = 0; row < work->n_row; row++) {
        const gk_real *from = work->data[x->id] + row * x->size;
        for (int64_t i = 0; i < n; i++, edge += k, out += d)
            for (int64_t e = 0; e < k && edge[e] >= 0; e++)
                add_row(out, from + edge[e] * d, d);
    }
}

/* dx[j, type] takes dy[i] for every edge (i, j), which stands among those of j, too. */
void cpu_edge_sum_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *edges = y->src[1];
    int64_t        n = y->dim[0], d = y->dim[1], k = edges->size / n, n_type = x->dim[1];
    const int32_t *edge = work->index[edges->id];
    gk_real       *dx = work->grad[x->id];

    if (!y->accumulate[0])
        memset(dx, 0, (size_t)(work->n_row * x->size) * sizeof *dx);
    for (int64_t row = 0; row < work->n_row; row++) {
        const gk_real *dy = work->grad[y->id] + row * y->size;
        for (int64_t j = 0; j < n; j++, edge += k, dx += n_type * d)
            for (int64_t e = 0; e < k && edge[e] >= 0; e++)
                add_row(dx + edge[e] % n_type * d, dy + edge[e] / n_type * d, d);
    }
}

void cpu_sum_pool_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    const int32_t *count = work->index[y->src[1]->id];
    int64_t        d = y->size;

    memset(work->data[y->id], 0, (size_t)(work->n_row * d) * sizeof(gk_real));
    for (int64_t row = 0; row < work->n_row; row++)
        for (int64_t i = 0; i < count[row]; i++)
            add_row(work->data[y->id] + row * d, work->data[x->id] + row * x->size + i * d, d);
}

void cpu_sum_pool_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    const int32_t *count = work->index[y->src[1]->id];
    int64_t        d = y->size;

    for (int64_t row = 0; row < work->n_row; row++) {
        gk_real *dx = work->grad[x->id] + row * x->size;
        if (!y->accumulate[0])
            memset(dx, 0, (size_t)x->size * sizeof *dx);
        for (int64_t i = 0; i < count[row]; i++)
            add_row(dx + i * d, work->grad[y->id] + row * d, d);
    }
}
