/* options_settings.c -- what the options of a tool are set to: by texts, presets and shorthands. */
#include <stdlib.h>
#include <string.h>
#include "base/names.h"
#include "base/options_private.h"

#define GK_OPTIONS_OF gk_given
static const gk_option preset_options[] = {
    GK_TEXT_OPTION("preset", preset, .arg = "NAME",
                   .help = "named settings, applied before all other options; 'help' lists them"),
    GK_OPTION_END
};
static const gk_option config_options[] = {
    GK_TEXT_OPTION("config", config, .flags = GK_HIDDEN, .arg = "FILE",
                   .help = "options of a checkpoint, or of a text of lines 'option=value'; a preset and options of the command "
                           "line take the place of what it says"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

/* --- the settings ------------------------------------------------------------------------------------------------- */

static bool same_name(const char *name, const char *in_file)
{
    while (*name && (*name == *in_file || (*name == '-' && *in_file == '_')))
        name++, in_file++;
    return *name == *in_file;
}

char *gk_option_in_file(gk_arena *arena, const char *name)
{
    char *copy = gk_arena_strdup(arena, name);
    for (char *at = copy; *at; at++)
        if (*at == '-')
            *at = '_';
    return copy;
}

static bool is_called(const gk_option *option, const char *name)
{
    return same_name(option->name, name) || (option->alias && same_name(option->alias, name));
}

static gk_setting *find(const gk_given *given, const char *name)
{
    for (int i = 0; i < given->n_setting; i++)
        if (is_called(given->settings[i].option, name))
            return &given->settings[i];
    return NULL;
}

gk_setting *gk_setting_named(const gk_given *given, const char *name)
{
    gk_setting *setting = find(given, name);
    if (!setting)
        gk_bug(__FILE__, __LINE__, name);
    return setting;
}

static void add_group(gk_given *given, const gk_option_group *group)
{
    for (const gk_option *option = group->options; option->name; option++) {
        gk_assert(!find(given, option->name) && !(option->alias && find(given, option->alias)));
        gk_assert(option->type != GK_CHOICE || option->choices);
        given->settings[given->n_setting++] = (gk_setting){
            .group = group, .option = option, .n_value = 1,
            .text = gk_option_default(&given->arena, option, group->values),
        };
    }
}

gk_given *gk_given_new(const gk_cli *cli)
{
    gk_given *given = calloc(1, sizeof *given);
    if (!given)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    given->cli = cli;
    given->origin = GK_BY_TOOL;
    given->preset_group = (gk_option_group){ "Presets", preset_options, given };
    given->config_group = (gk_option_group){ "Options from a file", config_options, given };

    size_t n_option = 2;
    for (const gk_option_group *group = cli->groups; group->options; group++)
        for (const gk_option *option = group->options; option->name; option++)
            n_option++;
    given->settings = gk_arena_alloc(&given->arena, n_option * sizeof *given->settings);
    for (const gk_option_group *group = cli->groups; group->options; group++)
        add_group(given, group);
    if (cli->presets)
        add_group(given, &given->preset_group);
    if (cli->config)
        add_group(given, &given->config_group);
    return given;
}

void gk_given_free(gk_given *given)
{
    if (!given)
        return;
    gk_arena_release(&given->arena);
    free(given);
}

int gk_setting_set(gk_given *given, gk_setting *setting, const char *text)
{
    const gk_option *option = setting->option;
    gk_value *values;
    int64_t   n_value;
    if (!text && option->type != GK_SWITCH)
        return gk_usage_error("'--%s' needs a value", option->name);
    if (!text)
        text = "yes";
    if (gk_values_parse(&given->arena, option, text, &values, &n_value) < 0)
        return -1;
    /* What a file recorded may be older than this rule. */
    if (given->origin != GK_BY_TOOL && gk_values_distinct(option, text, values, n_value) < 0)
        return -1;
    if (gk_grid_n_run_with(given, setting, n_value) > GK_GRID_MAX)
        return gk_usage_error("the grid has more than %d runs with '%s' for '--%s'", GK_GRID_MAX, text, option->name);
    setting->text = gk_arena_strdup(&given->arena, text);
    setting->values = values;
    setting->n_value = n_value;
    setting->origin = given->origin;
    gk_value_store(option, setting->group->values, values[0]);
    return 0;
}

static int apply_settings(gk_given *given, const char *what, const char *name, const char *settings);

const gk_shorthand *gk_shorthand_find(const gk_given *given, const gk_option *option, const char *text)
{
    for (const gk_shorthand *row = given->cli->shorthands; row && row->name && text; row++)
        if (strcmp(row->option, option->name) == 0 && strcmp(row->name, text) == 0)
            return row;
    return NULL;
}

/* What a shorthand stands for, as to its own option. */
const char *gk_shorthand_value(gk_given *given, const gk_shorthand *shorthand)
{
    char *value = gk_arena_strdup(&given->arena, shorthand->settings + strcspn(shorthand->settings, "=") + 1);
    value[strcspn(value, " ")] = '\0';
    return value;
}

const char *gk_shorthand_names(gk_given *given, const gk_option *option)
{
    const char *names = NULL;
    for (const gk_shorthand *row = given->cli->shorthands; row && row->name; row++)
        if (strcmp(row->option, option->name) == 0)
            names = gk_arena_printf(&given->arena, "%s%s%s", names ? names : "", names ? ", " : "", row->name);
    return names;
}

/* NOLINTNEXTLINE(misc-no-recursion): see apply_settings() */
int gk_option_set(gk_given *given, const char *name, const char *text)
{
    gk_setting *setting = find(given, name);
    if (!setting)
        return gk_usage_error("%s has no option '--%s'", given->cli->name, name);
    const gk_shorthand *shorthand = gk_shorthand_find(given, setting->option, text);
    return shorthand ? apply_settings(given, name, text, shorthand->settings) : gk_setting_set(given, setting, text);
}

int gk_option_restore(gk_given *given, const char *name, const char *text)
{
    const gk_origin before = given->origin;
    given->origin = GK_BY_TOOL;
    int status = gk_option_set(given, name, text);
    given->origin = before;
    if (status == 0 && gk_setting_named(given, name)->n_value > 1)
        gk_setting_named(given, name)->origin = before;
    return status;
}

const gk_option *gk_option_find(const gk_given *given, const char *name)
{
    const gk_setting *setting = find(given, name);
    return setting ? setting->option : NULL;
}

void gk_option_unset(gk_given *given, const char *name)
{
    gk_setting *setting = gk_setting_named(given, name);
    gk_assert(setting->option->type == GK_TEXT);
    setting->text = NULL;
    setting->values = NULL;
    setting->n_value = 1;
    setting->origin = GK_BY_DEFAULT;
    gk_value_store(setting->option, setting->group->values, (gk_value){ .text = NULL });
}

const char *gk_option_text(gk_given *given, const char *name)
{
    return gk_setting_named(given, name)->text;
}

bool gk_option_given(const gk_given *given, const char *name)
{
    return gk_setting_named(given, name)->is_given;
}

bool gk_option_is_default(const gk_given *given, const char *name)
{
    return gk_setting_named(given, name)->values == NULL;
}

bool gk_option_same(const gk_given *a, const gk_given *b, const char *name)
{
    const gk_setting *x = gk_setting_named(a, name), *y = gk_setting_named(b, name);
    char one[64], other[64];
    if (x->n_value != y->n_value)
        return false;
    for (int64_t i = 0; x->n_value > 1 && i < x->n_value; i++)
        if (gk_value_compare(x->option, &x->values[i], &y->values[i]) != 0)
            return false;
    if (x->n_value > 1)
        return true;
    if (x->option->type == GK_TEXT)
        return x->text && y->text ? strcmp(x->text, y->text) == 0 : x->text == y->text;
    return strcmp(gk_value_format(x->option, x->group->values, one, sizeof one),
                  gk_value_format(y->option, y->group->values, other, sizeof other)) == 0;
}

int gk_options_each(const gk_given *given, gk_option_visitor *visit, void *context)
{
    int status = 0;
    for (int i = 0; i < given->n_setting && status == 0; i++)
        status = visit(given->settings[i].group, given->settings[i].option, context);
    return status;
}

int gk_given_n_argument(const gk_given *given)
{
    return given->n_argument;
}

const char *gk_given_argument(const gk_given *given, int index)
{
    gk_assert(index >= 0 && index < given->n_argument);
    return given->arguments[index];
}

const char *gk_given_command_line(const gk_given *given)
{
    return given->command_line;
}

/* " (did you mean '--steps'?)" if one of the names is near, else "". */
const char *gk_did_you_mean(gk_given *given, const gk_names *names, const char *dashes, const char *word)
{
    const char *nearest = gk_names_nearest(names, word);
    return nearest ? gk_arena_printf(&given->arena, " (did you mean '%s%s'?)", dashes, nearest) : "";
}

/* --- presets and shorthands --------------------------------------------------------------------------------------- */

/* NOLINTNEXTLINE(misc-no-recursion): a preset's setting may be a shorthand, whose settings are plain: our own rows, no user's */
static int apply_settings(gk_given *given, const char *what, const char *name, const char *settings)
{
    char *rest = gk_arena_strdup(&given->arena, settings), *setting;
    int   status = 0;
    given->n_nested++;
    gk_assert(given->n_nested <= 2);
    while (status == 0 && (setting = strsep(&rest, " \n"))) {
        char *value = setting;
        strsep(&value, "=");
        if (*setting && gk_option_set(given, setting, value) < 0)
            status = gk_error_context("%s '%s'", what, name);
    }
    given->n_nested--;
    return status;
}

int gk_preset_apply(gk_given *given, const char *name)
{
    const gk_preset *preset = given->cli->presets;
    while (preset->name && strcmp(preset->name, name) != 0)
        preset++;
    if (!preset->name) {
        const char *known = "";
        gk_names    names = { 0 };
        for (preset = given->cli->presets; preset->name; preset++) {
            known = gk_arena_printf(&given->arena, "%s%s%s", known, *known ? ", " : "", preset->name);
            gk_names_add(&names, preset->name);
        }
        gk_usage_error("invalid value '%s' for '--preset'%s: expected one of %s", name, gk_did_you_mean(given, &names, "", name),
                       known);
        gk_names_release(&names);
        return -1;
    }
    return apply_settings(given, "preset", name, preset->settings);
}
