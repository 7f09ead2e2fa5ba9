/* grok-import -- make a checkpoint of parameters that another program has trained. */
#include "train/weights.h"
#include "training.h"

static const char details[] =
    "Takes the options of grok-train, which say what the model and its data are, and begins with the tensors of a file\n"
    "in place of initial parameters.  Without --steps no update is made: the checkpoint holds the parameters, and their\n"
    "losses on the data.  It trains on with --resume, and every tool takes it as it takes one of grok-train.  Nothing in\n"
    "the file is executed: a pickle is parsed, and only tensors in dictionaries and lists are taken from it.\n"
    "\n"
    "What a safetensors file of grok-export says of itself holds unless it is given: --names, and all options of data, the\n"
    "seed and the fraction among them, so that the split is that of the run.  Of other files the split is drawn anew, and\n"
    "items that count as test may have been trained on, which a warning says: give --split, or the seed and fraction of a\n"
    "run of ours.\n"
    "\n"
    "Examples:\n"
    "  grok-import --weights model.safetensors --preset nanda -o run.h5\n"
    "  grok-import --weights grokking_demo.pth --names transformerlens --prefix model. --preset nanda -o run.h5\n"
    "  grok-import --weights data.pth --names progress-measures --prefix state_dicts.0. --preset nanda -o run.h5\n"
    "  grok-import --resume run.h5 --steps 10000\n"
    "\n"
    "docs/models.md says what each parameter is.  grok-export is the way there.\n"
    "\n"
    GK_TRAINING_EXIT;

static void open_sources(gk_given *given, gk_config *config, bool resumed, gk_sources *sources)
{
    static gk_source weights;
    if (!config->weights.file)
        gk_usage("nothing to import: give --weights FILE");
    /* A preset's steps are those of a training. */
    if (!resumed && !gk_option_given(given, "steps") && gk_option_set(given, "steps", "0") < 0)
        gk_die();
    if (!resumed || gk_grid_n_run(given) > 1) {    /* resumed: for runs that have not begun; if there are none, nobody asks */
        if (gk_weights_read(resumed ? NULL : given, config, &weights, &sources->warning) == 0)
            sources->base = &weights;
        else if (!resumed)
            gk_die();
    }
}

int main(int argc, char **argv)
{
    const gk_training_tool tool = { .name = "grok-import", .details = details, .groups = GK_CONFIG_WEIGHTS,
                                    .open_sources = open_sources,
                                    .summary = "make a checkpoint of parameters that another program has trained" };
    return gk_training_main(&tool, argc, argv);
}
