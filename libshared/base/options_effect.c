/* options_effect.c -- options that are set and do nothing. */
#include <stdlib.h>
#include <string.h>
#include "base/options_private.h"

const char *gk_condition_words(const gk_condition *condition, gk_arena *arena)
{
    return gk_arena_printf(arena, "%s%s", condition->words, condition->more ? condition->more(arena) : "");
}

/* A setting that has an effect only at times: in how many runs it has. */
typedef struct effect { const gk_setting *setting; int64_t n_run; } effect;

static effect *conditional_settings(const gk_given *given, gk_arena *arena, int *n)
{
    effect *effects = gk_arena_alloc(arena, (size_t)given->n_setting * sizeof *effects);
    *n = 0;
    for (int i = 0; i < given->n_setting; i++)
        if (given->settings[i].option->when && given->settings[i].origin >= GK_BY_PRESET)
            effects[(*n)++].setting = &given->settings[i];
    return effects;
}

static int judge(const effect *of, int64_t n_run, gk_arena *arena, const char **idle)
{
    const gk_setting *setting = of->setting;
    const char       *name = setting->option->name, *words = gk_condition_words(setting->option->when, arena);
    if (of->n_run > 0 && (of->n_run == n_run || setting->n_value == 1))
        return 0;
    if (of->n_run > 0)
        return gk_usage_error("'--%s %s' has an effect in %lld of %lld runs only, and would make copies of the others: it is "
                              "for %s", name, setting->text, (long long)of->n_run, (long long)n_run, words);
    if (setting->origin == GK_BY_COMMAND || setting->n_value > 1)
        return gk_usage_error("'--%s' has no effect here: it is for %s", name, words);
    *idle = *idle ? gk_arena_printf(arena, "%s, '--%s' for %s", *idle, name, words)
                  : gk_arena_printf(arena, "what preset or model say has no effect here: '--%s' is for %s", name, words);
    return 0;
}

int gk_options_check_effect(const gk_given *given, const void *values, gk_arena *arena, const char **idle)
{
    int     n, status = 0;
    effect *effects = conditional_settings(given, arena, &n);
    int64_t n_run = gk_grid_n_run(given);
    void   *of_run = malloc(given->cli->n_bytes);
    *idle = NULL;
    if (!of_run)
        return gk_error("cannot get memory for the options of a run");
    for (int64_t run = 0; n > 0 && run < n_run; run++) {
        memcpy(of_run, values, given->cli->n_bytes);
        gk_grid_select(given, run, of_run);
        for (int i = 0; i < n; i++)
            effects[i].n_run += effects[i].setting->option->when->holds(of_run);
    }
    free(of_run);
    for (int i = 0; i < n && status == 0; i++)
        status = judge(&effects[i], n_run, arena, idle);
    return status;
}
