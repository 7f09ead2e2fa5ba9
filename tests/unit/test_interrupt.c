/* test_interrupt.c -- what a signal, a time limit and the end of a job do to a training: each in a process of its own. */
#include "../../tools/interrupt.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/die.h"
#include "../test.h"

static char said[1024];

/* The wait status of a child that does this; what it says on stderr: said. */
static int child(void (*body)(void))
{
    int   pipes[2], status = 0;
    if (pipe(pipes) < 0)
        return -1;
    pid_t process = fork();
    if (process == 0) {
        dup2(pipes[1], STDERR_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        gk_program("grok-x");
        gk_interrupt_watch();
        body();
        _exit(0);
    }
    close(pipes[1]);
    ssize_t n = read(pipes[0], said, sizeof said - 1);
    said[n > 0 ? n : 0] = '\0';
    close(pipes[0]);
    waitpid(process, &status, 0);
    return status;
}

static int status_of(void (*body)(void))
{
    int status = child(body);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void saves_at_usr1(void)
{
    gk_interrupt_begin("run.h5");
    if (gk_interrupted())
        _exit(1);
    raise(SIGUSR1);
    raise(SIGHUP);    /* the first one is the reason */
    _exit(gk_interrupted() && strcmp(gk_interrupt_reason(), "interrupted") == 0 ? gk_interrupt_status() : 2);
}
static void before_there_is_something(void) { raise(SIGINT); }
static void twice_at_once(void)
{
    gk_interrupt_begin("run.h5");
    raise(SIGTERM);
    raise(SIGINT);    /* what passes a signal on sends it again: that is one */
    _exit(gk_interrupt_status());
}
static void twice_apart(void)
{
    gk_interrupt_begin("run.h5");
    raise(SIGINT);
    nanosleep(&(struct timespec){ 0, 600000000 }, NULL);
    raise(SIGINT);
}
static void a_pipe_that_broke(void)
{
    gk_interrupt_begin("run.h5");
    raise(SIGCHLD);
    raise(SIGCONT);
    raise(SIGWINCH);
    _exit(gk_interrupted());
}

TEST(a_signal_asks_to_save_and_the_first_is_the_status)
{
    CHECK_INT(status_of(saves_at_usr1), 128 + SIGUSR1);
    CHECK_INT(status_of(a_pipe_that_broke), 0);
}

TEST(before_the_first_update_there_is_nothing_to_save)
{
    CHECK_INT(status_of(before_there_is_something), 128 + SIGINT);
    CHECK_TEXT(said, "grok-x: interrupted before the first update: nothing to save\n");
}

TEST(a_second_signal_half_a_second_later_ends_at_once)
{
    CHECK_INT(status_of(twice_at_once), 128 + SIGTERM);
    CHECK_TEXT(said, "");
    CHECK_INT(status_of(twice_apart), 128 + SIGINT);
    CHECK_TEXT(said, "grok-x: ended at once by a second signal; 'run.h5' is as it was last written\n");
}

static void limit_now(void)
{
    gk_interrupt_limit("0.1s");
    if (gk_interrupted())
        _exit(1);
    nanosleep(&(struct timespec){ 0, 150000000 }, NULL);
    _exit(gk_interrupted() && strcmp(gk_interrupt_reason(), "time limit reached") == 0 ? gk_interrupt_status() : 2);
}
static void end_of_a_job(void)
{
    char end[40];
    snprintf(end, sizeof end, "%lld", (long long)time(NULL) + 2);    /* near: half of what is left */
    setenv("SLURM_JOB_END_TIME", end, 1);
    gk_interrupt_limit(NULL);
    nanosleep(&(struct timespec){ 1, 50000000 }, NULL);
    _exit(gk_interrupted() && strcmp(gk_interrupt_reason(), "the end of the Slurm job is near") == 0 ? gk_interrupt_status() : 2);
}
static void no_end(void)
{
    char end[40];
    snprintf(end, sizeof end, "%lld", (long long)time(NULL) - 5);    /* of an earlier job, or one that was given more time */
    setenv("SLURM_JOB_END_TIME", end, 1);
    gk_interrupt_limit(NULL);
    setenv("SLURM_JOB_END_TIME", "1", 1);
    gk_interrupt_limit("none");
    _exit(gk_interrupted());
}

TEST(time_runs_out_by_the_limit_or_the_job)
{
    CHECK_INT(status_of(limit_now), GK_EXIT_TIME);
    CHECK_INT(status_of(end_of_a_job), GK_EXIT_TIME);
    CHECK_INT(status_of(no_end), 0);
}

TEST_MAIN(RUN(a_signal_asks_to_save_and_the_first_is_the_status)
          RUN(before_the_first_update_there_is_nothing_to_save)
          RUN(a_second_signal_half_a_second_later_ends_at_once)
          RUN(time_runs_out_by_the_limit_or_the_job))
