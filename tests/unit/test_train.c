/* What drives the engine: records, stop rules, checkpoints, resuming; with a backend whose training is arithmetic. */
#include "base/outfile.h"
#include "train_fixture.h"
#include "fake_backend.h"

#define SMALL "--precision fp64 --prime 5 --fraction 0.5 --d-model 4 --d-mlp 4 --n-head 1 --learning-rate 1 "
static char path_a[64], path_b[64];

/* Interrupts at a look at the status, or at a question whether it should; -1: never. */
typedef struct watcher { int64_t interrupt_at, n_call, interrupt_at_ask, n_ask; } watcher;
static int64_t ask_at = -1;

static void watch(void *context, const gk_train_status *status)
{
    (void)status;
    ((watcher *)context)->n_call++;
}

static bool interrupt(void *context)
{
    watcher *w = context;
    return (w->interrupt_at >= 0 && w->n_call >= w->interrupt_at) ||
           (w->interrupt_at_ask >= 0 && w->n_ask++ >= w->interrupt_at_ask);
}

/* Train with these options and write to path; interrupted after so many looks (-1: never).  gk_train_end, or -1. */
static int train(const char *options, const char *resume, const char *path, int64_t interrupt_at)
{
    command c;
    watcher w = { .interrupt_at = interrupt_at, .interrupt_at_ask = ask_at };
    gk_train_hooks hooks = { .context = &w, .progress = watch, .interrupted = interrupt };
    gk_train_setup setup = { .backend = { &fake_backend, &fake_backend }, .device = "fake", .tool = "test", .output = path };
    command_init(&c, options);
    if (resume) {
        setup.resume = gk_checkpoint_read(resume, GK_READ_ALL);
        CHECK(setup.resume != NULL);
        CHECK_INT(gk_config_restore(c.given, setup.resume), 0);
    }
    if (resume && strcmp(resume, path) == 0)
        gk_outfile_continue(path, resume);
    else
        unlink(path);    /* what was read is not written over */
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan && (!setup.resume || gk_plan_follow(plan, setup.resume) == 0));
    gk_training *training = plan ? gk_training_new(plan, &setup) : NULL;
    int status = training ? gk_training_run(training, &hooks) : -1;
    gk_training_free(training);
    gk_plan_free(plan);
    command_release(&c);
    CHECK_INT(fake.n_open, 0);
    CHECK_INT(fake.n_wrong_step, 0);
    return status;
}

static bool same_bytes(const void *a, const void *b, size_t n)
{
    return a && b && memcmp(a, b, n) == 0;
}

/* Everything that a group holds, byte for byte. */
static void check_same_group(const gk_group *a, const gk_group *b)
{
    CHECK_INT(a->step, b->step);
    CHECK_INT(a->n_replica, b->n_replica);
    CHECK_INT(a->n_real, b->n_real);
    CHECK_INT(a->n_slot, b->n_slot);
    CHECK_INT(a->n_snapshot, b->n_snapshot);
    CHECK_INT(a->history->n_record, b->history->n_record);
    size_t bytes = (size_t)(a->n_replica * a->n_real) * gk_dtype_size(a->real);
    CHECK(same_bytes(a->model, b->model, bytes));
    for (int i = 0; i < a->n_slot && i < b->n_slot; i++)
        CHECK(same_bytes(a->slot[i].data, b->slot[i].data, bytes));
    for (int i = 0; i < a->n_snapshot && i < b->n_snapshot; i++)
        CHECK(a->snapshot_step[i] == b->snapshot_step[i] && same_bytes(a->snapshot[i], b->snapshot[i], bytes));
    CHECK(same_bytes(a->replica_step, b->replica_step, (size_t)a->n_replica * sizeof *a->replica_step));
    CHECK(same_bytes(a->status, b->status, (size_t)a->n_replica * sizeof *a->status));
    if (a->history->n_record != b->history->n_record)
        return;
    size_t n = (size_t)a->history->n_record;
    CHECK(same_bytes(a->history->step, b->history->step, n * sizeof(int64_t)));
    for (int i = 0; i < a->history->n_metric; i++)
        CHECK(same_bytes(a->history->value[i], b->history->value[i], n * (size_t)a->n_replica * sizeof(double)));
}

static void check_same_files(const char *a, const char *b)
{
    gk_checkpoint *x = gk_checkpoint_read(a, GK_READ_ALL), *y = gk_checkpoint_read(b, GK_READ_ALL);
    CHECK(x && y && x->n_group == y->n_group);
    for (int i = 0; x && y && i < x->n_group && i < y->n_group; i++)
        check_same_group(&x->group[i], &y->group[i]);
    gk_checkpoint_free(x);
    gk_checkpoint_free(y);
}

static double value_at(gk_group *group, const char *metric, int64_t record, int64_t replica)
{
    int i = gk_history_find(group->history, metric);
    CHECK(i >= 0 && record < group->history->n_record);
    return i >= 0 && record < group->history->n_record ? gk_history_at(group->history, i, record)[replica] : NAN;
}

TEST(records_are_made_at_step_0_on_the_schedule_and_at_the_end)
{
    CHECK_INT(train(SMALL "--steps 25 --log-every 10 --seed 0..1", NULL, path_a, -1), GK_TRAIN_DONE);
    gk_checkpoint *file = gk_checkpoint_read(path_a, GK_READ_ALL);
    CHECK(file != NULL);
    if (!file)
        return;
    gk_group *group = &file->group[0];
    CHECK_INT(group->step, 25);
    CHECK_INT(group->history->n_record, 4);
    static const int64_t steps[] = { 0, 10, 20, 25 };
    for (int i = 0; i < 4 && i < group->history->n_record; i++) {
        CHECK_INT(group->history->step[i], steps[i]);
        CHECK_CLOSE(value_at(group, "train_acc", i, 1), (double)steps[i] / 100, 1e-15);
        CHECK_CLOSE(value_at(group, "test_loss", i, 0), 1 - (double)steps[i] / 100, 1e-15);
        CHECK_CLOSE(value_at(group, "learning_rate", i, 0), 1, 0);
        CHECK_CLOSE(value_at(group, "norm/embed.weight", i, 0), value_at(group, "l2_norm", i, 0), 0);
    }
    CHECK_TEXT(file->tool, "test");
    CHECK_TEXT(file->device, "fake");
    gk_checkpoint_free(file);
}

TEST(a_replica_that_met_its_rule_is_retired_and_the_others_go_on)
{
    fake.n_update = 0;
    CHECK_INT(train(SMALL "--learning-rate 1,10 --steps 60 --log-every 1 --stop test_acc>=0.5", NULL, path_a, -1), GK_TRAIN_DONE);
    CHECK_INT(fake.n_update, 50 + 5);
    gk_checkpoint *file = gk_checkpoint_read(path_a, GK_READ_ALL);
    CHECK(file != NULL);
    if (!file)
        return;
    gk_group *group = &file->group[0];
    CHECK_INT(group->step, 50);
    CHECK_INT(group->status[0], GK_STOPPED);
    CHECK_INT(group->status[1], GK_STOPPED);
    CHECK_INT(group->replica_step[0], 50);
    CHECK_INT(group->replica_step[1], 5);
    CHECK_CLOSE(value_at(group, "test_acc", 5, 1), 0.5, 1e-15);
    CHECK(isnan(value_at(group, "test_acc", 6, 1)));
    gk_checkpoint_free(file);
}

TEST(a_replica_that_diverged_is_frozen_and_the_others_go_on)
{
    CHECK_INT(train(SMALL "--learning-rate 1,1e6 --steps 20", NULL, path_a, -1), GK_TRAIN_DONE);
    gk_checkpoint *file = gk_checkpoint_read(path_a, GK_READ_ALL);
    CHECK(file != NULL);
    if (!file)
        return;
    gk_group *group = &file->group[0];
    CHECK_INT(group->step, 20);
    CHECK_INT(group->status[0], GK_FINISHED);
    CHECK_INT(group->status[1], GK_DIVERGED);
    CHECK_INT(group->replica_step[1], 1);
    CHECK(isinf(value_at(group, "l2_norm", 1, 1)) && isnan(value_at(group, "l2_norm", 2, 1)));
    gk_checkpoint_free(file);
}

TEST(interrupted_and_resumed_is_as_if_undisturbed)
{
    const char *options = SMALL "--learning-rate 1,3 --seed 0..1 --steps 90 --stop train_acc>=0.99 --snapshot-growth 2";
    CHECK_INT(train(options, NULL, path_a, -1), GK_TRAIN_DONE);
    for (int at = 1; at < 50; at += 6) {
        CHECK_INT(train(options, NULL, path_b, at), GK_TRAIN_INTERRUPTED);
        CHECK_INT(train("", path_b, path_b, 3), GK_TRAIN_INTERRUPTED);
        CHECK_INT(train("", path_b, path_b, -1), GK_TRAIN_DONE);
        check_same_files(path_a, path_b);
    }
}

TEST(the_record_of_a_last_step_is_taken_back_with_its_verdict)
{
    const char *rest = " --learning-rate 1,2 --log-every 10 --stop test_acc>=0.47";
    char longer[256], shorter[256];
    snprintf(longer, sizeof longer, "%s --steps 80 %s", SMALL, rest);
    snprintf(shorter, sizeof shorter, "%s --steps 47 %s", SMALL, rest);
    CHECK_INT(train(longer, NULL, path_a, -1), GK_TRAIN_DONE);
    CHECK_INT(train(shorter, NULL, path_b, -1), GK_TRAIN_DONE);
    gk_checkpoint *file = gk_checkpoint_read(path_b, GK_READ_ALL);
    CHECK(file && file->group[0].history->step[file->group[0].history->n_record - 1] == 47);
    CHECK(file && file->group[0].status[0] == GK_STOPPED && file->group[0].replica_step[0] == 47);
    gk_checkpoint_free(file);
    CHECK_INT(train("--steps 80", path_b, path_b, -1), GK_TRAIN_DONE);
    check_same_files(path_a, path_b);
}

/* Interrupted it runs; with all its steps it has finished, till there are more. */
TEST(a_replica_that_has_made_all_its_steps_has_finished)
{
    static const struct { const char *options; bool resumes; int64_t interrupt_at; int32_t status; int64_t step; } cases[] = {
        { SMALL "--steps 40 --stop train_acc>=0.9", false, 3,  GK_RUNNING,  -1 },
        { "",                                       true,  -1, GK_FINISHED, 40 },
        { "--steps 60",                             true,  -1, GK_FINISHED, 60 },
        { "--steps 1000",                           true,  -1, GK_STOPPED,  -1 },
        { "--stop none",                            true,  -1, GK_FINISHED, 1000 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(train(cases[i].options, cases[i].resumes ? path_b : NULL, path_b, cases[i].interrupt_at),
                  cases[i].interrupt_at < 0 ? GK_TRAIN_DONE : GK_TRAIN_INTERRUPTED);
        gk_checkpoint *file = gk_checkpoint_read(path_b, GK_READ_ALL);
        CHECK(file != NULL);
        CHECK_INT(file ? file->group[0].status[0] : -1, cases[i].status);
        CHECK(file && (cases[i].step < 0 || file->group[0].replica_step[0] == cases[i].step));
        gk_checkpoint_free(file);
    }
}

TEST(groups_train_one_after_another_and_resume_where_they_were)
{
    const char *options = SMALL "--prime 5,7 --seed 0..1 --steps 40";
    CHECK_INT(train(options, NULL, path_a, -1), GK_TRAIN_DONE);
    for (int at = 20; at < 80; at += 15) {
        CHECK_INT(train(options, NULL, path_b, at), GK_TRAIN_INTERRUPTED);
        CHECK_INT(train("", path_b, path_b, -1), GK_TRAIN_DONE);
        check_same_files(path_a, path_b);
    }
    CHECK_INT(train("--steps 60", path_b, path_b, -1), GK_TRAIN_DONE);
    CHECK_INT(train(SMALL "--prime 5,7 --seed 0..1 --steps 60", NULL, path_a, -1), GK_TRAIN_DONE);
    check_same_files(path_a, path_b);
}

/* Splits, rows and initial parameters of a later group are made ready between two looks at signals. */
TEST(interrupted_while_a_group_is_made_ready_is_as_if_undisturbed)
{
    const char *options = SMALL "--d-mlp 4,6 --seed 0..3 --steps 3 --log-every 1";
    int64_t n_interrupted = 0, n_one_group = 0;
    CHECK_INT(train(options, NULL, path_a, -1), GK_TRAIN_DONE);
    for (ask_at = 0; ask_at < 24; ask_at++) {
        int end = train(options, NULL, path_b, -1);
        CHECK(end == GK_TRAIN_INTERRUPTED || end == GK_TRAIN_DONE);
        gk_checkpoint *saved = gk_checkpoint_read(path_b, GK_READ_ALL);
        CHECK(saved != NULL);
        n_interrupted += end == GK_TRAIN_INTERRUPTED;
        n_one_group += saved && saved->n_group == 1 && saved->group[0].step == 3;
        gk_checkpoint_free(saved);
        int64_t at = ask_at;
        ask_at = -1;
        CHECK_INT(train("", path_b, path_b, -1), GK_TRAIN_DONE);
        check_same_files(path_a, path_b);
        ask_at = at;
    }
    ask_at = -1;
    CHECK(n_interrupted > 15);
    CHECK(n_one_group >= 12);    /* 4 splits, their rows, 4 initialisations */
}

TEST(another_stop_rule_lets_stopped_runs_go_on)
{
    CHECK_INT(train(SMALL "--steps 100 --log-every 1 --stop test_acc>=0.2", NULL, path_b, -1), GK_TRAIN_DONE);
    CHECK_INT(train("--stop test_acc>=0.5", path_b, path_b, -1), GK_TRAIN_DONE);
    gk_checkpoint *file = gk_checkpoint_read(path_b, GK_READ_ALL);
    CHECK(file && file->group[0].step == 50 && file->group[0].status[0] == GK_STOPPED);
    gk_checkpoint_free(file);
}

/* Each from the step where it stands, and all as if the rule had been there from the start: in one group, and the same bytes. */
TEST(runs_that_stopped_at_different_steps_go_on_as_if_the_rule_had_always_been_the_new_one)
{
    static const char *const rules[] = { "test_acc>=0.21", "test_acc>=0.5;train_loss<=0.4", "none" };
    const char *begun = SMALL "--learning-rate 3,1,10,1e6,4 --seed 0..1 --steps 60 --snapshot-every 7 --stop test_acc>=0.2";
    char whole[256], rest[64];
    int  n_interrupted = 0;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        snprintf(rest, sizeof rest, "--stop %s", rules[i]);
        snprintf(whole, sizeof whole, "%s --stop %s", begun, rules[i]);
        CHECK_INT(train(whole, NULL, path_a, -1), GK_TRAIN_DONE);
        for (int at = -1; at < 30; at += 10) {
            CHECK_INT(train(begun, NULL, path_b, -1), GK_TRAIN_DONE);
            int end = train(rest, path_b, path_b, at);
            n_interrupted += end == GK_TRAIN_INTERRUPTED;
            CHECK_INT(end == GK_TRAIN_INTERRUPTED ? train("", path_b, path_b, -1) : end, GK_TRAIN_DONE);
            check_same_files(path_a, path_b);
        }
    }
    CHECK(n_interrupted >= 5);
}

TEST(keep_leaves_things_out_of_finished_groups_only)
{
    static const char *const keeps[] = { "all", "params", "metrics" };
    for (int keep = 0; keep < 3; keep++) {
        char options[256];
        snprintf(options, sizeof options, SMALL "--seed 0..1 --steps 20 --keep %s", keeps[keep]);
        CHECK_INT(train(options, NULL, path_b, 10), GK_TRAIN_INTERRUPTED);
        gk_checkpoint *file = gk_checkpoint_read(path_b, GK_READ_ALL);
        CHECK(file && file->group[0].model && file->group[0].n_slot == 1);
        gk_checkpoint_free(file);
        CHECK_INT(train("", path_b, path_b, -1), GK_TRAIN_DONE);
        file = gk_checkpoint_read(path_b, GK_READ_ALL);
        CHECK(file && !file->group[0].model == (keep == 2) && file->group[0].n_slot == (keep == 0));
        CHECK(file && file->group[0].history->n_record == 21);
        gk_checkpoint_free(file);
        CHECK_INT(train("--steps 30", path_b, path_b, -1), keep ? -1 : (int)GK_TRAIN_DONE);
        if (keep)
            CHECK_CONTAINS(gk_error_message(), "--keep");
    }
}

TEST(a_long_way_between_records_is_cut_so_that_signals_are_seen)
{
    fake.sleep_us = 1000;
    fake.n_run_call = 0;
    double start = gk_now_s();
    CHECK_INT(train(SMALL "--steps 100000 --log-every 100000", NULL, path_b, 3), GK_TRAIN_INTERRUPTED);
    CHECK_INT(fake.n_run_call, 3);
    CHECK(gk_now_s() - start < 5);
    fake.sleep_us = 0;
}

TEST(data_that_have_changed_are_refused)
{
    CHECK_INT(train(SMALL "--steps 10", NULL, path_b, -1), GK_TRAIN_DONE);
    gk_checkpoint *file = gk_checkpoint_read(path_b, GK_READ_ALL);
    CHECK(file != NULL);
    if (!file)
        return;
    char other[GK_SHA256_HEX];
    memset(other, 'a', sizeof other);
    other[sizeof other - 1] = '\0';
    file->group[0].data_sha256 = other;
    unlink(path_b);
    CHECK_INT(gk_checkpoint_write(file, path_b), 0);
    CHECK_INT(train("--steps 20", path_b, path_b, -1), -1);
    CHECK_CONTAINS(gk_error_message(), "the data have changed");
    gk_checkpoint_free(file);
}

TEST(an_output_that_cannot_be_written_fails_before_training)
{
    fake.n_update = 0;
    CHECK_INT(train(SMALL "--steps 10", NULL, "/nonexistent/x.h5", -1), -1);
    CHECK_INT(fake.n_update, 0);
    CHECK_CONTAINS(gk_error_message(), "/nonexistent/x.h5");
}

int main(void)
{
    char folder[] = "/tmp/test_train.XXXXXX";
    if (!mkdtemp(folder))
        return 1;
    snprintf(path_a, sizeof path_a, "%s/a.h5", folder);
    snprintf(path_b, sizeof path_b, "%s/b.h5", folder);
    RUN(records_are_made_at_step_0_on_the_schedule_and_at_the_end)
    RUN(a_replica_that_met_its_rule_is_retired_and_the_others_go_on)
    RUN(a_replica_that_diverged_is_frozen_and_the_others_go_on)
    RUN(interrupted_and_resumed_is_as_if_undisturbed)
    RUN(the_record_of_a_last_step_is_taken_back_with_its_verdict)
    RUN(a_replica_that_has_made_all_its_steps_has_finished)
    RUN(groups_train_one_after_another_and_resume_where_they_were)
    RUN(interrupted_while_a_group_is_made_ready_is_as_if_undisturbed)
    RUN(another_stop_rule_lets_stopped_runs_go_on)
    RUN(runs_that_stopped_at_different_steps_go_on_as_if_the_rule_had_always_been_the_new_one)
    RUN(keep_leaves_things_out_of_finished_groups_only)
    RUN(a_long_way_between_records_is_cut_so_that_signals_are_seen)
    RUN(data_that_have_changed_are_refused)
    RUN(an_output_that_cannot_be_written_fails_before_training)
    unlink(path_a);
    unlink(path_b);
    rmdir(folder);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
