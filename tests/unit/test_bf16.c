/* bfloat16: the nearest number, ties, what is not finite. */
#include <math.h>
#include "../test.h"
#include "base/bf16.h"

static void is(float x, gk_bf16 expected)
{
    if (gk_bf16_of(x) != expected) {
        printf("%a is %04x, expected %04x\n", (double)x, gk_bf16_of(x), expected);
        test_n_failed_check++;
    }
}

TEST(the_nearest_and_of_two_the_even_one)
{
    is(0, 0), is(-0.F, 0x8000), is(1, 0x3f80), is(-1, 0xbf80), is(3.140625F, 0x4049);
    is(0x1.01p0F, 0x3f80), is(0x1.010002p0F, 0x3f81), is(0x1.03p0F, 0x3f82), is(0x1.02fffep0F, 0x3f81);
    is(-0x1.01p0F, 0xbf80), is(-0x1.03p0F, 0xbf82), is(0x1.ffp0F, 0x4000);
    is(0x1p-133F, 0x0001), is(0x1p-134F, 0), is(0x1.8p-133F, 0x0002), is(0x1.fffffep-127F, 0x0080);
}

TEST(what_is_too_large_or_no_number)
{
    is(INFINITY, 0x7f80), is(-INFINITY, 0xff80), is(0x1.fep127F, 0x7f7f), is(0x1.fefffep127F, 0x7f7f), is(0x1.ffp127F, 0x7f80);
    for (uint32_t low = 1; low; low <<= 1) {    /* also if the bits that tell are among those which go */
        uint32_t bits = 0x7f800000u | low;
        float    x;
        memcpy(&x, &bits, sizeof x);
        CHECK(!isnan(x) || isnan(gk_bf16_value(gk_bf16_of(x))));
    }
}

TEST(every_number_is_its_own)
{
    for (unsigned cell = 0; cell < 65536; cell++) {
        float x = gk_bf16_value((gk_bf16)cell);
        CHECK(isnan(x) ? isnan(gk_bf16_value(gk_bf16_of(x))) : gk_bf16_of(x) == cell);
    }
}

TEST_MAIN(RUN(the_nearest_and_of_two_the_even_one) RUN(what_is_too_large_or_no_number) RUN(every_number_is_its_own))
