/* node.h -- one node of the graph: an op, its arguments, its shape, its sources.
 *
 * Two rates.  A node that depends on parameters and constants alone is computed once per step and replica (step rate); a node
 * that depends on the batch is computed for every row (row rate).  The graph infers the rate.  Shapes leave out the replica
 * axis, which every parameter and every step-rate node has in front, and the row axis of row-rate nodes. */
#ifndef GK_GRAPH_NODE_H
#define GK_GRAPH_NODE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/choice.h"
#include "graph/ops.h"

enum { GK_MAX_NODE_DIM = 4, GK_MAX_SRC = 4, GK_MAX_READ = 32, GK_MAX_TOKEN = 64, GK_MAX_LOSS = 4, GK_MAX_GROUP = 16 };

/* What a parameter belongs to: tables of tokens and positions, the linear map to the logits, and all between them. */
typedef enum { GK_PART_HIDDEN, GK_PART_EMBEDDING, GK_PART_UNEMBEDDING } gk_part;

/* naive: p - onehot, as most code has it; stable: the right class's gradient is minus the sum of the others, which does not
 * vanish at the rounding of p = 1; stablemax: s(x) = x + 1 or 1/(1 - x) in place of exp (Prieto et al. 2025). */
#define GK_SOFTMAXES(X) X(GK_SOFTMAX_STABLE, "stable") X(GK_SOFTMAX_NAIVE, "naive") X(GK_STABLEMAX, "stablemax")
GK_CHOICES(gk_softmax, GK_SOFTMAXES);

/* Losses of the margin m = s f of one output f, s = -1 for the first of two classes and 1 for the second: max(0, 1 - m);
 * log(1 + exp(-m)); (1 - m)^2, which is (f - s)^2. */
typedef enum { GK_MARGIN_HINGE, GK_MARGIN_LOGISTIC, GK_MARGIN_SQUARE, GK_N_MARGIN } gk_margin;

/* Initial law of a parameter.  scale is the standard deviation or the half-width. */
typedef enum { GK_INIT_NORMAL, GK_INIT_UNIFORM, GK_INIT_FILL } gk_init_law;

typedef union gk_op_args {
    struct { gk_activation activation; double slope; } bias_act;        /* slope: of leaky ReLU below 0 */
    struct { double epsilon; } norm;
    struct { int n_head; } head_matmul;
    /* x [H, W, i] -> y [(H + 2 pad - kernel)/stride + 1, the same of W, o]: beyond its edges x is 0 for pad rows and columns. */
    struct { int kernel, stride, pad; } conv;
    /* edge_sum has none.  Its edges are k numbers for each of n places: j*T + type for every neighbour j, then -1.  They have no
     * direction: i is as often, and with the same type, among the neighbours of j as j among those of i. */
    /* q, k, v: [positions, H*k] at row rate, or step-rate tables [slots, H*k] that source 3, `slot` [T], indexes.
     * Row-rate q holds the read positions only.  sum_heads: v is [.., H, d] and the heads' outputs are added: [n_read, d];
     * otherwise they stand side by side: [n_read, H*k_v]. */
    struct { int n_head, n_token, n_read; int read[GK_MAX_READ]; bool causal, sum_heads; } attention;
    struct { int n_read; int read[GK_MAX_READ]; } select;
    /* n_teach: KL terms of the graph, set by gk_graph_freeze; squared: a KL term is multiplied by t^2; threshold: an answer in
     * reals is correct if its squared error is below. */
    struct { gk_softmax softmax; gk_margin margin; int n_teach; bool squared; double threshold; } loss;
} gk_op_args;

typedef struct gk_node {
    gk_op           op;
    gk_op_args      args;
    const char     *name;                       /* of a leaf; else of the layer that made it */
    int             id;                         /* position in the graph: sources come first */
    gk_rate         rate;
    bool            needs_grad;
    int             n_dim;
    int64_t         dim[GK_MAX_NODE_DIM];
    int64_t         size;                       /* product of dim: reals per row (row rate) or per replica (step rate) */
    int64_t         n_aux;                      /* reals per row that the forward leaves for the backward (row rate) */
    int64_t         n_scratch;                  /* reals that its CPU kernels need for a moment */
    int64_t         n_reread;                   /* reals of weights that a block of rows goes through more often than once */
    int64_t         n_product;                  /* products that are summed in each of its reals: 2 FLOPs each; 0: few */
    int             n_src;
    struct gk_node *src[GK_MAX_SRC];

    /* parameters */
    gk_init_law     init;
    double          init_scale;
    const char     *init_text, *axes;           /* for the checkpoint */
    int             param;                      /* number among the parameters */
    bool            frozen;                     /* never updated */
    int             group;                      /* of those that are updated alike, see groups.h */
    gk_part         part;

    /* leaves with contents; borrowed */
    const int32_t  *index;                      /* const: [size]; input: [n_item, size] */
    const float    *real;                       /* input: [n_item, size] */
    const uint8_t  *pixel;                      /* input: [n_item, size] if real is these / 255, rounded; NULL */
    const double   *constant;                   /* [size] */
    int64_t         target;                     /* target: its place among the reals that a row brings with it */

    /* set by gk_graph_freeze */
    bool            used;                       /* on a path to an output */
    int             n_consumer;
    bool            accumulate[GK_MAX_SRC];     /* backward adds to the source's gradient; else it is the first to write it */
    struct gk_node *shares;                     /* in place: data and gradient stand in this node's buffers; NULL */
    int64_t         offset, grad_offset;        /* in its kind's memory; of a row's gradient on the CPU: see freeze.c */
    int64_t         aux_offset;
} gk_node;

/* Reals that n channels of a convolution take at most where the CPU's kernels want whole vectors. */
static inline int64_t gk_conv_room(int64_t n)
{
    return (n + 15) / 16 * 16;
}

/* Is it made of others, not a leaf? */
static inline bool gk_is_op(const gk_node *node)
{
    return !gk_op_is(node->op, GK_LEAF);
}

/* What its backward reads of reals. */
static inline gk_reads gk_node_reads(const gk_node *node)
{
    gk_reads reads = gk_ops[node->op].reads;
    return reads == GK_READS_AS_ACTIVATION ? gk_activation_reads[node->args.bias_act.activation] : reads;
}

/* The node in whose place this one stands; itself, if it has its own. */
static inline const gk_node *gk_root(const gk_node *node)
{
    while (node->shares)
        node = node->shares;
    return node;
}

#endif
