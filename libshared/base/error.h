/* error.h -- one precise message per failure.
 *
 * A library function that can fail returns 0 / -1, or a pointer / NULL.  The function that knows the facts records
 * them with gk_error or gk_usage_error; callers may add context but never replace the message.  Only a tool's main prints
 * it (base/die.h).
 * Messages: what failed first, the subject in single quotes, found against expected; lower case, no full stop, one line. */
#ifndef GK_BASE_ERROR_H
#define GK_BASE_ERROR_H

#define GK_MUST_CHECK __attribute__((warn_unused_result))
#define GK_PRINTF(text, first) __attribute__((format(printf, text, first)))

/* Record the message of this thread's failure.  What is not printable (base/text.h) becomes '?', so that text from a file
 * cannot steer a terminal.  Always returns -1, so that `return gk_error(...)` reads well. */
int gk_error(const char *format, ...) GK_PRINTF(1, 2);

/* The same where what the user asked for is wrong, not the machine or a file: a tool then ends with status 2. */
int gk_usage_error(const char *format, ...) GK_PRINTF(1, 2);

/* Was the last message of this thread recorded by gk_usage_error?  Context changes nothing about it. */
int gk_error_is_usage(void);

/* Put "context: " in front of the recorded message.  Always returns -1. */
int gk_error_context(const char *format, ...) GK_PRINTF(1, 2);

/* The last message of this thread; "" if none.  Borrowed: valid until the next gk_error of this thread. */
const char *gk_error_message(void);

/* Abort with a bug report.  For our own mistakes only, never for bad input. */
#define gk_assert(condition) ((condition) ? (void)0 : gk_bug(__FILE__, __LINE__, #condition))
#ifdef __cplusplus
#define GK_NORETURN [[noreturn]]
#else
#define GK_NORETURN _Noreturn
#endif
GK_NORETURN void gk_bug(const char *file, int line, const char *what);

#endif
