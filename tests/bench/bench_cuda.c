/* bench_cuda.c -- training steps of many models at once through the CUDA plug-in (workload.h).
 *
 * usage: bench_cuda nanda|mlp|landscape|mnist REPLICAS fp32|tf32|bf16
 * Answers in seconds per model-step.  Exit status 3: no plug-in, or no device. */
#include "graph/plugin.h"
#include "workload.h"

typedef struct bench_run { workload w; int64_t n; } bench_run;

static void take_steps(void *context)
{
    bench_run *run = context;
    workload_steps(&run->w, run->n);
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    static const char *const products[] = { "fp32", "tf32", "bf16" };
    int       n_replica = bench_count(argc, argv, 2, "REPLICAS"), product = 0;
    bench_run run = { .n = n_replica < 100 ? 50 : 5 };    /* between two looks at the clock: some milliseconds at least */

    while (product < 3 && (argc < 4 || strcmp(argv[3], products[product]) != 0))
        product++;
    if (product == 3)
        gk_usage("expected a precision as argument 3: fp32, tf32 or bf16");
    const gk_plugin *plugin = gk_plugin_load("grok-cuda", 0, NULL);
    if (!plugin) {
        fprintf(stderr, "bench_cuda: %s\n", gk_error_message());
        return 3;
    }
    workload_open(&run.w, argv[1], plugin->f32, (gk_product)product, n_replica, 1);
    bench_serve(gk_arena_printf(&run.w.arena, "%.6g flops a model-step, %d models, %s, %s", run.w.flops, n_replica, argv[3],
                                plugin->device),
                take_steps, &run, (double)run.n * n_replica);
    workload_close(&run.w);
    return 0;
}
