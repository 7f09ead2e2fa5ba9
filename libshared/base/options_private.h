/* options_private.h -- what options.c, options_value.c, options_help.c and grid.c share. */
#ifndef GK_BASE_OPTIONS_PRIVATE_H
#define GK_BASE_OPTIONS_PRIVATE_H

#include <stdio.h>
#include "base/names.h"
#include "base/options.h"

typedef union gk_value {
    bool        is_on;
    int64_t     whole;
    double      real;
    int         choice;
    const char *text;
} gk_value;

/* Who has set a value: nobody, the tool itself (what follows from a checkpoint), a preset or shorthand, the command line. */
typedef enum { GK_BY_DEFAULT, GK_BY_TOOL, GK_BY_PRESET, GK_BY_COMMAND } gk_origin;

/* One option of the tool, and what was said about it. */
typedef struct gk_setting {
    const gk_option_group *group;
    const gk_option       *option;
    const char            *text;       /* in force; NULL: none */
    gk_value              *values;     /* NULL: never set, the default is in the group's struct */
    int64_t                n_value;    /* 1 for a default */
    gk_origin              origin;     /* of the value in force */
    bool                   is_given;   /* on the command line itself */
} gk_setting;

struct gk_given {
    const gk_cli    *cli;
    gk_arena         arena;
    gk_setting      *settings;         /* all groups, one after another, then --preset */
    int              n_setting;
    char           **arguments;
    int              n_argument;
    const char      *command_line;
    const char      *preset, *config;  /* the struct of preset_group and config_group */
    gk_origin        origin;           /* of what is being set */
    gk_option_group  preset_group, config_group;
    int              n_nested;         /* presets and shorthands that are being applied */
};

/* The values that a text stands for: one, or for GK_VARY a list.  Array and texts are in the arena. */
int  gk_values_parse(gk_arena *arena, const gk_option *option, const char *text, gk_value **values, int64_t *n_value);
/* Of two values of an option: negative, 0 or positive, as strcmp. */
int  gk_value_compare(const gk_option *option, const gk_value *a, const gk_value *b);
/* -1 with gk_usage_error if two of the values are the same. */
int  gk_values_distinct(const gk_option *option, const char *text, const gk_value *values, int64_t n_value);
void gk_value_store(const gk_option *option, void *group_values, gk_value value);
const char *gk_value_text(const gk_option *option, gk_value value, char *buffer, size_t n_bytes);
const char *gk_value_format(const gk_option *option, const void *group_values, char *buffer, size_t n_bytes);

/* The setting of an option, which there is. */
gk_setting *gk_setting_named(const gk_given *given, const char *name);

gk_given *gk_given_new(const gk_cli *cli);
/* Set from text, as given->origin says.  -1 with gk_usage_error, and nothing is changed. */
int  gk_setting_set(gk_given *given, gk_setting *setting, const char *text);

/* " (did you mean '--steps'?)" if one of the names is near, else "". */
const char *gk_did_you_mean(gk_given *given, const gk_names *names, const char *dashes, const char *word);

/* The shorthand that a text is for this option; NULL: none.  And what it stands for, as to the option itself. */
const gk_shorthand *gk_shorthand_find(const gk_given *given, const gk_option *option, const char *text);
const char *gk_shorthand_value(gk_given *given, const gk_shorthand *shorthand);

/* "an mlp", in the arena */
const char *gk_condition_words(const gk_condition *condition, gk_arena *arena);

/* "a whole number from 1 to 10" */
void gk_option_describe(const gk_option *option, char *buffer, size_t n_bytes);

/* The default as text, in the arena; NULL if the option has none. */
const char *gk_option_default(gk_arena *arena, const gk_option *option, const void *group_values);

/* Runs of the grid if `changed` had n_value values; more than GK_GRID_MAX counts as GK_GRID_MAX + 1. */
int64_t gk_grid_n_run_with(const gk_given *given, const gk_setting *changed, int64_t n_value);

/* Names of the shorthands of an option, with commas; NULL: it has none. */
const char *gk_shorthand_names(gk_given *given, const gk_option *option);

void gk_help_print(FILE *out, gk_given *given);
void gk_help_print_usage(FILE *out, const gk_given *given);
void gk_help_print_presets(FILE *out, const gk_cli *cli);    /* and shorthands */

#endif
