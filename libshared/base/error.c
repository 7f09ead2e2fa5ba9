/* error.c -- the message of this thread's last failure. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"

enum { MESSAGE_BYTES = 2048 };

static _Thread_local char message[MESSAGE_BYTES];
static _Thread_local int  is_usage;

/* The arguments may be the old message itself, so the new one is made beside it. */
static void record(const char *text, int n_full)
{
    snprintf(message, sizeof message, "%s", text);
    gk_text_sanitize(message, "");
    if (n_full >= MESSAGE_BYTES)
        memcpy(message + MESSAGE_BYTES - 4, "...", 4);
}

static void record_new(int is_of_usage, const char *format, va_list args)
{
    char text[MESSAGE_BYTES];
    int  n_full = vsnprintf(text, sizeof text, format, args);
    record(text, n_full);
    is_usage = is_of_usage;
}

int gk_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    record_new(0, format, args);
    va_end(args);
    return -1;
}

int gk_usage_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    record_new(1, format, args);
    va_end(args);
    return -1;
}

int gk_error_is_usage(void)
{
    return is_usage;
}

int gk_error_context(const char *format, ...)
{
    char context[MESSAGE_BYTES], text[MESSAGE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    int n_full = snprintf(text, sizeof text, "%s: %s", context, message);
    record(text, n_full);
    return -1;
}

const char *gk_error_message(void)
{
    return message;
}

_Noreturn void gk_bug(const char *file, int line, const char *what)
{
    fprintf(stderr, "groktools: internal error at %s:%d: %s; please report this\n", file, line, what);
    abort();
}
