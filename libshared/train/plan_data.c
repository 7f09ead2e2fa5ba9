/* plan_data.c -- the data of runs: datasets that they share, sizes of their splits and batches, and what a model sees. */
#include "train/plan_private.h"

#include "data/leaks.h"

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

gk_data_classes gk_data_classes_new(const gk_plan_run *run)
{
    return (gk_data_classes){ gk_classes_new(same_items, run), gk_classes_new(same_sizes, run) };
}

void gk_data_classes_release(gk_data_classes *classes)
{
    gk_classes_release(&classes->items);
    gk_classes_release(&classes->sizes);
}

/* Of the first split of every dataset: what is wrong with it is wrong with the others, but for their numbers. */
static void warn_of_leaks(gk_plan *plan, const gk_dataset *dataset, const gk_split *split)
{
    gk_arena scratch = { 0 };
    gk_leaks leaks = gk_leaks_of(dataset, gk_same_inputs(dataset, &scratch), split);
    if (gk_leaks_any(&leaks))
        plan->leaks = gk_arena_printf(&plan->arena, "%s: %s (grok-check --leaks)", dataset->task,
                                        gk_leaks_text(dataset, split, &leaks, &scratch));
    gk_arena_release(&scratch);
}

int gk_plan_find_data(gk_plan *plan, int64_t index, gk_data_classes *classes)
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
        if (dataset->left_out && !plan->warning)
            plan->warning = dataset->left_out;
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
        if (items == run && !plan->leaks)
            warn_of_leaks(plan, plan->dataset[run->dataset], &split);
        run->n_train = split.n_train;
        run->n_test = split.n_test;
        run->n_rehearse = count_rehearsal(plan->dataset[run->dataset], &run->config, &split);
    }
    gk_arena_release(&scratch);
    return status;
}

int gk_plan_find_batch(gk_plan *plan, gk_plan_run *run)
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
        .n_edge_type = dataset->edges.n_type, .n_feature = dataset->edges.n_feature, .edge_first = dataset->edges.first,
        .edge = dataset->edges.at, .feature = dataset->edges.feature,
        .n_read = dataset->n_token > 0, .read = { dataset->n_token > 0 ? dataset->n_token - 1 : 0 },
    };
}

gk_product gk_plan_product(const gk_plan_group *group)
{
    return group->precision == GK_PRECISION_TF32   ? GK_PRODUCT_TF32
           : group->precision == GK_PRECISION_BF16 ? GK_PRODUCT_BF16
                                                   : GK_PRODUCT_EXACT;
}

gk_model_data gk_plan_model_data(const gk_plan *plan, const gk_plan_group *group)
{
    const gk_config *config = &plan->run[group->run[0]].config;
    gk_model_data    data = gk_dataset_model_data(plan->dataset[group->dataset]);
    if (config->teach.teachers)
        teach(&data, config);
    return data;
}
