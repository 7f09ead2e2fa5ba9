/* options.h -- one table per group of options gives parsing, range checks, --help, provenance and grids.
 *
 * A row points (by offset) into a plain struct; its initial contents are the defaults that --help shows.  Groups are
 * shared between tools, so that the same option means the same thing everywhere.  getopt_long does the parsing, so options
 * may be abbreviated and may stand after arguments; the last of several wins.
 *
 *   #define GK_OPTIONS_OF gk_run_args            // the struct that rows of this table point into
 *   static const gk_option run_options[] = {
 *       GK_INT_OPTION("steps", steps, 0, 1e15, .key = 'n', .flags = GK_RESUME, .help = "updates"),
 *       GK_CHOICE_OPTION("keep", keep, gk_keep, .help = "what is stored of finished runs"),
 *       GK_OPTION_END
 *   };
 *   #undef GK_OPTIONS_OF
 *
 * The compiler refuses a row whose kind is not that of the field.  Choices and their enum are made from one list (base/choice.h).
 *
 * Grids: an option with GK_VARY accepts a list or range of values; the product of all lists is the list of runs.
 *   1,2,3      a list            0..9         whole numbers 0, 1, ..., 9
 *   0:1:5      5 points, linear  0.01:10:x7   7 points, evenly spaced in the logarithm (both ends included)
 * Items may be mixed: 0,0.1:10:x3.  Choices, switches and texts take comma lists of names.  In a range of a whole-number
 * option the points are rounded; two that fall together are an error.  A grid has at most GK_GRID_MAX runs. */
#ifndef GK_BASE_OPTIONS_H
#define GK_BASE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"

typedef enum {
    GK_SWITCH,    /* bool;         --name / --name=no */
    GK_INT,       /* int64_t;      range [min, max] */
    GK_REAL,      /* double;       range [min, max]; a default that is not finite counts as none */
    GK_CHOICE,    /* an enum or int; index into choices[]; a default of -1 counts as none */
    GK_TEXT       /* const char *; NULL if not given and no default; control characters are refused */
} gk_option_type;

enum {
    GK_VARY     = 1,    /* accepts a list or range: one run per value */
    GK_SHAPE    = 2,    /* changes shapes: runs that differ here train in different groups */
    GK_RESUME   = 4,    /* may be given together with --resume */
    GK_REQUIRED = 8,
    GK_HIDDEN   = 16,   /* not recorded in /config: says how to run, not what (--quiet, --output, ...) */
    GK_MANY     = 32,   /* GK_TEXT: may be given several times; the texts are joined with commas, or `join` */
    GK_INHERIT  = 64,   /* unless given it follows from the checkpoint that a run goes on from or is taught by */
    GK_FILE     = 128   /* GK_TEXT: may name a file that is read, and that may have been moved with a checkpoint */
};

/* When an option has an effect. */
typedef struct gk_condition {
    const char *words;             /* "--optimizer sgd": completes "it is for ..." */
    bool      (*holds)(const void *values);    /* of one run, in a struct like that of gk_cli */
    const char *(*more)(gk_arena *arena);      /* the end of the words, where a table decides it; NULL */
} gk_condition;

/* A condition by name; in its test `at` is the struct:
 *   GK_CONDITION(with_sgd, gk_config, "--optimizer sgd", at->update.optimizer == GK_SGD);    and in a row: .when = &with_sgd */
#define GK_CONDITION(name, type, text, test) \
    static bool name##_holds(const void *of_run) { const type *at = of_run; return test; } \
    static const gk_condition name = { text, name##_holds, NULL }

/* Which texts a text with lists of its own stands for, one at least, in arena memory; -1 with gk_error. */
typedef int gk_text_lists(gk_arena *arena, const char *text, const char ***texts, int64_t *n_text);

typedef struct gk_option {
    const char         *name;      /* long name without dashes; '-' becomes '_' in files */
    const char         *alias;     /* another long name for it; NULL */
    int                 key;       /* short letter, or 0 */
    gk_option_type      type;
    size_t              offset;    /* of the value in the group's struct */
    double              min, max;  /* GK_INT, GK_REAL */
    const char *const  *choices;   /* GK_CHOICE: names, ended by NULL */
    unsigned            flags;
    const gk_condition *when;      /* without effect elsewhere; NULL: it always has one */
    const char         *join;      /* GK_MANY: between texts; NULL: a comma */
    gk_text_lists      *lists;     /* GK_TEXT with GK_VARY: where its lists are; NULL: between commas */
    const char         *arg;       /* name of the argument in --help, e.g. "FILE"; NULL: from the type */
    const char         *help;      /* one sentence, lower case, units where there are any */
} gk_option;

/* Rows, by kind: name, field of GK_OPTIONS_OF, what the kind needs, then members of gk_option by name, .help among them.
 * GK_CHOICE_OPTION takes the type of the field, whose names are <type>_names. */
#define GK_SWITCH_OPTION(long_name, field, ...) \
    { .name = (long_name), .type = GK_SWITCH, .offset = GK_OFFSET(bool, field), __VA_ARGS__ }
#define GK_INT_OPTION(long_name, field, least, most, ...) \
    { .name = (long_name), .type = GK_INT, .offset = GK_OFFSET(int64_t, field), .min = (least), .max = (most), __VA_ARGS__ }
#define GK_REAL_OPTION(long_name, field, least, most, ...) \
    { .name = (long_name), .type = GK_REAL, .offset = GK_OFFSET(double, field), .min = (least), .max = (most), __VA_ARGS__ }
#define GK_CHOICE_OPTION(long_name, field, choice_type, ...) \
    { .name = (long_name), .type = GK_CHOICE, .offset = GK_OFFSET(choice_type, field), .choices = choice_type##_names, \
      __VA_ARGS__ }
#define GK_TEXT_OPTION(long_name, field, ...) \
    { .name = (long_name), .type = GK_TEXT, .offset = GK_OFFSET(const char *, field), __VA_ARGS__ }
#define GK_OPTION_END { 0 }
/* The offset of a field; no program if it is not of this type. */
#define GK_OFFSET(type, field) _Generic(&((GK_OPTIONS_OF *)0)->field, type *: offsetof(GK_OPTIONS_OF, field))

typedef struct gk_option_group {
    const char      *heading;      /* in --help, e.g. "Optimiser" */
    const gk_option *options;      /* ended by GK_OPTION_END */
    void            *values;       /* the struct that the offsets refer to; holds the defaults */
} gk_option_group;

/* Named settings, applied before everything that is given on the command line. */
typedef struct gk_preset {
    const char *name;
    const char *source;            /* paper or code that the values are from */
    const char *settings;          /* "name=value name=value ..." (option names of the tool) */
} gk_preset;

/* A value of one option that stands for values of several: `--model mlp-ts` is `--model mlp --widths 100x100 ...`.  What is
 * recorded is what it stands for.  Like a preset it is applied before everything else on the command line, but after the preset;
 * it is no value in a list. */
typedef struct gk_shorthand {
    const char *option;            /* "model" */
    const char *name;              /* "mlp-ts" */
    const char *settings;          /* "model=mlp widths=100x100 ...": the option itself first */
} gk_shorthand;

/* What the command line said.  Values themselves are in the groups' structs (for a list: the first of its values). */
typedef struct gk_given gk_given;

typedef struct gk_cli {
    const char            *name;       /* "grok-train" */
    const char            *summary;    /* one line */
    const char            *arguments;  /* "CHECKPOINT..." or NULL */
    const char            *details;    /* after the options in --help: examples, exit codes */
    const gk_option_group *groups;     /* ended by a group without options */
    void                  *values;     /* the struct that those of all groups are in; NULL: there are no grids and conditions */
    size_t                 n_bytes;    /* its size */
    bool                   judged_later;    /* the tool itself calls gk_options_check_effect, once values are complete */
    const gk_preset       *presets;    /* ended by a row without name, or NULL; adds --preset NAME|help */
    const gk_shorthand    *shorthands; /* ended by a row without name, or NULL */
    int                  (*config)(gk_given *given, const char *path);    /* sets what a file says; adds --config FILE; NULL */
    int                    min_arguments, max_arguments;   /* max < 0: no limit */
} gk_cli;

/* Parse.  --help, --version, --usage and `--preset help` print to stdout and exit 0; a usage error is one line on stderr and
 * exit 2.  NULL never.  The result borrows argv; gk_given_free frees it (texts stay valid until then). */
gk_given   *gk_options_parse(const gk_cli *cli, int argc, char **argv);
gk_given   *gk_options_new(const gk_cli *cli);    /* the same without a command line: nothing is set */
void        gk_given_free(gk_given *given);

int         gk_given_n_argument(const gk_given *given);
const char *gk_given_argument(const gk_given *given, int index);
const char *gk_given_command_line(const gk_given *given);        /* shell-quoted, for provenance */
bool        gk_option_given(const gk_given *given, const char *name);   /* on the command line itself, not by a preset */
/* Has an option the same values in both, written this way or that (1e3, 1000; 0..2, 0,1,2)? */
bool        gk_option_same(const gk_given *a, const gk_given *b, const char *name);
bool        gk_option_is_default(const gk_given *given, const char *name);    /* nobody has set it */

/* Set an option from text, as if it stood on the command line (lists included; '_' may stand for '-' in the name; NULL turns
 * a switch on).  -1 with gk_error naming option, value, and what is accepted, and nothing is changed.  For presets and for
 * restoring a checkpoint's configuration; so "preset" only records the name here. */
int         gk_option_set(gk_given *given, const char *name, const char *text) GK_MUST_CHECK;

/* The same for what was recorded, and need have no effect (a list must have one, whoever gave it). */
int         gk_option_restore(gk_given *given, const char *name, const char *text) GK_MUST_CHECK;

/* All settings of a preset.  -1 with gk_error: there is none of this name. */
int         gk_preset_apply(gk_given *given, const char *name) GK_MUST_CHECK;

/* Is there such an option?  '_' may stand for '-'. */
const gk_option *gk_option_find(const gk_given *given, const char *name);

/* Make it that an option without a default has no value again; who asks whether it was given gets the same answer as before. */
void        gk_option_unset(gk_given *given, const char *name);

/* The text in force for an option: as given, or its default printed so that it parses back to the same value; NULL if it has
 * none.  Borrowed from `given`. */
const char *gk_option_text(gk_given *given, const char *name);

/* Visit every option of every group, in table order, and --preset last (for /config and for shape comparison).  Stops at
 * the first visit that does not return 0, and returns what that returned. */
typedef int gk_option_visitor(const gk_option_group *group, const gk_option *option, void *context);
int         gk_options_each(const gk_given *given, gk_option_visitor *visit, void *context);

/* Options that somebody set although they have no effect, by their rows' `when`, in any run of the grid; `values`, like
 * cli->values, holds what does not vary.  On the command line: -1 with gk_usage_error.  By a preset or shorthand: *idle says
 * it in a sentence, in arena memory (NULL: there are none).  A list, whoever gave it, must have an effect in every run: the
 * others would be copies, and count as runs. */
int gk_options_check_effect(const gk_given *given, const void *values, gk_arena *arena, const char **idle) GK_MUST_CHECK;

/* An option's name as files and columns have it: '_' for '-'.  In arena memory. */
char *gk_option_in_file(gk_arena *arena, const char *name);

/* The version of this build, e.g. "0.1.0+g3317170". */
const char *gk_version(void);

/* --- grids ------------------------------------------------------------------------------------------------------ */

enum { GK_GRID_MAX = 1000000 };

/* Options that have more than one value, in table order; the runs are their product, the last option fastest. */
int              gk_grid_n_varied(const gk_given *given);
const gk_option *gk_grid_varied(const gk_given *given, int index);
int64_t          gk_grid_n_run(const gk_given *given);

/* Write what varies, as run `run` (0-based) has it, into `values`: a copy of cli->values, or that itself. */
void             gk_grid_select(const gk_given *given, int64_t run, void *values);

/* Let an option of `to` have all the values that it has in one of the grids, each once and in ascending order; all are of the
 * same tables.  gk_options_check_effect judges the list.  -1 with gk_error, and nothing is changed: it takes no list, or has no
 * value in one of them, or the grid is too large. */
int              gk_grid_unite(gk_given *to, int n_grid, const gk_given *const *grid, const char *name) GK_MUST_CHECK;

/* Where the value of an option of the tool is, in a struct like cli->values; and its text, in arena memory. */
const void      *gk_option_place(const gk_given *given, const gk_option *option, const void *values);
const char      *gk_option_format(const gk_given *given, const gk_option *option, const void *values, gk_arena *arena);

/* Parse a whole number (1e5 is one too) / a finite number, decimal or a fraction (1/3), with nothing before or after it.  0, or
 * -1 with gk_error saying what was found. */
int gk_parse_int(const char *text, int64_t *out) GK_MUST_CHECK;
int gk_parse_real(const char *text, double *out) GK_MUST_CHECK;

/* The values that a text gives to a row of kind GK_REAL, lists and ranges included, in arena memory.  0, or -1 with gk_error. */
int gk_parse_reals(gk_arena *arena, const gk_option *option, const char *text, double **values, int64_t *n_value) GK_MUST_CHECK;
/* The shortest text that reads back as the number; returns buffer, of which 40 bytes are enough. */
const char *gk_print_real(double value, char *buffer, size_t n_bytes);

#endif
