/* words.c -- see words.h. */
#include "data/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/classes.h"
#include "base/text.h"

/* --- numbers and rows ----------------------------------------------------------------------------------------------------- */

/* Room for one more of *most. */
static int reserve(void **array, int64_t n, int64_t *most, size_t size)
{
    if (n < *most)
        return 0;
    int64_t more = *most ? 2 * *most : 1024;
    void   *larger = realloc(*array, (size_t)more * size);
    if (!larger)
        return gk_error("out of memory for %lld words", (long long)more);
    *array = larger;
    *most = more;
    return 0;
}

static int64_t slot_of(const gk_words *words, const char *name, size_t length)
{
    int64_t at = (int64_t)(gk_hash_bytes(GK_HASH, name, length) & (uint64_t)(words->n_slot - 1));
    for (; words->slot[at]; at = (at + 1) & (words->n_slot - 1)) {
        const char *there = words->name[words->slot[at] - 1];
        if (strncmp(there, name, length) == 0 && there[length] == '\0')
            break;
    }
    return at;
}

/* Twice as many slots, at least four for each word. */
static int widen(gk_words *words)
{
    if (4 * (int64_t)words->n < words->n_slot)
        return 0;
    int64_t  n_slot = words->n_slot ? 2 * words->n_slot : 4096;
    int32_t *slot = calloc((size_t)n_slot, sizeof *slot);
    if (!slot)
        return gk_error("out of memory for %lld words", (long long)n_slot);
    free(words->slot);
    words->slot = slot;
    words->n_slot = n_slot;
    for (int32_t i = 0; i < words->n; i++)
        words->slot[slot_of(words, words->name[i], strlen(words->name[i]))] = i + 1;
    return 0;
}

int gk_words_add(gk_words *words, const char *name, size_t length)
{
    if (widen(words) < 0 || reserve((void **)&words->name, words->n, &words->most_names, sizeof *words->name) < 0 ||
        reserve((void **)&words->number, words->n_number, &words->most_numbers, sizeof *words->number) < 0)
        return -1;
    int64_t at = slot_of(words, name, length);
    if (!words->slot[at]) {
        if (words->n == INT32_MAX - 1)
            return gk_error("more than %d different words", words->n);
        words->name[words->n] = gk_arena_printf(&words->arena, "%.*s", (int)length, name);
        words->slot[at] = ++words->n;
    }
    words->number[words->n_number++] = words->slot[at] - 1;
    return 0;
}

int gk_words_end_row(gk_words *words)
{
    const bool is_new = words->n_row == 0;
    if (reserve((void **)&words->first, words->n_row + 1, &words->most_rows, sizeof *words->first) < 0)
        return -1;
    if (is_new)
        words->first[0] = 0;
    words->first[++words->n_row] = words->n_number;
    return 0;
}

void gk_words_release(gk_words *words)
{
    gk_arena_release(&words->arena);
    free(words->name);
    free(words->number);
    free(words->slot);
    free(words->first);
    *words = (gk_words){ 0 };
}

/* --- texts ---------------------------------------------------------------------------------------------------------------- */

static const char *const stop_words[] = {
    "a", "about", "above", "after", "again", "against", "ain", "all", "am", "an", "and", "any", "are", "aren", "as", "at", "be",
    "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "couldn", "d", "did", "didn", "do",
    "does", "doesn", "doing", "don", "down", "during", "each", "few", "for", "from", "further", "had", "hadn", "has", "hasn",
    "have", "haven", "having", "he", "her", "here", "hers", "herself", "him", "himself", "his", "how", "i", "if", "in", "into",
    "is", "isn", "it", "its", "itself", "just", "ll", "m", "ma", "me", "mightn", "more", "most", "mustn", "my", "myself",
    "needn", "no", "nor", "not", "now", "o", "of", "off", "on", "once", "only", "or", "other", "our", "ours", "ourselves",
    "out", "over", "own", "re", "s", "same", "shan", "she", "should", "shouldn", "so", "some", "such", "t", "than", "that",
    "the", "their", "theirs", "them", "themselves", "then", "there", "these", "they", "this", "those", "through", "to", "too",
    "under", "until", "up", "ve", "very", "was", "wasn", "we", "were", "weren", "what", "when", "where", "which", "while",
    "who", "whom", "why", "will", "with", "won", "wouldn", "y", "you", "your", "yours", "yourself", "yourselves",
};

enum { N_STOP = sizeof stop_words / sizeof *stop_words };

/* They are the first words of all, so that one look into the table tells both number and whether it counts. */
static int number_stop_words(gk_words *words)
{
    for (int i = 0; i < N_STOP; i++)
        if (gk_words_add(words, stop_words[i], strlen(stop_words[i])) < 0)
            return -1;
    words->n_number = 0;
    return 0;
}

typedef enum { BLANK, DROPPED, LETTER } kind;

/* What a character beyond ASCII is: blanks and signs of Latin-1 and of the blocks of punctuation and symbols, else a letter. */
static kind kind_of(const gk_character *c)
{
    const unsigned u = c->code;
    if (u == 0x85 || u == 0xa0 || u == 0x1680 || (u >= 0x2000 && u <= 0x200a) || u == 0x2028 || u == 0x2029 || u == 0x202f ||
        u == 0x205f || u == 0x3000)
        return BLANK;
    if (!c->is_printable || (u < 0xc0 && u != 0xaa && u != 0xb5 && u != 0xba) || u == 0xd7 || u == 0xf7 ||
        (u >= 0x200b && u <= 0x2bff) || (u >= 0x3001 && u <= 0x3004) || (u >= 0x3008 && u <= 0x3020) ||
        (u >= 0xff00 && u <= 0xff20) || (u >= 0x1f000 && u <= 0x1faff) || (u >= 0xfe00 && u <= 0xfe0f))
        return DROPPED;
    return LETTER;
}

static kind kind_of_ascii(char c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
        return LETTER;
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f) ? BLANK : DROPPED;
}

/* Bytes of a line break of HTML at text; 0: there is none. */
static size_t break_length(const char *text)
{
    if (strncasecmp(text, "<br", 3) != 0)
        return 0;
    size_t n = 3 + strspn(text + 3, " /");
    return text[n] == '>' ? n + 1 : 0;
}

typedef struct word { char text[GK_WORD_MAX]; size_t n; } word;    /* n: of all its bytes, kept or not */

static void put(word *to, const char *bytes, size_t n)
{
    if (to->n + n <= GK_WORD_MAX)
        memcpy(to->text + to->n, bytes, n);
    to->n += n;
}

/* In lower case, as far as Latin-1 goes. */
static void put_letter(word *to, const char *bytes, size_t n, unsigned code)
{
    const bool is_capital = (code >= 'A' && code <= 'Z') || (code >= 0xc0 && code <= 0xde);
    char       low[4];
    memcpy(low, bytes, n);
    low[n - 1] = (char)(low[n - 1] + (is_capital ? 0x20 : 0));
    put(to, low, n);
}

static int end_word(gk_words *words, word *of)
{
    const size_t n = of->n;
    of->n = 0;
    if (n == 0 || n > GK_WORD_MAX)
        return 0;
    if (gk_words_add(words, of->text, n) < 0)
        return -1;
    words->n_number -= words->number[words->n_number - 1] < N_STOP;
    return 0;
}

int gk_words_add_text(gk_words *words, const char *text)
{
    word of = { .n = 0 };
    kind what;
    if (words->n == 0 && number_stop_words(words) < 0)
        return -1;
    for (size_t n; *text; text += n) {
        if ((signed char)*text >= 0) {
            n = 1;
            what = kind_of_ascii(*text);
            if (*text == '<' && break_length(text) > 0) {
                n = break_length(text);
                what = BLANK;
            }
            if (what == LETTER)
                put_letter(&of, text, 1, (unsigned)*text);
        } else {
            gk_character c = gk_text_character(text);
            if (!c.is_valid)
                return gk_error("byte %02x is not UTF-8", (unsigned)(unsigned char)*text);
            n = (size_t)c.n_byte;
            what = kind_of(&c);
            if (what == LETTER)
                put_letter(&of, text, n, c.code);
        }
        if (what == BLANK && end_word(words, &of) < 0)
            return -1;
    }
    return end_word(words, &of);
}
