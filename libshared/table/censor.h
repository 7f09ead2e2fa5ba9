/* censor.h -- what the end of training hides: in a table of runs (grok-detect) a time that is inf is later than the run's last
 * step; and of a run whose support runs to the end (censored) and whose test curve could still rise, delta_s and sigma_e are at
 * least, delta_t at most what was seen, and where that support is too short for an arrival, alpha1 may be later and the status
 * another (analysis/detect.h: by the defaults of its thresholds, which a table does not tell). */
#ifndef GK_TABLE_CENSOR_H
#define GK_TABLE_CENSOR_H

#include "table/frame.h"

/* Gives the columns step_*, gap_*, status, sigma_e, delta_s, delta_t and alpha1 of a table with a column step_end the limits of
 * what is known. */
void gk_frame_censor(gk_frame *frame);

#endif
