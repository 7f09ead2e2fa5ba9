/* bench_nanda.c -- one training step of the preset `nanda` (workload.h).
 *
 * usage: bench_nanda step|gradient|evaluate|distil THREADS
 *   step       forward, backward, update
 *   gradient   forward and backward only
 *   evaluate   a step, and losses and accuracies of train and test rows after it
 *   distil     the same as step, of the workload `distil`
 * Says the FLOPs of the matrix products of one step, too. */
#include "workload.h"

enum { STEPS_PER_CALL = 5 };

typedef struct bench_run { workload w; float *gradient; } bench_run;

static void take_steps(void *context)
{
    workload_steps(&((bench_run *)context)->w, STEPS_PER_CALL);
}

static void take_gradient(void *context)
{
    bench_run *run = context;
    if (run->w.backend->gradient(run->w.engine, run->gradient) < 0)
        gk_die();
}

static void step_and_evaluate(void *context)
{
    workload *w = &((bench_run *)context)->w;
    workload_steps(w, 1);
    if (w->backend->evaluate(w->engine, GK_TRAIN_ROWS, w->active, w->metrics) < 0 ||
        w->backend->evaluate(w->engine, GK_TEST_ROWS, w->active, w->metrics) < 0)
        gk_die();
}

static void serve(const char *mode, bench_run *run, const char *what)
{
    if (strcmp(mode, "step") == 0 || strcmp(mode, "distil") == 0)
        bench_serve(what, take_steps, run, STEPS_PER_CALL);
    else if (strcmp(mode, "gradient") == 0)
        bench_serve(what, take_gradient, run, 1);
    else if (strcmp(mode, "evaluate") == 0)
        bench_serve(what, step_and_evaluate, run, 1);
    else
        gk_usage("unknown mode '%s'", mode);
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int       n_thread = bench_count(argc, argv, 2, "THREADS");
    bool      taught = strcmp(argv[1], "distil") == 0;
    bench_run run;

    workload_open(&run.w, taught ? "distil" : "nanda", &gk_backend_cpu_f32, GK_PRODUCT_EXACT, 1, n_thread);
    run.gradient = gk_arena_alloc(&run.w.arena, (size_t)run.w.graph.n_param_real * sizeof *run.gradient);
    serve(argv[1], &run, gk_arena_printf(&run.w.arena, "%.6g flops a step, %d rows, %d threads", run.w.flops, (int)run.w.train.n,
                                         n_thread));
    workload_close(&run.w);
    return 0;
}
