/* formula.c -- a task by a formula: '(a*a + 3*b) % p' over all operands in 0..p-1, in the language of the table tools
 * (table/expression.h), computed without rounding (table/exact.h).
 *
 * Operands are a, b, c, ... up to the last one that the formula names, two at least; p is the modulus, any number.  The answer is
 * a number in 0..p-1, a condition 1 or 0.  Where there is no value (x / 0, a divisor without inverse) there is no item, as in
 * task divide; any other number is an error, so that no answer is a mistake of the formula. */
#include <inttypes.h>
#include <string.h>
#include "data/build.h"
#include "table/exact.h"

enum { MODULUS = GK_OPERANDS_MAX, N_COLUMN };    /* columns: the operands, then p */

/* A formula that can be computed. */
typedef struct formula { const gk_expression *expression; int n_operand; } formula;

static int read_formula(const gk_data_args *args, gk_arena *arena, formula *out)
{
    gk_frame_column column[N_COLUMN] = { { .name = "" } };
    double          zero = 0;
    char            name[N_COLUMN][2];
    bool            used[N_COLUMN] = { false };
    for (int i = 0; i < N_COLUMN; i++) {
        name[i][0] = (char)(i == MODULUS ? 'p' : 'a' + i);
        name[i][1] = '\0';
        column[i] = (gk_frame_column){ .name = name[i], .unit = "", .value = &zero };
    }
    gk_frame          frame = { .path = "formula", .n_row = 1, .n_column = N_COLUMN, .column = column };
    gk_frame         *frames[] = { &frame };
    gk_rows_of_tables tables = { .n_table = 1, .table = frames, .no_column = "there is no operand" };
    out->expression = gk_expression_read(&tables, args->formula, GK_ROW_NUMBER, arena);
    if (!out->expression || gk_exact_check(out->expression, used) < 0)
        return gk_usage_error("invalid formula: %s", gk_error_message());
    for (int i = 2; i < GK_OPERANDS_MAX; i++)
        if (used[i])
            out->n_operand = i + 1;
    return 0;
}

/* "a = 3, b = 5" */
static const char *operands_text(gk_arena *arena, int n, const int64_t *operand)
{
    const char *text = "";
    for (int i = 0; i < n; i++)
        text = gk_arena_printf(arena, "%s%s%c = %" PRId64, text, i > 0 ? ", " : "", 'a' + i, operand[i]);
    return text;
}

/* The answer for these operands, -1 if there is none; -2 with gk_error. */
static int32_t answer_of(const formula *f, const int64_t *operand, const char *text, gk_arena *arena)
{
    gk_fraction   found;
    const int64_t p = operand[MODULUS];
    switch (gk_row_exact(f->expression, operand, &found)) {
    case GK_NO_VALUE:
        return -1;
    case GK_TOO_LARGE:
        gk_usage_error("formula '%s' is too large to compute at %s: take residues on the way, as in (a^9 %% p) * b %% p", text,
                       operands_text(arena, f->n_operand, operand));
        return -2;
    case GK_EXACT:
        break;
    }
    if (found.under == 1 && found.over >= 0 && found.over < p)
        return (int32_t)found.over;
    const char *of = found.under == 1 ? "" : gk_arena_printf(arena, "/%" PRId64, found.under);
    gk_usage_error("formula '%s' is %" PRId64 "%s at %s, expected a whole number in 0..%" PRId64 ": '(%s) %% p' is one", text,
                   found.over, of, operands_text(arena, f->n_operand, operand), p - 1, text);
    return -2;
}

/* Answers for all operands, in lexicographic order; NULL with gk_error. */
static int32_t *tabulate(const formula *f, int64_t p, int64_t n, const char *text, gk_arena *arena)
{
    int32_t *table = gk_arena_alloc(arena, (size_t)n * sizeof *table);
    int64_t  n_item = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t operand[N_COLUMN] = { [MODULUS] = p }, rest = i;
        for (int k = f->n_operand - 1; k >= 0; k--, rest /= p)
            operand[k] = rest % p;
        table[i] = answer_of(f, operand, text, arena);
        if (table[i] < -1)
            return NULL;
        n_item += table[i] >= 0;
    }
    if (n_item > 0)
        return table;
    gk_usage_error("formula '%s' has no value for any operands modulo %" PRId64, text, p);
    return NULL;
}

static int build(gk_dataset *dataset, const gk_data_args *args, gk_arena *scratch)
{
    const int64_t p = args->prime;
    int64_t       n = 1, n_shared;
    formula       f = { NULL, 2 };
    if (!args->formula || !*args->formula)
        return gk_usage_error("task 'formula' needs --formula, as '(a*a + 3*b) %% p'");
    if (p < 2 || p > GK_PRIME_MAX)
        return gk_usage_error("prime %" PRId64 " is outside [2, %d]", p, GK_PRIME_MAX);
    if (gk_pairs_shared(args, &n_shared) < 0)
        return -1;
    if (read_formula(args, scratch, &f) < 0)
        return -1;
    for (int i = 0; i < f.n_operand; i++)
        if ((n *= p) > GK_TUPLES_MAX)
            return gk_usage_error("formula '%s' has %d operands: with %" PRId64 " numbers more than %d items", args->formula,
                                  f.n_operand, p, GK_TUPLES_MAX);
    int32_t *table = tabulate(&f, p, n, args->formula, scratch);
    if (!table)
        return -1;
    gk_pair_task task = { .n_number = p, .n_shared = n_shared, .modulus = p, .symbol = "f", .table = table,
                          .n_operand = f.n_operand };
    dataset->task = gk_arena_printf(&dataset->arena, "%s, p = %" PRId64, args->formula, p);
    return gk_pairs_build(dataset, args, &task);
}

int gk_build_formula(gk_dataset *dataset, const gk_data_args *args)
{
    gk_arena scratch = { 0 };
    int      status = build(dataset, args, &scratch);
    gk_arena_release(&scratch);
    return status;
}
