/* grok-merge.c -- join checkpoints that are shards of one grid into one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "base/options.h"
#include "io/checkpoint.h"
#include "train/config.h"

static struct { const char *output; } o;

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option option_table[] = {
    GK_TEXT_OPTION("output", output, .key = 'o', .flags = GK_REQUIRED, .arg = "FILE",
                   .help = "checkpoint to write; '-': stdout"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", option_table, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-merge", .summary = "join checkpoints that are shards of one grid into one", .arguments = "CHECKPOINT...",
    .details = "The parts must be made by the same tool with the same options but --shard, on the same data, and no run may be\n"
               "in two of them.  Runs that are in none are told, and no error: the file is then a part of the grid as well.\n"
               "Groups of runs keep their order by number.\n\n"
               "  grok-landscape --shard 1/2 --alpha 0.1:10:x21 ... -o a.h5\n"
               "  grok-landscape --shard 2/2 --alpha 0.1:10:x21 ... -o b.h5\n"
               "  grok-merge a.h5 b.h5 -o land.h5\n\n"
               "Exit status: 0 done; 1 failed, or the parts do not belong together; 2 usage.",
    .groups = groups, .min_arguments = 1, .max_arguments = 100000
};

/* --- do they belong together? ------------------------------------------------------------------------------------------ */

static const char *value_of(gk_checkpoint *checkpoint, const char *name)
{
    const gk_config_entry *entry = gk_checkpoint_config(checkpoint, name);
    const char *text = entry ? gk_config_text(checkpoint, entry) : NULL;
    return text ? text : "none";
}

static int same_options(gk_checkpoint *first, gk_checkpoint *other)
{
    if (strcmp(first->tool, other->tool) != 0)
        return gk_error("'%s' was made by %s and '%s' by %s", first->path, first->tool, other->path, other->tool);
    for (int i = 0; i < first->n_config + other->n_config; i++) {
        const char *name = i < first->n_config ? first->config[i].name : other->config[i - first->n_config].name;
        const char *a = value_of(first, name), *b = value_of(other, name);
        if (strcmp(name, "shard") != 0 && strcmp(a, b) != 0)
            return gk_error("'%s' and '%s' are not parts of one grid: option %s is %s there and %s here", first->path,
                            other->path, name, a, b);
    }
    return 0;
}

/* Groups with the same task must hold the same items. */
static int same_data(const gk_checkpoint *first, const gk_checkpoint *other)
{
    for (int i = 0; i < first->n_group; i++)
        for (int j = 0; j < other->n_group; j++) {
            const gk_group *a = &first->group[i], *b = &other->group[j];
            if (strcmp(a->task, b->task) == 0 && strcmp(a->data_sha256, b->data_sha256) != 0)
                return gk_error("'%s' and '%s' are not parts of one grid: they have other items under '%s' (sha256 %.12s, %.12s)",
                                first->path, other->path, a->task, a->data_sha256, b->data_sha256);
        }
    return 0;
}

/* --- runs ---------------------------------------------------------------------------------------------------------------- */

typedef struct part { gk_checkpoint *file; gk_group *group; int64_t first_run; } part;
typedef struct numbered { int64_t run; const char *path; } numbered;

static int by_first_run(const void *a, const void *b)
{
    const part *x = a, *y = b;
    return (x->first_run > y->first_run) - (x->first_run < y->first_run);
}

static int by_run(const void *a, const void *b)
{
    const numbered *x = a, *y = b;
    return (x->run > y->run) - (x->run < y->run);
}

static const int64_t *numbers_of(const gk_checkpoint *file, const gk_group *group)
{
    const gk_h5_column *column = gk_group_run_column(group, "run");
    if (!column || column->text || column->type != GK_I64) {
        gk_error("'%s' does not number its runs: '/runs' has no column 'run' of whole numbers", file->path);
        return NULL;
    }
    return column->data;
}

/* All groups of all files, by the number of their first run. */
static int collect(gk_arena *arena, int n_file, gk_checkpoint *const *file, part **parts, int64_t *n_run)
{
    int n = 0, at = 0;
    for (int i = 0; i < n_file; i++)
        n += file[i]->n_group;
    *parts = gk_arena_alloc(arena, (size_t)n * sizeof **parts);
    *n_run = 0;
    for (int i = 0; i < n_file; i++)
        for (int g = 0; g < file[i]->n_group; g++) {
            const int64_t *number = numbers_of(file[i], &file[i]->group[g]);
            if (!number)
                return -1;
            (*parts)[at++] = (part){ file[i], &file[i]->group[g], number[0] };
            *n_run += file[i]->group[g].n_replica;
        }
    qsort(*parts, (size_t)n, sizeof **parts, by_first_run);
    return n;
}

static int check_runs(gk_arena *arena, const part *parts, int n_part, int64_t n_run)
{
    numbered *all = gk_arena_alloc(arena, (size_t)n_run * sizeof *all);
    int64_t   n = 0;
    for (int i = 0; i < n_part; i++) {
        const int64_t *number = numbers_of(parts[i].file, parts[i].group);
        for (int64_t r = 0; r < parts[i].group->n_replica; r++)
            all[n++] = (numbered){ number[r], parts[i].file->path };
    }
    qsort(all, (size_t)n, sizeof *all, by_run);
    for (int64_t i = 1; i < n; i++)
        if (all[i].run == all[i - 1].run)
            return gk_error("run %lld is in '%s' and in '%s'", (long long)all[i].run, all[i - 1].path, all[i].path);
    return 0;
}

/* Size of the grid that the parts are of; 0: this program cannot tell. */
static int64_t grid_size(gk_checkpoint *file)
{
    gk_config       config = gk_config_defaults();
    gk_option_group tables[GK_CONFIG_MAX_GROUP] = { { 0 } };
    gk_config_groups_of(&config, GK_CONFIG_ALL, tables);
    gk_cli    tool = { .name = file->tool, .groups = tables, .values = &config, .n_bytes = sizeof config, .presets = gk_presets };
    gk_given *given = gk_options_new(&tool);
    int64_t   n = gk_config_restore(given, file) == 0 ? gk_grid_n_run(given) : 0;
    gk_given_free(given);
    return n;
}

/* --- the whole --------------------------------------------------------------------------------------------------------- */

static const char *all_commands(gk_arena *arena, int n_file, gk_checkpoint *const *file)
{
    enum { MOST = 8 };
    const char *text = file[0]->command_line;
    for (int i = 1; i < n_file && i < MOST; i++)
        text = gk_arena_printf(arena, "%s; %s", text, file[i]->command_line);
    return n_file > MOST ? gk_arena_printf(arena, "%s; and %d more", text, n_file - MOST) : text;
}

static int merge(gk_arena *arena, int n_file, gk_checkpoint *const *file)
{
    part   *parts;
    int64_t n_run;
    int     n_part = collect(arena, n_file, file, &parts, &n_run);
    if (n_part < 0 || check_runs(arena, parts, n_part, n_run) < 0)
        return -1;
    int64_t n_grid = grid_size(file[0]);
    if (n_grid > n_run)
        gk_warn("%lld of the grid's %lld runs are in none of the parts", (long long)(n_grid - n_run), (long long)n_grid);

    gk_checkpoint whole = *file[0];    /* options, lineage and provenance are those of the first */
    whole.config = gk_arena_alloc(arena, (size_t)whole.n_config * sizeof *whole.config);
    whole.n_config = 0;
    for (int i = 0; i < file[0]->n_config; i++)
        if (n_grid > n_run || strcmp(file[0]->config[i].name, "shard") != 0)
            whole.config[whole.n_config++] = file[0]->config[i];
    whole.command_line = all_commands(arena, n_file, file);
    whole.group = gk_arena_alloc(arena, (size_t)n_part * sizeof *whole.group);
    whole.n_group = n_part;
    for (int i = 0; i < n_part; i++)
        whole.group[i] = *parts[i].group;
    return gk_checkpoint_write(&whole, o.output);
}

int main(int argc, char **argv)
{
    gk_arena  arena = { 0 };
    gk_given *given = gk_options_parse(&cli, argc, argv);
    int       n_file = gk_given_n_argument(given), status = 0;
    gk_checkpoint **file = gk_arena_alloc(&arena, (size_t)n_file * sizeof(gk_checkpoint *));
    for (int i = 0; i < n_file; i++) {
        if (!(file[i] = gk_checkpoint_read(gk_given_argument(given, i), GK_READ_ALL)))
            gk_die();
        if (i > 0 && (same_options(file[0], file[i]) < 0 || same_data(file[0], file[i]) < 0))
            gk_die();
    }
    status = merge(&arena, n_file, file);
    if (status < 0)
        gk_die();
    for (int i = 0; i < n_file; i++)
        gk_checkpoint_free(file[i]);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
