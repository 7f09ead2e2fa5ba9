/* options_private.h -- what options.c, options_value.c, options_help.c and grid.c share. */
#ifndef GK_BASE_OPTIONS_PRIVATE_H
#define GK_BASE_OPTIONS_PRIVATE_H

#include <stdio.h>
#include "base/options.h"

typedef union gk_value {
    bool        is_on;
    int64_t     whole;
    double      real;
    int         choice;
    const char *text;
} gk_value;

/* One option of the tool, and what was said about it. */
typedef struct gk_setting {
    const gk_option_group *group;
    const gk_option       *option;
    const char            *text;       /* in force; NULL: none */
    gk_value              *values;     /* NULL: never set, the default is in the group's struct */
    int64_t                n_value;    /* 1 for a default */
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
    const char      *preset;           /* the struct of preset_group */
    gk_option_group  preset_group;
};

/* The values that a text stands for: one, or for GK_VARY a list.  Array and texts are in the arena. */
int  gk_values_parse(gk_arena *arena, const gk_option *option, const char *text, gk_value **values, int64_t *n_value);
void gk_value_store(const gk_option *option, void *group_values, gk_value value);
const char *gk_value_format(const gk_option *option, const void *group_values, char *buffer, size_t n_bytes);

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
