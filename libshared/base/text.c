/* text.c -- see text.h. */
#include "base/text.h"

#include <string.h>

/* Length of the valid sequence at text, and its code point; 0 if there is none. */
static int decode(const unsigned char *text, unsigned *code)
{
    static const unsigned smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    int length = *text < 0x80 ? 1 : *text >> 5 == 6 ? 2 : *text >> 4 == 14 ? 3 : *text >> 3 == 30 ? 4 : 0;

    *code = length == 1 ? *text : *text & (0xffu >> (length + 1));
    for (int i = 1; i < length; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        *code = *code << 6 | (text[i] & 0x3f);
    }
    if (length > 1 && (*code < smallest[length] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000)))
        return 0;
    return length;
}

static bool is_printable(unsigned code)
{
    if (code < 0x300)
        return code >= 0xa0 || (code >= 32 && code < 127);
    return code != 0x061c && code != 0x200e && code != 0x200f && !(code >= 0x2028 && code <= 0x202e) &&
           !(code >= 0x2066 && code <= 0x2069);
}

gk_character gk_text_character(const char *text)
{
    unsigned code;
    int      n_byte = decode((const unsigned char *)text, &code);

    if (*text == '\0')
        return (gk_character){ 0, 0, true, false };
    return n_byte == 0 ? (gk_character){ 1, 0xfffd, false, false } : (gk_character){ n_byte, code, true, is_printable(code) };
}

bool gk_text_is_printable(const char *text)
{
    gk_character next;

    for (; (next = gk_text_character(text)).n_byte > 0; text += next.n_byte)
        if (!next.is_printable)
            return false;
    return true;
}

char *gk_text_sanitize(char *text, const char *keep)
{
    gk_character next;
    char        *to = text;

    for (const char *from = text; (next = gk_text_character(from)).n_byte > 0; from += next.n_byte) {
        if (next.is_printable || (next.n_byte == 1 && strchr(keep, *from))) {
            memmove(to, from, (size_t)next.n_byte);
            to += next.n_byte;
        } else {
            *to++ = '?';
        }
    }
    *to = '\0';
    return text;
}
