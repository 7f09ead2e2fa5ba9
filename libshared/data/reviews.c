/* reviews.c -- reviews as sequences of words: imdb, a file of one's own, and their stand-in (experiments A.18).  Of all reviews
 * the first --items in a random order are taken, of each class every fourth for testing (so that fewer items are among more); the
 * words that the train items have most often are tokens 1, 2, ..., the first of equals being the one that came first; an item is
 * its first --length tokens, after as many 0 as make it so long.
 *
 * That order is random because neighbours in the archive of Maas et al. 2011 are about one film; in the table that is passed
 * around they are shuffled already. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"
#include "data/build.h"
#include "data/public.h"
#include "data/words.h"

enum { STREAM_ORDER = 30, N_CLASS = 2 };

/* --- items of words ------------------------------------------------------------------------------------------------------- */

/* Is the item for testing that has so many of its class before it?  Of the classes in turn, so that both parts have a quarter. */
static bool is_test(int64_t n_before, int32_t label)
{
    return n_before % 4 == (label ? 1 : 3);
}

typedef struct frequent { int64_t n; int32_t word; } frequent;

static int compare_frequent(const void *a, const void *b)
{
    const frequent *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : (x->word > y->word) - (x->word < y->word);
}

/* The vocabulary of the first n_train rows; the token of each word into token [words->n], 0: none. */
static int choose_tokens(gk_dataset *dataset, const gk_words *words, int64_t n_train, int64_t n_most, int32_t *token)
{
    gk_arena *arena = &dataset->arena, scratch = { 0 };
    frequent *count = gk_arena_alloc(&scratch, ((size_t)words->n + 1) * sizeof *count);
    int64_t   n = 0;
    for (int32_t i = 0; i < words->n; i++)
        count[i].word = i;
    for (int64_t i = 0; i < words->first[n_train]; i++)
        count[words->number[i]].n++;
    qsort(count, (size_t)words->n, sizeof *count, compare_frequent);
    while (n < words->n && n < n_most && count[n].n > 0)
        n++;
    dataset->n_vocab = (int)n + 1;
    dataset->vocab = gk_arena_alloc(arena, ((size_t)n + 1) * sizeof *dataset->vocab);
    dataset->vocab[0] = GK_PAD_NAME;
    for (int32_t i = 0; i < n; i++) {
        dataset->vocab[i + 1] = gk_arena_strdup(arena, words->name[count[i].word]);
        token[count[i].word] = i + 1;
    }
    gk_arena_release(&scratch);
    return n > 0 ? 0 : gk_error("the train reviews have no words");
}

/* Items of rows of words, labels [n_row] being there: train rows first. */
static int make_items(gk_dataset *dataset, const gk_data_args *args, const gk_words *words, int64_t n_train)
{
    static const char *names[N_CLASS] = { "negative", "positive" };
    gk_arena       scratch = { 0 };
    int32_t       *token = gk_arena_alloc(&scratch, ((size_t)words->n + 1) * sizeof *token);
    const int64_t  length = args->n_length;
    int            status = choose_tokens(dataset, words, n_train, args->n_word, token);

    dataset->n_item = words->n_row;
    dataset->n_token = (int)length;
    dataset->n_answer = N_CLASS;
    dataset->answer_name = names;
    dataset->token = gk_arena_alloc(&dataset->arena, (size_t)(dataset->n_item * length) * sizeof *dataset->token);
    for (int64_t item = 0; status == 0 && item < dataset->n_item; item++) {
        int32_t *to = dataset->token + item * length;
        int64_t  n = 0;
        for (int64_t i = words->first[item]; i < words->first[item + 1] && n < length; i++)
            if (token[words->number[i]] > 0)
                to[n++] = token[words->number[i]];
        memmove(to + length - n, to, (size_t)n * sizeof *to);
        memset(to, 0, (size_t)(length - n) * sizeof *to);
    }
    gk_split_in_order(dataset, n_train);
    gk_arena_release(&scratch);
    return status;
}

/* --- of texts ------------------------------------------------------------------------------------------------------------- */

/* Which n of all reviews, those to train on first: their numbers into chosen [n].  How many are to train on. */
static int64_t choose(const gk_reviews *all, const int32_t *order, int64_t n, int32_t *chosen)
{
    int64_t n_done = 0, n_train = 0;
    for (int part = 0; part < 2; part++) {
        int64_t n_before[N_CLASS] = { 0, 0 };
        for (int64_t i = 0; i < n; i++) {
            int32_t label = all->review[order[i]].label;
            if (is_test(n_before[label]++, label) == part)
                chosen[n_done++] = order[i];
        }
        n_train = part == 0 ? n_done : n_train;
    }
    return n_train;
}

/* The words of the reviews chosen, each a row, and the items that they make. */
static int tokenise(gk_dataset *dataset, const gk_data_args *args, const gk_reviews *all, const char *path, const int32_t *chosen,
                    int64_t n, int64_t n_train)
{
    gk_words words = { 0 };
    int      status = 0;
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)n * sizeof *dataset->label);
    for (int64_t item = 0; item < n && status == 0; item++) {
        dataset->label[item] = all->review[chosen[item]].label;
        if (gk_words_add_text(&words, all->review[chosen[item]].text) < 0)
            status = gk_error("review %d of '%s': %s; convert it first, as with 'iconv -f latin1 -t utf8'", chosen[item] + 1,
                              path, gk_arena_strdup(&dataset->arena, gk_error_message()));
        else
            status = gk_words_end_row(&words);
    }
    if (status == 0)
        status = make_items(dataset, args, &words, n_train);
    gk_words_release(&words);
    return status;
}

/* There is something to be told apart, and to test it with. */
static int check_chosen(const gk_reviews *all, const char *path, const int32_t *chosen, int64_t n, int64_t n_train)
{
    int64_t n_positive = 0;
    if (n_train == n)
        return gk_error("'%s': %" PRId64 " reviews are too few: with four of a class one is for testing", path, n);
    for (int64_t i = 0; i < n; i++)
        n_positive += all->review[chosen[i]].label;
    if (n_positive == 0 || n_positive == n)
        return gk_error("the %" PRId64 " reviews of '%s'%s are all %s: expected both kinds", n, path,
                        n < all->n ? " that --items takes" : "", n_positive ? "positive" : "negative");
    return 0;
}

static int build_of(gk_dataset *dataset, const gk_data_args *args, const gk_reviews *all, const char *path)
{
    const int64_t n = args->n_item > 0 ? args->n_item : all->n;
    gk_arena      scratch = { 0 };
    int           status;
    if (n > all->n)
        return gk_error("'%s' has %" PRId64 " reviews, but --items asks for %" PRId64, path, all->n, n);
    int32_t *order = gk_arena_alloc(&scratch, (size_t)(all->n + 1) * sizeof *order);
    int32_t *chosen = gk_arena_alloc(&scratch, (size_t)(n + 1) * sizeof *chosen);
    status = gk_rng_permutation(gk_items_seed(args), GK_RNG_DATA, STREAM_ORDER, order, all->n);
    if (status == 0) {
        int64_t n_train = choose(all, order, n, chosen);
        if (check_chosen(all, path, chosen, n, n_train) < 0)
            status = -1;
        else
            status = tokenise(dataset, args, all, path, chosen, n, n_train);
    }
    gk_arena_release(&scratch);
    return status;
}

int gk_build_reviews(gk_dataset *dataset, const gk_data_args *args)
{
    gk_reviews all;
    if (!args->reviews_file)
        return gk_usage_error("'--task reviews' needs '--reviews FILE'");
    dataset->task = gk_arena_printf(&dataset->arena, "reviews of %s", args->reviews_file);
    if (gk_reviews_read(args->reviews_file, &all) < 0)
        return -1;
    int status = build_of(dataset, args, &all, args->reviews_file);
    gk_reviews_release(&all);
    return status;
}

/* The archive as it is published, unpacked, or a table made of it. */
int gk_build_imdb(gk_dataset *dataset, const gk_data_args *args)
{
    const gk_public  *set = gk_public_find("imdb");
    const char *const names[] = { set->file[0].name, "aclImdb", "imdb_reviews.tsv.gz", "imdb_reviews.tsv",
                                  "IMDB Dataset.csv", "IMDB Dataset.csv.gz" };
    const char       *path = gk_public_path(set, names, sizeof names / sizeof *names, &dataset->arena);
    gk_reviews        all;
    if (!path)
        return -1;
    dataset->task = gk_task_name(args);
    if ((strstr(path, names[0]) ? gk_reviews_read_archive : gk_reviews_read)(path, &all) < 0)
        return -1;
    int status = build_of(dataset, args, &all, path);
    gk_reviews_release(&all);
    return status;
}

/* --- the stand-in --------------------------------------------------------------------------------------------------------- */

enum { N_REVIEW = 2000, N_BACKGROUND = 2000, N_SENTIMENT = 40, LEAST_WORDS = 20, MOST_WORDS = 100, FIRST_STREAM = 1000,
       N_NUMBER = 4    /* of the stream for one word */ };

static const char *const sentiment_stem[N_CLASS] = { "bad", "good" };

/* A stem and two letters: digits are no part of words. */
static int add_named(gk_words *words, const char *stem, int number)
{
    char name[32];
    int  length = snprintf(name, sizeof name, "%s%c%c%c", stem, 'a' + number / 676, 'a' + number / 26 % 26, 'a' + number % 26);
    return gk_words_add(words, name, (size_t)length);
}

/* The law of Zipf: cumulative [N_BACKGROUND]. */
static void zipf(double *cumulative)
{
    double sum = 0;
    for (int i = 0; i < N_BACKGROUND; i++)
        cumulative[i] = sum += 1.0 / (i + 1);
    for (int i = 0; i < N_BACKGROUND; i++)
        cumulative[i] /= sum;
}

static int draw(const double *cumulative, double u)
{
    int low = 0, high = N_BACKGROUND - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (cumulative[middle] > u)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* One review: of its words one in ten is of sentiment, right four times in five; before 15 % of those stands a word that turns
 * the next one's sense, which is then of the other side. */
static int write_review(gk_words *words, uint64_t seed, uint64_t stream, int32_t label, const double *cumulative)
{
    const int n = LEAST_WORDS + (int)gk_rng_below(seed, GK_RNG_DATA, stream, 0, MOST_WORDS - LEAST_WORDS + 1);
    for (int i = 0; i < n; i++) {
        double u[N_NUMBER];
        int    status = 0;
        for (int k = 0; k < N_NUMBER; k++)
            u[k] = gk_rng_uniform(seed, GK_RNG_DATA, stream, (uint64_t)(N_NUMBER * (i + 1) + k));
        if (u[0] < 0.1) {
            const bool is_turned = u[2] < 0.15;
            const int  side = (u[1] < 0.8 ? label : !label) ^ is_turned;
            status = is_turned ? gk_words_add(words, "never", 5) : 0;
            status = status == 0 ? add_named(words, sentiment_stem[side], (int)(u[3] * N_SENTIMENT)) : -1;
        } else {
            status = add_named(words, "w", draw(cumulative, u[1]));
        }
        if (status < 0)
            return -1;
    }
    return gk_words_end_row(words);
}

int gk_build_synth_reviews(gk_dataset *dataset, const gk_data_args *args)
{
    const int64_t  n = args->n_item > 0 ? args->n_item : N_REVIEW;
    const uint64_t seed = gk_items_seed(args);
    double         cumulative[N_BACKGROUND];
    gk_words       words = { 0 };
    int64_t        n_train = 0, n_done = 0;
    int            status = 0;

    zipf(cumulative);
    dataset->task = gk_task_name(args);
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)n * sizeof *dataset->label);
    for (int part = 0; part < 2; part++) {
        for (int64_t i = 0; i < n && status == 0; i++) {
            const int32_t label = (int32_t)(i % 2);
            if (is_test(i / 2, label) != part)
                continue;
            dataset->label[n_done++] = label;
            status = write_review(&words, seed, FIRST_STREAM + (uint64_t)i, label, cumulative);
        }
        n_train = part == 0 ? n_done : n_train;
    }
    if (status == 0 && n_train == n)
        status = gk_error("%" PRId64 " reviews are too few: with four of a class one is for testing", n);
    if (status == 0)
        status = make_items(dataset, args, &words, n_train);
    gk_words_release(&words);
    return status;
}
