/* options_help.c -- the texts of --help, --usage and --preset help, made from the option tables. */
#include "base/options_private.h"

#include <string.h>

enum { WIDTH = 100, HELP_COLUMN = 30 };

/* Print words from `column` on, broken before WIDTH; further lines start at `indent`.  Ends the line. */
static void print_words(FILE *out, const char *text, int column, int indent)
{
    bool is_first = true;
    while (*(text += strspn(text, " \n"))) {
        int length = (int)strcspn(text, " \n");
        if (!is_first && column + 1 + length > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!is_first) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", length, text);
        column += length;
        text += length;
        is_first = false;
    }
    fputc('\n', out);
}

static const char *argument_name(const gk_option *option)
{
    static const char *const names[] = {
        [GK_SWITCH] = "no", [GK_INT] = "N", [GK_REAL] = "X", [GK_CHOICE] = "NAME", [GK_TEXT] = "TEXT"
    };
    return option->arg ? option->arg : names[option->type];
}

/* "--weight-decay=X", "--tied[=no]" */
static const char *name_and_argument(gk_arena *arena, const gk_option *option, const char *name)
{
    return gk_arena_printf(arena, option->type == GK_SWITCH ? "--%s[=%s]" : "--%s=%s", name, argument_name(option));
}

/* With the alias: "--init-scale=X, --alpha=X". */
static const char *names(gk_arena *arena, const gk_option *option)
{
    const char *name = name_and_argument(arena, option, option->name);
    return option->alias ? gk_arena_printf(arena, "%s, %s", name, name_and_argument(arena, option, option->alias)) : name;
}

/* The sentence, the choices, shorthands among them, then "(default 1; list; only for an mlp)". */
static const char *explanation(gk_given *given, gk_arena *arena, const gk_setting *setting)
{
    const gk_option *option = setting->option;
    const char *text = option->help ? option->help : "", *initial = setting->text;
    if (option->type == GK_CHOICE)
        for (int i = 0; option->choices[i]; i++)
            text = gk_arena_printf(arena, "%s%s %s", text, i ? "," : ":", option->choices[i]);

    const char *shorthands = gk_shorthand_names(given, option);
    if (shorthands)
        text = gk_arena_printf(arena, "%s, %s", text, shorthands);

    const char *facts[4];
    int n_fact = 0;
    if (option->flags & GK_REQUIRED)
        facts[n_fact++] = "required";
    else if (initial && *initial && !(option->type == GK_SWITCH && strcmp(initial, "no") == 0))
        facts[n_fact++] = gk_arena_printf(arena, "default %s", initial);
    if (option->flags & GK_VARY)
        facts[n_fact++] = "list";
    if (option->when)
        facts[n_fact++] = gk_arena_printf(arena, "only for %s", gk_condition_words(option->when, arena));
    for (int i = 0; i < n_fact; i++)
        text = gk_arena_printf(arena, "%s%s%s%s", text, i ? "; " : " (", facts[i], i == n_fact - 1 ? ")" : "");
    return text;
}

static void print_option(FILE *out, int key, const char *name, const char *text)
{
    int column = key ? fprintf(out, "  -%c, %s", key, name) : fprintf(out, "      %s", name);
    if (column > HELP_COLUMN - 2)
        fprintf(out, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(out, "%*s", HELP_COLUMN - column, "");
    print_words(out, text, HELP_COLUMN, HELP_COLUMN);
}

static bool has_key(const gk_given *given, int key)
{
    for (int i = 0; i < given->n_setting; i++)
        if (given->settings[i].option->key == key)
            return true;
    return false;
}

void gk_help_print(FILE *out, gk_given *given)
{
    const gk_cli *cli = given->cli;
    const gk_option_group *group = NULL;
    gk_arena arena = { 0 };
    bool has_list = false;

    fprintf(out, "Usage: %s [OPTION...]%s%s\n", cli->name, cli->arguments ? " " : "", cli->arguments ? cli->arguments : "");
    print_words(out, cli->summary, 0, 0);
    for (int i = 0; i < given->n_setting; i++) {
        const gk_setting *setting = &given->settings[i];
        if (setting->group != group)
            fprintf(out, "\n%s:\n", setting->group->heading);
        group = setting->group;
        has_list |= setting->option->flags & GK_VARY;
        print_option(out, setting->option->key, names(&arena, setting->option), explanation(given, &arena, setting));
    }
    fprintf(out, "\nHelp:\n");
    print_option(out, has_key(given, 'h') ? 0 : 'h', "--help", "print this help");
    print_option(out, 0, "--usage", "print all options in short");
    print_option(out, has_key(given, 'V') ? 0 : 'V', "--version", "print version, compiler and flags");
    if (has_list)
        fprintf(out, "\nOptions marked 'list' take several values; the product of all lists is the grid of runs:\n"
                     "  1,2,3           these values\n"
                     "  0..9            whole numbers, both ends included\n"
                     "  0:1:5           5 numbers, evenly spaced, both ends included\n"
                     "  0.01:10:x7      7 numbers, evenly spaced in the logarithm\n"
                     "  0,0.1:10:x3     several of these\n");
    if (cli->details)
        fprintf(out, "\n%s%s", cli->details, *cli->details && cli->details[strlen(cli->details) - 1] == '\n' ? "" : "\n");
    gk_arena_release(&arena);
}

void gk_help_print_usage(FILE *out, const gk_given *given)
{
    gk_arena arena = { 0 };
    const char *text = "";
    for (int i = 0; i < given->n_setting; i++) {
        const gk_option *option = given->settings[i].option;
        bool is_required = option->flags & GK_REQUIRED;
        text = gk_arena_printf(&arena, is_required ? "%s %s" : "%s [%s]", text,
                               name_and_argument(&arena, option, option->name));
    }
    text = gk_arena_printf(&arena, "%s [--help] [--usage] [--version] %s", text,
                           given->cli->arguments ? given->cli->arguments : "");
    int column = fprintf(out, "Usage: %s ", given->cli->name);
    print_words(out, text, column, column);
    gk_arena_release(&arena);
}

void gk_help_print_presets(FILE *out, const gk_cli *cli)
{
    for (const gk_preset *preset = cli->presets; preset->name; preset++) {
        int column = fprintf(out, "%-12s ", preset->name);
        print_words(out, preset->settings, column, column);
        fprintf(out, "%*sfrom ", column, "");
        print_words(out, preset->source, column + 5, column);
    }
    for (const gk_shorthand *row = cli->shorthands; row && row->name; row++) {
        int column = fprintf(out, "--%s %s: ", row->option, row->name);
        print_words(out, row->settings, column, column);
    }
}
