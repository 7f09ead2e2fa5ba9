/* progress.h -- what the tools that train say while they do, and when they are interrupted. */
#ifndef GK_TOOLS_PROGRESS_H
#define GK_TOOLS_PROGRESS_H

#include "train/train.h"

/* Hooks that show progress on stderr: a line redrawn in place on a terminal, a plain line every half a minute elsewhere,
 * nothing if quiet; of a landscape (its plan, borrowed; else NULL) also how its grid fills.  With the first update of a group
 * there is something to save, to `output` (interrupt.h). */
gk_train_hooks gk_progress_begin(bool quiet, const gk_plan *landscape, const char *output);

/* The same of work that is no training, once it has taken a while: `done` of n `what` ("updates") are done.  By one thread. */
void gk_progress_count(const char *what, int64_t done, int64_t n);

/* Remove the line from the terminal. */
void gk_progress_end(void);

/* One line on what was done: runs, steps, time, how many generalise, where it is. */
void gk_progress_report(const gk_training *training, const char *output);

/* Say why the training ended early, and how to go on; the exit status to leave with. */
int  gk_progress_interrupted(const gk_training *training, const char *output);

#endif
