/* test_transformer.c -- the naive formula, two rates against one, central differences, what a row costs. */
#include "models.h"

TEST(a_row_costs_only_what_follows_the_attention_at_the_read_position)
{
    gk_model_args args = T1;
    problem t = pairs(args, 113, 3);
    gk_graph graph;
    gk_graph_init(&graph);
    CHECK_INT(gk_model_build(&graph, &t.args, &t.data), 0);
    const gk_node *slot = find_node(&graph, "embed.token_of_slot"), *read = find_node(&graph, "block0.slot_read");
    CHECK(slot && slot->size == 113 + 113 + 1);
    CHECK(read && read->size == 1 && read->index[0] == 226);
    CHECK_INT(graph.flops_row, 2 * (128 * 512 + 512 * 128 + 128 * 114));
    CHECK_INT(graph.flops_step, 2 * 227 * 128 * (3 * 128 + 128));
    gk_graph_release(&graph);
    problem_free(&t);
}

static const struct { const char *title; gk_model_args args; int n_read, read[3]; } transformers[] = {
    { "one layer",           { SMALL, .n_layer = 1, .causal = true, .bias = GK_BIAS_MLP },                      1, { 2 } },
    { "two positions read",  { SMALL, .n_layer = 1, .causal = true, .bias = GK_BIAS_MLP },                      2, { 1, 2 } },
    { "all positions read",  { SMALL, .n_layer = 1, .bias = GK_BIAS_ALL },                                      3, { 0, 1, 2 } },
    { "two layers",          { SMALL, .n_layer = 2, .causal = true },                                           1, { 2 } },
    { "three layers, read in the middle", { SMALL, .n_layer = 3, .causal = true, .norm_place = GK_NORM_PRE },   1, { 1 } },
    { "pre-norm, final norm",  { SMALL, .n_layer = 1, .norm_place = GK_NORM_PRE, .final_norm = true },          1, { 2 } },
    { "post-norm, two layers", { SMALL, .n_layer = 2, .causal = true, .norm_place = GK_NORM_POST,
                                 .position = GK_POSITION_SINUSOIDAL },                                          1, { 2 } },
    { "RMS norm", { SMALL, .n_layer = 2, .causal = true, .norm_place = GK_NORM_PRE, .norm_kind = GK_RMSNORM,
                    .final_norm = true },                                                                       1, { 2 } },
    { "sinusoids",           { SMALL, .n_layer = 1, .position = GK_POSITION_SINUSOIDAL },                       1, { 2 } },
    { "no positions",        { SMALL, .n_layer = 1, .position = GK_POSITION_NONE, .bias = GK_BIAS_ALL },        1, { 2 } },
    { "all biases, one layer",  { SMALL, .n_layer = 1, .causal = true, .bias = GK_BIAS_ALL },                   1, { 2 } },
    { "all biases, two layers", { SMALL, .n_layer = 2, .causal = true, .bias = GK_BIAS_ALL },                   1, { 2 } },
    { "GELU, answers only",  { SMALL, .n_layer = 1, .activation = GK_GELU, .output = GK_OUTPUT_ANSWERS },       1, { 2 } },
    { "MSE of softmax",      { SMALL, .n_layer = 1, .loss = GK_LOSS_MSE_SOFTMAX },                              1, { 2 } },
    { "MSE to one-hot",      { SMALL, .n_layer = 1, .loss = GK_LOSS_MSE_ONEHOT },                               1, { 2 } },
    { "naive softmax",       { SMALL, .n_layer = 1, .softmax = GK_SOFTMAX_NAIVE },                              1, { 2 } },
    { "stablemax",           { SMALL, .n_layer = 1, .softmax = GK_STABLEMAX },                                  1, { 2 } },
};

TEST(two_rates_give_the_loss_and_gradient_of_the_plain_path_and_of_differences)
{
    for (size_t i = 0; i < sizeof transformers / sizeof *transformers; i++) {
        problem t = pairs(transformers[i].args, 5, 3);
        t.args.activation = t.args.activation == GK_IDENTITY ? GK_RELU : t.args.activation;
        t.data.n_read = transformers[i].n_read;
        memcpy(t.data.read, transformers[i].read, sizeof transformers[i].read);
        check_two_rates(transformers[i].title, &t);
        problem_free(&t);
    }
}

TEST(the_label_belongs_to_the_last_position_that_is_read)
{
    gk_model_args args = { SMALL, .n_layer = 1, .activation = GK_RELU, .causal = true, .two_rate = true };
    problem one = pairs(args, 5, 3), two = pairs(args, 5, 3);
    solver s = { .engine = NULL }, other = { .engine = NULL };
    one.data.read[0] = 1;
    two.data.n_read = 2, two.data.read[0] = 2, two.data.read[1] = 1;
    if (solver_open(&s, &one) && solver_open(&other, &two)) {
        double *param = some_parameters(&s.graph);
        CHECK_INT(other.graph.logits->n_dim, 2);
        CHECK_CLOSE(loss_at(&s, param), loss_at(&other, param), 1e-14);
        free(param);
    }
    solver_close(&s);
    solver_close(&other);
    problem_free(&one);
    problem_free(&two);
}

static void naive_norm(const naive *m, const char *name, const double *x, double *y)
{
    char full[64];
    int d = (int)m->args->d_model;
    double mean = 0, square = 0;
    snprintf(full, sizeof full, "%s.gain", name);
    const double *gain = named(m, full);
    snprintf(full, sizeof full, "%s.bias", name);
    const double *bias = named(m, full);
    for (int i = 0; i < d && bias; i++)
        mean += x[i] / d;
    for (int i = 0; i < d; i++)
        square += (x[i] - mean) * (x[i] - mean) / d;
    for (int i = 0; i < d; i++)
        y[i] = (x[i] - mean) / sqrt(square + 1e-5) * gain[i] + (bias ? bias[i] : 0);
}

/* y[at] = attention of x at every position */
static void naive_attention(const naive *m, int n_token, double x[][MAX], double y[][MAX])
{
    int d = (int)m->args->d_model, k = d / (int)m->args->n_head;
    double query[8][MAX], key[8][MAX], value[8][MAX], mixed[MAX];
    for (int at = 0; at < n_token; at++) {
        naive_linear(m, "attention.query", x[at], d, query[at], d);
        naive_linear(m, "attention.key", x[at], d, key[at], d);
        naive_linear(m, "attention.value", x[at], d, value[at], d);
    }
    for (int at = 0; at < n_token; at++) {
        for (int i = 0; i < d; i++) {
            int first = i / k * k;             /* of the head of i */
            double sum = 0, weighted = 0;
            for (int other = 0; other <= (m->args->causal ? at : n_token - 1); other++) {
                double score = 0;
                for (int j = first; j < first + k; j++)
                    score += query[at][j] * key[other][j] / sqrt(k);
                sum += exp(score);
                weighted += exp(score) * value[other][i];
            }
            mixed[i] = weighted / sum;
        }
        naive_linear(m, "attention.output", mixed, d, y[at], d);
    }
}

static void naive_mlp(const naive *m, const double *x, double *y)
{
    double hidden[MAX];
    naive_linear(m, "mlp.in", x, (int)m->args->d_model, hidden, (int)m->args->d_mlp);
    for (int i = 0; i < m->args->d_mlp; i++)
        hidden[i] = hidden[i] > 0 ? hidden[i] : 0;
    naive_linear(m, "mlp.out", hidden, (int)m->args->d_mlp, y, (int)m->args->d_model);
}

static void naive_block(const naive *m, int n_token, double x[][MAX])
{
    double in[8][MAX], out[8][MAX];
    for (int half = 1; half <= 2; half++) {
        const char *norm = half == 1 ? "norm1" : "norm2";
        for (int at = 0; at < n_token; at++) {
            memcpy(in[at], x[at], sizeof in[at]);
            if (m->args->norm_place == GK_NORM_PRE)
                naive_norm(m, norm, x[at], in[at]);
        }
        if (half == 1)
            naive_attention(m, n_token, in, out);
        for (int at = 0; at < n_token; at++) {
            if (half == 2)
                naive_mlp(m, in[at], out[at]);
            for (int i = 0; i < m->args->d_model; i++)
                x[at][i] += out[at][i];
            memcpy(in[at], x[at], sizeof in[at]);
            if (m->args->norm_place == GK_NORM_POST)
                naive_norm(m, norm, in[at], x[at]);
        }
    }
}

/* What position `at` of an item begins with: its token's embedding, CLS, or a linear map of its reals. */
static void naive_embedding(const naive *m, const problem *t, int item, int at, double *x)
{
    int d = (int)m->args->d_model, cls = m->args->cls, n_in = t->real ? t->data.n_real / (int)m->args->n_token : 0;
    double in[MAX];
    for (int i = 0; t->real && at >= cls && i < n_in; i++)
        in[i] = t->real[item * t->data.n_real + (at - cls) * n_in + i];
    if (t->real && at >= cls)
        naive_linear(m, "patch", in, n_in, x, d);
    else
        memcpy(x, t->real ? named(m, "cls.weight") : named(m, "embed.weight") + t->token[item * t->data.n_token + at] * d,
               (size_t)d * sizeof *x);
}

/* Mean loss of a ReLU transformer; logits are read at the last position, or at CLS. */
static double naive_transformer(naive *m, const problem *t)
{
    int d = (int)m->args->d_model, n_token = t->real ? (int)m->args->n_token + m->args->cls : t->data.n_token;
    int n_out = t->real ? t->data.n_answer : t->data.n_vocab;
    double loss = 0;
    for (int item = 0; item < t->data.n_item; item++) {
        double x[8][MAX] = { { 0 } }, logits[MAX];
        for (int at = 0; at < n_token; at++) {
            naive_embedding(m, t, item, at, x[at]);
            for (int i = 0; i < d; i++) {
                double angle = at / pow(10000, (i - i % 2) / (double)d);
                x[at][i] += m->args->position == GK_POSITION_LEARNED    ? named(m, "position.weight")[at * d + i]
                            : m->args->position == GK_POSITION_SINUSOIDAL ? (i % 2 ? cos(angle) : sin(angle)) : 0;
            }
        }
        for (m->layer = 0; m->layer < m->args->n_layer; m->layer++)
            naive_block(m, n_token, x);
        double *last = x[m->args->cls ? 0 : n_token - 1], in[MAX];
        memcpy(in, last, sizeof in);
        if (m->args->final_norm)
            naive_norm(m, "norm", in, last);
        naive_linear(m, "unembed", last, d, logits, n_out);
        loss += naive_cross_entropy(logits, n_out, t->label[item]) / (double)t->data.n_item;
    }
    return loss;
}

TEST(a_transformer_equals_the_naive_formula)
{
    for (size_t i = 0; i < sizeof transformers / sizeof *transformers; i++) {
        problem t = pairs(transformers[i].args, 5, 3);
        solver s;
        t.args.two_rate = i % 2, t.args.activation = GK_RELU;
        t.args.loss = GK_LOSS_CE, t.args.softmax = GK_SOFTMAX_STABLE, t.args.output = GK_OUTPUT_VOCAB;
        if (solver_open(&s, &t)) {
            double *param = some_parameters(&s.graph);
            naive m = { &s.graph, &t.args, param, 0 };
            CHECK_CLOSE(loss_at(&s, param), naive_transformer(&m, &t), 1e-12);
            free(param);
        }
        solver_close(&s);
        problem_free(&t);
    }
}

/* A model of reals, whose embedding is neither a table nor a sum. */
TEST(a_transformer_of_reals_equals_the_naive_formula_and_has_the_gradient_of_differences)
{
    static const struct { const char *title; gk_model_args args; } rows[] = {
        { "CLS, post-norm, two layers", { SMALL, .n_layer = 2, .n_token = 3, .cls = true, .bias = GK_BIAS_ALL,
                                          .norm_place = GK_NORM_POST } },
        { "CLS, one layer",     { SMALL, .n_layer = 1, .n_token = 2, .cls = true, .bias = GK_BIAS_BLOCKS } },
        { "read at the last",   { SMALL, .n_layer = 2, .n_token = 4, .causal = true, .position = GK_POSITION_SINUSOIDAL } },
        { "one token, without position", { SMALL, .n_layer = 1, .n_token = 1, .position = GK_POSITION_NONE } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        problem t = reals(rows[i].args, 7, 12, 3);
        solver s;
        t.args.two_rate = i % 2, t.args.activation = GK_RELU;
        if (solver_open(&s, &t)) {
            double *param = some_parameters(&s.graph);
            naive m = { &s.graph, &t.args, param, 0 };
            CHECK_CLOSE(loss_at(&s, param), naive_transformer(&m, &t), 1e-12);
            check_differences(rows[i].title, &s, param);
            free(param);
        }
        solver_close(&s);
        problem_free(&t);
    }
}

TEST_MAIN(
    RUN(a_row_costs_only_what_follows_the_attention_at_the_read_position)
    RUN(two_rates_give_the_loss_and_gradient_of_the_plain_path_and_of_differences)
    RUN(the_label_belongs_to_the_last_position_that_is_read)
    RUN(a_transformer_equals_the_naive_formula)
    RUN(a_transformer_of_reals_equals_the_naive_formula_and_has_the_gradient_of_differences)
)
