/* test_loss.c -- losses where a table of rows cannot say what is right: at rounding, at thresholds and kinks, of what is not a
 * number.  Compiled once with the float32 and once with the float64 kernels. */
#include "rows.h"
#include "trial.h"

/* Logits of one row, its gradient, and its sums. */
static gk_metrics one_row(gk_op op, gk_softmax softmax, const double *logits, int n, int label, gk_real *dx)
{
    op_row     r = { op, "one row", { .loss = { .softmax = softmax } }, { R(n) }, 1, 1, 0 };
    trial      t;
    gk_metrics sums = { 0 };
    CHECK(trial_open(&t, &r));
    t.label[0]        = label;
    t.work.loss_scale = 1;
    for (int j = 0; j < n; j++)
        t.data[0][j] = (gk_real)logits[j];
    backward[op](&t.work, &t.y);
    memcpy(dx, t.grad[0], (size_t)n * sizeof *dx);
    t.work.sums = &sums;
    forward[op](&t.work, &t.y);
    trial_close(&t);
    return sums;
}

/* The right class leads by `gap`: p = 1 - e^-gap. */
TEST(the_gradient_of_the_right_class_vanishes_at_rounding_only_with_naive_softmax)
{
    const double gap = GK_REAL_BITS == 32 ? 30 : 50, logits[3] = { 0, gap, -70 };
    gk_real      dx[3];
    gk_metrics   sums = one_row(GK_OP_cross_entropy, GK_SOFTMAX_STABLE, logits, 3, 1, dx);
    CHECK_CLOSE((double)dx[1] / -exp(-gap), 1, 1e-5);
    CHECK_CLOSE((double)dx[0] / exp(-gap), 1, 1e-5);
    CHECK_CLOSE(sums.loss / exp(-gap), 1, 1e-5);
    CHECK(sums.collapsed == 1 && sums.zero_loss == 1 && sums.accuracy == 1);
    sums = one_row(GK_OP_cross_entropy, GK_SOFTMAX_NAIVE, logits, 3, 1, dx);
    CHECK(dx[1] == 0 && sums.loss == 0);
    CHECK_CLOSE((double)dx[0] / exp(-gap), 1, 1e-5);
    sums = one_row(GK_OP_cross_entropy, GK_SOFTMAX_STABLE, logits, 3, 0, dx);
    CHECK(sums.collapsed == 1 && sums.zero_loss == 0 && sums.accuracy == 0);
    CHECK_CLOSE(sums.loss, gap, 1e-5);
    CHECK_CLOSE((double)dx[0], -1, 1e-6);
}

TEST(a_row_collapses_at_the_rounding_of_its_precision)
{
    const double close = GK_REAL_BITS == 32 ? 15 : 35, far = GK_REAL_BITS == 32 ? 18 : 38;
    gk_real      dx[2];
    CHECK_CLOSE(one_row(GK_OP_cross_entropy, GK_SOFTMAX_STABLE, (double[]){ close, 0 }, 2, 0, dx).collapsed, 0, 0);
    CHECK_CLOSE(one_row(GK_OP_cross_entropy, GK_SOFTMAX_STABLE, (double[]){ far, 0 }, 2, 0, dx).collapsed, 1, 0);
    CHECK_CLOSE(one_row(GK_OP_mse_softmax, GK_SOFTMAX_STABLE, (double[]){ far, 0 }, 2, 0, dx).zero_loss, 1, 0);
    CHECK_CLOSE(one_row(GK_OP_mse_onehot, GK_SOFTMAX_STABLE, (double[]){ 1, 0 }, 2, 0, dx).zero_loss, 1, 0);
}

/* The sums and the slope of one output x with a label, every metric asked for. */
static gk_metrics one_output(gk_margin kind, double x, int label, gk_real *dx)
{
    const op_row row = { GK_OP_margin, "one output", { .loss = { .margin = kind } }, { R(1) }, 1, 1, 0 };
    gk_metrics   sums = { 0 };
    trial        t;
    CHECK(trial_open(&t, &row));
    t.label[0] = label;
    t.data[0][0] = (gk_real)x;
    t.work.loss_scale = 1;
    backward[GK_OP_margin](&t.work, &t.y);
    *dx = t.grad[0][0];
    t.work.sums = &sums;
    t.work.asked = 1u << GK_SUM_margin;
    forward[GK_OP_margin](&t.work, &t.y);
    trial_close(&t);
    return sums;
}

TEST(the_logistic_loss_of_one_output_is_the_cross_entropy_of_it_and_0)
{
    static const double outputs[] = { 0.3, -0.3, 2, -7, 14, 40, -40, 60 };
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++)
        for (int label = 0; label < 2; label++) {
            const double logits[2] = { 0, outputs[i] };
            gk_real      dx[2], slope;
            gk_metrics   two = one_row(GK_OP_cross_entropy, GK_SOFTMAX_STABLE, logits, 2, label, dx);
            gk_metrics   one = one_output(GK_MARGIN_LOGISTIC, outputs[i], label, &slope);
            double       tolerance = GK_REAL_BITS == 32 ? 1e-6 : 1e-14;
            CHECK_CLOSE(one.loss, two.loss, tolerance * fmax(two.loss, 1e-300));
            CHECK_CLOSE((double)slope, (double)dx[1], tolerance * fabs((double)dx[1]));
            CHECK(one.accuracy == two.accuracy && one.collapsed == two.collapsed && one.zero_loss == two.zero_loss);
            CHECK_CLOSE(one.margin, (label ? 1 : -1) * outputs[i], 1e-6);
        }
}

TEST(the_hinge_has_no_slope_from_its_kink_on)
{
    gk_real slope;
    CHECK(one_output(GK_MARGIN_HINGE, 1, 1, &slope).zero_loss == 1 && slope == 0);
    CHECK(one_output(GK_MARGIN_HINGE, -1.5, 0, &slope).loss == 0 && slope == 0);
    CHECK(one_output(GK_MARGIN_HINGE, 0.5, 0, &slope).loss == 1.5 && slope == 1);
    CHECK(one_output(GK_MARGIN_SQUARE, 0.5, 1, &slope).loss == 0.25 && slope == -1);
}

TEST(an_answer_in_reals_is_correct_below_the_threshold_alone)
{
    const op_row row = { GK_OP_mse, "threshold", { .loss = { .threshold = 0.25 } }, { R(2), P(2) }, 4, 1, 0 };
    const double gap[4] = { 0.5, 0.499, 0, NAN };    /* mean squares 0.25, below, 0, none */
    gk_metrics   sums = { 0 };
    trial        t;
    CHECK(trial_open(&t, &row));
    for (int i = 0; i < 8; i++)
        t.data[0][i] = (gk_real)(i % 2 ? gap[i / 2] : -gap[i / 2]) + (t.data[1][i] = 1);
    t.work.sums = &sums;
    t.work.n_row = 3;
    forward[row.op](&t.work, &t.y);
    CHECK(sums.accuracy == 2 && sums.zero_loss == 1 && sums.collapsed == 0);
    t.work.n_row = 4;
    forward[row.op](&t.work, &t.y);
    CHECK(isnan(sums.loss) && isnan(sums.accuracy) && isnan(sums.zero_loss));    /* of a NaN nothing is known */
    trial_close(&t);
}

TEST(not_a_number_is_never_turned_into_a_number)
{
    const gk_softmax all[] = { GK_SOFTMAX_STABLE, GK_SOFTMAX_NAIVE, GK_STABLEMAX };
    gk_real          dx[4];
    for (int at = 0; at < 4; at++) {
        double logits[4] = { 1, 2, 3, 4 };
        logits[at] = NAN;
        for (int i = 0; i < 3; i++)
            CHECK(isnan(one_row(GK_OP_cross_entropy, all[i], logits, 4, 1, dx).loss));
        CHECK(isnan(one_row(GK_OP_mse_softmax, GK_SOFTMAX_STABLE, logits, 4, 1, dx).loss));
        CHECK(isnan(one_row(GK_OP_mse_onehot, GK_SOFTMAX_STABLE, logits, 4, 1, dx).loss));
    }
    for (int kind = 0; kind < GK_N_MARGIN; kind++) {
        const op_row row = { GK_OP_margin, "NaN", { .loss = { .margin = (gk_margin)kind } }, { R(1) }, 1, 1, 0 };
        trial        t;
        gk_metrics   sums = { 0 };
        CHECK(trial_open(&t, &row));
        t.data[0][0] = NAN;
        t.work.sums = &sums;
        forward[GK_OP_margin](&t.work, &t.y);
        backward[GK_OP_margin](&t.work, &t.y);
        CHECK(isnan(sums.loss) && isnan(sums.accuracy) && isnan(t.grad[0][0]));
        trial_close(&t);
    }
    for (int activation = GK_IDENTITY; activation < GK_N_ACTIVATION; activation++) {
        op_row   r = { GK_OP_bias_act, "NaN", ACT((gk_activation)activation), { R(17) }, 1, 1, 0 };
        trial t;
        CHECK(trial_open(&t, &r));
        t.data[0][16] = t.data[0][3] = (gk_real)NAN;
        forward[r.op](&t.work, &t.y);
        CHECK(isnan(t.data[Y][3]) && isnan(t.data[Y][16]) && !isnan(t.data[Y][4]));
        trial_close(&t);
    }
}

TEST_MAIN(RUN(the_gradient_of_the_right_class_vanishes_at_rounding_only_with_naive_softmax)
          RUN(a_row_collapses_at_the_rounding_of_its_precision)
          RUN(the_logistic_loss_of_one_output_is_the_cross_entropy_of_it_and_0) RUN(the_hinge_has_no_slope_from_its_kink_on)
          RUN(an_answer_in_reals_is_correct_below_the_threshold_alone) RUN(not_a_number_is_never_turned_into_a_number))
