/* test_text.c -- what may be printed: every code point below U+0300, every byte alone, and what is not UTF-8. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include "../test.h"

static void encode(unsigned code, char out[5])
{
    if (code < 0x80)
        snprintf(out, 5, "%c", (int)code);
    else if (code < 0x800)
        snprintf(out, 5, "%c%c", (int)(0xc0 | code >> 6), (int)(0x80 | (code & 63)));
    else if (code < 0x10000)
        snprintf(out, 5, "%c%c%c", (int)(0xe0 | code >> 12), (int)(0x80 | (code >> 6 & 63)), (int)(0x80 | (code & 63)));
    else
        snprintf(out, 5, "%c%c%c%c", (int)(0xf0 | code >> 18), (int)(0x80 | (code >> 12 & 63)), (int)(0x80 | (code >> 6 & 63)),
                 (int)(0x80 | (code & 63)));
}

/* In words of the standard: Cc, Zl, Zp, and what Unicode's annex 9 calls explicit directional formatting and marks. */
static bool steers(unsigned code)
{
    static const unsigned format[] = { 0x61c,  0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b,
                                       0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069 };
    for (size_t i = 0; i < sizeof format / sizeof *format; i++)
        if (code == format[i])
            return true;
    return code < 0x20 || code == 0x7f || (code >= 0x80 && code < 0xa0);
}

TEST(every_code_point_is_known_for_what_it_is)
{
    for (unsigned code = 1; code <= 0x10ffff; code += code < 0x3000 ? 1 : 97) {
        char text[16];
        if (code >= 0xd800 && code < 0xe000)
            continue;
        encode(code, text);
        gk_character c = gk_text_character(text);
        CHECK_INT(c.n_byte, strlen(text));
        CHECK_INT(c.code, code);
        CHECK(c.is_valid && c.is_printable == !steers(code) && gk_text_is_printable(text) == !steers(code));
        char same[16];
        encode(code, same);
        CHECK_TEXT(gk_text_sanitize(text, ""), steers(code) ? "?" : same);
    }
}

TEST(what_is_not_utf_8_is_not_printed)
{
    static const char *const wrong[] = {
        "\x80", "\x9b", "\xff", "\xc2", "\xc2z", "\xe2\x80", "\xc0\x9b", "\xe0\x82\x9b", "\xf0\x80\x82\x9b",
        "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[16];
        snprintf(text, sizeof text, "%s", wrong[i]);
        CHECK(!gk_text_character(wrong[i]).is_valid && !gk_text_is_printable(wrong[i]));
        CHECK_INT(gk_text_character(wrong[i]).n_byte, 1);
        gk_text_sanitize(text, "");
        CHECK(text[0] == '?' && gk_text_is_printable(text));
    }
}

TEST(the_rest_of_a_text_stays)
{
    char text[] = "a\033[2Jb\xc2\x9b" "31mc\nd\xe2\x80\xae" "e\xc3\xa4\xff";
    CHECK_TEXT(gk_text_sanitize(text, "\n"), "a?[2Jb?31mc\nd?e\xc3\xa4?");
    CHECK_INT(gk_text_character("").n_byte, 0);
}

TEST_MAIN(RUN(every_code_point_is_known_for_what_it_is) RUN(what_is_not_utf_8_is_not_printed) RUN(the_rest_of_a_text_stays))
