/* norms_efficiency.c -- see norms_efficiency.h. */
#include "norms_efficiency.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/efficiency.h"
#include "graph/backend.h"
#include "train/learnt.h"
#include "train/outcome.h"
#include "train/source.h"

GK_CHOICE_NAMES(gk_scaled, GK_SCALED);
enum { DIGITS = 9 };

/* A network over some train items, whose parameters can be scaled. */
typedef struct probe {
    gk_source         source;
    gk_arena          arena;
    gk_graph          graph;
    gk_rows           rows;
    gk_hyper          hyper;
    uint64_t          seed;
    gk_problem        problem;
    const gk_backend *backend;
    gk_engine        *engine;
    gk_model_args     model;
    double           *own, *logits;    /* parameters [P]; [rows.n][classes] */
    void             *scaled;          /* parameters of the backend's type */
    bool             *is_scaled;       /* [n_param] */
} probe;

static int open_items(probe *p, const gk_run_model *model, const gk_efficiency_args *args)
{
    gk_config config = gk_source_config(&p->source, model->run->replica);
    gk_split  split;
    if (!p->source.dataset)
        return gk_error("the items that '%s' learnt are not there", model->file->path);
    if (p->source.dataset->n_target > 0)
        return gk_usage_error("'--efficiency' is about classes: the items of '%s' have targets", model->file->path);
    if (gk_learnt_split(p->source.group, model->run->replica, p->source.dataset, &config.data, &p->arena, &split) < 0 ||
        gk_source_build(&p->source, model->run->replica, p->source.dataset, NULL, &p->graph) < 0)
        return -1;
    int32_t *label = split.train_label;
    if (!label) {
        label = gk_arena_alloc(&p->arena, (size_t)split.n_train * sizeof *label);
        for (int64_t i = 0; i < split.n_train; i++)
            label[i] = p->source.dataset->label[split.train[i]];
    }
    int64_t n = args->n_item > 0 && args->n_item < split.n_train ? args->n_item : split.n_train;
    p->rows  = (gk_rows){ .n = n, .item = split.train, .label = label };
    p->model = config.model;
    p->hyper = config.hyper;
    return 0;
}

static int open_probe(probe *p, const gk_run_model *model, const gk_efficiency_args *args)
{
    *p = (probe){ 0 };
    if (gk_source_of_group(&p->source, "checkpoint", model->file, model->run->data) < 0 || open_items(p, model, args) < 0)
        return -1;
    size_t n = (size_t)p->graph.n_param_real;
    p->backend   = p->source.group->real == GK_F64 ? &gk_backend_cpu_f64 : &gk_backend_cpu_f32;
    p->own       = gk_arena_alloc(&p->arena, n * sizeof *p->own);
    p->scaled    = gk_arena_alloc(&p->arena, n * gk_dtype_size(p->backend->real));
    p->is_scaled = gk_arena_alloc(&p->arena, (size_t)p->graph.n_param);
    p->logits    = gk_alloc_large((size_t)(p->rows.n * (p->graph.logits->size + 1)) * sizeof *p->logits, "logits");
    p->problem   = (gk_problem){ .graph = &p->graph, .update = { .optimizer = GK_OPTIM_sgd }, .n_replica = 1, .hyper = &p->hyper,
                                 .seed = &p->seed, .rows = { &p->rows, &p->rows },
                                 .n_thread = args->n_thread > 0 ? args->n_thread : omp_get_max_threads() };
    if (!p->logits ||
        gk_source_params(&p->source, model->array, model->run->replica, &p->graph, GK_F64, p->own) < 0)
        return -1;
    p->engine = p->backend->open(&p->problem);
    return p->engine ? 0 : -1;
}

static void close_probe(probe *p)
{
    if (p->engine)
        p->backend->close(p->engine);
    free(p->logits);
    gk_graph_release(&p->graph);
    gk_source_release(&p->source);
    gk_arena_release(&p->arena);
}

/* The correct logit with what is_scaled times `scale`. */
static int correct_logit(void *context, double scale, double *value)
{
    probe *p = context;
    for (int i = 0; i < p->graph.n_param; i++) {
        const gk_node *param = p->graph.param[i];
        double by = p->is_scaled[i] ? scale : 1;
        for (int64_t j = param->offset; j < param->offset + param->size; j++)
            if (p->backend->real == GK_F64)
                ((double *)p->scaled)[j] = by * p->own[j];
            else
                ((float *)p->scaled)[j] = (float)(by * p->own[j]);
    }
    if (p->backend->write(p->engine, GK_ARENA_PARAM, p->scaled) < 0 ||
        p->backend->predict(p->engine, GK_TRAIN_ROWS, NULL, &p->logits) < 0)
        return -1;
    int64_t n_class = gk_class_logits(&p->model, p->rows.n, p->graph.logits->size, p->logits);
    *value = gk_correct_logit(p->rows.n, n_class, p->logits, p->rows.label);
    return 0;
}

static double norm_of_scaled(const probe *p)
{
    double sum = 0;
    for (int i = 0; i < p->graph.n_param; i++)
        for (int64_t j = 0; p->is_scaled[i] && j < p->graph.param[i]->size; j++)
            sum += pow(p->own[p->graph.param[i]->offset + j], 2);
    return sqrt(sum);
}

static int put_row(gk_table *table, probe *p, const char *name, const gk_efficiency_args *args)
{
    double norm = norm_of_scaled(p), logit, scale;
    if (correct_logit(p, 1, &logit) < 0 || gk_scale_needed(correct_logit, p, args->logit, &scale) < 0)
        return -1;
    gk_table_text(table, name);
    gk_table_real(table, norm, DIGITS);
    gk_table_real(table, logit, DIGITS);
    gk_table_real(table, scale, DIGITS);
    gk_table_real(table, scale * norm, DIGITS);
    gk_table_real(table, args->logit / (scale * norm), DIGITS);
    gk_table_end_row(table);
    return 0;
}

void gk_efficiency_columns(gk_table *table)
{
    static const char *const name[] = { "scaled", "l2_norm", "correct_logit", "scale", "norm_needed", "efficiency" };
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        gk_table_column(table, name[i]);
}

/* The parameters of row number `row` into is_scaled; the row's name, "" if it has no parameters. */
static const char *choose(probe *p, gk_scaled what, int row)
{
    static const char *const part_name[] = { [GK_PART_HIDDEN] = "hidden", [GK_PART_EMBEDDING] = "embedding",
                                             [GK_PART_UNEMBEDDING] = "unembedding" };
    int n = 0;
    for (int i = 0; i < p->graph.n_param; i++)
        n += p->is_scaled[i] = what == GK_SCALE_ALL || (what == GK_SCALE_PARTS ? (int)p->graph.param[i]->part == row : i == row);
    return n == 0 ? "" : what == GK_SCALE_ALL ? "all" : what == GK_SCALE_PARTS ? part_name[row] : p->graph.param[row]->name;
}

int gk_put_efficiency(gk_table *table, const gk_run_model *model, const gk_efficiency_args *args, gk_row_begin *begin,
                      void *context)
{
    probe p;
    int   status = open_probe(&p, model, args);
    int   n_row = args->what == GK_SCALE_ALL ? 1 : args->what == GK_SCALE_PARTS ? GK_PART_UNEMBEDDING + 1 : p.graph.n_param;
    for (int row = 0; status == 0 && row < n_row; row++) {
        const char *name = choose(&p, args->what, row);
        if (!*name)
            continue;
        begin(context);
        status = put_row(table, &p, name, args);
    }
    close_probe(&p);
    return status;
}
