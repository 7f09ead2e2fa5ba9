/* grok-finetune -- go on from a checkpoint, on other data. */
#include <string.h>
#include "data/data_options.h"
#include "training.h"

static const char details[] =
    "Goes on from the parameters of a checkpoint (continual pretraining; on less data: ungrokking).  What the checkpoint\n"
    "was trained on is evaluated, too: in the history, p1/... is what is learnt now, p2/... what the checkpoint had learnt,\n"
    "on the items that were its test items (not with --data or --split, or with other tasks than those modulo a prime:\n"
    "then only what is learnt now is evaluated).  Its vocabulary, sequence and model are the defaults, and so are its task,\n"
    "prime and fraction; without any option about data, everything about them.  With several runs in the checkpoint, each\n"
    "run goes on from the one that has its seed.\n"
    "\n"
    "Two moduli, or two operators, are told apart by their tokens with --sequence op-mod, as of --preset kd: a base without\n"
    "them learns the new task, and its old one is then not evaluated.\n"
    "\n"
    "Examples:\n"
    "  grok-train --preset kd --fraction 0.3 --weight-decay 1 -o t113.h5\n"
    "  grok-finetune --from t113.h5 --task add --prime 97 --fraction 0.1 -o c.h5\n"
    "  grok-finetune --from t113.h5 --prime 97 --fraction 0.3 --mode replay --weight-decay 1 --seed 0..4 -o r.h5\n"
    "  grok-finetune --from t113.h5 --subset 0.1 --state kept --also-eval subtract:113 -o ungrok.h5\n"
    "  grok-finetune --from t113.h5 --prime 97 --freeze 'block0.*' -o frozen.h5\n"
    "\n"
    GK_TRAINING_EXIT;

/* Why the base's tasks and the new one cannot be in one dataset; NULL if they can. */
static const char *apart(const gk_data_args *new, const gk_data_args *old)
{
    if (new->data_file || old->data_file || new->split_file)
        return "items or splits of a file stand alone";
    if (!gk_task_has(new->task, GK_TASK_JOINS) || !gk_task_has(old->task, GK_TASK_JOINS))
        return "only tasks modulo a prime can stand beside each other";
    return NULL;
}

/* The same of what nobody can tell apart by its tokens; in arena memory. */
static const char *alike(const gk_data_args *new, const char *old_tasks, gk_arena *arena)
{
    gk_data_args both = *new;
    both.also_eval = old_tasks;
    gk_dataset *dataset = gk_dataset_new(&both);
    const char *why = dataset ? NULL : gk_arena_printf(arena, "%s%s", gk_error_message(),
                                                       new->sequence == GK_SEQ_OP_MOD ? "" : "; train the base with it");
    gk_dataset_free(dataset);
    both.also_eval = NULL;
    if (why && !(dataset = gk_dataset_new(&both)))
        gk_die();    /* it is not the base's tasks that are wrong */
    gk_dataset_free(why ? dataset : NULL);
    return why;
}

/* Of one run: a base may be a grid over fractions. */
static gk_config made_with(const gk_config *config, const gk_source *base)
{
    bool has_run = config->base.from_run >= 0 && config->base.from_run < base->group->n_replica;
    return gk_source_config(base, has_run ? config->base.from_run : 0);
}

typedef struct inheritance {
    gk_given        *given;
    const gk_source *base;
    const gk_config *made_with;
    bool             all;          /* nothing was said about data: all that the base was told */
} inheritance;

static bool is_of_data(const gk_option_group *group, const gk_option *option)
{
    return group->options == gk_data_options && !strstr(option->name, "seed");
}

static int is_said(const gk_option_group *group, const gk_option *option, void *context)
{
    return is_of_data(group, option) && !gk_option_is_default(context, option->name);
}

static int inherit(const gk_option_group *group, const gk_option *option, void *context)
{
    static const char *const always[] = { "task", "prime", "fraction" };
    const inheritance *from = context;
    bool wanted = from->all;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        wanted |= strcmp(option->name, always[i]) == 0;
    if (!wanted || !is_of_data(group, option) || !gk_option_is_default(from->given, option->name) ||
        gk_option_is_default(from->base->given, option->name))
        return 0;
    gk_arena arena = { 0 };
    int      status = gk_option_set(from->given, option->name,
                                    gk_option_format(from->base->given, option, from->made_with, &arena));
    gk_arena_release(&arena);
    return status;
}

/* --subset: a fraction of the base's own task; a preset may say which that is.  Fractions of one seed lie within one another. */
static void take_subset(gk_given *given, const gk_config *config, const gk_source *base, const gk_config *made)
{
    static const char *const others[] = { "task", "prime", "fraction", "size", "split", "data", "data-seed" };
    double subset = config->base.subset;
    if (subset == 0)
        return;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!gk_option_is_default(given, others[i]) && !gk_option_same(given, base->given, others[i]))
            gk_usage("'--subset' is of the items of '%s': '--%s' names others", config->base.from, others[i]);
    if (made->data.data_file || made->data.split_file || made->data.size > 0 || !gk_task_has(made->data.task, GK_TASK_JOINS))
        gk_usage("'--subset' is for a base that has learnt a fraction of a task modulo a prime: '%s' has not", config->base.from);
    for (int64_t r = 0; r < base->group->n_replica; r++) {
        double learnt = gk_source_config(base, r).data.fraction;
        if (subset > learnt && (config->base.from_run < 0 || config->base.from_run == r))
            gk_usage("'--subset %g': '%s' has learnt %g of the items, which is less", subset, config->base.from, learnt);
    }
    if (gk_option_set(given, "fraction", gk_option_text(given, "subset")) < 0)
        gk_die();
}

/* Task, prime and fraction that are not given are the base's; with no word about data, so is everything about them.  A file, a
 * split or a size takes their place, and tasks of other kinds share nothing. */
static void take_data(gk_given *given, const gk_config *config, const gk_source *base)
{
    gk_config   made = made_with(config, base);
    take_subset(given, config, base, &made);
    inheritance from = { given, base, &made, gk_options_each(given, is_said, given) == 0 };
    bool is_other = !gk_option_is_default(given, "task") && !gk_task_has(config->data.task, GK_TASK_JOINS);
    bool alone = config->data.data_file || config->data.split_file || config->data.size > 0;
    bool modular = !made.data.data_file && gk_task_has(made.data.task, GK_TASK_JOINS);
    if ((from.all || (modular && !alone && !is_other)) && gk_options_each(given, inherit, &from) < 0)
        gk_die();
}

/* The base's tasks come first among those that are only evaluated. */
static void evaluate_old_tasks(gk_given *given, const gk_config *config, const gk_source *base, gk_sources *sources)
{
    static gk_arena arena;    /* the warning lives as long as the program */
    bool        only = base->group->n_replica == 1 || config->base.from_run >= 0;
    gk_config   made = made_with(config, base);
    const char *why = apart(&config->data, &made.data);
    const char *tasks = why ? NULL : gk_dataset_tasks(&made.data, only || made.data.data_seed >= 0, &arena);
    if (!why && !tasks)
        gk_die();
    if (tasks)
        why = alike(&config->data, tasks, &arena);
    if (why && config->base.mode != GK_REMEMBER_NONE)
        gk_usage("'--mode %s' needs the task of '%s' beside the new one: %s", gk_option_text(given, "mode"), config->base.from,
                 why);
    if (why) {
        sources->warning = gk_arena_printf(&arena, "what '%s' has learnt is not evaluated: %s", config->base.from, why);
        return;
    }
    if (config->data.also_eval)
        tasks = gk_arena_printf(&arena, "%s+%s", tasks, config->data.also_eval);
    if (gk_option_set(given, "also-eval", tasks) < 0)
        gk_die();
}

/* The base is its own teacher. */
static void open_teacher(gk_config *config, gk_sources *sources)
{
    if (config->base.mode == GK_REMEMBER_NONE)
        return;
    config->teach.teachers = config->base.from;
    config->teach.teacher_run = config->base.from_run;
    config->teach.kl_at = config->base.mode == GK_REMEMBER_OP ? GK_KL_AT_OP : GK_KL_AT_LAST;
    sources->teachers = gk_teachers_read(config->base.from);
    if (!sources->teachers)
        gk_die();
    config->base.n_old = sources->teachers->source[0].dataset->n_trained_group;
}

static unsigned parts(const gk_config *config)
{
    return config->base.state == GK_STATE_KEPT ? GK_READ_OPTIMIZER : 0;
}

static void open_sources(gk_given *given, gk_config *config, bool resumed, gk_sources *sources)
{
    static gk_source base;
    if (!config->base.from)
        gk_usage("nothing to go on from: give --from CHECKPOINT");
    if (!resumed) {
        if (gk_source_read(&base, "base", config->base.from, parts(config)) < 0)
            gk_die();
        take_data(given, config, &base);
        if (gk_source_defaults(&base, given) < 0)
            gk_die();
        evaluate_old_tasks(given, config, &base, sources);
        sources->base = &base;
    } else if (gk_grid_n_run(given) > 1 && gk_source_read(&base, "base", config->base.from, parts(config)) == 0) {
        sources->base = &base;    /* for runs that have not begun; if there are none, it need not be there any more */
    }
    open_teacher(config, sources);
}

int main(int argc, char **argv)
{
    const gk_training_tool tool = { .name = "grok-finetune", .details = details, .groups = GK_CONFIG_BASE,
                                    .open_sources = open_sources,
                                    .summary = "go on from a checkpoint on other data, and write a checkpoint" };
    return gk_training_main(&tool, argc, argv);
}
