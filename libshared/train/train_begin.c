/* train_begin.c -- what a checkpoint says of its making, and what a resumed one brings. */
#include "train/train_private.h"

#include <string.h>
#include <time.h>

enum { MAX_COMMAND_BYTES = 4096 };

static const char *created_now(gk_arena *arena)
{
    char      text[40];
    time_t    now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return gk_arena_strdup(arena, text);
}

/* All commands that led here, one after another, if they are not too many. */
static const char *commands(gk_arena *arena, const gk_checkpoint *resume, const char *now)
{
    const char *before = resume && resume->command_line ? resume->command_line : "";
    size_t n_before = strlen(before), n_now = strlen(now);
    if (n_before == 0 || n_before + n_now > MAX_COMMAND_BYTES)
        return n_before == 0 ? now : before;
    if (n_before >= n_now && strcmp(before + n_before - n_now, now) == 0)
        return before;
    return gk_arena_printf(arena, "%s && %s", before, now);
}

static void add_parent(gk_checkpoint *out, const gk_source *source)
{
    const gk_checkpoint *from = source->checkpoint;
    out->parent[out->n_parent++] = (gk_parent){ source->role, source->path, from->sha256, from->n_parent, from->parent };
}

/* What the runs learn from is their lineage. */
static void describe_lineage(gk_training *training)
{
    const gk_sources *sources = &training->plan->sources;
    gk_checkpoint    *out = &training->checkpoint;
    size_t n = (sources->teachers ? (size_t)sources->teachers->n : 0) + 1;
    out->parent = gk_arena_alloc(&training->keeper.arena, n * sizeof *out->parent);
    if (sources->base)
        add_parent(out, sources->base);
    for (int i = 0; sources->teachers && i < sources->teachers->n; i++)
        add_parent(out, &sources->teachers->source[i]);
}

void gk_training_describe(gk_training *training)
{
    gk_checkpoint *out = &training->checkpoint, *resume = training->setup.resume;
    gk_arena *arena = &training->keeper.arena;
    out->format_version = GK_FORMAT_VERSION;
    out->tool = training->setup.tool;
    out->tool_version = gk_version();
    out->command_line = commands(arena, resume, gk_given_command_line(training->plan->given));
    out->created = created_now(arena);
    out->device = training->setup.device;
    out->trimmed = resume && resume->trimmed;
    out->precision = gk_option_text(training->plan->given, "precision");
    out->n_config = gk_config_record(training->plan->given, arena, &out->config);
    out->group = gk_arena_alloc(arena, (size_t)training->plan->n_group * sizeof *out->group);
    if (resume) {
        out->n_parent = resume->n_parent;
        out->parent = resume->parent;
    } else {
        describe_lineage(training);
    }
}

static int check_parent(const gk_checkpoint *resume, const gk_source *source)
{
    for (int p = 0; p < resume->n_parent; p++)
        if (strcmp(resume->parent[p].sha256, source->checkpoint->sha256) == 0)
            return 0;
    return gk_error("cannot resume '%s': %s '%s' has changed since it was begun (sha256 %s)", resume->path, source->role,
                    source->path, source->checkpoint->sha256);
}

/* A resumed run must have the teachers that it began with, and the base, if that was read. */
static int check_lineage(const gk_training *training)
{
    const gk_sources  *sources = &training->plan->sources;
    const gk_teachers *teachers = sources->teachers;
    if (sources->base && check_parent(training->setup.resume, sources->base) < 0)
        return -1;
    for (int i = 0; teachers && i < teachers->n; i++)
        if (check_parent(training->setup.resume, &teachers->source[i]) < 0)
            return -1;
    return 0;
}

int gk_training_take_over(gk_training *training)
{
    gk_checkpoint *resume = training->setup.resume, *out = &training->checkpoint;
    if (check_lineage(training) < 0)
        return -1;
    gk_assert(training->plan->n_begun >= resume->n_group && training->plan->n_begun <= training->plan->n_group);
    out->n_group = training->n_resumed = training->plan->n_begun;
    for (int i = 0; i < out->n_group; i++) {
        out->group[i] = training->plan->begun[i];
        if (!out->group[i].history)
            return gk_error("cannot resume '%s': it has no history", resume->path);
        if (out->group[i].step > training->written_step)
            training->written_step = out->group[i].step;
    }
    return 0;
}
