/* test_blas.c -- products are right before and after OpenBLAS's kernels were changed, and the environment is as it was. */
#include "../test.h"
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/blas.h"

extern char *openblas_get_corename(void) __attribute__((weak));

static const char *core_name(void)
{
    return openblas_get_corename ? openblas_get_corename() : "";
}

/* Largest error of a product of n x n matrices of small whole numbers, whose sums are exact. */
static double error_of_product(int n)
{
    float *a = malloc((size_t)(n * n) * sizeof *a), *b = malloc((size_t)(n * n) * sizeof *b);
    float *c = malloc((size_t)(n * n) * sizeof *c);
    double most = 0;
    for (int i = 0; i < n * n; i++) {
        a[i] = (float)(i * 7 % 11 - 5);
        b[i] = (float)(i * 5 % 13 - 6);
    }
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < n; k++)
                sum += (double)a[i * n + k] * b[k * n + j];
            most = fmax(most, fabs(sum - c[i * n + j]));
        }
    free(a);
    free(b);
    free(c);
    return most;
}

/* The first prepare is the one that changes kernels, so that this has to come first. */
TEST(products_are_right_before_and_after)
{
    char        before[64], chosen[64];
    const char *variable = getenv("OPENBLAS_CORETYPE");
    snprintf(before, sizeof before, "%s", core_name());
    snprintf(chosen, sizeof chosen, "%s", variable ? variable : "");
    CHECK_CLOSE(error_of_product(150), 0, 0);
    CHECK_INT(gk_blas_prepare(1), 0);
    CHECK_INT(gk_blas_prepare(3), 0);
    for (int n = 1; n < 400; n = 2 * n + 1)
        CHECK_CLOSE(error_of_product(n), 0, 0);
    variable = getenv("OPENBLAS_CORETYPE");
    CHECK_TEXT(variable ? variable : "", chosen);
    if (*chosen)    /* whoever sets the variable decides */
        CHECK_TEXT(core_name(), before);
}

/* Debian's OpenBLAS, at least, has all kernels; a build for one processor has no choice. */
TEST(kernels_are_not_older_than_the_processor)
{
#if defined(__x86_64__)
    const char *old[] = { "Prescott", "Core2", "Nehalem", "Sandybridge" };
    CHECK_INT(gk_blas_prepare(1), 0);
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        CHECK(getenv("OPENBLAS_CORETYPE") || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
              strcasecmp(core_name(), old[i]) != 0);
#endif
}

TEST_MAIN(RUN(products_are_right_before_and_after)
          RUN(kernels_are_not_older_than_the_processor))
