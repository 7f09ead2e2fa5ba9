/* groups.c -- see groups.h. */
#include "graph/groups.h"

#include <ctype.h>
#include <fnmatch.h>
#include <math.h>
#include <string.h>
#include "base/names.h"
#include "base/options.h"

/* --- what may be set ----------------------------------------------------------------------------------------------------- */

#define GK_OPTIONS_OF gk_hyper
#define HYPER(...)
#define TEACH(...)
#define GROUPED(field, option, initial, least, most, ...) GK_REAL_OPTION(option, field, least, most, .flags = GK_VARY),
static const gk_option rows[] = {
#include "graph/hyper.def"
};
#define TEACH(...)
#define GROUPED(field, ...) GK_HYPER_##field,
static const gk_hyper_index index_of_row[] = {
#include "graph/hyper.def"
};
#undef HYPER
enum { N_ROW = sizeof rows / sizeof *rows };
_Static_assert(GK_N_HYPER <= 32, "bits of gk_param_entry.sets");

/* --- texts --------------------------------------------------------------------------------------------------------------- */

typedef struct setting { int row; double *values; int64_t n_value; } setting;

/* An entry as it stands in the text, with lists. */
typedef struct clause {
    char   *patterns;
    bool    frozen;
    int     n_setting;
    setting settings[N_ROW];
} clause;

typedef struct clauses { gk_arena *arena; int n; clause clause[GK_MAX_ENTRY]; } clauses;

static char *trimmed(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    for (size_t n = strlen(text); n > 0 && (isspace((unsigned char)text[n - 1]) || text[n - 1] == ','); n--)
        text[n - 1] = '\0';
    return text;
}

static int refuse_name(const char *name)
{
    gk_names    names = { 0 };
    gk_arena    arena = { 0 };
    const char *all = "freeze";
    gk_names_add(&names, all);
    for (int i = 0; i < N_ROW; i++) {
        gk_names_add(&names, rows[i].name);
        all = gk_arena_printf(&arena, "%s, %s=", all, rows[i].name);
    }
    const char *nearest = gk_names_nearest(&names, name);
    gk_usage_error("no setting '%s' of parameter groups%s%s%s: expected one of %s", name, nearest ? " (did you mean '" : "",
                   nearest ? nearest : "", nearest ? "'?)" : "", all);
    gk_names_release(&names);
    gk_arena_release(&arena);
    return -1;
}

/* "freeze" or "learning-rate=1,2" */
static int read_setting(gk_arena *arena, clause *c, char *text)
{
    char *value = text, *name = strsep(&value, "=");
    if (strcmp(name, "freeze") == 0) {
        c->frozen = true;
        return value ? gk_usage_error("'freeze' of '%s' takes no value", c->patterns) : 0;
    }
    int row = 0;
    while (row < N_ROW && strcmp(rows[row].name, name) != 0)
        row++;
    if (row == N_ROW)
        return refuse_name(name);
    if (!value)
        return gk_usage_error("'%s' of '%s' needs a value", name, c->patterns);
    for (int i = 0; i < c->n_setting; i++)
        if (c->settings[i].row == row)
            return gk_usage_error("'%s' sets %s twice", c->patterns, name);
    setting *s = &c->settings[c->n_setting++];
    s->row = row;
    return gk_parse_reals(arena, &rows[row], value, &s->values, &s->n_value);
}

/* The end of a setting: a blank, or a comma that is not inside a list. */
static char *end_of_setting(char *at)
{
    for (; *at && !isspace((unsigned char)*at); at++)
        if (*at == ',') {
            char *next = at + 1;
            while (isspace((unsigned char)*next))
                next++;
            if (next != at + 1 || isalpha((unsigned char)*next))
                break;
        }
    return at;
}

/* "a.*,b.*: weight-decay=0 freeze" */
static int read_clause(gk_arena *arena, char *text, clause *c)
{
    char *rest = trimmed(text);
    c->patterns = trimmed(strsep(&rest, ":"));
    if (!rest || !*c->patterns)
        return gk_usage_error("'%s' is not PATTERN,...: SETTING ...", text);
    for (char *at = rest; *at;) {
        while (isspace((unsigned char)*at) || *at == ',')
            at++;
        char *end = end_of_setting(at), last = *end;
        *end = '\0';
        if (end > at && read_setting(arena, c, at) < 0)
            return -1;
        at = last ? end + 1 : end;
    }
    if (c->frozen && c->n_setting > 0)
        return gk_usage_error("'%s' freezes, and %s has no effect then", c->patterns, rows[c->settings[0].row].name);
    return c->frozen || c->n_setting > 0 ? 0 : gk_usage_error("'%s' sets nothing: expected freeze or NAME=VALUE behind its ':'",
                                                              c->patterns);
}

static int read_clauses(const char *text, clauses *all)
{
    char *rest = text ? gk_arena_strdup(all->arena, text) : NULL;
    for (char *part; (part = strsep(&rest, ";"));) {
        if (!*trimmed(part))
            continue;
        if (all->n == GK_MAX_ENTRY)
            return gk_usage_error("there are more than %d parameter groups", GK_MAX_ENTRY);
        if (read_clause(all->arena, part, &all->clause[all->n++]) < 0)
            return -1;
    }
    return 0;
}

/* --- lists --------------------------------------------------------------------------------------------------------------- */

/* Combination `number` of all lists, as text. */
static const char *combination(gk_arena *arena, const clauses *all, int64_t number)
{
    const char *text = "";
    for (int i = all->n - 1; i >= 0; i--) {
        const clause *c = &all->clause[i];
        const char   *settings = c->frozen ? " freeze" : "";
        for (int k = c->n_setting - 1; k >= 0; k--) {
            const setting *s = &c->settings[k];
            char value[40];
            gk_print_real(s->values[number % s->n_value], value, sizeof value);
            number /= s->n_value;
            settings = gk_arena_printf(arena, " %s=%s%s", rows[s->row].name, value, settings);
        }
        text = gk_arena_printf(arena, "%s:%s%s%s", c->patterns, settings, *text ? "; " : "", text);
    }
    return text;
}

int gk_groups_lists(gk_arena *arena, const char *text, const char ***texts, int64_t *n_text)
{
    clauses all = { .arena = arena };
    if (read_clauses(text, &all) < 0)
        return gk_error_context("'--params'");
    *n_text = 1;
    for (int i = 0; i < all.n; i++)
        for (int k = 0; k < all.clause[i].n_setting; k++)
            if ((*n_text *= all.clause[i].settings[k].n_value) > GK_GRID_MAX)
                return gk_usage_error("the lists of '--params' stand for more than %d runs", GK_GRID_MAX);
    *texts = gk_arena_alloc(arena, (size_t)*n_text * sizeof **texts);
    for (int64_t i = 0; i < *n_text; i++)
        (*texts)[i] = *n_text > 1 ? combination(arena, &all, i) : gk_arena_strdup(arena, text);
    return 0;
}

int gk_groups_parse(gk_arena *arena, const char *text, gk_param_entry **entries)
{
    clauses all = { .arena = arena };
    *entries = gk_arena_alloc(arena, GK_MAX_ENTRY * sizeof **entries);
    if (read_clauses(text, &all) < 0)
        return gk_error_context("'--params'");
    for (int i = 0; i < all.n; i++) {
        gk_param_entry *entry = &(*entries)[i];
        *entry = (gk_param_entry){ .patterns = all.clause[i].patterns, .frozen = all.clause[i].frozen };
        for (int k = 0; k < all.clause[i].n_setting; k++) {
            const setting *s = &all.clause[i].settings[k];
            entry->sets |= 1u << index_of_row[s->row];
            *(double *)((char *)&entry->value + rows[s->row].offset) = s->values[0];
        }
    }
    return all.n;
}

int gk_groups_columns(gk_arena *arena, const char *text, gk_group_column **columns)
{
    clauses all = { .arena = arena };
    int     n = 0;
    *columns = gk_arena_alloc(arena, (size_t)(GK_MAX_ENTRY * N_ROW) * sizeof **columns);
    if (read_clauses(text, &all) < 0)
        return gk_error_context("'--params'");
    for (int i = 0; i < all.n; i++)
        for (int k = 0; k < all.clause[i].n_setting; k++) {
            const setting *s = &all.clause[i].settings[k];
            if (s->n_value < 2)
                continue;
            const char *name = gk_option_in_file(arena, rows[s->row].name);
            (*columns)[n++] = (gk_group_column){ gk_arena_printf(arena, "params%d_%s", i + 1, name), i, rows[s->row].offset };
        }
    return n;
}

double gk_groups_value(const char *text, const gk_group_column *column)
{
    gk_arena        arena = { 0 };
    gk_param_entry *entries;
    int             n = gk_groups_parse(&arena, text, &entries);
    gk_assert(column->entry < n);
    double value = *(const double *)((const char *)&entries[column->entry].value + column->offset);
    gk_arena_release(&arena);
    return value;
}

/* --- tensors ------------------------------------------------------------------------------------------------------------- */

static bool matches(const gk_node *param, const char *pattern)
{
    static const struct { const char *name; bool of_part; gk_part part; int least, most; } kinds[] = {
        { "@embedding", true, GK_PART_EMBEDDING, 0, GK_MAX_NODE_DIM }, { "@hidden", true, GK_PART_HIDDEN, 0, GK_MAX_NODE_DIM },
        { "@unembedding", true, GK_PART_UNEMBEDDING, 0, GK_MAX_NODE_DIM }, { "@vectors", false, GK_PART_HIDDEN, 0, 1 },
        { "@matrices", false, GK_PART_HIDDEN, 2, GK_MAX_NODE_DIM },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(pattern, kinds[i].name) == 0)
            return (!kinds[i].of_part || param->part == kinds[i].part) && param->n_dim >= kinds[i].least &&
                   param->n_dim <= kinds[i].most;
    return fnmatch(pattern, param->name, 0) == 0;
}

/* Bits of the entries that each parameter has settings of: mask [n_param]. */
static int match_entry(gk_graph *graph, const gk_param_entry *entry, uint32_t bit, uint32_t *mask)
{
    char *rest = gk_arena_strdup(&graph->arena, entry->patterns);
    for (char *pattern; (pattern = strsep(&rest, ","));) {
        int n = 0;
        pattern = trimmed(pattern);
        for (int i = 0; i < graph->n_param; i++) {
            if (!matches(graph->param[i], pattern))
                continue;
            n++;
            graph->param[i]->frozen |= entry->frozen;
            mask[i] |= entry->sets ? bit : 0;
        }
        if (n == 0)
            return gk_usage_error("no parameter matches '%s': their names are like '%s' and '%s'", pattern,
                                  graph->param[0]->name, graph->param[graph->n_param - 1]->name);
    }
    return 0;
}

/* Number the different masks, 0 first. */
static int number_groups(gk_graph *graph, const uint32_t *mask)
{
    graph->n_group = 1;
    graph->entries_of_group[0] = 0;
    for (int i = 0; i < graph->n_param; i++) {
        int group = 0;
        while (group < graph->n_group && graph->entries_of_group[group] != mask[i])
            group++;
        if (group == GK_MAX_GROUP)
            return gk_usage_error("'--params' makes more than %d kinds of parameters", GK_MAX_GROUP);
        if (group == graph->n_group)
            graph->entries_of_group[graph->n_group++] = mask[i];
        graph->param[i]->group = group;
    }
    return 0;
}

int gk_groups_apply(gk_graph *graph, const char *text, const char *frozen)
{
    gk_param_entry *entries, freezing = { .patterns = frozen, .frozen = true };
    uint32_t       *mask = gk_arena_alloc(&graph->arena, (size_t)(graph->n_param + 1) * sizeof *mask);
    int             n = gk_groups_parse(&graph->arena, text, &entries), n_live = 0;
    if (n < 0)
        return -1;
    for (int i = 0; i < n; i++)
        if (match_entry(graph, &entries[i], 1u << i, mask) < 0)
            return -1;
    if ((frozen && match_entry(graph, &freezing, 0, mask) < 0) || number_groups(graph, mask) < 0)
        return -1;
    for (int i = 0; i < graph->n_param; i++)
        n_live += !graph->param[i]->frozen;
    return n_live > 0 || graph->n_param == 0 ? 0 : gk_usage_error("every parameter is frozen: nothing is left to train");
}

/* A rate is that of the tensor, whichever optimiser moves it. */
static void take(gk_hyper *to, const gk_param_entry *entry)
{
    if (entry->sets & 1u << GK_HYPER_learning_rate)
        to->adam_rate = entry->value.learning_rate;
    for (int row = 0; row < N_ROW; row++)
        if (entry->sets & 1u << index_of_row[row])
            *(double *)((char *)to + rows[row].offset) = *(const double *)((const char *)&entry->value + rows[row].offset);
}

int gk_groups_hyper(const gk_graph *graph, const char *text, const gk_hyper *run, gk_hyper *out)
{
    gk_arena        arena = { 0 };
    gk_param_entry *entries;
    int             n = gk_groups_parse(&arena, text, &entries);
    for (int group = 0; group < graph->n_group; group++) {
        out[group] = *run;
        for (int i = 0; i < n; i++)
            if (graph->entries_of_group[group] & 1u << i)
                take(&out[group], &entries[i]);
    }
    gk_arena_release(&arena);
    return n < 0 ? -1 : 0;
}

bool gk_groups_any(const char *text, gk_hyper_index hyper)
{
    gk_arena        arena = { 0 };
    gk_param_entry *entries;
    bool            any = false;
    int             n = gk_groups_parse(&arena, text, &entries);
    for (int i = 0; i < n; i++)
        for (int row = 0; row < N_ROW; row++)
            any |= index_of_row[row] == hyper && entries[i].sets & 1u << hyper &&
                   *(const double *)((const char *)&entries[i].value + rows[row].offset) > 0;
    gk_arena_release(&arena);
    return any;
}
