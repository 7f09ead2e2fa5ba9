/* test_options.c -- the command line: what is given, presets, help, and every kind of mistake. */
#include "base/options.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "options_fixture.h"

/* --- values ------------------------------------------------------------------------------------------------------- */

TEST(without_options_the_defaults_hold)
{
    gk_given *given = parse("");
    CHECK_INT(values.steps, 100000);
    CHECK(values.decay == 1 && values.tied && !values.quiet && !values.output);
    CHECK_INT(gk_given_n_argument(given), 0);
    CHECK_INT(gk_grid_n_run(given), 1);
    CHECK_INT(gk_grid_n_varied(given), 0);
    CHECK(!gk_option_given(given, "steps"));
    CHECK_TEXT(gk_option_text(given, "steps"), "100000");
    CHECK_TEXT(gk_option_text(given, "weight-rate"), "0.001");
    CHECK_TEXT(gk_option_text(given, "task"), "add");
    CHECK_TEXT(gk_option_text(given, "tied"), "yes");
    CHECK_TEXT(gk_option_text(given, "name"), "run");
    CHECK(!gk_option_text(given, "output") && !gk_option_text(given, "unset") && !gk_option_text(given, "mode"));
    CHECK(!gk_option_text(given, "preset"));
    gk_given_free(given);
}

TEST(every_type_is_read_in_every_spelling)
{
    gk_given *given = parse("--steps=5 -s -3 --weight-decay 1e-2 --task=multiply --tied=no -o x.h5 a.h5 -q --name=n b.h5");
    CHECK_INT(values.steps, 5);
    CHECK_INT(values.seed, -3);
    CHECK(values.decay == 0.01);
    CHECK_INT(values.task, 2);
    CHECK(!values.tied && values.quiet);
    CHECK_TEXT(values.output, "x.h5");
    CHECK_TEXT(values.name, "n");
    CHECK_INT(gk_given_n_argument(given), 2);
    CHECK_TEXT(gk_given_argument(given, 0), "a.h5");
    CHECK_TEXT(gk_given_argument(given, 1), "b.h5");
    CHECK(gk_option_given(given, "steps") && gk_option_given(given, "output") && !gk_option_given(given, "width"));
    CHECK_TEXT(gk_option_text(given, "weight-decay"), "1e-2");
    gk_given_free(given);
}

TEST(the_last_of_several_wins_and_names_may_be_cut_short)
{
    gk_given *given = parse("--steps 5 --seed 1,2 --ste 7 --seed 4");
    CHECK_INT(values.steps, 7);
    CHECK_INT(values.seed, 4);
    CHECK_INT(gk_grid_n_run(given), 1);
    gk_given_free(given);
}

TEST(an_option_may_have_two_names)
{
    static const char *const lines[] = { "--weight-rate 0.5", "--eta 0.5", "--eta=0.5", "--et 0.5", "--eta 0.1 --eta 0.5" };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        gk_given *given = parse(lines[i]);
        CHECK(values.rate == 0.5);
        CHECK(gk_option_given(given, "weight-rate") && gk_option_given(given, "eta"));
        CHECK_TEXT(gk_option_text(given, "weight-rate"), "0.5");
        CHECK_INT(gk_option_set(given, "eta", "0.25"), 0);
        CHECK(values.rate == 0.25);
        gk_given_free(given);
    }
}

TEST(arguments_may_follow_two_dashes)
{
    gk_given *given = parse("--steps 5 -- --seed -n");
    CHECK_INT(gk_given_n_argument(given), 2);
    CHECK_TEXT(gk_given_argument(given, 0), "--seed");
    CHECK_INT(values.seed, 0);
    gk_given_free(given);
}

TEST(switches_take_the_usual_words)
{
    static const struct { const char *text; bool expected; } rows[] = {
        { "yes", true }, { "no", false }, { "on", true }, { "off", false },
        { "true", true }, { "false", false }, { "1", true }, { "0", false }, { NULL, true },
    };
    gk_given *given = parse("");
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        values.quiet = !rows[row].expected;
        CHECK_INT(gk_option_set(given, "quiet", rows[row].text), 0);
        CHECK_INT(values.quiet, rows[row].expected);
    }
    CHECK_TEXT(gk_option_text(given, "quiet"), "yes");
    gk_given_free(given);
}

TEST(set_works_like_the_command_line_but_is_not_given)
{
    gk_given *given = parse("--steps 5");
    CHECK_INT(gk_option_set(given, "weight_decay", "0.5,2"), 0);
    CHECK(values.decay == 0.5);
    CHECK_INT(gk_grid_n_run(given), 2);
    CHECK(!gk_option_given(given, "weight-decay"));
    CHECK_TEXT(gk_option_text(given, "weight-decay"), "0.5,2");
    CHECK_INT(gk_option_set(given, "weight-decay", "3"), 0);
    CHECK_INT(gk_grid_n_run(given), 1);
    CHECK_INT(gk_option_set(given, "preset", "from-an-old-file"), 0);
    CHECK_TEXT(gk_option_text(given, "preset"), "from-an-old-file");
    gk_given_free(given);
}

TEST(texts_outlive_what_they_were_read_from)
{
    gk_given *given = parse("");
    char name[] = "abc";
    CHECK_INT(gk_option_set(given, "output", name), 0);
    name[0] = 'x';
    CHECK_TEXT(values.output, "abc");
    CHECK_TEXT(gk_option_text(given, "output"), "abc");
    gk_given_free(given);
}

TEST(the_command_line_is_quoted_for_a_shell)
{
    char *words[] = { "/usr/bin/grok-x", "a b.h5", "--seed=0..3", "it's", "", NULL };
    gk_cli any = cli;
    any.max_arguments = -1;
    values = defaults;
    gk_given *given = gk_options_parse(&any, 5, words);
    CHECK_TEXT(gk_given_command_line(given), "grok-x 'a b.h5' --seed=0..3 'it'\\''s' ''");
    gk_given_free(given);
}

/* --- presets and visits ---------------------------------------------------------------------------------------------- */

TEST(a_preset_comes_before_the_command_line_wherever_it_stands)
{
    static const char *const lines[] = {
        "--preset nanda --steps 7", "--steps 7 --preset nanda", "--steps=7 --preset=grid --preset=nanda",
    };
    for (int i = 0; i < 3; i++) {
        gk_given *given = parse(lines[i]);
        CHECK_INT(values.steps, 7);
        CHECK_INT(values.task, 2);
        CHECK(!values.tied && !values.quiet);
        CHECK_TEXT(gk_option_text(given, "preset"), "nanda");
        CHECK_TEXT(gk_option_text(given, "task"), "multiply");
        CHECK(gk_option_given(given, "preset") && gk_option_given(given, "steps") && !gk_option_given(given, "task"));
        gk_given_free(given);
    }
}

static void check_shorthand(const char *line, int task, int64_t width, double decay)
{
    static const char *const names[] = { "add", "subtract", "multiply" };
    gk_given *given = parse(line);
    CHECK_INT(values.task, task);
    CHECK_INT(values.width, width);
    CHECK(values.decay == decay);
    CHECK_TEXT(gk_option_text(given, "task"), names[task]);    /* what is recorded */
    CHECK_INT(gk_option_given(given, "task"), strstr(line, "--task") != NULL);
    CHECK_INT(gk_option_given(given, "width"), strstr(line, "--width") != NULL);
    gk_given_free(given);
}

TEST(a_shorthand_sets_what_is_not_given)
{
    check_shorthand("--task wide", 1, 512, 0.5);
    check_shorthand("--task wide --width 7", 1, 7, 0.5);
    check_shorthand("--width 7 --task wide", 1, 7, 0.5);
    check_shorthand("--task wide --task narrow", 2, 2, 1);
    check_shorthand("--task narrow --task wide --width 9", 1, 9, 0.5);
    check_shorthand("--task wide --task add", 0, 128, 1);
    check_shorthand("--task add --task wide", 1, 512, 0.5);
    check_shorthand("--preset nanda --task wide", 1, 512, 0.5);        /* it comes after the preset */
    check_shorthand("--preset wider", 1, 1024, 0.5);                   /* within a preset: in its order */
    check_shorthand("--preset wider --task narrow", 2, 2, 0.5);
}

TEST(an_option_without_default_can_lose_its_value)
{
    gk_given *given = parse("--output x.h5");
    gk_option_unset(given, "output");
    CHECK(!values.output && !gk_option_text(given, "output") && gk_option_is_default(given, "output"));
    CHECK(gk_option_given(given, "output"));
    gk_given_free(given);
}

TEST(a_preset_may_hold_lists_and_switches)
{
    gk_given *given = parse("--preset grid");
    CHECK_INT(gk_grid_n_run(given), 3);
    CHECK(values.quiet && values.rate == 0.1);
    gk_given_free(given);
}

/* What is said about options without effect: the error, the warning, or "". */
static const char *effect_of(const char *line)
{
    static char text[512];
    gk_given   *given = parse(line);
    gk_arena    arena = { 0 };
    const char *idle;
    int status = gk_options_check_effect(given, &values, &arena, &idle);
    CHECK(status == 0 || (status == -1 && gk_error_is_usage()));
    snprintf(text, sizeof text, "%s", status < 0 ? gk_error_message() : idle ? idle : "");
    gk_arena_release(&arena);
    gk_given_free(given);
    return text;
}

TEST(an_option_without_effect_is_refused_and_a_preset_s_is_told)
{
    CHECK_TEXT(effect_of(""), "");
    CHECK_TEXT(effect_of("--weight-rate 0.5"), "");
    CHECK_TEXT(effect_of("--unset 0.5"), "'--unset' has no effect here: it is for '--task multiply'");
    CHECK_TEXT(effect_of("--task multiply --unset 0.5"), "");
    CHECK_TEXT(effect_of("--unset 0,0.5"), "'--unset' has no effect here: it is for '--task multiply'");
    CHECK_TEXT(effect_of("--eta 0.5 --weight-decay 0"), "'--weight-rate' has no effect here: it is for a --weight-decay above 0");
    /* one value may be for some of the runs, a list may not: it would make copies of the others */
    CHECK_TEXT(effect_of("--task add,multiply --unset 0.5"), "");
    CHECK_TEXT(effect_of("--task add,multiply --unset 0,0.5"),
               "'--unset 0,0.5' has an effect in 2 of 4 runs only, and would make copies of the others: it is for '--task "
               "multiply'");
    CHECK_TEXT(effect_of("--task multiply --unset 0,0.5"), "");
    CHECK_TEXT(effect_of("--preset idle"), "what preset or model say has no effect here: '--weight-rate' is for a --weight-decay "
                                           "above 0, '--unset' for '--task multiply'");
    CHECK_TEXT(effect_of("--preset idle --weight-decay 1 --task multiply"), "");
    CHECK_TEXT(effect_of("--preset idle --unset 0.1"), "'--unset' has no effect here: it is for '--task multiply'");
}

TEST(what_a_file_recorded_is_not_judged)
{
    gk_given   *given = parse("");
    gk_arena    arena = { 0 };
    const char *idle;
    CHECK_INT(gk_option_set(given, "unset", "0.5,0.25"), 0);
    CHECK_INT(gk_option_set(given, "seed", "1,1"), 0);
    CHECK_INT(gk_grid_n_run(given), 4);
    CHECK_INT(gk_options_check_effect(given, &values, &arena, &idle), 0);
    CHECK(idle == NULL);
    gk_arena_release(&arena);
    gk_given_free(given);
}

typedef struct { int n, stop_at; char names[512]; } visits;

static int visit(const gk_option_group *group, const gk_option *option, void *context)
{
    visits *v = context;
    size_t length = strlen(v->names);
    snprintf(v->names + length, sizeof v->names - length, "%s/%s ", group->heading, option->name);
    return ++v->n == v->stop_at ? 17 : 0;
}

TEST(options_are_visited_in_table_order)
{
    gk_given *given = parse("");
    visits all = { 0 }, some = { .stop_at = 2 };
    CHECK_INT(gk_options_each(given, visit, &all), 0);
    CHECK_TEXT(all.names, "Model/task Model/mode Model/width Model/tied Run/steps Run/seed Run/weight-decay Run/weight-rate "
                          "Run/share Run/unset Run/output Run/name Run/quiet Presets/preset ");
    CHECK_INT(gk_options_each(given, visit, &some), 17);
    CHECK_INT(some.n, 2);
    gk_given_free(given);
}

static int set_again(const gk_option_group *group, const gk_option *option, void *context)
{
    (void)group;
    const char *text = gk_option_text(context, option->name);
    return text ? gk_option_set(context, option->name, text) : 0;
}

TEST(every_text_in_force_parses_back)
{
    gk_given *given = parse("--seed 0..3 --weight-decay 1e-3 --tied=off");
    CHECK_INT(gk_options_each(given, set_again, given), 0);
    CHECK(values.decay == 0.001 && values.rate == 0.001 && values.share == 0.3 && !values.tied && values.width == 128);
    CHECK_INT(gk_grid_n_run(given), 4);
    gk_given_free(given);
}

/* --- ends: each in a child whose stdout and stderr are read back ------------------------------------------------------- */

static char to_stdout[16384], to_stderr[4096];

static void read_all(int file, char *buffer, size_t n_bytes)
{
    size_t  n = 0;
    ssize_t n_read;
    while ((n_read = read(file, buffer + n, n_bytes - 1 - n)) > 0)
        n += (size_t)n_read;
    buffer[n] = '\0';
    close(file);
}

static int run_child(const gk_cli *which, const char *line)
{
    int out[2], err[2], status = 0;
    fflush(stdout);
    if (pipe(out) < 0 || pipe(err) < 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        close(out[0]), close(out[1]), close(err[0]), close(err[1]);
        gk_given_free(parse_with(which, line));
        _exit(99);
    }
    close(out[1]), close(err[1]);
    read_all(out[0], to_stdout, sizeof to_stdout);
    read_all(err[0], to_stderr, sizeof to_stderr);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(a_tool_whose_values_are_complete_is_judged_at_once)
{
    gk_cli now = cli;
    now.judged_later = false;
    CHECK_INT(run_child(&now, "--unset 0.5"), 2);
    CHECK_TEXT(to_stderr, "grok-x: '--unset' has no effect here: it is for '--task multiply' (try 'grok-x --help')\n");
    CHECK_INT(run_child(&now, "--task multiply --unset 0.5"), 99);
}

TEST(a_usage_error_is_one_line_and_exit_2)
{
    static const struct { const char *line, *message; } rows[] = {
        { "--weight-decay abc", "invalid value 'abc' for '--weight-decay': expected a number or list, 0 or larger" },
        { "--nonsense", "unknown option '--nonsense'" },
        { "--nonsense=3", "unknown option '--nonsense'" },
        { "a --nonsense b", "unknown option '--nonsense'" },
        { "-z", "unknown option '-z'" },
        { "--steps", "option '--steps' needs a value" },
        { "--ste", "option '--steps' needs a value" },
        { "-n", "option '-n' needs a value" },
        { "--weight=3", "option '--weight' is ambiguous: --weight-decay, --weight-rate" },
        { "--eta 0.5 --weight-rate 0.5", "'--eta' and '--weight-rate' are one option: give one of them" },
        { "--weight-rate=0.5 --et 0.5", "'--weight-rate' and '--eta' are one option: give one of them" },
        { "--help=3", "option '--help' takes no value" },
        { "--tied=perhaps", "invalid value 'perhaps' for '--tied': expected yes, no, or a list" },
        { "a b c", "unexpected argument 'c'" },
        { "--seed 0..9999 --weight-decay 0:1:1000", "the grid has more than 1000000 runs with '0:1:1000' for '--weight-decay'" },
        { "--preset nada", "invalid value 'nada' for '--preset' (did you mean 'nanda'?): expected one of "
                            "nanda, grid, wider, idle" },
        { "--task widde", "invalid value 'widde' for '--task': expected one or a list of add, subtract, multiply; or one of "
                          "wide, narrow (did you mean 'wide'?)" },
        { "--weigth-decay 1", "unknown option '--weigth-decay' (did you mean '--weight-decay'?)" },
        { "--wieght-rate=1", "unknown option '--wieght-rate' (did you mean '--weight-rate'?)" },
        { "--seed 1,2,1", "'--seed 1,2,1': 1 is there twice, and its runs would be copies" },
        { "--weight-decay 0.5,5e-1", "'--weight-decay 0.5,5e-1': 0.5 is there twice, and its runs would be copies" },
        { "--tied=yes,on", "'--tied yes,on': yes is there twice, and its runs would be copies" },
    };
    char expected[256];
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        CHECK_INT(run_child(&cli, rows[row].line), 2);
        snprintf(expected, sizeof expected, "grok-x: %s (try 'grok-x --help')\n", rows[row].message);
        CHECK_TEXT(to_stderr, expected);
        CHECK_TEXT(to_stdout, "");
    }
}

TEST(missing_options_and_arguments_are_usage_errors)
{
    CHECK_INT(run_child(&cli_required, "x"), 2);
    CHECK_TEXT(to_stderr, "grok-r: missing option '--resume' (try 'grok-r --help')\n");
    CHECK_INT(run_child(&cli_required, "--resume y"), 2);
    CHECK_TEXT(to_stderr, "grok-r: missing argument: expected FILE (try 'grok-r --help')\n");
    CHECK_INT(run_child(&cli_required, "--resume y a b c d"), 99);
    CHECK_INT(run_child(&cli_required, "--resume y a --preset z"), 2);
}

TEST(help_shows_every_option_with_its_default)
{
    static const char *const lines[] = { "--help", "-h", "--steps 7 --help", "--he --nonsense" };
    for (int i = 0; i < 4; i++) {
        CHECK_INT(run_child(&cli, lines[i]), 0);
        CHECK_TEXT(to_stderr, "");
        CHECK(strncmp(to_stdout, "Usage: grok-x [OPTION...] FILE...\nTrains something.\n\nModel:\n", 60) == 0);
        CHECK_CONTAINS(to_stdout, "\n      --task=NAME             operation to learn: add, subtract, multiply, wide, narrow "
                                  "(default\n                              add; list)\n");
        CHECK_CONTAINS(to_stdout, "\n  -t, --tied[=no]             tie the embeddings (default yes; list)\n");
        CHECK_CONTAINS(to_stdout, "\n\nRun:\n  -n, --steps=N               optimiser updates (default 100000)\n");
        CHECK_CONTAINS(to_stdout, "\n      --weight-rate=X, --eta=X\n"
                                  "                              a rate (default 0.001; list; only for a --weight-decay above "
                                  "0)\n");
        CHECK_CONTAINS(to_stdout, "\n  -o, --output=FILE           where the checkpoint goes\n");
        CHECK_CONTAINS(to_stdout, "\n      --unset=X               a number without default (list; only for "
                                  "'--task multiply')\n");
        CHECK_CONTAINS(to_stdout, "\n  -q, --quiet[=no]            errors only\n");
        CHECK_CONTAINS(to_stdout, "\n      --preset=NAME           named settings");
        CHECK_CONTAINS(to_stdout, "\n  0.01:10:x7      7 numbers, evenly spaced in the logarithm\n");
        CHECK_CONTAINS(to_stdout, "\nExit codes: 0 done; 1 failed; 2 usage.\n");
    }
    CHECK_INT(run_child(&cli_required, "--help"), 0);
    CHECK_CONTAINS(to_stdout, "checkpoint to go on with (required)\n");
    CHECK(!strstr(to_stdout, "preset") && !strstr(to_stdout, "list"));
}

TEST(help_fits_a_width_of_100)
{
    CHECK_INT(run_child(&cli, "--help"), 0);
    for (char *line = strtok(to_stdout, "\n"); line; line = strtok(NULL, "\n"))
        CHECK(strlen(line) <= 100);
    CHECK_INT(run_child(&cli, "--usage"), 0);
    CHECK_CONTAINS(to_stdout, "Usage: grok-x [--task=NAME] ");
    for (char *line = strtok(to_stdout, "\n"); line; line = strtok(NULL, "\n"))
        CHECK(strlen(line) <= 100);
}

TEST(version_names_compiler_and_flags)
{
    CHECK_INT(run_child(&cli, "--version"), 0);
    CHECK_CONTAINS(to_stdout, "grok-x (groktools) ");
    CHECK_CONTAINS(to_stdout, gk_version());
    CHECK_CONTAINS(to_stdout, "\ncompiler: ");
    CHECK_CONTAINS(to_stdout, "\nflags: ");
}

TEST(preset_help_lists_settings_and_sources)
{
    CHECK_INT(run_child(&cli, "--preset help"), 0);
    CHECK_TEXT(to_stdout, "nanda        task=multiply steps=40000 weight-decay=1 tied=no\n"
                          "             from Nanda et al. 2023\n"
                          "grid         seed=0..2 quiet weight-rate=0.1\n"
                          "             from our own\n"
                          "wider        task=wide width=1024\n"
                          "             from our own\n"
                          "idle         weight-decay=0 weight-rate=0.5 unset=0.5\n"
                          "             from our own\n"
                          "--task wide: task=subtract width=512 weight-decay=0.5\n"
                          "--task narrow: task=multiply width=2\n");
}

TEST(help_on_a_full_disk_fails)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/full", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(98);
        parse("--help");
    }
    waitpid(child, &status, 0);
    CHECK_INT(WEXITSTATUS(status), 1);
}

TEST_MAIN(
    RUN(without_options_the_defaults_hold)
    RUN(every_type_is_read_in_every_spelling)
    RUN(the_last_of_several_wins_and_names_may_be_cut_short)
    RUN(an_option_may_have_two_names)
    RUN(an_option_without_effect_is_refused_and_a_preset_s_is_told)
    RUN(what_a_file_recorded_is_not_judged)
    RUN(a_tool_whose_values_are_complete_is_judged_at_once)
    RUN(arguments_may_follow_two_dashes)
    RUN(switches_take_the_usual_words)
    RUN(set_works_like_the_command_line_but_is_not_given)
    RUN(texts_outlive_what_they_were_read_from)
    RUN(the_command_line_is_quoted_for_a_shell)
    RUN(a_preset_comes_before_the_command_line_wherever_it_stands)
    RUN(a_shorthand_sets_what_is_not_given)
    RUN(an_option_without_default_can_lose_its_value)
    RUN(a_preset_may_hold_lists_and_switches)
    RUN(options_are_visited_in_table_order)
    RUN(every_text_in_force_parses_back)
    RUN(a_usage_error_is_one_line_and_exit_2)
    RUN(missing_options_and_arguments_are_usage_errors)
    RUN(help_shows_every_option_with_its_default)
    RUN(help_fits_a_width_of_100)
    RUN(version_names_compiler_and_flags)
    RUN(preset_help_lists_settings_and_sources)
    RUN(help_on_a_full_disk_fails))
