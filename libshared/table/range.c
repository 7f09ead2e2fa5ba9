/* range.c -- see range.h. */
#include "table/range.h"

#include <math.h>
#include <stddef.h>

gk_range gk_exactly(double number)
{
    return (gk_range){ number, NAN, NAN, false, 0, false };
}

gk_range gk_range_within(double number, double low, double high, bool is_censored)
{
    return (gk_range){ number, low, high, is_censored, 0, false };
}

gk_range gk_range_without(bool is_censored)
{
    return gk_range_within(NAN, NAN, NAN, is_censored);
}

/* --- limits -------------------------------------------------------------------------------------------------------------- */

typedef struct limits { double low, high; } limits;
typedef limits combination(limits a, limits b);

static bool is_exact(gk_range a)    { return isnan(a.low) && isnan(a.high); }

static limits known(gk_range a)
{
    return is_exact(a) ? (limits){ a.number, a.number } : (limits){ a.low, a.high };
}

/* The number that is made of a and b, and its limits. */
static gk_range made(double number, gk_range a, gk_range b, combination *of)
{
    gk_range found = isnan(number) ? gk_range_without(a.is_censored || b.is_censored || (isinf(a.number) && isinf(b.number)))
                                   : gk_exactly(number);
    if (!isnan(number) && !(is_exact(a) && is_exact(b))) {
        limits at = of(known(a), known(b));
        found.low = isnan(at.low) ? -INFINITY : at.low;
        found.high = isnan(at.high) ? INFINITY : at.high;
        found.is_censored = a.is_censored || b.is_censored;
    }
    found.n_aggregate = a.n_aggregate + b.n_aggregate > 1 ? 2 : a.n_aggregate + b.n_aggregate;
    found.lacks_interval = a.lacks_interval || b.lacks_interval;
    return found;
}

static limits sum(limits a, limits b)           { return (limits){ a.low + b.low, a.high + b.high }; }
static limits difference(limits a, limits b)    { return (limits){ a.low - b.high, a.high - b.low }; }

/* 0 times what has no limit is 0: the limit itself is no value. */
static double times(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

static limits product(limits a, limits b)
{
    double p = times(a.low, b.low), q = times(a.low, b.high), r = times(a.high, b.low), s = times(a.high, b.high);
    return (limits){ fmin(fmin(p, q), fmin(r, s)), fmax(fmax(p, q), fmax(r, s)) };
}

static limits quotient(limits a, limits b)
{
    if (b.low <= 0 && b.high >= 0)
        return (limits){ -INFINITY, INFINITY };
    return product(a, (limits){ 1 / b.high, 1 / b.low });
}

static limits size(limits a, limits b)
{
    bool spans_0 = a.low <= 0 && a.high >= 0;
    (void)b;
    return (limits){ spans_0 ? 0 : fmin(fabs(a.low), fabs(a.high)), fmax(fabs(a.low), fabs(a.high)) };
}

gk_range gk_range_sum(gk_range a, gk_range b)           { return made(a.number + b.number, a, b, sum); }
gk_range gk_range_difference(gk_range a, gk_range b)    { return made(a.number - b.number, a, b, difference); }
gk_range gk_range_product(gk_range a, gk_range b)       { return made(a.number * b.number, a, b, product); }
gk_range gk_range_quotient(gk_range a, gk_range b)      { return made(a.number / b.number, a, b, quotient); }

/* Of a whole number, in [0, b). */
static double residue(double a, double b)
{
    double rest = fmod(a, b);
    return rest < 0 ? rest + b : rest;
}

/* Where the limits differ, anything below the modulus. */
static limits remainder_of(limits a, limits b)
{
    if (a.low == a.high && b.low == b.high)
        return (limits){ residue(a.low, b.low), residue(a.low, b.low) };
    return (limits){ 0, b.high - 1 };
}

gk_range gk_range_remainder(gk_range a, gk_range b)
{
    bool is_whole = isfinite(a.number) && isfinite(b.number) && a.number == floor(a.number) && b.number == floor(b.number);
    return made(is_whole && b.number > 0 ? residue(a.number, b.number) : NAN, a, b, remainder_of);
}

/* At one of the four corners where the base is above 0; else nothing is known. */
static limits power(limits a, limits b)
{
    if (!(a.low > 0))
        return (limits){ -INFINITY, INFINITY };
    double p = pow(a.low, b.low), q = pow(a.low, b.high), r = pow(a.high, b.low), s = pow(a.high, b.high);
    return (limits){ fmin(fmin(p, q), fmin(r, s)), fmax(fmax(p, q), fmax(r, s)) };
}

gk_range gk_range_power(gk_range a, gk_range b)         { return made(pow(a.number, b.number), a, b, power); }

gk_range gk_range_abs(gk_range a)
{
    a.n_aggregate = 0;
    return made(fabs(a.number), a, a, size);
}

gk_range gk_range_rising(gk_range a, double (*function)(double))
{
    gk_range found = { function(a.number), function(a.low), function(a.high), a.is_censored, a.n_aggregate, a.lacks_interval };
    if (!isnan(a.low) && isnan(found.low))    /* the logarithm of a limit below 0 */
        found.low = -INFINITY;
    return found;
}

/* --- comparison ---------------------------------------------------------------------------------------------------------- */

static bool is_otherwise_at(const char *sign, double a, double b, gk_truth truth)
{
    return gk_truth_compare(sign, a, b) == gk_truth_not(truth);
}

static bool is_open(gk_range a)         { return isnan(a.number) && a.is_censored; }
static bool has_interval(gk_range a)    { return !is_exact(a) && !a.is_censored; }

/* The 95 % interval of a - b, of two intervals by themselves: the distances of their ends from the numbers, squared and added
 * (Zou, Donner 2008: recovered variances).  Where an end has no distance, that of the ends themselves, which is wider. */
static limits recovered(gk_range a, gk_range b)
{
    const double d = a.number - b.number;
    const limits ends = { a.low - b.high, a.high - b.low };
    limits       found = { d - hypot(a.number - a.low, b.high - b.number), d + hypot(a.high - a.number, b.number - b.low) };
    if (isnan(found.low) || isinf(d))
        found.low = ends.low;
    if (isnan(found.high) || isinf(d))
        found.high = ends.high;
    return found;
}

/* Does the interval of the difference of two that have one say otherwise? */
static bool is_open_together(const char *sign, gk_range a, gk_range b, gk_truth truth)
{
    if (!has_interval(a) || !has_interval(b) || (sign[0] != '<' && sign[0] != '>'))
        return false;
    const limits of = recovered(a, b);
    return is_otherwise_at(sign, of.low, 0, truth) || is_otherwise_at(sign, of.high, 0, truth);
}

gk_truth gk_range_compare(const char *sign, gk_range a, gk_range b, unsigned *why)
{
    gk_truth truth = gk_truth_compare(sign, a.number, b.number);
    if (is_open(a) || is_open(b))
        truth = GK_UNDECIDED;
    if (truth == GK_UNDECIDED)
        *why |= GK_ENDED;    /* or neither ever happened */
    if (truth != GK_TRUE && truth != GK_FALSE)
        return truth;
    bool open_a = is_otherwise_at(sign, a.low, b.number, truth) || is_otherwise_at(sign, a.high, b.number, truth);
    bool open_b = is_otherwise_at(sign, a.number, b.low, truth) || is_otherwise_at(sign, a.number, b.high, truth);
    bool open_together = is_open_together(sign, a, b, truth);
    if (open_a)
        *why |= a.is_censored ? GK_ENDED : GK_SPANNED;
    if (open_b)
        *why |= b.is_censored ? GK_ENDED : GK_SPANNED;
    if (open_together)
        *why |= GK_SPANNED;
    return open_a || open_b || open_together ? GK_UNDECIDED : truth;
}
