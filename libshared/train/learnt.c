/* learnt.c -- see learnt.h. */
#include "train/learnt.h"

#include <string.h>

static bool is_learnt(const gk_group *group, const gk_dataset *dataset)
{
    return group->data_sha256 && strcmp(group->data_sha256, dataset->sha256) == 0;
}

int gk_learnt_check(const gk_group *group, const gk_dataset *dataset)
{
    if (is_learnt(group, dataset))
        return 0;
    return gk_error("the data have changed since the checkpoint was made: sha256 %s of '%s', expected %s", dataset->sha256,
                    dataset->task, group->data_sha256 && *group->data_sha256 ? group->data_sha256 : "of none");
}

static bool is_kept(const int32_t *kept, int64_t n_max, const int32_t *item, int64_t n)
{
    return n <= n_max && memcmp(kept, item, (size_t)n * sizeof *item) == 0 && (n == n_max || kept[n] == -1);
}

int gk_learnt_check_split(const gk_group *group, int64_t row, const gk_split *split)
{
    const int32_t *train = group->train ? group->train + row * group->n_train_max : NULL;
    const int32_t *test = group->test ? group->test + row * group->n_test_max : NULL;
    bool same_train = !train || is_kept(train, group->n_train_max, split->train, split->n_train);
    if (same_train && (!test || is_kept(test, group->n_test_max, split->test, split->n_test)))
        return 0;
    return gk_error("the split has changed since the checkpoint was made: other %s items", same_train ? "test" : "train");
}

gk_dataset *gk_learnt_items(const gk_group *group, const gk_data_args *args)
{
    gk_dataset *dataset = gk_dataset_new(args);
    if (!dataset || gk_learnt_check(group, dataset) == 0)
        return dataset;
    gk_dataset_free(dataset);
    return NULL;
}

int gk_learnt_split(const gk_group *group, int64_t replica, const gk_dataset *dataset, const gk_data_args *args,
                    gk_arena *arena, gk_split *out)
{
    if (gk_dataset_split(dataset, args, arena, out) < 0)
        return -1;
    if (!is_learnt(group, dataset))
        return 0;
    return gk_learnt_check_split(group, group->n_split == 1 ? 0 : replica, out);
}
