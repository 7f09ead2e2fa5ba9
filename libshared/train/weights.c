/* weights.c -- see weights.h. */
#include "train/weights.h"

#include <stdlib.h>
#include <string.h>
#include "base/names.h"
#include "data/data_options.h"
#include "io/tensors.h"
#include "train/plan.h"

typedef struct import {
    const gk_config *config;
    gk_tensors      *from;
    bool            *is_taken;     /* [n_tensor] */
    gk_checkpoint   *to;
    double          *value;        /* [P] */
} import;

/* --- one parameter ------------------------------------------------------------------------------------------------------- */

static bool has_shape(const gk_tensor *tensor, const gk_named *named)
{
    return tensor->n_dim == named->n_dim && memcmp(tensor->dim, named->dim, (size_t)named->n_dim * sizeof *named->dim) == 0;
}

static int no_tensor(const import *in, const char *name, const char *ours)
{
    gk_names names = { 0 };
    gk_arena arena = { 0 };
    for (int i = 0; i < in->from->n_tensor; i++)
        gk_names_add(&names, in->from->tensor[i].name);
    gk_usage_error("'%s' has no tensor '%s', for parameter '%s'%s", in->config->weights.file, name, ours,
                   gk_names_suggest(&names, name, &arena));
    gk_names_release(&names);
    gk_arena_release(&arena);
    return -1;
}

static int take_param(import *in, const gk_node *node)
{
    const gk_weights_args *weights = &in->config->weights;
    gk_named  named;
    gk_tensor expected = { .type = GK_TENSOR_F32 };
    char      theirs[160], wanted[160];
    if (gk_named_of(weights->names, node->name, node->n_dim, node->dim, in->config->model.n_head, &in->to->arena, &named) < 0)
        return -1;
    const char *name = gk_arena_printf(&in->to->arena, "%s%s", weights->prefix ? weights->prefix : "", named.name);
    const gk_tensor *tensor = gk_tensors_find(in->from, name);
    if (!tensor)
        return no_tensor(in, name, node->name);
    memcpy(expected.dim, named.dim, sizeof expected.dim);
    expected.n_dim = named.n_dim;
    if (!has_shape(tensor, &named))
        return gk_usage_error("tensor '%s' of '%s' is %s; the model wants [%s for parameter '%s': give the model's options, or "
                              "--names", name, weights->file, gk_tensor_text(tensor, theirs, sizeof theirs),
                              strchr(gk_tensor_text(&expected, wanted, sizeof wanted), '[') + 1, node->name);
    for (int64_t i = 0; i < node->size; i++)
        in->value[node->offset + i] = gk_tensor_value(tensor, gk_named_index(&named, i));
    in->is_taken[tensor - in->from->tensor] = true;
    return 0;
}

/* --- what nobody has taken ------------------------------------------------------------------------------------------------ */

/* Masks and constants that modules keep beside their parameters. */
static bool is_buffer(const char *name)
{
    static const char *const ends[] = { ".mask", ".IGNORE", ".num_batches_tracked" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(name), n_end = strlen(ends[i]);
        if (n > n_end && strcmp(name + n - n_end, ends[i]) == 0)
            return true;
    }
    return false;
}

static bool is_zero(const gk_tensor *tensor)
{
    for (int64_t i = 0; i < tensor->size; i++)
        if (gk_tensor_value(tensor, i) != 0)
            return false;
    return true;
}

/* What stands outside the prefix belongs to something else. */
static int check_rest(const import *in)
{
    const char *prefix = in->config->weights.prefix ? in->config->weights.prefix : "";
    for (int i = 0; i < in->from->n_tensor; i++) {
        const gk_tensor *tensor = &in->from->tensor[i];
        char             text[160];
        bool             is_ours = strncmp(tensor->name, prefix, strlen(prefix)) == 0;
        if (is_ours && !in->is_taken[i] && !is_buffer(tensor->name) && !is_zero(tensor))
            return gk_usage_error("tensor '%s' of '%s' (%s) is not zero, and the model has no such parameter: give the model's "
                                  "options (--bias, --n-layer, --norm, ...)", tensor->name, in->config->weights.file,
                                  gk_tensor_text(tensor, text, sizeof text));
    }
    return 0;
}

/* --- what the file says of itself ------------------------------------------------------------------------------------------ */

/* How it was trained, as far as that is about its data. */
typedef struct story {
    gk_arena         arena;
    const gk_tensors *from;
    gk_config        config;
    gk_given        *given;        /* of config; NULL: the file does not tell */
    gk_given        *here;         /* what is asked for now */
    const char      *others;       /* "--seed, --fraction": what differs */
} story;

static const char *note(const gk_tensors *tensors, const char *key)
{
    for (int i = 0; i < tensors->n_note; i++)
        if (strcmp(tensors->note[i].key, key) == 0)
            return tensors->note[i].text;
    return NULL;
}

static bool is_of_data(const gk_option_group *group)
{
    return group->options == gk_data_options;
}

/* As the run had it: what varied in its grid has an entry of its own, beside the grid's list. */
static int recall(const gk_option_group *group, const gk_option *option, void *context)
{
    story      *told = context;
    const char *name = gk_option_in_file(&told->arena, option->name);
    const char *text = option->flags & GK_VARY ? note(told->from, name) : NULL;
    if (!text)
        text = note(told->from, gk_arena_printf(&told->arena, "config.%s", name));
    return is_of_data(group) && text ? gk_option_restore(told->given, option->name, text) : 0;
}

static int read_story(story *told, const char *path)
{
    gk_option_group *groups = gk_arena_alloc(&told->arena, GK_CONFIG_MAX_GROUP * sizeof *groups);
    gk_cli          *cli = gk_arena_alloc(&told->arena, sizeof *cli);
    if (!note(told->from, "config.seed"))
        return 0;
    told->config = gk_config_defaults();
    gk_config_groups(&told->config, groups);
    *cli = (gk_cli){ .name = path, .groups = groups, .values = &told->config, .n_bytes = sizeof told->config };
    told->given = gk_options_new(cli);
    return gk_options_each(told->given, recall, told) < 0 ? gk_error_context("what '%s' says of itself", path) : 0;
}

/* Are other items asked for than it was trained on? */
static bool asks_for_others(const story *told)
{
    static const char *const names[] = { "task", "formula", "table", "finite-group", "reviews", "data" };
    bool others = !gk_option_is_default(told->here, "task") && told->config.data.data_file;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        others |= !gk_option_is_default(told->here, names[i]) && !gk_option_same(told->here, told->given, names[i]);
    return others;
}

static int follow(const gk_option_group *group, const gk_option *option, void *context)
{
    const story *told = context;
    if (!is_of_data(group) || !gk_option_is_default(told->here, option->name) || gk_option_is_default(told->given, option->name))
        return 0;
    return gk_option_restore(told->here, option->name, gk_option_text(told->given, option->name));
}

/* The names of the tensors are taken as well. */
static int follow_story(story *told)
{
    const char *names = note(told->from, "names");
    bool        is_known = false;
    for (int i = 0; names && gk_naming_names[i]; i++)
        is_known |= strcmp(gk_naming_names[i], names) == 0;
    if (is_known && gk_option_is_default(told->here, "names") && gk_option_restore(told->here, "names", names) < 0)
        return -1;
    return told->given && !asks_for_others(told) ? gk_options_each(told->here, follow, told) : 0;
}

static int tell_apart(const gk_option_group *group, const gk_option *option, void *context)
{
    story *told = context;
    if (is_of_data(group) && !gk_option_same(told->here, told->given, option->name))
        told->others = gk_arena_printf(&told->arena, "%s%s--%s", told->others, *told->others ? ", " : "", option->name);
    return 0;
}

/* A split that the data bring, or that is given, is nobody's draw. */
static const char *find_doubt(story *told, const gk_config *config, const gk_dataset *dataset, gk_arena *arena)
{
    bool is_same = told->given != NULL;
    if (config->data.split_file || (dataset->split && !told->given))
        return NULL;
    for (int64_t run = 0; is_same && run < gk_grid_n_run(told->here); run++) {
        gk_config now = *config;
        gk_grid_select(told->here, run, &now);
        is_same = gk_data_same_items(&now.data, &told->config.data) &&
                  gk_data_same_split(dataset, &now.data, &told->config.data);
    }
    if (is_same)
        return NULL;
    told->others = "";
    if (told->given)
        gk_options_each(told->here, tell_apart, told);
    return gk_arena_printf(arena, "'%s' %s%s%s%s: items that count as test here may be train items there, and test_acc too high",
                           config->weights.file,
                           told->given ? "was trained with other data or another split" : "does not say what it was trained on",
                           *told->others ? " (" : "", told->others, *told->others ? ")" : "");
}

/* --- the whole -------------------------------------------------------------------------------------------------------------- */

static int take_params(import *in, const gk_graph *graph)
{
    gk_arena *arena = &in->to->arena;
    gk_group *group = gk_arena_alloc(arena, sizeof *group);
    *group = (gk_group){ .n_replica = 1, .real = GK_F64, .n_param = graph->n_param, .n_real = graph->n_param_real,
                         .replica_step = gk_arena_alloc(arena, sizeof *group->replica_step),
                         .param = gk_arena_alloc(arena, (size_t)graph->n_param * sizeof *group->param) };
    group->model = in->value = gk_arena_alloc(arena, (size_t)graph->n_param_real * sizeof *in->value);
    in->is_taken = gk_arena_alloc(arena, (size_t)in->from->n_tensor + 1);
    in->to->group = group;
    in->to->n_group = 1;
    for (int i = 0; i < graph->n_param; i++) {
        const gk_node *node = graph->param[i];
        gk_param_info *param = &group->param[i];
        *param = (gk_param_info){ .name = gk_arena_strdup(arena, node->name), .n_dim = node->n_dim, .offset = node->offset,
                                  .size = node->size };
        memcpy(param->dim, node->dim, (size_t)node->n_dim * sizeof *node->dim);
        if (take_param(in, node) < 0)
            return -1;
    }
    return check_rest(in);
}

/* The items, as the file or the options say. */
static int find_data(story *told, const gk_config *config, gk_source *out)
{
    const char *path = config->weights.file;
    if (told->here && (read_story(told, path) < 0 || follow_story(told) < 0))
        return -1;
    out->config = *config;
    out->dataset = gk_dataset_new(&config->data);
    bool is_theirs = told->given && told->config.data.data_file && !asks_for_others(told);
    return out->dataset ? 0 : is_theirs ? gk_error_context("what '%s' was trained on", path) : -1;
}

static int read_params(import *in, gk_source *out)
{
    gk_graph      graph;
    gk_model_args model = in->config->model;
    out->checkpoint = in->to = calloc(1, sizeof *in->to);
    if (!in->to)
        return gk_error("out of memory for '%s'", in->config->weights.file);
    memcpy(in->to->sha256, in->from->sha256, sizeof in->to->sha256);
    model.init = gk_model_initial_law(&model);
    gk_model_data data = gk_dataset_model_data(out->dataset);
    gk_graph_init(&graph);
    int status = gk_model_build(&graph, &model, &data) < 0 ? -1 : take_params(in, &graph);
    gk_graph_release(&graph);
    out->group = in->to->group;
    return status;
}

int gk_weights_read(gk_given *given, const gk_config *config, gk_source *out, const char **doubt)
{
    import in = { .config = config, .from = gk_tensors_read(config->weights.file) };
    story  told = { .from = in.from, .here = given };
    *out = (gk_source){ .role = "weights", .path = config->weights.file };
    *doubt = NULL;
    int status = !in.from || find_data(&told, config, out) < 0 ? -1 : read_params(&in, out);
    if (status == 0 && given)
        *doubt = find_doubt(&told, config, out->dataset, &in.to->arena);
    gk_given_free(told.given);
    gk_arena_release(&told.arena);
    gk_tensors_free(in.from);
    if (status < 0)
        gk_source_release(out);
    return status;
}
