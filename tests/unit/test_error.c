/* test_error.c -- messages: recorded per thread, safe to print; and how a tool ends. */
#include "base/die.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/dtype.h"
#include "../test.h"

TEST(a_message_is_recorded_and_minus_1_returned)
{
    CHECK_INT(gk_error("cannot read '%s': shape %d, expected %d", "w", 3, 4), -1);
    CHECK_TEXT(gk_error_message(), "cannot read 'w': shape 3, expected 4");
}

TEST(context_stands_in_front_of_the_message)
{
    gk_error("no 'x'");
    CHECK_INT(gk_error_context("file '%s'", "a.h5"), -1);
    CHECK_TEXT(gk_error_message(), "file 'a.h5': no 'x'");
}

TEST(wrong_usage_is_told_apart_whatever_stands_before_it)
{
    CHECK_INT(gk_usage_error("%d is not a prime", 12), -1);
    CHECK_TEXT(gk_error_message(), "12 is not a prime");
    CHECK_INT(gk_error_is_usage(), 1);
    gk_error_context("p2");
    CHECK_INT(gk_error_is_usage(), 1);
    gk_error("'a.h5': %s", gk_error_message());
    CHECK_TEXT(gk_error_message(), "'a.h5': p2: 12 is not a prime");
    CHECK_INT(gk_error_is_usage(), 0);
}

TEST(the_old_message_may_be_an_argument)
{
    gk_error("inner");
    gk_error("outer: %s", gk_error_message());
    CHECK_TEXT(gk_error_message(), "outer: inner");
}

TEST(control_characters_cannot_reach_the_terminal)
{
    gk_error("name '%s'", "a\033[2Jb\nc\td\177e");
    CHECK_TEXT(gk_error_message(), "name 'a?[2Jb?c?d?e'");
    gk_error("name '%s'", "\xc3\xa4");
    CHECK_TEXT(gk_error_message(), "name '\xc3\xa4'");
}

TEST(a_message_that_is_too_long_ends_in_dots)
{
    char *text = malloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    gk_error("%s", text);
    size_t length = strlen(gk_error_message());
    CHECK(length > 1000 && length < 10000);
    CHECK_TEXT(gk_error_message() + length - 4, "x...");
    free(text);
}

static void *other_thread(void *is_empty)
{
    *(int *)is_empty = *gk_error_message() == '\0';
    gk_error("from the other thread");
    return NULL;
}

TEST(each_thread_has_its_own_message)
{
    pthread_t thread;
    int is_empty = 0;
    gk_error("mine");
    CHECK_INT(pthread_create(&thread, NULL, other_thread, &is_empty), 0);
    pthread_join(thread, NULL);
    CHECK(is_empty);
    CHECK_TEXT(gk_error_message(), "mine");
}

TEST(element_types_have_sizes_and_names)
{
    CHECK_INT(gk_dtype_size(GK_F32), sizeof(float));
    CHECK_INT(gk_dtype_size(GK_F64), sizeof(double));
    CHECK_INT(gk_dtype_size(GK_I32), 4);
    CHECK_INT(gk_dtype_size(GK_I64), 8);
    CHECK_INT(gk_dtype_size(GK_U8), 1);
    CHECK_TEXT(gk_dtype_name(GK_F32), "float32");
    CHECK_TEXT(gk_dtype_name(GK_I64), "int64");
}

/* --- ends of a program, each in a child whose stderr is read back --------------------------------------------------- */

static char child_said[8192];

static int run_child(void (*body)(void))
{
    int ends[2], status = 0;
    fflush(stdout);
    if (pipe(ends) < 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        body();
        _exit(0);
    }
    close(ends[1]);
    size_t  n = 0;
    ssize_t n_read;
    while ((n_read = read(ends[0], child_said + n, sizeof child_said - 1 - n)) > 0)
        n += (size_t)n_read;
    child_said[n] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void die(void)
{
    gk_program("/usr/bin/grok-x");
    gk_error("cannot open '%s'", "a\nb");
    gk_die();
}

static void die_of_usage(void)
{
    gk_program("grok-x");
    gk_usage_error("%d is not a prime", 12);
    gk_error_context("p2");
    gk_die();
}

static void usage(void)
{
    gk_program("grok-x");
    gk_usage("unknown option '%s'", "--\033x");
}

static void talk(void)
{
    gk_program("grok-x");
    gk_warn("slow");
    gk_log("step %d", 1);
    gk_quiet(1);
    gk_log("step %d", 2);
    gk_warn("slower");
}

static void write_to_closed_pipe(void)
{
    int ends[2];
    gk_program("grok-x");
    if (pipe(ends) < 0 || close(ends[0]) < 0)
        _exit(9);
    _exit(write(ends[1], "x", 1) == -1 ? 7 : 8);
}

static void meet_a_bug(void)
{
    gk_assert(1 + 1 == 3);
}

TEST(a_failure_is_one_line_and_exit_1)
{
    CHECK_INT(run_child(die), 1);
    CHECK_TEXT(child_said, "grok-x: cannot open 'a?b'\n");
}

TEST(a_usage_error_is_one_line_and_exit_2)
{
    CHECK_INT(run_child(usage), 2);
    CHECK_TEXT(child_said, "grok-x: unknown option '--?x' (try 'grok-x --help')\n");
    CHECK_INT(run_child(die_of_usage), 2);
    CHECK_TEXT(child_said, "grok-x: p2: 12 is not a prime (try 'grok-x --help')\n");
}

TEST(quiet_silences_progress_but_not_warnings)
{
    CHECK_INT(run_child(talk), 0);
    CHECK_TEXT(child_said, "grok-x: warning: slow\ngrok-x: step 1\ngrok-x: warning: slower\n");
}

TEST(a_closed_pipe_is_an_error_code_not_a_signal)
{
    CHECK_INT(run_child(write_to_closed_pipe), 7);
}

TEST(our_own_mistake_aborts_with_its_place)
{
    CHECK_INT(run_child(meet_a_bug), 128 + 6);
    CHECK_CONTAINS(child_said, "test_error.c:");
    CHECK_CONTAINS(child_said, "1 + 1 == 3");
}

TEST_MAIN(
    RUN(a_message_is_recorded_and_minus_1_returned)
    RUN(context_stands_in_front_of_the_message)
    RUN(wrong_usage_is_told_apart_whatever_stands_before_it)
    RUN(the_old_message_may_be_an_argument)
    RUN(control_characters_cannot_reach_the_terminal)
    RUN(a_message_that_is_too_long_ends_in_dots)
    RUN(each_thread_has_its_own_message)
    RUN(element_types_have_sizes_and_names)
    RUN(a_failure_is_one_line_and_exit_1)
    RUN(a_usage_error_is_one_line_and_exit_2)
    RUN(quiet_silences_progress_but_not_warnings)
    RUN(a_closed_pipe_is_an_error_code_not_a_signal)
    RUN(our_own_mistake_aborts_with_its_place))
