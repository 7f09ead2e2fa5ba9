/* Lengths of time as text. */
#include "../test.h"
#include "base/duration.h"

static void is(const char *text, double expected)
{
    double seconds = -1;
    if (gk_parse_duration(text, &seconds) < 0)
        printf("'%s': %s\n", text, gk_error_message());
    CHECK_CLOSE(seconds, expected, 1e-9);
}

TEST(units_are_added_up)
{
    is("90s", 90);
    is("50m", 3000);
    is("3h50m", 13800);
    is("1d12h", 129600);
    is("1d2h3m4s", 93784);
    is("1.5h", 5400);
    is("0.25s", 0.25);
}

TEST(as_slurm_writes_them)
{
    is("3:50:00", 13800);
    is("0-03:50:00", 13800);
    is("1-12", 129600);
    is("1-12:30", 131400);
    is("50:30", 3030);
    is("100:00:01", 360001);
}

TEST(anything_else_is_refused)
{
    static const char *const wrong[] = {
        "", "90", "m", "3h50", "50m3h", "3h3h", "-1h", "+1h", "1 h", "1h ", "1e3s", "0s", "0-0", "1:60", "1:2:3:4", "1-", "1-24",
        ":30", "1:", "1.s", ".5s", "inf", "nan", "1x", "99999999999999d", "1111111111111111s", "1-2-3", "1:00h",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        double seconds;
        if (gk_parse_duration(wrong[i], &seconds) == 0)
            printf("'%s' was taken for %g s\n", wrong[i], seconds);
        CHECK(gk_parse_duration(wrong[i], &seconds) < 0);
        CHECK_CONTAINS(gk_error_message(), "expected a length of time");
    }
}

TEST_MAIN(
    RUN(units_are_added_up)
    RUN(as_slurm_writes_them)
    RUN(anything_else_is_refused))
