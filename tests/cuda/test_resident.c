/* test_resident.c -- small networks, many of whose updates are made in one kernel, beside the CPU: parameters and moments after 1
 * update, 2, and more, for both kinds of tiles, losses and constraints, several optimisers and activations; cut into runs; with
 * replicas that rest.  And which networks are not trained in this way. */
#include "../unit/engine.h"

typedef struct shape {
    const char   *title, *widths;
    int           n_item, n_in, n_out;
    gk_activation activation;
    gk_bias       bias;
    gk_loss       loss;
    gk_update     update;
    gk_hyper      hyper;
} shape;
#define ADAM .beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-8
#define RATE .learning_rate = 0.01

static const shape shapes[] = {
    { "one row, one neuron", "1", 1, 1, 1, GK_TANH, GK_BIAS_ALL, GK_LOSS_MSE, { .optimizer = GK_OPTIM_sgd }, { RATE } },
    { "no hidden neighbours", "3", 3, 2, 5, GK_RELU, GK_BIAS_NONE, GK_LOSS_MSE_ONEHOT, { .optimizer = GK_OPTIM_sgd },
      { RATE, .momentum = 0.5 } },
    { "as the landscapes", "100x100", 100, 5, 5, GK_TANH, GK_BIAS_ALL, GK_LOSS_MSE,
      { .optimizer = GK_OPTIM_adam, .constrain = GK_CONSTRAIN_GLOBAL }, { RATE, ADAM } },
    { "a row more than tiles", "7x12x30", 129, 3, 4, GK_GELU, GK_BIAS_MLP, GK_LOSS_MSE_ONEHOT,
      { .optimizer = GK_OPTIM_adamw, .constrain = GK_CONSTRAIN_LAYER, .projection = GK_PROJECT_BETWEEN },
      { RATE, ADAM, .weight_decay = 1 } },
    { "more rows than fit", "90x37", 333, 6, 3, GK_SOFTPLUS, GK_BIAS_ALL, GK_LOSS_MSE,
      { .optimizer = GK_OPTIM_adamw, .constrain = GK_CONSTRAIN_OMNIGROK_Q, .lr_schedule = GK_LR_COSINE, .lr_decay_steps = 30 },
      { RATE, ADAM, .warmup = 3 } },
    { "decay to the beginning", "5", 40, 7, 2, GK_SILU, GK_BIAS_ALL, GK_LOSS_MSE_ONEHOT,
      { .optimizer = GK_OPTIM_adam_atan2, .decay_form = GK_DECAY_INIT }, { RATE, ADAM, .weight_decay = 0.5 } },
    { "coupled decay", "6x6x6x6", 21, 4, 3, GK_LEAKY_RELU, GK_BIAS_ALL, GK_LOSS_MSE, { .optimizer = GK_OPTIM_adam },
      { RATE, ADAM, .weight_decay = 0.5 } },
};

enum { MOST_TARGET = 2000 };
static float targets[MOST_TARGET];

static bool open_shape_with(crowd *c, const shape *s, bool dropout)
{
    gk_model_args args = { MLP, .widths = s->widths, .activation = s->activation, .bias = s->bias, .loss = s->loss,
                           .dropout = dropout };
    problem       data = reals(args, s->n_item, s->n_in, s->n_out);

    for (int i = 0; i < MOST_TARGET; i++)
        targets[i] = (float)gk_rng_normal(8, GK_RNG_TEST, 0, (uint64_t)i);
    if (s->loss == GK_LOSS_MSE) {
        data.args.correct_below = 0.5;
        data.data.n_target = s->n_out;
        data.data.target = targets;
    }
    if (!crowd_open(c, data, s->update))
        return false;
    for (int r = 0; r < N_REPLICA; r++) {
        c->hyper[r] = s->hyper;
        c->hyper[r].learning_rate *= 1 + 0.2 * r;
        c->hyper[r].weight_decay *= r;
        int skip = s->n_item > N_REPLICA ? 3 * r : 0;
        c->train[r] = c->test[r] = (gk_rows){ .n = s->n_item - skip, .item = c->data.item + skip, .label = c->data.label + skip };
    }
    return true;
}

static bool open_shape(crowd *c, const shape *s)
{
    return open_shape_with(c, s, false);
}

/* Two teams have the same in an arena, if both have it. */
static void check_arena(const char *title, int n_update, team *ours, team *theirs, gk_arena_kind kind)
{
    double tolerance = ours->be->real == GK_F32 ? 2e-5 : 1e-13, worst = 0;
    char  *left = team_read(ours, kind), *right = team_read(theirs, kind);

    CHECK(!left == !right);
    for (int64_t i = 0; left && right && i < ours->n * ours->n_real; i++)
        worst = fmax(worst, fabs(real_at(ours->be, left, i) - real_at(ours->be, right, i)));
    if (!(worst <= tolerance)) {
        printf("%s, %d bits, %s after %d updates: off by %g\n", title, ours->be->real == GK_F32 ? 32 : 64, gk_arena_names[kind],
               n_update, worst);
        test_n_failed_check++;
    }
    free(left);
    free(right);
}

static void check_shape(const shape *s, const gk_backend *be, const gk_backend *cpu)
{
    static const int ends[] = { 1, 2, 12 };
    crowd c;
    team  ours, theirs;

    CHECK(open_shape(&c, s));
    if (team_open(&ours, be, &c, 0, N_REPLICA, 1) && team_open(&theirs, cpu, &c, 0, N_REPLICA, 1)) {
        for (int k = 0, at = 0; k < 3; at = ends[k++]) {
            team_run(&ours, at, ends[k] - at);
            team_run(&theirs, at, ends[k] - at);
            for (int kind = 0; kind < GK_N_ARENA; kind++)
                check_arena(s->title, ends[k], &ours, &theirs, (gk_arena_kind)kind);
        }
        team_close(&ours);
        team_close(&theirs);
    }
    crowd_close(&c);
}

TEST(every_network_is_trained_as_on_the_cpu)
{
    setenv("GK_CUDA_RESIDENT", "1", 1);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        check_shape(&shapes[i], backend_of(0), &gk_backend_cpu_f32);
        check_shape(&shapes[i], backend_of(1), &gk_backend_cpu_f64);
    }
    unsetenv("GK_CUDA_RESIDENT");
}

/* Stretches of updates, other replicas, replicas that rest, and smaller networks at the same time do not matter. */
TEST(how_updates_are_cut_changes_no_bit)
{
    const bool some[N_REPLICA] = { false, true, false, true, true };
    setenv("GK_CUDA_RESIDENT", "1", 1);
    EACH_BACKEND(be) {
        crowd c, little;
        team  all, cut, alone, other;
        CHECK(open_shape(&c, &shapes[2]) && open_shape(&little, &shapes[0]));
        CHECK(team_open(&all, be, &c, 0, N_REPLICA, 1) && team_open(&cut, be, &c, 0, N_REPLICA, 1) &&
              team_open(&alone, be, &c, 3, 1, 1) && team_open(&other, be, &little, 0, 1, 1));
        team_run(&all, 0, 11);
        team_run(&alone, 0, 11);
        CHECK_INT(be->run(cut.engine, 0, 2, some), 0);
        CHECK_INT(be->run(cut.engine, 2, 0, some), 0);
        CHECK_INT(be->run(cut.engine, 2, 9, some), 0);
        for (int r = 0; r < N_REPLICA; r++)
            CHECK(same_bits(&cut, r, &all, r) == some[r]);
        CHECK(same_bits(&alone, 0, &all, 3));
        team_close(&all);
        team_close(&cut);
        team_close(&alone);
        team_close(&other);
        crowd_close(&c);
        crowd_close(&little);
    }
    unsetenv("GK_CUDA_RESIDENT");
}

/* What stays in shared memory is computed in float32 whatever products are asked for. */
TEST(precision_changes_no_bit)
{
    crowd c;
    team  exact, narrow;
    setenv("GK_CUDA_RESIDENT", "1", 1);
    CHECK(open_shape(&c, &shapes[3]) && team_open(&exact, backend_of(0), &c, 0, 2, 1) &&
          team_open_for(&narrow, backend_of(0), &c, 0, 2, GK_PRODUCT_BF16));
    unsetenv("GK_CUDA_RESIDENT");
    team_run(&exact, 0, 5);
    team_run(&narrow, 0, 5);
    CHECK(same_bits(&exact, 0, &narrow, 0) && same_bits(&exact, 1, &narrow, 1));
    team_close(&exact);
    team_close(&narrow);
    crowd_close(&c);
}

/* What is trained op by op, and why. */
static const struct { const char *why; shape of; bool dropout; } others[] = {
    { "the loss is no squared error", { .loss = GK_LOSS_CE, .n_item = 20 }, false },
    { "batches are not all rows", { .loss = GK_LOSS_MSE_ONEHOT, .n_item = 40, .update = { .batch = 20 } }, false },
    { "gradients are filtered", { .loss = GK_LOSS_MSE_ONEHOT, .n_item = 20, .update = { .orthogonal = true } }, false },
    { "noise", { .loss = GK_LOSS_MSE_ONEHOT, .n_item = 20, .hyper = { .clip_norm = 1 } }, false },
    { "no short chain of linear layers", { .loss = GK_LOSS_MSE_ONEHOT, .n_item = 20 }, true },
    { "do not fit", { .loss = GK_LOSS_MSE_ONEHOT, .n_item = 20, .widths = "300x300" }, false },
    { "more than one multiprocessor", { .loss = GK_LOSS_MSE_ONEHOT, .n_item = 9000, .widths = "40x40" }, false },
};

TEST(what_does_not_fit_is_trained_op_by_op)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        shape s = others[i].of;
        crowd c;
        team  t = { .be = backend_of(0) };
        s.widths = s.widths ? s.widths : "5";
        s.n_in = s.n_out = 3;
        CHECK(open_shape_with(&c, &s, others[i].dropout));
        gk_problem one = { .graph = &c.graph, .update = c.update, .n_replica = 1, .hyper = c.hyper, .seed = c.seed,
                           .rows = { c.train, c.test }, .n_thread = 1 };
        setenv("GK_CUDA_RESIDENT", "1", 1);
        CHECK(t.be->open(&one) == NULL);
        CHECK_CONTAINS(gk_error_message(), others[i].why);
        unsetenv("GK_CUDA_RESIDENT");
        gk_engine *engine = t.be->open(&one);
        CHECK(engine != NULL);
        t.be->close(engine);
        crowd_close(&c);
    }
}

TEST_MAIN(RUN(every_network_is_trained_as_on_the_cpu)
          RUN(how_updates_are_cut_changes_no_bit)
          RUN(precision_changes_no_bit)
          RUN(what_does_not_fit_is_trained_op_by_op))
