/* fake_backend.h -- a backend whose training is arithmetic, to test what drives it.
 *
 * A replica's number of updates stands in every element of its M.  An update with learning rate r adds r to every parameter.
 * Accuracy is min(1, updates * r / 100), loss is 1 - accuracy; the norm is the first parameter.  A rate above 1000 makes loss
 * and parameters infinite. */
#ifndef GK_TESTS_FAKE_BACKEND_H
#define GK_TESTS_FAKE_BACKEND_H

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "graph/backend.h"

struct gk_engine {
    gk_problem problem;
    int64_t    n_real;           /* P */
    double    *arena[2];         /* PARAM, M: [R][P] */
};

static struct { int64_t n_run_call, n_update, n_wrong_step, sleep_us, n_open; } fake;

static void fake_memory(const gk_problem *problem, gk_memory *out)
{
    *out = (gk_memory){ .per_replica_bytes = 16 * problem->graph->n_param_real, .shared_bytes = 1000 };
}

static gk_engine *fake_open(const gk_problem *problem)
{
    gk_engine *engine = calloc(1, sizeof *engine);
    engine->problem = *problem;
    engine->n_real = problem->graph->n_param_real;
    for (int i = 0; i < 2; i++)
        engine->arena[i] = calloc((size_t)(problem->n_replica * engine->n_real), sizeof(double));
    fake.n_open++;
    return engine;
}

static void fake_close(gk_engine *engine)
{
    free(engine->arena[0]);
    free(engine->arena[1]);
    free(engine);
    fake.n_open--;
}

static int64_t fake_depth(const gk_engine *engine, gk_arena_kind kind)
{
    (void)engine;
    return kind <= GK_ARENA_m;
}

static size_t fake_bytes(const gk_engine *engine)
{
    return (size_t)(engine->problem.n_replica * engine->n_real) * sizeof(double);
}

static int fake_read(gk_engine *engine, gk_arena_kind kind, void *host)
{
    memcpy(host, engine->arena[kind], fake_bytes(engine));
    return 0;
}

static int fake_write(gk_engine *engine, gk_arena_kind kind, const void *host)
{
    memcpy(engine->arena[kind], host, fake_bytes(engine));
    return 0;
}

static int fake_run(gk_engine *engine, int64_t step, int64_t n, const bool *active)
{
    fake.n_run_call++;
    for (int64_t r = 0; r < engine->problem.n_replica; r++) {
        double rate = engine->problem.hyper[r].learning_rate;
        if (!active[r])
            continue;
        fake.n_wrong_step += engine->arena[1][r * engine->n_real] != (double)step;
        fake.n_update += n;
        for (int64_t i = 0; i < engine->n_real; i++) {
            for (int64_t update = 0; update < n; update++)
                engine->arena[0][r * engine->n_real + i] += rate > 1000 ? INFINITY : rate;
            engine->arena[1][r * engine->n_real + i] += (double)n;
        }
    }
    if (fake.sleep_us)
        usleep((useconds_t)(fake.sleep_us * n));
    return 0;
}

static int fake_evaluate(gk_engine *engine, int set, const bool *active, gk_metrics *out)
{
    (void)set;
    for (int64_t r = 0; r < engine->problem.n_replica; r++)
        if (active[r]) {
            double share = engine->arena[1][r * engine->n_real] * engine->problem.hyper[r].learning_rate / 100;
            out[r] = (gk_metrics){ .accuracy = fmin(1, share), .loss = share > 10 ? INFINITY : 1 - fmin(1, share) };
        }
    return 0;
}

static int fake_norms(gk_engine *engine, const bool *active, double *global, double *per_param)
{
    for (int64_t r = 0; r < engine->problem.n_replica; r++)
        if (active[r]) {
            global[r] = engine->arena[0][r * engine->n_real];
            for (int i = 0; i < engine->problem.graph->n_param; i++)
                per_param[r * engine->problem.graph->n_param + i] = global[r] + i;
        }
    return 0;
}

static const gk_backend fake_backend = {
    .name = "fake", .real = GK_F64, .memory = fake_memory, .open = fake_open, .close = fake_close, .depth = fake_depth,
    .read = fake_read, .write = fake_write, .run = fake_run, .evaluate = fake_evaluate, .norms = fake_norms,
};

#endif
