/* test_formula.c -- exp and tanh of formula.h against the C library: how far off, where they end, what they do to NaN.
 *
 * In float32, at most 2 units in the last place over everything between the limits; in float64 they are the C library's. */
#include <float.h>
#include "../test.h"
#include "graph/formula.h"

#if GK_REAL_BITS == 32

static float float_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Distance in units in the last place of the nearest float32 (of the smallest normal number below that). */
static double ulps(float found, double exact)
{
    float  nearest = fmaxf(fabsf((float)exact), FLT_MIN);
    double unit = (double)nextafterf(nearest, INFINITY) - (double)nearest;
    return fabs((double)found - exact) / unit;
}

/* Every 509th float32: all exponents, both signs. */
#define FOR_FLOATS(x) \
    for (uint64_t bits = 0; bits < UINT64_C(1) << 32; bits += 509) \
        for (float x = float_of((uint32_t)bits), once = 1; once > 0; once = 0)

TEST(exp_is_within_2_ulp_between_its_limits)
{
    double worst = 0;
    float  worst_at = 0;
    FOR_FLOATS(x)
        if (x >= -87.3f && x <= 88.0f) {
            double off = ulps(gk_exp(x), exp((double)x));
            if (!(off <= worst)) {
                worst    = off;
                worst_at = x;
            }
        }
    if (!(worst <= 2))
        printf("at %.9g\n", (double)worst_at);
    CHECK_CLOSE(worst, 0, 2);
}

TEST(exp_is_0_below_its_range_and_stays_finite_above)
{
    FOR_FLOATS(x) {
        if (x < -87.3f && gk_exp(x) != 0)
            CHECK_CLOSE((double)gk_exp(x), 0, 0);
        if (x > 88.0f && gk_exp(x) != gk_exp(88.0f))
            CHECK_CLOSE((double)gk_exp(x), (double)gk_exp(88.0f), 0);
    }
    CHECK(gk_exp(-INFINITY) == 0);
    CHECK(isfinite(gk_exp(INFINITY)) && gk_exp(INFINITY) > 1e38f);
    CHECK(gk_exp(0.0f) == 1 && gk_exp(-0.0f) == 1);
}

/* Next to each other floats differ by less than the error of the polynomial: monotone in steps of 1e-6 of their size. */
TEST(exp_is_monotone_near_its_limits_and_where_the_power_of_2_changes)
{
    const float from[] = { -87.3f, -87.0f, -1.0397208f, -0.34657359f, 0.34657359f, 1.0397208f, 87.0f, 88.0f };
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        float last = -1;
        for (int at = -2000; at <= 2000; at++) {
            float y = gk_exp(from[i] + (float)at * fabsf(from[i]) * 1e-6f);
            CHECK(y >= last);
            last = y;
        }
    }
}

TEST(tanh_is_within_2_ulp_odd_and_bounded)
{
    double worst = 0;
    float  worst_at = 0;
    int    n_wrong = 0;
    FOR_FLOATS(x)
        if (!isnan(x)) {
            float  y = gk_tanh(x);
            double off = ulps(y, tanh((double)x));
            n_wrong += !(fabsf(y) <= 1 && gk_tanh(-x) == -y && signbit(x) == signbit(y));
            if (!(off <= worst)) {
                worst    = off;
                worst_at = x;
            }
        }
    if (!(worst <= 2))
        printf("at %.9g\n", (double)worst_at);
    CHECK_CLOSE(worst, 0, 2);
    CHECK_INT(n_wrong, 0);
}

TEST(nan_stays_nan)
{
    CHECK(isnan(gk_exp(NAN)) && isnan(gk_exp(-NAN)));
    CHECK(isnan(gk_tanh(NAN)) && isnan(gk_sigmoid(NAN)) && isnan(gk_gelu(NAN)) && isnan(gk_stablemax(NAN)));
}

/* The loops of kernels are vectorised: they must give what the function gives alone. */
TEST(a_vectorised_loop_gives_the_same_bits)
{
    float x[1003], y[1003], z[1003];
    for (int i = 0; i < 1003; i++)
        x[i] = (float)(i - 501) * 0.176f;
#pragma omp simd
    for (int i = 0; i < 1003; i++) {
        y[i] = gk_exp(x[i]);
        z[i] = gk_tanh(x[i]);
    }
    for (int i = 0; i < 1003; i++) {
        volatile float alone = x[i];
        CHECK(y[i] == gk_exp(alone) && z[i] == gk_tanh(alone));
    }
}
#define PRECISE RUN(exp_is_within_2_ulp_between_its_limits) \
                RUN(exp_is_0_below_its_range_and_stays_finite_above) \
                RUN(exp_is_monotone_near_its_limits_and_where_the_power_of_2_changes) \
                RUN(tanh_is_within_2_ulp_odd_and_bounded) \
                RUN(nan_stays_nan) \
                RUN(a_vectorised_loop_gives_the_same_bits)
#else

TEST(float64_is_the_c_library)
{
    for (double x = -750; x < 750; x += 0.37) {
        CHECK(gk_exp(x) == exp(x));
        CHECK(gk_tanh(x) == tanh(x));
    }
}
#define PRECISE RUN(float64_is_the_c_library)
#endif

/* Slopes against central differences in double. */
TEST(slopes_are_those_of_their_functions)
{
    for (double x = -9; x < 9; x += 0.0373) {
        const double h = 1e-5;
        double gelu = (0.5 * (x + h) * erfc(-(x + h) / sqrt(2)) - 0.5 * (x - h) * erfc(-(x - h) / sqrt(2))) / (2 * h);
        double stable = x >= 0 ? 1 : 1 / ((1 - x) * (1 - x));
        double tolerance = GK_REAL_BITS == 32 ? 1e-6 : 1e-9;
        CHECK_CLOSE((double)gk_gelu_slope((gk_real)x), gelu, tolerance);
        CHECK_CLOSE((double)gk_stablemax_slope((gk_real)x), stable, tolerance);
        CHECK_CLOSE((double)gk_sigmoid((gk_real)x), 1 / (1 + exp(-x)), tolerance);
        CHECK_CLOSE((double)gk_stablemax((gk_real)x), x >= 0 ? x + 1 : 1 / (1 - x), tolerance * 10);
    }
}

TEST_MAIN(PRECISE RUN(slopes_are_those_of_their_functions))
