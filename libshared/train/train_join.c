/* train_join.c -- groups of one shape that stood at different steps are one again when all their runs have ended. */
#include "train/train_private.h"

static bool stands_apart(const gk_plan *plan, int index)
{
    return plan->is_regrouped && plan->group[index].n_of_shape > 1;
}

/* Arrays of a file lie without gaps, those of a group in training as in the graph: to be joined, all must. */
bool gk_training_must_lie_alike(const gk_training *training, int index)
{
    return index < training->n_resumed && stands_apart(training->plan, index) && training->checkpoint.group[index].model;
}

static const int64_t *numbers_of(gk_arena *arena, const gk_plan *plan, const gk_plan_group *group)
{
    int64_t *number = gk_arena_alloc(arena, (size_t)group->n_replica * sizeof *number);
    for (int64_t r = 0; r < group->n_replica; r++)
        number[r] = plan->run[group->run[r]].number;
    return number;
}

/* Can all groups of one shape be joined?  A landscape keeps its waves. */
static bool fit(int n, const gk_join_part *part)
{
    int64_t step = 0;
    bool    all = true;
    for (int i = 0; i < n; i++)
        step = part[i].group->step > step ? part[i].group->step : step;
    for (int i = 0; i < n; i++)
        all &= gk_join_fits(part[i].group, step) && gk_groups_alike(part[0].group, part[i].group);
    return all;
}

/* Group `index` and those of its shape behind it, into the whole. */
static int join(const gk_training *training, int index, gk_join_memory *memory, gk_checkpoint *whole)
{
    const gk_plan *plan = training->plan;
    const int      shape = plan->group[index].shape, n_most = plan->group[index].n_of_shape;
    gk_join_part  *part = gk_arena_alloc(&memory->arena, (size_t)n_most * sizeof *part);
    int n = 0;
    for (int i = index; i < plan->n_group && n < n_most; i++)
        if (plan->group[i].shape == shape)
            part[n++] = (gk_join_part){ &training->checkpoint.group[i], numbers_of(&memory->arena, plan, &plan->group[i]) };
    if (fit(n, part))
        return gk_groups_join(memory, n, part, &whole->group[whole->n_group++]);
    for (int i = 0; i < n; i++)
        whole->group[whole->n_group++] = *part[i].group;
    return 0;
}

int gk_training_join(const gk_training *training, gk_join_memory *memory, gk_checkpoint *whole)
{
    const gk_plan *plan = training->plan;
    *whole = training->checkpoint;
    whole->group = gk_arena_alloc(&memory->arena, (size_t)plan->n_group * sizeof *whole->group);
    whole->n_group = 0;
    for (int i = 0; i < plan->n_group; i++) {
        if (!stands_apart(plan, i))
            whole->group[whole->n_group++] = training->checkpoint.group[i];
        else if (plan->group[i].shape == i && join(training, i, memory, whole) < 0)
            return -1;
    }
    return 0;
}
