/* checkpoint_read.c -- a checkpoint from a file that nobody vouches for: every count, shape and index is checked.
 * Parameters, optimiser state and snapshots are in checkpoint_params.c. */
#include "io/checkpoint_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/options.h"
#include "base/text.h"
#include "io/h5_scan.h"

enum { MAX_NESTED = 8, MAX_LISTED = 100000 };

/* --- helpers ------------------------------------------------------------------------------------------------------ */

const char *gk_reader_path(gk_reader *reader, const char *prefix, const char *name)
{
    return gk_arena_printf(&reader->checkpoint->arena, "%s/%s", prefix, name);
}

int gk_reader_take(gk_reader *reader, int64_t *left, int64_t n_bytes, const char *path)
{
    if (n_bytes < 0 || n_bytes > *left)
        return gk_error("'%s' in '%s' claims %lld bytes, more than the file can hold", path, gk_h5_name(reader->file),
                        (long long)n_bytes);
    *left -= n_bytes;
    return 0;
}

void *gk_reader_array(gk_reader *reader, int64_t *left, int64_t n_row, int64_t row_bytes, const char *path)
{
    int64_t n_bytes;

    if (__builtin_mul_overflow(n_row, row_bytes, &n_bytes))
        n_bytes = -1;
    if (gk_reader_take(reader, left, n_bytes, path) < 0)
        return NULL;
    gk_owned *owned = calloc(1, sizeof *owned);
    if (owned)
        owned->data = gk_alloc_large(n_bytes ? (size_t)n_bytes : 1, path);
    if (!owned || !owned->data) {
        if (!owned)
            gk_error("cannot read '%s': out of memory", path);
        free(owned);
        return NULL;
    }
    owned->next = reader->checkpoint->owned;
    reader->checkpoint->owned = owned;
    return owned->data;
}

const char *gk_reader_text(gk_reader *reader, const char *path, const char *name)
{
    return gk_h5_has(reader->file, path, name) ? gk_h5_get_text(reader->file, path, name, &reader->checkpoint->arena) : "";
}

/* A whole number within bounds. */
static int bounded_int(gk_reader *reader, const char *path, const char *name, int64_t min, int64_t max, int64_t *value)
{
    if (gk_h5_get_int(reader->file, path, name, value) < 0)
        return -1;
    if (*value < min || *value > max)
        return gk_error("attribute '%s' of '%s' in '%s' is %lld, expected %lld to %lld", name, path, gk_h5_name(reader->file),
                        (long long)*value, (long long)min, (long long)max);
    return 0;
}

typedef struct named {
    const char *name;
    int64_t     index;
} named;

typedef struct name_list {
    named *entry;
    int    n, capacity;
} name_list;

static int by_index(const void *a, const void *b)
{
    const named *left = a, *right = b;

    if (left->index != right->index)
        return left->index < right->index ? -1 : 1;
    return strcmp(left->name, right->name);
}

static int add_name(name_list *list, const char *name, int64_t index, const char *path)
{
    if (list->n == list->capacity) {
        int    capacity = list->capacity ? 2 * list->capacity : 64;
        named *larger = list->n < MAX_LISTED ? realloc(list->entry, (size_t)capacity * sizeof *larger) : NULL;
        if (!larger)
            return gk_error("'%s' has more than %d members", path, list->n);
        list->entry = larger;
        list->capacity = capacity;
    }
    list->entry[list->n++] = (named){ name, index };
    return 0;
}

/* Collect the datasets below path; their names start with `below`. */
/* NOLINTNEXTLINE(misc-no-recursion): at most MAX_NESTED groups */
static int collect(gk_reader *reader, const char *path, const char *below, const char *except, int depth, name_list *list)
{
    gk_arena    *arena = &reader->checkpoint->arena;
    int          n;
    const char **child = gk_h5_children(reader->file, path, arena, &n);

    if (!child)
        return -1;
    for (int i = 0; i < n; i++) {
        const char *name = gk_arena_printf(arena, "%s%s", below, child[i]), *full = gk_reader_path(reader, path, child[i]);
        int64_t     index = INT64_MAX;
        if (strcmp(name, except) == 0)
            continue;
        if (gk_h5_is_group(reader->file, full)) {
            if (depth == MAX_NESTED)
                return gk_error("'%s' in '%s' is nested too deeply", full, gk_h5_name(reader->file));
            if (collect(reader, full, gk_arena_printf(arena, "%s/", name), except, depth + 1, list) < 0)
                return -1;
            continue;
        }
        if (gk_h5_has(reader->file, full, "index") && gk_h5_get_int(reader->file, full, "index", &index) < 0)
            return -1;
        if (add_name(list, name, index, path) < 0)
            return -1;
    }
    return 0;
}

const char **gk_reader_list(gk_reader *reader, const char *path, const char *except, int *n)
{
    name_list    list = { 0 };
    const char **names = NULL;

    *n = 0;
    if (collect(reader, path, "", except, 0, &list) == 0) {
        if (list.n)
            qsort(list.entry, (size_t)list.n, sizeof *list.entry, by_index);
        names = gk_arena_alloc(&reader->checkpoint->arena, ((size_t)list.n + 1) * sizeof *names);
        for (int i = 0; i < list.n; i++)
            names[i] = list.entry[i].name;
        *n = list.n;
    }
    free(list.entry);
    return names;
}

/* --- /runs -------------------------------------------------------------------------------------------------------- */

static int status_from_text(const char *text)
{
    for (int status = 0; status < GK_N_STATUS; status++)
        if (strcmp(text, gk_replica_status_names[status]) == 0)
            return status;
    return -1;
}

/* Take the columns that are fields of the group out of the table. */
static int split_runs(gk_reader *reader, gk_group *group, const char *path)
{
    const gk_h5_column *step = gk_group_run_column(group, "replica_step"), *status = gk_group_run_column(group, "status");
    gk_arena           *arena = &reader->checkpoint->arena;
    const char         *file = gk_h5_name(reader->file);
    int                 n_kept = 0;

    if (!step || step->text || step->type != GK_I64 || !status || !status->text)
        return gk_error("'%s' in '%s' lacks a column 'replica_step' of whole numbers, or 'status' of texts", path, file);
    group->replica_step = gk_arena_alloc(arena, (size_t)group->n_replica * sizeof *group->replica_step);
    group->status = gk_arena_alloc(arena, (size_t)group->n_replica * sizeof *group->status);
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        group->replica_step[replica] = ((const int64_t *)step->data)[replica];
        group->status[replica] = status_from_text(status->text[replica]);
        if (group->replica_step[replica] < 0 || group->replica_step[replica] > group->step)
            return gk_error("'%s' in '%s': replica_step %lld of replica %lld is not between 0 and %lld", path, file,
                            (long long)group->replica_step[replica], (long long)replica, (long long)group->step);
        if (group->status[replica] < 0)
            return gk_error("'%s' in '%s': status '%.40s' of replica %lld, expected running, stopped, diverged or finished", path,
                            file, status->text[replica], (long long)replica);
    }
    const gk_h5_column *column = group->run_column, *moment = gk_group_run_column(group, "moment_step");
    for (int64_t replica = 0; moment && !moment->text && moment->type == GK_I64 && replica < group->n_replica; replica++)
        if (((const int64_t *)moment->data)[replica] < 0 || ((const int64_t *)moment->data)[replica] > GK_MAX_STEP)
            return gk_error("'%s' in '%s': moment_step %lld of replica %lld is not between 0 and %lld", path, file,
                            (long long)((const int64_t *)moment->data)[replica], (long long)replica, (long long)GK_MAX_STEP);
    for (int i = 0; i < group->n_run_column; i++)
        if (&column[i] != step && &column[i] != status)
            group->run_column[n_kept++] = column[i];
    group->n_run_column = n_kept;
    return 0;
}

int gk_read_runs(gk_reader *reader, gk_group *group, const char *prefix)
{
    const char *path = gk_reader_path(reader, prefix, "runs"), *owner = *prefix ? prefix : "/";
    int64_t     n_replica;

    if (bounded_int(reader, owner, "step", 0, GK_MAX_STEP, &group->step) < 0 ||
        bounded_int(reader, owner, "n_replica", 1, INT32_MAX, &n_replica) < 0)
        return -1;
    if (gk_h5_read_table(reader->file, path, &reader->checkpoint->arena, &group->n_run_column, &group->run_column,
                         &group->n_replica) < 0)
        return -1;
    if (group->n_replica != n_replica)
        return gk_error("'%s' in '%s' has %lld rows, expected one for each of %lld replicas", path, gk_h5_name(reader->file),
                        (long long)group->n_replica, (long long)n_replica);
    return split_runs(reader, group, path);
}

int gk_read_results(gk_reader *reader, gk_group *group, const char *prefix)
{
    const char *path = gk_reader_path(reader, prefix, "landscape");
    int64_t     n_row;

    if (!gk_h5_exists(reader->file, path))
        return 0;
    if (gk_h5_read_table(reader->file, path, &reader->checkpoint->arena, &group->n_result_column, &group->result_column,
                         &n_row) < 0)
        return -1;
    if (n_row != group->n_replica)
        return gk_error("'%s' in '%s' has %lld rows, expected one for each of %lld replicas", path, gk_h5_name(reader->file),
                        (long long)n_row, (long long)group->n_replica);
    for (int i = 0; i < group->n_result_column; i++)
        if (group->result_column[i].text)
            return gk_error("column '%s' of '%s' in '%s' holds texts, expected numbers", group->result_column[i].name, path,
                            gk_h5_name(reader->file));
    return 0;
}

/* --- /history and /data ------------------------------------------------------------------------------------------- */

int gk_reader_check_steps(gk_reader *reader, const int64_t *step, int64_t n, const char *path)
{
    for (int64_t i = 0; i < n; i++)
        if (step[i] < 0 || step[i] > GK_MAX_STEP || (i > 0 && step[i] <= step[i - 1]))
            return gk_error("'%s' in '%s': step %lld in place %lld is negative, above %lld or not larger than the one before",
                            path, gk_h5_name(reader->file), (long long)step[i], (long long)i, (long long)GK_MAX_STEP);
    return 0;
}

int gk_read_history(gk_reader *reader, gk_group *group, const char *prefix)
{
    const char *parent = gk_reader_path(reader, prefix, "history"), *path = gk_reader_path(reader, parent, "step");
    gk_dtype    type;
    int         n_dim, n_metric;
    int64_t     dim[GK_H5_MAX_DIM], n_bytes;

    if (!gk_h5_exists(reader->file, parent))
        return 0;
    if (gk_h5_shape(reader->file, path, &type, &n_dim, dim) < 0)
        return -1;
    if (n_dim != 1 || type != GK_I64)
        return gk_error("'%s' in '%s' is not a list of steps (int64)", path, gk_h5_name(reader->file));
    const char **name = gk_reader_list(reader, parent, "step", &n_metric);
    if (!name)
        return -1;
    int64_t n_record = dim[0];
    if (__builtin_mul_overflow(n_record, group->n_replica, &n_bytes) || __builtin_mul_overflow(n_bytes, n_metric + 1, &n_bytes) ||
        __builtin_mul_overflow(n_bytes, 8, &n_bytes))
        n_bytes = -1;
    if (gk_reader_take(reader, &reader->packed_left, n_bytes, parent) < 0)
        return -1;
    dim[1] = group->n_replica;
    for (int metric = 0; metric < n_metric; metric++) {    /* before anything is allocated for them */
        gk_dtype found;
        int64_t  shape[GK_H5_MAX_DIM];
        path = gk_reader_path(reader, parent, name[metric]);
        if (gk_h5_shape(reader->file, path, &found, &n_dim, shape) < 0)
            return -1;
        if (n_dim != 2 || shape[0] != dim[0] || shape[1] != dim[1])
            return gk_error("'%s' in '%s' does not have the shape [%lld, %lld] of records and replicas", path,
                            gk_h5_name(reader->file), (long long)dim[0], (long long)dim[1]);
    }
    group->history = gk_history_new(group->n_replica, n_metric, name);
    if (!group->history || gk_history_reserve(group->history, n_record) < 0)
        return -1;
    path = gk_reader_path(reader, parent, "step");
    if (n_record > 0 && gk_h5_read(reader->file, path, GK_I64, 1, dim, group->history->step) < 0)
        return -1;
    for (int metric = 0; n_record > 0 && metric < n_metric; metric++)
        if (gk_h5_read(reader->file, gk_reader_path(reader, parent, name[metric]), GK_F64, 2, dim,
                       group->history->value[metric]) < 0)
            return -1;
    group->history->n_record = n_record;
    return gk_reader_check_steps(reader, group->history->step, n_record, path);
}

/* One side of the splits: [n_split, n_max] item numbers, padded with -1 at the end of a row. */
static int read_side(gk_reader *reader, gk_group *group, const char *path, int64_t *n_max, int32_t **out)
{
    gk_dtype type;
    int      n_dim;
    int64_t  dim[GK_H5_MAX_DIM];

    if (!gk_h5_exists(reader->file, path))
        return 0;
    if (gk_h5_shape(reader->file, path, &type, &n_dim, dim) < 0)
        return -1;
    if (n_dim != 2 || (dim[0] != 1 && dim[0] != group->n_replica) || (group->n_split && dim[0] != group->n_split))
        return gk_error("'%s' in '%s' does not have one row, or one for each of %lld replicas", path, gk_h5_name(reader->file),
                        (long long)group->n_replica);
    group->n_split = dim[0];
    *n_max = dim[1];
    *out = gk_reader_array(reader, &reader->packed_left, dim[0], dim[1] * (int64_t)sizeof **out, path);
    if (!*out || gk_h5_read(reader->file, path, GK_I32, 2, dim, *out) < 0)
        return -1;
    for (int64_t i = 0; i < dim[0] * dim[1]; i++) {
        bool padding = i % dim[1] > 0 && (*out)[i - 1] == -1;
        if ((*out)[i] < -1 || (*out)[i] >= group->n_item || (padding && (*out)[i] != -1))
            return gk_error("'%s' in '%s': item %d is not one of %lld", path, gk_h5_name(reader->file), (*out)[i],
                            (long long)group->n_item);
    }
    return 0;
}

/* What divides the items: the number of one's subclass for each, and their names. */
static int read_subclasses(gk_reader *reader, gk_group *group, const char *parent)
{
    const char   *path = gk_reader_path(reader, parent, "subclass"), *names = gk_reader_path(reader, parent, "subclass_name");
    int           n_column;
    gk_h5_column *column;

    if (!gk_h5_exists(reader->file, path))
        return 0;
    if (gk_h5_read_table(reader->file, names, &reader->checkpoint->arena, &n_column, &column, &group->n_subclass) < 0)
        return -1;
    if (n_column != 1 || !column[0].text || group->n_subclass < 1)
        return gk_error("'%s' in '%s' is not one column of names", names, gk_h5_name(reader->file));
    group->subclass_name = column[0].text;
    for (int64_t i = 0; i < group->n_subclass; i++)
        if (!gk_text_is_printable(group->subclass_name[i]))
            return gk_error("'%s' in '%s': name %lld contains a control character, or is not UTF-8", names,
                            gk_h5_name(reader->file), (long long)i);
    group->subclass = gk_reader_array(reader, &reader->packed_left, group->n_item, (int64_t)sizeof *group->subclass, path);
    if (!group->subclass || gk_h5_read(reader->file, path, GK_I32, 1, &group->n_item, group->subclass) < 0)
        return -1;
    for (int64_t i = 0; i < group->n_item; i++)
        if (group->subclass[i] < 0 || group->subclass[i] >= group->n_subclass)
            return gk_error("'%s' in '%s': subclass %d of item %lld is not one of %lld", path, gk_h5_name(reader->file),
                            group->subclass[i], (long long)i, (long long)group->n_subclass);
    return 0;
}

int gk_read_data(gk_reader *reader, gk_group *group, const char *prefix)
{
    const char *path = gk_reader_path(reader, prefix, "data");

    group->task = group->data_sha256 = "";
    if (!gk_h5_is_group(reader->file, path))
        return 0;
    group->task = gk_reader_text(reader, path, "task");
    group->data_sha256 = gk_reader_text(reader, path, "sha256");
    if (!group->task || !group->data_sha256 || bounded_int(reader, path, "n_item", 0, INT32_MAX, &group->n_item) < 0)
        return -1;
    if (!(reader->parts & GK_READ_DATA))
        return 0;
    if (read_side(reader, group, gk_reader_path(reader, path, "train"), &group->n_train_max, &group->train) < 0)
        return -1;
    if (read_side(reader, group, gk_reader_path(reader, path, "test"), &group->n_test_max, &group->test) < 0)
        return -1;
    return read_subclasses(reader, group, path);
}

/* --- the whole file ----------------------------------------------------------------------------------------------- */

static int read_group(gk_reader *reader, gk_group *group, int index)
{
    const char *prefix = index > 0 ? gk_arena_printf(&reader->checkpoint->arena, "/group%d", index) : "";

    if (gk_read_runs(reader, group, prefix) < 0 || gk_read_results(reader, group, prefix) < 0 ||
        gk_read_params(reader, group, prefix) < 0)
        return -1;
    if (gk_read_model(reader, group, prefix) < 0 || gk_read_slots(reader, group, prefix) < 0)
        return -1;
    if (gk_read_snapshots(reader, group, prefix) < 0)
        return -1;
    return gk_read_history(reader, group, prefix) < 0 ? -1 : gk_read_data(reader, group, prefix);
}

int gk_read_root(gk_reader *reader)
{
    gk_checkpoint *checkpoint = reader->checkpoint;
    const char    *name = gk_h5_name(reader->file), *format = gk_reader_text(reader, "/", "format");
    int64_t        n_group;

    if (!format)
        return -1;
    if (strcmp(format, GK_CHECKPOINT_FORMAT) != 0)
        return gk_error("'%s' is not a checkpoint: its format is '%.60s', expected '%s'", name, format, GK_CHECKPOINT_FORMAT);
    if (gk_h5_get_int(reader->file, "/", "format_version", &checkpoint->format_version) < 0)
        return -1;
    if (checkpoint->format_version < 1 || checkpoint->format_version > GK_FORMAT_VERSION)
        return gk_error("'%s' has format version %lld, this program reads up to %d: a newer groktools is needed", name,
                        (long long)checkpoint->format_version, GK_FORMAT_VERSION);
    struct { const char *attribute; const char **field; } text[] = {
        { "tool", &checkpoint->tool },       { "tool_version", &checkpoint->tool_version },
        { "command_line", &checkpoint->command_line }, { "created", &checkpoint->created },
        { "device", &checkpoint->device },   { "precision", &checkpoint->precision },
    };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (!(*text[i].field = gk_reader_text(reader, "/", text[i].attribute)))
            return -1;
    if (gk_h5_has(reader->file, "/", "trimmed") && gk_h5_get_bool(reader->file, "/", "trimmed", &checkpoint->trimmed) < 0)
        return -1;
    if (bounded_int(reader, "/", "n_group", 1, GK_MAX_GROUP, &n_group) < 0)
        return -1;
    for (int64_t i = 1; i < n_group; i++)
        if (!gk_h5_is_group(reader->file, gk_arena_printf(&checkpoint->arena, "/group%lld", (long long)i)))
            return gk_error("no '/group%lld' in '%s', which claims %lld groups", (long long)i, name, (long long)n_group);
    checkpoint->group = gk_arena_alloc(&checkpoint->arena, (size_t)n_group * sizeof *checkpoint->group);
    checkpoint->n_group = (int)n_group;
    return 0;
}

static int read_all(gk_reader *reader)
{
    if (gk_read_root(reader) < 0 || gk_read_config(reader) < 0)
        return -1;
    for (int group = 0; group < reader->checkpoint->n_group; group++)
        if (read_group(reader, &reader->checkpoint->group[group], group) < 0)
            return -1;
    return gk_read_lineage(reader);
}

int gk_reader_init(gk_reader *reader, gk_h5 *file, unsigned parts)
{
    int64_t n_bytes = gk_h5_n_bytes(file);

    *reader = (gk_reader){ file, calloc(1, sizeof *reader->checkpoint), parts, n_bytes, gk_scan_max_unpacked(n_bytes) };
    if (!reader->checkpoint)
        return gk_error("cannot read '%s': out of memory", gk_h5_name(file));
    reader->checkpoint->path = gk_arena_strdup(&reader->checkpoint->arena, gk_h5_name(file));
    snprintf(reader->checkpoint->sha256, sizeof reader->checkpoint->sha256, "%s", gk_h5_sha256(file));
    return 0;
}

gk_checkpoint *gk_checkpoint_load(gk_h5 *file, unsigned parts)
{
    gk_reader reader;

    if (gk_reader_init(&reader, file, parts) < 0)
        return NULL;
    if (read_all(&reader) < 0) {
        gk_checkpoint_free(reader.checkpoint);
        return NULL;
    }
    return reader.checkpoint;
}

gk_checkpoint *gk_checkpoint_read(const char *path, unsigned parts)
{
    gk_h5 *file = gk_h5_open(path);

    if (!file)
        return NULL;
    gk_checkpoint *checkpoint = gk_checkpoint_load(file, parts);
    gk_h5_close(file);
    return checkpoint;
}
