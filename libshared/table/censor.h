/* censor.h -- what the end of training hides: in a table of runs (grok-detect) a time that is inf is later than the run's last
 * step, and a run that is unsupported, its support running to the end, might still grok. */
#ifndef GK_TABLE_CENSOR_H
#define GK_TABLE_CENSOR_H

#include "table/frame.h"

/* Gives the columns step_*, gap_* and status of a table with a column step_end the limits of what is known. */
void gk_frame_censor(gk_frame *frame);

#endif
