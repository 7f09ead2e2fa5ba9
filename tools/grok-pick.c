/* grok-pick.c -- some runs of a checkpoint as a checkpoint of their own. */
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "base/names.h"
#include "base/options.h"
#include "base/outfile.h"
#include "graph/groups.h"
#include "grid_runs.h"

#define KEEPS(X) X(KEEP_EVERYTHING, "all") X(KEEP_PARAMS, "params") X(KEEP_METRICS, "metrics") X(KEEP_CURVES, "curves") \
                 X(KEEP_RESULTS, "results")    /* each keeps less than the one before */
GK_LOCAL_CHOICES(keep, KEEPS);
static struct { const char *output; keep keep; bool force; } o;

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option option_table[] = {
    GK_TEXT_OPTION("output", output, .key = 'o', .flags = GK_REQUIRED, .arg = "FILE",
                   .help = "checkpoint to write; '-': stdout"),
    GK_CHOICE_OPTION("keep", keep, keep,
                     .help = "what is taken along: all there is; no optimiser state, as much as teaches and can be gone on from; "
                             "no parameters; no snapshots, splits and norms of single parameters; of the history the norm "
                             "alone, for landscapes"),
    GK_SWITCH_OPTION("force", force, .help = "replace the file that --output names, whatever it is"),
    GK_OPTION_END
};
static const gk_option_group own_groups[] = { { "Options", option_table, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-pick", .summary = "take some runs of a checkpoint into a checkpoint of their own",
    .arguments = "CHECKPOINT [OPTION=VALUES...]",
    .details = "OPTION=VALUES names an option that varies over the grid, and which of its values are wanted; all where it says\n"
               "nothing.  The file is the one that these options would have made by themselves.  What is there is picked; runs\n"
               "that are not there, or not at their end, are told, and the status is then 3 (if none is there, no file).\n\n"
               "  grok-train --weight-decay 0,1 --fraction 0.2,0.3 --seed 0..4 ... -o grid.h5\n"
               "  grok-pick grid.h5 weight-decay=1 fraction=0.3 --keep params -o teachers.h5\n"
               "  grok-pick grid.h5 weight-decay=0 seed=0..2 --keep metrics -o small.h5\n\n"
               "Exit status: 0 done; 1 failed; 2 usage; 3 picked, and runs are missing.",
    .groups = own_groups, .min_arguments = 1, .max_arguments = 1000
};

/* --- two grids: that of the file, and the one that is wanted -------------------------------------------------------------- */

/* OPTION=VALUES, of an option that varies; another may be said to be what it is. */
static int narrow(gk_arena *arena, const gk_file_grid *all, gk_file_grid *wanted, const char *path, const char *argument)
{
    const char *sign = strchr(argument, '=');
    int         status = -1;
    if (!sign || sign == argument)
        return gk_usage_error("'%s' is not OPTION=VALUES", argument);
    char *name = gk_arena_printf(arena, "%.*s", (int)(sign - argument), argument);
    for (char *at = name; *at; at++)
        if (*at == '_')
            *at = '-';
    gk_names varied = { 0 };
    bool     is_list = false;
    for (int i = 0; i < gk_grid_n_varied(all->given); i++) {
        gk_names_add(&varied, gk_grid_varied(all->given, i)->name);
        is_list |= strcmp(gk_grid_varied(all->given, i)->name, name) == 0;
    }
    if (!gk_option_find(all->given, name))
        gk_usage_error("'%s': no run of '%s' has such an option%s", argument, path, gk_names_suggest(&varied, name, arena));
    else if (gk_option_set(wanted->given, name, sign + 1) == 0)
        status = 0;
    gk_names_release(&varied);
    if (status < 0)
        return -1;
    if (!is_list && !gk_option_same(all->given, wanted->given, name))
        return gk_usage_error("'%s' has no runs with %s: all have %s %s", path, argument, name, gk_option_text(all->given, name));
    return 0;
}

/* number[run of the file's grid]: its number among the wanted, or -1.  NULL with gk_error: the grid has no such run. */
static int64_t *number_wanted(gk_arena *arena, const gk_file_grid *all, const gk_file_grid *wanted, const char *path)
{
    int64_t      n_all = gk_grid_n_run(all->given), n_wanted = gk_grid_n_run(wanted->given);
    gk_grid_run *every = gk_arena_alloc(arena, (size_t)n_all * sizeof *every);
    for (int64_t run = 0; run < n_all; run++)
        every[run] = (gk_grid_run){ all, run };
    int64_t *number = gk_runs_find(arena, all, wanted, n_all, every);
    bool    *is_there = gk_arena_alloc(arena, (size_t)n_wanted * sizeof *is_there);
    for (int64_t run = 0; run < n_all; run++)
        if (number[run] >= 0)
            is_there[number[run]] = true;
    for (int64_t run = 0; run < n_wanted; run++)
        if (!is_there[run]) {
            gk_usage_error("'%s' has no run with %s", path, gk_run_name(arena, all, wanted, run));
            return NULL;
        }
    return number;
}

/* --- what is taken ------------------------------------------------------------------------------------------------------ */

/* Does the option behind a column of /runs vary in this grid? */
static bool varies(gk_arena *arena, const gk_file_grid *in, const char *column)
{
    for (int i = 0; i < gk_grid_n_varied(in->given); i++)
        if (strcmp(gk_option_in_file(arena, gk_grid_varied(in->given, i)->name), column) == 0)
            return true;
    gk_group_column *of_params;
    int n = gk_groups_columns(arena, gk_option_text(in->given, "params"), &of_params);
    for (int i = 0; i < n; i++)
        if (strcmp(of_params[i].name, column) == 0)
            return true;
    return false;
}

/* A group with its columns of /runs as the wanted grid has them. */
static gk_group with_columns(gk_arena *arena, const gk_file_grid *all, const gk_file_grid *wanted, const gk_group *group,
                             const int64_t *number)
{
    gk_group out = *group;
    out.run_column = gk_arena_alloc(arena, (size_t)group->n_run_column * sizeof *out.run_column);
    out.n_run_column = 0;
    for (int i = 0; i < group->n_run_column; i++) {
        gk_h5_column column = group->run_column[i];
        if (strcmp(column.name, "run") == 0)
            column.data = number;
        else if (strcmp(column.name, "seed") != 0 && varies(arena, all, column.name) && !varies(arena, wanted, column.name))
            continue;
        out.run_column[out.n_run_column++] = column;
    }
    if (o.keep >= KEEP_PARAMS)
        out.n_slot = 0;
    if (o.keep >= KEEP_METRICS)
        out.model = NULL;
    if (o.keep >= KEEP_CURVES) {
        out.n_snapshot = 0;
        out.train = out.test = NULL;
    }
    return out;
}

/* What is left of a history: the metrics of whole runs, or the norm alone, which tables of landscapes have beside their own;
 * names and values are borrowed. */
static gk_history *thinned(gk_arena *arena, const gk_history *all)
{
    if (!all)
        return NULL;
    gk_history *out = gk_arena_alloc(arena, sizeof *out);
    *out = *all;
    out->n_metric = 0;
    out->name = gk_arena_alloc(arena, ((size_t)all->n_metric + 1) * sizeof *out->name);
    out->value = gk_arena_alloc(arena, ((size_t)all->n_metric + 1) * sizeof *out->value);
    for (int m = 0; m < all->n_metric; m++) {
        bool of_params = strncmp(all->name[m], "norm/", strlen("norm/")) == 0;
        if (of_params || (o.keep == KEEP_RESULTS && strcmp(all->name[m], "l2_norm") != 0))
            continue;
        out->name[out->n_metric] = all->name[m];
        out->value[out->n_metric++] = all->value[m];
    }
    return out;
}

typedef struct picked { gk_join_memory memory; int n_group; gk_group *group; gk_join_part *part; } picked;

static int by_first_run(const void *a, const void *b)
{
    int64_t x = ((const gk_join_part *)a)->number[0], y = ((const gk_join_part *)b)->number[0];
    return (x > y) - (x < y);
}

/* The wanted runs of every group.  -1 with gk_error. */
static int pick(gk_arena *arena, const gk_file_grid *all, const gk_file_grid *wanted, const gk_checkpoint *file, picked *out)
{
    int64_t  n_all = gk_grid_n_run(all->given);
    int64_t *wanted_number = number_wanted(arena, all, wanted, file->path);
    out->group = gk_arena_alloc(arena, (size_t)file->n_group * sizeof *out->group);
    out->part = gk_arena_alloc(arena, (size_t)file->n_group * sizeof *out->part);
    for (int g = 0; wanted_number && g < file->n_group; g++) {
        const gk_group *from = &file->group[g];
        const int64_t  *run = gk_run_numbers(file, from);
        int64_t        *number = gk_arena_alloc(arena, (size_t)from->n_replica * sizeof *number), n = 0;
        for (int64_t r = 0; run && r < from->n_replica; r++) {
            if (run[r] < 0 || run[r] >= n_all)
                return gk_error("'%s' holds run %lld, and its options stand for %lld runs", file->path, (long long)run[r],
                                (long long)n_all);
            n += (number[r] = wanted_number[run[r]]) >= 0;
        }
        if (!run)
            return -1;
        if (n == 0)
            continue;
        gk_group     group = with_columns(arena, all, wanted, from, number);
        gk_join_part part = { &group, number };
        if (gk_groups_join(&out->memory, 1, &part, &out->group[out->n_group]) < 0)
            return -1;
        gk_group *its = &out->group[out->n_group];
        if (o.keep >= KEEP_CURVES)
            its->history = thinned(arena, its->history);
        out->part[out->n_group++] = (gk_join_part){ its, gk_run_numbers(file, its) };
    }
    qsort(out->part, (size_t)out->n_group, sizeof *out->part, by_first_run);
    return wanted_number ? 0 : -1;
}

/* 0; GK_EXIT_NO: something is missing; -1 with gk_error. */
static int pick_and_write(gk_arena *arena, const gk_given *given, gk_checkpoint *file)
{
    gk_file_grid all = { .given = NULL }, wanted = { .given = NULL };
    picked       runs = { .n_group = 0 };
    int          status = gk_file_grid_open(&all, file) < 0 || gk_file_grid_open(&wanted, file) < 0 ? -1 : 0;
    for (int i = 1; status == 0 && i < gk_given_n_argument(given); i++)
        status = narrow(arena, &all, &wanted, file->path, gk_given_argument(given, i));
    if (status == 0 && o.keep != KEEP_EVERYTHING)
        status = gk_option_set(wanted.given, "keep", keep_names[o.keep < KEEP_METRICS ? o.keep : KEEP_METRICS]);
    if (status == 0)
        status = pick(arena, &all, &wanted, file, &runs);
    if (status == 0) {
        gk_checkpoint out = *file;
        gk_record_options(arena, &wanted, file, &out);
        out.command_line = gk_arena_printf(arena, "%s && %s", file->command_line ? file->command_line : "",
                                           gk_given_command_line(given));
        out.n_group = runs.n_group;
        out.group = gk_arena_alloc(arena, ((size_t)runs.n_group + 1) * sizeof *out.group);
        for (int g = 0; g < runs.n_group; g++)
            out.group[g] = *runs.part[g].group;
        bool missing = gk_tell_missing(arena, "wanted are not there", gk_grid_n_run(wanted.given), wanted.config.run.steps,
                                       runs.n_group, runs.part);
        if (o.force)
            gk_outfile_allow(o.output);
        status = runs.n_group > 0 && gk_checkpoint_write(&out, o.output) < 0 ? -1 : missing ? GK_EXIT_NO : GK_EXIT_OK;
    }
    gk_join_release(&runs.memory);
    gk_file_grid_close(&all);
    gk_file_grid_close(&wanted);
    return status;
}

int main(int argc, char **argv)
{
    gk_arena  arena = { 0 };
    gk_given *given = gk_options_parse(&cli, argc, argv);
    unsigned  parts = (o.keep >= KEEP_CURVES ? 0 : GK_READ_SNAPSHOTS | GK_READ_DATA) |
                     (o.keep >= KEEP_METRICS ? 0 : GK_READ_MODEL) | (o.keep == KEEP_EVERYTHING ? GK_READ_OPTIMIZER : 0);
    gk_checkpoint *file = gk_checkpoint_read(gk_given_argument(given, 0), parts);
    int status = file ? pick_and_write(&arena, given, file) : -1;
    if (status < 0)
        gk_die();
    gk_checkpoint_free(file);
    gk_arena_release(&arena);
    gk_given_free(given);
    return status;
}
