/* Checkpoints from before slots had owners: SGD's velocity was called m. */
#include <unistd.h>
#include "base/outfile.h"
#include "train_fixture.h"

#define SGD "--prime 5 --fraction 0.6 --d-model 4 --d-mlp 4 --n-head 1 --optimizer sgd --momentum 0.9 --log-every 50 --steps "

static void train(const char *options, const char *resume, const char *path)
{
    command c;
    gk_train_hooks hooks = quiet_hooks();
    gk_train_setup setup = { .backend = { &gk_backend_cpu_f32 }, .device = "cpu", .tool = "test", .output = path, .n_thread = 1 };
    command_init(&c, options);
    if (resume) {
        setup.resume = gk_checkpoint_read(resume, GK_READ_ALL);
        gk_outfile_continue(path, resume);
        CHECK(setup.resume && gk_config_restore(c.given, setup.resume) == 0);
    }
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan && (!setup.resume || gk_plan_follow(plan, setup.resume) == 0));
    gk_training *training = plan ? gk_training_new(plan, &setup) : NULL;
    CHECK(training && gk_training_run(training, &hooks) == GK_TRAIN_DONE);
    gk_training_free(training);
    gk_plan_free(plan);
    command_release(&c);
}

TEST(a_velocity_that_is_called_m_is_gone_on_with)
{
    char whole[] = "/tmp/gk-whole-XXXXXX", part[] = "/tmp/gk-part-XXXXXX";
    int a = mkstemp(whole), b = mkstemp(part);
    CHECK(a >= 0 && b >= 0);
    close(a);
    close(b);
    unlink(whole);
    unlink(part);
    train(SGD "30", NULL, whole);
    train(SGD "11", NULL, part);
    gk_checkpoint *old = gk_checkpoint_read(part, GK_READ_ALL);
    CHECK(old && old->group->n_slot == 1);
    CHECK_TEXT(old->group->slot[0].name, "velocity");
    old->group->slot[0].name = "m";
    unlink(part);
    CHECK_INT(gk_checkpoint_write(old, part), 0);
    gk_checkpoint_free(old);

    train("--steps 30", part, part);
    gk_checkpoint *x = gk_checkpoint_read(whole, GK_READ_ALL), *y = gk_checkpoint_read(part, GK_READ_ALL);
    CHECK(x && y && y->group->n_slot == 1);
    if (x && y) {
        size_t bytes = (size_t)x->group->n_real * sizeof(float);
        CHECK_TEXT(y->group->slot[0].name, "velocity");
        CHECK(memcmp(x->group->model, y->group->model, bytes) == 0);
        CHECK(memcmp(x->group->slot[0].data, y->group->slot[0].data, bytes) == 0);
    }
    gk_checkpoint_free(x);
    gk_checkpoint_free(y);
    unlink(whole);
    unlink(part);
}

TEST_MAIN(RUN(a_velocity_that_is_called_m_is_gone_on_with))
