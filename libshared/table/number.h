/* number.h -- numbers for different values, in time that is linear in how many there are. */
#ifndef GK_TABLE_NUMBER_H
#define GK_TABLE_NUMBER_H

#include <stdint.h>

/* out[i] = number of value[i] (not NaN) among the different values, in order of first appearance.  How many there are; -1 with
 * gk_error: out of memory. */
int64_t gk_number_values(int64_t n, const double *value, int64_t *out);
int64_t gk_number_texts(int64_t n, const char *const *text, int64_t *out);

#endif
