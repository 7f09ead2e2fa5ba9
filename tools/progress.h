/* progress.h -- what the tools that train say while they do, and how they are interrupted. */
#ifndef GK_TOOLS_PROGRESS_H
#define GK_TOOLS_PROGRESS_H

#include "train/train.h"

/* Hooks that show progress on stderr: a line redrawn in place on a terminal, a plain line every half a minute elsewhere,
 * nothing if quiet; of a landscape (its plan, borrowed; else NULL) also how its grid fills.  SIGINT, SIGTERM and SIGHUP, unless
 * they were ignored, now end the training instead of the program. */
gk_train_hooks gk_progress_begin(bool quiet, const gk_plan *landscape);

/* Remove the line from the terminal; the number of the signal that came, or 0. */
int  gk_progress_end(void);

/* One line on what was done: runs, steps, time, how many generalise, where it is. */
void gk_progress_report(const gk_training *training, const char *output);

/* How to go on after signal `number`, which is the exit status to leave with: 128 + number. */
int  gk_progress_interrupted(int number, const gk_training *training, const char *output);

#endif
