/* efficiency.c -- see efficiency.h. */
#include "analysis/efficiency.h"

#include <math.h>

enum { FIRST_POWER = -12, LAST_POWER = 12, MOST_TRIES = 60 };
static const double CLOSE = 1e-7;

/* Between low, where the value is below the target (under < 0), and high, where it is not (over >= 0): false position, in which
 * an end that stays counts half the next time (Illinois), so that a curve that bends cannot hold it up. */
static int refine(gk_scaled_value *value, void *context, double target, double low, double under, double high, double over,
                  double *scale)
{
    int stayed = 0;    /* 1: low did, -1: high */

    for (int i = 0; i < MOST_TRIES && high - low > CLOSE * high && over > 0; i++) {
        double share = under / (under - over), found;    /* NaN where ends are infinite: the middle */
        double at = low + (isnan(share) ? 0.5 : fmin(fmax(share, 0.01), 0.99)) * (high - low);
        if (value(context, at, &found) < 0)
            return -1;
        if (found >= target) {
            high = at, over = found - target;
            under *= stayed == 1 ? 0.5 : 1;
            stayed = 1;
        } else {
            low = at, under = found - target;
            over *= stayed == -1 ? 0.5 : 1;
            stayed = -1;
        }
    }
    *scale = high;
    return 0;
}

int gk_scale_needed(gk_scaled_value *value, void *context, double target, double *scale)
{
    double before, found;

    if (value(context, 0, &found) < 0)
        return -1;
    *scale = found >= target ? 0 : INFINITY;
    before = found - target;
    for (int power = FIRST_POWER; *scale > 0 && power <= LAST_POWER; power++) {
        double at = ldexp(1, power);
        if (value(context, at, &found) < 0)
            return -1;
        if (found >= target)
            return refine(value, context, target, power == FIRST_POWER ? 0 : at / 2, before, at, found - target, scale);
        before = found - target;
    }
    return 0;
}

double gk_correct_logit(int64_t n, int64_t n_out, const double *logits, const int32_t *right)
{
    double total = 0;

    for (int64_t row = 0; row < n; row++, logits += n_out) {
        double sum = 0;
        for (int64_t i = 0; i < n_out; i++)
            sum += logits[i];
        total += logits[right[row]] - sum / (double)n_out;
    }
    return total / (double)n;
}
