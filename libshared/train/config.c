/* config.c -- what the options of training mean together. */
#include "train/config.h"

#include <stdio.h>
#include <string.h>
#include "base/duration.h"
#include "graph/groups.h"
#include "train/metrics.h"
#include "train/stop.h"

bool gk_config_rehearses(const gk_config *config)
{
    return config->base.from && config->base.mode >= GK_REMEMBER_SWAP;
}

static int check_time_limit(const char *text)
{
    double seconds;
    if (!text || strcmp(text, "none") == 0 || gk_parse_duration(text, &seconds) == 0)
        return 0;
    return gk_error_context("invalid value for '--time-limit'");
}

/* --- defaults of an optimiser ---------------------------------------------------------------------------------------- */

/* The options among "option=value option=value ..." that nobody has set: set them, or, if there are several optimisers, say that
 * one value is needed for all. */
static int default_settings(gk_given *given, const char *settings, const char *list)
{
    for (const char *at = settings; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
        char  setting[80], *value = setting;
        snprintf(setting, sizeof setting, "%.*s", (int)strcspn(at, " "), at);
        strsep(&value, "=");
        if (!gk_option_is_default(given, setting))
            continue;
        if (list)
            return gk_error("'--optimizer %s' needs --%s: these optimisers have no default in common", list, setting);
        if (gk_option_set(given, setting, value) < 0)
            return -1;
    }
    return 0;
}

/* Of two schedules of snapshots that of the command line takes the place of another one. */
static int give_way(gk_given *given)
{
    static const char *const name[] = { "snapshot-every", "snapshot-growth" };
    for (int i = 0; i < 2; i++)
        if (gk_option_given(given, name[i]) && !gk_option_given(given, name[1 - i]) &&
            !gk_option_is_default(given, name[1 - i]) && gk_option_set(given, name[1 - i], "0") < 0)
            return -1;
    return 0;
}

int gk_config_resolve(gk_given *given)
{
    if (give_way(given) < 0)
        return -1;
    const char *text = gk_option_text(given, "optimizer"), *list = strchr(text, ',') ? text : NULL;
    for (size_t length; *text; text += length + (text[length] == ',')) {
        length = strcspn(text, ",");
        for (int i = 0; i < GK_N_OPTIM; i++)
            if (strlen(gk_optimizers[i].option) == length && strncmp(text, gk_optimizers[i].option, length) == 0 &&
                default_settings(given, gk_optimizers[i].defaults, list) < 0)
                return -1;
    }
    return 0;
}

/* What no optimiser of the run reads is not set for some tensors either. */
static int check_groups(const gk_config *config)
{
    gk_arena        arena = { 0 };
    gk_param_entry *entries;
    uint32_t        some = 0, idle = 0;
    int             n = gk_groups_parse(&arena, config->model.groups, &entries);
    for (int i = 0; i < GK_N_OPTIM; i++)
        some |= gk_optimizers[i].uses;
    for (int i = 0; i < n; i++)
        idle |= entries[i].sets & some & ~gk_optimizers[config->update.optimizer].uses;
    gk_arena_release(&arena);
    return n < 0 ? -1 : idle == 0 ? 0 : gk_usage_error("'--params %s' sets what '--optimizer %s' does not read",
                                                       config->model.groups, gk_optimizer_names[config->update.optimizer]);
}

int gk_config_check(const gk_config *config)
{
    const gk_update *update = &config->update;
    gk_arena arena = { 0 };
    gk_stop  stop;
    gk_device device;
    uint64_t asked;
    int status = -1, number;

    if (update->lr_schedule != GK_LR_CONSTANT && update->lr_decay_steps == 0)
        gk_usage_error("'--lr-schedule %s' needs --lr-decay-steps", gk_lr_schedule_names[update->lr_schedule]);
    else if (config->run.snapshot_every > 0 && config->run.snapshot_growth > 0)
        gk_usage_error("'--snapshot-every' and '--snapshot-growth' cannot both be given");
    else if (config->run.snapshot_growth > 0 && config->run.snapshot_growth <= 1)
        gk_usage_error("invalid value '%g' for '--snapshot-growth': expected 0 or more than 1", config->run.snapshot_growth);
    else if (config->run.eval_items > 0 && config->teach.teachers)
        gk_usage_error("'--eval-items' cannot be given with a teacher, who is heard on all train items");
    else if (config->run.eval_items > 0 && (config->data.join || config->data.also_eval))
        gk_usage_error("'--eval-items' is for one task: with --join or --also-eval all items are evaluated");
    else if (config->hyper.label_smoothing > 0 && (config->model.loss != GK_LOSS_CE || config->model.softmax == GK_STABLEMAX))
        gk_usage_error("'--label-smoothing' needs '--loss ce' and a softmax");
    else if (update->projection == GK_PROJECT_BETWEEN && update->constrain == GK_CONSTRAIN_NONE)
        gk_usage_error("'--project between' needs --constrain-norm");
    else if (check_groups(config) == 0 && check_time_limit(config->run.time_limit) == 0 &&
             gk_batch_parse(config->run.batch, 1) >= 0 && gk_metrics_asked(config->run.metrics, &asked) == 0 &&
             gk_device_parse(config->run.device, &device, &number) == 0)
        status = gk_stop_parse(config->run.stop, &arena, &stop);
    gk_arena_release(&arena);
    return status;
}

int gk_device_parse(const char *text, gk_device *kind, int *number)
{
    int64_t n = 0;
    *number = 0;
    if (strcmp(text, "auto") == 0 || strcmp(text, "cpu") == 0 || strcmp(text, "cuda") == 0) {
        *kind = text[0] == 'a' ? GK_DEVICE_AUTO : text[1] == 'p' ? GK_DEVICE_CPU : GK_DEVICE_CUDA;
        return 0;
    }
    if (strncmp(text, "cuda:", 5) != 0 || gk_parse_int(text + 5, &n) < 0 || n < 0 || n > 1023)
        return gk_usage_error("invalid value '%s' for '--device': expected auto, cpu, cuda or cuda:N", text);
    *kind = GK_DEVICE_CUDA;
    *number = (int)n;
    return 0;
}

int gk_operator_position(const gk_data_args *data)
{
    return data->data_file ? -1 : data->sequence == GK_SEQ_OP_MOD ? 2 : data->sequence == GK_SEQ_OP_EQ ? 1 : -1;
}

int64_t gk_batch_parse(const char *text, int64_t n_train)
{
    const char *digits = strncmp(text, "half", 4) == 0 ? text + 4 : text;
    int64_t batch = 0, half = (n_train + 1) / 2;
    if (strcmp(text, "full") == 0)
        return 0;
    if (gk_parse_int(digits, &batch) < 0 || batch < 1)
        return gk_usage_error("invalid value '%s' for '--batch': expected full, a whole number above 0, or half512", text);
    if (digits != text && batch > half)
        batch = half;
    return batch < n_train ? batch : 0;
}

int gk_shard_parse(const char *text, int64_t n_run, int64_t *first, int64_t *end)
{
    *first = 0;
    *end = n_run;
    if (!text)
        return 0;
    char    left[24];
    int64_t shard, n_shard;
    size_t  n_left = strcspn(text, "/");
    snprintf(left, sizeof left, "%.*s", (int)n_left, text);
    if (text[n_left] != '/' || n_left >= sizeof left || gk_parse_int(left, &shard) < 0 ||
        gk_parse_int(text + n_left + 1, &n_shard) < 0 || shard < 1 || shard > n_shard || n_shard > 1000000)
        return gk_usage_error("invalid value '%s' for '--shard': expected I/N with I from 1 to N", text);
    *first = n_run * (shard - 1) / n_shard;
    *end = n_run * shard / n_shard;
    return 0;
}

gk_schedule gk_log_schedule(const gk_config *config)
{
    const gk_run_args *run = &config->run;
    return (gk_schedule){ .every = run->log_every, .growth = run->log_growth, .dense = 30, .max_gap = run->log_max };
}

gk_schedule gk_snapshot_schedule(const gk_config *config)
{
    return (gk_schedule){ .every = config->run.snapshot_every, .growth = config->run.snapshot_growth };
}

uint64_t gk_init_seed(const gk_config *config)
{
    return (uint64_t)(config->run.init_seed >= 0 ? config->run.init_seed : config->data.seed);
}

uint64_t gk_order_seed(const gk_config *config)
{
    return (uint64_t)(config->run.order_seed >= 0 ? config->run.order_seed : config->data.seed);
}

static bool is_varied(const gk_given *given, const char *name)
{
    for (int i = 0; i < gk_grid_n_varied(given); i++)
        if (strcmp(gk_grid_varied(given, i)->name, name) == 0)
            return true;
    return false;
}

int gk_config_resolve_init(gk_given *given, const gk_config *config)
{
    if (config->model.init != GK_INIT_AUTO || is_varied(given, "model") || is_varied(given, "init"))
        return 0;
    return gk_option_set(given, "init", gk_init_names[gk_model_initial_law(&config->model)]);
}
