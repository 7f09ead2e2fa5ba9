/* test_blas.c -- products are right before and after OpenBLAS's kernels were changed, and the environment is as it was. */
#include "../test.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/blas.h"

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
    gk_blas_sgemm(false, false, n, n, n, a, n, b, n, 0, c, n);
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

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

TEST(products_are_right_and_the_environment_is_as_it_was)
{
    char core[64], threads[64];
    snprintf(core, sizeof core, "%s", variable("OPENBLAS_CORETYPE"));
    snprintf(threads, sizeof threads, "%s", variable("OPENBLAS_NUM_THREADS"));
    CHECK_INT(gk_blas_prepare(1), 0);
    CHECK_INT(gk_blas_prepare(3), 0);
    for (int n = 1; n < 400; n = 2 * n + 1)
        CHECK_CLOSE(error_of_product(n), 0, 0);
    CHECK_TEXT(variable("OPENBLAS_CORETYPE"), core);
    CHECK_TEXT(variable("OPENBLAS_NUM_THREADS"), threads);
}

/* Debian's OpenBLAS, at least, has all kernels; a build for one processor has no choice. */
TEST(kernels_are_not_older_than_the_processor)
{
#if defined(__x86_64__)
    const char *old[] = { "Prescott", "Core2", "Nehalem", "Sandybridge" };
    CHECK_INT(gk_blas_prepare(1), 0);
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        CHECK(getenv("OPENBLAS_CORETYPE") || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") ||
              strcasecmp(gk_blas_core(), old[i]) != 0);
#endif
}

/* The first prepare of a process decides: in a process of its own.  (A library that is linked in has chosen before, and other
 * processors have no Nehalem.) */
TEST(whoever_names_a_core_decides)
{
#if defined(__x86_64__) && defined(GK_BLAS_FILE)
    int   status = -1;
    pid_t child  = fork();
    if (child == 0) {
        bool has = setenv("OPENBLAS_CORETYPE", "Nehalem", 1) == 0 && setenv("OPENBLAS_NUM_THREADS", "2", 1) == 0 &&
                   gk_blas_prepare(1) == 0 && (!*gk_blas_core() || strcasecmp(gk_blas_core(), "Nehalem") == 0) &&
                   strcmp(variable("OPENBLAS_NUM_THREADS"), "2") == 0;
        _exit(has && error_of_product(150) <= 0 ? 0 : 1);
    }
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
#endif
}

TEST_MAIN(RUN(whoever_names_a_core_decides)
          RUN(products_are_right_and_the_environment_is_as_it_was)
          RUN(kernels_are_not_older_than_the_processor))
