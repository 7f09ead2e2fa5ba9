/* history.c -- metrics against step, growing by doubling. */
#include "io/history.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

gk_history *gk_history_new(int64_t n_replica, int n_metric, const char *const *names)
{
    gk_history *history = calloc(1, sizeof *history);

    if (!history)
        goto failed;
    history->n_replica = n_replica;
    history->name = calloc((size_t)n_metric + 1, sizeof *history->name);
    history->value = calloc((size_t)n_metric + 1, sizeof *history->value);
    if (!history->name || !history->value)
        goto failed;
    for (history->n_metric = 0; history->n_metric < n_metric; history->n_metric++) {
        history->name[history->n_metric] = strdup(names[history->n_metric]);
        if (!history->name[history->n_metric])
            goto failed;
    }
    return history;
failed:
    gk_history_free(history);
    gk_error("cannot make a history of %d metrics: out of memory", n_metric);
    return NULL;
}

void gk_history_free(gk_history *history)
{
    if (!history)
        return;
    for (int metric = 0; metric < history->n_metric; metric++) {
        free(history->name[metric]);
        free(history->value[metric]);
    }
    free(history->name);
    free(history->value);
    free(history->step);
    free(history);
}

int gk_history_reserve(gk_history *history, int64_t n_record)
{
    int64_t bytes;

    if (n_record <= history->capacity)
        return 0;
    if (__builtin_mul_overflow(n_record, history->n_replica, &bytes) || __builtin_mul_overflow(bytes, sizeof(double), &bytes))
        return gk_error("cannot keep a history of %lld records: out of memory", (long long)n_record);
    int64_t *step = realloc(history->step, (size_t)n_record * sizeof *step);
    if (step)
        history->step = step;
    bool complete = step;
    for (int metric = 0; complete && metric < history->n_metric; metric++) {
        double *value = realloc(history->value[metric], (size_t)bytes);
        if (value)
            history->value[metric] = value;
        complete = value;
    }
    if (!complete)
        return gk_error("cannot keep a history of %lld records: out of memory", (long long)n_record);
    history->capacity = n_record;
    return 0;
}

int64_t gk_history_append(gk_history *history, int64_t step)
{
    int64_t record = history->n_record;

    if (record > 0 && step <= history->step[record - 1])
        return gk_error("cannot record step %lld after step %lld", (long long)step, (long long)history->step[record - 1]);
    if (record == history->capacity && gk_history_reserve(history, record ? 2 * record : 64) < 0)
        return -1;
    history->step[record] = step;
    for (int metric = 0; metric < history->n_metric; metric++)
        for (int64_t replica = 0; replica < history->n_replica; replica++)
            gk_history_at(history, metric, record)[replica] = NAN;
    history->n_record++;
    return record;
}

int gk_history_find(const gk_history *history, const char *name)
{
    for (int metric = 0; metric < history->n_metric; metric++)
        if (strcmp(history->name[metric], name) == 0)
            return metric;
    return -1;
}

/* A metric that the history lacks: NaN at every record; 0, or -1. */
static int make_metric(const gk_history *history, const char *metric, char **name, double **value)
{
    size_t n = (size_t)(history->capacity * history->n_replica);

    *name  = strdup(metric);
    *value = malloc((n + 1) * sizeof **value);
    for (size_t i = 0; *value && i < n; i++)
        (*value)[i] = NAN;
    return *name && *value ? 0 : -1;
}

int gk_history_conform(gk_history *history, int n_metric, const char *const *names)
{
    size_t   n_most = (size_t)(n_metric + history->n_metric) + 1;
    char   **name = calloc(n_most, sizeof *name);
    double **value = calloc(n_most, sizeof *value);
    bool     complete = name && value;
    int      n = n_metric;

    for (int i = 0; complete && i < n_metric; i++)
        if (gk_history_find(history, names[i]) < 0)
            complete = make_metric(history, names[i], &name[i], &value[i]) == 0;
    if (!complete) {
        for (int i = 0; name && value && i < n_metric; i++) {
            free(name[i]);
            free(value[i]);
        }
        free(name);
        free(value);
        return gk_error("cannot add metrics to a history: out of memory");
    }
    for (int m = 0; m < history->n_metric; m++) {    /* from here on nothing can fail */
        int i = 0;
        while (i < n_metric && strcmp(history->name[m], names[i]) != 0)
            i++;
        i        = i < n_metric ? i : n++;
        name[i]  = history->name[m];
        value[i] = history->value[m];
    }
    free(history->name);
    free(history->value);
    history->name     = name;
    history->value    = value;
    history->n_metric = n;
    return 0;
}
