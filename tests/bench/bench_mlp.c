/* bench_mlp.c -- training steps of replicas of a network (workload.h).
 *
 * usage: bench_mlp mlp|landscape|mnist|mlp-s|tf-s|res|lstm-e|t2|mlp-e|lstm-i|gcnn REPLICAS THREADS
 * Answers in seconds per model-step; `landscape` evaluates all rows every 50 steps, as a landscape does; `res` makes gradients of
 * all rows, and no update. */
#include "workload.h"

enum { STEPS_PER_CALL = 50, LARGE_STEPS_PER_CALL = 5 };
static const double LARGE_FLOPS = 5e8, HUGE_FLOPS = 1e10;

typedef struct bench_run { workload w; bool evaluates; int n_step; float *gradient; } bench_run;

static void take_steps(void *context)
{
    bench_run *run = context;
    workload_steps(&run->w, run->n_step);
    if (run->evaluates)
        workload_evaluate(&run->w);
}

static void take_gradient(void *context)
{
    bench_run *run = context;
    if (run->w.backend->gradient(run->w.engine, run->gradient) < 0)
        gk_die();
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int       n_replica = bench_count(argc, argv, 2, "REPLICAS"), n_thread = bench_count(argc, argv, 3, "THREADS");
    bool      is_res = strcmp(argv[1], "res") == 0;
    bench_run run = { .evaluates = strcmp(argv[1], "landscape") == 0 };

    workload_open(&run.w, argv[1], &gk_backend_cpu_f32, GK_PRODUCT_EXACT, n_replica, n_thread);
    run.n_step = is_res || run.w.flops > HUGE_FLOPS ? 1 : run.w.flops > LARGE_FLOPS ? LARGE_STEPS_PER_CALL : STEPS_PER_CALL;
    run.gradient = gk_arena_alloc(&run.w.arena, (size_t)(n_replica * run.w.graph.n_param_real) * sizeof *run.gradient);
    bench_serve(gk_arena_printf(&run.w.arena, "%.6g flops a model-step, %d replicas, %d threads", run.w.flops, n_replica,
                                n_thread), is_res ? take_gradient : take_steps, &run, (double)run.n_step * n_replica);
    workload_close(&run.w);
    return 0;
}
