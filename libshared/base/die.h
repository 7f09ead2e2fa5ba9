/* die.h -- how a tool speaks and ends.  For tools/ only: the library never prints and never exits.
 *
 * Exit codes: 0 done; 1 failed; 2 usage; 3 done, and the answer is no; 4 out of time, 128 + N ended by signal N: both with
 * everything saved. */
#ifndef GK_BASE_DIE_H
#define GK_BASE_DIE_H

#include "base/error.h"

enum { GK_EXIT_OK = 0, GK_EXIT_FAILED = 1, GK_EXIT_USAGE = 2, GK_EXIT_NO = 3, GK_EXIT_TIME = 4 };

/* Name in front of every message; call first in main (argv[0] without its folder).  Also makes writes to a closed pipe,
 * or beyond the limit of file size, an error code instead of a signal (a message that nobody reads must not end a training), and
 * streams that are closed harmless. */
void gk_program(const char *argv0);
const char *gk_program_name(void);

/* What a tool printed to stdout itself is written now.  -1 with gk_error. */
int gk_print_end(void) GK_MUST_CHECK;

/* Print "program: <recorded message>" to stderr and exit 1; after a gk_usage_error as gk_usage does.  If a write to stdout failed
 * because nobody reads there any more, end by SIGPIPE instead, without a word, as other programs do. */
_Noreturn void gk_die(void);

/* Print "program: <message>" and "try 'program --help'" to stderr and exit 2. */
_Noreturn void gk_usage(const char *format, ...) GK_PRINTF(1, 2);

/* "program: warning: ..." and plain progress lines on stderr.  gk_quiet(1) silences gk_log, not gk_warn. */
void gk_warn(const char *format, ...) GK_PRINTF(1, 2);
void gk_log(const char *format, ...) GK_PRINTF(1, 2);
void gk_quiet(int quiet);

#endif
