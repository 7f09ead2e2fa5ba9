/* test_resnet.c -- the naive formula, central differences, what stands where, what is refused. */
#include "models.h"

enum { SIDE = 5 };
typedef struct image { int side, n; double at[SIDE * SIDE * 4]; } image;

#define RESNET .model = GK_MODEL_resnet, .init = GK_INIT_TORCH, .activation = GK_RELU

/* conv(x) + bias of the layer's weight [kernel * kernel * x.n, n], with a border of kernel/2. */
static image naive_conv(const naive *m, const char *layer, const image *x, int kernel, int stride, int n)
{
    char   full[64];
    image  y = { .side = (x->side - 1) / stride + 1, .n = n };
    snprintf(full, sizeof full, "%s.weight", layer);
    const double *w = named(m, full);
    snprintf(full, sizeof full, "%s.bias", layer);
    const double *b = named(m, full);
    for (int at = 0; at < y.side * y.side * n; at++) {
        y.at[at] = b ? b[at % n] : 0;
        for (int tap = 0; tap < kernel * kernel * x->n; tap++) {
            int i = at / n / y.side * stride + tap / x->n / kernel - kernel / 2;
            int j = at / n % y.side * stride + tap / x->n % kernel - kernel / 2;
            if (i >= 0 && j >= 0 && i < x->side && j < x->side)
                y.at[at] += x->at[(i * x->side + j) * x->n + tap % x->n] * w[tap * n + at % n];
        }
    }
    return y;
}

static void naive_relu(image *x)
{
    for (int i = 0; i < x->side * x->side * x->n; i++)
        x->at[i] = fmax(x->at[i], 0);
}

static image naive_residual(const naive *m, const image *x, int n, int stride)
{
    image branch = naive_conv(m, "conv1", x, 3, stride, n);
    naive_relu(&branch);
    branch = naive_conv(m, "conv2", &branch, 3, 1, n);
    image y = stride > 1 || n != x->n ? naive_conv(m, "shortcut", x, 1, stride, n) : *x;
    for (int i = 0; i < y.side * y.side * n; i++)
        y.at[i] += *named(m, "scale") * branch.at[i];
    naive_relu(&y);
    return y;
}

/* Of widths 2 x 2 x 4, or 3. */
static double naive_resnet(naive *m, const problem *t)
{
    const int width[] = { 2, 2, 4 };
    int    n_block = strcmp(m->args->widths, "2x2x4") == 0 ? 3 : 1;
    double loss = 0;
    for (int item = 0; item < t->data.n_item; item++) {
        image x = { .side = SIDE, .n = 1 };
        for (int i = 0; i < SIDE * SIDE; i++)
            x.at[i] = t->real[item * SIDE * SIDE + i];
        m->layer = -1;
        x = naive_conv(m, "stem", &x, 3, 1, n_block == 1 ? 3 : width[0]);
        naive_relu(&x);
        for (m->layer = 0; m->layer < n_block; m->layer++)
            x = naive_residual(m, &x, n_block == 1 ? 3 : width[m->layer], m->layer == 0 ? 1 : 2);
        double pool[4] = { 0 }, logits[MAX];
        for (int i = 0; i < x.side * x.side * x.n; i++)
            pool[i % x.n] += x.at[i] / (x.side * x.side);
        naive_linear(m, "head", pool, x.n, logits, t->data.n_answer);
        loss += naive_cross_entropy(logits, t->data.n_answer, t->label[item]) / (double)t->data.n_item;
    }
    return loss;
}

TEST(a_resnet_equals_the_naive_formula_and_has_the_gradient_of_differences)
{
    static const gk_model_args rows[] = {
        { RESNET, .widths = "2x2x4", .bias = GK_BIAS_ALL },
        { RESNET, .widths = "3", .bias = GK_BIAS_NONE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        problem t = reals(rows[i], 6, SIDE * SIDE, 3);
        solver s;
        if (solver_open(&s, &t)) {
            double *param = some_parameters(&s.graph);
            naive m = { &s.graph, &t.args, param, 0 };
            CHECK_CLOSE(loss_at(&s, param), naive_resnet(&m, &t), 1e-12);
            check_differences("resnet", &s, param);
            free(param);
        }
        solver_close(&s);
        problem_free(&t);
    }
}

/* 1 -> 16; 16 -> 16 -> 16 and gain; 16 -> 32 -> 32, shortcut and gain; 32 -> 64 -> 64, shortcut and gain; 64 -> 10 */
TEST(the_networks_of_the_literature_have_their_sizes)
{
    gk_model_args args = { RESNET, .widths = "16x32x64", .bias = GK_BIAS_ALL };
    args.init = GK_INIT_AUTO;
    problem t = reals(args, 2, 784, 10);
    gk_graph graph;
    int64_t n = 0;
    gk_graph_init(&graph);
    t.data.read_layer = "pool";
    CHECK_INT(gk_model_build(&graph, &t.args, &t.data), 0);
    for (int p = 0; p < graph.n_param; p++)
        n += graph.param[p]->size;
    CHECK_INT(n, 10 * 16 + 2 * 145 * 16 + 1 + 145 * 32 + 289 * 32 + 17 * 32 + 1 + 289 * 64 + 577 * 64 + 33 * 64 + 1 + 650);
    CHECK_INT(graph.flops_row, 2 * (784 * 9 * 16 + 2 * 784 * 144 * 16 + 196 * (144 + 288 + 16) * 32 + 49 * (288 + 576 + 32) * 64 +
                                    640));
    CHECK_INT(graph.logits->size, 64);    /* what the layer `pool` gives */
    const gk_node *weight = find_node(&graph, "block1.conv1.weight"), *gain = find_node(&graph, "block1.scale");
    const gk_node *bias = find_node(&graph, "stem.bias");
    CHECK(weight && weight->dim[0] == 144 && weight->dim[1] == 32);
    CHECK_TEXT(weight->init_text, "uniform(-0.204124, 0.204124)");
    CHECK_TEXT(gain->init_text, "fill(0)");
    CHECK_TEXT(bias->init_text, "fill(0)");
    CHECK(find_node(&graph, "block0.shortcut.weight") == NULL && find_node(&graph, "block2.shortcut.weight") != NULL);
    gk_graph_release(&graph);
    problem_free(&t);
}

TEST(what_is_no_image_is_refused)
{
    gk_model_args args = { RESNET, .widths = "2" };
    check_refused(reals(args, 3, 24, 2), "24 reals are none");
    check_refused(pairs(args, 5, 3), "these items are tokens");
    args.init = GK_INIT_TORCH_MHA;
    check_refused(reals(args, 3, 25, 2), "is a transformer's");
    args.init = GK_INIT_TORCH, args.widths = "2x";
    check_refused(reals(args, 3, 25, 2), "widths '2x'");
}

TEST_MAIN(
    RUN(a_resnet_equals_the_naive_formula_and_has_the_gradient_of_differences)
    RUN(the_networks_of_the_literature_have_their_sizes)
    RUN(what_is_no_image_is_refused)
)
