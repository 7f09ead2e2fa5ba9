/* freeze.c -- gk_graph_freeze: what is used, what is done in place, who writes a gradient first, and where everything stands.
 *
 * Memory, all in reals and rounded up to GK_ALIGN so that every replica is aligned alike:
 *   parameters      [P]               offset within the parameter arena
 *   step results    [n_step_real - P] offset - P within the step arena; gradients of both share one lane [n_step_real]
 *   row results     offset within [n_row_result] reals per row
 *   their gradients grad_offset within [n_row_gradient] per row: a place is used again once its node's backward is done
 *   n_aux of each node */
#include <string.h>

#include "graph/graph.h"

enum { GK_ALIGN = 16 };

static int64_t align(int64_t n)
{
    return (n + GK_ALIGN - 1) / GK_ALIGN * GK_ALIGN;
}

static void mark_used(gk_graph *graph)
{
    graph->logits->used = true;
    graph->logits->n_consumer++;    /* whoever reads it afterwards: nobody may overwrite it */
    for (int i = 0; i < graph->n_loss; i++)
        graph->loss[i]->used = true;
    for (int i = graph->n_node - 1; i >= 0; i--)
        for (int s = 0; graph->node[i]->used && s < graph->node[i]->n_src; s++) {
            graph->node[i]->src[s]->used = true;
            graph->node[i]->src[s]->n_consumer++;
        }
}

/* May y's result take the place of its first source?  Only if nobody else reads the source, now or in the backward. */
static bool can_share(const gk_node *y)
{
    const gk_node *x = y->src[0];

    if (!gk_is_op(x) || x->rate != y->rate)
        return gk_op_is(y->op, GK_VIEW) && x->op == GK_OP_INPUT_REAL;
    if (gk_op_is(y->op, GK_VIEW))
        return true;
    if (x->n_consumer != 1 || gk_op_is(x->op, GK_VIEW) || gk_node_reads(x) == GK_READS_RESULT)
        return false;
    if (x->needs_grad != y->needs_grad)
        return false;    /* without a gradient of its own, x has no place for y's */
    return gk_op_is(y->op, GK_IN_PLACE) && gk_node_reads(y) != GK_READS_SOURCE;
}

/* In reverse order the first consumer of a row-rate source writes its gradient, the others add.  Step-rate gradients are summed
 * over blocks of rows: always added into zeroed memory. */
static void decide_accumulation(gk_graph *graph)
{
    bool *written = gk_arena_alloc(&graph->arena, (size_t)graph->n_node);

    for (int i = graph->n_node - 1; i >= 0; i--) {
        gk_node *y = graph->node[i];
        for (int s = 0; y->used && y->needs_grad && s < y->n_src; s++) {
            gk_node *x = graph->node[gk_root(y->src[s])->id];
            if (!y->src[s]->needs_grad)
                continue;
            y->accumulate[s] = x->rate == GK_STEP_RATE || written[x->id];
            written[x->id]   = true;
        }
    }
}

/* --- memory ------------------------------------------------------------------------------------------------------------ */

/* The lowest place for `node` among `n` gradients that are there, numbers of nodes in ascending order of place; it joins them. */
static int place(gk_graph *graph, int *there, int n, gk_node *node)
{
    int64_t end = 0;
    int     at = 0;

    for (; at < n && graph->node[there[at]]->grad_offset - end < node->size; at++)
        end = graph->node[there[at]]->grad_offset + graph->node[there[at]]->size;
    node->grad_offset = end;
    memmove(there + at + 1, there + at, (size_t)(n - at) * sizeof *there);
    there[at] = node->id;
    return n + 1;
}

static int take_away(int *there, int n, const gk_node *node)
{
    int at = 0;

    while (at < n && there[at] != node->id)
        at++;
    if (at == n)
        return n;
    memmove(there + at, there + at + 1, (size_t)(n - at - 1) * sizeof *there);
    return n - 1;
}

/* A block of rows goes backward node by node: a gradient is there from the backward that is the first to write it until that of
 * its own node. */
static void lay_out_gradients(gk_graph *graph)
{
    int  *there = gk_arena_alloc(&graph->arena, ((size_t)graph->n_node + 1) * sizeof *there), n = 0;
    bool *placed = gk_arena_alloc(&graph->arena, (size_t)graph->n_node * sizeof *placed);

    for (int i = graph->n_node - 1; i >= 0; i--) {
        gk_node *y = graph->node[i];
        for (int s = 0; y->used && y->needs_grad && s < y->n_src; s++) {
            gk_node *x = graph->node[gk_root(y->src[s])->id];
            if (!y->src[s]->needs_grad || x->rate != GK_ROW_RATE || placed[x->id])
                continue;
            n = place(graph, there, n, x);
            placed[x->id] = true;
            if (x->grad_offset + x->size > graph->n_row_gradient)
                graph->n_row_gradient = x->grad_offset + x->size;
        }
        n = take_away(there, n, y);
    }
}

static void count_flops(gk_graph *graph, const gk_node *y)
{
    *(y->rate == GK_ROW_RATE ? &graph->flops_row : &graph->flops_step) += 2 * y->size * y->n_product;
}

static void lay_out(gk_graph *graph)
{
    int64_t row = 0, aux = 0, constant = 0;

    for (int i = 0; i < graph->n_param; i++) {
        graph->param[i]->offset = graph->n_param_real;
        graph->n_param_real += align(graph->param[i]->size);
    }
    graph->n_step_real = graph->n_param_real;
    for (int i = 0; i < graph->n_node; i++) {
        gk_node *node = graph->node[i];
        if (!node->used)
            continue;
        count_flops(graph, node);
        node->aux_offset = aux;
        aux += node->n_aux;
        if (node->shares || node->op == GK_OP_PARAM) {
            continue;
        } else if (node->op == GK_OP_CONSTANT) {
            node->offset = constant;
            constant += align(node->size);
        } else if (node->rate == GK_STEP_RATE && gk_is_op(node)) {
            node->offset = graph->n_step_real;
            graph->n_step_real += align(node->size);
        } else if (node->rate == GK_ROW_RATE) {
            node->offset = row;
            row += node->size;
        }
    }
    graph->n_constant_real = constant;
    graph->n_row_result    = row;
    graph->n_row_real      = row + graph->n_row_gradient + aux;
}

static void set_losses(gk_graph *graph, gk_node *loss)
{
    graph->loss[0] = loss;
    if (graph->n_loss == 0)
        graph->n_loss = 1;
    for (int i = 0; i < graph->n_loss; i++) {
        if (!graph->failed && !gk_op_is(graph->loss[i]->op, GK_LOSS))
            gk_graph_fail(graph, "'%s' is not a loss", gk_op_name(graph->loss[i]->op));
        graph->loss[i]->args.loss.n_teach = graph->n_loss - 1;
    }
}

int gk_graph_freeze(gk_graph *graph, gk_node *logits, gk_node *loss)
{
    graph->logits = logits;
    set_losses(graph, loss);
    if (graph->failed)
        return -1;
    if (graph->n_group == 0)
        graph->n_group = 1;
    mark_used(graph);
    for (int i = 0; i < graph->n_param; i++)
        if (!graph->param[i]->used) {
            gk_graph_fail(graph, "parameter '%s' has no effect on the loss", graph->param[i]->name);
            return -1;
        }
    for (int i = 0; i < graph->n_node; i++)
        if (graph->node[i]->used && graph->node[i]->n_src && can_share(graph->node[i]))
            graph->node[i]->shares = graph->node[i]->src[0];
    decide_accumulation(graph);
    lay_out_gradients(graph);
    lay_out(graph);
    return 0;
}
