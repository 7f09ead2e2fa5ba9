/* file.c -- dataset files; the layout is in FORMAT.md.  A file is read as if it came from an enemy: every count, token,
 * label and index is checked, and the items must have the checksum that the file states. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include "base/options.h"
#include "data/build.h"

enum { DATASET_FORMAT_VERSION = 1, MAX_NAME = 1024 };
#define DATASET_FORMAT "groktools-dataset"

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* The tool's name: last part of the first word of the command line. */
static const char *tool_of(gk_arena *arena, const char *command_line)
{
    char *word = gk_arena_strdup(arena, command_line);
    word[strcspn(word, " ")] = '\0';
    char *slash = strrchr(word, '/');
    return slash ? slash + 1 : word;
}

static int write_provenance(gk_h5 *file, const gk_dataset *dataset, const char *command_line)
{
    gk_arena arena = { 0 };
    char created[32];
    time_t now = time(NULL);
    struct tm utc;
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    const char *line = command_line ? command_line : "";

    int status = gk_h5_set_text(file, "/", "format", DATASET_FORMAT) < 0 ||
                 gk_h5_set_int(file, "/", "format_version", DATASET_FORMAT_VERSION) < 0 ||
                 gk_h5_set_text(file, "/", "tool", tool_of(&arena, line)) < 0 ||
                 gk_h5_set_text(file, "/", "tool_version", gk_version()) < 0 ||
                 gk_h5_set_text(file, "/", "command_line", line) < 0 ||
                 gk_h5_set_text(file, "/", "created", created) < 0 ||
                 gk_h5_set_text(file, "/", "task", dataset->task) < 0 ||
                 gk_h5_set_text(file, "/", "sha256", dataset->sha256) < 0 ||
                 gk_h5_set_int(file, "/", "n_vocab", dataset->n_vocab) < 0 ||
                 gk_h5_set_int(file, "/", "n_answer", dataset->n_answer) < 0 ? -1 : 0;
    gk_arena_release(&arena);
    return status;
}

static int write_names(gk_h5 *file, const char *path, const char *const *names, int64_t n)
{
    const gk_h5_column column = { .name = "name", .text = names };
    return gk_h5_write_table(file, path, 1, &column, n);
}

static int write_items(gk_h5 *file, const gk_dataset *dataset)
{
    const int64_t n = dataset->n_item;
    if (gk_h5_write(file, "/label", GK_I32, 1, &n, dataset->label, GK_H5_PACK) < 0)
        return -1;
    if (dataset->n_token) {
        const int64_t dim[] = { n, dataset->n_token };
        if (gk_h5_write(file, "/token", GK_I32, 2, dim, dataset->token, GK_H5_PACK) < 0 ||
            write_names(file, "/vocab", dataset->vocab, dataset->n_vocab) < 0)
            return -1;
    }
    if (dataset->n_real) {
        const int64_t dim[] = { n, dataset->n_real };
        if (gk_h5_write(file, "/real", GK_F32, 2, dim, dataset->real, GK_H5_PACK) < 0)
            return -1;
    }
    if (dataset->n_group > 1)
        if (gk_h5_write(file, "/group", GK_I32, 1, &n, dataset->group, GK_H5_PACK) < 0 ||
            write_names(file, "/group_name", dataset->group_name, dataset->n_group) < 0 ||
            write_names(file, "/group_task", dataset->group_task, dataset->n_group) < 0 ||
            gk_h5_set_int(file, "/", "n_trained_group", dataset->n_trained_group) < 0)
            return -1;
    return 0;
}

/* The items of all groups that are only evaluated, one group after another. */
static int write_held(gk_h5 *file, const char *path, const gk_dataset *dataset, const gk_items *held)
{
    gk_arena arena = { 0 };
    int32_t *items = gk_arena_alloc(&arena, (size_t)dataset->n_item * sizeof *items);
    int64_t  n = 0;
    for (int group = dataset->n_trained_group; group < dataset->n_group; group++) {
        memcpy(items + n, held[group].item, (size_t)held[group].n * sizeof *items);
        n += held[group].n;
    }
    int status = gk_h5_write(file, path, GK_I32, 1, &n, items, GK_H5_PACK);
    gk_arena_release(&arena);
    return status;
}

static int write_split(gk_h5 *file, const gk_dataset *dataset, const gk_split *split, const gk_data_args *args)
{
    if (gk_h5_write(file, "/split/train", GK_I32, 1, &split->n_train, split->train, GK_H5_PACK) < 0 ||
        gk_h5_write(file, "/split/test", GK_I32, 1, &split->n_test, split->test, GK_H5_PACK) < 0 ||
        gk_h5_write(file, "/split/train_label", GK_I32, 1, &split->n_train, split->train_label, GK_H5_PACK) < 0)
        return -1;
    if (split->held_train && (write_held(file, "/split/held_train", dataset, split->held_train) < 0 ||
                              write_held(file, "/split/held_test", dataset, split->held_test) < 0))
        return -1;
    if (!args || dataset->split)    /* a split that was taken over: its seed and fraction are not ours to state */
        return 0;
    if (gk_h5_set_int(file, "/split", "seed", args->data_seed >= 0 ? args->data_seed : args->seed) < 0 ||
        gk_h5_set_real(file, "/split", "label_noise", args->label_noise) < 0)
        return -1;
    if ((args->join && gk_h5_set_text(file, "/split", "join", args->join) < 0) ||
        (args->also_eval && gk_h5_set_text(file, "/split", "also_eval", args->also_eval) < 0))
        return -1;
    return args->split_file ? gk_h5_set_text(file, "/split", "imported_from", args->split_file)
                            : gk_h5_set_real(file, "/split", "fraction", args->fraction);
}

int gk_dataset_write(const gk_dataset *dataset, const gk_split *split, const gk_data_args *args, const char *command_line,
                     const char *path)
{
    gk_h5 *file = gk_h5_create(path);
    if (!file)
        return -1;
    if (write_provenance(file, dataset, command_line) < 0 || write_items(file, dataset) < 0 ||
        (split && write_split(file, dataset, split, args) < 0)) {
        gk_h5_discard(file);
        return -1;
    }
    return gk_h5_commit(file);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* All of values[0..n) in [0, limit). */
static int check_range(gk_h5 *file, const char *path, const int32_t *values, int64_t n, int64_t limit)
{
    for (int64_t i = 0; i < n; i++)
        if (values[i] < 0 || values[i] >= limit)
            return gk_error("'%s' in '%s': value %d at %" PRId64 " is outside [0, %" PRId64 ")", path, gk_h5_name(file),
                            values[i], i, limit);
    return 0;
}

static int check_name(gk_h5 *file, const char *what, const char *name)
{
    if (strnlen(name, MAX_NAME) == MAX_NAME)
        return gk_error("'%s' in '%s' is longer than %d characters", what, gk_h5_name(file), MAX_NAME);
    for (const char *c = name; *c; c++)
        if (iscntrl((unsigned char)*c))
            return gk_error("'%s' in '%s' contains a control character", what, gk_h5_name(file));
    return 0;
}

static int read_count(gk_h5 *file, const char *name, int *out)
{
    int64_t value;
    if (gk_h5_get_int(file, "/", name, &value) < 0)
        return -1;
    if (value < 0 || value > GK_VOCAB_MAX)
        return gk_error("%s of '%s' is %" PRId64 ", expected 0 to %d", name, gk_h5_name(file), value, GK_VOCAB_MAX);
    *out = (int)value;
    return 0;
}

/* A table of one column of texts with n rows (n < 0: any number up to GK_VOCAB_MAX, stored in *n_found). */
static const char **read_names(gk_h5 *file, const char *path, int64_t n, gk_arena *arena, int *n_found)
{
    int n_column;
    int64_t n_row;
    gk_h5_column *column;
    if (gk_h5_read_table(file, path, arena, &n_column, &column, &n_row) < 0)
        return NULL;
    if (n_column != 1 || !column[0].text || n_row > GK_VOCAB_MAX || (n >= 0 && n_row != n)) {
        gk_error("'%s' in '%s' is a table of %d columns and %" PRId64 " rows, expected 1 column of %" PRId64 " texts", path,
                 gk_h5_name(file), n_column, n_row, n >= 0 ? n : (int64_t)GK_VOCAB_MAX);
        return NULL;
    }
    const char **names = gk_arena_alloc(arena, (size_t)n_row * sizeof *names);
    for (int64_t i = 0; i < n_row; i++) {
        names[i] = column[0].text[i];
        if (check_name(file, path, names[i]) < 0)
            return NULL;
    }
    *n_found = (int)n_row;
    return names;
}

static int read_head(gk_dataset *dataset, gk_h5 *file)
{
    gk_arena *arena = &dataset->arena;
    int64_t version;
    const char *format = gk_h5_get_text(file, "/", "format", arena);
    if (!format || strcmp(format, DATASET_FORMAT) != 0)
        return gk_error("'%s' is not a dataset file: its format is '%.40s', expected '%s'", gk_h5_name(file),
                        format ? format : "none", DATASET_FORMAT);
    if (gk_h5_get_int(file, "/", "format_version", &version) < 0)
        return -1;
    if (version < 1 || version > DATASET_FORMAT_VERSION)
        return gk_error("'%s' is of dataset format version %" PRId64 ", but this program reads up to %d", gk_h5_name(file),
                        version, DATASET_FORMAT_VERSION);
    if (!(dataset->task = gk_h5_get_text(file, "/", "task", arena)) || check_name(file, "task", dataset->task) < 0)
        return -1;
    return read_count(file, "n_vocab", &dataset->n_vocab) < 0 ? -1 : read_count(file, "n_answer", &dataset->n_answer);
}

/* A two-dimensional array with one row per item; *n_column := its row length. */
static void *read_rows(gk_dataset *dataset, gk_h5 *file, const char *path, gk_dtype type, int *n_column)
{
    const int64_t dim[] = { dataset->n_item, -1 };
    int64_t n_element = 0;
    void *rows = gk_h5_read_new(file, path, type, 2, dim, &dataset->arena, &n_element);
    if (rows && (n_element == 0 || n_element / dataset->n_item > GK_VOCAB_MAX)) {
        gk_error("'%s' in '%s' has %" PRId64 " elements per item, expected 1 to %d", path, gk_h5_name(file),
                 n_element / dataset->n_item, GK_VOCAB_MAX);
        return NULL;
    }
    *n_column = rows ? (int)(n_element / dataset->n_item) : 0;
    return rows;
}

static int read_tokens(gk_dataset *dataset, gk_h5 *file)
{
    int n_vocab;
    dataset->token = read_rows(dataset, file, "/token", GK_I32, &dataset->n_token);
    if (!dataset->token || check_range(file, "/token", dataset->token, dataset->n_item * dataset->n_token, dataset->n_vocab) < 0)
        return -1;
    if (dataset->n_answer > dataset->n_vocab)
        return gk_error("n_answer of '%s' is %d, expected at most n_vocab, %d", gk_h5_name(file), dataset->n_answer,
                        dataset->n_vocab);
    if (gk_h5_exists(file, "/vocab")) {
        dataset->vocab = read_names(file, "/vocab", dataset->n_vocab, &dataset->arena, &n_vocab);
        return dataset->vocab ? 0 : -1;
    }
    dataset->vocab = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_vocab * sizeof *dataset->vocab);
    for (int i = 0; i < dataset->n_vocab; i++)
        dataset->vocab[i] = gk_arena_printf(&dataset->arena, "%d", i);
    return 0;
}

static int read_reals(gk_dataset *dataset, gk_h5 *file)
{
    dataset->real = read_rows(dataset, file, "/real", GK_F32, &dataset->n_real);
    for (int64_t i = 0; dataset->real && i < dataset->n_item * dataset->n_real; i++)
        if (!isfinite(dataset->real[i]))
            return gk_error("'/real' in '%s': value %g at %" PRId64 " is not finite", gk_h5_name(file),
                            (double)dataset->real[i], i);
    return dataset->real ? 0 : -1;
}

/* What a joint dataset says of its groups. */
static int read_group_tasks(gk_dataset *dataset, gk_h5 *file)
{
    int n_task;
    if (gk_h5_exists(file, "/group_task")) {
        dataset->group_task = read_names(file, "/group_task", dataset->n_group, &dataset->arena, &n_task);
        if (!dataset->group_task)
            return -1;
    }
    if (!gk_h5_has(file, "/", "n_trained_group"))
        return 0;
    if (read_count(file, "n_trained_group", &dataset->n_trained_group) < 0)
        return -1;
    if (dataset->n_trained_group < 1 || dataset->n_trained_group > dataset->n_group)
        return gk_error("n_trained_group of '%s' is %d, expected 1 to %d", gk_h5_name(file), dataset->n_trained_group,
                        dataset->n_group);
    return 0;
}

static int read_groups(gk_dataset *dataset, gk_h5 *file)
{
    if (!gk_h5_exists(file, "/group"))
        return 0;
    dataset->group_name = read_names(file, "/group_name", -1, &dataset->arena, &dataset->n_group);
    if (!dataset->group_name)
        return -1;
    if (dataset->n_group < 2)
        return gk_error("'%s' has %d names in '/group_name', expected 2 or more", gk_h5_name(file), dataset->n_group);
    dataset->group = gk_h5_read_new(file, "/group", GK_I32, 1, &dataset->n_item, &dataset->arena, NULL);
    if (!dataset->group || check_range(file, "/group", dataset->group, dataset->n_item, dataset->n_group) < 0)
        return -1;
    return read_group_tasks(dataset, file);
}

static int read_items(gk_dataset *dataset, gk_h5 *file)
{
    const int64_t any = -1;
    const bool has_token = gk_h5_exists(file, "/token"), has_real = gk_h5_exists(file, "/real");
    dataset->label = gk_h5_read_new(file, "/label", GK_I32, 1, &any, &dataset->arena, &dataset->n_item);
    if (!dataset->label)
        return -1;
    if (dataset->n_item < 1 || dataset->n_item > INT32_MAX)
        return gk_error("'%s' has %" PRId64 " items, expected 1 to %d", gk_h5_name(file), dataset->n_item, INT32_MAX);
    if (check_range(file, "/label", dataset->label, dataset->n_item, dataset->n_answer) < 0)
        return -1;
    if (has_token == has_real)
        return gk_error("'%s' has %s, expected one of them", gk_h5_name(file),
                        has_token ? "both '/token' and '/real'" : "neither '/token' nor '/real'");
    if (has_token && read_tokens(dataset, file) < 0)
        return -1;
    if (has_real && read_reals(dataset, file) < 0)
        return -1;
    return read_groups(dataset, file);
}

static int check_sum(gk_dataset *dataset, gk_h5 *file)
{
    const char *stated = gk_h5_get_text(file, "/", "sha256", &dataset->arena);
    if (!stated)
        return -1;
    gk_dataset_sum(dataset);
    if (strcmp(stated, dataset->sha256) != 0)
        return gk_error("'%s' is damaged: the sha256 of its items is %s, expected '%.64s'", gk_h5_name(file),
                        dataset->sha256, stated);
    return 0;
}

/* One half of a split: in range, and no item that is marked already. */
static int32_t *read_part(gk_h5 *file, const char *path, int64_t n_item, gk_arena *arena, uint8_t *mark, int64_t *n)
{
    const int64_t any = -1;
    int32_t *items = gk_h5_read_new(file, path, GK_I32, 1, &any, arena, n);
    if (!items || check_range(file, path, items, *n, n_item) < 0)
        return NULL;
    if (*n == 0) {
        gk_error("'%s' in '%s' is empty", path, gk_h5_name(file));
        return NULL;
    }
    for (int64_t i = 0; i < *n; i++) {
        if (mark[items[i]]++) {
            gk_error("'%s' in '%s': item %d is in the split twice", path, gk_h5_name(file), items[i]);
            return NULL;
        }
    }
    return items;
}

int gk_split_read(gk_h5 *file, int64_t n_item, int n_answer, gk_arena *arena, gk_split *out)
{
    uint8_t *mark = gk_arena_alloc(arena, (size_t)n_item);
    *out = (gk_split){ 0 };
    out->train = read_part(file, "/split/train", n_item, arena, mark, &out->n_train);
    out->test = out->train ? read_part(file, "/split/test", n_item, arena, mark, &out->n_test) : NULL;
    if (!out->test)
        return -1;
    if (!gk_h5_exists(file, "/split/train_label"))
        return 0;
    out->train_label = gk_h5_read_new(file, "/split/train_label", GK_I32, 1, &out->n_train, arena, NULL);
    return out->train_label ? check_range(file, "/split/train_label", out->train_label, out->n_train, n_answer) : -1;
}

static bool is_held(const gk_dataset *dataset, int32_t item)
{
    return dataset->n_trained_group > 0 && dataset->group && dataset->group[item] >= dataset->n_trained_group;
}

/* A group that is only evaluated has no item in train or test. */
static int check_learnt(const gk_dataset *dataset, gk_h5 *file, const char *path, const int32_t *items, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (is_held(dataset, items[i]))
            return gk_error("'%s' in '%s': item %d is of group '%s', which is only evaluated", path, gk_h5_name(file), items[i],
                            dataset->group_name[dataset->group[items[i]]]);
    return 0;
}

/* One half of the split of groups that are only evaluated; [n_group]. */
static gk_items *read_held(gk_dataset *dataset, gk_h5 *file, const char *path, uint8_t *mark)
{
    int64_t   n;
    gk_arena *arena = &dataset->arena;
    int32_t  *items = read_part(file, path, dataset->n_item, arena, mark, &n);
    gk_items *held = gk_arena_alloc(arena, (size_t)dataset->n_group * sizeof *held);
    for (int64_t i = 0; items && i < n; i++) {
        if (!is_held(dataset, items[i])) {
            gk_error("'%s' in '%s': item %d is not of a group that is only evaluated", path, gk_h5_name(file), items[i]);
            return NULL;
        }
        held[dataset->group[items[i]]].n++;
    }
    for (int group = dataset->n_trained_group; items && group < dataset->n_group; group++) {
        if (held[group].n == 0) {
            gk_error("'%s' in '%s' has no item of group '%s'", path, gk_h5_name(file), dataset->group_name[group]);
            return NULL;
        }
        held[group].item = gk_arena_alloc(arena, (size_t)held[group].n * sizeof *items);
        held[group].n = 0;
    }
    for (int64_t i = 0; items && i < n; i++) {
        gk_items *to = &held[dataset->group[items[i]]];
        to->item[to->n++] = items[i];
    }
    return items ? held : NULL;
}

static int read_own_split(gk_dataset *dataset, gk_h5 *file)
{
    const bool has_held = dataset->n_trained_group > 0 && dataset->n_trained_group < dataset->n_group;
    if (!gk_h5_exists(file, "/split"))
        return has_held ? gk_error("'%s' has groups that are only evaluated, but no split", gk_h5_name(file)) : 0;
    gk_split *split = gk_arena_alloc(&dataset->arena, sizeof *split);
    if (gk_split_read(file, dataset->n_item, dataset->n_answer, &dataset->arena, split) < 0 ||
        check_learnt(dataset, file, "/split/train", split->train, split->n_train) < 0 ||
        check_learnt(dataset, file, "/split/test", split->test, split->n_test) < 0)
        return -1;
    if (has_held) {
        uint8_t *mark = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item);
        split->held_train = read_held(dataset, file, "/split/held_train", mark);
        split->held_test = split->held_train ? read_held(dataset, file, "/split/held_test", mark) : NULL;
        if (!split->held_test)
            return -1;
    }
    dataset->split = split;
    return 0;
}

int gk_dataset_read(gk_dataset *dataset, const char *path)
{
    int status = -1;
    gk_h5 *file = gk_h5_open(path);
    if (!file)
        return -1;
    if (read_head(dataset, file) < 0 || read_items(dataset, file) < 0 || check_sum(dataset, file) < 0)
        goto done;
    status = read_own_split(dataset, file);
done:
    gk_h5_close(file);
    return status;
}
