/* plan.c -- runs into shape groups. */
#include "train/plan.h"

#include <stdlib.h>
#include <string.h>
#include "base/classes.h"
#include "graph/groups.h"
#include "graph/problem.h"
#include "train/kept.h"
#include "train/metrics.h"
#include "train/stop.h"

/* --- options of a run as text ---------------------------------------------------------------------------------------- */

const char *gk_plan_option_text(const gk_plan *plan, const gk_option *option, const gk_config *config, gk_arena *arena)
{
    return gk_option_format(plan->given, option, config, arena);
}

static const char *shape_of(gk_plan *plan, const gk_config *config)
{
    const char *shape = "";
    for (int i = 0; i < gk_grid_n_varied(plan->given); i++) {
        const gk_option *option = gk_grid_varied(plan->given, i);
        if (option->flags & GK_SHAPE)
            shape = gk_arena_printf(&plan->arena, "%s%s=%s;", shape, option->name,
                                    gk_plan_option_text(plan, option, config, &plan->arena));
    }
    return shape;
}

/* --- data -------------------------------------------------------------------------------------------------------------- */

/* Rows to remember old tasks by: for the train items their twins in the old tasks, or what the base was trained on. */
static int64_t count_rehearsal(const gk_dataset *dataset, const gk_config *config, const gk_split *split)
{
    int64_t n = 0;
    for (int old = 0; gk_config_rehearses(config) && old < config->base.n_old; old++) {
        int group = dataset->n_trained_group + old;
        if (config->base.mode == GK_REMEMBER_REPLAY)
            n += split->held_train[group].n;
        for (int64_t i = 0; config->base.mode == GK_REMEMBER_SWAP && i < split->n_train; i++)
            n += gk_dataset_twin(dataset, split->train[i], group) >= 0;
    }
    return n;
}

static bool same_items(const void *context, int64_t a, int64_t b)
{
    const gk_plan_run *run = context;
    return gk_data_same_items(&run[a].config.data, &run[b].config.data);
}

static bool same_sizes(const void *context, int64_t a, int64_t b)
{
    const gk_plan_run  *run = context;
    const gk_data_args *x = &run[a].config.data, *y = &run[b].config.data;
    return gk_data_same_items(x, y) && gk_data_same_sizes(x, y);
}

/* Runs on the same items, and with equally many of them to train on. */
typedef struct data_classes { gk_classes items, sizes; } data_classes;

/* Dataset of run `index`; sizes of its split, which depend on the seed only if it is thinned. */
static int find_data(gk_plan *plan, int64_t index, data_classes *classes)
{
    gk_plan_run *run = &plan->run[index];
    const gk_data_args *args = &run->config.data;
    uint64_t hash = gk_data_hash_items(args);
    const gk_plan_run *items = &plan->run[gk_class_first(&classes->items, index, hash)];
    const gk_plan_run *sizes = &plan->run[gk_class_first(&classes->sizes, index,
                                                         gk_hash_whole(gk_data_hash_sizes(args), (int64_t)hash))];
    if (items == run) {
        gk_dataset *dataset = gk_dataset_new(args);
        if (!dataset)
            return -1;
        plan->dataset[run->dataset = plan->n_dataset++] = dataset;
    }
    run->dataset = items->dataset;
    if (sizes != run && !gk_config_rehearses(&run->config)) {
        run->n_train = sizes->n_train;
        run->n_test = sizes->n_test;
        return 0;
    }
    gk_arena scratch = { 0 };
    gk_split split;
    int status = gk_dataset_split(plan->dataset[run->dataset], &run->config.data, &scratch, &split);
    if (status == 0) {
        run->n_train = split.n_train;
        run->n_test = split.n_test;
        run->n_rehearse = count_rehearsal(plan->dataset[run->dataset], &run->config, &split);
    }
    gk_arena_release(&scratch);
    return status;
}

static int find_batch(gk_plan *plan, gk_plan_run *run)
{
    run->batch = gk_batch_parse(run->config.run.batch, run->n_train);
    if (run->batch < 0)
        return -1;
    if (run->n_rehearse > 0)    /* as many rows again of what is remembered */
        run->batch = 2 * run->batch < run->n_train + run->n_rehearse ? 2 * run->batch : 0;
    int64_t asked;
    if (run->batch == 0 && gk_parse_int(run->config.run.batch, &asked) == 0 && asked > run->n_train && !plan->warning)
        plan->warning = gk_arena_printf(&plan->arena, "a batch of %lld is larger than the %lld train rows: training full batch",
                                        (long long)asked, (long long)run->n_train);
    return 0;
}

/* --- groups ------------------------------------------------------------------------------------------------------------ */

static bool same_group(const void *context, int64_t x, int64_t y)
{
    const gk_plan_run *run = context, *a = &run[x], *b = &run[y];
    bool apart = a->config.landscape.warm_start && a->config.hyper.init_scale != b->config.hyper.init_scale;
    return !apart && a->dataset == b->dataset && a->batch == b->batch && strcmp(a->shape, b->shape) == 0;
}

bool gk_plan_same_group(const gk_plan *plan, int64_t a, int64_t b)
{
    return same_group(plan->run, a, b);
}

static void find_groups(gk_plan *plan)
{
    gk_classes classes = gk_classes_new(same_group, plan->run);
    for (int64_t i = 0; i < plan->n_run; i++) {
        gk_plan_run *run = &plan->run[i];
        uint64_t hash = gk_hash_whole(gk_hash_whole(gk_hash_bytes(GK_HASH, run->shape, strlen(run->shape)), run->dataset),
                                      run->batch);
        if (run->config.landscape.warm_start)
            hash = gk_hash_real(hash, run->config.hyper.init_scale);
        int64_t first = gk_class_first(&classes, i, hash);
        run->group = first < i ? plan->run[first].group : plan->n_group++;
    }
    gk_classes_release(&classes);
    gk_plan_fill_groups(plan);
}

void gk_plan_describe_group(gk_plan *plan, gk_plan_group *group)
{
    const gk_plan_run *first = &plan->run[group->run[0]];
    bool any_ma = false;
    group->dataset = first->dataset;
    group->model = first->config.model;
    group->update = first->config.update;
    group->precision = first->config.run.precision;
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        const gk_plan_run *run = &plan->run[group->run[replica]];
        group->model.dropout |= run->config.hyper.dropout > 0;
        group->model.messy |= run->config.hyper.messiness < 1;
        any_ma |= run->config.hyper.ma_lambda > 0;
        group->n_train_max = run->n_train > group->n_train_max ? run->n_train : group->n_train_max;
        group->n_test_max = run->n_test > group->n_test_max ? run->n_test : group->n_test_max;
    }
    group->model.init = gk_model_initial_law(&group->model);
    group->update.batch = first->batch;
    if (!any_ma)
        group->update.ma_window = 0;
}

static void teach(gk_model_data *data, const gk_config *config)
{
    int last = data->n_token - 1;
    if (config->teach.kl_at != GK_KL_AT_LAST) {
        data->n_read = 2;
        data->read[0] = gk_operator_position(&config->data);
        data->read[1] = last;
        data->teach[data->n_teach++] = 0;
    }
    if (config->teach.kl_at != GK_KL_AT_OP)
        data->teach[data->n_teach++] = data->n_read - 1;
}

gk_model_data gk_dataset_model_data(const gk_dataset *dataset)
{
    return (gk_model_data){
        .n_item = dataset->n_item, .n_token = dataset->n_token, .n_vocab = dataset->n_vocab, .n_answer = dataset->n_answer,
        .n_real = dataset->n_real, .token = dataset->token, .real = dataset->real, .pixel = dataset->pixel,
        .n_target = dataset->n_target,
        .n_latent = dataset->n_latent, .target = dataset->target, .random_latent = dataset->random_latent,
        .linear_latent = dataset->linear_latent, .template_value = dataset->template_value,
        .n_read = dataset->n_token > 0, .read = { dataset->n_token > 0 ? dataset->n_token - 1 : 0 },
    };
}

gk_model_data gk_plan_model_data(const gk_plan *plan, const gk_plan_group *group)
{
    const gk_config *config = &plan->run[group->run[0]].config;
    gk_model_data    data = gk_dataset_model_data(plan->dataset[group->dataset]);
    if (config->teach.teachers)
        teach(&data, config);
    return data;
}

/* --- sources ---------------------------------------------------------------------------------------------------------------- */

/* Tokens that a base and its continuation name differently: the same ids must mean the same. */
static int check_vocabulary(const gk_source *base, const gk_dataset *dataset)
{
    gk_arena scratch = { 0 };
    int32_t *id = gk_arena_alloc(&scratch, (size_t)dataset->n_vocab * sizeof *id);
    int status = 0;
    gk_source_tokens(base, dataset->n_vocab, dataset->vocab, id);
    if (dataset->n_vocab != base->dataset->n_vocab)
        status = gk_usage_error("base '%s' has a vocabulary of %d tokens ('%s'), the data one of %d ('%s'): give the base's "
                                "--sequence and --vocab-prime", base->path, base->dataset->n_vocab, base->dataset->task,
                                dataset->n_vocab, dataset->task);
    for (int i = 0; status == 0 && i < dataset->n_vocab; i++)
        if (id[i] != i)
            status = gk_usage_error("token %d is '%s' in base '%s' and '%s' here: give the base's --sequence and --vocab-prime",
                                    i, base->dataset->vocab[i], base->path, dataset->vocab[i]);
    gk_arena_release(&scratch);
    return status;
}

/* What of the base's state a run cannot go on with is said once. */
static int check_kept(gk_plan *plan, const gk_plan_run *run)
{
    gk_seen     seen;
    const char *lost;
    if (gk_kept_state(plan->sources.base, run->base_replica, &run->config, &plan->arena, &seen, &lost) < 0)
        return -1;
    if (*lost && !plan->warning)
        plan->warning = gk_arena_printf(&plan->arena, "'--state kept': %s", lost);
    else if (*lost && !strstr(plan->warning, lost))
        plan->warning = gk_arena_printf(&plan->arena, "%s; '--state kept': %s", plan->warning, lost);
    return 0;
}

/* Does every run find its teachers and its base? */
static int check_sources(gk_plan *plan, gk_plan_run *run)
{
    const gk_sources *sources = &plan->sources;
    const gk_dataset *dataset = plan->dataset[run->dataset];
    int assigned[GK_MAX_SET];
    if (sources->teachers && dataset->n_token == 0)
        return gk_usage_error("a teacher reads tokens: '%s' has none", dataset->task);
    if (sources->teachers && run->config.teach.kl_at != GK_KL_AT_LAST && gk_operator_position(&run->config.data) < 0)
        return gk_usage_error("there is no operator token to compare teacher and student at: give '--kl-at last', or a "
                              "--sequence of op-mod or op-eq");
    if (sources->teachers && !gk_config_rehearses(&run->config) && gk_teachers_assign(sources->teachers, dataset, assigned) < 0)
        return -1;
    for (int i = 0; sources->teachers && i < sources->teachers->n; i++)
        if (gk_source_replica(&sources->teachers->source[i], run->config.teach.teacher_run, run->config.data.seed) < 0)
            return -1;
    if (!sources->base)
        return 0;
    run->base_replica = gk_source_replica(sources->base, run->config.base.from_run, run->config.data.seed);
    if (run->base_replica < 0 || check_vocabulary(sources->base, dataset) < 0)
        return -1;
    return run->config.base.state == GK_STATE_KEPT ? check_kept(plan, run) : 0;
}

/* Build the group's model once: is it possible, does it have the metrics of the stop rules, what does it cost? */
static int try_group(const gk_plan *plan, gk_plan_group *group)
{
    gk_graph graph;
    gk_arena arena = { 0 };
    gk_stop  stop;
    uint64_t asked;
    gk_recorded *recorded;
    int status = -1;
    gk_model_data data = gk_plan_model_data(plan, group);

    gk_graph_init(&graph);
    if (gk_model_build(&graph, &group->model, &data) < 0 || gk_stop_parse(plan->first.run.stop, &arena, &stop) < 0)
        goto done;
    int n = gk_metrics_asked(plan->first.run.metrics, &asked) < 0
                ? -1 : gk_metrics_recorded(&graph, plan->dataset[group->dataset], asked, plan->first.run.by_subclass, &arena,
                                           &recorded);
    if (n < 0 || gk_stop_check(&stop, n, recorded) < 0)
        goto done;
    for (int i = 0; i < graph.n_param; i++)
        group->n_param += graph.param[i]->size;
    if (gk_optimizers[group->update.optimizer].rest != group->update.optimizer &&
        gk_problem_whole_reals(&graph, &group->update) == 0) {
        gk_usage_error("'--optimizer %s' is for hidden matrices, and the model has none that is trained",
                       gk_optimizer_names[group->update.optimizer]);
        goto done;
    }
    group->flops_row = graph.flops_row;
    group->flops_step = graph.flops_step;
    status = 0;
done:
    gk_arena_release(&arena);
    gk_graph_release(&graph);
    return status;
}

/* --- the plan ---------------------------------------------------------------------------------------------------------- */

static int make_run(gk_plan *plan, int64_t index, int64_t number, data_classes *classes)
{
    gk_plan_run *run = &plan->run[index];
    run->number = number;
    run->warm_from = -1;
    run->config = *plan->config;
    gk_grid_select(plan->given, run->number, &run->config);
    run->shape = shape_of(plan, &run->config);
    return gk_config_check(&run->config) < 0 || find_data(plan, index, classes) < 0 || check_sources(plan, run) < 0 ? -1
                                                                                                         : find_batch(plan, run);
}

static int make_runs(gk_plan *plan)
{
    int64_t first, end;
    int     status = 0;
    plan->n_run_grid = gk_grid_n_run(plan->given);
    if (gk_shard_parse(plan->config->run.shard, plan->n_run_grid, &first, &end) < 0)
        return -1;
    if (first == end)
        return gk_error("shard '%s' is empty: there are only %lld runs", plan->config->run.shard, (long long)plan->n_run_grid);
    plan->n_run = end - first;
    plan->run = gk_arena_alloc(&plan->arena, (size_t)plan->n_run * sizeof *plan->run);
    plan->dataset = gk_arena_alloc(&plan->arena, (size_t)plan->n_run * sizeof(gk_dataset *));
    data_classes classes = { gk_classes_new(same_items, plan->run), gk_classes_new(same_sizes, plan->run) };
    for (int64_t i = 0; i < plan->n_run && status == 0; i++)
        status = make_run(plan, i, first + i, &classes);
    gk_classes_release(&classes.items);
    gk_classes_release(&classes.sizes);
    if (status < 0)
        return -1;
    plan->first = plan->run[0].config;
    if (gk_option_given(plan->given, "fraction") && gk_dataset_stored_split(plan->dataset[0]) && !plan->warning)
        plan->warning = gk_arena_printf(&plan->arena, "'--fraction' has no effect: '%s' brings a split; '--size' takes the first "
                                        "of its %lld train items", plan->dataset[0]->task,
                                        (long long)gk_dataset_stored_split(plan->dataset[0])->n_train);
    return 0;
}

gk_plan *gk_plan_new(gk_given *given, gk_config *config, const gk_sources *sources)
{
    gk_plan *plan = calloc(1, sizeof *plan);
    if (!plan) {
        gk_error("cannot get memory for a plan");
        return NULL;
    }
    plan->given = given;
    plan->config = config;
    if (sources)
        plan->sources = *sources;
    if (gk_option_given(given, "data") && gk_option_given(given, "task")) {
        gk_usage_error("'--data' and '--task' cannot both be given: the file takes the place of the task");
        goto failed;
    }
    if (gk_option_given(given, "fraction") && gk_option_given(given, "size")) {
        gk_usage_error("'--fraction' and '--size' cannot both be given: each says how many items are train");
        goto failed;
    }
    if (gk_options_check_effect(given, config, &plan->arena, &plan->warning) < 0 || gk_config_resolve_init(given, config) < 0 ||
        make_runs(plan) < 0)
        goto failed;
    find_groups(plan);
    for (int i = 0; i < plan->n_group; i++) {
        gk_plan_describe_group(plan, &plan->group[i]);
        if (try_group(plan, &plan->group[i]) < 0)
            goto failed;
    }
    if (plan->first.landscape.warm_start)
        gk_plan_warm_starts(plan);
    if (plan->first.landscape.on)
        gk_plan_cut_waves(plan);
    return plan;
failed:
    gk_plan_free(plan);
    return NULL;
}

void gk_plan_free(gk_plan *plan)
{
    if (!plan)
        return;
    for (int i = 0; i < plan->n_dataset; i++)
        gk_dataset_free(plan->dataset[i]);
    gk_arena_release(&plan->arena);
    free(plan);
}

/* --- /runs ------------------------------------------------------------------------------------------------------------- */

static gk_h5_column column_of(const gk_plan *plan, const gk_plan_group *group, const gk_option *option, gk_arena *arena)
{
    size_t       n = (size_t)group->n_replica;
    int64_t     *whole = gk_arena_alloc(arena, n * sizeof *whole);
    double      *real = gk_arena_alloc(arena, n * sizeof *real);
    const char **text = gk_arena_alloc(arena, n * sizeof *text);
    for (size_t i = 0; i < n; i++) {
        const gk_config *config = &plan->run[group->run[i]].config;
        const void      *place = gk_option_place(plan->given, option, config);
        if (option->type == GK_INT)
            whole[i] = *(const int64_t *)place;
        else if (option->type == GK_REAL)
            real[i] = *(const double *)place;
        else
            text[i] = gk_plan_option_text(plan, option, config, arena);
    }
    char *name = gk_option_in_file(arena, option->name);
    if (option->type == GK_INT)
        return (gk_h5_column){ .name = name, .type = GK_I64, .data = whole };
    if (option->type == GK_REAL)
        return (gk_h5_column){ .name = name, .type = GK_F64, .data = real };
    return (gk_h5_column){ .name = name, .text = text };
}

/* The numbers that vary within a text of --params. */
static int add_param_columns(const gk_plan *plan, const gk_plan_group *group, gk_arena *arena, gk_h5_column *to)
{
    gk_group_column *from;
    int n = gk_groups_columns(arena, gk_option_text(plan->given, "params"), &from);
    for (int i = 0; to && i < n; i++) {
        double *value = gk_arena_alloc(arena, (size_t)group->n_replica * sizeof *value);
        for (int64_t replica = 0; replica < group->n_replica; replica++)
            value[replica] = gk_groups_value(plan->run[group->run[replica]].config.model.groups, &from[i]);
        to[i] = (gk_h5_column){ .name = from[i].name, .type = GK_F64, .data = value };
    }
    return n > 0 ? n : 0;
}

int gk_plan_columns(const gk_plan *plan, const gk_plan_group *group, gk_arena *arena, gk_h5_column **columns)
{
    int      n_varied = gk_grid_n_varied(plan->given), n = 0;
    size_t   bytes = (size_t)group->n_replica * sizeof(int64_t);
    int64_t *number = gk_arena_alloc(arena, bytes), *seed = gk_arena_alloc(arena, bytes);
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        number[replica] = plan->run[group->run[replica]].number;
        seed[replica] = plan->run[group->run[replica]].config.data.seed;
    }
    *columns = gk_arena_alloc(arena, (size_t)(n_varied + 2 + add_param_columns(plan, group, arena, NULL)) * sizeof **columns);
    (*columns)[n++] = (gk_h5_column){ .name = "run", .type = GK_I64, .data = number };
    (*columns)[n++] = (gk_h5_column){ .name = "seed", .type = GK_I64, .data = seed };
    for (int i = 0; i < n_varied; i++)
        if (strcmp(gk_grid_varied(plan->given, i)->name, "seed") != 0)
            (*columns)[n++] = column_of(plan, group, gk_grid_varied(plan->given, i), arena);
    return n + add_param_columns(plan, group, arena, *columns + n);
}
