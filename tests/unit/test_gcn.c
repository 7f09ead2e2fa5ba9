/* test_gcn.c -- the naive formula, a matrix for every edge, at both rates; central differences; graphs of different sizes; laws
 * of parameters and products; what is refused. */
#include "models.h"

#define GCN .model = GK_MODEL_gcn, .d_mlp = 3, .init = GK_INIT_TORCH, .activation = GK_RELU, .loss = GK_LOSS_MSE

enum { N_NODE = 5, N_TYPE = 3, N_FEATURE = 2, N_ITEM = 4 };

/* A ring of five with two types, three in a row, one alone, and a star of the third type; token 0 is none. */
static const int32_t token[N_ITEM][N_NODE] = { { 1, 2, 3, 1, 2 }, { 3, 3, 1, 0, 0 }, { 2, 0, 0, 0, 0 }, { 1, 2, 2, 3, 0 } };
static const uint8_t edge[][3] = { { 0, 1, 0 }, { 1, 2, 1 }, { 2, 3, 0 }, { 3, 4, 1 }, { 0, 4, 0 }, { 0, 1, 1 }, { 1, 2, 0 },
                                   { 0, 1, 2 }, { 0, 2, 2 }, { 3, 0, 2 } };
static const int64_t first[] = { 0, 5, 7, 7, 10 };
static const float   feature[][N_FEATURE] = { { 0, 0 }, { 1, 0.5F }, { -1, 2 }, { 0.25F, -1 } };
static const float   target[N_ITEM] = { 1, -0.5F, 2, 0.25F };

static problem graphs(gk_model_args args)
{
    problem t = { args, { .n_item = N_ITEM, .n_token = N_NODE, .n_vocab = 4, .n_answer = 1, .n_target = 1, .target = target,
                          .token = *token, .n_edge_type = N_TYPE, .n_feature = N_FEATURE, .edge_first = first, .edge = *edge,
                          .feature = *feature, .n_read = 1, .read = { N_NODE - 1 } }, NULL, NULL, NULL, NULL };
    t.item = malloc(N_ITEM * sizeof *t.item);
    t.label = calloc(N_ITEM, sizeof *t.label);
    for (int i = 0; i < N_ITEM; i++)
        t.item[i] = i;
    return t;
}

static void relu(double *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = fmax(x[i], 0);
}

/* y += x Theta(e), which the edge's own network makes anew. */
static void naive_message(const naive *m, int layer, int type, const double *x, int n_in, int n_out, double *y)
{
    double one_hot[N_TYPE] = { 0 }, hidden[MAX], theta[MAX];
    char   in[32], out[32];
    one_hot[type] = 1;
    snprintf(in, sizeof in, "conv%d.edge.in", layer);
    snprintf(out, sizeof out, "conv%d.edge.out", layer);
    naive_linear(m, in, one_hot, N_TYPE, hidden, (int)m->args->d_mlp);
    relu(hidden, (int)m->args->d_mlp);
    naive_linear(m, out, hidden, (int)m->args->d_mlp, theta, n_in * n_out);
    for (int i = 0; i < n_in; i++)
        for (int o = 0; o < n_out; o++)
            y[o] += x[i] * theta[i * n_out + o];
}

static double naive_gcn(const naive *m, int item)
{
    const int width[] = { N_FEATURE, 4, 3 };
    double    x[N_NODE][MAX] = { { 0 } }, y[N_NODE][MAX], pool[MAX] = { 0 }, hidden[MAX], out[1];
    int       n_node = 0;
    for (; n_node < N_NODE && token[item][n_node] > 0; n_node++)
        for (int f = 0; f < N_FEATURE; f++)
            x[n_node][f] = (double)feature[token[item][n_node]][f];
    for (int layer = 0; layer < 2; layer++) {
        char name[16];
        snprintf(name, sizeof name, "conv%d", layer);
        for (int i = 0; i < n_node; i++)    /* with the bias, which has the name of the root's */
            naive_linear(m, name, x[i], width[layer], y[i], width[layer + 1]);
        for (int64_t e = first[item]; e < first[item + 1]; e++)
            for (int end = 0; end < 2; end++)
                naive_message(m, layer, edge[e][2], x[edge[e][1 - end]], width[layer], width[layer + 1], y[edge[e][end]]);
        for (int i = 0; i < n_node; i++) {
            relu(y[i], width[layer + 1]);
            memcpy(x[i], y[i], sizeof x[i]);
        }
    }
    for (int i = 0; i < n_node; i++)
        for (int j = 0; j < width[2]; j++)
            pool[j] += x[i][j];
    naive_linear(m, "hidden", pool, width[2], hidden, (int)m->args->d_mlp);
    relu(hidden, (int)m->args->d_mlp);
    naive_linear(m, "head", hidden, (int)m->args->d_mlp, out, 1);
    return out[0];
}

TEST(shared_matrices_equal_one_for_every_edge_at_both_rates)
{
    for (int i = 0; i < 4; i++) {
        gk_model_args args = { GCN, .widths = "4x3", .bias = i % 2 ? GK_BIAS_NONE : GK_BIAS_ALL, .two_rate = i < 2 };
        problem t = graphs(args);
        solver  s;
        if (solver_open(&s, &t)) {
            double *param = some_parameters(&s.graph), loss = 0;
            naive   m = { &s.graph, &t.args, param, -1 };
            for (int item = 0; item < N_ITEM; item++)
                loss += pow(naive_gcn(&m, item) - (double)target[item], 2) / N_ITEM;
            CHECK_CLOSE(loss_at(&s, param), loss, 1e-12);
            free(param);
        }
        solver_close(&s);
        problem_free(&t);
    }
}

TEST(a_gcn_has_the_gradient_of_differences_at_both_rates)
{
    gk_model_args two = { GCN, .widths = "4x3", .bias = GK_BIAS_ALL }, one = { GCN, .widths = "3", .bias = GK_BIAS_BLOCKS };
    two.activation = one.activation = GK_TANH;    /* of a kink there is no difference */
    problem t[] = { graphs(two), graphs(one) };
    for (int i = 0; i < 2; i++) {
        check_two_rates("gcn", &t[i]);
        problem_free(&t[i]);
    }
}

/* What fills an item up has no say: room for more nodes changes nothing. */
TEST(graphs_of_different_sizes_do_not_disturb_each_other)
{
    gk_model_args args = { GCN, .widths = "4x3", .bias = GK_BIAS_ALL, .two_rate = true };
    int32_t wide[N_ITEM][N_NODE + 3] = { { 0 } };
    double  loss[2] = { 0 };
    for (int i = 0; i < N_ITEM; i++)
        memcpy(wide[i], token[i], sizeof token[i]);
    for (int pass = 0; pass < 2; pass++) {
        problem t = graphs(args);
        solver  s;
        if (pass == 1)
            t.data.token = *wide, t.data.n_token = N_NODE + 3, t.data.read[0] = N_NODE + 2;
        if (solver_open(&s, &t)) {
            double *param = some_parameters(&s.graph);
            loss[pass] = loss_at(&s, param);
            free(param);
        }
        solver_close(&s);
        problem_free(&t);
    }
    CHECK(loss[0] > 0 && loss[0] == loss[1]);
}

TEST(parameters_have_the_laws_of_pytorch_and_matrices_are_made_once_a_step)
{
    gk_model_args args = { GCN, .widths = "4x3", .bias = GK_BIAS_ALL, .two_rate = true };
    problem  t = graphs(args);
    gk_graph graph;
    args.init = GK_INIT_AUTO;
    gk_graph_init(&graph);
    CHECK_INT(gk_model_build(&graph, &t.args, &t.data), 0);
    static const char *const laws[][2] = { { "conv0.edge.in.weight", "uniform(-0.57735, 0.57735)" },
                                           { "conv1.edge.out.weight", "uniform(-0.57735, 0.57735)" },
                                           { "conv1.weight", "uniform(-0.5, 0.5)" }, { "conv1.bias", "fill(0)" },
                                           { "head.bias", "uniform(-0.57735, 0.57735)" } };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        const gk_node *node = find_node(&graph, laws[i][0]);
        CHECK(node != NULL);
        CHECK_TEXT(node ? node->init_text : "", laws[i][1]);
    }
    /* of a row: products of all nodes in the second layer alone, and the MLP */
    CHECK_INT(graph.flops_row, 2 * (N_NODE * 4 * 3 * (N_TYPE + 1) + 3 * 3 + 3));
    gk_graph_release(&graph);
    problem_free(&t);
}

TEST(what_a_gcn_cannot_do_is_refused)
{
    gk_model_args args = { GCN, .widths = "3", .bias = GK_BIAS_ALL };
    args.loss = GK_LOSS_CE;
    check_refused(reals(args, 3, 24, 2), "a gcn takes graphs: these items are reals");
    check_refused(pairs(args, 5, 3), "a gcn takes graphs: these items are tokens");
    args.loss = GK_LOSS_MSE, args.init = GK_INIT_NANDA;
    check_refused(graphs(args), "the initial law 'nanda' is a transformer's");
    args.init = GK_INIT_TORCH, args.widths = "3x";
    check_refused(graphs(args), "widths '3x'");
}

TEST_MAIN(
    RUN(shared_matrices_equal_one_for_every_edge_at_both_rates)
    RUN(a_gcn_has_the_gradient_of_differences_at_both_rates)
    RUN(graphs_of_different_sizes_do_not_disturb_each_other)
    RUN(parameters_have_the_laws_of_pytorch_and_matrices_are_made_once_a_step)
    RUN(what_a_gcn_cannot_do_is_refused)
)
