/* expression.c -- see expression.h: a parser that computes as it reads, once per row. */
#include "table/expression.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 50, MAX_WORD = 64 };

/* A number, a text, or a truth. */
typedef enum { NUMBER, TEXT, TRUTH } kind;
/* low, high: an interval of the number; NaN: none. */
typedef struct value { kind kind; double number; const char *text; gk_truth truth; double low, high; } value;

typedef struct reader {
    const gk_rows_of_tables *tables;
    const gk_selection      *selection;
    int64_t                  row;          /* of the selection; -1: outside, where aggregates are allowed */
    const char              *at, *end;
    gk_arena                *arena;
    const char              *measured;
    int64_t                  n_seed;       /* -1: no aggregate yet */
    int                      depth;
    bool                     failed;
} reader;

static value number_of(double number)    { return (value){ NUMBER, number, NULL, GK_NO_DATA, NAN, NAN }; }
static value truth_of(gk_truth truth)    { return (value){ TRUTH, NAN, NULL, truth, NAN, NAN }; }
static value text_of(const char *text)   { return (value){ TEXT, NAN, text, GK_NO_DATA, NAN, NAN }; }

static value fail(reader *r, const char *what)
{
    if (!r->failed)
        gk_error("%s at '%.*s'", what, (int)(r->end - r->at > 30 ? 30 : r->end - r->at), r->at);
    r->failed = true;
    r->at = r->end;
    return number_of(NAN);
}

static value expression(reader *r);

/* --- words ------------------------------------------------------------------------------------------------------------- */

static void skip(reader *r)
{
    while (r->at < r->end && isspace((unsigned char)*r->at))
        r->at++;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-';
}

/* Is `sign` next?  Then go behind it. */
static bool accept(reader *r, const char *sign)
{
    size_t n = strlen(sign);
    skip(r);
    if ((size_t)(r->end - r->at) < n || strncmp(r->at, sign, n) != 0)
        return false;
    if (isalpha((unsigned char)sign[0]) && r->at + n < r->end && is_word(r->at[n]))
        return false;
    r->at += n;
    return true;
}

/* A '-' belongs to a word only between letters: fraction-0.1 is no word, memorised-teacher is one. */
static size_t word_length(const reader *r)
{
    size_t n = 0, left = (size_t)(r->end - r->at);
    for (; n < left && is_word(r->at[n]); n++) {
        bool inside = n > 0 && n + 1 < left && isalpha((unsigned char)r->at[n - 1]) && isalpha((unsigned char)r->at[n + 1]);
        if (r->at[n] == '-' && !inside)
            break;
    }
    return n;
}

static value text_or_number(const char *text)
{
    char  *end;
    double number = strtod(text, &end);
    return end != text && *end == '\0' ? number_of(number) : text_of(text);
}

int gk_row_value(const gk_rows_of_tables *tables, const gk_selection *selection, int64_t i, const char *column, double *number,
                 const char **text)
{
    const gk_frame *frame = tables->table[selection->table[i]];
    int c = gk_frame_find(frame, column), known = -1;
    *number = NAN;
    *text = NULL;
    for (int t = 0; t < tables->n_table; t++)
        if (gk_frame_find(tables->table[t], column) >= 0)
            known = 0;
    if (c >= 0 && frame->column[c].text)
        *text = frame->column[c].text[selection->row[i]];
    else if (c >= 0)
        *number = frame->column[c].value[selection->row[i]];
    return known;
}

static value parameter(reader *r, const char *name)
{
    for (int i = 0; i < r->tables->n_parameter; i++)
        if (strcmp(r->tables->parameter[i].name, name) == 0)
            return text_or_number(r->tables->parameter[i].text);
    return fail(r, gk_arena_printf(r->arena, "no parameter '$%s' (give --set %s=...)", name, name));
}

/* A column of the row, or else the word itself. */
static value word(reader *r)
{
    size_t n = word_length(r);
    const char *name = gk_arena_printf(r->arena, "%.*s", (int)n, r->at), *text;
    double number;
    r->at += n;
    if (r->row >= 0 && gk_row_value(r->tables, r->selection, r->row, name, &number, &text) == 0)
        return text ? text_of(text) : number_of(number);
    if (r->row < 0)
        return fail(r, gk_arena_printf(r->arena, "'%s' outside an aggregate", name));
    return text_of(name);
}

/* --- aggregates ------------------------------------------------------------------------------------------------------------ */

/* Where an argument of a function stands. */
typedef struct span { const char *begin, *end; } span;

/* The arguments behind '(': up to two, and a filter. */
static bool arguments(reader *r, span *first, span *second, span *filter)
{
    span *now = first;
    int   depth = 0;
    *first = (span){ r->at, r->at };
    *second = *filter = (span){ NULL, NULL };
    for (; r->at < r->end; r->at++) {
        if (*r->at == ')' && depth-- == 0)
            break;
        depth += *r->at == '(';
        bool is_bar = *r->at == '|' && r->at[1] != '|' && r->at[-1] != '|';
        if (depth == 0 && (*r->at == ',' || is_bar)) {
            now->end = r->at;
            now = is_bar ? filter : second;
            now->begin = r->at + 1;
        }
    }
    now->end = r->at;
    return accept(r, ")");
}

/* A row expression, at a row. */
static value at_row(reader *r, span what, int64_t row)
{
    reader inner = *r;
    inner.at = what.begin;
    inner.end = what.end;
    inner.row = row;
    value v = expression(&inner);
    skip(&inner);
    if (!inner.failed && inner.at < inner.end)
        fail(&inner, "not understood");
    r->failed = inner.failed;
    return v;
}

/* What an aggregate looks at: rows that the filter selects, with the values of one or two expressions. */
typedef struct sample { gk_sample of; const char *values; } sample;

static const char *add_value(reader *r, const char *list, span what, int64_t row)
{
    /* of a condition, what stands left of the comparison says most */
    span left = { what.begin, what.begin + strcspn(what.begin, "<>=!") };
    value v = at_row(r, left.end < what.end && left.end > left.begin ? left : what, row);
    if (v.kind == TEXT)
        return gk_arena_printf(r->arena, "%s%s%s", list, *list ? " " : "", v.text);
    if (v.kind == TRUTH)
        return gk_arena_printf(r->arena, "%s%s%s", list, *list ? " " : "", v.truth == GK_TRUE ? "yes" : "no");
    return gk_arena_printf(r->arena, "%s%s%.4g", list, *list ? " " : "", v.number);
}

/* The number of the row's seed among those met so far. */
static int64_t count_seed(reader *r, double *seed, int64_t *n_seed, int64_t row)
{
    const char *text;
    double number;
    if (gk_row_value(r->tables, r->selection, row, "seed", &number, &text) < 0 || isnan(number))
        number = -1 - (double)row;
    for (int64_t i = 0; i < *n_seed; i++)
        if (seed[i] == number)
            return i;
    seed[*n_seed] = number;
    return (*n_seed)++;
}

static sample take(reader *r, span first, span second, span filter)
{
    size_t  most = (size_t)r->selection->n + 1;
    sample  s = { .values = "" };
    double *seed = gk_arena_alloc(r->arena, most * sizeof *seed);
    s.of.seed = gk_arena_alloc(r->arena, most * sizeof *s.of.seed);
    s.of.x = gk_arena_alloc(r->arena, most * sizeof *s.of.x);
    s.of.y = gk_arena_alloc(r->arena, most * sizeof *s.of.y);
    s.of.truth = gk_arena_alloc(r->arena, most * sizeof *s.of.truth);
    for (int64_t row = 0; row < r->selection->n && !r->failed; row++) {
        if (filter.begin && at_row(r, filter, row).truth != GK_TRUE)
            continue;
        value x = at_row(r, first, row), y = second.begin ? at_row(r, second, row) : x;
        if (x.kind == NUMBER && isnan(x.number))
            continue;
        s.of.seed[s.of.n] = count_seed(r, seed, &s.of.n_seed, row);
        s.of.x[s.of.n] = x.number;
        s.of.y[s.of.n] = y.number;
        s.of.truth[s.of.n++] = second.begin ? y.truth : x.truth;
        s.values = add_value(r, s.values, second.begin ? second : first, row);
    }
    if (r->n_seed < 0 || s.of.n_seed < r->n_seed)
        r->n_seed = s.of.n_seed;
    return s;
}

static value aggregate(reader *r)
{
    size_t      n = word_length(r);
    const char *name = gk_arena_printf(r->arena, "%.*s", (int)n, r->at), *begin = r->at;
    span        first, second, filter;
    r->at += n;
    accept(r, "(");
    if (!arguments(r, &first, &second, &filter))
        return fail(r, "no ')'");
    sample s = take(r, first, second, filter);
    gk_aggregate found = r->failed ? (gk_aggregate){ .kind = GK_A_ERROR } : gk_aggregate_of(name, &s.of, r->arena);
    if (found.kind == GK_NO_AGGREGATE)
        return fail(r, gk_arena_printf(r->arena, "no aggregate '%s'", name));
    r->failed = found.kind == GK_A_ERROR;
    if (r->failed)
        return number_of(NAN);
    char result[48];
    if (found.kind == GK_A_TRUTH)
        snprintf(result, sizeof result, "%lld of %lld", (long long)found.n_true, (long long)s.of.n);
    else if (isnan(found.low))
        snprintf(result, sizeof result, "%.4g", found.number);
    else
        snprintf(result, sizeof result, "%.4g [%.4g, %.4g]", found.number, found.low, found.high);
    r->measured = gk_arena_printf(r->arena, "%s%s%.*s = %s {%s}", r->measured, *r->measured ? "; " : "", (int)(r->at - begin),
                                  begin, result, s.values);
    return found.kind == GK_A_TRUTH ? truth_of(found.truth)
                                    : (value){ NUMBER, found.number, NULL, GK_NO_DATA, found.low, found.high };
}

/* --- the grammar ------------------------------------------------------------------------------------------------------- */

static bool is_call(reader *r)
{
    size_t n = word_length(r);
    while (r->at + n < r->end && isspace((unsigned char)r->at[n]))
        n++;
    return r->row < 0 && isalpha((unsigned char)*r->at) && r->at + n < r->end && r->at[n] == '(';
}

/* abs(x), ln(x), ...: of one number, in rows and outside.  False: the next word is none of them. */
static bool function(reader *r, value *out)
{
    static const struct { const char *name; double (*of)(double); } functions[] = {
        { "abs", fabs }, { "ln", log }, { "log10", log10 }, { "exp", exp },
    };
    size_t n = word_length(r);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strlen(functions[i].name) == n && strncmp(r->at, functions[i].name, n) == 0 && r->at[n] == '(') {
            r->at += n + 1;
            *out = number_of(functions[i].of(expression(r).number));
            if (!accept(r, ")"))
                *out = fail(r, "no ')'");
            return true;
        }
    return false;
}

static value primary(reader *r)
{
    value v;
    skip(r);
    if (r->at >= r->end)
        return fail(r, "something is missing");
    if (accept(r, "(")) {
        v = expression(r);
        return accept(r, ")") ? v : fail(r, "no ')'");
    }
    if (accept(r, "$")) {
        size_t n = word_length(r);
        r->at += n;
        return parameter(r, gk_arena_printf(r->arena, "%.*s", (int)n, r->at - n));
    }
    if (isdigit((unsigned char)*r->at) || *r->at == '.') {
        char  *end;
        double number = strtod(r->at, &end);
        r->at = end <= r->end ? end : r->end;
        return number_of(number);
    }
    if (!isalpha((unsigned char)*r->at) && *r->at != '_')
        return fail(r, "not understood");
    if (strncmp(r->at, "inf", 3) == 0 && word_length(r) == 3) {
        r->at += 3;
        return number_of(INFINITY);
    }
    if (function(r, &v))
        return v;
    return is_call(r) ? aggregate(r) : word(r);
}

static value unary(reader *r)
{
    if (accept(r, "-"))
        return number_of(-unary(r).number);
    return primary(r);
}

static value product(reader *r)
{
    value v = unary(r);
    for (;;) {
        if (accept(r, "*"))
            v = number_of(v.number * unary(r).number);
        else if (accept(r, "/"))
            v = number_of(v.number / unary(r).number);
        else
            return v;
    }
}

static value sum(reader *r)
{
    value v = product(r);
    for (;;) {
        if (accept(r, "+"))
            v = number_of(v.number + product(r).number);
        else if (accept(r, "-"))
            v = number_of(v.number - product(r).number);
        else
            return v;
    }
}

static value compare(const char *sign, value a, value b)
{
    char a_text[40], b_text[40];
    if (a.kind == TEXT || b.kind == TEXT) {    /* a number against a word is a word, too */
        snprintf(a_text, sizeof a_text, "%.15g", a.number);
        snprintf(b_text, sizeof b_text, "%.15g", b.number);
        int order = strcmp(a.kind == TEXT ? a.text : a_text, b.kind == TEXT ? b.text : b_text);
        return truth_of(gk_truth_of_order(sign, order));
    }
    gk_truth truth = gk_truth_compare(sign, a.number, b.number);
    const double ends[][2] = { { a.low, b.number }, { a.high, b.number }, { a.number, b.low }, { a.number, b.high } };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (truth == GK_TRUE && gk_truth_compare(sign, ends[i][0], ends[i][1]) == GK_FALSE)
            truth = GK_UNDECIDED;    /* the interval spans it */
    return truth_of(truth);
}

static value comparison(reader *r)
{
    static const char *const signs[] = { "<=", ">=", "!=", "==", "<", ">", "=" };
    value v = sum(r);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (accept(r, signs[i]))
            return compare(signs[i], v, sum(r));
    return v;
}

static value negation(reader *r)
{
    if (accept(r, "not") || (accept(r, "!")))
        return truth_of(gk_truth_not(negation(r).truth));
    return comparison(r);
}

static value conjunction(reader *r)
{
    value v = negation(r);
    while (accept(r, "and") || accept(r, "&&") || accept(r, "&"))
        v = truth_of(gk_truth_both(v.truth, negation(r).truth));
    return v;
}

static value expression(reader *r)
{
    if (++r->depth > MAX_DEPTH)
        return fail(r, "too many brackets");
    value v = conjunction(r);
    while (accept(r, "or") || accept(r, "||"))
        v = truth_of(gk_truth_not(gk_truth_both(gk_truth_not(v.truth), gk_truth_not(conjunction(r).truth))));
    r->depth--;
    return v;
}

/* --- what others call -------------------------------------------------------------------------------------------------- */

static reader reader_of(const gk_rows_of_tables *tables, const gk_selection *selection, const char *text, gk_arena *arena)
{
    return (reader){ .tables = tables, .selection = selection, .row = -1, .at = text, .end = text + strlen(text),
                     .arena = arena, .measured = "", .n_seed = -1 };
}

static void selection_alloc(gk_arena *arena, int64_t n, gk_selection *out)
{
    out->n = 0;
    out->table = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *out->table);
    out->row = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *out->row);
}

void gk_select_all(const gk_rows_of_tables *tables, gk_arena *arena, gk_selection *out)
{
    int64_t n = 0;
    for (int t = 0; t < tables->n_table; t++)
        n += tables->table[t]->n_row;
    selection_alloc(arena, n, out);
    for (int t = 0; t < tables->n_table; t++)
        for (int64_t row = 0; row < tables->table[t]->n_row; row++) {
            out->table[out->n] = t;
            out->row[out->n++] = row;
        }
}

int gk_select_where(const gk_rows_of_tables *tables, const gk_selection *from, const char *text, gk_arena *arena,
                    gk_selection *out)
{
    reader r = reader_of(tables, from, text, arena);
    span   all = { r.at, r.end };
    selection_alloc(arena, from->n, out);
    for (int64_t i = 0; i < from->n; i++) {
        value v = at_row(&r, all, i);
        if (!r.failed && v.kind != TRUTH)
            fail(&r, "not a condition");
        if (r.failed)
            return gk_error_context("'%s'", text);
        if (v.truth != GK_TRUE)
            continue;
        out->table[out->n] = from->table[i];
        out->row[out->n++] = from->row[i];
    }
    return 0;
}

int gk_row_numbers(const gk_rows_of_tables *tables, const gk_selection *selection, const char *text, gk_arena *arena, double *out)
{
    reader r = reader_of(tables, selection, text, arena);
    span   all = { r.at, r.end };
    for (int64_t i = 0; i < selection->n; i++) {
        value v = at_row(&r, all, i);
        if (!r.failed && v.kind == TEXT)
            fail(&r, gk_arena_printf(arena, "no number, and no column: '%.40s'", v.text));
        if (r.failed)
            return gk_error_context("'%s'", text);
        out[i] = v.kind == NUMBER ? v.number : v.truth == GK_TRUE ? 1 : v.truth == GK_FALSE ? 0 : NAN;
    }
    return 0;
}

/* The value of a whole text, of this kind; called so in messages. */
static int whole(reader *r, kind wanted, const char *called, value *v)
{
    const char *text = r->at;
    *v = expression(r);
    skip(r);
    if (!r->failed && r->at < r->end)
        fail(r, "not understood");
    if (!r->failed && v->kind != wanted)
        fail(r, called);
    return r->failed ? gk_error_context("'%s'", text) : 0;
}

int gk_judge(const gk_rows_of_tables *tables, const gk_selection *selection, const char *predicate, gk_arena *arena,
             gk_truth *truth, const char **measured, int64_t *n_seed)
{
    reader r = reader_of(tables, selection, predicate, arena);
    value  v;
    if (whole(&r, TRUTH, "not a condition", &v) < 0)
        return -1;
    *truth = v.truth;
    *measured = r.measured;
    *n_seed = r.n_seed < 0 ? 0 : r.n_seed;
    return 0;
}

int gk_measure(const gk_rows_of_tables *tables, const gk_selection *selection, const char *text, gk_arena *arena, double *number,
               int64_t *n_seed)
{
    reader r = reader_of(tables, selection, text, arena);
    value  v;
    if (whole(&r, NUMBER, "not a number", &v) < 0)
        return -1;
    *number = v.number;
    *n_seed = r.n_seed < 0 ? 0 : r.n_seed;
    return 0;
}
