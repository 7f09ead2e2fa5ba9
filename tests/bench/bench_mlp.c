/* bench_mlp.c -- training steps of replicas of a fully connected network (workload.h).
 *
 * usage: bench_mlp mlp|landscape|mnist REPLICAS THREADS
 * Answers in seconds per model-step; `landscape` evaluates all rows every 50 steps, as a landscape does. */
#include "workload.h"

enum { STEPS_PER_CALL = 50 };

typedef struct bench_run { workload w; bool evaluates; } bench_run;

static void take_steps(void *context)
{
    bench_run *run = context;
    workload_steps(&run->w, STEPS_PER_CALL);
    if (run->evaluates)
        workload_evaluate(&run->w);
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int       n_replica = bench_count(argc, argv, 2, "REPLICAS"), n_thread = bench_count(argc, argv, 3, "THREADS");
    bench_run run = { .evaluates = strcmp(argv[1], "landscape") == 0 };

    workload_open(&run.w, argv[1], &gk_backend_cpu_f32, GK_PRODUCT_EXACT, n_replica, n_thread);
    bench_serve(gk_arena_printf(&run.w.arena, "%.6g flops a model-step, %d replicas, %d threads", run.w.flops, n_replica,
                                n_thread), take_steps, &run, (double)STEPS_PER_CALL * n_replica);
    workload_close(&run.w);
    return 0;
}
