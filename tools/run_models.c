/* run_models.c -- see run_models.h. */
#include "run_models.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/die.h"

/* --- which models ---------------------------------------------------------------------------------------------------------- */

unsigned gk_parts_at(const char *at)
{
    return GK_READ_MODEL | GK_READ_DATA | (strcmp(at, "last") != 0 ? GK_READ_SNAPSHOTS : 0);
}

/* The parameters of the run at a step; -1: the last ones.  NULL: there are none. */
static const void *array_at(const gk_run *run, int64_t step)
{
    const gk_group *group = run->data;
    int64_t         last = group->replica_step[run->replica];
    if (step < 0 || (step == last && group->model))
        return group->model;
    for (int64_t s = 0; s < group->n_snapshot; s++)
        if (group->snapshot_step[s] == step && step <= last)
            return group->snapshot[s];
    return NULL;
}

/* step -1: the last one; without `at` no parameters are wanted. */
static void add(gk_run_models *all, gk_checkpoint *file, const gk_run *run, const gk_runs *runs, const char *at, int64_t step)
{
    gk_cell     cell = gk_runs_cell(runs, run, 0);    /* column run */
    int64_t     number = cell.type == GK_CELL_INT ? cell.integer : run->replica;
    const void *array = at ? array_at(run, step) : NULL;
    if (at && !array && step >= 0)
        gk_usage("run %lld of '%s' has no parameters at step %s: grok-ls lists its snapshots", (long long)number, file->path, at);
    if (at && !array) {
        gk_error("run %lld of '%s' has no parameters at its end: it was written with --keep metrics, or grok-trim "
                 "dropped them", (long long)number, file->path);
        gk_die();
    }
    all->at[all->n++] = (gk_run_model){ file, run, number, step < 0 ? run->data->replica_step[run->replica] : step, array, NULL };
}

/* Every snapshot of a run that it lived to see, but for one at its end. */
static void add_snapshots(gk_run_models *all, gk_checkpoint *file, const gk_run *run, const gk_runs *runs, const char *at)
{
    const gk_group *group = run->data;
    int64_t         last = group->replica_step[run->replica];
    for (int64_t s = 0; s < group->n_snapshot; s++)
        if (group->snapshot_step[s] < last || (group->snapshot_step[s] == last && !group->model))
            add(all, file, run, runs, at, group->snapshot_step[s]);
}

gk_run_models gk_choose_models(const gk_runs *runs, const char *at, gk_arena *arena)
{
    bool    every = at && strcmp(at, "all") == 0;
    int64_t step = -1, n_most = 1;
    if (at && !every && strcmp(at, "last") != 0 && (gk_parse_int(at, &step) < 0 || step < 0))
        gk_usage("--at '%s': expected last, all or a step", at);
    for (int64_t r = 0; r < runs->n_run; r++)
        n_most += 1 + (every ? runs->run[r].data->n_snapshot : 0);
    gk_run_models all = { 0, gk_arena_alloc(arena, (size_t)n_most * sizeof *all.at) };
    for (int64_t r = 0; r < runs->n_run; r++) {
        const gk_run  *run = &runs->run[r];
        gk_checkpoint *file = runs->file[run->file];
        if (every)
            add_snapshots(&all, file, run, runs, at);
        if (!every || run->data->model)
            add(&all, file, run, runs, at, step);
    }
    return all;
}

/* --- names of files ------------------------------------------------------------------------------------------------------- */

/* "a/run.h5" -> "run" */
static const char *stem(gk_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return gk_arena_printf(arena, "%.*s", dot && dot > name ? (int)(dot - name) : (int)strlen(name), name);
}

/* The pattern filled in for a model. */
static const char *name_for(gk_arena *arena, const char *pattern, const gk_run_model *of)
{
    const char *word[] = { "{run}", "{step}", "{file}" };
    const char *value[] = { gk_arena_printf(arena, "%lld", (long long)of->number),
                            gk_arena_printf(arena, "%lld", (long long)of->step), stem(arena, of->file->path) };
    const char *name = "";
    while (*pattern) {
        int which = 0;
        while (which < 3 && strncmp(pattern, word[which], strlen(word[which])) != 0)
            which++;
        if (which == 3) {
            size_t n = 1 + strcspn(pattern + 1, "{");
            name = gk_arena_printf(arena, "%s%.*s", name, (int)n, pattern);
            pattern += n;
        } else {
            name = gk_arena_printf(arena, "%s%s", name, value[which]);
            pattern += strlen(word[which]);
        }
    }
    return name;
}

/* By name, and models of one name as they were. */
static int by_path(const void *a, const void *b)
{
    const gk_run_model *const *one = a, *const *other = b;
    int order = strcmp((*one)->path, (*other)->path);
    return order ? order : *one < *other ? -1 : *one > *other;
}

void gk_name_models(const gk_run_models *all, const char *pattern, bool steps_share, gk_arena *arena)
{
    const gk_run_model **sorted = gk_arena_alloc(arena, (size_t)(all->n + 1) * sizeof(void *));
    for (int64_t i = 0; i < all->n; i++) {
        all->at[i].path = name_for(arena, pattern, &all->at[i]);
        sorted[i] = &all->at[i];
    }
    qsort(sorted, (size_t)all->n, sizeof(void *), by_path);
    for (int64_t i = 1; i < all->n; i++) {
        const gk_run_model *a = sorted[i - 1], *b = sorted[i];
        bool is_same_run = a->file == b->file && a->run == b->run;
        if (strcmp(a->path, b->path) == 0 && !(steps_share && is_same_run))
            gk_usage("several of %lld models would go to '%s': put %s into its name, or choose one with --run and --at",
                     (long long)all->n, a->path, is_same_run ? "{step}" : a->file == b->file ? "{run}" : "{file}");
    }
}

int gk_make_folders(const char *path)
{
    gk_arena arena = { 0 };
    char    *name = gk_arena_strdup(&arena, path);
    int      status = 0;
    for (char *slash = *name ? strchr(name + 1, '/') : NULL; slash && status == 0; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(name, 0777) < 0 && errno != EEXIST)
            status = gk_error("cannot make folder '%s': %s", name, strerror(errno));
        *slash = '/';
    }
    gk_arena_release(&arena);
    return status;
}

