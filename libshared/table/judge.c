/* judge.c -- does a claim hold (claims.h)? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/options.h"
#include "io/text.h"
#include "table/claims.h"
#include "table/derive.h"
#include "table/level.h"
#include "table/needs.h"

enum { MAX_TOLD = 5 };    /* derived rows that are told */

/* FAIL before SKIP before INCONCLUSIVE before PASS. */
static gk_truth worse(gk_truth a, gk_truth b)
{
    static const int order[] = { [GK_FALSE] = 0, [GK_NO_DATA] = 1, [GK_UNDECIDED] = 2, [GK_TRUE] = 3 };
    return order[a] < order[b] ? a : b;
}

/* What is judged, and by how many seeds.  most_seed: rows that stand for groups without seed are of so many; -1: rows
 * are runs.  asks_for_few: the claim itself, of single maps, asks for fewer seeds than an interval takes.  behind: the rows that
 * each row is made of, or NULL: it is one of the tables. */
typedef struct bench {
    const gk_expression *predicate;
    int64_t              least_seed, most_seed;
    bool                 asks_for_few;
    const gk_selection  *behind;
    gk_selection         read;    /* so far, of the tables */
    FILE                *told, *missing;
} bench;
enum { INTERVAL_SEEDS = 5 };

/* What stands between this and what was told before. */
static const char *separator(FILE *told)
{
    return ftell(told) > 0 ? "; " : "";
}

/* What would decide. */
static void tell_why(const bench *b, const gk_finding *found, const char *level)
{
    const char *const what[] = { found->why & GK_ENDED ? "longer runs" : "", found->why & GK_SPANNED ? "a narrower interval" : "",
                                 *found->absent ? "a value of " : found->why ? "" : "values" };
    const char *between = *level ? ": " : "";
    fprintf(b->missing, "%s%s", separator(b->missing), level);
    for (size_t i = 0; i < sizeof what / sizeof *what; i++)
        if (*what[i]) {
            fprintf(b->missing, "%s%s", between, what[i]);
            between = ", ";
        }
    fputs(found->absent, b->missing);
}

/* With fewer seeds than are asked for it could still come otherwise. */
static gk_truth by_seeds(const bench *b, gk_truth truth, int64_t n_seed, const char *level)
{
    if (n_seed >= b->least_seed || truth == GK_NO_DATA)
        return truth;
    fprintf(b->missing, "%s%s%s%lld of %lld seeds", separator(b->missing), level, *level ? ": " : "", (long long)n_seed,
            (long long)b->least_seed);
    return GK_UNDECIDED;
}

/* So few seeds have no interval, and two conditions that are alike come out like this in every other case. */
static void tell_few(const bench *b, const gk_finding *found, const char *level)
{
    bool is_decided = found->truth == GK_TRUE || found->truth == GK_FALSE;
    if (is_decided && !found->is_firm && !b->asks_for_few)
        fprintf(b->missing, "%s%s%san interval (%lld seed%s)", separator(b->missing), level, *level ? ": " : "",
                (long long)found->n_seed, found->n_seed == 1 ? " has none" : "s have none");
}

/* The rows that were read, or those behind them: more of the tables' rows. */
static void keep_read(bench *b, const gk_selection *rows, const bool *read)
{
    for (int64_t i = 0; i < rows->n; i++) {
        const gk_selection one = { 1, &rows->table[i], &rows->row[i] };
        const gk_selection *of = b->behind ? &b->behind[rows->row[i]] : &one;
        for (int64_t k = 0; read[i] && k < of->n; k++) {
            b->read.table[b->read.n] = of->table[k];
            b->read.row[b->read.n++] = of->row[k];
        }
    }
}

static int judge_rows(bench *b, const gk_selection *rows, const char *level, gk_arena *arena, gk_judgement *sum)
{
    gk_finding found;
    if (gk_judge(b->predicate, rows, arena, &found) < 0)
        return -1;
    keep_read(b, rows, found.read);
    if (b->most_seed >= 0 && found.n_seed > 0)
        found.n_seed = b->most_seed;
    if (found.n_seed == 0)
        found.truth = GK_NO_DATA;
    if (found.truth == GK_UNDECIDED)
        tell_why(b, &found, level);
    found.truth = by_seeds(b, found.truth, found.n_seed, level);
    tell_few(b, &found, level);
    fprintf(b->told, "%s%s%s%s", sum->n_seed < 0 ? "" : " / ", level, *level ? ": " : "", found.measured);
    sum->truth = worse(sum->truth, found.truth);
    sum->n_seed = sum->n_seed < 0 || found.n_seed < sum->n_seed ? found.n_seed : sum->n_seed;
    return 0;
}

/* Is the name among those of `per` (or `by`)? */
static bool is_of_per(const char *per, const char *name, gk_arena *arena)
{
    char *rest = gk_arena_strdup(arena, per);
    for (char *one; (one = gk_next_name(&rest));)
        if (strcmp(one, name) == 0)
            return true;
    return false;
}

/* " [0: left=0.0162 right=9.61]": the row of seed 0, of what a claim derived. */
static int tell_derived(const gk_rows_of_tables *derived, const gk_selection *rows, const char *per, gk_arena *arena, FILE *told)
{
    const gk_frame *frame = derived->table[0];
    gk_levels       level;
    if (frame->n_row > MAX_TOLD)
        return 0;
    if (gk_levels_of(derived, rows, per, arena, &level) < 0)
        return -1;
    for (int64_t i = 0; i < level.n; i++) {
        fprintf(told, " [%s:", level.name[i]);
        for (int k = 0; k < frame->n_column; k++)
            if (!is_of_per(per, frame->column[k].name, arena))
                fprintf(told, " %s=%.4g", frame->column[k].name, frame->column[k].value[i]);
        fputs("]", told);
    }
    return 0;
}

static int judge_levels(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_selection *rows, bench *b,
                        gk_arena *arena, gk_judgement *out)
{
    gk_levels level;
    b->predicate = gk_expression_read(tables, claim->predicate, GK_ROWS_CONDITION, arena);
    if (!b->predicate || gk_levels_of(tables, rows, claim->by ? claim->by : "", arena, &level) < 0)
        return -1;
    *out = (gk_judgement){ .truth = GK_TRUE, .n_seed = -1 };
    for (int64_t i = 0; i < level.n; i++)
        if (judge_rows(b, &level.rows[i], level.name[i], arena, out) < 0)
            return -1;
    if (level.n > 0)
        return 0;
    *out = (gk_judgement){ .truth = GK_NO_DATA };
    fputs("no such runs", b->told);
    return 0;
}

static int judge_derived(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_selection *rows, bench *b,
                         gk_arena *arena, gk_judgement *out)
{
    const char  *per = claim->per ? claim->per : "";
    int64_t      n_seed;
    gk_frame    *frame = gk_derive(tables, rows, per, claim->let, arena, &n_seed, &b->behind);
    gk_selection all;
    if (!frame)
        return -1;
    gk_rows_of_tables derived = *tables;
    derived.n_table = 1;
    derived.table = &frame;
    derived.origin = tables;
    gk_select_all(&derived, arena, &all);
    b->most_seed = gk_frame_find(frame, "seed") < 0 ? n_seed : -1;
    if (judge_levels(claim, &derived, &all, b, arena, out) < 0)
        return -1;
    return tell_derived(&derived, &all, per, arena, b->told);
}

/* Is a need ("size = 200 500 with task = add") about columns of `by` alone? */
static bool is_of_by(const char *need, const char *by, gk_arena *arena)
{
    bool is_alone = by != NULL;
    for (const char *at = need; is_alone && at; at = strstr(at, " with ")) {
        at += at == need ? 0 : strlen(" with ");
        is_alone = is_of_per(by, gk_text_trim(gk_arena_printf(arena, "%.*s", (int)strcspn(at, "="), at)), arena);
    }
    return is_alone;
}

/* What the claim needs and these rows lack. */
static int judge_needs(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_selection *rows, const bench *b,
                       gk_arena *arena, gk_judgement *out)
{
    char *rest = claim->needs ? gk_arena_strdup(arena, claim->needs) : NULL;
    if (out->truth == GK_NO_DATA)
        return 0;
    int lacks_level = claim->every ? gk_needs_missing(claim->every, tables, rows, separator(b->missing), arena, b->missing) : 0;
    for (char *need; lacks_level >= 0 && (need = strsep(&rest, ";"));) {
        int lacks = gk_needs_missing(need, tables, rows, separator(b->missing), arena, b->missing);
        if (lacks < 0)
            return -1;
        if (lacks > 0 && is_of_by(need, claim->by, arena))
            lacks_level = 1;
        else if (lacks > 0)
            out->truth = GK_UNDECIDED;
    }
    if (lacks_level > 0)
        out->truth = worse(out->truth, GK_UNDECIDED);
    return lacks_level < 0 ? -1 : 0;
}

/* How much there is of what the claim needs, and every claim like it. */
static int grid_of(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena,
                   gk_judgement *out)
{
    const char *const needs[] = { claim->every, claim->needs };
    out->grid = "";
    for (size_t i = 0; i < sizeof needs / sizeof *needs && out->truth != GK_NO_DATA; i++)
        if (needs[i] && !(out->grid = gk_needs_grid(needs[i], tables, rows, out->grid, arena)))
            return -1;
    return 0;
}

/* Into arena memory; -1 with gk_error. */
static int end_text(FILE *file, char **text, gk_arena *arena, const char **out)
{
    bool lost = !file || ferror(file) || fclose(file) == EOF;
    *out = lost ? "" : gk_arena_strdup(arena, *text);
    free(*text);
    return lost ? gk_error("out of memory for what is measured") : 0;
}

/* What `seeds` asks for, of the parameter if it names one; without it, so many. */
static int seeds_asked(const gk_claim *claim, const gk_rows_of_tables *tables, int64_t otherwise, int64_t *out)
{
    *out = claim->least_seed > 0 ? claim->least_seed : otherwise;
    if (!claim->seeds || *claim->seeds != '$')
        return 0;
    int i = gk_parameter_find(tables, claim->seeds + 1);
    if (i < 0)
        return gk_no_parameter(claim->seeds + 1);
    if (gk_parse_int(tables->parameter[i].text, out) < 0 || *out < 1)
        return gk_error("'seeds' is '%s', expected a number of at least 1", tables->parameter[i].text);
    return 0;
}

int gk_claim_judge(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_selection *rows, int64_t least_seed,
                   gk_arena *arena, gk_judgement *out)
{
    gk_selection some = *rows;
    const char  *measured, *missing;
    char  *text[2] = { NULL, NULL };
    size_t n_bytes[2] = { 0, 0 };
    bench  b = { .most_seed = -1, .told = open_memstream(&text[0], &n_bytes[0]),
                 .missing = open_memstream(&text[1], &n_bytes[1]) };
    int    status = b.told && b.missing ? 0 : gk_error("out of memory for what is measured");
    if (status == 0)
        status = seeds_asked(claim, tables, least_seed, &b.least_seed);
    b.asks_for_few = claim->seeds && b.least_seed < INTERVAL_SEEDS;
    if (status == 0 && claim->where)
        status = gk_select_where(tables, rows, claim->where, arena, &some, NULL);
    b.read.table = gk_arena_alloc(arena, (size_t)(some.n + 1) * sizeof *b.read.table);
    b.read.row = gk_arena_alloc(arena, (size_t)(some.n + 1) * sizeof *b.read.row);
    if (status == 0)
        status = (claim->let ? judge_derived : judge_levels)(claim, tables, &some, &b, arena, out);
    if (status == 0)
        status = judge_needs(claim, tables, &some, &b, arena, out);
    if (status == 0)
        status = grid_of(claim, tables, &some, arena, out);
    status |= end_text(b.told, &text[0], arena, &measured);
    status |= end_text(b.missing, &text[1], arena, &missing);
    out->selected = some;
    out->read = b.read;
    out->measured = measured;
    out->missing = missing;
    return status < 0 ? gk_error_context("claim '%s'", claim->id) : 0;
}
