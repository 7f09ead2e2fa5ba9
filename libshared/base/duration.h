/* duration.h -- lengths of time as text: 90s, 50m, 3h50m, 1d12h; and as Slurm writes them: 3:50:00, 0-03:50:00, 1-12. */
#ifndef GK_BASE_DURATION_H
#define GK_BASE_DURATION_H

#include "base/error.h"

/* Seconds, above 0.  Units are d, h, m, s, each at most once and in this order, with whole numbers or decimals (1.5h).  With
 * colons: [D-]H:M:S or M:S; with a hyphen D-H, D-H:M.  A bare number is refused: it would be minutes to Slurm and seconds here.
 * 0, or -1 with gk_error. */
int gk_parse_duration(const char *text, double *seconds) GK_MUST_CHECK;

#endif
