/* bench_cuda.c -- training steps of many models at once through the CUDA plug-in (workload.h).
 *
 * usage: bench_cuda WORKLOAD REPLICAS fp32|tf32|bf16 [STEPS]
 * Answers in seconds per model-step; `landscape` evaluates all rows every 50 steps, as a landscape does.  With STEPS it only
 * takes so many, for a profiler.  Exit status 3: no plug-in, or no device. */
#include "graph/plugin.h"
#include "workload.h"

enum { EVALUATED_EVERY = 50 };

typedef struct bench_run { workload w; bool evaluates; int64_t n; } bench_run;

static void take_steps(void *context)
{
    bench_run *run = context;
    int64_t    most = run->evaluates ? EVALUATED_EVERY : run->n;

    for (int64_t left = run->n; left > 0; left -= most) {
        workload_steps(&run->w, left < most ? left : most);
        if (run->evaluates)
            workload_evaluate(&run->w);
    }
}

static double seconds_of(bench_run *run, int64_t n)
{
    double begin = bench_now();

    run->n = n;
    take_steps(run);
    return bench_now() - begin;
}

/* Steps between two looks at the clock: what a call does once, and the wait at its end, must not count beside them. */
static int64_t steps_per_call(bench_run *run)
{
    const double least = 0.01, wanted = 0.07;
    const int64_t most = 1 << 20;
    int64_t n = 1;
    double  took;

    (void)seconds_of(run, 2);    /* what is only made once */
    while ((took = seconds_of(run, n)) < least && n < most)
        n *= 4;
    n = (int64_t)ceil(fmin((double)most, wanted / took * (double)n));
    return run->evaluates ? (n + EVALUATED_EVERY - 1) / EVALUATED_EVERY * EVALUATED_EVERY : n;
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    static const char *const products[] = { "fp32", "tf32", "bf16" };
    int       n_replica = bench_count(argc, argv, 2, "REPLICAS"), product = 0;
    bench_run run = { .evaluates = strcmp(argv[1], "landscape") == 0 };

    while (product < 3 && (argc < 4 || strcmp(argv[3], products[product]) != 0))
        product++;
    if (product == 3)
        gk_usage("expected a precision as argument 3: fp32, tf32 or bf16");
    const gk_plugin *plugin = gk_plugin_load("grok-cuda", NULL, 0, NULL);
    if (!plugin) {
        fprintf(stderr, "bench_cuda: %s\n", gk_error_message());
        return 3;
    }
    workload_open(&run.w, argv[1], plugin->f32, (gk_product)product, n_replica, 1);
    run.n = argc > 4 ? bench_count(argc, argv, 4, "STEPS") : steps_per_call(&run);
    if (argc > 4)
        take_steps(&run);
    else
        bench_serve(gk_arena_printf(&run.w.arena, "%.6g flops, %.6g bytes a model-step; %d models, %s, %lld steps a call, %s",
                                    run.w.flops, run.w.bytes, n_replica, argv[3], (long long)run.n, plugin->device),
                    take_steps, &run, (double)run.n * n_replica);
    workload_close(&run.w);
    return 0;
}
