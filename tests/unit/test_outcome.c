/* What an item's logits come to, against numbers worked out by hand. */
#include "../test.h"
#include "train/outcome.h"

static const double logits[] = { 1, 3, 2 };
static const double e1 = 2.718281828459045, e2 = 7.38905609893065, e3 = 20.085536923187668;

TEST(cross_entropy)
{
    gk_model_args model = { .loss = GK_LOSS_CE };
    gk_outcome    right = gk_outcome_of(&model, 3, logits, 1, NULL), wrong = gk_outcome_of(&model, 3, logits, 2, NULL);
    CHECK_INT(right.answer, 1);
    CHECK_CLOSE(right.right, 1, 0);
    CHECK_CLOSE(right.probability, e3 / (e1 + e2 + e3), 1e-15);
    CHECK_CLOSE(right.loss, -log(e3 / (e1 + e2 + e3)), 1e-15);
    CHECK_CLOSE(right.margin, 1, 0);
    CHECK_INT(right.rank, 1);
    CHECK_CLOSE(wrong.right, 0, 0);
    CHECK_CLOSE(wrong.margin, -1, 0);
    CHECK_INT(wrong.rank, 2);
}

TEST(squared_errors)
{
    gk_model_args onehot = { .loss = GK_LOSS_MSE_ONEHOT }, softmax = { .loss = GK_LOSS_MSE_SOFTMAX };
    double        s = e1 + e2 + e3, p[] = { e1 / s, e3 / s, e2 / s };
    double        sum = p[0] * p[0] + (1 - p[1]) * (1 - p[1]) + p[2] * p[2];
    CHECK_CLOSE(gk_outcome_of(&onehot, 3, logits, 1, NULL).loss, (1 + 4 + 4) / 3.0, 1e-15);
    CHECK_CLOSE(gk_outcome_of(&softmax, 3, logits, 1, NULL).loss, sum, 1e-15);
}

TEST(one_output_is_two_logits_of_which_the_first_is_0)
{
    gk_model_args hinge = { .loss = GK_LOSS_HINGE }, logistic = { .loss = GK_LOSS_LOGISTIC }, sign = { .loss = GK_LOSS_MSE_SIGN };
    gk_outcome    out = gk_outcome_of(&hinge, 1, (double[]){ -0.25 }, 0, NULL);
    CHECK(out.answer == 0 && out.right == 1 && out.rank == 1);
    CHECK_CLOSE(out.loss, 0.75, 1e-15);
    CHECK_CLOSE(out.margin, 0.25, 1e-15);
    CHECK_CLOSE(out.probability, 1 / (1 + exp(-0.25)), 1e-15);
    out = gk_outcome_of(&logistic, 1, (double[]){ -0.25 }, 1, NULL);
    CHECK(out.answer == 0 && out.right == 0 && out.rank == 2);
    CHECK_CLOSE(out.loss, log(1 + exp(0.25)), 1e-15);
    CHECK_CLOSE(gk_outcome_of(&sign, 1, (double[]){ 3 }, 1, NULL).loss, 4, 1e-15);
    CHECK_CLOSE(gk_outcome_of(&sign, 1, (double[]){ 3 }, 0, NULL).loss, 16, 1e-15);
    CHECK(isnan(gk_outcome_of(&hinge, 1, (double[]){ NAN }, 1, NULL).loss));
}

TEST(one_output_becomes_logits_of_classes)
{
    gk_model_args logistic = { .loss = GK_LOSS_LOGISTIC }, ce = { .loss = GK_LOSS_CE };
    double        x[6] = { -1, 2, 0.5, NAN, NAN, NAN };
    static const double pairs[6] = { 0, -1, 0, 2, 0, 0.5 };
    CHECK_INT(gk_class_logits(&ce, 1, 3, x), 3);
    CHECK_CLOSE(x[0], -1, 0);
    CHECK_INT(gk_class_logits(&logistic, 3, 1, x), 2);
    for (int i = 0; i < 6; i++)
        CHECK_CLOSE(x[i], pairs[i], 0);
}

TEST(stablemax_has_its_own_share)
{
    static const double x[] = { -1, 1 };    /* s: 1/2 and 2 */
    gk_model_args       model = { .loss = GK_LOSS_CE, .softmax = GK_STABLEMAX };
    CHECK_CLOSE(gk_outcome_of(&model, 2, x, 0, NULL).probability, 0.2, 1e-15);
    CHECK_CLOSE(gk_outcome_of(&model, 2, x, 0, NULL).loss, log(5), 1e-15);
}

TEST(targets_are_right_below_a_threshold)
{
    static const float  target[] = { 1, 3, 2.5F };
    gk_model_args       model = { .loss = GK_LOSS_MSE, .correct_below = 0.1 };
    gk_outcome          out = gk_outcome_of(&model, 3, logits, 0, target);
    CHECK_CLOSE(out.loss, 0.25 / 3, 1e-15);
    CHECK_CLOSE(out.right, 1, 0);
    model.correct_below = 0.05;
    CHECK_CLOSE(gk_outcome_of(&model, 3, logits, 0, target).right, 0, 0);
}

TEST(nothing_is_known_of_logits_that_are_not_finite)
{
    static const double x[] = { 1, INFINITY, 0 };
    gk_model_args       model = { .loss = GK_LOSS_CE };
    gk_outcome          out = gk_outcome_of(&model, 3, x, 1, NULL);
    CHECK(isnan(out.right) && isnan(out.loss) && isnan(out.margin));
    CHECK_INT(out.answer, -1);
}

TEST_MAIN(RUN(cross_entropy) RUN(squared_errors) RUN(one_output_is_two_logits_of_which_the_first_is_0)
          RUN(one_output_becomes_logits_of_classes)
          RUN(stablemax_has_its_own_share) RUN(targets_are_right_below_a_threshold)
          RUN(nothing_is_known_of_logits_that_are_not_finite))
