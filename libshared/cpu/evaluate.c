/* evaluate.c -- metrics of whole row sets, and norms. */
#include <math.h>

#include "cpu/engine.h"

typedef struct gk_evaluation { int set; gk_metrics *out; double *const *logits; } gk_evaluation;

/* Logits of the block that has just been computed, in the rows' places. */
static void copy_logits(const gk_engine *engine, const gk_work *work, double *out)
{
    const gk_node *logits = engine->graph->logits;
    const gk_real *from   = work->data[logits->id];

    out += work->first_row * logits->size;
    for (int64_t i = 0; i < work->n_row * logits->size; i++)
        out[i] = from[i];
}

static gk_metrics means(const gk_metrics *block, int64_t n_block, double n)
{
    gk_metrics sum = { 0 };

    for (; n_block > 0; block++, n_block--) {
#define SUM(field, when, meaning) sum.field += block->field;
#include "graph/metrics.def"
#undef SUM
    }
#define SUM(field, when, meaning) sum.field /= n;
#include "graph/metrics.def"
#undef SUM
    return sum;
}

static void evaluate_job(gk_engine *engine, gk_crew *crew, gk_team team, int64_t replica, gk_units units, void *context)
{
    (void)units;
    const gk_evaluation *to   = context;
    gk_desk             *desk = gk_my_desk(engine);
    gk_state             state = gk_state_of(engine, crew, replica);
    gk_work              work  = gk_work_of(engine, desk, replica, 0, false);
    gk_batch             batch = { &engine->problem.rows[to->set][replica], NULL, engine->problem.rows[to->set][replica].n };
    int64_t              n_block = gk_n_block(engine, batch.n);

    work.asked = engine->problem.sums;
    gk_bind(engine, desk, crew, state.param, crew->grad);
    gk_step_forward(engine, &work, team);
    for (int64_t block = team.rank; block < n_block; block += team.n_thread) {
        crew->block_sums[block] = (gk_metrics){ 0 };
        work.sums               = &crew->block_sums[block];
        gk_block(engine, desk, &work, &batch, block);
        if (to->logits)
            copy_logits(engine, &work, to->logits[replica]);
    }
    gk_team_barrier(&team);
    if (team.rank == 0 && to->out)
        to->out[replica] = means(crew->block_sums, n_block, (double)batch.n);
    gk_team_barrier(&team);
}

static int evaluate(gk_engine *engine, const bool *active, gk_evaluation to)
{
    gk_job job = { .act = evaluate_job, .context = &to, .n_unit = 1 };

    gk_job_rows(engine, to.set, 0, &job);
    gk_for_each_replica(engine, active, &job);
    return 0;
}

int gk_cpu_evaluate(gk_engine *engine, int set, const bool *active, gk_metrics *out)
{
    return evaluate(engine, active, (gk_evaluation){ set, out, NULL });
}

int gk_cpu_predict(gk_engine *engine, int set, const bool *active, double *const *out)
{
    return evaluate(engine, active, (gk_evaluation){ set, NULL, out });
}

typedef struct gk_norms { double *global, *per_param; } gk_norms;

static void norms_job(gk_engine *engine, gk_crew *crew, gk_team team, int64_t replica, gk_units units, void *context)
{
    (void)units;
    const gk_norms *to    = context;
    gk_state        state = gk_state_of(engine, crew, replica);
    double          sum   = 0;

    if (team.rank == 0) {
        gk_square_norms(&state, crew->tensor_sum);
        for (int t = 0; t < state.n_tensor; t++) {
            sum += crew->tensor_sum[t];
            if (to->per_param)
                to->per_param[replica * state.n_tensor + t] = sqrt(crew->tensor_sum[t]);
        }
        to->global[replica] = sqrt(sum);
    }
    gk_team_barrier(&team);
}

int gk_cpu_norms(gk_engine *engine, const bool *active, double *global, double *per_param)
{
    gk_norms to  = { global, per_param };
    gk_job   job = { .act = norms_job, .context = &to, .n_unit = 1, .n_part = 1 };

    gk_for_each_replica(engine, active, &job);
    return 0;
}
