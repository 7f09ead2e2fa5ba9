/* nulls.c -- by how much chance does a claim pass that one condition differs from another?
 *
 * Every claim of pipelines/ that one aggregate is smaller or larger than another (< >, without `let`), or that medians stand in
 * an order, is judged on tables of five seeds in which nothing depends on anything: it must pass in no more than 5 % of them.
 * Claims that ask for "at least as" hold of what is alike, and those about single maps have no seeds: they are left out. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "base/rng.h"
#include "table/claims.h"
#include "../test.h"

enum { N_TABLE = 1000, N_SEED = 5, MAX_VARIED = 9, N_NUMBER = 14, MAX_ROW = 4000, LAST = 31000 };
static const double NOMINAL = 0.05, SCATTER = 0.02;    /* 3 deviations of a share of 0.05 in 1000 */

/* Columns that say what a row is of: texts, or numbers.  Only those that a claim mentions vary. */
typedef struct varied { const char *name, *text[8]; double value[4]; int n_value; } varied;
/* least: how many of a paper's claims compare, or more; the sieve is not what lets them pass. */
typedef struct paper { const char *claims; int least; varied column[MAX_VARIED]; } paper;
static const paper papers[] = {
    { "pipelines/kd.claims", 11, {
        { "task", { "add", "subtract" }, { 0 }, 0 },
        { "optimizer", { "adamw", "adam" }, { 0 }, 0 },
        { "method", { "taught", "alone", "untrained-teacher", "memorised-teacher", "smoothed", "kd-only", "joint", "none" },
          { 0 }, 0 },
        { "teachers", { "grokked", "taught" }, { 0 }, 0 },
        { "set", { "p2", "p1", "joint" }, { 0 }, 0 },
        { "primes", { "97-113", "113-59" }, { 0 }, 0 },
        { "fraction", { NULL }, { 0.3, 0.2, 0.1 }, 3 } } },
    { "pipelines/omni.claims", 1, { { "size", { NULL }, { 25, 45, 54 }, 3 } } },
    { "pipelines/muon.claims", 1, { { "optimizer", { "adamw", "muon" }, { 0 }, 0 }, { "rate", { NULL }, { 0.001, 0.02 }, 2 } } },
    { "pipelines/eff.claims", 3, {
        { "model", { "t2", "lstm", "mlp" }, { 0 }, 0 },
        { "circuit", { "memorising", "generalising" }, { 0 }, 0 },
        { "setting", { "full-batch", "minibatch", "full-batch-update-noise", "dropout", "decay-to-zero", "decay-to-init",
                       "rate-1e-4", "weight-noise" }, { 0 }, 0 },
        { "fraction", { NULL }, { 0.3, 0.5, 0.7 }, 3 } } },
    { "pipelines/shift.claims", 5, {
        { "task", { "equivariant", "equidistant" }, { 0 }, 0 },
        { "net", { "mlp", "classifier", "encoder" }, { 0 }, 0 },
        { "part", { "all", "kept", "thinned", "absent", "fitted" }, { 0 }, 0 },
        { "size", { NULL }, { 500, 2000, 4000, 5000 }, 4 },
        { "separation", { NULL }, { 0.7, 0.85, 1, 1.3 }, 4 },
        { "thin_to", { NULL }, { 0, 0.01, 0.2, 1 }, 4 } } },
};
/* What is measured. */
enum law { TIME, END, BEST, ANY };
static const struct { const char *name; enum law law; } measures[N_NUMBER] = {
    { "step_test_99", TIME }, { "step_test_95", TIME }, { "step_train_99", TIME }, { "step_end", END }, { "test_acc_max", BEST },
    { "test_acc_end", ANY },  { "sigma_s", ANY },       { "delta_s", ANY },        { "alpha1", ANY },   { "t_r", ANY },
    { "efficiency", ANY },    { "norm_needed", ANY },   { "c2st", ANY },           { "step_test_60", TIME } };
static const gk_parameter parameters[] = {
    { "above", "0.3", NULL }, { "below", "0.2", NULL }, { "far", "0.1", NULL }, { "steps", "30000", NULL },
    { "early", "1000", NULL }, { "tasks", "add subtract", NULL }, { "primes", "97-113 113-59", NULL },
    { "least", "500", NULL }, { "most", "5000", NULL }, { "adamw_best", "0.001", NULL }, { "muon_best", "0.02", NULL },
    { "few", "0.01", NULL },
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

/* Aggregate < aggregate: a sign without '=' outside of the brackets of an aggregate; or an order of conditions. */
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
    if (c->let || c->least_seed == 1)
        return false;
    return strstr(c->predicate, "spearman(") || (sign && n_aggregate > 1 && strchr(sign, '('));
}

/* --- a table ------------------------------------------------------------------------------------------------------------- */

typedef struct maker { gk_frame frame; gk_frame_column column[MAX_VARIED + 1 + N_NUMBER]; } maker;

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

/* How many values of a column the claim's table has. */
static int64_t n_level(const gk_claim *claim, const varied *of)
{
    int64_t n = of->n_value;
    while (n < 8 && of->n_value == 0 && of->text[n])
        n++;
    return mentions(claim, of->name) ? n : 1;
}

/* Rows of all values of what the claim mentions, five seeds each. */
static void make(maker *m, const paper *from, const gk_claim *claim)
{
    int64_t n = N_SEED, above = N_SEED;
    *m = (maker){ .frame = { .path = "null" } };
    m->frame.column = m->column;
    for (const varied *of = from->column; of->name; of++)
        n *= n_level(claim, of);
    if (n > MAX_ROW) {
        printf("FAILED: %s: a table of %lld rows\n", claim->id, (long long)n);
        test_n_failed++;
        n = 0;
    }
    m->frame.n_row = n;
    gk_frame_column *seed = add(m, "seed", false);
    for (int64_t row = 0; row < n; row++)
        seed->value[row] = (double)(row % N_SEED);
    for (const varied *of = from->column; of->name; of++) {
        gk_frame_column *c = add(m, of->name, of->n_value == 0);
        for (int64_t row = 0; row < n; row++) {
            int64_t at = row / above % n_level(claim, of);
            if (c->text)
                c->text[row] = of->text[at];
            else
                c->value[row] = of->value[at];
        }
        above *= n_level(claim, of);
    }
    for (int i = 0; i < N_NUMBER; i++)
        add(m, measures[i].name, false);
}

/* One table: a share of its runs, the same in every condition, gets there at all. */
static void draw(maker *m)
{
    static const double shares[] = { 0.05, 0.2, 0.5, 0.8 };
    const double share = shares[(int)(4 * uniform())];
    for (int64_t row = 0; row < m->frame.n_row; row++)
        for (int i = 0; i < N_NUMBER; i++) {
            double u = uniform(), *value = m->column[m->frame.n_column - N_NUMBER + i].value;
            switch (measures[i].law) {
            case TIME: value[row] = u < share ? 1000 + 30000 * u : INFINITY; break;
            case END:  value[row] = LAST; break;
            case BEST: value[row] = u < share ? 1 : u; break;
            case ANY:  value[row] = u; break;
            }
        }
}

static double share_of_passes(const paper *from, const gk_claim *claim)
{
    static maker      m;
    gk_frame         *frame = &m.frame;
    gk_rows_of_tables tables = { .n_table = 1, .table = &frame, .n_parameter = sizeof parameters / sizeof *parameters,
                                 .parameter = parameters };
    int n_pass = 0;
    make(&m, from, claim);
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

static int judge_all(const paper *from)
{
    gk_claims claims;
    int       n = 0;
    if (gk_claims_read(from->claims, &arena, &claims) < 0) {
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
        double share = share_of_passes(from, &one);
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
    for (size_t p = 0; p < sizeof papers / sizeof *papers; p++) {
        int n = judge_all(&papers[p]);
        if (n < papers[p].least) {
            printf("FAILED: %d claims of %s compare conditions, expected %d or more\n", n, papers[p].claims, papers[p].least);
            test_n_failed++;
        }
    }
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    gk_arena_release(&arena);
    return test_n_failed != 0;
}
