/* test_padded_file.c -- dataset files that leave out what pads their items: made by hand, written and read again, and wrong. */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "data/build.h"

static char path[] = "/tmp/test_padded_file.XXXXXX";

/* Four texts of at most four words, and one of none. */
static const int32_t rows[20] = { 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0, 2, 0, 0, 0, 1 };
/* hashlib.sha256(struct.pack('<6q', 5, 4, 0, 3, 2, 1) + rows as '<20i' + struct.pack('<5i', 0, 1, 0, 1, 0)) */
static const char *const sum = "0badd1199528a5f3fe073618c30cebea36d6f91056e511a9d684c3b08994473a";

typedef struct content {
    int32_t     token[8], length[5], label[5];
    int64_t     n, n_token, n_vocab, version;
} content;

static content good(void)
{
    return (content){ .token = { 2, 1, 0, 1, 2, 0, 2, 1 }, .length = { 1, 0, 2, 4, 1 }, .label = { 0, 1, 0, 1, 0 }, .n = 8,
                      .n_token = 4, .n_vocab = 3, .version = 4 };
}

static gk_dataset *read_content(const content *c)
{
    const int64_t n_item = 5;
    gk_data_args  args = { .data_file = path };
    unlink(path);
    gk_h5 *file = gk_h5_create(path);
    int    status = file ? 0 : -1;
    if (file) {
        status |= gk_h5_set_text(file, "/", "format", GK_DATASET_FORMAT) |
                  gk_h5_set_int(file, "/", "format_version", c->version) |
                  gk_h5_set_text(file, "/", "task", "by hand") | gk_h5_set_text(file, "/", "sha256", sum) |
                  gk_h5_set_int(file, "/", "n_vocab", c->n_vocab) | gk_h5_set_int(file, "/", "n_answer", 2) |
                  gk_h5_set_int(file, "/", "n_token", c->n_token) |
                  gk_h5_write(file, "/label", GK_I32, 1, &n_item, c->label, 0) |
                  gk_h5_write(file, "/length", GK_I32, 1, &n_item, c->length, 0) |
                  gk_h5_write(file, "/token", GK_I32, 1, &c->n, c->token, 0);
        status |= gk_h5_commit(file);
    }
    CHECK_INT(status, 0);
    return gk_dataset_new(&args);
}

static void check_rows(const gk_dataset *d)
{
    CHECK_TEXT(d ? "fine" : gk_error_message(), "fine");
    CHECK(d && d->n_token == 4 && d->n_item == 5 && memcmp(d->token, rows, sizeof rows) == 0);
}

TEST(rows_are_filled_up_with_what_the_file_leaves_out)
{
    content     c = good();
    gk_dataset *d = read_content(&c);
    check_rows(d);
    gk_dataset_free(d);
}

/* What a file of that path has: 1 or 2 dimensions of /token, and its version. */
static void written_as(int64_t n_dim, int64_t version)
{
    gk_h5   *file = gk_h5_open(path);
    int      found = 0;
    int64_t  stated = 0, dim[GK_H5_MAX_DIM];
    gk_dtype type;
    CHECK(file && gk_h5_shape(file, "/token", &type, &found, dim) == 0);
    CHECK(file && gk_h5_get_int(file, "/", "format_version", &stated) == 0);
    CHECK_INT(found, n_dim);
    CHECK_INT(stated, version);
    CHECK_INT(file && gk_h5_exists(file, "/length"), n_dim == 1);
    gk_h5_close(file);
}

static void write_again(const gk_dataset *d)
{
    unlink(path);
    int status = d ? gk_dataset_write(d, NULL, NULL, "test", path) : -1;
    CHECK_TEXT(status == 0 ? "fine" : gk_error_message(), "fine");
}

TEST(what_is_mostly_padding_is_written_without_it_and_comes_back)
{
    content      c = good();
    gk_data_args args = { .data_file = path };
    gk_dataset  *d = read_content(&c);
    write_again(d);
    written_as(1, 4);
    gk_dataset *again = gk_dataset_new(&args);
    check_rows(again);
    gk_dataset_free(again);
    for (int i = 0; d && i < 20; i += 4)    /* a word before all of them: nothing to leave out */
        d->token[i] = 1;
    if (d)
        gk_dataset_sum(d);
    write_again(d);
    written_as(2, 1);
    again = gk_dataset_new(&args);
    CHECK_TEXT(again ? "fine" : gk_error_message(), "fine");
    CHECK(d && again && memcmp(again->token, d->token, sizeof rows) == 0);
    gk_dataset_free(again);
    if (d) {    /* nothing but padding: no token is left */
        memset(d->token, 0, sizeof rows);
        gk_dataset_sum(d);
    }
    write_again(d);
    written_as(1, 4);
    again = gk_dataset_new(&args);
    CHECK_TEXT(again ? "fine" : gk_error_message(), "fine");
    CHECK(d && again && memcmp(again->token, d->token, sizeof rows) == 0);
    gk_dataset_free(again);
    gk_dataset_free(d);
}

#define REFUSED(change, message) \
    do {                                  \
        content c = good();               \
        change;                           \
        CHECK(read_content(&c) == NULL);  \
        CHECK_CONTAINS(gk_error_message(), message); \
    } while (0)

TEST(lengths_that_cannot_be_are_refused)
{
    REFUSED(c.length[3] = 5, "'/length' in ");
    REFUSED(c.length[3] = 5, "value 5 at 3 is outside [0, 5)");
    REFUSED(c.length[0] = -1, "value -1 at 0 is outside [0, 5)");
    REFUSED(c.length[0] = 0, "shape [8], expected [7]");
    REFUSED(c.n = 7, "shape [7], expected [8]");
    REFUSED((c.n_vocab = 0, c.n = 0, memset(c.length, 0, sizeof c.length)), "n_token of ");
    REFUSED(c.n_token = 0, "its 5 items would have 0, or more than 33554432 tokens");
    REFUSED(c.n_token = 1 << 20, "is damaged: the sha256 of its items");
    REFUSED(c.n_token = 7000000, "n_token of ");
    REFUSED((c.length[0] = 0, c.length[1] = 1), "is damaged: the sha256 of its items");
    REFUSED(c.token[0] = 3, "'/token' in ");
}

int main(void)
{
    CHECK(mkstemp(path) >= 0);
    RUN(rows_are_filled_up_with_what_the_file_leaves_out)
    RUN(what_is_mostly_padding_is_written_without_it_and_comes_back)
    RUN(lengths_that_cannot_be_are_refused)
    unlink(path);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
