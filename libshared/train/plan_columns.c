/* plan_columns.c -- /runs: what tells a group's runs from each other. */
#include "train/plan_private.h"

#include <string.h>
#include "graph/groups.h"
#include "train/tags.h"

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
            text[i] = gk_option_format(plan->given, option, config, arena);
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

/* --name and --tag. */
static int add_tags(const gk_plan *plan, const gk_plan_group *group, gk_arena *arena, gk_h5_column *to)
{
    gk_tag *tag;
    int n = gk_tags_parse(plan->given, plan->config->run.name, plan->config->run.tags, arena, &tag);
    for (int i = 0; to && i < n; i++) {
        const char **text = gk_arena_alloc(arena, (size_t)group->n_replica * sizeof *text);
        for (int64_t replica = 0; replica < group->n_replica; replica++)
            text[replica] = tag[i].value;
        to[i] = (gk_h5_column){ .name = tag[i].key, .text = text };
    }
    return n > 0 ? n : 0;    /* what is wrong with them was said when the plan was made */
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
    size_t n_other = 2 + (size_t)add_param_columns(plan, group, arena, NULL) + (size_t)add_tags(plan, group, arena, NULL);
    *columns = gk_arena_alloc(arena, ((size_t)n_varied + n_other) * sizeof **columns);
    (*columns)[n++] = (gk_h5_column){ .name = "run", .type = GK_I64, .data = number };
    (*columns)[n++] = (gk_h5_column){ .name = "seed", .type = GK_I64, .data = seed };
    for (int i = 0; i < n_varied; i++)
        if (strcmp(gk_grid_varied(plan->given, i)->name, "seed") != 0)
            (*columns)[n++] = column_of(plan, group, gk_grid_varied(plan->given, i), arena);
    n += add_param_columns(plan, group, arena, *columns + n);
    return n + add_tags(plan, group, arena, *columns + n);
}
