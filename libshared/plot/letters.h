/* letters.h -- how wide texts are, for laying them out before anything draws them. */
#ifndef GK_PLOT_LETTERS_H
#define GK_PLOT_LETTERS_H

#include "base/arena.h"

/* Width of a text in em (sizes of its font): in DejaVu Sans, the widest of the usual fonts without serifs, so that others leave
 * room; letters beyond ASCII are taken to be as wide as a wide Latin one, those of East Asia a full em. */
double gk_letters_width(const char *text);

/* Cut a text at blanks into lines of at most `width` em each (a longer word stands alone), the first `n_most` of which are kept,
 * the last with "..." if there are more.  *line in arena memory; their number. */
int    gk_letters_wrap(const char *text, double width, int n_most, gk_arena *arena, const char ***line);

/* The text, or as much of its beginning as has room with "...", in arena memory. */
const char *gk_letters_cut(const char *text, double width, gk_arena *arena);

#endif
