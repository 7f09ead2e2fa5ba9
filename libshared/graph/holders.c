/* holders.c -- see holders.h. */
#include "graph/holders.h"

#include <limits.h>

const gk_node *gk_holder_of(const gk_node *node, const gk_node *const *holder)
{
    for (node = gk_root(node); holder[node->id]; node = gk_root(holder[node->id])) {
    }
    return node;
}

/* The last node but y that reads s: its number, -1: there is none; INT_MAX if something else that stands in the place of s is
 * read, or y does not read s. */
static int last_reader(const gk_graph *graph, const gk_node *s, const gk_node *y)
{
    int last = -1, n_own = 0;

    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *c = graph->node[i];
        for (int k = 0; c->used && k < c->n_src; k++) {
            if (gk_root(c->src[k]) != gk_root(s) || (c->shares == c->src[k] && gk_root(c) == gk_root(s)))
                continue;    /* reads another place, or goes on in this one */
            if (c->src[k] != s)
                return INT_MAX;
            if (c == y)
                n_own++;
            else
                last = c->id;
        }
    }
    return n_own == 1 ? last : INT_MAX;
}

/* Has the gradient of s a place that may be given up? */
static bool is_free(const gk_node *s, const gk_node *const *holder)
{
    return gk_is_op(gk_root(s)) && gk_root(s)->rate == GK_ROW_RATE && !holder[gk_root(s)->id];
}

/* Does the gradient of k reach the first node that stands in its place unchanged? */
static bool passes(const gk_node *k)
{
    for (; k->shares; k = k->shares)
        if (!gk_op_is(k->op, GK_VIEW) && k->op != GK_OP_add && (k->op != GK_OP_bias_act || gk_node_reads(k) != GK_READS_NOTHING))
            return false;
    return true;
}

/* Let the gradient of k stand where that of y does, and of s if it can: whoever adds to it must come after all that read the
 * gradient of k.  False: k has other readers. */
static bool hold(const gk_graph *graph, const gk_node *y, const gk_node *k, const gk_node *s, const gk_node **holder)
{
    if (y->shares != k && (y->shares || !is_free(k, holder) || last_reader(graph, k, y) != -1))
        return false;
    if (y->shares != k)
        holder[gk_root(k)->id] = y;
    if (passes(k) && is_free(s, holder) && s->id < gk_root(k)->id && last_reader(graph, s, y) < gk_root(k)->id)
        holder[gk_root(s)->id] = y;
    return true;
}

void gk_find_holders(const gk_graph *graph, const gk_node **holder)
{
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i], *a = y->src[0], *b = y->src[1];
        if (!y->used || y->op != GK_OP_add || y->rate != GK_ROW_RATE || b->rate != GK_ROW_RATE || !a->needs_grad ||
            !b->needs_grad || gk_root(a) == gk_root(b))
            continue;
        if (hold(graph, y, b, a, holder) || hold(graph, y, a, b, holder))
            continue;
        if (is_free(a, holder) && last_reader(graph, a, y) < y->id)
            holder[gk_root(a)->id] = y;
    }
}
