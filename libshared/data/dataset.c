/* dataset.c -- the list of tasks, and making and freeing datasets. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include "data/build.h"
#include "data/dataset.h"

const char *const gk_task_names[] = {
#define DATASET(name, description, builder) name,
#include "data/datasets.def"
#undef DATASET
    NULL
};

const char *const gk_task_descriptions[] = {
#define DATASET(name, description, builder) description,
#include "data/datasets.def"
#undef DATASET
    NULL
};

static gk_dataset_builder *const builders[] = {
#define DATASET(name, description, builder) builder,
#include "data/datasets.def"
#undef DATASET
};

enum { N_TASK = sizeof builders / sizeof *builders };

const char *const gk_sequence_names[] = {
    [GK_SEQ_EQ] = "eq", [GK_SEQ_OP_EQ] = "op-eq", [GK_SEQ_OP_MOD] = "op-mod", [GK_SEQ_PAIR] = "pair", NULL
};

const char *gk_task_name(const gk_data_args *args)
{
    return gk_task_names[args->task];
}

/* What only joint datasets say of themselves. */
static void name_groups(gk_dataset *dataset)
{
    static const char *const only = "p1";
    if (dataset->group_task)
        return;
    if (!dataset->group_name)
        *(dataset->group_name = gk_arena_alloc(&dataset->arena, sizeof *dataset->group_name)) = only;
    dataset->group_task = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_group * sizeof *dataset->group_task);
    for (int group = 0; group < dataset->n_group; group++)
        dataset->group_task[group] = dataset->n_group == 1 ? dataset->task : dataset->group_name[group];
    dataset->n_trained_group = dataset->n_group;
}

gk_dataset *gk_dataset_new(const gk_data_args *args)
{
    int status;
    gk_dataset *dataset = calloc(1, sizeof *dataset);
    if (!dataset) {
        gk_error("out of memory for a dataset");
        return NULL;
    }
    dataset->n_group = dataset->n_trained_group = 1;
    if ((args->join || args->also_eval) && (args->data_file || args->split_file)) {
        status = gk_error("'--join' and '--also-eval' cannot be given with '--data' or '--split'");
    } else if (args->join || args->also_eval) {
        status = gk_joint_build(dataset, args);
        if (status == 0)
            gk_dataset_sum(dataset);
    } else if (args->data_file) {
        status = gk_dataset_read(dataset, args->data_file);
    } else if (args->task < 0 || args->task >= N_TASK) {
        status = gk_error("task %d is not one of 0..%d", args->task, N_TASK - 1);
    } else {
        status = builders[args->task](dataset, args);
        if (status == 0)
            gk_dataset_sum(dataset);
    }
    if (status < 0) {
        gk_dataset_free(dataset);
        return NULL;
    }
    name_groups(dataset);
    return dataset;
}

void gk_dataset_free(gk_dataset *dataset)
{
    if (!dataset)
        return;
    gk_arena_release(&dataset->arena);
    free(dataset);
}

const gk_split *gk_dataset_stored_split(const gk_dataset *dataset)
{
    return dataset->split;
}

/* Add n 32-bit words, little-endian. */
static void sum_words(gk_sha256 *sum, const void *words, int64_t n)
{
    enum { N_CHUNK = 4096 };
    uint32_t chunk[N_CHUNK];
    for (int64_t first = 0; first < n; first += N_CHUNK) {
        int64_t n_here = n - first < N_CHUNK ? n - first : N_CHUNK;
        memcpy(chunk, (const char *)words + first * 4, (size_t)n_here * 4);
        for (int64_t i = 0; i < n_here; i++)
            chunk[i] = htole32(chunk[i]);
        gk_sha256_add(sum, chunk, (size_t)n_here * 4);
    }
}

void gk_dataset_sum(gk_dataset *dataset)
{
    const int64_t n_item = dataset->n_item;
    const int64_t sizes[] = { n_item, dataset->n_token, dataset->n_real, dataset->n_vocab, dataset->n_answer, dataset->n_group };
    gk_sha256 *sum = gk_sha256_new();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t size = htole64((uint64_t)sizes[i]);
        gk_sha256_add(sum, &size, sizeof size);
    }
    sum_words(sum, dataset->token, n_item * dataset->n_token);
    sum_words(sum, dataset->label, n_item);
    if (dataset->group)
        sum_words(sum, dataset->group, n_item);
    sum_words(sum, dataset->real, n_item * dataset->n_real);
    gk_sha256_free(sum, dataset->sha256);
}
