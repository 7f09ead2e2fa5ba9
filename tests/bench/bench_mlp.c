/* bench_mlp.c -- training steps of replicas of the 5-100-100-5 tanh network (workload.h).
 *
 * usage: bench_mlp REPLICAS THREADS
 * Answers in seconds per model-step. */
#include "workload.h"

enum { STEPS_PER_CALL = 20 };

static void take_steps(void *context)
{
    workload_steps(context, STEPS_PER_CALL);
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int      n_replica = bench_count(argc, argv, 1, "REPLICAS"), n_thread = bench_count(argc, argv, 2, "THREADS");
    workload w;

    workload_open(&w, "mlp", &gk_backend_cpu_f32, GK_PRODUCT_EXACT, n_replica, n_thread);
    bench_serve(gk_arena_printf(&w.arena, "%.6g flops a model-step, %d replicas, %d threads", w.flops, n_replica, n_thread),
                take_steps, &w, (double)STEPS_PER_CALL * n_replica);
    workload_close(&w);
    return 0;
}
