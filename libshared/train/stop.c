/* stop.c -- parsing and judging stop rules. */
#include "train/stop.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/names.h"

static const struct { const char *text; gk_comparison comparison; } comparisons[] = {
    { ">=", GK_AT_LEAST }, { "<=", GK_AT_MOST }, { ">", GK_ABOVE }, { "<", GK_BELOW }, { "flat", GK_FLAT },
};
enum { N_COMPARISON = sizeof comparisons / sizeof comparisons[0], FLAT_RECORDS = 20 };

static const char *skip_space(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

static bool is_metric_letter(char c)
{
    return isalnum((unsigned char)c) || strchr("_./-", c);
}

static int wrong(const char *text, const char *what)
{
    return gk_usage_error("stop rule '%s': %s; a rule is METRIC >=|>|<=|<|flat NUMBER [for RECORDS], e.g. 'test_acc>=0.99 for 3'",
                          text, what);
}

/* [for N], then the end of the rule. */
static int parse_duration(const char *text, const char *at, gk_stop_rule *out)
{
    at = skip_space(at);
    out->n_record = out->comparison == GK_FLAT ? FLAT_RECORDS : 1;
    if (strncmp(at, "for", 3) == 0 && isspace((unsigned char)at[3])) {
        char *end;
        errno = 0;
        out->n_record = strtoll(at + 3, &end, 10);
        if (end == at + 3 || errno || out->n_record < 1)
            return wrong(text, "after 'for' comes the number of records");
        at = skip_space(end);
    }
    return *at ? wrong(text, "there is something after its end") : 0;
}

static int parse_rule(const char *text, gk_arena *arena, gk_stop_rule *out)
{
    const char *start = skip_space(text), *at = start;
    while (*at && is_metric_letter(*at))
        at++;
    if (at == start)
        return wrong(text, "no metric");
    out->metric = gk_arena_printf(arena, "%.*s", (int)(at - start), start);

    at = skip_space(at);
    int kind = 0;
    while (kind < N_COMPARISON && strncmp(at, comparisons[kind].text, strlen(comparisons[kind].text)) != 0)
        kind++;
    if (kind == N_COMPARISON)
        return wrong(text, "no comparison after the metric");
    out->comparison = comparisons[kind].comparison;

    char *end;
    at += strlen(comparisons[kind].text);
    errno = 0;
    out->value = strtod(at, &end);
    if (end == at || errno == ERANGE || !isfinite(out->value))
        return wrong(text, "no number after the comparison");
    return parse_duration(text, end, out);
}

int gk_stop_parse(const char *text, gk_arena *arena, gk_stop *out)
{
    *out = (gk_stop){ 0 };
    if (!text || strcmp(text, "none") == 0)
        return 0;
    int n_rule = 1;
    for (const char *at = text; *at; at++)
        n_rule += *at == ';';
    out->rule = gk_arena_alloc(arena, (size_t)n_rule * sizeof *out->rule);

    char *rest = gk_arena_strdup(arena, text);
    for (char *rule; (rule = strsep(&rest, ";")); out->n_rule++)
        if (parse_rule(rule, arena, &out->rule[out->n_rule]) < 0)
            return -1;
    return 0;
}

static bool is_recorded(const char *metric, int n, const gk_recorded *recorded)
{
    for (int i = 0; i < n; i++)
        if (strcmp(recorded[i].name, metric) == 0)
            return true;
    return false;
}

/* Members of families are too many to be named. */
static int refuse(const char *metric, int n, const gk_recorded *recorded)
{
    const gk_metric_info *info = gk_metric_find(metric);
    gk_arena    arena = { 0 };
    gk_names    names = { 0 };
    const char *known = "";
    if (info && info->when == GK_METRIC_ASKED)
        return gk_usage_error("stop rule: '%s' is only recorded with '--metrics %s'", metric, info->name);
    for (int i = 0; i < n; i++) {
        gk_names_add(&names, recorded[i].name);
        if (recorded[i].part < 0)
            known = gk_arena_printf(&arena, "%s%s, ", known, recorded[i].name);
    }
    const char *nearest = gk_names_nearest(&names, metric);
    if (nearest)
        gk_usage_error("stop rule: no metric '%s' (did you mean '%s'?)", metric, nearest);
    else
        gk_usage_error("stop rule: no metric '%s'; there are %sand %s", metric, known, gk_metric_table[GK_NORM].name);
    gk_names_release(&names);
    gk_arena_release(&arena);
    return -1;
}

int gk_stop_check(const gk_stop *stop, int n_recorded, const gk_recorded *recorded)
{
    for (int rule = 0; rule < stop->n_rule; rule++)
        if (!is_recorded(stop->rule[rule].metric, n_recorded, recorded))
            return refuse(stop->rule[rule].metric, n_recorded, recorded);
    return 0;
}

static bool holds(const gk_stop_rule *rule, double value)
{
    switch (rule->comparison) {
    case GK_AT_LEAST: return value >= rule->value;
    case GK_ABOVE:    return value > rule->value;
    case GK_AT_MOST:  return value <= rule->value;
    case GK_BELOW:    return value < rule->value;
    case GK_FLAT:     break;    /* is about several records */
    }
    return false;
}

/* Lowest value among records [first, end); infinity if there is none. */
static double lowest(gk_history *history, int metric, int64_t replica, int64_t first, int64_t end)
{
    double least = INFINITY;
    for (int64_t record = first; record < end; record++)
        least = fmin(least, gk_history_at(history, metric, record)[replica]);
    return least;
}

static bool is_flat(const gk_stop_rule *rule, gk_history *history, int metric, int64_t replica)
{
    int64_t end = history->n_record, first = end - rule->n_record;
    if (first < 1)
        return false;
    double before = lowest(history, metric, replica, 0, first);
    return before - lowest(history, metric, replica, first, end) < rule->value * fabs(before);
}

bool gk_stop_met(const gk_stop *stop, gk_history *history, int64_t replica)
{
    for (int i = 0; i < stop->n_rule; i++) {
        const gk_stop_rule *rule = &stop->rule[i];
        int     metric = gk_history_find(history, rule->metric);
        int64_t record = history->n_record - 1, first = history->n_record - rule->n_record;
        if (metric < 0 || first < 0)
            continue;
        if (rule->comparison == GK_FLAT) {
            if (is_flat(rule, history, metric, replica))
                return true;
            continue;
        }
        while (record >= first && holds(rule, gk_history_at(history, metric, record)[replica]))
            record--;
        if (record < first)
            return true;
    }
    return false;
}
