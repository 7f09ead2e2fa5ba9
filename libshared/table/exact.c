/* exact.c -- see exact.h. */
#include "table/exact.h"

#include <math.h>
#include "table/expression_private.h"

/* Characters of a term in a message; remainders within remainders, each of which may be computed twice. */
enum { MOST_SHOWN = 30, MOST_NESTED = 8 };

/* --- what can be computed ------------------------------------------------------------------------------------------- */

static int refuse(const gk_term *term, const char *what)
{
    int n = (int)(term->end - term->begin);
    return gk_error("%s at '%.*s'", what, n < MOST_SHOWN ? n : MOST_SHOWN, term->begin);
}

/* NOLINTBEGIN(misc-no-recursion): a term is at most MAX_DEPTH deep (expression_parse.c) */
static int check(const gk_term *term, int n_remainder, bool *used)
{
    switch (term->type) {
    case GK_TERM_NUMBER:
        if (!(fabs(term->number) < 0x1p53) || term->number != floor(term->number))
            return refuse(term, "no whole number (write a fraction as 1/2)");
        return 0;
    case GK_TERM_TEXT:
    case GK_TERM_PARAMETER:
    case GK_TERM_AGGREGATE:
        return refuse(term, "no number");
    case GK_TERM_COLUMN:
        used[term->column[0]] = true;
        return 0;
    case GK_TERM_FUNCTION:
        if (term->function != fabs)
            return refuse(term, "a function that is not exact (only abs is)");
        break;
    case GK_TERM_REMAINDER:
        if (++n_remainder > MOST_NESTED)
            return refuse(term, "too many '%' within each other");
        break;
    default:
        break;
    }
    if ((term->filter && check(term->filter, n_remainder, used) < 0) || check(term->a, n_remainder, used) < 0)
        return -1;
    return term->b ? check(term->b, n_remainder, used) : 0;
}

int gk_exact_check(const gk_expression *expression, bool *used)
{
    return check(expression->term, 0, used);
}

/* --- fractions ------------------------------------------------------------------------------------------------------ */

/* A fraction if state is GK_EXACT. */
typedef struct exact { gk_exactness state; int64_t over, under; } exact;

static exact whole(int64_t number)           { return (exact){ GK_EXACT, number, 1 }; }
static exact nothing(gk_exactness state)     { return (exact){ state, 0, 1 }; }

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* over / under in lowest terms; INT64_MIN, which has no opposite, counts as too large. */
static exact fraction(int64_t over, int64_t under)
{
    if (over == INT64_MIN || under == INT64_MIN)
        return nothing(GK_TOO_LARGE);
    if (under == 0)
        return nothing(GK_NO_VALUE);
    int64_t divisor = common_divisor(over, under);
    return (exact){ GK_EXACT, under < 0 ? -over / divisor : over / divisor, (under < 0 ? -under : under) / divisor };
}

static exact product(exact a, exact b)
{
    int64_t over, under;
    exact   one = fraction(a.over, b.under), other = fraction(b.over, a.under);    /* small before they are multiplied */
    if (__builtin_mul_overflow(one.over, other.over, &over) || __builtin_mul_overflow(one.under, other.under, &under))
        return nothing(GK_TOO_LARGE);
    return fraction(over, under);
}

static exact sum(exact a, exact b)
{
    int64_t one, other, over, under, divisor = common_divisor(a.under, b.under);
    if (__builtin_mul_overflow(a.over, b.under / divisor, &one) || __builtin_mul_overflow(b.over, a.under / divisor, &other) ||
        __builtin_add_overflow(one, other, &over) || __builtin_mul_overflow(a.under, b.under / divisor, &under))
        return nothing(GK_TOO_LARGE);
    return fraction(over, under);
}

static exact opposite(exact a)      { return fraction(-a.over, a.under); }
static exact reciprocal(exact a)    { return fraction(a.under, a.over); }

static exact power(exact base, exact exponent)
{
    exact result = whole(1);
    if (exponent.under != 1)
        return nothing(GK_NO_VALUE);
    if (exponent.over < 0) {
        base = reciprocal(base);
        exponent.over = -exponent.over;
    }
    while (exponent.over > 0 && base.state == GK_EXACT && result.state == GK_EXACT) {
        if (exponent.over % 2 == 1)
            result = product(result, base);
        exponent.over /= 2;
        if (exponent.over > 0)
            base = product(base, base);
    }
    return base.state == GK_EXACT ? result : base;
}

/* --- residues ------------------------------------------------------------------------------------------------------- */

enum { MOST_MODULUS = INT32_MAX };    /* products of two residues fit */

static int64_t residue(int64_t a, int64_t m)
{
    return a % m < 0 ? a % m + m : a % m;
}

/* The x with (x a) % m = 1, by Euclid's algorithm; -1: a and m have a common divisor. */
static int64_t inverse(int64_t a, int64_t m)
{
    int64_t r = m, next_r = residue(a, m), x = 0, next_x = 1;
    while (next_r != 0) {
        int64_t q = r / next_r, rest = r - q * next_r, then = x - q * next_x;
        r = next_r;
        next_r = rest;
        x = next_x;
        next_x = then;
    }
    return r == 1 ? residue(x, m) : -1;
}

/* (u / v) % m for residues u, v. */
static exact quotient_modulo(int64_t u, int64_t v, int64_t m)
{
    int64_t found = inverse(v, m);
    return found < 0 ? nothing(GK_NO_VALUE) : whole(u * found % m);
}

static exact power_modulo(int64_t base, exact exponent, int64_t m)
{
    exact   start = exponent.over < 0 ? quotient_modulo(1 % m, base, m) : whole(base);
    int64_t square = start.over, result = 1 % m;
    if (exponent.under != 1 || start.state != GK_EXACT)
        return nothing(GK_NO_VALUE);
    for (int64_t n = exponent.over < 0 ? -exponent.over : exponent.over; n > 0; n /= 2) {
        if (n % 2 == 1)
            result = result * square % m;
        square = square * square % m;
    }
    return whole(result);
}

/* --- terms ---------------------------------------------------------------------------------------------------------- */

static exact value_of(const gk_term *term, const int64_t *column);

/* The residue of a term modulo m > 1 without large numbers on the way.  Not GK_EXACT also where only the way has no residues:
 * what is not divisible may cancel. */
static exact value_modulo(const gk_term *term, const int64_t *column, int64_t m)
{
    exact a, b;
    switch (term->type) {
    case GK_TERM_NEGATIVE:
        a = value_modulo(term->a, column, m);
        return a.state == GK_EXACT ? whole(residue(-a.over, m)) : a;
    case GK_TERM_CHOICE:
        a = value_of(term->filter, column);
        return a.state == GK_EXACT ? value_modulo(a.over ? term->a : term->b, column, m) : a;
    case GK_TERM_SUM:
    case GK_TERM_DIFFERENCE:
    case GK_TERM_PRODUCT:
    case GK_TERM_QUOTIENT:
    case GK_TERM_POWER:
        a = value_modulo(term->a, column, m);
        b = term->type == GK_TERM_POWER ? value_of(term->b, column) : value_modulo(term->b, column, m);
        if (a.state != GK_EXACT || b.state != GK_EXACT)
            return a.state != GK_EXACT ? a : b;
        break;
    default:
        a = value_of(term, column);
        return a.state == GK_EXACT ? quotient_modulo(residue(a.over, m), residue(a.under, m), m) : a;
    }
    return term->type == GK_TERM_SUM ? whole((a.over + b.over) % m)
         : term->type == GK_TERM_DIFFERENCE ? whole(residue(a.over - b.over, m))
         : term->type == GK_TERM_PRODUCT ? whole(a.over * b.over % m)
         : term->type == GK_TERM_QUOTIENT ? quotient_modulo(a.over, b.over, m) : power_modulo(a.over, b, m);
}

static exact remainder_of(const gk_term *term, const int64_t *column)
{
    exact a = value_of(term->a, column), m = value_of(term->b, column);
    if (a.state == GK_NO_VALUE || m.state != GK_EXACT)
        return a.state == GK_NO_VALUE ? a : m;
    if (m.under != 1 || m.over <= 0)
        return nothing(GK_NO_VALUE);
    if (a.state == GK_EXACT && a.under == 1)
        return whole(residue(a.over, m.over));
    if (m.over > MOST_MODULUS)
        return nothing(GK_TOO_LARGE);
    if (a.state == GK_EXACT)
        return quotient_modulo(residue(a.over, m.over), residue(a.under, m.over), m.over);
    a = m.over > 1 ? value_modulo(term->a, column, m.over) : nothing(GK_TOO_LARGE);
    return a.state == GK_EXACT ? a : nothing(GK_TOO_LARGE);
}

/* Truth as 1 or 0; of `and` and `or` one side may be enough. */
static exact connective(const gk_term *term, const int64_t *column)
{
    const int64_t enough = term->type == GK_TERM_OR;
    exact a = value_of(term->a, column), b = value_of(term->b, column);
    if ((a.state == GK_EXACT && a.over == enough) || (b.state == GK_EXACT && b.over == enough))
        return whole(enough);
    return a.state != GK_EXACT ? a : b.state != GK_EXACT ? b : whole(!enough);
}

static exact of_two(const gk_term *term, exact a, exact b)
{
    switch (term->type) {
    case GK_TERM_SUM:        return sum(a, b);
    case GK_TERM_DIFFERENCE: return sum(a, opposite(b));
    case GK_TERM_PRODUCT:    return product(a, b);
    case GK_TERM_QUOTIENT:   return b.over == 0 ? nothing(GK_NO_VALUE) : product(a, reciprocal(b));
    case GK_TERM_POWER:      return power(a, b);
    default:                 break;
    }
    exact difference = sum(a, opposite(b));
    int   order = (difference.over > 0) - (difference.over < 0);
    return difference.state == GK_EXACT ? whole(gk_truth_of_order(term->text, order) == GK_TRUE) : difference;
}

static exact value_of(const gk_term *term, const int64_t *column)
{
    exact a;
    switch (term->type) {
    case GK_TERM_NUMBER:    return whole((int64_t)term->number);
    case GK_TERM_COLUMN:    return fraction(column[term->column[0]], 1);
    case GK_TERM_REMAINDER: return remainder_of(term, column);
    case GK_TERM_AND:
    case GK_TERM_OR:        return connective(term, column);
    case GK_TERM_CHOICE:
        a = value_of(term->filter, column);
        return a.state == GK_EXACT ? value_of(a.over ? term->a : term->b, column) : a;
    default:
        break;
    }
    a = value_of(term->a, column);
    if (a.state != GK_EXACT)
        return a;
    switch (term->type) {
    case GK_TERM_NOT:      return whole(!a.over);
    case GK_TERM_NEGATIVE: return opposite(a);
    case GK_TERM_FUNCTION: return a.over < 0 ? opposite(a) : a;
    default:               break;
    }
    exact b = value_of(term->b, column);
    return b.state == GK_EXACT ? of_two(term, a, b) : b;
}
/* NOLINTEND(misc-no-recursion) */

gk_exactness gk_row_exact(const gk_expression *expression, const int64_t *column, gk_fraction *out)
{
    exact found = value_of(expression->term, column);
    if (found.state == GK_EXACT)
        *out = (gk_fraction){ found.over, found.under };
    return found.state;
}
