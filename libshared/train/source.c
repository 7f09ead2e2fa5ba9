/* source.c -- see source.h. */
#include "train/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "train/learnt.h"
#include "train/plan.h"

/* --- reading --------------------------------------------------------------------------------------------------------- */

/* The source's own options, from its /config. */
static int read_config(gk_source *source)
{
    gk_option_group *groups = gk_arena_alloc(&source->checkpoint->arena, GK_CONFIG_MAX_GROUP * sizeof *groups);
    gk_cli *cli = gk_arena_alloc(&source->checkpoint->arena, sizeof *cli);

    source->config = gk_config_defaults();
    gk_config_groups_of(&source->config, GK_CONFIG_ALL, groups);
    *cli = (gk_cli){ .name = source->path, .groups = groups, .values = &source->config, .n_bytes = sizeof source->config,
                     .presets = gk_presets };
    source->given = gk_options_new(cli);
    return gk_config_restore(source->given, source->checkpoint);
}

static int no_parameters(const gk_source *source)
{
    return gk_error("%s '%s' has no parameters: it was written with --keep metrics, or grok-trim dropped them", source->role,
                    source->path);
}

int gk_source_read(gk_source *source, const char *role, const char *path, unsigned parts)
{
    gk_checkpoint *checkpoint = gk_checkpoint_read(path, GK_READ_MODEL | parts);
    *source = (gk_source){ .role = role, .path = path };
    if (!checkpoint)
        return gk_error_context("%s", role);
    if (gk_source_of(source, role, path, checkpoint) < 0)
        return -1;
    return source->group->model ? 0 : no_parameters(source);
}

int gk_source_of(gk_source *source, const char *role, const char *path, gk_checkpoint *checkpoint)
{
    *source = (gk_source){ .role = role, .path = path, .checkpoint = checkpoint };
    if (source->checkpoint->n_group != 1)
        return gk_error("%s '%s' holds %d shape groups, expected one: train it without a grid over shapes", role, path,
                        source->checkpoint->n_group);
    source->group = &source->checkpoint->group[0];
    if (!source->group->model && source->group->n_snapshot == 0)
        return no_parameters(source);
    if (read_config(source) < 0)
        return gk_error_context("%s '%s'", role, path);
    source->dataset = gk_learnt_items(source->group, &source->config.data);
    if (!source->dataset)    /* whatever is wrong with them, it is not what was asked for now */
        return gk_error("%s '%s': its data: %s", role, path, gk_error_message());
    return 0;
}

int gk_source_of_group(gk_source *source, const char *role, const gk_checkpoint *file, const gk_group *group)
{
    *source = (gk_source){ .role = role, .path = file->path };
    gk_checkpoint *view = malloc(sizeof *view);
    if (!view)
        return gk_error("cannot get memory for %s '%s'", role, file->path);
    *view = *file;
    view->arena = (gk_arena){ 0 };
    view->n_group = 1;
    view->group = (gk_group *)group;    /* read only */
    int status = gk_source_of(source, role, file->path, view);
    source->view = view;
    return status;
}

void gk_source_release(gk_source *source)
{
    gk_dataset_free(source->dataset);
    gk_given_free(source->given);
    if (source->view)
        gk_arena_release(&source->view->arena);
    else
        gk_checkpoint_free(source->checkpoint);
    free(source->view);
    *source = (gk_source){ 0 };
}

/* --- options --------------------------------------------------------------------------------------------------------- */

/* same_model: else what shapes the source's model means nothing here; only --logits does, which is about tokens. */
typedef struct heir { const gk_source *source; gk_given *given; bool same_model; } heir;

static int inherit(const gk_option_group *group, const gk_option *option, void *context)
{
    const heir *to = context;
    if (!to->same_model && strcmp(group->heading, "Model") == 0 && strcmp(option->name, "logits") != 0)
        return 0;
    if (!(option->flags & GK_INHERIT) || !gk_option_is_default(to->given, option->name) ||
        gk_option_is_default(to->source->given, option->name))
        return 0;
    return gk_option_set(to->given, option->name, gk_option_text(to->source->given, option->name));
}

/* May the numbers that are learnt now have a larger vocabulary?  Of several tasks some may. */
static bool takes_vocabulary(gk_given *given)
{
    int task = gk_task_find(gk_option_text(given, "task"));
    return task < 0 || gk_task_has(task, GK_TASK_VOCAB);
}

int gk_source_defaults(const gk_source *source, gk_given *given)
{
    bool same_model = gk_option_is_default(given, "model") ||
                      strcmp(gk_option_text(given, "model"), gk_option_text(source->given, "model")) == 0;
    if (gk_options_each(given, inherit, &(heir){ source, given, same_model }) < 0)
        return -1;
    if (!gk_option_is_default(given, "vocab-prime") || source->config.data.data_file ||
        !gk_task_has(source->config.data.task, GK_TASK_VOCAB) || !takes_vocabulary(given))
        return 0;
    /* numbers in the vocabulary: the source's, whether it was told or followed from its primes */
    static const int n_sign[] = { [GK_SEQ_EQ] = 1, [GK_SEQ_OP_EQ] = 2, [GK_SEQ_OP_MOD] = 4, [GK_SEQ_PAIR] = 0 };
    char number[24];
    snprintf(number, sizeof number, "%d", source->dataset->n_vocab - n_sign[source->config.data.sequence]);
    return gk_option_set(given, "vocab-prime", number);
}

/* --- runs ------------------------------------------------------------------------------------------------------------ */

static int64_t whole(const gk_source *source, const char *column, int64_t replica)
{
    const gk_h5_column *found = gk_group_run_column(source->group, column);
    return found && !found->text && found->type == GK_I64 ? ((const int64_t *)found->data)[replica] : -1;
}

int64_t gk_source_replica(const gk_source *source, int64_t only, int64_t seed)
{
    int64_t n = source->group->n_replica, found = -1;
    if (only >= n)
        return gk_usage_error("%s '%s' has %lld run%s: there is no run %lld", source->role, source->path, (long long)n, gk_s(n),
                              (long long)only);
    if (only >= 0 || n == 1)
        return only >= 0 ? only : 0;
    for (int64_t replica = 0; replica < n; replica++) {
        if (whole(source, "seed", replica) != seed)
            continue;
        if (found >= 0)
            return gk_usage_error("%s '%s' has several runs with seed %lld: say which with --%s-run", source->role, source->path,
                                  (long long)seed, strcmp(source->role, "base") == 0 ? "from" : source->role);
        found = replica;
    }
    if (found < 0)
        return gk_usage_error("%s '%s' has %lld runs, none with seed %lld: give the seeds of its runs, or --%s-run", source->role,
                              source->path, (long long)n, (long long)seed,
                              strcmp(source->role, "base") == 0 ? "from" : source->role);
    return found;
}

gk_config gk_source_config(const gk_source *source, int64_t replica)
{
    int64_t   number = whole(source, "run", replica);
    gk_config config = source->config;
    if (number >= 0 && number < gk_grid_n_run(source->given))
        gk_grid_select(source->given, number, &config);
    return config;
}

bool gk_source_has_diverged(const gk_source *source, int64_t replica)
{
    return source->group->status && source->group->status[replica] == GK_DIVERGED;
}

double gk_source_test_accuracy(const gk_source *source, int64_t replica)
{
    gk_history *history = source->group->history;
    int metric = history ? gk_history_find(history, "test_acc") : -1;
    for (int64_t record = metric < 0 ? -1 : history->n_record - 1; record >= 0; record--)
        if (!isnan(gk_history_at(history, metric, record)[replica]))
            return gk_history_at(history, metric, record)[replica];
    return NAN;
}

/* --- tokens and parameters --------------------------------------------------------------------------------------------- */

/* The place of a second modulus in a vocabulary, taken by a task or not. */
static bool is_second_modulus(const char *name)
{
    return strcmp(name, "mod P2") == 0;
}

static bool same_token(const char *a, const char *b)
{
    bool both_moduli = strncmp(a, "mod ", 4) == 0 && strncmp(b, "mod ", 4) == 0;
    return strcmp(a, b) == 0 || (both_moduli && (is_second_modulus(a) || is_second_modulus(b)));
}

void gk_source_tokens(const gk_source *source, int n, const char *const *names, int32_t *out)
{
    const gk_dataset *dataset = source->dataset;
    for (int i = 0; i < n; i++) {
        out[i] = -1;
        for (int32_t token = 0; token < dataset->n_vocab; token++)
            if (same_token(names[i], dataset->vocab[token]) && (out[i] < 0 || token == i))
                out[i] = token;
    }
}

static void convert(gk_dtype from_type, const void *from, gk_dtype to_type, void *to, int64_t at, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        double value = from_type == GK_F64 ? ((const double *)from)[i] : (double)((const float *)from)[i];
        if (to_type == GK_F64)
            ((double *)to)[at + i] = value;
        else
            ((float *)to)[at + i] = (float)value;
    }
}

int gk_source_params(const gk_source *source, const void *array, int64_t replica, const gk_graph *graph, gk_dtype real,
                     void *out)
{
    const gk_group *group = source->group;
    char here[64];
    if (group->n_param != graph->n_param)
        return gk_usage_error("%s '%s' has %d parameters, the model has %d", source->role, source->path, group->n_param,
                              graph->n_param);
    for (int i = 0; i < graph->n_param; i++) {
        const gk_node *node = graph->param[i];
        const gk_param_info *param = gk_group_param(group, node->name);
        if (!param)
            return gk_usage_error("%s '%s' has no parameter '%s': its model is another one", source->role, source->path,
                                  node->name);
        if (param->n_dim != node->n_dim || memcmp(param->dim, node->dim, (size_t)node->n_dim * sizeof *node->dim) != 0)
            return gk_usage_error("parameter '%s' of %s '%s' has another shape than the model's %s", node->name, source->role,
                                  source->path, gk_shape_text(node, here, sizeof here));
        convert(group->real, (const char *)array + (size_t)(replica * group->n_real + param->offset) * gk_dtype_size(group->real),
                real, out, node->offset, node->size);
    }
    return 0;
}

/* A network of graphs sees features and types, not the names of tokens, and graphs of any size. */
static bool reads_features(const gk_source *source)
{
    return source->dataset->edges.n_type > 0 && gk_source_config(source, 0).model.model == GK_MODEL_gcn;
}

static int adopt_graphs(const gk_source *source, const gk_dataset *items)
{
    const gk_edges *own = &source->dataset->edges, *theirs = &items->edges;
    bool            same = own->n_feature == theirs->n_feature && own->n_type == theirs->n_type;
    for (int type = 0; same && type < own->n_type; type++)
        same = strcmp(own->type[type], theirs->type[type]) == 0;
    return same ? 0 : gk_usage_error("the network of '%s' reads graphs with %d features and %d types of edges, those of '%s' "
                                     "have %d and %d, or others", source->path, own->n_feature, own->n_type, items->task,
                                     theirs->n_feature, theirs->n_type);
}

int gk_source_adopt(const gk_source *source, gk_dataset *items)
{
    const gk_dataset *own = source->dataset;
    if (reads_features(source))
        return adopt_graphs(source, items);
    int64_t  n_token = items->n_item * items->n_token;
    int32_t *id = gk_arena_alloc(&items->arena, (size_t)(items->n_vocab + 1) * sizeof *id);
    if (items->n_real != own->n_real || items->n_token != own->n_token)
        return gk_usage_error("the network of '%s' reads items of %d %s, those of '%s' have %d %s", source->path,
                              own->n_token ? own->n_token : own->n_real, own->n_token ? "tokens" : "reals", items->task,
                              items->n_token ? items->n_token : items->n_real, items->n_token ? "tokens" : "reals");
    if (n_token > 0)
        gk_source_tokens(source, items->n_vocab, items->vocab, id);
    for (int64_t i = 0; n_token > 0 && i < n_token + items->n_item; i++) {
        int32_t *at = i < n_token ? &items->token[i] : &items->label[i - n_token];
        if (id[*at] < 0)
            return gk_usage_error("'%s' does not know the token '%s' of '%s'", source->path, items->vocab[*at], items->task);
        *at = id[*at];
    }
    return 0;
}

int gk_source_build(const gk_source *source, int64_t replica, const gk_dataset *items, const char *layer, gk_graph *graph)
{
    gk_config     config = gk_source_config(source, replica);
    gk_model_data data = gk_dataset_model_data(items);
    data.n_vocab = reads_features(source) ? items->n_vocab : source->dataset->n_vocab;
    data.n_answer = source->dataset->n_answer;
    data.n_latent = source->dataset->n_latent;
    data.random_latent = source->dataset->random_latent;
    data.linear_latent = source->dataset->linear_latent;
    data.read_layer = layer;
    config.model.frozen = config.model.groups = NULL;
    config.model.init = gk_model_initial_law(&config.model);
    config.model.messy = config.hyper.messiness < 1;
    gk_graph_init(graph);
    return gk_model_build(graph, &config.model, &data) < 0 ? gk_error_context("'%s'", source->path) : 0;
}

/* What an engine needs to ask n models, and is borrowed by it. */
typedef struct asking {
    gk_arena  arena;
    int32_t  *item;        /* [2 n_row], and labels, which are of no interest */
    char     *params;      /* [n][P] */
    gk_rows  *rows;        /* [n] */
    gk_hyper *hyper;       /* [n]: an input may be messy */
    uint64_t *seed;
    double  **out;
} asking;

static int prepare(asking *to, const gk_source *source, int64_t n, const gk_source_model *model, const gk_graph *graph,
                   int64_t n_row, gk_dtype real)
{
    size_t bytes = (size_t)graph->n_param_real * gk_dtype_size(real);
    to->rows = gk_arena_alloc(&to->arena, (size_t)n * sizeof *to->rows);
    to->hyper = gk_arena_alloc(&to->arena, (size_t)n * sizeof *to->hyper);
    to->seed = gk_arena_alloc(&to->arena, (size_t)n * sizeof *to->seed);
    to->out = gk_arena_alloc(&to->arena, (size_t)n * sizeof(double *));
    to->params = gk_alloc_large((size_t)n * bytes, source->role);
    to->item = gk_alloc_large(2 * (size_t)n_row * sizeof *to->item, "rows");
    if (!to->params || !to->item)
        return -1;
    for (int64_t i = 0; i < n_row; i++)
        to->item[i] = (int32_t)i;
    for (int64_t i = 0; i < n; i++) {
        to->rows[i] = (gk_rows){ .n = n_row, .item = to->item, .label = to->item + n_row };
        to->hyper[i] = gk_source_config(source, model[i].replica).hyper;
        to->out[i] = model[i].out;
        if (gk_source_params(source, model[i].array, model[i].replica, graph, real, to->params + (size_t)i * bytes) < 0)
            return -1;
    }
    return 0;
}

int gk_source_predict_all(const gk_source *source, int64_t n, const gk_source_model *model, const gk_graph *graph, int64_t n_row,
                          const gk_backend *const *device, int n_thread)
{
    static const gk_backend *const cpu[GK_N_PRECISION] = { [GK_PRECISION_FP32] = &gk_backend_cpu_f32,
                                                           [GK_PRECISION_FP64] = &gk_backend_cpu_f64 };
    const gk_backend *backend = (device ? device : cpu)[source->group->real == GK_F64 ? GK_PRECISION_FP64 : GK_PRECISION_FP32];
    asking     of = { .item = NULL };
    gk_engine *engine = NULL;
    int        status = prepare(&of, source, n, model, graph, n_row, backend->real);
    gk_problem problem = { .graph = graph, .update = { .optimizer = GK_OPTIM_sgd }, .n_replica = n, .hyper = of.hyper,
                           .seed = of.seed, .rows = { of.rows, of.rows }, .n_thread = n_thread };
    if (status == 0)
        status = (engine = backend->open(&problem)) ? backend->write(engine, GK_ARENA_PARAM, of.params) : -1;
    if (status == 0)
        status = backend->predict(engine, GK_TRAIN_ROWS, NULL, of.out);
    if (engine)
        backend->close(engine);
    free(of.params);
    free(of.item);
    gk_arena_release(&of.arena);
    return status;
}

int gk_source_predict(const gk_source *source, const void *array, int64_t replica, const gk_graph *graph, int64_t n_row,
                      const gk_backend *const *device, int n_thread, double *out)
{
    return gk_source_predict_all(source, 1, &(gk_source_model){ array, replica, out }, graph, n_row, device, n_thread);
}
