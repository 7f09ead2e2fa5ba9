/* test_arena.c -- regions and large arrays: zeroed, aligned, apart from each other. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include "base/error.h"
#include "../test.h"

/* Read by the address sanitizer, which would end the program when an array cannot be had. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static int is_zero(const unsigned char *memory, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memory[i])
            return 0;
    return 1;
}

TEST(allocations_are_zeroed_aligned_and_apart)
{
    enum { N = 500 };
    static const size_t sizes[] = { 0, 1, 63, 64, 65, 1000, 70000, 300000 };
    unsigned char *memory[N];
    size_t n_bytes[N];
    gk_arena arena = { 0 };
    for (int i = 0; i < N; i++) {
        n_bytes[i] = sizes[i % 8];
        memory[i] = gk_arena_alloc(&arena, n_bytes[i]);
        CHECK_INT((uintptr_t)memory[i] % 64, 0);
        CHECK(is_zero(memory[i], n_bytes[i]));
        memset(memory[i], i % 251 + 1, n_bytes[i]);
    }
    for (int i = 0; i < N; i++)
        for (size_t byte = 0; byte < n_bytes[i]; byte += n_bytes[i] > 1000 ? 997 : 1)
            if (memory[i][byte] != i % 251 + 1) {
                CHECK_INT(memory[i][byte], i % 251 + 1);
                break;
            }
    gk_arena_release(&arena);
    CHECK(arena.chunk == NULL);
}

TEST(empty_allocations_have_addresses_of_their_own)
{
    gk_arena arena = { 0 };
    CHECK(gk_arena_alloc(&arena, 0) != gk_arena_alloc(&arena, 0));
    gk_arena_release(&arena);
}

TEST(an_arena_can_be_used_again_after_release)
{
    gk_arena arena = { 0 };
    gk_arena_release(&arena);
    for (int i = 0; i < 3; i++) {
        CHECK(is_zero(gk_arena_alloc(&arena, 5000), 5000));
        gk_arena_release(&arena);
    }
    CHECK(arena.chunk == NULL);
}

TEST(texts_are_copied_and_printed)
{
    gk_arena arena = { 0 };
    char source[] = "abc";
    char *copy = gk_arena_strdup(&arena, source);
    source[0] = 'x';
    CHECK_TEXT(copy, "abc");
    CHECK_TEXT(gk_arena_printf(&arena, "layer%d.%s", 3, copy), "layer3.abc");
    char *longer = gk_arena_printf(&arena, "%0*d", 200000, 7);
    CHECK_INT(strlen(longer), 200000);
    CHECK_INT(longer[199999], '7');
    gk_arena_release(&arena);
}

TEST(large_arrays_are_zeroed_and_aligned)
{
    for (size_t n = 0; n < 3000000; n = 3 * n + 1) {
        unsigned char *memory = gk_alloc_large(n, "a test");
        CHECK(memory != NULL);
        CHECK_INT((uintptr_t)memory % 64, 0);
        CHECK(is_zero(memory, n));
        memset(memory, 255, n);
        free(memory);
    }
}

TEST(an_array_that_cannot_be_had_is_an_error_with_size_and_name)
{
    CHECK(gk_alloc_large(SIZE_MAX - 10, "the gradients") == NULL);
    CHECK_CONTAINS(gk_error_message(), "MiB of memory for the gradients");
    CHECK(gk_alloc_large((size_t)1 << 60, "the gradients") == NULL);
    CHECK_TEXT(gk_error_message(), "cannot get 1099511627776.0 MiB of memory for the gradients");
}

TEST_MAIN(
    RUN(allocations_are_zeroed_aligned_and_apart)
    RUN(empty_allocations_have_addresses_of_their_own)
    RUN(an_arena_can_be_used_again_after_release)
    RUN(texts_are_copied_and_printed)
    RUN(large_arrays_are_zeroed_and_aligned)
    RUN(an_array_that_cannot_be_had_is_an_error_with_size_and_name))
