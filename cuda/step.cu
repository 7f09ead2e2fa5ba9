/* step.cu -- updates: one is captured as a CUDA graph for every wave, and replayed; the number of the update counts up on the
 * device. */
#include "engine.h"

namespace GK_REALS {

/* The scalars of this update, for each pace. */
static __global__ void set_rates(gk_descent *descent, const gk_update *update, const gk_hyper *hyper, const gk_seen *seen,
                                 const int64_t *step, int64_t n_replica, int n_pace)
{
    int64_t i = gk_element();
    if (i < n_replica * n_pace)
        descent[i] = gk_descent_of(update, &hyper[i], *step, seen[i / n_pace].updates[GK_SEEN_OPTIMIZER]);
}

/* Its batch: all rows, or a stretch of the epoch's order; the last one may be short. */
static __global__ void begin_batch(gk_tick *tick, const gk_device_rows *rows, const gk_update *update, const int64_t *step,
                                   int64_t n_replica)
{
    int64_t r = gk_element();
    if (r >= n_replica)
        return;
    int64_t n = rows[r].n, size = update->batch, per_epoch = size > 0 ? (n + size - 1) / size : 1;
    tick[r].ordered = size > 0 && size < n;
    tick[r].begin = tick[r].ordered ? *step % per_epoch * size : 0;
    tick[r].count = !tick[r].ordered || tick[r].begin + size > n ? n - tick[r].begin : size;
}

static __global__ void end_update(int64_t *step)
{
    if (gk_element() == 0)
        ++*step;
}

static bool any_weight_noise(const gk_cuda *engine)
{
    for (int64_t r = 0; r < engine->problem.n_replica; r++)
        if (engine->problem.hyper[r].weight_noise > 0)
            return true;
    return false;
}

static gk_tile batch_tile(const gk_cuda *engine, int64_t slot, int64_t n_replica, int64_t first, int64_t n, bool is_batch)
{
    int64_t left = n - first;
    gk_tile tile = { GK_TRAIN_ROWS, is_batch, slot, n_replica, first, left < engine->tile_rows ? left : engine->tile_rows };
    return tile;
}

/* Gradient of the mean loss over n rows of every replica of a wave into engine->grad. */
static void gradient(gk_cuda *engine, int64_t slot, int64_t n_replica, int64_t n, bool is_batch)
{
    size_t   n_byte = (size_t)(n_replica * engine->graph->n_step_real) * sizeof(gk_real);
    gk_real *param = any_weight_noise(engine) ? engine->noisy : gk_param_of(engine, slot);
    gk_tile  tile = batch_tile(engine, slot, n_replica, 0, n, is_batch);
    gk_work  work = gk_cuda_bind(engine, &tile, param, true);

    if (any_weight_noise(engine))
        gk_cuda_perturb(engine, slot, n_replica);
    cudaMemsetAsync(engine->grad, 0, n_byte, engine->device.stream);
    gk_cuda_step_forward(engine, &work);
    for (int64_t first = 0; first < n; first += engine->tile_rows) {
        tile = batch_tile(engine, slot, n_replica, first, n, is_batch);
        work = gk_cuda_bind(engine, &tile, param, true);
        gk_cuda_rows(engine, &work, &tile);
    }
    gk_cuda_step_backward(engine, &work);
}

static void begin(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    const gk_device_rows *rows = engine->rows + GK_TRAIN_ROWS * engine->problem.n_replica + slot;
    GK_LAUNCH_ELEMENTS(begin_batch, gk_element_grid(n_replica, 1), engine->device.stream, engine->tick + slot, rows,
                       engine->update, engine->step, n_replica);
}

static void update(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    int     n_pace = engine->n_pace;
    int64_t first = slot * n_pace;

    GK_LAUNCH_ELEMENTS(set_rates, gk_element_grid(n_replica * n_pace, 1), engine->device.stream, engine->descent + first,
                       engine->update, engine->pace_hyper + first, engine->seen + slot, engine->step, n_replica, n_pace);
    begin(engine, slot, n_replica);
    gk_cuda_order(engine, slot, n_replica);
    gradient(engine, slot, n_replica, engine->batch_rows, true);
    gk_cuda_update(engine, slot, n_replica);
    GK_LAUNCH_ELEMENTS(end_update, gk_grid(1, 1), engine->device.stream, engine->step);
}

/* The update of a wave as a graph; NULL if it could not be captured. */
static cudaGraphExec_t capture(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    cudaGraph_t graph = NULL;
    gk_captured captured = { slot, n_replica, NULL };

    for (size_t i = 0; i < engine->captured->size(); i++)
        if ((*engine->captured)[i].slot == slot && (*engine->captured)[i].n_replica == n_replica)
            return (*engine->captured)[i].graph;
    if (!engine->captures || cudaStreamBeginCapture(engine->device.stream, cudaStreamCaptureModeThreadLocal) != cudaSuccess)
        return NULL;
    update(engine, slot, n_replica);
    if (cudaStreamEndCapture(engine->device.stream, &graph) == cudaSuccess) {
        if (cudaGraphInstantiate(&captured.graph, graph, 0) == cudaSuccess)
            engine->captured->push_back(captured);
        cudaGraphDestroy(graph);
    }
    if (!captured.graph) {    /* then without: slower, and no error */
        engine->captures = false;
        cudaGetLastError();
    }
    return captured.graph;
}

/* All rows of a wave, which are the same at every update: they stay until something else (an evaluation, a replica that retires)
 * needs their place. */
static gk_work fetch_batch(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    gk_tile tile = batch_tile(engine, slot, n_replica, 0, engine->batch_rows, true);
    gk_work work = gk_cuda_bind(engine, &tile, gk_param_of(engine, slot), true);

    if (gk_same_tile(&tile, &engine->resident))
        return work;
    begin(engine, slot, n_replica);
    engine->resident.set = -1;
    gk_cuda_fetch(engine, &work, &tile);
    engine->resident = tile;
    return work;
}

/* Full batches in one tile and one wave are fetched once. */
static void fetch_resident(gk_cuda *engine, int64_t n_active)
{
    if (engine->order || n_active > engine->wave || engine->batch_rows > engine->tile_rows)
        engine->resident.set = -1;
    else
        fetch_batch(engine, 0, n_active);
}

static int run_resident(gk_cuda *engine, int64_t step, int64_t n, int64_t n_active)
{
    int64_t n_replica;
    for (int64_t slot = 0; n > 0 && slot < n_active; slot += n_replica) {
        n_replica = gk_wave_at(engine, slot, n_active);
        gk_work work = fetch_batch(engine, slot, n_replica);
        gk_cuda_train_resident(engine, &work, slot, step, n);
    }
    return gk_cuda_check(engine, "an update");
}

int gk_cuda_run(gk_engine *opaque, int64_t step, int64_t n, const bool *active)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  n_active = gk_cuda_gather_active(engine, active), n_replica;

    cudaMemcpyAsync(engine->step, &step, sizeof step, cudaMemcpyHostToDevice, engine->device.stream);
    if (engine->network)
        return run_resident(engine, step, n, n_active);
    fetch_resident(engine, n_active);
    if (engine->captured_resident != (engine->resident.set >= 0))    /* those fetch their rows, or do not */
        gk_cuda_forget_graphs(engine);
    engine->captured_resident = engine->resident.set >= 0;
    for (int64_t slot = 0; slot < n_active; slot += n_replica) {
        n_replica = gk_wave_at(engine, slot, n_active);
        cudaMemcpyAsync(engine->step, &step, sizeof step, cudaMemcpyHostToDevice, engine->device.stream);
        int64_t done = 0;
        for (; done < n && !engine->is_warm; done++) {    /* kernels and cuBLAS are loaded, which a capture does not allow */
            update(engine, slot, n_replica);
            engine->is_warm = true;
        }
        cudaGraphExec_t graph = done < n ? capture(engine, slot, n_replica) : NULL;
        for (; done < n; done++)
            if (graph)
                cudaGraphLaunch(graph, engine->device.stream);
            else
                update(engine, slot, n_replica);
    }
    return gk_cuda_check(engine, "an update");
}

int gk_cuda_gradient(gk_engine *opaque, void *host)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  p = engine->graph->n_param_real, s = engine->graph->n_step_real, n_active = gk_cuda_gather_active(engine, NULL);
    int64_t  n_replica, zero = 0;
    gk_real *out = (gk_real *)host;

    engine->resident.set = -1;
    cudaMemcpyAsync(engine->step, &zero, sizeof zero, cudaMemcpyHostToDevice, engine->device.stream);
    for (int64_t slot = 0; slot < n_active; slot += n_replica) {
        n_replica = gk_wave_at(engine, slot, n_active);
        gradient(engine, slot, n_replica, engine->most_train, false);
        cudaStreamSynchronize(engine->device.stream);
        for (int64_t i = 0; i < n_replica; i++)
            cudaMemcpy(out + engine->replica_in[slot + i] * p, engine->grad + i * s, (size_t)p * sizeof(gk_real),
                       cudaMemcpyDeviceToHost);
    }
    return gk_cuda_check(engine, "a gradient");
}

}
