/* Metrics: names, what is recorded of which data, what must be asked for; and that FORMAT.md says what metrics.def says. */
#include <stdlib.h>
#include "../test.h"
#include "data/dataset.h"
#include "graph/backend.h"
#include "train/metrics.h"

static gk_arena arena;

/* A file of the source tree: this one is tests/unit/test_metrics.c. */
static char *read_source(const char *name)
{
    int   top = (int)(strlen(__FILE__) - strlen("tests/unit/test_metrics.c"));
    char *path = gk_arena_printf(&arena, "%.*s%s", top, __FILE__, name), *text = gk_arena_alloc(&arena, 1 << 18);
    FILE *file = fopen(path, "r");
    if (!file)
        printf("cannot read '%s'\n", path);
    CHECK(file != NULL);
    if (file) {
        CHECK(fread(text, 1, (1 << 18) - 1, file) > 0);
        fclose(file);
    }
    return text;
}

TEST(format_md_lists_the_metrics_word_by_word)
{
    char *page = read_source("libshared/io/FORMAT.md"), *table = strstr(page, "| metric | unit | meaning |\n");
    CHECK(table != NULL);
    if (!table)
        return;
    *strstr(table, "\n\n") = '\0';
    int n_row = -2;    /* without the header and the line under it */
    for (const char *at = table; at; at = strchr(at + 1, '\n'))
        n_row++;
    CHECK_INT(n_row, GK_N_METRIC);
    for (int i = 0; i < GK_N_METRIC; i++) {
        const gk_metric_info *info = &gk_metric_table[i];
        const char *when = info->when == GK_METRIC_ASKED ? "; with `--metrics`" : "";
        char *row = gk_arena_printf(&arena, "| `%s` | %s | %s%s |", info->name, info->unit, info->meaning, when);
        CHECK_CONTAINS(table, row);
    }
}

TEST(every_metric_says_what_it_is)
{
    for (int i = 0; i < GK_N_METRIC; i++) {
        const gk_metric_info *info = &gk_metric_table[i];
        CHECK(*info->name && *info->unit && *info->words && strlen(info->meaning) > 10);
        CHECK(gk_metric_find(info->name) == info);
        CHECK(!info->each_task || info->of == GK_OF_TRAIN || info->of == GK_OF_TEST);
    }
}

TEST(names_of_tasks_and_of_families_are_those_of_their_line)
{
    CHECK(gk_metric_find("p1/test_acc") == &gk_metric_table[GK_TEST_ACC]);
    CHECK(gk_metric_find("norm/embed.weight") == &gk_metric_table[GK_NORM]);
    CHECK(gk_metric_find("p1/l2_norm") == NULL);
    CHECK(gk_metric_find("p1/collapsed") == NULL);
    CHECK(gk_metric_find("acc") == NULL);
    CHECK(gk_metric_find("normal/x") == NULL);
    CHECK_INT(gk_metric_find("test_loss")->kind, GK_METRIC_LOSS);
    CHECK_INT(gk_metric_find("p2/train_acc")->kind, GK_METRIC_ACCURACY);
}

TEST(what_is_asked_for_is_checked)
{
    static const char *const bad[] = { "train_loss", "margin", "", "test_margin,", "test_margin all", "norm/embed.weight" };
    uint64_t asked, all;
    CHECK_INT(gk_metrics_asked(NULL, &asked), 0);
    CHECK(asked == 0);
    CHECK_INT(gk_metrics_asked("none", &asked), 0);
    CHECK(asked == 0);
    CHECK_INT(gk_metrics_asked("test_margin,train_entropy", &asked), 0);
    CHECK(asked == (UINT64_C(1) << GK_TEST_MARGIN | UINT64_C(1) << GK_TRAIN_ENTROPY));
    CHECK_INT(gk_metrics_sums(asked), 1 << GK_SUM_margin | 1 << GK_SUM_entropy);
    CHECK_INT(gk_metrics_asked("all", &all), 0);
    CHECK((all & asked) == asked && all != asked);
    for (int i = 0; i < GK_N_METRIC; i++)
        CHECK_INT(all >> i & 1, gk_metric_table[i].when == GK_METRIC_ASKED);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_INT(gk_metrics_asked(bad[i], &asked), -1);
        CHECK_CONTAINS(gk_error_message(), "for '--metrics'");
        CHECK_CONTAINS(gk_error_message(), "train_entropy, test_entropy");
    }
}

static void check_recorded(const gk_graph *graph, const gk_dataset *dataset, const char *asked_for, const char *expected)
{
    gk_recorded *recorded;
    uint64_t     asked;
    const char  *names = "";
    CHECK_INT(gk_metrics_asked(asked_for, &asked), 0);
    int n = gk_metrics_recorded(graph, dataset, asked, GK_BY_NONE, &arena, &recorded);
    for (int i = 0; i < n; i++)
        names = gk_arena_printf(&arena, "%s%s%s", names, i ? " " : "", recorded[i].name);
    CHECK_TEXT(names, expected);
}

TEST(records_hold_the_usual_metrics_and_what_is_asked_for)
{
    gk_node     embed = { .name = "embed.weight" }, head = { .name = "head.bias" }, *params[] = { &embed, &head };
    gk_graph    graph = { .n_param = 2, .param = params, .n_loss = 1 };
    const char *tasks[] = { "p1", "p2" };
    gk_dataset  dataset = { .n_group = 1, .n_trained_group = 1, .group_name = tasks };
    uint64_t    asked;
    gk_recorded *recorded;
#define USUAL "train_loss train_acc test_loss test_acc l2_norm learning_rate collapsed zero_loss "
#define NORMS "norm/embed.weight norm/head.bias"
    check_recorded(&graph, &dataset, NULL, USUAL NORMS);
    graph.n_loss = 2;
    check_recorded(&graph, &dataset, NULL, USUAL "kd_loss " NORMS);
    graph.n_loss = 1;
    dataset.n_group = 2;    /* p2 is only evaluated */
    check_recorded(&graph, &dataset, "test_margin,train_margin,smoothed_loss",
                   USUAL NORMS " smoothed_loss train_margin test_margin"
                   " p1/train_loss p1/train_acc p1/test_loss p1/test_acc p1/train_margin p1/test_margin"
                   " p2/test_loss p2/test_acc p2/test_margin");
    dataset = (gk_dataset){ .n_group = 1, .n_trained_group = 1, .n_target = 1, .task = "teacher-student" };
    check_recorded(&graph, &dataset, NULL, USUAL NORMS);
    CHECK_INT(gk_metrics_asked("test_margin", &asked), 0);
    CHECK_INT(gk_metrics_recorded(&graph, &dataset, asked, GK_BY_NONE, &arena, &recorded), -1);
    CHECK_CONTAINS(gk_error_message(), "'--metrics test_margin' is of logits of classes: the items of 'teacher-student' have");
}

TEST_MAIN(RUN(format_md_lists_the_metrics_word_by_word)
          RUN(every_metric_says_what_it_is)
          RUN(names_of_tasks_and_of_families_are_those_of_their_line)
          RUN(what_is_asked_for_is_checked)
          RUN(records_hold_the_usual_metrics_and_what_is_asked_for)
          gk_arena_release(&arena);)
