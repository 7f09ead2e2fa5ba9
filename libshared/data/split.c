/* split.c -- which items are train and which are test, and labels with noise. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/input.h"
#include "base/options.h"
#include "base/rng.h"
#include "data/build.h"
#include "io/text.h"

static uint64_t data_seed(const gk_data_args *args)
{
    return (uint64_t)(args->data_seed >= 0 ? args->data_seed : args->seed);
}

/* floor(share * n), where 0.29 * 100 is 29: decimal fractions do not lose an item to rounding. */
static int64_t share_of(double share, int64_t n)
{
    return (int64_t)floor(share * (double)n + 1e-9);
}

static int32_t *new_indices(gk_arena *arena, int64_t n)
{
    return gk_arena_alloc(arena, (size_t)n * sizeof(int32_t));
}

static int32_t *copy_indices(gk_arena *arena, const int32_t *source, int64_t n)
{
    int32_t *copy = new_indices(arena, n);
    memcpy(copy, source, (size_t)n * sizeof *copy);
    return copy;
}

/* The split of n items of `task`, numbered from 0. */
static int draw(const char *task, int64_t n, const gk_data_args *args, gk_arena *arena, gk_split *out)
{
    const double fraction = args->fraction;
    if (n < 2)
        return gk_usage_error("'%s' has %" PRId64 " item, so it cannot be split into train and test", task, n);
    if (args->size >= n)
        return gk_usage_error("size %" PRId64 " leaves no test items: '%s' has %" PRId64 " items", args->size, task, n);
    if (!(fraction >= 0 && fraction <= 1))
        return gk_usage_error("fraction %g is outside (0, 1)", fraction);
    out->n_train = args->size > 0 ? args->size : share_of(fraction, n);
    out->n_test = n - out->n_train;
    if (out->n_train == 0 || out->n_test <= 0) {
        /* rounded away from 0 and 1, so that the numbers shown do work */
        double least = ceil(1e6 / (double)n) / 1e6, most = floor((double)(n - 1) * 1e6 / (double)n) / 1e6;
        return gk_usage_error("fraction %g leaves no %s items: of %" PRId64 " items, it can be %.6f to %.6f", fraction,
                              out->n_train ? "test" : "train", n, least, most);
    }
    int32_t *order = new_indices(arena, n);
    if (gk_rng_permutation(data_seed(args), GK_RNG_SPLIT, 0, order, n) < 0)
        return -1;
    out->train = order;
    out->test = order + out->n_train;
    return 0;
}

/* Train items that were chosen elsewhere, in an order of this run: what it takes fewer of is drawn from them. */
static int shuffle(const gk_data_args *args, gk_arena *arena, gk_split *split)
{
    int32_t *order = new_indices(arena, split->n_train), *train = new_indices(arena, split->n_train);
    if (gk_rng_permutation(data_seed(args), GK_RNG_SPLIT, 0, order, split->n_train) < 0)
        return -1;
    for (int64_t i = 0; i < split->n_train; i++)
        train[i] = split->train[order[i]];
    split->train = train;
    return 0;
}

/* Items that are not train are test. */
static void rest_is_test(int64_t n_item, gk_arena *arena, gk_split *split)
{
    uint8_t *is_train = gk_arena_alloc(arena, (size_t)n_item);
    split->test = new_indices(arena, n_item);
    split->n_test = 0;
    for (int64_t i = 0; i < split->n_train; i++)
        is_train[split->train[i]] = 1;
    for (int64_t item = 0; item < n_item; item++)
        if (!is_train[item])
            split->test[split->n_test++] = (int32_t)item;
}

/* As many of each subclass as is asked for: of all items in the order of the permutation if the split is drawn here, else of the
 * train items that were chosen elsewhere.  Labels that these brought go with them. */
static int take(const gk_dataset *dataset, const gk_data_args *args, bool drawn, gk_arena *arena, gk_split *split)
{
    const int64_t  n = drawn && args->size > 0 ? dataset->n_item : split->n_train;
    const int32_t *brought = split->train_label;
    int32_t       *label = brought ? new_indices(arena, dataset->n_item) : NULL;    /* by item */
    for (int64_t i = 0; brought && i < split->n_train; i++)
        label[split->train[i]] = brought[i];
    if ((!drawn && shuffle(args, arena, split) < 0) ||
        gk_take_by_subclass(dataset, args, split->train, n, arena, split) < 0)
        return -1;
    if (drawn)
        rest_is_test(dataset->n_item, arena, split);
    split->train_label = brought ? new_indices(arena, split->n_train) : NULL;
    for (int64_t i = 0; brought && i < split->n_train; i++)
        split->train_label[i] = label[split->train[i]];
    return 0;
}

/* The first args->size of the train items that somebody else chose. */
static int shorten(const gk_data_args *args, gk_split *split)
{
    if (args->size > split->n_train)
        return gk_usage_error("size %" PRId64 " is larger than the %" PRId64 " train items", args->size, split->n_train);
    if (args->size > 0)
        split->n_train = args->size;
    return 0;
}

static int32_t *append(int32_t *to, const int32_t *from, int64_t n, int64_t first)
{
    for (int64_t i = 0; i < n; i++)
        to[i] = from[i] + (int32_t)first;
    return to + n;
}

/* Labels of train items [0, n) of a task whose items are [first, first + n_item): the items' own unless the split brought some,
 * then noise over the first of them. */
static int set_labels(const gk_dataset *dataset, const gk_data_args *args, int64_t first, int64_t n_item, const int32_t *train,
                      int64_t n, bool given, int32_t *label)
{
    if (!(args->label_noise >= 0 && args->label_noise <= 1))
        return gk_usage_error("label-noise %g is outside [0, 1]", args->label_noise);
    if (args->label_noise > 0 && dataset->n_target > 0)
        return gk_usage_error("label-noise is for classes: the items of '%s' have targets", dataset->task);
    for (int64_t i = 0; !given && i < n; i++)
        label[i] = dataset->label[train[i]];
    const int64_t n_noisy = share_of(args->label_noise, n);
    for (int64_t i = 0; i < n_noisy; i++) {
        uint32_t item = gk_rng_below(data_seed(args), GK_RNG_LABEL_NOISE, 0, (uint64_t)i, (uint32_t)n_item);
        label[i] = dataset->label[first + item];
    }
    return 0;
}

/* Every task as if it stood alone, one after another; those that are only evaluated apart. */
static int draw_joint(const gk_dataset *dataset, const gk_data_args *args, gk_arena *arena, gk_split *out)
{
    gk_data_args part[GK_MAX_PART];
    int n_trained, n = gk_joint_parse(args, arena, part, &n_trained);
    int32_t *train = out->train = new_indices(arena, dataset->n_item), *test = out->test = new_indices(arena, dataset->n_item);
    if (n < 0)
        return -1;
    out->held_train = n > n_trained ? gk_arena_alloc(arena, (size_t)n * sizeof *out->held_train) : NULL;
    out->held_test = n > n_trained ? gk_arena_alloc(arena, (size_t)n * sizeof *out->held_test) : NULL;
    out->train_label = new_indices(arena, dataset->n_item);
    int64_t first = 0;
    for (int i = 0; i < n; i++) {
        gk_split one = { 0 };
        int64_t  n_item = 0;
        while (first + n_item < dataset->n_item && dataset->group[first + n_item] == i)
            n_item++;
        if (draw(dataset->group_task[i], n_item, &part[i], arena, &one) < 0)
            return gk_error_context("%s", dataset->group_name[i]);
        gk_assert(one.train && one.test && (i < n_trained || out->held_train));
        if (i < n_trained) {
            int32_t *label = out->train_label + (train - out->train);
            append(train, one.train, one.n_train, first);
            if (set_labels(dataset, &part[i], first, n_item, train, one.n_train, false, label) < 0)
                return -1;
            train += one.n_train;
            test = append(test, one.test, one.n_test, first);
        } else {
            append(one.train, one.train, n_item, first);    /* test stands behind it */
            out->held_train[i] = (gk_items){ one.n_train, one.train };
            out->held_test[i] = (gk_items){ one.n_test, one.test };
        }
        first += n_item;
    }
    out->n_train = train - out->train;
    out->n_test = test - out->test;
    return 0;
}

/* A copy that the caller may change. */
static gk_items *copy_held(gk_arena *arena, const gk_items *source, int n_group)
{
    gk_items *copy = source ? gk_arena_alloc(arena, (size_t)n_group * sizeof *copy) : NULL;
    for (int group = 0; copy && group < n_group; group++)
        if (source[group].n > 0)
            copy[group] = (gk_items){ source[group].n, copy_indices(arena, source[group].item, source[group].n) };
    return copy;
}

/* The item number on a line, after '#' and blanks are cut off.  1 if there is one, 0 if the line is empty, -1 with gk_error. */
static int parse_line(char *line, int64_t *item)
{
    enum { MAX_DIGITS = 40 };
    line[strcspn(line, "#")] = '\0';
    char *start = gk_text_trim(line);
    if (!*start)
        return 0;
    if (strlen(start) > MAX_DIGITS)
        return gk_error("expected a whole number, found '%.*s...'", MAX_DIGITS, start);
    return gk_parse_int(start, item) < 0 ? -1 : 1;
}

/* Item numbers of a text file into train, each marked in is_train. */
static int read_lines(gk_text *text, const char *path, int64_t n_item, gk_split *out, uint8_t *is_train)
{
    for (char *line; (line = gk_text_line(text));) {
        int64_t item = 0, n_line = text->line;
        int found = parse_line(line, &item);
        if (found < 0)
            return gk_error_context("'%s' line %" PRId64, path, n_line);
        if (found == 0)
            continue;
        if (item < 0 || item >= n_item)
            return gk_error("'%s' line %" PRId64 ": item %" PRId64 " is outside [0, %" PRId64 ")", path, n_line, item, n_item);
        if (is_train[item])
            return gk_error("'%s' line %" PRId64 ": item %" PRId64 " is there twice", path, n_line, item);
        is_train[item] = 1;
        out->train[out->n_train++] = (int32_t)item;
    }
    return 0;
}

static int import_text(const char *path, int64_t n_item, gk_arena *arena, gk_split *out)
{
    gk_text text;
    if (gk_text_read(path, &text) < 0)
        return -1;
    uint8_t *is_train = gk_arena_alloc(arena, (size_t)n_item);
    out->train = new_indices(arena, n_item);
    int status = read_lines(&text, path, n_item, out, is_train);
    free(text.data);
    if (status < 0)
        return -1;
    if (out->n_train == 0 || out->n_train == n_item)
        return gk_error("'%s' leaves no %s items: it names %" PRId64 " of %" PRId64, path, out->n_train ? "test" : "train",
                        out->n_train, n_item);
    out->n_test = 0;
    out->test = new_indices(arena, n_item - out->n_train);
    for (int64_t item = 0; item < n_item; item++)
        if (!is_train[item])
            out->test[out->n_test++] = (int32_t)item;
    return 0;
}

/* The split of another dataset file; the labels stay those of `dataset`. */
static int import_h5(const gk_dataset *dataset, const char *path, gk_arena *arena, gk_split *out)
{
    int status = -1, n_dim;
    int64_t dim[GK_H5_MAX_DIM] = { 0 };
    gk_dtype type;
    gk_h5 *file = gk_h5_open(path);
    if (!file)
        return -1;
    if (!gk_h5_exists(file, "/split/train")) {
        gk_error("'%s' has no split", path);
        goto done;
    }
    if (gk_h5_shape(file, gk_h5_exists(file, "/target") ? "/target" : "/label", &type, &n_dim, dim) < 0)
        goto done;
    if (n_dim < 1 || dim[0] != dataset->n_item) {
        gk_error("cannot use the split of '%s': it is of %" PRId64 " items, expected %" PRId64, path, dim[0], dataset->n_item);
        goto done;
    }
    status = gk_split_read(file, dataset->n_item, GK_VOCAB_MAX, arena, out);
    out->train_label = NULL;
done:
    gk_h5_close(file);
    return status;
}

/* 1, 0, or -1 with gk_error.  What is no regular file is not looked into: a pipe can be read only once. */
static int is_dataset_file(const char *path)
{
    enum { HDF5_FIRST_BYTE = 0x89 };
    struct stat info;
    FILE *file;
    if (stat(path, &info) < 0)
        return gk_error("cannot open '%s': %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return 0;
    if (!(file = gk_input_stream(path)))
        return gk_error("cannot open '%s': %s", path, strerror(errno));
    int first = getc(file);
    fclose(file);
    return first == HDF5_FIRST_BYTE;
}

static int import(const gk_dataset *dataset, const char *path, gk_arena *arena, gk_split *out)
{
    int is_dataset = is_dataset_file(path);
    if (is_dataset < 0)
        return -1;
    return is_dataset ? import_h5(dataset, path, arena, out) : import_text(path, dataset->n_item, arena, out);
}

int gk_dataset_split(const gk_dataset *dataset, const gk_data_args *args, gk_arena *arena, gk_split *out)
{
    int status = 0;
    const gk_split *stored = dataset->split;
    *out = (gk_split){ 0 };
    if (stored && args->split_file)
        return gk_usage_error("'%s' cannot be used: the data have a split of their own", args->split_file);
    if (args->size > 0 && dataset->n_group > 1)
        return gk_usage_error("size is for a single task: '%s' has %d", dataset->task, dataset->n_group);
    if (args->thin && (args->join || args->also_eval))
        return gk_usage_error("'--thin' is for a single task: it excludes --join and --also-eval");
    if (stored) {
        *out = *stored;
        out->train = copy_indices(arena, stored->train, stored->n_train);
        out->test = copy_indices(arena, stored->test, stored->n_test);
        out->held_train = copy_held(arena, stored->held_train, dataset->n_group);
        out->held_test = copy_held(arena, stored->held_test, dataset->n_group);
        if (stored->train_label)
            out->train_label = copy_indices(arena, stored->train_label, stored->n_train);
    } else if (args->join || args->also_eval) {
        return draw_joint(dataset, args, arena, out);
    } else if (args->split_file) {
        status = import(dataset, args->split_file, arena, out);
    } else {
        status = draw(dataset->task, dataset->n_item, args, arena, out);
    }
    if (status == 0)
        status = gk_takes_by_subclass(dataset, args) ? take(dataset, args, !stored && !args->split_file, arena, out)
                                                     : shorten(args, out);
    if (status < 0)
        return -1;
    bool given = out->train_label != NULL;
    if (!given)
        out->train_label = new_indices(arena, out->n_train);
    return set_labels(dataset, args, 0, dataset->n_item, out->train, out->n_train, given, out->train_label);
}
