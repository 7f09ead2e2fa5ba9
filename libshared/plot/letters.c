/* letters.c -- see letters.h. */
#include "plot/letters.h"

#include <string.h>
#include "base/text.h"

/* Advance widths of U+0020 to U+007E in DejaVu Sans (Book, 2.37), 1/1000 em. */
static const short ascii[] = {
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
    603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
    634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838
};
enum { FIRST = 0x20, LAST = 0x7e, EAST_ASIAN = 0x1100 };
#define OTHER 0.8

static double width_of(gk_character character)
{
    if (character.code >= FIRST && character.code <= LAST)
        return ascii[character.code - FIRST] / 1000.0;
    return character.code >= EAST_ASIAN && (character.code < 0x2000 || character.code > 0x2bff) ? 1 : OTHER;
}

double gk_letters_width(const char *text)
{
    double width = 0;

    for (gk_character next; (next = gk_text_character(text)).n_byte > 0; text += next.n_byte)
        width += width_of(next);
    return width;
}

/* Bytes of the beginning that have room; of these to behind the last blank if the rest does not fit. */
static size_t line_bytes(const char *text, double width)
{
    const char *at = text, *blank = NULL;
    double used = 0;

    for (gk_character next; (next = gk_text_character(at)).n_byte > 0; at += next.n_byte) {
        if (*at == ' ')
            blank = at;
        used += width_of(next);
        if (used > width && *at != ' ' && (blank || at > text)) {
            if (blank)
                return (size_t)(blank - text);
            return strcspn(text, " ");    /* a word that is too long stays whole */
        }
    }
    return (size_t)(at - text);
}

const char *gk_letters_cut(const char *text, double width, gk_arena *arena)
{
    const char *at = text;
    double used = gk_letters_width("...");

    if (gk_letters_width(text) <= width + 1e-6)
        return gk_arena_strdup(arena, text);
    for (gk_character next; (next = gk_text_character(at)).n_byte > 0 && used + width_of(next) <= width; at += next.n_byte)
        used += width_of(next);
    return gk_arena_printf(arena, "%.*s...", (int)(at - text), text);
}

int gk_letters_wrap(const char *text, double width, int n_most, gk_arena *arena, const char ***line)
{
    int n = 0;

    *line = gk_arena_alloc(arena, (size_t)n_most * sizeof **line);
    while (*text && n < n_most) {
        size_t n_byte = line_bytes(text, width);
        bool   is_last = n + 1 == n_most && text[n_byte];
        (*line)[n++] = is_last ? gk_letters_cut(text, width, arena) : gk_arena_printf(arena, "%.*s", (int)n_byte, text);
        text += n_byte + strspn(text + n_byte, " ");
    }
    return n;
}
