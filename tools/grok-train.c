/* grok-train -- train a model, or a grid of models at once, and write a checkpoint. */
#include "training.h"

static const char details[] =
    "Examples:\n"
    "  grok-train --task add --prime 113 --fraction 0.3 --weight-decay 1 --seed 0..3 -o teacher.h5\n"
    "  grok-train --resume teacher.h5 --steps 40000\n"
    "  grok-train --preset nanda --stop 'test_acc>=0.99 for 3' -o - | tee nanda.h5 | grok-log -\n"
    "  grok-train --weight-decay 0.1:10:x5 --seed 0..9 --keep metrics --dry-run\n"
    "\n"
    "Lists and ranges: 1,2,3; 0..9; 0:1:5 (5 points); 0.01:10:x7 (7 points, evenly spaced in the logarithm).  All\n"
    "combinations are trained, together where their shapes allow.\n"
    "\n"
    "A run that is interrupted (Ctrl-C, SIGTERM, SIGUSR1 and whatever else asks a program to end; --time-limit) writes its\n"
    "checkpoint and says how to go on; going on gives the same bytes as never having stopped.  A second Ctrl-C or SIGTERM\n"
    "ends it at once.\n"
    "\n"
    GK_TRAINING_EXIT;

int main(int argc, char **argv)
{
    const gk_training_tool tool = { .name = "grok-train", .details = details,
                                    .summary = "train a model, or a grid of models at once, and write a checkpoint" };
    return gk_training_main(&tool, argc, argv);
}
