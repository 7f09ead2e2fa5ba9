/* grok-distill -- train students with teachers. */
#include "training.h"

static const char details[] =
    "L = (1 - a) loss + a KL(softmax(f_T / t) || softmax(f_S / t)), with a of --kd-weight and t of --temperature.  KL\n"
    "stands at the operator's token (op), at the last (last), or is the mean of both.  Teachers are frozen; what they say\n"
    "about the train items is computed once.  A teacher's vocabulary, sequence, model, task and prime are the student's\n"
    "defaults.  With several runs in the teacher's checkpoint, each student is taught by the run that has its seed.  In the\n"
    "history, train_loss and test_loss are the loss on labels, kd_loss is KL on the train items.\n"
    "\n"
    "Examples:\n"
    "  grok-train --preset kd --fraction 0.3 --weight-decay 1 --seed 0..4 -o t113.h5\n"
    "  grok-distill --teacher t113.h5 --prime 97 --fraction 0.2 --weight-decay 1 --seed 0..4 -o s.h5\n"
    "  grok-distill --teacher p1=t113.h5 --teacher p2=s.h5 --prime 113 --join add:97:0.1 --kl-at last --kd-weight 1 \\\n"
    "      --d-model 256 --d-mlp 1024 --n-head 8 -o joint.h5\n"
    "  grok-distill --teacher t113.h5 --prime 97 --temperature 1,2,4 --kd-weight 0.1,0.5,0.9 --keep metrics -o grid.h5\n"
    "  grok-train -o - | grok-distill --teacher - --prime 97 --kl-at last -o - | grok-log --final -\n"
    "\n"
    GK_TRAINING_EXIT;

/* A task modulo a prime that nobody has named is the teacher's. */
static void take_task(gk_given *given, const gk_config *config, const gk_source *teacher)
{
    static const char *const names[] = { "task", "prime" };
    const gk_config taught = gk_source_config(teacher, config->teach.teacher_run > 0 ? config->teach.teacher_run : 0);
    bool     is_other = !gk_option_is_default(given, "task") && !gk_task_has(config->data.task, GK_TASK_JOINS);
    bool     is_file = config->data.data_file || taught.data.data_file;
    gk_arena arena = { 0 };
    for (size_t i = 0; i < 2 && !is_other && !is_file && gk_task_has(taught.data.task, GK_TASK_JOINS); i++) {
        const gk_option *option = gk_option_find(teacher->given, names[i]);
        if (gk_option_is_default(given, names[i]) && !gk_option_is_default(teacher->given, names[i]) &&
            gk_option_set(given, names[i], gk_option_format(teacher->given, option, &taught, &arena)) < 0)
            gk_die();
    }
    gk_arena_release(&arena);
}

/* What is compared at an operator's token by default needs one. */
static void choose_place(gk_given *given, const gk_config *config)
{
    bool has_operator = false;
    for (int64_t run = 0; run < gk_grid_n_run(given) && !has_operator; run++) {
        gk_config its = *config;
        gk_grid_select(given, run, &its);
        has_operator = gk_operator_position(&its.data) >= 0;
    }
    if (!has_operator && gk_option_is_default(given, "kl-at") && gk_option_set(given, "kl-at", "last") < 0)
        gk_die();
}

static void open_sources(gk_given *given, gk_config *config, bool resumed, gk_sources *sources)
{
    if (!config->teach.teachers)
        gk_usage("no teacher: give --teacher FILE");
    sources->teachers = gk_teachers_read(config->teach.teachers);
    if (!sources->teachers)
        gk_die();
    if (resumed)
        return;
    take_task(given, config, &sources->teachers->source[0]);
    if (gk_source_defaults(&sources->teachers->source[0], given) < 0)
        gk_die();
    choose_place(given, config);
}

int main(int argc, char **argv)
{
    const gk_training_tool tool = { .name = "grok-distill", .details = details, .groups = GK_CONFIG_TEACH,
                                    .open_sources = open_sources,
                                    .summary = "train students with teachers, and write a checkpoint" };
    return gk_training_main(&tool, argc, argv);
}
