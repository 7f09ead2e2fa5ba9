/* test_idx.c -- MNIST's files: small ones made by hand, plain and gzip'd; damaged and hostile ones; the true ones if they are
 * there. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "../test.h"
#include "data/dataset.h"

static char folder[] = "/tmp/test_idx.XXXXXX";
static const char *real_folder;    /* GROK_DATA of the machine */

enum { SIDE = 28, PIXELS = SIDE * SIDE, N_TRAIN = 3, N_TEST = 2, MAX_BYTES = 16 + 4 * PIXELS };

typedef struct bytes { size_t n; uint8_t at[MAX_BYTES]; } bytes;

/* --- the four files, right or wrong -- */

typedef enum { TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS, N_FILE } which;
static const char *const names[N_FILE] = {
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
};

static void put_size(bytes *to, uint32_t size)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        to->at[to->n++] = (uint8_t)(size >> shift);
}

/* Pixel p of image i is 3 i + p mod 256; the labels count down from 9. */
static bytes contents(which file)
{
    bytes to = { 0 };
    const uint32_t n = file < TEST_IMAGES ? N_TRAIN : N_TEST;
    bool is_image = file == TRAIN_IMAGES || file == TEST_IMAGES;
    put_size(&to, is_image ? 0x803 : 0x801);
    put_size(&to, n);
    if (is_image) {
        put_size(&to, SIDE);
        put_size(&to, SIDE);
    }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t p = 0; p < (is_image ? PIXELS : 1); p++)
            to.at[to.n++] = (uint8_t)(is_image ? 3 * i + p : 9 - i);
    return to;
}

static void write_file(which file, const char *end, const bytes *content)
{
    char path[256];
    snprintf(path, sizeof path, "%s/mnist/%s%s", folder, names[file], end);
    if (strcmp(end, ".gz") == 0) {
        gzFile out = gzopen(path, "wb");
        CHECK(out && gzwrite(out, content->at, (unsigned)content->n) == (int)content->n && gzclose(out) == Z_OK);
    } else {
        FILE *out = fopen(path, "wb");
        CHECK(out && fwrite(content->at, 1, content->n, out) == content->n && fclose(out) == 0);
    }
}

static void remove_files(void)
{
    static const char *const ends[] = { "", ".gz" };
    char path[256];
    for (int i = 0; i < N_FILE; i++)
        for (int j = 0; j < 2; j++) {
            snprintf(path, sizeof path, "%s/mnist/%s%s", folder, names[i], ends[j]);
            remove(path);
        }
}

static void write_all(const char *end)
{
    for (which file = 0; file < N_FILE; file++) {
        bytes content = contents(file);
        write_file(file, end, &content);
    }
}

static gk_dataset *load(void)
{
    gk_data_args args = { .task = gk_task_find("mnist"), .data_seed = -1 };
    return gk_dataset_new(&args);
}

/* --- right -- */

static void check_loaded(void)
{
    gk_dataset *dataset = load();
    if (!dataset)
        printf("%s\n", gk_error_message());
    CHECK(dataset != NULL);
    if (!dataset)
        return;
    const gk_split *split = gk_dataset_stored_split(dataset);
    CHECK(dataset->n_item == N_TRAIN + N_TEST && dataset->n_real == PIXELS && dataset->n_answer == 10);
    CHECK(split->n_train == N_TRAIN && split->n_test == N_TEST && split->test[0] == N_TRAIN);
    CHECK(dataset->label[2] == 7 && dataset->label[3] == 9);
    CHECK(dataset->pixel[2 * PIXELS + 255] == 5);
    CHECK_CLOSE((double)dataset->real[2 * PIXELS + 255], 5 / 255.0, 1e-8);
    CHECK_CLOSE((double)dataset->template_value[2], -0.5 + 7 / 9.0, 1e-7);
    gk_dataset_free(dataset);
}

TEST(plain_and_compressed_files_are_read)
{
    write_all("");
    check_loaded();
    remove_files();
    write_all(".gz");
    check_loaded();
}

TEST(files_may_lie_in_the_data_folder_itself)
{
    char inner[256];
    snprintf(inner, sizeof inner, "%s/mnist", folder);
    write_all(".gz");
    setenv("GROK_DATA", inner, 1);
    check_loaded();
    setenv("GROK_DATA", folder, 1);
}

/* --- wrong -- */

/* One file is changed; the message must say what is wrong. */
#define REFUSED(which_file, change, message)       \
    do {                                           \
        for (int packed = 0; packed < 2; packed++) { \
            const char *end = packed ? ".gz" : ""; \
            bytes b = contents(which_file);        \
            remove_files();                        \
            write_all(end);                        \
            change;                                \
            write_file(which_file, end, &b);       \
            CHECK(load() == NULL);                 \
            CHECK_CONTAINS(gk_error_message(), message); \
            CHECK_CONTAINS(gk_error_message(), names[which_file]); \
        }                                          \
    } while (0)

TEST(damaged_files_are_refused)
{
    REFUSED(TRAIN_IMAGES, b.at[3] = 1, "is not an IDX file of bytes with 3 dimensions: it begins with 00 00 08 01");
    REFUSED(TRAIN_LABELS, b.at[2] = 9, "is not an IDX file of bytes with 1 dimension: it begins with 00 00 09 01");
    REFUSED(TRAIN_LABELS, b.at[0] = 1, "is not an IDX file");
    REFUSED(TRAIN_LABELS, b.n = 3, "is not an IDX file");
    REFUSED(TRAIN_LABELS, b.n = 0, "is not an IDX file");
    REFUSED(TRAIN_LABELS, b.n = 6, "is truncated: it ends within its header");
    REFUSED(TRAIN_IMAGES, b.n -= 1, "is truncated");
    REFUSED(TEST_LABELS, b.n -= 1, "is truncated");
    REFUSED(TEST_LABELS, b.at[b.n++] = 0, "goes on after its last item");
    REFUSED(TRAIN_IMAGES, b.at[b.n++] = 0, "goes on after its last item");
    REFUSED(TEST_LABELS, b.at[8] = 10, "label 10 of item 0 is outside [0, 10)");
    REFUSED(TRAIN_IMAGES, b.at[11] = 27, "size 2 of '");
    REFUSED(TRAIN_IMAGES, b.at[11] = 27, "is 27, expected 28");
    REFUSED(TRAIN_LABELS, (b.at[7] = 2, b.n -= 1), "has 3 images, but '");
    REFUSED(TRAIN_LABELS, (b.at[7] = 0, b.n = 8), "size 1 of '");
}

/* Sizes that would ask for gigabytes, in a file of some bytes, must not. */
TEST(hostile_sizes_are_refused_before_memory_is_asked_for)
{
    REFUSED(TRAIN_IMAGES, (b.at[4] = 0xff, b.at[5] = 0xff), "is truncated: it is too short for the 42949");
    REFUSED(TRAIN_LABELS, b.at[4] = 0x7f, "is truncated: it is too short for the 213");
}

static void check_refused_raw(const uint8_t *content, size_t n, const char *message)
{
    char path[256];
    write_all(".gz");
    snprintf(path, sizeof path, "%s/mnist/%s.gz", folder, names[TRAIN_LABELS]);
    FILE *out = fopen(path, "wb");
    CHECK(out && fwrite(content, 1, n, out) == n && fclose(out) == 0);
    CHECK(load() == NULL);
    CHECK_CONTAINS(gk_error_message(), message);
}

TEST(damaged_compression_is_noticed)
{
    char    path[256];
    uint8_t content[256];
    remove_files();
    write_all(".gz");
    snprintf(path, sizeof path, "%s/mnist/%s.gz", folder, names[TRAIN_LABELS]);
    FILE  *in = fopen(path, "rb");
    size_t n = in ? fread(content, 1, sizeof content, in) : 0;
    CHECK(in && n > 20 && n < sizeof content && fclose(in) == 0);
    check_refused_raw(content, n - 1, "is truncated: its compressed data end too early");
    check_refused_raw(content, 12, "is truncated: its compressed data end too early");
    content[n] = 'x';
    check_refused_raw(content, n + 1, "goes on after its compressed data");
    content[n - 6] ^= 1;    /* its checksum */
    check_refused_raw(content, n, "is damaged: incorrect data check");
}

TEST(a_missing_file_says_where_it_was_looked_for)
{
    char expected[512];
    remove_files();
    CHECK(load() == NULL);
    snprintf(expected, sizeof expected, "there is no 'train-images-idx3-ubyte.gz' in '%s/mnist' or '%s': 'grok-data fetch mnist' "
             "gets it, and GROK_DATA names the folder of data", folder, folder);
    CHECK_TEXT(gk_error_message(), expected);
    unsetenv("GROK_DATA");
    setenv("XDG_DATA_HOME", "/nowhere/share", 1);
    CHECK(load() == NULL);
    CHECK_CONTAINS(gk_error_message(), "in '/nowhere/share/groktools/mnist': ");
    setenv("GROK_DATA", folder, 1);
}

/* --- the true files -- */

TEST(mnist_has_the_labels_and_the_mean_that_it_should)
{
    static const int first[] = { 5, 0, 4, 1, 9, 2, 1, 3, 1, 4 }, first_test[] = { 7, 2, 1, 0, 4, 1, 4, 9, 5, 9 };
    setenv("GROK_DATA", real_folder, 1);
    gk_dataset *dataset = load();
    if (!dataset)
        printf("%s\n", gk_error_message());
    CHECK(dataset != NULL);
    if (!dataset)
        return;
    double sum = 0, sum_test = 0;
    CHECK_INT(dataset->n_item, 70000);
    for (int i = 0; i < 10; i++) {
        CHECK_INT(dataset->label[i], first[i]);
        CHECK_INT(dataset->label[60000 + i], first_test[i]);
    }
    for (int64_t i = 0; i < dataset->n_item * dataset->n_real; i++)
        *(i < (int64_t)60000 * PIXELS ? &sum : &sum_test) += (double)dataset->real[i];
    CHECK_CLOSE(sum / (60000.0 * PIXELS), 0.1306605, 5e-8);
    CHECK_CLOSE(sum_test / (10000.0 * PIXELS), 0.1325146, 5e-8);
    gk_dataset_free(dataset);
}

int main(void)
{
    char inner[256];
    real_folder = getenv("GROK_DATA") ? strdup(getenv("GROK_DATA")) : NULL;
    if (!mkdtemp(folder))
        return 1;
    snprintf(inner, sizeof inner, "%s/mnist", folder);
    mkdir(inner, 0777);
    setenv("GROK_DATA", folder, 1);
    RUN(plain_and_compressed_files_are_read)
    RUN(files_may_lie_in_the_data_folder_itself)
    RUN(damaged_files_are_refused)
    RUN(hostile_sizes_are_refused_before_memory_is_asked_for)
    RUN(damaged_compression_is_noticed)
    RUN(a_missing_file_says_where_it_was_looked_for)
    remove_files();
    remove(inner);
    remove(folder);
    if (real_folder && *real_folder)
        RUN(mnist_has_the_labels_and_the_mean_that_it_should)
    else
        printf("skipped test_idx: MNIST itself: GROK_DATA is not set\n");
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
