/* test_memory.c -- opening engines: memory as foretold, refused where there is none, many threads. */
#include <malloc.h>
#include "engine.h"

/* Counters of what is in use: glibc 2.33 has some; the sanitizers' malloc has none, and ends the program when it has no
 * memory. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__    /* gcc's way to tell; clang's: */
#define SANITIZED
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined __GLIBC__ && !defined SANITIZED
#if __GLIBC_PREREQ(2, 33)
#define OWN_MALLOC 1
#endif
#endif

#if defined OWN_MALLOC
static int64_t bytes_in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
}
#else
#define OWN_MALLOC 0
static int64_t bytes_in_use(void)
{
    return 0;
}
#endif

static const struct { const char *title; gk_update update; int n_replica, n_thread; double ema, noise; } cases[] = {
    { "one replica, one thread",      { .optimizer = GK_OPTIM_adamw },                                          1, 1, 0, 0 },
    { "one replica, two threads",     { .optimizer = GK_OPTIM_adamw },                                          1, 2, 0, 0 },
    { "five replicas, SGD",           { .optimizer = GK_OPTIM_sgd },                                            5, 2, 0, 0 },
    { "five replicas, all arenas",    { .optimizer = GK_OPTIM_adam, .decay_form = GK_DECAY_INIT, .batch = 64 }, 5, 3, 1, 1 },
    { "fewer replicas than threads",  { .optimizer = GK_OPTIM_adamw, .batch = 64 },                             2, 4, 1, 0 },
};

TEST(memory_is_foretold_within_a_few_percent)
{
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        EACH_BACKEND(be) {
            gk_model_args args = { SMALL, .n_layer = 1, .activation = GK_RELU, .dropout = true, .two_rate = true };
            crowd         c;
            gk_memory     memory;
            args.d_model = 64, args.d_mlp = 256;
            CHECK(crowd_open(&c, pairs(args, 53, 3), cases[k].update));
            c.hyper[0].ema_lambda   = cases[k].ema;
            c.hyper[0].weight_noise = cases[k].noise;
            gk_problem what = { .graph = &c.graph, .update = c.update, .n_replica = cases[k].n_replica, .hyper = c.hyper,
                                   .seed = c.seed, .rows = { c.train, c.test }, .n_thread = cases[k].n_thread };
            be->memory(&what, &memory);
            double     foretold = (double)(memory.shared_bytes + cases[k].n_replica * memory.per_replica_bytes);
            int64_t    before   = bytes_in_use();
            gk_engine *engine   = be->open(&what);
            double     found    = OWN_MALLOC ? (double)(bytes_in_use() - before) : foretold;
            /* Large arrays begin on a huge page: up to 2 MiB before each of them is set aside, but never touched. */
            bool fits = found >= 0.95 * foretold && found <= 1.05 * foretold + 3 * (2 << 20);
            if (!fits)
                printf("%s: found %.0f, foretold %.0f bytes\n", cases[k].title, found, foretold);
            CHECK(fits);
            be->close(engine);
            CHECK(!OWN_MALLOC || bytes_in_use() - before < 1 << 16);    /* the C library keeps some small blocks */
            crowd_close(&c);
        }
}

/* More than 128 TiB, which no process can address. */
TEST(an_engine_that_does_not_fit_is_an_error)
{
    enum { N = 50000 };
    gk_graph   graph;
    int32_t    row[1] = { 0 }, label[1] = { 0 }, item[1] = { 0 };
    gk_hyper  *hyper = malloc(N * sizeof *hyper);
    gk_rows   *rows = malloc(N * sizeof *rows);
    uint64_t  *seed = calloc(N, sizeof *seed);
    for (int r = 0; r < N; r++) {
        hyper[r] = default_hyper();
        rows[r]  = (gk_rows){ .n = 1, .item = item, .label = label };
    }
    gk_graph_init(&graph);
    gk_node *table = gk_param(&graph, "table", "n,n_class", GK_INIT_NORMAL, 1, 2, (int64_t)1 << 20, (int64_t)1 << 10);
    gk_node *logits = gk_reshape(&graph, gk_embed(&graph, table, gk_input_index(&graph, "row", row, 1)), 1, (int64_t)1 << 10);
    CHECK_INT(gk_graph_freeze(&graph, logits, gk_mse_onehot(&graph, logits)), 0);
    gk_problem what = { .graph = &graph, .n_replica = N, .hyper = hyper, .seed = seed, .rows = { rows, rows }, .n_thread = 1 };
    if (OWN_MALLOC)
        EACH_BACKEND(be) {
            CHECK(be->open(&what) == NULL);
            CHECK_CONTAINS(gk_error_message(), "cannot hold 50000 replicas: ");
            CHECK_CONTAINS(gk_error_message(), "model");
        }
    free(hyper);
    free(rows);
    free(seed);
    gk_graph_release(&graph);
}

TEST(as_many_threads_as_a_large_machine_has)
{
    enum { N = 80 };
    const gk_backend *be = backend_of(0);
    lookup     l;
    gk_hyper   hyper[N];
    gk_rows    rows[N];
    uint64_t   seed[N];
    gk_metrics metrics[N];
    bool       active[N];
    CHECK(lookup_open(&l, 60, 3, GK_LOSS_CE, GK_SOFTMAX_STABLE, (gk_update){ .optimizer = GK_OPTIM_adamw }));
    for (int r = 0; r < N; r++) {
        hyper[r]  = default_hyper();
        rows[r]   = l.c.train[0];
        seed[r]   = 1;
        active[r] = true;
    }
    gk_problem what = { .graph = &l.c.graph, .update = l.c.update, .n_replica = N, .hyper = hyper, .seed = seed,
                           .rows = { rows, rows }, .n_thread = N };
    gk_engine *engine = be->open(&what);
    CHECK(engine != NULL);
    CHECK_INT(be->run(engine, 0, 2, active), 0);
    CHECK_INT(be->evaluate(engine, GK_TRAIN_ROWS, active, metrics), 0);
    for (int r = 1; r < N; r++)
        CHECK(same_metrics(&metrics[r], &metrics[0]));
    CHECK(metrics[0].loss < log(3));
    be->close(engine);
    lookup_close(&l);
}

TEST_MAIN(RUN(memory_is_foretold_within_a_few_percent)
          RUN(an_engine_that_does_not_fit_is_an_error)
          RUN(as_many_threads_as_a_large_machine_has))
