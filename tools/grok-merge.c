/* grok-merge.c -- join checkpoints that are shards of one grid into one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/classes.h"
#include "base/die.h"
#include "base/options.h"
#include "base/outfile.h"
#include "grid_runs.h"
#include "train/config.h"

static struct { const char *output; bool force; } o;

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option option_table[] = {
    GK_TEXT_OPTION("output", output, .key = 'o', .flags = GK_REQUIRED, .arg = "FILE",
                   .help = "checkpoint to write; '-': stdout"),
    GK_SWITCH_OPTION("force", force, .help = "replace the file that --output names, whatever it is"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", option_table, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-merge", .summary = "join checkpoints that are shards of one grid into one", .arguments = "CHECKPOINT...",
    .details = "The parts must be made by the same tool with the same options but --shard, on the same data, and no run may be\n"
               "in two of them.  A whole grid becomes the file that one process would have written (a landscape keeps the\n"
               "waves of its parts).  What is there is merged; runs that are in no part, or not at their end, are told, and\n"
               "the status is then 3: 'grok-train --resume MERGED' trains them, or they are merged in later.\n\n"
               "  grok-landscape --shard 1/2 --alpha 0.1:10:x21 ... -o a.h5\n"
               "  grok-landscape --shard 2/2 --alpha 0.1:10:x21 ... -o b.h5\n"
               "  grok-merge a.h5 b.h5 -o land.h5\n\n"
               "Exit status: 0 done; 1 failed, or the parts do not belong together; 2 usage; 3 merged, and runs are missing.",
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
            const int64_t *number = gk_run_numbers(file[i], &file[i]->group[g]);
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
        const int64_t *number = gk_run_numbers(parts[i].file, parts[i].group);
        for (int64_t r = 0; r < parts[i].group->n_replica; r++)
            all[n++] = (numbered){ number[r], parts[i].file->path };
    }
    qsort(all, (size_t)n, sizeof *all, by_run);
    for (int64_t i = 1; i < n; i++)
        if (all[i].run == all[i - 1].run)
            return gk_error("run %lld is in '%s' and in '%s'", (long long)all[i].run, all[i - 1].path, all[i].path);
    return 0;
}

/* --- the grid that they are parts of -------------------------------------------------------------------------------------- */

/* As the options say; n_run 0: this program cannot tell. */
typedef struct grid {
    int64_t      n_run, n_step;
    const char **apart;        /* [n_apart] columns of /runs: runs that differ there are in different groups */
    int          n_apart;
} grid;

static grid grid_of(gk_arena *arena, gk_checkpoint *file)
{
    gk_config       config = gk_config_defaults();
    gk_option_group tables[GK_CONFIG_MAX_GROUP] = { { 0 } };
    gk_config_groups_of(&config, GK_CONFIG_ALL, tables);
    gk_cli    tool = { .name = file->tool, .groups = tables, .values = &config, .n_bytes = sizeof config, .presets = gk_presets };
    gk_given *given = gk_options_new(&tool);
    grid      of = { 0 };
    if (gk_config_restore(given, file) == 0) {
        int n_varied = gk_grid_n_varied(given);
        /* How many rows a batch of half512 or 100 has may depend on how many are train; files do not tell. */
        bool by_rows = strcmp(gk_option_text(given, "batch"), "full") != 0;
        of = (grid){ .n_run = gk_grid_n_run(given), .n_step = config.run.steps };
        of.apart = gk_arena_alloc(arena, ((size_t)n_varied + 1) * sizeof *of.apart);
        for (int i = 0; i < n_varied; i++) {
            const gk_option *option = gk_grid_varied(given, i);
            bool decides_rows = strcmp(option->name, "fraction") == 0 || strcmp(option->name, "size") == 0;
            if (option->flags & GK_SHAPE || (by_rows && decides_rows))
                of.apart[of.n_apart++] = gk_option_in_file(arena, option->name);
        }
    }
    gk_given_free(given);
    return of;
}

/* --- joining what was trained apart ------------------------------------------------------------------------------------ */

typedef struct parts_of_grid { const part *parts; const grid *grid; } parts_of_grid;

static const void *cell(const gk_h5_column *column)
{
    return column->text ? column->text[0] : column->data;
}

static size_t cell_bytes(const gk_h5_column *column)
{
    return column->text ? strlen(column->text[0]) + 1 : sizeof(int64_t);
}

/* Would their runs have been one group of the whole grid? */
static bool same_group(const void *context, int64_t a, int64_t b)
{
    const parts_of_grid *of = context;
    const gk_group *x = of->parts[a].group, *y = of->parts[b].group;
    if (!gk_groups_alike(x, y))
        return false;
    for (int i = 0; i < of->grid->n_apart; i++) {
        const gk_h5_column *left = gk_group_run_column(x, of->grid->apart[i]);
        const gk_h5_column *right = gk_group_run_column(y, of->grid->apart[i]);
        if (!left || !right || cell_bytes(left) != cell_bytes(right) || memcmp(cell(left), cell(right), cell_bytes(left)) != 0)
            return false;
    }
    return true;
}

static uint64_t hash_of(const parts_of_grid *of, const gk_group *group)
{
    uint64_t hash = gk_hash_whole(gk_hash_whole(GK_HASH, group->n_real), group->n_param);
    for (int i = 0; i < of->grid->n_apart; i++) {
        const gk_h5_column *column = gk_group_run_column(group, of->grid->apart[i]);
        hash = column ? gk_hash_bytes(hash, cell(column), cell_bytes(column)) : hash;
    }
    return hash;
}

/* lead[i]: the first of the parts that part i is joined with, or i.  What is still to be trained stays apart if it is at another
 * step than the others. */
static int *choose_leads(gk_arena *arena, const grid *of, const part *parts, int n_part)
{
    size_t        bytes = (size_t)n_part * sizeof(int64_t);
    int64_t      *first = gk_arena_alloc(arena, bytes), *step = gk_arena_alloc(arena, bytes);
    int64_t      *lead_of = gk_arena_alloc(arena, bytes);
    int          *lead = gk_arena_alloc(arena, (size_t)n_part * sizeof *lead);
    parts_of_grid context = { parts, of };
    gk_classes    classes = gk_classes_new(same_group, &context);
    for (int i = 0; i < n_part; i++) {
        first[i] = of->n_run > 0 ? gk_class_first(&classes, i, hash_of(&context, parts[i].group)) : i;
        int64_t *most = &step[first[i]];
        *most = parts[i].group->step > *most ? parts[i].group->step : *most;
        lead_of[i] = -1;
    }
    gk_classes_release(&classes);
    for (int i = 0; i < n_part; i++) {
        int64_t *its_lead = &lead_of[first[i]];
        bool     fits = gk_join_fits(parts[i].group, step[first[i]]);
        if (fits && *its_lead < 0)
            *its_lead = i;
        lead[i] = fits ? (int)*its_lead : i;
    }
    return lead;
}

/* Groups of the whole into `out`, [n_part]; how many, or -1 with gk_error. */
static int join_parts(gk_arena *arena, gk_join_memory *memory, const grid *of, const part *parts, int n_part, gk_group *out)
{
    int *lead = choose_leads(arena, of, parts, n_part), n_out = 0;
    int *n = gk_arena_alloc(arena, (size_t)n_part * sizeof *n), *begin = gk_arena_alloc(arena, (size_t)n_part * sizeof *begin);
    gk_join_part *together = gk_arena_alloc(arena, (size_t)n_part * sizeof *together);
    for (int i = 0; i < n_part; i++)
        n[lead[i]]++;
    for (int i = 1; i < n_part; i++)
        begin[i] = begin[i - 1] + n[i - 1];
    for (int i = 0; i < n_part; i++)
        together[begin[lead[i]]++] = (gk_join_part){ parts[i].group, gk_run_numbers(parts[i].file, parts[i].group) };
    for (int i = 0; i < n_part; i++) {
        if (n[i] == 1)
            out[n_out++] = *together[begin[i] - 1].group;
        else if (n[i] > 1 && gk_groups_join(memory, n[i], together + begin[i] - n[i], &out[n_out++]) < 0)
            return -1;
    }
    return n_out;
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

/* 0; GK_EXIT_NO: something is missing; -1 with gk_error. */
static int merge(gk_arena *arena, int n_file, gk_checkpoint *const *file)
{
    gk_join_memory memory = { 0 };
    part   *parts;
    int64_t n_run;
    int     n_part = collect(arena, n_file, file, &parts, &n_run);
    if (n_part < 0 || check_runs(arena, parts, n_part, n_run) < 0)
        return -1;
    const grid of = grid_of(arena, file[0]);

    gk_checkpoint whole = *file[0];    /* options, lineage and provenance are those of the first */
    whole.config = gk_arena_alloc(arena, (size_t)whole.n_config * sizeof *whole.config);
    whole.n_config = 0;
    for (int i = 0; i < file[0]->n_config; i++)
        if (strcmp(file[0]->config[i].name, "shard") != 0)
            whole.config[whole.n_config++] = file[0]->config[i];
    whole.command_line = all_commands(arena, n_file, file);
    whole.group = gk_arena_alloc(arena, (size_t)n_part * sizeof *whole.group);
    whole.n_group = join_parts(arena, &memory, &of, parts, n_part, whole.group);
    if (o.force)
        gk_outfile_allow(o.output);
    int status = whole.n_group < 0 ? -1 : gk_checkpoint_write(&whole, o.output);
    gk_join_release(&memory);
    if (status < 0)
        return -1;
    gk_join_part *there = gk_arena_alloc(arena, (size_t)n_part * sizeof *there);
    for (int i = 0; i < n_part; i++)
        there[i] = (gk_join_part){ parts[i].group, gk_run_numbers(parts[i].file, parts[i].group) };
    bool missing = gk_tell_missing(arena, "of the grid are in none of the parts", of.n_run, of.n_step, n_part, there);
    return missing ? GK_EXIT_NO : GK_EXIT_OK;
}

/* The files that are there: all must be readable, and belong to the first.  How many. */
static int read_all(const gk_given *given, gk_arena *arena, gk_checkpoint **file, const char **absent)
{
    int n = 0, n_absent = 0;
    *absent = "";
    for (int i = 0; i < gk_given_n_argument(given); i++) {
        const char *path = gk_given_argument(given, i);
        if (strcmp(path, "-") != 0 && access(path, F_OK) < 0 && errno == ENOENT) {
            *absent = n_absent < 8 ? gk_arena_printf(arena, "%s%s'%s'", *absent, n_absent ? " " : "", path) : *absent;
            n_absent++;
            continue;
        }
        if (!(file[n] = gk_checkpoint_read(path, GK_READ_ALL)))
            gk_die();
        if (n > 0 && (same_options(file[0], file[n]) < 0 || same_data(file[0], file[n]) < 0))
            gk_die();
        n++;
    }
    if (n_absent > 8)
        *absent = gk_arena_printf(arena, "%s and %d more", *absent, n_absent - 8);
    return n;
}

int main(int argc, char **argv)
{
    gk_arena    arena = { 0 };
    const char *absent;
    gk_given   *given = gk_options_parse(&cli, argc, argv);
    gk_checkpoint **file = gk_arena_alloc(&arena, (size_t)gk_given_n_argument(given) * sizeof(gk_checkpoint *));
    int n_file = read_all(given, &arena, file, &absent);
    if (n_file == 0) {
        gk_error("there is nothing to merge: no %s", absent);
        gk_die();
    }
    int status = merge(&arena, n_file, file);
    if (status < 0)
        gk_die();
    if (*absent)
        gk_warn("not there: %s", absent);
    for (int i = 0; i < n_file; i++)
        gk_checkpoint_free(file[i]);
    gk_arena_release(&arena);
    gk_given_free(given);
    return status;
}
