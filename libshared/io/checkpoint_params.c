/* checkpoint_params.c -- reading parameters, optimiser state and snapshots: arrays that share the shapes of /model. */
#include "io/checkpoint_private.h"

#include <stdio.h>
#include <string.h>

/* Fill in one parameter from its array, which has n_first axes in front; the last of those is the replica. */
static int read_param(gk_reader *reader, gk_group *group, const char *path, int n_first, gk_param_info *param)
{
    gk_arena   *arena = &reader->checkpoint->arena;
    const char *file = gk_h5_name(reader->file), *axes = "";
    gk_dtype    type;
    int         n_dim;
    int64_t     dim[GK_H5_MAX_DIM];

    if (gk_h5_shape(reader->file, path, &type, &n_dim, dim) < 0)
        return -1;
    if (n_dim < n_first || n_dim - n_first > GK_MAX_PARAM_DIM || dim[n_first - 1] != group->n_replica)
        return gk_error("'%s' in '%s' does not have the shape of %lld replicas of a parameter", path, file,
                        (long long)group->n_replica);
    if ((type != GK_F32 && type != GK_F64) || (group->n_param > 0 && type != group->real))
        return gk_error("'%s' in '%s' is %s, expected float32 or float64, the same for all parameters", path, file,
                        gk_dtype_name(type));
    group->real = type;
    param->n_dim = n_dim - n_first;
    param->size = 1;
    for (int i = 0; i < param->n_dim; i++) {
        param->dim[i] = dim[n_first + i];
        param->size *= param->dim[i];    /* gk_h5_shape has checked that the whole fits into the file */
    }
    if (param->size < 1)
        return gk_error("'%s' in '%s' is empty", path, file);
    param->offset = group->n_real;
    group->n_real += param->size;
    param->trainable = true;
    param->init = "";
    if (gk_h5_has(reader->file, path, "trainable") && gk_h5_get_bool(reader->file, path, "trainable", &param->trainable) < 0)
        return -1;
    if (gk_h5_has(reader->file, path, "init") && !(param->init = gk_h5_get_text(reader->file, path, "init", arena)))
        return -1;
    if (gk_h5_has(reader->file, path, "axes") && !(axes = gk_h5_get_text(reader->file, path, "axes", arena)))
        return -1;
    for (int i = 0; i < n_first && *axes; i++) {
        axes += strcspn(axes, ",");
        axes += *axes == ',';
    }
    param->axes = axes;
    return 0;
}

int gk_read_params(gk_reader *reader, gk_group *group, const char *prefix)
{
    const char *parent = gk_reader_path(reader, prefix, "model"), *owner = *prefix ? prefix : "/", *real;
    int         n_first = 1, n;

    if (!gk_h5_exists(reader->file, parent)) {    /* without /model, snapshots may tell the shapes */
        parent = gk_reader_path(reader, prefix, "snapshots");
        n_first = 2;
    }
    const char **name = gk_reader_list(reader, parent, "step", &n);
    if (!name)
        return -1;
    if (gk_h5_has(reader->file, owner, "real")) {
        if (!(real = gk_h5_get_text(reader->file, owner, "real", &reader->checkpoint->arena)))
            return -1;
        group->real = strcmp(real, gk_dtype_name(GK_F64)) == 0 ? GK_F64 : GK_F32;
    }
    group->param = gk_arena_alloc(&reader->checkpoint->arena, ((size_t)n + 1) * sizeof *group->param);
    for (; group->n_param < n; group->n_param++) {
        gk_param_info *param = &group->param[group->n_param];
        param->name = name[group->n_param];
        if (read_param(reader, group, gk_reader_path(reader, parent, param->name), n_first, param) < 0)
            return -1;
        if (group->n_real > gk_h5_n_bytes(reader->file))    /* the same array listed many times */
            return gk_error("'%s' in '%s' claims more parameters than the file can hold", parent, gk_h5_name(reader->file));
    }
    return 0;
}

/* Bytes of one replica's parameters. */
static int64_t replica_bytes(const gk_group *group)
{
    return group->n_real * (int64_t)gk_dtype_size(group->real);
}

/* Read the rows `part` of every parameter's array, whose first axes are `first`, into an arena. */
static int read_arena(gk_reader *reader, const gk_group *group, const char *parent, int n_first, const int64_t *first,
                      const gk_h5_part *part, void *arena)
{
    for (int i = 0; i < group->n_param; i++) {
        const gk_param_info *param = &group->param[i];
        int64_t              dim[GK_H5_MAX_DIM];
        char                *at = (char *)arena + (size_t)param->offset * gk_dtype_size(group->real);
        for (int axis = 0; axis < n_first; axis++)
            dim[axis] = first[axis];
        for (int axis = 0; axis < param->n_dim; axis++)
            dim[n_first + axis] = param->dim[axis];
        if (gk_h5_read_part(reader->file, gk_reader_path(reader, parent, param->name), group->real, n_first + param->n_dim, dim,
                            part, at) < 0)
            return -1;
    }
    return 0;
}

int gk_read_model(gk_reader *reader, gk_group *group, const char *prefix)
{
    const char *parent = gk_reader_path(reader, prefix, "model");
    gk_h5_part  all = { 0, group->n_replica, group->n_replica, group->n_real };

    if (!(reader->parts & GK_READ_MODEL) || !gk_h5_exists(reader->file, parent) || group->n_param == 0)
        return 0;
    group->model = gk_reader_array(reader, &reader->raw_left, group->n_replica, replica_bytes(group), parent);
    return group->model ? read_arena(reader, group, parent, 1, &group->n_replica, &all, group->model) : -1;
}

static int read_slot(gk_reader *reader, gk_group *group, const char *parent, gk_slot *slot)
{
    const char *path = gk_reader_path(reader, parent, slot->name);
    int64_t     first[2] = { group->n_replica, 1 }, n_row;

    slot->depth = 1;
    if (gk_h5_has(reader->file, path, "depth") && gk_h5_get_int(reader->file, path, "depth", &slot->depth) < 0)
        return -1;
    first[1] = slot->depth;
    if (slot->depth < 1 || __builtin_mul_overflow(group->n_replica, slot->depth, &n_row))
        return gk_error("attribute 'depth' of '%s' in '%s' is %lld", path, gk_h5_name(reader->file), (long long)slot->depth);
    if (!(reader->parts & GK_READ_OPTIMIZER))
        return 0;
    gk_h5_part all = { 0, group->n_replica, n_row, group->n_real };
    slot->data = gk_reader_array(reader, &reader->raw_left, n_row, replica_bytes(group), path);
    return slot->data ? read_arena(reader, group, path, slot->depth > 1 ? 2 : 1, first, &all, slot->data) : -1;
}

/* Slots in the order of their attribute `index`; those without it come last, by name. */
static void order_slots(gk_slot *slot, int64_t *index, int n)
{
    for (int i = 1; i < n; i++) {
        gk_slot moving = slot[i];
        int64_t key = index[i];
        int     at = i;
        for (; at > 0 && index[at - 1] > key; at--) {
            slot[at] = slot[at - 1];
            index[at] = index[at - 1];
        }
        slot[at] = moving;
        index[at] = key;
    }
}

int gk_read_slots(gk_reader *reader, gk_group *group, const char *prefix)
{
    enum { MAX_SLOT = 64 };
    const char  *parent = gk_reader_path(reader, prefix, "optimizer");
    int64_t      index[MAX_SLOT];
    int          n;
    const char **name = gk_h5_children(reader->file, parent, &reader->checkpoint->arena, &n);

    if (!name)
        return -1;
    if (n > MAX_SLOT || (n > 0 && group->n_param == 0))
        return gk_error("'%s' in '%s' has %d slots for %d parameters", parent, gk_h5_name(reader->file), n, group->n_param);
    group->slot = gk_arena_alloc(&reader->checkpoint->arena, ((size_t)n + 1) * sizeof *group->slot);
    for (int i = 0; i < n; i++) {
        const char *path = gk_reader_path(reader, parent, name[i]);
        index[i] = INT64_MAX;
        group->slot[i].name = name[i];
        if (gk_h5_has(reader->file, path, "index") && gk_h5_get_int(reader->file, path, "index", &index[i]) < 0)
            return -1;
    }
    order_slots(group->slot, index, n);
    for (; group->n_slot < n; group->n_slot++)
        if (read_slot(reader, group, parent, &group->slot[group->n_slot]) < 0)
            return -1;
    return 0;
}

int gk_read_snapshots(gk_reader *reader, gk_group *group, const char *prefix)
{
    const char *parent = gk_reader_path(reader, prefix, "snapshots"), *path = gk_reader_path(reader, parent, "step");
    gk_arena   *arena = &reader->checkpoint->arena;
    int64_t     first[2] = { -1, group->n_replica }, any = -1;

    if (!gk_h5_exists(reader->file, parent))
        return 0;
    group->snapshot_step = gk_h5_read_new(reader->file, path, GK_I64, 1, &any, arena, &group->n_snapshot);
    if (!group->snapshot_step || gk_reader_check_steps(reader, group->snapshot_step, group->n_snapshot, path) < 0)
        return -1;
    if (!(reader->parts & GK_READ_SNAPSHOTS) || group->n_snapshot == 0 || group->n_param == 0)
        return 0;
    first[0] = group->n_snapshot;
    group->snapshot = gk_arena_alloc(arena, (size_t)group->n_snapshot * sizeof *group->snapshot);
    for (int64_t i = 0; i < group->n_snapshot; i++) {
        gk_h5_part part = { i, 1, group->n_replica, group->n_real };
        group->snapshot[i] = gk_reader_array(reader, &reader->raw_left, group->n_replica, replica_bytes(group), parent);
        if (!group->snapshot[i] || read_arena(reader, group, parent, 2, first, &part, group->snapshot[i]) < 0)
            return -1;
    }
    return 0;
}
