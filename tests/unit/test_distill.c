/* test_distill.c -- learning from a teacher's probabilities: the gradient of L = (1 - a) L_label + a KL against central
 * differences, rows that lack one of the terms, frozen parameters, and logits that are handed out. */
#include <math.h>
#include "models.h"

enum { P = 5, N_ITEM = P * P };

typedef struct lesson {
    problem  data;
    solver   s;
    double  *target;
    uint8_t *terms;
    double  *param;
    gk_rows  labelled;    /* those of the rows that have a label term */
} lesson;

/* What an engine is made from may not change while it is open. */
static void reopen(lesson *l)
{
    backend_of(1)->close(l->s.engine);
    l->s.engine = backend_of(1)->open(&l->s.problem);
    CHECK(l->s.engine != NULL);
}

/* A small transformer on [a, b, op, P] with KL at the operator (0), the last token (1), or both (2). */
static bool lesson_open(lesson *l, int where, bool squared, bool masked)
{
    *l = (lesson){ .data = pairs((gk_model_args){ SMALL, .n_layer = 1, .bias = GK_BIAS_MLP, .activation = GK_TANH, .causal = true,
                                                  .two_rate = true, .kd_squared = squared }, P, 4) };
    gk_model_data *data = &l->data.data;
    if (where != 1) {
        data->n_read = 2;
        data->read[0] = 2;
        data->read[1] = 3;
        data->teach[data->n_teach++] = 0;
    }
    if (where != 0)
        data->teach[data->n_teach++] = data->n_read - 1;
    if (!solver_open(&l->s, &l->data))
        return false;
    int64_t n_out = data->n_vocab, n_target = l->s.graph.n_target_real;
    CHECK_INT(n_target, n_out * data->n_teach);
    l->target = malloc((size_t)(N_ITEM * n_target) * sizeof *l->target);
    for (int64_t i = 0; i < N_ITEM * data->n_teach; i++) {
        double sum = 0, q[16];
        for (int64_t j = 0; j < n_out; j++)
            sum += q[j] = j % 4 == 1 ? 0 : exp(gk_rng_normal(3, GK_RNG_TEST, 1, (uint64_t)(i * n_out + j)));
        for (int64_t j = 0; j < n_out; j++)
            l->target[i * n_out + j] = q[j] / sum;
    }
    /* every third row has no label term, every fourth no KL term */
    l->terms = malloc(N_ITEM);
    int32_t *item = malloc(2 * N_ITEM * sizeof *item), n_label = 0, n_taught = 0;
    for (int i = 0; i < N_ITEM; i++) {
        l->terms[i] = (uint8_t)((i % 3 != 1) << GK_TERM_LABEL | (i % 4 != 2) << GK_TERM_TARGET);
        n_taught += i % 4 != 2;
        if (!masked || i % 3 != 1) {
            item[n_label] = i;
            item[N_ITEM + n_label++] = l->data.label[i];
        }
    }
    l->labelled = (gk_rows){ .n = n_label, .item = item, .label = item + N_ITEM };
    l->s.rows.target = l->target;
    if (masked) {
        l->s.rows.terms = l->terms;
        l->s.rows.term_scale[GK_TERM_LABEL] = (double)N_ITEM / n_label;
        l->s.rows.term_scale[GK_TERM_TARGET] = (double)N_ITEM / n_taught;
    }
    l->s.problem.rows[GK_TEST_ROWS] = &l->labelled;
    reopen(l);
    l->param = malloc((size_t)l->s.graph.n_param_real * sizeof *l->param);
    gk_model_init(&l->s.graph, 4, 1.5, l->param);
    return true;
}

static void lesson_close(lesson *l)
{
    solver_close(&l->s);
    problem_free(&l->data);
    free((void *)l->labelled.item);
    free(l->target);
    free(l->terms);
    free(l->param);
}

/* (1 - a) mean of the label loss over the rows that have it + a (t^2) KL over those that have that. */
static double total_loss(lesson *l, const double *param)
{
    const bool active = true;
    gk_metrics all, labelled;
    double a = l->s.hyper.kd_weight, t = l->data.args.kd_squared ? l->s.hyper.temperature : 1;
    CHECK_INT(backend_of(1)->write(l->s.engine, GK_ARENA_PARAM, param), 0);
    CHECK_INT(backend_of(1)->evaluate(l->s.engine, GK_TRAIN_ROWS, &active, &all), 0);
    CHECK_INT(backend_of(1)->evaluate(l->s.engine, GK_TEST_ROWS, &active, &labelled), 0);
    CHECK_CLOSE(labelled.kd_loss, 0, 0);    /* without targets there is no KL */
    return (1 - a) * labelled.loss + a * t * t * all.kd_loss;
}

static void check_gradient(lesson *l)
{
    int64_t n = l->s.graph.n_param_real;
    double *gradient = malloc((size_t)n * sizeof *gradient), h = 1e-5;
    gradient_at(&l->s, l->param, gradient);
    for (int p = 0; p < l->s.graph.n_param; p++)
        for (int64_t i = 0; i < l->s.graph.param[p]->size; i += 1 + l->s.graph.param[p]->size / 7) {
            int64_t at = l->s.graph.param[p]->offset + i;
            double  here = l->param[at], above, below;
            l->param[at] = here + h;
            above = total_loss(l, l->param);
            l->param[at] = here - h;
            below = total_loss(l, l->param);
            l->param[at] = here;
            CHECK_CLOSE(gradient[at], (above - below) / (2 * h), 2e-8);
        }
    free(gradient);
}

TEST(the_gradient_is_that_of_the_weighted_sum)
{
    const double weight[] = { 0, 0.3, 1 };
    for (int where = 0; where < 3; where++)
        for (int masked = 0; masked < 2; masked++)
            for (int i = 0; i < 3; i++) {
                lesson l;
                CHECK(lesson_open(&l, where, i == 1, masked));
                l.s.hyper.kd_weight = weight[i];
                l.s.hyper.temperature = i == 2 ? 0.7 : 3;
                reopen(&l);
                check_gradient(&l);
                lesson_close(&l);
            }
}

/* softmax(x / t) of the network's own logits as target: no KL, and no gradient of it. */
TEST(a_student_that_is_its_own_teacher_has_nothing_to_learn)
{
    for (double t = 0.5; t < 2e6; t *= 10) {
        lesson l;
        CHECK(lesson_open(&l, 2, false, false));
        int64_t    n_out = l.data.data.n_vocab, n = l.s.graph.n_param_real;
        double    *logits = malloc((size_t)(N_ITEM * 2 * n_out) * sizeof *logits);
        double    *gradient = malloc((size_t)n * sizeof *gradient);
        const bool active = true;
        gk_metrics metrics;
        l.s.hyper.kd_weight = 1;
        l.s.hyper.temperature = t;
        reopen(&l);
        CHECK_INT(backend_of(1)->write(l.s.engine, GK_ARENA_PARAM, l.param), 0);
        CHECK_INT(backend_of(1)->predict(l.s.engine, GK_TRAIN_ROWS, &active, &logits), 0);
        for (int64_t i = 0; i < N_ITEM * 2; i++) {
            double sum = 0;
            for (int64_t j = 0; j < n_out; j++)
                sum += exp(logits[i * n_out + j] / t);
            for (int64_t j = 0; j < n_out; j++)
                l.target[i * n_out + j] = exp(logits[i * n_out + j] / t) / sum;
        }
        reopen(&l);
        CHECK_INT(backend_of(1)->write(l.s.engine, GK_ARENA_PARAM, l.param), 0);
        CHECK_INT(backend_of(1)->evaluate(l.s.engine, GK_TRAIN_ROWS, &active, &metrics), 0);
        CHECK_CLOSE(metrics.kd_loss, 0, 1e-14);
        CHECK(metrics.loss > 1);
        gradient_at(&l.s, l.param, gradient);
        for (int64_t i = 0; i < n; i++)
            CHECK_CLOSE(gradient[i], 0, 1e-14);
        free(logits);
        free(gradient);
        lesson_close(&l);
    }
}

/* A table of logits, so that the gradient of each is (p - q) / (t n).  At t = 1e6 p and q are both 1/C to six digits: targets in
 * float32 would leave three of the difference. */
TEST(the_gradient_at_a_high_temperature_is_exact)
{
    enum { N = 6, C = 7 };
    const double t = 1e6;
    int32_t  row[N], label[N];
    double   logits[MAX] = { 0 }, target[N * C], gradient[MAX];    /* arenas have gaps */
    solver   s = { .seed = 1 };
    problem  none = { .args = { 0 } };
    solver_init(&s, &none);
    for (int i = 0; i < N; i++)
        row[i] = label[i] = i;
    gk_node *table = gk_param(&s.graph, "table", "n,c", GK_INIT_NORMAL, 1, 2, (int64_t)N, (int64_t)C);
    gk_node *x = gk_reshape(&s.graph, gk_embed(&s.graph, table, gk_input_index(&s.graph, "row", row, 1)), 1, (int64_t)C);
    gk_graph_teach(&s.graph, gk_kl_target(&s.graph, x, gk_target(&s.graph, "probabilities", C), false));
    CHECK_INT(gk_graph_freeze(&s.graph, x, gk_cross_entropy(&s.graph, x, GK_SOFTMAX_STABLE)), 0);
    for (int i = 0; i < N * C; i++) {
        logits[i] = 3 * gk_rng_normal(5, GK_RNG_TEST, 0, (uint64_t)i);
        target[i] = 3 * gk_rng_normal(5, GK_RNG_TEST, 1, (uint64_t)i);
    }
    long double p[N * C], q[N * C];
    for (int i = 0; i < N; i++) {
        long double sum_p = 0, sum_q = 0;
        for (int j = i * C; j < (i + 1) * C; j++) {
            sum_p += p[j] = expl(logits[j] / (long double)t);
            sum_q += q[j] = expl(target[j] / (long double)t);
        }
        for (int j = i * C; j < (i + 1) * C; j++) {
            p[j] /= sum_p;
            q[j] /= sum_q;
            target[j] = (double)q[j];
        }
    }
    s.rows = (gk_rows){ .n = N, .item = row, .label = label, .target = target };
    s.hyper.kd_weight = 1;
    s.hyper.temperature = t;
    CHECK(s.graph.n_param_real <= MAX && solver_start(&s));
    gradient_at(&s, logits, gradient);
    for (int i = 0; i < N * C; i++)
        CHECK_CLOSE(gradient[i] / (double)((p[i] - q[i]) / (t * N)), 1, 1e-7);
    solver_close(&s);
}

TEST(frozen_parameters_stay_and_the_others_move)
{
    static const char *const bad[][2] = { { "nothing*", "no parameter matches 'nothing*'" },
                                          { "*", "nothing is left to train" } };
    problem t = pairs((gk_model_args){ SMALL, .n_layer = 1, .frozen = "embed.*,block0.mlp.in.weight" }, P, 3);
    solver  s;
    CHECK(solver_open(&s, &t));
    double *before = malloc((size_t)s.graph.n_param_real * sizeof *before);
    double *after = malloc((size_t)s.graph.n_param_real * sizeof *after);
    const bool active = true;
    s.hyper.weight_decay = 1;
    s.hyper.update_noise = 0.1;
    gk_model_init(&s.graph, 4, 1, before);
    CHECK_INT(backend_of(1)->write(s.engine, GK_ARENA_PARAM, before), 0);
    CHECK_INT(backend_of(1)->run(s.engine, 0, 3, &active), 0);
    CHECK_INT(backend_of(1)->read(s.engine, GK_ARENA_PARAM, after), 0);
    for (int p = 0; p < s.graph.n_param; p++) {
        const gk_node *param = s.graph.param[p];
        bool same = memcmp(before + param->offset, after + param->offset, (size_t)param->size * sizeof *before) == 0;
        bool frozen = strncmp(param->name, "embed.", 6) == 0 || strcmp(param->name, "block0.mlp.in.weight") == 0;
        CHECK_INT(param->frozen, frozen);
        CHECK_INT(same, frozen);
    }
    free(before);
    free(after);
    solver_close(&s);
    problem_free(&t);
    for (int i = 0; i < 2; i++)
        check_refused(pairs((gk_model_args){ SMALL, .n_layer = 1, .frozen = bad[i][0] }, P, 3), bad[i][1]);
}

TEST_MAIN(RUN(the_gradient_is_that_of_the_weighted_sum)
          RUN(a_student_that_is_its_own_teacher_has_nothing_to_learn)
          RUN(the_gradient_at_a_high_temperature_is_exact)
          RUN(frozen_parameters_stay_and_the_others_move))
