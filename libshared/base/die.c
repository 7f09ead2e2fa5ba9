/* die.c -- messages of the tools, and the only way they end early. */
#include "base/die.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

enum { LINE_BYTES = 4096 };

static char program[64] = "groktools";
static int  is_quiet;

void gk_program(const char *argv0)
{
    const char *slash = strrchr(argv0, '/');
    snprintf(program, sizeof program, "%s", slash ? slash + 1 : argv0);
    signal(SIGPIPE, SIG_IGN);
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

_Noreturn void gk_die(void)
{
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
