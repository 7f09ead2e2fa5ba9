/* dataset.c -- the list of tasks, and making and freeing datasets. */
#include <stdlib.h>
#include <string.h>
#include "base/classes.h"
#include "data/build.h"
#include "data/dataset.h"

const char *const gk_task_names[] = {
#define DATASET(name, description, builder, traits) name,
#include "data/datasets.def"
#undef DATASET
    NULL
};

const char *const gk_task_descriptions[] = {
#define DATASET(name, description, builder, traits) description,
#include "data/datasets.def"
#undef DATASET
    NULL
};

static gk_dataset_builder *const builders[] = {
#define DATASET(name, description, builder, traits) builder,
#include "data/datasets.def"
#undef DATASET
};

static const unsigned traits_of[] = {
#define DATASET(name, description, builder, traits) traits,
#include "data/datasets.def"
#undef DATASET
};

enum { N_TASK = sizeof builders / sizeof *builders };

GK_CHOICE_NAMES(gk_sequence, GK_SEQUENCES);
GK_CHOICE_NAMES(gk_latents, GK_LATENT_KINDS);
GK_CHOICE_NAMES(gk_covariance, GK_COVARIANCES);

const char *gk_task_name(const gk_data_args *args)
{
    return gk_task_names[args->task];
}

bool gk_task_has(int task, unsigned traits)
{
    return (traits_of[task] & traits) == traits;
}

int gk_task_find(const char *name)
{
    for (int task = 0; gk_task_names[task]; task++)
        if (strcmp(gk_task_names[task], name) == 0)
            return task;
    return -1;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Does the data seed decide what the items are?  Of the tasks that can be joined one is drawn. */
static bool is_seeded(const gk_data_args *args)
{
    return gk_task_has(args->task, GK_TASK_SEEDED) || (args->join && strstr(args->join, "random:")) ||
           (args->also_eval && strstr(args->also_eval, "random:"));
}

/* What of the items is said in words. */
enum { N_TEXT = 6 };
static void texts_of(const gk_data_args *args, const char *text[N_TEXT])
{
    text[0] = args->join;
    text[1] = args->also_eval;
    text[2] = args->formula;
    text[3] = args->table_file;
    text[4] = args->finite_group;
    text[5] = args->reviews_file;
}

bool gk_data_same_items(const gk_data_args *a, const gk_data_args *b)
{
    const char *one[N_TEXT], *other[N_TEXT];
    if (a->data_file || b->data_file)
        return same_text(a->data_file, b->data_file);
    texts_of(a, one);
    texts_of(b, other);
    for (int i = 0; i < N_TEXT; i++)
        if (!same_text(one[i], other[i]))
            return false;
    return a->task == b->task && a->prime == b->prime && a->sequence == b->sequence && a->vocab_prime == b->vocab_prime &&
           a->n_item == b->n_item && a->latents == b->latents && a->n_test == b->n_test && a->sigma == b->sigma &&
           a->separation == b->separation && a->n_dim == b->n_dim && a->parity == b->parity && a->covariance == b->covariance &&
           a->n_word == b->n_word && a->n_length == b->n_length &&
           (a->data_seed == b->data_seed || !is_seeded(a));
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
    return text ? gk_hash_bytes(hash, text, strlen(text)) : gk_hash_whole(hash, 0);
}

uint64_t gk_data_hash_items(const gk_data_args *args)
{
    const char *text[N_TEXT];
    if (args->data_file)
        return hash_text(GK_HASH, args->data_file);
    const int64_t whole[] = { args->task, args->prime, args->sequence, args->vocab_prime, args->n_item, args->latents,
                              args->n_test, args->n_dim, args->parity, args->covariance, args->n_word, args->n_length,
                              is_seeded(args) ? args->data_seed : 0 };
    uint64_t hash = gk_hash_real(gk_hash_real(GK_HASH, args->sigma), args->separation);
    texts_of(args, text);
    for (int i = 0; i < N_TEXT; i++)
        hash = hash_text(hash, text[i]);
    return gk_hash_bytes(hash, whole, sizeof whole);
}

/* What most builders leave out. */
static void name_groups(gk_dataset *dataset)
{
    static const char *const only = "p1";
    if (dataset->n_trained_group == 0)
        dataset->n_trained_group = dataset->n_group;
    if (!dataset->group_name)
        *(dataset->group_name = gk_arena_alloc(&dataset->arena, sizeof *dataset->group_name)) = only;
    if (dataset->group_task)
        return;
    dataset->group_task = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_group * sizeof *dataset->group_task);
    for (int group = 0; group < dataset->n_group; group++)
        dataset->group_task[group] = dataset->n_group == 1 ? dataset->task : dataset->group_name[group];
}

/* The items, by whatever makes them. */
static int build(gk_dataset *dataset, const gk_data_args *args)
{
    const bool is_joint = args->join || args->also_eval;
    if (is_joint && (args->data_file || args->split_file))
        return gk_usage_error("'--join' and '--also-eval' cannot be given with '--data' or '--split'");
    if (args->data_file)
        return gk_dataset_read(dataset, args->data_file);
    if (args->task < 0 || args->task >= N_TASK)
        return gk_error("task %d is not one of 0..%d", args->task, N_TASK - 1);
    return (is_joint ? gk_joint_build : builders[args->task])(dataset, args);
}

gk_dataset *gk_dataset_begin(void)
{
    gk_dataset *dataset = calloc(1, sizeof *dataset);
    if (!dataset)
        gk_error("out of memory for a dataset");
    else
        dataset->n_group = 1;
    return dataset;
}

int gk_dataset_finish(gk_dataset *dataset, const gk_data_args *args)
{
    if (!*dataset->sha256)
        gk_dataset_sum(dataset);
    name_groups(dataset);
    return gk_subclass(dataset, args);
}

gk_dataset *gk_dataset_new(const gk_data_args *args)
{
    gk_dataset *dataset = gk_dataset_begin();
    if (dataset && (build(dataset, args) < 0 || gk_dataset_finish(dataset, args) < 0)) {
        gk_dataset_free(dataset);
        return NULL;
    }
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

const char *gk_dataset_answer(const gk_dataset *dataset, int64_t answer)
{
    if (dataset->answer_name)
        return answer >= 0 && answer < dataset->n_answer ? dataset->answer_name[answer] : NULL;
    return dataset->n_token > 0 && answer >= 0 && answer < dataset->n_vocab ? dataset->vocab[answer] : NULL;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are summed as they are in memory");

/* Add n 32-bit words. */
static void sum_words(gk_sha256 *sum, const void *words, int64_t n)
{
    gk_sha256_add(sum, words, (size_t)n * 4);
}

static void sum_size(gk_sha256 *sum, int64_t size)
{
    gk_sha256_add(sum, &size, sizeof size);
}

static void sum_edges(gk_sha256 *sum, const gk_dataset *dataset)
{
    const gk_edges *edges = &dataset->edges;
    sum_size(sum, edges->n_type);
    sum_size(sum, edges->n_feature);
    sum_words(sum, edges->feature, (int64_t)dataset->n_vocab * edges->n_feature);
    for (int64_t item = 0; item < dataset->n_item; item++)
        sum_size(sum, edges->first[item + 1]);
    gk_sha256_add(sum, edges->at, (size_t)(3 * edges->first[dataset->n_item]));
}

void gk_dataset_sum(gk_dataset *dataset)
{
    const int64_t n_item = dataset->n_item, n_latent = (int64_t)dataset->n_vocab * dataset->n_latent;
    const int64_t sizes[] = { n_item, dataset->n_token, dataset->n_real, dataset->n_vocab, dataset->n_answer, dataset->n_group };
    gk_sha256 *sum = gk_sha256_new();
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        sum_size(sum, sizes[i]);
    sum_words(sum, dataset->token, n_item * dataset->n_token);
    sum_words(sum, dataset->label, n_item);
    if (dataset->group)
        sum_words(sum, dataset->group, n_item);
    if (dataset->pixel)    /* a quarter of the bytes: large image sets are read at every start */
        gk_sha256_add(sum, dataset->pixel, (size_t)(n_item * dataset->n_real));
    else
        sum_words(sum, dataset->real, n_item * dataset->n_real);
    if (dataset->n_target > 0) {
        sum_size(sum, dataset->n_target);
        sum_words(sum, dataset->target, n_item * dataset->n_target);
    }
    if (dataset->n_latent > 0) {
        sum_size(sum, dataset->n_latent);
        sum_words(sum, dataset->random_latent, n_latent);
        sum_words(sum, dataset->linear_latent, n_latent);
    }
    if (dataset->template_value)
        sum_words(sum, dataset->template_value, n_item);
    if (dataset->edges.n_type > 0)
        sum_edges(sum, dataset);
    gk_sha256_free(sum, dataset->sha256);
}
