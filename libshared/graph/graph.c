/* graph.c -- building a static graph: leaves, ops, sticky errors.  Shape rules are in shapes.c, memory in freeze.c. */
#include "graph/graph.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/shapes.h"

GK_CHOICE_NAMES(gk_softmax, GK_SOFTMAXES);

const char *gk_op_name(gk_op op)
{
    return op >= 0 && op < GK_N_OP ? gk_ops[op].name : "?";
}

const char *gk_shape_text(const gk_node *node, char *buffer, int n_bytes)
{
    int used = snprintf(buffer, (size_t)n_bytes, "[");

    for (int i = 0; i < node->n_dim && used < n_bytes; i++)
        used += snprintf(buffer + used, (size_t)(n_bytes - used), "%s%lld", i ? ", " : "", (long long)node->dim[i]);
    if (used < n_bytes)
        snprintf(buffer + used, (size_t)(n_bytes - used), "]");
    return buffer;
}

void gk_graph_init(gk_graph *graph)
{
    memset(graph, 0, sizeof *graph);
}

void gk_graph_release(gk_graph *graph)
{
    free(graph->node);
    free(graph->param);
    gk_arena_release(&graph->arena);
    gk_graph_init(graph);
}

void gk_graph_layer(gk_graph *graph, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(graph->layer, sizeof graph->layer, format, args);
    va_end(args);
}

void gk_graph_fail(gk_graph *graph, const char *format, ...)
{
    char    text[256];
    va_list args;

    if (graph->failed)
        return;
    graph->failed = true;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    gk_error("cannot build layer '%s': %s", graph->layer, text);
}

/* Room for one more node and parameter. */
static void reserve(gk_graph *graph)
{
    if (graph->n_node < graph->capacity)
        return;
    int       capacity = graph->capacity ? 2 * graph->capacity : 64;
    gk_node **node     = realloc(graph->node, (size_t)capacity * sizeof(gk_node *));
    gk_assert(node != NULL);
    graph->node = node;
    node        = realloc(graph->param, (size_t)capacity * sizeof(gk_node *));
    gk_assert(node != NULL);
    graph->param    = node;
    graph->capacity = capacity;
}

static gk_node *new_node(gk_graph *graph, gk_op op, const char *name)
{
    gk_node *node = gk_arena_alloc(&graph->arena, sizeof *node);

    reserve(graph);
    node->op   = op;
    node->rate = gk_ops[op].rate;
    node->id   = graph->n_node;
    node->name = graph->layer[0] && name ? gk_arena_printf(&graph->arena, "%s.%s", graph->layer, name)
                                         : gk_arena_strdup(&graph->arena, name ? name : graph->layer);
    graph->node[graph->n_node++] = node;
    return node;
}

static void set_shape(gk_graph *graph, gk_node *node, int n_dim, va_list dims)
{
    node->n_dim = n_dim;
    node->size  = 1;
    for (int i = 0; i < n_dim; i++) {
        node->dim[i] = va_arg(dims, int64_t);
        if (node->dim[i] < 1 || node->dim[i] > INT32_MAX || node->size > INT32_MAX / node->dim[i]) {
            gk_graph_fail(graph, "'%s' would have a dimension of %lld", node->name, (long long)node->dim[i]);
            node->dim[i] = 1;
        }
        node->size *= node->dim[i];
    }
}

gk_node *gk_param(gk_graph *graph, const char *name, const char *axes, gk_init_law law, double scale, int n_dim, ...)
{
    gk_node *node = new_node(graph, GK_OP_PARAM, name);
    va_list  dims;

    va_start(dims, n_dim);
    set_shape(graph, node, n_dim, dims);
    va_end(dims);
    node->needs_grad = true;
    node->init       = law;
    node->init_scale = scale;
    node->init_text  = law == GK_INIT_NORMAL    ? gk_arena_printf(&graph->arena, "normal(0, %.6g^2)", scale)
                       : law == GK_INIT_UNIFORM ? gk_arena_printf(&graph->arena, "uniform(-%.6g, %.6g)", scale, scale)
                                                : gk_arena_printf(&graph->arena, "fill(%.6g)", scale);
    node->axes  = gk_arena_strdup(&graph->arena, axes);
    node->param = graph->n_param;
    node->part  = graph->part;
    for (int i = 0; i < graph->n_param; i++)
        if (strcmp(graph->param[i]->name, node->name) == 0)
            gk_graph_fail(graph, "there are two parameters '%s'", node->name);
    graph->param[graph->n_param++] = node;
    return node;
}

gk_node *gk_constant(gk_graph *graph, const char *name, const double *values, int n_dim, ...)
{
    gk_node *node = new_node(graph, GK_OP_CONSTANT, name);
    va_list  dims;

    va_start(dims, n_dim);
    set_shape(graph, node, n_dim, dims);
    va_end(dims);
    node->constant = values;
    return node;
}

static gk_node *vector_leaf(gk_graph *graph, gk_op op, const char *name, int64_t n)
{
    gk_node *node = new_node(graph, op, name);

    node->n_dim  = 1;
    node->dim[0] = node->size = n;
    if (n < 1 || n > INT32_MAX)
        gk_graph_fail(graph, "'%s' would have %lld elements", node->name, (long long)n);
    return node;
}

gk_node *gk_const_index(gk_graph *graph, const char *name, const int32_t *values, int64_t n)
{
    gk_node *node = vector_leaf(graph, GK_OP_CONST_INDEX, name, n);

    node->index = values;
    return node;
}

gk_node *gk_input_index(gk_graph *graph, const char *name, const int32_t *values, int64_t n_per_item)
{
    gk_node *node = vector_leaf(graph, GK_OP_INPUT_INDEX, name, n_per_item);

    node->index = values;
    return node;
}

gk_node *gk_input_real(gk_graph *graph, const char *name, const float *values, int64_t n_per_item)
{
    gk_node *node = vector_leaf(graph, GK_OP_INPUT_REAL, name, n_per_item);

    node->real = values;
    return node;
}

gk_node *gk_target(gk_graph *graph, const char *name, int64_t n)
{
    gk_node *node = vector_leaf(graph, GK_OP_TARGET, name, n);

    node->target = graph->n_target_real;
    graph->n_target_real += n;
    return node;
}

/* An op's node: its rate and need of a gradient follow from its sources, its shape from the op's rule. */
static gk_node *new_op(gk_graph *graph, gk_op op, gk_op_args args, int n_src, gk_node *const *src)
{
    gk_node *node = new_node(graph, op, NULL);

    gk_assert(n_src >= gk_ops[op].fewest_src && n_src <= gk_ops[op].most_src);
    node->args  = args;
    node->n_src = n_src;
    for (int i = 0; i < n_src; i++) {
        node->src[i] = src[i];
        node->needs_grad |= src[i]->needs_grad;
        if (src[i]->rate == GK_ROW_RATE)
            node->rate = GK_ROW_RATE;
    }
    node->n_dim = 0;
    node->size  = 1;
    if (!graph->failed)
        gk_shape_rules[op](graph, node);
    for (int i = 0; i < node->n_dim; i++)
        node->size *= node->dim[i];
    return node;
}

gk_node *gk_embed(gk_graph *graph, gk_node *table, gk_node *index)
{
    return new_op(graph, GK_OP_embed, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ table, index });
}

gk_node *gk_embed_sum(gk_graph *graph, gk_node *table, gk_node *index)
{
    return new_op(graph, GK_OP_embed_sum, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ table, index });
}

gk_node *gk_matmul(gk_graph *graph, gk_node *x, gk_node *w)
{
    return new_op(graph, GK_OP_matmul, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ x, w });
}

gk_node *gk_head_matmul(gk_graph *graph, gk_node *x, gk_node *w, int n_head)
{
    return new_op(graph, GK_OP_head_matmul, (gk_op_args){ .head_matmul = { n_head } }, 2, (gk_node *[]){ x, w });
}

gk_node *gk_conv(gk_graph *graph, gk_node *x, gk_node *w, int kernel, int stride, int pad)
{
    return new_op(graph, GK_OP_conv, (gk_op_args){ .conv = { kernel, stride, pad } }, 2, (gk_node *[]){ x, w });
}

gk_node *gk_lstm(gk_graph *graph, gk_node *x, gk_node *w, gk_node *first, gk_node *cell_before)
{
    return new_op(graph, GK_OP_lstm, (gk_op_args){ { 0 } }, first ? 4 : 2, (gk_node *[]){ x, w, first, cell_before });
}

gk_node *gk_lstm_cell(gk_graph *graph, gk_node *x, gk_node *before)
{
    return new_op(graph, GK_OP_lstm_cell, (gk_op_args){ { 0 } }, before ? 2 : 1, (gk_node *[]){ x, before });
}

gk_node *gk_lstm_out(gk_graph *graph, gk_node *x, gk_node *cell)
{
    return new_op(graph, GK_OP_lstm_out, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ x, cell });
}

gk_node *gk_mean_pool(gk_graph *graph, gk_node *x)
{
    return new_op(graph, GK_OP_mean_pool, (gk_op_args){ { 0 } }, 1, (gk_node *[]){ x });
}

gk_node *gk_edge_sum(gk_graph *graph, gk_node *x, gk_node *edges)
{
    return new_op(graph, GK_OP_edge_sum, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ x, edges });
}

gk_node *gk_sum_pool(gk_graph *graph, gk_node *x, gk_node *count)
{
    return new_op(graph, GK_OP_sum_pool, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ x, count });
}

gk_node *gk_bias_act(gk_graph *graph, gk_node *x, gk_node *bias, gk_activation activation, double slope)
{
    gk_op_args args = { .bias_act = { activation, slope } };

    return new_op(graph, GK_OP_bias_act, args, bias ? 2 : 1, (gk_node *[]){ x, bias });
}

gk_node *gk_add(gk_graph *graph, gk_node *a, gk_node *b)
{
    return new_op(graph, GK_OP_add, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ a, b });
}

gk_node *gk_add_scaled(gk_graph *graph, gk_node *a, gk_node *b, gk_node *gain)
{
    return new_op(graph, GK_OP_add_scaled, (gk_op_args){ { 0 } }, 3, (gk_node *[]){ a, b, gain });
}

gk_node *gk_blend(gk_graph *graph, gk_node *a, gk_node *b)
{
    return new_op(graph, GK_OP_blend, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ a, b });
}

gk_node *gk_layernorm(gk_graph *graph, gk_node *x, gk_node *gain, gk_node *bias, double epsilon)
{
    return new_op(graph, GK_OP_layernorm, (gk_op_args){ .norm = { epsilon } }, 3, (gk_node *[]){ x, gain, bias });
}

gk_node *gk_rmsnorm(gk_graph *graph, gk_node *x, gk_node *gain, double epsilon)
{
    return new_op(graph, GK_OP_rmsnorm, (gk_op_args){ .norm = { epsilon } }, 2, (gk_node *[]){ x, gain });
}

gk_node *gk_attention(gk_graph *graph, gk_node *q, gk_node *k, gk_node *v, gk_node *slot, int n_head, int n_token,
                      int n_read, const int *read, bool causal, bool sum_heads)
{
    gk_op_args args = { .attention = { .n_head = n_head, .n_token = n_token, .n_read = n_read, .causal = causal,
                                       .sum_heads = sum_heads } };

    if (n_read < 1 || n_read > GK_MAX_READ)
        gk_graph_fail(graph, "%d read positions, expected 1 to %d", n_read, GK_MAX_READ);
    else
        memcpy(args.attention.read, read, (size_t)n_read * sizeof *read);
    return new_op(graph, GK_OP_attention, args, slot ? 4 : 3, (gk_node *[]){ q, k, v, slot });
}

gk_node *gk_select(gk_graph *graph, gk_node *x, int n_read, const int *read)
{
    gk_op_args args = { .select = { .n_read = n_read } };

    if (n_read < 1 || n_read > GK_MAX_READ)
        gk_graph_fail(graph, "%d read positions, expected 1 to %d", n_read, GK_MAX_READ);
    else
        memcpy(args.select.read, read, (size_t)n_read * sizeof *read);
    return new_op(graph, GK_OP_select, args, 1, (gk_node *[]){ x });
}

gk_node *gk_prepend(gk_graph *graph, gk_node *x, gk_node *a)
{
    return new_op(graph, GK_OP_prepend, (gk_op_args){ { 0 } }, 2, (gk_node *[]){ x, a });
}

gk_node *gk_reshape(gk_graph *graph, gk_node *x, int n_dim, ...)
{
    gk_node *node = new_op(graph, GK_OP_reshape, (gk_op_args){ { 0 } }, 1, (gk_node *[]){ x });
    va_list  dims;

    va_start(dims, n_dim);
    set_shape(graph, node, n_dim, dims);
    va_end(dims);
    if (node->size != x->size)
        gk_graph_fail(graph, "%lld reals cannot be reshaped to %lld", (long long)x->size, (long long)node->size);
    return node;
}

gk_node *gk_dropout(gk_graph *graph, gk_node *x)
{
    return new_op(graph, GK_OP_dropout, (gk_op_args){ { 0 } }, 1, (gk_node *[]){ x });
}

gk_node *gk_cross_entropy(gk_graph *graph, gk_node *logits, gk_softmax softmax)
{
    return new_op(graph, GK_OP_cross_entropy, (gk_op_args){ .loss = { .softmax = softmax } }, 1, (gk_node *[]){ logits });
}

gk_node *gk_mse_softmax(gk_graph *graph, gk_node *logits)
{
    return new_op(graph, GK_OP_mse_softmax, (gk_op_args){ { 0 } }, 1, (gk_node *[]){ logits });
}

gk_node *gk_mse_onehot(gk_graph *graph, gk_node *logits)
{
    return new_op(graph, GK_OP_mse_onehot, (gk_op_args){ { 0 } }, 1, (gk_node *[]){ logits });
}

gk_node *gk_margin_of(gk_graph *graph, gk_node *output, gk_margin margin)
{
    return new_op(graph, GK_OP_margin, (gk_op_args){ .loss = { .margin = margin } }, 1, (gk_node *[]){ output });
}

gk_node *gk_mse(gk_graph *graph, gk_node *prediction, gk_node *target, double threshold)
{
    gk_op_args args = { .loss = { .threshold = threshold } };

    return new_op(graph, GK_OP_mse, args, 2, (gk_node *[]){ prediction, target });
}

gk_node *gk_kl_target(gk_graph *graph, gk_node *logits, gk_node *target, bool squared)
{
    gk_op_args args = { .loss = { .squared = squared } };

    return new_op(graph, GK_OP_kl_target, args, 2, (gk_node *[]){ logits, target });
}

void gk_graph_teach(gk_graph *graph, gk_node *kl_target)
{
    if (graph->n_loss == 0)
        graph->n_loss = 1;    /* the place of the loss itself */
    gk_assert(graph->n_loss < GK_MAX_LOSS);
    graph->loss[graph->n_loss++] = kl_target;
}
