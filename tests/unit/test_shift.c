/* test_shift.c -- equidistant and equivariant: base classes as 'Grokking Explained' counts them, and items as their law says. */
#include <stdlib.h>
#include "../test.h"
#include "data_fixture.h"
#include "base/rng.h"
#include "data/build.h"

enum { N_REAL = 117, BLOCK = 13 };

static gk_data_args args_of(const char *task)
{
    return (gk_data_args){ .task = gk_task_find(task), .fraction = 0.3, .data_seed = -1, .n_item = 800, .n_test = 400,
                           .sigma = 0.1, .separation = 1 };
}

/* --- base classes ----------------------------- */

/* Pairs of base classes at every distance, within a class and across. */
static void count_pairs(const int *base, int n, int n_sub, int *within, int *across)
{
    for (int i = 0; i < n; i++)
        for (int k = i + 1; k < n; k++)
            (i / n_sub == k / n_sub ? within : across)[gk_base_distance(base[i], base[k])]++;
}

TEST(the_largest_sets_are_those_of_the_paper)
{
    int member[512];
    CHECK_INT(gk_base_clique(2, 0, member), 9);
    CHECK_INT(gk_base_clique(2, 1, member), 9);
    for (int i = 0; i < 9; i++)
        CHECK_INT(member[i], 1 << i);
    CHECK_INT(gk_base_clique(6, 0, member), 4);
    CHECK_INT(gk_base_clique(6, 63, member), 4);    /* the paper's begins there */
    CHECK_INT(gk_base_clique(5, 0, member), 2);     /* three numbers cannot differ in an odd number of bits, all from all */
}

TEST(equidistant_subclasses_are_all_at_distance_2)
{
    int base[GK_BASES_MAX], within[10] = { 0 }, across[10] = { 0 };
    CHECK_INT(gk_equidistant_bases(base), 2);
    for (int i = 0; i < 8; i++)
        CHECK_INT(base[i], 1 << i);
    count_pairs(base, 8, 2, within, across);
    CHECK_INT(within[2], 4);
    CHECK_INT(across[2], 24);
}

/* 36 and 144 pairs within a class, and across, by distance. */
static void check_equivariant(const int *base)
{
    static const int expected[10] = { [4] = 180, [5] = 72, [6] = 276, [7] = 36, [8] = 36 };
    int within[10] = { 0 }, across[10] = { 0 };
    count_pairs(base, 40, 10, within, across);
    CHECK_INT(within[1], 36);
    CHECK_INT(within[2], 144);
    for (int distance = 0; distance < 10; distance++)
        CHECK_INT(across[distance], expected[distance]);
}

TEST(equivariant_subclasses_are_at_the_distances_of_the_paper)
{
    static const int centre[] = { 63, 240, 323, 396 };    /* the paper's own */
    int base[GK_BASES_MAX], theirs[GK_BASES_MAX];
    CHECK_INT(gk_equivariant_bases(base), 10);
    check_equivariant(base);
    for (int i = 0; i < 40; i++)
        theirs[i] = centre[i / 10] ^ (i % 10 > 0 ? 1 << (i % 10 - 1) : 0);
    check_equivariant(theirs);
}

/* --- items ----------------------------- */

/* Means of the train items of every subclass, in [n][N_REAL], and the mean square of a real about them. */
static double means(const gk_dataset *dataset, int64_t n_train, double *mean)
{
    const gk_subclasses *subclass = &dataset->subclass;
    double n_each = (double)n_train / subclass->n, square = 0;
    for (int64_t i = 0; i < n_train * N_REAL; i++)
        mean[subclass->of[i / N_REAL] * N_REAL + i % N_REAL] += (double)dataset->real[i] / n_each;
    for (int64_t i = 0; i < n_train * N_REAL; i++)
        square += pow((double)dataset->real[i] - mean[subclass->of[i / N_REAL] * N_REAL + i % N_REAL], 2);
    return square / (double)(n_train * N_REAL);
}

/* The squared distances of means are those of the base classes times the separation's square, but for noise. */
static void check_means(const char *task, double sigma, double separation, gk_covariance covariance, const int *base)
{
    gk_data_args args = args_of(task);
    args.n_item = 8000, args.sigma = sigma, args.separation = separation, args.covariance = covariance;
    gk_dataset *dataset = build(args);
    const int   n = dataset->subclass.n;
    double     *mean = calloc((size_t)n * N_REAL, sizeof *mean);
    double      variance = means(dataset, args.n_item, mean), bias = 2 * N_REAL * sigma * sigma * n / 8000;
    CHECK_CLOSE(variance, sigma * sigma * (1 - n / 8000.0), 0.02 * sigma * sigma);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++) {
            double square = 0;
            for (int r = 0; r < N_REAL; r++)
                square += pow(mean[i * N_REAL + r] - mean[k * N_REAL + r], 2);
            CHECK_CLOSE(square, gk_base_distance(base[i], base[k]) * separation * separation + bias, 0.12);
        }
    free(mean);
    gk_dataset_free(dataset);
}

TEST(means_are_as_far_from_each_other_as_base_classes)
{
    int base[GK_BASES_MAX];
    gk_equidistant_bases(base);
    check_means("equidistant", 0.1, 1, GK_COVARIANCE_ISOTROPIC, base);
    check_means("equidistant", 0.2, 0.7, GK_COVARIANCE_RANDOM, base);
    gk_equivariant_bases(base);
    check_means("equivariant", 0.05, 1, GK_COVARIANCE_ISOTROPIC, base);
}

/* Isotropic noise has no direction: of 13 reals the largest and the smallest variance are alike; a random one's are not. */
static double spread_of_variances(gk_covariance covariance)
{
    gk_data_args args = args_of("equidistant");
    args.n_item = 4000, args.separation = 0, args.covariance = covariance;
    gk_dataset *dataset = build(args);
    double least = INFINITY, most = 0;
    for (int r = 0; r < BLOCK; r++) {
        double square = 0;
        for (int64_t i = 0; i < args.n_item; i++)
            square += pow((double)dataset->real[i * N_REAL + r], 2);
        least = fmin(least, square);
        most = fmax(most, square);
    }
    gk_dataset_free(dataset);
    return most / least;
}

TEST(a_random_covariance_has_directions)
{
    CHECK(spread_of_variances(GK_COVARIANCE_ISOTROPIC) < 1.2);
    CHECK(spread_of_variances(GK_COVARIANCE_RANDOM) > 1.4);
}

TEST(items_are_balanced_named_and_the_same_in_larger_sets)
{
    gk_data_args args = args_of("equivariant");
    gk_dataset *few = build(args), *many;
    args.n_item = 1000;
    many = build(args);
    CHECK_INT(few->n_item, 1200);
    CHECK_INT(few->n_answer, 4);
    CHECK_INT(few->subclass.n, 40);
    CHECK_TEXT(few->subclass.by, "own");
    CHECK_TEXT(few->subclass.name[0], "1.0");
    CHECK_TEXT(few->subclass.name[39], "4.9");
    int n[2][40] = { { 0 } };
    for (int64_t i = 0; i < few->n_item; i++) {
        n[i >= 800][few->subclass.of[i]]++;
        CHECK_INT(few->label[i], few->subclass.of[i] / 10);
    }
    for (int i = 0; i < 40; i++)
        CHECK(n[0][i] == 20 && n[1][i] == 10);
    CHECK(memcmp(few->real, many->real, 800 * N_REAL * sizeof *few->real) == 0);
    CHECK(memcmp(few->real + 800 * N_REAL, many->real + 1000 * N_REAL, 400 * N_REAL * sizeof *few->real) == 0);
    CHECK(memcmp(few->real, few->real + 800 * N_REAL, N_REAL * sizeof *few->real) != 0);    /* test items are drawn apart */
    gk_dataset_free(few);
    gk_dataset_free(many);
    args.data_seed = 1;
    many = build(args);
    few = build(args_of("equivariant"));
    CHECK(few->real[0] != many->real[0]);
    gk_dataset_free(few);
    gk_dataset_free(many);
}

TEST_MAIN(
    RUN(the_largest_sets_are_those_of_the_paper)
    RUN(equidistant_subclasses_are_all_at_distance_2)
    RUN(equivariant_subclasses_are_at_the_distances_of_the_paper)
    RUN(means_are_as_far_from_each_other_as_base_classes)
    RUN(a_random_covariance_has_directions)
    RUN(items_are_balanced_named_and_the_same_in_larger_sets)
)
