/* test_models.c -- counts of the literature, names and initial laws of the parameters, what is refused. */
#include "models.h"

static int64_t n_parameter(const gk_graph *graph, bool embedding)
{
    int64_t n = 0;
    for (int p = 0; p < graph->n_param; p++)
        if (embedding || (!strstr(graph->param[p]->name, "embed.") && !strstr(graph->param[p]->name, "norm")))
            n += graph->param[p]->size;
    return n;
}

/* By number: were parameters of this model counted? */
static bool counted[64];

static void check_count(problem t, bool embedding, int64_t expected)
{
    gk_graph graph;
    counted[t.args.model] = true;
    gk_graph_init(&graph);
    int status = gk_model_build(&graph, &t.args, &t.data);
    CHECK_INT(status, 0);
    if (status == 0)
        CHECK_INT(n_parameter(&graph, embedding), expected);
    else
        printf("%s\n", gk_error_message());
    gk_graph_release(&graph);
    problem_free(&t);
}

TEST(models_have_the_parameter_counts_of_the_literature)
{
    gk_model_args t1 = T1, t2 = T1;
    t2.n_layer = 2, t2.norm_place = GK_NORM_POST, t2.position = GK_POSITION_SINUSOIDAL, t2.bias = GK_BIAS_NONE;
    t2.init = GK_INIT_POWER;
    check_count(pairs(t1, 113, 3), true, 226816);              /* Nanda et al. 2023 */
    t1.two_rate = false;
    check_count(pairs(t1, 113, 3), true, 226816);
    check_count(pairs(t2, 97, 4), false, 393216);              /* Power et al. 2022: without embedding and norms */

    /* 9 tokens of 13 and CLS, as PyTorch's TransformerEncoderLayer(64, 4, 256) counts; embedding, positions, head beside them */
    gk_model_args encoder = { .model = 0, .n_layer = 2, .n_head = 4, .d_model = 64, .d_mlp = 256, .norm_place = GK_NORM_POST,
                              .bias = GK_BIAS_ALL, .init = GK_INIT_TORCH_MHA, .n_token = 9, .cls = true };
    check_count(reals(encoder, 3, 117, 4), true, 14 * 64 + 11 * 64 + 2 * 49984 + 65 * 4);

    gk_model_args images = { .model = GK_MODEL_resnet, .bias = GK_BIAS_ALL, .init = GK_INIT_HE, .widths = "16x32x64" };
    check_count(reals(images, 3, 784, 10), true, 77421);       /* as PyTorch's Conv2d and Linear count */

    /* Liu et al. 2022, molecules: 11 features, 4 types of edges; as PyTorch Geometric's NNConv and Linear count */
    static const int32_t atom[] = { 1, 1, 0, 1 };
    static const uint8_t bond[] = { 0, 1, 0 };
    static const int64_t first[] = { 0, 1, 1 };
    static const float   feature[2 * 11] = { 0 };
    gk_model_args graphs = { .model = GK_MODEL_gcn, .bias = GK_BIAS_ALL, .init = GK_INIT_TORCH, .widths = "32x16", .d_mlp = 32 };
    problem molecules = pairs(graphs, 2, 2);
    molecules.data.n_item = 2, molecules.data.n_edge_type = 4, molecules.data.n_feature = 11;
    memcpy(molecules.token, atom, sizeof atom);
    molecules.data.edge = bond, molecules.data.edge_first = first, molecules.data.feature = feature;
    molecules.data.n_answer = molecules.data.n_target = 1, molecules.args.loss = GK_LOSS_MSE;
    check_count(molecules, true, (5 * 32 + 33 * 352 + 352 + 32) + (5 * 32 + 33 * 512 + 512 + 16) + 17 * 32 + 33);

    gk_model_args lstm = { .model = GK_MODEL_lstm, .d_model = 128, .bias = GK_BIAS_ALL, .init = GK_INIT_TORCH,
                           .widths = "128x128" };
    check_count(pairs(lstm, 97, 4), false, 2 * 132096 + 129 * 99);    /* as PyTorch's LSTM(128, 128, 2) and Linear count */

    problem reviews = pairs(lstm, 2, 4);    /* of two classes, in 1001 words */
    reviews.args.widths = "256x256", reviews.args.d_model = 64, reviews.args.loss = GK_LOSS_LOGISTIC;
    reviews.data.n_vocab = 1001;
    check_count(reviews, true, 920385);                        /* Liu et al. 2022, reviews (their code) */

    gk_model_args mlp = { MLP, .bias = GK_BIAS_ALL, .widths = "100x100", .activation = GK_TANH };
    check_count(reals(mlp, 3, 5, 5), true, 11205);             /* Liu et al. 2022, teacher and student */
    mlp.widths = "200x200";
    check_count(reals(mlp, 3, 784, 10), true, 199210);         /* Liu et al. 2022, MNIST */
    mlp.input = GK_INPUT_ONEHOT, mlp.bias = GK_BIAS_NONE;
    check_count(pairs(mlp, 113, 2), true, 107800);             /* Prieto et al. 2025 */
    mlp.input = GK_INPUT_EMBED, mlp.bias = GK_BIAS_ALL, mlp.widths = "448x448", mlp.d_model = 128, mlp.two_rate = true;
    check_count(pairs(mlp, 97, 2), false, 359841);
}

/* The larger vocabulary and context of distillation: 117 ids, 4 tokens. */
/* After all counts. */
TEST(every_model_was_counted)
{
    for (int i = 0; gk_model_names[i]; i++) {
        if (!counted[i])
            printf("no count of parameters of '%s'\n", gk_model_names[i]);
        CHECK(counted[i]);
    }
}

TEST(a_vocabulary_may_hold_ids_that_no_item_uses)
{
    gk_model_args args = T1;
    problem t = pairs(args, 113, 4);
    t.data.n_vocab = 117;
    check_count(t, true, 227712);

    args.d_model = 256, args.n_head = 8, args.d_mlp = 1024;
    t = pairs(args, 113, 4);
    t.data.n_vocab = 117;
    check_count(t, true, 848640);
}

TEST(parameters_have_the_names_and_shapes_of_the_file_format)
{
    const char *const expected[] = {
        "embed.weight [114, 128] n_vocab,d_model normal(0, 0.0883883^2)",
        "position.weight [3, 128] n_token,d_model normal(0, 0.0883883^2)",
        "block0.attention.query.weight [128, 128] d_model,n_head*d_head normal(0, 0.0883883^2)",
        "block0.attention.key.weight [128, 128] d_model,n_head*d_head normal(0, 0.0883883^2)",
        "block0.attention.value.weight [128, 128] d_model,n_head*d_head normal(0, 0.0883883^2)",
        "block0.attention.output.weight [128, 128] n_head*d_head,d_model normal(0, 0.0883883^2)",
        "block0.mlp.in.weight [128, 512] d_model,d_mlp normal(0, 0.0883883^2)",
        "block0.mlp.in.bias [512] d_mlp fill(0)",
        "block0.mlp.out.weight [512, 128] d_mlp,d_model normal(0, 0.0883883^2)",
        "block0.mlp.out.bias [128] d_model fill(0)",
        "unembed.weight [128, 114] d_model,n_vocab normal(0, 0.0936586^2)",
    };
    gk_model_args args = T1;
    problem t = pairs(args, 113, 3);
    gk_graph graph;
    gk_graph_init(&graph);
    CHECK_INT(gk_model_build(&graph, &t.args, &t.data), 0);
    CHECK_INT(graph.n_param, 11);
    for (int p = 0; p < graph.n_param && p < 11; p++) {
        char shape[64], line[256];
        const gk_node *param = graph.param[p];
        snprintf(line, sizeof line, "%s %s %s %s", param->name, gk_shape_text(param, shape, sizeof shape), param->axes,
                 param->init_text);
        CHECK_TEXT(line, expected[p]);
    }
    gk_graph_release(&graph);
    problem_free(&t);
}

static double initial_norm_squared(problem t, double scale)
{
    gk_graph graph;
    double sum = NAN;
    gk_graph_init(&graph);
    if (gk_model_build(&graph, &t.args, &t.data) == 0) {
        double *value = malloc((size_t)graph.n_param_real * sizeof *value);
        gk_model_init(&graph, 1, scale, value);
        sum = 0;
        for (int64_t i = 0; i < graph.n_param_real; i++)
            sum += value[i] * value[i];
        free(value);
    }
    gk_graph_release(&graph);
    problem_free(&t);
    return sum;
}

/* Sums of 100 000 and more squares: their relative standard deviation is below 0.005. */
TEST(initial_norms_are_those_of_the_laws)
{
    gk_model_args t1 = T1, mlp = { MLP, .bias = GK_BIAS_ALL, .widths = "200x200", .activation = GK_RELU };
    CHECK_CLOSE(initial_norm_squared(pairs(t1, 113, 3), 1) / 1781, 1, 0.02);
    CHECK_CLOSE(initial_norm_squared(pairs(t1, 113, 3), 0.5) / (1781 * 0.25), 1, 0.02);
    CHECK_CLOSE(sqrt(initial_norm_squared(reals(mlp, 3, 784, 10), 8)) / 93.7, 1, 0.01);

    /* N(0, 1): 114 + 3 rows of 128.  U(+-1/sqrt(n_in)) has variance 1/(3 n_in): n_out/3 a matrix, n_out/n_in/3 a bias. */
    t1.init = GK_INIT_TORCH, t1.bias = GK_BIAS_ALL;
    double expected = 117 * 128 + (4 * 128 + 512 + 128 + 114) / 3.0 + (4 + 512 / 128. + 128 / 512. + 114 / 128.) / 3.0;
    CHECK_CLOSE(initial_norm_squared(pairs(t1, 113, 3), 1) / expected, 1, 0.02);

    /* q, k, v: variance 6/(4 * 128)/3 in place of 1/128/3, their biases and that of attention's output 0; no bias of logits */
    t1.init = GK_INIT_TORCH_MHA, t1.bias = GK_BIAS_BLOCKS;
    expected = 117 * 128 + 3 * 128 * 128 * 6 / 512.0 / 3 + (128 + 512 + 128 + 114 + 512 / 128. + 128 / 512.) / 3.0;
    CHECK_CLOSE(initial_norm_squared(pairs(t1, 113, 3), 1) / expected, 1, 0.02);
}

TEST(initial_parameters_differ_between_seeds_and_between_parameters)
{
    gk_model_args args = T1;
    problem t = pairs(args, 5, 3);
    gk_graph graph;
    gk_graph_init(&graph);
    CHECK_INT(gk_model_build(&graph, &t.args, &t.data), 0);
    double *value = malloc(2 * (size_t)graph.n_param_real * sizeof *value), *other = value + graph.n_param_real;
    gk_model_init(&graph, 1, 1, value);
    gk_model_init(&graph, 2, 1, other);
    CHECK(value[0] != other[0]);
    CHECK(value[graph.param[2]->offset] != value[graph.param[3]->offset]);
    CHECK_CLOSE(value[5], gk_rng_normal(1, GK_RNG_INIT, 0, 5) / sqrt(128), 1e-15);
    gk_model_init(&graph, 1, 1, other);
    CHECK(memcmp(value, other, (size_t)graph.n_param_real * sizeof *value) == 0);
    free(value);
    gk_graph_release(&graph);
    problem_free(&t);
}

TEST(options_that_do_not_fit_together_are_refused)
{
    gk_model_args args = T1;
    args.n_head = 3;
    check_refused(pairs(args, 5, 3), "model width 128 is not a multiple of 3 heads");
    args.n_head = 1, args.d_model = 7, args.position = GK_POSITION_SINUSOIDAL;
    check_refused(pairs(args, 5, 3), "model width 7 is odd");
    args.position = GK_POSITION_NONE, args.n_layer = 0;
    check_refused(pairs(args, 5, 3), "0 layers");
    args.n_layer = 2;
    check_refused(pairs(args, 5, GK_MAX_READ + 1), "more than one layer");
    check_refused(reals(args, 3, 4, 2), "takes tokens");
    args.n_token = 3;
    check_refused(reals(args, 3, 4, 2), "4 reals cannot be cut into so many tokens");
    args.n_token = GK_MAX_READ, args.cls = true;
    check_refused(reals(args, 3, 2 * GK_MAX_READ, 2), "more than one layer");
    check_refused(pairs(args, 5, 3), "these have tokens");
    args.n_token = 0, args.cls = false;

    problem t = pairs(args, 5, 3);
    t.data.read[0] = 3;
    check_refused(t, "position 3 is read, expected 0 to 2");
    t = pairs(args, 5, 3);
    t.token[4] = 6;
    check_refused(t, "token 1 of item 1 is 6, expected 0 to 5");
    t = pairs(args, 5, 3);
    t.data.n_read = 0;
    check_refused(t, "0 positions are read");
}

TEST_MAIN(
    RUN(models_have_the_parameter_counts_of_the_literature)
          RUN(every_model_was_counted)
    RUN(a_vocabulary_may_hold_ids_that_no_item_uses)
    RUN(parameters_have_the_names_and_shapes_of_the_file_format)
    RUN(initial_norms_are_those_of_the_laws)
    RUN(initial_parameters_differ_between_seeds_and_between_parameters)
    RUN(options_that_do_not_fit_together_are_refused)
)
