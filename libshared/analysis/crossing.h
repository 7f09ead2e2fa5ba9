/* crossing.h -- when a curve gets over a threshold and stays there. */
#ifndef GK_ANALYSIS_CROSSING_H
#define GK_ANALYSIS_CROSSING_H

#include <stdbool.h>
#include <stdint.h>

/* Index of the first of n values that is >= threshold and is followed by `hold` more that are; -1 if there is none.  NaN is
 * below every threshold.  end_holds: what would come after the last value counts as held. */
int64_t gk_first_held(const double *value, int64_t n, double threshold, int64_t hold, bool end_holds);

#endif
