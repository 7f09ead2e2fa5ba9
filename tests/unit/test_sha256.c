/* test_sha256.c -- the examples of FIPS 180-2, and data in pieces. */
#include "base/sha256.h"

#include "../test.h"

static const char *sha256_of(const void *data, size_t n_bytes)
{
    static char hex[GK_SHA256_HEX];
    gk_sha256 *sum = gk_sha256_new();
    gk_sha256_add(sum, data, n_bytes);
    gk_sha256_free(sum, hex);
    return hex;
}

TEST(published_examples)
{
    CHECK_TEXT(sha256_of("", 0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_TEXT(sha256_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    CHECK_TEXT(sha256_of(two_blocks, strlen(two_blocks)),
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(a_million_letters_in_uneven_pieces)
{
    char letters[1000], hex[GK_SHA256_HEX];
    memset(letters, 'a', sizeof letters);
    gk_sha256 *sum = gk_sha256_new();
    size_t n_left = 1000000;
    for (size_t n = 0; n_left > 0; n = (n * 7 + 13) % 1000) {
        n = n < n_left ? n : n_left;
        gk_sha256_add(sum, letters, n);
        n_left -= n;
    }
    gk_sha256_free(sum, hex);
    CHECK_TEXT(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Lengths around a block and its padding, each in two pieces; the sum of all sums is from coreutils' sha256sum. */
TEST(every_length_up_to_three_blocks)
{
    char letters[200], hex[GK_SHA256_HEX];
    memset(letters, 'x', sizeof letters);
    gk_sha256 *all = gk_sha256_new();
    for (size_t n = 0; n <= 192; n++) {
        gk_sha256 *sum = gk_sha256_new();
        gk_sha256_add(sum, letters, n / 3);
        gk_sha256 *copy = gk_sha256_copy(sum);
        gk_sha256_add(copy, letters, n - n / 3);
        gk_sha256_free(copy, hex);
        gk_sha256_free(sum, NULL);
        gk_sha256_add(all, hex, strlen(hex));
    }
    gk_sha256_free(all, hex);
    CHECK_TEXT(hex, "60d791e3fe413c2c186fa59473d44ce5b19affb97254298b42d062c2a5ab891a");
}

TEST(a_sum_may_be_given_up)
{
    gk_sha256 *sum = gk_sha256_new();
    gk_sha256_add(sum, "abc", 3);
    gk_sha256_free(sum, NULL);
    gk_sha256_free(NULL, NULL);
    CHECK_TEXT(sha256_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_MAIN(
    RUN(published_examples)
    RUN(a_million_letters_in_uneven_pieces)
    RUN(every_length_up_to_three_blocks) RUN(a_sum_may_be_given_up))
