/* shapes.h -- one shape rule per op: the whole contract of the op.  Kernels trust the node. */
#ifndef GK_GRAPH_SHAPES_H
#define GK_GRAPH_SHAPES_H

#include "graph/graph.h"

/* Check the sources of `node` and set its n_dim and dim, and what its kernels need beside: n_aux, n_scratch, n_product, n_reread;
 * gk_graph_fail if sources do not fit. */
typedef void gk_shape_rule(gk_graph *graph, gk_node *node);
extern gk_shape_rule *const gk_shape_rules[GK_N_OP];

#endif
