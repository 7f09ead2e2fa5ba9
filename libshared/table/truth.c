/* truth.c -- see truth.h. */
#include "table/truth.h"

#include <math.h>
#include <stdbool.h>

gk_truth gk_truth_of_order(const char *sign, int order)
{
    bool or_equal = sign[1] == '=', holds;
    switch (sign[0]) {
    case '<': holds = or_equal ? order <= 0 : order < 0; break;
    case '>': holds = or_equal ? order >= 0 : order > 0; break;
    case '!': holds = order != 0; break;
    default:  holds = order == 0; break;
    }
    return holds ? GK_TRUE : GK_FALSE;
}

gk_truth gk_truth_compare(const char *sign, double a, double b)
{
    if (isnan(a) || isnan(b))
        return GK_NO_DATA;
    if (isinf(a) && a == b)
        return GK_UNDECIDED;
    return gk_truth_of_order(sign, a < b ? -1 : a > b);
}

gk_truth gk_truth_both(gk_truth a, gk_truth b)
{
    if (a == GK_FALSE || b == GK_FALSE)
        return GK_FALSE;
    if (a == GK_NO_DATA || b == GK_NO_DATA)
        return GK_NO_DATA;
    return a == GK_TRUE ? b : a;
}

gk_truth gk_truth_not(gk_truth truth)
{
    return truth == GK_TRUE ? GK_FALSE : truth == GK_FALSE ? GK_TRUE : truth;
}
