/* test_lstm.c -- the naive formula, both rates, central differences, what stands where, what is refused. */
#include "models.h"

#define LSTM .model = GK_MODEL_lstm, .d_model = 5, .init = GK_INIT_TORCH

static double sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* A layer at one step: x [n_in], y and cell [h] of the step before, which become those of this one. */
static void naive_step(const naive *m, int layer, const double *x, int n_in, int h, double *y, double *cell)
{
    double from_x[MAX], from_y[MAX];
    char   input[32], hidden[32];
    snprintf(input, sizeof input, "lstm%d.input", layer);
    snprintf(hidden, sizeof hidden, "lstm%d.hidden", layer);
    naive_linear(m, input, x, n_in, from_x, 4 * h);
    naive_linear(m, hidden, y, h, from_y, 4 * h);
    for (int j = 0; j < h; j++) {
        double gate[4];
        for (int k = 0; k < 4; k++)
            gate[k] = from_x[k * h + j] + from_y[k * h + j];
        cell[j] = sigmoid(gate[1]) * cell[j] + sigmoid(gate[0]) * tanh(gate[2]);
        y[j]    = sigmoid(gate[3]) * tanh(cell[j]);
    }
}

/* Layers of 6 and 3 units, or one of 6. */
static double naive_lstm_loss(const naive *m, const problem *t)
{
    const int h[2] = { 6, 3 }, n_layer = strcmp(m->args->widths, "6x3") == 0 ? 2 : 1, n_token = t->data.n_token;
    double    loss = 0;
    for (int item = 0; item < t->data.n_item; item++) {
        double y[2][MAX] = { { 0 } }, cell[2][MAX] = { { 0 } }, logits[MAX];
        for (int at = 0; at < n_token; at++) {
            const double *x = named(m, "embed.weight") + t->token[item * n_token + at] * m->args->d_model;
            for (int layer = 0; layer < n_layer; layer++)
                naive_step(m, layer, layer == 0 ? x : y[0], layer == 0 ? (int)m->args->d_model : h[0], h[layer], y[layer],
                           cell[layer]);
        }
        naive_linear(m, "head", y[n_layer - 1], h[n_layer - 1], logits, t->data.n_vocab);
        loss += naive_cross_entropy(logits, t->data.n_vocab, t->label[item]) / (double)t->data.n_item;
    }
    return loss;
}

/* Pairs as [a, p, b, p + 1]: "a + b =". */
static problem sums(gk_model_args args, int p)
{
    problem t = pairs(args, p, 4);
    for (int i = 0; i < t.data.n_item; i++) {
        t.token[4 * i + 2] = t.token[4 * i + 1];
        t.token[4 * i + 1] = p;
    }
    return t;
}

TEST(an_lstm_equals_the_naive_formula_at_both_rates)
{
    for (int i = 0; i < 12; i++) {
        gk_model_args args = { LSTM, .widths = i % 3 ? "6x3" : "6", .bias = i % 3 == 1 ? GK_BIAS_NONE : GK_BIAS_ALL,
                               .two_rate = i % 6 < 3 };
        problem t = i < 6 ? pairs(args, 5, 4) : sums(args, 5);
        solver s;
        if (solver_open(&s, &t)) {
            double *param = some_parameters(&s.graph);
            naive m = { &s.graph, &t.args, param, -1 };
            CHECK_CLOSE(loss_at(&s, param), naive_lstm_loss(&m, &t), 1e-12);
            free(param);
        }
        solver_close(&s);
        problem_free(&t);
    }
}

TEST(an_lstm_has_the_gradient_of_differences_at_both_rates)
{
    gk_model_args one = { LSTM, .widths = "4", .bias = GK_BIAS_ALL }, two = { LSTM, .widths = "5x3", .bias = GK_BIAS_BLOCKS };
    problem t[] = { pairs(one, 4, 4), pairs(two, 4, 5), pairs(two, 4, 2), sums(one, 4), sums(two, 4) };
    t[1].data.n_read = 2;    /* the fourth, too */
    t[1].data.read[0] = 3, t[1].data.read[1] = 4;
    t[4].data.n_read = 2;    /* the third, too */
    t[4].data.read[0] = 2, t[4].data.read[1] = 3;
    for (int i = 0; i < 5; i++) {
        check_two_rates("lstm", &t[i]);
        problem_free(&t[i]);
    }
}

/* Logits at one position of [a, b, tokens ...], [n_item][n_vocab] in arena memory. */
static double *logits_at(int position, int last_token, gk_arena *arena)
{
    gk_model_args args = { LSTM, .widths = "6x3", .bias = GK_BIAS_ALL, .two_rate = true };
    problem t = pairs(args, 4, 4);
    solver  s;
    const bool active = true;
    double *out = NULL;
    t.data.read[0] = position;
    for (int i = 0; i < t.data.n_item; i++)
        t.token[4 * i + 3] = last_token;
    if (solver_open(&s, &t)) {
        double *param = some_parameters(&s.graph);
        out = gk_arena_alloc(arena, (size_t)(t.data.n_item * s.graph.logits->size) * sizeof *out);
        CHECK_INT(backend_of(1)->write(s.engine, GK_ARENA_PARAM, param), 0);
        CHECK_INT(backend_of(1)->predict(s.engine, GK_TRAIN_ROWS, &active, &out), 0);
        free(param);
    }
    solver_close(&s);
    problem_free(&t);
    return out;
}

TEST(a_position_depends_on_those_before_it_alone)
{
    gk_arena arena = { 0 };
    const double *third[2] = { logits_at(2, 5, &arena), logits_at(2, 0, &arena) };
    const double *fourth[2] = { logits_at(3, 5, &arena), logits_at(3, 0, &arena) };
    CHECK(third[0] && third[1] && memcmp(third[0], third[1], 16 * 6 * sizeof(double)) == 0);
    CHECK(fourth[0] && fourth[1] && memcmp(fourth[0], fourth[1], 16 * 6 * sizeof(double)) != 0);
    gk_arena_release(&arena);
}

/* Reals of products, in units of 128 x 512, of rows and of tables of 99 tokens. */
static void check_products(problem *t, int64_t rows, int64_t tables)
{
    gk_graph graph;
    gk_graph_init(&graph);
    CHECK_INT(gk_model_build(&graph, &t->args, &t->data), 0);
    CHECK_INT(graph.flops_row, 2 * (rows * 128 * 512 + t->data.n_read * 128 * 99));
    CHECK_INT(graph.flops_step, 2 * 99 * tables * 128 * 512);
    gk_graph_release(&graph);
}

/* Of "a + b =" rows have the last two tokens: one product of outputs in the first layer, in the second two of inputs and one of
 * outputs; tables have the vectors and two products of outputs, then two of inputs and two of outputs. */
TEST(what_is_read_of_the_first_operand_alone_is_a_table)
{
    gk_model_args args = { LSTM, .widths = "128x128", .bias = GK_BIAS_ALL, .two_rate = true };
    args.d_model = 128;
    problem t = sums(args, 97);
    check_products(&t, 4, 7);
    t.data.read_layer = "lstm1";    /* whose steps are asked for */
    check_products(&t, 10, 1);
    t.data.read_layer = NULL;
    t.data.n_read = 2, t.data.read[0] = 1, t.data.read[1] = 3;
    check_products(&t, 10, 1);
    t.data.n_read = 1, t.data.read[0] = 3;
    t.token[4 * 500 + 1] = 98;      /* one item has another token there */
    check_products(&t, 10, 1);
    problem_free(&t);
    problem few = sums(args, 97);
    few.data.n_item = 99;           /* no more than first tokens */
    check_products(&few, 10, 1);
    problem_free(&few);
}

TEST(parameters_have_pytorchs_law_and_half_of_the_first_layers_products_vanish)
{
    gk_model_args args = { LSTM, .widths = "128x128", .bias = GK_BIAS_ALL, .two_rate = true };
    args.d_model = 128, args.init = GK_INIT_AUTO;
    problem  t = pairs(args, 97, 4);
    gk_graph graph;
    gk_graph_init(&graph);
    CHECK_INT(gk_model_build(&graph, &t.args, &t.data), 0);
    static const char *const names[] = { "lstm0.input.weight", "lstm0.input.bias", "lstm0.hidden.weight", "lstm0.hidden.bias",
                                         "lstm1.input.weight", "lstm1.hidden.bias", "head.weight", "head.bias" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const gk_node *node = find_node(&graph, names[i]);
        CHECK(node && strcmp(node->init_text, "uniform(-0.0883883, 0.0883883)") == 0);    /* 1/sqrt(128) */
    }
    const gk_node *weight = find_node(&graph, "lstm1.hidden.weight");
    CHECK(weight && weight->dim[0] == 128 && weight->dim[1] == 512);
    /* the first layer: 3 products of outputs; the second: 4 of inputs and 3 of outputs; then the logits */
    CHECK_INT(graph.flops_row, 2 * (10 * 128 * 512 + 128 * 99));
    CHECK_INT(graph.flops_step, 2 * 99 * 128 * 512);
    gk_graph_release(&graph);
    problem_free(&t);
}

TEST(what_an_lstm_cannot_do_is_refused)
{
    gk_model_args args = { LSTM, .widths = "3" };
    check_refused(reals(args, 3, 24, 2), "an lstm takes tokens: these items have 24 reals");
    args.init = GK_INIT_NANDA;
    check_refused(pairs(args, 5, 3), "the initial law 'nanda' is not for an lstm");
    args.init = GK_INIT_TORCH, args.dropout = true;
    check_refused(pairs(args, 5, 3), "dropout stands between the layers of an lstm");
    args.dropout = false, args.widths = "3x";
    check_refused(pairs(args, 5, 3), "widths '3x'");
}

TEST_MAIN(
    RUN(an_lstm_equals_the_naive_formula_at_both_rates)
    RUN(an_lstm_has_the_gradient_of_differences_at_both_rates)
    RUN(a_position_depends_on_those_before_it_alone)
    RUN(what_is_read_of_the_first_operand_alone_is_a_table)
    RUN(parameters_have_pytorchs_law_and_half_of_the_first_layers_products_vanish)
    RUN(what_an_lstm_cannot_do_is_refused)
)
