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
    RUN(a_sum_may_be_given_up))
