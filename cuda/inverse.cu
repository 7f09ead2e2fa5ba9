/* inverse.cu -- what is known of index leaves: where each value stands (gk_inverse), and positions whose value never changes. */
#include "engine.h"

namespace GK_REALS {

/* --- on the host, when the engine is opened ----------------------------------------------------------------------------- */

/* The largest table that needs a gradient and is read by y through its index source `index`; 0: none. */
static int64_t values_of(const gk_node *y, const gk_node *index)
{
    int64_t n = 0;
    bool    gathers = gk_op_is(y->op, GK_GATHERS);
    for (int s = 0; gathers && y->used && y->src[y->n_src - 1] == index && s < y->n_src - 1; s++)
        if (y->src[s]->needs_grad && y->src[s]->rate == GK_STEP_RATE && y->src[s]->dim[0] > n)
            n = y->src[s]->dim[0];
    return n;
}

int64_t gk_cuda_n_value(const gk_graph *graph, const gk_node *index)
{
    int64_t n = 0;
    for (int i = 0; i < graph->n_node; i++) {
        int64_t more = values_of(graph->node[i], index);
        n = more > n ? more : n;
    }
    return n;
}

/* The inverse of a constant list; the same for all replicas. */
static int open_constant_inverse(gk_cuda *engine, const gk_node *node)
{
    size_t n_value = (size_t)engine->n_value[node->id], n = (size_t)node->size;
    std::vector<int32_t> first(n_value + 1), next, place(n);
    gk_inverse *inverse = &engine->constant_inverse[node->id];

    for (size_t i = 0; i < n; i++)
        if (node->index[i] < (int32_t)n_value)
            first[(size_t)node->index[i] + 1]++;
    for (size_t v = 0; v < n_value; v++)
        first[v + 1] += first[v];
    next = first;
    for (size_t i = 0; i < n; i++)
        if (node->index[i] < (int32_t)n_value)
            place[(size_t)next[(size_t)node->index[i]]++] = (int32_t)i;
    inverse->n_value = (int64_t)n_value;
    inverse->first.at = (int32_t *)gk_cuda_alloc(engine, (int64_t)first.size() * 4, "indices");
    inverse->place.at = (int32_t *)gk_cuda_alloc(engine, (int64_t)n * 4, "indices");
    if (!inverse->first.at || !inverse->place.at)
        return -1;
    cudaMemcpy(inverse->first.at, first.data(), first.size() * 4, cudaMemcpyHostToDevice);
    cudaMemcpy(inverse->place.at, place.data(), n * 4, cudaMemcpyHostToDevice);
    return 0;
}

/* The value that every item has at a position of an input, or -1.  Over all items, so that it holds for every set of rows. */
static int32_t only_value(const gk_node *node, int64_t position, int64_t n_item)
{
    for (int64_t item = 1; item < n_item; item++)
        if (node->index[item * node->size + position] != node->index[position])
            return -1;
    return n_item > 0 ? node->index[position] : -1;
}

int gk_cuda_open_index(gk_cuda *engine, const gk_node *node, int64_t n_item)
{
    engine->n_value[node->id] = gk_cuda_n_value(engine->graph, node);
    if (node->op == GK_OP_CONST_INDEX)
        return engine->n_value[node->id] > 0 ? open_constant_inverse(engine, node) : 0;
    engine->only[node->id] = (int32_t *)malloc((size_t)node->size * sizeof(int32_t));
    for (int64_t t = 0; t < node->size; t++)
        engine->only[node->id][t] = only_value(node, t, n_item);
    return 0;
}

/* --- on the device, for the rows of a tile ------------------------------------------------------------------------------ */

/* A warp for each value, and one more for the end of all lists.  It counts those before its own, then writes its own down: 32
 * places at a time, whose lanes find their order by a vote.  Every warp reads all n places, but none waits for another. */
static __global__ void invert(gk_index index, gk_inverse inverse, int n)
{
    const int32_t *list = gk_of(index);
    int32_t       *place = inverse.place.at + blockIdx.y * inverse.place.step;
    int            value = (int)gk_warp(), lane = gk_lane(), before = 0;

    if (value > inverse.n_value)
        return;
    GK_UNROLL_BY(4)
    for (int i = lane; i < n; i += GK_WARP)
        before += list[i] < value;
    before = gk_warp_sum(before);
    if (lane == 0)
        inverse.first.at[blockIdx.y * inverse.first.step + value] = before;
    if (value == inverse.n_value)
        return;
    GK_UNROLL_BY(4)
    for (int from = 0; from < n; from += GK_WARP) {
        bool     is_mine = from + lane < n && list[from + lane] == value;
        unsigned vote = gk_ballot(is_mine);
        if (is_mine)
            place[before + gk_n_bit(vote & ((1u << lane) - 1))] = from + lane;
        before += gk_n_bit(vote);
    }
}

void gk_cuda_invert(gk_cuda *engine, const gk_node *node, const gk_tile *tile)
{
    gk_inverse inverse = engine->inverse[node->id];
    GK_LAUNCH_WARPS(invert, inverse.n_value + 1, tile->n_replica, engine->device.stream, engine->index[node->id], inverse,
                    (int)(tile->n_row * node->size));
}

}
