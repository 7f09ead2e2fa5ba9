/* Two-sample tests against what normal distributions give in closed form. */
#include "analysis/twosample.h"

#include <math.h>
#include <stdlib.h>
#include "base/rng.h"
#include "../test.h"

enum { N = 800, D = 3 };

static double x[N * D], y[N * D];

/* Two samples of the standard normal distribution in D dimensions, the second moved along the first axis. */
static void draw(double distance)
{
    gk_rng_normals(1, GK_RNG_TEST, 0, x, N * D);
    gk_rng_normals(1, GK_RNG_TEST, 1, y, N * D);
    for (int i = 0; i < N; i++)
        y[i * D] += distance;
}

/* 2 (h^2 / (h^2 + 2))^(d/2) (1 - exp(-distance^2 / (2 (h^2 + 2)))) */
static double mmd_of_normals(double distance, double h)
{
    return 2 * pow(h * h / (h * h + 2), D / 2.0) * (1 - exp(-distance * distance / (2 * (h * h + 2))));
}

TEST(mmd_is_that_of_the_distributions)
{
    static const double distances[] = { 0, 0.5, 1, 3 };
    for (int i = 0; i < 4; i++)
        for (int wide = 0; wide < 2; wide++) {
            draw(distances[i]);
            double h = wide ? 2.5 : 1, expected = mmd_of_normals(distances[i], h);
            CHECK_CLOSE(gk_mmd(N, N, D, x, y, h), expected, 0.005 + 0.05 * expected);
        }
    draw(0);
    CHECK(fabs(gk_mmd(N, N, D, x, y, 1)) < 0.002);
    CHECK(gk_mmd(N / 2, N, D, x, x, 1) < 0);    /* the same points: unbiased is below 0 */
}

TEST(nearest_neighbours_come_near_the_best_that_a_classifier_can)
{
    static const double distances[] = { 0, 1, 2, 8 };
    for (int i = 0; i < 4; i++) {
        draw(distances[i]);
        double best = 0.5 * erfc(-distances[i] / 2 / sqrt(2));    /* half way between the means */
        CHECK_CLOSE(gk_c2st(N, D, x, y), best, i == 3 ? 0.002 : 0.045);
    }
}

TEST(the_bandwidth_is_the_median_distance)
{
    const double a[] = { 0, 1 }, b[] = { 3, 7 };    /* distances 1 3 7 2 6 4 */
    CHECK_CLOSE(gk_median_distance(2, 2, 1, a, b), 3.5, 1e-15);
    CHECK_CLOSE(gk_median_distance(2, 1, 1, a, b), 2, 1e-15);
}

TEST_MAIN(RUN(mmd_is_that_of_the_distributions)
          RUN(nearest_neighbours_come_near_the_best_that_a_classifier_can)
          RUN(the_bandwidth_is_the_median_distance))
