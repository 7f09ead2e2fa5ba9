/* text.h -- read a file of text, gzip'd or not, whoever wrote it: the one reader of tables, claims and lists.
 *
 * A mark of UTF-8 at the beginning is left out; lines end with LF, CR LF or CR, the last one perhaps with nothing; no line is too
 * long.  UTF-16 and NUL bytes are refused: that is no text that anything here can mean. */
#ifndef GK_IO_TEXT_H
#define GK_IO_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

#define GK_TEXT_MAX_BYTES ((size_t)4 << 30)

typedef struct gk_text {
    char   *data;        /* all of it, with a NUL behind it; free() frees it */
    size_t  n_byte;
    char   *rest;        /* what gk_text_line has not yet given */
    int64_t line;        /* number of the line that it gave last, from 1 */
} gk_text;

/* path "-": standard input.  0, or -1 with gk_error, and nothing to free. */
int   gk_text_read(const char *path, gk_text *out) GK_MUST_CHECK;
/* The same of a file that messages call by another name. */
int   gk_text_read_as(const char *path, const char *name, gk_text *out) GK_MUST_CHECK;

/* The next line, ended by NUL in place of its end; NULL after the last. */
char *gk_text_line(gk_text *text);

/* The line after it becomes part of the line that was given last, behind an LF in place of the NUL at its end; false: there is
 * none. */
bool  gk_text_join(gk_text *text);

/* Blanks at both ends are cut off, in place: spaces and tabs. */
char *gk_text_trim(char *line);

#endif
