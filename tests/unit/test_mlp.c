/* test_mlp.c -- dense products, central differences, latents and messiness, widths. */
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

/* --- targets, latents, templates -- */

enum { N_TARGET = 3, N_LATENT = 2, MAX_ITEM = 25 };
static float targets[MAX_ITEM * N_TARGET], templates[MAX_ITEM], random_latents[MAX_ITEM * N_LATENT],
             linear_latents[MAX_ITEM * N_LATENT];

/* The same items with targets in place of classes, and with all that can be messy. */
static problem with_targets(problem t)
{
    for (int i = 0; i < MAX_ITEM * N_TARGET; i++)
        targets[i] = (float)gk_rng_normal(8, GK_RNG_TEST, 0, (uint64_t)i);
    for (int i = 0; i < MAX_ITEM; i++)
        templates[i] = (float)i / MAX_ITEM;
    for (int i = 0; i < MAX_ITEM * N_LATENT; i++) {
        random_latents[i] = (float)gk_rng_normal(9, GK_RNG_TEST, 0, (uint64_t)i);
        int token = i / N_LATENT;
        linear_latents[i] = (float)(token - 2);
    }
    t.args.loss = GK_LOSS_MSE;
    t.args.correct_below = 0.5;
    t.data.n_target = t.data.n_answer = N_TARGET;
    t.data.target = targets;
    t.data.template_value = t.data.n_real > 0 ? templates : NULL;
    if (t.data.n_token > 0) {
        t.data.n_latent = N_LATENT;
        t.data.random_latent = random_latents;
        t.data.linear_latent = linear_latents;
    }
    return t;
}

TEST(targets_latents_and_messiness_have_the_gradient_of_differences)
{
    gk_model_args latent = { MLP, .input = GK_INPUT_LATENT, .widths = "7", .activation = GK_LEAKY_RELU, .bias = GK_BIAS_ALL };
    gk_model_args learnt = { MLP, .input = GK_INPUT_LATENT, .widths = "7", .activation = GK_TANH, .train_latent = true };
    gk_model_args real = { MLP, .widths = "4x6", .activation = GK_TANH, .bias = GK_BIAS_ALL };
    for (int messy = 0; messy < 2; messy++) {
        problem t[] = { with_targets(pairs(latent, 5, 2)), with_targets(pairs(learnt, 4, 3)),
                        with_targets(reals(real, 8, 3, 4)) };
        for (int i = 0; i < 3; i++) {
            t[i].args.messy = messy;
            check_two_rates("targets", &t[i]);
            problem_free(&t[i]);
        }
    }
}

/* Mean squared error of an mlp with one hidden layer of tanh, whose input is made by hand: messiness m. */
static double naive_target_loss(const naive *n, const problem *t, double m)
{
    double loss = 0;
    const int n_in = t->data.n_token > 0 ? N_LATENT : t->data.n_real;
    for (int item = 0; item < t->data.n_item; item++) {
        double x[MAX] = { 0 }, h[MAX], y[MAX];
        for (int at = 0; at < t->data.n_token; at++)
            for (int i = 0; i < N_LATENT; i++) {
                int place = t->token[item * t->data.n_token + at] * N_LATENT + i;
                x[i] += m * (double)random_latents[place] + (1 - m) * (double)linear_latents[place];
                if (t->args.train_latent)
                    x[i] += named(n, "latent.weight")[place];
            }
        for (int i = 0; i < t->data.n_real; i++)
            x[i] = m * (double)t->real[item * n_in + i] + (1 - m) * (double)templates[item];
        naive_linear(n, "layer0", x, n_in, h, 7);
        for (int i = 0; i < 7; i++)
            h[i] = tanh(h[i]);
        naive_linear(n, "head", h, 7, y, N_TARGET);
        for (int i = 0; i < N_TARGET; i++)
            loss += pow(y[i] - (double)targets[item * N_TARGET + i], 2) / (N_TARGET * (double)t->data.n_item);
    }
    return loss;
}

TEST(messiness_is_a_share_of_the_random_latents_or_of_the_raw_input)
{
    for (int i = 0; i < 6; i++) {
        gk_model_args args = { MLP, .input = GK_INPUT_LATENT, .widths = "7", .activation = GK_TANH, .bias = GK_BIAS_ALL,
                               .train_latent = i % 3 == 1, .messy = i < 3 };
        problem t = with_targets(i % 3 == 2 ? reals(args, 8, 3, 4) : pairs(args, 5, 2));
        solver s;
        solver_init(&s, &t);
        s.hyper.messiness = i < 3 ? 0.3 : 1;
        if (gk_model_build(&s.graph, &t.args, &t.data) == 0 && solver_start(&s)) {
            double *param = some_parameters(&s.graph);
            naive n = { &s.graph, &t.args, param, 0 };
            CHECK_CLOSE(loss_at(&s, param), naive_target_loss(&n, &t, s.hyper.messiness), 1e-12);
            free(param);
        }
        CHECK(s.engine != NULL);
        solver_close(&s);
        problem_free(&t);
    }
}

TEST(losses_and_inputs_that_do_not_fit_the_data_are_refused)
{
    gk_model_args args = { MLP, .widths = "4", .input = GK_INPUT_LATENT };
    problem t = with_targets(pairs(args, 5, 2));
    t.args.loss = GK_LOSS_MSE_ONEHOT;
    check_refused(t, "the items have targets, not classes: they need '--loss mse'");
    t = with_targets(pairs(args, 5, 2));
    t.data.n_latent = 0;
    check_refused(t, "'--input latent' needs data that bring representations");
    args.input = GK_INPUT_EMBED, args.train_latent = true;
    check_refused(with_targets(pairs(args, 5, 2)), "'--train-latent' is for '--input latent'");
    args.train_latent = false, args.messy = true;
    check_refused(with_targets(pairs(args, 5, 2)), "'--messiness' below 1 needs data with a tidy representation");
    check_refused(pairs(args, 5, 2), "'--messiness' below 1");
    args.messy = false, args.loss = GK_LOSS_MSE;
    check_refused(pairs(args, 5, 2), "the items have classes, not targets: '--loss mse' is not for them");
    args.model = 0, args.input = GK_INPUT_LATENT;
    args.n_layer = args.n_head = args.d_mlp = 1;
    check_refused(with_targets(pairs(args, 5, 2)), "are for an mlp");
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

/* logits = pixel / 255 * w, whose 255ths are float32 in float32 runs alone. */
TEST(pixels_are_read_in_the_precision_of_the_run)
{
    EACH_BACKEND(be) {
        enum { N = 256 };
        uint8_t  pixel[N];
        float    value[N];
        int32_t  item[2 * N] = { 0 };
        double   logits[N], *out = logits;
        gk_graph graph;
        gk_hyper hyper = { 0 };
        uint64_t seed = 1;
        const bool active = true;
        char     w[64 * sizeof(double)] = { 0 };
        for (int i = 0; i < N; i++) {
            pixel[i] = (uint8_t)i;
            value[i] = (float)i / 255.0F;
            item[i] = i;
        }
        gk_graph_init(&graph);
        gk_node *x = gk_input_real(&graph, "input", value, 1);
        x->pixel = pixel;
        gk_node *y = gk_matmul(&graph, x, gk_param(&graph, "weight", "in,out", GK_INIT_FILL, 1, 2, (int64_t)1, (int64_t)1));
        CHECK_INT(gk_graph_freeze(&graph, y, gk_cross_entropy(&graph, y, GK_SOFTMAX_STABLE)), 0);
        CHECK((size_t)graph.n_param_real * sizeof(double) <= sizeof w);
        gk_rows    rows = { .n = N, .item = item, .label = item + N };
        gk_problem of = { .graph = &graph, .n_replica = 1, .hyper = &hyper, .seed = &seed, .rows = { &rows, &rows },
                          .n_thread = 1 };
        gk_engine *engine = be->open(&of);
        CHECK(engine != NULL);
        if (be->real == GK_F64)
            memcpy(w, &(double){ 1 }, sizeof(double));
        else
            memcpy(w, &(float){ 1 }, sizeof(float));
        CHECK_INT(be->write(engine, GK_ARENA_PARAM, w), 0);
        CHECK_INT(be->predict(engine, GK_TRAIN_ROWS, &active, &out), 0);
        for (int i = 0; i < N; i++)
            CHECK_CLOSE(logits[i], be->real == GK_F64 ? i / 255.0 : (double)value[i], 0);
        be->close(engine);
        gk_graph_release(&graph);
    }
}

TEST_MAIN(
    RUN(an_mlp_has_the_gradient_of_differences)
    RUN(an_mlp_on_one_hots_or_embeddings_equals_the_dense_product)
    RUN(pixels_are_read_in_the_precision_of_the_run)
    RUN(targets_latents_and_messiness_have_the_gradient_of_differences)
    RUN(messiness_is_a_share_of_the_random_latents_or_of_the_raw_input)
    RUN(losses_and_inputs_that_do_not_fit_the_data_are_refused)
    RUN(widths_of_an_mlp_are_checked)
)
