/* text.h -- texts that anybody may have written, on their way to a terminal or a table.
 *
 * The one place that decides what may be printed: characters of UTF-8 that neither steer a terminal nor change the order in which
 * its line is read.  Not printable are C0 (below U+0020), DEL, C1 (U+0080 to U+009F: U+009B begins a command as ESC [ does), line
 * and paragraph separators, marks and overrides of direction (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), and
 * every byte that is not part of valid UTF-8 (overlong forms and surrogates are not). */
#ifndef GK_BASE_TEXT_H
#define GK_BASE_TEXT_H

#include <stdbool.h>

typedef struct gk_character {
    int      n_byte;          /* how far to the next: at least 1, 0 at the end of the text */
    unsigned code;            /* its code point; of a byte that is not UTF-8: U+FFFD */
    bool     is_valid;        /* valid UTF-8? */
    bool     is_printable;
} gk_character;

gk_character gk_text_character(const char *text);

/* Are all its characters printable? */
bool  gk_text_is_printable(const char *text);

/* In place: every character that is not printable becomes one '?', except the (ASCII) characters in keep.  Returns text. */
char *gk_text_sanitize(char *text, const char *keep);

/* What a plural ends in: "%lld run%s". */
static inline const char *gk_s(long long n)
{
    return n == 1 ? "" : "s";
}

#endif
