/* grid_runs.c -- see grid_runs.h. */
#include "grid_runs.h"

#include <stdlib.h>
#include <string.h>
#include "base/classes.h"
#include "base/die.h"
#include "base/text.h"

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

bool gk_run_is_behind(const gk_group *group, int64_t replica, int64_t n_step)
{
    bool goes_on = group->status[replica] == GK_RUNNING || group->status[replica] == GK_FINISHED;
    return goes_on && group->replica_step[replica] < n_step;
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
            if (gk_run_is_behind(group, r, n_step))
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
        gk_warn("%lld of the %lld run%s %s: %s", (long long)n_missing, (long long)n_run, gk_s(n_run), lack,
                ranges(arena, list, n_missing));
    return n_running > 0 || n_missing > 0;
}

/* --- grids of files -------------------------------------------------------------------------------------------------------- */

int gk_file_grid_open(gk_file_grid *of, gk_checkpoint *file)
{
    *of = (gk_file_grid){ .config = gk_config_defaults() };
    gk_config_groups_of(&of->config, GK_CONFIG_ALL, of->tables);
    of->tool = (gk_cli){ .name = file->tool, .groups = of->tables, .values = &of->config, .n_bytes = sizeof of->config,
                         .presets = gk_presets };
    of->given = gk_options_new(&of->tool);
    return gk_config_restore(of->given, file);
}

void gk_file_grid_close(gk_file_grid *of)
{
    gk_given_free(of->given);
    of->given = NULL;
}

const char *gk_run_name(gk_arena *arena, const gk_file_grid *by, const gk_file_grid *of, int64_t run)
{
    gk_config   config = of->config;
    const char *text = "";
    gk_grid_select(of->given, run, &config);
    for (int i = 0; i < gk_grid_n_varied(by->given); i++) {
        const gk_option *option = gk_grid_varied(by->given, i);
        text = gk_arena_printf(arena, "%s%s%s=%s", text, *text ? " " : "", option->name,
                               gk_option_format(of->given, option, &config, arena));
    }
    return text;
}

static bool same_name(const void *context, int64_t a, int64_t b)
{
    const char *const *name = context;
    return strcmp(name[a], name[b]) == 0;
}

int64_t *gk_runs_find(gk_arena *arena, const gk_file_grid *by, const gk_file_grid *in, int64_t n, const gk_grid_run *wanted)
{
    int64_t      n_in = gk_grid_n_run(in->given);
    int64_t     *number = gk_arena_alloc(arena, ((size_t)n + 1) * sizeof *number);
    const char **name = gk_arena_alloc(arena, (size_t)(n_in + n) * sizeof *name);
    gk_classes   classes = gk_classes_new(same_name, name);
    for (int64_t i = 0; i < n_in + n; i++) {
        name[i] = i < n_in ? gk_run_name(arena, by, in, i) : gk_run_name(arena, by, wanted[i - n_in].grid, wanted[i - n_in].run);
        int64_t same = gk_class_first(&classes, i, gk_hash_bytes(GK_HASH, name[i], strlen(name[i])));
        if (i >= n_in)
            number[i - n_in] = same < n_in ? same : -1;
    }
    gk_classes_release(&classes);
    return number;
}

static void add_entry(gk_checkpoint *out, gk_config_entry entry)
{
    if (strcmp(entry.name, "shard") != 0)
        out->config[out->n_config++] = entry;
}

void gk_record_options(gk_arena *arena, gk_file_grid *now, const gk_checkpoint *file, gk_checkpoint *out)
{
    gk_config_entry *entries = NULL;
    int n = now ? gk_config_record(now->given, arena, &entries) : 0;
    out->config = gk_arena_alloc(arena, ((size_t)file->n_config + (size_t)n + 1) * sizeof *out->config);
    out->n_config = 0;
    for (int i = 0; i < n; i++)    /* not the defaults of options that the file's tool does not have */
        if (gk_checkpoint_config(file, entries[i].name) || !gk_option_is_default(now->given, entries[i].name))
            add_entry(out, entries[i]);
    for (int i = 0; i < file->n_config; i++)
        if (!now || !gk_option_find(now->given, file->config[i].name))
            add_entry(out, file->config[i]);
}
