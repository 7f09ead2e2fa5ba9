/* words.h -- texts as rows of numbered words. */
#ifndef GK_DATA_WORDS_H
#define GK_DATA_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"

/* Words are numbered by first appearance; rows of them stand one after another, row i in number[first[i] .. first[i + 1]).
 * {0} is empty, and has no row.  Either all words come from texts or none: the first numbers of texts are stop words, which
 * are in no row. */
typedef struct gk_words {
    gk_arena     arena;
    int32_t      n;                     /* different words */
    const char **name;                  /* [n] */
    int32_t     *number, *slot;         /* slot: table of hashes, number + 1 of a word, 0: free */
    int64_t     *first;                 /* [n_row + 1]; NULL without rows */
    int64_t      n_row, n_number, n_slot, most_names, most_numbers, most_rows;
} gk_words;

/* A word of this name behind the last of the row that grows.  -1 with gk_error: out of memory. */
int  gk_words_add(gk_words *words, const char *name, size_t length) GK_MUST_CHECK;

/* The same for every word of a text, as Liu et al. 2022 (Omnigrok) find them: words are what stands between blanks, in lower
 * case, without what is neither letter nor underscore; stop words of English are left out (of NLTK's 179 those without an
 * apostrophe, as a word has none left).  Other than there, a line break of HTML (<br />) is a blank, not the word "br"; letters
 * beyond U+00FF keep their case.  Words of more than GK_WORD_MAX bytes are left out.  -1 with gk_error: the text is not UTF-8. */
enum { GK_WORD_MAX = 100 };
int  gk_words_add_text(gk_words *words, const char *text) GK_MUST_CHECK;

/* The row ends here; an empty one is a row. */
int  gk_words_end_row(gk_words *words) GK_MUST_CHECK;

void gk_words_release(gk_words *words);

#endif
