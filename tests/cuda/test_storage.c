/* test_storage.c -- activations in bfloat16 (cuda/storage.cu): whole models beside the CPU, the memory that they take, the same
 * bits however they are cut, and that they learn.  Single ops: test_rows.c. */
#include "../unit/engine.h"
#include "base/bf16.h"

#define NETWORK { MLP, .widths = "24x17", .activation = GK_GELU, .bias = GK_BIAS_ALL, .loss = GK_LOSS_MSE_ONEHOT }
#define TRANSFORMER .model = 0, .n_layer = 2, .n_head = 2, .d_model = 16, .d_mlp = 24, .init = GK_INIT_TORCH, \
                    .position = GK_POSITION_LEARNED, .bias = GK_BIAS_MLP, .activation = GK_RELU, .norm_place = GK_NORM_PRE
#define ADAMW .optimizer = GK_OPTIM_adamw

/* Models, and the numbers of their data: tokens of pairs modulo p, or reals. */
static const struct model {
    const char   *title;
    gk_model_args args;
    int           p, n_token, n_item, n_real, n_answer;
    gk_update     update;
} models[] = {
    { "a transformer at two rates", { TRANSFORMER, .two_rate = true }, 7, 3, 0, 0, 0, { ADAMW } },
    { "a transformer of rows", { TRANSFORMER, .causal = true, .dropout = true }, 5, 4, 0, 0, 0, { ADAMW } },
    { "a network in minibatches", NETWORK, 0, 0, 60, 13, 6, { ADAMW, .batch = 16 } },
    { "a recurrence", { .model = GK_MODEL_lstm, .d_model = 8, .init = GK_INIT_TORCH, .widths = "8x6", .bias = GK_BIAS_ALL,
      .two_rate = true }, 5, 4, 0, 0, 0, { ADAMW } },
    { "convolutions", { .model = GK_MODEL_resnet, .init = GK_INIT_TORCH, .activation = GK_RELU, .widths = "4x6",
      .bias = GK_BIAS_ALL }, 0, 0, 12, 25, 3, { ADAMW } },
};
enum { N_MODEL = sizeof models / sizeof *models };

static bool open_model(crowd *c, const struct model *m)
{
    problem data = m->p > 0 ? pairs(m->args, m->p, m->n_token) : reals(m->args, m->n_item, m->n_real, m->n_answer);
    if (!crowd_open(c, data, m->update))
        return false;
    for (int r = 0; r < N_REPLICA; r++) {
        c->hyper[r].learning_rate = 0.003;
        c->hyper[r].dropout = m->args.dropout ? 0.1 : 0;
    }
    return true;
}

static bool open_narrow(team *t, crowd *c, int first, int n)
{
    return team_open_for(t, backend_of(0), c, first, n, GK_PRODUCT_BF16);
}

static float *gradient_of(team *t)
{
    float *gradient = calloc((size_t)(t->n * t->n_real), sizeof *gradient);
    CHECK_INT(t->be->gradient(t->engine, gradient), 0);
    return gradient;
}

/* Length of a tensor of a gradient, less another if that is not NULL. */
static double length_of(const gk_node *param, const float *gradient, const float *less)
{
    double sum = 0;
    for (int64_t i = param->offset; i < param->offset + param->size; i++)
        sum += pow((double)gradient[i] - (less ? (double)less[i] : 0), 2);
    return sqrt(sum);
}

/* Every tensor is off by what some roundings by half of 2^-8 do to its terms, which may cancel; all together not by nothing. */
static void check_gradient(const char *title, const gk_graph *graph, const float *found, const float *expected)
{
    double all = 0, off = 0;
    for (int i = 0; i < graph->n_param; i++) {
        all = hypot(all, length_of(graph->param[i], expected, NULL));
        off = hypot(off, length_of(graph->param[i], found, expected));
    }
    for (int i = 0; i < graph->n_param; i++) {
        double here = length_of(graph->param[i], found, expected), mine = length_of(graph->param[i], expected, NULL);
        if (!(here < 0.06 * mine + 0.004 * all)) {
            printf("%s: the gradient of %s, %g long, is off by %g\n", title, graph->param[i]->name, mine, here);
            test_n_failed_check++;
        }
    }
    if (!(off < 0.03 * all && off > 0.001 * all)) {
        printf("%s: a gradient, %g long, is off by %g\n", title, all, off);
        test_n_failed_check++;
    }
}

TEST(gradients_of_models_are_near_the_cpus)
{
    for (int i = 0; i < N_MODEL; i++) {
        crowd c;
        team  ours, theirs;
        CHECK(open_model(&c, &models[i]) && open_narrow(&ours, &c, 0, N_REPLICA) &&
              team_open(&theirs, &gk_backend_cpu_f32, &c, 0, N_REPLICA, 1));
        float *found = gradient_of(&ours), *expected = gradient_of(&theirs);
        for (int r = 0; r < N_REPLICA; r++)
            check_gradient(models[i].title, &c.graph, found + r * ours.n_real, expected + r * ours.n_real);
        free(found);
        free(expected);
        team_close(&ours);
        team_close(&theirs);
        crowd_close(&c);
    }
}

/* The others, and how many are worked on at once, change no bit; nor does another time. */
TEST(replicas_are_the_same_in_any_company)
{
    for (int i = 0; i < N_MODEL; i++) {
        crowd c;
        team  all, again, alone, wave;
        CHECK(open_model(&c, &models[i]) && open_narrow(&all, &c, 0, N_REPLICA) && open_narrow(&again, &c, 0, N_REPLICA) &&
              open_narrow(&alone, &c, 3, 1));
        gk_memory memory;
        char      room[32];
        all.be->memory(&all.problem, &memory);
        snprintf(room, sizeof room, "%lld", (long long)(memory.shared_bytes + 3 * memory.per_replica_bytes));
        setenv("GK_CUDA_BYTES", room, 1);
        CHECK(open_narrow(&wave, &c, 0, N_REPLICA));
        unsetenv("GK_CUDA_BYTES");
        team *const teams[] = { &all, &again, &alone, &wave };
        for (int k = 0; k < 4; k++) {
            team_run(teams[k], 0, 3);
            team_run(teams[k], 3, 2);
        }
        for (int r = 0; r < N_REPLICA; r++)
            CHECK(same_bits(&all, r, &again, r) && same_bits(&all, r, &wave, r));
        CHECK(same_bits(&alone, 0, &all, 3));
        for (int k = 0; k < 4; k++)
            team_close(teams[k]);
        crowd_close(&c);
    }
}

/* Of all that a replica takes of `nanda`, activations and their gradients are most. */
TEST(rows_take_half_of_the_memory)
{
    gk_model_args args = T1;
    gk_update     update = { ADAMW };
    gk_memory     full, narrow;
    crowd         c;
    CHECK(crowd_open(&c, pairs(args, 113, 3), update));
    gk_problem one = { .graph = &c.graph, .update = update, .n_replica = 1, .hyper = c.hyper, .seed = c.seed,
                       .rows = { c.train, c.test }, .n_thread = 1 };
    backend_of(0)->memory(&one, &full);
    one.product = GK_PRODUCT_BF16;
    backend_of(0)->memory(&one, &narrow);
    double rows = (double)c.train[0].n, saved = (double)(full.per_replica_bytes - narrow.per_replica_bytes);
    CHECK((double)narrow.per_replica_bytes < 0.6 * (double)full.per_replica_bytes);
    /* two bytes of every result and gradient, but for logits; less parameters and tables once more, and pads */
    double expected = 2 * rows * (double)(2 * c.graph.n_row_result - c.graph.logits->size);
    CHECK(saved < expected && saved > 0.97 * expected);
    crowd_close(&c);
}

TEST(a_transformer_learns_by_heart)
{
    struct model m = models[0];
    bool         active[N_REPLICA] = { true };
    gk_metrics   metrics[N_REPLICA];
    crowd        c;
    team         t;
    m.args.n_layer = 1;
    m.args.norm_place = GK_NORM_NONE;
    m.args.init = GK_INIT_NANDA;
    CHECK(open_model(&c, &m));
    c.hyper[0].learning_rate = 0.01;
    CHECK(open_narrow(&t, &c, 0, 1));
    team_run(&t, 0, 200);
    CHECK_INT(t.be->evaluate(t.engine, GK_TRAIN_ROWS, active, metrics), 0);
    CHECK_CLOSE(metrics[0].accuracy, 1, 0);
    CHECK(metrics[0].loss < 1e-2);
    team_close(&t);
    crowd_close(&c);
}

/* Logits are no bfloat16, whose neighbours are 2^-8 apart. */
TEST(logits_have_all_their_bits)
{
    bool   active[N_REPLICA] = { true };
    int    n_more = 0;
    crowd  c;
    team   t;
    CHECK(open_model(&c, &models[2]) && open_narrow(&t, &c, 0, 1));
    double *logits[] = { calloc((size_t)(c.train[0].n * c.graph.logits->size), sizeof(double)) };
    CHECK_INT(t.be->predict(t.engine, GK_TRAIN_ROWS, active, logits), 0);
    for (int64_t i = 0; i < c.train[0].n * c.graph.logits->size; i++)
        n_more += (double)gk_bf16_value(gk_bf16_of((float)logits[0][i])) != logits[0][i];
    CHECK(n_more > 300);
    free(logits[0]);
    team_close(&t);
    crowd_close(&c);
}

/* What a loss and a product read, the input of a network that is to give it back, is there in both ways. */
TEST(an_input_may_be_a_target)
{
    gk_model_args none = { 0 };
    crowd c = { .data = reals(none, 9, 5, 5), .update = { ADAMW } };
    team  ours, theirs;
    gk_graph *g = &c.graph;
    gk_graph_init(g);
    gk_node *x = gk_input_real(g, "x", c.data.real, 5), *y = x;
    for (int layer = 0; layer < 2; layer++) {
        gk_graph_layer(g, "layer%d", layer);
        y = gk_matmul(g, y, gk_param(g, "weight", "a,b", GK_INIT_NORMAL, 0.3, 2, (int64_t)5, (int64_t)5));
    }
    CHECK_INT(gk_graph_freeze(g, y, gk_mse(g, y, x, 1)), 0);
    crowd_fill(&c);
    setenv("GK_CUDA_RESIDENT", "0", 1);
    CHECK(open_narrow(&ours, &c, 0, 2) && team_open(&theirs, &gk_backend_cpu_f32, &c, 0, 2, 1));
    unsetenv("GK_CUDA_RESIDENT");
    float *found = gradient_of(&ours), *expected = gradient_of(&theirs);
    check_gradient("an input that is a target", g, found, expected);
    free(found);
    free(expected);
    team_close(&ours);
    team_close(&theirs);
    crowd_close(&c);
}

TEST_MAIN(RUN(gradients_of_models_are_near_the_cpus) RUN(replicas_are_the_same_in_any_company) RUN(rows_take_half_of_the_memory)
          RUN(a_transformer_learns_by_heart) RUN(logits_have_all_their_bits) RUN(an_input_may_be_a_target))
