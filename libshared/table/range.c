/* range.c -- see range.h. */
#include "table/range.h"

#include <math.h>
#include <stddef.h>

gk_range gk_exactly(double number)
{
    return (gk_range){ number, NAN, NAN, false };
}

static bool is_exact(gk_range a)    { return isnan(a.low) && isnan(a.high); }
static double low_of(gk_range a)    { return is_exact(a) ? a.number : a.low; }
static double high_of(gk_range a)   { return is_exact(a) ? a.number : a.high; }

/* A number made of a and b; low and high matter only if one of them has limits. */
static gk_range within(gk_range a, gk_range b, double number, double low, double high)
{
    if (isnan(number) || (is_exact(a) && is_exact(b)))
        return gk_exactly(number);
    return (gk_range){ number, isnan(low) ? -INFINITY : low, isnan(high) ? INFINITY : high, a.is_censored || b.is_censored };
}

gk_range gk_range_sum(gk_range a, gk_range b)
{
    return within(a, b, a.number + b.number, low_of(a) + low_of(b), high_of(a) + high_of(b));
}

gk_range gk_range_difference(gk_range a, gk_range b)
{
    return within(a, b, a.number - b.number, low_of(a) - high_of(b), high_of(a) - low_of(b));
}

/* 0 times what has no limit is 0: the limit itself is no value. */
static double times(double a, double b)
{
    return a == 0 || b == 0 ? 0 : a * b;
}

gk_range gk_range_product(gk_range a, gk_range b)
{
    double al = low_of(a), ah = high_of(a), bl = low_of(b), bh = high_of(b);
    double p = times(al, bl), q = times(al, bh), r = times(ah, bl), s = times(ah, bh);
    return within(a, b, a.number * b.number, fmin(fmin(p, q), fmin(r, s)), fmax(fmax(p, q), fmax(r, s)));
}

gk_range gk_range_quotient(gk_range a, gk_range b)
{
    double low = low_of(b), high = high_of(b);
    if (low <= 0 && high >= 0)
        return within(a, b, a.number / b.number, -INFINITY, INFINITY);
    gk_range inverse = within(b, b, 1 / b.number, 1 / high, 1 / low), found = gk_range_product(a, inverse);
    found.number = a.number / b.number;    /* rounded once */
    return within(a, b, found.number, found.low, found.high);
}

gk_range gk_range_rising(gk_range a, double (*function)(double))
{
    return within(a, a, function(a.number), function(low_of(a)), function(high_of(a)));
}

gk_range gk_range_abs(gk_range a)
{
    double low = low_of(a), high = high_of(a);
    return within(a, a, fabs(a.number), low <= 0 && high >= 0 ? 0 : fmin(fabs(low), fabs(high)), fmax(fabs(low), fabs(high)));
}

gk_truth gk_range_compare(const char *sign, gk_range a, gk_range b, unsigned *why)
{
    gk_truth truth = gk_truth_compare(sign, a.number, b.number);
    const double ends[][2] = { { a.low, b.number }, { a.high, b.number }, { a.number, b.low }, { a.number, b.high } };
    if (truth == GK_UNDECIDED)
        *why |= GK_ENDED;    /* neither ever happened */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if ((truth == GK_TRUE || truth == GK_FALSE) && gk_truth_compare(sign, ends[i][0], ends[i][1]) == gk_truth_not(truth)) {
            truth = GK_UNDECIDED;
            *why |= (i < 2 ? a : b).is_censored ? GK_ENDED : GK_SPANNED;
        }
    return truth;
}
