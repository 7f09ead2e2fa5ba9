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

/* A block of every replica, whose warps have a stretch of its places each: they count how often each value stands there, 32
 * places at a time, of which one lane counts all that are alike; the counts of earlier stretches and smaller values are added
 * up; and the warps write their places down, again 32 at a time and so in ascending order.  Counts are whole numbers that one
 * warp alone adds to.  It takes a time that goes with the number of places and of values. */

/* What this lane has to do with 32 places: its value, -1: none; which lanes have the same; how many of them come before. */
typedef struct thirty_two { int value; unsigned same; int before; } thirty_two;

static __device__ inline thirty_two look_at(const int32_t *list, int at, int end, int n_value)
{
    thirty_two t = { at < end ? list[at] : -1, 0, 0 };
    if (t.value >= n_value)
        t.value = -1;
    t.same = gk_match(t.value);
    t.before = gk_n_bit(t.same & ((1u << gk_lane()) - 1));
    return t;
}

/* count[stretch][value] -> how many places come before those, of smaller values or earlier stretches; first: of smaller ones. */
static __device__ void add_up_before(int32_t *count, int32_t *first, int n_value, int n_stretch)
{
    __shared__ int share[GK_MOST_THREADS];
    int each = (n_value + (int)blockDim.x - 1) / (int)blockDim.x, begin = (int)threadIdx.x * each, sum = 0;
    int end = begin + each < n_value ? begin + each : n_value;

    for (int value = begin; value < end; value++)
        for (int k = 0; k < n_stretch; k++)
            sum += count[k * n_value + value];
    share[threadIdx.x] = sum;
    __syncthreads();
    sum = 0;
    for (int thread = 0; thread < (int)threadIdx.x; thread++)
        sum += share[thread];
    for (int value = begin; value < end; value++) {
        first[value] = sum;
        for (int k = 0; k < n_stretch; k++) {
            int here = count[k * n_value + value];
            count[k * n_value + value] = sum;
            sum += here;
        }
    }
    if (threadIdx.x + 1 == blockDim.x)
        first[n_value] = sum;
    __syncthreads();
}

static __global__ void __launch_bounds__(GK_MOST_THREADS) invert(gk_index index, gk_inverse inverse, int n, int32_t *count)
{
    const int32_t *list = gk_of(index);
    int32_t       *place = inverse.place.at + blockIdx.y * inverse.place.step;
    int n_value = (int)inverse.n_value, n_warp = (int)blockDim.x / GK_WARP, warp = (int)threadIdx.x / GK_WARP, lane = gk_lane();
    int each = (n + n_warp * GK_WARP - 1) / (n_warp * GK_WARP) * GK_WARP, begin = warp * each;
    int end = begin + each < n ? begin + each : n;

    count += (int64_t)blockIdx.y * n_warp * n_value;
    int32_t *mine = count + warp * n_value;
    for (int value = lane; value < n_value; value += GK_WARP)
        mine[value] = 0;
    __syncwarp();
    for (int at = begin; at < end; at += GK_WARP) {
        thirty_two t = look_at(list, at + lane, end, n_value);
        if (t.value >= 0 && t.before == 0)
            mine[t.value] += gk_n_bit(t.same);
        __syncwarp();
    }
    __syncthreads();
    add_up_before(count, inverse.first.at + blockIdx.y * inverse.first.step, n_value, n_warp);
    for (int at = begin; at < end; at += GK_WARP) {
        thirty_two t = look_at(list, at + lane, end, n_value);
        if (t.value >= 0)
            place[mine[t.value] + t.before] = at + lane;
        __syncwarp();
        if (t.value >= 0 && t.before == 0)
            mine[t.value] += gk_n_bit(t.same);
        __syncwarp();
    }
}

/* As many stretches as have no more counts than there are places, if any. */
static int64_t n_stretch(int64_t n, int64_t n_value)
{
    int64_t most = GK_MOST_THREADS / GK_WARP, each = n_value > GK_WARP ? n_value : (int64_t)GK_WARP, stretches = n / each;
    return stretches < 1 ? 1 : stretches < most ? stretches : most;
}

void gk_cuda_invert(gk_cuda *engine, const gk_node *node, const gk_tile *tile)
{
    gk_inverse inverse = engine->inverse[node->id];
    int64_t    n = tile->n_row * node->size;
    GK_LAUNCH_EXACT(invert, gk_grid(1, tile->n_replica), (unsigned)(n_stretch(n, inverse.n_value) * GK_WARP), 0,
                    engine->device.stream, engine->index[node->id], inverse, (int)n, (int32_t *)engine->columns);
}

}
