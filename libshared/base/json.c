/* json.c -- see json.h. */
#include "base/json.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"

static bool read_hex(const char *at, unsigned *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *digit = at[i] ? strchr(digits, at[i] | 0x20) : NULL;
        if (!digit)
            return false;
        *code = *code << 4 | (unsigned)(digit - digits);
    }
    return true;
}

static char *put_utf8(char *to, unsigned code)
{
    int n_more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const unsigned marks[] = { 0, 0xc0, 0xe0, 0xf0 };
    *to++ = (char)(marks[n_more] | code >> 6 * n_more);
    for (int i = n_more - 1; i >= 0; i--)
        *to++ = (char)(0x80 | (code >> 6 * i & 0x3f));
    return to;
}

/* \uXXXX, or two of them for one character, at *from; NULL if it is none, or NUL. */
static char *unescape_code(char **from, char *to)
{
    unsigned code, low;
    if (!read_hex(*from + 2, &code) || code == 0)
        return NULL;
    *from += 6;
    if (code >= 0xd800 && code < 0xdc00 && (*from)[0] == '\\' && (*from)[1] == 'u' && read_hex(*from + 2, &low) &&
        low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        *from += 6;
    } else if (code >= 0xd800 && code < 0xe000) {
        code = 0xfffd;
    }
    return put_utf8(to, code);
}

char *gk_json_text(char *at, char **end)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    char *begin = at + 1, *from = begin, *to = begin;
    if (*at != '"')
        return NULL;
    while (*from && *from != '"') {
        const char *escape = *from == '\\' && from[1] ? strchr(escapes, from[1]) : NULL;
        if (*from != '\\') {
            *to++ = *from++;
        } else if (escape) {
            *to++ = meanings[escape - escapes];
            from += 2;
        } else if (from[1] != 'u' || !(to = unescape_code(&from, to))) {
            return NULL;
        }
    }
    if (!*from)
        return NULL;
    *end = from + 1;
    *to = '\0';
    return begin;
}

int gk_json_piece(const char *text, char piece[GK_JSON_PIECE])
{
    gk_character next = gk_text_character(text);
    memset(piece, 0, GK_JSON_PIECE);
    if (next.n_byte > 0 && (*text == '"' || *text == '\\'))
        snprintf(piece, GK_JSON_PIECE, "\\%c", *text);
    else if (next.is_printable)
        memcpy(piece, text, (size_t)next.n_byte);
    else if (next.n_byte > 0)
        snprintf(piece, GK_JSON_PIECE, "\\u%04x", next.code);
    return next.n_byte;
}

char *gk_json_quoted(gk_arena *arena, const char *text)
{
    char  piece[GK_JSON_PIECE];
    char *quoted = gk_arena_alloc(arena, strlen(text) * 6 + 3), *to = quoted;    /* 6: of \u001f */
    *to++ = '"';
    for (int n; (n = gk_json_piece(text, piece)) > 0; text += n)
        to = stpcpy(to, piece);
    *to = '"';
    return quoted;
}
