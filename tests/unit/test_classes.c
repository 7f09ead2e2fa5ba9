/* Equal things found by hash. */
#include "../test.h"
#include "base/classes.h"

static int64_t n_compared;

static bool same_number(const void *context, int64_t a, int64_t b)
{
    const int64_t *value = context;
    n_compared++;
    return value[a] == value[b];
}

TEST(the_first_of_each_class_is_found)
{
    enum { N = 5000, CLASSES = 700 };
    static int64_t value[N];
    gk_classes classes = gk_classes_new(same_number, value);
    for (int64_t i = 0; i < N; i++) {
        value[i] = i * 37 % CLASSES;
        CHECK_INT(gk_class_first(&classes, i, gk_hash_whole(GK_HASH, value[i])), i < CLASSES ? i : i % CLASSES);
    }
    CHECK_INT(classes.n, CLASSES);
    gk_classes_release(&classes);
}

TEST(few_are_compared_and_equal_hashes_do_no_harm)
{
    enum { N = 100000 };
    static int64_t value[N];
    gk_classes classes = gk_classes_new(same_number, value);
    n_compared = 0;
    for (int64_t i = 0; i < N; i++) {
        value[i] = i;
        CHECK_INT(gk_class_first(&classes, i, gk_hash_whole(GK_HASH, i)), i);
    }
    CHECK(n_compared < 10);
    gk_classes_release(&classes);
    classes = gk_classes_new(same_number, value);
    for (int64_t i = 0; i < 100; i++)
        CHECK_INT(gk_class_first(&classes, i, 7), i);
    CHECK_INT(gk_class_first(&classes, 50, 7), 50);
    gk_classes_release(&classes);
}

TEST(equal_numbers_have_equal_hashes)
{
    CHECK(gk_hash_real(GK_HASH, 0.0) == gk_hash_real(GK_HASH, -0.0));
    CHECK(gk_hash_real(GK_HASH, 0.1) != gk_hash_real(GK_HASH, 0.2));
    CHECK(gk_hash_bytes(gk_hash_bytes(GK_HASH, "a", 1), "bc", 2) == gk_hash_bytes(GK_HASH, "abc", 3));
}

TEST_MAIN(
    RUN(the_first_of_each_class_is_found)
    RUN(few_are_compared_and_equal_hashes_do_no_harm)
    RUN(equal_numbers_have_equal_hashes))
