/* restore.c -- the configuration to a checkpoint's /config and back. */
#include "train/config.h"

#include <string.h>
#include <unistd.h>

typedef struct recorder {
    gk_given        *given;
    gk_arena        *arena;
    gk_config_entry *entry;      /* NULL: only count */
    int              n;
} recorder;

static bool is_varied(const gk_given *given, const gk_option *option)
{
    for (int i = 0; i < gk_grid_n_varied(given); i++)
        if (gk_grid_varied(given, i) == option)
            return true;
    return false;
}

static int record_option(const gk_option_group *group, const gk_option *option, void *context)
{
    recorder   *to = context;
    const char *text = gk_option_text(to->given, option->name);
    if (option->flags & GK_HIDDEN || !text)
        return 0;
    if (to->entry) {
        const char *place = (const char *)group->values + option->offset;
        gk_config_entry *entry = &to->entry[to->n];
        entry->name = gk_option_in_file(to->arena, option->name);
        entry->type = option->type;
        if (is_varied(to->given, option) || option->type == GK_CHOICE || option->type == GK_TEXT)
            entry->text = gk_arena_strdup(to->arena, text);
        else if (option->type == GK_SWITCH)
            entry->integer = *(const bool *)place;
        else if (option->type == GK_INT)
            entry->integer = *(const int64_t *)place;
        else
            entry->real = *(const double *)place;
    }
    to->n++;
    return 0;
}

int gk_config_record(gk_given *given, gk_arena *arena, gk_config_entry **entries)
{
    recorder to = { .given = given, .arena = arena };
    gk_options_each(given, record_option, &to);
    *entries = to.entry = gk_arena_alloc(arena, (size_t)to.n * sizeof *to.entry);
    to.n = 0;
    gk_options_each(given, record_option, &to);
    return to.n;
}

typedef struct restorer {
    gk_given   *given;
    const char *allowed;    /* for the message */
    gk_arena    arena;
    const char *refused;
} restorer;

static int list_allowed(const gk_option_group *group, const gk_option *option, void *context)
{
    (void)group;
    restorer *from = context;
    if (option->flags & GK_RESUME && strcmp(option->name, "resume") != 0)
        from->allowed = gk_arena_printf(&from->arena, "%s%s--%s", from->allowed, *from->allowed ? ", " : "", option->name);
    else if (!(option->flags & GK_RESUME) && gk_option_given(from->given, option->name) && !from->refused)
        from->refused = option->name;
    return 0;
}

typedef struct lookup {
    const gk_given *given;
    const char     *name;
} lookup;

/* Names are from a file: there may be no such option. */
static int is_given_here(const gk_option_group *group, const gk_option *option, void *context)
{
    (void)group;
    const lookup *wanted = context;
    return strcmp(option->name, wanted->name) == 0 && gk_option_given(wanted->given, option->name);
}

typedef struct entry_text { const gk_config_entry *entry; const char *name, *text; } entry_text;

/* What is a choice today and was a switch when the file was written: no was the first choice, yes the second. */
static int choice_of_switch(const gk_option_group *group, const gk_option *option, void *context)
{
    (void)group;
    entry_text *of = context;
    if (option->type == GK_CHOICE && of->entry->type == GK_SWITCH && !of->entry->text && strcmp(option->name, of->name) == 0)
        of->text = option->choices[of->entry->integer != 0];
    return 0;
}

/* What an entry of /config says, as text for the option `name` of today. */
static const char *text_of(const gk_given *given, gk_checkpoint *checkpoint, const gk_config_entry *entry, const char *name)
{
    entry_text of = { entry, name, gk_config_text(checkpoint, entry) };
    gk_options_each(given, choice_of_switch, &of);
    return of.text;
}

/* A file that is not where it was may be beside the checkpoint: under the same name as seen from there, or its last part. */
static const char *found_beside(const char *checkpoint, const char *name, gk_arena *arena)
{
    const char *end = strrchr(checkpoint, '/'), *last = strrchr(name, '/');
    const char *const seen[] = { name, last ? last + 1 : name };
    if (!strpbrk(name, "./") || access(name, F_OK) == 0)    /* a plain word may be none: S5, own */
        return name;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        const char *path = end ? gk_arena_printf(arena, "%.*s/%s", (int)(end - checkpoint), checkpoint, seen[i]) : seen[i];
        if (access(path, F_OK) == 0)
            return path;
    }
    return name;
}

static char *option_name(gk_arena *arena, const gk_config_entry *entry)
{
    char *name = gk_arena_strdup(arena, entry->name);
    for (char *at = name; *at; at++)
        if (*at == '_')
            *at = '-';
    return name;
}

int gk_config_replay(gk_given *given, gk_checkpoint *checkpoint, gk_arena *arena, const char **left_out)
{
    *left_out = "";
    for (int i = 0; i < checkpoint->n_config; i++) {
        const gk_config_entry *entry = &checkpoint->config[i];
        const char *name = option_name(arena, entry);
        if (!gk_option_find(given, name))
            *left_out = gk_arena_printf(arena, "%s%s--%s", *left_out, **left_out ? ", " : "", name);
        else if (gk_option_restore(given, name, text_of(given, checkpoint, entry, name)) < 0)
            return gk_error("'/config/%s' of '%s': %s", entry->name, checkpoint->path, gk_error_message());
    }
    return 0;
}

int gk_config_restore(gk_given *given, gk_checkpoint *checkpoint)
{
    restorer from = { .given = given, .allowed = "" };
    int status = -1;
    gk_options_each(given, list_allowed, &from);
    if (from.refused) {
        gk_usage_error("'--%s' cannot be given with --resume: a run goes on as it began; only %s may change", from.refused,
                       from.allowed);
        goto done;
    }
    for (int i = 0; i < checkpoint->n_config; i++) {
        const gk_config_entry *entry = &checkpoint->config[i];
        const char *name = option_name(&from.arena, entry);
        if (gk_options_each(given, is_given_here, &(lookup){ given, name }))
            continue;
        const gk_option *option = gk_option_find(given, name);
        const char *text = text_of(given, checkpoint, entry, name);
        if (option && option->flags & GK_FILE && text)
            text = found_beside(checkpoint->path, text, &from.arena);
        if (gk_option_set(given, name, text) < 0) {
            gk_error("cannot restore '/config/%s' of '%s': %s", entry->name, checkpoint->path, gk_error_message());
            goto done;
        }
    }
    status = 0;
done:
    gk_arena_release(&from.arena);
    return status;
}

typedef struct agreement {
    gk_given   *given, *recorded;
    const char *path;
} agreement;

static int agrees(const gk_option_group *group, const gk_option *option, void *context)
{
    (void)group;
    agreement  *of = context;
    const char *name = option->name;
    if (option->flags & GK_HIDDEN || strcmp(name, "preset") == 0 || gk_option_same(of->given, of->recorded, name))
        return 0;
    const char *here = gk_option_text(of->given, name), *there = gk_option_text(of->recorded, name);
    if (option->flags & GK_RESUME)
        return gk_option_is_default(of->given, name) ? gk_option_set(of->given, name, there) : 0;
    return gk_error("'%s' was begun with other options: --%s is %s there, %s here", of->path, name, there ? there : "not given",
                    here ? here : "not given");
}

int gk_config_agree(gk_given *given, gk_checkpoint *checkpoint, unsigned which, const gk_config *defaults)
{
    gk_config       config = *defaults;
    gk_option_group tables[GK_CONFIG_MAX_GROUP] = { { 0 } };
    gk_config_groups_of(&config, which, tables);
    gk_cli    tool = { .name = checkpoint->tool, .groups = tables, .values = &config, .n_bytes = sizeof config,
                       .presets = gk_presets, .shorthands = gk_model_shorthands };
    agreement both = { .given = given, .recorded = gk_options_new(&tool), .path = checkpoint->path };
    int status = gk_config_restore(both.recorded, checkpoint);
    if (status == 0)    /* older files have auto */
        status = gk_config_resolve_init(both.recorded, &config);
    if (status == 0)
        status = gk_options_each(given, agrees, &both);
    gk_given_free(both.recorded);
    return status < 0 ? -1 : 0;
}
