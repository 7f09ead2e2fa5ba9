/* latents.c -- see latents.h. */
#include "latents.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

static int own_reals(gk_points *points)
{
    const gk_dataset *dataset = points->dataset;
    if (dataset->n_real == 0)
        return gk_usage_error("the items of '%s' are tokens: give a checkpoint, and --at one of its layers", dataset->task);
    points->n = dataset->n_item;
    points->d = dataset->n_real;
    points->x = gk_alloc_large((size_t)points->n * (size_t)points->d * sizeof *points->x, "items");
    for (int64_t i = 0; points->x && i < points->n * points->d; i++)
        points->x[i] = (double)dataset->real[i];
    return points->x ? 0 : -1;
}

static int64_t find_run(const gk_source *source, int64_t run)
{
    const gk_h5_column *column = gk_group_run_column(source->group, "run");
    for (int64_t r = 0; run >= 0 && column && !column->text && column->type == GK_I64 && r < source->group->n_replica; r++)
        if (((const int64_t *)column->data)[r] == run)
            return r;
    if (run < 0 && source->group->n_replica == 1)
        return 0;
    if (run < 0)
        gk_usage_error("'%s' has %lld runs: say which with --run", source->path, (long long)source->group->n_replica);
    else
        gk_usage_error("'%s' has no run %lld", source->path, (long long)run);
    return -1;
}

/* What the layer makes of the items. */
static int run_network(const gk_source *source, int64_t replica, const char *layer, gk_points *points)
{
    const gk_dataset *dataset = points->dataset;
    gk_graph graph;
    int      status = gk_source_build(source, replica, dataset, layer, &graph);
    if (status == 0) {
        points->n = dataset->n_item;
        points->d = (int)graph.logits->size;
        points->x = gk_alloc_large((size_t)points->n * (size_t)points->d * sizeof *points->x, "latents");
        status = points->x ? gk_source_predict(source, source->group->model, replica, &graph, points->n, NULL,
                                               omp_get_max_threads(), points->x) : -1;
    }
    gk_graph_release(&graph);
    return status;
}

int gk_points_of(const gk_source *source, int64_t replica, const char *at, gk_points *out)
{
    return at && strcmp(at, "items") != 0 ? run_network(source, replica, at, out) : own_reals(out);
}

static int read_latents(const gk_latents_args *args, gk_source *source, gk_points *points)
{
    int64_t replica;
    if (gk_source_read(source, "network", args->checkpoint, 0) < 0 || (replica = find_run(source, args->run)) < 0)
        return -1;
    const gk_data_args *data = args->data ? args->data : &source->config.data;
    if (!(points->dataset = gk_dataset_new(data)) || gk_source_adopt(source, points->dataset) < 0)
        return -1;
    return gk_points_of(source, replica, args->at, points);
}

int gk_points_read(const gk_latents_args *args, gk_points *out)
{
    gk_source source = { 0 };
    int       status;
    *out = (gk_points){ 0 };
    if (args->checkpoint) {
        status = read_latents(args, &source, out);
        gk_source_release(&source);
    } else {
        status = (out->dataset = gk_dataset_new(args->data)) ? own_reals(out) : -1;
    }
    if (status < 0)
        gk_points_release(out);
    return status;
}

void gk_points_release(gk_points *points)
{
    gk_dataset_free(points->dataset);
    free(points->x);
    *points = (gk_points){ 0 };
}

double *gk_points_gather(const gk_points *points, const bool *marked, int32_t label, int64_t *n)
{
    const size_t row = (size_t)points->d * sizeof(double);
    double *out = gk_alloc_large(((size_t)points->n + 1) * row, "points");
    *n = 0;
    for (int64_t i = 0; out && i < points->n; i++)
        if (marked[i] && (label < 0 || points->dataset->label[i] == label))
            memcpy(out + (*n)++ * points->d, points->x + i * points->d, row);
    return out;
}
