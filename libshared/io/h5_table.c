/* h5_table.c -- tables: one compound element per row. */
#include "io/h5_private.h"

#include <stdlib.h>
#include <string.h>

/* --- writing ------------------------------------------------------------------------------------------------------ */

static size_t text_width(const gk_h5_column *column, int64_t n_row)
{
    size_t width = 1;

    for (int64_t row = 0; row < n_row; row++)
        width = strlen(column->text[row]) + 1 > width ? strlen(column->text[row]) + 1 : width;
    return width;
}

/* The stored type of a column: also its type in memory on the little-endian machines we know, else HDF5 converts. */
static hid_t column_type(const gk_h5_column *column, size_t width, bool stored)
{
    if (column->text)
        return gk_h5_text_type(width);
    return H5Tcopy(stored ? gk_h5_file_type(column->type) : gk_h5_memory_type(column->type));
}

static hid_t row_type(int n_column, const gk_h5_column *columns, const size_t *width, size_t row_bytes, bool stored)
{
    hid_t  row = H5Tcreate(H5T_COMPOUND, row_bytes);
    size_t at = 0;

    for (int i = 0; row >= 0 && i < n_column; i++) {
        hid_t type = column_type(&columns[i], width[i], stored);
        if (type < 0 || H5Tinsert(row, columns[i].name, at, type) < 0) {
            gk_h5_drop(NULL, row);
            row = H5I_INVALID_HID;
        }
        gk_h5_drop(NULL, type);
        at += width[i];
    }
    return row;
}

static void pack_rows(char *rows, size_t row_bytes, int n_column, const gk_h5_column *columns, const size_t *width, int64_t n_row)
{
    size_t at = 0;

    for (int i = 0; i < n_column; i++) {
        for (int64_t row = 0; row < n_row; row++) {
            char *cell = rows + (size_t)row * row_bytes + at;
            if (columns[i].text)
                memcpy(cell, columns[i].text[row], strlen(columns[i].text[row]));
            else
                memcpy(cell, (const char *)columns[i].data + (size_t)row * width[i], width[i]);
        }
        at += width[i];
    }
}

static int write_rows(gk_h5 *file, const char *path, hid_t stored, hid_t memory, int64_t n_row, const void *rows)
{
    hsize_t dim = (hsize_t)n_row;
    hid_t   space = H5Screate_simple(1, &dim, NULL), list = H5Pcreate(H5P_DATASET_CREATE), id = H5I_INVALID_HID;
    herr_t  status = -1;

    if (stored >= 0 && memory >= 0 && space >= 0 && list >= 0 && H5Pset_obj_track_times(list, false) >= 0 &&
        H5Pset_fill_time(list, H5D_FILL_TIME_NEVER) >= 0)
        id = H5Dcreate2(file->id, path, stored, space, H5P_DEFAULT, list, H5P_DEFAULT);
    if (id >= 0)
        status = n_row ? H5Dwrite(id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows) : 0;
    if (status < 0)
        gk_h5_failed(file, "write", path);
    gk_h5_drop(file, id);
    gk_h5_drop(file, list);
    gk_h5_drop(file, space);
    return status < 0 ? -1 : 0;
}

int gk_h5_write_table(gk_h5 *file, const char *path, int n_column, const gk_h5_column *columns, int64_t n_row)
{
    size_t row_bytes = 0, *width = calloc((size_t)n_column + 1, sizeof *width);
    char  *rows = NULL;
    hid_t  stored = H5I_INVALID_HID, memory = H5I_INVALID_HID;
    int    status = -1;

    if (!width) {
        gk_error("cannot write '%s' in %s: out of memory", path, file->label);
        goto done;
    }
    for (int i = 0; i < n_column; i++) {
        width[i] = columns[i].text ? text_width(&columns[i], n_row) : gk_dtype_size(columns[i].type);
        row_bytes += width[i];
    }
    if (row_bytes == 0 || n_column > GK_H5_MAX_COLUMN || row_bytes > GK_H5_MAX_TEXT) {
        gk_error("cannot write '%s' in %s: a table of %d columns with rows of %zu bytes", path, file->label, n_column, row_bytes);
        goto done;
    }
    rows = calloc((size_t)n_row + 1, row_bytes);
    if (!rows) {
        gk_error("cannot write '%s' in %s: out of memory for %lld rows", path, file->label, (long long)n_row);
        goto done;
    }
    pack_rows(rows, row_bytes, n_column, columns, width, n_row);
    stored = row_type(n_column, columns, width, row_bytes, true);
    memory = row_type(n_column, columns, width, row_bytes, false);
    if (gk_h5_make_groups(file, path, false) == 0)
        status = write_rows(file, path, stored, memory, n_row, rows);
done:
    gk_h5_drop(file, memory);
    gk_h5_drop(file, stored);
    free(rows);
    free(width);
    return status;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Read one member of all rows: HDF5 picks it out of the compound by name. */
static int read_member(const gk_h5_dataset *dataset, const char *name, hid_t type, size_t n_bytes, void *out)
{
    hid_t  row = H5Tcreate(H5T_COMPOUND, n_bytes);
    herr_t status = -1;

    if (row >= 0 && H5Tinsert(row, name, 0, type) >= 0)
        status = dataset->n_element ? H5Dread(dataset->id, row, H5S_ALL, H5S_ALL, H5P_DEFAULT, out) : 0;
    gk_h5_drop(NULL, row);
    return status < 0 ? -1 : 0;
}

static int read_text_column(const gk_h5_dataset *dataset, hid_t member, gk_h5_column *column, gk_arena *arena)
{
    size_t       width = H5Tget_size(member) + 1, n_row = (size_t)dataset->n_element;
    hid_t        type = gk_h5_text_type(width);
    char        *packed = gk_arena_alloc(arena, n_row * width + 1);
    const char **text = gk_arena_alloc(arena, (n_row + 1) * sizeof *text);
    int          status = -1;

    if (type >= 0 && H5Tset_cset(type, H5Tget_cset(member)) >= 0)
        status = read_member(dataset, column->name, type, width, packed);
    gk_h5_drop(NULL, type);
    for (size_t row = 0; row < n_row; row++)
        text[row] = packed + row * width;
    column->text = text;
    return status;
}

static int read_number_column(const gk_h5_dataset *dataset, hid_t member, gk_h5_column *column, gk_arena *arena)
{
    int stored = gk_h5_dtype_of(member);

    if (stored < 0)
        return -1;
    column->type = stored == GK_F32 || stored == GK_F64 ? GK_F64 : GK_I64;
    void *data = gk_arena_alloc(arena, ((size_t)dataset->n_element + 1) * sizeof(int64_t));
    column->data = data;
    return read_member(dataset, column->name, gk_h5_memory_type(column->type), sizeof(int64_t), data);
}

static int read_column(const gk_h5_dataset *dataset, int index, gk_h5_column *column, gk_arena *arena)
{
    hid_t member = H5Tget_member_type(dataset->type, (unsigned)index);
    char *name = H5Tget_member_name(dataset->type, (unsigned)index);
    int   status = -1;

    *column = (gk_h5_column){ .name = name ? gk_arena_strdup(arena, name) : "?" };
    if (name && member >= 0 && H5Tget_class(member) == H5T_STRING && H5Tis_variable_str(member) == 0)
        status = read_text_column(dataset, member, column, arena);
    else if (name && member >= 0)
        status = read_number_column(dataset, member, column, arena);
    if (name)
        H5free_memory(name);
    gk_h5_drop(NULL, member);
    return status;
}

int gk_h5_read_table(gk_h5 *file, const char *path, gk_arena *arena, int *n_column, gk_h5_column **columns, int64_t *n_row)
{
    gk_h5_dataset dataset;
    int           status = 0;

    if (gk_h5_dataset_open(file, path, &dataset) < 0)
        return -1;
    int n = H5Tget_class(dataset.type) == H5T_COMPOUND ? H5Tget_nmembers(dataset.type) : -1;
    if (n < 1 || n > GK_H5_MAX_COLUMN || dataset.n_dim != 1 || H5Tget_size(dataset.type) > GK_H5_MAX_TEXT) {
        status = gk_error("cannot read '%s' in %s: it is not a table", path, file->label);
        goto done;
    }
    int64_t n_cell, n_bytes;    /* a cell takes a word beside its own bytes */
    if (__builtin_mul_overflow(dataset.n_element, 2 * n, &n_cell) || __builtin_mul_overflow(n_cell, 8, &n_bytes) ||
        n_bytes > file->table_left) {
        status = gk_error("cannot read '%s' in %s: it unpacks to more than the tables of a file of its size may", path,
                          file->label);
        goto done;
    }
    file->table_left -= n_bytes;
    *n_column = n;
    *n_row = dataset.n_element;
    *columns = gk_arena_alloc(arena, (size_t)n * sizeof **columns);
    for (int i = 0; status == 0 && i < n; i++)
        if (read_column(&dataset, i, &(*columns)[i], arena) < 0)
            status = gk_error("cannot read column '%s' of '%s' in %s: it holds neither numbers nor texts of fixed length",
                              (*columns)[i].name, path, file->label);
done:
    gk_h5_dataset_close(&dataset);
    return status;
}
