/* graph.h -- building a static graph of ops.
 *
 * A model is a function that calls these builders; its backward is derived.  A builder never returns NULL: the first error (a
 * shape that does not fit, out of memory) stays in the graph, and gk_graph_freeze reports it with the name of the layer.
 * Nodes live in the graph's arena. */
#ifndef GK_GRAPH_GRAPH_H
#define GK_GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/error.h"
#include "graph/node.h"

typedef struct gk_graph {
    gk_arena   arena;
    int        n_node, capacity;
    gk_node  **node;                /* in order of creation: every source before its user */
    int        n_param;
    gk_node  **param;               /* [n_param], in order of creation */
    int        n_group;             /* of parameters, see groups.h; 1 if nobody asked for any */
    uint32_t   entries_of_group[GK_MAX_GROUP];    /* bits of the entries of --params that each has settings of */
    gk_node   *logits;              /* row rate, [C] or [n_read, C]: what accuracy is read from */
    int        n_loss;
    gk_node   *loss[GK_MAX_LOSS];   /* row rate, []: the sum of their weighted means over rows is minimised; loss[0] is what
                                     * metrics call the loss, the others are KL terms */
    int64_t    n_target_real;       /* reals of targets that each row brings with it */
    bool       failed;
    char       layer[64];           /* prefix of names, see gk_graph_layer */
    gk_part    part;                /* that parameters made from now on belong to; models set it */
    /* memory, set by gk_graph_freeze; in reals */
    int64_t    n_param_real;        /* P: parameters of a replica */
    int64_t    n_step_real;         /* P + step-rate results: gradient lanes have this size, parameters first */
    int64_t    n_row_real;          /* per row: results, then gradients of row-rate nodes, then what backwards need besides */
    int64_t    n_row_result;        /* per row: results alone */
    int64_t    n_row_gradient;      /* per row: gradients of row-rate nodes, where a backward goes node by node */
    int64_t    n_constant_real;     /* constants, shared by all replicas */
    int64_t    flops_row, flops_step;   /* of matrix products, forward: per row, and per step and replica */
} gk_graph;

void gk_graph_init(gk_graph *graph);
void gk_graph_release(gk_graph *graph);

/* Names of what is made from now on begin with "layer."; printf-like; "" for none. */
void gk_graph_layer(gk_graph *graph, const char *format, ...) GK_PRINTF(2, 3);

/* Remember an error in the graph (only the first is kept). */
void gk_graph_fail(gk_graph *graph, const char *format, ...) GK_PRINTF(2, 3);

/* --- leaves ------------------------------------------------------------------------------------------------------ */

/* Parameter [dim...]; full name "layer.name".  axes: comma-separated names.  Laws: normal(0, scale^2), uniform(-scale, scale),
 * fill with scale. */
gk_node *gk_param(gk_graph *graph, const char *name, const char *axes, gk_init_law law, double scale, int n_dim, ...);
gk_node *gk_constant(gk_graph *graph, const char *name, const double *values, int n_dim, ...);
gk_node *gk_const_index(gk_graph *graph, const char *name, const int32_t *values, int64_t n);
gk_node *gk_input_index(gk_graph *graph, const char *name, const int32_t *values, int64_t n_per_item);
gk_node *gk_input_real(gk_graph *graph, const char *name, const float *values, int64_t n_per_item);
/* The next n of the reals that every row brings with it (gk_rows.target). */
gk_node *gk_target(gk_graph *graph, const char *name, int64_t n);

/* --- ops; shapes and formulas in ops.def and node.h ---------------------------------------------------------------- */
gk_node *gk_embed(gk_graph *graph, gk_node *table, gk_node *index);
gk_node *gk_embed_sum(gk_graph *graph, gk_node *table, gk_node *index);
gk_node *gk_matmul(gk_graph *graph, gk_node *x, gk_node *w);
gk_node *gk_head_matmul(gk_graph *graph, gk_node *x, gk_node *w, int n_head);
gk_node *gk_conv(gk_graph *graph, gk_node *x, gk_node *w, int kernel, int stride, int pad);
gk_node *gk_lstm(gk_graph *graph, gk_node *x, gk_node *w, gk_node *first, gk_node *cell_before);    /* both may be NULL */
gk_node *gk_lstm_cell(gk_graph *graph, gk_node *x, gk_node *before);    /* before may be NULL */
gk_node *gk_lstm_out(gk_graph *graph, gk_node *x, gk_node *cell);
gk_node *gk_mean_pool(gk_graph *graph, gk_node *x);
gk_node *gk_edge_sum(gk_graph *graph, gk_node *x, gk_node *edges);
gk_node *gk_sum_pool(gk_graph *graph, gk_node *x, gk_node *count);
gk_node *gk_bias_act(gk_graph *graph, gk_node *x, gk_node *bias, gk_activation activation, double slope);   /* bias may be NULL */
gk_node *gk_add(gk_graph *graph, gk_node *a, gk_node *b);
gk_node *gk_add_scaled(gk_graph *graph, gk_node *a, gk_node *b, gk_node *gain);
gk_node *gk_blend(gk_graph *graph, gk_node *a, gk_node *b);
gk_node *gk_layernorm(gk_graph *graph, gk_node *x, gk_node *gain, gk_node *bias, double epsilon);
gk_node *gk_rmsnorm(gk_graph *graph, gk_node *x, gk_node *gain, double epsilon);
gk_node *gk_attention(gk_graph *graph, gk_node *q, gk_node *k, gk_node *v, gk_node *slot, int n_head, int n_token,
                      int n_read, const int *read, bool causal, bool sum_heads);    /* slot may be NULL */
gk_node *gk_select(gk_graph *graph, gk_node *x, int n_read, const int *read);
gk_node *gk_prepend(gk_graph *graph, gk_node *x, gk_node *a);
gk_node *gk_reshape(gk_graph *graph, gk_node *x, int n_dim, ...);
gk_node *gk_dropout(gk_graph *graph, gk_node *x);
gk_node *gk_cross_entropy(gk_graph *graph, gk_node *logits, gk_softmax softmax);
gk_node *gk_mse_softmax(gk_graph *graph, gk_node *logits);
gk_node *gk_mse_onehot(gk_graph *graph, gk_node *logits);
gk_node *gk_margin_of(gk_graph *graph, gk_node *output, gk_margin margin);
gk_node *gk_mse(gk_graph *graph, gk_node *prediction, gk_node *target, double threshold);  /* below it an answer is correct */
gk_node *gk_kl_target(gk_graph *graph, gk_node *logits, gk_node *target, bool squared);    /* squared: times t^2 */

/* --- finishing ---------------------------------------------------------------------------------------------------- */

/* Declare the outputs, drop what they do not need, decide what is done in place, and lay out memory.
 * 0, or -1 with gk_error: the first error of the builders. */
int  gk_graph_freeze(gk_graph *graph, gk_node *logits, gk_node *loss) GK_MUST_CHECK;
/* Before that: a KL term beside the loss.  With n of them the loss weighs 1 - a and each of them a / n (a: kd_weight). */
void gk_graph_teach(gk_graph *graph, gk_node *kl_target);

/* "relu", "matmul", ... */
const char *gk_op_name(gk_op op);
/* "[3, 128]" into buffer; returns buffer. */
const char *gk_shape_text(const gk_node *node, char *buffer, int n_bytes);

#endif
