/* test_critical.c -- searches for thresholds that are known, with and without noise. */
#include <math.h>
#include <stdbool.h>
#include "../test.h"
#include "analysis/critical.h"
#include "base/rng.h"

enum { N_SEED = 5, MOST = 400 };

/* Seeds that succeed from their threshold on; noise: of the threshold, anew for every run. */
typedef struct study {
    gk_search search;
    double    threshold[N_SEED], noise;
    uint64_t  number;
    int64_t   n, seed[MOST];
    double    x[MOST];
    bool      success[MOST];
    int       n_round;
} study;

static gk_outcomes outcomes(const study *s)
{
    return (gk_outcomes){ s->n, s->x, s->seed, s->success };
}

/* One round; how many runs it had. */
static int64_t go_on(study *s)
{
    bool        wanted[N_SEED];
    double      x = 0;
    gk_outcomes known = outcomes(s);
    int64_t     n_wanted = gk_search_next(&s->search, &known, &x, wanted);
    for (int64_t seed = 0; seed < s->search.n_seed && n_wanted > 0; seed++) {
        if (!wanted[seed])
            continue;
        double off = s->noise * gk_rng_normal(s->number, GK_RNG_TEST, 1, (uint64_t)s->n);
        s->x[s->n]       = x;
        s->seed[s->n]    = seed;
        s->success[s->n] = x >= s->threshold[seed] + off;
        s->n++;
    }
    s->n_round += n_wanted > 0;
    return n_wanted;
}

static gk_estimate estimate(const study *s)
{
    gk_outcomes known = outcomes(s);
    return gk_search_estimate(&s->search, &known);
}

TEST(every_seeds_threshold_is_found_to_the_precision_in_few_runs)
{
    study s = { .search = { 0.1, 0.9, 0.01, N_SEED }, .threshold = { 0.301, 0.322, 0.299, 0.35, 0.288 } };
    while (go_on(&s) > 0)
        CHECK(s.n < MOST - N_SEED);
    /* both ends and log2(0.8 / 0.01) = 6.3 halvings for the first, fewer for the others, which are up to five brackets away */
    CHECK(s.n <= 9 + 4 * (N_SEED - 1));
    CHECK(s.n_round <= 21);
    for (int seed = 0; seed < N_SEED; seed++) {
        double below = -1, above = 2;
        for (int64_t i = 0; i < s.n; i++)
            if (s.seed[i] == seed) {
                below = s.success[i] ? below : fmax(below, s.x[i]);
                above = s.success[i] ? fmin(above, s.x[i]) : above;
            }
        CHECK(below < s.threshold[seed] && s.threshold[seed] <= above && above - below <= 0.0101);
    }
    for (int64_t i = 0; i < s.n; i++)
        CHECK_CLOSE(s.x[i] / 0.005, round(s.x[i] / 0.005), 1e-9);
    CHECK_CLOSE(estimate(&s).value, 0.301, 0.005);
}

/* Seeds that are alike take what the first takes, and two runs each: 16, where a bisection of each takes 30. */
TEST(seeds_that_are_alike_begin_where_the_first_ends)
{
    study s = { .search = { 0.05, 0.95, 0.02, N_SEED }, .threshold = { 0.301, 0.301, 0.301, 0.301, 0.301 } };
    for (int round = 0; round < 2; round++) {    /* one seed alone, and the ends before all else */
        CHECK_INT(go_on(&s), 1);
        CHECK(s.seed[round] == 0 && s.x[round] == (round ? 0.95 : 0.05));
    }
    while (go_on(&s) > 0)
        CHECK(s.n < MOST - N_SEED);
    CHECK_INT(s.n, 8 + 2 * (N_SEED - 1));
    CHECK_CLOSE(estimate(&s).value, 0.3, 0.01);
}

/* What a bisection of all seeds at once left, at its end or before it: nothing is run again, and little is still to run. */
TEST(outcomes_of_another_search_are_gone_on_with)
{
    static const double halves[] = { 0.5, 0.28, 0.39, 0.33, 0.31, 0.3 };
    for (int n_half = 0; n_half <= 6; n_half++) {
        study s = { .search = { 0.05, 0.95, 0.02, N_SEED }, .threshold = { 0.305, 0.306, 0.304, 0.307, 0.308 } };
        for (int i = 0; i < n_half; i++)
            for (int seed = 0; seed < N_SEED; seed++, s.n++) {
                s.x[s.n] = halves[i];
                s.seed[s.n] = seed;
                s.success[s.n] = halves[i] >= s.threshold[seed];
            }
        int64_t n_before = s.n;
        while (go_on(&s) > 0)
            CHECK(s.n < MOST - N_SEED);
        for (int64_t i = n_before; i < s.n; i++)
            for (int64_t k = 0; k < i; k++)
                CHECK(s.seed[k] != s.seed[i] || s.x[k] != s.x[i]);
        CHECK_CLOSE(estimate(&s).value, 0.305, 0.01);
        CHECK(s.n - n_before <= (n_half < 6 ? 16 : 0));
    }
}

TEST(what_is_next_depends_on_the_outcomes_alone)
{
    study whole = { .search = { 0, 1, 0.02, N_SEED }, .threshold = { 0.3, 0.31, 0.4, 0.2, 0.35 } }, part = whole;
    while (go_on(&whole) > 0)
        continue;
    for (int i = 0; i < 3; i++)
        go_on(&part);
    study again = part;    /* as after an interruption */
    while (go_on(&again) > 0)
        continue;
    CHECK_INT(again.n, whole.n);
    CHECK(memcmp(again.x, whole.x, sizeof whole.x) == 0 && memcmp(again.seed, whole.seed, sizeof whole.seed) == 0);
}

TEST(the_interval_holds_the_threshold_of_noisy_outcomes)
{
    int     n_study = 300, n_held = 0;
    double  mean = 0, n_run = 0;
    int64_t most = 0;
    for (int number = 0; number < n_study; number++) {
        study s = { .search = { 0.05, 0.95, 0.02, N_SEED }, .noise = 0.01, .number = (uint64_t)number };
        for (int seed = 0; seed < N_SEED; seed++)
            s.threshold[seed] = 0.3 + 0.02 * gk_rng_normal((uint64_t)number, GK_RNG_TEST, 2, (uint64_t)seed);
        while (go_on(&s) > 0)
            CHECK(s.n < MOST - N_SEED);
        gk_estimate found = estimate(&s);
        n_held += found.interval.low <= 0.3 && 0.3 <= found.interval.high;
        mean += found.value / n_study;
        n_run += (double)s.n / n_study;
        most = s.n > most ? s.n : most;
    }
    CHECK_CLOSE(mean, 0.3, 0.003);
    CHECK(n_held >= 0.93 * n_study);
    CHECK(n_run <= 22);    /* a bisection of each seed takes 29 */
    CHECK(most <= 6 * N_SEED);
}

TEST(ends_that_agree_are_told)
{
    study low = { .search = { 0.1, 0.9, 0.05, N_SEED }, .threshold = { 0, 0.02, 0.5, 0.01, 0.6 } };
    study high = { .search = { 0.1, 0.9, 0.05, N_SEED }, .threshold = { 1, 0.95, 0.5, 2, 0.6 } };
    study one = { .search = { 0.1, 0.9, 0.05, N_SEED }, .threshold = { 1, 0.3, 0.5, 0.4, 0.6 } };
    int64_t status = 1;
    while (status > 0)
        status = go_on(&low);
    CHECK_INT(status, -1);
    CHECK_CONTAINS(gk_error_message(), "both ends agree: 3 of 5 seeds succeed at 0.1 already");
    CHECK(low.n <= 20);
    while ((status = go_on(&high)) > 0)
        continue;
    CHECK_INT(status, -1);
    CHECK_CONTAINS(gk_error_message(), "both ends agree: 3 of 5 seeds fail at 0.9 still");
    while ((status = go_on(&one)) > 0)    /* one seed that never gets there is no obstacle */
        continue;
    CHECK_INT(status, 0);
    CHECK_CLOSE(estimate(&one).value, 0.5, 0.025);
}

/* That all seeds agree is known as soon as half of them have said so; one does not say it for the others. */
TEST(ends_that_agree_cost_few_runs)
{
    study low = { .search = { 0.05, 0.95, 0.02, N_SEED }, .threshold = { 0, 0, 0, 0, 0 } };
    study high = { .search = { 0.05, 0.95, 0.02, N_SEED }, .threshold = { 1, 1, 1, 1, 1 } };
    study first_low = { .search = { 0.05, 0.95, 0.02, N_SEED }, .threshold = { 0, 0.3, 0.3, 0.3, 0.3 } };
    study first_high = { .search = { 0.05, 0.95, 0.02, N_SEED }, .threshold = { 1, 0.3, 0.3, 0.3, 0.3 } };
    study two = { .search = { 0.05, 0.95, 0.02, 2 }, .threshold = { 0, 0.3 } };
    while (go_on(&low) > 0 || go_on(&high) > 0)
        continue;
    CHECK(go_on(&low) == -1 && go_on(&high) == -1);
    CHECK_INT(low.n, 3);     /* at the low end, where 30 were made */
    CHECK_INT(high.n, 4);    /* one there, three at the high one */
    while (go_on(&first_low) > 0 || go_on(&first_high) > 0)
        continue;
    CHECK(go_on(&first_low) == 0 && go_on(&first_high) == 0);
    CHECK_CLOSE(estimate(&first_low).value, 0.3, 0.02);
    CHECK_CLOSE(estimate(&first_high).value, 0.3, 0.02);
    while (go_on(&two) > 0)
        continue;
    CHECK_INT(two.n, 2);
    CHECK_CONTAINS(gk_error_message(), "both ends agree: 1 of 2 seeds succeed at 0.05 already");
}

TEST_MAIN(
    RUN(every_seeds_threshold_is_found_to_the_precision_in_few_runs)
    RUN(seeds_that_are_alike_begin_where_the_first_ends)
    RUN(outcomes_of_another_search_are_gone_on_with)
    RUN(what_is_next_depends_on_the_outcomes_alone)
    RUN(the_interval_holds_the_threshold_of_noisy_outcomes)
    RUN(ends_that_agree_are_told)
    RUN(ends_that_agree_cost_few_runs)
)
