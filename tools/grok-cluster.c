/* grok-cluster.c -- items as points, by their own reals or a network's latents: clusters, components, distances of subclasses. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/eigen.h"
#include "base/choice.h"
#include "base/die.h"
#include "base/table.h"
#include "data/build.h"
#include "data/data_options.h"
#include "clusters.h"
#include "table/origin.h"

enum { DIGITS = 9 };
#define SHOWN(X) X(SHOW_CLUSTERS, "clusters") X(SHOW_COMPONENTS, "components") X(SHOW_DISTANCES, "distances") X(SHOW_MDS, "mds")
GK_LOCAL_CHOICES(shown, SHOWN);
#define PARTS(X) X(PER_LABEL, "label") X(PER_ALL, "all")
GK_LOCAL_CHOICES(per_what, PARTS);

static struct {
    gk_data_args data;    /* first: for conditions of its options */
    const char  *at, *output, *groups;
    int64_t      run, k, n_restart, n_iteration, n_component, n_dim, n_silhouette;
    shown        show;
    per_what     per;
    bool         json;
} o = { .run = -1, .k = 5, .n_restart = 10, .n_iteration = 300, .n_dim = 2, .n_silhouette = 2000, .output = "-" };

GK_CONDITION(of_clusters, __typeof__(o), "'--show clusters' or --groups", at->show == SHOW_CLUSTERS || at->groups);
GK_CONDITION(of_drawings, __typeof__(o), "'--show components' and mds", at->show == SHOW_COMPONENTS || at->show == SHOW_MDS);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option what_options[] = {
    GK_TEXT_OPTION("at", at, .arg = "LAYER",
                   .help = "points are what this layer of the network makes of the items (layer1, pool, block0.mlp.in); items, "
                           "or not given: the items' own reals"),
    GK_INT_OPTION("run", run, -1, 1e9, .key = 'r', .arg = "N", .help = "run of the checkpoint; -1: its only one"),
    GK_CHOICE_OPTION("show", show, shown,
                     .help = "a row for each cluster; for each item with its principal components; for each pair of subclasses "
                             "with the squared distance of their means; for each subclass with its place in few dimensions "
                             "(classical scaling of these distances)"),
    GK_INT_OPTION("dims", n_dim, 1, 1000, .arg = "N", .when = &of_drawings, .help = "components or dimensions that are told"),
    GK_OPTION_END
};
static const gk_option cluster_options[] = {
    GK_INT_OPTION("clusters", k, 1, 100000, .key = 'k', .arg = "K", .when = &of_clusters,
                  .help = "clusters, of each label or of all"),
    GK_CHOICE_OPTION("per", per, per_what, .when = &of_clusters,
                     .help = "cluster the items of every label apart, or all of them"),
    GK_INT_OPTION("restarts", n_restart, 1, 100000, .arg = "N", .when = &of_clusters,
                  .help = "beginnings of k-means (k-means++), of which the best is kept"),
    GK_INT_OPTION("iterations", n_iteration, 1, 1e9, .arg = "N", .when = &of_clusters, .help = "most of one beginning"),
    GK_INT_OPTION("components", n_component, 0, 100000, .arg = "N",
                  .help = "take so many principal components of the points in their place; 0: the points themselves"),
    GK_INT_OPTION("silhouettes", n_silhouette, 0, 1e9, .arg = "N", .when = &of_clusters,
                  .help = "points of every label whose silhouettes are averaged, drawn at random; 0: none"),
    GK_OPTION_END
};
static const gk_option how_options[] = {
    GK_TEXT_OPTION("groups", groups, .arg = "FILE",
                   .help = "write the subclass of every item here, as --subclasses of grok-train and grok-data takes it"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write the table here; - is standard output"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

static const char details[] =
    "Points are items: of the data that are named, or else those that the checkpoint was trained on.  Data that bring a\n"
    "split: train items decide where clusters and components are, and every item belongs to the nearest cluster of its\n"
    "label.  Clusters of a label are numbered by the distance of their centre from the label's mean, farthest first:\n"
    "LABEL.0 is the one farthest out.  Their beginnings are drawn with --seed.\n"
    "Columns of clusters: items, train, test of each; spread, the mean squared distance of train items to the centre;\n"
    "distance of the centre from the label's mean; silhouette, between -1 and 1 (1: far from all other clusters).\n\n"
    "  grok-cluster res.h5 --at pool -k 5 --groups five.tsv\n"
    "  grok-train --task mnist --subclasses five.tsv --thin '*.0' --thin-to 0.01 --size 1000 --model mlp-784 -o x.h5\n"
    "  grok-cluster --task equivariant --show mds | grok-plot - -x x1 -y x2 --by label --style points -o 1.svg\n\n"
    "Exit status: 0 done, 1 failed, 2 usage.";

/* --- points ------------------------------------------------------------------------------------------------------------- */

/* Which items decide: train items of the data's own split, or all. */
static bool *decide(gk_arena *arena, const gk_dataset *dataset, int64_t *n)
{
    const gk_split *split = gk_dataset_stored_split(dataset);
    bool *decides = gk_arena_alloc(arena, (size_t)dataset->n_item * sizeof *decides);
    for (int64_t i = 0; !split && i < dataset->n_item; i++)
        decides[i] = true;
    for (int64_t i = 0; split && i < split->n_train; i++)
        decides[split->train[i]] = true;
    *n = split ? split->n_train : dataset->n_item;
    return decides;
}

/* The first k components in place of the points; *told: shares of the variance. */
static int reduce(gk_arena *arena, gk_points *points, const bool *decides, int k, const char **told)
{
    int64_t n;
    double *x, *now = gk_arena_alloc(arena, (size_t)k * sizeof *now);
    gk_components pca = { .mean = gk_arena_alloc(arena, (size_t)points->d * sizeof(double)),
                          .axis = gk_arena_alloc(arena, (size_t)k * (size_t)points->d * sizeof(double)),
                          .variance = gk_arena_alloc(arena, (size_t)k * sizeof(double)) };
    if (k > points->d)
        return gk_usage_error("%d components of points with %d reals", k, points->d);
    if (!(x = gk_points_gather(points, decides, -1, &n)))
        return -1;
    int status = n < 2 ? gk_usage_error("components need 2 points or more") : gk_pca(n, points->d, x, k, &pca);
    free(x);
    if (status < 0)
        return -1;
    for (int64_t i = 0; i < points->n; i++) {
        gk_pca_project(&pca, points->d, k, points->x + i * points->d, now);
        memcpy(points->x + i * k, now, (size_t)k * sizeof *now);
    }
    points->d = k;
    *told = "shares of the variance:";
    for (int c = 0; c < k && c < 16; c++)
        *told = gk_arena_printf(arena, "%s %.4g", *told, pca.total > 0 ? pca.variance[c] / pca.total : 0);
    return 0;
}

/* --- clusters ---------------------------------------------------------------------------------------------------------- */

static const char *cluster_name(gk_arena *arena, const gk_dataset *dataset, const gk_clusters *of, int cluster)
{
    const int label = cluster / of->k, number = cluster % of->k;
    if (of->n_label == 1)
        return gk_arena_printf(arena, "%d", number);
    const char *answer = gk_dataset_answer(dataset, label);    /* of any text, which a subclass's name is not */
    return answer && gk_subclass_name_ok(answer) ? gk_arena_printf(arena, "%s.%d", answer, number)
                                                 : gk_arena_printf(arena, "%d.%d", label, number);
}

/* --- tables ------------------------------------------------------------------------------------------------------------- */

static gk_table *begin_table(const char *path, const gk_given *given, const gk_points *points, int n_column,
                             const char *const *columns)
{
    gk_table *table = gk_table_open(path, o.json && path == o.output);
    if (!table)
        gk_die();
    char what[128];
    snprintf(what, sizeof what, "%" PRId64 " points of %d reals of %s", points->n, points->d, points->dataset->task);
    gk_origin_write_made(table, what, gk_given_command_line(given));
    for (int i = 0; i < n_column; i++)
        gk_table_column(table, columns[i]);
    return table;
}
#define BEGIN(path, ...) \
    begin_table(path, given, points, sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *), (const char *[]){ __VA_ARGS__ })

static void end_table(gk_table *table)
{
    if (gk_table_close(table) < 0)
        gk_die();
}

static void write_clusters(gk_arena *arena, const gk_given *given, const gk_points *points, const gk_clusters *of)
{
    const gk_dataset *dataset = points->dataset;
    const gk_split   *split = gk_dataset_stored_split(dataset);
    int64_t *n = gk_arena_alloc(arena, (size_t)(of->n_label * of->k) * 3 * sizeof *n);
    for (int64_t i = 0; i < dataset->n_item; i++)
        n[3 * of->of[i]]++;
    for (int64_t i = 0; split && i < split->n_train; i++)
        n[3 * of->of[split->train[i]] + 1]++;
    for (int64_t i = 0; split && i < split->n_test; i++)
        n[3 * of->of[split->test[i]] + 2]++;
    gk_table *table = BEGIN(o.output, "subclass", "label", "items", "train", "test", "spread", "distance", "silhouette");
    for (int c = 0; c < of->n_label * of->k; c++, n += 3) {
        gk_table_text(table, cluster_name(arena, dataset, of, c));
        if (of->n_label > 1)
            gk_table_int(table, c / of->k);
        else
            gk_table_empty(table);
        gk_table_int(table, n[0]);
        for (int part = 1; part < 3; part++)
            if (split)
                gk_table_int(table, n[part]);
            else
                gk_table_empty(table);
        gk_table_real(table, of->spread[c], DIGITS);
        gk_table_real(table, of->distance[c], DIGITS);
        gk_table_real(table, of->silhouette[c], DIGITS);
        gk_table_end_row(table);
    }
    end_table(table);
}

static void write_groups(gk_arena *arena, const gk_given *given, const gk_points *points, const gk_clusters *of)
{
    const gk_dataset *dataset = points->dataset;
    gk_table *table = BEGIN(o.groups, "item", "label", "subclass", "distance");
    gk_table_comment(table, "items %s", dataset->sha256);
    const char **name = gk_arena_alloc(arena, (size_t)(of->n_label * of->k) * sizeof *name);
    for (int c = 0; c < of->n_label * of->k; c++)
        name[c] = cluster_name(arena, dataset, of, c);
    for (int64_t i = 0; i < dataset->n_item; i++) {
        gk_table_int(table, i);
        gk_table_int(table, dataset->label[i]);
        gk_table_text(table, name[of->of[i]]);
        gk_table_real(table, sqrt(of->square[i]), DIGITS);
        gk_table_end_row(table);
    }
    end_table(table);
}

static void coordinate_columns(gk_table *table, int n)
{
    char name[24];
    for (int c = 1; c <= n; c++) {
        snprintf(name, sizeof name, "x%d", c);
        gk_table_column(table, name);
    }
}

static void write_components(gk_arena *arena, const gk_given *given, gk_points *points, const bool *decides)
{
    const gk_dataset *dataset = points->dataset;
    const char *told = "";
    if (reduce(arena, points, decides, (int)o.n_dim, &told) < 0)
        gk_die();
    gk_table *table = BEGIN(o.output, "item", "label", "subclass");
    gk_table_provenance(table, "%s", told);
    coordinate_columns(table, (int)o.n_dim);
    for (int64_t i = 0; i < dataset->n_item; i++) {
        gk_table_int(table, i);
        gk_table_int(table, dataset->label[i]);
        gk_table_text(table, dataset->subclass.n ? dataset->subclass.name[dataset->subclass.of[i]] : NULL);
        for (int c = 0; c < points->d; c++)
            gk_table_real(table, points->x[i * points->d + c], DIGITS);
        gk_table_end_row(table);
    }
    end_table(table);
}

/* Subclasses with points: their means' squared distances, and the label of each. */
typedef struct means { int n, *subclass, *label; double *square; } means;

static means subclass_means(gk_arena *arena, const gk_points *points, const bool *decides)
{
    const gk_subclasses *all = &points->dataset->subclass;
    const int d = points->d;
    size_t    n_all = (size_t)all->n;
    means     out = { .subclass = gk_arena_alloc(arena, n_all * sizeof(int)),
                      .label = gk_arena_alloc(arena, n_all * sizeof(int)) };
    double   *mean = gk_arena_alloc(arena, n_all * (size_t)d * sizeof *mean);
    int64_t  *n = gk_arena_alloc(arena, n_all * sizeof *n);
    int32_t  *label = gk_arena_alloc(arena, n_all * sizeof *label);
    for (int64_t i = 0; i < points->n; i++) {
        int s = all->of[i];
        if (!decides[i])
            continue;
        label[s] = n[s]++ == 0 || label[s] == points->dataset->label[i] ? points->dataset->label[i] : -1;
        for (int c = 0; c < d; c++)
            mean[(int64_t)s * d + c] += points->x[i * d + c];
    }
    for (int s = 0; s < all->n; s++) {
        if (n[s] == 0)
            continue;
        for (int c = 0; c < d; c++)
            mean[(int64_t)out.n * d + c] = mean[(int64_t)s * d + c] / (double)n[s];
        out.label[out.n] = label[s];
        out.subclass[out.n++] = s;
    }
    out.square = gk_arena_alloc(arena, (size_t)out.n * (size_t)out.n * sizeof *out.square);
    for (int i = 0; i < out.n * out.n; i++)
        out.square[i] = gk_square_distance(d, mean + (int64_t)(i / out.n) * d, mean + (int64_t)(i % out.n) * d);
    return out;
}

static void put_subclass(gk_table *table, const gk_points *points, const means *of, int i)
{
    gk_table_text(table, points->dataset->subclass.name[of->subclass[i]]);
    if (of->label[i] < 0)
        gk_table_empty(table);    /* its items have several */
    else
        gk_table_int(table, of->label[i]);
}

static void write_distances(const gk_given *given, const gk_points *points, const means *of)
{
    gk_table *table = BEGIN(o.output, "subclass", "label", "other", "other_label", "square");
    for (int i = 0; i < of->n; i++)
        for (int k = 0; k < i; k++) {
            put_subclass(table, points, of, k);
            put_subclass(table, points, of, i);
            gk_table_real(table, of->square[i * of->n + k], DIGITS);
            gk_table_end_row(table);
        }
    end_table(table);
}

static void write_mds(gk_arena *arena, const gk_given *given, const gk_points *points, const means *of)
{
    const int n_dim = (int)o.n_dim;
    double *place = gk_arena_alloc(arena, (size_t)of->n * (size_t)n_dim * sizeof *place);
    double *value = gk_arena_alloc(arena, (size_t)n_dim * sizeof *value), stress;
    if (gk_mds(of->n, of->square, n_dim, place, value, &stress) < 0)
        gk_die();
    gk_table *table = BEGIN(o.output, "subclass", "label");
    gk_table_provenance(table, "share of the squared products that %d dimensions leave out: %.4g", n_dim, stress);
    coordinate_columns(table, n_dim);
    for (int i = 0; i < of->n; i++) {
        put_subclass(table, points, of, i);
        for (int c = 0; c < n_dim; c++)
            gk_table_real(table, place[i * n_dim + c], DIGITS);
        gk_table_end_row(table);
    }
    end_table(table);
}

/* --- the program -------------------------------------------------------------------------------------------------------- */

static void read_points(const gk_given *given, gk_points *points)
{
    const bool named = gk_option_given(given, "data") || gk_option_given(given, "task");
    const gk_latents_args args = { .checkpoint = gk_given_n_argument(given) > 0 ? gk_given_argument(given, 0) : NULL,
                                   .at = o.at, .run = o.run, .data = named ? &o.data : NULL };
    if (!args.checkpoint && !named)
        gk_usage("no items: give a checkpoint, or --data or --task");
    if (!args.checkpoint && o.at && strcmp(o.at, "items") != 0)
        gk_usage("'--at %s' is a layer of a network: give a checkpoint", o.at);
    if (gk_points_read(&args, points) < 0)
        gk_die();
}

static void show(const gk_given *given, gk_arena *arena, gk_points *points)
{
    int64_t     n;
    const char *told;
    bool       *decides = decide(arena, points->dataset, &n);
    if (o.n_component > 0 && reduce(arena, points, decides, (int)o.n_component, &told) < 0)
        gk_die();
    if (o.show == SHOW_CLUSTERS || o.groups) {
        const gk_clusters_args args = { { (int)o.k, (int)o.n_restart, (int)o.n_iteration, (uint64_t)o.data.seed },
                                        o.n_silhouette, o.per == PER_LABEL };
        gk_clusters of;
        if (gk_clusters_find(&args, points, decides, arena, &of) < 0)
            gk_die();
        if (o.groups)
            write_groups(arena, given, points, &of);
        if (o.show == SHOW_CLUSTERS)
            write_clusters(arena, given, points, &of);
    }
    if (o.show == SHOW_COMPONENTS)
        write_components(arena, given, points, decides);
    if (o.show != SHOW_DISTANCES && o.show != SHOW_MDS)
        return;
    if (points->dataset->subclass.n == 0)
        gk_usage("the items of '%s' have no subclasses: --subclasses", points->dataset->task);
    means of = subclass_means(arena, points, decides);
    if (o.show == SHOW_DISTANCES)
        write_distances(given, points, &of);
    else
        write_mds(arena, given, points, &of);
}

int main(int argc, char **argv)
{
    gk_arena    arena = { 0 };
    gk_points   points;
    const char *idle;
    o.data = gk_data_defaults();
    const gk_option_group groups[] = {
        { "Points", what_options, &o }, { "Clusters", cluster_options, &o },
        { "Data", gk_data_options_single(&arena), &o.data }, { "Output", how_options, &o }, { 0 }
    };
    const gk_cli cli = { .name = "grok-cluster", .summary = "find clusters among items, by their reals or a network's latents",
                         .arguments = "[CHECKPOINT]", .details = details, .groups = groups, .values = &o, .n_bytes = sizeof o,
                         .judged_later = true, .max_arguments = 1 };
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_data_resolve(given);
    if (gk_options_check_effect(given, &o, &arena, &idle) < 0)
        gk_die();
    read_points(given, &points);
    show(given, &arena, &points);
    gk_points_release(&points);
    gk_given_free(given);
    gk_arena_release(&arena);
    return GK_EXIT_OK;
}
