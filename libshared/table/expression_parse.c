/* expression_parse.c -- from text to tree: words, kinds, and what is wrong with them (expression.h has the grammar). */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "table/expression_private.h"

/* Brackets in brackets; levels of the tree, which a long sum has as many of as terms. */
enum { MAX_BRACKETS = 50, MAX_DEPTH = 1000 };

static gk_term *expression(gk_reader *r);
static gk_term *unary(gk_reader *r);

static gk_term *fail(gk_reader *r, const char *what)
{
    return gk_fail_at(r, r->at, what);
}

/* --- words --------------------------------------------------------------------------------------------------------------- */

static void skip(gk_reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* Is `sign` next?  Then go behind it. */
static bool accept(gk_reader *r, const char *sign)
{
    size_t n = strlen(sign);
    skip(r);
    if (strncmp(r->at, sign, n) != 0)
        return false;
    if (isalpha((unsigned char)sign[0]) && (is_word(r->at[n]) || r->at[n] == '-'))
        return false;
    r->at += n;
    return true;
}

/* Letters, digits, _ and .; with '-' between letters if asked for. */
static size_t word_length(const char *at, bool with_hyphens)
{
    size_t n = 0;
    while (is_word(at[n]) || (with_hyphens && n > 0 && at[n] == '-' && isalpha((unsigned char)at[n - 1]) &&
                              isalpha((unsigned char)at[n + 1])))
        n++;
    return n;
}

static const char *copy(gk_reader *r, const char *at, size_t n)
{
    return gk_arena_printf(r->arena, "%.*s", (int)n, at);
}

/* --- terms --------------------------------------------------------------------------------------------------------------- */

static gk_term *new_term(gk_reader *r, gk_term_type type, unsigned kinds, const char *begin)
{
    gk_term *term = gk_arena_alloc(r->arena, sizeof *term);
    *term = (gk_term){ .type = type, .kinds = kinds, .depth = 1, .begin = begin, .end = r->at };
    return term;
}

static gk_term *with_children(gk_reader *r, gk_term *term, gk_term *a, gk_term *b)
{
    if (!a)
        return gk_failed(r);
    term->a = a;
    term->b = b;
    term->depth = 1 + (b && b->depth > a->depth ? b->depth : a->depth);
    if (term->type == GK_TERM_CHOICE && term->filter->depth >= term->depth)
        term->depth = 1 + term->filter->depth;
    return term->depth <= MAX_DEPTH ? term : gk_fail_at(r, term->begin, "too long");
}

/* What kinds a column of one table holds; both if it has no value to tell by. */
static unsigned kinds_in(const gk_frame *frame, const gk_frame_column *column)
{
    if (column->text)
        return GK_KIND_TEXT;
    for (int64_t row = 0; row < frame->n_row; row++)
        if (!isnan(column->value[row]))
            return GK_KIND_NUMBER;
    return GK_KIND_NUMBER | GK_KIND_TEXT;
}

/* The column with this name, or NULL (no message). */
static gk_term *column_named(gk_reader *r, const char *begin, size_t n)
{
    const gk_rows_of_tables *tables = r->tables;
    const char *name = copy(r, begin, n);
    unsigned    kinds = 0;
    int        *column = gk_arena_alloc(r->arena, ((size_t)tables->n_table + 1) * sizeof *column);
    for (int t = 0; t < tables->n_table; t++) {
        column[t] = gk_frame_find(tables->table[t], name);
        if (column[t] >= 0)
            kinds |= kinds_in(tables->table[t], &tables->table[t]->column[column[t]]);
    }
    if (kinds == 0)
        return NULL;
    gk_term *term = new_term(r, GK_TERM_COLUMN, kinds, begin);
    term->text = name;
    term->column = column;
    return term;
}

/* The longest column that the word begins with, at a hyphen or as a whole; else the word itself. */
static gk_term *word(gk_reader *r)
{
    const char *begin = r->at;
    size_t      whole = word_length(begin, true), n = whole;
    gk_term    *found = NULL;
    if (!r->in_rows)
        return fail(r, gk_arena_printf(r->arena, "'%s' outside an aggregate", copy(r, begin, whole)));
    while (!(found = column_named(r, begin, n)) && n > 0)
        do
            n--;
        while (n > 0 && begin[n] != '-');
    r->at += found ? n : whole;
    if (!found) {
        found = new_term(r, GK_TERM_TEXT, GK_KIND_TEXT, begin);
        found->text = copy(r, begin, whole);
        found->is_word = true;
    }
    found->end = r->at;
    return found;
}

static gk_term *quoted(gk_reader *r)
{
    const char *begin = r->at, *end = strchr(begin + 1, *begin);
    if (!end)
        return fail(r, "no second quote");
    r->at = end + 1;
    gk_term *term = new_term(r, GK_TERM_TEXT, GK_KIND_TEXT, begin);
    term->text = copy(r, begin + 1, (size_t)(end - begin) - 1);
    return term;
}

static gk_term *parameter(gk_reader *r)
{
    const char *begin = r->at - 1, *name, *text;
    size_t      n = word_length(r->at, false);
    char       *end;
    r->at += n;
    name = copy(r, begin + 1, n);
    int i = gk_parameter_find(r->tables, name);
    if (i < 0) {
        gk_no_parameter(name);
        return gk_failed(r);
    }
    text = r->tables->parameter[i].text;
    (void)strtod(text, &end);
    gk_term *term = new_term(r, GK_TERM_PARAMETER, end != text && !*end ? GK_KIND_NUMBER : GK_KIND_TEXT, begin);
    term->parameter = i;
    term->text = name;
    return term;
}

static gk_term *number(gk_reader *r)
{
    const char *begin = r->at;
    char       *end;
    double      value = strtod(begin, &end);
    if (end == begin)
        return fail(r, "not understood");
    r->at = end;
    gk_term *term = new_term(r, GK_TERM_NUMBER, GK_KIND_NUMBER, begin);
    term->number = value;
    return term;
}

/* --- calls --------------------------------------------------------------------------------------------------------------- */

/* NOLINTBEGIN(misc-no-recursion): MAX_BRACKETS of them, see expression() */
static gk_term *arguments(gk_reader *r, gk_term *call)
{
    const gk_aggregate_form *form = call->aggregate;
    gk_term *of[2] = { NULL, NULL };
    r->in_rows = true;
    for (int i = 0; i < form->n_argument && !r->failed; i++) {
        bool last = i + 1 == form->n_argument;
        if (i > 0 && !accept(r, ","))
            return fail(r, gk_arena_printf(r->arena, "'%s' takes %d arguments", form->name, form->n_argument));
        of[i] = gk_need(r, expression(r), last && form->takes_condition ? GK_KIND_TRUTH : GK_KIND_NUMBER);
    }
    if (!r->failed && accept(r, "|"))
        call->filter = gk_need(r, expression(r), GK_KIND_TRUTH);
    r->in_rows = false;
    if (!r->failed && accept(r, ","))
        return fail(r, gk_arena_printf(r->arena, "'%s' takes %d argument%s", form->name, form->n_argument,
                                       form->n_argument > 1 ? "s" : ""));
    if (!r->failed && !accept(r, ")"))
        return fail(r, "no ')'");
    call->end = r->at;
    return r->failed ? NULL : with_children(r, call, of[0], of[1]);
}

static gk_term *call(gk_reader *r, size_t n_name)
{
    static const struct { const char *name; double (*of)(double); } functions[] = {
        { "abs", fabs }, { "ln", log }, { "log10", log10 }, { "exp", exp },
    };
    const char *begin = r->at;
    gk_term    *term;
    r->at += n_name;
    accept(r, "(");
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strlen(functions[i].name) == n_name && strncmp(begin, functions[i].name, n_name) == 0) {
            gk_term *of = gk_need(r, expression(r), GK_KIND_NUMBER);
            if (r->failed || !accept(r, ")"))
                return fail(r, "no ')'");
            term = new_term(r, GK_TERM_FUNCTION, GK_KIND_NUMBER, begin);
            term->function = functions[i].of;
            return with_children(r, term, of, NULL);
        }
    const gk_aggregate_form *form = gk_aggregate_find(begin, n_name);
    if (!form || r->in_rows)
        return gk_fail_at(r, begin, gk_arena_printf(r->arena, "no %s '%s'%s", r->in_rows ? "function" : "aggregate",
                                                 copy(r, begin, n_name), form ? " of a row: it is of several" : ""));
    term = new_term(r, GK_TERM_AGGREGATE, form->is_condition ? GK_KIND_TRUTH : GK_KIND_NUMBER, begin);
    term->aggregate = form;
    return arguments(r, term);
}

/* --- the grammar ----------------------------------------------------------------------------------------------------------- */

/* Length of NAME if NAME ( is next, else 0. */
static size_t call_name(const gk_reader *r)
{
    size_t n = isalpha((unsigned char)*r->at) ? word_length(r->at, false) : 0, blank = n;
    while (n > 0 && isspace((unsigned char)r->at[blank]))
        blank++;
    return n > 0 && r->at[blank] == '(' ? n : 0;
}

/* `NAME`: a column whose name is no WORD. */
static gk_term *quoted_column(gk_reader *r)
{
    const char *begin = r->at, *end = strchr(begin + 1, '`');
    if (!end)
        return fail(r, "no second quote");
    if (!r->in_rows)
        return fail(r, "a column outside an aggregate");
    r->at = end + 1;
    gk_term *term = column_named(r, begin + 1, (size_t)(end - begin) - 1);
    if (term)
        term->begin = begin;
    else
        gk_no_column(r->tables, copy(r, begin + 1, (size_t)(end - begin) - 1));
    return term ? term : gk_failed(r);
}

static gk_term *primary(gk_reader *r)
{
    skip(r);
    const char *begin = r->at;
    if (!*begin)
        return fail(r, "something is missing");
    if (accept(r, "(")) {
        gk_term *inner = expression(r);
        return r->failed || accept(r, ")") ? inner : fail(r, "no ')'");
    }
    if (accept(r, "$"))
        return parameter(r);
    if (*begin == '\'' || *begin == '"')
        return quoted(r);
    if (*begin == '`')
        return quoted_column(r);
    if (isdigit((unsigned char)*begin) || *begin == '.' || (strncmp(begin, "inf", 3) == 0 && word_length(begin, true) == 3))
        return number(r);
    if (!isalpha((unsigned char)*begin) && *begin != '_')
        return fail(r, "not understood");
    size_t n = call_name(r);
    return n > 0 ? call(r, n) : word(r);
}

/* LEFT SIGN RIGHT of one kind. */
static gk_term *both(gk_reader *r, gk_term_type type, unsigned kind, gk_term *left, gk_term *right)
{
    if (r->failed || !gk_need(r, left, kind) || !gk_need(r, right, kind))
        return NULL;
    return with_children(r, new_term(r, type, kind, left->begin), left, right);
}

/* Of the highest rank, and from the right: 2^3^2 is 2^9, -2^2 is -4. */
static gk_term *power(gk_reader *r)
{
    gk_term *base = primary(r);
    if (r->failed || !accept(r, "^"))
        return base;
    if (++r->n_bracket > MAX_BRACKETS)
        return fail(r, "too many powers of powers");
    gk_term *made = both(r, GK_TERM_POWER, GK_KIND_NUMBER, base, unary(r));
    r->n_bracket--;
    return made;
}

static gk_term *unary(gk_reader *r)
{
    bool negative = false, any = false;
    skip(r);
    for (const char *begin = r->at;; any = true, negative = !negative)
        if (!accept(r, "-")) {
            gk_term *of = power(r);
            if (!any || r->failed)
                return of;
            if (!(of = gk_need(r, of, GK_KIND_NUMBER)) || !negative)
                return of;
            return with_children(r, new_term(r, GK_TERM_NEGATIVE, GK_KIND_NUMBER, begin), of, NULL);
        }
}

static gk_term *product(gk_reader *r)
{
    gk_term *left = unary(r);
    while (!r->failed) {
        gk_term_type type = accept(r, "*") ? GK_TERM_PRODUCT : accept(r, "/") ? GK_TERM_QUOTIENT
                          : accept(r, "%") ? GK_TERM_REMAINDER : GK_TERM_NUMBER;
        if (type == GK_TERM_NUMBER)
            break;
        left = both(r, type, GK_KIND_NUMBER, left, unary(r));
    }
    return left;
}

static gk_term *sum(gk_reader *r)
{
    gk_term *left = product(r);
    while (!r->failed) {
        gk_term_type type = accept(r, "+") ? GK_TERM_SUM : accept(r, "-") ? GK_TERM_DIFFERENCE : GK_TERM_NUMBER;
        if (type == GK_TERM_NUMBER)
            break;
        left = both(r, type, GK_KIND_NUMBER, left, product(r));
    }
    return left;
}

static gk_term *comparison(gk_reader *r)
{
    static const char *const signs[] = { "<=", ">=", "!=", "==", "<", ">", "=" };
    gk_term *left = sum(r);
    for (size_t i = 0; i < sizeof signs / sizeof *signs && !r->failed; i++)
        if (accept(r, signs[i])) {
            gk_term *right = sum(r);
            if (r->failed)
                return NULL;
            gk_term *term = new_term(r, GK_TERM_COMPARISON, GK_KIND_TRUTH, left->begin);
            term->text = signs[i];
            return with_children(r, term, left, right) ? gk_check_comparison(r, term) : NULL;
        }
    return left;
}

static gk_term *negation(gk_reader *r)
{
    bool negative = false, any = false;
    skip(r);
    for (const char *begin = r->at;; any = true, negative = !negative)
        if (!accept(r, "not") && !accept(r, "!")) {
            gk_term *of = comparison(r);
            if (!any || r->failed || !(of = gk_need(r, of, GK_KIND_TRUTH)) || !negative)
                return of;
            return with_children(r, new_term(r, GK_TERM_NOT, GK_KIND_TRUTH, begin), of, NULL);
        }
}

static gk_term *conjunction(gk_reader *r)
{
    gk_term *left = negation(r);
    while (!r->failed && (accept(r, "and") || accept(r, "&&")))
        left = both(r, GK_TERM_AND, GK_KIND_TRUTH, left, negation(r));
    return left;
}

/* Behind "if".  Both branches are numbers, or both conditions. */
static gk_term *choice(gk_reader *r, const char *begin)
{
    gk_term *condition = gk_need(r, expression(r), GK_KIND_TRUTH);
    if (r->failed || !accept(r, "then"))
        return fail(r, "no 'then'");
    gk_term *yes = expression(r);
    if (r->failed || !accept(r, "else"))
        return fail(r, "no 'else'");
    gk_term *no = expression(r);
    if (r->failed)
        return NULL;
    unsigned kind = yes->kinds & GK_KIND_TRUTH ? GK_KIND_TRUTH : GK_KIND_NUMBER;
    if (!gk_need(r, yes, kind) || !gk_need(r, no, kind))
        return NULL;
    gk_term *term = new_term(r, GK_TERM_CHOICE, kind, begin);
    term->filter = condition;
    return with_children(r, term, yes, no);
}

static gk_term *expression(gk_reader *r)
{
    if (++r->n_bracket > MAX_BRACKETS)
        return fail(r, "too many brackets");
    skip(r);
    const char *begin = r->at;
    gk_term *left = accept(r, "if") ? choice(r, begin) : conjunction(r);
    while (!r->failed && (accept(r, "or") || accept(r, "||")))
        left = both(r, GK_TERM_OR, GK_KIND_TRUTH, left, conjunction(r));
    r->n_bracket--;
    return r->failed ? NULL : left;
}
/* NOLINTEND(misc-no-recursion) */

/* --- what others call ------------------------------------------------------------------------------------------------------ */

/* The whole is what it should be. */
static gk_term *check_form(gk_reader *r, gk_term *term, gk_expression_form form)
{
    bool is_condition = form == GK_ROW_CONDITION || form == GK_ROWS_CONDITION;
    unsigned allowed = is_condition ? GK_KIND_TRUTH : form == GK_ROW_NUMBER ? GK_KIND_NUMBER | GK_KIND_TRUTH : GK_KIND_NUMBER;
    skip(r);
    if (!r->failed && *r->at)
        return fail(r, "not understood");
    if (r->failed || term->kinds & allowed)
        return r->failed ? NULL : term;
    if (term->is_word)
        return gk_wrong_kind(r, term, "");
    return gk_fail_at(r, term->begin, is_condition ? "not a condition" : "not a number");
}

const gk_expression *gk_expression_read(const gk_rows_of_tables *tables, const char *text, gk_expression_form form,
                                        gk_arena *arena)
{
    gk_reader r = { .tables = tables, .at = text, .arena = arena, .in_rows = form == GK_ROW_CONDITION || form == GK_ROW_NUMBER };
    gk_term *term = check_form(&r, expression(&r), form);
    int     *seed = gk_arena_alloc(arena, ((size_t)tables->n_table + 1) * sizeof *seed);
    if (!term) {
        gk_error_context("'%.1000s'", text);
        return NULL;
    }
    for (int t = 0; t < tables->n_table; t++)
        seed[t] = gk_frame_find(tables->table[t], "seed");
    gk_expression *made = gk_arena_alloc(arena, sizeof *made);
    *made = (gk_expression){ tables, term, r.unmet, seed };
    return made;
}

const char *gk_expression_unmet(const gk_expression *expression)
{
    return expression->unmet;
}
