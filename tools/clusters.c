/* clusters.c -- see clusters.h. */
#include "clusters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/rng.h"

/* Farthest from the mean of all first; centres are moved, and of follows. */
static void order_clusters(int k, int d, int64_t n, const double *x, double *centre, int32_t *of, double *distance)
{
    gk_arena scratch = { 0 };
    double  *mean = gk_arena_alloc(&scratch, (size_t)d * sizeof *mean);
    double  *old = gk_arena_alloc(&scratch, (size_t)(k * d) * sizeof *old);
    double  *far = gk_arena_alloc(&scratch, (size_t)k * sizeof *far);
    int32_t *place = gk_arena_alloc(&scratch, (size_t)k * sizeof *place);
    for (int64_t i = 0; i < n * d; i++)
        mean[i % d] += x[i] / (double)n;
    memcpy(old, centre, (size_t)(k * d) * sizeof *old);
    for (int c = 0; c < k; c++)
        far[c] = gk_square_distance(d, mean, old + c * d);
    for (int c = 0; c < k; c++) {
        for (int other = 0; other < k; other++)
            place[c] += far[other] > far[c] || (far[other] == far[c] && other < c);
        memcpy(centre + place[c] * d, old + c * d, (size_t)d * sizeof *old);
        distance[place[c]] = sqrt(far[c]);
    }
    for (int64_t i = 0; i < n; i++)
        of[i] = place[of[i]];
    gk_arena_release(&scratch);
}

/* Mean silhouettes of the clusters, over a sample of the points. */
static int mean_silhouettes(const gk_clusters_args *args, int d, int64_t n, const double *x, const int32_t *of, uint64_t which,
                            double *out)
{
    const int64_t n_some = n < args->n_silhouette ? n : args->n_silhouette;
    const int     k = args->means.k;
    gk_arena scratch = { 0 };
    int32_t *order = gk_arena_alloc(&scratch, (size_t)n * sizeof *order);
    int32_t *label = gk_arena_alloc(&scratch, (size_t)n * sizeof *label);
    int64_t *count = gk_arena_alloc(&scratch, (size_t)k * sizeof *count);
    double  *some = gk_alloc_large(((size_t)n_some * (size_t)d + 1) * sizeof *some, "silhouettes");
    double  *value = gk_arena_alloc(&scratch, (size_t)n_some * sizeof *value + 1);
    int      status = some ? gk_rng_permutation(args->means.seed, GK_RNG_CLUSTER, which | UINT64_C(1) << 63, order, n) : -1;
    for (int64_t i = 0; status == 0 && i < n_some; i++) {
        memcpy(some + i * d, x + order[i] * (int64_t)d, (size_t)d * sizeof *some);
        label[i] = of[order[i]];
    }
    if (status == 0)
        status = gk_silhouette(k, n_some, d, some, label, value);
    for (int c = 0; c < k; c++)
        out[c] = 0;
    for (int64_t i = 0; status == 0 && i < n_some; i++) {
        out[label[i]] += value[i];
        count[label[i]]++;
    }
    for (int c = 0; c < k; c++)
        out[c] = count[c] > 0 ? out[c] / (double)count[c] : NAN;
    free(some);
    gk_arena_release(&scratch);
    return status;
}

/* The clusters of one label. */
static int cluster_label(const gk_clusters_args *args, const gk_points *points, const bool *decides, int label,
                         gk_clusters *to)
{
    const int k = to->k, d = points->d, first = label * k;
    int64_t   n;
    double    inertia, *centre = to->centre + (int64_t)first * d;
    double   *x = gk_points_gather(points, decides, to->n_label > 1 ? label : -1, &n);
    int32_t  *of = gk_alloc_large(((size_t)points->n + 1) * sizeof *of, "clusters");
    int status = x && of ? gk_cluster(&args->means, n, d, x, centre, of, &inertia) : -1;
    if (status == 0) {
        order_clusters(k, d, n, x, centre, of, to->distance + first);
        status = mean_silhouettes(args, d, n, x, of, (uint64_t)label, to->silhouette + first);
    }
    if (status < 0 && x && of)
        gk_error_context("label %d", label);
    free(x);
    free(of);
    return status;
}

int gk_clusters_find(const gk_clusters_args *args, const gk_points *points, const bool *decides, gk_arena *arena,
                     gk_clusters *to)
{
    const gk_dataset *dataset = points->dataset;
    const int k = args->means.k, d = points->d;
    if (args->per_label && dataset->n_target > 0)
        return gk_usage_error("the items of '%s' have targets, not labels: '--per all'", dataset->task);
    *to = (gk_clusters){ .k = k, .n_label = args->per_label ? dataset->n_answer : 1 };
    size_t n_cluster = (size_t)to->n_label * (size_t)k, n_item = (size_t)dataset->n_item;
    int64_t *n = gk_arena_alloc(arena, n_cluster * sizeof *n);
    to->centre = gk_arena_alloc(arena, n_cluster * (size_t)d * sizeof *to->centre);
    to->spread = gk_arena_alloc(arena, 3 * n_cluster * sizeof *to->spread);
    to->distance = to->spread + n_cluster;
    to->silhouette = to->distance + n_cluster;
    to->of = gk_arena_alloc(arena, n_item * sizeof *to->of);
    to->square = gk_arena_alloc(arena, n_item * sizeof *to->square);
    for (int label = 0; label < to->n_label; label++)
        if (cluster_label(args, points, decides, label, to) < 0)
            return -1;
    for (int64_t i = 0; i < dataset->n_item; i++) {
        int first = to->n_label > 1 ? dataset->label[i] * k : 0;
        to->of[i] = first + gk_cluster_nearest(k, d, to->centre + (int64_t)first * d, points->x + i * d, &to->square[i]);
        n[to->of[i]] += decides[i];
        to->spread[to->of[i]] += decides[i] ? to->square[i] : 0;
    }
    for (size_t c = 0; c < n_cluster; c++)
        to->spread[c] /= (double)n[c];
    return 0;
}
