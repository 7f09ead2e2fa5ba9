/* recorder.c -- records: what metrics.def lists, of every replica at one step. */
#include "train/trainer_private.h"

#include <math.h>

/* --- of rows ------------------------------------------------------------------------------------------------------------ */

/* Means over the sets of one kind, each weighted by its rows. */
static gk_metrics over_groups(const gk_trainer *trainer, gk_eval_kind kind, int64_t replica)
{
    gk_metrics sum = { 0 };
    double     n = 0;
    for (int i = 0; i < trainer->n_eval; i++) {
        const gk_eval    *eval = &trainer->eval[i];
        const gk_metrics *m = &eval->metrics[replica];
        double n_row = (double)trainer->problem.rows[eval->set][replica].n;
        if (eval->kind != kind || n_row == 0)
            continue;
        n += n_row;
#define SUM(field, when, meaning) sum.field += n_row * m->field;
#include "graph/metrics.def"
#undef SUM
    }
#define SUM(field, when, meaning) sum.field /= n;
#include "graph/metrics.def"
#undef SUM
    return sum;
}

int gk_trainer_evaluate(gk_trainer *trainer)
{
    bool alone = trainer->eval[0].group < 0;
    for (int i = 0; i < trainer->n_eval; i++)
        if (trainer->backend->evaluate(trainer->engine, trainer->eval[i].set, trainer->active, trainer->eval[i].metrics) < 0)
            return -1;
    for (int64_t replica = 0; replica < trainer->plan_group->n_replica; replica++) {
        trainer->train[replica] = alone ? trainer->eval[0].metrics[replica] : over_groups(trainer, GK_EVAL_TRAIN, replica);
        trainer->test[replica] = alone ? trainer->eval[1].metrics[replica] : over_groups(trainer, GK_EVAL_TEST, replica);
    }
    return 0;
}

double gk_mean_of(const gk_metrics *m, int which)
{
    switch (which) {
#define SUM(field, when, meaning) case GK_SUM_##field: return m->field;
#include "graph/metrics.def"
#undef SUM
    default: return NAN;
    }
}

/* Over all rows that are taught, train rows or rehearsed. */
static double mean_of_taught(const gk_trainer *trainer, int which, int64_t replica)
{
    double sum = 0, n = 0;
    for (int i = 0; i < trainer->n_eval; i++) {
        double n_taught = (double)trainer->eval[i].n_taught[replica];
        sum += n_taught > 0 ? n_taught * gk_mean_of(&trainer->eval[i].metrics[replica], which) : 0;
        n += n_taught;
    }
    return n > 0 ? sum / n : NAN;
}

/* The set of one task's train or test items. */
static const gk_metrics *of_task(const gk_trainer *trainer, bool train, int task)
{
    for (int i = 0; i < trainer->n_eval; i++) {
        const gk_eval *eval = &trainer->eval[i];
        bool is_test = eval->kind == GK_EVAL_TEST || eval->kind == GK_EVAL_HELD;
        if (eval->group == task && (train ? eval->kind == GK_EVAL_TRAIN : is_test))
            return eval->metrics;
    }
    return NULL;
}

static double value_of_rows(const gk_trainer *trainer, const gk_recorded *recorded, int64_t replica)
{
    const gk_metric_info *info = &gk_metric_table[recorded->metric];
    bool train = info->of == GK_OF_TRAIN;
    if (info->of == GK_OF_TAUGHT)
        return mean_of_taught(trainer, info->sum, replica);
    if (recorded->section > 0)
        return gk_section_mean(trainer, recorded->section, train, info->sum, replica);
    const gk_metrics *all = train ? trainer->train : trainer->test;
    if (recorded->part >= 0)
        all = of_task(trainer, train, recorded->part);
    gk_assert(all != NULL);
    return gk_mean_of(&all[replica], info->sum);
}

/* --- of replicas as they are; member: of a family, else -1 ---------------------------------------------------------------- */

typedef double gk_value(const gk_trainer *trainer, int64_t replica, int member);

static double value_of_L2_NORM(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return trainer->norm[replica];
}

static double value_of_LEARNING_RATE(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return gk_learning_rate(&trainer->problem.update, &trainer->problem.hyper[replica], trainer->group->step);
}

static double norm_of_part(const gk_trainer *trainer, int64_t replica, gk_part part)
{
    double square = 0;
    for (int i = 0; i < trainer->graph.n_param; i++) {
        double norm = trainer->param_norm[replica * trainer->graph.n_param + i];
        square += trainer->graph.param[i]->part == part ? norm * norm : 0;
    }
    return sqrt(square);
}

static double value_of_NORM_EMBEDDING(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return norm_of_part(trainer, replica, GK_PART_EMBEDDING);
}

static double value_of_NORM_HIDDEN(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return norm_of_part(trainer, replica, GK_PART_HIDDEN);
}

static double value_of_NORM_UNEMBEDDING(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return norm_of_part(trainer, replica, GK_PART_UNEMBEDDING);
}

static double value_of_GRADIENT_NORM(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return trainer->gradient_norm[replica];
}

static double value_of_UPDATE_NORM(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return trainer->update_norm[replica];
}

static double value_of_CLIPPED(const gk_trainer *trainer, int64_t replica, int member)
{
    (void)member;
    return trainer->n_clipped[replica] / (double)trainer->group->step;
}

static double value_of_NORM(const gk_trainer *trainer, int64_t replica, int member)
{
    return trainer->param_norm[replica * trainer->graph.n_param + member];
}

static gk_value *const values[GK_N_METRIC] = {
#define MEAN(id, name, set, sum, when, tasks, kind, unit, words, meaning)
#define VALUE(id, name, when, kind, unit, words, meaning) [GK_##id] = value_of_##id,
#define FAMILY VALUE
#include "graph/metrics.def"
#undef MEAN
#undef VALUE
#undef FAMILY
};

/* --- records ------------------------------------------------------------------------------------------------------------ */

int gk_trainer_record(gk_trainer *trainer)
{
    const gk_backend *backend = trainer->backend;
    gk_history *history = trainer->group->history;
    int64_t record = gk_history_append(history, trainer->group->step);
    if (record < 0 || gk_trainer_evaluate(trainer) < 0 ||
        backend->norms(trainer->engine, trainer->active, trainer->norm, trainer->param_norm) < 0 ||
        gk_trainer_measure_now(trainer) < 0)
        return -1;
    for (int i = 0; i < trainer->n_recorded; i++) {
        const gk_recorded *recorded = &trainer->recorded[i];
        gk_value *value = values[recorded->metric];
        for (int64_t replica = 0; replica < trainer->group->n_replica; replica++)
            if (trainer->active[replica])
                gk_history_at(history, i, record)[replica] = value ? value(trainer, replica, recorded->part)
                                                                   : value_of_rows(trainer, recorded, replica);
    }
    return 0;
}
