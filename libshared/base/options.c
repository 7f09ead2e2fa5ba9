/* options.c -- the command line.
 *
 * getopt_long finds the options; the tables say what they mean.  (argp would sort the options of --help by name, and spend
 * two lines on an error.) */
#include "base/options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "base/options_private.h"

#ifndef GK_VERSION
#define GK_VERSION "0.1.0"
#endif
#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif
#ifndef GK_FLAGS
#ifdef __OPTIMIZE__
#define GK_FLAGS "optimised"
#else
#define GK_FLAGS "not optimised"
#endif
#endif

#define GK_OPTIONS_OF gk_given
static const gk_option preset_options[] = {
    GK_TEXT_OPTION("preset", preset, .arg = "NAME",
                   .help = "named settings, applied before all other options; 'help' lists them"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

const char *gk_version(void)
{
    return GK_VERSION;
}

/* --- the settings ------------------------------------------------------------------------------------------------- */

static bool same_name(const char *name, const char *in_file)
{
    while (*name && (*name == *in_file || (*name == '-' && *in_file == '_')))
        name++, in_file++;
    return *name == *in_file;
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

static gk_setting *must_find(const gk_given *given, const char *name)
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

static gk_given *given_new(const gk_cli *cli)
{
    gk_given *given = calloc(1, sizeof *given);
    if (!given)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    given->cli = cli;
    given->preset_group = (gk_option_group){ "Presets", preset_options, given };

    size_t n_option = 1;
    for (const gk_option_group *group = cli->groups; group->options; group++)
        for (const gk_option *option = group->options; option->name; option++)
            n_option++;
    given->settings = gk_arena_alloc(&given->arena, n_option * sizeof *given->settings);
    for (const gk_option_group *group = cli->groups; group->options; group++)
        add_group(given, group);
    if (cli->presets)
        add_group(given, &given->preset_group);
    return given;
}

void gk_given_free(gk_given *given)
{
    if (!given)
        return;
    gk_arena_release(&given->arena);
    free(given);
}

static int set(gk_given *given, gk_setting *setting, const char *text)
{
    const gk_option *option = setting->option;
    gk_value *values;
    int64_t   n_value;
    if (!text && option->type != GK_SWITCH)
        return gk_error("'--%s' needs a value", option->name);
    if (!text)
        text = "yes";
    if (gk_values_parse(&given->arena, option, text, &values, &n_value) < 0)
        return -1;
    if (gk_grid_n_run_with(given, setting, n_value) > GK_GRID_MAX)
        return gk_error("the grid has more than %d runs with '%s' for '--%s'", GK_GRID_MAX, text, option->name);
    setting->text = gk_arena_strdup(&given->arena, text);
    setting->values = values;
    setting->n_value = n_value;
    gk_value_store(option, setting->group->values, values[0]);
    return 0;
}

static int apply_settings(gk_given *given, const char *what, const char *name, const char *settings);

static const gk_shorthand *find_shorthand(const gk_given *given, const gk_option *option, const char *text)
{
    for (const gk_shorthand *row = given->cli->shorthands; row && row->name && text; row++)
        if (strcmp(row->option, option->name) == 0 && strcmp(row->name, text) == 0)
            return row;
    return NULL;
}

/* What a shorthand stands for, as to its own option. */
static const char *own_value(gk_given *given, const gk_shorthand *shorthand)
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

int gk_option_set(gk_given *given, const char *name, const char *text)
{
    gk_setting *setting = find(given, name);
    if (!setting)
        return gk_error("%s has no option '--%s'", given->cli->name, name);
    const gk_shorthand *shorthand = find_shorthand(given, setting->option, text);
    return shorthand ? apply_settings(given, name, text, shorthand->settings) : set(given, setting, text);
}

void gk_option_unset(gk_given *given, const char *name)
{
    gk_setting *setting = must_find(given, name);
    gk_assert(setting->option->type == GK_TEXT);
    setting->text = NULL;
    setting->values = NULL;
    setting->n_value = 1;
    gk_value_store(setting->option, setting->group->values, (gk_value){ .text = NULL });
}

const char *gk_option_text(gk_given *given, const char *name)
{
    return must_find(given, name)->text;
}

bool gk_option_given(const gk_given *given, const char *name)
{
    return must_find(given, name)->is_given;
}

bool gk_option_is_default(const gk_given *given, const char *name)
{
    return must_find(given, name)->values == NULL;
}

static bool same_value(gk_option_type type, gk_value a, gk_value b)
{
    switch (type) {
    case GK_SWITCH: return a.is_on == b.is_on;
    case GK_INT:    return a.whole == b.whole;
    case GK_REAL:   return a.real == b.real;
    case GK_CHOICE: return a.choice == b.choice;
    case GK_TEXT:   break;
    }
    return strcmp(a.text, b.text) == 0;
}

bool gk_option_same(const gk_given *a, const gk_given *b, const char *name)
{
    const gk_setting *x = must_find(a, name), *y = must_find(b, name);
    char one[64], other[64];
    if (x->n_value != y->n_value)
        return false;
    for (int64_t i = 0; x->n_value > 1 && i < x->n_value; i++)
        if (!same_value(x->option->type, x->values[i], y->values[i]))
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

/* --- presets and shorthands --------------------------------------------------------------------------------------- */

static int apply_settings(gk_given *given, const char *what, const char *name, const char *settings)
{
    char *rest = gk_arena_strdup(&given->arena, settings), *setting;
    while ((setting = strsep(&rest, " \n"))) {
        char *value = setting;
        strsep(&value, "=");
        if (*setting && gk_option_set(given, setting, value) < 0)
            return gk_error_context("%s '%s'", what, name);
    }
    return 0;
}

static int apply_preset(gk_given *given, const char *name)
{
    const gk_preset *preset = given->cli->presets;
    while (preset->name && strcmp(preset->name, name) != 0)
        preset++;
    if (!preset->name) {
        const char *known = "";
        for (preset = given->cli->presets; preset->name; preset++)
            known = gk_arena_printf(&given->arena, "%s%s%s", known, *known ? ", " : "", preset->name);
        return gk_error("invalid value '%s' for '--preset': expected one of %s", name, known);
    }
    return apply_settings(given, "preset", name, preset->settings);
}

/* --- the command line ----------------------------------------------------------------------------------------------- */

static const char *quoted(gk_arena *arena, const char *word)
{
    const char *plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=,+@%^";
    if (*word && strspn(word, plain) == strlen(word))
        return word;
    char *text = gk_arena_alloc(arena, 4 * strlen(word) + 3), *end = text;
    *end++ = '\'';
    for (; *word; word++) {
        if (*word == '\'')
            end = stpcpy(end, "'\\''");
        else
            *end++ = *word;
    }
    *end = '\'';
    return text;
}

static const char *command_line(gk_arena *arena, const char *name, int argc, char **argv)
{
    const char *line = quoted(arena, name);
    for (int i = 1; i < argc; i++)
        line = gk_arena_printf(arena, "%s %s", line, quoted(arena, argv[i]));
    return line;
}

enum { KEY_HELP = 256, KEY_USAGE, KEY_VERSION, KEY_OPTION };    /* KEY_OPTION + i: setting i */

/* getopt's two tables.  Rows of the tool come before our own, so that they may take -h and -V. */
static struct option *getopt_tables(gk_given *given, char **short_options)
{
    struct option *table = gk_arena_alloc(&given->arena, (2 * (size_t)given->n_setting + 4) * sizeof *table), *row = table;
    char *letters = gk_arena_alloc(&given->arena, 3 * (size_t)given->n_setting + 8), *end = letters;
    *end++ = ':';    /* tell a missing value from an unknown option */
    for (int i = 0; i < given->n_setting; i++) {
        const gk_option *option = given->settings[i].option;
        bool is_switch = option->type == GK_SWITCH;
        int  has_argument = is_switch ? optional_argument : required_argument;
        *row++ = (struct option){ option->name, has_argument, NULL, KEY_OPTION + i };
        if (option->alias)
            *row++ = (struct option){ option->alias, has_argument, NULL, KEY_OPTION + i };
        if (option->key) {
            gk_assert(!strchr(letters, option->key));
            *end++ = (char)option->key;
            end = stpcpy(end, is_switch ? "::" : ":");
        }
    }
    if (!strchr(letters, 'h'))
        *end++ = 'h';
    if (!strchr(letters, 'V'))
        *end++ = 'V';
    *row++ = (struct option){ "help", no_argument, NULL, KEY_HELP };
    *row++ = (struct option){ "usage", no_argument, NULL, KEY_USAGE };
    *row++ = (struct option){ "version", no_argument, NULL, KEY_VERSION };
    *short_options = letters;
    return table;
}

/* Index of the setting that getopt's result means, or -1. */
static int setting_of_key(const gk_given *given, int key)
{
    if (key >= KEY_OPTION)
        return key - KEY_OPTION;
    for (int i = 0; i < given->n_setting; i++)
        if (given->settings[i].option->key == key)
            return i;
    return -1;
}

static _Noreturn void end_well(void)
{
    if (fflush(stdout) == EOF || ferror(stdout)) {
        gk_error("cannot write to standard output");
        gk_die();
    }
    exit(GK_EXIT_OK);
}

static void show_and_end(gk_given *given, int key)
{
    if (key == KEY_HELP || key == 'h')
        gk_help_print(stdout, given);
    else if (key == KEY_USAGE)
        gk_help_print_usage(stdout, given);
    else
        printf("%s (groktools) %s\ncompiler: %s\nflags: %s\n", given->cli->name, GK_VERSION, COMPILER, GK_FLAGS);
    end_well();
}

/* What getopt could not read: `word` is the argument that it stopped at. */
static _Noreturn void refuse_option(const struct option *table, int key, const char *word)
{
    if (strncmp(word, "--", 2) != 0) {
        if (key == ':')
            gk_usage("option '-%c' needs a value", optopt);
        gk_usage("unknown option '-%c'", isprint(optopt) ? optopt : '?');
    }
    size_t length = strcspn(word + 2, "=");
    const char *like = "";
    gk_arena arena = { 0 };    /* freed by the end of the program */
    int n_like = 0;
    for (const struct option *row = table; row->name; row++)
        if (strncmp(row->name, word + 2, length) == 0) {
            like = gk_arena_printf(&arena, "%s%s--%s", like, n_like++ ? ", " : "", row->name);
            if (strlen(row->name) == length)
                gk_usage(key == ':' ? "option '--%s' needs a value" : "option '--%s' takes no value", row->name);
        }
    if (n_like > 1)
        gk_usage("option '%.*s' is ambiguous: %s", (int)length + 2, word, like);
    if (n_like == 1)
        gk_usage(key == ':' ? "option '%s' needs a value" : "option '%s' takes no value", like);
    gk_usage("unknown option '%.*s'", (int)length + 2, word);
}

typedef struct { int setting; const char *name, *text; } said;    /* name: which of the option's two, if it has an alias */

/* Two names of one option: who writes both means two things. */
static void check_names(const said *list, int n)
{
    for (int i = 0; i < n - 1; i++)
        if (list[i].setting == list[n - 1].setting && strcmp(list[i].name, list[n - 1].name) != 0)
            gk_usage("'--%s' and '--%s' are one option: give one of them", list[i].name, list[n - 1].name);
}

/* Options in the order of the command line; arguments are left behind optind. */
static said *scan(gk_given *given, int argc, char **argv, int *n_said)
{
    char *letters;
    const struct option *table = getopt_tables(given, &letters);
    said *list = gk_arena_alloc(&given->arena, (size_t)argc * sizeof *list);    /* every option takes a word of its own */
    int key, n = 0, index = 0;
    optind = 0;    /* start anew, also if getopt was used before */
    opterr = 0;
    while ((key = getopt_long(argc, argv, letters, table, &index)) != -1) {
        if (key == '?' || key == ':')
            refuse_option(table, key, argv[optind - 1]);
        int setting = setting_of_key(given, key);
        if (setting < 0)
            show_and_end(given, key);
        gk_assert(n < argc);
        list[n++] = (said){ setting, key >= KEY_OPTION ? table[index].name : given->settings[setting].option->name, optarg };
        check_names(list, n);
    }
    *n_said = n;
    return list;
}

/* Those that count: of an option that is given several times only the last. */
static int apply_shorthands(gk_given *given, const said *list, int n_said)
{
    for (int i = 0; i < n_said; i++) {
        const gk_option *option = given->settings[list[i].setting].option;
        bool is_last = true;
        for (int later = i + 1; later < n_said; later++)
            is_last &= list[later].setting != list[i].setting;
        if (is_last && find_shorthand(given, option, list[i].text) && gk_option_set(given, option->name, list[i].text) < 0)
            return -1;
    }
    return 0;
}

static void check_complete(const gk_given *given)
{
    const gk_cli *cli = given->cli;
    for (int i = 0; i < given->n_setting; i++)
        if (given->settings[i].option->flags & GK_REQUIRED && !given->settings[i].values)
            gk_usage("missing option '--%s'", given->settings[i].option->name);
    if (given->n_argument < cli->min_arguments)
        gk_usage("missing argument: expected %s", cli->arguments ? cli->arguments : "more");
    if (cli->max_arguments >= 0 && given->n_argument > cli->max_arguments)
        gk_usage("unexpected argument '%s'", given->arguments[cli->max_arguments]);
}

gk_given *gk_options_new(const gk_cli *cli)
{
    gk_given *given = given_new(cli);
    given->command_line = cli->name;
    return given;
}

gk_given *gk_options_parse(const gk_cli *cli, int argc, char **argv)
{
    gk_program(cli->name);
    gk_given *given = given_new(cli);
    given->command_line = command_line(&given->arena, cli->name, argc, argv);

    int   n_said;
    said *list = scan(given, argc, argv, &n_said);
    const char *preset = NULL;
    for (int i = 0; i < n_said; i++)
        if (given->settings[list[i].setting].group == &given->preset_group)
            preset = list[i].text;
    if (preset && strcmp(preset, "help") == 0) {
        gk_help_print_presets(stdout, cli);
        end_well();
    }
    if (preset && apply_preset(given, preset) < 0)
        gk_usage("%s", gk_error_message());
    if (apply_shorthands(given, list, n_said) < 0)
        gk_usage("%s", gk_error_message());
    for (int i = 0; i < n_said; i++) {
        gk_setting *setting = &given->settings[list[i].setting];
        const char *text = list[i].text;
        const gk_shorthand *shorthand = find_shorthand(given, setting->option, text);
        if (shorthand)
            text = own_value(given, shorthand);
        if (setting->option->flags & GK_MANY && setting->is_given)
            text = gk_arena_printf(&given->arena, "%s,%s", setting->text, text);
        setting->is_given = true;
        if (set(given, setting, text) < 0) {
            const char *others = gk_shorthand_names(given, setting->option);
            gk_usage("%s%s%s", gk_error_message(), others ? "; or one of " : "", others ? others : "");
        }
    }
    given->arguments = argv + optind;
    given->n_argument = argc - optind;
    check_complete(given);
    return given;
}
