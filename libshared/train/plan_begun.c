/* plan_begun.c -- groups as a checkpoint has them that is to be resumed: a merged file has those of its parts, and may lack
 * runs. */
#include "train/plan_private.h"

#include <string.h>

typedef struct begun {
    gk_plan             *plan;
    const char          *path;          /* of the file */
    int                 *group_of;      /* [n_run] in the file; -1: not there */
    bool                 as_planned;    /* the file's groups are the first of the plan */
} begun;

static int take_group(begun *of, int index)
{
    gk_plan            *plan = of->plan;
    const gk_group     *group = &plan->begun[index];
    const gk_h5_column *column = gk_group_run_column(group, "run");
    const char         *path = of->path;
    if (!column || column->text || column->type != GK_I64)
        return gk_error("cannot resume '%s': it does not number its runs ('/runs' has no column 'run')", path);
    const int64_t *number = column->data;
    int64_t first = number[0] - plan->run[0].number;
    for (int64_t r = 0; r < group->n_replica; r++) {
        int64_t run = number[r] - plan->run[0].number;
        if (run < 0 || run >= plan->n_run)
            return gk_error("cannot resume '%s': run %lld is not one of the %lld that its options stand for", path,
                            (long long)number[r], (long long)plan->n_run);
        if (of->group_of[run] >= 0 || (r > 0 && number[r] <= number[r - 1]))
            return gk_error("cannot resume '%s': run %lld is there twice, or not in its place", path, (long long)number[r]);
        if (!gk_plan_same_group(plan, first, run))
            return gk_error("cannot resume '%s': runs %lld and %lld of one group have different shapes", path,
                            (long long)number[0], (long long)number[r]);
        of->group_of[run] = index;
        of->as_planned &= plan->run[run].group == index;
    }
    of->as_planned &= index < plan->n_group && group->n_replica == plan->group[index].n_replica;
    return 0;
}

/* Runs that the file lacks form the groups that they would have formed, behind those of the file. */
static int place_others(begun *of)
{
    gk_plan *plan = of->plan;
    int  n = plan->n_begun;
    int *renamed = gk_arena_alloc(&plan->arena, (size_t)plan->n_group * sizeof *renamed);
    for (int64_t i = 0; i < plan->n_run; i++)
        if (of->group_of[i] < 0)
            renamed[plan->run[i].group] = 1;
    for (int i = 0; i < plan->n_group; i++)
        if (renamed[i])
            renamed[i] = n++;
    for (int64_t i = 0; i < plan->n_run; i++)
        if (of->group_of[i] < 0)
            of->group_of[i] = renamed[plan->run[i].group];
    return n;
}

static void regroup(begun *of, int n_group)
{
    gk_plan       *plan = of->plan;
    gk_plan_group *planned = plan->group;
    int           *planned_of = gk_arena_alloc(&plan->arena, (size_t)n_group * sizeof *planned_of);
    for (int64_t i = 0; i < plan->n_run; i++) {
        planned_of[of->group_of[i]] = plan->run[i].group;
        plan->run[i].group = of->group_of[i];
    }
    int *n_of_shape = gk_arena_alloc(&plan->arena, (size_t)plan->n_group * sizeof *n_of_shape);
    int *first_of = gk_arena_alloc(&plan->arena, (size_t)plan->n_group * sizeof *first_of);
    for (int i = n_group - 1; i >= 0; i--) {
        n_of_shape[planned_of[i]]++;
        first_of[planned_of[i]] = i;
    }
    plan->n_group = n_group;
    plan->is_regrouped = true;
    gk_plan_fill_groups(plan);
    for (int i = 0; i < n_group; i++) {
        gk_plan_group *now = &plan->group[i], whole = planned[planned_of[i]];
        if (now->n_replica != whole.n_replica) {
            gk_plan_describe_group(plan, now);
            now->n_param = whole.n_param;
            now->flops_row = whole.flops_row;
            now->flops_step = whole.flops_step;
        } else {
            whole.run = now->run;
            *now = whole;
        }
        now->shape = first_of[planned_of[i]];
        now->n_of_shape = n_of_shape[planned_of[i]];
    }
}

/* What was left out of a file on purpose is none of the runs any more. */
static void drop_others(begun *of)
{
    gk_plan *plan = of->plan;
    int64_t  n = 0;
    for (int64_t i = 0; i < plan->n_run; i++) {
        if (of->group_of[i] < 0)
            continue;
        plan->run[n] = plan->run[i];
        plan->run[n].warm_from = -1;    /* all have begun */
        of->group_of[n++] = of->group_of[i];
    }
    of->as_planned &= n == plan->n_run;
    plan->n_run = n;
}

static int take_groups(begun *of)
{
    gk_plan *plan = of->plan;
    of->as_planned = true;
    for (int64_t i = 0; i < plan->n_run; i++)
        of->group_of[i] = -1;
    for (int i = 0; i < plan->n_begun; i++)
        if (take_group(of, i) < 0)
            return -1;
    return 0;
}

int gk_plan_follow(gk_plan *plan, const gk_checkpoint *file)
{
    begun of = { .plan = plan, .path = file->path };
    of.group_of = gk_arena_alloc(&plan->arena, (size_t)plan->n_run * sizeof *of.group_of);
    plan->n_begun = file->n_group;
    plan->begun = gk_arena_alloc(&plan->arena, (size_t)file->n_group * sizeof *plan->begun);
    memcpy(plan->begun, file->group, (size_t)file->n_group * sizeof *plan->begun);
    if (take_groups(&of) < 0)
        return -1;
    int apart = gk_plan_judge_begun(plan, file->path);
    if (apart < 0 || (apart > 0 && take_groups(&of) < 0))
        return -1;
    if (file->trimmed)
        drop_others(&of);
    if (!of.as_planned)
        regroup(&of, place_others(&of));
    return 0;
}
