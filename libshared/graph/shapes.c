/* shapes.c -- the shape rule of every op. */
#include "graph/shapes.h"

static void mismatch(gk_graph *graph, const gk_node *node, const char *expected)
{
    char found[2][64] = { "", "" };

    for (int i = 0; i < node->n_src && i < 2; i++)
        gk_shape_text(node->src[i], found[i], sizeof found[i]);
    gk_graph_fail(graph, "%s of %s %s, expected %s", gk_op_name(node->op), found[0], found[1], expected);
}

static bool is_index(const gk_node *node)
{
    return gk_op_is(node->op, GK_INDEX);
}

static int64_t last_dim(const gk_node *node)
{
    return node->n_dim ? node->dim[node->n_dim - 1] : 0;
}

static void same_shape(gk_node *node, const gk_node *as)
{
    node->n_dim = as->n_dim;
    for (int i = 0; i < as->n_dim; i++)
        node->dim[i] = as->dim[i];
}

static void shape_embed(gk_graph *graph, gk_node *y)
{
    const gk_node *table = y->src[0], *index = y->src[1];

    if (table->rate != GK_STEP_RATE || table->n_dim != 2 || !is_index(index)) {
        mismatch(graph, y, "a step-rate table [n, d] and an index");
        return;
    }
    y->n_dim  = 2;
    y->dim[0] = index->size;
    y->dim[1] = table->dim[1];
}

static void shape_embed_sum(gk_graph *graph, gk_node *y)
{
    shape_embed(graph, y);
    if (y->src[1]->op != GK_OP_INPUT_INDEX)
        mismatch(graph, y, "a step-rate table [n, d] and an input index");
    y->n_dim  = 1;
    y->dim[0] = y->src[0]->dim[1];
}

static void shape_matmul(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];

    if (x->n_dim < 1 || w->n_dim != 2 || w->rate != GK_STEP_RATE || last_dim(x) != w->dim[0]) {
        mismatch(graph, y, "[..., i] and a step-rate [i, o]");
        return;
    }
    same_shape(y, x);
    y->dim[y->n_dim - 1] = w->dim[1];
    y->n_product         = w->dim[0];
}

static void shape_head_matmul(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    int            n_head = y->args.head_matmul.n_head;

    if (x->n_dim != 2 || w->n_dim != 2 || w->rate != GK_STEP_RATE || x->dim[1] != w->dim[0] || n_head < 1 ||
        x->dim[1] % n_head != 0) {
        mismatch(graph, y, "[n, H*k] and a step-rate [H*k, d]");
        return;
    }
    y->n_dim  = 3;
    y->dim[0] = x->dim[0];
    y->dim[1] = n_head;
    y->dim[2] = w->dim[1];
    y->n_product = w->dim[0] / n_head;
}

/* Room for an image with its border, for the weights, and for a gradient, with a border or with whole vectors. */
static int64_t conv_scratch(const gk_node *y)
{
    const gk_node *x = y->src[0];
    int64_t k = y->args.conv.kernel, s = y->args.conv.stride, p = y->args.conv.pad;
    int64_t image = (x->dim[0] + 2 * p) * (x->dim[1] + 2 * p) * x->dim[2], border = 2 * (k + s + p);
    int64_t weight = k * k * gk_conv_room(x->dim[2]) * gk_conv_room(y->dim[2]);

    return image + weight + (y->dim[0] + border) * (y->dim[1] + border) * gk_conv_room(y->dim[2]);
}

static void shape_conv(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    int            kernel = y->args.conv.kernel, stride = y->args.conv.stride, pad = y->args.conv.pad;

    if (x->n_dim != 3 || x->rate != GK_ROW_RATE || w->n_dim != 2 || w->rate != GK_STEP_RATE || kernel < 1 || stride < 1 ||
        pad < 0 || w->dim[0] != kernel * kernel * x->dim[2] || x->dim[0] + 2 * pad < kernel || x->dim[1] + 2 * pad < kernel) {
        mismatch(graph, y, "row-rate [H, W, i], no smaller than the kernel, and step-rate [kernel*kernel*i, o]");
        return;
    }
    y->n_dim     = 3;
    y->dim[0]    = (x->dim[0] + 2 * pad - kernel) / stride + 1;
    y->dim[1]    = (x->dim[1] + 2 * pad - kernel) / stride + 1;
    y->dim[2]    = w->dim[1];
    y->n_product = w->dim[0];
    y->n_scratch = conv_scratch(y);
}

/* aux: gates and cells of every step, and room for what the backward takes from one step to that before. */
static void shape_lstm(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];

    if (x->n_dim != 2 || x->rate != GK_ROW_RATE || w->n_dim != 2 || w->rate != GK_STEP_RATE || w->dim[1] != 4 * w->dim[0] ||
        x->dim[1] != w->dim[1]) {
        mismatch(graph, y, "row-rate [T, 4h] and a step-rate [h, 4h]");
        return;
    }
    for (int i = 2; i < y->n_src; i++)
        if (y->n_src != 4 || y->src[i]->rate != GK_ROW_RATE || y->src[i]->size != w->dim[i == 2]) {
            gk_graph_fail(graph, "what comes before an lstm of %lld units is their sums' share and their cells, row-rate",
                          (long long)w->dim[0]);
            return;
        }
    y->n_dim     = 2;
    y->dim[0]    = x->dim[0];
    y->dim[1]    = w->dim[0];
    y->n_aux     = y->dim[1] * (5 * y->dim[0] + 1);
    y->n_product = w->dim[1] * (y->dim[0] - 1) / y->dim[0];    /* the first step has none */
    y->n_reread  = w->size * (y->dim[0] - 1);
}

/* Is `of` as x, but for the last axis, which is a quarter? */
static bool is_quarter(const gk_node *of, const gk_node *x)
{
    bool fits = of->rate == x->rate && of->n_dim == x->n_dim && 4 * last_dim(of) == last_dim(x);

    for (int i = 0; fits && i + 1 < x->n_dim; i++)
        fits = of->dim[i] == x->dim[i];
    return fits;
}

static void shape_lstm_cell(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0];

    if (x->n_dim < 1 || last_dim(x) % 4 != 0 || (y->n_src > 1 && !is_quarter(y->src[1], x))) {
        mismatch(graph, y, "[..., 4h] and, at the same rate, [..., h]");
        return;
    }
    same_shape(y, x);
    y->dim[y->n_dim - 1] /= 4;
    y->n_scratch = 5 * last_dim(y);    /* slopes of a line: of its sums and its cells */
}

static void shape_lstm_out(gk_graph *graph, gk_node *y)
{
    shape_lstm_cell(graph, y);
}

static void shape_mean_pool(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0];

    if (x->n_dim < 2 || x->rate != GK_ROW_RATE) {
        mismatch(graph, y, "row-rate [..., d]");
        return;
    }
    y->n_dim  = 1;
    y->dim[0] = last_dim(x);
}

static void shape_edge_sum(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0], *edges = y->src[1];

    if (x->n_dim != 3 || x->rate != GK_ROW_RATE || edges->op != GK_OP_INPUT_INDEX || edges->size % x->dim[0] != 0) {
        mismatch(graph, y, "row-rate [n, T, d] and an input index of as many for each of n");
        return;
    }
    y->n_dim  = 2;
    y->dim[0] = x->dim[0];
    y->dim[1] = x->dim[2];
}

static void shape_sum_pool(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0], *count = y->src[1];

    if (x->n_dim != 2 || x->rate != GK_ROW_RATE || count->op != GK_OP_INPUT_INDEX || count->size != 1) {
        mismatch(graph, y, "row-rate [n, d] and an input index of one number");
        return;
    }
    y->n_dim  = 1;
    y->dim[0] = x->dim[1];
}

static void shape_bias_act(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0];

    if (x->n_dim < 1 || (y->n_src == 2 && (y->src[1]->n_dim != 1 || y->src[1]->rate != GK_STEP_RATE ||
                                           y->src[1]->dim[0] != last_dim(x)))) {
        mismatch(graph, y, "[..., d] and a step-rate [d]");
        return;
    }
    same_shape(y, x);
    y->n_scratch = last_dim(x);    /* slopes of one row */
}

/* Of the same shape, and b no more often computed than a? */
static bool is_alike(const gk_node *a, const gk_node *b)
{
    bool same = a->n_dim == b->n_dim && (a->rate == GK_ROW_RATE || b->rate == GK_STEP_RATE);

    for (int i = 0; same && i < a->n_dim; i++)
        same = a->dim[i] == b->dim[i];
    return same;
}

static void shape_add(gk_graph *graph, gk_node *y)
{
    if (!is_alike(y->src[0], y->src[1])) {
        mismatch(graph, y, "equal shapes, the row-rate one first");
        return;
    }
    same_shape(y, y->src[0]);
}

static void shape_add_scaled(gk_graph *graph, gk_node *y)
{
    const gk_node *a = y->src[0], *b = y->src[1], *gain = y->src[2];

    if (!is_alike(a, b) || a->rate != GK_ROW_RATE || b->rate != GK_ROW_RATE || gain->rate != GK_STEP_RATE || gain->size != 1) {
        mismatch(graph, y, "equal shapes at row rate, and a number at step rate");
        return;
    }
    same_shape(y, a);
}

static void shape_blend(gk_graph *graph, gk_node *y)
{
    const gk_node *a = y->src[0], *b = y->src[1];

    if (!is_alike(a, b) && (b->size != 1 || (a->rate == GK_STEP_RATE && b->rate == GK_ROW_RATE))) {
        mismatch(graph, y, "equal shapes or one number, the row-rate one first");
        return;
    }
    same_shape(y, a);
}

static void shape_layernorm(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0];

    for (int i = 1; i < y->n_src; i++)
        if (x->n_dim < 1 || y->src[i]->op != GK_OP_PARAM || y->src[i]->n_dim != 1 || y->src[i]->dim[0] != last_dim(x)) {
            mismatch(graph, y, "[..., d] and parameters [d]");
            return;
        }
    same_shape(y, x);
    y->n_scratch = 4 * last_dim(x);    /* two of double for each of one row */
}

static void shape_rmsnorm(gk_graph *graph, gk_node *y)
{
    shape_layernorm(graph, y);
}

/* A source of attention: [n, H*k] positions (row rate) or slots (step rate); n_row positions expected at row rate. */
static bool attention_source_fits(const gk_node *src, int n_dim, int64_t n_row, bool has_slot)
{
    return src->n_dim == n_dim && (src->rate == GK_STEP_RATE ? has_slot : src->dim[0] == n_row);
}

static void shape_attention(gk_graph *graph, gk_node *y)
{
    const gk_node *q = y->src[0], *k = y->src[1], *v = y->src[2];
    int            n_head = y->args.attention.n_head, n_token = y->args.attention.n_token, n_read = y->args.attention.n_read;
    bool           sum = y->args.attention.sum_heads, has_slot = y->n_src == 4;

    if (n_head < 1 || n_token < 1 || n_token > GK_MAX_TOKEN || !attention_source_fits(q, 2, n_read, has_slot) ||
        !attention_source_fits(k, 2, n_token, has_slot) || !attention_source_fits(v, sum ? 3 : 2, n_token, has_slot) ||
        q->dim[1] != k->dim[1] || q->dim[1] % n_head != 0 || (sum ? v->dim[1] != n_head : v->dim[1] % n_head != 0)) {
        mismatch(graph, y, "queries, keys and values that belong together");
        return;
    }
    if (has_slot && (y->src[3]->op != GK_OP_INPUT_INDEX || y->src[3]->size != n_token)) {
        mismatch(graph, y, "slots [positions]");
        return;
    }
    for (int i = 0; i < n_read; i++)
        if (y->args.attention.read[i] < 0 || y->args.attention.read[i] >= n_token) {
            gk_graph_fail(graph, "read position %d, expected 0 to %d", y->args.attention.read[i], n_token - 1);
            return;
        }
    y->rate   = GK_ROW_RATE;
    y->n_aux     = n_read * n_head * n_token;    /* the weights */
    y->n_scratch = n_head * n_token;             /* the slopes of those of one read */
    y->n_dim  = 2;
    y->dim[0] = n_read;
    y->dim[1] = sum ? v->dim[2] : v->dim[1];
}

static void shape_select(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0];

    if (x->n_dim != 2 || x->rate != GK_ROW_RATE) {
        mismatch(graph, y, "row-rate [T, d]");
        return;
    }
    for (int i = 0; i < y->args.select.n_read; i++)
        if (y->args.select.read[i] < 0 || y->args.select.read[i] >= x->dim[0]) {
            gk_graph_fail(graph, "read position %d, expected 0 to %d", y->args.select.read[i], (int)x->dim[0] - 1);
            return;
        }
    y->n_dim  = 2;
    y->dim[0] = y->args.select.n_read;
    y->dim[1] = x->dim[1];
}

static void shape_prepend(gk_graph *graph, gk_node *y)
{
    const gk_node *x = y->src[0], *a = y->src[1];

    if (a->n_dim != 2 || x->n_dim != 2 || a->rate != GK_STEP_RATE || x->rate != GK_ROW_RATE || a->dim[1] != x->dim[1]) {
        mismatch(graph, y, "a row-rate [T, d] and a step-rate [n, d]");
        return;
    }
    y->n_dim  = 2;
    y->dim[0] = a->dim[0] + x->dim[0];
    y->dim[1] = x->dim[1];
}

static void shape_reshape(gk_graph *graph, gk_node *y)
{
    (void)graph;    /* gk_reshape sets and checks it */
    same_shape(y, y->src[0]);
}

static void shape_dropout(gk_graph *graph, gk_node *y)
{
    if (y->rate != GK_ROW_RATE)
        mismatch(graph, y, "a row-rate source");
    same_shape(y, y->src[0]);
}

static void shape_cross_entropy(gk_graph *graph, gk_node *y)
{
    if (y->src[0]->rate != GK_ROW_RATE || y->src[0]->n_dim != 1)
        mismatch(graph, y, "row-rate logits [C]");
    y->n_dim     = 0;
    y->n_scratch = y->src[0]->size;    /* a softmax */
}

static void shape_mse_softmax(gk_graph *graph, gk_node *y)
{
    shape_cross_entropy(graph, y);
}

static void shape_mse_onehot(gk_graph *graph, gk_node *y)
{
    shape_cross_entropy(graph, y);
}

static void shape_mse(gk_graph *graph, gk_node *y)
{
    const gk_node *target = y->src[1];

    shape_cross_entropy(graph, y);
    if (target->rate != GK_ROW_RATE || target->size != y->src[0]->size || target->needs_grad)
        mismatch(graph, y, "row-rate predictions [C] and targets [C] without gradient");
}

static void shape_margin(gk_graph *graph, gk_node *y)
{
    shape_cross_entropy(graph, y);
    if (y->src[0]->size != 1)
        mismatch(graph, y, "one number [1]");
}

static void shape_kl_target(gk_graph *graph, gk_node *y)
{
    const gk_node *target = y->src[1];

    shape_cross_entropy(graph, y);
    if (target->rate != GK_ROW_RATE || target->size != y->src[0]->size)
        mismatch(graph, y, "row-rate logits [C] and targets [C]");
}

gk_shape_rule *const gk_shape_rules[GK_N_OP] = {
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) [GK_OP_##name] = shape_##name,
#include "graph/ops.def"
};
