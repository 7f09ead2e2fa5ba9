/* grid_runs.c -- see grid_runs.h. */
#include "grid_runs.h"

#include <stdlib.h>
#include "base/die.h"

const int64_t *gk_run_numbers(const gk_checkpoint *file, const gk_group *group)
{
    const gk_h5_column *column = gk_group_run_column(group, "run");
    if (!column || column->text || column->type != GK_I64) {
        gk_error("'%s' does not number its runs: '/runs' has no column 'run' of whole numbers", file->path);
        return NULL;
    }
    return column->data;
}

/* "3..5 8 10", at most so many, of a list in ascending order. */
static const char *ranges(gk_arena *arena, const int64_t *number, int64_t n)
{
    enum { MOST = 8 };
    const char *text = "";
    int n_range = 0;
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && number[end] == number[end - 1] + 1; end++)
            continue;
        if (n_range++ == MOST)
            return gk_arena_printf(arena, "%s ...", text);
        text = end - i > 1 ? gk_arena_printf(arena, "%s%s%lld..%lld", text, *text ? " " : "", (long long)number[i],
                                             (long long)number[end - 1])
                           : gk_arena_printf(arena, "%s%s%lld", text, *text ? " " : "", (long long)number[i]);
    }
    return text;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

bool gk_tell_missing(gk_arena *arena, const char *lack, int64_t n_run, int64_t n_step, int n_part, const gk_join_part *part)
{
    if (n_run == 0)
        return false;
    bool    *is_there = gk_arena_alloc(arena, (size_t)n_run * sizeof *is_there);
    int64_t *list = gk_arena_alloc(arena, (size_t)n_run * sizeof *list), n_running = 0, n_missing = 0;
    for (int i = 0; i < n_part; i++) {
        const gk_group *group = part[i].group;
        for (int64_t r = 0; r < group->n_replica; r++) {
            int64_t number = part[i].number[r];
            if (number < 0 || number >= n_run)
                continue;
            is_there[number] = true;
            if (group->status[r] == GK_RUNNING && group->replica_step[r] < n_step)
                list[n_running++] = number;
        }
    }
    qsort(list, (size_t)n_running, sizeof *list, by_value);
    if (n_running > 0)
        gk_warn("%lld %s not come to the end: %s", (long long)n_running, n_running == 1 ? "run has" : "runs have",
                ranges(arena, list, n_running));
    for (int64_t run = 0; run < n_run; run++)
        if (!is_there[run])
            list[n_missing++] = run;
    if (n_missing > 0)
        gk_warn("%lld of the %lld runs %s: %s", (long long)n_missing, (long long)n_run, lack, ranges(arena, list, n_missing));
    return n_running > 0 || n_missing > 0;
}
