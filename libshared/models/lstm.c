/* lstm.c -- layers of an LSTM over the tokens of an item [Hochreiter and Schmidhuber 1997], as PyTorch's nn.LSTM:
 *
 *   i, f, g, o = x_t W_x + b_x + y_{t-1} W_y + b_y, side by side;   c_t = sigmoid(f) c_{t-1} + sigmoid(i) tanh(g)
 *   y_t = sigmoid(o) tanh(c_t), with y_{-1} = c_{-1} = 0;   x of a layer is y of that below it, of the first E[token_t]
 *   logits = y_t W_head + b_head of the last layer, at the positions that are read
 *
 * Two rates: E W_x + b_x + b_y is a function of the token alone, a table that is computed once per step; a row gathers. */
#include "models/builders.h"

#include <math.h>
#include "models/layers.h"

typedef struct lstm { gk_graph *graph; const gk_model_args *args; const gk_model_data *data; } lstm;

/* A parameter of a layer of h units: all of them have one law. */
static gk_node *weight(const lstm *m, const char *axes, int64_t h, int64_t n_in)
{
    return gk_param(m->graph, "weight", axes, GK_INIT_UNIFORM, 1 / sqrt((double)h), 2, n_in, 4 * h);
}

static gk_node *bias(const lstm *m, int64_t h)
{
    return gk_param(m->graph, "bias", "gate*hidden", GK_INIT_UNIFORM, 1 / sqrt((double)h), 1, 4 * h);
}

/* What the gates see: x [..., n_in], rows of a table or steps of an item, and biases. */
static gk_node *layer(const lstm *m, int number, gk_node *x, bool is_table, int64_t n_in, int64_t h)
{
    gk_graph *graph = m->graph;
    bool      has_bias = m->args->bias != GK_BIAS_NONE;

    gk_graph_layer(graph, "lstm%d.input", number);
    gk_node *sum = gk_matmul(graph, x, weight(m, number == 0 ? "d_model,gate*hidden" : "hidden,gate*hidden", h, n_in));
    gk_node *of_input = has_bias ? bias(m, h) : NULL;
    gk_graph_layer(graph, "lstm%d.hidden", number);
    gk_node *w = weight(m, "hidden,gate*hidden", h, h);
    if (has_bias)
        sum = gk_bias_act(graph, sum, gk_add(graph, of_input, bias(m, h)), GK_IDENTITY, 0);
    gk_graph_layer(graph, "lstm%d", number);
    if (is_table)
        sum = gk_embed(graph, sum, gk_input_index(graph, "token", m->data->token, m->data->n_token));
    return gk_lstm(graph, sum, w);
}

static int check(const gk_model_args *args, const gk_model_data *data, int n_layer)
{
    if (data->n_token == 0)
        return gk_usage_error("an lstm takes tokens: these items have %d reals", data->n_real);
    if (args->init != GK_INIT_TORCH)
        return gk_usage_error("the initial law '%s' is not for an lstm: it takes 'torch'", gk_init_names[args->init]);
    if (args->dropout && n_layer == 1)
        return gk_usage_error("dropout stands between the layers of an lstm: '--widths %s' is one", args->widths);
    return 0;
}

gk_node *gk_model_lstm(gk_graph *graph, const gk_model_args *args, const gk_model_data *data)
{
    int64_t width[GK_MAX_WIDTHS], n_in = args->d_model;
    int     n_layer = gk_parse_widths(args->widths, width);
    lstm    m = { graph, args, data };

    if (n_layer < 0 || check(args, data, n_layer) < 0)
        return NULL;
    graph->part = GK_PART_EMBEDDING;
    gk_graph_layer(graph, "embed");
    gk_node *x = gk_embedding(graph, args, "n_vocab", data->n_vocab);
    if (!args->two_rate)
        x = gk_embed(graph, x, gk_input_index(graph, "token", data->token, data->n_token));
    graph->part = GK_PART_HIDDEN;
    for (int i = 0; i < n_layer; i++) {
        x = layer(&m, i, x, args->two_rate && i == 0, n_in, width[i]);
        if (args->dropout && i + 1 < n_layer)
            x = gk_dropout(graph, x);
        n_in = width[i];
    }
    x = gk_select(graph, x, data->n_read, data->read);
    graph->part = GK_PART_UNEMBEDDING;
    gk_graph_layer(graph, "head");
    gk_linear_args head = { "hidden", gk_model_out_axis(args, data), n_in, gk_model_n_out(args, data),
                            .bias = args->bias == GK_BIAS_MLP || args->bias == GK_BIAS_ALL };
    return gk_linear(graph, args, x, &head);
}
