/* reviews.c -- fuzz the readers of reviews, and what makes words of them: the first byte says whether the rest is an archive. */
#include "data/build.h"
#include "data/words.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gk_reviews reviews;
    gk_words   words = { 0 };
    if (size == 0)
        return 0;
    const char *path = fuzz_file(data + 1, size - 1);
    if ((data[0] % 2 ? gk_reviews_read_archive : gk_reviews_read)(path, &reviews) < 0)
        return 0;
    for (int64_t i = 0; i < reviews.n; i++)
        if (gk_words_add_text(&words, reviews.review[i].text) < 0 || gk_words_end_row(&words) < 0)
            break;
    gk_words_release(&words);
    gk_reviews_release(&reviews);
    return 0;
}
