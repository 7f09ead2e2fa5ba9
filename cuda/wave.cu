/* wave.cu -- which replica stands in which slot: the active ones are kept in the first slots, so that a batch of products needs
 * only a pointer and a stride, and retired replicas cost nothing. */
#include "engine.h"

#include <stdlib.h>

namespace GK_REALS {

int gk_cuda_open_order(gk_cuda *engine)
{
    int64_t n = engine->problem.n_replica;
    engine->replica_in = (int64_t *)calloc((size_t)n, sizeof(int64_t));
    for (int64_t i = 0; engine->replica_in && i < n; i++)
        engine->replica_in[i] = i;
    return engine->replica_in ? 0 : gk_cuda_error("out of memory for %lld replicas", (long long)n);
}

static __global__ void swap_reals(gk_real *a, gk_real *b, int64_t n)
{
    int64_t i = gk_element();
    if (i < n) {
        gk_real kept = a[i];
        a[i] = b[i];
        b[i] = kept;
    }
}

static void swap_slots(gk_cuda *engine, int64_t a, int64_t b)
{
    int64_t n_scalar = engine->n_scalar;
    size_t  n_byte = (size_t)n_scalar * sizeof(double);
    std::vector<double> scalar((size_t)(2 * n_scalar));
    for (int kind = 0; kind < GK_N_ARENA; kind++) {
        int64_t n = engine->depth[kind] * engine->graph->n_param_real;
        if (n > 0)
            GK_LAUNCH_ELEMENTS(swap_reals, gk_element_grid(n, 1), engine->device.stream, engine->arena[kind] + a * n,
                               engine->arena[kind] + b * n, n);
    }
    cudaMemcpy(scalar.data(), engine->scalar + a * n_scalar, n_byte, cudaMemcpyDeviceToHost);
    cudaMemcpy(scalar.data() + n_scalar, engine->scalar + b * n_scalar, n_byte, cudaMemcpyDeviceToHost);
    cudaMemcpy(engine->scalar + a * n_scalar, scalar.data() + n_scalar, n_byte, cudaMemcpyHostToDevice);
    cudaMemcpy(engine->scalar + b * n_scalar, scalar.data(), n_byte, cudaMemcpyHostToDevice);
    int64_t kept = engine->replica_in[a];
    engine->replica_in[a] = engine->replica_in[b];
    engine->replica_in[b] = kept;
}

void gk_cuda_forget_graphs(gk_cuda *engine)
{
    for (size_t i = 0; i < engine->captured->size(); i++)
        cudaGraphExecDestroy((*engine->captured)[i].graph);
    engine->captured->clear();
}

/* Hyper-parameters, seeds and rows in the order of slots. */
void gk_cuda_upload_tables(gk_cuda *engine)
{
    size_t n = (size_t)engine->problem.n_replica, n_pace = (size_t)engine->n_pace;
    std::vector<gk_hyper> hyper(n), pace_hyper(n * n_pace);
    std::vector<uint64_t> seed(n);
    std::vector<int64_t>  none(n, -1);
    std::vector<gk_seen>  seen(n);
    std::vector<gk_device_rows> rows(n);

    for (size_t i = 0; i < n; i++) {
        int64_t replica = engine->replica_in[i];
        hyper[i] = engine->problem.hyper[replica];
        for (size_t pace = 0; pace < n_pace; pace++)
            pace_hyper[i * n_pace + pace] = gk_problem_hyper(&engine->problem, replica, (int)pace);
        seed[i] = engine->problem.seed[replica];
        if (engine->problem.seen)
            seen[i] = engine->problem.seen[replica];
    }
    cudaMemcpy(engine->hyper, hyper.data(), n * sizeof(gk_hyper), cudaMemcpyHostToDevice);
    cudaMemcpy(engine->pace_hyper, pace_hyper.data(), n * n_pace * sizeof(gk_hyper), cudaMemcpyHostToDevice);
    cudaMemcpy(engine->seed, seed.data(), n * sizeof(uint64_t), cudaMemcpyHostToDevice);
    cudaMemcpy(engine->seen, seen.data(), n * sizeof(gk_seen), cudaMemcpyHostToDevice);
    cudaMemcpy(engine->epoch, none.data(), n * sizeof(int64_t), cudaMemcpyHostToDevice);
    for (size_t set = 0; set < (size_t)gk_problem_n_set(&engine->problem); set++) {
        for (size_t i = 0; engine->problem.rows[set] && i < n; i++)
            rows[i] = (*engine->rows_of)[set * n + (size_t)engine->replica_in[i]];
        if (engine->problem.rows[set])
            cudaMemcpy(engine->rows + set * n, rows.data(), n * sizeof(gk_device_rows), cudaMemcpyHostToDevice);
    }
    cudaDeviceSynchronize();    /* small copies may still be on their way, and our stream would not wait for them */
}

int64_t gk_cuda_gather_active(gk_cuda *engine, const bool *active)
{
    int64_t n = engine->problem.n_replica, front = 0, back = n - 1;
    bool    moved = false;

    if (!active)
        return n;
    while (front <= back) {
        if (active[engine->replica_in[front]]) {
            front++;
        } else if (!active[engine->replica_in[back]]) {
            back--;
        } else {
            if (!moved)
                cudaStreamSynchronize(engine->device.stream);
            swap_slots(engine, front, back);
            moved = true;
        }
    }
    if (moved) {
        cudaStreamSynchronize(engine->device.stream);
        gk_cuda_upload_tables(engine);
        gk_cuda_forget_graphs(engine);
        engine->resident.set = -1;
    }
    return front;
}

}
