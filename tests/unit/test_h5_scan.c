/* test_h5_scan.c -- which HDF5 files are read: all forms that ours, and those of h5py with libver='v110', may have; and which are
 * refused before HDF5 sees them, though their seals and checksums are right. */
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../test.h"
#include "io/h5.h"

static char path[] = "/tmp/groktools-scan-XXXXXX";

static hid_t group_list(unsigned max_compact)
{
    hid_t list = H5Pcreate(H5P_GROUP_CREATE);
    H5Pset_link_phase_change(list, max_compact, max_compact / 2);
    H5Pset_attr_phase_change(list, max_compact, max_compact / 2);
    H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    return list;
}

static hid_t add_group(hid_t parent, const char *name, unsigned max_compact)
{
    hid_t list = group_list(max_compact), id = H5Gcreate2(parent, name, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Pclose(list);
    return id;
}

static void add_text(hid_t object, const char *name, size_t n)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    char *text = calloc(n, 1);
    memset(text, 'x', n - 1);
    H5Tset_size(type, n);
    hid_t id = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(id, type, text);
    H5Aclose(id);
    H5Sclose(space);
    H5Tclose(type);
    free(text);
}

/* An array of n reals, in chunks if chunk > 0, shuffled and deflated; its values are their places. */
static void add_array(hid_t parent, const char *name, hsize_t n, hsize_t chunk, bool is_packed, bool is_growing)
{
    hsize_t most = is_growing ? H5S_UNLIMITED : n;
    hid_t   space = H5Screate_simple(1, &n, &most), list = H5Pcreate(H5P_DATASET_CREATE);
    double *value = calloc(n, sizeof *value);
    for (hsize_t i = 0; i < n; i++)
        value[i] = (double)i;
    if (chunk)
        H5Pset_chunk(list, 1, &chunk);
    if (is_packed) {
        H5Pset_shuffle(list);
        H5Pset_deflate(list, 4);
        H5Pset_fletcher32(list);
    }
    hid_t id = H5Dcreate2(parent, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Dwrite(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value);
    H5Dclose(id);
    H5Pclose(list);
    H5Sclose(space);
    free(value);
}

static int make(void (*fill)(hid_t))
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, list);
    fill(file);
    H5Pclose(list);
    return H5Fclose(file) < 0 ? -1 : gk_h5_seal(path);
}

/* --- what is read ------------------------------------------------------------------------------------------------------ */

static void many_of_everything(hid_t file)
{
    hid_t wide = add_group(file, "wide", 8), narrow = add_group(file, "narrow", 1000);
    char  name[64];

    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "member-%d-%.*s", i, i % 30, "abcdefghijklmnopqrstuvwxyz0123456789");
        H5Gclose(add_group(wide, name, 8));
    }
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "attribute-%d", i);
        add_text(wide, name, 1 + (size_t)i % 300);
    }
    add_text(wide, "large", 5000);
    add_text(wide, "larger", 100000);
    add_text(wide, "largest", 1 << 20);
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "x%d", i);
        add_text(narrow, name, 10);
        H5Gclose(add_group(narrow, name, 8));
    }
    add_array(narrow, "plain", 1000, 0, false, false);
    add_array(narrow, "one chunk", 1000, 1000, false, false);
    add_array(narrow, "one packed chunk", 1000, 1000, true, false);
    add_array(narrow, "some chunks", 1000, 33, false, false);
    add_array(narrow, "packed", 1000, 33, true, false);
    add_array(narrow, "in pages", 20000, 3, true, false);
    add_array(narrow, "in plain pages", 20000, 3, false, false);
    H5Gclose(wide);
    H5Gclose(narrow);
}

TEST(every_form_that_our_files_may_have_is_read)
{
    static const char *const names[] = { "plain", "one chunk", "one packed chunk", "some chunks", "packed", "in pages",
                                         "in plain pages" };
    gk_arena arena = { 0 };
    int      n;

    CHECK_INT(make(many_of_everything), 0);
    gk_h5 *file = gk_h5_open(path);
    CHECK(file != NULL);
    if (!file) {
        printf("%s\n", gk_error_message());
        return;
    }
    CHECK(gk_h5_children(file, "/wide", &arena, &n) && n == 3000);
    CHECK_INT(gk_h5_n_attribute(file, "/wide"), 2003);
    const char *text = gk_h5_get_text(file, "/wide", "largest", &arena);
    CHECK(text && strlen(text) == (1 << 20) - 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int64_t any = -1, n_element;
        const char *name = gk_arena_printf(&arena, "/narrow/%s", names[i]);
        double     *value = gk_h5_read_new(file, name, GK_F64, 1, &any, &arena, &n_element);
        CHECK(value && value[n_element - 1] == (double)(n_element - 1));
    }
    gk_h5_close(file);
    gk_arena_release(&arena);
}

/* --- what is not ------------------------------------------------------------------------------------------------------- */

static void soft(hid_t file) { H5Lcreate_soft("/nowhere", file, "soft", H5P_DEFAULT, H5P_DEFAULT); }
static void external(hid_t file) { H5Lcreate_external("/etc/passwd", "/", file, "external", H5P_DEFAULT, H5P_DEFAULT); }

static void loop(hid_t file)
{
    H5Gclose(add_group(file, "loop", 8));
    H5Lcreate_hard(file, "loop", file, "loop/loop", H5P_DEFAULT, H5P_DEFAULT);
}

/* Each group holds the next twice: 2^60 paths in some kilobytes. */
static void ladder(hid_t file)
{
    hid_t at = H5Gopen2(file, "/", H5P_DEFAULT);
    for (int i = 0; i < 60; i++) {
        hid_t next = add_group(at, "a", 8);
        H5Lcreate_hard(at, "a", at, "b", H5P_DEFAULT, H5P_DEFAULT);
        H5Gclose(at);
        at = next;
    }
    H5Gclose(at);
}

static void linked_often(hid_t file)
{
    char name[32];
    add_array(file, "x", 100000, 100000, true, false);
    for (int i = 0; i < 3000; i++) {
        snprintf(name, sizeof name, "x%d", i);
        H5Lcreate_hard(file, "x", file, name, H5P_DEFAULT, H5P_DEFAULT);
    }
}

static void growing(hid_t file) { add_array(file, "x", 1000, 10, true, true); }

static void named_type(hid_t file)
{
    hid_t type = H5Tcopy(H5T_IEEE_F64LE);
    H5Tcommit2(file, "type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Tclose(type);
}

static void elsewhere(hid_t file)
{
    hsize_t n = 100;
    hid_t   space = H5Screate_simple(1, &n, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(list, "/etc/passwd", 0, 800);
    H5Dclose(H5Dcreate2(file, "x", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Pclose(list);
    H5Sclose(space);
}

/* 256 MB of zeros: 256 kB when packed. */
static void bomb(hid_t file)
{
    hsize_t n = (hsize_t)1 << 28, chunk = 1 << 26, start = 0;
    hid_t   space = H5Screate_simple(1, &n, NULL), memory = H5Screate_simple(1, &chunk, NULL);
    hid_t   list = H5Pcreate(H5P_DATASET_CREATE);
    char   *zeros = calloc(1, chunk);
    H5Pset_chunk(list, 1, &chunk);
    H5Pset_deflate(list, 1);
    hid_t id = H5Dcreate2(file, "x", H5T_STD_U8LE, space, H5P_DEFAULT, list, H5P_DEFAULT);
    for (; start < n; start += chunk) {
        H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, NULL, &chunk, NULL);
        H5Dwrite(id, H5T_NATIVE_UINT8, memory, space, H5P_DEFAULT, zeros);
    }
    H5Dclose(id);
    H5Pclose(list);
    H5Sclose(memory);
    H5Sclose(space);
    free(zeros);
}

static void other_filter(hid_t file)
{
    hsize_t n = 1000;
    hid_t   space = H5Screate_simple(1, &n, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(list, 1, &n);
    H5Pset_nbit(list);
    H5Dclose(H5Dcreate2(file, "x", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Pclose(list);
    H5Sclose(space);
}

static void reference(hid_t file)
{
    hid_t space = H5Screate(H5S_SCALAR), id = H5Acreate2(file, "x", H5T_STD_REF_OBJ, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Aclose(id);
    H5Sclose(space);
}

/* Arrays of arrays, deeper than any of ours. */
static void deep_type(hid_t file)
{
    hsize_t one = 1;
    hid_t   space = H5Screate(H5S_SCALAR), type = H5Tcopy(H5T_IEEE_F64LE);
    for (int i = 0; i < 20; i++) {
        hid_t array = H5Tarray_create2(type, 1, &one);
        H5Tclose(type);
        type = array;
    }
    H5Aclose(H5Acreate2(file, "x", type, space, H5P_DEFAULT, H5P_DEFAULT));
    H5Tclose(type);
    H5Sclose(space);
}

static const struct { void (*fill)(hid_t); const char *message; } hostile[] = {
    { soft, "where only hard links may be" },          { external, "where only hard links may be" },
    { loop, "linked several times" },                  { ladder, "linked several times" },
    { linked_often, "linked several times" },          { growing, "can grow without limit" },
    { named_type, "neither a group nor a dataset" },   { elsewhere, "data are in another file" },
    { bomb, "unpack to more than" },                   { other_filter, "filters are not shuffle, deflate" },
    { reference, "a type is not one that our files have" },
    { deep_type, "a type is not one that our files have" },
};

TEST(what_our_files_do_not_have_is_refused_before_hdf5_sees_it)
{
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        CHECK_INT(make(hostile[i].fill), 0);
        gk_h5 *file = gk_h5_open(path);
        CHECK(file == NULL);
        CHECK_CONTAINS(gk_error_message(), path);
        CHECK_CONTAINS(gk_error_message(), hostile[i].message);
        gk_h5_close(file);
    }
}

int main(void)
{
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    RUN(every_form_that_our_files_may_have_is_read)
    RUN(what_our_files_do_not_have_is_refused_before_hdf5_sees_it)
    unlink(path);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0 || test_n_failed_check != 0;
}
