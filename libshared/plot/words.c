/* words.c -- see words.h. */
#include "plot/words.h"

#include <string.h>
#include "train/metrics.h"

/* What no row of metrics.def has: columns of options, of landscapes, of grok-eval. */
static const char *const known[][2] = {
    { "step", "optimiser steps" },        { "weight_decay", "weight decay" }, { "fraction", "train fraction" },
    { "train_error", "train error" },     { "test_error", "test error" },     { "size", "train items" },
    { "thin_to", "thinned to" },          { "init_scale", "initial scale" },  { "learning_rate", "learning rate" },
    { "batch", "batch size" },            { "separation", "separation" },     { "accuracy", "accuracy" },
};

const char *gk_plot_metric_name(const char *column)
{
    const char *slash = strchr(column, '/');

    return slash && strncmp(column, "norm/", 5) != 0 ? slash + 1 : column;
}

/* Of "step_SET_LEVEL", as grok-detect and grok-log --final have it; NULL: it is no such column. */
static const char *words_of_time(const char *column, gk_arena *arena)
{
    const char *set = strncmp(column, "step_", 5) == 0 ? column + 5 : "", *level = strchr(set, '_');

    if (!level || !level[1] || level[1 + strspn(level + 1, "0123456789.")])
        return NULL;
    return gk_arena_printf(arena, "steps to %s %% %.*s accuracy", level + 1, (int)(level - set), set);
}

const char *gk_plot_words(const char *column, gk_arena *arena)
{
    const char *name = gk_plot_metric_name(column), *time = words_of_time(column, arena);
    const gk_metric_info *metric = gk_metric_find(name);

    if (time)
        return time;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i][0], column) == 0)
            return known[i][1];
    if (!metric)
        return column;
    if (strncmp(name, "norm/", 5) == 0)
        return gk_arena_printf(arena, "norm of %s", name + 5);
    if (name == column)
        return metric->words;
    for (int kind = 0; kind < GK_N_KIND; kind++)
        if (strncmp(column, gk_kind_names[kind], strlen(gk_kind_names[kind])) == 0 && column[strlen(gk_kind_names[kind])] == '/')
            return gk_arena_printf(arena, "%s, %s subclasses", metric->words, gk_kind_names[kind]);
    return gk_arena_printf(arena, "%s, %.*s", metric->words, (int)(name - column - 1), column);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), n_end = strlen(end);

    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

static const char *without_set(const char *words)
{
    return strncmp(words, "train ", 6) == 0 ? words + 6 : strncmp(words, "test ", 5) == 0 ? words + 5 : words;
}

const char *gk_plot_kind(const gk_frame_column *column, gk_arena *arena)
{
    const char *name = gk_plot_metric_name(column->name);
    const gk_metric_info *metric = gk_metric_find(name);

    if (strncmp(name, "step_", 5) == 0)
        return "optimiser steps";
    if (metric ? metric->kind == GK_METRIC_LOSS : ends_with(name, "_loss") || strcmp(name, "loss") == 0)
        return "loss";
    if (metric ? metric->kind == GK_METRIC_ACCURACY : ends_with(name, "_acc") || strcmp(name, "accuracy") == 0)
        return "accuracy";
    if (ends_with(name, "_error"))
        return "error";
    if (metric)
        return strncmp(name, "norm", 4) == 0 ? "parameter norm (L2)" : without_set(metric->words);
    return *column->unit ? gk_arena_strdup(arena, column->unit) : NULL;
}

static bool is_alike(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

const char *gk_plot_axis_label(const gk_frame *frame, int n, const int *columns, const char *loss_unit, gk_arena *arena)
{
    const gk_frame_column *first = &frame->column[columns[0]];
    const char *kind = gk_plot_kind(first, arena), *words = gk_plot_words(first->name, arena), *unit = first->unit, *all = words;
    bool is_one_kind = kind != NULL;

    for (int i = 1; i < n; i++) {
        const gk_frame_column *other = &frame->column[columns[i]];
        is_one_kind = is_one_kind && is_alike(kind, gk_plot_kind(other, arena));
        unit = strcmp(unit, other->unit) == 0 ? unit : "";
        all = gk_arena_printf(arena, "%s, %s", all, gk_plot_words(other->name, arena));
    }
    if (n > 1)
        words = is_one_kind ? kind : all;
    if (!*unit && is_one_kind && strcmp(kind, "loss") == 0)
        unit = loss_unit;
    bool is_said = strcmp(words, unit) == 0 || strcmp(words, "optimiser steps") == 0 || strncmp(words, "steps to", 8) == 0;
    return *unit && !is_said ? gk_arena_printf(arena, "%s (%s)", words, unit) : words;
}
