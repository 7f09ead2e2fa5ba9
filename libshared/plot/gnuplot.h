/* gnuplot.h -- run gnuplot on a script that we wrote.
 *
 * Texts from files and options reach it only through gk_gnuplot_quote, numbers only as printed by printf, and no shell is
 * involved: a file cannot make gnuplot do anything but draw. */
#ifndef GK_PLOT_GNUPLOT_H
#define GK_PLOT_GNUPLOT_H

#include <stddef.h>
#include <stdio.h>
#include "base/error.h"

/* Write text as a string of gnuplot's language: in double quotes, where everything but letters, digits, spaces and plain
 * punctuation is an octal escape, so that nothing in it can mean anything.  (Single quotes would read better, but gnuplot's
 * scanner takes a doubled quote at the start of a string for its end.)  What is not printable (base/text.h) becomes a space. */
void gk_gnuplot_quote(FILE *script, const char *text);

/* Run gnuplot (from PATH, without anybody's start-up file) on a script; what it writes to its standard output is returned in
 * memory that free() frees.  0, or -1 with gk_error: not installed, or what it complained about. */
int  gk_gnuplot_run(const char *script, size_t n_bytes, char **output, size_t *n_output) GK_MUST_CHECK;

#endif
