/* hostile.c -- small files with a right seal that would cost a reader much, whether they are refused or read.
 *
 *   hostile replicas|nested|deep|lineage|ladder|links FILE
 *
 * replicas: 3 million rows in the table of runs, packed.  nested: 4,000 groups in groups, without a dataset.  deep: 1,000
 * groups, each in the one before.  lineage: 1,000 generations.  ladder: 2^60 paths.  links: a packed table of runs with
 * 3,000 names. */
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "io/h5.h"

static void put_text(hid_t object, const char *name, const char *value)
{
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(value) + 1);
    hid_t id = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(id, type, value);
    H5Aclose(id);
    H5Sclose(space);
    H5Tclose(type);
}

static void put_int(hid_t object, const char *name, int64_t value)
{
    hid_t space = H5Screate(H5S_SCALAR), id = H5Acreate2(object, name, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(id, H5T_NATIVE_INT64, &value);
    H5Aclose(id);
    H5Sclose(space);
}

/* A checkpoint with nothing but its runs. */
static void put_runs(hid_t file, hsize_t n)
{
    typedef struct row { int64_t step; char status[8]; } row;
    hsize_t chunk = n < 1 << 18 ? n : 1 << 18;
    hid_t   text = H5Tcopy(H5T_C_S1), type = H5Tcreate(H5T_COMPOUND, sizeof(row));
    hid_t   space = H5Screate_simple(1, &n, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
    row    *rows = calloc(n, sizeof *rows);
    for (hsize_t i = 0; i < n; i++)
        memcpy(rows[i].status, "running", 8);
    H5Tset_size(text, 8);
    H5Tinsert(type, "replica_step", 0, H5T_STD_I64LE);
    H5Tinsert(type, "status", 8, text);
    H5Pset_chunk(list, 1, &chunk);
    H5Pset_deflate(list, 9);
    hid_t id = H5Dcreate2(file, "runs", type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows);
    H5Dclose(id);
    H5Pclose(list);
    H5Sclose(space);
    H5Tclose(type);
    H5Tclose(text);
    free(rows);
    put_text(file, "format", "groktools-checkpoint");
    put_int(file, "format_version", 1);
    put_int(file, "n_group", 1);
    put_int(file, "step", 0);
    put_int(file, "n_replica", (int64_t)n);
}

/* Groups `width` wide and `depth` deep. */
/* NOLINTNEXTLINE(misc-no-recursion): what main() asks for */
static void put_groups(hid_t parent, int width, int depth)
{
    char name[24];
    for (int i = 0; i < width && depth > 0; i++) {
        snprintf(name, sizeof name, "g%d", i);
        hid_t group = H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        put_groups(group, width, depth - 1);
        H5Gclose(group);
    }
}

/* Each in the one before; generations of a lineage if they have the texts of one. */
static void put_chain(hid_t file, const char *first, const char *next, bool is_lineage)
{
    hid_t at = H5Gcreate2(file, first, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    for (int i = 0; i < 1000; i++) {
        hid_t below = H5Gcreate2(at, next, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        if (is_lineage) {
            put_text(below, "role", "base");
            put_text(below, "path", "x.h5");
            put_text(below, "sha256", "");
        }
        H5Gclose(at);
        at = below;
    }
    H5Gclose(at);
}

static void put_ladder(hid_t file, const char *first)
{
    hid_t at = H5Gcreate2(file, first, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    for (int i = 0; i < 60; i++) {
        hid_t next = H5Gcreate2(at, "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_hard(at, "a", at, "b", H5P_DEFAULT, H5P_DEFAULT);
        H5Gclose(at);
        at = next;
    }
    H5Gclose(at);
}

int main(int argc, char **argv)
{
    const char *kind = argc == 3 ? argv[1] : "";
    hid_t       list = H5Pcreate(H5P_FILE_ACCESS);
    char        name[24];
    H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110);
    hid_t file = argc == 3 ? H5Fcreate(argv[2], H5F_ACC_TRUNC, H5P_DEFAULT, list) : H5I_INVALID_HID;
    if (file < 0) {
        fprintf(stderr, "usage: hostile replicas|nested|deep|lineage|ladder|links FILE\n");
        return 2;
    }
    put_runs(file, strcmp(kind, "replicas") == 0 ? 3000000 : 1000);
    if (strcmp(kind, "nested") == 0) {
        hid_t model = H5Gcreate2(file, "model", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        put_groups(model, 5, 5);
        H5Gclose(model);
    } else if (strcmp(kind, "deep") == 0) {
        put_chain(file, "model", "x", false);
    } else if (strcmp(kind, "lineage") == 0) {
        put_chain(file, "lineage", "parent0", true);
    } else if (strcmp(kind, "ladder") == 0) {
        put_ladder(file, "model");
    } else if (strcmp(kind, "links") == 0) {
        for (int i = 1; i <= 3000; i++) {
            snprintf(name, sizeof name, "group%d", i);
            H5Lcreate_hard(file, "runs", file, name, H5P_DEFAULT, H5P_DEFAULT);
        }
    }
    H5Pclose(list);
    if (H5Fclose(file) < 0 || gk_h5_seal(argv[2]) < 0) {
        fprintf(stderr, "hostile: %s\n", gk_error_message());
        return 1;
    }
    return 0;
}
