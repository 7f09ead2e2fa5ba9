/* rows.cu -- tiles of rows: where their buffers stand, which rows they are, and the row-rate nodes over them. */
#include "engine.h"
#include "padding.h"
#include "vectors.h"
#include "base/philox.h"

namespace GK_REALS {

int64_t gk_cuda_aux(const gk_node *y)
{
    return gk_op_is(y->op, GK_MOMENTS) ? 2 * (y->size / gk_last_dim(y)) : 0;
}

void gk_cuda_columns(const gk_node *y, int64_t *per_row, int64_t *once)
{
    int64_t n_sum = gk_ops[y->op].n_sum, column = 0;
    for (int s = 1; s < y->n_src; s++)    /* the last chunk may have a single row */
        column = n_sum * y->src[s]->size > column ? n_sum * y->src[s]->size : column;
    int64_t chunk = GK_WARP_THREADS / GK_COLUMN_SIDE * GK_COLUMN_ROWS, row = (n_sum * y->size + chunk - 1) / chunk;

    if (y->rate == GK_ROW_RATE)
        *per_row = row > *per_row ? row : *per_row;
    else
        column += row;
    *once = column > *once ? column : *once;
}

void gk_find_gatherers(const gk_graph *graph, const gk_node **gatherer)
{
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i];
        for (int s = 0; y->used && y->op == GK_OP_add && s < 2; s++)
            if (y->src[s]->op == GK_OP_embed && y->src[s]->rate == y->rate && y->src[s]->n_consumer == 1 &&
                !gatherer[y->src[1 - s]->id])
                gatherer[y->src[s]->id] = y;
    }
}

/* --- where everything stands ------------------------------------------------------------------------------------------ */

/* Reals and their gradients of one node. */
static void bind_reals(gk_cuda *engine, const gk_node *node, const gk_tile *tile, gk_real *param)
{
    const gk_graph *graph = engine->graph;
    int64_t p = graph->n_param_real, s = graph->n_step_real;
    gk_span data = { NULL, 0 }, grad = { NULL, 0 };

    if (node->shares) {
        data = engine->data[node->shares->id];
        grad = engine->row_grad[node->shares->id];
    } else if (node->op == GK_OP_PARAM) {
        data = { param + node->offset, p };
        grad = { engine->grad + node->offset, s };
    } else if (node->op == GK_OP_CONSTANT) {
        data = { engine->constant + node->offset, 0 };
    } else if (node->rate == GK_STEP_RATE) {
        data = { engine->step_data + node->offset - p, s - p };
        grad = { engine->grad + node->offset, s };
    } else {
        data = gk_cuda_row_span(engine, engine->stored[node->id].place, node, tile->n_row, engine->stored[node->id].full);
    }
    if (node->rate == GK_ROW_RATE)
        grad = gk_cuda_row_span(engine, engine->row_cells + engine->row_offset[gk_holder_of(node, engine->holder)->id], node,
                                tile->n_row, false);
    if (!node->needs_grad)
        grad = { NULL, 0 };
    engine->data[node->id] = data;
    engine->row_grad[node->id] = grad;
    gk_cuda_bind_operand(engine, node, tile->n_row);
}

/* Indices of one leaf, gathered by row or constant, and their inverse. */
static int32_t *bind_index(gk_cuda *engine, const gk_node *node, const gk_tile *tile, int32_t *at)
{
    int64_t n = tile->n_row * node->size, room = engine->wave * engine->tile_rows * node->size;
    int64_t n_value = engine->n_value[node->id];
    if (node->op == GK_OP_CONST_INDEX) {
        engine->index[node->id] = { engine->leaf_index[node->id], 0 };
        engine->inverse[node->id] = engine->constant_inverse[node->id];
        return at;
    }
    engine->index[node->id] = { at, n };
    at += room;
    if (n_value > 0) {
        engine->inverse[node->id] = { { at + room, n_value + 1 }, { at, n }, n_value };
        at += room + engine->wave * (n_value + 1);
    }
    return at;
}

/* Copies of weights, if they pay for so many replicas. */
static const gk_staging *bind_staging(gk_cuda *engine, const gk_tile *tile, gk_real *param)
{
    gk_staging *s = engine->staging;
    int64_t     p = engine->graph->n_param_real, n = engine->graph->n_step_real;

    if (s->n == 0 || !gk_stages(engine->problem.product, tile->n_replica))
        return NULL;
    s->param = { param, p };
    s->step = { engine->step_data - p, n - p };
    s->into = { engine->grad, n };
    return s;
}

gk_work gk_cuda_bind(gk_cuda *engine, const gk_tile *tile, gk_real *param, bool training)
{
    const gk_graph *graph = engine->graph;
    gk_real *row_aux = (gk_real *)gk_behind(engine->row_reals, engine->row_room * (engine->row_cells + engine->n_row_place),
                                            engine->narrow);
    gk_real *step_aux = engine->step_aux, *scratch = engine->scratch_reals;
    int32_t *at = engine->index_reals;

    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        int64_t        aux = node->used ? gk_cuda_aux(node) : 0;
        if (!node->used)
            continue;
        if (gk_op_is(node->op, GK_INDEX))
            at = bind_index(engine, node, tile, at);
        else
            bind_reals(engine, node, tile, param);
        gk_scratch more = gk_cuda_kernels(engine->narrow, node)->scratch[node->op](node);
        engine->scratch[i] = { scratch, tile->n_row * more.per_row + more.once };
        scratch += engine->wave * (engine->tile_rows * more.per_row + more.once);
        if (node->rate == GK_ROW_RATE) {
            engine->aux[i] = { row_aux, tile->n_row * aux };
            row_aux += aux * engine->row_room;
        } else {
            engine->aux[i] = { step_aux, aux };
            step_aux += aux * engine->wave;
        }
    }
    gk_work work = { &engine->device, tile->n_replica, tile->n_row, engine->data, engine->row_grad, engine->aux, engine->operand,
                     engine->index, engine->columns, engine->inverse, engine->only, engine->scratch, engine->label,
                     { engine->weight[0], engine->weight[1] }, training ? NULL : engine->sums, engine->problem.sums,
                     engine->hyper + tile->slot, engine->seed + tile->slot, engine->step, training, tile->first,
                     engine->finisher, engine->adder, engine->mates, engine->gatherer, engine->width,
                     bind_staging(engine, tile, param) };
    return work;
}

void gk_cuda_step_forward(gk_cuda *engine, gk_work *work)
{
    for (int i = 0; i < engine->graph->n_node; i++) {
        const gk_node *node = engine->graph->node[i];
        if (node->used && gk_is_op(node) && node->rate == GK_STEP_RATE)
            gk_cuda_kernels(engine->narrow, node)->forward[node->op](work, node);
    }
    gk_cuda_round_steps(engine, work);
    gk_stage(work);
}

void gk_cuda_step_backward(gk_cuda *engine, gk_work *work)
{
    gk_unstage(work);
    for (int i = engine->graph->n_node - 1; i >= 0; i--) {
        const gk_node *node = engine->graph->node[i];
        if (node->used && gk_is_op(node) && node->rate == GK_STEP_RATE && node->needs_grad)
            gk_cuda_kernels(engine->narrow, node)->backward[node->op](work, node);
    }
}

/* --- which rows ---------------------------------------------------------------------------------------------------------- */

static __device__ uint32_t bucket_of(uint64_t key, uint32_t n_bucket)
{
    return (uint32_t)((key >> 32) * n_bucket >> 32);
}

/* count[b] -> the sum of those before it. */
static __device__ void add_up_before(int *count, uint32_t n)
{
    __shared__ int stretch[GK_MOST_THREADS];
    uint32_t each = (n + blockDim.x - 1) / blockDim.x, from = threadIdx.x * each, to = from + each < n ? from + each : n;
    int      sum = 0;

    for (uint32_t b = from; b < to; b++)
        sum += count[b];
    stretch[threadIdx.x] = sum;
    __syncthreads();
    sum = 0;
    for (uint32_t t = 0; t < threadIdx.x; t++)
        sum += stretch[t];
    for (uint32_t b = from; b < to; b++) {
        int here = count[b];
        count[b] = sum;
        sum += here;
    }
    __syncthreads();
}

/* Rows in ascending order of their keys; of equal ones the smaller number first. */
static __device__ void sort_bucket(int32_t *row, int n, const uint64_t *key)
{
    for (int i = 1; i < n; i++) {
        int32_t moved = row[i];
        int     at = i;
        for (; at > 0 && (key[row[at - 1]] > key[moved] || (key[row[at - 1]] == key[moved] && row[at - 1] > moved)); at--)
            row[at] = row[at - 1];
        row[at] = moved;
    }
}

/* A block for each replica whose epoch begins sorts its rows by new keys.  Keys are evenly spread, so buckets have few of them
 * each; threads put rows into a bucket in any order, and the order comes when it is sorted. */
static __global__ void make_order(const gk_tick *tick, int64_t *epoch, const gk_device_rows *rows, const uint64_t *seed,
                                  const int64_t *step, int64_t batch, uint64_t *key, int32_t *order, int64_t most)
{
    __shared__ int end[GK_MOST_BUCKET];    /* counts, then where buckets begin, then where they end */
    int64_t  r = blockIdx.y, n = rows[r].n, now = n > 0 ? *step / ((n + batch - 1) / batch) : 0;
    uint32_t n_bucket = n < (int64_t)GK_MOST_BUCKET ? (uint32_t)n : (uint32_t)GK_MOST_BUCKET;

    if (!tick[r].ordered || epoch[r] == now)
        return;
    key += r * most;
    order += r * most;
    for (uint32_t b = threadIdx.x; b < n_bucket; b += blockDim.x)
        end[b] = 0;
    __syncthreads();
    for (int64_t i = threadIdx.x; i < n; i += blockDim.x) {
        key[i] = gk_philox_order_key(seed[r], GK_RNG_BATCH, (uint64_t)now, (uint64_t)i);
        atomicAdd(&end[bucket_of(key[i], n_bucket)], 1);
    }
    __syncthreads();
    add_up_before(end, n_bucket);
    for (int64_t i = threadIdx.x; i < n; i += blockDim.x)
        order[atomicAdd(&end[bucket_of(key[i], n_bucket)], 1)] = (int32_t)i;
    __syncthreads();
    for (uint32_t b = threadIdx.x; b < n_bucket; b += blockDim.x) {
        int begin = b > 0 ? end[b - 1] : 0;
        sort_bucket(order + begin, end[b] - begin, key);
    }
    if (threadIdx.x == 0)
        epoch[r] = now;
}

void gk_cuda_order(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    if (engine->order)
        GK_LAUNCH_BLOCKS(make_order, gk_grid(1, n_replica), GK_MOST_THREADS, engine->device.stream, engine->tick + slot,
                         engine->epoch + slot, engine->rows + GK_TRAIN_ROWS * engine->problem.n_replica + slot,
                         engine->seed + slot, engine->step, engine->problem.update.batch, engine->key,
                         engine->order + slot * engine->most_train, engine->most_train);
}

/* Where choose_rows puts what it finds, all [replica][n_row]. */
typedef struct chosen { int32_t *item, *label, *row; double *weight[GK_N_TERM]; int64_t n_row, first; } chosen;

/* Row i of the tile; behind the last row of a replica some item, with weight 0: that of its first row, or if it has none (of a
 * subclass that others have) item 0.  tick: of a batch, else NULL. */
static __global__ void choose_rows(chosen to, const gk_device_rows *all, const gk_tick *tick, const int32_t *order, int64_t most,
                                   bool training)
{
    int64_t i = gk_element(), r = blockIdx.y, at = to.first + i;
    if (i >= to.n_row)
        return;
    gk_device_rows rows = all[r];
    int64_t begin = tick ? tick[r].begin : 0, count = tick ? tick[r].count : rows.n;
    bool    valid = at < count, some = rows.n > 0;
    int64_t row = !valid ? 0 : tick && tick[r].ordered ? order[r * most + begin + at] : at;
    int64_t out = r * to.n_row + i;
    to.row[out] = (int32_t)row;
    to.item[out] = some ? rows.item[row] : 0;
    to.label[out] = some ? rows.label[row] : 0;
    for (int term = 0; term < GK_N_TERM; term++) {
        double weight = !some || !rows.terms ? 1 : rows.terms[row] >> term & 1 ? rows.term_scale[term] : 0;
        if (!training && term == GK_TERM_TARGET && !rows.target)
            weight = 0;
        to.weight[term][out] = valid ? (training ? weight / (double)count : weight) : 0;
    }
}

static __global__ void gather_index(const int32_t *from, gk_index to, const int32_t *item, uint32_t n_row, gk_divisor size)
{
    uint32_t i = (uint32_t)gk_element(), row = gk_quotient(i, size);
    if (row < n_row)
        to.at[blockIdx.y * to.step + i] = from[(int64_t)item[(int64_t)blockIdx.y * n_row + row] * size.d + (i - row * size.d)];
}

/* The reals that a row brings with it: n_target, of which those of one leaf begin at `offset`. */
static __global__ void gather_target(const gk_device_rows *all, gk_span to, const int32_t *row, uint32_t n_row, gk_divisor size,
                                     int64_t n_target, int64_t offset)
{
    uint32_t       i = (uint32_t)gk_element(), at = gk_quotient(i, size);
    const gk_real *from = all[blockIdx.y].n > 0 ? all[blockIdx.y].target : NULL;
    if (at < n_row)
        gk_full_of(to)[i] = from ? from[row[(int64_t)blockIdx.y * n_row + at] * n_target + offset + (i - at * size.d)] : 0;
}

static void gather_leaf(gk_cuda *engine, const gk_work *work, const gk_tile *tile, const gk_node *node)
{
    int64_t      n = tile->n_row * node->size, n_target = engine->graph->n_target_real;
    dim3         grid = gk_element_grid(n, tile->n_replica);
    cudaStream_t stream = engine->device.stream;
    const gk_device_rows *rows = engine->rows + tile->set * engine->problem.n_replica + tile->slot;
    gk_divisor   size = gk_divisor_of(node->size);

    if (node->op == GK_OP_INPUT_INDEX)
        GK_LAUNCH_ELEMENTS(gather_index, grid, stream, engine->leaf_index[node->id], engine->index[node->id], engine->item,
                           (uint32_t)tile->n_row, size);
    if (node->op == GK_OP_INPUT_INDEX && engine->n_value[node->id] > 0 && work->training)
        gk_cuda_invert(engine, node, tile);
    if (node->op == GK_OP_INPUT_REAL)
        gk_cuda_kernels(engine->narrow, node)->gather(work, node, engine->leaf_real[node->id], engine->item);
    if (node->op == GK_OP_TARGET)
        GK_LAUNCH_ELEMENTS(gather_target, grid, stream, rows, engine->data[node->id], engine->row, (uint32_t)tile->n_row, size,
                           n_target, node->target);
}

void gk_cuda_fetch(gk_cuda *engine, const gk_work *work, const gk_tile *tile)
{
    chosen to = { engine->item, engine->label, engine->row, { engine->weight[0], engine->weight[1] }, tile->n_row, tile->first };
    const gk_device_rows *rows = engine->rows + tile->set * engine->problem.n_replica + tile->slot;

    GK_LAUNCH_ELEMENTS(choose_rows, gk_element_grid(tile->n_row, tile->n_replica), engine->device.stream, to, rows,
                       tile->is_batch ? engine->tick + tile->slot : NULL,
                       engine->order ? engine->order + tile->slot * engine->most_train : NULL, engine->most_train,
                       work->training);
    for (int i = 0; i < engine->graph->n_node; i++)
        if (engine->graph->node[i]->used && !gk_is_op(engine->graph->node[i]))
            gather_leaf(engine, work, tile, engine->graph->node[i]);
}

/* --- the row-rate nodes -------------------------------------------------------------------------------------------------- */

static bool has_targets(const gk_cuda *engine, int set)
{
    for (int64_t r = 0; r < engine->problem.n_replica; r++)
        if (engine->problem.rows[set][r].target)
            return true;
    return false;
}

/* In evaluation a loss sums what it counts; in training its forward has nothing to do.  Without targets a KL term is left out. */
static bool forward_is_due(const gk_cuda *engine, const gk_node *node, const gk_work *work, int set)
{
    if (!node->used || !gk_is_op(node) || node->rate != GK_ROW_RATE)
        return false;
    for (int i = 0; i < engine->graph->n_loss; i++)
        if (node == engine->graph->loss[i])
            return work->sums && (i == 0 || has_targets(engine, set));
    return true;
}

void gk_cuda_rows(gk_cuda *engine, gk_work *work, const gk_tile *tile)
{
    const gk_graph *graph = engine->graph;

    if (!gk_same_tile(tile, &engine->resident))
        gk_cuda_fetch(engine, work, tile);
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        if (!forward_is_due(engine, node, work, tile->set))
            continue;
        gk_cuda_round_sources(engine, work, node);
        gk_cuda_kernels(engine->narrow, node)->forward[node->op](work, node);
    }
    for (int i = graph->n_node - 1; !work->sums && i >= 0; i--) {
        const gk_node *node = graph->node[i];
        if (!node->used || !gk_is_op(node) || node->rate != GK_ROW_RATE || !node->needs_grad)
            continue;
        gk_join(work, node);
        gk_cuda_kernels(engine->narrow, node)->backward[node->op](work, node);
    }
    gk_join(work, NULL);
}

}
