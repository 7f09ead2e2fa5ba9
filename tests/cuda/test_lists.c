/* test_lists.c -- the gradient of a table is added up in the order of the places where its rows were read, 64 at a time
 * (cuda/lists.h, inverse.cu): of terms whose float32 sum depends on their order, the sum has the bits of that order. */
#include "../unit/backends.h"
#include "base/rng.h"
#include "graph/graph.h"

enum { N_ROW = 1024, CHUNK = 64, MOST_VALUE = 700 };

typedef struct lists {
    gk_graph graph;
    int32_t  index[N_ROW], item[N_ROW], label[N_ROW];
    float    target[N_ROW];
} lists;

/* Row i reads table[index[i]], which is 0, and should be target[i]: its gradient is -2 / N_ROW * target[i], exactly. */
static bool open_lists(lists *l, int n_value, const char *why)
{
    for (int i = 0; i < N_ROW; i++) {
        uint32_t any = gk_rng_below(3, GK_RNG_TEST, 1, (uint64_t)i, 1000);
        l->index[i] = strcmp(why, "one") == 0      ? n_value - 1
                      : strcmp(why, "blocks") == 0 ? i * n_value / N_ROW
                                                   : (int32_t)any % n_value;
        l->item[i] = i;
        l->target[i] = (float)((i % 3 - 1) * (int)(1 + any) << i % 20);
    }
    gk_graph_init(&l->graph);
    gk_node *table = gk_param(&l->graph, "table", "n,one", GK_INIT_FILL, 0, 2, (int64_t)n_value, (int64_t)1);
    gk_node *y = gk_embed(&l->graph, table, gk_input_index(&l->graph, "index", l->index, 1));
    gk_node *out = gk_reshape(&l->graph, y, 1, (int64_t)1);
    return gk_graph_freeze(&l->graph, out, gk_mse(&l->graph, out, gk_target(&l->graph, "target", 1), 0)) == 0;
}

/* The first chunk's sum, plus the sum of the others'. */
static float expected(const lists *l, int value)
{
    float sum[2] = { 0, 0 }, chunk = 0;
    int   n = 0;
    for (int i = 0; i < N_ROW; i++) {
        if (l->index[i] != value)
            continue;
        chunk += -2.0f / N_ROW * l->target[i];
        if (++n % CHUNK == 0) {
            sum[n > CHUNK] += chunk;
            chunk = 0;
        }
    }
    sum[n > CHUNK] += chunk;
    return sum[0] + sum[1];
}

static void check_lists(int n_value, const char *why)
{
    static lists l;
    static float gradient[MOST_VALUE + 16];
    CHECK(open_lists(&l, n_value, why));
    gk_rows    rows = { .n = N_ROW, .item = l.item, .label = l.label, .target = l.target };
    gk_hyper   hyper = { 0 };
    uint64_t   seed = 1;
    gk_problem problem = { .graph = &l.graph, .n_replica = 1, .hyper = &hyper, .seed = &seed, .rows = { &rows }, .n_thread = 1 };
    gk_engine *engine = backend_of(0)->open(&problem);
    CHECK(engine != NULL);
    CHECK_INT(backend_of(0)->gradient(engine, gradient), 0);
    for (int v = 0; v < n_value; v++)
        if (gradient[v] != expected(&l, v)) {
            printf("%d values, %s: gradient %d is %.9g, expected %.9g\n", n_value, why, v, (double)gradient[v],
                   (double)expected(&l, v));
            test_n_failed_check++;
            break;
        }
    backend_of(0)->close(engine);
    gk_graph_release(&l.graph);
}

TEST(terms_are_added_in_the_order_of_their_places)
{
    static const int n_value[] = { 1, 2, 31, 32, 33, 70, MOST_VALUE };
    for (size_t i = 0; i < sizeof n_value / sizeof *n_value; i++) {
        check_lists(n_value[i], "one");
        check_lists(n_value[i], "blocks");
        check_lists(n_value[i], "any");
    }
}

int main(void)
{
    RUN(terms_are_added_in_the_order_of_their_places)
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
