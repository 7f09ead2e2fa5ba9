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

/* A number of 24 bits whose parts of 8 are all above 0: a product that leaves any out is off by 2^-17 or more. */
static float of_three_parts(int i)
{
    return (float)(1 + ldexp(64 + i * 7 % 64, -15) + ldexp(32 + i * 5 % 32, -23));
}

/* Largest error, relative to the exact value, of c = beta + op(a) op(b) for beta 2, 1 and 0; rows are longer than they must. */
static double error_of_transposed(bool trans_a, bool trans_b, int m, int n, int k)
{
    enum { MORE = 3 };
    int    lda = (trans_a ? m : k) + MORE, ldb = (trans_b ? k : n) + MORE, ldc = n + MORE;
    size_t n_a = (size_t)(lda * (trans_a ? k : m)), n_b = (size_t)(ldb * (trans_b ? n : k)), n_c = (size_t)(ldc * m);
    float *a = malloc(n_a * sizeof *a), *b = malloc(n_b * sizeof *b), *c = malloc(n_c * sizeof *c);
    double most = 0;
    for (size_t i = 0; i < n_a; i++)
        a[i] = of_three_parts((int)i);
    for (size_t i = 0; i < n_b; i++)
        b[i] = of_three_parts(3 * (int)i);
    for (int before = 2; before >= 0; before--) {
        for (size_t i = 0; i < n_c; i++)
            c[i] = 1;
        gk_blas_sgemm(trans_a, trans_b, m, n, k, a, lda, b, ldb, (float)before, c, ldc);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = before;
                for (int l = 0; l < k; l++)
                    sum += (double)(trans_a ? a[l * lda + i] : a[i * lda + l]) * (trans_b ? b[j * ldb + l] : b[l * ldb + j]);
                most = fmax(most, fabs(c[i * ldc + j] / sum - 1));
            }
            for (int j = n; j < ldc; j++)
                most = fmax(most, fabs(c[i * ldc + j] - 1.0));    /* what stands between rows is left alone */
        }
    }
    free(a);
    free(b);
    free(c);
    return most;
}

TEST(products_have_all_bits_of_a_float)
{
    const int shape[][3] = { { 128, 128, 128 }, { 113, 200, 117 }, { 70, 520, 130 }, { 96, 160, 200 }, { 8, 300, 300 } };
    CHECK_INT(gk_blas_prepare(1), 0);
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
        for (int trans = 0; trans < 4; trans++)
            CHECK_CLOSE(error_of_transposed(trans & 1, trans >> 1, shape[i][0], shape[i][1], shape[i][2]), 0, 3e-6);
}

/* One number that is not finite is seen in its row, and nowhere else. */
TEST(products_keep_what_is_not_finite)
{
    enum { N = 128 };
    const float bad[] = { NAN, INFINITY, -INFINITY };
    static float a[N * N], b[N * N], c[N * N];
    CHECK_INT(gk_blas_prepare(1), 0);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        for (int i = 0; i < N * N; i++)
            a[i] = b[i] = 1;
        a[5 * N + 7] = bad[k];
        gk_blas_sgemm(false, false, N, N, N, a, N, b, N, 0, c, N);
        for (int i = 0; i < N * N; i++)
            CHECK_INT(isfinite(c[i]) != 0, i / N != 5);
    }
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
          RUN(kernels_are_not_older_than_the_processor)
          RUN(products_have_all_bits_of_a_float)
          RUN(products_keep_what_is_not_finite))
