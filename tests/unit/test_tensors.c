/* Files of tensors: written and read back, as other programs write them, and as an enemy would. */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "io/tensors.h"
#include "io/zip.h"

static const char path[] = "test_tensors.tmp";

static void write_file(const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(bytes, 1, n, file) == n && fclose(file) == 0);
}

static uint8_t *read_file(size_t *n)
{
    static uint8_t bytes[1 << 16];
    FILE *file = fopen(path, "rb");
    *n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    CHECK(file && fclose(file) == 0);
    return bytes;
}

static void put(void *to, const void *bytes, size_t n) { memcpy(to, bytes, n); }

/* The file is refused, and the message has this in it. */
static void check_refused(const void *bytes, size_t n, const char *message)
{
    write_file(bytes, n);
    gk_tensors *read = gk_tensors_read(path);
    CHECK(!read);
    CHECK_CONTAINS(gk_error_message(), message);
    gk_tensors_free(read);
}

static const float    weight[] = { 1, 2, 3, 4, 5, 6 };
static const double   bias[] = { -0.5, 0.25 };
static const int64_t  count[] = { 1234567890123 };
static gk_tensor      three[] = {
    { .name = "a.weight", .type = GK_TENSOR_F32, .n_dim = 2, .dim = { 2, 3 }, .size = 6, .data = weight },
    { .name = "b\"\\\xc3\xa9", .type = GK_TENSOR_F64, .n_dim = 1, .dim = { 2 }, .size = 2, .data = bias },
    { .name = "n", .type = GK_TENSOR_I64, .size = 1, .data = count },
};
static gk_note notes[] = { { "format", "pt" }, { "config.widths", "200x200\n}" } };

static void write_three(gk_tensor_format format)
{
    gk_tensors all = { .n_tensor = 3, .tensor = three, .n_note = 2, .note = notes };
    unlink(path);
    CHECK_INT(gk_tensors_write(&all, format, path), 0);
}

static void what_is_written_is_read(gk_tensor_format format)
{
    write_three(format);
    gk_tensors *read = gk_tensors_read(path);
    CHECK(read);
    CHECK_INT(read ? read->n_tensor : 0, 3);
    for (int i = 0; read && i < 3; i++) {
        const gk_tensor *found = gk_tensors_find(read, three[i].name);
        CHECK(found && found->type == three[i].type && found->n_dim == three[i].n_dim && found->size == three[i].size);
        for (int64_t k = 0; found && k < three[i].size; k++)
            CHECK_CLOSE(gk_tensor_value(found, k), gk_tensor_value(&three[i], k), 0);
    }
    gk_tensors_free(read);
}

TEST(safetensors_come_back_as_they_were)
{
    what_is_written_is_read(GK_SAFETENSORS);
    gk_tensors *read = gk_tensors_read(path);
    CHECK_INT(read->n_note, 2);
    CHECK_TEXT(read->note[1].key, "config.widths");
    CHECK_TEXT(read->note[1].text, "200x200\n}");
    gk_tensors_free(read);
}

TEST(npz_comes_back_as_it_was) { what_is_written_is_read(GK_NPZ); }

TEST(every_type_has_its_value)
{
    static const struct { gk_tensor_type type; uint8_t bytes[8]; double value; } cases[] = {
        { GK_TENSOR_F16, { 0x00, 0x3c }, 1 }, { GK_TENSOR_F16, { 0xff, 0xfb }, -65504 },
        { GK_TENSOR_F16, { 0x01, 0x00 }, 0x1p-24 }, { GK_TENSOR_F16, { 0x00, 0x7c }, INFINITY },
        { GK_TENSOR_BF16, { 0xc0, 0x3f }, 1.5 }, { GK_TENSOR_I8, { 0xff }, -1 },
        { GK_TENSOR_U8, { 0xff }, 255 }, { GK_TENSOR_I16, { 0xfe, 0xff }, -2 }, { GK_TENSOR_U16, { 0xfe, 0xff }, 65534 },
        { GK_TENSOR_I32, { 0xfd, 0xff, 0xff, 0xff }, -3 }, { GK_TENSOR_U32, { 0, 0, 0, 0x80 }, 2147483648.0 },
        { GK_TENSOR_BOOL, { 2 }, 1 }, { GK_TENSOR_F32, { 0, 0, 0x80, 0x3f }, 1 }, { GK_TENSOR_I64, { 5 }, 5 },
        { GK_TENSOR_U64, { 5 }, 5 }, { GK_TENSOR_F64, { 0, 0, 0, 0, 0, 0, 0xf0, 0x3f }, 1 },
    };
    unsigned seen = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gk_tensor tensor = { .name = "x", .type = cases[i].type, .size = 1, .data = cases[i].bytes };
        double value = gk_tensor_value(&tensor, 0);
        CHECK(value == cases[i].value);
        seen |= 1U << cases[i].type;
    }
    CHECK_INT(seen, (1U << GK_N_TENSOR_TYPE) - 1);
}

TEST(pytorchs_file_is_parsed)
{
    const char *top = getenv("TOP");
    char        name[4096];
    snprintf(name, sizeof name, "%s/tests/data/torch.pth", top ? top : ".");
    gk_tensors *read = gk_tensors_read(name);
    CHECK_TEXT(read ? "" : gk_error_message(), "");
    const gk_tensor *w = read ? gk_tensors_find(read, "model.w") : NULL, *t = read ? gk_tensors_find(read, "model.t") : NULL;
    const gk_tensor *h = read ? gk_tensors_find(read, "model.h") : NULL, *n = read ? gk_tensors_find(read, "model.n") : NULL;
    CHECK(w && t && h && n && read->n_tensor == 4);
    for (int64_t i = 0; w && t && i < 6; i++) {
        int64_t turned = i % 2 * 3 + i / 2;    /* w.T: the strides of w */
        CHECK_CLOSE(gk_tensor_value(w, i), (double)i, 0);
        CHECK_CLOSE(gk_tensor_value(t, i), (double)turned, 0);
    }
    CHECK(t && t->dim[0] == 3 && t->dim[1] == 2);
    CHECK_CLOSE(h ? gk_tensor_value(h, 1) : 0, -2, 0);
    CHECK(n && n->n_dim == 0 && n->type == GK_TENSOR_I64);
    gk_tensors_free(read);
}

TEST(an_array_in_fortrans_order_is_read_row_by_row)
{
    static const char header[] = "\x93NUMPY\x01\x00\x45\x00"
                                 "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }          \n";
    uint8_t bytes[sizeof header - 1 + sizeof weight];
    put(bytes, header, sizeof header - 1);
    memcpy(bytes + sizeof header - 1, weight, sizeof weight);
    CHECK_INT(sizeof header - 1, 10 + 0x45);
    write_file(bytes, sizeof bytes);
    gk_tensors *read = gk_tensors_read(path);
    static const double expected[] = { 1, 3, 5, 2, 4, 6 };
    CHECK(read && read->n_tensor == 1);
    for (int64_t i = 0; read && i < 6; i++)
        CHECK_CLOSE(gk_tensor_value(&read->tensor[0], i), expected[i], 0);
    gk_tensors_free(read);
}

/* --- what an enemy writes ------------------------------------------------------------------------------------------------ */

static void refuse_header(const char *header, const char *message)
{
    uint8_t bytes[1024] = { 0 };
    size_t  n = strlen(header);
    bytes[0] = (uint8_t)n;
    bytes[1] = (uint8_t)(n >> 8);
    put(bytes + 8, header, n);
    check_refused(bytes, 8 + n + 8, message);
}

TEST(safetensors_that_lie_are_refused)
{
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,80]}}", "is it truncated?");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", "its type and shape ask for 12");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[4000000000,4000000000,4],\"data_offsets\":[0,0]}}",
                  "a dimension that cannot be");
    refuse_header("{\"w\":{\"dtype\":\"F8\",\"shape\":[2],\"data_offsets\":[0,8]}}", "of type 'F8'");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", "is at bytes 8 to 0");
    refuse_header("{\"w\":{\"shape\":[2],\"data_offsets\":[0,8]}}", "lacks its dtype");
    refuse_header("{\"w\":[1]}", "expected '{'");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}", "expected the end");
    refuse_header("{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "a whole number");
    check_refused("\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10, "is truncated");
    check_refused("hello world, this is text", 25, "is no file of tensors");
}

TEST(damage_anywhere_in_a_zip_is_seen)
{
    write_three(GK_NPZ);
    size_t   n;
    uint8_t *bytes = read_file(&n), original[4096];
    CHECK(n < sizeof original);
    memcpy(original, bytes, n);
    for (size_t cut = 0; cut < n; cut += 3) {
        write_file(original, cut);
        gk_tensors *read = gk_tensors_read(path);
        CHECK(!read);
        gk_tensors_free(read);
    }
    for (size_t at = 0; at < n; at += 2) {    /* read or refused, never worse: the sanitizers look */
        memcpy(bytes, original, n);
        bytes[at] ^= 0xff;
        write_file(bytes, n);
        gk_tensors_free(gk_tensors_read(path));
    }
}

/* PyTorch's zip around a pickle, with a storage "0" of 8 bytes. */
static void refuse_pickle(const char *pickle, size_t n, const char *message)
{
    static const uint8_t storage[8] = { 0 };
    gk_outfile   *output = (unlink(path), gk_outfile_new(path, GK_OUTFILE_STORE));
    gk_zip_writer zip = { .output = output };
    gk_bytes      part[] = { { "", (const uint8_t *)pickle, n }, { "", storage, sizeof storage } };
    CHECK(gk_zip_put(&zip, "m/data.pkl", 1, part) == 0 && gk_zip_put(&zip, "m/data/0", 1, part + 1) == 0);
    CHECK_INT(gk_zip_end(&zip), 0);
    gk_zip_release(&zip);
    CHECK_INT(gk_outfile_commit(output), 0);
    gk_tensors *read = gk_tensors_read(path);
    CHECK(!read);
    CHECK_CONTAINS(gk_error_message(), message);
    gk_tensors_free(read);
}
#define REFUSE(pickle, message) refuse_pickle(pickle, sizeof pickle - 1, message)
#define STORAGE "((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0" "0X\x03\0\0\0cpuK\x02tQ"
#define REBUILD "}X\x01\0\0\0wctorch._utils\n_rebuild_tensor_v2\n"

TEST(pickles_that_lie_are_refused)
{
    REFUSE("\x80\x02.", "holds no dictionary");
    REFUSE("\x80\x02}", "ends too early");
    REFUSE("\x80\x02}u.", "no mark");
    REFUSE("\x80\x02R.", "empty stack");
    REFUSE("\x80\x02h\x07.", "recalls");
    REFUSE("\x80\x02}X\xff\xff\xff\xffw.", "ends too early");
    REFUSE("\x80\x02\xff.", "instruction 0xff");
    REFUSE("\x80\x02" REBUILD STORAGE "K\0K\x03\x85K\x01\x85tRs.", "goes beyond its memory");
    REFUSE("\x80\x02" REBUILD STORAGE "K\x01K\x02\x85K\x01\x85tRs.", "goes beyond its memory");
    REFUSE("\x80\x02" REBUILD STORAGE "K\0K\x02\x85K\x02\x85tRs.", "goes beyond its memory");
    REFUSE("\x80\x02" REBUILD STORAGE "K\0M\xff\xffM\xff\xff\x86K\0K\0\x86tRs.", "goes beyond its memory");    /* strides of 0 */
    REFUSE("\x80\x02" REBUILD STORAGE "K\0J\xff\xff\xff\xff\x85K\x01\x85tRs.", "makes a tensor");
    REFUSE("\x80\x02}q\0X\x01\0\0\0ah\0s.", "without end");    /* holds itself */
}

/* Lists that hold one another twice: 2^30 ways to walk, in some hundred bytes. */
TEST(a_ladder_of_lists_is_refused)
{
    char   pickle[512] = "\x80\x02]q";
    size_t n = 6;
    pickle[5] = '0';    /* behind the number 0 of the first list: off the stack */
    for (char level = 0; level < 29; level++) {
        char more[] = { ']', '(', 'h', level, 'h', level, 'e', 'q', (char)(level + 1), '0' };
        memcpy(pickle + n, more, sizeof more);
        n += sizeof more;
    }
    put(pickle + n, "}X\x01\0\0\0ah\x1ds.", 11);
    refuse_pickle(pickle, n + 11, "holds more than any model has");
}

TEST(a_call_of_anything_else_gives_nothing)
{
    static const char pickle[] = "\x80\x02}X\x01\0\0\0wcos\nsystem\nX\x08\0\0\0touch hi\x85Rs.";
    gk_outfile   *output = (unlink(path), gk_outfile_new(path, GK_OUTFILE_STORE));
    gk_zip_writer zip = { .output = output };
    gk_bytes      part = { "", (const uint8_t *)pickle, sizeof pickle - 1 };
    CHECK(gk_zip_put(&zip, "data.pkl", 1, &part) == 0 && gk_zip_end(&zip) == 0);
    gk_zip_release(&zip);
    CHECK_INT(gk_outfile_commit(output), 0);
    gk_tensors *read = gk_tensors_read(path);
    CHECK(read && read->n_tensor == 0 && access("hi", F_OK) != 0);
    gk_tensors_free(read);
    unlink(path);
}

TEST_MAIN(RUN(safetensors_come_back_as_they_were) RUN(npz_comes_back_as_it_was) RUN(every_type_has_its_value)
          RUN(pytorchs_file_is_parsed) RUN(an_array_in_fortrans_order_is_read_row_by_row)
          RUN(safetensors_that_lie_are_refused) RUN(damage_anywhere_in_a_zip_is_seen) RUN(pickles_that_lie_are_refused)
          RUN(a_ladder_of_lists_is_refused) RUN(a_call_of_anything_else_gives_nothing))
