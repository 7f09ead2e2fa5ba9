/* nulls.c -- by how much chance does a claim pass that one condition differs from another?
 *
 * Every claim of pipelines/ that one aggregate is smaller or larger than another (< >, without `let`) is judged on tables of five
 * seeds in which nothing depends on anything: it must pass in no more than 5 % of them.  Claims that ask for "at least as" hold
 * of what is alike, and those about single maps have no seeds: they are left out. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "base/rng.h"
#include "table/claims.h"
#include "../test.h"

enum { N_TABLE = 1000, N_SEED = 5, N_TAG = 6, N_NUMBER = 4, MAX_ROW = 4000, END = 31000 };
static const double NOMINAL = 0.05, SCATTER = 0.02;    /* 3 deviations of a share of 0.05 in 1000 */

/* Columns that say what a row is of.  Only those that a claim mentions vary. */
static const struct { const char *name, *text[8]; } tags[N_TAG] = {
    { "task", { "add", "subtract" } },
    { "optimizer", { "adamw", "adam" } },
    { "method", { "taught", "alone", "untrained-teacher", "memorised-teacher", "smoothed", "kd-only", "joint", "none" } },
    { "teachers", { "grokked", "taught" } },
    { "set", { "p2", "p1", "joint" } },
    { "primes", { "97-113", "113-59" } },
};
/* Numbers that vary likewise: fractions and sizes. */
static const double fractions[] = { 0.3, 0.2, 0.1 }, sizes[] = { 25, 45, 54 };
/* What is measured: times, the last fifth of which is never seen, and accuracies. */
static const char *const measures[] = { "step_test_99", "step_test_95", "test_acc_end", "step_end" };
static const gk_parameter parameters[] = {
    { "above", "0.3", NULL }, { "below", "0.2", NULL }, { "far", "0.1", NULL }, { "steps", "30000", NULL },
    { "early", "1000", NULL }, { "tasks", "add subtract", NULL }, { "primes", "97-113 113-59", NULL },
};

static gk_arena arena;
static uint64_t n_drawn;
static double uniform(void) { return gk_rng_uniform(2, GK_RNG_TEST, 7, n_drawn++); }

static bool mentions(const gk_claim *c, const char *name)
{
    const char *const texts[] = { c->where, c->by, c->predicate, c->needs, c->every };
    bool found = false;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        found |= texts[i] && strstr(texts[i], name);
    return found;
}

/* Aggregate < aggregate: a sign without '=' outside of the brackets of an aggregate. */
static bool compares(const gk_claim *c)
{
    int         depth = 0, n_aggregate = 0;
    const char *sign = NULL;
    for (const char *at = c->predicate; *at; at++) {
        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
        n_aggregate += *at == '(' && depth == 1;
        if (depth == 0 && (*at == '<' || *at == '>') && at[1] != '=')
            sign = at;
    }
    return !c->let && c->least_seed != 1 && sign && n_aggregate > 1 && strchr(sign, '(');
}

/* --- a table ------------------------------------------------------------------------------------------------------------- */

typedef struct maker { gk_frame frame; gk_frame_column column[N_TAG + 3 + N_NUMBER]; int64_t level[MAX_ROW][N_TAG + 2]; } maker;

static gk_frame_column *add(maker *m, const char *name, bool is_text)
{
    gk_frame_column *c = &m->column[m->frame.n_column++];
    *c = (gk_frame_column){ .name = name, .unit = "" };
    if (is_text)
        c->text = gk_arena_alloc(&arena, MAX_ROW * sizeof *c->text);
    else
        c->value = gk_arena_alloc(&arena, MAX_ROW * sizeof *c->value);
    return c;
}

/* Rows of all values of what the claim mentions, five seeds each. */
static void make(maker *m, const gk_claim *claim)
{
    int64_t n_level[N_TAG + 2], n = N_SEED, above = N_SEED;
    *m = (maker){ .frame = { .path = "null" } };
    m->frame.column = m->column;
    for (int t = 0; t < N_TAG + 2; t++) {
        const char *name = t < N_TAG ? tags[t].name : t == N_TAG ? "fraction" : "size";
        n_level[t] = 1;
        while (mentions(claim, name) && n_level[t] < (t < N_TAG ? 8 : 3) && (t >= N_TAG || tags[t].text[n_level[t]]))
            n_level[t]++;
        n *= n_level[t];
    }
    if (n > MAX_ROW) {
        printf("FAILED: %s: a table of %lld rows\n", claim->id, (long long)n);
        test_n_failed++;
        n = 0;
    }
    m->frame.n_row = n;
    gk_frame_column *seed = add(m, "seed", false);
    for (int64_t row = 0; row < n; row++)
        seed->value[row] = (double)(row % N_SEED);
    for (int t = 0; t < N_TAG + 2; above *= n_level[t], t++) {
        gk_frame_column *c = add(m, t < N_TAG ? tags[t].name : t == N_TAG ? "fraction" : "size", t < N_TAG);
        for (int64_t row = 0; row < n; row++) {
            int64_t at = row / above % n_level[t];
            if (t < N_TAG)
                c->text[row] = tags[t].text[at];
            else
                c->value[row] = t == N_TAG ? fractions[at] : sizes[at];
        }
    }
    for (int i = 0; i < N_NUMBER; i++)
        add(m, measures[i], false);
}

static void draw(maker *m)
{
    for (int64_t row = 0; row < m->frame.n_row; row++)
        for (int i = 0; i < N_NUMBER; i++) {
            double u = uniform(), *value = m->column[m->frame.n_column - N_NUMBER + i].value;
            value[row] = i == 3 ? END : i == 2 ? u : u < 0.8 ? 1000 + 30000 * u : INFINITY;
        }
}

static double share_of_passes(const gk_claim *claim)
{
    static maker      m;
    gk_frame         *frame = &m.frame;
    gk_rows_of_tables tables = { .n_table = 1, .table = &frame, .n_parameter = sizeof parameters / sizeof *parameters,
                                 .parameter = parameters };
    int n_pass = 0;
    make(&m, claim);
    for (int k = 0; k < N_TABLE; k++) {
        gk_arena     scratch = { 0 };
        gk_selection all;
        gk_judgement found;
        draw(&m);
        gk_select_all(&tables, &scratch, &all);
        if (gk_claim_judge(claim, &tables, &all, N_SEED, &scratch, &found) < 0) {
            printf("  %s\n", gk_error_message());
            return 1;
        }
        n_pass += found.truth == GK_TRUE;
        gk_arena_release(&scratch);
    }
    return (double)n_pass / N_TABLE;
}

static int judge_all(const char *path)
{
    gk_claims claims;
    int       n = 0;
    if (gk_claims_read(path, &arena, &claims) < 0) {
        printf("FAILED: %s\n", gk_error_message());
        test_n_failed++;
        return 0;
    }
    for (int i = 0; i < claims.n; i++) {
        if (!compares(&claims.claim[i]))
            continue;
        /* each value of `by` would have to pass by chance: one of them shows what a comparison is worth */
        gk_claim one = claims.claim[i];
        one.by = one.every = NULL;
        double share = share_of_passes(&one);
        bool   fine = share <= NOMINAL + SCATTER;
        printf("%s%s: %.1f %%\n", fine ? "" : "FAILED: ", one.id, 100 * share);
        test_n_passed += fine;
        test_n_failed += !fine;
        n++;
    }
    return n;
}

int main(void)
{
    int n = judge_all("pipelines/kd.claims") + judge_all("pipelines/omni.claims");
    if (n < 12) {    /* the sieve is not what lets them pass */
        printf("FAILED: %d claims compare conditions, expected 12 or more\n", n);
        test_n_failed++;
    }
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    gk_arena_release(&arena);
    return test_n_failed != 0;
}
