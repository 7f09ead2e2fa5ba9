/* Where teachers compute: on the device that trains their students, each in its own type. */
#include <unistd.h>
#include "train_fixture.h"

#define TINY "--prime 5 --fraction 0.6 --d-model 4 --d-mlp 4 --n-head 1 --sequence op-mod --steps 3 --seed 0,1 "

static int n_predicted[2];

static int predict_f32(gk_engine *engine, int set, const bool *active, double *const *out)
{
    n_predicted[0]++;
    return gk_backend_cpu_f32.predict(engine, set, active, out);
}

static int predict_f64(gk_engine *engine, int set, const bool *active, double *const *out)
{
    n_predicted[1]++;
    return gk_backend_cpu_f64.predict(engine, set, active, out);
}

static void train(const char *options, const char *teachers, const char *path)
{
    command        c;
    gk_backend     f32 = gk_backend_cpu_f32, f64 = gk_backend_cpu_f64;
    gk_train_hooks hooks = quiet_hooks();
    gk_train_setup setup = { .backend = { [GK_PRECISION_FP32] = &f32, [GK_PRECISION_FP64] = &f64 }, .device = "a device",
                             .tool = "test", .output = path, .n_thread = 1 };
    gk_sources     sources = { .teachers = teachers ? gk_teachers_read(teachers) : NULL };
    f32.predict = predict_f32;
    f64.predict = predict_f64;
    command_init(&c, options);
    c.config.teach.teachers = teachers;
    gk_plan     *plan = gk_plan_new(c.given, &c.config, &sources);
    gk_training *training = plan ? gk_training_new(plan, &setup) : NULL;
    CHECK(training && gk_training_run(training, &hooks) == GK_TRAIN_DONE);
    gk_training_free(training);
    gk_plan_free(plan);
    gk_teachers_free(sources.teachers);
    command_release(&c);
}

TEST(teachers_compute_on_the_device_of_their_students)
{
    char folder[] = "/tmp/gk-teacher-XXXXXX", teacher[64], student[64];
    CHECK(mkdtemp(folder));
    for (int type = 0; type < 2; type++) {
        snprintf(teacher, sizeof teacher, "%s/teacher%d.h5", folder, type);
        snprintf(student, sizeof student, "%s/student%d.h5", folder, type);
        train(type == 0 ? TINY : TINY "--precision fp64", NULL, teacher);
        CHECK_INT(n_predicted[0] + n_predicted[1], 0);
        train(TINY, teacher, student);
        CHECK_INT(n_predicted[type], 2);    /* one for each seed */
        CHECK_INT(n_predicted[1 - type], 0);
        n_predicted[type] = 0;
        unlink(teacher);
        unlink(student);
    }
    rmdir(folder);
}

TEST_MAIN(RUN(teachers_compute_on_the_device_of_their_students))
