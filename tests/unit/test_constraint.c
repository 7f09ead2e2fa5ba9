/* test_constraint.c -- constrained norms: of all parameters, of layers, of what is trained; after an update or before it.
 *
 * The same in numbers, update by update, is in test_optim.c. */
#include "engine.h"
#include "graph/problem.h"
#include "graph/rate.h"

enum { N_STEP = 50, MOST_PARAM = 8 };
#define ADAM .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-8

/* A network of two hidden layers on 60 items of reals: parameters layer0.weight, layer0.bias, ..., head.weight, head.bias. */
static bool net_open(crowd *c, gk_update update, const char *frozen)
{
    gk_model_args args = { MLP, .widths = "7x9", .activation = GK_TANH, .bias = GK_BIAS_ALL, .loss = GK_LOSS_MSE_ONEHOT,
                           .frozen = frozen };
    if (!crowd_open(c, reals(args, 60, 4, 3), update))
        return false;
    CHECK_INT(c->graph.n_param, 6);
    for (int r = 0; r < N_REPLICA; r++) {
        c->hyper[r] = (gk_hyper){ ADAM, .weight_decay = r == 1 };
        for (int64_t i = 0; i < c->graph.n_param_real; i++)    /* other norms in every replica, and the same in both types */
            c->initial[r][i] = (float)((0.5 + r) * c->initial[r][i]);
    }
    return true;
}

/* Norms of the tensors of every replica. */
static void norms_of(team *t, double norm[][MOST_PARAM])
{
    const bool active[N_REPLICA] = { true, true, true, true, true };
    double     all[N_REPLICA], each[N_REPLICA * MOST_PARAM];
    CHECK_INT(t->be->norms(t->engine, active, all, each), 0);
    for (int r = 0; r < t->n; r++)
        for (int p = 0; p < t->problem.graph->n_param; p++)
            norm[r][p] = each[r * t->problem.graph->n_param + p];
}

/* Root of the sum of weight[p] norm[p]^2 over tensors [begin, end). */
static double radius(const double *norm, const double *weight, int begin, int end)
{
    double sum = 0;
    for (int p = begin; p < end; p++)
        sum += weight[p] * norm[p] * norm[p];
    return sqrt(sum);
}

static double precision_of(const gk_backend *be)
{
    return be->real == GK_F32 ? 1e-6 : 1e-12;
}

TEST(spheres_are_what_the_constraint_says)
{
    static const struct { gk_constraint constrain; const char *frozen; int n, sphere[6]; double first; } rows[] = {
        { GK_CONSTRAIN_NONE,       NULL,       0, { -1, -1, -1, -1, -1, -1 }, 1 },
        { GK_CONSTRAIN_GLOBAL,     NULL,       1, { 0, 0, 0, 0, 0, 0 }, 1 },
        { GK_CONSTRAIN_GLOBAL,     "layer1.*", 1, { 0, 0, -1, -1, 0, 0 }, 1 },
        { GK_CONSTRAIN_LAYER,      NULL,       3, { 0, 0, 1, 1, 2, 2 }, 1 },
        { GK_CONSTRAIN_LAYER,      "layer0.*", 2, { -1, -1, 0, 0, 1, 1 }, 1 },
        { GK_CONSTRAIN_LAYER,      "layer0.weight", 3, { -1, 0, 1, 1, 2, 2 }, 1 },
        { GK_CONSTRAIN_OMNIGROK_Q, NULL,       1, { 0, 0, 0, 0, 0, 0 }, 2 },
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        crowd        c;
        gk_on_sphere on[6];
        CHECK(net_open(&c, (gk_update){ .constrain = rows[k].constrain }, rows[k].frozen));
        CHECK_INT(gk_problem_spheres(&c.graph, &c.update, NULL), rows[k].n);
        CHECK_INT(gk_problem_spheres(&c.graph, &c.update, on), rows[k].n);
        for (int p = 0; p < 6; p++) {
            CHECK_INT(on[p].sphere, rows[k].sphere[p]);
            CHECK_CLOSE(on[p].weight, p == 0 ? rows[k].first : 1, 0);
        }
        crowd_close(&c);
    }
    CHECK_INT(gk_problem_layer_length("block0.mlp.in.weight"), 13);
    CHECK_INT(gk_problem_layer_length("table"), 5);
}

TEST(every_constraint_keeps_its_norms)
{
    static const struct { gk_constraint constrain; const char *frozen; int begin[4]; double weight[6]; } rows[] = {
        { GK_CONSTRAIN_GLOBAL,     NULL,       { 0, 6 },       { 1, 1, 1, 1, 1, 1 } },
        { GK_CONSTRAIN_GLOBAL,     "layer1.*", { 0, 6 },       { 1, 1, 0, 0, 1, 1 } },
        { GK_CONSTRAIN_LAYER,      NULL,       { 0, 2, 4, 6 }, { 1, 1, 1, 1, 1, 1 } },
        { GK_CONSTRAIN_OMNIGROK_Q, NULL,       { 0, 6 },       { 2, 1, 1, 1, 1, 1 } },
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        EACH_BACKEND(be) {
            double start[N_REPLICA][MOST_PARAM], now[N_REPLICA][MOST_PARAM];
            crowd  c;
            team   t;
            CHECK(net_open(&c, (gk_update){ .optimizer = GK_OPTIM_adamw, .constrain = rows[k].constrain }, rows[k].frozen));
            CHECK(team_open(&t, be, &c, 0, N_REPLICA, 2));
            norms_of(&t, start);
            team_run(&t, 0, N_STEP);
            norms_of(&t, now);
            for (int r = 0; r < N_REPLICA; r++) {
                for (int i = 0; i < 3 && rows[k].begin[i + 1] > 0; i++)
                    CHECK_CLOSE(radius(now[r], rows[k].weight, rows[k].begin[i], rows[k].begin[i + 1]) /
                                radius(start[r], rows[k].weight, rows[k].begin[i], rows[k].begin[i + 1]), 1, precision_of(be));
                for (int p = 2; rows[k].frozen && p < 4; p++)
                    CHECK_CLOSE(now[r][p], start[r][p], 0);
                CHECK(fabs(now[r][0] / start[r][0] - 1) > 1e-4);    /* within its layer each tensor moves */
            }
            team_close(&t);
            crowd_close(&c);
        }
}

/* The radii can be read, and set in their place: how a run is resumed. */
TEST(radii_can_be_set)
{
    EACH_BACKEND(be) {
        const double one[6] = { 1, 1, 1, 1, 1, 1 };
        double       norm[2][MOST_PARAM], scalar[2 * (3 + 1)];
        crowd        c;
        team         t;
        CHECK(net_open(&c, (gk_update){ .optimizer = GK_OPTIM_adamw, .constrain = GK_CONSTRAIN_LAYER }, NULL));
        CHECK(team_open(&t, be, &c, 0, 2, 1));
        be->scalars(t.engine, scalar);
        norms_of(&t, norm);
        for (int i = 0; i < 6; i++) {
            CHECK_CLOSE(scalar[i / 3 * 4 + i % 3] / radius(norm[i / 3], one, i % 3 * 2, i % 3 * 2 + 2), 1, 1e-12);
            scalar[i / 3 * 4 + i % 3] = 1 + i;
        }
        be->set_scalars(t.engine, scalar);
        team_run(&t, 0, 1);
        norms_of(&t, norm);
        for (int i = 0; i < 6; i++)
            CHECK_CLOSE(radius(norm[i / 3], one, i % 3 * 2, i % 3 * 2 + 2) / (1 + i), 1, precision_of(be));
        team_close(&t);
        crowd_close(&c);
    }
}

/* The last of the scalars counts the updates that were clipped, from what it was set to. */
TEST(clipped_updates_are_counted)
{
    EACH_BACKEND(be) {
        double scalar[3];
        crowd  c;
        team   t;
        CHECK(net_open(&c, (gk_update){ .optimizer = GK_OPTIM_sgd }, NULL));
        for (int r = 0; r < 3; r++)
            c.hyper[r] = (gk_hyper){ .learning_rate = 1e-3, .clip_norm = r == 0 ? 1e-6 : r == 1 ? 1e6 : 0 };
        CHECK(team_open(&t, be, &c, 0, 3, 1));
        team_run(&t, 0, 3);
        be->scalars(t.engine, scalar);
        CHECK_CLOSE(scalar[0], 3, 0);
        CHECK_CLOSE(scalar[1] + scalar[2], 0, 0);
        scalar[0] = 10;
        be->set_scalars(t.engine, scalar);
        team_run(&t, 3, 2);
        be->scalars(t.engine, scalar);
        CHECK_CLOSE(scalar[0], 12, 0);
        team_close(&t);
        crowd_close(&c);
    }
}

/* As clip_grad_norm_ of PyTorch: a norm just below the limit is scaled, too. */
TEST(clipping_divides_by_the_norm_and_a_millionth)
{
    const gk_hyper two = { .clip_norm = 2 }, none = { 0 };
    CHECK_CLOSE(gk_clip_factor(&two, 3), 2 / 3.000001, 1e-15);
    CHECK_CLOSE(gk_clip_factor(&two, 2 - 5e-7), 2 / (2 + 5e-7), 1e-15);
    CHECK_CLOSE(gk_clip_factor(&two, 1.99), 1, 0);
    CHECK_CLOSE(gk_clip_factor(&none, 1e9), 1, 0);
}

/* Two updates of SGD at rate 1: w1 = w0 - g(w0), and then P(w1 - g(w1)) of P(w1), or P(w1) - g(w1). */
TEST(between_takes_the_gradient_before_and_the_step_after_the_projection)
{
    EACH_BACKEND(be) {
        double *w[2], *g, change = 0;
        for (int between = 0; between < 2; between++) {
            crowd c;
            team  t;
            CHECK(net_open(&c, (gk_update){ .optimizer = GK_OPTIM_sgd, .constrain = GK_CONSTRAIN_GLOBAL,
                                            .projection = between ? GK_PROJECT_BETWEEN : GK_PROJECT_AFTER }, NULL));
            c.hyper[0] = (gk_hyper){ .learning_rate = 1 };
            CHECK(team_open(&t, be, &c, 0, 1, 1));
            int64_t n = c.graph.n_param_real;
            w[between] = malloc((size_t)n * sizeof(double));
            g = malloc((size_t)n * sizeof(double));
            team_run(&t, 0, 1);
            char *first = team_read(&t, GK_ARENA_PARAM), *gradient = malloc((size_t)n * sizeof(double));
            CHECK_INT(be->gradient(t.engine, gradient), 0);
            double norm = 0, scalar[2], target;
            be->scalars(t.engine, scalar);
            target = scalar[0];
            for (int64_t i = 0; i < n; i++) {
                w[between][i] = real_at(be, first, i);
                g[i] = real_at(be, gradient, i);
                norm += w[between][i] * w[between][i];
            }
            CHECK((fabs(sqrt(norm) / target - 1) > 1e-4) == between);    /* between leaves it off the sphere */
            double after = 0;
            for (int64_t i = 0; i < n; i++) {
                w[between][i] = w[between][i] * (between ? target / sqrt(norm) : 1) - g[i];
                after += w[between][i] * w[between][i];
            }
            for (int64_t i = 0; !between && i < n; i++)
                w[0][i] *= target / sqrt(after);
            team_run(&t, 1, 1);
            char *second = team_read(&t, GK_ARENA_PARAM);
            for (int64_t i = 0; i < n; i++)
                CHECK_CLOSE(real_at(be, second, i), w[between][i], be->real == GK_F32 ? 1e-6 : 1e-13);
            for (int64_t i = 0; between && i < n; i++)
                change = fmax(change, fabs(w[0][i] - w[1][i]));
            free(first);
            free(gradient);
            free(second);
            free(g);
            team_close(&t);
            crowd_close(&c);
        }
        CHECK(change > 1e-3);
        free(w[0]);
        free(w[1]);
    }
}

/* alpha = 0: nothing is divided by 0. */
TEST(a_network_of_norm_0_stays_at_0)
{
    const gk_constraint all[] = { GK_CONSTRAIN_GLOBAL, GK_CONSTRAIN_LAYER, GK_CONSTRAIN_OMNIGROK_Q };
    for (int k = 0; k < 6; k++)
        EACH_BACKEND(be) {
            const bool active[N_REPLICA] = { true, true };
            gk_metrics metrics[N_REPLICA];
            double     norm[N_REPLICA][MOST_PARAM];
            crowd      c;
            team       t;
            CHECK(net_open(&c, (gk_update){ .optimizer = GK_OPTIM_adamw, .constrain = all[k / 2], .orthogonal = k % 2 }, NULL));
            memset(c.initial[0], 0, (size_t)c.graph.n_param_real * sizeof(double));
            CHECK(team_open(&t, be, &c, 0, 2, 2));
            team_run(&t, 0, 5);
            norms_of(&t, norm);
            for (int p = 0; p < 6; p++)
                CHECK(norm[0][p] == 0 && norm[1][p] > 0);
            CHECK_INT(be->evaluate(t.engine, GK_TRAIN_ROWS, active, metrics), 0);
            CHECK_CLOSE(metrics[0].loss, 1.0 / 3, 1e-6);    /* the mean square of a one-hot */
            team_close(&t);
            crowd_close(&c);
        }
}

TEST_MAIN(RUN(spheres_are_what_the_constraint_says)
          RUN(every_constraint_keeps_its_norms)
          RUN(radii_can_be_set)
          RUN(clipped_updates_are_counted) RUN(clipping_divides_by_the_norm_and_a_millionth)
          RUN(between_takes_the_gradient_before_and_the_step_after_the_projection)
          RUN(a_network_of_norm_0_stays_at_0))
