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
#include "base/names.h"
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

const char *gk_version(void)
{
    return GK_VERSION;
}

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
    if (gk_print_end() < 0)
        gk_die();
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

static _Noreturn void refuse_unknown(gk_given *given, const struct option *table, const char *word)
{
    gk_names    names = { 0 };
    const char *name = gk_arena_printf(&given->arena, "%.*s", (int)strcspn(word, "="), word);
    for (; table->name; table++)
        gk_names_add(&names, table->name);
    gk_usage("unknown option '%s'%s", name, gk_did_you_mean(given, &names, "--", name + strlen("--")));
}

/* What others call an option of ours; told where the tool has it. */
static const char *known_elsewhere(const struct option *table, const char *word, size_t length)
{
    static const char *const names[][2] = {
        { "lr", "learning-rate" }, { "wd", "weight-decay" }, { "epochs", "steps" },      { "epoch", "steps" },
        { "iterations", "steps" }, { "batch-size", "batch" }, { "train-fraction", "fraction" }, { "frac-train", "fraction" },
        { "modulus", "prime" },    { "width", "widths" },     { "depth", "n-layer" },    { "layers", "n-layer" },
        { "heads", "n-head" },     { "checkpoint", "resume" }, { "seeds", "seed" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (const struct option *row = table; row->name && strlen(names[i][0]) == length; row++)
            if (strncmp(names[i][0], word, length) == 0 && strcmp(row->name, names[i][1]) == 0)
                return row->name;
    return NULL;
}

/* What getopt could not read: `word` is the argument that it stopped at. */
static _Noreturn void refuse_option(gk_given *given, const struct option *table, int key, const char *word)
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
    const char *ours = n_like == 1 ? NULL : known_elsewhere(table, word + 2, length);
    if (ours)
        gk_usage("unknown option '%.*s' (here it is '--%s')", (int)length + 2, word, ours);
    if (n_like > 1)
        gk_usage("option '%.*s' is ambiguous: %s", (int)length + 2, word, like);
    if (n_like == 1)
        gk_usage(key == ':' ? "option '%s' needs a value" : "option '%s' takes no value", like);
    refuse_unknown(given, table, word);
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
            refuse_option(given, table, key, argv[optind - 1]);
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
        if (is_last && gk_shorthand_find(given, option, list[i].text) && gk_option_set(given, option->name, list[i].text) < 0)
            return -1;
    }
    return 0;
}

/* The recorded message, and the shorthands, which are none of the option's own choices. */
static _Noreturn void refuse_value(gk_given *given, const gk_option *option, const char *text)
{
    const char *others = gk_shorthand_names(given, option);
    gk_names    names = { 0 };
    if (!others)
        gk_die();
    for (const gk_shorthand *row = given->cli->shorthands; row->name; row++)
        if (strcmp(row->option, option->name) == 0)
            gk_names_add(&names, row->name);
    gk_usage("%s; or one of %s%s", gk_error_message(), others, text ? gk_did_you_mean(given, &names, "", text) : "");
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
    gk_given *given = gk_given_new(cli);
    given->command_line = cli->name;
    return given;
}

gk_given *gk_options_parse(const gk_cli *cli, int argc, char **argv)
{
    gk_program(cli->name);
    gk_given *given = gk_given_new(cli);
    given->command_line = command_line(&given->arena, cli->name, argc, argv);

    int   n_said;
    said *list = scan(given, argc, argv, &n_said);
    const char *preset = NULL, *config = NULL;
    for (int i = 0; i < n_said; i++) {
        if (given->settings[list[i].setting].group == &given->preset_group)
            preset = list[i].text;
        if (given->settings[list[i].setting].group == &given->config_group)
            config = list[i].text;
    }
    if (preset && strcmp(preset, "help") == 0) {
        gk_help_print_presets(stdout, cli);
        end_well();
    }
    given->origin = GK_BY_PRESET;
    if (config && cli->config(given, config) < 0)
        gk_die();
    if ((preset && gk_preset_apply(given, preset) < 0) || apply_shorthands(given, list, n_said) < 0)
        gk_die();
    given->origin = GK_BY_COMMAND;
    for (int i = 0; i < n_said; i++) {
        gk_setting *setting = &given->settings[list[i].setting];
        const char *text = list[i].text;
        const gk_shorthand *shorthand = gk_shorthand_find(given, setting->option, text);
        if (shorthand)
            text = gk_shorthand_value(given, shorthand);
        if (setting->option->flags & GK_MANY && setting->is_given)
            text = gk_arena_printf(&given->arena, "%s%s%s", setting->text,
                                   setting->option->join ? setting->option->join : ",", text);
        setting->is_given = true;
        if (gk_setting_set(given, setting, text) < 0)
            refuse_value(given, setting->option, text);
    }
    given->origin = GK_BY_TOOL;
    given->arguments = argv + optind;
    given->n_argument = argc - optind;
    check_complete(given);
    const char *idle;
    if (cli->values && !cli->judged_later && gk_options_check_effect(given, cli->values, &given->arena, &idle) < 0)
        gk_die();
    return given;
}
