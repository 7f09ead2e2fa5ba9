/* test_mixture.c -- slopes against differences, AdamW by hand, the two outcomes of the paper on classifiers that are known. */
#include <math.h>
#include <stdlib.h>
#include "../test.h"
#include "analysis/mixture.h"
#include "base/rng.h"

enum { N_ITEM = 100, N_TRAIN = 50, N_CLASS = 97 };

/* One network is sure and right on train items, sure and wrong on the rest; the other is right on all, `ratio` times as sure. */
typedef struct fixture {
    gk_mixture     mixture;
    gk_mixture_set train, test;
    double         mem[N_ITEM * N_CLASS], gen[N_ITEM * N_CLASS], scratch[N_CLASS];
    int32_t        label[N_ITEM], item[N_ITEM];
} fixture;

static fixture *fixture_new(double ratio)
{
    fixture *f = calloc(1, sizeof *f);
    for (int i = 0; i < N_ITEM; i++) {
        f->item[i]  = i;
        f->label[i] = (int32_t)gk_rng_below(1, GK_RNG_TEST, 0, (uint64_t)i, N_CLASS);
        int other = (f->label[i] + 1 + (int)gk_rng_below(1, GK_RNG_TEST, 1, (uint64_t)i, N_CLASS - 1)) % N_CLASS;
        int said = i < N_TRAIN ? f->label[i] : other;
        f->mem[i * N_CLASS + said]        = 10;
        f->gen[i * N_CLASS + f->label[i]] = 10 * ratio;
    }
    f->mixture = (gk_mixture){ N_CLASS, f->mem, f->gen, f->label, f->scratch };
    f->train   = (gk_mixture_set){ N_TRAIN, f->item };
    f->test    = (gk_mixture_set){ N_ITEM - N_TRAIN, f->item + N_TRAIN };
    return f;
}

TEST(slopes_are_those_of_differences)
{
    fixture *f = fixture_new(0.7);
    for (int i = 0; i < N_ITEM * N_CLASS; i++) {
        f->mem[i] += gk_rng_normal(2, GK_RNG_TEST, 0, (uint64_t)i);
        f->gen[i] += gk_rng_normal(2, GK_RNG_TEST, 1, (uint64_t)i);
    }
    for (double mem = -0.5; mem < 1; mem += 0.4)
        for (double gen = -0.3; gen < 1; gen += 0.4) {
            gk_mixture_measure here = gk_mixture_at(&f->mixture, &f->test, mem, gen);
            double h = 1e-5;
            double by_mem = (gk_mixture_at(&f->mixture, &f->test, mem + h, gen).loss -
                             gk_mixture_at(&f->mixture, &f->test, mem - h, gen).loss) / (2 * h);
            double by_gen = (gk_mixture_at(&f->mixture, &f->test, mem, gen + h).loss -
                             gk_mixture_at(&f->mixture, &f->test, mem, gen - h).loss) / (2 * h);
            CHECK_CLOSE(here.by_mem, by_mem, 1e-8);
            CHECK_CLOSE(here.by_gen, by_gen, 1e-8);
        }
    free(f);
}

TEST(a_set_is_measured_by_itself)
{
    fixture *f = fixture_new(2);
    gk_mixture_measure none = gk_mixture_at(&f->mixture, &f->train, 0, 0);
    CHECK_CLOSE(none.loss, log(97), 1e-12);
    CHECK_CLOSE(gk_mixture_correct_logit(&f->mixture, &f->train, f->mixture.mem), 10 * (1 - 1.0 / 97), 1e-12);
    CHECK_CLOSE(gk_mixture_correct_logit(&f->mixture, &f->train, f->mixture.gen), 20 * (1 - 1.0 / 97), 1e-12);
    CHECK_CLOSE(gk_mixture_at(&f->mixture, &f->train, 1, 0).accuracy, 1, 0);
    CHECK_CLOSE(gk_mixture_at(&f->mixture, &f->test, 1, 0).accuracy, 0, 0);
    CHECK_CLOSE(gk_mixture_at(&f->mixture, &f->test, 1, 0).loss, log(exp(10) + 96), 1e-12);
    CHECK_CLOSE(gk_mixture_at(&f->mixture, &f->test, 1, 1).accuracy, 1, 0);
    free(f);
}

TEST(an_update_is_adamws)
{
    gk_mixture_update  update = { 0.01, 0.5, 0.9, 0.98, 1e-8, 0 };
    gk_mixture_measure slope = { .by_mem = 3, .by_gen = -2 };
    gk_mixture_state   s = { .w = { 0, 10, 0.5, 1 } };
    gk_mixture_step(&s, &update, &slope);    /* the first direction is the sign of the slope, which is 0 for w_m2 */
    CHECK_CLOSE(s.w[GK_W_M1], -0.01, 1e-9);
    CHECK_CLOSE(s.w[GK_W_M2], 10 * (1 - 0.005), 1e-12);
    CHECK_CLOSE(s.w[GK_W_G1], 0.5 * (1 - 0.005) + 0.01, 1e-9);
    CHECK_CLOSE(s.w[GK_W_G2], 1 - 0.005 + 0.01, 1e-9);
    double g1 = 30, g2 = 3 * s.w[GK_W_M2], m = 0.9 * 0.1 * g1 + 0.1 * g2, v = 0.98 * 0.02 * g1 * g1 + 0.02 * g2 * g2;
    double before = s.w[GK_W_M1];
    gk_mixture_step(&s, &update, &slope);
    CHECK_CLOSE(s.w[GK_W_M1], before * (1 - 0.005) - 0.01 * m / (1 - 0.81) / sqrt(v / (1 - 0.98 * 0.98)), 1e-9);
    CHECK_CLOSE(gk_w_mem(&s), s.w[GK_W_M1] * s.w[GK_W_M2], 0);
}

/* Test losses of 4,000 updates: at first, the largest and the last. */
static void learn(const fixture *f, double w_m2, double out[3])
{
    gk_mixture_update update = { 1e-3, 1, 0.9, 0.98, 1e-8, 0 };
    gk_mixture_state  s = { .w = { 0, w_m2, 0, 1 } };
    out[0] = out[1] = log(97);
    while (s.step < 4000) {
        gk_mixture_measure train = gk_mixture_at(&f->mixture, &f->train, gk_w_mem(&s), gk_w_gen(&s));
        gk_mixture_step(&s, &update, &train);
        if (s.step % 10 == 0) {
            out[2] = gk_mixture_at(&f->mixture, &f->test, gk_w_mem(&s), gk_w_gen(&s)).loss;
            out[1] = fmax(out[1], out[2]);
        }
    }
}

TEST(the_test_loss_rises_first_if_the_memoriser_learns_faster_and_falls_at_once_if_it_does_not)
{
    double   fast[3], even[3];
    fixture *f = fixture_new(2);
    learn(f, 10, fast);
    learn(f, 1, even);
    CHECK(fast[1] > 1.1 * fast[0] && fast[2] < 0.5 * fast[0]);
    CHECK(even[1] <= 1.02 * even[0] && even[2] < 0.5 * even[0]);
    free(f);
}

TEST_MAIN(
    RUN(slopes_are_those_of_differences)
    RUN(a_set_is_measured_by_itself)
    RUN(an_update_is_adamws)
    RUN(the_test_loss_rises_first_if_the_memoriser_learns_faster_and_falls_at_once_if_it_does_not)
)
