/* plan_waves.c -- a landscape's groups cut into waves, and where cells begin. */
#include <string.h>
#include "base/classes.h"
#include "train/plan_private.h"

void gk_plan_fill_groups(gk_plan *plan)
{
    plan->group = gk_arena_alloc(&plan->arena, (size_t)plan->n_group * sizeof *plan->group);
    for (int64_t i = 0; i < plan->n_run; i++)
        plan->group[plan->run[i].group].n_replica++;
    for (int i = 0; i < plan->n_group; i++) {
        gk_plan_group *group = &plan->group[i];
        group->run = gk_arena_alloc(&plan->arena, (size_t)group->n_replica * sizeof *group->run);
        group->n_replica = 0;
    }
    for (int64_t i = 0; i < plan->n_run; i++) {
        gk_plan_group *group = &plan->group[plan->run[i].group];
        plan->run[i].replica = group->n_replica;
        group->run[group->n_replica++] = i;
    }
}

static int64_t wave_of(const gk_plan *plan, const gk_plan_group *group)
{
    enum { WAVE_BYTES = 64 << 20, LEAST = 16, ARRAYS = 4 };    /* parameters, gradient, two moments */
    int64_t asked = plan->first.landscape.wave, replica_bytes = ARRAYS * (int64_t)sizeof(float) * group->n_param;
    if (asked > 0)
        return asked;
    return WAVE_BYTES / replica_bytes > LEAST ? WAVE_BYTES / replica_bytes : LEAST;
}

void gk_plan_cut_waves(gk_plan *plan)
{
    gk_plan_group *whole = plan->group;
    int  n_whole = plan->n_group;
    int *first = gk_arena_alloc(&plan->arena, ((size_t)n_whole + 1) * sizeof *first);    /* wave of each group */
    for (int i = 0; i < n_whole; i++)
        first[i + 1] = first[i] + (int)((whole[i].n_replica - 1) / wave_of(plan, &whole[i])) + 1;
    for (int64_t i = 0; i < plan->n_run; i++) {
        gk_plan_run *run = &plan->run[i];
        run->group = first[run->group] + (int)(run->replica / wave_of(plan, &whole[run->group]));
    }
    plan->n_group = first[n_whole];
    gk_plan_fill_groups(plan);
    for (int i = 0; i < n_whole; i++)
        for (int wave = first[i]; wave < first[i + 1]; wave++) {
            gk_plan_group now = plan->group[wave];
            plan->group[wave] = whole[i];
            plan->group[wave].n_replica = now.n_replica;
            plan->group[wave].run = now.run;
        }
}

static const char *all_but_alpha(gk_plan *plan, const gk_config *config)
{
    const char *text = "";
    for (int i = 0; i < gk_grid_n_varied(plan->given); i++) {
        const gk_option *option = gk_grid_varied(plan->given, i);
        if (strcmp(option->name, "init-scale") != 0)
            text = gk_arena_printf(&plan->arena, "%s%s;", text, gk_option_format(plan->given, option, config, &plan->arena));
    }
    return text;
}

static bool same_key(const void *context, int64_t a, int64_t b)
{
    const char *const *key = context;
    return strcmp(key[a], key[b]) == 0;
}

void gk_plan_warm_starts(gk_plan *plan)
{
    const char **key = gk_arena_alloc(&plan->arena, (size_t)plan->n_run * sizeof *key);
    int64_t     *last = gk_arena_alloc(&plan->arena, (size_t)plan->n_run * sizeof *last);    /* of the class, by its first run */
    gk_classes   classes = gk_classes_new(same_key, key);
    for (int64_t i = 0; i < plan->n_run; i++) {
        key[i] = all_but_alpha(plan, &plan->run[i].config);
        int64_t first = gk_class_first(&classes, i, gk_hash_bytes(GK_HASH, key[i], strlen(key[i])));
        plan->run[i].warm_from = first < i ? last[first] : -1;
        last[first] = i;
    }
    gk_classes_release(&classes);
}
