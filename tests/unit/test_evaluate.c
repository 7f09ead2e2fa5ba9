/* test_evaluate.c -- metrics are means over rows of what the formulas say; norms; gradients at collapse. */
#include "engine.h"

enum { N_ITEM = 700, N_CLASS = 5 };    /* three blocks of rows */

/* Logits from hardly decided to far collapsed, some ties, some wrong. */
static void fill_logits(lookup *l)
{
    for (int r = 0; r < N_REPLICA; r++)
        for (int i = 0; i < N_ITEM * N_CLASS; i++)
            l->c.initial[r][i] = (float)(gk_rng_normal(21, GK_RNG_TEST, (uint64_t)r, (uint64_t)i) * pow(10, i / N_CLASS % 4 - 1));
    for (int j = 0; j < N_CLASS; j++)
        l->c.initial[0][300 * N_CLASS + j] = 1;
}

static int best_of(const double *x)
{
    int best = 0;
    for (int j = 1; j < N_CLASS; j++)
        best = x[j] > x[best] ? j : best;
    return best;
}

/* Loss of a row in double. */
static double loss_of_row(const double *x, int label, gk_loss loss, gk_softmax softmax)
{
    double s[N_CLASS], sum = 0, result = 0;
    int    best = best_of(x);
    for (int j = 0; j < N_CLASS; j++)
        sum += s[j] = softmax != GK_STABLEMAX ? exp(x[j] - x[best]) : x[j] >= 0 ? x[j] + 1 : 1 / (1 - x[j]);
    for (int j = 0; loss == GK_LOSS_MSE_ONEHOT && j < N_CLASS; j++)
        result += pow(x[j] - (j == label), 2) / N_CLASS;
    for (int j = 0; loss == GK_LOSS_MSE_SOFTMAX && j < N_CLASS; j++)
        result += pow(s[j] / sum - (j == label), 2);
    if (loss != GK_LOSS_CE)
        return result;
    return softmax == GK_STABLEMAX ? log(sum) - log(s[label]) : log(sum) - (x[label] - x[best]);
}

/* A row of logits, and how it is judged. */
typedef struct row {
    const double *x;
    int           label, best;
    gk_loss       loss;
    gk_softmax    softmax;
    double        smoothing, others;    /* sum of the exponentials but for the largest */
    bool          in_float;
} row;

/* naive_<field> of every line SUM of metrics.def: a metric without one does not compile. */
static double naive_loss(const row *r)      { return loss_of_row(r->x, r->label, r->loss, r->softmax); }
static double naive_accuracy(const row *r)  { return r->best == r->label; }
static double naive_kd_loss(const row *r)   { return 0 * r->others; }    /* nobody teaches here: test_distill.c */

static double naive_collapsed(const row *r)
{
    return r->loss != GK_LOSS_MSE_ONEHOT && (r->in_float ? (float)(1 + r->others) == 1 : 1 + r->others == 1);
}

static double naive_zero_loss(const row *r)
{
    return naive_collapsed(r) && r->best == r->label;
}

static double naive_smoothed_loss(const row *r)
{
    double sum = 0;
    for (int j = 0; r->smoothing > 0 && j < N_CLASS; j++)
        sum += ((1 - r->smoothing) * (j == r->label) + r->smoothing / N_CLASS) * loss_of_row(r->x, j, r->loss, r->softmax);
    return r->smoothing > 0 ? sum : naive_loss(r);
}

static double naive_entropy(const row *r)
{
    double sum = 0, entropy = 0;
    for (int j = 0; j < N_CLASS; j++)
        sum += exp(r->x[j] - r->x[r->best]);
    for (int j = 0; j < N_CLASS; j++) {
        double p = exp(r->x[j] - r->x[r->best]) / sum;
        entropy -= p > 0 ? p * (j == r->best ? log1p(p - 1) : log(p)) : 0;
    }
    return entropy;
}

static double naive_margin(const row *r)
{
    double other = -INFINITY;
    for (int j = 0; j < N_CLASS; j++)
        other = j == r->label ? other : fmax(other, r->x[j]);
    return r->x[r->label] - other;
}

static gk_metrics naive_metrics(const gk_rows *rows, const double *table, gk_loss loss, gk_softmax softmax, double smoothing,
                                bool in_float)
{
    gk_metrics m = { 0 };
    for (int64_t i = 0; i < rows->n; i++) {
        row r = { table + rows->item[i] * N_CLASS, rows->label[i], best_of(table + rows->item[i] * N_CLASS), loss, softmax,
                  smoothing, 0, in_float };
        for (int j = 0; j < N_CLASS; j++)
            r.others += j == r.best ? 0 : exp(r.x[j] - r.x[r.best]);
#define SUM(field, when, meaning) m.field += naive_##field(&r) / (double)rows->n;
#include "graph/metrics.def"
#undef SUM
    }
    return m;
}

static const struct { const char *title; gk_loss loss; gk_softmax softmax; } losses[] = {
    { "stable",      GK_LOSS_CE,          GK_SOFTMAX_STABLE },
    { "naive",       GK_LOSS_CE,          GK_SOFTMAX_NAIVE },
    { "stablemax",   GK_LOSS_CE,          GK_STABLEMAX },
    { "mse-softmax", GK_LOSS_MSE_SOFTMAX, GK_SOFTMAX_STABLE },
    { "mse-onehot",  GK_LOSS_MSE_ONEHOT,  GK_SOFTMAX_STABLE },
};

/* Accuracies are counts and exact; the others are sums, of logits that are float32 in float32. */
static void check_metrics(const char *title, const gk_backend *be, const gk_metrics *found, const gk_metrics *expected)
{
    double tolerance = be->real == GK_F32 ? 1e-6 : 1e-12;
#define SUM(field, when, meaning)                                                                             \
    if (!(fabs(found->field - expected->field) <= tolerance * fmax(1, fabs(expected->field))))                \
        printf("%s, %s of %zu bytes:\n", title, #field, gk_dtype_size(be->real));                            \
    CHECK_CLOSE(found->field, expected->field, tolerance * fmax(1, fabs(expected->field)));
#include "graph/metrics.def"
#undef SUM
}

TEST(metrics_are_means_over_the_rows_of_a_set)
{
    for (size_t k = 0; k < sizeof losses / sizeof *losses; k++)
        EACH_BACKEND(be) {
            const bool active[N_REPLICA] = { true, true, true, true, true };
            lookup     l;
            team       t;
            gk_metrics found[GK_EXTRA_ROWS][N_REPLICA];
            CHECK(lookup_open(&l, N_ITEM, N_CLASS, losses[k].loss, losses[k].softmax, (gk_update){ 0 }));
            fill_logits(&l);
            for (int r = 0; r < N_REPLICA; r++)
                l.c.hyper[r].label_smoothing = k < 2 ? 0.1 * r : 0;
            CHECK(team_open_asking(&t, be, &l.c, 0, N_REPLICA, 3, ~0u));
            for (int set = 0; set < GK_EXTRA_ROWS; set++) {
                CHECK_INT(be->evaluate(t.engine, set, active, found[set]), 0);
                for (int r = 0; r < N_REPLICA; r++) {
                    const gk_rows *rows = set == GK_TRAIN_ROWS ? &l.c.train[r] : &l.c.test[r];
                    gk_metrics     m = naive_metrics(rows, l.c.initial[r], losses[k].loss, losses[k].softmax,
                                                     l.c.hyper[r].label_smoothing, be->real == GK_F32);
                    check_metrics(losses[k].title, be, &found[set][r], &m);
                    CHECK(losses[k].loss == GK_LOSS_MSE_ONEHOT || set == GK_TEST_ROWS || m.collapsed > 0.1);
                }
            }
            team_close(&t);
            lookup_close(&l);
        }
}

/* A subclass that is absent from the train set of one replica, and not of the others. */
TEST(a_replica_without_rows_of_a_set_has_no_metrics_and_the_others_have_theirs)
{
    EACH_BACKEND(be) {
        const bool active[N_REPLICA] = { true, true, true };
        lookup     l;
        team       t;
        gk_metrics m[N_REPLICA];
        CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_CE, GK_SOFTMAX_STABLE, (gk_update){ 0 }));
        fill_logits(&l);
        l.c.test[1] = (gk_rows){ .n = 0 };
        CHECK(team_open_asking(&t, be, &l.c, 0, 3, 1, ~0u));
        CHECK_INT(be->evaluate(t.engine, GK_TEST_ROWS, active, m), 0);
        CHECK(isnan(m[1].loss) && isnan(m[1].accuracy));
        for (int r = 0; r < 3; r += 2) {
            gk_metrics of_r = naive_metrics(&l.c.test[r], l.c.initial[r], GK_LOSS_CE, GK_SOFTMAX_STABLE, 0, be->real == GK_F32);
            check_metrics("beside no rows", be, &m[r], &of_r);
        }
        team_close(&t);
        lookup_close(&l);
    }
}

TEST(what_is_not_asked_for_is_not_counted)
{
    EACH_BACKEND(be) {
        const bool active[N_REPLICA] = { true };
        lookup     l;
        team       t;
        gk_metrics m[N_REPLICA];
        CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_CE, GK_SOFTMAX_STABLE, (gk_update){ 0 }));
        fill_logits(&l);
        CHECK(team_open_asking(&t, be, &l.c, 0, 1, 1, 1u << GK_SUM_margin));
        CHECK_INT(be->evaluate(t.engine, GK_TRAIN_ROWS, active, m), 0);
        CHECK(m[0].margin != 0 && m[0].entropy == 0 && m[0].smoothed_loss == 0 && m[0].loss > 0);
        team_close(&t);
        lookup_close(&l);
    }
}

/* Far beyond the rounding of p = 1: the two largest logits are `gap` apart, and H = e^-gap (gap + 1) but for e^-2gap. */
TEST(the_entropy_of_a_collapsed_softmax_is_not_zero)
{
    EACH_BACKEND(be)
        for (double gap = 20; gap < 700; gap *= 2) {
            const bool active[N_REPLICA] = { true };
            lookup     l;
            team       t;
            gk_metrics m[N_REPLICA];
            CHECK(lookup_open(&l, 20, 2, GK_LOSS_CE, GK_SOFTMAX_STABLE, (gk_update){ 0 }));
            for (int i = 0; i < 40; i++)
                l.c.initial[0][i] = i % 2 * gap;
            CHECK(team_open_asking(&t, be, &l.c, 0, 1, 1, 1u << GK_SUM_entropy));
            CHECK_INT(be->evaluate(t.engine, GK_TRAIN_ROWS, active, m), 0);
            CHECK_CLOSE(m[0].entropy / (exp(-gap) * (gap + 1)), 1, 1e-8);
            team_close(&t);
            lookup_close(&l);
        }
}

/* In any place, beside the label or at it; argmax would pass over most of them. */
TEST(a_row_with_a_logit_that_is_not_finite_has_no_metrics)
{
    const double bad[] = { NAN, INFINITY, -INFINITY };
    for (size_t k = 0; k < sizeof losses / sizeof *losses; k++)
        EACH_BACKEND(be)
            for (int at = 0; at < 3 * N_CLASS; at++) {
                const bool active[N_REPLICA] = { true, true };
                lookup     l;
                team       t;
                gk_metrics m[N_REPLICA];
                CHECK(lookup_open(&l, N_ITEM, N_CLASS, losses[k].loss, losses[k].softmax, (gk_update){ 0 }));
                fill_logits(&l);
                l.c.initial[0][431 * N_CLASS + at % N_CLASS] = bad[at / N_CLASS];
                CHECK(team_open_asking(&t, be, &l.c, 0, 2, 1, ~0u));
                CHECK_INT(be->evaluate(t.engine, GK_TRAIN_ROWS, active, m), 0);
#define SUM(field, when, meaning) CHECK(strcmp(#field, "kd_loss") == 0 || (isnan(m[0].field) && !isnan(m[1].field)));
#include "graph/metrics.def"
#undef SUM
                team_close(&t);
                lookup_close(&l);
            }
}

TEST(norms_are_those_of_the_parameters)
{
    gk_model_args args = { SMALL, .n_layer = 2, .activation = GK_RELU, .bias = GK_BIAS_ALL, .norm_place = GK_NORM_PRE,
                           .two_rate = true };
    crowd  c;
    CHECK(crowd_open(&c, pairs(args, 7, 3), (gk_update){ 0 }));
    EACH_BACKEND(be) {
        double global[N_REPLICA], per_param[N_REPLICA * 64];
        team   t;
        CHECK(c.graph.n_param < 64);
        CHECK(team_open(&t, be, &c, 0, N_REPLICA, 2));
        CHECK_INT(be->norms(t.engine, NULL, global, per_param), 0);
        for (int r = 0; r < N_REPLICA; r++) {
            double all = 0;
            for (int p = 0; p < c.graph.n_param; p++) {
                double sum = 0;
                for (int64_t i = 0; i < c.graph.param[p]->size; i++)
                    sum += pow(c.initial[r][c.graph.param[p]->offset + i], 2);
                CHECK_CLOSE(per_param[r * c.graph.n_param + p], sqrt(sum), 1e-6);
                all += sum;
            }
            CHECK_CLOSE(global[r], sqrt(all), 1e-6);
        }
        team_close(&t);
    }
    crowd_close(&c);
}

/* All rows right by a gap of 40 (float32) or 60: p of the right class is exactly 1. */
TEST(at_collapse_only_the_stable_form_still_pulls_at_the_right_class)
{
    EACH_BACKEND(be)
        for (int k = 0; k < 2; k++) {
            const double gap = be->real == GK_F32 ? 40 : 60;
            lookup       l;
            team         t;
            CHECK(lookup_open(&l, 20, N_CLASS, GK_LOSS_CE, losses[k].softmax, (gk_update){ 0 }));
            for (int i = 0; i < 20 * N_CLASS; i++)
                l.c.initial[0][i] = i % N_CLASS == l.c.data.label[i / N_CLASS] ? gap : 0;
            CHECK(team_open(&t, be, &l.c, 0, 1, 1));
            char *gradient = malloc((size_t)t.n_real * sizeof(double));
            CHECK_INT(be->gradient(t.engine, gradient), 0);
            for (int i = 0; i < 20 * N_CLASS; i++) {
                double g = real_at(be, gradient, i) * 20 / exp(-gap);
                if (i % N_CLASS != l.c.data.label[i / N_CLASS])
                    CHECK_CLOSE(g, 1, 1e-5);
                else
                    CHECK_CLOSE(g, losses[k].softmax == GK_SOFTMAX_STABLE ? -(N_CLASS - 1) : 0, 1e-5);
            }
            free(gradient);
            team_close(&t);
            lookup_close(&l);
        }
}

/* A weight that is not a number in one replica of two, which take three updates: products with ReLU make 0 of it
 * (cuda/product.h), and go through copies of weights beside pads (cuda/padding.h); the metrics tell, and the other replica is
 * what it is elsewhere. */
static void check_not_a_number(const gk_backend *be, gk_activation activation, gk_product product)
{
    const bool    active[N_REPLICA] = { true, true };
    gk_model_args args = { MLP, .widths = "6x7", .activation = activation, .bias = GK_BIAS_ALL };
    crowd         c;
    team          well, ill;
    gk_metrics    m[N_REPLICA];

    CHECK(crowd_open(&c, reals(args, 50, 7, 3), (gk_update){ .optimizer = GK_OPTIM_adamw }));
    CHECK(team_open_for(&well, be, &c, 0, 2, product));
    c.initial[0][0] = NAN;
    CHECK(team_open_for(&ill, be, &c, 0, 2, product));
    for (int step = 0; step < 4; step += 3) {
        CHECK_INT(be->evaluate(ill.engine, GK_TRAIN_ROWS, active, m), 0);
        CHECK(isnan(m[0].loss) && isnan(m[0].accuracy) && isfinite(m[1].loss));
        team_run(&well, step, 3);
        team_run(&ill, step, 3);
        CHECK(same_bits(&well, 1, &ill, 1));
    }
    team_close(&well);
    team_close(&ill);
    crowd_close(&c);
}

TEST(what_is_not_a_number_passes_through_every_activation_and_to_no_other_replica)
{
    EACH_BACKEND(be)
        for (int activation = 0; activation < GK_N_ACTIVATION; activation++) {
            check_not_a_number(be, (gk_activation)activation, GK_PRODUCT_EXACT);
#ifdef GK_TEST_PLUGIN
            if (be->real == GK_F32)
                check_not_a_number(be, (gk_activation)activation, GK_PRODUCT_TF32);
#endif
        }
}

TEST_MAIN(RUN(metrics_are_means_over_the_rows_of_a_set)
          RUN(a_replica_without_rows_of_a_set_has_no_metrics_and_the_others_have_theirs)
          RUN(what_is_not_asked_for_is_not_counted)
          RUN(the_entropy_of_a_collapsed_softmax_is_not_zero)
          RUN(a_row_with_a_logit_that_is_not_finite_has_no_metrics)
          RUN(what_is_not_a_number_passes_through_every_activation_and_to_no_other_replica)
          RUN(norms_are_those_of_the_parameters)
          RUN(at_collapse_only_the_stable_form_still_pulls_at_the_right_class))
