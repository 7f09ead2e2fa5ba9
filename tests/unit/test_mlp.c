/* test_mlp.c -- dense products, central differences, widths. */
#include "models.h"

TEST(an_mlp_has_the_gradient_of_differences)
{
    gk_model_args embed = { MLP, .widths = "7x6", .activation = GK_LEAKY_RELU, .bias = GK_BIAS_ALL };
    gk_model_args onehot = { MLP, .input = GK_INPUT_ONEHOT, .widths = "9", .activation = GK_RELU };
    gk_model_args real = { MLP, .widths = "4x5x6", .activation = GK_TANH, .bias = GK_BIAS_ALL };
    problem t[] = { pairs(embed, 5, 2), pairs(embed, 4, 3), pairs(onehot, 5, 2), reals(real, 8, 3, 4) };
    for (int i = 0; i < 4; i++) {
        check_two_rates("mlp", &t[i]);
        problem_free(&t[i]);
    }
}

/* One-hots written out and multiplied, embeddings written side by side: two hidden layers, ReLU. */
static double naive_mlp_loss(const naive *m, const problem *t)
{
    int p = t->data.n_vocab, n_token = t->data.n_token, d = (int)m->args->d_model;
    int n_in = n_token * (m->args->input == GK_INPUT_ONEHOT ? p : d);
    double loss = 0;
    for (int item = 0; item < t->data.n_item; item++) {
        double x[MAX] = { 0 }, h[2][MAX];
        for (int at = 0; at < n_token; at++) {
            int token = t->token[item * n_token + at];
            if (m->args->input == GK_INPUT_ONEHOT)
                x[at * p + token] = 1;
            for (int i = 0; i < d && m->args->input == GK_INPUT_EMBED; i++)
                x[at * d + i] = named(m, "embed.weight")[token * d + i];
        }
        naive_linear(m, "layer0", x, n_in, h[0], 7);
        for (int i = 0; i < 7; i++)
            h[0][i] = fmax(h[0][i], 0);
        naive_linear(m, "layer1", h[0], 7, h[1], 6);
        for (int i = 0; i < 6; i++)
            h[1][i] = fmax(h[1][i], 0);
        naive_linear(m, "head", h[1], 6, x, p);
        loss += naive_cross_entropy(x, p, t->label[item]) / (double)t->data.n_item;
    }
    return loss;
}

TEST(an_mlp_on_one_hots_or_embeddings_equals_the_dense_product)
{
    for (int i = 0; i < 8; i++) {
        gk_model_args args = { MLP, .input = i & 1 ? GK_INPUT_ONEHOT : GK_INPUT_EMBED, .widths = "7x6", .activation = GK_RELU,
                               .bias = i & 2 ? GK_BIAS_ALL : GK_BIAS_NONE, .two_rate = i & 4 };
        problem t = pairs(args, 5, 2);
        solver s;
        if (solver_open(&s, &t)) {
            double *param = some_parameters(&s.graph);
            naive m = { &s.graph, &t.args, param, 0 };
            CHECK_CLOSE(loss_at(&s, param), naive_mlp_loss(&m, &t), 1e-12);
            free(param);
        }
        solver_close(&s);
        problem_free(&t);
    }
}

TEST(widths_of_an_mlp_are_checked)
{
    const char *const wrong[] = { NULL, "", "x", "448x", "x448", "4x-4", "4,4", "0x4", "4x99999999999", " 4" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        gk_model_args args = { MLP, .widths = wrong[i] };
        check_refused(pairs(args, 5, 2), "whole numbers from 1 to 1048576 joined by 'x'");
    }
    gk_model_args args = { MLP, .widths = "4" };
    args.init = GK_INIT_NANDA;
    check_refused(pairs(args, 5, 2), "'nanda' is a transformer's");
}

TEST_MAIN(
    RUN(an_mlp_has_the_gradient_of_differences)
    RUN(an_mlp_on_one_hots_or_embeddings_equals_the_dense_product)
    RUN(widths_of_an_mlp_are_checked)
)
