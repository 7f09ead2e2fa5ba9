/* test.h -- the whole unit-test framework.  A test program is a list of TEST(title) bodies and TEST_MAIN(...).
 *
 *   TEST(a_wrong_prime_is_refused) { CHECK(gk_dataset_new(&args) == NULL); CHECK_TEXT(gk_error_message(), "..."); }
 *   TEST_MAIN(RUN(a_wrong_prime_is_refused))
 *
 * A failed check prints file, line and both values, and makes the exit status 1.  The last line of output counts the tests:
 * "N passed, N failed". */
#ifndef GK_TESTS_TEST_H
#define GK_TESTS_TEST_H

#include <math.h>
#include <stdio.h>
#include <string.h>

static int test_n_failed_check, test_n_passed, test_n_failed;

#define TEST(name) static void name(void)
#define CHECK(condition) \
    ((condition) ? (void)0 : (test_n_failed_check++, (void)printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #condition)))
#define CHECK_INT(found, expected) test_int(__FILE__, __LINE__, #found, (long long)(found), (long long)(expected))
#define CHECK_CLOSE(found, expected, tolerance) test_close(__FILE__, __LINE__, #found, found, expected, tolerance)
#define CHECK_TEXT(found, expected) test_text(__FILE__, __LINE__, #found, found, expected)
/* found contains the text `part` */
#define CHECK_CONTAINS(found, part) test_contains(__FILE__, __LINE__, #found, found, part)

static inline void test_int(const char *file, int line, const char *what, long long found, long long expected)
{
    if (found != expected) {
        test_n_failed_check++;
        printf("%s:%d: %s is %lld, expected %lld\n", file, line, what, found, expected);
    }
}

static inline void test_close(const char *file, int line, const char *what, double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance)) {
        test_n_failed_check++;
        printf("%s:%d: %s is %.17g, expected %.17g +- %g\n", file, line, what, found, expected, tolerance);
    }
}

static inline void test_text(const char *file, int line, const char *what, const char *found, const char *expected)
{
    if (!found || strcmp(found, expected) != 0) {
        test_n_failed_check++;
        printf("%s:%d: %s is '%s', expected '%s'\n", file, line, what, found ? found : "(null)", expected);
    }
}

static inline void test_contains(const char *file, int line, const char *what, const char *found, const char *part)
{
    if (!found || !strstr(found, part)) {
        test_n_failed_check++;
        printf("%s:%d: %s is '%s', expected to contain '%s'\n", file, line, what, found ? found : "(null)", part);
    }
}

static inline void test_run(const char *title, void (*body)(void))
{
    int before = test_n_failed_check;
    body();
    if (test_n_failed_check == before) {
        test_n_passed++;
    } else {
        test_n_failed++;
        printf("FAILED: %s\n", title);
    }
}

#define RUN(name) test_run(#name, name);
#define TEST_MAIN(runs)                                           \
    int main(void)                                                \
    {                                                             \
        runs                                                      \
        printf("%d passed, %d failed\n", test_n_passed, test_n_failed); \
        return test_n_failed != 0;                                \
    }

#endif
