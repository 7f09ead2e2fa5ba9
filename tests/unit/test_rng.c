/* test_rng.c -- random numbers: the published generator, the frozen mapping to numbers, and their statistics. */
#include "base/rng.h"

#include <stdlib.h>
#include "base/error.h"
#include "../test.h"

/* A seed and step for which Philox sees this key and counter. */
static void philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t high = key[1] ^ GK_RNG_TEST * 0x9E3779B9u;
    gk_rng_block((uint64_t)high << 32 | key[0], GK_RNG_TEST, (uint64_t)counter[3] << 32 | counter[2],
                 (uint64_t)counter[1] << 32 | counter[0], out);
}

/* Random123's file kat_vectors, generator philox4x32 with 10 rounds. */
TEST(published_vectors_of_philox4x32_10)
{
    static const struct { uint32_t counter[4], key[2], expected[4]; } rows[] = {
        { { 0, 0, 0, 0 }, { 0, 0 }, { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
        { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, { 0xffffffff, 0xffffffff },
          { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
        { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, { 0xa4093822, 0x299f31d0 },
          { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
    };
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        uint32_t out[4];
        philox(rows[row].counter, rows[row].key, out);
        for (int i = 0; i < 4; i++)
            CHECK_INT(out[i], rows[row].expected[i]);
    }
}

TEST(seed_purpose_step_and_index_each_change_the_numbers)
{
    double base = gk_rng_uniform(1, GK_RNG_INIT, 2, 3);
    CHECK(base == gk_rng_uniform(1, GK_RNG_INIT, 2, 3));
    CHECK(base != gk_rng_uniform(2, GK_RNG_INIT, 2, 3));
    CHECK(base != gk_rng_uniform(1 + (1ull << 32), GK_RNG_INIT, 2, 3));
    CHECK(base != gk_rng_uniform(1, GK_RNG_BATCH, 2, 3));
    CHECK(base != gk_rng_uniform(1, GK_RNG_INIT, 1, 3));
    CHECK(base != gk_rng_uniform(1, GK_RNG_INIT, 2 + (1ull << 32), 3));
    CHECK(base != gk_rng_uniform(1, GK_RNG_INIT, 2, 4));
    CHECK(base != gk_rng_uniform(1, GK_RNG_INIT, 2, 3 + (1ull << 34)));
}

TEST(numbers_are_made_from_words_as_documented)
{
    for (uint64_t block = 0; block < 50; block++) {
        uint32_t words[4];
        gk_rng_block(9, GK_RNG_TEST, 5, block, words);
        for (uint64_t i = 0; i < 4; i++) {
            CHECK(gk_rng_uniform(9, GK_RNG_TEST, 5, 4 * block + i) == words[i] / 4294967296.0);
            CHECK_INT(gk_rng_below(9, GK_RNG_TEST, 5, 4 * block + i, 97), (words[i] * 97ull) >> 32);
        }
        double u = ldexp((double)((((uint64_t)words[1] << 32 | words[0]) >> 11) + 1), -53);
        double v = ldexp((double)((((uint64_t)words[3] << 32 | words[2]) >> 11) + 1), -53);
        double pi = acos(-1);
        CHECK_CLOSE(gk_rng_normal(9, GK_RNG_TEST, 5, 2 * block), sqrt(-2 * log(u)) * cos(2 * pi * v), 1e-14);
        CHECK_CLOSE(gk_rng_normal(9, GK_RNG_TEST, 5, 2 * block + 1), sqrt(-2 * log(u)) * sin(2 * pi * v), 1e-14);
    }
}

TEST(moments_of_uniform_and_normal_numbers)
{
    enum { N = 200000 };
    double sum = 0, sum2 = 0, normal_sum = 0, normal_sum2 = 0, normal_sum4 = 0, neighbours = 0, before = 0;
    for (uint64_t i = 0; i < N; i++) {
        double u = gk_rng_uniform(4, GK_RNG_TEST, 0, i), z = gk_rng_normal(4, GK_RNG_TEST, 1, i);
        CHECK(u >= 0 && u < 1);
        CHECK(isfinite(z));
        sum += u;
        sum2 += u * u;
        normal_sum += z;
        normal_sum2 += z * z;
        normal_sum4 += z * z * z * z;
        neighbours += z * before;
        before = z;
    }
    /* Five standard errors each. */
    CHECK_CLOSE(sum / N, 0.5, 5 * 0.2887 / sqrt(N));
    CHECK_CLOSE(sum2 / N, 1.0 / 3, 5 * 0.2981 / sqrt(N));
    CHECK_CLOSE(normal_sum / N, 0, 5 / sqrt(N));
    CHECK_CLOSE(normal_sum2 / N, 1, 5 * 1.4142 / sqrt(N));
    CHECK_CLOSE(normal_sum4 / N, 3, 5 * 9.798 / sqrt(N));
    CHECK_CLOSE(neighbours / N, 0, 5 / sqrt(N));
}

TEST(whole_numbers_below_n_are_even)
{
    enum { N = 97000 };
    int count[97] = { 0 };
    for (uint64_t i = 0; i < N; i++) {
        uint32_t number = gk_rng_below(7, GK_RNG_TEST, 0, i, 97);
        CHECK(number < 97);
        count[number % 97]++;
    }
    double chi2 = 0;
    for (int i = 0; i < 97; i++)
        chi2 += (count[i] - 1000.0) * (count[i] - 1000.0) / 1000.0;
    CHECK_CLOSE(chi2, 96, 5 * sqrt(2 * 96));
    CHECK_INT(gk_rng_below(7, GK_RNG_TEST, 0, 0, 1), 0);
}

static int is_permutation(const int32_t *order, int64_t n)
{
    char *seen = calloc((size_t)n + 1, 1);
    int is_one = 1;
    for (int64_t i = 0; i < n; i++)
        is_one = is_one && order[i] >= 0 && order[i] < n && !seen[order[i]]++;
    free(seen);
    return is_one;
}

TEST(a_permutation_has_every_number_once)
{
    static int32_t order[60000];
    static const int64_t sizes[] = { 0, 1, 2, 3, 10, 255, 256, 257, 12769, 60000 };
    for (int i = 0; i < 10; i++) {
        CHECK_INT(gk_rng_permutation(3, GK_RNG_SPLIT, 0, order, sizes[i]), 0);
        CHECK(is_permutation(order, sizes[i]));
    }
}

static uint64_t key_of(int32_t number)
{
    uint32_t words[4];
    gk_rng_block(3, GK_RNG_SPLIT, 8, (uint64_t)number >> 1, words);
    int first = 2 * (number & 1);
    return (uint64_t)words[first + 1] << 32 | words[first];
}

TEST(a_permutation_is_sorted_by_its_keys)
{
    int32_t order[5001];
    CHECK_INT(gk_rng_permutation(3, GK_RNG_SPLIT, 8, order, 5001), 0);
    for (int i = 1; i < 5001; i++)
        CHECK(key_of(order[i - 1]) < key_of(order[i]) || (key_of(order[i - 1]) == key_of(order[i]) && order[i - 1] < order[i]));
}

TEST(permutations_repeat_and_differ_by_seed_step_and_purpose)
{
    int32_t base[1000], other[1000];
    gk_rng_permutation(3, GK_RNG_SPLIT, 0, base, 1000);
    gk_rng_permutation(3, GK_RNG_SPLIT, 0, other, 1000);
    CHECK(memcmp(base, other, sizeof base) == 0);
    gk_rng_permutation(4, GK_RNG_SPLIT, 0, other, 1000);
    CHECK(memcmp(base, other, sizeof base) != 0);
    gk_rng_permutation(3, GK_RNG_SPLIT, 1, other, 1000);
    CHECK(memcmp(base, other, sizeof base) != 0);
    gk_rng_permutation(3, GK_RNG_BATCH, 0, other, 1000);
    CHECK(memcmp(base, other, sizeof base) != 0);
}

/* Changing any of these makes old checkpoints irreproducible. */
TEST(frozen_values)
{
    uint32_t words[4];
    gk_rng_block(42, GK_RNG_INIT, 1, 2, words);
    static const uint32_t frozen[4] = { 0xef65484c, 0x57d4468d, 0xf5e5cd28, 0xb5e9e3ff };
    for (int i = 0; i < 4; i++)
        CHECK_INT(words[i], frozen[i]);
    CHECK_CLOSE(gk_rng_normal(42, GK_RNG_INIT, 1, 4), -0.35842021590616246, 1e-14);
    CHECK_CLOSE(gk_rng_normal(42, GK_RNG_INIT, 1, 5), -1.4181331965487922, 1e-14);
    int32_t order[10];
    static const int32_t frozen_order[10] = { 1, 9, 4, 8, 3, 0, 5, 2, 7, 6 };
    CHECK_INT(gk_rng_permutation(0, GK_RNG_SPLIT, 0, order, 10), 0);
    for (int i = 0; i < 10; i++)
        CHECK_INT(order[i], frozen_order[i]);
}

TEST_MAIN(
    RUN(published_vectors_of_philox4x32_10)
    RUN(seed_purpose_step_and_index_each_change_the_numbers)
    RUN(numbers_are_made_from_words_as_documented)
    RUN(moments_of_uniform_and_normal_numbers)
    RUN(whole_numbers_below_n_are_even)
    RUN(a_permutation_has_every_number_once)
    RUN(a_permutation_is_sorted_by_its_keys)
    RUN(permutations_repeat_and_differ_by_seed_step_and_purpose)
    RUN(frozen_values))
