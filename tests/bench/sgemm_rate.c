/* sgemm_rate.c -- the BLAS's rate of large float32 matrix products: the floor of the speed rows.  Tiles (base/tiles.h) are off.
 *
 * usage: sgemm_rate own|blas THREADS
 *   own    every thread does single-threaded products of its own
 *   blas   one product at a time, divided by the BLAS among its threads
 * Answers in seconds per FLOP of all threads together. */
#include <omp.h>

#include "base/arena.h"
#include "base/blas.h"
#include "bench.h"

enum { N = 2048 };

typedef struct bench_run { int n_thread; float **a, **b, **c; } bench_run;

static void products(void *context)
{
    bench_run *run = context;
#pragma omp parallel num_threads(run->n_thread)
    {
        int i = omp_get_thread_num();
        gk_blas_sgemm(false, false, N, N, N, run->a[i], N, run->b[i], N, 0, run->c[i], N);
    }
}

static float *matrix(void)
{
    float *values = gk_alloc_large((size_t)N * N * sizeof *values, "matrix");
    if (!values)
        gk_die();
    for (int i = 0; i < N * N; i++)
        values[i] = (float)(i % 7) - 3;
    return values;
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    int       n_thread = bench_count(argc, argv, 2, "THREADS");
    bool      own      = strcmp(argv[1], "own") == 0;
    bench_run run      = { .n_thread = own ? n_thread : 1 };
    gk_arena  arena    = { 0 };

    if (!own && strcmp(argv[1], "blas") != 0)
        gk_usage("unknown mode '%s'", argv[1]);
    if (setenv("GK_TILES", "0", 1) != 0 || gk_blas_prepare(1) < 0)
        return 1;
    const char *config = gk_blas_with_threads(own ? 1 : n_thread), *core = gk_blas_core();
    float **matrices = gk_arena_alloc(&arena, 3 * (size_t)run.n_thread * sizeof *matrices);
    run.a = matrices, run.b = matrices + run.n_thread, run.c = matrices + 2 * run.n_thread;
    for (int i = 0; i < 3 * run.n_thread; i++)
        matrices[i] = matrix();
    bench_serve(gk_arena_printf(&arena, "%s, core %s", config, *core ? core : "unknown"),
                products, &run, 2.0 * N * N * N * run.n_thread);
    for (int i = 0; i < 3 * run.n_thread; i++)
        free(matrices[i]);
    gk_arena_release(&arena);
    return 0;
}
