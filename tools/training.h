/* training.h -- what the tools that train share: from the command line to the checkpoint. */
#ifndef GK_TOOLS_TRAINING_H
#define GK_TOOLS_TRAINING_H

#include "base/die.h"
#include "train/train.h"

/* The end of --help. */
#define GK_TRAINING_EXIT \
    "Exit status: 0 done; 1 failed; 2 wrong usage; 4 out of time (--time-limit, or a Slurm job near its end), 128 + N ended\n" \
    "by signal N (130 Ctrl-C, 143 SIGTERM): both with the checkpoint written, if an update was made.\n"

typedef struct gk_training_tool {
    const char *name, *summary, *details;
    unsigned    groups;            /* GK_CONFIG_*: options beside those of every tool that trains; 0: none */
    void      (*defaults)(gk_config *config);    /* change what holds if nothing is given; NULL: nothing */
    /* Read the teachers and the base that the options name, and let options that nobody has set follow from them (resumed: all
     * options are set).  Ends the program if something is wrong.  NULL: there are none. */
    void      (*open_sources)(gk_given *given, gk_config *config, bool resumed, gk_sources *sources);
} gk_training_tool;

/* The whole program; its exit status. */
int gk_training_main(const gk_training_tool *tool, int argc, char **argv);

#endif
