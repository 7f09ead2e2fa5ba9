/* options_fixture.h -- the option tables of an imagined tool, for test_options.c and test_options_value.c. */
#ifndef GK_TESTS_OPTIONS_FIXTURE_H
#define GK_TESTS_OPTIONS_FIXTURE_H

#include <float.h>
#include "base/options.h"
#include "../test.h"

static const char *const tasks[] = { "add", "subtract", "multiply", NULL };

static struct values {
    int64_t     steps, seed, width;
    double      decay, rate, share, unset;
    int         task, mode;
    bool        tied, quiet;
    const char *output, *name, *resume;
} values;

static const struct values defaults = {
    .steps = 100000, .width = 128, .decay = 1, .rate = 0.001, .share = 0.3, .unset = NAN, .mode = -1, .tied = true, .name = "run",
};

#define AT(field) offsetof(struct values, field)

static const gk_option model_options[] = {
    { "task", 0, GK_CHOICE, AT(task), 0, 0, tasks, GK_VARY, NULL, "operation to learn" },
    { "mode", 0, GK_CHOICE, AT(mode), 0, 0, tasks, 0, NULL, "a choice without default" },
    { "width", 0, GK_INT, AT(width), 1, 65536, NULL, GK_VARY | GK_SHAPE, NULL, "size of the hidden layer" },
    { "tied", 't', GK_SWITCH, AT(tied), 0, 0, NULL, GK_VARY, NULL, "tie the embeddings" },
    GK_OPTION_END
};
static const gk_option run_options[] = {
    { "steps", 'n', GK_INT, AT(steps), 1, 9e15, NULL, GK_RESUME, NULL, "optimiser updates" },
    { "seed", 's', GK_INT, AT(seed), -9e18, 9e18, NULL, GK_VARY, NULL, "seed of the run" },
    { "weight-decay", 0, GK_REAL, AT(decay), 0, HUGE_VAL, NULL, GK_VARY, NULL, "decoupled weight decay" },
    { "weight-rate", 0, GK_REAL, AT(rate), 0, 1, NULL, GK_VARY, NULL, "a rate" },
    { "share", 0, GK_REAL, AT(share), DBL_MIN, 1 - DBL_EPSILON / 2, NULL, 0, "F", "share of the items" },
    { "unset", 0, GK_REAL, AT(unset), -1, 1, NULL, GK_VARY, NULL, "a number without default" },
    { "output", 'o', GK_TEXT, AT(output), 0, 0, NULL, GK_HIDDEN, "FILE", "where the checkpoint goes" },
    { "name", 0, GK_TEXT, AT(name), 0, 0, NULL, GK_VARY, NULL, "name of the run" },
    { "quiet", 'q', GK_SWITCH, AT(quiet), 0, 0, NULL, GK_HIDDEN, NULL, "errors only" },
    GK_OPTION_END
};
static const gk_option required_options[] = {
    { "resume", 0, GK_TEXT, AT(resume), 0, 0, NULL, GK_REQUIRED, "FILE", "checkpoint to go on with" },
    GK_OPTION_END
};

static const gk_option_group groups[] = {
    { "Model", model_options, &values, sizeof values },
    { "Run", run_options, &values, sizeof values },
    { NULL, NULL, NULL, 0 },
};
static const gk_option_group required_groups[] = {
    { "Run", required_options, &values, sizeof values },
    { NULL, NULL, NULL, 0 },
};
static const gk_preset presets[] = {
    { "nanda", "Nanda et al. 2023", "task=multiply steps=40000 weight-decay=1 tied=no" },
    { "grid", "our own", "seed=0..2 quiet weight-rate=0.1" },
    { "wider", "our own", "task=wide width=1024" },
    { NULL, NULL, NULL },
};

static const gk_shorthand shorthands[] = {
    { "task", "wide", "task=subtract width=512 weight-decay=0.5" },
    { "task", "narrow", "task=multiply width=2" },
    { NULL, NULL, NULL },
};

static const gk_cli cli = {
    "grok-x", "Trains something.", "FILE...", "Exit codes: 0 done; 1 failed; 2 usage.", groups, presets, shorthands, 0, 2
};
static const gk_cli cli_required = { "grok-r", "Needs things.", "FILE", NULL, required_groups, NULL, NULL, 1, -1 };

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
