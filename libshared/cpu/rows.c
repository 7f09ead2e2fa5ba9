/* rows.c -- blocks of rows through the graph: a block goes forward and backward while its activations are in cache. */
#include <omp.h>
#include <string.h>

#include "cpu/engine.h"
#include "graph/formula.h"

static gk_kernel *const forward_kernels[GK_N_OP] = {
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) [GK_OP_##name] = cpu_##name##_forward,
#include "graph/ops.def"
};

static gk_kernel *const backward_kernels[GK_N_OP] = {
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) [GK_OP_##name] = cpu_##name##_backward,
#include "graph/ops.def"
};

/* Blocks that n rows are cut into: all of nearly the same size, and a multiple of the lanes if there are more. */
int64_t gk_n_block(const gk_engine *engine, int64_t n_row)
{
    int64_t n = (n_row + engine->block_rows - 1) / engine->block_rows;

    return n <= GK_MAX_LANE ? n : (n + GK_MAX_LANE - 1) / GK_MAX_LANE * GK_MAX_LANE;
}

void gk_job_rows(const gk_engine *engine, int set, int64_t batch, gk_job *job)
{
    int64_t most = 0, fewest = INT64_MAX;

    for (int64_t r = 0; r < engine->problem.n_replica; r++) {
        int64_t n = engine->problem.rows[set][r].n;
        n         = batch > 0 && batch < n ? batch : n;
        most      = n > most ? n : most;
        fewest    = n < fewest ? n : fewest;
    }
    job->n_part    = gk_n_block(engine, most);
    job->is_uneven = fewest < most;
}

gk_desk *gk_my_desk(gk_engine *engine)
{
    return &engine->desk[omp_get_thread_num()];
}

void gk_bind(gk_engine *engine, gk_desk *desk, gk_crew *crew, const gk_real *param, gk_real *grad)
{
    const gk_graph *graph = engine->graph;
    int64_t         n_param = graph->n_param_real, at = 0;
    gk_real        *gradients = desk->rows + graph->n_row_result * engine->block_rows;

    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        gk_real       *data = NULL, *to = NULL;
        if (!node->used)
            continue;
        if (node->shares) {
            data = desk->data[node->shares->id];
            to   = desk->grad[node->shares->id];
        } else if (node->op == GK_OP_PARAM) {
            data = (gk_real *)param + node->offset;
            to   = grad + node->offset;
        } else if (node->op == GK_OP_CONSTANT) {
            data = engine->constant + node->offset;
        } else if (node->op == GK_OP_CONST_INDEX) {
            desk->node_index[i] = node->index;
        } else if (node->op == GK_OP_INPUT_INDEX) {
            desk->node_index[i] = desk->index + at;
            at += node->size * engine->block_rows;
        } else if (node->rate == GK_STEP_RATE) {
            data = crew->step_data + node->offset - n_param;
            to   = grad + node->offset;
        } else {
            data = desk->rows + node->offset * engine->block_rows;
            to   = gradients + node->grad_offset * engine->block_rows;
        }
        desk->aux[i]  = gradients + (graph->n_row_gradient + node->aux_offset) * engine->block_rows;
        desk->data[i] = data;
        desk->grad[i] = node->needs_grad ? to : NULL;
    }
}

gk_work gk_work_of(gk_engine *engine, gk_desk *desk, int64_t replica, uint64_t step, bool training)
{
    return (gk_work){ .data = desk->data, .grad = desk->grad, .index = desk->node_index, .label = desk->label, .aux = desk->aux,
                      .training = training, .hyper = &engine->problem.hyper[replica],
                      .dropout = engine->problem.hyper[replica].dropout,
                      .seed = engine->problem.seed[replica], .step = step, .scratch = desk->scratch, .n_part = 1 };
}

static void step_kernels(gk_kernel *const *kernels, const gk_node *node, gk_work *work, gk_team team)
{
    work->n_part = gk_n_part(node);
    for (work->part = team.rank; work->part < work->n_part; work->part += team.n_thread)
        kernels[node->op](work, node);
    gk_team_barrier(&team);
}

void gk_step_forward(gk_engine *engine, gk_work *work, gk_team team)
{
    for (int i = 0; i < engine->graph->n_node; i++) {
        const gk_node *node = engine->graph->node[i];
        if (node->used && gk_is_op(node) && node->rate == GK_STEP_RATE)
            step_kernels(forward_kernels, node, work, team);
    }
}

void gk_step_backward(gk_engine *engine, gk_work *work, gk_team team)
{
    for (int i = engine->graph->n_node - 1; i >= 0; i--) {
        const gk_node *node = engine->graph->node[i];
        if (node->used && gk_is_op(node) && node->rate == GK_STEP_RATE && node->needs_grad)
            step_kernels(backward_kernels, node, work, team);
    }
}

static void gather_targets(gk_engine *engine, gk_desk *desk, const gk_rows *rows, const gk_node *node, int64_t n_row)
{
    for (int64_t i = 0; i < n_row; i++) {
        const gk_real *from = (const gk_real *)rows->target + desk->row[i] * engine->graph->n_target_real + node->target;
        memcpy(desk->data[node->id] + i * node->size, from, (size_t)node->size * sizeof(gk_real));
    }
}

/* In evaluation a loss sums what it counts; in training its forward has nothing to do.  Without targets a KL term is left out. */
static bool forward_is_due(const gk_graph *graph, const gk_node *node, const gk_work *work, const gk_batch *batch)
{
    if (!node->used || !gk_is_op(node) || node->rate != GK_ROW_RATE)
        return false;
    for (int i = 0; i < graph->n_loss; i++)
        if (node == graph->loss[i])
            return work->sums && (i == 0 || batch->rows->target);
    return true;
}

/* Indices or reals of an item into those of a row. */
static void gather_indices(const gk_node *leaf, int64_t item, int32_t *row)
{
    memcpy(row, leaf->index + item * leaf->size, (size_t)leaf->size * sizeof *row);
}

static void gather_reals(const gk_node *leaf, int64_t item, gk_real *restrict row)
{
    for (int64_t j = 0; j < leaf->size; j++)
        row[j] = gk_input_at(leaf, item * leaf->size + j);
}

/* Inputs, labels and targets of rows [begin, end) of the batch. */
static void gather(gk_engine *engine, gk_desk *desk, gk_work *work, const gk_batch *batch, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++) {
        int64_t row             = batch->order ? batch->order[i] : i;
        desk->item[i - begin]  = batch->rows->item[row];
        desk->label[i - begin] = batch->rows->label[row];
        desk->row[i - begin]   = row;
        if (batch->rows->terms)
            desk->terms[i - begin] = batch->rows->terms[row];
    }
    work->terms = batch->rows->terms ? desk->terms : NULL;
    memcpy(work->term_scale, batch->rows->term_scale, sizeof work->term_scale);
    for (int i = 0; i < engine->graph->n_node; i++) {
        const gk_node *node = engine->graph->node[i];
        if (node->used && node->op == GK_OP_TARGET && batch->rows->target)
            gather_targets(engine, desk, batch->rows, node, end - begin);
        if (!node->used || (node->op != GK_OP_INPUT_INDEX && node->op != GK_OP_INPUT_REAL))
            continue;
        for (int64_t row = 0; row < end - begin; row++)
            if (node->op == GK_OP_INPUT_INDEX)
                gather_indices(node, desk->item[row], (int32_t *)desk->node_index[i] + row * node->size);
            else
                gather_reals(node, desk->item[row], desk->data[i] + row * node->size);
    }
    work->n_row     = end - begin;
    work->first_row = begin;
}

void gk_block(gk_engine *engine, gk_desk *desk, gk_work *work, const gk_batch *batch, int64_t block)
{
    const gk_graph *graph   = engine->graph;
    int64_t         n_block = gk_n_block(engine, batch->n);

    gather(engine, desk, work, batch, batch->n * block / n_block, batch->n * (block + 1) / n_block);
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        gk_kernel     *kernel = forward_kernels[node->op];    /* NULL: a leaf */
        if (kernel && forward_is_due(graph, node, work, batch))
            kernel(work, node);
    }
    for (int i = graph->n_node - 1; !work->sums && i >= 0; i--) {
        const gk_node *node = graph->node[i];
        gk_kernel     *kernel = backward_kernels[node->op];
        if (kernel && node->used && node->rate == GK_ROW_RATE && node->needs_grad)
            kernel(work, node);
    }
}
