/* events.h -- event files, as TensorBoard reads them: records (TFRecord) of a length, its checksum, an Event of protocol buffers,
 * its checksum.  Of an Event only wall time, step and scalars are written. */
#ifndef GK_IO_EVENTS_H
#define GK_IO_EVENTS_H

#include <stdint.h>
#include "base/outfile.h"

/* The record that every file begins with.  -1 with gk_error. */
int gk_events_begin(gk_outfile *output, double wall_time_s) GK_MUST_CHECK;

/* The values of n scalars at a step; what is NaN is left out.  -1 with gk_error. */
int gk_events_put(gk_outfile *output, double wall_time_s, int64_t step, int n, const char *const *names,
                  const double *values) GK_MUST_CHECK;

#endif
