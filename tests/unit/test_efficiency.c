/* test_efficiency.c -- scales of networks whose logit is known in closed form. */
#include <math.h>
#include <stdbool.h>
#include "../test.h"
#include "analysis/efficiency.h"

/* gain c^depth of a network of so many layers without biases; wavy: it passes 1 three times; stuck: it never gets there. */
typedef struct network { double gain, depth; bool is_wavy, is_stuck; int n_try, fails_at; } network;

static int logit(void *context, double scale, double *value)
{
    network *net = context;
    if (++net->n_try == net->fails_at)
        return gk_error("no logit");
    *value = net->is_stuck ? net->gain * tanh(scale) : net->gain * pow(scale, net->depth);
    if (net->is_wavy)
        *value = scale < 2 ? scale : scale < 2.5 ? 4 - scale : scale;
    return 0;
}

TEST(a_homogeneous_network_is_scaled_by_the_root)
{
    for (double depth = 1; depth <= 6; depth++)
        for (double gain = 1e-3; gain < 1e4; gain *= 10) {
            network net = { .gain = gain, .depth = depth };
            double  scale = 0, expected = pow(10 / gain, 1 / depth);
            if (expected > 4096)
                continue;
            CHECK_INT(gk_scale_needed(logit, &net, 10, &scale), 0);
            CHECK_CLOSE(scale / expected, 1, 2e-7);
            CHECK(net.n_try < 60);
        }
}

TEST(the_smallest_scale_counts_and_never_is_infinite)
{
    network wavy = { .is_wavy = true }, stuck = { .gain = 9.999, .is_stuck = true }, loud = { .gain = 1e9, .depth = 1 };
    double  scale = 0;
    CHECK_INT(gk_scale_needed(logit, &wavy, 1.9, &scale), 0);
    CHECK_CLOSE(scale, 1.9, 1e-6);
    CHECK_INT(gk_scale_needed(logit, &stuck, 10, &scale), 0);
    CHECK(isinf(scale) && scale > 0);
    CHECK_INT(gk_scale_needed(logit, &loud, 10, &scale), 0);    /* below the smallest power that is tried */
    CHECK_CLOSE(scale / 1e-8, 1, 1e-6);
    network always = { .gain = 10, .depth = 0 };
    CHECK_INT(gk_scale_needed(logit, &always, 10, &scale), 0);
    CHECK_CLOSE(scale, 0, 0);
}

TEST(what_fails_is_told)
{
    double scale = 0;
    for (int at = 1; at < 20; at += 8) {
        network net = { .gain = 1, .depth = 2, .fails_at = at };
        CHECK_INT(gk_scale_needed(logit, &net, 10, &scale), -1);
        CHECK_CONTAINS(gk_error_message(), "no logit");
    }
}

TEST(the_correct_logit_is_what_the_right_output_has_above_the_mean)
{
    const double  logits[] = { 3, 0, 0, 1, 1, 4 };
    const int32_t right[] = { 0, 2 };
    CHECK_CLOSE(gk_correct_logit(2, 3, logits, right), (2 + 2) / 2.0, 1e-15);
    CHECK_CLOSE(gk_correct_logit(1, 3, logits, right + 1), -1, 1e-15);
}

TEST_MAIN(
    RUN(a_homogeneous_network_is_scaled_by_the_root)
    RUN(the_smallest_scale_counts_and_never_is_infinite)
    RUN(what_fails_is_told)
    RUN(the_correct_logit_is_what_the_right_output_has_above_the_mean)
)
