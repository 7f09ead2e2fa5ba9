/* weights.c -- see weights.h. */
#include "train/weights.h"

#include <stdlib.h>
#include <string.h>
#include "base/names.h"
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
        return gk_usage_error("tensor '%s' of '%s' is %s; the model wants [%s for parameter '%s': give the model's options", name,
                              weights->file, gk_tensor_text(tensor, theirs, sizeof theirs),
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

int gk_weights_read(const gk_config *config, gk_source *out)
{
    gk_graph      graph;
    gk_model_args model = config->model;
    import        in = { .config = config, .from = gk_tensors_read(config->weights.file) };
    *out = (gk_source){ .role = "weights", .path = config->weights.file, .config = *config };
    if (!in.from || !(out->dataset = gk_dataset_new(&config->data)))
        goto failed;
    if (!(out->checkpoint = in.to = calloc(1, sizeof *in.to))) {
        gk_error("out of memory for '%s'", config->weights.file);
        goto failed;
    }
    memcpy(in.to->sha256, in.from->sha256, sizeof in.to->sha256);
    model.init = gk_model_initial_law(&model);
    gk_model_data data = gk_dataset_model_data(out->dataset);
    gk_graph_init(&graph);
    int status = gk_model_build(&graph, &model, &data) < 0 ? -1 : take_params(&in, &graph);
    gk_graph_release(&graph);
    if (status < 0)
        goto failed;
    out->group = in.to->group;
    gk_tensors_free(in.from);
    return 0;
failed:
    gk_tensors_free(in.from);
    gk_source_release(out);
    return -1;
}
