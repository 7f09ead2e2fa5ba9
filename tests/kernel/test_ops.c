/* test_ops.c -- every op on its own, in rows; each row must obey the laws:
 *
 *   forward equals the naive formula;
 *   backward equals central differences of the naive formula, in float32 too;
 *   the gradient of a source is added to what stood there if y->accumulate says so or the source has step rate, else it
 *   takes its place; a source without gradient is left alone;
 *   guard words around every buffer, and everything that is only read, stay as they were;
 *   a step-rate node in parts equals the whole;
 *   a node that works in place, where the plan allows it, gives the same bits as one that does not.
 *
 * Compiled once with the float32 and once with the float64 kernels. */
#include "rows.h"
#include "trial.h"

#include "base/blas.h"

/* --- one row --------------------------------------------------------------------------------------------------------- */

static void complain(const trial *t, const char *what, int s, int64_t i, double found, double expected)
{
    if (test_n_failed_check++ < 40)
        printf("%s, %s: %s of source %d, number %d: %.9g, expected %.9g\n", gk_op_name(t->row->op), t->row->why, what, s, (int)i,
               found, expected);
}

/* in_double: what may be lost in the float64 build */
static void compare(const trial *t, const char *what, int s, const gk_real *found, const double *expected, int64_t n,
                    double in_double)
{
    double tolerance = GK_REAL_BITS == 32 ? fmax(t->row->tolerance, in_double) : in_double;
    for (int64_t i = 0; i < n; i++)
        if (!(fabs((double)found[i] - expected[i]) <= tolerance * fmax(1, fabs(expected[i]))))
            complain(t, what, s, i, (double)found[i], expected[i]);
}

/* Guards, and what is only read. */
static void check_untouched(const trial *t)
{
    bool intact = guarded_intact(t->scratch, t->n_scratch) && guarded_intact(t->aux[Y], t->n_aux);
    for (int i = 0; i < N_ID; i++)
        intact = intact && guarded_intact(t->data[i], t->n_data[i]) && guarded_intact(t->grad[i], t->n_data[i]);
    if (!intact)
        complain(t, "guard words", 0, 0, 0, 0);
    for (int s = 0; s < t->y.n_src; s++)
        for (int64_t i = 0; is_reals(t, s) && i < t->n_data[s]; i++)
            if (t->data[s][i] != (gk_real)t->value[s][i])
                complain(t, "overwritten data", s, i, (double)t->data[s][i], t->value[s][i]);
}

static void run_forward(trial *t)
{
    for (int64_t i = 0; i < t->n_y; i++)
        t->data[Y][i] = 777;
    forward[t->y.op](&t->work, &t->y);
}

static void check_forward(trial *t)
{
    if (!is_loss(t->y.op)) {
        run_forward(t);
        compare(t, "result", -1, t->data[Y], t->expected, t->n_y, 1e-12);
        return;
    }
    gk_metrics sums = { 0 };
    double     loss = 0, correct = 0;
    for (int64_t i = 0; i < t->row->n_row; i++) {
        const double *x = t->value[0] + i * t->src[0].size;
        int           best = t->y.op == GK_OP_margin && x[0] > 0;
        for (int j = 1; j < t->src[0].size; j++)
            best = x[j] > x[best] ? j : best;
        loss += t->expected[i];
        correct += t->y.op == GK_OP_mse ? t->expected[i] < t->y.args.loss.threshold : best == t->label[i];
    }
    bool is_kl = t->y.op == GK_OP_kl_target, is_smoothed = t->formula.smoothing > 0;
    t->work.sums = &sums;
    t->work.asked = is_smoothed ? 1u << GK_SUM_smoothed_loss : 0;
    forward[t->y.op](&t->work, &t->y);
    t->work.sums = NULL;
    double found = is_kl ? sums.kd_loss : is_smoothed ? sums.smoothed_loss : sums.loss;
    compare(t, "sum of losses", -1, &(gk_real){ (gk_real)found }, &loss, 1, 1e-12);
    if (is_smoothed) {    /* what is told as the loss is that of labels as they are */
        t->formula.smoothing = 0;
        loss = 0;
        naive_formulas[t->y.op](&t->formula);
        for (int64_t i = 0; i < t->row->n_row; i++)
            loss += t->expected[i];
        compare(t, "sum of losses, unsmoothed", -1, &(gk_real){ (gk_real)sums.loss }, &loss, 1, 1e-12);
        t->formula.smoothing = t->hyper.label_smoothing;
    }
    CHECK_CLOSE(sums.accuracy, is_kl ? 0 : correct, 0);
}

static double before(int s, int64_t i)
{
    return 0.25 * (double)((i + s) % 5) - 0.5;
}

/* Put something into the gradients of the sources, but those whose bit is set. */
static void fill_gradients(trial *t, unsigned but)
{
    for (int s = 0; s < t->y.n_src; s++)
        for (int64_t i = 0; is_reals(t, s) && !(but >> s & 1) && i < t->n_data[s]; i++)
            t->grad[s][i] = (gk_real)before(s, i);
}

/* adds: bits of the sources whose gradient is added to.  without: bits of the sources that need none. */
static void run_backward(trial *t, unsigned adds, unsigned without)
{
    gk_real *kept[GK_MAX_SRC];
    fill_gradients(t, 0);
    for (int64_t i = 0; i < t->n_y; i++)
        t->grad[Y][i] = (gk_real)t->dy[i];
    for (int s = 0; s < t->y.n_src; s++) {
        kept[s]             = t->grad[s];
        t->y.accumulate[s]  = adds >> s & 1 || t->src[s].rate == GK_STEP_RATE;
        t->src[s].needs_grad = is_reals(t, s) && !(without >> s & 1);
        if (!t->src[s].needs_grad)
            t->grad[s] = NULL;
    }
    if (t->n_aux > 0)    /* what the forward left may be used up */
        run_forward(t);
    backward[t->y.op](&t->work, &t->y);
    for (int s = 0; s < t->y.n_src; s++)
        t->grad[s] = kept[s];
}

/* Gradients of the sources from `first` on; without: bits of those that must be as they were. */
static void check_gradients(trial *t, int first, unsigned without)
{
    for (int s = first; s < t->y.n_src; s++) {
        double *expected = malloc((size_t)(t->n_data[s] + 1) * sizeof(double));
        for (int64_t i = 0; is_reals(t, s) && i < t->n_data[s]; i++)
            expected[i] = without >> s & 1  ? before(s, i)
                          : t->y.accumulate[s] ? before(s, i) + t->slope[s][i]
                                               : t->slope[s][i];
        if (is_reals(t, s))
            compare(t, "gradient", s, t->grad[s], expected, t->n_data[s], 1e-8);
        free(expected);
    }
    for (int64_t i = 0; i < t->n_y; i++)
        if (t->grad[Y][i] != (gk_real)t->dy[i])
            complain(t, "overwritten gradient", -1, i, (double)t->grad[Y][i], t->dy[i]);
}

/* May source s be one without gradient while others have one?  Gains and biases of norms are parameters. */
static bool may_lack_gradient(const trial *t, int s)
{
    bool others = false;
    for (int other = 0; other < t->y.n_src; other++)
        others = others || (other != s && is_reals(t, other));
    return is_reals(t, s) && others && (s == 0 || (t->y.op != GK_OP_layernorm && t->y.op != GK_OP_rmsnorm));
}

static void check_backward(trial *t)
{
    for (unsigned adds = 0; adds < 1u << t->y.n_src; adds++) {
        run_backward(t, adds, 0);
        check_gradients(t, 0, 0);
    }
    for (int s = 0; s < t->y.n_src; s++)
        if (may_lack_gradient(t, s)) {
            run_backward(t, 0, 1u << s);
            check_gradients(t, 0, 1u << s);
        }
    run_backward(t, 0, 0);
}

/* The parts in another order than the engine's, forward and backward. */
static void check_parts(trial *t)
{
    t->work.n_part = gk_n_part(&t->y);
    for (int64_t i = 0; i < t->n_y; i++)
        t->data[Y][i] = 777;
    for (t->work.part = t->work.n_part - 1; t->work.part >= 0; t->work.part--)
        forward[t->y.op](&t->work, &t->y);
    compare(t, "result in parts", -1, t->data[Y], t->expected, t->n_y, 1e-12);
    int n_part = t->work.n_part;
    t->work.part = 0, t->work.n_part = 1;
    run_backward(t, 0, 0);
    fill_gradients(t, 0);
    t->work.n_part = n_part;
    for (t->work.part = n_part - 1; t->work.part >= 0; t->work.part--)
        backward[t->y.op](&t->work, &t->y);
    check_gradients(t, 0, 0);
    t->work.part = 0, t->work.n_part = 1;
}

/* Would the plan let y work in the place of its first source, if that is an op's result that nobody else reads? */
static bool plan_shares(trial *t)
{
    gk_node  loss = { .op = GK_OP_mse_onehot, .rate = GK_ROW_RATE, .size = 1, .n_src = 1, .src = { &t->y }, .name = "loss" };
    gk_node *node[GK_MAX_SRC + 2];
    gk_graph graph = { .node = node };
    for (int s = 0; s < t->y.n_src; s++)
        node[graph.n_node++] = &t->src[s];
    node[graph.n_node++] = &t->y;
    node[graph.n_node++] = &loss;
    for (int i = 0; i < graph.n_node; i++)
        node[i]->id = i;
    t->src[0].op = GK_OP_select;    /* an op whose backward does not read its own result */
    CHECK_INT(gk_graph_freeze(&graph, &t->y, &loss), 0);
    gk_arena_release(&graph.arena);
    t->src[0].op = GK_OP_PARAM;
    for (int s = 0; s < t->y.n_src; s++)
        t->src[s].id = s;
    t->y.id = Y;
    return t->y.shares != NULL;
}

/* Run y in the place of its first source after it ran in its own: the same bits forward, the same gradients. */
static bool check_shared(trial *t)
{
    if (is_loss(t->y.op) || !is_reals(t, 0) || !plan_shares(t))
        return false;
    gk_real *own[2] = { t->data[Y], t->grad[Y] };
    CHECK_INT(t->n_y, t->n_data[0]);
    gk_node *place = t->y.shares;
    t->y.shares    = NULL;
    run_forward(t);
    run_backward(t, 0, 0);
    t->y.shares = place;
    t->data[Y] = t->data[0];
    t->grad[Y] = t->grad[0];
    forward[t->y.op](&t->work, &t->y);
    for (int64_t i = 0; i < t->n_y; i++) {
        if (t->data[0][i] != own[0][i])
            complain(t, "result in place", 0, i, (double)t->data[0][i], (double)own[0][i]);
        t->grad[0][i] = (gk_real)t->dy[i];
    }
    fill_gradients(t, 1);
    backward[t->y.op](&t->work, &t->y);
    compare(t, "gradient in place", 0, t->grad[0], t->slope[0], t->n_y, 1e-8);
    t->data[Y] = own[0];
    t->grad[Y] = own[1];
    check_gradients(t, 1, 0);
    for (int64_t i = 0; i < t->n_data[0]; i++)
        t->data[0][i] = (gk_real)t->value[0][i];
    t->y.shares = NULL;
    return true;
}

/* --- laws ------------------------------------------------------------------------------------------------------------ */

TEST(every_row_obeys_the_laws)
{
    int n_shared[GK_N_OP] = { 0 };
    for (int i = 0; i < N_OP_ROW; i++) {
        trial t;
        CHECK(trial_open(&t, &op_rows[i]));
        if (!t.graph.failed) {
            check_forward(&t);
            trial_differences(&t);
            check_backward(&t);
            if (t.y.rate == GK_STEP_RATE)
                check_parts(&t);
            n_shared[t.y.op] += check_shared(&t);
            check_untouched(&t);
        }
        trial_close(&t);
    }
    for (int op = 0; op < GK_N_OP; op++)
        CHECK_INT(n_shared[op] > 0, gk_op_is((gk_op)op, GK_IN_PLACE | GK_VIEW));
}

TEST(labels_can_be_smoothed)
{
    static const op_row smoothed_rows[] = {
        { GK_OP_cross_entropy, "smoothed",          { .loss = { .softmax = GK_SOFTMAX_STABLE } }, { R(17) },  9, 1, 2e-6 },
        { GK_OP_cross_entropy, "naive, smoothed",   { .loss = { .softmax = GK_SOFTMAX_NAIVE } },  { R(17) },  9, 1, 2e-6 },
        { GK_OP_cross_entropy, "smoothed, extreme", { .loss = { .softmax = GK_SOFTMAX_STABLE } }, { R(5) },  33, 80, 5e-6 },
    };
    for (int i = 0; i < 3; i++) {
        trial t;
        CHECK(trial_open_smoothed(&t, &smoothed_rows[i], 0.1 * (i + 1)));
        check_forward(&t);
        trial_differences(&t);
        check_backward(&t);
        trial_close(&t);
    }
}

TEST(every_op_has_a_row)
{
    for (int op = 0; op < GK_N_OP; op++) {
        int n = gk_op_is((gk_op)op, GK_LEAF);
        for (int i = 0; i < N_OP_ROW; i++)
            n += (int)op_rows[i].op == op;
        if (n == 0)
            printf("no row for '%s'\n", gk_op_name((gk_op)op));
        CHECK(n > 0 && (gk_op_is((gk_op)op, GK_LEAF) || naive_formulas[op]));
    }
}

/* --- what a table of rows cannot say ----------------------------------------------------------------------------------- */

TEST(every_activation_has_a_row)
{
    for (int activation = 0; activation < GK_N_ACTIVATION; activation++) {
        int n = 0;
        for (size_t i = 0; i < sizeof op_rows / sizeof *op_rows; i++)
            n += op_rows[i].op == GK_OP_bias_act && (int)op_rows[i].args.bias_act.activation == activation;
        if (n == 0)
            printf("%s is not tested\n", gk_activation_names[activation]);
        CHECK(n > 0);
    }
}

/* Forward of rows [first, first + n_row) of ones at a rate; how many were kept. */
static int64_t drop(trial *t, double rate, uint64_t step, int first, int n_row)
{
    int64_t n = 0;
    t->work.dropout   = rate;
    t->work.step      = step;
    t->work.first_row = first;
    t->work.n_row     = n_row;
    forward[GK_OP_dropout](&t->work, &t->y);
    for (int64_t i = 0; i < n_row * t->y.size; i++) {
        n += t->data[Y][i] != 0;
        CHECK(t->data[Y][i] == 0 || fabs((double)t->data[Y][i] - 1 / (1 - rate)) < 1e-6);
    }
    return n;
}

TEST(dropout_keeps_the_right_share_and_depends_on_the_place_in_the_batch_alone)
{
    const op_row r = { GK_OP_dropout, "masks", {{0}}, { R(101) }, 60, 1, 0 };
    trial     t;
    gk_real   all[60 * 101];
    CHECK(trial_open(&t, &r));
    for (int64_t i = 0; i < t.n_y; i++)
        t.data[0][i] = t.grad[Y][i] = 1;
    for (double rate = 0; rate < 1; rate += 0.25)    /* 4 standard deviations of a binomial of 6060 */
        CHECK_CLOSE((double)drop(&t, rate, 7, 0, 60), 6060 * (1 - rate), 4 * sqrt(6060 * rate * (1 - rate)));
    drop(&t, 0.5, 7, 0, 60);
    memcpy(all, t.data[Y], sizeof all);
    backward[r.op](&t.work, &t.y);
    CHECK(memcmp(t.grad[0], all, sizeof all) == 0);
    for (int first = 0, n = 7; first + n <= 60; first += n, n += 2) {
        drop(&t, 0.5, 7, first, n);
        CHECK(memcmp(t.data[Y], all + first * 101, (size_t)n * 101 * sizeof(gk_real)) == 0);
    }
    drop(&t, 0.5, 8, 0, 60);
    CHECK(memcmp(t.data[Y], all, sizeof all) != 0);
    t.work.seed++;
    drop(&t, 0.5, 7, 0, 60);
    CHECK(memcmp(t.data[Y], all, sizeof all) != 0);
    t.work.training = false;
    CHECK_INT(drop(&t, 0, 7, 0, 60), 6060);
    trial_close(&t);
}

/* What an engine would do before the first product. */
TEST(the_blas_is_loaded)
{
    CHECK_INT(gk_blas_prepare(1), 0);
}

TEST_MAIN(RUN(the_blas_is_loaded)
          RUN(every_row_obeys_the_laws)
          RUN(labels_can_be_smoothed)
          RUN(every_op_has_a_row)
          RUN(every_activation_has_a_row)
          RUN(dropout_keeps_the_right_share_and_depends_on_the_place_in_the_batch_alone))
