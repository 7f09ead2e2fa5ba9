/* nulls.h -- by how much chance does a claim pass that one condition differs from another?
 *
 * Every claim of pipelines/ that compares two numbers over rows (medians, or what `let` makes of them), or says that medians are
 * in an order, is judged on tables in which nothing depends on anything, of as many seeds as it asks for (5, if it does not say):
 * it must pass in no more than 5 % of them.  Those of which such tables say nothing are listed below, each with the reason.
 *
 * Before it N_TABLE says how many tables, and SCATTER how far beyond 5 % of so many chance may be. */
#ifndef GK_TESTS_NULLS_H
#define GK_TESTS_NULLS_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "base/rng.h"
#include "table/aggregate.h"
#include "table/claims.h"
#include "test.h"

enum { N_SEED = 5, MAX_VARIED = 14, MAX_TEXT = 10, MAX_LET = 32, MAX_ROW = 4000, LAST = 31000 };
static const double NOMINAL = 0.05;

/* Columns that say what a row is of: texts, or numbers.  Only those that a claim mentions vary. */
typedef struct varied { const char *name, *text[MAX_TEXT]; double value[5]; int n_value; } varied;
/* least: how many of a paper's claims are judged, or more; the sieve is not what lets them pass. */
typedef struct paper { const char *claims; int least; varied column[MAX_VARIED]; } paper;
static const paper papers[] = {
    { "pipelines/kd.claims", 17, {
        { "task", { "add", "subtract" }, { 0 }, 0 },
        { "optimizer", { "adamw", "adam" }, { 0 }, 0 },
        { "method", { "taught", "alone", "untrained-teacher", "memorised-teacher", "smoothed", "kd-only", "joint", "none",
                      "op" }, { 0 }, 0 },
        { "teachers", { "grokked", "taught" }, { 0 }, 0 },
        { "set", { "p2", "p1", "joint" }, { 0 }, 0 },
        { "of", { "size" }, { 0 }, 0 },
        { "primes", { "97-113", "113-59" }, { 0 }, 0 },
        { "fraction", { NULL }, { 0.3, 0.2, 0.1 }, 3 } } },
    { "pipelines/omni.claims", 7, {
        { "size", { NULL }, { 25, 45, 54, 3000, 12000 }, 5 },
        { "items", { NULL }, { 25, 45 }, 2 },
        { "loss", { "ce", "mse" }, { 0 }, 0 },
        { "of", { "test" }, { 0 }, 0 },
        { "curve", { "usual", "constrained" }, { 0 }, 0 },
        { "init_scale", { NULL }, { 2 }, 1 },
        { "weight_decay", { NULL }, { 0.03, 1 }, 2 } } },
    { "pipelines/muon.claims", 2, { { "optimizer", { "adamw", "muon" }, { 0 }, 0 }, { "rate", { NULL }, { 0.001, 0.02 }, 2 } } },
    { "pipelines/eff.claims", 17, {
        { "model", { "t2", "lstm", "mlp" }, { 0 }, 0 },
        { "circuit", { "memorising", "generalising", "early" }, { 0 }, 0 },
        { "setting", { "full-batch", "minibatch", "full-batch-update-noise", "dropout", "decay-to-zero", "decay-to-init", "plain",
                       "weight-noise", "rate-1e-4", "rate-1e-3" }, { 0 }, 0 },
        { "decay", { NULL }, { 0, 0.1, 1, 10 }, 4 },
        { "step", { NULL }, { 0, 1000, 2000, 3000 }, 4 },
        { "fraction", { NULL }, { 0.3, 0.5, 0.7 }, 3 } } },
    { "pipelines/shift.claims", 19, {
        { "task", { "equivariant", "equidistant" }, { 0 }, 0 },
        { "net", { "mlp", "encoder", "classifier" }, { 0 }, 0 },
        { "part", { "all", "kept", "thinned", "absent", "fitted" }, { 0 }, 0 },
        { "size", { NULL }, { 500, 2000, 4000, 5000 }, 4 },
        { "separation", { NULL }, { 0.7, 0.85, 1, 1.3 }, 4 },
        { "init_scale", { NULL }, { 1, 8 }, 2 },
        { "weight_decay", { NULL }, { 0, 0.0001 }, 2 },
        { "thin_to", { NULL }, { 0, 0.01, 0.05, 0.2, 1 }, 5 } } },
};

/* Why tables of chance say nothing of a claim. */
#define OF_A_RUN  "of each run by itself, at two times or of two curves: how many of the seeds it holds for is what is claimed"
#define OF_A_MAP  "of one landscape without seeds, by a bound or an order of many places, and not by which of two is larger"
#define OF_MAPS   "of each seed's own landscape, by a factor or an order of many places: for how many it holds is claimed"
#define OF_LINES  "of two boundaries of a landscape, by the 95 % intervals of the lines through their places"
#define OF_ALIKE  "that two are alike, as all is in such tables"
#define OF_PLACES "where along an axis something is, and not that one condition differs from another"
#define OF_TABLES "of shares that a rule made, by their 95 % intervals, of which coverage.c has the coverage"
static const struct exempt { const char *id, *why; } exempt[] = {
    { "eff-fig5.c1", OF_A_RUN }, { "eff-fig5.c2", OF_A_RUN }, { "eff-fig5.c3", OF_A_RUN }, { "eff-fig5.c4", OF_A_RUN },
    { "eff-fig7.c2", OF_A_RUN }, { "kd-x3.loss", OF_A_RUN }, { "kd-x3.restricted", OF_A_RUN }, { "omni-fig2a.c1", OF_A_RUN },
    { "omni-fig2a.c3", OF_A_RUN }, { "omni-fig2a.c4", OF_A_RUN }, { "omni-fig2c.c3", OF_A_RUN }, { "omni-fig2c.c4", OF_A_RUN },
    { "omni-fig4d.c1", OF_A_RUN }, { "omni-fig4d.c2", OF_A_RUN }, { "omni-fig4d.c4", OF_A_RUN },
    { "omni-fig5d.c1", OF_A_RUN }, { "omni-fig5d.c2", OF_A_RUN }, { "omni-fig5d.c1-400", OF_A_RUN },
    { "omni-fig5d.c2-400", OF_A_RUN }, { "omni-fig7.a.c2", OF_A_RUN }, { "omni-fig7.a.c3", OF_A_RUN },
    { "omni-fig7.b.c1", OF_A_RUN }, { "omni-fig7.b.c3", OF_A_RUN }, { "omni-fig10a.c2", OF_A_RUN },
    { "omni-fig10b.c2", OF_A_RUN }, { "omni-fig10b.c3", OF_A_RUN }, { "omni-fig12.c1", OF_A_RUN }, { "omni-fig12.c2", OF_A_RUN },
    { "omni-fig3a.c2", OF_A_MAP }, { "omni-fig3a.c3", OF_A_MAP }, { "omni-fig3a.c4", OF_A_MAP }, { "omni-fig3a.c5", OF_A_MAP },
    { "omni-fig3a.c6", OF_A_MAP }, { "omni-fig4a.c1", OF_A_MAP }, { "omni-fig5a.c4", OF_A_MAP },
    { "omni-fig6a.c2", OF_MAPS }, { "omni-fig6a.c5", OF_MAPS }, { "omni-fig6a.c6", OF_MAPS }, { "omni-fig6c.c1", OF_MAPS },
    { "omni-fig6c.c3", OF_MAPS }, { "omni-fig6c.c4", OF_MAPS }, { "omni-fig6e.c2", OF_LINES }, { "omni-fig8.c2", OF_A_MAP },
    { "omni-fig8.c4", OF_A_MAP }, { "omni-fig9.c1", OF_A_MAP }, { "omni-fig11.c1", OF_A_MAP },
    { "omni-x3.theirs", OF_A_MAP }, { "omni-x3.pairs", OF_A_MAP }, { "omni-x3.numbers", OF_A_MAP }, { "omni-x3.ours", OF_A_MAP },
    { "shift-fig4b.c4", OF_ALIKE }, { "eff-fig6.c3", OF_ALIKE },
    { "eff-fig9.c2", OF_PLACES }, { "eff-fig9.c4", OF_PLACES }, { "eff-fig9.c4-edges", OF_PLACES },
    { "omni-fig2c.c5", OF_PLACES },
    { "shift-x5.c2", OF_TABLES },
};

/* Claims that say one or the other of two things, and are allowed the chance of either. */
static const char *const of_two[] = { "shift-fig3c.c2", "shift-x2.c1" };

/* What is measured. */
enum law { TIME, END, BEST, ANY };
static const struct measure { const char *name; enum law law; } measures[] = {
    { "step_test_99", TIME }, { "step_test_95", TIME },  { "step_train_99", TIME }, { "step_test_60", TIME },
    { "step_end", END },      { "test_acc_max", BEST },  { "train_acc_max", BEST }, { "train_acc_end", BEST },
    { "train_acc", BEST },    { "test_acc_end", ANY },   { "test_acc", ANY },       { "p1/test_acc", ANY },
    { "sigma_s", ANY },       { "delta_s", ANY },        { "alpha1", ANY },         { "t_r", ANY },
    { "efficiency", ANY },    { "norm_needed", ANY },    { "c2st", ANY },           { "mmd", ANY },
    { "test_error", ANY },    { "train_error", ANY },    { "width", ANY },          { "test_acc_min", ANY },
};
enum { N_NUMBER = sizeof measures / sizeof *measures };
static const gk_parameter parameters[] = {
    { "above", "0.3", NULL }, { "below", "0.2", NULL }, { "far", "0.1", NULL }, { "steps", "30000", NULL },
    { "early", "1000", NULL }, { "tasks", "add subtract", NULL }, { "primes", "97-113 113-59", NULL },
    { "least", "500", NULL }, { "most", "5000", NULL }, { "adamw_best", "0.001", NULL }, { "muon_best", "0.02", NULL },
    { "few", "0.01", NULL }, { "much", "1", NULL }, { "n", "2000", NULL }, { "small", "25", NULL }, { "large", "45", NULL },
};

static gk_arena arena;
static uint64_t n_drawn;
static double uniform(void) { return gk_rng_uniform(2, GK_RNG_TEST, 7, n_drawn++); }

/* --- what compares ------------------------------------------------------------------------------------------------------- */

/* Length of the word that begins here, 0: none does. */
static size_t word_at(const char *text, const char *at)
{
    size_t n = 0;
    if (at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_'))
        return 0;
    while (isalpha((unsigned char)at[0]) && (isalnum((unsigned char)at[n]) || at[n] == '_'))
        n++;
    return n;
}

/* Is it a word of the claim, and no part of a text ('decay' of 'decay-to-zero')? */
static bool mentions(const gk_claim *c, const char *name)
{
    const char *const texts[] = { c->where, c->by, c->per, c->let, c->predicate };
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (const char *at = texts[i]; at && (at = strstr(at, name)); at += n)
            if (word_at(texts[i], at) == n && at[n] != '-' && (at == texts[i] || at[-1] != '-'))
                return true;
    return false;
}

static const char *closing(const char *at)
{
    for (int depth = 0; *at && (*at != ')' || depth > 0); at++)
        depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
    return at;
}

/* What `let` names, and of how many numbers of several rows each is made, 1 for none. */
typedef struct lets { int n, made_of[MAX_LET]; const char *name[MAX_LET]; size_t n_name[MAX_LET]; } lets;

/* 0: there is no such name. */
static int made_of(const lets *l, const char *name, size_t n_name)
{
    for (int i = 0; i < l->n; i++)
        if (l->n_name[i] == n_name && strncmp(l->name[i], name, n_name) == 0)
            return l->made_of[i];
    return 0;
}

static lets read_let(const char *let)
{
    lets l = { 0 };
    for (const char *at = let; at && *at && l.n < MAX_LET; at = strchr(at, ';') ? strchr(at, ';') + 1 : NULL) {
        const char *text = at + strspn(at, " ");
        size_t      n_name = word_at(text, text);
        int         n = 0;
        for (const char *in = text + n_name; *in && *in != ';'; in++) {
            size_t n_word = word_at(text, in);
            if (n_word > 0 && in[n_word] == '(' && gk_aggregate_find(in, n_word)) {
                in = closing(in + n_word + 1) - 1;
                n++;
            } else if (n_word > 0 && in[-1] == '$') {
                n += made_of(&l, in, n_word);
            }
        }
        l.name[l.n] = text;
        l.n_name[l.n] = n_name;
        l.made_of[l.n++] = n > 1 ? n : 1;
    }
    return l;
}

/* A condition without what stands behind '|'. */
static char *without_filters(const char *text)
{
    char *copy = gk_arena_strdup(&arena, text), *to = copy;
    for (const char *at = text; *at; at++) {
        if (*at == '|')
            at = closing(at);
        if (*at == '\0')
            break;
        *to++ = *at;
    }
    *to = '\0';
    return copy;
}

/* Numbers of several rows on both sides of a comparison, or a difference of two; or an order of conditions. */
static bool compares(const gk_claim *c)
{
    int         n_aggregate = 0, n_row = 0, most = 0;
    const char *text = without_filters(c->predicate);
    const lets  names = read_let(c->let);
    if (strstr(c->predicate, "spearman(") || (c->let && strstr(c->let, "spearman(")))
        return true;
    for (const char *at = text; ; at++) {
        size_t n = word_at(text, at);
        bool   ends = *at == '\0' || (n == 3 && strncmp(at, "and", 3) == 0) || (n == 2 && strncmp(at, "or", 2) == 0);
        const gk_aggregate_form *form = n > 0 && at[n] == '(' ? gk_aggregate_find(at, n) : NULL;
        int    made = n > 0 && !form ? made_of(&names, at, n) : 0;
        n_aggregate += form && !form->is_condition;
        n_row += made;
        most = made > most ? made : most;
        if (ends && (n_aggregate > 1 || (n_aggregate == 0 && n_row > 1) || (n_aggregate > 0 && most > 1)))
            return true;
        if (*at == '\0')
            return false;
        if (ends)
            n_aggregate = n_row = most = 0;
    }
}

static const char *why_exempt(const char *id)
{
    for (size_t i = 0; i < sizeof exempt / sizeof *exempt; i++)
        if (strcmp(exempt[i].id, id) == 0)
            return exempt[i].why;
    return NULL;
}

/* --- a table ------------------------------------------------------------------------------------------------------------- */

typedef struct maker { gk_frame frame; int64_t n_seed; gk_frame_column column[MAX_VARIED + 2 + N_NUMBER]; } maker;

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
    while (n < MAX_TEXT && of->n_value == 0 && of->text[n])
        n++;
    return mentions(claim, of->name) ? n : 1;
}

/* Rows of all values of what the claim mentions, of as many seeds as it asks for. */
static void make(maker *m, const paper *from, const gk_claim *claim)
{
    *m = (maker){ .frame = { .path = "null" }, .n_seed = claim->least_seed > 0 ? claim->least_seed : N_SEED };
    int64_t n = m->n_seed, above = m->n_seed;
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
        seed->value[row] = (double)(row % m->n_seed);
    for (const varied *of = from->column; of->name; of++) {
        if (!mentions(claim, of->name))
            continue;
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
    add(m, "status", true);
    for (int i = 0; i < N_NUMBER; i++)
        add(m, measures[i].name, false);
}

/* One table: a share of its runs, the same in every condition, gets there at all.  of: if it is not NULL, the share rises with
 * it, from almost none to almost all about some value. */
static void draw(maker *m, const gk_frame_column *of)
{
    static const double shares[] = { 0.05, 0.2, 0.5, 0.8 };
    const double     common = shares[(int)(4 * uniform())], middle = 0.1 + 0.2 * uniform();
    gk_frame_column *number = &m->column[m->frame.n_column - N_NUMBER];
    for (int64_t row = 0; row < m->frame.n_row; row++) {
        const double share = of ? 1 / (1 + exp((middle - of->value[row]) / 0.03)) : common;
        number[-1].text[row] = uniform() < share ? "grok" : "none";
        for (int i = 0; i < N_NUMBER; i++) {
            double u = uniform(), *value = number[i].value;
            switch (measures[i].law) {
            case TIME: value[row] = u < share ? 1000 + 30000 * u : INFINITY; break;
            case END:  value[row] = LAST; break;
            case BEST: value[row] = u < share ? 1 : u; break;
            case ANY:  value[row] = u; break;
            }
        }
    }
}

/* The column at whose value half of the runs get there, if that is what the claim is about: where two conditions have one, they
 * must be told from each other by no more than chance, too. */
static const gk_frame_column *rises_with(const maker *m, const gk_claim *claim)
{
    const char *at = strstr(claim->predicate, "dcrit(");
    for (int i = 0; at && i < m->frame.n_column; i++) {
        size_t n = strlen(m->column[i].name);
        if (strncmp(at + strlen("dcrit("), m->column[i].name, n) == 0 && at[strlen("dcrit(") + n] == ',')
            return &m->column[i];
    }
    return NULL;
}

/* --- claims ---------------------------------------------------------------------------------------------------------------- */

static double nominal(const char *id)
{
    for (size_t i = 0; i < sizeof of_two / sizeof *of_two; i++)
        if (strcmp(of_two[i], id) == 0)
            return 2 * NOMINAL;
    return NOMINAL;
}

/* In how many tables it passes, and in how many there is something to judge; -1 with gk_error. */
static int judge_tables(const paper *from, const gk_claim *claim, int *n_pass, int *n_judged)
{
    static maker      m;
    gk_frame         *frame = &m.frame;
    gk_rows_of_tables tables = { .n_table = 1, .table = &frame, .n_parameter = sizeof parameters / sizeof *parameters,
                                 .parameter = parameters };
    int status = 0;
    *n_pass = *n_judged = 0;
    make(&m, from, claim);
    for (int k = 0; k < N_TABLE && status == 0; k++) {
        gk_arena     scratch = { 0 };
        gk_selection all;
        gk_judgement found;
        draw(&m, k % 2 == 1 ? rises_with(&m, claim) : NULL);
        gk_select_all(&tables, &scratch, &all);
        status = gk_claim_judge(claim, &tables, &all, m.n_seed, &scratch, &found);
        *n_pass += status == 0 && found.truth == GK_TRUE;
        *n_judged += status == 0 && found.truth != GK_NO_DATA;
        gk_arena_release(&scratch);
    }
    return status;
}

/* Without `by` and `needs`: each value would have to pass by chance, and one of them shows what a comparison is worth. */
static bool judge_one(const paper *from, gk_claim claim)
{
    int n_pass, n_judged;
    claim.by = claim.every = claim.needs = NULL;
    if (claim.seeds && claim.seeds[0] == '$')    /* of the figure's script */
        claim.seeds = NULL;
    if (judge_tables(from, &claim, &n_pass, &n_judged) < 0) {
        printf("FAILED: neither judged nor exempt: %s\n", gk_error_message());
        return false;
    }
    double share = (double)n_pass / N_TABLE;
    bool   fine = share <= nominal(claim.id) + SCATTER && n_judged >= N_TABLE / 10;
    printf("%s%s: %.1f %%", fine ? "" : "FAILED: ", claim.id, 100 * share);
    printf(n_judged < N_TABLE / 10 ? ", and nothing to judge in %d of %d tables\n" : "\n", N_TABLE - n_judged, N_TABLE);
    return fine;
}

static bool is_judged(const gk_claim *claim)
{
    const char *why = why_exempt(claim->id);
    if (!compares(claim) && why) {
        printf("FAILED: %s is exempt, and compares nothing\n", claim->id);
        test_n_failed++;
    }
    return compares(claim) && !why;
}

/* How many of them are judged; n_exempt: and how many are not. */
static int judge_all(const paper *from, int *n_exempt)
{
    gk_claims claims;
    int       n = 0;
    if (gk_claims_read(from->claims, &arena, &claims) < 0) {
        printf("FAILED: %s\n", gk_error_message());
        test_n_failed++;
        return 0;
    }
    for (int i = 0; i < claims.n; i++) {
        const char *why = why_exempt(claims.claim[i].id);
        *n_exempt += why != NULL;
        if (why)
            printf("%s: not judged: %s\n", claims.claim[i].id, why);
        if (!is_judged(&claims.claim[i]))
            continue;
        bool fine = judge_one(from, claims.claim[i]);
        test_n_passed += fine;
        test_n_failed += !fine;
        n++;
    }
    return n;
}

/* All papers; the closing line, and the exit status. */
static int judge_papers(void)
{
    int n_exempt = 0;
    for (size_t p = 0; p < sizeof papers / sizeof *papers; p++) {
        int n = judge_all(&papers[p], &n_exempt);
        if (n < papers[p].least) {
            printf("FAILED: %d claims of %s compare conditions, expected %d or more\n", n, papers[p].claims, papers[p].least);
            test_n_failed++;
        }
    }
    if (n_exempt != (int)(sizeof exempt / sizeof *exempt)) {
        printf("FAILED: a claim is exempt that there is not\n");
        test_n_failed++;
    }
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    gk_arena_release(&arena);
    return test_n_failed != 0;
}

#endif
