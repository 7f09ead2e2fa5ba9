/* crossing.c -- when a curve gets over a threshold and stays there. */
#include "analysis/crossing.h"

int64_t gk_first_held(const double *value, int64_t n, double threshold, int64_t hold, bool end_holds)
{
    int64_t n_over = 0;

    for (int64_t i = 0; i < n; i++) {
        n_over = value[i] >= threshold ? n_over + 1 : 0;
        if (n_over > hold)
            return i - hold;
    }
    return end_holds && n_over > 0 ? n - n_over : -1;
}
