/* storage.cu -- how the nodes of a row are stored: as reals, or in bfloat16 where `--precision bf16` asks for it.
 *
 * Narrow are data and gradients of all row-rate nodes, but for the data of what a loss reads, its targets and the logits: a loss
 * of 1e-7 cannot be had from logits of eight bits.  Everything of step rate, and what belongs to an op alone (attention weights,
 * sums, means), stays as it is.  Products need operands of one type: for them parameters and what they read of step rate are
 * rounded once a step, into `mirror`, and a node that a loss and a product read has a narrow copy beside it. */
#include "engine.h"

#if GK_REAL_BITS == 32
namespace bf16 { extern const f32::gk_kernels gk_kernels_here; }
#define NARROW_KERNELS bf16::gk_kernels_here
#else
#define NARROW_KERNELS gk_kernels_here    /* never asked for */
#endif

namespace GK_REALS {

bool gk_cuda_is_narrow(const gk_problem *problem)
{
    return GK_REAL_BITS == 32 && problem->product == GK_PRODUCT_BF16 && !gk_cuda_may_be_resident(problem);
}

const gk_kernels *gk_kernels_of(bool narrow)
{
    return narrow ? &NARROW_KERNELS : &gk_kernels_here;
}

const gk_kernels *gk_cuda_kernels(bool narrow, const gk_node *node)
{
    return gk_kernels_of(narrow && node->rate == GK_ROW_RATE);
}

/* Is the place of a row-rate node read by a loss, or as logits from without? */
static bool is_full(const gk_graph *graph, const gk_node *node)
{
    bool full = gk_root(graph->logits) == node;
    for (int i = 0; i < graph->n_loss; i++)
        for (int s = 0; s < graph->loss[i]->n_src; s++)
            full = full || gk_root(graph->loss[i]->src[s]) == node;
    return full;
}

static bool is_multiplied(const gk_node *y)
{
    return y->used && y->rate == GK_ROW_RATE && y->n_product > 0;
}

static bool is_operand(const gk_graph *graph, const gk_node *node)
{
    for (int i = 0; i < graph->n_node; i++)
        for (int s = 0; is_multiplied(graph->node[i]) && s < graph->node[i]->n_src; s++)
            if (gk_root(graph->node[i]->src[s]) == node)
                return true;
    return false;
}

/* Places of a row, with pads. */
static int64_t places_of(const gk_node *node, const int64_t *width)
{
    return node->size / gk_last_dim(node) * width[node->id];
}

int64_t gk_cuda_store(const gk_graph *graph, bool narrow, const int64_t *width, gk_stored *stored)
{
    int64_t n_cell = 0;

    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        if (!node->used || node->rate != GK_ROW_RATE || node->shares)
            continue;
        int64_t   n = places_of(node, width);
        gk_stored at = { !narrow || is_full(graph, node), n_cell, -1 };
        n_cell += n;
        if (narrow && at.full)
            n_cell += n;
        if (narrow && at.full && is_operand(graph, node)) {
            at.copy = n_cell;
            n_cell += n;
        }
        stored[i] = at;
    }
    return n_cell;
}

int gk_cuda_open_storage(gk_cuda *engine)
{
    const gk_graph *graph = engine->graph;
    size_t          n_node = (size_t)graph->n_node;

    engine->stored = (gk_stored *)calloc(n_node, sizeof(gk_stored));
    engine->data = (gk_span *)calloc(n_node, sizeof(gk_span));
    engine->operand = engine->narrow ? (gk_span *)calloc(n_node, sizeof(gk_span)) : engine->data;
    if (!engine->stored || !engine->data || !engine->operand)
        return gk_cuda_error("out of memory for %lld nodes", (long long)n_node);
    engine->row_cells = gk_cuda_store(graph, engine->narrow, engine->width, engine->stored);
    if (!engine->narrow)
        return 0;
    engine->mirror = (gk_bf16 *)gk_cuda_alloc(engine, engine->wave * graph->n_step_real * (int64_t)sizeof(gk_bf16), "operands");
    engine->constant_mirror = (gk_bf16 *)gk_cuda_alloc(engine, graph->n_constant_real * (int64_t)sizeof(gk_bf16), "operands");
    return engine->mirror && engine->constant_mirror ? 0 : -1;
}

gk_span gk_cuda_row_span(const gk_cuda *engine, int64_t place, const gk_node *node, int64_t n_row, bool full)
{
    bool    narrow = engine->narrow && !full;
    gk_span span = { gk_behind(engine->row_reals, engine->row_room * place, engine->narrow),
                     n_row * places_of(node, engine->width), narrow };
    return span;
}

void gk_cuda_leave_biases(const gk_cuda *engine, const gk_node **finisher)
{
    for (int i = 0; i < engine->graph->n_node; i++)
        if (finisher[i] && engine->narrow && finisher[i]->rate == GK_ROW_RATE && engine->stored[gk_root(finisher[i])->id].full)
            finisher[i] = NULL;
}

void gk_cuda_bind_operand(gk_cuda *engine, const gk_node *node, int64_t n_row)
{
    const gk_node   *at = gk_root(node);
    const gk_stored *stored = &engine->stored[at->id];
    gk_span          operand = engine->data[node->id];

    if (!engine->narrow)
        return;
    if (at->op == GK_OP_CONSTANT)
        operand = { engine->constant_mirror + at->offset, 0, true };
    else if (at->rate == GK_STEP_RATE)
        operand = { engine->mirror + at->offset, engine->graph->n_step_real, true };
    else if (stored->copy >= 0)
        operand = gk_cuda_row_span(engine, stored->copy, node, n_row, false);
    engine->operand[node->id] = operand;
}

/* --- what is rounded once more, for products --------------------------------------------------------------------------- */

static void round_node(const gk_cuda *engine, const gk_work *work, const gk_node *node)
{
    gk_work once = *work;
    if (node->op == GK_OP_CONSTANT)
        once.n_replica = 1;
    gk_kernels_of(true)->copy(&once, engine->operand[node->id], engine->data[node->id],
                              gk_n_line(work, node) * gk_width(work, node));
}

/* Parameters in one launch, since most of them are operands, or biases of products. */
void gk_cuda_round_steps(const gk_cuda *engine, const gk_work *work)
{
    const gk_graph *graph = engine->graph;
    const gk_node  *first = graph->param[0];

    if (!engine->narrow)
        return;
    gk_kernels_of(true)->copy(work, gk_from(engine->operand[first->id], -first->offset),
                               gk_from(engine->data[first->id], -first->offset), graph->n_param_real);
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        if (node->used && node->rate == GK_STEP_RATE && node->op != GK_OP_PARAM && !node->shares && is_operand(graph, node))
            round_node(engine, work, node);
    }
}

void gk_cuda_round_sources(const gk_cuda *engine, const gk_work *work, const gk_node *y)
{
    for (int s = 0; engine->narrow && is_multiplied(y) && s < y->n_src; s++) {
        const gk_node *x = gk_root(y->src[s]);
        if (x->rate == GK_ROW_RATE && engine->stored[x->id].copy >= 0)
            round_node(engine, work, x);
    }
}

}
