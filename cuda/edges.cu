/* edges.cu -- sums over the neighbours of the nodes of a graph, and over its nodes (cpu/edges.c).  Nothing is scattered: a node's
 * gradient is gathered from its neighbours, since edges have no direction. */
#include "vectors.h"

namespace GK_CELLS {

/* A graph for each row: its sizes, to divide by, and its edges. */
typedef struct edges_of_rows {
    gk_divisor d, n_type, n_node;
    uint32_t   k;
    gk_index   edge;
} edges_of_rows;

static edges_of_rows edges_of(const gk_work *work, const gk_node *y)
{
    const gk_node *edges = y->src[1];
    edges_of_rows  e = { gk_divisor_of(y->dim[1]), gk_divisor_of(y->src[0]->dim[1]), gk_divisor_of(y->dim[0]),
                         (uint32_t)(edges->size / y->dim[0]), work->index[edges->id] };
    return e;
}

/* y[i,:] of all rows, V columns from place i on. */
struct neighbours {
    edges_of_rows g;
    gk_span       x, y;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t       node = gk_quotient(i, g.d), column = i - node * g.d.d, row = gk_quotient(node, g.n_node);
        const int32_t *edge = gk_of(g.edge) + (int64_t)node * g.k;
        gk_cells       from = gk_of(x) + (int64_t)row * g.n_node.d * g.n_type.d * g.d.d + column;
        gk_reals<V>    sum = {};
        for (uint32_t e = 0; e < g.k && edge[e] >= 0; e++)
            gk_add_to(&sum, gk_load<V>(from + (int64_t)edge[e] * g.d.d));
        gk_store(gk_of(y) + i, sum);
    }
};

void cuda_edge_sum_forward(gk_work *work, const gk_node *y)
{
    neighbours f = { edges_of(work, y), gk_data_of(work, y, 0), work->data[y->id] };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(y->dim[1], f.x, f.y));
}

/* dx[j, type, :] of all rows. */
struct handed_back {
    edges_of_rows g;
    gk_span       dx, dy;
    bool          accumulate;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t       place = gk_quotient(i, g.d), column = i - place * g.d.d;
        uint32_t       node = gk_quotient(place, g.n_type), type = place - node * g.n_type.d, row = gk_quotient(node, g.n_node);
        const int32_t *edge = gk_of(g.edge) + (int64_t)node * g.k;
        gk_cells       from = gk_of(dy) + (int64_t)row * g.n_node.d * g.d.d + column;
        gk_reals<V>    sum = {};
        for (uint32_t e = 0; e < g.k && edge[e] >= 0; e++) {
            uint32_t other = gk_quotient((uint32_t)edge[e], g.n_type);
            if ((uint32_t)edge[e] - other * g.n_type.d == type)
                gk_add_to(&sum, gk_load<V>(from + (int64_t)other * g.d.d));
        }
        gk_write(gk_of(dx) + i, sum, accumulate);
    }
};

void cuda_edge_sum_backward(gk_work *work, const gk_node *y)
{
    handed_back f = { edges_of(work, y), gk_grad_of(work, y, 0), work->grad[y->id], y->accumulate[0] };
    gk_each(work, f, work->n_row * y->src[0]->size, gk_all_wide(y->dim[1], f.dx, f.dy));
}

/* --- all nodes of a row ---------------------------------------------------------------------------------------------------- */

struct summed {
    gk_span    x, y;
    gk_index   count;
    gk_divisor d;
    uint32_t   size;    /* of a row of x */

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t       row = gk_quotient(i, d);
        gk_cells       from = gk_of(x) + (int64_t)row * size + (i - row * d.d);
        gk_reals<V>    sum = {};
        for (int32_t node = 0; node < gk_of(count)[row]; node++)
            gk_add_to(&sum, gk_load<V>(from + (int64_t)node * d.d));
        gk_store(gk_of(y) + i, sum);
    }
};

void cuda_sum_pool_forward(gk_work *work, const gk_node *y)
{
    summed f = { gk_data_of(work, y, 0), work->data[y->id], work->index[y->src[1]->id], gk_divisor_of(y->size),
                 (uint32_t)y->src[0]->size };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(y->size, f.x, f.y));
}

struct handed_out {
    gk_span    dx, dy;
    gk_index   count;
    gk_divisor d, size;
    bool       accumulate;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t    row = gk_quotient(i, size), within = i - row * size.d, node = gk_quotient(within, d);
        gk_reals<V> g = {};
        if ((int32_t)node < gk_of(count)[row])
            g = gk_load<V>(gk_of(dy) + (int64_t)row * d.d + (within - node * d.d));
        gk_write(gk_of(dx) + i, g, accumulate);
    }
};

void cuda_sum_pool_backward(gk_work *work, const gk_node *y)
{
    int64_t    size = y->src[0]->size;
    handed_out f = { gk_grad_of(work, y, 0), work->grad[y->id], work->index[y->src[1]->id], gk_divisor_of(y->size),
                     gk_divisor_of(size), y->accumulate[0] };
    gk_each(work, f, work->n_row * size, gk_all_wide(y->size, f.dx, f.dy));
}

}
