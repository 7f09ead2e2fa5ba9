/* file.c -- reading dataset files; the layout is in FORMAT.md.  A file is read as if it came from an enemy: every count, token,
 * label and index is checked, and the items must have the checksum that the file states. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/text.h"
#include "data/build.h"

enum { MAX_NAME = 1024 };

/* Whether one is not is asked without a branch first: sets of texts have millions. */
int gk_check_range(gk_h5 *file, const char *path, const int32_t *values, int64_t n, int64_t limit)
{
    const uint32_t end = limit > INT32_MAX ? (uint32_t)INT32_MAX + 1 : (uint32_t)limit;    /* what is below 0 lies behind it */
    bool           out = false;
    for (int64_t i = 0; i < n; i++)
        out |= (uint32_t)values[i] >= end;
    if (!out)
        return 0;
    for (int64_t i = 0; i < n; i++)
        if (values[i] < 0 || values[i] >= limit)
            return gk_error("'%s' in '%s': value %d at %" PRId64 " is outside [0, %" PRId64 ")", path, gk_h5_name(file),
                            values[i], i, limit);
    return 0;
}

static int check_name(gk_h5 *file, const char *what, const char *name)
{
    if (strnlen(name, MAX_NAME) == MAX_NAME)
        return gk_error("'%s' in '%s' is longer than %d characters", what, gk_h5_name(file), MAX_NAME);
    return gk_text_is_printable(name) ? 0 : gk_error("'%s' in '%s' contains a control character, or is not UTF-8", what,
                                                     gk_h5_name(file));
}

static int read_count(gk_h5 *file, const char *name, int *out)
{
    int64_t value;
    if (gk_h5_get_int(file, "/", name, &value) < 0)
        return -1;
    if (value < 0 || value > GK_VOCAB_MAX)
        return gk_error("%s of '%s' is %" PRId64 ", expected 0 to %d", name, gk_h5_name(file), value, GK_VOCAB_MAX);
    *out = (int)value;
    return 0;
}

/* A table of one column of texts with n rows (n < 0: any number up to GK_VOCAB_MAX, stored in *n_found). */
static const char **read_names(gk_h5 *file, const char *path, int64_t n, gk_arena *arena, int *n_found)
{
    int n_column;
    int64_t n_row;
    gk_h5_column *column;
    if (gk_h5_read_table(file, path, arena, &n_column, &column, &n_row) < 0)
        return NULL;
    if (n_column != 1 || !column[0].text || n_row > GK_VOCAB_MAX || (n >= 0 && n_row != n)) {
        gk_error("'%s' in '%s' is a table of %d columns and %" PRId64 " rows, expected 1 column of %" PRId64 " texts", path,
                 gk_h5_name(file), n_column, n_row, n >= 0 ? n : (int64_t)GK_VOCAB_MAX);
        return NULL;
    }
    const char **names = gk_arena_alloc(arena, (size_t)n_row * sizeof *names);
    for (int64_t i = 0; i < n_row; i++) {
        names[i] = column[0].text[i];
        if (check_name(file, path, names[i]) < 0)
            return NULL;
    }
    *n_found = (int)n_row;
    return names;
}

static int read_head(gk_dataset *dataset, gk_h5 *file)
{
    gk_arena *arena = &dataset->arena;
    int64_t version;
    const char *format = gk_h5_get_text(file, "/", "format", arena);
    if (!format || strcmp(format, GK_DATASET_FORMAT) != 0)
        return gk_error("'%s' is not a dataset file: its format is '%.40s', expected '%s'", gk_h5_name(file),
                        format ? format : "none", GK_DATASET_FORMAT);
    if (gk_h5_get_int(file, "/", "format_version", &version) < 0)
        return -1;
    if (version < 1 || version > GK_DATASET_VERSION)
        return gk_error("'%s' is of dataset format version %" PRId64 ", but this program reads up to %d", gk_h5_name(file),
                        version, GK_DATASET_VERSION);
    if (!(dataset->task = gk_h5_get_text(file, "/", "task", arena)) || check_name(file, "task", dataset->task) < 0)
        return -1;
    return read_count(file, "n_vocab", &dataset->n_vocab) < 0 ? -1 : read_count(file, "n_answer", &dataset->n_answer);
}

/* A two-dimensional array of n_row rows; *n_column := their length. */
static void *read_rows(gk_dataset *dataset, gk_h5 *file, const char *path, gk_dtype type, int64_t n_row, int *n_column)
{
    const int64_t dim[] = { n_row, -1 };
    int64_t n_element = 0;
    void *rows = gk_h5_read_new(file, path, type, 2, dim, &dataset->arena, &n_element);
    if (rows && (n_element == 0 || n_element / n_row > GK_VOCAB_MAX)) {
        gk_error("'%s' in '%s' has %" PRId64 " elements per row, expected 1 to %d", path, gk_h5_name(file),
                 n_row ? n_element / n_row : 0, GK_VOCAB_MAX);
        return NULL;
    }
    *n_column = rows ? (int)(n_element / n_row) : 0;
    return rows;
}

static int check_finite(gk_h5 *file, const char *path, const float *values, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(values[i]))
            return gk_error("'%s' in '%s': value %g at %" PRId64 " is not finite", path, gk_h5_name(file), (double)values[i], i);
    return 0;
}

/* The same, of finite reals; NULL with gk_error. */
static float *read_real_rows(gk_dataset *dataset, gk_h5 *file, const char *path, int64_t n_row, int *n_column)
{
    float *rows = read_rows(dataset, file, path, GK_F32, n_row, n_column);
    return rows && check_finite(file, path, rows, n_row * *n_column) == 0 ? rows : NULL;
}

/* Of answers that are no tokens. */
static int read_answer_names(gk_dataset *dataset, gk_h5 *file)
{
    int n_answer;
    if (!gk_h5_exists(file, "/answer_name"))
        return 0;
    dataset->answer_name = read_names(file, "/answer_name", dataset->n_answer, &dataset->arena, &n_answer);
    return dataset->answer_name ? 0 : -1;
}

/* Rows of n_token, of which the file has the last length[item] only; what is before them is 0. */
static int32_t *pad(const gk_dataset *dataset, const int32_t *length, const int32_t *token, gk_arena *arena)
{
    const size_t n_token = (size_t)dataset->n_token;
    int32_t     *rows = gk_arena_alloc(arena, (size_t)dataset->n_item * n_token * sizeof *rows);
    for (int64_t item = 0; item < dataset->n_item; token += length[item++])
        memcpy(rows + ((size_t)item + 1) * n_token - (size_t)length[item], token, (size_t)length[item] * sizeof *rows);
    return rows;
}

static int32_t *read_unpadded(gk_dataset *dataset, gk_h5 *file)
{
    gk_arena scratch = { 0 };
    int32_t *rows = NULL, *length = NULL, *token = NULL;
    int64_t  n = 0;
    if (read_count(file, "n_token", &dataset->n_token) < 0)
        return NULL;
    if (dataset->n_vocab < 1 || dataset->n_token < 1 || dataset->n_item > GK_PADDED_MAX / dataset->n_token)
        gk_error("n_token of '%s' is %d, of %d: its %" PRId64 " items would have 0, or more than %d tokens", gk_h5_name(file),
                 dataset->n_token, dataset->n_vocab, dataset->n_item, GK_PADDED_MAX);
    else
        length = gk_h5_read_new(file, "/length", GK_I32, 1, &dataset->n_item, &scratch, NULL);
    if (length && gk_check_range(file, "/length", length, dataset->n_item, (int64_t)dataset->n_token + 1) == 0) {
        for (int64_t item = 0; item < dataset->n_item; item++)
            n += length[item];
        token = gk_h5_read_new(file, "/token", GK_I32, 1, &n, &scratch, NULL);
    }
    if (token && gk_check_range(file, "/token", token, n, dataset->n_vocab) == 0)
        rows = pad(dataset, length, token, &dataset->arena);
    gk_arena_release(&scratch);
    return rows;
}

static int32_t *read_padded(gk_dataset *dataset, gk_h5 *file)
{
    int32_t *rows = read_rows(dataset, file, "/token", GK_I32, dataset->n_item, &dataset->n_token);
    return rows && gk_check_range(file, "/token", rows, dataset->n_item * dataset->n_token, dataset->n_vocab) == 0 ? rows : NULL;
}

static int read_tokens(gk_dataset *dataset, gk_h5 *file)
{
    int n_vocab;
    dataset->token = gk_h5_exists(file, "/length") ? read_unpadded(dataset, file) : read_padded(dataset, file);
    if (!dataset->token)
        return -1;
    if (dataset->n_target == 0 && dataset->n_answer > dataset->n_vocab)
        return gk_error("n_answer of '%s' is %d, expected at most n_vocab, %d", gk_h5_name(file), dataset->n_answer,
                        dataset->n_vocab);
    if (gk_h5_exists(file, "/vocab")) {
        dataset->vocab = read_names(file, "/vocab", dataset->n_vocab, &dataset->arena, &n_vocab);
        return dataset->vocab ? 0 : -1;
    }
    dataset->vocab = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_vocab * sizeof *dataset->vocab);
    for (int i = 0; i < dataset->n_vocab; i++)
        dataset->vocab[i] = gk_arena_printf(&dataset->arena, "%d", i);
    return 0;
}

static int read_pixels(gk_dataset *dataset, gk_h5 *file)
{
    dataset->pixel = read_rows(dataset, file, "/pixel", GK_U8, dataset->n_item, &dataset->n_real);
    if (!dataset->pixel)
        return -1;
    const int64_t n = dataset->n_item * dataset->n_real;
    dataset->real = gk_arena_alloc(&dataset->arena, (size_t)n * sizeof *dataset->real);
    for (int64_t i = 0; i < n; i++)
        dataset->real[i] = gk_pixel_value(dataset->pixel[i]);
    return 0;
}

/* Two representations of every token. */
static int read_latents(gk_dataset *dataset, gk_h5 *file)
{
    int n_linear;
    if (!gk_h5_exists(file, "/random_latent"))
        return 0;
    dataset->random_latent = read_real_rows(dataset, file, "/random_latent", dataset->n_vocab, &dataset->n_latent);
    if (!dataset->random_latent)
        return -1;
    dataset->linear_latent = read_real_rows(dataset, file, "/linear_latent", dataset->n_vocab, &n_linear);
    if (!dataset->linear_latent)
        return -1;
    return n_linear == dataset->n_latent ? 0 : gk_error("'/linear_latent' in '%s' has %d columns, '/random_latent' %d",
                                                         gk_h5_name(file), n_linear, dataset->n_latent);
}

/* Every end of an edge is a node of its item: a token that is not 0.  Behind a 0 there are no more nodes. */
static int check_edges(const gk_dataset *dataset, gk_h5 *file)
{
    const gk_edges *edges = &dataset->edges;
    for (int64_t item = 0; item < dataset->n_item; item++) {
        const int32_t *token = dataset->token + item * dataset->n_token;
        int            n_node = 0;
        while (n_node < dataset->n_token && token[n_node] > 0)
            n_node++;
        for (int t = n_node; t < dataset->n_token; t++)
            if (token[t] != 0)
                return gk_error("'/token' in '%s': item %" PRId64 " has a node behind a 0", gk_h5_name(file), item);
        if (n_node == 0)
            return gk_error("'/token' in '%s': item %" PRId64 " has no node", gk_h5_name(file), item);
        for (int64_t e = edges->first[item]; e < edges->first[item + 1]; e++) {
            const uint8_t *edge = edges->at + 3 * e;
            if (edge[0] >= n_node || edge[1] >= n_node || edge[0] == edge[1] || edge[2] >= edges->n_type)
                return gk_error("'/edge' in '%s': %d, %d of type %d is no edge of item %" PRId64 ", of %d nodes, with %d types",
                                gk_h5_name(file), edge[0], edge[1], edge[2], item, n_node, edges->n_type);
        }
    }
    for (int i = 0; i < edges->n_feature; i++)
        if (edges->feature[i] != 0)
            return gk_error("'/feature' in '%s': token 0, which is no node, has one of %g", gk_h5_name(file),
                            (double)edges->feature[i]);
    return 0;
}

/* Items that are graphs. */
static int read_edges(gk_dataset *dataset, gk_h5 *file)
{
    gk_edges *edges = &dataset->edges;
    int       n_column = 3;
    int64_t   n_all = 0;
    if (!gk_h5_exists(file, "/n_edge"))
        return 0;
    if (dataset->n_token > GK_NODES_MAX)
        return gk_error("'%s' has items of %d nodes, at most %d are read", gk_h5_name(file), dataset->n_token, GK_NODES_MAX);
    int32_t *n = gk_h5_read_new(file, "/n_edge", GK_I32, 1, &dataset->n_item, &dataset->arena, NULL);
    if (!n || gk_check_range(file, "/n_edge", n, dataset->n_item, INT32_MAX) < 0)
        return -1;
    edges->first = gk_arena_alloc(&dataset->arena, (size_t)(dataset->n_item + 1) * sizeof *edges->first);
    for (int64_t item = 0; item < dataset->n_item; item++)
        edges->first[item + 1] = n_all += n[item];
    edges->at = gk_arena_alloc(&dataset->arena, 1);    /* there may be none */
    if ((n_all > 0 && !(edges->at = read_rows(dataset, file, "/edge", GK_U8, n_all, &n_column))) ||
        !(edges->type = read_names(file, "/edge_type", -1, &dataset->arena, &edges->n_type)) ||
        !(edges->feature = read_real_rows(dataset, file, "/feature", dataset->n_vocab, &edges->n_feature)))
        return -1;
    if (n_column != 3 || edges->n_type < 1 || edges->n_type > UINT8_MAX)
        return gk_error("'/edge' in '%s' has %d columns and %d types, expected 3 and 1 to %d", gk_h5_name(file), n_column,
                        edges->n_type, UINT8_MAX);
    return check_edges(dataset, file);
}

static int read_template(gk_dataset *dataset, gk_h5 *file)
{
    if (!gk_h5_exists(file, "/template_value"))
        return 0;
    dataset->template_value = gk_h5_read_new(file, "/template_value", GK_F32, 1, &dataset->n_item, &dataset->arena, NULL);
    return dataset->template_value ? check_finite(file, "/template_value", dataset->template_value, dataset->n_item) : -1;
}

/* What a joint dataset says of its groups. */
static int read_group_tasks(gk_dataset *dataset, gk_h5 *file)
{
    int n_task;
    if (gk_h5_exists(file, "/group_task")) {
        dataset->group_task = read_names(file, "/group_task", dataset->n_group, &dataset->arena, &n_task);
        if (!dataset->group_task)
            return -1;
    }
    if (!gk_h5_has(file, "/", "n_trained_group"))
        return 0;
    if (read_count(file, "n_trained_group", &dataset->n_trained_group) < 0)
        return -1;
    if (dataset->n_trained_group < 1 || dataset->n_trained_group > dataset->n_group)
        return gk_error("n_trained_group of '%s' is %d, expected 1 to %d", gk_h5_name(file), dataset->n_trained_group,
                        dataset->n_group);
    return 0;
}

static int read_groups(gk_dataset *dataset, gk_h5 *file)
{
    if (!gk_h5_exists(file, "/group"))
        return 0;
    dataset->group_name = read_names(file, "/group_name", -1, &dataset->arena, &dataset->n_group);
    if (!dataset->group_name)
        return -1;
    if (dataset->n_group < 2)
        return gk_error("'%s' has %d names in '/group_name', expected 2 or more", gk_h5_name(file), dataset->n_group);
    dataset->group = gk_h5_read_new(file, "/group", GK_I32, 1, &dataset->n_item, &dataset->arena, NULL);
    if (!dataset->group || gk_check_range(file, "/group", dataset->group, dataset->n_item, dataset->n_group) < 0)
        return -1;
    return read_group_tasks(dataset, file);
}

/* What divides the items.  Its names are those of metrics and patterns, so that not everything will do. */
static int read_subclasses(gk_dataset *dataset, gk_h5 *file)
{
    gk_subclasses *subclass = &dataset->subclass;
    if (!gk_h5_exists(file, "/subclass"))
        return 0;
    subclass->name = read_names(file, "/subclass_name", -1, &dataset->arena, &subclass->n);
    if (!subclass->name)
        return -1;
    if (subclass->n == 0)
        return gk_error("'/subclass_name' in '%s' is empty", gk_h5_name(file));
    for (int i = 0; i < subclass->n; i++)
        if (!gk_subclass_name_ok(subclass->name[i]))
            return gk_error("'/subclass_name' in '%s': '%.64s' cannot be the name of a subclass", gk_h5_name(file),
                            subclass->name[i]);
    if (gk_subclass_twice(subclass))
        return gk_error("'/subclass_name' in '%s': '%s' is there twice", gk_h5_name(file), gk_subclass_twice(subclass));
    subclass->of = gk_h5_read_new(file, "/subclass", GK_I32, 1, &dataset->n_item, &dataset->arena, NULL);
    subclass->by = GK_OWN_SUBCLASSES;
    return subclass->of ? gk_check_range(file, "/subclass", subclass->of, dataset->n_item, subclass->n) : -1;
}

/* Classes, or targets: how many items there are. */
static int read_answers(gk_dataset *dataset, gk_h5 *file)
{
    const bool    has_target = gk_h5_exists(file, "/target");
    const char   *path = has_target ? "/target" : "/label";
    int           n_dim;
    int64_t       dim[GK_H5_MAX_DIM] = { 0 };
    gk_dtype      type;
    if (gk_h5_shape(file, path, &type, &n_dim, dim) < 0)
        return -1;
    dataset->n_item = dim[0];
    if (n_dim < 1 || dim[0] < 1 || dim[0] > INT32_MAX)
        return gk_error("'%s' has %" PRId64 " items, expected 1 to %d", gk_h5_name(file), n_dim < 1 ? 0 : dim[0], INT32_MAX);
    if (!has_target) {
        dataset->label = gk_h5_read_new(file, path, GK_I32, 1, &dataset->n_item, &dataset->arena, NULL);
        return dataset->label ? gk_check_range(file, path, dataset->label, dataset->n_item, dataset->n_answer) : -1;
    }
    dataset->target = read_real_rows(dataset, file, path, dataset->n_item, &dataset->n_target);
    if (!dataset->target)
        return -1;
    if (dataset->n_answer != dataset->n_target)
        return gk_error("n_answer of '%s' is %d, expected %d, the columns of '/target'", gk_h5_name(file), dataset->n_answer,
                        dataset->n_target);
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *dataset->label);
    return 0;
}

static int read_items(gk_dataset *dataset, gk_h5 *file)
{
    static const char *const inputs[] = { "/token", "/real", "/pixel" };
    const char *input = NULL;
    int         n_found = 0;
    if (read_answers(dataset, file) < 0)
        return -1;
    for (int i = 0; i < 3; i++)
        if (gk_h5_exists(file, inputs[i])) {
            input = inputs[i];
            n_found++;
        }
    if (n_found != 1)
        return gk_error("'%s' has %d of '/token', '/real' and '/pixel', expected one of them", gk_h5_name(file), n_found);
    if (strcmp(input, "/token") == 0) {
        if (read_tokens(dataset, file) < 0 || read_latents(dataset, file) < 0 || read_edges(dataset, file) < 0)
            return -1;
    } else if (strcmp(input, "/pixel") == 0) {
        if (read_pixels(dataset, file) < 0)
            return -1;
    } else if (!(dataset->real = read_real_rows(dataset, file, "/real", dataset->n_item, &dataset->n_real))) {
        return -1;
    }
    if (read_answer_names(dataset, file) < 0)
        return -1;
    return read_template(dataset, file) < 0 || read_groups(dataset, file) < 0 ? -1 : read_subclasses(dataset, file);
}

static int check_sum(gk_dataset *dataset, gk_h5 *file)
{
    const char *stated = gk_h5_get_text(file, "/", "sha256", &dataset->arena);
    if (!stated)
        return -1;
    gk_dataset_sum(dataset);
    if (strcmp(stated, dataset->sha256) != 0)
        return gk_error("'%s' is damaged: the sha256 of its items is %s, expected '%.64s'", gk_h5_name(file),
                        dataset->sha256, stated);
    return 0;
}

int gk_dataset_read(gk_dataset *dataset, const char *path)
{
    int status = -1;
    gk_h5 *file = gk_h5_open(path);
    if (!file)
        return -1;
    if (read_head(dataset, file) < 0 || read_items(dataset, file) < 0 || check_sum(dataset, file) < 0)
        goto done;
    status = gk_own_split_read(dataset, file);
done:
    gk_h5_close(file);
    return status;
}
