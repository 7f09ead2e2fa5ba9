/* metrics.c -- see metrics.h. */
#include "train/metrics.h"

#include <string.h>
#include "data/dataset.h"
#include "graph/backend.h"

_Static_assert(GK_N_METRIC <= 64, "gk_metrics_asked gives every metric a bit");
enum { TASKS_WHOLE, TASKS_EACH };

GK_CHOICE_NAMES(gk_by_subclass, GK_BY_SUBCLASSES);
const char *const gk_kind_names[GK_N_KIND] = {
    [GK_KIND_KEPT] = "kept", [GK_KIND_THINNED] = "thinned", [GK_KIND_ABSENT] = "absent",
};

const gk_metric_info gk_metric_table[GK_N_METRIC] = {
#define MEAN(id, name, set, sum, when, tasks, kind, unit, words, meaning) \
    [GK_##id] = { name, unit, words, meaning, GK_METRIC_##when, GK_METRIC_##kind, GK_OF_##set, GK_SUM_##sum, TASKS_##tasks },
#define VALUE(id, name, when, kind, unit, words, meaning) \
    [GK_##id] = { name, unit, words, meaning, GK_METRIC_##when, GK_METRIC_##kind, GK_OF_REPLICA, GK_N_SUM, false },
#define FAMILY(id, name, when, kind, unit, words, meaning) \
    [GK_##id] = { name, unit, words, meaning, GK_METRIC_##when, GK_METRIC_##kind, GK_OF_MEMBERS, GK_N_SUM, false },
#include "graph/metrics.def"
#undef MEAN
#undef VALUE
#undef FAMILY
};

/* --- names ------------------------------------------------------------------------------------------------------------- */

static const gk_metric_info *exactly(const char *name)
{
    for (int i = 0; i < GK_N_METRIC; i++)
        if (gk_metric_table[i].of != GK_OF_MEMBERS && strcmp(gk_metric_table[i].name, name) == 0)
            return &gk_metric_table[i];
    return NULL;
}

const gk_metric_info *gk_metric_find(const char *name)
{
    const char *slash = strchr(name, '/');
    if (!slash)
        return exactly(name);
    for (int i = 0; i < GK_N_METRIC; i++)
        if (gk_metric_table[i].of == GK_OF_MEMBERS && strncmp(gk_metric_table[i].name, name, (size_t)(slash - name) + 1) == 0)
            return &gk_metric_table[i];
    const gk_metric_info *of_task = exactly(slash + 1);
    return of_task && of_task->each_task ? of_task : NULL;
}

static int refuse(const char *list, const char *name)
{
    gk_arena    arena = { 0 };
    const char *known = "";
    for (int i = 0; i < GK_N_METRIC; i++)
        if (gk_metric_table[i].when == GK_METRIC_ASKED)
            known = gk_arena_printf(&arena, "%s%s%s", known, *known ? ", " : "", gk_metric_table[i].name);
    gk_usage_error("invalid value '%s' for '--metrics': '%s' is none of %s; or all, or none", list, name, known);
    gk_arena_release(&arena);
    return -1;
}

int gk_metrics_asked(const char *list, uint64_t *asked)
{
    gk_arena arena = { 0 };
    bool all = list && strcmp(list, "all") == 0;
    int  status = 0;
    *asked = 0;
    for (int i = 0; all && i < GK_N_METRIC; i++)
        *asked |= gk_metric_table[i].when == GK_METRIC_ASKED ? UINT64_C(1) << i : 0;
    if (!list || all || strcmp(list, "none") == 0)
        return 0;
    char *rest = gk_arena_strdup(&arena, list);
    for (char *name; status == 0 && (name = strsep(&rest, ","));) {
        const gk_metric_info *found = exactly(name);
        if (found && found->when == GK_METRIC_ASKED)
            *asked |= UINT64_C(1) << (found - gk_metric_table);
        else
            status = refuse(list, name);
    }
    gk_arena_release(&arena);
    return status;
}

/* --- help -------------------------------------------------------------------------------------------------------------- */

enum { WIDTH = 100, NAME_WIDTH = 20 };
#define METRIC(id, name, ...) _Static_assert(2 + sizeof name <= NAME_WIDTH, "'" name "' leaves no blank before its meaning");
#include "graph/metrics.def"
#undef METRIC

/* A text in lines of at most WIDTH characters, each behind NAME_WIDTH blanks but the first. */
static const char *add_words(gk_arena *arena, const char *to, const char *words)
{
    int column = NAME_WIDTH;
    for (const char *at = words; *at; at += strspn(at, " ")) {
        int length = (int)strcspn(at, " ");
        if (at > words && column + length >= WIDTH) {
            to = gk_arena_printf(arena, "%s\n%*s", to, NAME_WIDTH, "");
            column = NAME_WIDTH;
        }
        to = gk_arena_printf(arena, "%s%s%.*s", to, column > NAME_WIDTH ? " " : "", length, at);
        column += length + 1;
        at += length;
    }
    return gk_arena_printf(arena, "%s\n", to);
}

const char *gk_metrics_help(gk_arena *arena)
{
    const char *text = "";
    for (int i = 0; i < GK_N_METRIC; i++) {
        const gk_metric_info *info = &gk_metric_table[i];
        const char *unit = strcmp(info->unit, "-") == 0 ? "" : gk_arena_printf(arena, " (%s)", info->unit);
        const char *when = info->when == GK_METRIC_ASKED ? "; with --metrics" : "";
        text = gk_arena_printf(arena, "%s  %-*s", text, NAME_WIDTH - 2, info->name);
        text = add_words(arena, text, gk_arena_printf(arena, "%s%s%s", info->meaning, unit, when));
    }
    return text;
}

/* --- what is recorded -------------------------------------------------------------------------------------------------- */

static int n_of_NORM(const gk_graph *graph)
{
    return graph->n_param;
}

static const char *name_of_NORM(const gk_graph *graph, int member)
{
    return graph->param[member]->name;
}

static const struct { int (*n)(const gk_graph *graph); const char *(*name)(const gk_graph *graph, int member); }
families[GK_N_METRIC] = {
#define MEAN(id, name, set, sum, when, tasks, kind, unit, words, meaning)
#define VALUE(id, name, when, kind, unit, words, meaning)
#define FAMILY(id, name, when, kind, unit, words, meaning) [GK_##id] = { n_of_##id, name_of_##id },
#include "graph/metrics.def"
#undef MEAN
#undef VALUE
#undef FAMILY
};

static bool is_recorded(int metric, const gk_graph *graph, uint64_t asked)
{
    switch (gk_metric_table[metric].when) {
    case GK_METRIC_TAUGHT: return graph->n_loss > 1;
    case GK_METRIC_ASKED:  return asked >> metric & 1;
    default:               return true;
    }
}

static void add_whole(int metric, const gk_graph *graph, gk_arena *arena, gk_recorded *out, int *n)
{
    const gk_metric_info *info = &gk_metric_table[metric];
    if (info->of != GK_OF_MEMBERS) {
        out[(*n)++] = (gk_recorded){ info->name, (gk_metric)metric, -1, 0 };
        return;
    }
    int prefix = (int)(strchr(info->name, '/') - info->name) + 1;
    for (int i = 0; i < families[metric].n(graph); i++) {
        const char *name = gk_arena_printf(arena, "%.*s%s", prefix, info->name, families[metric].name(graph, i));
        out[(*n)++] = (gk_recorded){ name, (gk_metric)metric, i, 0 };
    }
}

/* A task that is only evaluated has no train items. */
static void add_tasks(const gk_graph *graph, const gk_dataset *dataset, uint64_t asked, gk_arena *arena, gk_recorded *out, int *n)
{
    for (int task = 0; dataset->n_group > 1 && task < dataset->n_group; task++)
        for (int i = 0; i < GK_N_METRIC; i++) {
            const gk_metric_info *info = &gk_metric_table[i];
            bool has_rows = info->of == GK_OF_TEST || task < dataset->n_trained_group;
            if (!info->each_task || !has_rows || !is_recorded(i, graph, asked))
                continue;
            const char *name = gk_arena_printf(arena, "%s/%s", dataset->group_name[task], info->name);
            out[(*n)++] = (gk_recorded){ name, (gk_metric)i, task, 0 };
        }
}

/* An absent subclass has no train items. */
static void add_section(int section, const char *prefix, const gk_graph *graph, uint64_t asked, gk_arena *arena, gk_recorded *out,
                        int *n)
{
    for (int i = 0; i < GK_N_METRIC; i++) {
        const gk_metric_info *info = &gk_metric_table[i];
        if (!info->each_task || !is_recorded(i, graph, asked) || (section == 1 + GK_KIND_ABSENT && info->of != GK_OF_TEST))
            continue;
        out[(*n)++] = (gk_recorded){ gk_arena_printf(arena, "%s/%s", prefix, info->name), (gk_metric)i, -1, section };
    }
}

/* "norm/test_acc" would be the norm of a parameter, and "test_acc/test_acc" has no place in a file beside test_acc. */
static bool is_taken(const char *name)
{
    for (int kind = 0; kind < GK_N_KIND; kind++)
        if (strcmp(name, gk_kind_names[kind]) == 0)
            return true;
    for (int i = 0; i < GK_N_METRIC; i++)
        if (strncmp(gk_metric_table[i].name, name, strlen(name)) == 0 && strchr("/", gk_metric_table[i].name[strlen(name)]))
            return true;
    return false;
}

static int check_subclasses(const gk_dataset *dataset, gk_by_subclass by)
{
    const gk_subclasses *subclass = &dataset->subclass;
    if (by == GK_BY_NONE)
        return 0;
    if (dataset->n_group > 1)
        return gk_usage_error("'--by-subclass' is for a single task: '%s' has %d", dataset->task, dataset->n_group);
    if (subclass->n == 0)
        return gk_usage_error("'--by-subclass' needs subclasses: the items of '%s' have none (--subclasses)", dataset->task);
    if (by == GK_BY_EACH && subclass->n > GK_MAX_SECTION)
        return gk_usage_error("'--by-subclass each' is for at most %d subclasses: '%s' has %d by %s", GK_MAX_SECTION,
                              dataset->task, subclass->n, subclass->by);
    for (int i = 0; by == GK_BY_EACH && i < subclass->n; i++)
        if (is_taken(subclass->name[i]))
            return gk_usage_error("'--by-subclass each': a subclass cannot be called '%s', which is in the name of a metric",
                                  subclass->name[i]);
    return 0;
}

int gk_metrics_recorded(const gk_graph *graph, const gk_dataset *dataset, uint64_t asked, gk_by_subclass by, gk_arena *arena,
                        gk_recorded **out)
{
    const int n_each = by == GK_BY_EACH ? dataset->subclass.n : 0, n_kind = by == GK_BY_NONE ? 0 : GK_N_KIND;
    int n_most = 0, n = 0;
    if (check_subclasses(dataset, by) < 0)
        return -1;
    for (int i = 0; i < GK_N_METRIC; i++) {
        const gk_metric_info *info = &gk_metric_table[i];
        if (is_recorded(i, graph, asked) && info->when == GK_METRIC_ASKED && info->of != GK_OF_REPLICA && dataset->n_target > 0)
            return gk_usage_error("'--metrics %s' is of logits of classes: the items of '%s' have targets", info->name,
                                  dataset->task);
        n_most += 1 + (info->of == GK_OF_MEMBERS ? families[i].n(graph) : 0) + dataset->n_group + n_kind + n_each;
    }
    *out = gk_arena_alloc(arena, (size_t)n_most * sizeof **out);
    for (int i = 0; i < GK_N_METRIC; i++)
        if (is_recorded(i, graph, asked))
            add_whole(i, graph, arena, *out, &n);
    add_tasks(graph, dataset, asked, arena, *out, &n);
    for (int kind = 0; kind < n_kind; kind++)
        add_section(1 + kind, gk_kind_names[kind], graph, asked, arena, *out, &n);
    for (int i = 0; i < n_each; i++)
        add_section(1 + GK_N_KIND + i, dataset->subclass.name[i], graph, asked, arena, *out, &n);
    return n;
}

const char **gk_metric_names(const gk_recorded *recorded, int n, gk_arena *arena)
{
    const char **names = gk_arena_alloc(arena, ((size_t)n + 1) * sizeof *names);
    for (int i = 0; i < n; i++)
        names[i] = recorded[i].name;
    return names;
}

unsigned gk_metrics_sums(uint64_t asked)
{
    unsigned sums = 0;
    for (int i = 0; i < GK_N_METRIC; i++)
        if (asked >> i & 1 && gk_metric_table[i].sum != GK_N_SUM)
            sums |= 1u << gk_metric_table[i].sum;
    return sums;
}
