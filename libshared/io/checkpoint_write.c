/* checkpoint_write.c -- a checkpoint into a file.  The layout is in FORMAT.md. */
#include "io/checkpoint_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/options.h"

typedef struct writer {
    gk_h5      *file;
    const char *prefix;    /* "" or "/group1" */
    gk_arena    arena;     /* paths */
} writer;

/* Path of a parameter or metric below a folder of the current group. */
static const char *join(writer *out, const char *parent, const char *name)
{
    return gk_arena_printf(&out->arena, "%s%s/%s", out->prefix, parent, name);
}

/* A text that may be missing. */
static int set_text(gk_h5 *file, const char *path, const char *name, const char *value)
{
    return value ? gk_h5_set_text(file, path, name, value) : 0;
}

/* --- /runs -------------------------------------------------------------------------------------------------------- */

static int write_runs(writer *out, const gk_group *group)
{
    int64_t        n_replica = group->n_replica;
    int            n = group->n_run_column, status = -1;
    gk_h5_column  *column = calloc((size_t)n + 2, sizeof *column);
    int64_t       *step = calloc((size_t)n_replica + 1, sizeof *step);
    const char   **state = calloc((size_t)n_replica + 1, sizeof *state);

    if (!column || !step || !state) {
        gk_error("cannot write '%s/runs': out of memory for %lld replicas", out->prefix, (long long)n_replica);
        goto done;
    }
    for (int64_t replica = 0; replica < n_replica; replica++) {
        step[replica] = group->replica_step ? group->replica_step[replica] : group->step;
        state[replica] = gk_replica_status_names[group->status ? group->status[replica] : GK_RUNNING];
    }
    for (int i = 0; i < n; i++)
        column[i] = group->run_column[i];
    column[n] = (gk_h5_column){ .name = "replica_step", .type = GK_I64, .data = step };
    column[n + 1] = (gk_h5_column){ .name = "status", .text = state };
    status = gk_h5_write_table(out->file, join(out, "", "runs"), n + 2, column, n_replica);
done:
    free(column);
    free(step);
    free(state);
    return status;
}

static int write_results(writer *out, const gk_group *group)
{
    if (group->n_result_column == 0)
        return 0;
    return gk_h5_write_table(out->file, join(out, "", "landscape"), group->n_result_column, group->result_column,
                             group->n_replica);
}

/* --- parameters --------------------------------------------------------------------------------------------------- */

static int describe_param(gk_h5 *file, const char *path, const gk_param_info *param, int index, const char *first_axes)
{
    char axes[1024];
    bool has_axes = param->axes && *param->axes;

    if (gk_h5_set_int(file, path, "index", index) < 0 || gk_h5_set_bool(file, path, "trainable", param->trainable) < 0 ||
        set_text(file, path, "init", param->init) < 0)
        return -1;
    if (param->n_dim > 0 && !has_axes)
        return 0;
    snprintf(axes, sizeof axes, "%s%s%s", first_axes, has_axes ? "," : "", has_axes ? param->axes : "");
    return gk_h5_set_text(file, path, "axes", axes);
}

/* Create the array [first..., dims...] of a parameter. */
static int create_param(gk_h5 *file, const char *path, gk_dtype real, int n_first, const int64_t *first,
                        const gk_param_info *param)
{
    int64_t dim[GK_H5_MAX_DIM];

    if (param->n_dim > GK_MAX_PARAM_DIM)
        return gk_error("cannot write '%s': %d axes, at most %d are possible", path, param->n_dim, GK_MAX_PARAM_DIM);
    for (int i = 0; i < n_first; i++)
        dim[i] = first[i];
    for (int i = 0; i < param->n_dim; i++)
        dim[n_first + i] = param->dim[i];
    return gk_h5_create_array(file, path, real, n_first + param->n_dim, dim, 0);
}

static const void *at_offset(const void *data, const gk_group *group, const gk_param_info *param)
{
    return (const char *)data + (size_t)param->offset * gk_dtype_size(group->real);
}

static int write_model(writer *out, const gk_group *group)
{
    gk_h5_part all = { 0, group->n_replica, group->n_replica, group->n_real };

    for (int i = 0; group->model && i < group->n_param; i++) {
        const gk_param_info *param = &group->param[i];
        const char *path = join(out, "/model", param->name);
        if (create_param(out->file, path, group->real, 1, &group->n_replica, param) < 0 ||
            describe_param(out->file, path, param, i, "replica") < 0 ||
            gk_h5_write_part(out->file, path, group->real, &all, at_offset(group->model, group, param)) < 0)
            return -1;
    }
    return 0;
}

static int write_slot(writer *out, const gk_group *group, const gk_slot *slot, int index)
{
    int64_t    first[2] = { group->n_replica, slot->depth };
    gk_h5_part all = { 0, group->n_replica, group->n_replica * slot->depth, group->n_real };

    const char *parent = gk_arena_printf(&out->arena, "/optimizer/%s", slot->name);
    const char *ring = join(out, "/optimizer", slot->name);
    if (gk_h5_set_int(out->file, ring, "index", index) < 0 || gk_h5_set_int(out->file, ring, "depth", slot->depth) < 0)
        return -1;
    for (int i = 0; i < group->n_param; i++) {
        const gk_param_info *param = &group->param[i];
        const char *path = join(out, parent, param->name);
        if (create_param(out->file, path, group->real, slot->depth > 1 ? 2 : 1, first, param) < 0 ||
            gk_h5_write_part(out->file, path, group->real, &all, at_offset(slot->data, group, param)) < 0)
            return -1;
    }
    return 0;
}

static int write_slots(writer *out, const gk_group *group)
{
    for (int i = 0; i < group->n_slot; i++)
        if (group->slot[i].data && write_slot(out, group, &group->slot[i], i) < 0)
            return -1;
    return 0;
}

static int write_snapshots(writer *out, const gk_group *group)
{
    int64_t    first[2] = { group->n_snapshot, group->n_replica };
    gk_h5_part part = { 0, 1, group->n_replica, group->n_real };

    if (!group->snapshot || group->n_snapshot == 0)
        return 0;
    if (gk_h5_write(out->file, join(out, "", "snapshots/step"), GK_I64, 1, first, group->snapshot_step, 0) < 0)
        return -1;
    for (int i = 0; i < group->n_param; i++) {
        const gk_param_info *param = &group->param[i];
        const char *path = join(out, "/snapshots", param->name);
        if (strcmp(param->name, "step") == 0)
            return gk_error("cannot write '%s': a parameter cannot be called 'step'", path);
        if (create_param(out->file, path, group->real, 2, first, param) < 0 ||
            describe_param(out->file, path, param, i, "snapshot,replica") < 0)
            return -1;
        for (part.first = 0; part.first < group->n_snapshot; part.first++)
            if (gk_h5_write_part(out->file, path, group->real, &part,
                                 at_offset(group->snapshot[part.first], group, param)) < 0)
                return -1;
    }
    return 0;
}

/* --- the rest of a group ------------------------------------------------------------------------------------------ */

static int write_history(writer *out, const gk_group *group)
{
    const gk_history *history = group->history;

    if (!history)
        return 0;
    int64_t dim[2] = { history->n_record, history->n_replica };
    if (gk_h5_write(out->file, join(out, "", "history/step"), GK_I64, 1, dim, history->step, GK_H5_PACK) < 0)
        return -1;
    for (int metric = 0; metric < history->n_metric; metric++) {
        const char *path = join(out, "/history", history->name[metric]);
        if (strcmp(history->name[metric], "step") == 0)
            return gk_error("cannot write '%s': a metric cannot be called 'step'", path);
        if (gk_h5_write(out->file, path, GK_F64, 2, dim, history->value[metric], GK_H5_PACK) < 0 ||
            gk_h5_set_int(out->file, path, "index", metric) < 0)
            return -1;
    }
    return 0;
}

static int write_data(writer *out, const gk_group *group)
{
    int64_t train[2] = { group->n_split, group->n_train_max }, test[2] = { group->n_split, group->n_test_max };

    if (!group->task && !group->data_sha256 && !group->train && !group->test)
        return 0;
    const char *path = join(out, "", "data");
    if (set_text(out->file, path, "task", group->task) < 0 || set_text(out->file, path, "sha256", group->data_sha256) < 0 ||
        gk_h5_set_int(out->file, path, "n_item", group->n_item) < 0)
        return -1;
    if (group->train && gk_h5_write(out->file, join(out, "", "data/train"), GK_I32, 2, train, group->train, GK_H5_PACK) < 0)
        return -1;
    if (group->test && gk_h5_write(out->file, join(out, "", "data/test"), GK_I32, 2, test, group->test, GK_H5_PACK) < 0)
        return -1;
    if (group->n_subclass == 0)
        return 0;
    const gk_h5_column name = { .name = "name", .text = group->subclass_name };
    return gk_h5_write(out->file, join(out, "", "data/subclass"), GK_I32, 1, &group->n_item, group->subclass, GK_H5_PACK) < 0
               ? -1 : gk_h5_write_table(out->file, join(out, "", "data/subclass_name"), 1, &name, group->n_subclass);
}

static int write_contents(writer *out, const gk_group *group)
{
    gk_h5      *file = out->file;
    const char *path = *out->prefix ? out->prefix : "/";

    if (gk_h5_set_int(file, path, "step", group->step) < 0 || gk_h5_set_int(file, path, "n_replica", group->n_replica) < 0 ||
        gk_h5_set_text(file, path, "real", gk_dtype_name(group->real)) < 0)
        return -1;
    if (write_runs(out, group) < 0 || write_results(out, group) < 0 || write_model(out, group) < 0 || write_slots(out, group) < 0)
        return -1;
    if (write_data(out, group) < 0 || write_history(out, group) < 0)
        return -1;
    return write_snapshots(out, group);
}

static int write_group(gk_h5 *file, const gk_group *group, int index)
{
    char   prefix[32] = "";
    writer out = { .file = file, .prefix = prefix };

    if (index > 0)
        snprintf(prefix, sizeof prefix, "/group%d", index);
    int status = write_contents(&out, group);
    gk_arena_release(&out.arena);
    return status;
}

/* --- what the whole file shares ----------------------------------------------------------------------------------- */

static int write_root(gk_h5 *file, const gk_checkpoint *checkpoint)
{
    const struct { const char *name, *value; } text[] = {
        { "tool", checkpoint->tool },       { "tool_version", checkpoint->tool_version },
        { "command_line", checkpoint->command_line }, { "created", checkpoint->created },
        { "device", checkpoint->device },   { "precision", checkpoint->precision },
    };

    if (gk_h5_set_text(file, "/", "format", GK_CHECKPOINT_FORMAT) < 0 ||
        gk_h5_set_int(file, "/", "format_version", GK_FORMAT_VERSION) < 0 ||
        gk_h5_set_int(file, "/", "n_group", checkpoint->n_group) < 0)
        return -1;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        if (set_text(file, "/", text[i].name, text[i].value) < 0)
            return -1;
    return checkpoint->trimmed ? gk_h5_set_bool(file, "/", "trimmed", true) : 0;
}

static int write_config(gk_h5 *file, const gk_checkpoint *checkpoint)
{
    for (int i = 0; i < checkpoint->n_config; i++) {
        const gk_config_entry *entry = &checkpoint->config[i];
        int                    status = 0;
        if (entry->text)
            status = gk_h5_set_text(file, "/config", entry->name, entry->text);
        else if (entry->type == GK_SWITCH)
            status = gk_h5_set_bool(file, "/config", entry->name, entry->integer != 0);
        else if (entry->type == GK_INT)
            status = gk_h5_set_int(file, "/config", entry->name, entry->integer);
        else if (entry->type == GK_REAL)
            status = gk_h5_set_real(file, "/config", entry->name, entry->real);
        if (status < 0)
            return -1;
    }
    return 0;
}

/* n_left: ancestors that may still be written. */
/* NOLINTNEXTLINE(misc-no-recursion): at most GK_MAX_LINEAGE generations */
static int write_parents(gk_h5 *file, const char *parent_path, int n_parent, const gk_parent *parent, int depth, int *n_left)
{
    char path[16 * (GK_MAX_LINEAGE + 2)];

    for (int i = 0; i < n_parent && depth < GK_MAX_LINEAGE && *n_left > 0; i++) {
        snprintf(path, sizeof path, "%s/parent%d", parent_path, i);
        --*n_left;
        if (set_text(file, path, "role", parent[i].role) < 0 || set_text(file, path, "path", parent[i].path) < 0 ||
            set_text(file, path, "sha256", parent[i].sha256) < 0 ||
            write_parents(file, path, parent[i].n_parent, parent[i].parent, depth + 1, n_left) < 0)
            return -1;
    }
    return 0;
}

int gk_checkpoint_write(const gk_checkpoint *checkpoint, const char *path)
{
    int    n_ancestor = GK_MAX_ANCESTOR;
    gk_h5 *file = gk_h5_create(path);

    if (!file)
        return -1;
    int status = write_root(file, checkpoint);
    if (status == 0)
        status = write_config(file, checkpoint);
    for (int group = 0; status == 0 && group < checkpoint->n_group; group++)
        status = write_group(file, &checkpoint->group[group], group);
    if (status == 0)
        status = write_parents(file, "/lineage", checkpoint->n_parent, checkpoint->parent, 0, &n_ancestor);
    if (status < 0) {
        gk_h5_discard(file);
        return -1;
    }
    return gk_h5_commit(file);
}
