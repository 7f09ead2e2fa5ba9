/* die.c -- messages of the tools, and the only way they end early. */
#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/outfile.h"
#include "base/syscalls.h"
#include "base/text.h"

enum { LINE_BYTES = 4096 };

static char program[64] = "groktools";
static int  is_quiet;
static bool pipe_was_ignored, reader_is_gone;

/* The number of a closed stream would go to the next file that is opened, and what is meant for the stream into that file.  What
 * stands in fails as a closed stream does. */
static void open_closed_streams(void)
{
    const int mode[] = { O_WRONLY, O_RDONLY, O_RDONLY };

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && gk_open("/dev/null", mode[fd]) < 0)
            return;
}

void gk_program(const char *argv0)
{
    static bool was_here;
    const char *slash = strrchr(argv0, '/');
    snprintf(program, sizeof program, "%s", slash ? slash + 1 : argv0);
    if (!was_here)
        pipe_was_ignored = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
    was_here = true;
    open_closed_streams();
    signal(SIGXFSZ, SIG_IGN);
}

const char *gk_program_name(void)
{
    return program;
}

/* One write per line, so that lines of processes that share a terminal do not mix. */
static void say(const char *prefix, const char *keep, const char *suffix, const char *format, va_list args)
{
    char text[LINE_BYTES];
    vsnprintf(text, sizeof text, format, args);
    gk_text_sanitize(text, keep);
    fflush(stdout);
    fprintf(stderr, "%s: %s%s%s\n", program, prefix, text, suffix);
}

int gk_print_end(void)
{
    struct pollfd pipe = { .fd = STDOUT_FILENO };

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    reader_is_gone |= errno == EPIPE || (poll(&pipe, 1, 0) == 1 && pipe.revents & POLLERR);    /* then, or earlier */
    return gk_error("cannot write standard output: %s", strerror(errno ? errno : EIO));
}

/* The usual end of a program whose output nobody reads any more, as in `grok-log run.h5 | head`; unless whoever started it asked
 * for errors instead. */
static void end_with_reader(void)
{
    if (pipe_was_ignored || (!reader_is_gone && !gk_outfile_reader_is_gone()))
        return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

_Noreturn void gk_die(void)
{
    end_with_reader();
    if (gk_error_is_usage())
        gk_usage("%s", gk_error_message());
    fflush(stdout);
    fprintf(stderr, "%s: %s\n", program, *gk_error_message() ? gk_error_message() : "failed");
    exit(GK_EXIT_FAILED);
}

_Noreturn void gk_usage(const char *format, ...)
{
    char suffix[128];
    snprintf(suffix, sizeof suffix, " (try '%s --help')", program);
    va_list args;
    va_start(args, format);
    say("", "", suffix, format, args);
    va_end(args);
    exit(GK_EXIT_USAGE);
}

void gk_warn(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("warning: ", "", "", format, args);
    va_end(args);
}

void gk_log(const char *format, ...)
{
    if (is_quiet)
        return;
    va_list args;
    va_start(args, format);
    say("", "\t\n", "", format, args);
    va_end(args);
}

void gk_quiet(int quiet)
{
    is_quiet = quiet;
}
