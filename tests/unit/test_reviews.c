/* test_reviews.c -- reviews: words of texts, vocabulary and padding; tables, lines and archives of them, right and hostile; the
 * stand-in. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "../test.h"
#include "data/build.h"
#include "data/words.h"

static char folder[] = "/tmp/test_reviews.XXXXXX";

/* --- words ---------------------------------------------------------------------------------------------------------------- */

/* The words of a text, joined by blanks; "error" if it is refused. */
static const char *words_of(const char *text)
{
    static char out[4096];
    gk_words    words = { 0 };
    size_t      n = 0;
    out[0] = '\0';
    if (gk_words_add_text(&words, text) < 0 || gk_words_end_row(&words) < 0)
        snprintf(out, sizeof out, "error");
    for (int64_t i = 0; words.first && i < words.first[1]; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s", n ? " " : "", words.name[words.number[i]]);
    gk_words_release(&words);
    return out;
}

TEST(words_are_what_is_left_between_blanks)
{
    CHECK_TEXT(words_of("The GREAT film, a 10/10!  See-saw\tend."), "great film seesaw end");
    CHECK_TEXT(words_of("good.<br /><br />Bad<br>ugly<BR/>x<brown>"), "good bad ugly xbrown");
    CHECK_TEXT(words_of("it's don't \"quoted\" snake_case 1990s"), "dont quoted snake_case");    /* "its" is a stop word */
    CHECK_TEXT(words_of("\xc3\x89" "cole caf\xc3\xa9\xe2\x80\x94" "bar na\xc3\xafve\xc2\xa0two \xc2\xabla\xc2\xbb 9\xe2\x82\xac"),
               "\xc3\xa9" "cole caf\xc3\xa9" "bar na\xc3\xafve two la");
    CHECK_TEXT(words_of(""), "");
    CHECK_TEXT(words_of("the 10 !!"), "");
    CHECK_TEXT(words_of("caf\xe9"), "error");
    CHECK_CONTAINS(gk_error_message(), "byte e9 is not UTF-8");
    CHECK_TEXT(words_of("x\xc3"), "error");
    char longest[GK_WORD_MAX + 8];
    memset(longest, 'a', sizeof longest);
    snprintf(longest + GK_WORD_MAX, 8, " b");
    CHECK_INT(strlen(words_of(longest)), GK_WORD_MAX + 2);
    snprintf(longest + GK_WORD_MAX, 8, "a b");
    CHECK_TEXT(words_of(longest), "b");
}

/* --- files ---------------------------------------------------------------------------------------------------------------- */

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *write_bytes(const char *name, const char *bytes, size_t n)
{
    const char *path = path_of(name);
    FILE       *out = fopen(path, "wb");
    CHECK(out && fwrite(bytes, 1, n, out) == n && fclose(out) == 0);
    return path;
}

static const char *write_text(const char *name, const char *text)
{
    return write_bytes(name, text, strlen(text));
}

static const char *write_packed(const char *name, const char *bytes, size_t n)
{
    const char *path = path_of(name);
    gzFile      out = gzopen(path, "wb");
    CHECK(out && gzwrite(out, bytes, (unsigned)n) == (int)n && gzclose(out) == Z_OK);
    return path;
}

static gk_dataset *reviews_of(const char *path, int64_t n_word, int64_t n_length)
{
    return gk_dataset_new(&(gk_data_args){ .task = gk_task_find("reviews"), .reviews_file = path, .data_seed = -1,
                                           .n_word = n_word, .n_length = n_length });
}

static const char table[] = "review,sentiment\n\"Fine, fine, fine plot\",positive\n\"dull \"\"plot\"\"\",negative\n"
                            "\"Fine, fine, fine plot\",positive\n\"dull \"\"plot\"\"\",negative\n"
                            "\"Fine, fine, fine plot\",positive\n\"dull \"\"plot\"\"\",negative\n"
                            "\"Fine, fine, fine plot\",positive\n\"dull \"\"plot\"\"\",negative\n";
static const char lines[] = "1\tFine, fine, fine plot\n0\tdull \"plot\"\n1\tFine, fine, fine plot\n0\tdull \"plot\"\n"
                            "1\tFine, fine, fine plot\n0\tdull \"plot\"\n1\tFine, fine, fine plot\n0\tdull \"plot\"\n";

static const char *text_of(const gk_dataset *dataset, int64_t item)
{
    static char out[256];
    size_t      n = 0;
    for (int t = 0; t < dataset->n_token; t++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s", t ? " " : "",
                              dataset->vocab[dataset->token[item * dataset->n_token + t]]);
    return out;
}

TEST(tables_and_lines_packed_or_not_give_the_same_items)
{
    char first[GK_SHA256_HEX] = "";
    for (int form = 0; form < 4; form++) {
        const char *path = form == 0   ? write_text("a.csv", table)
                           : form == 1 ? write_packed("b.csv.gz", table, strlen(table))
                           : form == 2 ? write_text("c.txt", lines)
                                       : write_packed("d.tsv.gz", lines, strlen(lines));
        gk_dataset *dataset = reviews_of(path, 1000, 4);
        CHECK(dataset);
        if (!dataset)
            continue;
        if (form == 0)
            memcpy(first, dataset->sha256, sizeof first);
        CHECK_TEXT(dataset->sha256, first);
        CHECK_INT(dataset->n_item, 8);
        CHECK_INT(dataset->n_vocab, 4);    /* <pad> and three words, the most frequent first */
        CHECK_TEXT(dataset->vocab[1], "fine");
        CHECK_TEXT(dataset->vocab[2], "plot");
        CHECK_TEXT(dataset->vocab[3], "dull");
        for (int64_t i = 0; i < 8; i++)
            CHECK_TEXT(text_of(dataset, i), dataset->label[i] ? "fine fine fine plot" : "<pad> <pad> dull plot");
        const gk_split *split = gk_dataset_stored_split(dataset);
        CHECK_INT(split->n_train, 6);
        CHECK_INT(dataset->label[split->test[0]] + dataset->label[split->test[1]], 1);
        CHECK_TEXT(gk_dataset_answer(dataset, 1), "positive");
        gk_dataset_free(dataset);
    }
}

/* Words of test reviews are in the vocabulary only if train reviews have them. */
TEST(the_vocabulary_is_that_of_the_train_reviews)
{
    enum { N = 40 };
    char text[N * 32] = "", *end = text;
    for (int i = 0; i < N; i++)
        end += snprintf(end, 32, "%d\tshared own%c%c\n", i % 2, 'a' + i / 26, 'a' + i % 26);
    gk_dataset *dataset = reviews_of(write_text("own.tsv", text), 1000, 2);
    CHECK(dataset);
    if (!dataset)
        return;
    const gk_split *split = gk_dataset_stored_split(dataset);
    CHECK_INT(split->n_train, 30);
    CHECK_INT(dataset->n_vocab, 32);
    for (int64_t i = 0; i < split->n_train; i++)
        CHECK(dataset->token[2 * split->train[i]] == 1 && dataset->token[2 * split->train[i] + 1] > 1);
    for (int64_t i = 0; i < split->n_test; i++)
        CHECK_TEXT(text_of(dataset, split->test[i]), "<pad> shared");
    gk_dataset_free(dataset);
    dataset = reviews_of(path_of("own.tsv"), 1, 3);    /* the most frequent one only */
    CHECK(dataset && dataset->n_vocab == 2);
    gk_dataset_free(dataset);
}

TEST(what_is_wrong_with_reviews_is_told)
{
    static const struct { const char *text, *message; } cases[] = {
        { "review,stars\ngood,1\n", "no column 'sentiment'" },
        { "words,label\ngood,1\n", "no column 'review'" },
        { "text,label\ngood,1\nbad,neutral\n", "row 2 of '/tmp/" },
        { "text,label\ngood,1\nbad,neutral\n", "the label 'neutral' is neither positive (pos, 1) nor negative (neg, 0)" },
        { "text,label\n\"good\nfilm\",1\nbad,\n", "row 2 of" },    /* which begins on line 4 */
        { "1\tgood\n2\tbad\n", "line 2 of" },
        { "1\tgood\nbad\n", "has no tab" },
        { "text,label\ngood,1\nbad,0\n", "2 reviews are too few" },
        { "text,label\n\"good,1\n", "line 2 has a quote that does not end" },
        { "text,label\n", "0 reviews are too few" },
        { "", "the table is empty" },
        { "1\ta\n1\tb\n1\tc\n1\td\n", "the 4 reviews of '/tmp/" },
        { "1\ta\n1\tb\n1\tc\n1\td\n", "are all positive: expected both kinds" },
        { "0\ta\n0\tb\n0\tc\n0\td\n", "are all negative: expected both kinds" },
        { "1\t\n0\t\n1\t\n0\t\n1\t\n0\t\n1\t\n0\t\n", "the train reviews have no words" },
        { "1\ta\n0\tb\n1\tc\n0\td\n1\te\n0\tf\n1\tcaf\xe9\n0\th\n", "byte e9 is not UTF-8; convert it first" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(!reviews_of(write_text("wrong.csv", cases[i].text), 10, 5));
        CHECK_CONTAINS(gk_error_message(), cases[i].message);
    }
    CHECK(!reviews_of(write_bytes("nul.csv", "text,label\ngo\0od,1\n", 19), 10, 5));
    CHECK_CONTAINS(gk_error_message(), "NUL bytes");
    CHECK(!reviews_of(NULL, 10, 5));
    CHECK_CONTAINS(gk_error_message(), "needs '--reviews FILE'");
    write_packed("short.tsv.gz", lines, strlen(lines));
    CHECK_INT(truncate(path_of("short.tsv.gz"), 40), 0);
    CHECK(!reviews_of(path_of("short.tsv.gz"), 10, 5));
    CHECK_CONTAINS(gk_error_message(), "is truncated: its compressed data end too early");
}

/* --- the archive ---------------------------------------------------------------------------------------------------------- */

typedef struct tar { char at[40 * 1024]; size_t n; } tar;

static void put_declared(tar *to, const char *name, const char *text, size_t n, unsigned long declared)
{
    char    *head = to->at + to->n;
    unsigned sum = 8 * ' ';
    memset(head, 0, 512);
    snprintf(head, 100, "%s", name);
    snprintf(head + 124, 12, "%011lo", declared);
    head[156] = '0';
    memcpy(head + 257, "ustar", 6);
    for (int i = 0; i < 512; i++)
        sum += (unsigned char)head[i];
    snprintf(head + 148, 8, "%06o", sum);
    memset(head + 512, 0, (n + 511) / 512 * 512);
    memcpy(head + 512, text, n);
    to->n += 512 + (n + 511) / 512 * 512;
}

static void put_file(tar *to, const char *name, const char *text, size_t n)
{
    put_declared(to, name, text, n, n);
}

/* What lines has, as files in another order, and others beside them. */
static tar archive(void)
{
    tar to = { .n = 0 };
    put_file(&to, "aclImdb/README", "1\tno review", 11);
    put_file(&to, "aclImdb/train/unsup/0_0.txt", "nor this", 8);
    for (int id = 3; id >= 0; id--)
        for (int label = 1; label >= 0; label--) {
            char        name[64];
            const char *text = label ? "Fine, fine, fine plot" : "dull \"plot\"";
            snprintf(name, sizeof name, "aclImdb/%s/%s/%d_%d.txt", id < 2 ? "train" : "test", label ? "pos" : "neg", id,
                     9 * label + 1);
            put_file(&to, name, text, strlen(text));
        }
    put_file(&to, "aclImdb/train/pos/list.txt", "nor that", 8);
    to.n += 1024;
    return to;
}

static const char *refusal(const tar *of)
{
    gk_reviews reviews;
    if (gk_reviews_read_archive(write_packed("acl.tar.gz", of->at, of->n), &reviews) == 0) {
        gk_reviews_release(&reviews);
        return "not refused";
    }
    return gk_error_message();
}

TEST(archives_are_read_in_the_order_of_their_numbers)
{
    static char imdb_folder[300];
    gk_reviews  reviews;
    tar         right = archive();
    CHECK_INT(gk_reviews_read_archive(write_packed("acl.tar.gz", right.at, right.n), &reviews), 0);
    CHECK_INT(reviews.n, 8);
    for (int64_t i = 0; i < reviews.n && i < 8; i++) {
        CHECK_INT(reviews.review[i].label, i % 2);
        CHECK_TEXT(reviews.review[i].text, i % 2 ? "Fine, fine, fine plot" : "dull \"plot\"");
    }
    gk_reviews_release(&reviews);
    snprintf(imdb_folder, sizeof imdb_folder, "%s/imdb", folder);
    CHECK(mkdir(imdb_folder, 0777) == 0 && setenv("GROK_DATA", folder, 1) == 0);
    write_packed("imdb/aclImdb_v1.tar.gz", right.at, right.n);
    gk_dataset *dataset = gk_dataset_new(&(gk_data_args){ .task = gk_task_find("imdb"), .n_word = 10, .n_length = 3 });
    CHECK(dataset && dataset->n_item == 8);
    gk_dataset_free(dataset);
    unlink(path_of("imdb/aclImdb_v1.tar.gz"));
    CHECK(!gk_dataset_new(&(gk_data_args){ .task = gk_task_find("imdb"), .n_word = 10, .n_length = 3 }));
    CHECK_CONTAINS(gk_error_message(), "'grok-data fetch imdb' gets it");
    rmdir(imdb_folder);
}

TEST(hostile_archives_are_refused)
{
    tar bad = { .n = 1024 };
    CHECK_CONTAINS(refusal(&bad), "has no reviews");
    bad = archive();
    bad.at[512 * 4 + 20] ^= 1;    /* a name that its sum does not fit */
    CHECK_CONTAINS(refusal(&bad), "not a tar archive, or damaged");
    bad = archive();
    put_file(&bad, "more", "", 0);
    bad.n -= 1024 + 512 + 200;
    CHECK_CONTAINS(refusal(&bad), "is truncated");
    bad = (tar){ .n = 0 };
    put_file(&bad, "aclImdb/train/pos/1_9.txt", "twice", 5);
    put_file(&bad, "aclImdb/train/pos/1_8.txt", "twice", 5);
    CHECK_CONTAINS(refusal(&bad), "has review 1 twice");
    bad = (tar){ .n = 0 };
    put_file(&bad, "aclImdb/train/pos/1_9.txt", "a\0b", 3);
    CHECK_CONTAINS(refusal(&bad), "NUL bytes");
    bad = (tar){ .n = 0 };
    put_declared(&bad, "aclImdb/train/pos/1_9.txt", "", 0, 077777777777);
    CHECK_CONTAINS(refusal(&bad), "at most");
}

/* --- the stand-in --------------------------------------------------------------------------------------------------------- */

/* One word in ten is of sentiment; with 0.8 x 0.85 + 0.2 x 0.15 = 0.71 of them as the label says. */
TEST(words_of_sentiment_tell_the_label_as_often_as_they_should)
{
    gk_dataset *d = gk_dataset_new(&(gk_data_args){ .task = gk_task_find("synth-reviews"), .data_seed = 3, .n_word = 3000,
                                                    .n_length = 130 });
    int64_t n = 0, n_word = 0, n_right = 0, n_positive = 0;
    CHECK(d);
    if (!d)
        return;
    for (int64_t item = 0; item < d->n_item; item++) {
        n_positive += d->label[item];
        for (int t = 0; t < d->n_token; t++) {
            const char *name = d->vocab[d->token[item * d->n_token + t]];
            const bool  is_good = strncmp(name, "good", 4) == 0, is_bad = strncmp(name, "bad", 3) == 0;
            n += is_good || is_bad;
            n_right += is_good ? d->label[item] : is_bad && !d->label[item];
            n_word += strcmp(name, "<pad>") != 0 && strcmp(name, "never") != 0;
        }
    }
    CHECK_INT(d->n_item, 2000);
    CHECK_INT(n_positive, 1000);
    CHECK_CLOSE((double)n / (double)n_word, 0.1, 0.003);
    CHECK_CLOSE((double)n_right / (double)n, 0.71, 0.01);
    CHECK_INT(gk_dataset_stored_split(d)->n_train, 1500);
    gk_dataset_free(d);
}

int main(void)
{
    static const char *const names[] = { "a.csv", "b.csv.gz", "c.txt", "d.tsv.gz", "own.tsv", "wrong.csv", "nul.csv",
                                         "short.tsv.gz", "acl.tar.gz" };
    if (!mkdtemp(folder))
        return 1;
    RUN(words_are_what_is_left_between_blanks)
    RUN(tables_and_lines_packed_or_not_give_the_same_items)
    RUN(the_vocabulary_is_that_of_the_train_reviews)
    RUN(what_is_wrong_with_reviews_is_told)
    RUN(archives_are_read_in_the_order_of_their_numbers)
    RUN(hostile_archives_are_refused)
    RUN(words_of_sentiment_tell_the_label_as_often_as_they_should)
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(path_of(names[i]));
    CHECK_INT(rmdir(folder), 0);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
