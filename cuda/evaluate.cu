/* evaluate.cu -- metrics of whole row sets, logits, norms, and the norms that a constraint keeps. */
#include "engine.h"

namespace GK_REALS {

/* Adds what the rows of a tile counted to the totals of their replica: one block a replica, always in the same order. */
static __global__ void __launch_bounds__(GK_MOST_THREADS) add_rows(const double *sums, double *total, const gk_device_rows *rows,
                                                                         int64_t first, int64_t n_row)
{
    int64_t r = blockIdx.y, n = rows[r].n - first < n_row ? rows[r].n - first : n_row;
    for (int kind = 0; kind < GK_N_SUM; kind++) {
        double mine = 0;
        for (int64_t i = threadIdx.x; i < n; i += blockDim.x)
            mine += sums[(r * n_row + i) * GK_N_SUM + kind];
        mine = gk_block_sum(mine);
        if (threadIdx.x == 0)
            total[r * GK_N_SUM + kind] += mine;
    }
}

/* A set's rows of a wave, tile by tile. */
typedef void gk_visitor(gk_cuda *engine, const gk_work *work, const gk_tile *tile, void *context);

static void each_tile(gk_cuda *engine, int set, int64_t slot, int64_t n_replica, gk_visitor *visit, void *context)
{
    int64_t n = 0;
    for (int64_t i = slot; i < slot + n_replica; i++)
        if (engine->problem.rows[set][engine->replica_in[i]].n > n)
            n = engine->problem.rows[set][engine->replica_in[i]].n;
    for (int64_t first = 0; first < n; first += engine->tile_rows) {
        gk_tile tile = { set, false, slot, n_replica, first, n - first < engine->tile_rows ? n - first : engine->tile_rows };
        gk_work work = gk_cuda_bind(engine, &tile, gk_param_of(engine, slot), false);
        cudaMemsetAsync(engine->sums, 0, (size_t)(n_replica * tile.n_row * GK_N_SUM) * sizeof(double), engine->device.stream);
        if (first == 0)
            gk_cuda_step_forward(engine, &work);
        gk_cuda_rows(engine, &work, &tile);
        visit(engine, &work, &tile, context);
    }
}

static void visit_sums(gk_cuda *engine, const gk_work *, const gk_tile *tile, void *)
{
    GK_LAUNCH_BLOCKS(add_rows, gk_grid(1, tile->n_replica), GK_MOST_THREADS, engine->device.stream, engine->sums, engine->total,
                     engine->rows + tile->set * engine->problem.n_replica + tile->slot, tile->first, tile->n_row);
}

static gk_metrics means(const double *sum, double n)
{
    gk_metrics m;
#define SUM(field, when, meaning) m.field = sum[GK_SUM_##field] / n;
#include "graph/metrics.def"
#undef SUM
    return m;
}

int gk_cuda_evaluate(gk_engine *opaque, int set, const bool *active, gk_metrics *out)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  n_active = gk_cuda_gather_active(engine, active), n_replica;
    std::vector<double> total((size_t)(engine->wave * GK_N_SUM));

    engine->resident.set = -1;
    for (int64_t slot = 0; slot < n_active; slot += n_replica) {
        n_replica = gk_wave_at(engine, slot, n_active);
        size_t n_byte = (size_t)(n_replica * GK_N_SUM) * sizeof(double);
        cudaMemsetAsync(engine->total, 0, n_byte, engine->device.stream);
        each_tile(engine, set, slot, n_replica, visit_sums, NULL);
        cudaMemcpyAsync(total.data(), engine->total, n_byte, cudaMemcpyDeviceToHost, engine->device.stream);
        if (gk_cuda_check(engine, "an evaluation") < 0)
            return -1;
        for (int64_t i = 0; i < n_replica; i++) {
            int64_t replica = engine->replica_in[slot + i];
            out[replica] = means(&total[(size_t)(i * GK_N_SUM)], (double)engine->problem.rows[set][replica].n);
        }
    }
    return 0;
}

/* Logits of a tile to the rows' places in the host's arrays. */
static void visit_logits(gk_cuda *engine, const gk_work *work, const gk_tile *tile, void *context)
{
    double *const *out = (double *const *)context;
    const gk_node *logits = engine->graph->logits;
    gk_span        from = work->data[logits->id];
    int64_t        size = logits->size, d = gk_last_dim(logits), width = gk_width(work, logits), row = size / d * width;
    std::vector<gk_real> copy((size_t)(tile->n_row * row));

    cudaStreamSynchronize(engine->device.stream);
    for (int64_t i = 0; i < tile->n_replica; i++) {
        int64_t replica = engine->replica_in[tile->slot + i], n = engine->problem.rows[tile->set][replica].n - tile->first;
        n = n < tile->n_row ? n : tile->n_row;
        if (n <= 0)
            continue;
        cudaMemcpy(copy.data(), gk_from(from, i * from.step).at, (size_t)(n * row) * sizeof(gk_real), cudaMemcpyDeviceToHost);
        for (int64_t j = 0; j < n * size; j++)
            out[replica][tile->first * size + j] = (double)copy[(size_t)(j / d * width + j % d)];
    }
}

int gk_cuda_predict(gk_engine *opaque, int set, const bool *active, double *const *out)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  n_active = gk_cuda_gather_active(engine, active), n_replica;

    engine->resident.set = -1;
    for (int64_t slot = 0; slot < n_active; slot += n_replica) {
        n_replica = gk_wave_at(engine, slot, n_active);
        each_tile(engine, set, slot, n_replica, visit_logits, (void *)out);
    }
    return gk_cuda_check(engine, "a prediction");
}

int gk_cuda_norms(gk_engine *opaque, const bool *active, double *global, double *per_param)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  n_active = gk_cuda_gather_active(engine, active), n_replica, n_tensor = engine->graph->n_param;
    std::vector<double> square((size_t)(engine->wave * 3 * n_tensor));

    for (int64_t slot = 0; slot < n_active; slot += n_replica) {
        n_replica = gk_wave_at(engine, slot, n_active);
        gk_cuda_square_norms(engine, slot, n_replica);
        cudaMemcpyAsync(square.data(), engine->tensor_sum, (size_t)(n_replica * 3 * n_tensor) * sizeof(double),
                        cudaMemcpyDeviceToHost, engine->device.stream);
        if (gk_cuda_check(engine, "norms") < 0)
            return -1;
        for (int64_t i = 0; i < n_replica; i++) {
            int64_t replica = engine->replica_in[slot + i];
            double  sum = 0;
            for (int64_t t = 0; t < n_tensor; t++) {
                sum += square[(size_t)(i * 3 * n_tensor + t)];
                if (per_param)
                    per_param[replica * n_tensor + t] = sqrt(square[(size_t)(i * 3 * n_tensor + t)]);
            }
            global[replica] = sqrt(sum);
        }
    }
    return 0;
}

void gk_cuda_scalars(gk_engine *opaque, double *out)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  n = engine->n_scalar;
    for (int64_t slot = 0; slot < engine->problem.n_replica; slot++)
        cudaMemcpy(out + engine->replica_in[slot] * n, engine->scalar + slot * n, (size_t)n * sizeof *out,
                   cudaMemcpyDeviceToHost);
}

void gk_cuda_set_scalars(gk_engine *opaque, const double *scalars)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  n = engine->n_scalar;
    for (int64_t slot = 0; slot < engine->problem.n_replica; slot++)
        cudaMemcpy(engine->scalar + slot * n, scalars + engine->replica_in[slot] * n, (size_t)n * sizeof *scalars,
                   cudaMemcpyHostToDevice);
    cudaDeviceSynchronize();
}

int gk_cuda_keep_norms(gk_engine *opaque)
{
    gk_cuda *engine = (gk_cuda *)opaque;
    int64_t  n_replica = engine->problem.n_replica, n_param = engine->graph->n_param, n = engine->n_scalar;
    std::vector<double> all((size_t)n_replica), norm((size_t)(n_replica * n_param)), scalar((size_t)(n_replica * n));

    if (gk_cuda_norms(opaque, NULL, all.data(), norm.data()) < 0)
        return -1;
    gk_cuda_scalars(opaque, scalar.data());
    for (int64_t r = 0; r < n_replica; r++)
        gk_problem_radii(engine->graph, engine->on_host, engine->n_sphere, &norm[(size_t)(r * n_param)],
                         &scalar[(size_t)(r * n)]);
    gk_cuda_set_scalars(opaque, scalar.data());
    return 0;
}

}
