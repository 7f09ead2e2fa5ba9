/* Options of training: what they mean, presets, the way to a checkpoint and back, and shape groups. */
#include "data/data_options.h"
#include "train_fixture.h"

TEST(a_batch_is_all_a_number_or_at_most_half)
{
    CHECK_INT(gk_batch_parse("full", 100), 0);
    CHECK_INT(gk_batch_parse("32", 100), 32);
    CHECK_INT(gk_batch_parse("100", 100), 0);
    CHECK_INT(gk_batch_parse("200", 100), 0);
    CHECK_INT(gk_batch_parse("half512", 100), 50);
    CHECK_INT(gk_batch_parse("half512", 101), 51);
    CHECK_INT(gk_batch_parse("half512", 5000), 512);
    CHECK_INT(gk_batch_parse("half32", 5000), 32);
    static const char *const wrong[] = { "", "0", "-1", "half", "half0", "fully", "1.5", "512half" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_INT(gk_batch_parse(wrong[i], 100), -1);
        CHECK_CONTAINS(gk_error_message(), "--batch");
    }
}

TEST(shards_are_slices_that_leave_nothing_out)
{
    int64_t first, end, expected = 0;
    for (int shard = 1; shard <= 3; shard++) {
        char text[16];
        snprintf(text, sizeof text, "%d/3", shard);
        CHECK_INT(gk_shard_parse(text, 10, &first, &end), 0);
        CHECK_INT(first, expected);
        CHECK(end - first == 3 || end - first == 4);
        expected = end;
    }
    CHECK_INT(expected, 10);
    CHECK_INT(gk_shard_parse(NULL, 10, &first, &end), 0);
    CHECK(first == 0 && end == 10);
    static const char *const wrong[] = { "", "1", "0/3", "4/3", "1/0", "a/b", "1/3/5", "-1/3", "1/" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_INT(gk_shard_parse(wrong[i], 10, &first, &end), -1);
    CHECK_INT(gk_shard_parse("1/3", 2, &first, &end), 0);
    CHECK_INT(end - first, 0);
}

TEST(options_that_contradict_each_other_are_refused)
{
    static const struct { const char *line, *message; } cases[] = {
        { "--lr-schedule cosine", "needs --lr-decay-steps" },
        { "--snapshot-every 5 --snapshot-growth 2", "cannot both" },
        { "--snapshot-growth 0.5", "more than 1" },
        { "--stop nothing", "no comparison" },
        { "--batch none", "--batch" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        command c;
        command_init(&c, cases[i].line);
        CHECK_INT(gk_config_check(&c.config), -1);
        CHECK_CONTAINS(gk_error_message(), cases[i].message);
        command_release(&c);
    }
}

TEST(seeds_follow_the_run_unless_given)
{
    command c;
    command_init(&c, "--seed 7");
    CHECK_INT(gk_init_seed(&c.config), 7);
    CHECK_INT(gk_order_seed(&c.config), 7);
    command_release(&c);
    command_init(&c, "--seed 7 --init-seed 0 --order-seed 3");
    CHECK_INT(gk_init_seed(&c.config), 0);
    CHECK_INT(gk_order_seed(&c.config), 3);
    command_release(&c);
}

TEST(every_preset_can_be_trained)
{
    for (const gk_preset *preset = gk_presets; preset->name; preset++) {
        char    line[64];
        command c;
        snprintf(line, sizeof line, "--preset %s", preset->name);
        command_init(&c, line);
        if (gk_task_has(c.config.data.task, GK_TASK_FILES)) {    /* its files may not be here: a stand-in, small */
            static const char *const stand_in[][3] = { { "mnist", "synth-digits", "1000" }, { "imdb", "synth-reviews", "100" },
                                                       { "qm9", "synth-mols", "100" } };
            int which = 0;
            while (which < 2 && strcmp(gk_option_text(c.given, "task"), stand_in[which][0]) != 0)
                which++;
            CHECK_TEXT(gk_option_text(c.given, "task"), stand_in[which][0]);
            CHECK_INT(gk_option_set(c.given, "task", stand_in[which][1]), 0);
            CHECK_INT(gk_option_set(c.given, "items", stand_in[which][2]), 0);
        }
        gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
        CHECK(plan != NULL);
        if (!plan)
            printf("%s: %s\n", preset->name, gk_error_message());
        CHECK(plan == NULL || plan->n_run == 1);
        CHECK(preset->source && *preset->source);
        gk_plan_free(plan);
        command_release(&c);
    }
}

TEST(the_nanda_preset_has_the_numbers_of_its_paper)
{
    command c;
    command_init(&c, "--preset nanda");
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan != NULL);
    if (plan) {
        CHECK_INT(plan->group[0].n_param, 226816);
        CHECK_INT(plan->run[0].n_train, 3830);
        CHECK_INT(plan->run[0].n_test, 8939);
        CHECK_INT(plan->run[0].batch, 0);
    }
    gk_plan_free(plan);
    command_release(&c);
}

static void check_model(const char *line, int64_t n_param, int loss, double beta2)
{
    command c;
    command_init(&c, line);
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    if (!plan)
        printf("%s: %s\n", line, gk_error_message());
    CHECK(plan != NULL);
    if (plan) {
        CHECK_INT(plan->group[0].n_param, n_param);
        CHECK_INT(plan->group[0].model.loss, loss);
        CHECK(plan->run[0].config.hyper.beta2 == beta2);
    }
    gk_plan_free(plan);
    command_release(&c);
}

TEST(models_of_papers_have_their_names_and_numbers)
{
    check_model("--task synth-digits --items 100 --model mlp-784", 199210, GK_LOSS_MSE_ONEHOT, 0.999);
    check_model("--task equidistant --items 80 --model mlp-s", 118 * 200 + 201 * 200 + 201 * 4, GK_LOSS_MSE_ONEHOT, 0.999);
    check_model("--task synth-digits --items 100 --model mlp-784 --widths 64 --loss ce", 785 * 64 + 65 * 10, GK_LOSS_CE, 0.999);
    check_model("--beta2 0.9 --task teacher-student --model mlp-ts", 11205, GK_LOSS_MSE, 0.9);
    check_model("--task toy-addition --model dec", 3 * 200 + 201 * 200 + 201 * 30, GK_LOSS_MSE, 0.99);
    check_model("--task toy-addition --model dec --train-latent", 20 + 3 * 200 + 201 * 200 + 201 * 30, GK_LOSS_MSE, 0.99);
    check_model("--model t1", 226816, GK_LOSS_CE, 0.98);
}

TEST(sizes_and_messiness_train_together)
{
    command c;
    command_init(&c, "--preset omni-toy --size 25,35,54 --messiness 0,0.1,1 --seed 0..1");
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan && plan->n_group == 1 && plan->n_dataset == 1 && plan->group[0].model.messy);
    CHECK(plan && plan->n_run == 18 && plan->run[0].n_train == 25 && plan->run[17].n_train == 54 && plan->run[17].n_test == 1);
    gk_plan_free(plan);
    command_release(&c);
    command_init(&c, "--preset omni-toy --data-seed 1,2 --messiness 1");
    plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan && plan->n_dataset == 2 && !plan->group[0].model.messy);
    gk_plan_free(plan);
    command_release(&c);
}

TEST(data_may_be_the_name_of_a_task)
{
    command c;
    command_init(&c, "--data teacher-student --model mlp-ts");
    gk_data_resolve(c.given);
    CHECK_TEXT(gk_option_text(c.given, "task"), "teacher-student");
    CHECK(!c.config.data.data_file && !gk_option_text(c.given, "data"));
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan != NULL);
    gk_plan_free(plan);
    command_release(&c);
    command_init(&c, "--data /nowhere/teacher-student");
    gk_data_resolve(c.given);
    CHECK_TEXT(c.config.data.data_file, "/nowhere/teacher-student");
    command_release(&c);
}

TEST(a_configuration_comes_back_from_a_checkpoint)
{
    command made, back;
    gk_checkpoint checkpoint = { .path = "x.h5" };
    char expected[64], found[64];
    command_init(&made, "--task subtract --prime 7,11 --weight-decay 0:1:3 --seed 5 --orthogonal --batch 9 --steps 50 "
                        "--output a.h5");
    checkpoint.n_config = gk_config_record(made.given, &checkpoint.arena, &checkpoint.config);
    CHECK(gk_checkpoint_config(&checkpoint, "weight_decay") != NULL);
    CHECK_TEXT(gk_checkpoint_config(&checkpoint, "weight_decay")->text, "0:1:3");
    CHECK(gk_checkpoint_config(&checkpoint, "output") == NULL);

    command_init(&back, "--steps 90 --quiet --output b.h5");
    CHECK_INT(gk_config_restore(back.given, &checkpoint), 0);
    CHECK_INT(gk_grid_n_run(back.given), 6);
    for (int run = 0; run < 6; run++) {
        gk_grid_select(made.given, run, &made.config);
        gk_grid_select(back.given, run, &back.config);
        CHECK_INT(back.config.data.prime, made.config.data.prime);
        CHECK_CLOSE(back.config.hyper.weight_decay, made.config.hyper.weight_decay, 0);
    }
    snprintf(expected, sizeof expected, "%d %d %s %lld", GK_OPTIM_adamw, made.config.update.orthogonal, made.config.run.batch,
             90LL);
    snprintf(found, sizeof found, "%d %d %s %lld", back.config.update.optimizer, back.config.update.orthogonal,
             back.config.run.batch, (long long)back.config.run.steps);
    CHECK_TEXT(found, expected);
    CHECK_TEXT(back.config.run.output, "b.h5");
    command_release(&back);
    command_release(&made);
    gk_arena_release(&checkpoint.arena);
}

TEST(optimisers_have_defaults_of_their_own)
{
    const struct { const char *line; double rate, beta2; } row[] = {
        { "", 1e-3, 0.98 }, { "--optimizer adamw", 1e-3, 0.98 }, { "--optimizer lion", 1e-4, 0.99 },
        { "--optimizer lion --beta2 0.9", 1e-4, 0.9 }, { "--preset nanda --optimizer lion --learning-rate 2", 2, 0.98 },
        { "--optimizer lion --learning-rate 1,2", 1, 0.99 }, { "--optimizer adamw,sgd", 1e-3, 0.98 },
        { "--optimizer lion,sgd --learning-rate 1 --beta2 0.5", 1, 0.5 },
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        command c;
        command_init(&c, row[i].line);
        CHECK_INT(gk_config_resolve(c.given), 0);
        gk_grid_select(c.given, 0, &c.config);
        CHECK_CLOSE(c.config.hyper.learning_rate, row[i].rate, 0);
        CHECK_CLOSE(c.config.hyper.beta2, row[i].beta2, 0);
        command_release(&c);
    }
    command c;
    command_init(&c, "--optimizer sgd,lion --learning-rate 1");
    CHECK_INT(gk_config_resolve(c.given), -1);
    CHECK_CONTAINS(gk_error_message(), "'--optimizer sgd,lion' needs --beta2");
    command_release(&c);
}

TEST(a_switch_that_has_become_a_choice_is_understood)
{
    for (int on = 0; on < 2; on++) {
        command c;
        gk_config_entry entry = { .name = "constrain_norm", .type = GK_SWITCH, .integer = on };
        gk_checkpoint checkpoint = { .path = "x.h5", .n_config = 1, .config = &entry };
        command_init(&c, "");
        CHECK_INT(gk_config_restore(c.given, &checkpoint), 0);
        gk_grid_select(c.given, 0, &c.config);
        CHECK_INT(c.config.update.constrain, on ? GK_CONSTRAIN_GLOBAL : GK_CONSTRAIN_NONE);
        command_release(&c);
    }
}

TEST(what_would_change_the_run_cannot_be_given_with_resume)
{
    command c;
    gk_checkpoint checkpoint = { .path = "x.h5" };
    command_init(&c, "--steps 90 --weight-decay 1");
    CHECK_INT(gk_config_restore(c.given, &checkpoint), -1);
    CHECK_CONTAINS(gk_error_message(), "'--weight-decay' cannot be given with --resume");
    CHECK_CONTAINS(gk_error_message(), "--steps, --stop");
    command_release(&c);
}

TEST(an_unknown_option_in_a_checkpoint_is_an_error)
{
    command c;
    gk_config_entry entry = { .name = "colour", .type = GK_TEXT, .text = "blue" };
    gk_checkpoint checkpoint = { .path = "x.h5", .n_config = 1, .config = &entry };
    command_init(&c, "");
    CHECK_INT(gk_config_restore(c.given, &checkpoint), -1);
    CHECK_CONTAINS(gk_error_message(), "/config/colour");
    command_release(&c);
}

/* --- plans -- */

TEST(runs_that_differ_in_shape_train_in_different_groups)
{
    command c;
    command_init(&c, "--prime 5,7 --fraction 0.6 --weight-decay 0,1 --seed 0..2 --d-model 8 --d-mlp 8 --n-head 1");
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan != NULL);
    if (plan) {
        CHECK_INT(plan->n_run, 12);
        CHECK_INT(plan->n_group, 2);
        CHECK_INT(plan->n_dataset, 2);
        for (int i = 0; i < 2; i++) {
            CHECK_INT(plan->group[i].n_replica, 6);
            for (int64_t replica = 0; replica < 6; replica++)
                CHECK_INT(plan->run[plan->group[i].run[replica]].config.data.prime, i ? 7 : 5);
        }
        gk_arena      arena = { 0 };
        gk_h5_column *column;
        CHECK_INT(gk_plan_columns(plan, &plan->group[1], &arena, &column), 4);
        CHECK_TEXT(column[0].name, "run");
        CHECK_TEXT(column[1].name, "seed");
        CHECK_TEXT(column[3].name, "weight_decay");
        for (int64_t replica = 0; replica < 6; replica++) {
            const gk_plan_run *run = &plan->run[plan->group[1].run[replica]];
            CHECK_INT(((const int64_t *)column[0].data)[replica], run->number);
            CHECK_INT(((const int64_t *)column[1].data)[replica], run->config.data.seed);
            CHECK_CLOSE(((const double *)column[3].data)[replica], run->config.hyper.weight_decay, 0);
        }
        gk_arena_release(&arena);
    }
    gk_plan_free(plan);
    command_release(&c);
}

TEST(batches_of_different_sizes_are_different_shapes)
{
    command c;
    command_init(&c, "--prime 7 --fraction 0.5,0.6 --batch half512,10 --d-model 8 --d-mlp 8 --n-head 1");
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan != NULL);
    if (plan) {    /* 24 and 29 train rows: halves of 12 and 15, and twice 10 */
        CHECK_INT(plan->n_group, 3);
        CHECK_INT(plan->run[0].batch, 12);
        CHECK_INT(plan->run[1].batch, 10);
        CHECK_INT(plan->run[2].batch, 15);
        CHECK_INT(plan->run[3].group, plan->run[1].group);
        CHECK(plan->warning == NULL);
    }
    gk_plan_free(plan);
    command_release(&c);
}

TEST(a_batch_larger_than_the_data_is_the_full_batch_with_a_warning)
{
    command c;
    command_init(&c, "--prime 7 --fraction 0.5 --batch 25 --d-model 8 --d-mlp 8 --n-head 1");
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan != NULL && plan->run[0].batch == 0);
    CHECK(plan != NULL && plan->warning != NULL);
    if (plan && plan->warning)
        CHECK_CONTAINS(plan->warning, "25 is larger than the 24 train rows");
    gk_plan_free(plan);
    command_release(&c);
}

TEST(what_cannot_be_trained_is_refused_before_anything_is)
{
    static const struct { const char *line, *message; } cases[] = {
        { "--prime 7,12", "12" },
        { "--prime 7 --fraction 0.5,1", "test" },
        { "--prime 7 --d-model 8,9 --n-head 4", "9" },
        { "--prime 7 --stop loss<1", "no metric 'loss'" },
        { "--prime 7 --data x.h5 --task add", "'--data' and '--task'" },
        { "--prime 7 --model mlp --widths 8xx", "8xx" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        command c;
        command_init(&c, cases[i].line);
        CHECK(gk_plan_new(c.given, &c.config, NULL) == NULL);
        CHECK_CONTAINS(gk_error_message(), cases[i].message);
        command_release(&c);
    }
}

TEST(what_an_optimiser_does_not_read_has_no_effect)
{
    static const char *const names[] = {
#define HYPER(field, option, ...) option,
#include "graph/hyper.def"
#undef HYPER
    };
    for (int optimizer = 0; optimizer < GK_N_OPTIM; optimizer++)
        for (int hyper = 0; hyper < GK_N_HYPER; hyper++) {
            bool        is_read = gk_optimizers[optimizer].uses & 1u << hyper, by_any = false;
            char        line[128];
            const char *idle;
            gk_arena    scratch = { 0 };
            command     c;
            for (int i = 0; i < GK_N_OPTIM; i++)
                by_any |= gk_optimizers[i].uses & 1u << hyper;
            if (!by_any)
                continue;
            snprintf(line, sizeof line, "--optimizer %s --%s 0.5", gk_optimizers[optimizer].option, names[hyper]);
            command_init(&c, line);
            CHECK_INT(gk_options_check_effect(c.given, &c.config, &scratch, &idle), is_read ? 0 : -1);
            gk_arena_release(&scratch);
            command_release(&c);
        }
}

TEST(every_preset_has_an_effect)
{
    for (const gk_preset *preset = gk_presets; preset->name; preset++) {
        char        line[64];
        const char *idle;
        gk_arena    scratch = { 0 };
        command     c;
        snprintf(line, sizeof line, "--preset %s", preset->name);
        command_init(&c, line);
        CHECK_INT(gk_options_check_effect(c.given, &c.config, &scratch, &idle), 0);
        CHECK_TEXT(idle ? idle : "", "");
        gk_arena_release(&scratch);
        command_release(&c);
    }
}

TEST(initial_laws_follow_the_model)
{
    command c;
    command_init(&c, "--prime 7 --model transformer,mlp --d-model 8 --d-mlp 8 --n-head 1 --widths 8 --dropout 0,0.5");
    gk_plan *plan = gk_plan_new(c.given, &c.config, NULL);
    CHECK(plan != NULL && plan->n_group == 2);
    if (plan) {
        CHECK_INT(plan->group[0].model.init, GK_INIT_NANDA);
        CHECK_INT(plan->group[1].model.init, GK_INIT_TORCH);
        CHECK(plan->group[0].model.dropout);
        CHECK_INT(plan->group[0].update.ma_window, 0);
    }
    gk_plan_free(plan);
    command_release(&c);
}

TEST_MAIN(RUN(a_batch_is_all_a_number_or_at_most_half) RUN(shards_are_slices_that_leave_nothing_out)
          RUN(options_that_contradict_each_other_are_refused) RUN(seeds_follow_the_run_unless_given)
          RUN(every_preset_can_be_trained) RUN(the_nanda_preset_has_the_numbers_of_its_paper)
          RUN(models_of_papers_have_their_names_and_numbers)
    RUN(sizes_and_messiness_train_together)
    RUN(data_may_be_the_name_of_a_task)
    RUN(a_configuration_comes_back_from_a_checkpoint) RUN(optimisers_have_defaults_of_their_own)
          RUN(a_switch_that_has_become_a_choice_is_understood)
          RUN(what_would_change_the_run_cannot_be_given_with_resume)
          RUN(an_unknown_option_in_a_checkpoint_is_an_error) RUN(runs_that_differ_in_shape_train_in_different_groups)
          RUN(batches_of_different_sizes_are_different_shapes)
          RUN(a_batch_larger_than_the_data_is_the_full_batch_with_a_warning)
          RUN(what_cannot_be_trained_is_refused_before_anything_is) RUN(initial_laws_follow_the_model)
          RUN(what_an_optimiser_does_not_read_has_no_effect) RUN(every_preset_has_an_effect))
