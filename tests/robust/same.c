/* same.c -- do two checkpoints hold the same model, optimiser state, snapshots, splits and history, byte for byte?
 *
 *   same A B          exit 0: they do; 1: no, or unreadable, with one line on stderr */
#include <stdio.h>
#include <string.h>
#include "io/checkpoint.h"

static int differ(int group, const char *what)
{
    fprintf(stderr, "same: %s of group %d differs\n", what, group);
    return -1;
}

static int same_bytes(const void *a, const void *b, size_t n_bytes)
{
    if (!a || !b)
        return !a && !b;
    return memcmp(a, b, n_bytes) == 0;
}

static int compare_history(int group, const gk_history *a, const gk_history *b)
{
    if (a->n_metric != b->n_metric || a->n_record != b->n_record || a->n_replica != b->n_replica)
        return differ(group, "size of the history");
    if (!same_bytes(a->step, b->step, (size_t)a->n_record * sizeof *a->step))
        return differ(group, "steps of the history");
    for (int metric = 0; metric < a->n_metric; metric++) {
        if (strcmp(a->name[metric], b->name[metric]) != 0)
            return differ(group, "metrics of the history");
        if (!same_bytes(a->value[metric], b->value[metric], (size_t)(a->n_record * a->n_replica) * sizeof(double)))
            return differ(group, a->name[metric]);
    }
    return 0;
}

static int compare_optimizer(int group, const gk_group *a, const gk_group *b, size_t n_bytes)
{
    if (a->n_slot != b->n_slot)
        return differ(group, "number of optimiser slots");
    for (int slot = 0; slot < a->n_slot; slot++)
        if (strcmp(a->slot[slot].name, b->slot[slot].name) != 0 || a->slot[slot].depth != b->slot[slot].depth ||
            !same_bytes(a->slot[slot].data, b->slot[slot].data, n_bytes * (size_t)a->slot[slot].depth))
            return differ(group, a->slot[slot].name);
    return 0;
}

static int compare_group(int group, const gk_group *a, const gk_group *b)
{
    if (a->n_replica != b->n_replica || a->n_real != b->n_real || a->real != b->real || a->step != b->step)
        return differ(group, "number of replicas, reals or steps");
    size_t n_bytes = (size_t)(a->n_replica * a->n_real) * gk_dtype_size(a->real), n_replica = (size_t)a->n_replica;
    if (!same_bytes(a->replica_step, b->replica_step, n_replica * sizeof *a->replica_step) ||
        !same_bytes(a->status, b->status, n_replica * sizeof *a->status))
        return differ(group, "state of the replicas");
    if (!same_bytes(a->model, b->model, n_bytes))
        return differ(group, "model");
    if (a->n_snapshot != b->n_snapshot ||
        !same_bytes(a->snapshot_step, b->snapshot_step, (size_t)a->n_snapshot * sizeof *a->snapshot_step))
        return differ(group, "steps of the snapshots");
    for (int64_t snapshot = 0; snapshot < a->n_snapshot; snapshot++)
        if (!same_bytes(a->snapshot[snapshot], b->snapshot[snapshot], n_bytes))
            return differ(group, "a snapshot");
    if (a->n_split != b->n_split || a->n_train_max != b->n_train_max ||
        !same_bytes(a->train, b->train, (size_t)(a->n_split * a->n_train_max) * sizeof *a->train))
        return differ(group, "split");
    if (compare_optimizer(group, a, b, n_bytes) < 0)
        return -1;
    return compare_history(group, a->history, b->history);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: same A B\n");
        return 2;
    }
    int status = 1;
    gk_checkpoint *a = gk_checkpoint_read(argv[1], GK_READ_ALL), *b = a ? gk_checkpoint_read(argv[2], GK_READ_ALL) : NULL;
    if (!b) {
        fprintf(stderr, "same: %s\n", gk_error_message());
        goto done;
    }
    if (a->n_group != b->n_group) {
        fprintf(stderr, "same: %d groups and %d groups\n", a->n_group, b->n_group);
        goto done;
    }
    for (int group = 0; group < a->n_group; group++)
        if (compare_group(group, &a->group[group], &b->group[group]) < 0)
            goto done;
    status = 0;
done:
    gk_checkpoint_free(a);
    gk_checkpoint_free(b);
    return status;
}
