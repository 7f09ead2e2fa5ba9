/* gcn.c -- edge-conditioned convolutions on graphs [Gilmer et al. 2017; Simonovsky and Komodakis 2017], as PyTorch Geometric's
 * NNConv, then a sum over the nodes:
 *
 *   x_i    = features of node i
 *   x_i    = act(x_i W_root + sum over edges (i, j) of x_j Theta(type) + b)          for each of --widths
 *   Theta(type) = act(W_in[type] + b_in) W_out + b_out, [n_in * n_out] as a matrix   (a network of the edge's one-hot)
 *   logits = act(pool W_hidden + b_hidden) W_head + b_head;   pool = sum of x_i over the nodes of the item
 *
 * Two rates: Theta depends on the type alone, so there are as many matrices as types of edges, once a step, in place of one for
 * each edge; and what the first layer makes of a node before the sums depends on its token alone, a table.  A row gathers. */
#include "models/builders.h"

#include "models/layers.h"

typedef struct gcn {
    gk_graph            *graph;
    const gk_model_args *args;
    const gk_model_data *data;
    gk_node             *token, *edges, *count;    /* inputs */
} gcn;

/* --- what a row is ---------------------------------------------------------------------------------------------------------- */

/* Most neighbours of a node. */
static int most_edges(const gk_model_data *data, gk_arena *scratch)
{
    int *n = gk_arena_alloc(scratch, (size_t)data->n_token * sizeof *n), most = 1;
    for (int64_t item = 0; item < data->n_item; item++) {
        for (int t = 0; t < data->n_token; t++)
            n[t] = 0;
        for (int64_t e = data->edge_first[item]; e < data->edge_first[item + 1]; e++)
            for (int end = 0; end < 2; end++) {
                int *here = &n[data->edge[3 * e + end]];
                most = ++*here > most ? *here : most;
            }
    }
    return most;
}

/* Edges of all items as edge_sum wants them, and the number of nodes of each. */
static void open_inputs(gcn *m)
{
    const gk_model_data *data = m->data;
    gk_arena *arena = &m->graph->arena, scratch = { 0 };
    int       n_node = data->n_token, k = most_edges(data, &scratch);
    int64_t   n_slot = (int64_t)n_node * k;
    int32_t  *edge = gk_arena_alloc(arena, (size_t)(data->n_item * n_slot) * sizeof *edge);
    int32_t  *count = gk_arena_alloc(arena, (size_t)data->n_item * sizeof *count);
    int      *n = gk_arena_alloc(&scratch, (size_t)n_node * sizeof *n);
    for (int64_t item = 0; item < data->n_item; item++) {
        int32_t *to = edge + item * n_slot;
        for (int t = 0; t < n_node; t++) {
            n[t] = 0;
            count[item] += data->token[item * n_node + t] > 0;
        }
        for (int64_t i = 0; i < n_slot; i++)
            to[i] = -1;
        for (int64_t e = data->edge_first[item]; e < data->edge_first[item + 1]; e++)
            for (int end = 0; end < 2; end++) {
                int here = data->edge[3 * e + end], there = data->edge[3 * e + 1 - end];
                to[here * k + n[here]++] = there * data->n_edge_type + data->edge[3 * e + 2];
            }
    }
    m->token = gk_input_index(m->graph, "token", data->token, n_node);
    m->edges = gk_input_index(m->graph, "edges", edge, n_slot);
    m->count = gk_input_index(m->graph, "count", count, 1);
    gk_arena_release(&scratch);
}

/* --- layers ----------------------------------------------------------------------------------------------------------------- */

/* All Theta side by side, [n_in, T * n_out]: column block t is that of type t. */
static gk_node *edge_matrices(const gcn *m, int number, int64_t n_in, int64_t n_out)
{
    gk_graph *graph = m->graph;
    int64_t   n_type = m->data->n_edge_type, hidden = m->args->d_mlp;
    double   *one_hot = gk_arena_alloc(&graph->arena, (size_t)(n_type * n_type) * sizeof *one_hot);
    int32_t  *order = gk_arena_alloc(&graph->arena, (size_t)(n_type * n_in) * sizeof *order);
    bool      has_bias = m->args->bias != GK_BIAS_NONE;
    gk_linear_args in = { "n_edge_type", "d_mlp", n_type, hidden, .bias = has_bias,
                          .activation = (gk_activation)m->args->activation };
    gk_linear_args out = { "d_mlp", "channel_in*channel", hidden, n_in * n_out, .bias = has_bias };
    for (int64_t t = 0; t < n_type; t++)
        one_hot[t * n_type + t] = 1;
    gk_graph_layer(graph, "conv%d.edge.in", number);
    gk_node *x = gk_linear(graph, m->args, gk_constant(graph, "types", one_hot, 2, n_type, n_type), &in);
    gk_graph_layer(graph, "conv%d.edge.out", number);
    x = gk_reshape(graph, gk_linear(graph, m->args, x, &out), 2, n_type * n_in, n_out);
    for (int64_t i = 0; i < n_in; i++)
        for (int64_t t = 0; t < n_type; t++)
            order[i * n_type + t] = (int32_t)(t * n_in + i);
    x = gk_embed(graph, x, gk_const_index(graph, "order", order, n_type * n_in));
    return gk_reshape(graph, x, 2, n_in, n_type * n_out);
}

/* x: [.., n_in], of the nodes of an item, or a row for every token. */
static gk_node *convolution(const gcn *m, int number, gk_node *x, bool is_table, int64_t n_in, int64_t n_out)
{
    gk_graph *graph = m->graph;
    int64_t   n_type = m->data->n_edge_type;
    const char *axis_in = number == 0 ? "n_feature" : "channel_in";
    gk_linear_args root = { axis_in, "channel", n_in, n_out, .bias = false };
    gk_node  *message = gk_matmul(graph, x, edge_matrices(m, number, n_in, n_out));
    gk_graph_layer(graph, "conv%d", number);
    gk_node  *own = gk_linear(graph, m->args, x, &root);
    gk_node  *bias = m->args->bias == GK_BIAS_NONE ? NULL : gk_param(graph, "bias", "channel", GK_INIT_FILL, 0.0, 1, n_out);
    root.activation = (gk_activation)m->args->activation;
    if (is_table) {
        message = gk_embed(graph, message, m->token);
        own = gk_embed(graph, own, m->token);
    }
    message = gk_reshape(graph, message, 3, (int64_t)m->data->n_token, n_type, n_out);
    return gk_linear_finish(graph, gk_add(graph, gk_edge_sum(graph, message, m->edges), own), bias, &root);
}

static gk_node *features(const gcn *m)
{
    const gk_model_data *data = m->data;
    int64_t n = (int64_t)data->n_vocab * data->n_feature;
    double *value = gk_arena_alloc(&m->graph->arena, (size_t)n * sizeof *value);
    for (int64_t i = 0; i < n; i++)
        value[i] = (double)data->feature[i];
    gk_graph_layer(m->graph, "node");
    gk_node *table = gk_constant(m->graph, "features", value, 2, (int64_t)data->n_vocab, (int64_t)data->n_feature);
    return m->args->two_rate ? table : gk_embed(m->graph, table, m->token);
}

static int check(const gk_model_args *args, const gk_model_data *data)
{
    if (data->n_edge_type == 0)
        return gk_usage_error("a gcn takes graphs: these items are %s", data->n_token > 0 ? "tokens" : "reals");
    if (args->init == GK_INIT_NANDA || args->init == GK_INIT_TORCH_MHA)
        return gk_usage_error("the initial law '%s' is a transformer's: a gcn takes 'torch', 'power' or 'he'",
                              gk_init_names[args->init]);
    return 0;
}

gk_node *gk_model_gcn(gk_graph *graph, const gk_model_args *args, const gk_model_data *data)
{
    int64_t width[GK_MAX_WIDTHS], n_in = data->n_feature;
    int     n_layer = gk_parse_widths(args->widths, width);
    gcn     m = { .graph = graph, .args = args, .data = data };

    if (n_layer < 0 || check(args, data) < 0)
        return NULL;
    open_inputs(&m);
    gk_node *x = features(&m);
    graph->part = GK_PART_HIDDEN;
    for (int i = 0; i < n_layer; n_in = width[i++]) {
        x = convolution(&m, i, x, args->two_rate && i == 0, n_in, width[i]);
        if (args->dropout)
            x = gk_dropout(graph, x);
    }
    gk_graph_layer(graph, "pool");
    x = gk_sum_pool(graph, x, m.count);
    gk_graph_layer(graph, "hidden");
    gk_linear_args hidden = { "channel", "d_mlp", n_in, args->d_mlp, .bias = args->bias != GK_BIAS_NONE,
                              .activation = (gk_activation)args->activation };
    x = gk_linear(graph, args, x, &hidden);
    graph->part = GK_PART_UNEMBEDDING;
    gk_graph_layer(graph, "head");
    gk_linear_args head = { "d_mlp", gk_model_out_axis(args, data), args->d_mlp, gk_model_n_out(args, data),
                            .bias = args->bias == GK_BIAS_MLP || args->bias == GK_BIAS_ALL };
    return gk_linear(graph, args, x, &head);
}
