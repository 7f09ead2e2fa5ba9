/* file_split.c -- reading the split of a dataset file; the layout is in FORMAT.md. */
#include <inttypes.h>
#include "data/build.h"

/* One half of a split: in range, and no item that is marked already. */
static int32_t *read_part(gk_h5 *file, const char *path, int64_t n_item, gk_arena *arena, uint8_t *mark, int64_t *n)
{
    const int64_t any = -1;
    int32_t *items = gk_h5_read_new(file, path, GK_I32, 1, &any, arena, n);
    if (!items || gk_check_range(file, path, items, *n, n_item) < 0)
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
    return out->train_label ? gk_check_range(file, "/split/train_label", out->train_label, out->n_train, n_answer) : -1;
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

int gk_own_split_read(gk_dataset *dataset, gk_h5 *file)
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
