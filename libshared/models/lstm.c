/* lstm.c -- layers of an LSTM over the tokens of an item [Hochreiter and Schmidhuber 1997], as PyTorch's nn.LSTM:
 *
 *   i, f, g, o = x_t W_x + b_x + y_{t-1} W_y + b_y, side by side;   c_t = sigmoid(f) c_{t-1} + sigmoid(i) tanh(g)
 *   y_t = sigmoid(o) tanh(c_t), with y_{-1} = c_{-1} = 0;   x of a layer is y of that below it, of the first E[token_t]
 *   logits = y_t W_head + b_head of the last layer, at the positions that are read
 *
 * Two rates: E W_x + b_x + b_y is a function of the token alone, a table that is computed once per step; a row gathers.  Where
 * the tokens behind the first are the same in all items ("a + b ="), so is what all layers make of them for each first token:
 * tables, too, from which a row gathers what its own tokens go on from. */
#include "models/builders.h"

#include <math.h>
#include "models/layers.h"

enum { MOST_SHARED = 8 };

/* n_shared: tokens whose units are tables by the first token; 0: none. */
typedef struct lstm {
    gk_graph            *graph;
    const gk_model_args *args;
    const gk_model_data *data;
    int                  n_shared;
    gk_node             *first;    /* the first token of a row */
} lstm;

/* What the layer above sees: of a row, its tokens from n_shared on; and of the shared tokens, tables of all first tokens. */
typedef struct seen { gk_node *rows, *shared[MOST_SHARED]; } seen;

/* A parameter of a layer of h units: all of them have one law. */
static gk_node *weight(const lstm *m, const char *axes, int64_t h, int64_t n_in)
{
    return gk_param(m->graph, "weight", axes, GK_INIT_UNIFORM, 1 / sqrt((double)h), 2, n_in, 4 * h);
}

static gk_node *bias(const lstm *m, int64_t h)
{
    return gk_param(m->graph, "bias", "gate*hidden", GK_INIT_UNIFORM, 1 / sqrt((double)h), 1, 4 * h);
}

/* --- tokens that are shared ------------------------------------------------------------------------------------------------ */

static bool is_shared(const gk_model_data *data, int position)
{
    for (int64_t item = 1; item < data->n_item; item++)
        if (data->token[item * data->n_token + position] != data->token[position])
            return false;
    return true;
}

/* The first token and those behind it that all items share, if a table of first tokens is less than the items and nobody asks for
 * what stands between. */
static int n_shared_of(const gk_model_args *args, const gk_model_data *data)
{
    int n = 1, first_read = data->n_token;

    for (int i = 0; i < data->n_read; i++)
        first_read = data->read[i] < first_read ? data->read[i] : first_read;
    while (n < data->n_token && n < MOST_SHARED && is_shared(data, n))
        n++;
    if (!args->two_rate || args->dropout || data->read_layer || data->n_vocab >= data->n_item)
        return 0;
    return n > 1 && n <= first_read ? n : 0;
}

/* Tokens [begin, end) of every item. */
static gk_node *tokens(const lstm *m, const char *name, int begin, int end)
{
    const gk_model_data *data = m->data;
    int64_t              n = end - begin;

    if (n == data->n_token)
        return gk_input_index(m->graph, name, data->token, n);
    int32_t *token = gk_arena_alloc(&m->graph->arena, (size_t)(data->n_item * n) * sizeof *token);
    for (int64_t i = 0; i < data->n_item * n; i++)
        token[i] = data->token[i / n * data->n_token + begin + i % n];
    return gk_input_index(m->graph, name, token, n);
}

/* What a table has for the token at a position that all items share: [4h]. */
static gk_node *of_shared(const lstm *m, gk_node *table, int position)
{
    int32_t *token = gk_arena_alloc(&m->graph->arena, sizeof *token);

    *token = m->data->token[position];
    return gk_reshape(m->graph, gk_embed(m->graph, table, gk_const_index(m->graph, "shared", token, 1)), 1, table->dim[1]);
}

/* --- layers ---------------------------------------------------------------------------------------------------------------- */

/* Parameters of a layer; both biases added, or NULL. */
typedef struct layer { gk_node *of_input, *of_hidden, *bias; } layer;

static layer layer_new(const lstm *m, int number, int64_t n_in, int64_t h)
{
    layer    l = { .bias = NULL };
    bool     has_bias = m->args->bias != GK_BIAS_NONE;
    gk_node *bias_of_input = NULL;

    gk_graph_layer(m->graph, "lstm%d.input", number);
    l.of_input = weight(m, number == 0 ? "d_model,gate*hidden" : "hidden,gate*hidden", h, n_in);
    if (has_bias)
        bias_of_input = bias(m, h);
    gk_graph_layer(m->graph, "lstm%d.hidden", number);
    l.of_hidden = weight(m, "hidden,gate*hidden", h, h);
    if (has_bias)
        l.bias = gk_add(m->graph, bias_of_input, bias(m, h));
    gk_graph_layer(m->graph, "lstm%d", number);
    return l;
}

/* What inputs and biases bring to the gates. */
static gk_node *sums(const lstm *m, const layer *l, gk_node *x)
{
    gk_node *sum = gk_matmul(m->graph, x, l->of_input);
    return l->bias ? gk_bias_act(m->graph, sum, l->bias, GK_IDENTITY, 0) : sum;
}

/* A layer over the shared tokens, whose outputs are tables, and then over `rows`, what inputs bring to the other tokens.  sum:
 * what they bring to the shared ones, to the first a table, to the others a table or [4h]. */
static seen steps(const lstm *m, const layer *l, gk_node *const *sum, gk_node *rows)
{
    gk_graph *graph = m->graph;
    gk_node  *of_before = NULL, *cell = NULL;    /* of the step before: what its outputs bring, and its cells */
    seen      out = { .rows = NULL };

    for (int t = 0; t < m->n_shared; t++) {
        gk_node *x = sum[t];
        if (t > 0)
            x = x->n_dim == 1 ? gk_bias_act(graph, of_before, x, GK_IDENTITY, 0) : gk_add(graph, of_before, x);
        cell = gk_lstm_cell(graph, x, cell);
        out.shared[t] = gk_lstm_out(graph, x, cell);
        of_before = gk_matmul(graph, out.shared[t], l->of_hidden);
    }
    if (m->n_shared > 0) {
        of_before = gk_embed_sum(graph, of_before, m->first);
        cell = gk_embed_sum(graph, cell, m->first);
    }
    out.rows = gk_lstm(graph, rows, l->of_hidden, of_before, cell);
    return out;
}

/* x: the table of the tokens' vectors, or those of the rows' tokens. */
static seen first_layer(const lstm *m, gk_node *x, int64_t n_in, int64_t h)
{
    layer    l = layer_new(m, 0, n_in, h);
    gk_node *rows = sums(m, &l, x), *sum[MOST_SHARED] = { rows };

    for (int t = 1; t < m->n_shared; t++)
        sum[t] = of_shared(m, rows, t);
    if (m->args->two_rate)
        rows = gk_embed(m->graph, rows, tokens(m, "token", m->n_shared, m->data->n_token));
    return steps(m, &l, sum, rows);
}

static seen next_layer(const lstm *m, int number, const seen *below, int64_t n_in, int64_t h)
{
    layer    l = layer_new(m, number, n_in, h);
    gk_node *sum[MOST_SHARED];

    for (int t = 0; t < m->n_shared; t++)
        sum[t] = sums(m, &l, below->shared[t]);
    return steps(m, &l, sum, sums(m, &l, below->rows));
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
    lstm    m = { .graph = graph, .args = args, .data = data };

    if (n_layer < 0 || check(args, data, n_layer) < 0)
        return NULL;
    m.n_shared = n_shared_of(args, data);
    if (m.n_shared > 0)
        m.first = tokens(&m, "first", 0, 1);
    graph->part = GK_PART_EMBEDDING;
    gk_graph_layer(graph, "embed");
    gk_node *x = gk_embedding(graph, args, "n_vocab", data->n_vocab);
    if (!args->two_rate)
        x = gk_embed(graph, x, gk_input_index(graph, "token", data->token, data->n_token));
    graph->part = GK_PART_HIDDEN;
    seen at = { .rows = NULL };
    for (int i = 0; i < n_layer; i++) {
        at = i == 0 ? first_layer(&m, x, n_in, width[0]) : next_layer(&m, i, &at, n_in, width[i]);
        if (args->dropout && i + 1 < n_layer)
            at.rows = gk_dropout(graph, at.rows);
        n_in = width[i];
    }
    int read[GK_MAX_READ];
    for (int i = 0; i < data->n_read; i++)
        read[i] = data->read[i] - m.n_shared;
    x = gk_select(graph, at.rows, data->n_read, read);
    graph->part = GK_PART_UNEMBEDDING;
    gk_graph_layer(graph, "head");
    gk_linear_args head = { "hidden", gk_model_out_axis(args, data), n_in, gk_model_n_out(args, data),
                            .bias = args->bias == GK_BIAS_MLP || args->bias == GK_BIAS_ALL };
    return gk_linear(graph, args, x, &head);
}
