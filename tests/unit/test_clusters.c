/* test_clusters.c -- items as points, and clusters of a label or of all: those that one can see. */
#include "../../tools/clusters.h"

#include <stdlib.h>
#include "../test.h"

/* Two labels on a line: 0 near 0 and 10, 1 near 5 and -5; the last item decides nothing. */
enum { N = 9 };
static double   x[N] = { 0, 0.2, 10, 10.2, 5, 5.2, -5, -5.2, 5.6 };
static int32_t  label[N] = { 0, 0, 0, 0, 1, 1, 1, 1, 1 };
static bool     decides[N] = { true, true, true, true, true, true, true, true, false };
static gk_dataset dataset = { .task = "by hand", .n_item = N, .n_answer = 2, .label = label };
static const gk_points points = { &dataset, N, 1, x };
static const gk_clusters_args of_labels = { { .k = 2, .n_restart = 5, .n_iteration = 50, .seed = 1 }, 100, true };

TEST(each_label_has_its_clusters_the_farthest_from_its_mean_first)
{
    gk_arena    arena = { 0 };
    gk_clusters found;
    CHECK_INT(gk_clusters_find(&of_labels, &points, decides, &arena, &found), 0);
    CHECK_INT(found.n_label, 2);
    for (int pair = 0; pair < N - 1; pair += 2)
        CHECK_INT(found.of[pair], found.of[pair + 1]);
    CHECK(found.of[0] != found.of[2] && found.of[4] != found.of[6]);
    CHECK(found.of[0] < 2 && found.of[4] >= 2);
    CHECK_INT(found.of[8], found.of[4]);    /* belongs to the nearest, */
    CHECK_CLOSE(found.square[8], 0.25, 1e-12);
    for (int c = 0; c < 4; c++) {
        CHECK_CLOSE(found.spread[c], 0.01, 1e-12);    /* and moves nothing */
        CHECK(found.silhouette[c] > 0.9);
        CHECK(c % 2 == 0 || found.distance[c - 1] >= found.distance[c]);
    }
    gk_arena_release(&arena);
}

TEST(all_items_together_have_as_many_as_are_asked_for)
{
    gk_clusters_args of_all = of_labels;
    gk_arena    arena = { 0 };
    gk_clusters found;
    of_all.per_label = false;
    of_all.means.k = 4;
    CHECK_INT(gk_clusters_find(&of_all, &points, decides, &arena, &found), 0);
    CHECK_INT(found.n_label, 1);
    for (int a = 0; a < N - 1; a++)
        for (int b = 0; b < N - 1; b++)
            CHECK_INT(found.of[a] == found.of[b], a / 2 == b / 2);
    gk_arena_release(&arena);
}

TEST(what_cannot_be_clustered_is_told)
{
    gk_clusters_args args = of_labels;
    gk_arena    arena = { 0 };
    gk_clusters found;
    args.means.k = 5;
    CHECK_INT(gk_clusters_find(&args, &points, decides, &arena, &found), -1);
    CHECK_CONTAINS(gk_error_message(), "label 0: ");
    dataset.n_target = 1;
    CHECK_INT(gk_clusters_find(&of_labels, &points, decides, &arena, &found), -1);
    CHECK_TEXT(gk_error_message(), "the items of 'by hand' have targets, not labels: '--per all'");
    dataset.n_target = 0;
    gk_arena_release(&arena);
}

TEST(points_of_a_label_are_gathered_in_their_order)
{
    int64_t n;
    double *one = gk_points_gather(&points, decides, 1, &n);
    CHECK_INT(n, 4);
    CHECK_CLOSE(one[3], -5.2, 0);
    free(one);
    double *all = gk_points_gather(&points, decides, -1, &n);
    CHECK_INT(n, 8);
    free(all);
}

TEST(items_of_reals_are_points_and_tokens_need_a_layer)
{
    gk_data_args data = { .task = gk_task_find("equidistant"), .fraction = 0.3, .data_seed = -1, .n_item = 80, .n_test = 40,
                          .sigma = 0.1, .separation = 1 };
    gk_points read;
    CHECK_INT(gk_points_read(&(gk_latents_args){ .run = -1, .data = &data }, &read), 0);
    CHECK_INT(read.n, read.dataset->n_item);
    CHECK_INT(read.d, read.dataset->n_real);
    for (int64_t i = 0; i < read.n * read.d; i++)
        CHECK(read.x[i] == (double)read.dataset->real[i]);
    gk_points_release(&read);
    CHECK(!read.x);
    data = (gk_data_args){ .task = gk_task_find("add"), .prime = 7, .fraction = 0.3, .data_seed = -1 };
    CHECK_INT(gk_points_read(&(gk_latents_args){ .run = -1, .data = &data }, &read), -1);
    CHECK(gk_error_is_usage());
    CHECK_CONTAINS(gk_error_message(), "are tokens: give a checkpoint, and --at one of its layers");
    CHECK_INT(gk_points_read(&(gk_latents_args){ .checkpoint = "none.h5", .run = -1 }, &read), -1);
}

TEST_MAIN(RUN(each_label_has_its_clusters_the_farthest_from_its_mean_first)
          RUN(all_items_together_have_as_many_as_are_asked_for)
          RUN(what_cannot_be_clustered_is_told)
          RUN(points_of_a_label_are_gathered_in_their_order)
          RUN(items_of_reals_are_points_and_tokens_need_a_layer))
