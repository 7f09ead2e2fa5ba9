/* Logistic regression against conditions that its solution must meet, and cases that can be worked out. */
#include "analysis/logistic.h"

#include <math.h>
#include "base/rng.h"
#include "../test.h"

enum { N = 4000, D = 3 };

static double x[N * D];
static bool   y[N];

/* Of one class only, and of two equally often, nothing but the constant is learnt. */
TEST(without_features_it_is_the_share)
{
    gk_logistic_fit fit;
    for (int i = 0; i < 40; i++) {
        x[i] = 7;    /* never varies */
        y[i] = i < 10;
    }
    CHECK_INT(gk_logistic_regress(40, 1, x, y, 1, &fit), 0);
    CHECK_CLOSE(gk_logistic_of(&fit, x), 0.25, 1e-6);
    CHECK_CLOSE(fit.scale[0], 0, 0);
    CHECK_INT(gk_logistic_regress(10, 1, x, y, 1, &fit), 0);    /* all true */
    CHECK(gk_logistic_of(&fit, x) > 0.999 && isfinite(fit.b[0]));
}

/* What made the answers is found again, and the gradient is 0 there: sum (p - y) z = -ridge b. */
TEST(coefficients_are_found_again)
{
    static const double b[D + 1] = { -0.5, 2, -1, 0 }, scale[D] = { 1, 10, 0.1 };
    gk_logistic_fit fit;
    gk_rng_normals(5, GK_RNG_TEST, 0, x, N * D);
    for (int i = 0; i < N; i++) {
        double s = b[0];
        for (int j = 0; j < D; j++) {
            s += b[j + 1] * x[i * D + j];
            x[i * D + j] = 3 + scale[j] * x[i * D + j];
        }
        y[i] = gk_rng_uniform(5, GK_RNG_TEST, 1, (uint64_t)i) < 1 / (1 + exp(-s));
    }
    CHECK_INT(gk_logistic_regress(N, D, x, y, 2, &fit), 0);
    for (int j = 0; j <= D; j++)
        CHECK_CLOSE(fit.b[j], b[j], 0.15);
    for (int j = 0; j < D; j++) {
        double sum = 2 * fit.b[j + 1];
        for (int i = 0; i < N; i++)
            sum += (gk_logistic_of(&fit, x + i * D) - y[i]) * (x[i * D + j] - fit.mean[j]) * fit.scale[j];
        CHECK_CLOSE(sum, 0, 1e-6);
    }
}

/* Classes that a feature tells apart: the ridge keeps it finite. */
TEST(what_is_told_apart_stays_finite)
{
    gk_logistic_fit fit;
    for (int i = 0; i < 20; i++) {
        x[i] = i;
        y[i] = i >= 10;
    }
    CHECK_INT(gk_logistic_regress(20, 1, x, y, 1e-3, &fit), 0);
    CHECK(isfinite(fit.b[1]) && fit.b[1] > 3);
    for (int i = 0; i < 20; i++)
        CHECK((gk_logistic_of(&fit, x + i) > 0.5) == y[i]);
    x[3] = NAN;
    CHECK_INT(gk_logistic_regress(20, 1, x, y, 1, &fit), -1);
}

/* Rows of a part are judged by the others: where every part contradicts the others, all of it is wrong. */
TEST(what_is_held_out_is_not_learnt_from)
{
    enum { PARTS = 4, EACH = 20 };
    double p[PARTS * EACH];
    int    part[PARTS * EACH], n_right = 0;
    for (int i = 0; i < PARTS * EACH; i++) {
        part[i] = i / EACH;
        x[i] = gk_rng_normal(9, GK_RNG_TEST, 0, (uint64_t)i);
        y[i] = x[i] > 0;
    }
    CHECK_INT(gk_logistic_held_out(PARTS * EACH, 1, x, y, PARTS, part, 1, p), 0);
    for (int i = 0; i < PARTS * EACH; i++)
        n_right += (p[i] > 0.5) == y[i];
    CHECK(n_right >= 76);
    for (int i = 0; i < PARTS * EACH; i++)    /* part 0 is of one class, all others of the other */
        y[i] = part[i] == 0;
    CHECK_INT(gk_logistic_held_out(PARTS * EACH, 1, x, y, PARTS, part, 1, p), 0);
    for (int i = 0; i < EACH; i++)
        CHECK(p[i] < 0.01);
    CHECK_INT(gk_logistic_held_out(EACH, 1, x, y, 1, part, 1, p), 0);    /* there are no others */
    CHECK(isnan(p[0]));
}

TEST(area_under_curve_counts_pairs)
{
    const double score[] = { 0.1, 0.4, 0.35, 0.8, 0.4 };
    const bool   good[] = { false, false, true, true, true };
    CHECK_CLOSE(gk_area_under_curve(5, score, good), (1 + 0 + 1 + 1 + 1 + 0.5) / 6, 1e-15);
    CHECK(isnan(gk_area_under_curve(2, score, good)));
}

TEST_MAIN(RUN(without_features_it_is_the_share)
          RUN(coefficients_are_found_again)
          RUN(what_is_told_apart_stays_finite)
          RUN(what_is_held_out_is_not_learnt_from)
          RUN(area_under_curve_counts_pairs))
