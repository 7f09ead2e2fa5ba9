/* plan_sources.c -- does every run find its teachers and its base? */
#include "train/plan_private.h"

#include <string.h>
#include "train/kept.h"

/* Tokens that a base and its continuation name differently: the same ids must mean the same. */
static int check_vocabulary(const gk_source *base, const gk_dataset *dataset)
{
    gk_arena scratch = { 0 };
    int32_t *id = gk_arena_alloc(&scratch, (size_t)dataset->n_vocab * sizeof *id);
    int status = 0;
    gk_source_tokens(base, dataset->n_vocab, dataset->vocab, id);
    if (dataset->n_vocab != base->dataset->n_vocab)
        status = gk_usage_error("base '%s' has a vocabulary of %d tokens ('%s'), the data one of %d ('%s'): give the base's "
                                "--sequence and --vocab-prime", base->path, base->dataset->n_vocab, base->dataset->task,
                                dataset->n_vocab, dataset->task);
    for (int i = 0; status == 0 && i < dataset->n_vocab; i++)
        if (id[i] != i)
            status = gk_usage_error("token %d is '%s' in base '%s' and '%s' here: give the base's --sequence and --vocab-prime",
                                    i, base->dataset->vocab[i], base->path, dataset->vocab[i]);
    gk_arena_release(&scratch);
    return status;
}

/* What of the base's state a run cannot go on with is said once. */
static int check_kept(gk_plan *plan, const gk_plan_run *run)
{
    gk_seen     seen;
    const char *lost;
    if (gk_kept_state(plan->sources.base, run->base_replica, &run->config, &plan->arena, &seen, &lost) < 0)
        return -1;
    if (*lost && !plan->warning)
        plan->warning = gk_arena_printf(&plan->arena, "'--state kept': %s", lost);
    else if (*lost && !strstr(plan->warning, lost))
        plan->warning = gk_arena_printf(&plan->arena, "%s; '--state kept': %s", plan->warning, lost);
    return 0;
}

static int no_operator(const gk_config *config)
{
    if (config->base.from)
        return gk_usage_error("'--mode op' needs an operator token, and '%s' reads none: train it with --sequence op-mod (as "
                              "--preset kd) or op-eq", config->base.from);
    return gk_usage_error("there is no operator token to compare teacher and student at: give '--kl-at last', or train both with "
                          "--sequence op-mod (as --preset kd) or op-eq");
}

/* The replica of a source for a run; -1 with gk_error: there is none, or nothing can be learnt from it. */
static int64_t find_replica(const gk_source *source, int64_t only, int64_t seed)
{
    int64_t replica = gk_source_replica(source, only, seed);
    if (replica < 0 || !gk_source_has_diverged(source, replica))
        return replica;
    if (source->group->n_replica == 1)
        return gk_error("%s '%s' has diverged: there is nothing to learn from it", source->role, source->path);
    return gk_error("run %lld of %s '%s' has diverged: there is nothing to learn from it", (long long)replica, source->role,
                    source->path);
}

int gk_plan_check_sources(gk_plan *plan, gk_plan_run *run)
{
    const gk_sources *sources = &plan->sources;
    const gk_dataset *dataset = plan->dataset[run->dataset];
    int assigned[GK_MAX_SET];
    if (sources->teachers && dataset->n_token == 0)
        return gk_usage_error("a teacher reads tokens: '%s' has none", dataset->task);
    if (sources->teachers && run->config.teach.kl_at != GK_KL_AT_LAST && gk_operator_position(&run->config.data) < 0)
        return no_operator(&run->config);
    if (sources->teachers && !gk_config_rehearses(&run->config) && gk_teachers_assign(sources->teachers, dataset, assigned) < 0)
        return -1;
    for (int i = 0; sources->teachers && i < sources->teachers->n; i++)
        if (find_replica(&sources->teachers->source[i], run->config.teach.teacher_run, run->config.data.seed) < 0)
            return -1;
    if (!sources->base)
        return 0;
    run->base_replica = find_replica(sources->base, run->config.base.from_run, run->config.data.seed);
    if (run->base_replica < 0 || check_vocabulary(sources->base, dataset) < 0)
        return -1;
    return run->config.base.state == GK_STATE_KEPT ? check_kept(plan, run) : 0;
}
