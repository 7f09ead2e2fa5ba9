/* plan.c -- runs into shape groups. */
#include "train/plan_private.h"

#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "graph/problem.h"
#include "train/metrics.h"
#include "train/stop.h"
#include "train/tags.h"

static const char *shape_of(gk_plan *plan, const gk_config *config)
{
    const char *shape = "";
    for (int i = 0; i < gk_grid_n_varied(plan->given); i++) {
        const gk_option *option = gk_grid_varied(plan->given, i);
        if (option->flags & GK_SHAPE)
            shape = gk_arena_printf(&plan->arena, "%s%s=%s;", shape, option->name,
                                    gk_option_format(plan->given, option, config, &plan->arena));
    }
    return shape;
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

static int make_run(gk_plan *plan, int64_t index, int64_t number, gk_data_classes *classes)
{
    gk_plan_run *run = &plan->run[index];
    run->number = number;
    run->warm_from = -1;
    run->config = *plan->config;
    gk_grid_select(plan->given, run->number, &run->config);
    run->shape = shape_of(plan, &run->config);
    return gk_config_check(&run->config) < 0 || gk_plan_find_data(plan, index, classes) < 0 ||
           gk_plan_check_sources(plan, run) < 0 ? -1 : gk_plan_find_batch(plan, run);
}

static int make_runs(gk_plan *plan)
{
    int64_t first, end;
    int     status = 0;
    plan->n_run_grid = gk_grid_n_run(plan->given);
    if (gk_shard_parse(plan->config->run.shard, plan->n_run_grid, &first, &end) < 0)
        return -1;
    if (first == end)
        return gk_error("shard '%s' is empty: the grid has %lld run%s", plan->config->run.shard, (long long)plan->n_run_grid,
                        gk_s(plan->n_run_grid));
    plan->n_run = end - first;
    plan->run = gk_arena_alloc(&plan->arena, (size_t)plan->n_run * sizeof *plan->run);
    plan->dataset = gk_arena_alloc(&plan->arena, (size_t)plan->n_run * sizeof(gk_dataset *));
    gk_data_classes classes = gk_data_classes_new(plan->run);
    for (int64_t i = 0; i < plan->n_run && status == 0; i++)
        status = make_run(plan, i, first + i, &classes);
    gk_data_classes_release(&classes);
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
    gk_tag *tags;
    if (gk_tags_parse(given, config->run.name, config->run.tags, &plan->arena, &tags) < 0)
        goto failed;
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
    gk_join_release(&plan->apart);
    gk_arena_release(&plan->arena);
    free(plan);
}
