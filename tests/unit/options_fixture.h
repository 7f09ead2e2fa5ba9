/* options_fixture.h -- the option tables of an imagined tool, for test_options.c and test_options_value.c. */
#ifndef GK_TESTS_OPTIONS_FIXTURE_H
#define GK_TESTS_OPTIONS_FIXTURE_H

#include <float.h>
#include "base/options.h"
#include "../test.h"

typedef int task_kind;    /* -1: none */
static const char *const task_kind_names[] = { "add", "subtract", "multiply", NULL };

static struct values {
    int64_t     steps, seed, width;
    double      decay, rate, share, unset;
    task_kind   task, mode;
    bool        tied, quiet;
    const char *output, *name, *resume;
} values;

static const struct values defaults = {
    .steps = 100000, .width = 128, .decay = 1, .rate = 0.001, .share = 0.3, .unset = NAN, .mode = -1, .tied = true, .name = "run",
};

GK_CONDITION(multiplies, struct values, "'--task multiply'", at->task == 2);
GK_CONDITION(decays, struct values, "a --weight-decay above 0", at->decay > 0);

#define GK_OPTIONS_OF struct values

static const gk_option model_options[] = {
    GK_CHOICE_OPTION("task", task, task_kind, .flags = GK_VARY, .help = "operation to learn"),
    GK_CHOICE_OPTION("mode", mode, task_kind, .help = "a choice without default"),
    GK_INT_OPTION("width", width, 1, 65536, .flags = GK_VARY | GK_SHAPE, .help = "size of the hidden layer"),
    GK_SWITCH_OPTION("tied", tied, .key = 't', .flags = GK_VARY, .help = "tie the embeddings"),
    GK_OPTION_END
};
static const gk_option run_options[] = {
    GK_INT_OPTION("steps", steps, 1, 9e15, .key = 'n', .flags = GK_RESUME, .help = "optimiser updates"),
    GK_INT_OPTION("seed", seed, -9e18, 9e18, .key = 's', .flags = GK_VARY, .help = "seed of the run"),
    GK_REAL_OPTION("weight-decay", decay, 0, HUGE_VAL, .flags = GK_VARY, .help = "decoupled weight decay"),
    GK_REAL_OPTION("weight-rate", rate, 0, 1, .alias = "eta", .flags = GK_VARY, .when = &decays, .help = "a rate"),
    GK_REAL_OPTION("share", share, DBL_MIN, 1 - DBL_EPSILON / 2, .arg = "F", .help = "share of the items"),
    GK_REAL_OPTION("unset", unset, -1, 1, .flags = GK_VARY, .when = &multiplies, .help = "a number without default"),
    GK_TEXT_OPTION("output", output, .key = 'o', .flags = GK_HIDDEN, .arg = "FILE", .help = "where the checkpoint goes"),
    GK_TEXT_OPTION("name", name, .flags = GK_VARY, .help = "name of the run"),
    GK_SWITCH_OPTION("quiet", quiet, .key = 'q', .flags = GK_HIDDEN, .help = "errors only"),
    GK_OPTION_END
};
static const gk_option required_options[] = {
    GK_TEXT_OPTION("resume", resume, .flags = GK_REQUIRED, .arg = "FILE", .help = "checkpoint to go on with"),
    GK_OPTION_END
};

static const gk_option_group groups[] = {
    { "Model", model_options, &values },
    { "Run", run_options, &values },
    { NULL, NULL, NULL },
};
static const gk_option_group required_groups[] = {
    { "Run", required_options, &values },
    { NULL, NULL, NULL },
};
static const gk_preset presets[] = {
    { "nanda", "Nanda et al. 2023", "task=multiply steps=40000 weight-decay=1 tied=no" },
    { "grid", "our own", "seed=0..2 quiet weight-rate=0.1" },
    { "wider", "our own", "task=wide width=1024" },
    { "idle", "our own", "weight-decay=0 weight-rate=0.5 unset=0.5" },
    { NULL, NULL, NULL },
};

static const gk_shorthand shorthands[] = {
    { "task", "wide", "task=subtract width=512 weight-decay=0.5" },
    { "task", "narrow", "task=multiply width=2" },
    { NULL, NULL, NULL },
};

static const gk_cli cli = {
    .name = "grok-x", .summary = "Trains something.", .arguments = "FILE...",
    .details = "Exit codes: 0 done; 1 failed; 2 usage.", .groups = groups, .values = &values, .n_bytes = sizeof values,
    .judged_later = true,
    .presets = presets, .shorthands = shorthands, .max_arguments = 2
};
static const gk_cli cli_required = { .name = "grok-r", .summary = "Needs things.", .arguments = "FILE",
                                     .groups = required_groups, .min_arguments = 1, .max_arguments = -1 };

enum { MAX_WORD = 24 };

/* Parse a line of words; values start from the defaults.  The words live until the next call. */
static inline gk_given *parse_with(const gk_cli *which, const char *line)
{
    static char text[512], *words[MAX_WORD];
    int n = 0;
    values = defaults;
    snprintf(text, sizeof text, "%s %s", which->name, line);
    for (char *word = strtok(text, " "); word && n < MAX_WORD - 1; word = strtok(NULL, " "))
        words[n++] = word;
    words[n] = NULL;
    return gk_options_parse(which, n, words);
}

static inline gk_given *parse(const char *line)
{
    return parse_with(&cli, line);
}

#endif
