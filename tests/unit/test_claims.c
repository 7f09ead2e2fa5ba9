/* test_claims.c -- files of claims: what is said of the methods that a claim compares. */
#include "table/claims.h"

#include <stdlib.h>
#include "../test.h"

static gk_claim with(const char *let, const char *predicate)
{
    return (gk_claim){ .id = "f.c1", .let = let, .predicate = predicate };
}

TEST(a_claim_compares_what_its_filters_have_equal_two_texts)
{
    static const struct { const char *let, *predicate; bool compares; } row[] = {
        { NULL, "median(t | method=taught) < median(t | method=alone)", true },
        { NULL, "median(t | method = taught) < median(t | x = 1 and method ='alone')", true },
        { NULL, "most(t <= 3 | method=op) or most(t <= 3 | method=swap)", true },
        { "a = median(t | method = taught)", "most(a < 5)", false },
        { "a = median(t | method = taught); b = median(t | method = alone)", "most(a < b)", true },
        { "a = median(t | method = taught)", "most(a < max(t | method = alone))", true },
        { NULL, "median(t | method=taught) < median(u | method=taught)", false },
        { NULL, "median(t | method=kd) < median(t | method=kd-only)", true },
        { NULL, "median(t | method=kd-only) < median(t | method=kd)", true },
        { NULL, "median(t | method != taught) < median(t | method=alone)", false },
        { NULL, "median(t | the_method=taught) < median(t | method=alone)", false },
        { NULL, "median(t | methods=taught) < median(t | method=alone)", false },
        { NULL, "all(method = taught)", false },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        gk_claim claim = with(row[i].let, row[i].predicate);
        CHECK_INT(gk_claim_compares(&claim, "method"), row[i].compares);
    }
}

/* A claim about each of them is worth as much as the one that was tuned least. */
TEST(a_claim_compares_what_it_is_about_each_of)
{
    static const struct { const char *where, *per, *by; bool compares; } row[] = {
        { NULL, NULL, "task, method", true },
        { NULL, "method seed", NULL, true },
        { "t > 0", NULL, "method", true },
        { "method = taught or method = alone", NULL, "method", true },
        { "t > 0 and method = taught", "method seed", "method", false },
        { NULL, "methods seed", "the_method", false },
        { "method = taught or method = alone", NULL, "task", false },
        { NULL, NULL, NULL, false },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        gk_claim claim = { .id = "f.c1", .where = row[i].where, .per = row[i].per, .by = row[i].by, .predicate = "all(t > 5)" };
        CHECK_INT(gk_claim_compares(&claim, "method"), row[i].compares);
    }
}

/* Of every claim of a paper that compares methods or architectures somebody has said how much each was tuned. */
TEST(no_claim_of_a_paper_leaves_open_what_was_tuned)
{
    static const char *const papers[] = { "binary", "eff", "kd", "omni", "muon", "shift" };
    const char *top = getenv("TOP");
    gk_arena    arena = { 0 };
    int         n_said = 0;
    for (size_t p = 0; p < sizeof papers / sizeof *papers; p++) {
        char      path[4096];
        gk_claims claims;
        snprintf(path, sizeof path, "%s/pipelines/%s.claims", top ? top : ".", papers[p]);
        CHECK_INT(gk_claims_read(path, &arena, &claims), 0);
        for (int i = 0; i < claims.n; i++) {
            const char *tuned = claims.claim[i].tuned;
            n_said += tuned != NULL;
            CHECK(!tuned || strncmp(tuned, "alike", 5) == 0 || strncmp(tuned, "not alike", 9) == 0);
        }
    }
    CHECK(n_said >= 40);
    gk_arena_release(&arena);
}

TEST_MAIN(
    RUN(a_claim_compares_what_its_filters_have_equal_two_texts)
    RUN(a_claim_compares_what_it_is_about_each_of)
    RUN(no_claim_of_a_paper_leaves_open_what_was_tuned))
