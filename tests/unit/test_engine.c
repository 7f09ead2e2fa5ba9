/* test_engine.c -- laws of an engine: a replica is trained as if alone, threads do not matter, retired replicas rest. */
#include "engine.h"

enum { N_UPDATE = 9 };    /* two filled rings, several epochs: bits that differ do so at once, or when one of them begins anew */

static const struct { const char *title; gk_update update; } updates[] = {
    { "AdamW, full batch",                  { .optimizer = GK_OPTIM_adamw } },
    { "Adam, minibatches, orthogonal",      { .optimizer = GK_OPTIM_adam, .batch = 100, .orthogonal = true } },
    { "SGD, minibatches, constrained norm", { .optimizer = GK_OPTIM_sgd, .batch = 64, .constrain = GK_CONSTRAIN_GLOBAL } },
    { "Adam, layers constrained between", { .optimizer = GK_OPTIM_adam, .batch = 64, .constrain = GK_CONSTRAIN_LAYER,
                                            .projection = GK_PROJECT_BETWEEN } },
    { "AdamW, decay to init, ring",         { .optimizer = GK_OPTIM_adamw, .decay_form = GK_DECAY_INIT, .ma_window = 3 } },
    { "Adam, jitter, cosine, batches larger than some train sets",
      { .optimizer = GK_OPTIM_adam, .decay_form = GK_DECAY_JITTER, .lr_schedule = GK_LR_COSINE, .lr_decay_steps = 30,
        .batch = 400,
        .ma_window = 4 } },
};

/* No two replicas alike; every noise, filter and clip is on in one and off in others. */
static void vary(crowd *c)
{
    for (int r = 0; r < N_REPLICA; r++) {
        c->hyper[r].learning_rate = 1e-3 * (1 + r);
        c->hyper[r].weight_decay  = 0.1 * r;
        c->hyper[r].dropout       = 0.1 * r;
        c->hyper[r].momentum      = 0.2 * r;
        c->hyper[r].warmup        = r;
    }
    c->hyper[1].clip_norm      = 0.05;
    c->hyper[2].update_noise   = 0.01;
    c->hyper[3].weight_noise   = 0.01;
    c->hyper[4].gradient_noise = 0.01;
    c->hyper[1].ema_lambda = c->hyper[4].ema_lambda = 2;
    c->hyper[0].ma_lambda = c->hyper[2].ma_lambda = 1.5;
}

/* 529 rows in 3 blocks; dropout after the MLP. */
static bool open_varied(crowd *c, gk_update update, int p)
{
    gk_model_args args = { SMALL, .n_layer = 1, .activation = GK_RELU, .causal = true, .bias = GK_BIAS_MLP, .dropout = true,
                           .two_rate = true };
    bool          open = crowd_open(c, pairs(args, p, 3), update);
    vary(c);
    return open;
}

static void metrics_of(team *t, int set, gk_metrics *out)
{
    const bool active[N_REPLICA] = { true, true, true, true, true };
    CHECK_INT(t->be->evaluate(t->engine, set, active, out), 0);
}

/* Replicas first.. of both teams have the same bits, and the same metrics. */
static void check_same(const char *title, const char *what, team *a, int mine, team *b, int other, int n)
{
    for (int set = 0; set < GK_EXTRA_ROWS; set++) {
        gk_metrics left[N_REPLICA], right[N_REPLICA];
        metrics_of(a, set, left);
        metrics_of(b, set, right);
        for (int r = 0; r < n; r++)
            if (!same_bits(a, mine + r, b, other + r) || !same_metrics(&left[mine + r], &right[other + r])) {
                printf("%s, %s, replica %d, %d bits: not the same\n", title, what, mine + r, a->be->real == GK_F32 ? 32 : 64);
                test_n_failed_check++;
            }
    }
}

TEST(replicas_together_equal_each_alone_bit_for_bit)
{
    for (size_t u = 0; u < sizeof updates / sizeof *updates; u++)
        EACH_BACKEND(be) {
            crowd c;
            team  all;
            CHECK(open_varied(&c, updates[u].update, 23));
            CHECK(team_open(&all, be, &c, 0, N_REPLICA, 2));
            team_run(&all, 0, N_UPDATE);
            for (int r = 0; r < N_REPLICA; r++) {
                team alone;
                CHECK(team_open(&alone, be, &c, r, 1, 1 + r % 2));
                team_run(&alone, 0, N_UPDATE);
                check_same(updates[u].title, "together and alone", &all, r, &alone, 0, 1);
                team_close(&alone);
            }
            team_close(&all);
            crowd_close(&c);
        }
}

/* A device has threads of its own: there a second run must have the bits of the first, with some of the updates. */
#ifdef GK_TEST_PLUGIN
enum { MOST_THREAD = 2, EACH_UPDATE = 4 };
#else
enum { MOST_THREAD = 7, EACH_UPDATE = 1 };
#endif

static void check_threads(const char *title, crowd *c, const gk_backend *be, int n_replica, int n_update)
{
    team one;
    CHECK(team_open(&one, be, c, 0, n_replica, 1));
    team_run(&one, 0, n_update);
    static const int n_threads[] = { 2, 3, 4, 7 };    /* five replicas: cut in halves, evenly, unevenly, not at all */
    for (int i = 0; i < (int)(sizeof n_threads / sizeof *n_threads) && n_threads[i] <= MOST_THREAD; i++) {
        int  n_thread = n_threads[i];
        char what[32];
        team many;
        CHECK(team_open(&many, be, c, 0, n_replica, n_thread));
        team_run(&many, 0, n_update);
        snprintf(what, sizeof what, "%d threads", n_thread);
        check_same(title, what, &one, 0, &many, 0, n_replica);
        team_close(&many);
    }
    team_close(&one);
}

TEST(any_number_of_threads_gives_the_same_bits)
{
    for (size_t u = 0; u < sizeof updates / sizeof *updates; u += EACH_UPDATE) {
        crowd c;
        CHECK(open_varied(&c, updates[u].update, 23));
        check_threads(updates[u].title, &c, backend_of(u % 2), N_REPLICA, 6);
        check_threads(updates[u].title, &c, backend_of((u + 1) % 2), 1, 6);
        crowd_close(&c);
    }
}

/* A graph without tables at step rate, reals for inputs, another activation. */
TEST(an_mlp_on_reals_obeys_the_same_laws)
{
    gk_model_args args = { MLP, .widths = "7x5", .activation = GK_TANH, .bias = GK_BIAS_ALL, .loss = GK_LOSS_MSE_ONEHOT,
                           .dropout = true };
    crowd c;
    CHECK(crowd_open(&c, reals(args, 300, 3, 4), updates[1].update));
    vary(&c);
    EACH_BACKEND(be) {
        team all, alone;
        check_threads("MLP", &c, be, N_REPLICA, N_UPDATE);
        CHECK(team_open(&all, be, &c, 0, N_REPLICA, 1));
        CHECK(team_open(&alone, be, &c, 3, 1, 1));
        team_run(&all, 0, N_UPDATE);
        team_run(&alone, 0, N_UPDATE);
        check_same("MLP", "together and alone", &all, 3, &alone, 0, 1);
        team_close(&all);
        team_close(&alone);
    }
    crowd_close(&c);
}

TEST(a_run_of_n_updates_is_n_runs_of_one)
{
    for (size_t u = 0; u < sizeof updates / sizeof *updates; u++) {
        crowd c;
        team  whole, parts;
        CHECK(open_varied(&c, updates[u].update, 23));
        CHECK(team_open(&whole, backend_of(u % 2), &c, 0, N_REPLICA, 2));
        CHECK(team_open(&parts, backend_of(u % 2), &c, 0, N_REPLICA, 2));
        team_run(&whole, 0, 9);
        for (int step = 0; step < 9; step++) {
            gk_metrics metrics[N_REPLICA];
            team_run(&parts, step, 1);
            metrics_of(&parts, GK_TEST_ROWS, metrics);    /* to look does not disturb */
        }
        check_same(updates[u].title, "in parts", &whole, 0, &parts, 0, N_REPLICA);
        team_close(&whole);
        team_close(&parts);
        crowd_close(&c);
    }
}

TEST(retired_replicas_rest_while_the_others_go_on)
{
    const bool active[N_REPLICA] = { true, false, true, false, true };
    for (size_t u = 0; u < sizeof updates / sizeof *updates; u++) {
        const gk_backend *be = backend_of(u % 2);
        crowd             c;
        team              part, all, early;
        gk_metrics        metrics[N_REPLICA];
        double            norm[N_REPLICA] = { -1, -1, -1, -1, -1 };
        CHECK(open_varied(&c, updates[u].update, 23));
        CHECK(team_open(&part, be, &c, 0, N_REPLICA, 2) && team_open(&all, be, &c, 0, N_REPLICA, 2) &&
              team_open(&early, be, &c, 0, N_REPLICA, 2));
        team_run(&early, 0, 3);
        team_run(&all, 0, 8);
        team_run(&part, 0, 3);
        CHECK_INT(be->run(part.engine, 3, 5, active), 0);
        for (int r = 0; r < N_REPLICA; r++) {
            CHECK(same_bits(&part, r, active[r] ? &all : &early, r));
            metrics[r].loss = -1;
        }
        CHECK_INT(be->evaluate(part.engine, GK_TRAIN_ROWS, active, metrics), 0);
        CHECK_INT(be->norms(part.engine, active, norm, NULL), 0);
        for (int r = 0; r < N_REPLICA; r++)
            CHECK(active[r] ? metrics[r].loss > 0 && norm[r] > 0 : metrics[r].loss == -1 && norm[r] == -1);
        team_close(&part);
        team_close(&all);
        team_close(&early);
        crowd_close(&c);
    }
}

/* Small steps without noise: 20 roundings of 1e-7 each, and Adam's first steps, which only know signs, left out. */
TEST(float32_and_float64_agree)
{
    crowd   c;
    team    small, large;
    CHECK(open_varied(&c, (gk_update){ .optimizer = GK_OPTIM_sgd, .batch = 64 }, 23));
    CHECK(team_open(&small, backend_of(0), &c, 0, N_REPLICA, 2));
    CHECK(team_open(&large, backend_of(1), &c, 0, N_REPLICA, 2));
    team_run(&small, 0, 20);
    team_run(&large, 0, 20);
    char *left = team_read(&small, GK_ARENA_PARAM), *right = team_read(&large, GK_ARENA_PARAM);
    double most = 0, moved = 0;
    for (int r = 0; r < N_REPLICA; r++)
        for (int64_t i = 0; i < small.n_real; i++) {
            double in_double = real_at(large.be, right, r * small.n_real + i);
            most  = fmax(most, fabs(real_at(small.be, left, r * small.n_real + i) - in_double));
            moved = fmax(moved, fabs(in_double - c.initial[r][i]));
        }
    CHECK_CLOSE(most, 0, 1e-5);
    CHECK(moved > 1e-2);
    free(left);
    free(right);
    team_close(&small);
    team_close(&large);
    crowd_close(&c);
}

#if defined __SSE__ && !defined GK_TEST_PLUGIN
/* A parameter below the smallest normal number is 0 after an update that does not move it, one above stays what it is; and
 * whoever called computes with subnormal numbers as before. */
TEST(subnormal_numbers_count_as_zero_in_the_engine_alone)
{
    gk_model_args args = { MLP, .widths = "7", .activation = GK_TANH, .bias = GK_BIAS_ALL, .loss = GK_LOSS_MSE_ONEHOT };
    static const double tiny[2][2] = { { 1e-40, 1e-30 }, { 1e-310, 1e-290 } };
    for (int precision = 0; precision < 2; precision++) {
        const gk_backend *be = backend_of(precision);
        crowd c;
        team  t;
        CHECK(crowd_open(&c, reals(args, 40, 3, 4), updates[0].update));
        c.hyper[0].learning_rate = 0;
        c.hyper[0].weight_decay = 0;
        CHECK(team_open(&t, be, &c, 0, 1, 1));
        for (int64_t i = 0; i < t.n_real; i++)
            c.initial[0][i] = tiny[precision][i % 2];
        team_write(&t, GK_ARENA_PARAM, c.initial);
        team_run(&t, 0, 1);
        char *after = team_read(&t, GK_ARENA_PARAM);
        for (int64_t i = 0; i < 7; i++) {    /* the first bias */
            double real = real_at(be, after, i);
            CHECK(i % 2 ? fabs(real / tiny[precision][1] - 1) < 1e-6 : real == 0);
        }
        free(after);
        team_close(&t);
        crowd_close(&c);
    }
    volatile float smallest = 1e-38f, half = 0.01f;
    CHECK(smallest * half > 0);
}

/* 2209 rows: more blocks than lanes, which a device has none of. */
TEST(more_blocks_than_lanes_are_added_in_one_order_too)
{
    crowd c;
    CHECK(open_varied(&c, updates[0].update, 47));
    check_threads("2209 rows", &c, backend_of(0), 1, 3);
    check_threads("2209 rows", &c, backend_of(1), 3, 2);
    crowd_close(&c);
}

#define RUN_HERE RUN(subnormal_numbers_count_as_zero_in_the_engine_alone) RUN(more_blocks_than_lanes_are_added_in_one_order_too)
#else
#define RUN_HERE
#endif

TEST_MAIN(RUN(replicas_together_equal_each_alone_bit_for_bit)
          RUN(any_number_of_threads_gives_the_same_bits)
          RUN(an_mlp_on_reals_obeys_the_same_laws)
          RUN(a_run_of_n_updates_is_n_runs_of_one)
          RUN(retired_replicas_rest_while_the_others_go_on)
          RUN(float32_and_float64_agree)
          RUN_HERE)
