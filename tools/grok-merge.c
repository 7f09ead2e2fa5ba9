/* grok-merge.c -- join checkpoints whose runs make one grid into one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/classes.h"
#include "base/die.h"
#include "base/options.h"
#include "base/outfile.h"
#include "data/data_options.h"
#include "joint_grid.h"

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
    .name = "grok-merge", .summary = "join checkpoints whose runs make one grid into one", .arguments = "CHECKPOINT...",
    .details = "The parts must be made by the same tool, on the same data, and no run may be in two of them.  Their options may\n"
               "differ in --shard, --steps and what takes lists (--seed 0..3 here, 4..7 there): the lists of all make one grid.\n"
               "A whole grid becomes the file that one process would have written (a landscape keeps the waves of its parts).\n"
               "What is there is merged; runs that are in no part, or not at their end, are told, with the files that are\n"
               "behind, and the status is then 3: 'grok-train --resume MERGED' trains them (not if grok-trim left runs\n"
               "out of a part), or they are merged in later.  So it is with a file that is not there, be it that it would\n"
               "have had no runs.\n\n"
               "  grok-landscape --shard 1/2 --alpha 0.1:10:x21 ... -o a.h5\n"
               "  grok-landscape --shard 2/2 --alpha 0.1:10:x21 ... -o b.h5\n"
               "  grok-merge a.h5 b.h5 -o land.h5\n"
               "  grok-merge seeds0-3.h5 seeds4-7.h5 -o seeds0-7.h5\n\n"
               "Exit status: 0 done; 1 failed, or parts of different grids; 2 usage; 3 merged, and runs or files are missing.",
    .groups = groups, .min_arguments = 1, .max_arguments = 100000
};

/* --- do they belong together? ------------------------------------------------------------------------------------------ */

typedef struct numbered { int64_t run; const char *path; } numbered;

static int by_run(const void *a, const void *b)
{
    const numbered *x = a, *y = b;
    return (x->run > y->run) - (x->run < y->run);
}

static int check_runs(gk_arena *arena, int n_part, const gk_grid_part *parts)
{
    int64_t n_run = 0, n = 0;
    for (int i = 0; i < n_part; i++)
        n_run += parts[i].group.n_replica;
    numbered *all = gk_arena_alloc(arena, (size_t)n_run * sizeof *all);
    for (int i = 0; i < n_part; i++)
        for (int64_t r = 0; r < parts[i].group.n_replica; r++)
            all[n++] = (numbered){ parts[i].number[r], parts[i].file->path };
    qsort(all, (size_t)n, sizeof *all, by_run);
    for (int64_t i = 1; i < n; i++)
        if (all[i].run == all[i - 1].run)
            return gk_error("run %lld is in '%s' and in '%s'", (long long)all[i].run, all[i - 1].path, all[i].path);
    return 0;
}

/* First runs of groups: their values of what every run of a group shares. */
static const void *cell(const gk_h5_column *column)
{
    return column->text ? column->text[0] : column->data;
}

static size_t cell_bytes(const gk_h5_column *column)
{
    return column->text ? strlen(column->text[0]) + 1 : sizeof(int64_t);
}

static bool same_cell(const gk_group *a, const gk_group *b, const char *name)
{
    const gk_h5_column *x = gk_group_run_column(a, name), *y = gk_group_run_column(b, name);
    return x && y && cell_bytes(x) == cell_bytes(y) && memcmp(cell(x), cell(y), cell_bytes(x)) == 0;
}

/* May generated items differ because an option differs that the grid varies? */
static bool may_differ(const gk_joint_grid *joint, gk_arena *arena, const gk_group *a, const gk_group *b)
{
    if (!joint->known || joint->whole.config.data.data_file)
        return false;
    for (const gk_option *option = gk_data_options; option->name; option++)
        for (int i = 0; i < gk_grid_n_varied(joint->whole.given); i++)
            if (gk_grid_varied(joint->whole.given, i) == option && !same_cell(a, b, gk_option_in_file(arena, option->name)))
                return true;
    return false;
}

/* Groups with the same task must hold the same items. */
static int same_data(const gk_joint_grid *joint, gk_arena *arena, int n_part, const gk_grid_part *parts)
{
    for (int i = 0; i < n_part && parts[i].of == 0; i++)
        for (int j = 0; j < n_part; j++) {
            const gk_group *a = &parts[i].group, *b = &parts[j].group;
            if (parts[j].of > 0 && strcmp(a->task, b->task) == 0 && strcmp(a->data_sha256, b->data_sha256) != 0 &&
                !may_differ(joint, arena, a, b))
                return gk_error("'%s' and '%s' are not parts of one grid: they have other items under '%s' (sha256 %.12s, %.12s)",
                                parts[i].file->path, parts[j].file->path, a->task, a->data_sha256, b->data_sha256);
        }
    return 0;
}

static int of_one_tool(int n_file, gk_checkpoint *const *file)
{
    for (int i = 1; i < n_file; i++)
        if (strcmp(file[0]->tool, file[i]->tool) != 0)
            return gk_error("'%s' was made by %s and '%s' by %s", file[0]->path, file[0]->tool, file[i]->path, file[i]->tool);
    return 0;
}

/* --- the grid that they are parts of -------------------------------------------------------------------------------------- */

static int64_t first_run(const gk_grid_part *part)
{
    int64_t first = part->number[0];
    for (int64_t r = 1; r < part->group.n_replica; r++)
        first = part->number[r] < first ? part->number[r] : first;
    return first;
}

static int by_first_run(const void *a, const void *b)
{
    int64_t x = first_run(a), y = first_run(b);
    return (x > y) - (x < y);
}

/* As the options say; n_run 0: this program cannot tell. */
typedef struct grid {
    int64_t      n_run, n_step;
    const char **apart;        /* [n_apart] columns of /runs: runs that differ there are in different groups */
    int          n_apart;
} grid;

static grid grid_of(gk_arena *arena, const gk_joint_grid *joint)
{
    gk_given *given = joint->whole.given;
    if (!joint->known)
        return (grid){ .n_run = 0 };
    int  n_varied = gk_grid_n_varied(given);
    grid of = { .n_run = gk_grid_n_run(given), .n_step = joint->whole.config.run.steps };
    /* How many rows a batch of half512 or 100 has may depend on how many are train; files do not tell. */
    bool by_rows = strcmp(gk_option_text(given, "batch"), "full") != 0;
    of.apart = gk_arena_alloc(arena, ((size_t)n_varied + 1) * sizeof *of.apart);
    for (int i = 0; i < n_varied; i++) {
        const gk_option *option = gk_grid_varied(given, i);
        bool decides_rows = strcmp(option->name, "fraction") == 0 || strcmp(option->name, "size") == 0;
        if (option->flags & GK_SHAPE || (by_rows && decides_rows))
            of.apart[of.n_apart++] = gk_option_in_file(arena, option->name);
    }
    return of;
}

/* --- joining what was trained apart ------------------------------------------------------------------------------------ */

typedef struct parts_of_grid { const gk_grid_part *parts; const grid *grid; } parts_of_grid;

/* Would their runs have been one group of the whole grid? */
static bool same_group(const void *context, int64_t a, int64_t b)
{
    const parts_of_grid *of = context;
    const gk_group *x = &of->parts[a].group, *y = &of->parts[b].group;
    if (!gk_groups_alike(x, y))
        return false;
    for (int i = 0; i < of->grid->n_apart; i++)
        if (!same_cell(x, y, of->grid->apart[i]))
            return false;
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
static int *choose_leads(gk_arena *arena, const grid *of, const gk_grid_part *parts, int n_part)
{
    size_t        bytes = (size_t)n_part * sizeof(int64_t);
    int64_t      *first = gk_arena_alloc(arena, bytes), *step = gk_arena_alloc(arena, bytes);
    int64_t      *lead_of = gk_arena_alloc(arena, bytes);
    int          *lead = gk_arena_alloc(arena, (size_t)n_part * sizeof *lead);
    parts_of_grid context = { parts, of };
    gk_classes    classes = gk_classes_new(same_group, &context);
    for (int i = 0; i < n_part; i++) {
        first[i] = of->n_run > 0 ? gk_class_first(&classes, i, hash_of(&context, &parts[i].group)) : i;
        int64_t *most = &step[first[i]];
        *most = parts[i].group.step > *most ? parts[i].group.step : *most;
        lead_of[i] = -1;
    }
    gk_classes_release(&classes);
    for (int i = 0; i < n_part; i++) {
        int64_t *its_lead = &lead_of[first[i]];
        bool     fits = gk_join_fits(&parts[i].group, step[first[i]]);
        if (fits && *its_lead < 0)
            *its_lead = i;
        lead[i] = fits ? (int)*its_lead : i;
    }
    return lead;
}

static bool is_ascending(const gk_join_part *part)
{
    for (int64_t r = 1; r < part->group->n_replica; r++)
        if (part->number[r] < part->number[r - 1])
            return false;
    return true;
}

/* Groups of the whole into `out`, [n_part]; how many, or -1 with gk_error. */
static int join_parts(gk_arena *arena, gk_join_memory *memory, const grid *of, const gk_grid_part *parts, int n_part,
                      gk_group *out)
{
    int *lead = choose_leads(arena, of, parts, n_part), n_out = 0;
    int *n = gk_arena_alloc(arena, (size_t)n_part * sizeof *n), *begin = gk_arena_alloc(arena, (size_t)n_part * sizeof *begin);
    gk_join_part *together = gk_arena_alloc(arena, (size_t)n_part * sizeof *together);
    for (int i = 0; i < n_part; i++)
        n[lead[i]]++;
    for (int i = 1; i < n_part; i++)
        begin[i] = begin[i - 1] + n[i - 1];
    for (int i = 0; i < n_part; i++)
        together[begin[lead[i]]++] = (gk_join_part){ &parts[i].group, parts[i].number };
    for (int i = 0; i < n_part; i++) {
        if (n[i] == 1 && is_ascending(&together[begin[i] - 1]))
            out[n_out++] = *together[begin[i] - 1].group;
        else if (n[i] > 0 && gk_groups_join(memory, n[i], together + begin[i] - n[i], &out[n_out++]) < 0)
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

/* Where the files were trained: "cpu", or "cpu; cuda (...)". */
static const char *all_devices(gk_arena *arena, int n_file, gk_checkpoint *const *file)
{
    const char *text = file[0]->device;
    for (int i = 1; i < n_file; i++)
        if (text && file[i]->device && !strstr(text, file[i]->device))
            text = gk_arena_printf(arena, "%s; %s", text, file[i]->device);
    return text;
}

/* Files of which some runs have updates left, where others have made more. */
static void tell_behind(int n_file, gk_checkpoint *const *file, int64_t n_step)
{
    enum { MOST = 8 };
    int n_told = 0;
    for (int i = 0; i < n_file; i++) {
        int64_t n = 0, n_all = 0, least = INT64_MAX;
        for (int g = 0; g < file[i]->n_group; g++) {
            const gk_group *group = &file[i]->group[g];
            n_all += group->n_replica;
            for (int64_t r = 0; r < group->n_replica; r++)
                if (gk_run_is_behind(group, r, n_step)) {
                    n++;
                    least = group->replica_step[r] < least ? group->replica_step[r] : least;
                }
        }
        if (n > 0 && ++n_told <= MOST)
            gk_warn("'%s' is behind: %lld of its %lld runs, at step %lld of %lld", file[i]->path, (long long)n, (long long)n_all,
                    (long long)least, (long long)n_step);
    }
    if (n_told > MOST)
        gk_warn("%d more files are behind", n_told - MOST);
}

/* What is missing, and which files are behind.  Is anything? */
static bool tell(gk_arena *arena, const grid *of, int n_file, gk_checkpoint *const *file, int n_part, const gk_grid_part *parts)
{
    gk_join_part *there = gk_arena_alloc(arena, (size_t)n_part * sizeof *there);
    for (int i = 0; i < n_part; i++)
        there[i] = (gk_join_part){ &parts[i].group, parts[i].number };
    bool missing = gk_tell_missing(arena, "of the grid are in none of the parts", of->n_run, of->n_step, n_part, there);
    if (missing)
        tell_behind(n_file, file, of->n_step);
    return missing;
}

/* Do runs lack that were left out of a part on purpose? */
static bool is_trimmed(const grid *of, int n_file, gk_checkpoint *const *file, int n_part, const gk_grid_part *parts)
{
    int64_t n = 0;
    bool    any = false;
    for (int i = 0; i < n_part; i++)
        n += parts[i].group.n_replica;
    for (int i = 0; i < n_file; i++)
        any |= file[i]->trimmed;
    return any && n != of->n_run;
}

static void describe(gk_arena *arena, gk_joint_grid *joint, int n_file, gk_checkpoint *const *file, gk_checkpoint *whole)
{
    *whole = *file[0];    /* lineage and provenance are those of the first */
    gk_record_options(arena, joint->known ? &joint->whole : NULL, file[0], whole);
    if (joint->known)
        whole->precision = gk_option_text(joint->whole.given, "precision");
    whole->command_line = all_commands(arena, n_file, file);
    whole->device = all_devices(arena, n_file, file);
}

/* 0; GK_EXIT_NO: something is missing; -1 with gk_error. */
static int merge(gk_arena *arena, gk_joint_grid *joint, int n_file, gk_checkpoint *const *file)
{
    gk_join_memory memory = { 0 };
    gk_grid_part  *parts;
    int n_part = gk_joint_grid_parts(joint, arena, n_file, file, &parts);
    if (n_part < 0 || check_runs(arena, n_part, parts) < 0 || same_data(joint, arena, n_part, parts) < 0)
        return -1;
    qsort(parts, (size_t)n_part, sizeof *parts, by_first_run);
    const grid of = grid_of(arena, joint);

    gk_checkpoint whole;
    describe(arena, joint, n_file, file, &whole);
    whole.group = gk_arena_alloc(arena, (size_t)n_part * sizeof *whole.group);
    whole.trimmed = is_trimmed(&of, n_file, file, n_part, parts);
    whole.n_group = join_parts(arena, &memory, &of, parts, n_part, whole.group);
    if (o.force)
        gk_outfile_allow(o.output);
    int status = whole.n_group < 0 ? -1 : gk_checkpoint_write(&whole, o.output);
    gk_join_release(&memory);
    return status < 0 ? -1 : tell(arena, &of, n_file, file, n_part, parts) ? GK_EXIT_NO : GK_EXIT_OK;
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
    gk_joint_grid joint;
    if (of_one_tool(n_file, file) < 0 || gk_joint_grid_open(&joint, &arena, n_file, file) < 0)
        gk_die();
    int status = merge(&arena, &joint, n_file, file);
    if (status < 0)
        gk_die();
    if (*absent) {
        gk_warn("not there: %s", absent);
        status = GK_EXIT_NO;    /* whoever names a part expects it: the name may be mistyped */
    }
    gk_joint_grid_close(&joint);
    for (int i = 0; i < n_file; i++)
        gk_checkpoint_free(file[i]);
    gk_arena_release(&arena);
    gk_given_free(given);
    return status;
}
