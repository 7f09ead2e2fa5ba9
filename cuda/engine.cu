/* engine.cu -- the CUDA backend: its memory and its arenas. */
#include "engine.h"
#include "padding.h"
#include "graph/formula.h"

#include <map>
#include <stdlib.h>

namespace GK_REALS {

/* cuBLAS's own, so that it allocates nothing while an update is captured; most replicas of a launch; rows worth a tile. */
static const int64_t GK_BLAS_BYTES = 64 << 20, GK_MOST_WAVE = 65535, GK_EVAL_ROWS = 4096, GK_ROW_ALIGN = 16;

/* Bytes of everything: the same for opening and for foretelling memory. */
typedef struct gk_sizes {
    int64_t depth[GK_N_ARENA], batch_rows, most_train, most_rows, row_aux, step_aux, index_width, inverted, n_value;
    int64_t columns_row, columns_once, widest;    /* see gk_cuda_columns; reals of the largest node */
    int64_t row_bytes, staged;    /* data and gradients of a row, with pads; reals of the copies of weights */
    gk_scratch scratch;
    int64_t resident, wave, row, shared;    /* of a replica, of a replica at work, of one of its rows, of all */
    int     n_chunk, n_scalar;
    bool    ordered, noisy, narrow;
} gk_sizes;

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* How nodes and copies of weights stand. */
static void add_places(const gk_problem *problem, gk_sizes *s)
{
    const gk_graph        *graph = problem->graph;
    size_t                 n = (size_t)graph->n_node;
    std::vector<int64_t>   width(n), offset(n);
    std::vector<gk_staged> staged(n);
    std::vector<gk_stored> stored(n);

    gk_find_widths(graph, s->narrow, width.data());
    int64_t row_place = gk_lay_out_rows(graph, width.data(), offset.data());
    s->row_bytes = (gk_cuda_store(graph, s->narrow, width.data(), stored.data()) + row_place) *
                   gk_cell_bytes(s->narrow);
    if (gk_stages(problem->product, problem->n_replica))
        s->staged = gk_find_staged(graph, s->narrow, width.data(), staged.data());
    for (size_t i = 0; i < n; i++)
        if (graph->node[i]->used)
            s->widest = larger(s->widest, graph->node[i]->size / gk_last_dim(graph->node[i]) * width[i]);
}

static void add_nodes(const gk_graph *graph, gk_sizes *s)
{
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        if (!node->used)
            continue;
        *(node->rate == GK_ROW_RATE ? &s->row_aux : &s->step_aux) += gk_cuda_aux(node);
        gk_cuda_columns(node, &s->columns_row, &s->columns_once);
        gk_scratch scratch = gk_cuda_kernels(s->narrow, node)->scratch[node->op](node);
        s->scratch.per_row += scratch.per_row;
        s->scratch.once += scratch.once;
        s->columns_once = larger(s->columns_once, scratch.moment);
        if (node->op != GK_OP_INPUT_INDEX)
            continue;
        int64_t n_value = gk_cuda_n_value(graph, node);
        s->index_width += node->size;
        s->inverted += n_value > 0 ? node->size : 0;
        s->n_value += n_value > 0 ? n_value + 1 : 0;
        if (n_value > 0) {
            s->columns_row = larger(s->columns_row, node->size);
            s->columns_once = larger(s->columns_once, n_value);
        }
    }
}

static gk_sizes sizes_of(const gk_problem *problem)
{
    const gk_graph *graph = problem->graph;
    gk_sizes s = {};
    int64_t  real = (int64_t)sizeof(gk_real), depth = 0, batch = problem->update.batch;
    int      n_live;

    gk_problem_depths(problem, s.depth);
    for (int kind = 0; kind < GK_N_ARENA; kind++)
        depth += s.depth[kind];
    for (int set = 0; set < gk_problem_n_set(problem); set++)
        s.most_rows = larger(s.most_rows, gk_problem_most_rows(problem, set));
    s.most_train = gk_problem_most_rows(problem, GK_TRAIN_ROWS);
    s.ordered = batch > 0 && batch < s.most_train;
    s.batch_rows = larger(s.ordered ? batch : s.most_train, 1);
    for (int64_t r = 0; r < problem->n_replica; r++)
        s.noisy = s.noisy || problem->hyper[r].weight_noise > 0;
    s.n_chunk = gk_problem_chunks(graph, &problem->update, NULL, &n_live);
    s.n_scalar = gk_problem_n_scalar(graph, &problem->update);
    s.narrow = gk_cuda_is_narrow(problem);
    add_places(problem, &s);
    add_nodes(graph, &s);

    s.resident = depth * graph->n_param_real * real + (s.ordered ? s.most_train * 4 : 0) +
                 (int64_t)(sizeof(gk_hyper) + sizeof(gk_tick) + sizeof(gk_seen) + 64) +
                 gk_problem_n_set(problem) * (int64_t)sizeof(gk_device_rows) +
                 gk_problem_n_pace(graph, &problem->update) * (int64_t)(sizeof(gk_hyper) + sizeof(gk_descent)) + s.n_scalar * 8;
    s.wave = (2 * graph->n_step_real - graph->n_param_real + (s.noisy ? graph->n_param_real : 0) + s.step_aux +
              s.columns_once + s.scratch.once + s.staged + gk_problem_whole_reals(graph, &problem->update)) * real +
             s.staged * gk_cell_bytes(s.narrow) + (s.narrow ? graph->n_step_real * gk_cell_bytes(true) : 0) +
             (3 * s.n_chunk + 3 * graph->n_param + GK_N_SUM) * 8 + (s.ordered ? s.most_train * 8 : 0) + s.n_value * 4;
    s.row = s.row_bytes + (s.row_aux + s.columns_row + s.scratch.per_row) * real +
            4 * (3 + s.index_width + s.inverted) + 8 * (GK_N_TERM + GK_N_SUM);
    s.shared = GK_BLAS_BYTES + graph->n_constant_real * (real + (s.narrow ? gk_cell_bytes(true) : 0)) +
               GK_ROW_ALIGN * (s.row_bytes + s.row_aux * real);
    return s;
}

static void cuda_memory(const gk_problem *problem, gk_memory *out)
{
    gk_sizes s = sizes_of(problem);
    out->per_replica_bytes = s.resident + s.wave + s.batch_rows * s.row;
    out->shared_bytes = s.shared;
}

/* --- memory --------------------------------------------------------------------------------------------------------------- */

/* Device memory, freed with the engine; NULL after a message. */
static void *alloc_raw(gk_cuda *engine, int64_t n_bytes, const char *what)
{
    void       *at = NULL;
    cudaError_t status = cudaMalloc(&at, (size_t)(n_bytes > 0 ? n_bytes : 1));

    if (status != cudaSuccess) {
        gk_cuda_error("cannot get %lld bytes of device memory for %s of %lld replicas: %s", (long long)n_bytes, what,
                      (long long)engine->problem.n_replica, cudaGetErrorString(status));
        return NULL;
    }
    engine->allocated->push_back(at);
    return at;
}

void *gk_cuda_alloc(gk_cuda *engine, int64_t n_bytes, const char *what)
{
    void *at = alloc_raw(engine, n_bytes, what);
    if (at && n_bytes > 0)
        cudaMemset(at, 0, (size_t)n_bytes);
    return at;
}

int gk_cuda_check(gk_cuda *engine, const char *what)
{
    cudaError_t status = cudaStreamSynchronize(engine->device.stream), last = cudaGetLastError();
    if (status == cudaSuccess)
        status = last;
    if (status != cudaSuccess)
        return gk_cuda_error("the device failed in %s: %s", what, cudaGetErrorString(status));
    if (engine->device.blas_status != 0)
        return gk_cuda_error("a matrix product failed in %s: cuBLAS status %d", what, engine->device.blas_status);
    return 0;
}

/* Bytes that may be used: nine tenths of what is free, or $GK_CUDA_BYTES. */
static int64_t budget(void)
{
    size_t      n_free = 0, n_all = 0;
    const char *given = getenv("GK_CUDA_BYTES");
    cudaMemGetInfo(&n_free, &n_all);
    return given && atoll(given) > 0 ? atoll(given) : (int64_t)(n_free / 10 * 9);
}

/* How many replicas, and rows of each, are worked on at once: whole batches of all replicas if there is room, then of fewer
 * replicas.  Rows are cut only where one replica's do not fit, since that changes the order of sums. */
static int choose_wave(gk_cuda *engine, const gk_sizes *s, int64_t n_data_bytes)
{
    int64_t n = engine->problem.n_replica, room = budget() - s->shared - n_data_bytes;
    int64_t rows = larger(s->batch_rows, s->most_rows < GK_EVAL_ROWS ? s->most_rows : GK_EVAL_ROWS);
    int64_t left = room - n * s->resident, least = s->wave + s->row;

    if (left < least)
        return gk_cuda_error("the device has room for %lld of %lld replicas: %lld bytes are free, and each takes %lld",
                             (long long)(room > least ? (room - least) / s->resident : 0), (long long)n,
                             (long long)larger(room, 0), (long long)s->resident);
    int64_t wave = left / (s->wave + rows * s->row);
    wave = wave < n ? wave : n;
    engine->wave = wave < 1 ? 1 : wave < GK_MOST_WAVE ? wave : GK_MOST_WAVE;
    engine->tile_rows = wave < 1 ? (left - s->wave) / s->row : rows;
    if (engine->tile_rows > INT32_MAX / s->widest)    /* kernels count the reals of a replica's tile in 32 bits */
        engine->tile_rows = INT32_MAX / s->widest;
    engine->row_room = (engine->wave * engine->tile_rows + GK_ROW_ALIGN - 1) / GK_ROW_ALIGN * GK_ROW_ALIGN;
    return engine->tile_rows > 0 ? 0 : gk_cuda_error("a layer has %lld numbers a row", (long long)s->widest);
}

/* --- opening ------------------------------------------------------------------------------------------------------------- */

/* Host arrays that are already on the device: replicas share splits. */
typedef std::map<std::pair<const void *, int64_t>, void *> uploads;

static void *upload(gk_cuda *engine, uploads *known, const void *host, int64_t n_bytes, const char *what)
{
    if (!host)
        return NULL;
    void *&at = (*known)[std::make_pair(host, n_bytes)];
    if (!at && (at = gk_cuda_alloc(engine, n_bytes, what)))
        cudaMemcpy(at, host, (size_t)n_bytes, cudaMemcpyHostToDevice);
    return at;
}

/* Bytes that the rows of all sets take on the device, each array once. */
static int64_t row_bytes(const gk_problem *problem)
{
    std::map<const void *, int64_t> known;
    int64_t n_bytes = 0;
    for (int set = 0; set < gk_problem_n_set(problem); set++)
        for (int64_t r = 0; problem->rows[set] && r < problem->n_replica; r++) {
            const gk_rows *rows = &problem->rows[set][r];
            int64_t target = rows->target ? problem->graph->n_target_real * (int64_t)sizeof(gk_real) : 0;
            int64_t size = rows->n * (8 + target + (rows->terms ? 1 : 0));
            if (rows->item && known[rows->item] < size) {
                n_bytes += size - known[rows->item];
                known[rows->item] = size;
            }
        }
    return n_bytes;
}

static int open_rows(gk_cuda *engine)
{
    const gk_problem *problem = &engine->problem;
    size_t  n = (size_t)problem->n_replica;
    int64_t target_bytes = engine->graph->n_target_real * (int64_t)sizeof(gk_real);
    size_t  n_set = (size_t)gk_problem_n_set(problem);
    uploads known;

    engine->rows_of->resize(n_set * n);
    for (size_t set = 0; set < n_set; set++)
        for (size_t r = 0; problem->rows[set] && r < n; r++) {
            const gk_rows *from = &problem->rows[set][r];
            gk_device_rows to = { from->n, (int32_t *)upload(engine, &known, from->item, from->n * 4, "items"),
                                  (int32_t *)upload(engine, &known, from->label, from->n * 4, "labels"),
                                  (gk_real *)upload(engine, &known, from->target, from->n * target_bytes, "targets"),
                                  (uint8_t *)upload(engine, &known, from->terms, from->n, "terms"),
                                  { from->term_scale[0], from->term_scale[1] } };
            if (from->n > 0 && (!to.item || !to.label || (from->target && !to.target) || (from->terms && !to.terms)))
                return -1;
            (*engine->rows_of)[set * n + r] = to;
        }
    return 0;
}

/* Items that any row names: 0 to this - 1. */
static int64_t n_item_of(const gk_problem *problem)
{
    std::map<const void *, int64_t> seen;
    int64_t n = 0;
    for (int set = 0; set < gk_problem_n_set(problem); set++)
        for (int64_t r = 0; problem->rows[set] && r < problem->n_replica; r++) {
            const gk_rows *rows = &problem->rows[set][r];
            for (int64_t i = seen[rows->item]; i < rows->n; i++)
                n = larger(n, rows->item[i] + (int64_t)1);
            seen[rows->item] = larger(seen[rows->item], rows->n);
        }
    return n;
}

static int open_leaf(gk_cuda *engine, const gk_node *node, int64_t n_item)
{
    int64_t n = node->op == GK_OP_CONST_INDEX ? node->size : n_item * node->size;
    uploads none;

    if (node->op == GK_OP_CONSTANT)
        for (int64_t i = 0; i < node->size; i++) {
            gk_real value = (gk_real)node->constant[i];
            cudaMemcpy(engine->constant + node->offset + i, &value, sizeof value, cudaMemcpyHostToDevice);
        }
    if (node->op == GK_OP_INPUT_REAL) {
        std::vector<gk_real> value((size_t)n);
        for (int64_t i = 0; i < n; i++)
            value[(size_t)i] = gk_input_at(node, i);
        engine->leaf_real[node->id] = (gk_real *)upload(engine, &none, value.data(), n * (int64_t)sizeof(gk_real), "inputs");
        return engine->leaf_real[node->id] ? 0 : -1;
    }
    if (!gk_op_is(node->op, GK_INDEX))
        return 0;
    engine->leaf_index[node->id] = (int32_t *)upload(engine, &none, node->index, n * 4, "indices");
    if (!engine->leaf_index[node->id])
        return -1;
    return gk_cuda_open_index(engine, node, n_item);
}

/* A zeroed array on the host, by node id. */
#define OF_NODES(field) \
    (engine->field = (decltype(engine->field))calloc((size_t)engine->graph->n_node, sizeof *engine->field))

static int open_leaves(gk_cuda *engine)
{
    size_t  n_node = (size_t)engine->graph->n_node;
    int64_t n_item = n_item_of(&engine->problem);

    if (!OF_NODES(leaf_index) || !OF_NODES(leaf_real) || !OF_NODES(constant_inverse) || !OF_NODES(n_value) ||
        !OF_NODES(finisher) || !OF_NODES(adder) || !OF_NODES(gatherer) || !OF_NODES(mates) || !OF_NODES(holder) ||
        !OF_NODES(only) || !OF_NODES(row_grad) || !OF_NODES(aux) || !OF_NODES(scratch) || !OF_NODES(index) || !OF_NODES(inverse))
        return gk_cuda_error("out of memory for %lld nodes", (long long)n_node);
    gk_find_finishers(engine->graph, engine->finisher);
    gk_cuda_leave_biases(engine, engine->finisher);
    gk_find_gatherers(engine->graph, engine->gatherer);
    gk_find_adders(engine->graph, engine->finisher, engine->gatherer, engine->adder);
    gk_find_mates(engine->graph, engine->finisher, engine->mates);
    gk_find_holders(engine->graph, engine->holder);
    for (size_t i = 0; i < n_node; i++)
        if (engine->graph->node[i]->used && open_leaf(engine, engine->graph->node[i], n_item) < 0)
            return -1;
    return 0;
}

#define ALLOCATE(field, type, count, what) \
    (engine->field = (type *)gk_cuda_alloc(engine, (int64_t)(count) * (int64_t)sizeof(type), what))

/* Everything that is counted in replicas. */
static bool open_slots(gk_cuda *engine, const gk_sizes *s)
{
    int64_t n = engine->problem.n_replica;
    bool    done = ALLOCATE(hyper, gk_hyper, n, "hyper-parameters") &&
                   ALLOCATE(pace_hyper, gk_hyper, n * engine->n_pace, "hyper-parameters") &&
                   ALLOCATE(descent, gk_descent, n * engine->n_pace, "rates") && ALLOCATE(seed, uint64_t, n, "seeds") &&
                   ALLOCATE(seen, gk_seen, n, "steps") && ALLOCATE(scalar, double, n * s->n_scalar, "norms") &&
                   ALLOCATE(rows, gk_device_rows, gk_problem_n_set(&engine->problem) * n, "rows") &&
                   ALLOCATE(epoch, int64_t, n, "epochs") &&
                   ALLOCATE(tick, gk_tick, n, "batches") && ALLOCATE(step, int64_t, 1, "the step") &&
                   ALLOCATE(update, gk_update, 1, "the update");

    for (int kind = 0; done && kind < GK_N_ARENA; kind++) {
        engine->depth[kind] = s->depth[kind];
        if (s->depth[kind] > 0)
            done = ALLOCATE(arena[kind], gk_real, n * s->depth[kind] * engine->graph->n_param_real, "parameters");
    }
    if (done && s->ordered)
        done = ALLOCATE(order, int32_t, n * s->most_train, "batch orders");
    return done;
}

/* Everything that is counted in replicas of a wave, and their rows. */
static bool open_wave(gk_cuda *engine, const gk_sizes *s)
{
    const gk_graph *graph = engine->graph;
    int64_t wave = engine->wave, rows = wave * engine->tile_rows;

    return ALLOCATE(grad, gk_real, wave * graph->n_step_real, "gradients") &&
           ALLOCATE(step_data, gk_real, wave * (graph->n_step_real - graph->n_param_real), "activations") &&
           ALLOCATE(noisy, gk_real, s->noisy ? wave * graph->n_param_real : 0, "parameters") &&
           ALLOCATE(step_aux, gk_real, wave * s->step_aux, "activations") &&
           ALLOCATE(row_reals, char, engine->row_room * (s->row_bytes + s->row_aux * (int64_t)sizeof(gk_real)), "activations") &&
           ALLOCATE(columns, gk_real, rows * s->columns_row + wave * s->columns_once, "sums") &&
           ALLOCATE(scratch_reals, gk_real, rows * s->scratch.per_row + wave * s->scratch.once, "activations") &&
           ALLOCATE(item, int32_t, rows, "items") && ALLOCATE(label, int32_t, rows, "labels") &&
           ALLOCATE(row, int32_t, rows, "rows") && ALLOCATE(weight[0], double, rows, "weights") &&
           ALLOCATE(weight[1], double, rows, "weights") && ALLOCATE(sums, double, rows * GK_N_SUM, "sums") &&
           ALLOCATE(total, double, wave * GK_N_SUM, "sums") &&
           ALLOCATE(index_reals, int32_t, rows * (s->index_width + s->inverted) + wave * s->n_value, "indices") &&
           ALLOCATE(key, uint64_t, s->ordered ? wave * s->most_train : 0, "keys") &&
           ALLOCATE(partial, double, wave * 3 * s->n_chunk, "sums") &&
           ALLOCATE(tensor_sum, double, wave * 3 * graph->n_param, "sums") &&
           ALLOCATE(whole, gk_real, wave * engine->n_whole, "whole matrices") &&
           ALLOCATE(constant, gk_real, graph->n_constant_real, "constants");
}

static int open_chunks(gk_cuda *engine, const gk_sizes *s)
{
    std::vector<gk_chunk> chunk((size_t)s->n_chunk);
    engine->n_chunk = gk_problem_chunks(engine->graph, &engine->problem.update, chunk.data(), &engine->n_live);
    engine->on_host = (gk_on_sphere *)calloc((size_t)engine->graph->n_param, sizeof *engine->on_host);
    if (!engine->on_host)
        return gk_cuda_error("out of memory for %d parameters", engine->graph->n_param);
    engine->n_sphere = gk_problem_spheres(engine->graph, &engine->problem.update, engine->on_host);
    engine->n_scalar = s->n_scalar;
    if (!ALLOCATE(chunk, gk_chunk, s->n_chunk, "chunks") || !ALLOCATE(on, gk_on_sphere, engine->graph->n_param, "chunks"))
        return -1;
    cudaMemcpy(engine->on, engine->on_host, (size_t)engine->graph->n_param * sizeof(gk_on_sphere), cudaMemcpyHostToDevice);
    cudaMemcpy(engine->chunk, chunk.data(), chunk.size() * sizeof(gk_chunk), cudaMemcpyHostToDevice);
    cudaMemcpy(engine->update, &engine->problem.update, sizeof(gk_update), cudaMemcpyHostToDevice);
    return gk_cuda_open_pieces(engine, chunk.data());
}

static int open_device(gk_cuda *engine)
{
    void *workspace = alloc_raw(engine, GK_BLAS_BYTES, "matrix products");
    return workspace ? gk_open_device(&engine->device, engine->problem.product, workspace, GK_BLAS_BYTES) : -1;
}

static void cuda_close(gk_engine *opaque)
{
    gk_cuda *engine = (gk_cuda *)opaque;

    if (!engine)
        return;
    cudaDeviceSynchronize();
    gk_cuda_forget_graphs(engine);
    for (size_t i = 0; i < engine->allocated->size(); i++)
        cudaFree((*engine->allocated)[i]);
    gk_close_device(&engine->device);
    delete engine->allocated;
    delete engine->captured;
    delete engine->rows_of;
    for (int i = 0; engine->only && i < engine->graph->n_node; i++)
        free(engine->only[i]);
    void *kept[] = { engine->replica_in, engine->leaf_index, engine->leaf_real, engine->constant_inverse, engine->n_value,
                     engine->only, engine->data, engine->row_grad, engine->aux, engine->scratch, engine->index, engine->inverse,
                     engine->on_host, engine->network, engine->finisher, engine->adder, engine->gatherer, engine->mates,
                     engine->holder, engine->width, engine->row_offset, engine->staged, engine->staging, engine->stored,
                     engine->narrow ? engine->operand : NULL };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        free(kept[i]);
    free(engine);
}

static gk_engine *cuda_open(const gk_problem *problem)
{
    gk_cuda *engine = (gk_cuda *)calloc(1, sizeof *engine);
    gk_sizes s = sizes_of(problem);

    if (!engine)
        return gk_cuda_error("out of memory for an engine"), (gk_engine *)NULL;
    engine->problem = *problem;
    engine->graph = problem->graph;
    engine->allocated = new std::vector<void *>;
    engine->captured = new std::vector<gk_captured>;
    engine->rows_of = new std::vector<gk_device_rows>;
    engine->batch_rows = s.batch_rows;
    engine->most_train = s.most_train;
    engine->narrow = s.narrow;
    engine->resident.set = -1;
    engine->n_pace = gk_problem_n_pace(engine->graph, &problem->update);
    engine->n_whole = gk_problem_whole_reals(engine->graph, &problem->update);
    engine->captures = !getenv("GK_CUDA_NO_GRAPH");
    if (gk_cuda_open_order(engine) < 0 || choose_wave(engine, &s, row_bytes(problem)) < 0 || open_device(engine) < 0 ||
        !open_slots(engine, &s) || !open_wave(engine, &s) || gk_cuda_open_places(engine, s.staged > 0) < 0 ||
        gk_cuda_open_storage(engine) < 0 || open_chunks(engine, &s) < 0 || open_rows(engine) < 0 || open_leaves(engine) < 0 ||
        gk_cuda_open_network(engine) < 0) {
        cuda_close((gk_engine *)engine);
        return NULL;
    }
    gk_cuda_upload_tables(engine);
    return (gk_engine *)engine;
}

/* --- arenas --------------------------------------------------------------------------------------------------------------- */

static int64_t cuda_depth(const gk_engine *opaque, gk_arena_kind kind)
{
    return ((const gk_cuda *)opaque)->depth[kind];
}

/* Whole arenas, replica by replica, each from or to its slot. */
static int transfer(gk_cuda *engine, gk_arena_kind kind, char *host, bool to_device)
{
    int64_t n = engine->depth[kind] * engine->graph->n_param_real;
    size_t  n_bytes = (size_t)n * sizeof(gk_real);

    cudaStreamSynchronize(engine->device.stream);
    for (int64_t slot = 0; n > 0 && slot < engine->problem.n_replica; slot++) {
        char *there = host + (size_t)engine->replica_in[slot] * n_bytes;
        if (to_device)
            cudaMemcpy(engine->arena[kind] + slot * n, there, n_bytes, cudaMemcpyHostToDevice);
        else
            cudaMemcpy(there, engine->arena[kind] + slot * n, n_bytes, cudaMemcpyDeviceToHost);
    }
    cudaDeviceSynchronize();
    return gk_cuda_check(engine, "a transfer");
}

static int cuda_read(gk_engine *opaque, gk_arena_kind kind, void *host)
{
    return transfer((gk_cuda *)opaque, kind, (char *)host, false);
}

static int cuda_write(gk_engine *opaque, gk_arena_kind kind, const void *host)
{
    gk_cuda *engine = (gk_cuda *)opaque;

    if (transfer(engine, kind, (char *)host, true) < 0)
        return -1;
    return kind == GK_ARENA_PARAM && engine->n_sphere > 0 ? gk_cuda_keep_norms(opaque) : 0;
}

}

#if GK_REAL_BITS == 64
#define GK_BACKEND gk_backend_cuda_f64
#define GK_REAL_NAME GK_F64
#else
#define GK_BACKEND gk_backend_cuda_f32
#define GK_REAL_NAME GK_F32
#endif

extern "C" const gk_backend GK_BACKEND;
extern "C" const gk_backend GK_BACKEND = {
    "cuda", GK_REAL_NAME, GK_REALS::cuda_memory, GK_REALS::cuda_open, GK_REALS::cuda_close, GK_REALS::cuda_depth,
    GK_REALS::cuda_read, GK_REALS::cuda_write, GK_REALS::gk_cuda_scalars, GK_REALS::gk_cuda_set_scalars,
    GK_REALS::gk_cuda_run, GK_REALS::gk_cuda_evaluate, GK_REALS::gk_cuda_predict, GK_REALS::gk_cuda_norms,
    GK_REALS::gk_cuda_gradient,
};
