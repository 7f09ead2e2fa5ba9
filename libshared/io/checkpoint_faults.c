/* checkpoint_faults.c -- everything that is wrong with a checkpoint, not only the first thing. */
#include "io/checkpoint_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FAULT = 1000 };

typedef struct fault_list {
    gk_arena    *arena;
    const char **line;
    int          n;
} fault_list;

/* Note the recorded message if status says that there is one; status. */
static int note(fault_list *faults, int status)
{
    if (status < 0 && faults->n < MAX_FAULT)
        faults->line[faults->n++] = gk_arena_strdup(faults->arena, gk_error_message());
    return status;
}

/* --- what no reader stumbles over --------------------------------------------------------------------------------- */

static bool all_finite(const void *data, gk_dtype real, int64_t first, int64_t n)
{
    for (int64_t i = first; i < first + n; i++)
        if (!isfinite(real == GK_F32 ? (double)((const float *)data)[i] : ((const double *)data)[i]))
            return false;
    return true;
}

/* A replica with a parameter that is not finite must say that it has diverged. */
static int check_finite(const gk_reader *reader, const gk_group *group, const char *prefix)
{
    for (int64_t replica = 0; group->model && replica < group->n_replica; replica++) {
        for (int i = 0; group->status[replica] != GK_DIVERGED && i < group->n_param; i++) {
            const gk_param_info *param = &group->param[i];
            if (!all_finite(group->model, group->real, replica * group->n_real + param->offset, param->size))
                return gk_error("'%s/model/%s' in '%s': replica %lld has values that are not finite, but is not marked diverged",
                                prefix, param->name, gk_h5_name(reader->file), (long long)replica);
        }
    }
    return 0;
}

static int check_history_end(const gk_reader *reader, const gk_group *group, const char *prefix)
{
    const gk_history *history = group->history;

    if (history && history->n_record > 0 && history->step[history->n_record - 1] > group->step)
        return gk_error("'%s/history/step' in '%s' goes on to step %lld, after the checkpoint's own step %lld", prefix,
                        gk_h5_name(reader->file), (long long)history->step[history->n_record - 1], (long long)group->step);
    return 0;
}

static int by_value(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;

    return (left > right) - (left < right);
}

/* The items of one row, without padding, sorted into `sorted`; how many. */
static int64_t sort_row(int32_t *sorted, const int32_t *row, int64_t n_max)
{
    int64_t n = 0;

    for (; n < n_max && row[n] >= 0; n++)
        sorted[n] = row[n];
    qsort(sorted, (size_t)n, sizeof *sorted, by_value);
    return n;
}

/* No item may be twice in train, or in train and test. */
static int check_split(const gk_reader *reader, const gk_group *group, const char *prefix)
{
    int     status = 0;
    int32_t twice = -1;

    if (!group->train)
        return 0;
    int32_t *sorted = calloc((size_t)group->n_train_max + 1, sizeof *sorted);
    if (!sorted)
        return gk_error("cannot check '%s/data' in '%s': out of memory", prefix, gk_h5_name(reader->file));
    for (int64_t row = 0; status == 0 && row < group->n_split; row++) {
        int64_t n = sort_row(sorted, group->train + row * group->n_train_max, group->n_train_max);
        for (int64_t i = 1; i < n; i++)
            twice = sorted[i] == sorted[i - 1] ? sorted[i] : twice;
        for (int64_t i = 0; group->test && i < group->n_test_max; i++) {
            const int32_t *item = group->test + row * group->n_test_max + i;
            twice = *item >= 0 && bsearch(item, sorted, (size_t)n, sizeof *sorted, by_value) ? *item : twice;
        }
        if (twice >= 0)
            status = gk_error("'%s/data' in '%s': item %d is used twice in split %lld", prefix, gk_h5_name(reader->file), twice,
                              (long long)row);
    }
    free(sorted);
    return status;
}

static bool is_sha256(const char *text)
{
    return !*text || (strlen(text) == GK_SHA256_HEX - 1 && strspn(text, "0123456789abcdef") == GK_SHA256_HEX - 1);
}

/* NOLINTNEXTLINE(misc-no-recursion): what was read has at most GK_MAX_LINEAGE generations */
static int check_lineage(const gk_reader *reader, int n_parent, const gk_parent *parent)
{
    for (int i = 0; i < n_parent; i++) {
        if (!is_sha256(parent[i].sha256))
            return gk_error("'/lineage' in '%s': the sha256 of '%s' is '%.80s'", gk_h5_name(reader->file), parent[i].path,
                            parent[i].sha256);
        if (check_lineage(reader, parent[i].n_parent, parent[i].parent) < 0)
            return -1;
    }
    return 0;
}

/* ------------------------------------------------------------------------------------------------------------------ */

static void check_group(fault_list *faults, gk_reader *reader, gk_group *group, const char *prefix)
{
    if (note(faults, gk_read_runs(reader, group, prefix)) < 0)
        return;    /* the number of replicas is part of every shape */
    note(faults, gk_read_results(reader, group, prefix));
    if (note(faults, gk_read_params(reader, group, prefix)) == 0) {
        int read = note(faults, gk_read_model(reader, group, prefix));
        if (read == 0)
            note(faults, check_finite(reader, group, prefix));
        note(faults, gk_read_slots(reader, group, prefix));
        note(faults, gk_read_snapshots(reader, group, prefix));
    }
    if (note(faults, gk_read_history(reader, group, prefix)) == 0)
        note(faults, check_history_end(reader, group, prefix));
    if (note(faults, gk_read_data(reader, group, prefix)) == 0) {
        note(faults, check_split(reader, group, prefix));
        if (!is_sha256(group->data_sha256))
            note(faults, gk_error("attribute 'sha256' of '%s/data' in '%s' is '%.80s'", prefix, gk_h5_name(reader->file),
                                  group->data_sha256));
    }
}

int gk_checkpoint_faults(gk_h5 *file, gk_arena *arena, const char ***lines)
{
    gk_reader  reader;
    fault_list faults = { arena, gk_arena_alloc(arena, MAX_FAULT * sizeof *faults.line), 0 };

    if (note(&faults, gk_reader_init(&reader, file, GK_READ_ALL)) == 0 && note(&faults, gk_read_root(&reader)) == 0) {
        note(&faults, gk_read_config(&reader));
        for (int i = 0; i < reader.checkpoint->n_group; i++)
            check_group(&faults, &reader, &reader.checkpoint->group[i], i ? gk_arena_printf(arena, "/group%d", i) : "");
        if (note(&faults, gk_read_lineage(&reader)) == 0)
            note(&faults, check_lineage(&reader, reader.checkpoint->n_parent, reader.checkpoint->parent));
    }
    gk_checkpoint_free(reader.checkpoint);
    *lines = faults.line;
    return faults.n;
}
