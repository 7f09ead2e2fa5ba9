/* transformer.c -- blocks of attention and MLP on a residual stream [Vaswani et al. 2017]:
 *
 *   x = E[token] + P[position], or of reals, which are cut into patches of equal length:  x = patch W + b + P[position]
 *   none:  x += attention(x)          pre:  x += attention(norm1(x))      post:  x = norm1(x + attention(x))
 *          x += mlp(x)                      x += mlp(norm2(x))                   x = norm2(x + mlp(x))
 *   logits = x U + b_U, at the positions that are read; before it a norm, if there is a final one
 *   attention(x) = softmax(Q K^T / sqrt(d_head)) V per head, times W_O;   mlp(x) = act(x W_in + b_in) W_out + b_out
 *
 * Two rates.  Up to the first attention, a position depends on its token and its number alone.  The distinct pairs that occur
 * in the data are the slots ([a,b,=] mod 113: 113 + 113 + 1); the stream, q, k, and v times W_O per head are tables of one row
 * per slot, computed once per step, which attention reads through `slot` [n_token] of each row.  The plain path has the same
 * code, on the n_token positions of every row.
 *
 * Tokens of reals have no slots, and may have a learnt one before them (CLS), at which the logits are read, as in [Devlin et al.
 * 2019; Dosovitskiy et al. 2021]; else they are read at the last.
 *
 * The last block, which may be the first, computes queries, stream, MLP and logits only at the positions that are read. */
#include "models/builders.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "models/layers.h"

typedef struct positions { int n; int at[GK_MAX_READ]; } positions;

typedef struct transformer {
    gk_graph            *graph;
    const gk_model_args *args;
    const gk_model_data *data;
    int                  n_token;      /* of a row, with CLS */
    positions            every, read;  /* every: if there are so many at most */
    bool                 table;        /* the stream is a table of slots */
    int64_t              n_slot;
    int32_t             *slot;         /* [n_item, n_token] */
    int32_t             *slot_token, *slot_position;    /* [n_slot] */
    gk_node             *slot_input;   /* [n_token] */
} transformer;

/* --- slots --------------------------------------------------------------------------------------------------------- */

/* Without positions a pair is just a token. */
static int64_t pair_of(const transformer *t, int64_t i)
{
    int64_t position = t->args->position == GK_POSITION_NONE ? 0 : i % t->data->n_token;
    return position * t->data->n_vocab + t->data->token[i];
}

/* Number the distinct pairs in the order of (position, token). */
static int find_slots(transformer *t)
{
    int64_t n = t->data->n_item * t->data->n_token, n_pair = (int64_t)t->data->n_vocab * t->data->n_token;
    int32_t *number = gk_alloc_large((size_t)n_pair * sizeof *number, "slots");
    if (!number)
        return -1;
    for (int64_t i = 0; i < n; i++)
        number[pair_of(t, i)] = 1;
    for (int64_t pair = 0; pair < n_pair; pair++)
        t->n_slot += number[pair];

    t->slot_token = gk_arena_alloc(&t->graph->arena, (size_t)t->n_slot * sizeof *t->slot_token);
    t->slot_position = gk_arena_alloc(&t->graph->arena, (size_t)t->n_slot * sizeof *t->slot_position);
    int32_t slot = 0;
    for (int64_t pair = 0; pair < n_pair; pair++)
        if (number[pair]) {
            t->slot_token[slot] = (int32_t)(pair % t->data->n_vocab);
            t->slot_position[slot] = (int32_t)(pair / t->data->n_vocab);
            number[pair] = slot++;
        }
    t->slot = gk_arena_alloc(&t->graph->arena, (size_t)n * sizeof *t->slot);
    for (int64_t i = 0; i < n; i++)
        t->slot[i] = number[pair_of(t, i)];
    free(number);
    return 0;
}

static bool is_every_position(const transformer *t, const positions *which)
{
    for (int i = 0; i < which->n; i++)
        if (which->at[i] != i)
            return false;
    return which->n == t->n_token;
}

/* The slots of some positions of a row, [which->n]. */
static gk_node *slots_at(transformer *t, const positions *which)
{
    if (is_every_position(t, which))
        return t->slot_input;
    int32_t *slot = gk_arena_alloc(&t->graph->arena, (size_t)(t->data->n_item * which->n) * sizeof *slot);
    for (int64_t item = 0; item < t->data->n_item; item++)
        for (int i = 0; i < which->n; i++)
            slot[item * which->n + i] = t->slot[item * t->data->n_token + which->at[i]];
    return gk_input_index(t->graph, "slot_read", slot, which->n);
}

/* The stream at some positions of a row, [which->n, d_model], row rate. */
static gk_node *stream_at(transformer *t, gk_node *x, const positions *which)
{
    if (t->table)
        return gk_embed(t->graph, x, slots_at(t, which));
    return is_every_position(t, which) ? x : gk_select(t->graph, x, which->n, which->at);
}

/* --- embedding ----------------------------------------------------------------------------------------------------- */

/* Row r: sin(p / 10000^(i/d)) at even i, and its cosine at i + 1, for position p = position[r]; NULL: p = r. */
static gk_node *sinusoids(transformer *t, int64_t n, const int32_t *position)
{
    int64_t d = t->args->d_model;
    double *value = gk_arena_alloc(&t->graph->arena, (size_t)(n * d) * sizeof *value);
    for (int64_t r = 0; r < n; r++)
        for (int64_t i = 0; i + 1 < d; i += 2) {
            double angle = (double)(position ? position[r] : r) / pow(10000, (double)i / (double)d);
            value[r * d + i] = sin(angle);
            value[r * d + i + 1] = cos(angle);
        }
    return gk_constant(t->graph, "sinusoids", value, 2, n, d);
}

/* Tokens of whole numbers, [n_slot, d_model] or [n_token, d_model]. */
static gk_node *embedded_tokens(transformer *t)
{
    gk_graph *graph = t->graph;
    gk_node *table = gk_embedding(graph, t->args, "n_vocab", t->data->n_vocab);
    gk_node *token = t->table ? gk_const_index(graph, "token_of_slot", t->slot_token, t->n_slot)
                              : gk_input_index(graph, "token", t->data->token, t->n_token);
    return gk_embed(graph, table, token);
}

/* Tokens of reals, with CLS: [n_token, d_model]. */
static gk_node *embedded_reals(transformer *t)
{
    gk_graph *graph = t->graph;
    const gk_model_args *args = t->args;
    int64_t n_token = args->n_token, n_in = t->data->n_real / n_token;
    gk_linear_args patch = { "n_real", "d_model", n_in, args->d_model,
                             .bias = args->bias == GK_BIAS_ALL || args->bias == GK_BIAS_BLOCKS };
    gk_node *x = gk_linear(graph, args, gk_reshape(graph, gk_real_input(graph, args, t->data), 2, n_token, n_in), &patch);
    if (!args->cls)
        return x;
    gk_graph_layer(graph, "cls");
    return gk_prepend(graph, x, gk_embedding(graph, args, "n_cls", 1));
}

/* The stream before the first block: [n_slot, d_model] as a table, else [n_token, d_model] of every row. */
static gk_node *embedding(transformer *t)
{
    gk_graph *graph = t->graph;
    int64_t n_token = t->n_token;
    graph->part = GK_PART_EMBEDDING;
    gk_graph_layer(graph, t->data->n_token > 0 ? "embed" : "patch");
    gk_node *x = t->data->n_token > 0 ? embedded_tokens(t) : embedded_reals(t);
    gk_graph_layer(graph, "position");
    if (t->args->position == GK_POSITION_LEARNED) {
        gk_node *position = gk_embedding(graph, t->args, "n_token", n_token);
        if (t->table)
            position = gk_embed(graph, position, gk_const_index(graph, "position_of_slot", t->slot_position, t->n_slot));
        x = gk_add(graph, x, position);
    } else if (t->args->position == GK_POSITION_SINUSOIDAL) {
        x = gk_add(graph, x, sinusoids(t, t->table ? t->n_slot : n_token, t->table ? t->slot_position : NULL));
    }
    if (t->table) {
        gk_graph_layer(graph, "embed");
        t->slot_input = gk_input_index(graph, "slot", t->slot, n_token);
    }
    graph->part = GK_PART_HIDDEN;
    return x;
}

/* --- blocks -------------------------------------------------------------------------------------------------------- */

/* x (stream or norm of it), at all positions -> [which->n, d_model]. */
static gk_node *attention(transformer *t, int layer, gk_node *x, const positions *which)
{
    gk_graph *graph = t->graph;
    const gk_model_args *args = t->args;
    gk_linear_args in = { "d_model", "n_head*d_head", args->d_model, args->d_model, .role = GK_LINEAR_QKV,
                          .bias = args->bias == GK_BIAS_ALL || args->bias == GK_BIAS_BLOCKS };
    gk_linear_args out = { in.axis_out, in.axis_in, in.n_out, in.n_in, .role = GK_LINEAR_ATTENTION_OUT, .bias = in.bias };
    int n_head = (int)args->n_head;

    gk_graph_layer(graph, "block%d.attention.query", layer);
    gk_node *q = gk_linear(graph, args, t->table ? x : stream_at(t, x, which), &in);
    gk_graph_layer(graph, "block%d.attention.key", layer);
    gk_node *k = gk_linear(graph, args, x, &in);
    gk_graph_layer(graph, "block%d.attention.value", layer);
    gk_node *v = gk_linear(graph, args, x, &in);

    gk_graph_layer(graph, "block%d.attention.output", layer);
    gk_node *w_o = gk_linear_weight(graph, args, &out), *b_o = gk_linear_bias(graph, args, &out);
    if (t->table)
        v = gk_head_matmul(graph, v, w_o, n_head);
    gk_node *y = gk_attention(graph, q, k, v, t->table ? t->slot_input : NULL, n_head, t->n_token, which->n, which->at,
                              args->causal, t->table);
    return gk_linear_finish(graph, t->table ? y : gk_matmul(graph, y, w_o), b_o, &out);
}

static gk_node *mlp(transformer *t, int layer, gk_node *x)
{
    const gk_model_args *args = t->args;
    bool bias = args->bias != GK_BIAS_NONE;
    gk_linear_args in = { "d_model", "d_mlp", args->d_model, args->d_mlp, .bias = bias,
                          .activation = (gk_activation)args->activation };
    gk_linear_args out = { "d_mlp", "d_model", args->d_mlp, args->d_model, .bias = bias };
    gk_graph_layer(t->graph, "block%d.mlp.in", layer);
    gk_node *h = gk_linear(t->graph, args, x, &in);
    gk_graph_layer(t->graph, "block%d.mlp.out", layer);
    h = gk_linear(t->graph, args, h, &out);
    return args->dropout ? gk_dropout(t->graph, h) : h;
}

/* The norm `number` of a block, if norms stand here. */
static gk_node *norm(transformer *t, gk_norm_place here, int layer, int number, gk_node *x)
{
    if (t->args->norm_place != here)
        return x;
    gk_graph_layer(t->graph, "block%d.norm%d", layer, number);
    return gk_norm(t->graph, t->args, x);
}

/* x at all positions -> [which->n, d_model]; from here on the stream is at row rate. */
static gk_node *block(transformer *t, int layer, gk_node *x, const positions *which)
{
    gk_node *sum = attention(t, layer, norm(t, GK_NORM_PRE, layer, 1, x), which);
    gk_graph_layer(t->graph, "block%d", layer);
    sum = gk_add(t->graph, stream_at(t, x, which), sum);
    t->table = false;
    x = norm(t, GK_NORM_POST, layer, 1, sum);
    sum = mlp(t, layer, norm(t, GK_NORM_PRE, layer, 2, x));
    sum = gk_add(t->graph, x, sum);
    return norm(t, GK_NORM_POST, layer, 2, sum);
}

/* --- the model ----------------------------------------------------------------------------------------------------- */

static int check_reals(const gk_model_args *args, const gk_model_data *data)
{
    if (data->n_token > 0 && (args->n_token > 0 || args->cls))
        return gk_usage_error("'--n-token' and '--cls' are for items of reals: these have tokens");
    if (data->n_token > 0)
        return 0;
    if (args->n_token < 1)
        return gk_usage_error("a transformer takes tokens: these items have %d reals, '--n-token N' cuts them into N tokens",
                              data->n_real);
    if (data->n_real % args->n_token != 0)
        return gk_usage_error("'--n-token %lld': %d reals cannot be cut into so many tokens of equal length",
                              (long long)args->n_token, data->n_real);
    return 0;
}

static int check(const gk_model_args *args, const gk_model_data *data, int64_t n_token)
{
    if (check_reals(args, data) < 0)
        return -1;
    if (args->input == GK_INPUT_LATENT || args->train_latent)
        return gk_usage_error("'--input latent' and '--train-latent' are for an mlp");
    if (args->n_layer < 1 || args->n_head < 1 || args->d_model < 1 || args->d_mlp < 1)
        return gk_usage_error("a transformer of %lld layers, %lld heads, width %lld, MLP width %lld: expected 1 or more of each",
                              (long long)args->n_layer, (long long)args->n_head, (long long)args->d_model,
                              (long long)args->d_mlp);
    if (args->d_model % args->n_head != 0)
        return gk_usage_error("model width %lld is not a multiple of %lld heads", (long long)args->d_model,
                              (long long)args->n_head);
    if (args->position == GK_POSITION_SINUSOIDAL && args->d_model % 2 != 0)
        return gk_usage_error("model width %lld is odd: sinusoidal positions need an even one", (long long)args->d_model);
    if (n_token > GK_MAX_TOKEN || (args->n_layer > 1 && n_token > GK_MAX_READ))
        return gk_usage_error("items of %lld tokens: one layer takes at most %d, more than one layer at most %d",
                              (long long)n_token, GK_MAX_TOKEN, GK_MAX_READ);
    return 0;
}

gk_node *gk_model_transformer(gk_graph *graph, const gk_model_args *args, const gk_model_data *data)
{
    bool    is_real = data->n_token == 0;
    int64_t n_token = is_real ? args->n_token + args->cls : data->n_token;
    if (check(args, data, n_token) < 0)
        return NULL;
    transformer t = { graph, args, data, .n_token = (int)n_token, .read = { .n = data->n_read },
                      .table = args->two_rate && !is_real };
    if (t.table && find_slots(&t) < 0)
        return NULL;
    memcpy(t.read.at, data->read, sizeof t.read.at);
    if (is_real)
        t.read = (positions){ 1, { args->cls ? 0 : (int)n_token - 1 } };
    for (; t.every.n < n_token && t.every.n < GK_MAX_READ; t.every.n++)
        t.every.at[t.every.n] = t.every.n;

    gk_node *x = embedding(&t);
    for (int layer = 0; layer < args->n_layer; layer++)
        x = block(&t, layer, x, layer + 1 < args->n_layer ? &t.every : &t.read);
    if (args->final_norm) {
        gk_graph_layer(graph, "norm");
        x = gk_norm(graph, args, x);
    }
    graph->part = GK_PART_UNEMBEDDING;
    gk_graph_layer(graph, "unembed");
    gk_linear_args unembed = { "d_model", gk_model_out_axis(args, data), args->d_model, gk_model_n_out(args, data),
                               .bias = args->bias == GK_BIAS_ALL, .role = GK_LINEAR_UNEMBED };
    x = gk_linear(graph, args, x, &unembed);
    return is_real ? gk_reshape(graph, x, 1, unembed.n_out) : x;
}
