/* trainer_state.c -- between an engine and a group of a checkpoint: describing, initialising, saving, loading. */
#include "train/trainer_private.h"

#include <stdlib.h>
#include <string.h>
#include "train/kept.h"
#include "train/learnt.h"

/* --- memory ------------------------------------------------------------------------------------------------------------- */

void *gk_keep_large(gk_keeper *keeper, size_t n_bytes, const char *what)
{
    if (keeper->n_large == keeper->capacity) {
        int64_t capacity = keeper->capacity ? 2 * keeper->capacity : 16;
        void  **large = realloc(keeper->large, (size_t)capacity * sizeof *large);
        if (!large) {
            gk_error("cannot get memory for %s", what);
            return NULL;
        }
        keeper->large = large;
        keeper->capacity = capacity;
    }
    void *data = gk_alloc_large(n_bytes, what);
    if (data)
        keeper->large[keeper->n_large++] = data;
    return data;
}

void gk_keep_drop(gk_keeper *keeper, void *large)
{
    for (int64_t i = keeper->n_large - 1; large && i >= 0; i--)
        if (keeper->large[i] == large) {
            free(large);
            keeper->large[i] = keeper->large[--keeper->n_large];
            return;
        }
}

void gk_keeper_release(gk_keeper *keeper)
{
    for (int64_t i = 0; i < keeper->n_large; i++)
        free(keeper->large[i]);
    free(keeper->large);
    gk_arena_release(&keeper->arena);
    *keeper = (gk_keeper){ 0 };
}

/* --- what is known before training ---------------------------------------------------------------------------------------- */

static void describe_params(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    gk_arena *arena = &trainer->keeper->arena;
    group->n_param = trainer->graph.n_param;
    group->n_real = trainer->graph.n_param_real;
    group->param = gk_arena_alloc(arena, (size_t)group->n_param * sizeof *group->param);
    for (int i = 0; i < group->n_param; i++) {
        const gk_node *node = trainer->graph.param[i];
        gk_param_info *param = &group->param[i];
        *param = (gk_param_info){
            .name = gk_arena_strdup(arena, node->name), .n_dim = node->n_dim, .axes = gk_arena_strdup(arena, node->axes),
            .init = gk_arena_strdup(arena, node->init_text), .trainable = !node->frozen,
            .offset = node->offset, .size = node->size,
        };
        memcpy(param->dim, node->dim, (size_t)node->n_dim * sizeof *node->dim);
    }
}

/* Does the state of the optimiser go on from that of the base? */
static bool keeps_state(const gk_trainer *trainer)
{
    return trainer->plan->first.base.from && trainer->plan->first.base.state == GK_STATE_KEPT;
}

/* Columns of /runs.  What the engine keeps beside its arenas is among them, and with --state kept the updates that the state had
 * seen before: what no other array holds. */
static void describe_runs(gk_trainer *trainer)
{
    gk_group     *group = trainer->group;
    gk_arena     *arena = &trainer->keeper->arena;
    gk_h5_column *column;
    int n = gk_plan_columns(trainer->plan, trainer->plan_group, arena, &column);
    int n_scalar = gk_trainer_scalar_columns(trainer, NULL);
    group->run_column = gk_arena_alloc(arena, (size_t)(n + n_scalar + GK_N_SEEN) * sizeof *column);
    memcpy(group->run_column, column, (size_t)n * sizeof *column);
    group->n_run_column = n + gk_trainer_scalar_columns(trainer, group->run_column + n);
    for (int part = 0; keeps_state(trainer) && part < GK_N_SEEN; part++) {
        int64_t *seen = gk_arena_alloc(arena, (size_t)group->n_replica * sizeof *seen);
        for (int64_t r = 0; r < group->n_replica; r++)
            seen[r] = trainer->seen[r].updates[part];
        group->run_column[group->n_run_column++] = (gk_h5_column){ .name = gk_seen_columns[part], .type = GK_I64, .data = seen };
    }
}

/* What the columns of a checkpoint say; a part whose column an older file does not have had seen nothing. */
static int load_seen(gk_trainer *trainer)
{
    for (int part = 0; part < GK_N_SEEN; part++) {
        const gk_h5_column *column = gk_group_run_column(trainer->group, gk_seen_columns[part]);
        if (!column && part == GK_SEEN_OPTIMIZER)
            return gk_error("the checkpoint's '/runs' lacks a column '%s'", gk_seen_columns[part]);
        if (column && (column->text || column->type != GK_I64))
            return gk_error("column '%s' of the checkpoint's '/runs' does not hold whole numbers", gk_seen_columns[part]);
        for (int64_t r = 0; column && r < trainer->group->n_replica; r++)
            trainer->seen[r].updates[part] = ((const int64_t *)column->data)[r];
    }
    return 0;
}

/* What of the base's state this group keeps, into trainer->seen. */
static int weigh_state(gk_trainer *trainer)
{
    for (int64_t r = 0; r < trainer->plan_group->n_replica; r++) {
        const gk_plan_run *run = &trainer->plan->run[trainer->plan_group->run[r]];
        if (gk_kept_state(trainer->plan->sources.base, run->base_replica, &run->config, &trainer->arena, &trainer->seen[r],
                          NULL) < 0)
            return -1;
    }
    return 0;
}

/* [n_split][n_max] item numbers, the rest -1. */
static int32_t *pad_items(gk_trainer *trainer, int64_t n_split, int64_t n_max, bool is_train)
{
    int32_t *items = gk_keep_large(trainer->keeper, (size_t)(n_split * n_max) * sizeof *items, "the splits");
    if (!items)
        return NULL;
    memset(items, 0xff, (size_t)(n_split * n_max) * sizeof *items);
    for (int64_t row = 0; row < n_split; row++) {
        const gk_split *split = &trainer->split[n_split == 1 ? 0 : trainer->split_of[row]];
        const int32_t  *from = is_train ? split->train : split->test;
        memcpy(items + row * n_max, from, (size_t)(is_train ? split->n_train : split->n_test) * sizeof *items);
    }
    return items;
}

/* Are the subclasses of the items of any interest?  All items have labels. */
static bool has_subclasses(const gk_trainer *trainer)
{
    const gk_config  *first = &trainer->plan->first;
    const gk_dataset *dataset = trainer->plan->dataset[trainer->plan_group->dataset];
    const bool        labels = dataset->subclass.by && strcmp(dataset->subclass.by, "label") == 0;
    return dataset->subclass.by && (!labels || first->data.thin || first->run.by_subclass != GK_BY_NONE);
}

static int describe_data(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    const gk_dataset *dataset = trainer->plan->dataset[trainer->plan_group->dataset];
    group->task = dataset->task;
    group->data_sha256 = dataset->sha256;
    group->n_item = dataset->n_item;
    group->n_split = trainer->n_split == 1 ? 1 : group->n_replica;
    group->n_train_max = trainer->plan_group->n_train_max;
    group->n_test_max = trainer->plan_group->n_test_max;
    group->train = group->test = NULL;
    if (trainer->plan->first.run.keep == GK_KEEP_METRICS)
        return 0;
    if (has_subclasses(trainer)) {
        group->n_subclass = dataset->subclass.n;
        group->subclass_name = dataset->subclass.name;
        group->subclass = dataset->subclass.of;
    }
    group->train = pad_items(trainer, group->n_split, group->n_train_max, true);
    group->test = pad_items(trainer, group->n_split, group->n_test_max, false);
    return group->train && group->test ? 0 : -1;
}

int gk_trainer_describe(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    group->n_replica = trainer->plan_group->n_replica;
    group->real = trainer->backend->real;
    group->replica_step = gk_arena_alloc(&trainer->keeper->arena, (size_t)group->n_replica * sizeof *group->replica_step);
    group->status = gk_arena_alloc(&trainer->keeper->arena, (size_t)group->n_replica * sizeof *group->status);
    group->history = gk_history_new(group->n_replica, trainer->n_recorded,
                                    gk_metric_names(trainer->recorded, trainer->n_recorded, &trainer->arena));
    if (!group->history)
        return -1;
    describe_params(trainer);
    const gk_config *first = &trainer->plan->first;
    const char      *base = first->base.from ? first->base.from : first->weights.file;
    if (base && !trainer->plan->sources.base)
        return gk_error("base '%s', which the runs that have not begun go on from, cannot be read", base);
    if (keeps_state(trainer) && weigh_state(trainer) < 0)
        return -1;
    describe_runs(trainer);
    return describe_data(trainer);
}

/* --- does a group from a checkpoint fit? ----------------------------------------------------------------------------------- */

static int check_params(const gk_trainer *trainer)
{
    const gk_group *group = trainer->group;
    if (!group->model)
        return gk_error("there are no parameters to go on with: they were left out (--keep metrics, grok-trim --drop "
                        "parameters)");
    if (group->n_param != trainer->graph.n_param)
        return gk_error("the checkpoint has %d parameters, expected %d", group->n_param, trainer->graph.n_param);
    for (int i = 0; i < group->n_param; i++) {
        const gk_node *node = trainer->graph.param[i];
        const gk_param_info *param = gk_group_param(group, node->name);
        if (!param)
            return gk_error("the checkpoint has no parameter '%s'", node->name);
        if (param->n_dim != node->n_dim || memcmp(param->dim, node->dim, (size_t)node->n_dim * sizeof *node->dim) != 0)
            return gk_error("the checkpoint's parameter '%s' has another shape than the model's", node->name);
    }
    return 0;
}

/* A checkpoint of another version, or with other --metrics, has other metrics: they are matched by name. */
static int check_history(gk_trainer *trainer)
{
    gk_history *history = trainer->group->history;
    int64_t last = history && history->n_record > 0 ? history->step[history->n_record - 1] : -1;
    if (last < 0 || last > trainer->group->step)
        return gk_error("the checkpoint's history ends at step %lld, its parameters are of step %lld", (long long)last,
                        (long long)trainer->group->step);
    return gk_history_conform(history, trainer->n_recorded,
                              gk_metric_names(trainer->recorded, trainer->n_recorded, &trainer->arena));
}

/* The splits that the checkpoint was made with, if it holds them, against those of today. */
static int check_items(const gk_trainer *trainer)
{
    const gk_group *group = trainer->group;
    for (int64_t row = 0; row < group->n_split; row++)
        if (gk_learnt_check_split(group, row, &trainer->split[group->n_split == 1 ? 0 : trainer->split_of[row]]) < 0)
            return -1;
    return 0;
}

/* Move R x depth blocks from the places of `from` in blocks of n_from reals to those of the graph.  NULL with gk_error. */
static void *repack(const gk_trainer *trainer, const gk_group *from, const void *data, int64_t n_block)
{
    size_t   unit = gk_dtype_size(from->real);
    int64_t  n_to = trainer->graph.n_param_real;
    char    *to = gk_keep_large(trainer->keeper, (size_t)(n_block * n_to) * unit, "parameters");
    for (int i = 0; to && i < trainer->graph.n_param; i++) {
        const gk_node *node = trainer->graph.param[i];
        const gk_param_info *param = gk_group_param(from, node->name);
        for (int64_t block = 0; block < n_block; block++)
            memcpy(to + (size_t)(block * n_to + node->offset) * unit,
                   (const char *)data + (size_t)(block * from->n_real + param->offset) * unit, (size_t)node->size * unit);
    }
    return to;
}

/* A checkpoint's arrays are packed without gaps; here they lie as in the graph. */
static int pack_as_graph(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    const gk_group from = *group;
    if (!(group->model = repack(trainer, &from, from.model, from.n_replica)))
        return -1;
    if (from.n_slot > 0)
        group->slot = gk_arena_alloc(&trainer->keeper->arena, (size_t)from.n_slot * sizeof *group->slot);
    for (int i = 0; i < from.n_slot; i++) {
        group->slot[i] = from.slot[i];
        if (!(group->slot[i].data = repack(trainer, &from, from.slot[i].data, from.n_replica * from.slot[i].depth)))
            return -1;
    }
    if (from.n_snapshot > 0 &&
        !(group->snapshot = gk_keep_large(trainer->keeper, (size_t)from.n_snapshot * sizeof *group->snapshot, "snapshots")))
        return -1;
    for (int64_t i = 0; i < from.n_snapshot; i++)
        if (!(group->snapshot[i] = repack(trainer, &from, from.snapshot[i], from.n_replica)))
            return -1;
    describe_params(trainer);
    return 0;
}

int gk_trainer_check(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    const gk_dataset *dataset = trainer->plan->dataset[trainer->plan_group->dataset];
    if (group->n_replica != trainer->plan_group->n_replica)
        return gk_error("the checkpoint has %lld replicas, expected %lld", (long long)group->n_replica,
                        (long long)trainer->plan_group->n_replica);
    if (group->real != trainer->backend->real)
        return gk_error("the checkpoint holds %s, expected %s", gk_dtype_name(group->real),
                        gk_dtype_name(trainer->backend->real));
    if (gk_learnt_check(group, dataset) < 0 || check_items(trainer) < 0)
        return -1;
    if (check_params(trainer) < 0 || check_history(trainer) < 0)
        return -1;
    return pack_as_graph(trainer);
}

/* --- parameters ------------------------------------------------------------------------------------------------------------ */

static size_t arena_bytes(const gk_trainer *trainer, int64_t depth)
{
    const gk_group *group = trainer->group;
    return (size_t)(group->n_replica * depth * trainer->graph.n_param_real) * gk_dtype_size(group->real);
}

static void *keep_arena(gk_trainer *trainer, int64_t depth)
{
    return gk_keep_large(trainer->keeper, arena_bytes(trainer, depth), "a copy of parameters or optimiser state");
}

static void convert(gk_dtype real, const double *from, void *to, int64_t first, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (real == GK_F64)
            ((double *)to)[first + i] = from[i];
        else
            ((float *)to)[first + i] = (float)from[i];
}

/* The parameters that another run ended with, times `scale`. */
static int warm_values(const gk_trainer *trainer, const gk_plan_run *from, double scale, double *values)
{
    const gk_group *group = &trainer->groups[from->group];
    gk_assert(from->group < trainer->plan_group - trainer->plan->group);
    if (!group->model)
        return gk_error("run %lld would begin with the parameters of run %lld (--continue), which the checkpoint does not hold",
                        (long long)trainer->plan->run[trainer->plan_group->run[0]].number, (long long)from->number);
    for (int i = 0; i < trainer->graph.n_param; i++) {
        const gk_node *node = trainer->graph.param[i];
        const gk_param_info *param = gk_group_param(group, node->name);
        gk_assert(param && param->size == node->size);
        int64_t first = from->replica * group->n_real + param->offset;
        for (int64_t j = 0; j < node->size; j++)
            values[node->offset + j] = scale * (group->real == GK_F64 ? ((const double *)group->model)[first + j]
                                                                      : (double)((const float *)group->model)[first + j]);
    }
    return 0;
}

/* Initial parameters of one replica: drawn, or those of the base, times the initial scale; or those of a warm start, where
 * scaling by the ratio of both alphas leads from sphere to sphere, whatever norm is held. */
static int initial_values(const gk_trainer *trainer, const gk_plan_run *run, double *values)
{
    const gk_source *base = trainer->plan->sources.base;
    const gk_plan_run *from = run->warm_from >= 0 && trainer->groups ? &trainer->plan->run[run->warm_from] : NULL;
    double scale = run->config.hyper.init_scale;
    memset(values, 0, (size_t)trainer->graph.n_param_real * sizeof *values);
    if (from && from->config.hyper.init_scale > 0 && trainer->groups[from->group].status[from->replica] != GK_DIVERGED)
        return warm_values(trainer, from, scale / from->config.hyper.init_scale, values);
    if (!base) {
        gk_model_init(&trainer->graph, gk_init_seed(&run->config), scale, values);
        return 0;
    }
    if (gk_source_params(base, base->group->model, run->base_replica, &trainer->graph, GK_F64, values) < 0)
        return -1;
    for (int64_t i = 0; i < trainer->graph.n_param_real; i++)
        values[i] *= scale;
    return 0;
}

/* One arena of the base's state for the replicas that keep it; 0 for the others. */
static int take_arena(gk_trainer *trainer, gk_arena_kind kind, const gk_slot *slot, double *values, void *arena)
{
    const gk_source *base = trainer->plan->sources.base;
    int64_t n_real = trainer->graph.n_param_real;
    memset(arena, 0, arena_bytes(trainer, slot->depth));
    for (int64_t r = 0; r < trainer->group->n_replica; r++) {
        int64_t from = trainer->plan->run[trainer->plan_group->run[r]].base_replica * slot->depth;
        bool    kept = trainer->seen[r].updates[gk_kept_part(kind)] > 0;
        for (int64_t level = 0; kept && level < slot->depth; level++) {
            if (gk_source_params(base, slot->data, from + level, &trainer->graph, GK_F64, values) < 0)
                return -1;
            convert(trainer->group->real, values, arena, (r * slot->depth + level) * n_real, n_real);
        }
    }
    return trainer->backend->write(trainer->engine, kind, arena);
}

static int take_state(gk_trainer *trainer)
{
    const gk_source *base = trainer->plan->sources.base;
    gk_config of_base = gk_source_config(base, 0);
    int64_t   had[GK_N_ARENA];
    int       status = 0;
    double   *values = gk_alloc_large((size_t)trainer->graph.n_param_real * sizeof *values, "the base's state");
    gk_kept_depths(&of_base, had);
    for (int kind = 0; values && status == 0 && kind < GK_N_ARENA; kind++) {
        const gk_slot *slot = gk_kept_slot(base->group, kind, had);
        int64_t depth = trainer->backend->depth(trainer->engine, kind);
        if (gk_kept_part(kind) == GK_N_SEEN || !slot || depth != slot->depth)
            continue;
        void *arena = gk_alloc_large(arena_bytes(trainer, depth), "the base's state");
        status = arena ? take_arena(trainer, kind, slot, values, arena) : -1;
        free(arena);
    }
    free(values);
    return values ? status : -1;
}

int gk_trainer_initialise(gk_trainer *trainer)
{
    gk_group *group = trainer->group;
    int64_t   n_real = trainer->graph.n_param_real;
    double   *values = gk_alloc_large((size_t)n_real * sizeof *values, "initial parameters");
    int status = -1;
    if (!values || !(group->model = keep_arena(trainer, 1)))
        goto done;
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        if (gk_trainer_interrupted(trainer)) {
            status = GK_TRAINER_INTERRUPTED;
            goto done;
        }
        if (initial_values(trainer, &trainer->plan->run[trainer->plan_group->run[replica]], values) < 0)
            goto done;
        convert(group->real, values, group->model, replica * n_real, n_real);
    }
    status = trainer->backend->write(trainer->engine, GK_ARENA_PARAM, group->model);
    if (status == 0 && keeps_state(trainer))
        status = take_state(trainer);
    if (status == 0 && trainer->backend->depth(trainer->engine, GK_ARENA_INIT) > 0)
        status = trainer->backend->write(trainer->engine, GK_ARENA_INIT, group->model);
done:
    free(values);
    return status;
}

static void depths_of(const gk_trainer *trainer, int64_t depth[GK_N_ARENA])
{
    for (int kind = 0; kind < GK_N_ARENA; kind++)
        depth[kind] = trainer->backend->depth(trainer->engine, kind);
}

int gk_trainer_load(gk_trainer *trainer)
{
    const gk_backend *backend = trainer->backend;
    gk_group *group = trainer->group;
    int64_t   all[GK_N_ARENA];
    depths_of(trainer, all);
    if (backend->write(trainer->engine, GK_ARENA_PARAM, group->model) < 0)
        return -1;
    for (int kind = GK_ARENA_PARAM + 1; kind < GK_N_ARENA; kind++) {
        int64_t depth = all[kind];
        gk_slot *slot = gk_kept_slot(group, kind, all);
        if (depth == 0)
            continue;
        if (!slot)
            return gk_error("the checkpoint has no '/optimizer/%s' to go on with: it was left out (--keep params or metrics, "
                            "grok-trim --drop optimizer)", gk_arena_names[kind]);
        if (slot->depth != depth)
            return gk_error("the checkpoint's '/optimizer/%s' is %lld deep, expected %lld", gk_arena_names[kind],
                            (long long)slot->depth, (long long)depth);
        slot->name = gk_arena_names[kind];
        if (backend->write(trainer->engine, kind, slot->data) < 0)
            return -1;
    }
    if (gk_trainer_load_scalars(trainer) < 0)
        return -1;
    if (keeps_state(trainer) && load_seen(trainer) < 0)
        return -1;
    describe_runs(trainer);
    return gk_trainer_save_scalars(trainer);
}

static gk_slot *add_slot(gk_trainer *trainer, const char *name, int64_t depth)
{
    gk_group *group = trainer->group;
    gk_slot  *slots = gk_arena_alloc(&trainer->keeper->arena, GK_N_ARENA * sizeof *slots);
    void     *data = keep_arena(trainer, depth);
    if (!data)
        return NULL;
    if (group->n_slot > 0)
        memcpy(slots, group->slot, (size_t)group->n_slot * sizeof *slots);
    group->slot = slots;
    group->slot[group->n_slot] = (gk_slot){ .name = name, .depth = depth, .data = data };
    return &group->slot[group->n_slot++];
}

int gk_trainer_save(gk_trainer *trainer)
{
    const gk_backend *backend = trainer->backend;
    gk_group *group = trainer->group;
    int64_t   all[GK_N_ARENA];
    depths_of(trainer, all);
    if (!group->model && !(group->model = keep_arena(trainer, 1)))
        return -1;
    if (backend->read(trainer->engine, GK_ARENA_PARAM, group->model) < 0)
        return -1;
    for (int kind = GK_ARENA_PARAM + 1; kind < GK_N_ARENA; kind++) {
        int64_t depth = all[kind];
        const gk_slot *slot = gk_kept_slot(group, kind, all);
        if (depth == 0)
            continue;
        if (!slot && !(slot = add_slot(trainer, gk_arena_names[kind], depth)))
            return -1;
        if (backend->read(trainer->engine, kind, slot->data) < 0)
            return -1;
    }
    return gk_trainer_save_scalars(trainer);
}
