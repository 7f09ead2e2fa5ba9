/* train_fixture.h -- a command line of grok-train in a test, without the program. */
#ifndef GK_TESTS_TRAIN_FIXTURE_H
#define GK_TESTS_TRAIN_FIXTURE_H

#include <stdlib.h>
#include "train/train.h"
#include "../test.h"

enum { MAX_WORDS = 64 };

typedef struct command {
    gk_config       config;
    gk_option_group groups[GK_CONFIG_N_GROUP + 1];
    gk_cli          cli;
    char           *words;
    char           *argv[MAX_WORDS];
    gk_given       *given;
} command;

/* `line`: options separated by blanks. */
static inline void command_init(command *c, const char *line)
{
    int argc = 0;
    *c = (command){ .config = gk_config_defaults(), .words = strdup(line) };
    gk_config_groups(&c->config, c->groups);
    c->cli = (gk_cli){ .name = "grok-train", .summary = "a test", .groups = c->groups, .values = &c->config,
                         .n_bytes = sizeof c->config, .judged_later = true, .presets = gk_presets,
                       .shorthands = gk_model_shorthands };
    c->argv[argc++] = (char *)"grok-train";
    for (char *rest = c->words, *word; argc < MAX_WORDS && (word = strsep(&rest, " "));)
        if (*word)
            c->argv[argc++] = word;
    c->given = gk_options_parse(&c->cli, argc, c->argv);
}

static inline bool never_interrupted(void *context)
{
    (void)context;
    return false;
}

static inline void no_progress(void *context, const gk_train_status *status)
{
    (void)context;
    (void)status;
}

/* Of a run that nobody watches or interrupts. */
static inline gk_train_hooks quiet_hooks(void)
{
    return (gk_train_hooks){ .progress = no_progress, .interrupted = never_interrupted };
}

static inline void command_release(command *c)
{
    gk_given_free(c->given);
    free(c->words);
}

#endif
