/* test_cluster.c -- eigenvalues, principal components, classical scaling, k-means and silhouettes: cases with known answers, and
 * the numbers of scikit-learn 1.9.1 on the same points, by
 *
 *   KMeans(k, n_init=2000, random_state=0, tol=0, algorithm='lloyd').fit(X).inertia_, silhouette_samples(X, labels).mean()
 *   PCA(4, svd_solver='full').fit(X);  ClassicalMDS(2, metric='precomputed').fit(distances of X[:12])
 *
 * where X are three clouds of 40 points (points() below, as it stands there in Python). */
#include <stdbool.h>
#include <stdlib.h>
#include "../test.h"
#include "analysis/cluster.h"
#include "analysis/eigen.h"
#include "base/rng.h"

enum { N = 120, D = 4 };
static double x[N * D];

static double uniform(void)
{
    static uint64_t state = 12345;
    state = (1103515245 * state + 12345) % (UINT64_C(1) << 31);
    return (double)state / (double)(UINT64_C(1) << 31);
}

static void points(void)
{
    static const double centre[3][D] = { { 0, 0, 0, 0 }, { 1.5, 0, 0, 0.5 }, { 0, 1.5, 0.5, 0 } };
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++) {
            double a = uniform(), b = uniform(), c = uniform();
            x[i * D + j] = centre[i / 40][j] + a + b + c - 1.5;
        }
}

static double normal(int i)
{
    return gk_rng_normal(7, GK_RNG_TEST, 1, (uint64_t)i);
}

/* --- eigenvalues ---------------------------------------------------------------------------------------------------- */

/* A Q = Q L, Q orthonormal, values descending. */
static void check_eigen(int n, const double *a)
{
    double *q = malloc((size_t)(n * n) * sizeof *q), *value = malloc((size_t)n * sizeof *value), scale = 1e-300;
    memcpy(q, a, (size_t)(n * n) * sizeof *q);
    CHECK_INT(gk_eigen_symmetric(n, q, value), 0);
    for (int i = 0; i < n * n; i++)
        scale = fmax(scale, fabs(a[i]));
    for (int r = 0; r < n; r++) {
        CHECK(r == 0 || value[r] <= value[r - 1]);
        for (int i = 0; i < n; i++) {
            double left = 0, product = 0;
            for (int k = 0; k < n; k++) {
                left += a[i * n + k] * q[r * n + k];
                product += q[r * n + k] * q[i * n + k];
            }
            CHECK_CLOSE(left, value[r] * q[r * n + i], 1e-13 * n * scale);
            CHECK_CLOSE(product, i == r, 1e-13 * n);
        }
    }
    free(q);
    free(value);
}

TEST(eigenvalues_of_known_matrices)
{
    double two[] = { 2, 1, 1, 2 }, value[6], wide[36] = { 0 };
    CHECK_INT(gk_eigen_symmetric(2, two, value), 0);
    CHECK_CLOSE(value[0], 3, 1e-15);
    CHECK_CLOSE(value[1], 1, 1e-15);
    CHECK_CLOSE(two[0], sqrt(0.5), 1e-15);
    CHECK_CLOSE(two[1], sqrt(0.5), 1e-15);
    for (int i = 0; i < 6; i++)    /* a chain: 2 - 2 cos(pi k / 7) */
        for (int j = 0; j < 6; j++)
            wide[i * 6 + j] = i == j ? 2 : abs(i - j) == 1 ? -1 : 0;
    CHECK_INT(gk_eigen_symmetric(6, wide, value), 0);
    for (int k = 1; k <= 6; k++)
        CHECK_CLOSE(value[6 - k], 2 - 2 * cos(acos(-1) * k / 7), 1e-14);
    double one[] = { -3 };
    CHECK_INT(gk_eigen_symmetric(1, one, value), 0);
    CHECK(value[0] == -3 && one[0] == 1);
    double bad[] = { 1, NAN, NAN, 1 };
    CHECK_INT(gk_eigen_symmetric(2, bad, value), -1);
}

TEST(axes_are_orthonormal_and_diagonalise)
{
    static const int sizes[] = { 2, 3, 7, 40 };
    for (int s = 0; s < 4; s++)
        for (int kind = 0; kind < 5; kind++) {
            int     n = sizes[s];
            double *a = calloc((size_t)(n * n), sizeof *a);
            for (int i = 0; i < n; i++)
                for (int j = 0; j <= i; j++)    /* normal; of rank 1; diagonal with equal values; nothing; badly scaled */
                    a[i * n + j] = a[j * n + i] = kind == 0   ? normal(i * n + j)
                                                  : kind == 1 ? normal(i) * normal(j)
                                                  : kind == 2 ? (i == j) * (i % 3)
                                                  : kind == 3 ? 0
                                                              : normal(i * n + j) * pow(10, -(i + j) % 9);
            check_eigen(n, a);
            free(a);
        }
}

/* --- few dimensions ------------------------------------------------------------------------------------------------- */

TEST(components_are_those_of_scikit_learn)
{
    static const double expected[] = { 1.02022599485798, 0.540400770629903, 0.258383543843557, 0.212648036468702 };
    static const double axis[2][D] = { { 0.66415984, -0.64263866, -0.27546614, 0.26462363 },
                                       { 0.6320077, 0.64869478, 0.29911, 0.30049053 } };
    double mean[D], axes[D * D], variance[D], projected[2], square = 0;
    gk_components pca = { mean, axes, variance, 0 };
    CHECK_INT(gk_pca(N, D, x, D, &pca), 0);
    for (int i = 0; i < D; i++) {
        CHECK_CLOSE(variance[i], expected[i], 1e-13);
        CHECK_CLOSE(axes[i], axis[0][i], 1e-8);
        CHECK_CLOSE(axes[D + i], axis[1][i], 1e-8);
    }
    CHECK_CLOSE(pca.total, variance[0] + variance[1] + variance[2] + variance[3], 1e-13);
    for (int i = 0; i < N; i++) {
        gk_pca_project(&pca, D, 2, x + i * D, projected);
        square += projected[0] * projected[0] / (N - 1);
    }
    CHECK_CLOSE(square, variance[0], 1e-13);
}

static void squares_of(int n, int d, const double *from, double *out)
{
    for (int i = 0; i < n * n; i++) {
        out[i] = 0;
        for (int k = 0; k < d; k++)
            out[i] += pow(from[i / n * d + k] - from[i % n * d + k], 2);
    }
}

TEST(scaling_is_that_of_scikit_learn_and_exact_where_it_can_be)
{
    static const double expected[3][2] = { { 0.02935492, 0.39741332 }, { 0.48453787, 1.0563673 }, { 0.12860587, 0.47338632 } };
    double square[144], out[12 * D], value[D], back[144], stress;
    squares_of(12, D, x, square);
    CHECK_INT(gk_mds(12, square, 2, out, value, &stress), 0);
    CHECK_CLOSE(value[0], 3.65188555, 1e-8);
    CHECK_CLOSE(value[1], 2.82952754, 1e-8);
    for (int i = 0; i < 3; i++)    /* the signs of axes are a convention */
        for (int c = 0; c < 2; c++)
            CHECK_CLOSE(fabs(out[i * 2 + c]), expected[i][c], 1e-7);
    CHECK(stress > 0.01 && stress < 0.5);
    CHECK_INT(gk_mds(12, square, D, out, value, &stress), 0);    /* as many dimensions as the points have */
    squares_of(12, D, out, back);
    for (int i = 0; i < 144; i++)
        CHECK_CLOSE(back[i], square[i], 1e-12);
    CHECK_CLOSE(stress, 0, 1e-12);
    double line[] = { 0, 1, 4, 1, 0, 1, 4, 1, 0 };    /* three points on a line */
    CHECK_INT(gk_mds(3, line, 2, out, value, &stress), 0);
    CHECK_CLOSE(fabs(out[0] - out[4]), 2, 1e-12);
    CHECK_CLOSE(value[1], 0, 1e-12);
}

/* --- clusters ------------------------------------------------------------------------------------------------------- */

TEST(clusters_are_those_of_scikit_learn)
{
    static const struct { int k; double inertia, silhouette; } rows[] = {
        { 2, 153.336537092044, 0.316021295023811 }, { 3, 107.821776984371, 0.325433539132987 },
        { 5, 84.7189056706839, 0.229710555808848 },
    };
    for (int row = 0; row < 3; row++) {
        gk_cluster_args args = { rows[row].k, 400, 300, 0 };
        double  centre[5 * D], inertia, again, silhouette[N], mean = 0;
        int32_t of[N], same[N];
        CHECK_INT(gk_cluster(&args, N, D, x, centre, of, &inertia), 0);
        CHECK_CLOSE(inertia, rows[row].inertia, 1e-11);
        CHECK_INT(gk_silhouette(rows[row].k, N, D, x, of, silhouette), 0);
        for (int i = 0; i < N; i++)
            mean += silhouette[i] / N;
        CHECK_CLOSE(mean, rows[row].silhouette, 1e-13);
        CHECK_INT(gk_cluster(&args, N, D, x, centre, same, &again), 0);
        CHECK(again == inertia && memcmp(of, same, sizeof of) == 0);
        for (int i = 0; i < N; i++) {    /* every point is with its nearest centre */
            double square;
            CHECK_INT(gk_cluster_nearest(rows[row].k, D, centre, x + i * D, &square), of[i]);
        }
    }
}

TEST(clusters_that_are_apart_are_found)
{
    enum { N_EACH = 30, K = 6 };
    double  far[N_EACH * K * 2], centre[K * 2], inertia, silhouette[N_EACH * K];
    int32_t of[N_EACH * K];
    for (int i = 0; i < N_EACH * K; i++) {
        far[2 * i] = 10 * (i % K) + 0.5 * normal(2 * i);
        far[2 * i + 1] = 20 * (i % K == 3) + 0.5 * normal(2 * i + 1);
    }
    gk_cluster_args args = { K, 10, 100, 3 };
    CHECK_INT(gk_cluster(&args, N_EACH * K, 2, far, centre, of, &inertia), 0);
    for (int i = K; i < N_EACH * K; i++)
        CHECK_INT(of[i], of[i % K]);
    CHECK_CLOSE(inertia / (N_EACH * K * 2), 0.25, 0.05);
    CHECK_INT(gk_silhouette(K, N_EACH * K, 2, far, of, silhouette), 0);
    for (int i = 0; i < N_EACH * K; i++)
        CHECK(silhouette[i] > 0.7);
}

TEST(few_points_and_places)
{
    static const double points[] = { 0, 0, 5, 5, 9 };
    gk_cluster_args args = { 3, 4, 10, 0 };
    double  centre[5], inertia, silhouette[5];
    int32_t of[5];
    CHECK_INT(gk_cluster(&args, 5, 1, points, centre, of, &inertia), 0);
    CHECK(inertia == 0 && of[0] == of[1] && of[2] == of[3] && of[0] != of[2] && of[4] != of[0] && of[4] != of[2]);
    CHECK_INT(gk_silhouette(3, 5, 1, points, of, silhouette), 0);
    CHECK(silhouette[0] == 1 && silhouette[4] == 0);
    args.k = 4;
    CHECK_INT(gk_cluster(&args, 5, 1, points, centre, of, &inertia), -1);
    CHECK_CONTAINS(gk_error_message(), "4 clusters of 5 points at only 3 places");
    args.k = 6;
    CHECK_INT(gk_cluster(&args, 5, 1, points, centre, of, &inertia), -1);
    CHECK_CONTAINS(gk_error_message(), "6 clusters of 5 points: expected 1 to 5");
    args.k = 1;
    CHECK_INT(gk_cluster(&args, 5, 1, points, centre, of, &inertia), 0);
    CHECK_CLOSE(centre[0], 3.8, 1e-15);
    CHECK_INT(gk_silhouette(1, 5, 1, points, of, silhouette), 0);
    CHECK(isnan(silhouette[0]));
    static const double bad[] = { 0, INFINITY };
    CHECK_INT(gk_cluster(&args, 2, 1, bad, centre, of, &inertia), -1);
}

TEST(points_are_those_of_python)
{
    points();
    CHECK_CLOSE(x[0], 0.13492900552228093, 1e-15);
    CHECK_CLOSE(x[N * D - 1], 0.25158135406672955, 1e-15);
}

TEST_MAIN(
    RUN(points_are_those_of_python)
    RUN(eigenvalues_of_known_matrices)
    RUN(axes_are_orthonormal_and_diagonalise)
    RUN(components_are_those_of_scikit_learn)
    RUN(scaling_is_that_of_scikit_learn_and_exact_where_it_can_be)
    RUN(clusters_are_those_of_scikit_learn)
    RUN(clusters_that_are_apart_are_found)
    RUN(few_points_and_places)
)
