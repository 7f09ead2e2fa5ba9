/* window.h -- the median of a window that moves along a curve, in n log n for all of them. */
#ifndef GK_ANALYSIS_WINDOW_H
#define GK_ANALYSIS_WINDOW_H

#include <stdint.h>

typedef struct gk_window gk_window;

/* Over n values, which are borrowed.  NULL with gk_error: out of memory. */
gk_window *gk_window_new(int64_t n, const double *value);
void       gk_window_free(gk_window *window);    /* NULL is fine */

/* Median of the numbers among values [begin, end), halfway between the middle two if they are even; NaN if there are none.  begin
 * and end never go back from one call to the next. */
double gk_window_median(gk_window *window, int64_t begin, int64_t end);

#endif
