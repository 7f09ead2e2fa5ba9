/* test_detect.c -- curves for which it is known when they grokked. */
#include "analysis/detect.h"
#include <math.h>
#include "base/rng.h"
#include "../test.h"

enum { N = 1001, STEP = 10 };    /* records every 10 steps to 10000 */

typedef struct pair { double t[N], train[N], test[N]; } pair;

static double logistic(double t, double middle, double width)
{
    return 1 / (1 + exp(-(t - middle) / width));
}

/* Train converges around step 200, test rises from `low` to `high` around step `middle`. */
static void make(pair *p, double low, double high, double middle, double width)
{
    for (int i = 0; i < N; i++) {
        p->t[i] = i * STEP;
        p->train[i] = logistic(p->t[i], 100, 20);
        p->test[i] = low + (high - low) * logistic(p->t[i], middle, width);
    }
}

static gk_detection detect(const pair *p)
{
    gk_detect_args args = gk_detect_defaults();
    gk_detection   d;
    CHECK_INT(gk_detect(&args, N, p->t, p->train, p->test, &d), 0);
    return d;
}

TEST(a_logistic_curve_has_its_known_escape_and_arrival)
{
    pair p;
    make(&p, 0, 1, 4000, 100);
    gk_detection d = detect(&p);
    CHECK_INT(d.status, GK_GROK);
    CHECK_CLOSE(d.t_r, 200, 20);                                /* 1 - 0.01 at 100 + 20 ln 99 = 192 */
    CHECK_CLOSE(d.sigma_e, 0.98, 1e-6);
    CHECK_CLOSE(d.alpha1, 4000 + 100 * log(0.98 / 0.02), 10);
    CHECK_CLOSE(d.alpha0, 4000 + 100 * log(0.098 / 0.902), 10);
    CHECK_CLOSE(d.delta_s, 0.98, 1e-3);
    CHECK_CLOSE(d.support, 10000 - d.alpha1, 1e-9);
    CHECK(d.censored && !d.lost);
}

TEST(noise_and_a_spike_of_one_record_change_little)
{
    pair p;
    make(&p, 0.05, 0.97, 4000, 100);
    for (int i = 0; i < N; i++)
        p.test[i] += 0.02 * (2 * gk_rng_uniform(3, GK_RNG_TEST, 0, (uint64_t)i) - 1);
    p.test[100] = 1;    /* long before */
    gk_detection d = detect(&p);
    CHECK_INT(d.status, GK_GROK);
    CHECK_CLOSE(d.alpha1, 4000 + 100 * log(0.98 / 0.02), 120);
    CHECK_CLOSE(d.alpha0, 4000 + 100 * log(0.1 / 0.9), 120);
}

TEST(noise_alone_moves_nothing_by_more_than_the_rise_in_two_percent)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        pair p;
        make(&p, 0, 1, 4000, 100);
        for (int i = 0; i < N; i++)
            p.test[i] += 0.02 * (2 * gk_rng_uniform(seed, GK_RNG_TEST, 0, (uint64_t)i) - 1);
        gk_detection d = detect(&p);
        CHECK_INT(d.status, GK_GROK);
        CHECK_CLOSE(d.alpha1, 4000 + 100 * log(0.98 / 0.02), 120);
        CHECK_CLOSE(d.alpha0, 4000 + 100 * log(0.098 / 0.902), 60);
    }
}

TEST(a_spike_counts_only_without_the_filter)
{
    pair p;
    make(&p, 0, 1, 4000, 100);
    p.test[100] = 1;
    CHECK_CLOSE(detect(&p).alpha1, 4000 + 100 * log(0.98 / 0.02), 10);
    gk_detect_args args = gk_detect_defaults();
    gk_detection   d;
    args.filter = false;
    CHECK_INT(gk_detect(&args, N, p.t, p.train, p.test, &d), 0);
    CHECK_CLOSE(d.alpha1, 1000, 1e-9);    /* a support of one record, after an escape of one record */
    args.kappa = 2;
    CHECK_INT(gk_detect(&args, N, p.t, p.train, p.test, &d), 0);
    CHECK_CLOSE(d.alpha1, 4000 + 100 * log(0.98 / 0.02), 10);
}

TEST(what_generalises_at_once_is_prompt)
{
    pair p;
    make(&p, 0, 1, 100, 20);
    CHECK_INT(detect(&p).status, GK_PROMPT);
    make(&p, 0, 1, 250, 20);    /* later than train, but not twice as late */
    CHECK_INT(detect(&p).status, GK_PROMPT);
}

TEST(a_plateau_in_the_middle_is_partial_and_no_rise_is_none)
{
    pair p;
    make(&p, 0, 0.5, 4000, 100);
    gk_detection d = detect(&p);
    CHECK_INT(d.status, GK_PARTIAL);
    CHECK_CLOSE(d.delta_t, 0.52, 0.01);
    make(&p, 0.1, 0.1, 4000, 100);
    CHECK_INT(detect(&p).status, GK_NOT_GROKKED);
    for (int i = 0; i < N; i++)
        p.train[i] *= 0.9;
    CHECK_INT(detect(&p).status, GK_NO_MEMORISATION);
}

/* Test falls back to 0 at step `end`. */
static void collapse(pair *p, double end)
{
    for (int i = 0; i < N; i++)
        if (p->t[i] >= end)
            p->test[i] = 0;
}

TEST(a_support_shorter_than_the_rise_does_not_count_a_longer_one_that_is_lost_does)
{
    pair p;
    make(&p, 0, 1, 4000, 400);    /* rises for about 400 (ln 49 + ln 9) = 2436 steps, until 5557 */
    collapse(&p, 7000);
    gk_detection d = detect(&p);
    CHECK_INT(d.status, GK_UNSUPPORTED);
    CHECK(d.lost && d.support < d.alpha1 - d.alpha0);
    make(&p, 0, 1, 3000, 100);
    collapse(&p, 7000);
    d = detect(&p);
    CHECK_INT(d.status, GK_GROK);
    CHECK(d.lost && !d.censored);
    CHECK_CLOSE(d.support, 7000 - d.alpha1, 20);
}

TEST(semi_grokking_has_a_support_too)
{
    pair p;
    make(&p, 0, 0.5, 4000, 400);
    CHECK_INT(detect(&p).status, GK_PARTIAL);
    collapse(&p, 6500);    /* as above, at half the height */
    gk_detection d = detect(&p);
    CHECK_INT(d.status, GK_NOT_GROKKED);
    CHECK(d.lost && d.support < d.alpha1 - d.alpha0);
}

/* Records further apart than a tenth of the steps: each is a window by itself. */
TEST(a_window_ends_a_tenth_of_the_steps_after_its_begin)
{
    const double t[] = { 0, 100, 1000, 1700, 2400, 3100, 3800, 4500, 5200, 6000 };
    const double train[] = { 0, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, test[] = { 0, 0, 0, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 0.5 };
    gk_detect_args args = gk_detect_defaults();
    gk_detection   d;
    args.filter = false;
    CHECK_INT(gk_detect(&args, 10, t, train, test, &d), 0);
    CHECK_CLOSE(d.sigma_e, 0.98, 1e-12);
}

TEST(a_visit_shorter_than_a_tenth_of_the_steps_is_no_level)
{
    pair p;
    make(&p, 0, 1, 4000, 20);
    collapse(&p, 4400);
    CHECK_INT(detect(&p).status, GK_NOT_GROKKED);
}

TEST(of_several_rises_the_first_that_is_supported_counts)
{
    pair p;
    make(&p, 0, 1, 6000, 100);
    for (int i = 0; i < N; i++)    /* a slow rise from 2000, lost at once */
        if (p.t[i] >= 2000 && p.t[i] < 3000)
            p.test[i] = (p.t[i] - 2000) / 1000;
    gk_detection d = detect(&p);
    CHECK_INT(d.status, GK_GROK);
    CHECK_CLOSE(d.alpha1, 6000 + 100 * log(0.98 / 0.02), 10);
    CHECK(d.censored);
}

/* Slow rises to plateaus, ended anywhere: what the whole curve has is among what was left open. */
TEST(what_the_end_leaves_open_holds_what_comes)
{
    static const double rises[][3] = { { 0, 1, 500 }, { 0, 1, 100 }, { 0.3, 0.6, 500 }, { 0.7, 0.85, 600 }, { 0.75, 0.96, 300 } };
    const gk_detect_args args = gk_detect_defaults();
    int n_cut = 0, n_other = 0;
    for (size_t k = 0; k < sizeof rises / sizeof *rises; k++) {
        pair p;
        make(&p, rises[k][0], rises[k][1], 4000, rises[k][2]);
        gk_detection all = detect(&p), d;
        for (int n = 100; n < N; n += 10) {
            CHECK_INT(gk_detect(&args, n, p.t, p.train, p.test, &d), 0);
            double room = gk_detect_room(&args, &d);
            CHECK(!d.censored || (all.delta_s >= d.delta_s - 1e-4 && all.delta_s <= d.delta_s + room + 1e-4));
            CHECK(!d.censored || (all.delta_t <= d.delta_t + 1e-4 && all.delta_t >= d.delta_t - room - 1e-4));
            if (!gk_detect_is_cut(&args, &d))
                continue;
            n_cut++;
            n_other += all.status != d.status;
            CHECK(all.alpha1 >= d.alpha1);
            CHECK(all.status == d.status || gk_detect_might_be(&args, &d) >> all.status & 1);
        }
    }
    CHECK(n_cut > 100 && n_other > 50);
}

TEST(a_support_that_is_lost_or_long_enough_leaves_no_status_open)
{
    const gk_detect_args args = gk_detect_defaults();
    pair p;
    make(&p, 0, 0.5, 4000, 100);
    gk_detection d = detect(&p);
    CHECK_INT(d.status, GK_PARTIAL);
    CHECK_CLOSE(gk_detect_room(&args, &d), 0.5, 0.001);     /* it might go on, but has arrived */
    CHECK_INT(gk_detect_might_be(&args, &d), 0);
    make(&p, 0, 0.5, 7000, 400);
    d = detect(&p);
    CHECK_INT(d.status, GK_NOT_GROKKED);
    CHECK_INT(gk_detect_might_be(&args, &d), 1 << GK_PARTIAL | 1 << GK_GROK);
    make(&p, 0.6, 0.95, 7000, 400);
    d = detect(&p);
    CHECK_INT(gk_detect_might_be(&args, &d), 1 << GK_PARTIAL | 1 << GK_GROK);
    make(&p, 0.83, 0.92, 8300, 400);    /* too little is left for grokking */
    d = detect(&p);
    CHECK_INT(gk_detect_might_be(&args, &d), 1 << GK_PARTIAL | 1 << GK_PROMPT);
    make(&p, 0, 1, 7000, 400);
    d = detect(&p);
    CHECK_INT(gk_detect_might_be(&args, &d), 1 << GK_GROK);
    CHECK_CLOSE(gk_detect_room(&args, &d), 0, 0.005);
    collapse(&p, 9500);
    d = detect(&p);
    CHECK(d.lost);
    CHECK_CLOSE(gk_detect_room(&args, &d), 0, 0);
    CHECK_INT(gk_detect_might_be(&args, &d), 0);
}

TEST(records_at_growing_distances_give_the_same_steps)
{
    double t[N], train[N], test[N];
    int    n = 0;
    for (double step = 0; step <= 10000; step = step < 30 ? step + 1 : ceil(fmin(step * 1.03, step + 500)), n++) {
        t[n] = step;
        train[n] = logistic(step, 100, 20);
        test[n] = logistic(step, 4000, 100);
    }
    gk_detect_args args = gk_detect_defaults();
    gk_detection   d;
    CHECK_INT(gk_detect(&args, n, t, train, test, &d), 0);
    CHECK_INT(d.status, GK_GROK);
    CHECK_CLOSE(d.alpha1, 4000 + 100 * log(0.98 / 0.02), 0.03 * 4400);    /* the distance of records there */
    CHECK_CLOSE(d.alpha0, 4000 + 100 * log(0.098 / 0.902), 0.03 * 3800);
    CHECK_CLOSE(d.t_r, 100 + 20 * log(0.99 / 0.01), 0.03 * 200);
}

TEST(losses_are_judged_in_decades)
{
    pair p;
    gk_detect_args args = gk_detect_loss_defaults();
    gk_detection   d;
    make(&p, 0, 1, 4000, 100);
    for (int i = 0; i < N; i++) {
        p.train[i] = 4 * p.train[i];    /* 1 falls to 1e-4 */
        p.test[i] = 4 * p.test[i] - 0.5;
    }
    CHECK_INT(gk_detect(&args, N, p.t, p.train, p.test, &d), 0);
    CHECK_INT(d.status, GK_PARTIAL);    /* half a decade is left, and a bit */
    CHECK_CLOSE(d.delta_t, 0.6, 1e-3);
}

TEST(ends_and_plateaus_are_measured_in_steps)
{
    const double t[] = { 0, 1, 2, 4, 8, 96, 97, 100 }, y[] = { 0, 1, 0.9, 0.9, 0.95, 0.5, 0.7, 0.6 };
    CHECK_CLOSE(gk_end_median(8, t, y, 0.05), 0.6, 1e-12);
    CHECK_CLOSE(gk_end_median(8, t, y, 1), 0.8, 1e-12);
    CHECK(isnan(gk_end_median(0, t, y, 0.05)));
    CHECK_CLOSE(gk_longest_within(8, t, y, 0.85, 0.98), 6, 1e-12);
    CHECK_CLOSE(gk_longest_within(3, t, y, 0.85, 0.98), 0, 1e-12);
    CHECK_CLOSE(gk_longest_within(8, t, y, 0.1, 0.8), 4, 1e-12);
}

TEST(an_empty_history_is_no_memorisation)
{
    gk_detect_args args = gk_detect_defaults();
    gk_detection   d;
    CHECK_INT(gk_detect(&args, 0, NULL, NULL, NULL, &d), 0);
    CHECK_INT(d.status, GK_NO_MEMORISATION);
}

TEST_MAIN(RUN(a_logistic_curve_has_its_known_escape_and_arrival)
          RUN(noise_and_a_spike_of_one_record_change_little)
          RUN(noise_alone_moves_nothing_by_more_than_the_rise_in_two_percent)
          RUN(a_spike_counts_only_without_the_filter)
          RUN(what_generalises_at_once_is_prompt)
          RUN(a_plateau_in_the_middle_is_partial_and_no_rise_is_none)
          RUN(a_support_shorter_than_the_rise_does_not_count_a_longer_one_that_is_lost_does)
          RUN(semi_grokking_has_a_support_too)
          RUN(a_window_ends_a_tenth_of_the_steps_after_its_begin)
          RUN(a_visit_shorter_than_a_tenth_of_the_steps_is_no_level)
          RUN(of_several_rises_the_first_that_is_supported_counts)
          RUN(what_the_end_leaves_open_holds_what_comes)
          RUN(a_support_that_is_lost_or_long_enough_leaves_no_status_open)
          RUN(records_at_growing_distances_give_the_same_steps)
          RUN(losses_are_judged_in_decades)
          RUN(ends_and_plateaus_are_measured_in_steps)
          RUN(an_empty_history_is_no_memorisation))
