/* resident.cu -- small fully connected networks that are trained without leaving a multiprocessor's shared memory.
 *
 * A block keeps the parameters of one replica, their gradient, and the activations of a tile of rows in shared memory and makes
 * many updates; moments stay in the arenas, which the second-level cache holds.  Blocks count together which stretch of updates
 * of which replica is next, so that all are busy to the end; a replica's stretches follow each other, and where they are cut
 * changes no bit.  Products are exact ones, whatever precision was asked for: rounding their inputs would save nothing here. */
#include "resident.h"
#include "graph/activation.h"

namespace GK_REALS {

/* Updates of a stretch, so that each block has some N_TURN of them; and whose rates are worked out at once. */
static const int64_t LEAST_STRETCH = 8, MOST_STRETCH = 50, N_TURN = 16;
enum { N_DESCENT = 32 };

/* Of a launch: replicas from the wave's first on. */
typedef struct job {
    const gk_update      *update;
    const gk_hyper       *hyper;
    const gk_seen        *seen;
    const gk_device_rows *rows;
    const double         *scalar, *weight;
    const int32_t        *label;
    gk_span               x, target;
    int                   x_width, target_width;    /* reals from row to row there */
    gk_real              *param, *arena[GK_N_ARENA];
    int64_t               p, n_row, step, n;
    int                   n_replica, n_sphere, n_scalar;
    int64_t               stretch;
} job;

/* --- rows ----------------------------------------------------------------------------------------------------------------- */

/* The replica's rows [first, first + n_row) and, up to `most`, the last one again, with weight 0. */
static __device__ void load_rows(const gk_network *net, const job *j, gk_real *s, int64_t replica, int first, int n_row, int most)
{
    int            n_in = net->layers[0].n_in, stride = net->layers[0].in_stride;
    int            n_out = net->layers[net->n_layer - 1].n_out, out_stride = net->layers[net->n_layer - 1].out_stride;
    const gk_real *x = (const gk_real *)j->x.at + replica * j->x.step;
    const gk_real *target = (const gk_real *)j->target.at + replica * j->target.step;
    const int32_t *label = j->label + replica * j->n_row;
    int            target_width = j->target_width;
    const double  *weight = j->weight + replica * j->n_row;

    for (int i = (int)threadIdx.x; i < most * n_in; i += GK_TILE_THREADS) {
        int row = i / n_in, from = first + (row < n_row ? row : n_row - 1);
        s[net->layers[0].in + row * stride + i % n_in] = x[from * j->x_width + i % n_in];
    }
    for (int i = (int)threadIdx.x; i < most * n_out; i += GK_TILE_THREADS) {
        int row = i / n_out, column = i % n_out, from = first + (row < n_row ? row : n_row - 1);
        s[net->target + row * out_stride + column] = net->wanted ? target[from * target_width + column] : label[from] == column;
    }
    for (int row = (int)threadIdx.x; row < most; row += GK_TILE_THREADS)
        s[net->scale + row] = row < n_row ? (gk_real)(2 / (double)n_out * weight[first + row]) : 0;
}

/* --- layers --------------------------------------------------------------------------------------------------------------- */

#define EACH_TILE(n_tile) for (int tile = (int)threadIdx.x; tile < (n_tile); tile += GK_TILE_THREADS)

template <typename F> static __device__ __forceinline__ void each_four(gk_real *y, int stride, int n, F f)
{
    GK_UNROLL_BY(1)
    for (int i = 0; i < n; i++, y += stride) {
        gk_real4 a = gk_tile_four(y);
        *(gk_real4 *)y = { f(a.x), f(a.y), f(a.z), f(a.w) };
    }
}

/* n rows of four sums x + b become activations. */
static __device__ void activate(const gk_layer *l, gk_real *y, int n)
{
    gk_real slope = l->slope;
    switch (l->activation) {
#define ACTIVATION(constant, name, option, reads, meaning)                                                       \
    case constant:                                                                                               \
        each_four(y, l->out_stride, n, [slope](gk_real x) { return gk_act_##name(x, slope); });                  \
        break;
#include "graph/activations.def"
#undef ACTIVATION
    case GK_N_ACTIVATION:
        break;
    }
}

template <int H> static __device__ void forward(const gk_layer *l, gk_real *s, int n_row)
{
    int n_column = (l->n_out + 3) / 4;

    EACH_TILE(n_row / H * n_column) {
        int      row = tile / n_column * H, column = 4 * (tile % n_column);
        gk_real  sum[H][4], *y = s + l->out + row * l->out_stride + column;
        gk_real4 b = { 0, 0, 0, 0 };
        if (l->bias >= 0)
            b = gk_tile_four(s + l->bias + column);
        GK_UNROLL
        for (int i = 0; i < H; i++)
            sum[i][0] = b.x, sum[i][1] = b.y, sum[i][2] = b.z, sum[i][3] = b.w;
        gk_tile_product<H>(sum, s + l->in + row * l->in_stride, l->in_stride, s + l->weight + column, l->out_stride,
                           (l->n_in + 3) / 4 * 4);
        GK_UNROLL
        for (int i = 0; i < H; i++) {
            gk_real4 four = { sum[i][0], sum[i][1], sum[i][2], sum[i][3] };
            *(gk_real4 *)(y + i * l->out_stride) = four;
            if (l->source != l->out)
                *(gk_real4 *)(y + l->source - l->out + i * l->out_stride) = four;
        }
        if (l->activation != GK_IDENTITY)
            activate(l, y, H);
    }
}

/* Gradient of the weights and the bias of a layer, from those of its sums, which stand in place of its results. */
template <int H> static __device__ void weigh(const gk_network *net, const gk_layer *l, gk_real *s, int n_row, bool accumulate)
{
    int n_column = (l->n_out + 3) / 4;

    EACH_TILE((l->n_in + H - 1) / H * n_column) {
        int      row = tile / n_column * H, column = 4 * (tile % n_column);
        gk_real  sum[H][4] = {}, total[4] = {}, *to = s + net->n_param + l->weight + row * l->out_stride + column;
        bool     totals = row == 0 && l->bias >= 0;
        gk_tile_product_at<H>(sum, total, totals, s + l->in + row, l->in_stride, s + l->out + column, l->out_stride, n_row);
        GK_UNROLL
        for (int i = 0; i < H; i++)
            if (row + i < l->n_in)
                gk_tile_put(to + i * l->out_stride, sum[i], accumulate);
        if (totals)
            gk_tile_put(s + net->n_param + l->bias + column, total, accumulate);
    }
}

template <typename F>
static __device__ __forceinline__ void each_at(gk_real *to, const gk_real *from, int stride, int step, int n, F f)
{
    GK_UNROLL_BY(1)
    for (int i = 0; i < n; i++, to += stride, from += stride)
        GK_UNROLL
        for (int j = 0; j < 4; j++)
            to[j * step] = f(from[j * step]);
}

/* n rows of four results, `step` apart, become the slopes there. */
static __device__ void take_slopes(const gk_layer *l, gk_real *y, int step, int n)
{
    const gk_real *from = y + l->source - l->out, slope = l->slope;
    switch (l->activation) {
#define ACTIVATION(constant, name, option, reads, meaning)                                                               \
    case constant:                                                                                                       \
        each_at(y, from, l->out_stride, step, n, [slope](gk_real x) { return gk_act_##name##_slope(x, slope); });        \
        break;
#include "graph/activations.def"
#undef ACTIVATION
    case GK_N_ACTIVATION:
        break;
    }
}

/* In place of the results of a layer, the gradient of its sums, from that of the layer above. */
template <int H> static __device__ void backward(const gk_layer *l, const gk_layer *above, gk_real *s, int n_row)
{
    int step = (l->n_out + 3) / 4;

    EACH_TILE(n_row / H * step) {
        int      row = tile / step * H, column = tile % step, stride = above->out_stride;
        gk_real  sum[H][4] = {}, *y = s + l->out + row * l->out_stride + column;
        take_slopes(l, y, step, H);
        gk_tile_product_bt<H>(sum, s + above->out + row * stride, stride, s + above->weight + column * stride, stride, step,
                              (above->n_out + 3) / 4 * 4);
        GK_UNROLL
        for (int i = 0; i < H; i++)
            GK_UNROLL
            for (int j = 0; j < 4; j++)
                y[i * l->out_stride + j * step] *= sum[i][j];
    }
}

/* Half the gradient of the squared error at the outputs, in their place, times what load_rows says. */
static __device__ void take_errors(const gk_network *net, gk_real *s, int n_row)
{
    const gk_layer *l = &net->layers[net->n_layer - 1];
    int          n_column = (l->n_out + 3) / 4;

    EACH_TILE(n_row * n_column) {
        int      row = tile / n_column, at = row * l->out_stride + 4 * (tile % n_column);
        gk_real4 y = gk_tile_four(s + l->out + at), t = gk_tile_four(s + net->target + at);
        gk_real  scale = s[net->scale + row];
        *(gk_real4 *)(s + l->out + at) = { scale * (y.x - t.x), scale * (y.y - t.y), scale * (y.z - t.z), scale * (y.w - t.w) };
    }
}

/* Gradient of the mean error over a tile of rows, a multiple of GK_TILE_TALL; or added to that of the tiles before. */
static __device__ void pass_rows(const gk_network *net, gk_real *s, int n_row, bool accumulate)
{
    for (int i = 0; i < net->n_layer; i++) {
        const gk_layer *l = &net->layers[i];
        if (gk_tile_is_tall(n_row, l->n_out))
            forward<GK_TILE_TALL>(l, s, n_row);
        else
            forward<1>(l, s, n_row);
        __syncthreads();
    }
    take_errors(net, s, n_row);
    __syncthreads();
    for (int i = net->n_layer - 1; i >= 0; i--) {
        const gk_layer *l = &net->layers[i];
        if (gk_tile_is_tall(l->n_in, l->n_out))
            weigh<GK_TILE_TALL>(net, l, s, n_row, accumulate);
        else
            weigh<1>(net, l, s, n_row, accumulate);
        __syncthreads();
        if (i == 0)
            return;
        if (gk_tile_is_tall(n_row, l->n_in))
            backward<GK_TILE_TALL>(l - 1, l, s, n_row);
        else
            backward<1>(l - 1, l, s, n_row);
        __syncthreads();
    }
}

/* --- the update ----------------------------------------------------------------------------------------------------------- */

#define EACH_FOUR(net) for (int at = (int)threadIdx.x; at < (net)->n_four; at += GK_TILE_THREADS)

/* The fours at this place of the table; behind its end, none. */
static __device__ __forceinline__ gk_four four_at(const gk_network *net, int at)
{
    gk_four none = { 0, 0, 0, 0, 0 };
    return at < net->n_four ? net->fours[at] : none;
}

/* What a thread has fetched for the four that are next, while it moves others. */
typedef struct fetched { gk_four of; gk_real slot1[4], slot2[4]; } fetched;

static __device__ __forceinline__ fetched fetch(gk_four of, const gk_real *slot1, const gk_real *slot2)
{
    fetched f = { of, { 0 }, { 0 } };
    if (slot1)
        gk_load_four(f.slot1, slot1 + of.arena, of.n);
    if (slot2)
        gk_load_four(f.slot2, slot2 + of.arena, of.n);
    return f;
}

/* One step of all parameters; slots NULL: the optimiser has none.  What comes from the arenas is fetched one turn ahead. */
template <int optimizer>
static __device__ void move(const gk_network *net, const gk_descent *d, gk_real *s, gk_real *slot1, gk_real *slot2,
                            const gk_real *initial)
{
    constexpr bool has_slots = gk_slot_arena(optimizer, 0) != GK_ARENA_none;
    bool           follows = !has_slots || slot1;    /* else the direction is the gradient */
    fetched        next = fetch(four_at(net, (int)threadIdx.x), slot1, slot2);
    gk_four          after = four_at(net, (int)threadIdx.x + GK_TILE_THREADS);

    EACH_FOUR(net) {
        fetched f = next;
        gk_real param[4], g[4], first[4] = { 0 };
        next = fetch(after, slot1, slot2);
        after = four_at(net, at + 2 * GK_TILE_THREADS);
        gk_load_four(param, s + f.of.at, f.of.n);
        gk_load_four(g, s + net->n_param + f.of.at, f.of.n);
        if (d->decay == GK_DECAY_INIT)
            gk_load_four(first, initial + f.of.arena, f.of.n);
        GK_UNROLL
        for (int k = 0; k < 4; k++) {
            gk_decay(d, first[k], 1, &param[k], &g[k]);
            param[k] -= d->rate * (follows ? gk_direction_of<optimizer>(&d->pace, g[k], &f.slot1[k], &f.slot2[k]) : g[k]);
        }
        gk_store_four(s + f.of.at, param, f.of.n);
        if (slot1)
            gk_store_four(slot1 + f.of.arena, f.slot1, f.of.n);
        if (slot2)
            gk_store_four(slot2 + f.of.arena, f.slot2, f.of.n);
    }
}

/* A replica's reals of an arena; NULL if there is no such arena. */
static __device__ gk_real *arena_of(const job *j, int kind, int64_t replica)
{
    return kind != GK_ARENA_none && j->arena[kind] ? j->arena[kind] + replica * j->p : NULL;
}

static __device__ void descend(const gk_network *net, const job *j, const gk_descent *shared, gk_real *s, int64_t replica)
{
    const gk_descent d = *shared;

    switch (j->update->optimizer) {
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning)                                       \
    case GK_OPTIM_##name:                                                                                                        \
        move<GK_OPTIM_##name>(net, &d, s, arena_of(j, GK_ARENA_##slot1, replica), arena_of(j, GK_ARENA_##slot2, replica),        \
                              arena_of(j, GK_ARENA_INIT, replica));                                                              \
        break;
#include "graph/optim.def"
#undef OPTIM
    case GK_N_OPTIM:
        break;
    }
}

/* theta *= target / |theta| (Liu et al. 2022) on every sphere.  A thread visits the fours that it moves. */
static __device__ void constrain(const gk_network *net, const job *j, gk_real *s, int64_t replica, double *part)
{
    for (int sphere = 0; sphere < j->n_sphere; sphere++) {
        gk_real four[4], mine = 0;
        double  square = 0;
        EACH_FOUR(net) {
            gk_four of = net->fours[at];
            gk_load_four(four, s + of.at, of.sphere == sphere ? of.n : 0);
            mine += (gk_real)of.weight * (four[0] * four[0] + four[1] * four[1] + (four[2] * four[2] + four[3] * four[3]));
        }
        double warp = gk_warp_sum((double)mine);
        if (gk_lane() == 0)
            part[threadIdx.x / GK_WARP] = warp;
        __syncthreads();
        for (int i = 0; i < GK_TILE_THREADS / GK_WARP; i++)
            square += part[i];
        __syncthreads();
        gk_real scale = square > 0 ? (gk_real)(j->scalar[replica * j->n_scalar + sphere] / sqrt(square)) : 1;
        EACH_FOUR(net) {
            gk_four of = net->fours[at];
            gk_load_four(four, s + of.at, of.n);
            for (int k = 0; k < 4; k++)
                four[k] *= scale;
            if (of.sphere == sphere)
                gk_store_four(s + of.at, four, of.n);
        }
    }
}

/* --- a block -------------------------------------------------------------------------------------------------------------- */

/* Updates [begin, end) of a launch. */
static __device__ void train(const gk_network *net, const job *j, gk_real *s, int64_t replica, int64_t begin, int64_t end)
{
    __shared__ gk_descent descent[N_DESCENT];
    __shared__ double     part[GK_TILE_THREADS / GK_WARP];
    int n = (int)j->rows[replica].n, n_tile = (n + net->room - 1) / net->room;
    int each = ((n + n_tile - 1) / n_tile + GK_TILE_TALL - 1) / GK_TILE_TALL * GK_TILE_TALL;

    for (int64_t u = begin; u < end; u++) {
        int ahead = (int)(u - begin) % N_DESCENT;
        if (ahead == 0 && threadIdx.x < N_DESCENT)
            descent[threadIdx.x] = gk_descent_of(j->update, &j->hyper[replica], j->step + u + threadIdx.x,
                                                 j->seen[replica].updates[GK_SEEN_OPTIMIZER]);
        for (int first = 0; first < n; first += each) {
            int n_row = n - first < each ? n - first : each, most = (n_row + GK_TILE_TALL - 1) / GK_TILE_TALL * GK_TILE_TALL;
            if (n_tile > 1 || u == begin) {
                load_rows(net, j, s, replica, first, n_row, most);
                __syncthreads();
            }
            pass_rows(net, s, most, first > 0);
        }
        if (j->update->projection == GK_PROJECT_BETWEEN)
            constrain(net, j, s, replica, part);
        descend(net, j, &descent[ahead], s, replica);
        if (j->update->projection == GK_PROJECT_AFTER)
            constrain(net, j, s, replica, part);
        __syncthreads();
    }
}

static __device__ void load_parameters(const gk_network *net, gk_real *s, const gk_real *param)
{
    gk_real four[4];
    EACH_FOUR(net) {
        gk_four of = net->fours[at];
        gk_load_four(four, param + of.arena, of.n);
        gk_store_four(s + of.at, four, of.n);
    }
}

static __device__ void save_parameters(const gk_network *net, const gk_real *s, gk_real *param)
{
    gk_real four[4];
    EACH_FOUR(net) {
        gk_four of = net->fours[at];
        gk_load_four(four, s + of.at, of.n);
        gk_store_four(param + of.arena, four, of.n);
    }
}

/* Until all stretches of all replicas are begun: the next one, as soon as the replica has those before behind it (which a block
 * at work has begun, so that nobody waits for ever). */
static __global__ void __launch_bounds__(GK_TILE_THREADS, 1) train_resident(gk_network net, job j)
{
    GK_DYNAMIC_SHARED(gk_real, s);
    __shared__ int item;
    int            n_item = (int)((j.n + j.stretch - 1) / j.stretch) * j.n_replica;

    for (int i = (int)threadIdx.x; i < net.n_byte / (int)sizeof(gk_real); i += GK_TILE_THREADS)
        s[i] = 0;
    for (;;) {
        __syncthreads();
        if (threadIdx.x == 0)
            item = atomicAdd(net.next, 1);
        __syncthreads();
        int     replica = item % j.n_replica, stretch = item / j.n_replica;
        int64_t begin = stretch * j.stretch, end = begin + j.stretch < j.n ? begin + j.stretch : j.n;
        if (item >= n_item)
            return;
        if (threadIdx.x == 0) {
            while (*(volatile int32_t *)&net.done[replica] < stretch)
                continue;
            __threadfence();
        }
        __syncthreads();
        load_parameters(&net, s, j.param + replica * j.p);
        train(&net, &j, s, replica, begin, end);
        save_parameters(&net, s, j.param + replica * j.p);
        __threadfence();
        __syncthreads();
        if (threadIdx.x == 0)
            *(volatile int32_t *)&net.done[replica] = stretch + 1;
    }
}

/* --- launches ------------------------------------------------------------------------------------------------------------- */

static int attribute_of_device(cudaDeviceAttr attribute)
{
    int device = 0, value = 0;
    cudaGetDevice(&device);
    cudaDeviceGetAttribute(&value, attribute, device);
    return value;
}

int64_t gk_cuda_resident_bytes(void)
{
    const int64_t own = N_DESCENT * (int64_t)sizeof(gk_descent) + GK_TILE_THREADS / GK_WARP * 8 + 64;
    return attribute_of_device(cudaDevAttrMaxSharedMemoryPerBlockOptin) - own;
}

int gk_cuda_resident_blocks(int n_byte)
{
    int each = 0;
    /* as much as there is: it is one number for all engines */
    cudaFuncSetAttribute(train_resident, cudaFuncAttributeMaxDynamicSharedMemorySize, (int)gk_cuda_resident_bytes());
    cudaOccupancyMaxActiveBlocksPerMultiprocessor(&each, train_resident, GK_TILE_THREADS, (size_t)n_byte);
    return each * attribute_of_device(cudaDevAttrMultiProcessorCount);
}

/* With no more replicas than blocks, all n updates at once. */
static int64_t stretch_of(int64_t n, int64_t n_replica, int64_t n_block)
{
    int64_t stretch = n * n_replica / (N_TURN * n_block);
    if (n_replica <= n_block || n > INT32_MAX / n_replica)
        return n;
    return stretch < LEAST_STRETCH ? LEAST_STRETCH : stretch > MOST_STRETCH ? MOST_STRETCH : stretch;
}

void gk_cuda_train_resident(gk_cuda *engine, const gk_work *work, int64_t slot, int64_t step, int64_t n)
{
    const gk_network *net = engine->network;
    gk_span none = { NULL, 0 };
    int64_t n_replica = work->n_replica, p = engine->graph->n_param_real, n_block = net->n_block;
    job     j = { engine->update, engine->hyper + slot, engine->seen + slot,
                  engine->rows + GK_TRAIN_ROWS * engine->problem.n_replica + slot,
                  engine->scalar + slot * engine->n_scalar, work->weight[GK_TERM_LABEL], work->label,
                  work->data[net->x->id], net->wanted ? work->data[net->wanted->id] : none,
                  (int)gk_width(work, net->x), net->wanted ? (int)gk_width(work, net->wanted) : 0, gk_param_of(engine, slot),
                  {}, p,
                  work->n_row, step, n, (int)n_replica, engine->n_sphere, engine->n_scalar, stretch_of(n, n_replica, n_block) };

    for (int kind = 0; kind < GK_N_ARENA; kind++)
        j.arena[kind] = engine->depth[kind] == 1 ? engine->arena[kind] + slot * p : NULL;
    cudaMemsetAsync(net->next, 0, (size_t)(1 + n_replica) * sizeof(int32_t), engine->device.stream);
    GK_LAUNCH_EXACT(train_resident, gk_grid(n_block < n_replica ? n_block : n_replica, 1), GK_TILE_THREADS, net->n_byte,
                    engine->device.stream, *net, j);
}

}
