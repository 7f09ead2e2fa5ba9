/* test_batches.c -- which rows an update sees: a row of a table of logits moves exactly when its item was in the batch. */
#include "engine.h"

enum { N_ITEM = 403, N_CLASS = 3, BATCH = 50 };

/* Items whose logits moved since `last`, which is brought up to date. */
static int moved(team *t, char *last, bool *item)
{
    char  *now = team_read(t, GK_ARENA_PARAM);
    size_t bytes = N_CLASS * gk_dtype_size(t->be->real);
    int    n = 0;
    for (size_t i = 0; i < N_ITEM; i++)
        n += item[i] = memcmp(now + i * bytes, last + i * bytes, bytes) != 0;
    memcpy(last, now, N_ITEM * bytes);
    free(now);
    return n;
}

/* Runs the updates of an epoch; every train row must be in exactly one batch.  visited[i]: the batch of item i. */
static void run_epoch(team *t, const gk_rows *train, int epoch, char *last, int *visited)
{
    int  per_epoch = (int)((train->n + BATCH - 1) / BATCH);
    bool item[N_ITEM];
    for (int i = 0; i < N_ITEM; i++)
        visited[i] = -1;
    for (int batch = 0; batch < per_epoch; batch++) {
        team_run(t, epoch * per_epoch + batch, 1);
        CHECK_INT(moved(t, last, item), batch < per_epoch - 1 ? BATCH : train->n - BATCH * (per_epoch - 1));
        for (int i = 0; i < N_ITEM; i++)
            if (item[i]) {
                CHECK_INT(visited[i], -1);
                visited[i] = batch;
            }
    }
    for (int i = 0; i < N_ITEM; i++)
        CHECK((visited[i] >= 0) == (i >= train->item[0]));
}

static int n_different(const int *a, const int *b)
{
    int n = 0;
    for (int i = 0; i < N_ITEM; i++)
        n += a[i] != b[i];
    return n;
}

TEST(an_epoch_visits_every_train_row_once_in_an_order_of_its_own)
{
    EACH_BACKEND(be) {
        lookup l;
        int    visited[2][2][N_ITEM];
        CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE,
                          (gk_update){ .optimizer = GK_OPTIM_sgd, .batch = BATCH }));
        for (int r = 0; r < 2; r++) {    /* 403 rows in 9 batches, the last of 3; 363 rows in 8 */
            team t;
            CHECK(team_open(&t, be, &l.c, r, 1, 2));
            char *last = team_read(&t, GK_ARENA_PARAM);
            for (int epoch = 0; epoch < 2; epoch++)
                run_epoch(&t, &l.c.train[r], epoch, last, visited[r][epoch]);
            CHECK(n_different(visited[r][0], visited[r][1]) > N_ITEM / 2);
            free(last);
            team_close(&t);
        }
        CHECK(n_different(visited[0][0], visited[1][0]) > N_ITEM / 2);
        lookup_close(&l);
    }
}

TEST(the_order_of_an_epoch_is_the_permutation_of_its_number)
{
    EACH_BACKEND(be) {
        lookup  l;
        team    t;
        int32_t order[N_ITEM];
        bool    item[N_ITEM];
        int     n_missed = 0;
        CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE,
                          (gk_update){ .optimizer = GK_OPTIM_sgd, .batch = BATCH }));
        CHECK(team_open(&t, be, &l.c, 1, 1, 1));
        const gk_rows *train = &l.c.train[1];
        char *last = team_read(&t, GK_ARENA_PARAM);
        for (int64_t at = 0, step = 0; at < 2 * train->n; step++) {
            int64_t begin = at % train->n, count = train->n - begin < BATCH ? train->n - begin : BATCH;
            if (begin == 0)
                CHECK_INT(gk_rng_permutation(l.c.seed[1], GK_RNG_BATCH, (uint64_t)(at / train->n), order, train->n), 0);
            team_run(&t, step, 1);
            moved(&t, last, item);
            for (int64_t i = begin; i < begin + count; i++)
                n_missed += !item[train->item[order[i]]];
            at += count;
        }
        CHECK_INT(n_missed, 0);
        free(last);
        team_close(&t);
        lookup_close(&l);
    }
}

/* The gradient of a batch is the mean over its rows, also of the short last batch: a step of the rate times 2 gap/(C n). */
TEST(a_short_batch_is_averaged_over_its_own_rows)
{
    lookup l;
    team   t;
    CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE,
                      (gk_update){ .optimizer = GK_OPTIM_sgd, .batch = BATCH }));
    CHECK(team_open(&t, backend_of(1), &l.c, 0, 1, 1));
    team_run(&t, 8, 1);
    char *now = team_read(&t, GK_ARENA_PARAM);
    int   n_moved = 0;
    for (int i = 0; i < N_ITEM * N_CLASS; i++) {
        double before = l.c.initial[0][i], after = real_at(t.be, now, i);
        double gap = before - (i % N_CLASS == l.c.data.label[i / N_CLASS]);
        if (after != before) {
            CHECK_CLOSE(before - after, 1e-3 * 2 * gap / (N_CLASS * 3.0), 1e-15);
            n_moved++;
        }
    }
    CHECK_INT(n_moved, 3 * N_CLASS);
    free(now);
    team_close(&t);
    lookup_close(&l);
}

TEST(full_batches_and_batches_larger_than_the_data_see_all_rows)
{
    for (int k = 0; k < 2; k++) {
        lookup l;
        team   t;
        bool   item[N_ITEM];
        CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE,
                          (gk_update){ .optimizer = GK_OPTIM_sgd, .batch = k == 0 ? 0 : 1000 }));
        CHECK(team_open(&t, backend_of(1), &l.c, 1, 1, 1));
        char *last = team_read(&t, GK_ARENA_PARAM);
        team_run(&t, 0, 1);
        CHECK_INT(moved(&t, last, item), N_ITEM - 40);
        free(last);
        team_close(&t);
        lookup_close(&l);
    }
}

/* Sizes on both sides of a block's, and of as many blocks as there are lanes. */
TEST(the_gradient_counts_every_row_once_whatever_their_number)
{
    enum { N = 5000 };
    const int n_row[] = { 1, 2, 255, 256, 257, 513, 2047, 2048, 2049, 2305, 4096, 4097, N };
    lookup    l;
    double   *g = malloc((size_t)(N * N_CLASS + 16) * sizeof *g);
    CHECK(lookup_open(&l, N, N_CLASS, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE, (gk_update){ 0 }));
    for (size_t k = 0; k < 2 * sizeof n_row / sizeof *n_row; k++) {
        team t;
        int  n = n_row[k / 2], n_wrong = 0;
        l.c.train[0].n = n;
        CHECK(team_open(&t, backend_of(1), &l.c, 0, 1, 1 + (int)k % 2));
        CHECK_INT(t.be->gradient(t.engine, g), 0);
        for (int i = 0; i < N * N_CLASS; i++) {
            double gap = l.c.initial[0][i] - (i % N_CLASS == l.c.data.label[i / N_CLASS]);
            n_wrong += !(fabs(g[i] - (i < n * N_CLASS ? 2 * gap / (N_CLASS * (double)n) : 0)) <= 1e-15);
        }
        CHECK_INT(n_wrong, 0);
        team_close(&t);
    }
    free(g);
    lookup_close(&l);
}

TEST_MAIN(RUN(an_epoch_visits_every_train_row_once_in_an_order_of_its_own)
          RUN(the_order_of_an_epoch_is_the_permutation_of_its_number)
          RUN(a_short_batch_is_averaged_over_its_own_rows)
          RUN(full_batches_and_batches_larger_than_the_data_see_all_rows)
          RUN(the_gradient_counts_every_row_once_whatever_their_number))
