/* file_write.c -- writing dataset files; the layout is in FORMAT.md. */
#include <string.h>
#include <time.h>
#include "base/options.h"
#include "data/build.h"

/* The tool's name: last part of the first word of the command line. */
static const char *tool_of(gk_arena *arena, const char *command_line)
{
    char *word = gk_arena_strdup(arena, command_line);
    word[strcspn(word, " ")] = '\0';
    char *slash = strrchr(word, '/');
    return slash ? slash + 1 : word;
}

/* How many tokens of an item are left behind the 0 that it begins with. */
static int32_t length_of(const gk_dataset *dataset, int64_t item)
{
    const int32_t *token = dataset->token + item * dataset->n_token;
    int            n_pad = 0;
    while (n_pad < dataset->n_token && token[n_pad] == 0)
        n_pad++;
    return dataset->n_token - n_pad;
}

/* Texts of all lengths are mostly padding, which takes time to unpack.  (Whether it is 0 that pads does not matter.) */
static bool is_mostly_padding(const gk_dataset *dataset)
{
    const int64_t n = dataset->n_item * dataset->n_token;
    int64_t       n_left = 0;
    for (int64_t item = 0; item < dataset->n_item && n > 0; item++)
        n_left += length_of(dataset, item);
    return n_left < n / 2 && n <= GK_PADDED_MAX;
}

/* The oldest version that has all that the items have: readers of that time still read what they can. */
static int version_of(const gk_dataset *dataset)
{
    if (is_mostly_padding(dataset))
        return 4;
    if (dataset->edges.n_type > 0)
        return 3;
    return dataset->n_target > 0 || dataset->n_latent > 0 || dataset->pixel || dataset->template_value ? 2 : 1;
}

static int write_provenance(gk_h5 *file, const gk_dataset *dataset, const char *command_line)
{
    gk_arena arena = { 0 };
    char created[32];
    time_t now = time(NULL);
    struct tm utc;
    strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    const char *line = command_line ? command_line : "";

    int status = gk_h5_set_text(file, "/", "format", GK_DATASET_FORMAT) < 0 ||
                 gk_h5_set_int(file, "/", "format_version", version_of(dataset)) < 0 ||
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

/* n_row rows of n reals, if there are any. */
static int write_reals(gk_h5 *file, const char *path, int64_t n_row, int n, const float *values)
{
    const int64_t dim[] = { n_row, n };
    return n > 0 ? gk_h5_write(file, path, GK_F32, 2, dim, values, GK_H5_PACK) : 0;
}

/* What divides the items, unless it is their labels, by which everything can be divided again. */
static int write_subclasses(gk_h5 *file, const gk_dataset *dataset)
{
    const gk_subclasses *subclass = &dataset->subclass;
    if (!subclass->by || strcmp(subclass->by, "label") == 0)
        return 0;
    return gk_h5_write(file, "/subclass", GK_I32, 1, &dataset->n_item, subclass->of, GK_H5_PACK) < 0
               ? -1 : write_names(file, "/subclass_name", subclass->name, subclass->n);
}

/* Of graphs: how many edges each item has, and all of them. */
static int write_edges(gk_h5 *file, const gk_dataset *dataset)
{
    const gk_edges *edges = &dataset->edges;
    gk_arena        arena = { 0 };
    int32_t        *n = gk_arena_alloc(&arena, (size_t)dataset->n_item * sizeof *n);
    for (int64_t item = 0; item < dataset->n_item; item++)
        n[item] = (int32_t)(edges->first[item + 1] - edges->first[item]);
    const int64_t dim[] = { edges->first[dataset->n_item], 3 };
    int status = gk_h5_write(file, "/n_edge", GK_I32, 1, &dataset->n_item, n, GK_H5_PACK) < 0 ||
                 (dim[0] > 0 && gk_h5_write(file, "/edge", GK_U8, 2, dim, edges->at, GK_H5_PACK) < 0) ||
                 write_names(file, "/edge_type", edges->type, edges->n_type) < 0 ||
                 write_reals(file, "/feature", dataset->n_vocab, edges->n_feature, edges->feature) < 0 ? -1 : 0;
    gk_arena_release(&arena);
    return status;
}

/* Without what is before each item. */
static int write_unpadded(gk_h5 *file, const gk_dataset *dataset, unsigned flags)
{
    gk_arena scratch = { 0 };
    int32_t *length = gk_arena_alloc(&scratch, (size_t)dataset->n_item * sizeof *length);
    int32_t *token = gk_arena_alloc(&scratch, (size_t)(dataset->n_item * dataset->n_token) * sizeof *token);
    int64_t  n = 0;
    for (int64_t item = 0; item < dataset->n_item; n += length[item++]) {
        length[item] = length_of(dataset, item);
        memcpy(token + n, dataset->token + (item + 1) * dataset->n_token - length[item], (size_t)length[item] * sizeof *token);
    }
    int status = gk_h5_set_int(file, "/", "n_token", dataset->n_token) < 0 ||
                 gk_h5_write(file, "/length", GK_I32, 1, &dataset->n_item, length, GK_H5_PACK) < 0
                     ? -1 : gk_h5_write(file, "/token", GK_I32, 1, &n, token, flags);
    gk_arena_release(&scratch);
    return status;
}

static int write_tokens(gk_h5 *file, const gk_dataset *dataset)
{
    const int64_t  dim[] = { dataset->n_item, dataset->n_token };
    const unsigned flags = GK_H5_PACK | (dataset->n_vocab <= UINT16_MAX ? GK_H5_SHORT : 0);
    const int      status = is_mostly_padding(dataset) ? write_unpadded(file, dataset, flags)
                                                       : gk_h5_write(file, "/token", GK_I32, 2, dim, dataset->token, flags);
    return status < 0 ? -1 : write_names(file, "/vocab", dataset->vocab, dataset->n_vocab);
}

static int write_items(gk_h5 *file, const gk_dataset *dataset)
{
    const int64_t n = dataset->n_item;
    if (dataset->n_target == 0 && gk_h5_write(file, "/label", GK_I32, 1, &n, dataset->label, GK_H5_PACK) < 0)
        return -1;
    if (write_reals(file, "/target", n, dataset->n_target, dataset->target) < 0 ||
        write_reals(file, "/random_latent", dataset->n_vocab, dataset->n_latent, dataset->random_latent) < 0 ||
        write_reals(file, "/linear_latent", dataset->n_vocab, dataset->n_latent, dataset->linear_latent) < 0)
        return -1;
    if (dataset->template_value && gk_h5_write(file, "/template_value", GK_F32, 1, &n, dataset->template_value, GK_H5_PACK) < 0)
        return -1;
    if (dataset->n_token && write_tokens(file, dataset) < 0)
        return -1;
    if (dataset->answer_name && write_names(file, "/answer_name", dataset->answer_name, dataset->n_answer) < 0)
        return -1;
    if (dataset->edges.n_type > 0 && write_edges(file, dataset) < 0)
        return -1;
    if (dataset->pixel) {
        const int64_t dim[] = { n, dataset->n_real };
        if (gk_h5_write(file, "/pixel", GK_U8, 2, dim, dataset->pixel, GK_H5_PACK) < 0)
            return -1;
    } else if (write_reals(file, "/real", n, dataset->n_real, dataset->real) < 0) {
        return -1;
    }
    if (dataset->n_group > 1)
        if (gk_h5_write(file, "/group", GK_I32, 1, &n, dataset->group, GK_H5_PACK) < 0 ||
            write_names(file, "/group_name", dataset->group_name, dataset->n_group) < 0 ||
            write_names(file, "/group_task", dataset->group_task, dataset->n_group) < 0 ||
            gk_h5_set_int(file, "/", "n_trained_group", dataset->n_trained_group) < 0)
            return -1;
    return write_subclasses(file, dataset);
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
        gk_h5_write(file, "/split/test", GK_I32, 1, &split->n_test, split->test, GK_H5_PACK) < 0)
        return -1;
    if (dataset->n_target == 0 &&
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
    if (args->thin && (gk_h5_set_text(file, "/split", "thin", args->thin) < 0 ||
                       gk_h5_set_real(file, "/split", "thin_to", args->thin_to) < 0))
        return -1;
    if (args->size > 0)
        return gk_h5_set_int(file, "/split", "size", args->size);
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
