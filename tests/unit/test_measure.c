/* Norms of gradients, updates and parts of the parameters, as they are recorded, against naive sums over snapshots in float64. */
#include <unistd.h>
#include "train_fixture.h"

static char path[64];

static void watch(void *context, const gk_train_status *status)
{
    (void)context;
    (void)status;
}

static bool go_on(void *context)
{
    (void)context;
    return false;
}

static gk_checkpoint *train(const char *options)
{
    command c;
    gk_train_hooks hooks = { .progress = watch, .interrupted = go_on };
    gk_train_setup setup = { .backend = { &gk_backend_cpu_f32, &gk_backend_cpu_f64 }, .device = "cpu", .tool = "test",
                             .output = path, .n_thread = 1 };
    unlink(path);
    command_init(&c, options);
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    gk_training *training = plan ? gk_training_new(plan, &setup) : NULL;
    if (!training)
        printf("%s\n", gk_error_message());
    CHECK(training != NULL);
    CHECK_INT(training ? gk_training_run(training, &hooks) : -1, GK_TRAIN_DONE);
    gk_training_free(training);
    gk_plan_free(plan);
    command_release(&c);
    return gk_checkpoint_read(path, GK_READ_ALL);
}

static double value_at(gk_group *group, const char *name, int64_t record, int64_t replica)
{
    int metric = gk_history_find(group->history, name);
    CHECK(metric >= 0);
    return metric < 0 ? NAN : gk_history_at(group->history, metric, record)[replica];
}

/* Norm over the parameters whose layers are among the words (each between blanks), of snapshot s less another (-1: of itself). */
static double naive_norm(const gk_group *group, int64_t replica, int s, int less, const char *words)
{
    double square = 0;
    for (int p = 0; p < group->n_param; p++) {
        char layer[64];
        snprintf(layer, sizeof layer, " %.*s ", (int)strcspn(group->param[p].name, "."), group->param[p].name);
        for (int64_t i = 0; strstr(words, layer) && i < group->param[p].size; i++) {
            int64_t at = replica * group->n_real + group->param[p].offset + i;
            double  other = less < 0 ? 0 : ((double *)group->snapshot[less])[at];
            square += pow(((double *)group->snapshot[s])[at] - other, 2);
        }
    }
    return sqrt(square);
}

#define ALL " embed position block0 unembed layer0 head "
#define EVERY_STEP " --precision fp64 --prime 7 --steps 5 --snapshot-every 1 --log-every 1 --seed 0..1 --metrics all"
#define TINY_TRANSFORMER "--d-model 8 --n-head 2 --d-mlp 8 --bias all"

/* Clipped are the updates at whose start the gradient was longer than the limit. */
TEST(clipped_updates_are_those_of_long_gradients)
{
    gk_checkpoint *file = train(TINY_TRANSFORMER " --clip-norm 0,0.6,1e9" EVERY_STEP);
    int n_some = 0;
    for (int r = 0; file && r < 6; r++) {
        gk_group *group = &file->group[0];
        double limit = ((const double *)gk_group_run_column(group, "clip_norm")->data)[r], n = 0;
        CHECK(isnan(value_at(group, "clipped", 0, r)));
        for (int s = 1; s < 6; s++) {
            n += limit > 0 && value_at(group, "gradient_norm", s - 1, r) + 1e-6 > limit;
            CHECK_CLOSE(value_at(group, "clipped", s, r), n / s, 1e-15);
        }
        CHECK_CLOSE(((const double *)gk_group_run_column(group, "n_clipped")->data)[r], n, 0);
        n_some += n > 0 && n < 5;
    }
    CHECK(n_some > 0);
    gk_checkpoint_free(file);
}

TEST(updates_and_parts_have_the_norms_of_the_snapshots)
{
    static const struct { const char *options, *embedding, *hidden, *unembedding; } cases[] = {
        { TINY_TRANSFORMER " --weight-decay 1" EVERY_STEP,                   " embed position ", " block0 ", " unembed " },
        { "--model mlp --d-model 4 --widths 8 --constrain-norm global" EVERY_STEP, " embed ", " layer0 ", " head " },
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        gk_checkpoint *file = train(cases[k].options);
        CHECK(file && file->group[0].n_snapshot == 6);
        for (int s = 0; file && s < 6; s++)
            for (int r = 0; r < 2; r++) {
                gk_group *group = &file->group[0];
                double update = value_at(group, "update_norm", s, r);
                CHECK(s == 0 ? isnan(update) : fabs(update / naive_norm(group, r, s, s - 1, ALL) - 1) < 1e-9);
                CHECK_CLOSE(value_at(group, "norm_embedding", s, r), naive_norm(group, r, s, -1, cases[k].embedding), 1e-12);
                CHECK_CLOSE(value_at(group, "norm_hidden", s, r), naive_norm(group, r, s, -1, cases[k].hidden), 1e-12);
                CHECK_CLOSE(value_at(group, "norm_unembedding", s, r), naive_norm(group, r, s, -1, cases[k].unembedding), 1e-12);
                CHECK_CLOSE(value_at(group, "l2_norm", s, r), naive_norm(group, r, s, -1, ALL), 1e-12);
            }
        gk_checkpoint_free(file);
    }
}

/* Gradient descent: an update is the rate times the gradient at the record before; the same clipped, where clipping is seen in
 * the update alone. */
TEST(the_gradient_is_that_of_the_next_full_update_before_it_is_clipped)
{
    static const double rate = 0.25, most = 0.01;
    gk_checkpoint *plain = train(TINY_TRANSFORMER " --optimizer sgd --learning-rate 0.25" EVERY_STEP);
    gk_checkpoint *clipped = train(TINY_TRANSFORMER " --optimizer sgd --learning-rate 0.25 --clip-norm 0.01" EVERY_STEP);
    CHECK(plain && clipped);
    for (int s = 1; plain && clipped && s < 6; s++)
        for (int r = 0; r < 2; r++) {
            gk_group *group = &plain->group[0];
            CHECK_CLOSE(value_at(group, "update_norm", s, r), rate * value_at(group, "gradient_norm", s - 1, r), 1e-12);
            group = &clipped->group[0];
            CHECK(value_at(group, "gradient_norm", s - 1, r) > 10 * most);
            CHECK_CLOSE(value_at(group, "update_norm", s, r), rate * most, 1e-6);
        }
    gk_checkpoint_free(plain);
    gk_checkpoint_free(clipped);
}

int main(void)
{
    char folder[] = "/tmp/test_measure.XXXXXX";
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/a.h5", folder);
    RUN(clipped_updates_are_those_of_long_gradients)
    RUN(updates_and_parts_have_the_norms_of_the_snapshots)
    RUN(the_gradient_is_that_of_the_next_full_update_before_it_is_clipped)
    unlink(path);
    rmdir(folder);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
