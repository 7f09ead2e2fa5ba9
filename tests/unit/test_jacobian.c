/* test_jacobian.c -- Tr(J^T J) against central differences of the mean output. */
#include "models.h"
#include "train/jacobian.h"

/* Sum over the items of |d mean_c y_c / d theta|^2, every parameter moved both ways. */
static double trace_of_differences(solver *s, double *param)
{
    const double step = 1e-5;
    const bool active = true;
    int64_t n = s->rows.n, n_out = s->graph.logits->size;
    double *out[2], sum = 0;
    for (int i = 0; i < 2; i++)
        out[i] = malloc((size_t)(n * n_out) * sizeof(double));
    for (int p = 0; p < s->graph.n_param; p++)
        for (int64_t i = 0; !s->graph.param[p]->frozen && i < s->graph.param[p]->size; i++) {
            double *at = &param[s->graph.param[p]->offset + i], here = *at;
            for (int end = 0; end < 2; end++) {
                *at = here + (2 * end - 1) * step;
                CHECK_INT(backend_of(1)->write(s->engine, GK_ARENA_PARAM, param), 0);
                CHECK_INT(backend_of(1)->predict(s->engine, GK_TRAIN_ROWS, &active, &out[end]), 0);
            }
            *at = here;
            for (int64_t row = 0; row < n; row++) {
                double slope = 0;
                for (int64_t c = 0; c < n_out; c++)
                    slope += (out[1][row * n_out + c] - out[0][row * n_out + c]) / (2 * step) / (double)n_out;
                sum += slope * slope;
            }
        }
    free(out[0]);
    free(out[1]);
    return sum;
}

static double trace_of(const solver *s, const problem *t, const double *param, int64_t n, int n_thread)
{
    gk_jacobian of = { .model = &t->args, .data = &t->data, .messiness = s->hyper.messiness, .graph = &s->graph, .param = param,
                       .n = n, .item = t->item, .n_thread = n_thread };
    double trace = NAN;
    CHECK_INT(gk_jacobian_trace(&of, &trace), 0);
    return trace;
}

static void check_problem(problem t, double messiness)
{
    solver s;
    solver_init(&s, &t);
    s.hyper.messiness = messiness;
    t.args.messy = messiness < 1;
    CHECK_INT(gk_model_build(&s.graph, &t.args, &t.data), 0);
    if (solver_start(&s)) {
        double *param = some_parameters(&s.graph);
        double expected = trace_of_differences(&s, param), found = trace_of(&s, &t, param, t.data.n_item, 1);
        CHECK(expected > 0.1);
        CHECK_CLOSE(found, expected, 1e-6 * expected);
        CHECK(found == trace_of(&s, &t, param, t.data.n_item, 3));
        CHECK(trace_of(&s, &t, param, 2, 1) < found);
        free(param);
    }
    solver_close(&s);
    problem_free(&t);
}

TEST(the_trace_is_that_of_differences)
{
    static float target[8 * 3];
    static const float tidy[8] = { -2, 1, 0.5f, 3, -1, 2, 0, 1 };
    gk_model_args mlp = { MLP, .widths = "4x6", .activation = GK_TANH, .bias = GK_BIAS_ALL };
    gk_model_args transformer = { SMALL, .n_layer = 1, .activation = GK_GELU, .bias = GK_BIAS_ALL, .causal = true,
                                  .norm_place = GK_NORM_PRE, .two_rate = true };
    gk_model_args answers = transformer, embed = { MLP, .widths = "7", .activation = GK_TANH, .two_rate = true };
    answers.output = GK_OUTPUT_ANSWERS;
    answers.frozen = "embed.*";
    problem with_targets = reals(mlp, 8, 3, 3);
    with_targets.args.loss = GK_LOSS_MSE;
    with_targets.args.correct_below = 0.5;
    with_targets.data.n_target = 3;
    with_targets.data.target = target;
    problem messy = reals(mlp, 8, 3, 4);
    messy.data.template_value = tidy;
    check_problem(reals(mlp, 8, 3, 4), 1);
    check_problem(messy, 0.3);
    check_problem(with_targets, 1);
    check_problem(pairs(embed, 4, 2), 1);
    check_problem(pairs(transformer, 4, 3), 1);
    check_problem(pairs(answers, 4, 3), 1);
}

/* A linear map of one layer: y = x W + b, so J_i has x_j / C for each weight and 1 / C for each bias. */
TEST(of_a_linear_map_it_is_known)
{
    gk_model_args args = { MLP, .widths = "4", .activation = GK_IDENTITY, .bias = GK_BIAS_ALL, .frozen = "layer0.*" };
    problem t = reals(args, 5, 3, 4);
    solver s = { .engine = NULL };
    if (solver_open(&s, &t)) {
        double *param = some_parameters(&s.graph), expected = 0;
        naive m = { &s.graph, &t.args, param, 0 };
        for (int item = 0; item < 5; item++) {
            double x[3], h[4], square = 1;    /* of the bias */
            for (int i = 0; i < 3; i++)
                x[i] = (double)t.real[item * 3 + i];
            naive_linear(&m, "layer0", x, 3, h, 4);
            for (int i = 0; i < 4; i++)
                square += h[i] * h[i];
            expected += square / 4;    /* C of them, each divided by C^2 */
        }
        CHECK_CLOSE(trace_of(&s, &t, param, 5, 1), expected, 1e-12 * expected);
        free(param);
    }
    solver_close(&s);
    problem_free(&t);
}

/* More items than fit side by side: some 80 of this network. */
TEST(chunks_add_up)
{
    gk_model_args args = { MLP, .widths = "100x100", .activation = GK_TANH, .bias = GK_BIAS_ALL };
    problem t = reals(args, 200, 20, 4);
    solver s = { .engine = NULL };
    if (solver_open(&s, &t)) {
        double *param = some_parameters(&s.graph), sum = 0;
        for (int i = 0; i < 200; i++) {
            gk_jacobian of = { .model = &t.args, .data = &t.data, .messiness = 1, .graph = &s.graph, .param = param, .n = 1,
                               .item = &t.item[i], .n_thread = 1 };
            double one = NAN;
            CHECK_INT(gk_jacobian_trace(&of, &one), 0);
            sum += one;
        }
        CHECK_CLOSE(trace_of(&s, &t, param, 200, 1), sum, 1e-12 * sum);
        free(param);
    }
    solver_close(&s);
    problem_free(&t);
}

static bool at_once(void *context)
{
    ++*(int *)context;
    return true;
}

TEST(it_can_be_interrupted)
{
    gk_model_args args = { MLP, .widths = "4", .activation = GK_TANH };
    problem t = reals(args, 5, 3, 4);
    solver s = { .engine = NULL };
    if (solver_open(&s, &t)) {
        double *param = some_parameters(&s.graph), trace = 7;
        int     asked = 0;
        gk_jacobian of = { .model = &t.args, .data = &t.data, .messiness = 1, .graph = &s.graph, .param = param, .n = 5,
                           .item = t.item, .n_thread = 1, .interrupted = at_once, .context = &asked };
        CHECK_INT(gk_jacobian_trace(&of, &trace), 1);
        CHECK_INT(asked, 1);
        CHECK(trace == 7);
        free(param);
    }
    solver_close(&s);
    problem_free(&t);
}

TEST_MAIN(
    RUN(the_trace_is_that_of_differences)
    RUN(of_a_linear_map_it_is_known)
    RUN(chunks_add_up)
    RUN(it_can_be_interrupted)
)
