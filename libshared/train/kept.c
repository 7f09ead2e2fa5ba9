/* kept.c -- see kept.h. */
#include "train/kept.h"

#include <string.h>
#include "graph/problem.h"

const char *const gk_seen_columns[GK_N_SEEN] = { "moment_step", "ema_step", "ring_step" };

gk_seen_part gk_kept_part(gk_arena_kind kind)
{
    return kind == GK_ARENA_EMA    ? GK_SEEN_EMA
           : kind == GK_ARENA_RING ? GK_SEEN_RING
           : kind == GK_ARENA_PARAM || kind == GK_ARENA_INIT ? GK_N_SEEN
                                                             : GK_SEEN_OPTIMIZER;
}

static gk_slot *find_slot(const gk_group *group, const char *name)
{
    for (int i = 0; i < group->n_slot; i++)
        if (strcmp(group->slot[i].name, name) == 0)
            return &group->slot[i];
    return NULL;
}

static bool has_arena(const char *name, const int64_t depth[GK_N_ARENA])
{
    for (int kind = 0; kind < GK_N_ARENA; kind++)
        if (depth[kind] > 0 && strcmp(gk_arena_names[kind], name) == 0)
            return true;
    return false;
}

gk_slot *gk_kept_slot(const gk_group *group, gk_arena_kind kind, const int64_t depth[GK_N_ARENA])
{
    const char *before = gk_arena_names_before[kind];
    gk_slot    *slot = find_slot(group, gk_arena_names[kind]);
    return slot || has_arena(before, depth) ? slot : find_slot(group, before);
}

void gk_kept_depths(const gk_config *run, int64_t depth[GK_N_ARENA])
{
    gk_problem alone = { .update = run->update, .n_replica = 1, .hyper = &run->hyper };
    gk_problem_depths(&alone, depth);
}

static int64_t depth_in(const gk_config *run, gk_arena_kind kind)
{
    int64_t depth[GK_N_ARENA];
    gk_kept_depths(run, depth);
    return depth[kind];
}

typedef struct fitting { const gk_source *base; const gk_config *of_base, *run; gk_arena *arena; } fitting;

/* Does the state of one arena fit?  1, 0, or -1 with gk_error. */
static int fits(const fitting *f, gk_arena_kind kind)
{
    int64_t depth[GK_N_ARENA];
    gk_kept_depths(f->of_base, depth);
    const gk_slot *slot = gk_kept_slot(f->base->group, kind, depth);
    int64_t deep = depth[kind];
    if (deep == 0 || deep != depth_in(f->run, kind))
        return 0;
    if (!slot || slot->depth != deep)
        return gk_error("base '%s' has no '/optimizer/%s' to go on with: give --state fresh", f->base->path,
                        gk_arena_names[kind]);
    return 1;
}

/* What is lost of a part, in words; NULL: nothing.  *kept: does the run go on with it? */
static int weigh(const fitting *f, gk_seen_part part, bool *kept, const char **lost)
{
    static const char *const names[GK_N_SEEN] = { "the optimiser's state", "Grokfast's average", "Grokfast's window" };
    bool has = false, had = false, all = true;
    *lost = NULL;
    for (int kind = 0; kind < GK_N_ARENA; kind++) {
        if (gk_kept_part(kind) != part)
            continue;
        int fit = fits(f, kind);
        if (fit < 0)
            return -1;
        has |= depth_in(f->run, kind) > 0;
        had |= depth_in(f->of_base, kind) > 0;
        all &= fit || (depth_in(f->run, kind) == 0 && depth_in(f->of_base, kind) == 0);
    }
    *kept = has && all;
    if (all)
        return 0;
    const char *why = !had ? "the base has none"
                      : part == GK_SEEN_OPTIMIZER
                          ? gk_arena_printf(f->arena, "the base's is of %s", gk_optimizer_names[f->of_base->update.optimizer])
                          : gk_arena_printf(f->arena, "the base's is of %lld gradients", (long long)f->of_base->update.ma_window);
    *lost = has ? gk_arena_printf(f->arena, "%s begins anew (%s)", names[part], why)
                : gk_arena_printf(f->arena, "%s is not gone on with (this run has none)", names[part]);
    return 0;
}

int gk_kept_state(const gk_source *base, int64_t replica, const gk_config *run, gk_arena *arena, gk_seen *seen, const char **lost)
{
    gk_config of_base = gk_source_config(base, replica);
    fitting   f = { base, &of_base, run, arena };
    const char *all = "", *one;
    bool kept;
    for (int part = 0; part < GK_N_SEEN; part++) {
        if (weigh(&f, part, &kept, &one) < 0)
            return -1;
        const gk_h5_column *before = gk_group_run_column(base->group, gk_seen_columns[part]);
        int64_t older = before && !before->text && before->type == GK_I64 ? ((const int64_t *)before->data)[replica] : 0;
        seen->updates[part] = kept ? base->group->replica_step[replica] + older : 0;
        if (one)
            all = gk_arena_printf(arena, "%s%s%s", all, *all ? "; " : "", one);
    }
    if (lost)
        *lost = all;
    return 0;
}
