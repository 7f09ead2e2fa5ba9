/* checkpoint_fixture.h -- a small checkpoint filled by hand, with something in every field. */
#ifndef GK_TESTS_CHECKPOINT_FIXTURE_H
#define GK_TESTS_CHECKPOINT_FIXTURE_H

#include <math.h>
#include <string.h>
#include "base/options.h"
#include "io/checkpoint.h"

#define FIXTURE_SHA256(digit) digit "123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum { FIXTURE_REPLICAS = 3, FIXTURE_REALS = 10, FIXTURE_DEPTH = 2 };

typedef struct fixture {
    gk_checkpoint   checkpoint;
    gk_group        group[2];
    gk_param_info   param[2];
    gk_slot         slot[2];
    gk_config_entry config[4];
    gk_parent       parent[2], grandparent;
    gk_h5_column    column[3];
    int64_t         run[FIXTURE_REPLICAS], replica_step[FIXTURE_REPLICAS], snapshot_step[2];
    double          decay[FIXTURE_REPLICAS];
    const char     *optimizer[FIXTURE_REPLICAS];
    int32_t         status[FIXTURE_REPLICAS], train[FIXTURE_REPLICAS * 4], test[FIXTURE_REPLICAS * 3], subclass[9];
    const char     *subclass_name[2];
    float           model[FIXTURE_REPLICAS * FIXTURE_REALS], m[FIXTURE_REPLICAS * FIXTURE_REALS];
    float           ring[FIXTURE_REPLICAS * FIXTURE_DEPTH * FIXTURE_REALS], early[2][FIXTURE_REPLICAS * FIXTURE_REALS];
    void           *snapshot[2];
} fixture;

static inline void fixture_fill(float *values, int n, float first)
{
    for (int i = 0; i < n; i++)
        values[i] = first + (float)i;
}

static inline void fixture_group(fixture *f)
{
    static const char *const metrics[] = { "train_loss", "test_acc", "norm/head.weight" };
    gk_group                *group = &f->group[0];

    f->param[0] = (gk_param_info){ "head.weight", 2, { 2, 4 }, "d_out,d_in", "normal(0, 1/4)", true, 0, 8 };
    f->param[1] = (gk_param_info){ "bias", 1, { 2 }, "d_out", "zero", false, 8, 2 };
    f->slot[0] = (gk_slot){ "m", 1, f->m };
    f->slot[1] = (gk_slot){ "grad", FIXTURE_DEPTH, f->ring };
    fixture_fill(f->model, FIXTURE_REPLICAS * FIXTURE_REALS, 0.5f);
    fixture_fill(f->m, FIXTURE_REPLICAS * FIXTURE_REALS, 100.5f);
    fixture_fill(f->ring, FIXTURE_REPLICAS * FIXTURE_DEPTH * FIXTURE_REALS, 200.5f);
    for (int i = 0; i < 2; i++) {
        fixture_fill(f->early[i], FIXTURE_REPLICAS * FIXTURE_REALS, 1000.0f * (float)(i + 1));
        f->snapshot[i] = f->early[i];
        f->snapshot_step[i] = 5 * i;
    }
    for (int replica = 0; replica < FIXTURE_REPLICAS; replica++) {
        f->run[replica] = replica;
        f->decay[replica] = 0.1 * replica;
        f->optimizer[replica] = replica ? "adamw" : "sgd";
        f->replica_step[replica] = 10 - replica;
        f->status[replica] = replica;
        for (int i = 0; i < 4; i++)
            f->train[replica * 4 + i] = i < 4 - replica ? i : -1;
        for (int i = 0; i < 3; i++)
            f->test[replica * 3 + i] = 4 + i;
    }
    for (int i = 0; i < 9; i++)
        f->subclass[i] = i % 2;
    f->subclass_name[0] = "even";
    f->subclass_name[1] = "odd";
    f->column[0] = (gk_h5_column){ .name = "run", .type = GK_I64, .data = f->run };
    f->column[1] = (gk_h5_column){ .name = "weight_decay", .type = GK_F64, .data = f->decay };
    f->column[2] = (gk_h5_column){ .name = "optimizer", .text = f->optimizer };
    *group = (gk_group){ .n_replica = FIXTURE_REPLICAS, .real = GK_F32, .step = 10, .replica_step = f->replica_step,
        .status = f->status, .n_run_column = 3, .run_column = f->column, .n_param = 2, .param = f->param, .n_real = FIXTURE_REALS,
        .model = f->model, .n_slot = 2, .slot = f->slot, .n_snapshot = 2, .snapshot_step = f->snapshot_step,
        .snapshot = f->snapshot, .task = "add mod 3", .data_sha256 = FIXTURE_SHA256("a"), .n_item = 9,
        .n_split = FIXTURE_REPLICAS,
        .n_train_max = 4, .n_test_max = 3, .train = f->train, .test = f->test,
        .n_subclass = 2, .subclass_name = f->subclass_name, .subclass = f->subclass };
    group->history = gk_history_new(FIXTURE_REPLICAS, 3, metrics);
    for (int step = 0; step < 10; step += 3) {
        int64_t record = gk_history_append(group->history, step);
        for (int metric = 0; metric < 3; metric++)
            for (int replica = 0; replica < FIXTURE_REPLICAS - (step == 9); replica++)
                gk_history_at(group->history, metric, record)[replica] = metric + 0.1 * step + replica;
    }
}

/* Two groups; the second holds no model, as with --keep metrics. */
static inline void fixture_make(fixture *f)
{
    memset(f, 0, sizeof *f);
    fixture_group(f);
    f->group[1] = (gk_group){ .n_replica = 1, .real = GK_F32, .step = 7, .n_run_column = 1, .run_column = f->column };
    f->config[0] = (gk_config_entry){ "prime", GK_INT, 3, 0, NULL };
    f->config[1] = (gk_config_entry){ "learning_rate", GK_REAL, 0, 0.001, NULL };
    f->config[2] = (gk_config_entry){ "amsgrad", GK_SWITCH, 1, 0, NULL };
    f->config[3] = (gk_config_entry){ "weight_decay", GK_REAL, 0, 0, "0:0.2:3" };
    f->grandparent = (gk_parent){ "base", "base.h5", FIXTURE_SHA256("0"), 0, NULL };
    f->parent[0] = (gk_parent){ "teacher", "../teacher.h5", FIXTURE_SHA256("4"), 1, &f->grandparent };
    f->parent[1] = (gk_parent){ "resumed", "run.h5", FIXTURE_SHA256("8"), 0, NULL };
    f->checkpoint = (gk_checkpoint){ .tool = "grok-train", .tool_version = "1", .command_line = "grok-train --prime 3",
        .created = "2024-01-01T00:00:00Z", .device = "cpu", .precision = "f32", .n_config = 4, .config = f->config,
        .n_group = 2, .group = f->group, .n_parent = 2, .parent = f->parent };
}

static inline void fixture_free(fixture *f)
{
    gk_history_free(f->group[0].history);
}

#endif
