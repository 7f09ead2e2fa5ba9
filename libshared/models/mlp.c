/* mlp.c -- fully connected network:  h_l = act(h_{l-1} W_l + b_l),  logits = h_L W_head + b_head.
 *
 * h_0 is the tokens' embeddings side by side, or their one-hots side by side, or the sum of their latents (which are given with
 * the data), or a vector of reals.
 *
 * Two rates: the product of the embeddings with W_0 is a sum over positions t of a function of (token, t) alone, so that the
 * table  E W_0[t-th block]  is computed once per step, and a row only adds n_token of its rows. */
#include "models/builders.h"

#include "models/layers.h"

/* Rows of the first weights' blocks, one per position: row token * stride_token + position * stride_position. */
static gk_node *block_rows(gk_graph *graph, const gk_model_data *data, int64_t stride_token, int64_t stride_position)
{
    int64_t n = data->n_item * data->n_token;
    int32_t *row = gk_arena_alloc(&graph->arena, (size_t)n * sizeof *row);
    for (int64_t i = 0; i < n; i++)
        row[i] = (int32_t)(data->token[i] * stride_token + i % data->n_token * stride_position);
    return gk_input_index(graph, "row", row, data->n_token);
}

/* [n_vocab * n_token, width]: row v * n_token + t is E[v] times the t-th block of W_0. */
static gk_node *embedded_blocks(gk_graph *graph, const gk_model_args *args, const gk_model_data *data, gk_node *embed,
                                gk_node *weight, int64_t width)
{
    int64_t n = (int64_t)data->n_vocab * data->n_token;
    int32_t *vocab = gk_arena_alloc(&graph->arena, (size_t)n * sizeof *vocab);
    for (int64_t i = 0; i < n; i++)
        vocab[i] = (int32_t)(i / data->n_token);
    gk_node *copies = gk_embed(graph, embed, gk_const_index(graph, "vocab", vocab, n));
    gk_node *beside = gk_reshape(graph, copies, 2, (int64_t)data->n_vocab, data->n_token * args->d_model);
    return gk_reshape(graph, gk_head_matmul(graph, beside, weight, data->n_token), 2, n, width);
}

/* A row per token, at step rate: fixed representations, from tidy to random, and what is learnt beside them. */
static gk_node *latents(gk_graph *graph, const gk_model_args *args, const gk_model_data *data)
{
    int64_t  n = data->n_vocab, n_latent = data->n_latent;
    double  *values = gk_arena_alloc(&graph->arena, 2 * (size_t)(n * n_latent) * sizeof *values);
    for (int64_t i = 0; i < n * n_latent; i++) {
        values[i] = (double)data->random_latent[i];
        values[n * n_latent + i] = (double)data->linear_latent[i];
    }
    gk_graph_layer(graph, "latent");
    gk_node *table = gk_constant(graph, "random", values, 2, n, n_latent);
    if (args->messy)
        table = gk_blend(graph, table, gk_constant(graph, "linear", values + n * n_latent, 2, n, n_latent));
    if (args->train_latent)
        table = gk_add(graph, table, gk_param(graph, "weight", "n_vocab,n_latent", GK_INIT_FILL, 0, 2, n, n_latent));
    return table;
}

/* h_0 W_0.  embed: E or the latents, or NULL if the input is not embedded. */
static gk_node *first_product(gk_graph *graph, const gk_model_args *args, const gk_model_data *data, gk_node *embed,
                              gk_node *weight, int64_t width)
{
    if (data->n_token == 0)
        return gk_matmul(graph, gk_real_input(graph, args, data), weight);
    if (args->input == GK_INPUT_LATENT)
        return gk_matmul(graph, gk_embed_sum(graph, embed, gk_input_index(graph, "token", data->token, data->n_token)), weight);
    if (!embed)
        return gk_embed_sum(graph, weight, block_rows(graph, data, 1, data->n_vocab));
    if (args->two_rate) {
        gk_node *table = embedded_blocks(graph, args, data, embed, weight, width);
        return gk_embed_sum(graph, table, block_rows(graph, data, data->n_token, 1));
    }
    gk_node *x = gk_embed(graph, embed, gk_input_index(graph, "token", data->token, data->n_token));
    return gk_matmul(graph, gk_reshape(graph, x, 1, data->n_token * args->d_model), weight);
}

static int check(const gk_model_args *args, const gk_model_data *data)
{
    if (args->init == GK_INIT_NANDA || args->init == GK_INIT_TORCH_MHA)
        return gk_usage_error("the initial law '%s' is a transformer's: an mlp takes 'power', 'torch' or 'he'",
                              gk_init_names[args->init]);
    if (data->n_token > 0 && args->input == GK_INPUT_EMBED && args->d_model < 1)
        return gk_usage_error("an embedding of width %lld, expected 1 or more", (long long)args->d_model);
    if (data->n_token > 0 && args->input == GK_INPUT_LATENT && data->n_latent == 0)
        return gk_usage_error("'--input latent' needs data that bring representations of their tokens: toy-addition");
    if (args->train_latent && (data->n_token == 0 || args->input != GK_INPUT_LATENT))
        return gk_usage_error("'--train-latent' is for '--input latent'");
    if ((int64_t)data->n_vocab * data->n_token > INT32_MAX)
        return gk_usage_error("one-hots of %d tokens from %d are too wide", data->n_token, data->n_vocab);
    return 0;
}

gk_node *gk_model_mlp(gk_graph *graph, const gk_model_args *args, const gk_model_data *data)
{
    int64_t width[GK_MAX_WIDTHS + 1];
    int n_hidden = gk_parse_widths(args->widths, width);
    if (n_hidden < 0 || check(args, data) < 0)
        return NULL;
    width[n_hidden] = gk_model_n_out(args, data);

    gk_node *embed = NULL, *h = NULL;
    gk_linear_args linear = { .axis_in = "n_real", .n_in = data->n_real };
    graph->part = GK_PART_EMBEDDING;
    if (data->n_token > 0 && args->input == GK_INPUT_LATENT) {
        embed = latents(graph, args, data);
        linear.axis_in = "n_latent", linear.n_in = data->n_latent;
    } else if (data->n_token > 0 && args->input == GK_INPUT_EMBED) {
        gk_graph_layer(graph, "embed");
        embed = gk_embedding(graph, args, "n_vocab", data->n_vocab);
        linear.axis_in = "n_token*d_model", linear.n_in = data->n_token * args->d_model;
    } else if (data->n_token > 0) {
        linear.axis_in = "n_token*n_vocab", linear.n_in = (int64_t)data->n_token * data->n_vocab;
    }
    for (int layer = 0; layer <= n_hidden; layer++) {
        bool hidden = layer < n_hidden;
        graph->part = hidden ? GK_PART_HIDDEN : GK_PART_UNEMBEDDING;
        if (hidden)
            gk_graph_layer(graph, "layer%d", layer);
        else
            gk_graph_layer(graph, "head");
        linear.n_out = width[layer];
        linear.axis_out = hidden ? gk_arena_printf(&graph->arena, "width%d", layer) : gk_model_out_axis(args, data);
        linear.activation = hidden ? (gk_activation)args->activation : GK_IDENTITY;
        linear.bias = hidden ? args->bias != GK_BIAS_NONE : args->bias == GK_BIAS_MLP || args->bias == GK_BIAS_ALL;
        gk_node *weight = gk_linear_weight(graph, args, &linear);
        gk_node *bias = gk_linear_bias(graph, args, &linear);
        h = layer > 0 ? gk_matmul(graph, h, weight) : first_product(graph, args, data, embed, weight, linear.n_out);
        h = gk_linear_finish(graph, h, bias, &linear);
        if (hidden && args->dropout)
            h = gk_dropout(graph, h);
        linear.axis_in = linear.axis_out, linear.n_in = linear.n_out;
    }
    return h;
}
