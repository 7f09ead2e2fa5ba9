#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "checkpoint_fixture.h"

/* HDF5 itself forgets some memory when it meets metadata whose checksum does not fit. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

static char folder[] = "/tmp/groktools-test-XXXXXX";

/* A path in the scratch folder. */
static const char *in_folder(const char *name)
{
    static char path[8][256];
    static int  next;

    next = (next + 1) % 8;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

/* What was read is not written over. */
static int write_anew(const gk_checkpoint *checkpoint, const char *path)
{
    unlink(path);
    return gk_checkpoint_write(checkpoint, path);
}

static char *read_bytes(const char *path, long *n)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);

    *n = file ? (long)fread(bytes, 1, 1 << 20, file) : -1;
    if (file)
        fclose(file);
    return bytes;
}

static void write_bytes(const char *path, const char *bytes, long n)
{
    FILE *file = fopen(path, "wb");

    CHECK(file && fwrite(bytes, 1, (size_t)n, file) == (size_t)n);
    if (file)
        fclose(file);
}

static gk_checkpoint *round_trip(fixture *f, unsigned parts)
{
    fixture_make(f);
    CHECK_INT(write_anew(&f->checkpoint, in_folder("a.h5")), 0);
    gk_checkpoint *back = gk_checkpoint_read(in_folder("a.h5"), parts);
    if (!back)
        CHECK_TEXT(gk_error_message(), "");
    return back;
}

TEST(what_is_written_is_read_back)
{
    fixture        f;
    gk_checkpoint *back = round_trip(&f, GK_READ_ALL);

    if (!back)
        return;
    CHECK_INT(back->n_group, 2);
    CHECK_TEXT(back->command_line, "grok-train --prime 3");
    CHECK_TEXT(back->created, "2024-01-01T00:00:00Z");
    CHECK_INT(strlen(back->sha256), 64);
    const gk_group *g = &back->group[0];
    CHECK_INT(g->n_replica, 3);
    CHECK_INT(g->step, 10);
    CHECK_INT(g->replica_step[2], 8);
    CHECK_INT(g->status[2], GK_DIVERGED);
    CHECK_INT(g->n_real, FIXTURE_REALS);
    CHECK(memcmp(g->model, f.model, sizeof f.model) == 0);
    CHECK_INT(g->n_slot, 2);
    CHECK_TEXT(g->slot[0].name, "m");
    CHECK(memcmp(g->slot[0].data, f.m, sizeof f.m) == 0);
    CHECK_INT(g->slot[1].depth, FIXTURE_DEPTH);
    CHECK(memcmp(g->slot[1].data, f.ring, sizeof f.ring) == 0);
    CHECK_INT(g->n_snapshot, 2);
    CHECK_INT(g->snapshot_step[1], 5);
    CHECK(memcmp(g->snapshot[0], f.early[0], sizeof f.early[0]) == 0);
    CHECK(memcmp(g->snapshot[1], f.early[1], sizeof f.early[1]) == 0);
    CHECK_TEXT(g->task, "add mod 3");
    CHECK_INT(g->n_split, 3);
    CHECK(memcmp(g->train, f.train, sizeof f.train) == 0);
    CHECK(memcmp(g->test, f.test, sizeof f.test) == 0);
    CHECK_INT(g->n_subclass, 2);
    CHECK(memcmp(g->subclass, f.subclass, sizeof f.subclass) == 0);
    CHECK_TEXT(g->subclass_name[1], "odd");
    CHECK_INT(back->group[1].n_replica, 1);
    CHECK_INT(back->group[1].step, 7);
    CHECK(back->group[1].model == NULL);
    gk_checkpoint_free(back);
    fixture_free(&f);
}

TEST(parameters_keep_their_order_and_description)
{
    fixture        f;
    gk_checkpoint *back = round_trip(&f, 0);

    if (!back)
        return;
    const gk_group *g = &back->group[0];
    CHECK(g->model == NULL);
    CHECK_INT(g->n_param, 2);
    CHECK_TEXT(g->param[0].name, "head.weight");
    CHECK_TEXT(g->param[0].axes, "d_out,d_in");
    CHECK_TEXT(g->param[0].init, "normal(0, 1/4)");
    CHECK(g->param[0].trainable);
    CHECK_INT(g->param[0].dim[1], 4);
    CHECK_TEXT(g->param[1].name, "bias");
    CHECK(!g->param[1].trainable);
    CHECK_INT(g->param[1].offset, 8);
    CHECK(gk_group_param(g, "bias") == &g->param[1]);
    CHECK(gk_group_param(g, "none") == NULL);
    gk_checkpoint_free(back);
    fixture_free(&f);
}

TEST(history_keeps_order_nan_and_nested_names)
{
    fixture        f;
    gk_checkpoint *back = round_trip(&f, 0);

    if (!back)
        return;
    gk_history *h = back->group[0].history;
    CHECK_INT(h->n_metric, 3);
    CHECK_TEXT(h->name[0], "train_loss");
    CHECK_TEXT(h->name[2], "norm/head.weight");
    CHECK_INT(gk_history_find(h, "test_acc"), 1);
    CHECK_INT(h->n_record, 4);
    CHECK_INT(h->step[3], 9);
    CHECK_CLOSE(gk_history_at(h, 2, 1)[1], 3.3, 1e-15);
    CHECK(isnan(gk_history_at(h, 0, 3)[2]));
    gk_checkpoint_free(back);
    fixture_free(&f);
}

TEST(config_runs_and_lineage_are_read_back)
{
    fixture        f;
    gk_checkpoint *back = round_trip(&f, 0);

    if (!back)
        return;
    CHECK_INT(back->n_config, 4);
    CHECK_TEXT(back->config[0].name, "prime");
    CHECK_INT(gk_checkpoint_config(back, "prime")->integer, 3);
    CHECK_TEXT(gk_config_text(back, gk_checkpoint_config(back, "learning-rate")), "0.001");
    CHECK_INT(gk_checkpoint_config(back, "amsgrad")->type, GK_SWITCH);
    CHECK_TEXT(gk_config_text(back, gk_checkpoint_config(back, "amsgrad")), "yes");
    CHECK_TEXT(gk_checkpoint_config(back, "weight_decay")->text, "0:0.2:3");
    CHECK_INT(back->group[0].n_run_column, 3);
    CHECK_TEXT(gk_group_run_column(&back->group[0], "optimizer")->text[0], "sgd");
    CHECK_CLOSE(((const double *)gk_group_run_column(&back->group[0], "weight_decay")->data)[2], 0.2, 0);
    CHECK_INT(back->n_parent, 2);
    CHECK_TEXT(back->parent[0].role, "teacher");
    CHECK_TEXT(back->parent[0].parent[0].sha256, FIXTURE_SHA256("0"));
    CHECK_TEXT(back->parent[1].path, "run.h5");
    gk_checkpoint_free(back);
    fixture_free(&f);
}

TEST(equal_contents_give_equal_bytes_and_reading_then_writing_too)
{
    fixture        f;
    gk_checkpoint *back = round_trip(&f, GK_READ_ALL);
    long           n[2];

    if (!back)
        return;
    CHECK_INT(write_anew(&f.checkpoint, in_folder("b.h5")), 0);
    CHECK_INT(write_anew(back, in_folder("c.h5")), 0);
    char *a = read_bytes(in_folder("a.h5"), &n[0]), *b = read_bytes(in_folder("b.h5"), &n[1]);
    CHECK_INT(n[0], n[1]);
    CHECK(n[0] == n[1] && memcmp(a, b, (size_t)n[0]) == 0);
    gk_checkpoint *again = gk_checkpoint_read(in_folder("c.h5"), GK_READ_ALL);
    CHECK(again && memcmp(again->group[0].model, f.model, sizeof f.model) == 0);
    gk_checkpoint_free(again);
    gk_checkpoint_free(back);
    fixture_free(&f);
    free(a);
    free(b);
}

TEST(snapshots_alone_tell_the_shapes)
{
    fixture f;

    fixture_make(&f);
    f.group[0].model = NULL;
    f.group[0].n_slot = 0;
    CHECK_INT(write_anew(&f.checkpoint, in_folder("a.h5")), 0);
    gk_checkpoint *back = gk_checkpoint_read(in_folder("a.h5"), GK_READ_ALL);
    CHECK(back && back->group[0].model == NULL && back->group[0].n_param == 2);
    CHECK(back && memcmp(back->group[0].snapshot[1], f.early[1], sizeof f.early[1]) == 0);
    if (back)
        CHECK_TEXT(back->group[0].param[0].axes, "d_out,d_in");
    gk_checkpoint_free(back);
    fixture_free(&f);
}

/* Change the fixture, write it, and expect the reader to refuse it with this message. */
static void expect_refused(fixture *f, const char *message)
{
    CHECK_INT(write_anew(&f->checkpoint, in_folder("bad.h5")), 0);
    gk_checkpoint *back = gk_checkpoint_read(in_folder("bad.h5"), GK_READ_ALL);
    CHECK(back == NULL);
    CHECK_CONTAINS(gk_error_message(), message);
    gk_checkpoint_free(back);
    fixture_free(f);
}

TEST(contents_that_contradict_each_other_are_refused)
{
    fixture f;

    fixture_make(&f);
    f.train[0] = 9;
    expect_refused(&f, "item 9 is not one of 9");
    fixture_make(&f);
    f.test[1] = -1;
    expect_refused(&f, "is not one of 9");
    fixture_make(&f);
    f.subclass[8] = 2;
    expect_refused(&f, "subclass 2 of item 8 is not one of 2");
    fixture_make(&f);
    f.subclass[0] = -1;
    expect_refused(&f, "subclass -1 of item 0 is not one of 2");
    fixture_make(&f);
    f.subclass_name[0] = "a\nb";
    expect_refused(&f, "name 0 contains a control character");
    fixture_make(&f);
    f.replica_step[1] = 11;
    expect_refused(&f, "replica_step 11 of replica 1");
    fixture_make(&f);
    f.snapshot_step[1] = 0;
    expect_refused(&f, "step 0 in place 1");
    fixture_make(&f);
    f.group[0].history->step[2] = 1;
    expect_refused(&f, "step 1 in place 2");
    fixture_make(&f);
    f.group[0].n_split = 2;
    expect_refused(&f, "does not have one row");
    fixture_make(&f);
    f.group[0].step = -1;
    f.group[0].replica_step = NULL;
    expect_refused(&f, "'step' of '/'");
    fixture_make(&f);
    f.group[0].step = INT64_MAX;
    expect_refused(&f, "'step' of '/'");
    fixture_make(&f);
    f.group[0].history->step[3] = INT64_MAX;
    expect_refused(&f, "step 9223372036854775807 in place 3");
    fixture_make(&f);
    f.column[0].name = "moment_step";
    f.run[1] = GK_MAX_STEP + 1;
    expect_refused(&f, "moment_step 1000000000000001 of replica 1");
}

TEST(a_lineage_longer_than_the_limit_is_cut_not_refused)
{
    fixture   f;
    gk_parent chain[200];

    fixture_make(&f);
    for (int i = 0; i < 200; i++)
        chain[i] = (gk_parent){ "resumed", "run.h5", "00", i < 199, i < 199 ? &chain[i + 1] : NULL };
    f.checkpoint.n_parent = 1;
    f.checkpoint.parent = chain;
    CHECK_INT(write_anew(&f.checkpoint, in_folder("a.h5")), 0);
    gk_checkpoint *back = gk_checkpoint_read(in_folder("a.h5"), 0);
    int            depth = 0;
    for (const gk_parent *parent = back ? back->parent : NULL; parent; parent = parent->n_parent ? parent->parent : NULL)
        depth++;
    CHECK_INT(depth, GK_MAX_LINEAGE);
    gk_checkpoint_free(back);
    fixture_free(&f);
}

TEST(faults_are_all_listed)
{
    fixture      f;
    gk_arena     arena = { 0 };
    const char **fault;

    fixture_make(&f);
    CHECK_INT(write_anew(&f.checkpoint, in_folder("a.h5")), 0);
    gk_h5 *file = gk_h5_open(in_folder("a.h5"));
    CHECK(file && gk_checkpoint_faults(file, &arena, &fault) == 0);
    gk_h5_close(file);
    f.model[FIXTURE_REALS] = INFINITY;        /* replica 1, stopped */
    f.model[2 * FIXTURE_REALS] = INFINITY;    /* replica 2, diverged: that is as it should be */
    f.group[0].history->step[3] = 11;
    f.test[0] = f.train[2];
    f.grandparent.sha256 = "none";
    CHECK_INT(write_anew(&f.checkpoint, in_folder("a.h5")), 0);
    file = gk_h5_open(in_folder("a.h5"));
    int n = file ? gk_checkpoint_faults(file, &arena, &fault) : 0;
    CHECK_INT(n, 4);
    if (n == 4) {
        CHECK_CONTAINS(fault[0], "'/model/head.weight'");
        CHECK_CONTAINS(fault[0], "replica 1 has values that are not finite");
        CHECK_CONTAINS(fault[1], "goes on to step 11, after the checkpoint's own step 10");
        CHECK_CONTAINS(fault[2], "item 2 is used twice in split 0");
        CHECK_CONTAINS(fault[3], "the sha256 of 'base.h5' is 'none'");
    }
    gk_h5_close(file);
    gk_arena_release(&arena);
    fixture_free(&f);
}

TEST(every_truncation_is_refused)
{
    fixture f;
    long    n;

    fixture_make(&f);
    CHECK_INT(write_anew(&f.checkpoint, in_folder("a.h5")), 0);
    char *bytes = read_bytes(in_folder("a.h5"), &n);
    for (long length = 0; length < n; length += 1 + n / 97) {
        write_bytes(in_folder("cut.h5"), bytes, length);
        gk_checkpoint *back = gk_checkpoint_read(in_folder("cut.h5"), GK_READ_ALL);
        CHECK(back == NULL);
        CHECK_CONTAINS(gk_error_message(), "cut.h5");
        gk_checkpoint_free(back);
    }
    free(bytes);
    fixture_free(&f);
}

TEST(a_flipped_bit_is_refused_and_sealed_again_it_never_crashes)
{
    fixture  f;
    long     n;
    unsigned random = 1;
    int      n_read = 0;

    fixture_make(&f);
    CHECK_INT(write_anew(&f.checkpoint, in_folder("a.h5")), 0);
    char *bytes = read_bytes(in_folder("a.h5"), &n);
    for (int i = 0; i < 100; i++) {
        random = random * 1664525u + 1013904223u;
        long at = (long)(random % (unsigned)(n - 128));
        bytes[at] = (char)(bytes[at] ^ (1 << (i % 8)));
        write_bytes(in_folder("flip.h5"), bytes, n);
        bytes[at] = (char)(bytes[at] ^ (1 << (i % 8)));
        gk_checkpoint *back = gk_checkpoint_read(in_folder("flip.h5"), GK_READ_ALL);
        CHECK(back == NULL);
        CHECK_INT(gk_h5_seal(in_folder("flip.h5")) == 0 || at < 8, 1);
        back = gk_checkpoint_read(in_folder("flip.h5"), GK_READ_ALL);
        n_read += back != NULL;
        gk_checkpoint_free(back);
    }
    CHECK(n_read < 100);
    free(bytes);
    fixture_free(&f);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    RUN(what_is_written_is_read_back)
    RUN(parameters_keep_their_order_and_description)
    RUN(history_keeps_order_nan_and_nested_names)
    RUN(config_runs_and_lineage_are_read_back)
    RUN(equal_contents_give_equal_bytes_and_reading_then_writing_too)
    RUN(snapshots_alone_tell_the_shapes)
    RUN(contents_that_contradict_each_other_are_refused)
    RUN(a_lineage_longer_than_the_limit_is_cut_not_refused)
    RUN(faults_are_all_listed)
    RUN(every_truncation_is_refused)
    RUN(a_flipped_bit_is_refused_and_sealed_again_it_never_crashes)
    static const char *const names[] = { "a.h5", "b.h5", "c.h5", "bad.h5", "cut.h5", "flip.h5" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(in_folder(names[i]));
    CHECK_INT(rmdir(folder), 0);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0 || test_n_failed_check != 0;
}
