#include <hdf5.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/input.h"
#include "base/outfile.h"
#include "../test.h"
#include "io/h5.h"

static char folder[] = "/tmp/groktools-test-XXXXXX";
static char path[256];

/* What was read is not written over. */
static gk_h5 *create_anew(const char *where)
{
    unlink(where);
    return gk_h5_create(where);
}

static int reopened(gk_h5 *file, gk_h5 **out)
{
    if (gk_h5_commit(file) < 0)
        return -1;
    *out = gk_h5_open(path);
    return *out ? 0 : -1;
}

TEST(arrays_of_every_type_are_read_back)
{
    const float   f32[6] = { 1, 2, 3, 4, 5, 1e-40f };
    const double  f64[2] = { 0.1, NAN };
    const int32_t i32[3] = { -1, 0, INT32_MAX };
    const int64_t i64[1] = { INT64_MIN }, two_three[2] = { 2, 3 }, two = 2, three = 3, one = 1, none[2] = { 0, 4 };
    const uint8_t u8[3] = { 0, 7, 255 };
    gk_h5        *file = create_anew(path);

    CHECK_INT(gk_h5_write(file, "/a/f32", GK_F32, 2, two_three, f32, GK_H5_PACK), 0);
    CHECK_INT(gk_h5_write(file, "/a/f64", GK_F64, 1, &two, f64, 0), 0);
    CHECK_INT(gk_h5_write(file, "/a/b/i32", GK_I32, 1, &three, i32, 0), 0);
    CHECK_INT(gk_h5_write(file, "/i64", GK_I64, 1, &one, i64, GK_H5_PACK), 0);
    CHECK_INT(gk_h5_write(file, "/u8", GK_U8, 1, &three, u8, 0), 0);
    CHECK_INT(gk_h5_write(file, "/none", GK_F64, 2, none, NULL, GK_H5_PACK), 0);
    if (reopened(file, &file) < 0) {
        CHECK_TEXT(gk_error_message(), "");
        return;
    }
    float    f32_back[6];
    double   f64_back[2], wide[6];
    int64_t  i64_back[3], dim[GK_H5_MAX_DIM], any[2] = { -1, -1 }, n;
    int32_t  narrow[1];
    int      n_dim;
    gk_dtype type;
    gk_arena arena = { 0 };
    CHECK_INT(gk_h5_read(file, "/a/f32", GK_F32, 2, two_three, f32_back), 0);
    CHECK(memcmp(f32, f32_back, sizeof f32) == 0);
    CHECK_INT(gk_h5_read(file, "/a/f32", GK_F64, 2, any, wide), 0);
    CHECK_CLOSE(wide[4], 5, 0);
    CHECK_INT(gk_h5_read(file, "/a/f64", GK_F64, 1, &two, f64_back), 0);
    CHECK(f64_back[0] == 0.1 && isnan(f64_back[1]));
    CHECK_INT(gk_h5_read(file, "/a/b/i32", GK_I64, 1, &three, i64_back), 0);
    CHECK_INT(i64_back[0], -1);
    CHECK_INT(gk_h5_read(file, "/i64", GK_I32, 1, &one, narrow), -1);
    CHECK_CONTAINS(gk_error_message(), "do not fit into int32");
    CHECK_INT(gk_h5_shape(file, "/a/f32", &type, &n_dim, dim), 0);
    CHECK(type == GK_F32 && n_dim == 2 && dim[0] == 2 && dim[1] == 3);
    CHECK(gk_h5_read_new(file, "/none", GK_F64, 2, any, &arena, &n) != NULL);
    CHECK_INT(n, 0);
    CHECK_INT(gk_h5_read(file, "/a/f32", GK_F32, 1, &three, f32_back), -1);
    CHECK_CONTAINS(gk_error_message(), "shape [2, 3], expected [3]");
    CHECK_INT(gk_h5_read(file, "/a/f64", GK_I64, 1, &two, i64_back), -1);
    CHECK_CONTAINS(gk_error_message(), "not of a kind with int64");
    CHECK_INT(gk_h5_read(file, "/nothing", GK_I64, 1, &two, i64_back), -1);
    CHECK_CONTAINS(gk_error_message(), "no '/nothing' in '");
    gk_arena_release(&arena);
    gk_h5_close(file);
}

TEST(attributes_of_every_kind_are_read_back_in_order)
{
    static char       long_text[200001];
    const char *const texts[] = { "a", "", "long one" };
    gk_arena          arena = { 0 };
    gk_h5            *file = create_anew(path);
    int64_t           integer;
    double            real;
    bool              on;
    int               n;

    memset(long_text, 'x', sizeof long_text - 1);
    CHECK_INT(gk_h5_set_text(file, "/config", "text", "\xc3\xa9t\xc3\xa9"), 0);
    CHECK_INT(gk_h5_set_int(file, "/config", "integer", INT64_MAX), 0);
    CHECK_INT(gk_h5_set_real(file, "/config", "real", 0.1), 0);
    CHECK_INT(gk_h5_set_bool(file, "/config", "bool", true), 0);
    CHECK_INT(gk_h5_set_texts(file, "/config", "texts", texts, 3), 0);
    CHECK_INT(gk_h5_set_text(file, "/config", "long", long_text), 0);
    CHECK_INT(gk_h5_set_int(file, "/config", "integer2", 1), 0);
    CHECK_INT(gk_h5_set_int(file, "/config", "integer2", 2), 0);
    if (reopened(file, &file) < 0) {
        CHECK_TEXT(gk_error_message(), "");
        return;
    }
    CHECK_TEXT(gk_h5_get_text(file, "/config", "text", &arena), "\xc3\xa9t\xc3\xa9");
    CHECK(gk_h5_get_int(file, "/config", "integer", &integer) == 0 && integer == INT64_MAX);
    CHECK(gk_h5_get_real(file, "/config", "real", &real) == 0 && real == 0.1);
    CHECK(gk_h5_get_bool(file, "/config", "bool", &on) == 0 && on);
    const char **back = gk_h5_get_texts(file, "/config", "texts", &arena, &n);
    CHECK_INT(n, 3);
    CHECK_TEXT(back ? back[2] : NULL, "long one");
    const char *long_back = gk_h5_get_text(file, "/config", "long", &arena);
    CHECK(long_back && strlen(long_back) == 200000);
    CHECK(gk_h5_get_int(file, "/config", "integer2", &integer) == 0 && integer == 2);
    CHECK_TEXT(gk_h5_get_any(file, "/config", "real", &arena), "0.1");
    CHECK_TEXT(gk_h5_get_any(file, "/config", "bool", &arena), "yes");
    CHECK_TEXT(gk_h5_get_any(file, "/config", "texts", &arena), "a,,long one");
    CHECK_INT(gk_h5_n_attribute(file, "/config"), 7);
    CHECK_TEXT(gk_h5_attribute_name(file, "/config", 0, &arena), "text");
    CHECK_INT(gk_h5_get_int(file, "/config", "text", &integer), -1);
    CHECK_CONTAINS(gk_error_message(), "'text' of '/config'");
    CHECK_INT(gk_h5_get_int(file, "/config", "none", &integer), -1);
    CHECK_CONTAINS(gk_error_message(), "has no attribute 'none'");
    gk_arena_release(&arena);
    gk_h5_close(file);
}

TEST(tables_are_read_back)
{
    const int64_t      seed[3] = { 5, 6, 7 };
    const double       decay[3] = { 0, 0.5, INFINITY };
    const char *const  name[3] = { "x", "yyyy", "" };
    const gk_h5_column columns[] = { { .name = "seed", .type = GK_I64, .data = seed },
        { .name = "decay", .type = GK_F64, .data = decay }, { .name = "name", .text = name } };
    gk_h5             *file = create_anew(path);
    gk_arena           arena = { 0 };
    gk_h5_column      *back;
    int64_t            n_row;
    int                n_column;

    CHECK_INT(gk_h5_write_table(file, "/runs", 3, columns, 3), 0);
    if (reopened(file, &file) < 0 || gk_h5_read_table(file, "/runs", &arena, &n_column, &back, &n_row) < 0) {
        CHECK_TEXT(gk_error_message(), "");
        return;
    }
    CHECK_INT(n_row, 3);
    CHECK_INT(n_column, 3);
    CHECK_TEXT(back[0].name, "seed");
    CHECK_INT(((const int64_t *)back[0].data)[2], 7);
    CHECK_CLOSE(((const double *)back[1].data)[1], 0.5, 0);
    CHECK_TEXT(back[2].text[1], "yyyy");
    CHECK_TEXT(back[2].text[2], "");
    gk_arena_release(&arena);
    gk_h5_close(file);
}

TEST(parts_and_strides_move_slices_of_an_arena)
{
    /* an arena [replica 2][P 5]; the parameter is its last 3 reals; two snapshots */
    const double  early[10] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
    const int64_t dim[3] = { 2, 2, 3 };
    gk_h5_part    part = { 1, 1, 2, 5 };
    double        all[12] = { 0 }, back[10] = { 0 };
    gk_h5        *file = create_anew(path);

    CHECK_INT(gk_h5_create_array(file, "/w", GK_F64, 3, dim, 0), 0);
    CHECK_INT(gk_h5_write_part(file, "/w", GK_F64, &part, early + 2), 0);
    part.first = 0;
    CHECK_INT(gk_h5_write_part(file, "/w", GK_F64, &part, early + 1), 0);
    if (reopened(file, &file) < 0)
        return;
    CHECK_INT(gk_h5_read(file, "/w", GK_F64, 3, dim, all), 0);
    CHECK_CLOSE(all[0], 1, 0);
    CHECK_CLOSE(all[3], 6, 0);
    CHECK_CLOSE(all[6], 2, 0);
    CHECK_CLOSE(all[11], 9, 0);
    part.first = 1;
    CHECK_INT(gk_h5_read_part(file, "/w", GK_F64, 3, dim, &part, back + 2), 0);
    CHECK(back[0] == 0 && back[1] == 0 && back[2] == 2 && back[4] == 4 && back[5] == 0 && back[7] == 7);
    gk_h5_close(file);
}

TEST(children_are_listed_sorted_and_objects_copied)
{
    const int64_t one = 1, value = 42;
    gk_arena      arena = { 0 };
    gk_h5        *file = create_anew(path), *copy;
    char          other[300];
    int64_t       back = 0;
    int           n;

    CHECK_INT(gk_h5_write(file, "/g/b", GK_I64, 1, &one, &value, 0), 0);
    CHECK_INT(gk_h5_write(file, "/g/a", GK_I64, 1, &one, &value, 0), 0);
    CHECK_INT(gk_h5_set_text(file, "/g/b", "unit", "nats"), 0);
    if (reopened(file, &file) < 0)
        return;
    CHECK_INT(gk_h5_n_child(file, "/g"), 2);
    CHECK_INT(gk_h5_n_child(file, "/nothing"), 0);
    CHECK_TEXT(gk_h5_child(file, "/g", 0, &arena), "a");
    const char **names = gk_h5_children(file, "/g", &arena, &n);
    CHECK_INT(n, 2);
    CHECK_TEXT(names ? names[1] : NULL, "b");
    CHECK(gk_h5_is_group(file, "/g") && !gk_h5_is_group(file, "/g/a"));
    CHECK(gk_h5_exists(file, "/g/a") && !gk_h5_exists(file, "/g/c"));
    snprintf(other, sizeof other, "%s.copy", path);
    copy = create_anew(other);
    CHECK_INT(gk_h5_copy(copy, "/deep/er", file, "/g"), 0);
    CHECK_INT(gk_h5_commit(copy), 0);
    copy = gk_h5_open(other);
    CHECK(copy && gk_h5_read(copy, "/deep/er/b", GK_I64, 1, &one, &back) == 0 && back == 42);
    CHECK_TEXT(copy ? gk_h5_get_text(copy, "/deep/er/b", "unit", &arena) : NULL, "nats");
    gk_h5_close(copy);
    gk_h5_close(file);
    unlink(other);
    gk_arena_release(&arena);
}

TEST(names_that_are_no_paths_are_refused)
{
    gk_h5        *file = create_anew(path);
    const int64_t one = 1, value = 1;

    CHECK_INT(gk_h5_write(file, "relative", GK_I64, 1, &one, &value, 0), -1);
    CHECK_INT(gk_h5_write(file, "/a//b", GK_I64, 1, &one, &value, 0), -1);
    CHECK_INT(gk_h5_write(file, "/a/../b", GK_I64, 1, &one, &value, 0), -1);
    CHECK_INT(gk_h5_write(file, "/a/", GK_I64, 1, &one, &value, 0), -1);
    CHECK_CONTAINS(gk_error_message(), "'/a/' is not the name of an object");
    gk_h5_discard(file);
}

/* Let HDF5 itself make something that we would not, and seal it. */
static void make_by_hand(void (*make)(hid_t file))
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);

    H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, list);
    make(file);
    H5Fclose(file);
    H5Pclose(list);
    CHECK_INT(gk_h5_seal(path), 0);
}

/* A chunked array of a terabyte, of which nothing is stored. */
static void make_huge(hid_t file)
{
    hsize_t dim = (hsize_t)1 << 37, chunk = 1 << 20;
    hid_t   space = H5Screate_simple(1, &dim, NULL), list = H5Pcreate(H5P_DATASET_CREATE);

    H5Pset_chunk(list, 1, &chunk);
    H5Dclose(H5Dcreate2(file, "huge", H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
    H5Pclose(list);
    H5Sclose(space);
}

TEST(an_array_that_claims_more_than_the_file_holds_is_refused)
{
    make_by_hand(make_huge);
    gk_h5   *file = gk_h5_open(path);
    gk_arena arena = { 0 };
    int64_t  any = -1;

    CHECK(file && gk_h5_read_new(file, "/huge", GK_F64, 1, &any, &arena, NULL) == NULL);
    CHECK_CONTAINS(gk_error_message(), "claims 1099511627776 bytes");
    gk_h5_close(file);
    gk_arena_release(&arena);
}

static void make_vlen(hid_t file)
{
    const char *text = "heap";
    hid_t       type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);

    H5Tset_size(type, H5T_VARIABLE);
    hid_t attribute = H5Acreate2(file, "text", type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, &text);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

TEST(texts_of_variable_length_are_refused)
{
    make_by_hand(make_vlen);
    gk_h5   *file = gk_h5_open(path);
    gk_arena arena = { 0 };

    CHECK(file && gk_h5_get_text(file, "/", "text", &arena) == NULL);
    CHECK_CONTAINS(gk_error_message(), "is not a text of fixed length");
    gk_h5_close(file);
    gk_arena_release(&arena);
}

TEST(the_old_form_of_hdf5_without_checksums_is_refused)
{
    hid_t list = H5Pcreate(H5P_FILE_ACCESS);

    CHECK(H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST) >= 0);    /* the default of HDF5 1, but not of 2 */
    CHECK(H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, list)) >= 0);
    H5Pclose(list);
    CHECK_INT(gk_h5_seal(path), 0);
    CHECK(gk_h5_open(path) == NULL);
    CHECK_CONTAINS(gk_error_message(), "it is in an old form of HDF5 (superblock 0)");
}

/* A new file, which nobody has read, though it may get the number of one that was. */
static void write_text(const char *where, const char *text)
{
    struct stat info;
    unlink(where);
    FILE *out = fopen(where, "w");

    CHECK(out && fputs(text, out) >= 0);
    CHECK(stat(where, &info) == 0);
    gk_input_forget(&info);
    if (out)
        fclose(out);
}

TEST(what_is_no_sealed_file_gets_one_clear_line)
{
    CHECK(gk_h5_open(folder) == NULL);
    CHECK_CONTAINS(gk_error_message(), "it is a folder");
    CHECK(gk_h5_open("/nowhere/x.h5") == NULL);
    CHECK_TEXT(gk_error_message(), "cannot read '/nowhere/x.h5': No such file or directory");
    write_text(path, "");
    CHECK(gk_h5_open(path) == NULL);
    CHECK_CONTAINS(gk_error_message(), "it is empty");
    write_text(path, "step\tloss\n");
    CHECK(gk_h5_open(path) == NULL);
    CHECK_CONTAINS(gk_error_message(), "not a groktools file");
    CHECK_INT(gk_h5_seal(path), -1);
    CHECK_CONTAINS(gk_error_message(), "it is not HDF5");
}

TEST(a_discarded_or_failed_file_leaves_the_target_as_it_was)
{
    struct stat info;

    char precious[300];
    snprintf(precious, sizeof precious, "%s/precious.h5", folder);
    write_text(precious, "precious");
    CHECK(gk_h5_create(precious) == NULL);
    CHECK_CONTAINS(gk_error_message(), "give another name, or --force");
    unlink(precious);

    write_text(path, "precious");
    gk_outfile_allow(path);
    gk_h5 *file = gk_h5_create(path);
    CHECK_INT(gk_h5_set_int(file, "/", "x", 1), 0);
    gk_h5_discard(file);
    CHECK(stat(path, &info) == 0 && info.st_size == 8);
    CHECK(gk_h5_create(folder) == NULL);
    CHECK_INT(gk_h5_check_writable("/nowhere/x.h5"), -1);
    CHECK_TEXT(gk_error_message(), "cannot write '/nowhere/x.h5': No such file or directory");
    CHECK_INT(gk_h5_check_writable(path), 0);
    CHECK(stat(path, &info) == 0 && info.st_size == 8);
}

TEST(the_target_keeps_its_permissions_and_links_stay_links)
{
    char        link_path[300];
    struct stat info;

    write_text(path, "old");
    chmod(path, 0640);
    snprintf(link_path, sizeof link_path, "%s.link", path);
    CHECK_INT(symlink("x.h5", link_path), 0);
    gk_outfile_allow(link_path);
    gk_h5 *file = gk_h5_create(link_path);
    CHECK(file && gk_h5_commit(file) == 0);
    CHECK(lstat(link_path, &info) == 0 && S_ISLNK(info.st_mode));
    CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0640 && info.st_size > 128);
    unlink(link_path);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/x.h5", folder);
    RUN(arrays_of_every_type_are_read_back)
    RUN(attributes_of_every_kind_are_read_back_in_order)
    RUN(tables_are_read_back)
    RUN(parts_and_strides_move_slices_of_an_arena)
    RUN(children_are_listed_sorted_and_objects_copied)
    RUN(names_that_are_no_paths_are_refused)
    RUN(an_array_that_claims_more_than_the_file_holds_is_refused)
    RUN(texts_of_variable_length_are_refused)
    RUN(the_old_form_of_hdf5_without_checksums_is_refused)
    RUN(what_is_no_sealed_file_gets_one_clear_line)
    RUN(a_discarded_or_failed_file_leaves_the_target_as_it_was)
    RUN(the_target_keeps_its_permissions_and_links_stay_links)
    unlink(path);
    CHECK_INT(rmdir(folder), 0);    /* no temporary file was left */
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0 || test_n_failed_check != 0;
}
