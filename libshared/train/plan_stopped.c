/* plan_stopped.c -- runs that have ended, judged by the stop rule of today. */
#include "train/plan_private.h"

#include "train/kept.h"
#include "train/stop.h"

typedef struct judging {
    gk_plan *plan;
    gk_arena arena;
    gk_stop  stop;
    int64_t  n_left;    /* runs that would go on, if the file had what for */
} judging;

/* Does the rule stop a replica at the record of the step where it stands?  If there is none it was not judged there. */
static gk_replica_status verdict(const judging *j, const gk_group *group, int64_t replica)
{
    gk_history *history = group->history;
    gk_replica_status before = (gk_replica_status)group->status[replica];
    int64_t n_all = history->n_record, n = n_all;
    while (n > 0 && history->step[n - 1] > group->replica_step[replica])
        n--;
    if (before == GK_DIVERGED || n == 0 || history->step[n - 1] != group->replica_step[replica])
        return before;
    history->n_record = n;
    bool met = gk_stop_met(&j->stop, history, replica);
    history->n_record = n_all;
    return met ? GK_STOPPED : before == GK_STOPPED ? GK_FINISHED : before;
}

static const int64_t *numbers_of(const gk_group *group)
{
    return gk_group_run_column(group, "run")->data;    /* seen to be there by then */
}

/* Does the file hold the parameters and the state, if there is any, that this run would go on from?  All state is left out, or
 * none. */
static bool has_state(const judging *j, const gk_group *group, int64_t replica)
{
    int64_t depth[GK_N_ARENA];
    bool    needed = false;
    gk_kept_depths(&j->plan->run[numbers_of(group)[replica] - j->plan->run[0].number].config, depth);
    for (int kind = GK_ARENA_PARAM + 1; kind < GK_N_ARENA; kind++)
        needed |= depth[kind] > 0;
    return group->model && (group->n_slot > 0 || !needed);
}

/* Statuses anew; how many replicas have steps to make that others of the group have made, marked in `behind`. */
static int64_t judge(judging *j, gk_group *group, bool *behind)
{
    int64_t n_step = j->plan->first.run.steps, n_behind = 0;
    for (int64_t r = 0; group->history && r < group->n_replica; r++) {
        bool was_stopped = group->status[r] == GK_STOPPED;
        gk_replica_status now = verdict(j, group, r);
        bool goes_on = was_stopped && now != GK_STOPPED && group->replica_step[r] < n_step;
        if (goes_on && !has_state(j, group, r)) {
            j->n_left++;
            continue;
        }
        group->status[r] = (int32_t)now;
        behind[r] = goes_on && group->replica_step[r] < group->step;
        n_behind += behind[r];
    }
    return n_behind;
}

/* The replicas of a group that stay in their place (step -1), or those behind that stand at `step`, if there are any. */
static int part_of(judging *j, const gk_group *group, const bool *behind, int64_t step)
{
    gk_plan *plan = j->plan;
    int64_t *number = gk_arena_alloc(&j->arena, (size_t)group->n_replica * sizeof *number), n = 0;
    for (int64_t r = 0; r < group->n_replica; r++) {
        bool taken = step < 0 ? !behind[r] : behind[r] && group->replica_step[r] == step;
        number[r] = taken ? numbers_of(group)[r] : -1;
        n += taken;
    }
    const gk_join_part part = { group, number };
    return n == 0 ? 0 : gk_groups_join(&plan->apart, 1, &part, &plan->begun[plan->n_begun++]);
}

/* The least step of those behind that is greater than `step`; -1: there is none. */
static int64_t next_step(const gk_group *group, const bool *behind, int64_t step)
{
    int64_t least = -1;
    for (int64_t r = 0; r < group->n_replica; r++)
        if (behind[r] && group->replica_step[r] > step && (least < 0 || group->replica_step[r] < least))
            least = group->replica_step[r];
    return least;
}

/* One group into plan->begun: whole, or what stays in its place and then those behind, by their steps. */
static int take_apart(judging *j, const gk_group *group, int64_t n_behind, const bool *behind)
{
    gk_plan *plan = j->plan;
    if (n_behind == 0)
        plan->begun[plan->n_begun++] = *group;
    else if (part_of(j, group, behind, -1) < 0)
        return -1;
    for (int64_t step = next_step(group, behind, -1); step >= 0; step = next_step(group, behind, step))
        if (part_of(j, group, behind, step) < 0)
            return -1;
    return 0;
}

static void tell_left(const judging *j, const char *path)
{
    gk_plan *plan = j->plan;
    if (j->n_left > 0)
        plan->warning = gk_arena_printf(&plan->arena, "%s%s%lld %s as an earlier rule stopped %s: '%s' does not hold the "
                                        "optimiser's state to go on from", plan->warning ? plan->warning : "",
                                        plan->warning ? "; " : "", (long long)j->n_left,
                                        j->n_left == 1 ? "run stays" : "runs stay", j->n_left == 1 ? "it" : "them", path);
}

int gk_plan_judge_begun(gk_plan *plan, const char *path)
{
    judging   j = { .plan = plan };
    gk_group *whole = plan->begun;
    int       n_whole = plan->n_begun, status = gk_stop_parse(plan->first.run.stop, &j.arena, &j.stop);
    int64_t   n_most = 0;
    for (int i = 0; i < n_whole; i++)
        n_most += whole[i].n_replica;
    plan->begun = gk_arena_alloc(&plan->arena, (size_t)(n_most + n_whole) * sizeof *plan->begun);
    plan->n_begun = 0;
    for (int i = 0; status == 0 && i < n_whole; i++) {
        bool *behind = gk_arena_alloc(&j.arena, (size_t)whole[i].n_replica * sizeof *behind);
        status = take_apart(&j, &whole[i], judge(&j, &whole[i], behind), behind);
    }
    tell_left(&j, path);
    gk_arena_release(&j.arena);
    return status < 0 ? -1 : plan->n_begun > n_whole;
}
