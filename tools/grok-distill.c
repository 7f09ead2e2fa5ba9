/* grok-distill -- train students with teachers. */
#include "training.h"

static const char details[] =
    "L = (1 - a) loss + a KL(softmax(f_T / t) || softmax(f_S / t)), with a of --kd-weight and t of --temperature.  KL\n"
    "stands at the operator's token (op), at the last (last), or is the mean of both.  Teachers are frozen; what they say\n"
    "about the train items is computed once.  A teacher's vocabulary, sequence and model are the student's defaults.  With\n"
    "several runs in the teacher's checkpoint, each student is taught by the run that has its seed.  In the history,\n"
    "train_loss and test_loss are the loss on labels, kd_loss is KL on the train items.\n"
    "\n"
    "Examples:\n"
    "  grok-distill --teacher t113.h5 --prime 97 --fraction 0.2 --weight-decay 1 --seed 0..4 -o s.h5\n"
    "  grok-distill --teacher p1=t113.h5 --teacher p2=s.h5 --prime 113 --join add:97:0.1 --kl-at last --kd-weight 1 \\\n"
    "      --d-model 256 --d-mlp 1024 --n-head 8 -o joint.h5\n"
    "  grok-distill --teacher t113.h5 --prime 97 --temperature 1,2,4 --kd-weight 0.1,0.5,0.9 --keep metrics -o grid.h5\n"
    "  grok-train -o - | grok-distill --teacher - --prime 97 --kl-at last -o - | grok-log --final -\n"
    "\n"
    GK_TRAINING_EXIT;

static void open_sources(gk_given *given, gk_config *config, bool resumed, gk_sources *sources)
{
    if (!config->teach.teachers)
        gk_usage("no teacher: give --teacher FILE");
    sources->teachers = gk_teachers_read(config->teach.teachers);
    if (!sources->teachers)
        gk_die();
    for (int i = 0; i < sources->teachers->n; i++)
        gk_warn_of_ungrokked(&sources->teachers->source[i]);
    if (!resumed && gk_source_defaults(&sources->teachers->source[0], given) < 0)
        gk_die();
}

int main(int argc, char **argv)
{
    const gk_training_tool tool = { .name = "grok-distill", .details = details, .groups = GK_CONFIG_TEACH,
                                    .open_sources = open_sources,
                                    .summary = "train students with teachers, and write a checkpoint" };
    return gk_training_main(&tool, argc, argv);
}
