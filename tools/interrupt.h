/* interrupt.h -- what ends a training before its last step: signals (signals.def), a time limit, the end of a Slurm job. */
#ifndef GK_TOOLS_INTERRUPT_H
#define GK_TOOLS_INTERRUPT_H

#include <stdbool.h>

/* From here on every signal has its effect.  There is nothing to save yet: those that save end the process at once. */
void gk_interrupt_watch(void);

/* Time from here on: "3h50m" (duration.h), "none", or NULL.  Also of a Slurm job with an end (SLURM_JOB_END_TIME), unless "none":
 * until a minute before it, or for half of what is left if that is more.  The earlier counts.  A text that cannot be read is
 * left to gk_config_check. */
void gk_interrupt_limit(const char *time_limit);

/* There is something to save now, and `output` is where.  Called again it does nothing. */
void gk_interrupt_begin(const char *output);

/* Is there a reason to save and end? */
bool gk_interrupted(void);

/* The exit status then: 128 + the signal's number, or GK_EXIT_TIME; and why, in a few words. */
int         gk_interrupt_status(void);
const char *gk_interrupt_reason(void);

#endif
