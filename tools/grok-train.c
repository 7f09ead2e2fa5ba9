/* grok-train -- train a model, or a grid of models at once, and write a checkpoint. */
#include <omp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/die.h"
#include "progress.h"
#include "train/cost.h"

static gk_config config;

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
    "A run that is interrupted (SIGINT, SIGTERM) writes its checkpoint and says how to go on; going on gives the same bytes\n"
    "as never having stopped.\n"
    "\n"
    "Exit status: 0 done; 1 failed; 2 wrong usage; 130, 143 interrupted, checkpoint written.\n";

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return a && b && stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Where to write; NULL with --dry-run. */
static const char *choose_output(void)
{
    const gk_run_args *run = &config.run;
    const char *output = run->output;
    if (run->dry_run)
        return NULL;
    if (!output && run->resume && strcmp(run->resume, "-") != 0)
        output = run->resume;
    if (!output)
        gk_usage("no output: give -o FILE, or '-o -' for standard output, or --dry-run");
    if (strcmp(output, "-") == 0 && isatty(STDOUT_FILENO))
        gk_usage("the checkpoint would go to the terminal: give -o FILE, or pipe '-o -' into something");
    if (same_file(output, config.data.data_file))
        gk_usage("'-o %s' would overwrite the data", output);
    if (same_file(output, config.data.split_file))
        gk_usage("'-o %s' would overwrite the split", output);
    return output;
}

static gk_checkpoint *resume(gk_given *given)
{
    if (!config.run.resume)
        return NULL;
    gk_checkpoint *checkpoint = gk_checkpoint_read(config.run.resume, GK_READ_ALL);
    if (!checkpoint)
        gk_die();
    if (gk_config_restore(given, checkpoint) < 0)
        gk_usage("%s", gk_error_message());
    return checkpoint;
}

static void choose_device(gk_train_setup *setup)
{
    if (config.run.device == GK_DEVICE_CUDA) {
        gk_error("no CUDA plug-in found: use --device cpu");
        gk_die();
    }
    setup->n_thread = config.run.n_thread > 0 ? (int)config.run.n_thread : omp_get_max_threads();
    setup->device = "cpu";
}

static int dry_run(const gk_plan *plan, const gk_train_setup *setup)
{
    gk_plan_cost cost;
    if (gk_plan_print(plan, setup, &cost) < 0)
        gk_die();
    gk_log("%lld %s in %d %s: %.3g FLOP, %.3g MB of memory, about %.3g s", (long long)plan->n_run,
           plan->n_run == 1 ? "run" : "runs", plan->n_group, plan->n_group == 1 ? "group" : "groups", cost.flops,
           (double)cost.peak_bytes / 1e6, cost.time_s);
    gk_checkpoint_free(setup->resume);
    return GK_EXIT_OK;
}

static int train(const gk_plan *plan, const gk_train_setup *setup)
{
    gk_training *training = gk_training_new(plan, setup);
    gk_train_summary before;
    if (!training)
        gk_die();
    gk_training_summary(training, &before);
    if (!gk_training_has_work(training)) {
        gk_log("nothing to do: '%s' is at step %lld of %lld, or all its runs have stopped; give more --steps, or another --stop",
               config.run.resume, (long long)before.last_step, (long long)plan->first.run.steps);
        gk_training_free(training);
        return GK_EXIT_OK;
    }
    if (config.run.device == GK_DEVICE_AUTO)
        gk_log("device: cpu, %d %s", setup->n_thread, setup->n_thread == 1 ? "thread" : "threads");
    gk_train_hooks hooks = gk_progress_begin(config.run.quiet);
    int end = gk_training_run(training, &hooks), number = gk_progress_end(), status = GK_EXIT_OK;
    if (end < 0)
        gk_die();
    if (end == GK_TRAIN_INTERRUPTED)
        status = gk_progress_interrupted(number, training, setup->output);
    else
        gk_progress_report(training, setup->output);
    gk_training_free(training);
    return status;
}

int main(int argc, char **argv)
{
    gk_option_group groups[GK_CONFIG_N_GROUP + 1] = { { 0 } };
    const gk_cli cli = { .name = "grok-train", .summary = "train a model, or a grid of models at once, and write a checkpoint",
                         .details = details, .groups = groups, .presets = gk_presets };
    config = gk_config_defaults();
    gk_config_groups(&config, groups);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_quiet(config.run.quiet);

    gk_train_setup setup = { .backend = { &gk_backend_cpu_f32, &gk_backend_cpu_f64 }, .tool = "grok-train" };
    setup.resume = resume(given);
    if (gk_config_check(&config) < 0)
        gk_usage("%s", gk_error_message());
    setup.output = choose_output();
    choose_device(&setup);
    gk_plan *plan = gk_plan_new(given, &config, NULL);
    if (!plan)
        gk_die();
    if (plan->warning)
        gk_warn("%s", plan->warning);
    int status = setup.output ? train(plan, &setup) : dry_run(plan, &setup);
    gk_plan_free(plan);
    gk_given_free(given);
    return status;
}
