/* step.c -- updates of replicas: gradient of a batch in lanes, then the optimiser.  */
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "cpu/engine.h"

gk_state gk_state_of(gk_engine *engine, gk_crew *crew, int64_t replica)
{
    int64_t  n_real = engine->graph->n_param_real;
    gk_state state  = { .update = &engine->problem.update, .hyper = &engine->problem.hyper[replica],
                        .n_chunk = engine->n_chunk, .n_live = engine->n_live, .n_tensor = engine->graph->n_param,
                        .chunk = engine->chunk, .n_real = n_real, .graph = engine->graph,
                        .n_whole = engine->n_whole, .whole = crew->whole,
                        .n_sphere = engine->n_sphere, .on = engine->on,
                        .scalar = engine->scalar + replica * engine->n_scalar, .seed = engine->problem.seed[replica],
                        .partial = crew->partial, .tensor_sum = crew->tensor_sum, .grad = crew->grad };

    state.n_pace = gk_problem_n_pace(engine->graph, &engine->problem.update);
    for (int i = 0; i < state.n_pace; i++)
        state.pace_hyper[i] = gk_problem_hyper(&engine->problem, replica, i);
    if (engine->problem.seen)
        state.seen = engine->problem.seen[replica];
    for (int kind = 0; kind < GK_N_ARENA; kind++)
        state.arena[kind] = engine->arena[kind] ? engine->arena[kind] + replica * engine->depth[kind] * n_real : NULL;
    state.param = state.arena[GK_ARENA_PARAM];
    return state;
}

static int64_t n_lane_of(int64_t n_block)
{
    return n_block < GK_MAX_LANE ? n_block : GK_MAX_LANE;
}

/* The batch of update `step`: all rows in order, or a stretch of the epoch's permutation; the last one may be short. */
static gk_batch batch_of(gk_engine *engine, gk_team team, int64_t replica, int64_t step)
{
    const gk_rows *rows = &engine->problem.rows[GK_TRAIN_ROWS][replica];
    int64_t        size = engine->problem.update.batch, per_epoch, begin;
    int32_t       *order;

    if (!engine->order || size >= rows->n)
        return (gk_batch){ rows, NULL, rows->n };
    order     = engine->order + replica * engine->max_train;
    per_epoch = (rows->n + size - 1) / size;
    begin     = step % per_epoch * size;
    if (engine->epoch[replica] != step / per_epoch) {
        gk_team_barrier(&team);
        if (team.rank == 0) {
            gk_assert(gk_rng_permutation(engine->problem.seed[replica], GK_RNG_BATCH, (uint64_t)(step / per_epoch), order,
                                         rows->n) == 0);
            engine->epoch[replica] = step / per_epoch;
        }
    }
    gk_team_barrier(&team);
    return (gk_batch){ rows, order + begin, begin + size <= rows->n ? size : rows->n - begin };
}

/* Gradients of the blocks of one lane are added to `sum`. */
static void lane_gradient(gk_engine *engine, gk_crew *crew, gk_work *work, const gk_real *param, const gk_batch *batch,
                          int64_t lane, int64_t n_lane, gk_real *sum)
{
    gk_desk *desk    = gk_my_desk(engine);
    int64_t  n_block = gk_n_block(engine, batch->n);

    gk_bind(engine, desk, crew, param, sum);
    for (int64_t block = n_block * lane / n_lane; block < n_block * (lane + 1) / n_lane; block++)
        gk_block(engine, desk, work, batch, block);
}

/* sum += term;  term := 0, for the next lane, while it is at hand */
static void move_to(gk_real *restrict sum, gk_real *restrict term, int64_t n)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        sum[i] += term[i];
        term[i] = 0;
    }
}

/* crew->grad := lane 0 + lane 1 + ...: with many threads each does whole lanes, then a stretch of the sum.  Lanes but the first
 * are 0 when nobody is at work on them. */
static void row_gradient(gk_engine *engine, gk_crew *crew, gk_team team, gk_work *work, const gk_real *param,
                         const gk_batch *batch)
{
    int64_t n = engine->graph->n_step_real, n_lane = n_lane_of(gk_n_block(engine, batch->n));

    if (team.rank == 0)
        memset(crew->grad, 0, (size_t)n * sizeof *crew->grad);
    if (team.n_thread == 1) {
        lane_gradient(engine, crew, work, param, batch, 0, n_lane, crew->grad);
        for (int64_t lane = 1; lane < n_lane; lane++) {
            lane_gradient(engine, crew, work, param, batch, lane, n_lane, crew->lane);
            move_to(crew->grad, crew->lane, n);
        }
        return;
    }
    for (int64_t lane = team.rank; lane < n_lane; lane += team.n_thread)
        lane_gradient(engine, crew, work, param, batch, lane, n_lane, lane == 0 ? crew->grad : crew->lane + lane * n);
    gk_team_barrier(&team);
    int64_t begin = n * team.rank / team.n_thread, end = n * (team.rank + 1) / team.n_thread;
    for (int64_t lane = 1; lane < n_lane; lane++)
        move_to(crew->grad + begin, crew->lane + lane * n + begin, end - begin);
    gk_team_barrier(&team);
}

/* Gradient of the mean loss of the batch into crew->grad. */
static void gradient(gk_engine *engine, gk_crew *crew, gk_team team, int64_t replica, int64_t step, const gk_batch *batch)
{
    gk_desk *desk  = gk_my_desk(engine);
    gk_state state = gk_state_of(engine, crew, replica);
    gk_work  work  = gk_work_of(engine, desk, replica, (uint64_t)step, true);

    if (state.hyper->weight_noise > 0) {
        gk_perturb_replica(&state, crew->noisy, step, team);
        state.param = crew->noisy;
    }
    work.loss_scale = (gk_real)(1.0 / (double)batch->n);
    gk_bind(engine, desk, crew, state.param, crew->grad);
    gk_step_forward(engine, &work, team);
    row_gradient(engine, crew, team, &work, state.param, batch);
    gk_bind(engine, desk, crew, state.param, crew->grad);
    gk_step_backward(engine, &work, team);
}

/* A unit is an update; context: the number of the first. */
static void run_job(gk_engine *engine, gk_crew *crew, gk_team team, int64_t replica, gk_units units, void *context)
{
    const int64_t *first = context;
    gk_state       state = gk_state_of(engine, crew, replica);

    for (int64_t step = *first + units.begin; step < *first + units.end; step++) {
        gk_batch batch = batch_of(engine, team, replica, step);
        gradient(engine, crew, team, replica, step, &batch);
        gk_update_replica(&state, step, team);
    }
}

int gk_cpu_run(gk_engine *engine, int64_t step, int64_t n, const bool *active)
{
    gk_job job = { .act = run_job, .context = &step, .n_unit = n };

    gk_job_rows(engine, GK_TRAIN_ROWS, engine->problem.update.batch, &job);
    job.n_part = n_lane_of(job.n_part);
    gk_for_each_replica(engine, active, &job);
    return 0;
}

static void gradient_job(gk_engine *engine, gk_crew *crew, gk_team team, int64_t replica, gk_units units, void *context)
{
    (void)units;
    gk_batch batch = { &engine->problem.rows[GK_TRAIN_ROWS][replica], NULL, engine->problem.rows[GK_TRAIN_ROWS][replica].n };
    int64_t  n     = engine->graph->n_param_real;

    gradient(engine, crew, team, replica, 0, &batch);
    if (team.rank == 0)
        memcpy((gk_real *)context + replica * n, crew->grad, (size_t)n * sizeof(gk_real));
    gk_team_barrier(&team);
}

int gk_cpu_gradient(gk_engine *engine, void *host)
{
    gk_job job = { .act = gradient_job, .context = host, .n_unit = 1 };

    gk_job_rows(engine, GK_TRAIN_ROWS, 0, &job);
    job.n_part = n_lane_of(job.n_part);
    gk_for_each_replica(engine, NULL, &job);
    return 0;
}
