/* grok-trim.c -- a checkpoint without what is not needed any more. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/die.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/text.h"
#include "grid_runs.h"
#include "train/config.h"

#define KINDS(X) X(OPTIMIZER, "optimizer") X(SNAPSHOTS, "snapshots") X(PARAMETERS, "parameters")
GK_LOCAL_CHOICES(kind, KINDS);
enum { N_KIND = PARAMETERS + 1 };
static struct { const char *output, *drop, *runs, *steps; bool force; } o;

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option option_table[] = {
    GK_TEXT_OPTION("output", output, .key = 'o', .flags = GK_REQUIRED, .arg = "FILE",
                   .help = "checkpoint to write; '-': stdout"),
    GK_TEXT_OPTION("drop", drop, .flags = GK_MANY, .arg = "WHAT,...",
                   .help = "leave out: optimizer (what was trained cannot go on then), snapshots, parameters (the last ones, "
                           "and optimizer with them)"),
    GK_TEXT_OPTION("run", runs, .flags = GK_MANY, .arg = "LIST",
                   .help = "keep these runs only, e.g. 0..3,7 (numbers of column run); --resume does not begin the others"),
    GK_TEXT_OPTION("steps", steps, .flags = GK_MANY, .arg = "LIST",
                   .help = "keep the snapshots of these steps only, e.g. 0,1000,5000"),
    GK_SWITCH_OPTION("force", force, .help = "replace the file that --output names, whatever it is"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", option_table, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-trim", .summary = "leave out of a checkpoint what is not needed any more", .arguments = "CHECKPOINT",
    .details = "What is left stays as it was: runs keep their numbers and histories, and every tool reads it.  What was dropped\n"
               "is said, with its bytes.  (grok-pick numbers runs anew, as their own options would have made them.)\n"
               "\n"
               "  grok-trim run.h5 --drop optimizer,snapshots -o small.h5      # still teaches, evaluates, plots\n"
               "  grok-trim run.h5 --steps 0,1000,5000 -o few.h5\n"
               "  grok-trim grid.h5 --run 0..3 -o four.h5                      # grok-merge puts them back\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .min_arguments = 1, .max_arguments = 1
};

/* --- what is asked for ------------------------------------------------------------------------------------------------------ */

typedef struct wish {
    bool    drop[N_KIND];
    double *run, *step;        /* whole numbers; NULL: all */
    int64_t n_run, n_step;
} wish;

static int which_kind(const char *word, size_t length)
{
    for (int i = 0; i < N_KIND; i++)
        if (strlen(kind_names[i]) == length && strncmp(kind_names[i], word, length) == 0)
            return i;
    gk_usage("invalid value '%.*s' for '--drop': expected optimizer, snapshots or parameters", (int)length, word);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* "0..3,7", in ascending order. */
static double *whole_numbers(gk_arena *arena, const char *name, const char *text, int64_t *n)
{
    const gk_option row = { .name = name, .type = GK_REAL, .max = (double)GK_MAX_STEP, .flags = GK_VARY };
    double *value = NULL;
    if (text && gk_parse_reals(arena, &row, text, &value, n) < 0)
        gk_die();
    for (int64_t i = 0; text && i < *n; i++)
        if (value[i] != (double)(int64_t)value[i])
            gk_usage("invalid value '%s' for '--%s': %g is not a whole number", text, name, value[i]);
    if (text)
        qsort(value, (size_t)*n, sizeof *value, by_value);
    return value;
}

static wish read_wish(gk_arena *arena)
{
    wish want = { .n_run = 0 };
    for (const char *at = o.drop; at && *at; at += *at == ',') {
        size_t length = strcspn(at, ",");
        want.drop[which_kind(at, length)] = true;
        at += length;
    }
    want.drop[OPTIMIZER] |= want.drop[PARAMETERS];    /* its state is of them */
    want.run = whole_numbers(arena, "run", o.runs, &want.n_run);
    want.step = whole_numbers(arena, "steps", o.steps, &want.n_step);
    if (!o.drop && !o.runs && !o.steps)
        gk_usage("nothing to drop: give --drop, --run or --steps");
    if (want.drop[SNAPSHOTS] && want.step)
        gk_usage("'--steps' keeps some snapshots and '--drop snapshots' none: give one of them");
    return want;
}

/* The place of a number in a list; -1: it is not there. */
static int64_t place_of(const double *list, int64_t n, int64_t number)
{
    const double  wanted = (double)number;
    const double *found = bsearch(&wanted, list, (size_t)n, sizeof *list, by_value);
    return found ? found - list : -1;
}

/* --- dropping --------------------------------------------------------------------------------------------------------------- */

typedef struct tally { int64_t n_slot, n_snapshot, n_all_snapshots, n_model, n_run, n_all_runs, bytes[N_KIND], run_bytes; } tally;

static int64_t arena_bytes(const gk_group *group)
{
    return group->n_replica * group->n_real * (int64_t)gk_dtype_size(group->real);
}

/* Of the runs of a group: parameters, optimiser, snapshots and histories. */
static int64_t bytes_of(const gk_group *group)
{
    int64_t n_array = (group->model != NULL) + group->n_snapshot, history = 0;
    for (int i = 0; i < group->n_slot; i++)
        n_array += group->slot[i].depth;
    if (group->history)
        history = group->history->n_record * group->history->n_metric * (int64_t)sizeof(double);
    return n_array * arena_bytes(group) + history * group->n_replica;
}

static void drop_snapshots(const wish *want, gk_group *group, bool *seen, tally *count)
{
    int64_t n = 0;
    count->n_all_snapshots += group->n_snapshot;
    for (int64_t i = 0; i < group->n_snapshot; i++) {
        int64_t place = want->step ? place_of(want->step, want->n_step, group->snapshot_step[i]) : want->drop[SNAPSHOTS] ? -1 : 0;
        if (place < 0)
            continue;
        if (want->step)
            seen[place] = true;
        group->snapshot_step[n] = group->snapshot_step[i];
        group->snapshot[n++] = group->snapshot[i];
    }
    count->n_snapshot += group->n_snapshot - n;
    count->bytes[SNAPSHOTS] += (group->n_snapshot - n) * arena_bytes(group);
    group->n_snapshot = n;
}

static void drop_arrays(const wish *want, gk_group *group, tally *count)
{
    for (int i = 0; want->drop[OPTIMIZER] && i < group->n_slot; i++)
        count->bytes[OPTIMIZER] += group->slot[i].depth * arena_bytes(group);
    if (want->drop[OPTIMIZER]) {
        count->n_slot += group->n_slot;
        group->n_slot = 0;
    }
    if (want->drop[PARAMETERS] && group->model) {
        count->n_model += group->n_replica;
        count->bytes[PARAMETERS] += arena_bytes(group);
        group->model = NULL;
    }
}

/* number[replica] -1: it is dropped.  How many are left; -1 with gk_error. */
static int64_t choose_runs(const wish *want, const gk_checkpoint *file, const gk_group *group, int64_t *number, bool *seen)
{
    const int64_t *run = want->run ? gk_run_numbers(file, group) : NULL;
    int64_t        n = 0;
    if (want->run && !run)
        return -1;
    for (int64_t r = 0; r < group->n_replica; r++) {
        int64_t place = want->run ? place_of(want->run, want->n_run, run[r]) : 0;
        if (want->run && place >= 0)
            seen[place] = true;
        number[r] = place < 0 ? -1 : run ? run[r] : r;
        n += place >= 0;
    }
    return n;
}

/* What is left of the groups of `file`, into those of `out`. */
static int trim(gk_arena *arena, gk_join_memory *memory, const wish *want, const gk_checkpoint *file, gk_checkpoint *out,
                tally *count)
{
    bool *run_seen = gk_arena_alloc(arena, (size_t)want->n_run + 1), *step_seen = gk_arena_alloc(arena, (size_t)want->n_step + 1);
    out->group = gk_arena_alloc(arena, (size_t)file->n_group * sizeof *out->group);
    out->n_group = 0;
    for (int g = 0; g < file->n_group; g++) {
        gk_group    group = file->group[g], *to = &out->group[out->n_group];
        int64_t    *number = gk_arena_alloc(arena, (size_t)group.n_replica * sizeof *number);
        int64_t     n = choose_runs(want, file, &group, number, run_seen);
        count->n_all_runs += group.n_replica;
        count->n_run += n < 0 ? 0 : group.n_replica - n;
        if (n < 0)
            return -1;
        drop_snapshots(want, &group, step_seen, count);
        drop_arrays(want, &group, count);
        gk_join_part part = { &group, number };
        *to = group;
        if (n < group.n_replica && n > 0 && gk_groups_join(memory, 1, &part, to) < 0)
            return -1;
        count->run_bytes += bytes_of(&group) - (n > 0 ? bytes_of(to) : 0);
        out->n_group += n > 0;
    }
    for (int64_t i = 0; i < want->n_run; i++)
        if (!run_seen[i])
            return gk_usage_error("no run %lld in '%s'", (long long)want->run[i], file->path);
    for (int64_t i = 0; i < want->n_step; i++)
        if (!step_seen[i])
            return gk_usage_error("no snapshot at step %lld in '%s': grok-ls lists them", (long long)want->step[i], file->path);
    return 0;
}

/* --- the file --------------------------------------------------------------------------------------------------------------- */

/* The options, with --keep as it would have made what is left. */
static void record(gk_arena *arena, const wish *want, const gk_checkpoint *file, gk_checkpoint *out)
{
    out->config = gk_arena_alloc(arena, ((size_t)file->n_config + 1) * sizeof *out->config);
    for (int i = 0; i < file->n_config; i++) {
        gk_config_entry entry = file->config[i];
        if (strcmp(entry.name, "keep") == 0 && want->drop[PARAMETERS])
            entry.text = gk_keep_names[GK_KEEP_METRICS];
        else if (strcmp(entry.name, "keep") == 0 && want->drop[OPTIMIZER] && entry.text &&
                 strcmp(entry.text, gk_keep_names[GK_KEEP_ALL]) == 0)
            entry.text = gk_keep_names[GK_KEEP_PARAMS];
        out->config[i] = entry;
    }
}

static void tell(gk_arena *arena, const char *path, const wish *want, const tally *count)
{
    const char *text = "";
    if (want->drop[OPTIMIZER])
        text = gk_arena_printf(arena, "optimizer state (%lld %s, %lld bytes)", (long long)count->n_slot,
                               count->n_slot == 1 ? "slot" : "slots", (long long)count->bytes[OPTIMIZER]);
    if (want->drop[SNAPSHOTS] || want->step)
        text = gk_arena_printf(arena, "%s%s%lld of %lld snapshots (%lld bytes)", text, *text ? ", " : "",
                               (long long)count->n_snapshot, (long long)count->n_all_snapshots,
                               (long long)count->bytes[SNAPSHOTS]);
    if (want->drop[PARAMETERS])
        text = gk_arena_printf(arena, "%s%slast parameters of %lld run%s (%lld bytes)", text, *text ? ", " : "",
                               (long long)count->n_model, gk_s(count->n_model), (long long)count->bytes[PARAMETERS]);
    if (want->run)
        text = gk_arena_printf(arena, "%s%s%lld of %lld run%s (%lld bytes)", text, *text ? ", " : "", (long long)count->n_run,
                               (long long)count->n_all_runs, gk_s(count->n_all_runs), (long long)count->run_bytes);
    gk_log("'%s' without %s", path, text);
}

/* How large the files are, where they are files. */
static void tell_sizes(const char *from, const char *to)
{
    struct stat before, after;
    if (stat(from, &before) == 0 && stat(to, &after) == 0 && S_ISREG(before.st_mode) && S_ISREG(after.st_mode))
        gk_log("'%s' has %lld bytes, '%s' %lld", from, (long long)before.st_size, to, (long long)after.st_size);
}

int main(int argc, char **argv)
{
    gk_arena       arena = { 0 };
    gk_join_memory memory = { 0 };
    tally          count = { .n_slot = 0 };
    gk_given      *given = gk_options_parse(&cli, argc, argv);
    const wish     want = read_wish(&arena);
    gk_checkpoint *file = gk_checkpoint_read(gk_given_argument(given, 0), GK_READ_ALL);
    if (!file)
        gk_die();
    gk_checkpoint out = *file;
    if (trim(&arena, &memory, &want, file, &out, &count) < 0)
        gk_die();
    record(&arena, &want, file, &out);
    out.trimmed |= count.n_run > 0;
    out.command_line = gk_arena_printf(&arena, "%s && %s", file->command_line ? file->command_line : "",
                                       gk_given_command_line(given));
    if (o.force)
        gk_outfile_allow(o.output);
    if (gk_checkpoint_write(&out, o.output) < 0)
        gk_die();
    tell(&arena, file->path, &want, &count);
    tell_sizes(file->path, o.output);
    gk_join_release(&memory);
    gk_checkpoint_free(file);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
