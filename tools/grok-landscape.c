/* grok-landscape.c -- reduced landscapes: a grid of trainings whose norm is held, alpha by alpha (Liu et al. 2022, Omnigrok). */
#include <stdio.h>
#include <string.h>
#include "training.h"

static const char details[] =
    "A cell is a run that looks for the lowest train loss on the sphere of norm alpha x the norm of its initial parameters;\n"
    "what it found is kept in /landscape of the checkpoint, with its history.\n\n"
    "Lists: 1,2,3   0..9 (whole numbers)   0:1:5 (linear)   0.01:10:x7 (logarithmic).  All lists together are the grid.\n\n"
    "  grok-landscape --data mnist --model mlp-784 --alpha 0.1:10:x21 --size 100,1000,10000 --batch 100 -o land.h5\n"
    "  grok-landscape --preset omni-toy --alpha 0:9:21 --messiness 0:0.2:21 -o toy.h5\n"
    "  grok-landscape --resume land.h5\n"
    "  grok-log --landscape land.h5 | head\n"
    "  grok-plot land.h5 --heatmap test_error --x alpha --y size --contours 0.1,0.2,0.3 -o land.svg\n"
    "  grok-landscape --shard 1/2 ... -o a.h5;  grok-landscape --shard 2/2 ... -o b.h5;  grok-merge a.h5 b.h5 -o land.h5\n\n"
    GK_TRAINING_EXIT;

static void defaults(gk_config *config)
{
    config->update.constrain = GK_CONSTRAIN_GLOBAL;
    config->run.log_every = 50;
    config->run.keep = GK_KEEP_METRICS;
}

/* --until-flat is a stop rule beside those that are given. */
static void add_stop_rule(gk_given *given, gk_config *config, bool resumed, gk_sources *sources)
{
    (void)sources;
    char rule[4096];
    const char *other = config->run.stop && strcmp(config->run.stop, "none") != 0 ? config->run.stop : NULL;
    if (resumed || config->landscape.until_flat == 0)
        return;
    if (snprintf(rule, sizeof rule, "%s%strain_loss flat %.17g", other ? other : "", other ? "; " : "",
                 config->landscape.until_flat) >= (int)sizeof rule)
        gk_usage("'--stop' is too long");
    if (gk_option_set(given, "stop", rule) < 0)
        gk_die();
}

int main(int argc, char **argv)
{
    const gk_training_tool tool = {
        .name = "grok-landscape", .summary = "find the lowest train loss at every norm: a landscape over alpha and data",
        .details = details, .groups = GK_CONFIG_LANDSCAPE, .defaults = defaults, .open_sources = add_stop_rule,
    };
    return gk_training_main(&tool, argc, argv);
}
