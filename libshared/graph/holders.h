/* holders.h -- gradients that are one and the same: those of a sum and of what it adds.
 *
 * Backwards, a sum copies its gradient to both sources.  It need not where one place does for all: for a source that nothing
 * else reads, and, beside it or alone, for one to which others add theirs only when the sum's is not needed any more.  In a
 * stream x + f(x) + g(...) + ... that is the gradient of the stream, from the last sum to the first. */
#ifndef GK_GRAPH_HOLDERS_H
#define GK_GRAPH_HOLDERS_H

#include "graph/graph.h"

/* holder[i], by node id, all NULL before: the sum in the place of whose gradient that of node i stands; NULL: it has one of its
 * own.  Only of row-rate nodes that stand in nobody's place (node->shares).  For engines that go backward in the order of the
 * nodes and whose gradients have places that nothing else uses; addition must leave alone what stands where its own does. */
void gk_find_holders(const gk_graph *graph, const gk_node **holder);

/* The node in whose place the gradient of `node` stands. */
const gk_node *gk_holder_of(const gk_node *node, const gk_node *const *holder);

#endif
