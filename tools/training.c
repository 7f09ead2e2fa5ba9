/* training.c -- see training.h. */
#include "training.h"

#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/input.h"
#include "base/names.h"
#include "base/outfile.h"
#include "base/text.h"
#include "data/data_options.h"
#include "device.h"
#include "interrupt.h"
#include "io/text.h"
#include "progress.h"
#include "train/cost.h"

static gk_config config;

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    return a && b && stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static gk_config defaults_of(const gk_training_tool *tool)
{
    gk_config defaults = gk_config_defaults();
    defaults.landscape.on = tool->groups & GK_CONFIG_LANDSCAPE;
    if (tool->defaults)
        tool->defaults(&defaults);
    return defaults;
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
    if (same_file(output, run->resume))
        gk_outfile_continue(output, run->resume);
    if (run->force)
        gk_outfile_allow(output);
    return output;
}

/* One of more slices than there are runs: it has nothing to do, and that is no error. */
static bool is_empty_shard(const gk_given *given)
{
    int64_t first, end, n_run = gk_grid_n_run(given);
    if (gk_shard_parse(config.run.shard, n_run, &first, &end) < 0)
        gk_usage("%s", gk_error_message());
    if (first == end)
        gk_log("nothing to do: shard '%s' is empty: there %s only %lld run%s", config.run.shard,
               n_run == 1 ? "is" : "are", (long long)n_run, gk_s(n_run));
    return first == end;
}

/* A line of a text of options: "--option=value", "option value", "option"; NULL value: nothing behind the name. */
static char *split_line(char *line, char **value)
{
    char *name = line + strspn(line, "-"), *end = name + strcspn(name, "= \t");
    *value = NULL;
    if (*end) {
        char *rest = gk_text_trim(end);
        if (*rest == '=')
            rest = gk_text_trim(rest + 1);
        *end = '\0';
        *value = rest;
    }
    return name;
}

/* One line.  What can be given several times is joined as on the command line; anything else is said once. */
static int set_from_text(gk_given *given, gk_names *seen, bool is_record, const char *name, const char *value)
{
    const gk_option *option = gk_option_find(given, name);
    bool             again = false;
    for (int i = 0; option && i < seen->n; i++)
        again |= strcmp(seen->name[i], option->name) == 0;
    if (option && !again)
        gk_names_add(seen, option->name);
    if (again && !(option->flags & GK_MANY))
        return gk_usage_error("'--%s' is there twice", option->name);
    if (is_record)
        return gk_option_restore(given, name, value);
    if (strcmp(name, "preset") == 0 && value && gk_preset_apply(given, value) < 0)
        return -1;
    gk_arena arena = { 0 };
    if (again && value)
        value = gk_arena_printf(&arena, "%s%s%s", gk_option_text(given, option->name), option->join ? option->join : ",", value);
    int status = gk_option_set(given, name, value);
    gk_arena_release(&arena);
    return status;
}

/* A text of options.  With the header of `grok-log --config` it is what that prints of a checkpoint, and need have no effect. */
static int read_config_text(gk_given *given, const char *path)
{
    gk_text  text;
    gk_names seen = { 0 };
    bool     is_record = false;
    int      status = 0;
    if (gk_text_read(path, &text) < 0)
        return -1;
    for (char *line; status == 0 && (line = gk_text_line(&text));) {
        char *value;
        if (*(line = gk_text_trim(line)) == '\0' || *line == '#')
            continue;
        if (strcmp(line, "name\tvalue") == 0) {
            is_record = true;
            continue;
        }
        const char *name = split_line(line, &value);
        status = set_from_text(given, &seen, is_record, name, value);
        if (status < 0)
            gk_usage_error("'%s', line %lld: %s", path, (long long)text.line, gk_error_message());
    }
    gk_names_release(&seen);
    free(text.data);
    return status;
}

/* --config: a checkpoint, known by its first bytes, or a text. */
static int read_config(gk_given *given, const char *path)
{
    static const char signature[] = "\211HDF\r\n\032\n";
    char        begin[sizeof signature] = "";
    gk_arena    arena = { 0 };
    const char *left_out;
    FILE       *file = strcmp(path, "-") == 0 ? NULL : gk_input_stream(path);
    if (strcmp(path, "-") == 0)
        return gk_usage_error("'--config -': options are read from a file");
    if (!file)
        return gk_error("cannot open '%s': %s", path, strerror(errno));
    size_t n = fread(begin, 1, sizeof begin - 1, file);
    fclose(file);
    if (n < sizeof begin - 1 || memcmp(begin, signature, n) != 0)
        return read_config_text(given, path);
    gk_checkpoint *checkpoint = gk_checkpoint_read(path, 0);
    int status = checkpoint ? gk_config_replay(given, checkpoint, &arena, &left_out) : -1;
    if (status == 0 && *left_out)
        gk_warn("'%s' was made by %s; not replayed, since %s does not have them: %s", path, checkpoint->tool, gk_program_name(),
                left_out);
    gk_checkpoint_free(checkpoint);
    gk_arena_release(&arena);
    return status;
}

static gk_checkpoint *read_own(const gk_training_tool *tool, const char *path)
{
    gk_checkpoint *checkpoint = gk_checkpoint_read(path, GK_READ_ALL);
    if (!checkpoint)
        gk_die();
    if (strcmp(checkpoint->tool, tool->name) != 0)
        gk_usage("'%s' was made by %s: resume it with that", path, checkpoint->tool);
    return checkpoint;
}

static gk_checkpoint *resume(const gk_training_tool *tool, gk_given *given)
{
    if (config.run.resume && config.run.resume_or_start)
        gk_usage("'--resume' and '--resume-or-start' cannot both be given: the second takes the file of --output");
    if (!config.run.resume)
        return NULL;
    gk_checkpoint *checkpoint = read_own(tool, config.run.resume);
    if (gk_config_restore(given, checkpoint) < 0)
        gk_die();
    return checkpoint;
}

/* With --resume-or-start: the output, if it is there and was begun with this command; else NULL. */
static gk_checkpoint *find_begun(const gk_training_tool *tool, gk_given *given, const char *output)
{
    struct stat file;
    if (!config.run.resume_or_start || !output)
        return NULL;
    if (strcmp(output, "-") == 0)
        gk_usage("'--resume-or-start' needs a file: give -o FILE");
    if (stat(output, &file) < 0 && errno == ENOENT)
        return NULL;
    const gk_config defaults = defaults_of(tool);
    gk_checkpoint  *checkpoint = read_own(tool, output);
    if (gk_config_resolve_init(given, &config) < 0 || gk_config_agree(given, checkpoint, tool->groups, &defaults) < 0)
        gk_usage("%s", gk_error_message());
    gk_outfile_continue(output, output);
    return checkpoint;
}

static gk_compute compute;

static void choose_device(gk_train_setup *setup)
{
    gk_compute_choose(config.run.device, &compute);
    setup->n_thread = config.run.n_thread > 0 ? (int)config.run.n_thread : omp_get_max_threads();
    setup->device = compute.name;
    memcpy(setup->backend, compute.backend, sizeof compute.backend);
}

/* A device wants all cells of a landscape at once. */
static void choose_wave(gk_given *given, const gk_train_setup *setup)
{
    bool decided = !config.landscape.on || config.landscape.wave > 0 || setup->resume || strcmp(setup->device, "cpu") == 0;
    if (!decided && gk_option_set(given, "wave", "1000000") < 0)
        gk_die();
}

/* What was chosen, unless it is the CPU that was asked for. */
static void tell_device(const gk_plan *plan, const gk_train_setup *setup)
{
    if (strcmp(setup->device, "cpu") != 0)
        gk_log("device: %s, %s", setup->device, gk_option_text(plan->given, "precision"));
    else if (strcmp(config.run.device, "cpu") != 0)
        gk_log("device: cpu, %d %s%s", setup->n_thread, setup->n_thread == 1 ? "thread" : "threads", compute.why_cpu);
}

/* Does the device have every precision that is asked for? */
static void check_precisions(const gk_plan *plan, const gk_train_setup *setup)
{
    for (int i = 0; i < plan->n_group; i++)
        if (!setup->backend[plan->group[i].precision])
            gk_usage("'--precision %s' is for '--device cuda': the cpu has fp32 and fp64",
                     plan->group[i].precision == GK_PRECISION_TF32 ? "tf32" : "bf16");
}

static void check_memory(const gk_plan *plan, const gk_train_setup *setup)
{
    gk_arena    arena = { 0 };
    const char *warning;
    if (gk_plan_check_memory(plan, setup, &arena, &warning) < 0)
        gk_die();
    if (warning)
        gk_warn("%s", warning);
    gk_arena_release(&arena);
}

static int dry_run(const gk_plan *plan, const gk_train_setup *setup)
{
    gk_plan_cost cost;
    if (gk_plan_print(plan, setup, &cost) < 0)
        gk_die();
    char time[64] = "";
    if (!isnan(cost.time_s))    /* --timing=no */
        snprintf(time, sizeof time, ", about %.3g s", cost.time_s);
    gk_log("%lld run%s in %d group%s: %.3g FLOP, %.3g MB of memory%s", (long long)plan->n_run, gk_s(plan->n_run), plan->n_group,
           gk_s(plan->n_group), cost.flops, (double)cost.peak_bytes / 1e6, time);
    gk_checkpoint_free(setup->resume);
    return GK_EXIT_OK;
}

/* Why none of the runs goes on, and what would let it. */
static void tell_nothing_to_do(const gk_plan *plan, const gk_train_setup *setup, const gk_train_summary *did)
{
    const struct { int64_t n; const char *how; } runs[] = {
        { did->n_run - did->n_stopped - did->n_diverged, "finished (give more --steps)" },
        { did->n_stopped, "stopped (give another --stop)" },
        { did->n_diverged, "diverged (for good)" },
    };
    gk_arena    arena = { 0 };
    const char *text = "";
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        if (runs[i].n > 0)
            text = gk_arena_printf(&arena, "%s%s%lld %s", text, *text ? ", " : "", (long long)runs[i].n, runs[i].how);
    gk_log("nothing to do: '%s' is at step %lld of %lld; runs: %s", setup->resume->path, (long long)did->last_step,
           (long long)plan->first.run.steps, text);
    gk_arena_release(&arena);
}

static int train(const gk_plan *plan, const gk_train_setup *setup)
{
    gk_training *training = gk_training_new(plan, setup);
    gk_train_summary before;
    if (!training)
        gk_die();
    gk_training_summary(training, &before);
    if (!gk_training_has_work(training)) {
        tell_nothing_to_do(plan, setup, &before);
        gk_training_free(training);
        return GK_EXIT_OK;
    }
    tell_device(plan, setup);
    gk_train_hooks hooks = gk_progress_begin(config.run.quiet, config.landscape.on ? plan : NULL, setup->output);
    int end = gk_training_run(training, &hooks), status = GK_EXIT_OK;
    gk_progress_end();
    if (end < 0)
        gk_die();
    if (end == GK_TRAIN_INTERRUPTED)
        status = gk_progress_interrupted(training, setup->output);
    else
        gk_progress_report(training, setup->output);
    gk_training_free(training);
    return status;
}

static void warn_of_ungrokked(const gk_source *source)
{
    double worst = INFINITY;
    for (int64_t replica = 0; replica < source->group->n_replica; replica++)
        if (!gk_source_has_diverged(source, replica))    /* that is an error where it is learnt from */
            worst = fmin(worst, gk_source_test_accuracy(source, replica));
    if (worst < GK_LEARNT)
        gk_warn("%s '%s' has not grokked: test accuracy %.3g%s", source->role, source->path, worst,
                source->group->n_replica > 1 ? " in its worst run" : "");
}

/* What is said of teachers and base when nothing else is wrong: an error is one line. */
static void tell_sources(const gk_sources *sources, bool resumed)
{
    if (sources->base && !resumed)
        warn_of_ungrokked(sources->base);
    for (int i = 0; sources->teachers && !config.base.from && i < sources->teachers->n; i++)
        warn_of_ungrokked(&sources->teachers->source[i]);
    if (sources->warning)
        gk_warn("%s", sources->warning);
}

static void close_sources(gk_sources *sources)
{
    gk_teachers_free(sources->teachers);
    if (sources->base)
        gk_source_release(sources->base);
}

int gk_training_main(const gk_training_tool *tool, int argc, char **argv)
{
    gk_option_group groups[GK_CONFIG_MAX_GROUP + 1] = { { 0 } };
    const gk_cli cli = { .name = tool->name, .summary = tool->summary, .details = tool->details, .groups = groups,
                         .values = &config, .n_bytes = sizeof config, .judged_later = true,
                         .presets = gk_presets, .shorthands = gk_model_shorthands, .config = read_config };
    config = defaults_of(tool);
    if (tool->groups)
        gk_config_groups_of(&config, tool->groups, groups);
    else
        gk_config_groups(&config, groups);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_interrupt_watch();
    gk_interrupt_limit(config.run.time_limit);
    gk_data_resolve(given);
    if (!config.run.resume && gk_config_resolve(given) < 0)
        gk_usage("%s", gk_error_message());
    gk_quiet(config.run.quiet);

    gk_train_setup setup = { .tool = tool->name };
    gk_sources sources = { NULL, NULL, NULL };
    setup.resume = resume(tool, given);
    if (tool->open_sources)
        tool->open_sources(given, &config, setup.resume != NULL, &sources);
    const bool was_begun = setup.resume != NULL;
    if (gk_config_check(&config) < 0)
        gk_die();
    if (is_empty_shard(given))
        return GK_EXIT_OK;
    setup.output = choose_output();
    if (config.run.resume_or_start)
        setup.resume = find_begun(tool, given, setup.output);
    choose_device(&setup);
    choose_wave(given, &setup);
    gk_plan *plan = gk_plan_new(given, &config, &sources);
    if (!plan || (setup.resume && gk_plan_follow(plan, setup.resume) < 0))
        gk_die();
    check_precisions(plan, &setup);
    tell_sources(&sources, was_begun);
    if (plan->warning)
        gk_warn("%s", plan->warning);
    if (plan->leaks)
        gk_warn("%s", plan->leaks);
    if (setup.output)
        check_memory(plan, &setup);
    int status = setup.output ? train(plan, &setup) : dry_run(plan, &setup);
    gk_plan_free(plan);
    close_sources(&sources);
    gk_given_free(given);
    return status;
}
