/* test_freeze.c -- what works in place, and who writes a gradient first: small graphs in which a wrong decision shows.
 *
 * Each is run as planned, and once more with every result and gradient in a place of its own: losses and gradients must be the
 * same, and those of central differences. */
#include "graph/holders.h"
#include "models.h"

enum { N_ITEM = 40, T = 3, V = 5, D = 4, C = 3 };

/* Leaves of the graphs: tokens [T], reals [6], and parameters made on demand. */
typedef struct leaves { gk_graph *g; gk_node *token, *real, *table; } leaves;

static gk_node *weight(const leaves *l, const char *name, int64_t n_in, int64_t n_out)
{
    return gk_param(l->g, name, "n_in,n_out", GK_INIT_NORMAL, 0.7, 2, n_in, n_out);
}

static gk_node *bias(const leaves *l, const char *name, int64_t n)
{
    return gk_param(l->g, name, "n", GK_INIT_NORMAL, 0.3, 1, n);
}

/* [T, D] of a row */
static gk_node *tokens(leaves *l)
{
    l->table = l->table ? l->table : weight(l, "embed", V, D);
    return gk_embed(l->g, l->table, l->token);
}

/* [n] -> [C] */
static gk_node *head(const leaves *l, gk_node *x)
{
    return gk_matmul(l->g, gk_reshape(l->g, x, 1, x->size), weight(l, "head", x->size, C));
}

static gk_node *residual(leaves *l)
{
    gk_node *x = gk_bias_act(l->g, gk_matmul(l->g, tokens(l), weight(l, "w", D, D)), bias(l, "b", D), GK_IDENTITY, 0);
    gk_node *h = gk_bias_act(l->g, gk_matmul(l->g, x, weight(l, "in", D, 7)), bias(l, "b_in", 7), GK_TANH, 0);
    h = gk_bias_act(l->g, gk_matmul(l->g, h, weight(l, "out", 7, D)), bias(l, "b_out", D), GK_IDENTITY, 0);
    return head(l, gk_add(l->g, x, h));
}

static gk_node *twice_the_same(leaves *l)
{
    gk_node *x = gk_matmul(l->g, tokens(l), weight(l, "w", D, D));
    return head(l, gk_add(l->g, x, x));
}

static gk_node *bias_after_activation(leaves *l)
{
    gk_node *x = gk_bias_act(l->g, gk_matmul(l->g, tokens(l), weight(l, "w", D, D)), bias(l, "b", D), GK_TANH, 0);
    return head(l, gk_bias_act(l->g, x, bias(l, "b2", D), GK_IDENTITY, 0));
}

static gk_node *sigmoid_of_tanh(leaves *l)
{
    gk_node *x = gk_bias_act(l->g, gk_matmul(l->g, tokens(l), weight(l, "w", D, D)), NULL, GK_TANH, 0);
    return head(l, gk_bias_act(l->g, x, bias(l, "b2", D), GK_SIGMOID, 0));
}

static gk_node *gelu_of_bias(leaves *l)
{
    gk_node *x = gk_bias_act(l->g, gk_matmul(l->g, tokens(l), weight(l, "w", D, D)), bias(l, "b", D), GK_IDENTITY, 0);
    return head(l, gk_bias_act(l->g, x, bias(l, "b2", D), GK_GELU, 0));
}

/* The reshaped result and the result itself are both read. */
static gk_node *reshape_and_source(leaves *l)
{
    gk_node *x = gk_matmul(l->g, tokens(l), weight(l, "w", D, D));
    gk_node *flat = gk_bias_act(l->g, gk_reshape(l->g, x, 1, (int64_t)(T * D)), bias(l, "flat", T * D), GK_TANH, 0);
    gk_node *square = gk_bias_act(l->g, x, bias(l, "b", D), GK_SIGMOID, 0);
    return head(l, gk_add(l->g, gk_reshape(l->g, square, 1, (int64_t)(T * D)), flat));
}

static gk_node *reshaped_twice(leaves *l)
{
    gk_node *x = gk_matmul(l->g, tokens(l), weight(l, "w", D, D));
    gk_node *a = gk_reshape(l->g, x, 2, (int64_t)D, (int64_t)T), *b = gk_reshape(l->g, x, 2, (int64_t)D, (int64_t)T);
    return head(l, gk_add(l->g, gk_bias_act(l->g, a, bias(l, "b", T), GK_TANH, 0), b));
}

/* What is below the bias needs no gradient. */
static gk_node *bias_on_an_input(leaves *l)
{
    const int read[2] = { 2, 0 };
    gk_node  *x = gk_select(l->g, gk_reshape(l->g, l->real, 2, (int64_t)3, (int64_t)2), 2, read);
    return head(l, gk_bias_act(l->g, x, bias(l, "b", 2), GK_TANH, 0));
}

static gk_node *sum_with_an_input(leaves *l)
{
    const int read[1] = { 1 };
    gk_node  *x = gk_select(l->g, gk_reshape(l->g, l->real, 2, (int64_t)2, (int64_t)3), 1, read);
    gk_node  *y = gk_matmul(l->g, gk_reshape(l->g, l->real, 2, (int64_t)1, (int64_t)6), weight(l, "w", 6, 3));
    return head(l, gk_add(l->g, x, y));
}

/* Everything up to the gather at step rate; the table is used at both rates. */
static gk_node *step_rate(leaves *l)
{
    gk_node *table = weight(l, "embed", V, D);
    gk_node *x = gk_bias_act(l->g, gk_matmul(l->g, table, weight(l, "w", D, D)), bias(l, "b", D), GK_TANH, 0);
    gk_node *y = gk_add(l->g, gk_matmul(l->g, table, weight(l, "w2", D, D)), x);
    y = gk_bias_act(l->g, y, bias(l, "b2", D), GK_IDENTITY, 0);
    gk_node *sum = gk_add(l->g, gk_embed(l->g, y, l->token), gk_embed(l->g, table, l->token));
    return head(l, gk_add(l->g, sum, gk_embed(l->g, gk_add(l->g, table, table), l->token)));
}

static gk_node *norms_and_residuals(leaves *l)
{
    gk_node *x = gk_add(l->g, tokens(l), weight(l, "position", T, D));
    gk_node *y = gk_layernorm(l->g, x, bias(l, "gain", D), bias(l, "shift", D), 1e-3);
    x = gk_add(l->g, gk_matmul(l->g, y, weight(l, "w", D, D)), x);
    y = gk_rmsnorm(l->g, x, bias(l, "gain2", D), 1e-3);
    return head(l, gk_bias_act(l->g, gk_add(l->g, y, x), bias(l, "b", D), GK_LEAKY_RELU, 0.2));
}

static gk_node *one_node_for_queries_keys_and_values(leaves *l)
{
    const int read[T] = { 0, 1, 2 };
    gk_node  *x = gk_matmul(l->g, tokens(l), weight(l, "w", D, D));
    gk_node  *y = gk_attention(l->g, x, x, x, NULL, 2, T, T, read, true, false);
    return head(l, gk_add(l->g, y, x));
}

static gk_node *selected_twice(leaves *l)
{
    const int first[1] = { 0 }, last[1] = { 2 };
    gk_node  *x = gk_matmul(l->g, tokens(l), weight(l, "w", D, D));
    return head(l, gk_add(l->g, gk_select(l->g, x, 1, last), gk_select(l->g, x, 1, first)));
}

static gk_node *tied_weights(leaves *l)
{
    gk_node *w = weight(l, "w", D, D), *b = bias(l, "b", D);
    gk_node *x = gk_bias_act(l->g, gk_matmul(l->g, tokens(l), w), b, GK_TANH, 0);
    return head(l, gk_bias_act(l->g, gk_matmul(l->g, x, w), b, GK_TANH, 0));
}

static gk_node *dropouts(leaves *l)
{
    gk_node *x = gk_dropout(l->g, gk_matmul(l->g, tokens(l), weight(l, "w", D, D)));
    gk_node *y = gk_dropout(l->g, gk_bias_act(l->g, x, bias(l, "b", D), GK_TANH, 0));
    return head(l, gk_dropout(l->g, gk_add(l->g, y, x)));
}

typedef gk_node *builder(leaves *l);

/* n_shared: how many results stand in the place of their source, counted by hand. */
static const struct { const char *title; builder *build; double dropout; int n_shared; } graphs[] = {
#define GRAPH(name, n_shared) { #name, name, 0, n_shared }
    GRAPH(residual, 4),
    GRAPH(twice_the_same, 1),
    GRAPH(bias_after_activation, 2),
    GRAPH(sigmoid_of_tanh, 2),
    GRAPH(gelu_of_bias, 2),
    GRAPH(reshape_and_source, 3),
    GRAPH(reshaped_twice, 3),
    GRAPH(bias_on_an_input, 2),
    GRAPH(sum_with_an_input, 3),
    GRAPH(step_rate, 6),
    GRAPH(norms_and_residuals, 5),
    GRAPH(one_node_for_queries_keys_and_values, 2),
    GRAPH(selected_twice, 2),
    GRAPH(tied_weights, 3),
    GRAPH(dropouts, 4),
    { "dropouts at work", dropouts, 0.4, 4 },
};

/* Give every result and every gradient a place of its own, and say anew who writes a gradient first. */
static int unshare(gk_graph *g)
{
    bool    written[256] = { false };
    int64_t n_aux = g->n_row_real - g->n_row_result - g->n_row_gradient;
    int     n_shared = 0;
    for (int i = 0; i < g->n_node; i++) {
        gk_node *node = g->node[i];
        if (!node->shares)
            continue;
        n_shared++;
        node->shares = NULL;
        node->offset = node->rate == GK_ROW_RATE ? g->n_row_result : g->n_step_real;
        if (node->rate == GK_ROW_RATE) {
            g->n_row_result += node->size;
        } else {
            g->n_step_real += (node->size + 15) / 16 * 16;
        }
    }
    for (int i = 0; i < g->n_node; i++)
        g->node[i]->grad_offset = g->node[i]->offset;
    g->n_row_gradient = g->n_row_result;
    g->n_row_real     = 2 * g->n_row_result + n_aux;
    for (int i = g->n_node - 1; i >= 0; i--)
        for (int s = 0; g->node[i]->used && s < g->node[i]->n_src; s++) {
            gk_node *x = g->node[i]->src[s];
            g->node[i]->accumulate[s] = x->rate == GK_STEP_RATE || written[x->id];
            written[x->id]            = true;
        }
    return n_shared;
}

static bool open_graph(solver *s, problem *t, builder *build, double dropout)
{
    solver_init(s, t);
    leaves l = { .g = &s->graph };
    l.token = gk_input_index(&s->graph, "token", t->token, T);
    l.real = gk_input_real(&s->graph, "real", t->real, 6);
    gk_node *logits = build(&l);
    s->hyper.dropout = dropout;
    if (gk_graph_freeze(&s->graph, logits, gk_cross_entropy(&s->graph, logits, GK_SOFTMAX_STABLE)) == 0)
        return true;
    printf("%s\n", gk_error_message());
    return false;
}

static problem some_data(void)
{
    gk_model_args args = { 0 };
    problem t = reals(args, N_ITEM, 6, C);
    t.token = malloc((size_t)N_ITEM * T * sizeof *t.token);
    for (int i = 0; i < N_ITEM * T; i++)
        t.token[i] = (int32_t)gk_rng_below(8, GK_RNG_TEST, 0, (uint64_t)i, V);
    return t;
}

TEST(in_place_or_not_losses_and_gradients_are_the_same)
{
    for (size_t k = 0; k < sizeof graphs / sizeof *graphs; k++) {
        problem t = some_data();
        solver  planned, apart;
        CHECK(open_graph(&planned, &t, graphs[k].build, graphs[k].dropout));
        CHECK(open_graph(&apart, &t, graphs[k].build, graphs[k].dropout));
        int n_shared = unshare(&apart.graph), before = test_n_failed_check;
        CHECK(solver_start(&planned) && solver_start(&apart));
        int64_t n = planned.graph.n_param_real;
        double *param = some_parameters(&planned.graph), *both = calloc(2 * (size_t)n, sizeof *both), most = 0;
        CHECK_CLOSE(loss_at(&planned, param), loss_at(&apart, param), 1e-14);
        gradient_at(&planned, param, both);
        gradient_at(&apart, param, both + n);
        for (int64_t i = 0; i < n; i++)
            most = fmax(most, fabs(both[i] - both[n + i]));
        CHECK_CLOSE(most, 0, 1e-14);
        if (graphs[k].dropout == 0)
            check_differences(graphs[k].title, &planned, param);
        if (n_shared != graphs[k].n_shared || test_n_failed_check > before)
            printf("%s: %d results in place\n", graphs[k].title, n_shared);
        CHECK_INT(n_shared, graphs[k].n_shared);
        free(param);
        free(both);
        solver_close(&planned);
        solver_close(&apart);
        problem_free(&t);
    }
}

/* Of layer after layer there are two gradients at a time; one that is needed much later keeps its place. */
TEST(places_of_gradients_are_used_again)
{
    static const char *const names[] = { "w0", "w1", "w2", "w3", "w4" };
    for (int skips = 0; skips < 2; skips++) {
        problem  t = some_data();
        gk_graph g;
        gk_graph_init(&g);
        leaves   l = { .g = &g };
        gk_node *x = gk_matmul(&g, gk_input_real(&g, "real", t.real, 6), weight(&l, "in", 6, D)), *first = x;
        for (int i = 0; i < 5; i++)
            x = gk_matmul(&g, x, weight(&l, names[i], D, D));
        if (skips)
            x = gk_add(&g, gk_matmul(&g, x, weight(&l, "last", D, D)), first);
        x = gk_matmul(&g, x, weight(&l, "head", D, C));
        CHECK_INT(gk_graph_freeze(&g, x, gk_cross_entropy(&g, x, GK_SOFTMAX_STABLE)), 0);
        CHECK_INT(g.n_row_gradient, C + (2 + skips) * D);    /* where the C logits stood there is no room for D */
        gk_graph_release(&g);
        problem_free(&t);
    }
}

/* Counted by hand: sources of sums whose gradients stand in the place of the sum's, but for those in whose place the sum stands
 * itself.  A norm or an attention must have read its gradient before it adds to that of its source. */
TEST(gradients_of_sums_stand_in_one_place)
{
    static const struct { builder *build; int n_held; } sums[] = {
        { residual, 2 }, { twice_the_same, 0 }, { norms_and_residuals, 1 }, { one_node_for_queries_keys_and_values, 0 },
        { dropouts, 1 },
    };
    for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) {
        problem t = some_data();
        solver  s;
        CHECK(open_graph(&s, &t, sums[k].build, 0));
        const gk_node **holder = calloc((size_t)s.graph.n_node, sizeof(void *));
        int n_held = 0;
        gk_find_holders(&s.graph, holder);
        for (int i = 0; i < s.graph.n_node; i++) {
            n_held += holder[i] != NULL;
            CHECK(gk_holder_of(s.graph.node[i], holder)->shares == NULL);
        }
        CHECK_INT(n_held, sums[k].n_held);
        free(holder);
        gk_graph_release(&s.graph);
        problem_free(&t);
    }
}

/* --- what a graph refuses -------------------------------------------------------------------------------------------- */

TEST(the_first_error_stays_and_names_its_layer)
{
    gk_graph g;
    gk_graph_init(&g);
    leaves l = { .g = &g };
    gk_graph_layer(&g, "block%d", 3);
    gk_node *w = weight(&l, "w", 3, 4);
    gk_node *y = gk_matmul(&g, weight(&l, "x", 2, 5), w);
    gk_graph_layer(&g, "later");
    y = gk_matmul(&g, y, w);
    CHECK_INT(gk_graph_freeze(&g, y, gk_mse_onehot(&g, y)), -1);
    CHECK_TEXT(gk_error_message(),
               "cannot build layer 'block3': matmul of [2, 5] [3, 4], expected [..., i] and a step-rate [i, o]");
    gk_graph_release(&g);
}

TEST(parameters_without_effect_and_losses_of_no_row_are_refused)
{
    problem t = some_data();
    gk_graph g;
    gk_graph_init(&g);
    leaves l = { .g = &g, .token = gk_input_index(&g, "token", t.token, T) };
    gk_node *logits = twice_the_same(&l);
    weight(&l, "idle", 2, 2);
    CHECK_INT(gk_graph_freeze(&g, logits, gk_mse_onehot(&g, logits)), -1);
    CHECK_CONTAINS(gk_error_message(), "parameter 'idle' has no effect on the loss");
    gk_graph_release(&g);
    logits = twice_the_same(&(leaves){ .g = &g, .token = gk_input_index(&g, "token", t.token, T) });
    CHECK_INT(gk_graph_freeze(&g, logits, logits), -1);
    CHECK_CONTAINS(gk_error_message(), "'matmul' is not a loss");
    gk_graph_release(&g);
    problem_free(&t);
}

TEST_MAIN(RUN(in_place_or_not_losses_and_gradients_are_the_same)
          RUN(places_of_gradients_are_used_again)
          RUN(gradients_of_sums_stand_in_one_place)
          RUN(the_first_error_stays_and_names_its_layer)
          RUN(parameters_without_effect_and_losses_of_no_row_are_refused))
