/* engine.c -- the CPU backend: its memory and its arenas. */
#include "cpu/engine.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"

/* Small blocks keep activations in cache, large ones go less often through weights and gradients: of 4.5, 6.5, 9 and 13 MiB, 9
 * was the fastest for transformers of two layers and an LSTM, and made no difference to one layer (docs/performance.md). */
enum { GK_BLOCK_BYTES = 9 << 20, GK_MIN_BLOCK_ROWS = 32, GK_MAX_BLOCK_ROWS = 512 };

/* Sizes of everything, in reals unless said otherwise: the same for opening and for foretelling memory. */
typedef struct gk_sizes {
    int64_t block_rows, max_block, index_width, scratch, arena_depth[GK_N_ARENA], order, desk_bytes, solo_bytes, joint_bytes;
    int     n_thread;
    bool    noisy;
} gk_sizes;

/* Of all nodes' results and gradients of a block. */
static int64_t block_reals(const gk_graph *graph, int64_t rows)
{
    return (graph->n_row_real * rows + 15) / 16 * 16;
}

static int64_t scratch_reals(const gk_graph *graph)
{
    int64_t n = 64;

    for (int i = 0; i < graph->n_node; i++)
        if (graph->node[i]->used && graph->node[i]->n_scratch > n)
            n = graph->node[i]->n_scratch;
    return (n + 15) / 16 * 16;
}

/* As many rows as fit, but so many that going through the weights once more costs less than they do; convolutions have few. */
static int64_t block_rows(const gk_graph *graph)
{
    int64_t fit = GK_BLOCK_BYTES / (int64_t)sizeof(gk_real) / (graph->n_row_real + 1), rows = fit < 16 ? fit : fit / 16 * 16;
    int64_t weights = graph->n_param_real;

    for (int i = 0; i < graph->n_node; i++)
        weights += graph->node[i]->used ? graph->node[i]->n_reread : 0;
    int64_t least = weights / (graph->n_row_real + 1) + 1;
    least = least < GK_MIN_BLOCK_ROWS ? least : GK_MIN_BLOCK_ROWS;
    return rows < least ? least : rows > GK_MAX_BLOCK_ROWS ? GK_MAX_BLOCK_ROWS : rows;
}

static void open_chunks(gk_engine *engine)
{
    engine->on       = gk_arena_alloc(&engine->memory, (size_t)engine->graph->n_param * sizeof *engine->on);
    engine->n_whole  = gk_problem_whole_reals(engine->graph, &engine->problem.update);
    engine->n_sphere = gk_problem_spheres(engine->graph, &engine->problem.update, engine->on);
    engine->n_scalar = gk_problem_n_scalar(engine->graph, &engine->problem.update);
    engine->n_chunk = gk_problem_chunks(engine->graph, &engine->problem.update, NULL, &engine->n_live);
    engine->chunk   = gk_arena_alloc(&engine->memory, (size_t)engine->n_chunk * sizeof *engine->chunk);
    gk_problem_chunks(engine->graph, &engine->problem.update, engine->chunk, &engine->n_live);
}

static gk_sizes sizes_of(const gk_problem *problem)
{
    const gk_graph *graph = problem->graph;
    gk_sizes        s     = { .n_thread = problem->n_thread > 0 ? problem->n_thread : omp_get_max_threads() };
    int64_t         train = gk_problem_most_rows(problem, GK_TRAIN_ROWS), most = train, crew;
    int64_t         whole = gk_problem_whole_reals(graph, &problem->update);

    gk_problem_depths(problem, s.arena_depth);
    s.block_rows = block_rows(graph);
    for (int set = 0; set < gk_problem_n_set(problem); set++)
        most = gk_problem_most_rows(problem, set) > most ? gk_problem_most_rows(problem, set) : most;
    s.max_block  = most / s.block_rows + 1 + GK_MAX_LANE;
    s.scratch    = scratch_reals(graph);
    s.order      = problem->update.batch > 0 && problem->update.batch < train ? train : 0;
    for (int i = 0; i < graph->n_node; i++)
        if (graph->node[i]->op == GK_OP_INPUT_INDEX)
            s.index_width += graph->node[i]->size;
    for (int64_t r = 0; r < problem->n_replica; r++)
        s.noisy |= problem->hyper[r].weight_noise > 0;
    s.desk_bytes  = (block_reals(graph, s.block_rows) + s.scratch) * (int64_t)sizeof(gk_real) +
                    (s.index_width + 5) * s.block_rows * 4 + graph->n_node * 32;
    crew          = (graph->n_step_real - graph->n_param_real + graph->n_step_real + s.noisy * graph->n_param_real) *
           (int64_t)sizeof(gk_real);
    s.solo_bytes  = crew + (graph->n_step_real + whole) * (int64_t)sizeof(gk_real);
    s.joint_bytes = crew + (GK_MAX_LANE * graph->n_step_real + s.n_thread * whole) * (int64_t)sizeof(gk_real);
    return s;
}

static bool has_joint(const gk_problem *problem, const gk_sizes *s)
{
    return s->n_thread > 1 && problem->n_replica > 0;
}

/* Teams of one: threads that have a replica to themselves, which is no use if there is one replica for all. */
static int64_t n_solo(const gk_problem *problem, const gk_sizes *s)
{
    if (problem->n_replica == 1 && s->n_thread > 1)
        return 0;
    return problem->n_replica < s->n_thread ? problem->n_replica : s->n_thread;
}

static void cpu_memory(const gk_problem *problem, gk_memory *out)
{
    gk_sizes s     = sizes_of(problem);
    int64_t  depth = 0;

    for (int kind = 0; kind < GK_N_ARENA; kind++)
        depth += s.arena_depth[kind];
    out->per_replica_bytes = depth * problem->graph->n_param_real * (int64_t)sizeof(gk_real) + s.order * 4;
    out->shared_bytes      = s.n_thread * s.desk_bytes + n_solo(problem, &s) * s.solo_bytes +
                        has_joint(problem, &s) * s.joint_bytes;
}

/* Zeroed memory, freed with the engine; NULL with gk_error. */
static void *large(gk_engine *engine, size_t n_bytes, const char *what)
{
    void *p = gk_alloc_large(n_bytes, what);

    if (p) {
        gk_assert(engine->n_large < engine->most_large);
        engine->large[engine->n_large++] = p;
    }
    return p;
}

static gk_real *reals(gk_engine *engine, int64_t n, const char *what)
{
    return large(engine, (size_t)n * sizeof(gk_real), what);
}

/* All of a crew in one allocation. */
static int open_crew(gk_engine *engine, gk_crew *crew, int n_lane, int n_thread, bool noisy)
{
    int64_t  s = engine->graph->n_step_real, p = engine->graph->n_param_real;
    gk_real *at = reals(engine, (s - p) + s + n_lane * s + noisy * p + n_thread * engine->n_whole, "gradients");

    if (!at)
        return -1;
    *crew            = (gk_crew){ .n_lane = n_lane, .step_data = at, .grad = at + (s - p), .lane = at + (s - p) + s };
    crew->noisy      = noisy ? crew->lane + n_lane * s : NULL;
    crew->whole      = crew->lane + n_lane * s + noisy * p;
    crew->partial    = gk_arena_alloc(&engine->memory, sizeof(double) * 3 * (size_t)engine->n_chunk);
    crew->tensor_sum = gk_arena_alloc(&engine->memory, sizeof(double) * 3 * (size_t)engine->graph->n_param);
    crew->block_sums = gk_arena_alloc(&engine->memory, sizeof(gk_metrics) * (size_t)engine->max_block);
    return 0;
}

/* Desks of all threads; one allocation for their activations. */
static int open_desks(gk_engine *engine, const gk_sizes *s)
{
    size_t   n_node = (size_t)engine->graph->n_node, rows = (size_t)s->block_rows;
    int64_t  stride = block_reals(engine->graph, s->block_rows) + s->scratch;
    gk_real *at     = reals(engine, s->n_thread * stride, "activations");

    engine->desk = gk_arena_alloc(&engine->memory, (size_t)s->n_thread * sizeof *engine->desk);
    for (int i = 0; at && i < s->n_thread; i++) {
        gk_desk *desk    = &engine->desk[i];
        desk->rows       = at + i * stride;
        desk->scratch    = desk->rows + stride - s->scratch;
        desk->index      = gk_arena_alloc(&engine->memory, ((size_t)s->index_width + 1) * rows * sizeof(int32_t));
        desk->item       = gk_arena_alloc(&engine->memory, rows * sizeof(int32_t));
        desk->label      = gk_arena_alloc(&engine->memory, rows * sizeof(int32_t));
        desk->row        = gk_arena_alloc(&engine->memory, rows * sizeof(int64_t));
        desk->terms      = gk_arena_alloc(&engine->memory, rows);
        desk->data       = gk_arena_alloc(&engine->memory, n_node * sizeof(gk_real *));
        desk->grad       = gk_arena_alloc(&engine->memory, n_node * sizeof(gk_real *));
        desk->aux        = gk_arena_alloc(&engine->memory, n_node * sizeof(gk_real *));
        desk->node_index = gk_arena_alloc(&engine->memory, n_node * sizeof(int32_t *));
    }
    return at ? 0 : -1;
}

static int open_arenas(gk_engine *engine, const gk_sizes *s)
{
    int64_t n_replica = engine->problem.n_replica, p = engine->graph->n_param_real;

    for (int kind = 0; kind < GK_N_ARENA; kind++) {
        engine->depth[kind] = s->arena_depth[kind];
        if (s->arena_depth[kind] > 0 &&
            !(engine->arena[kind] = reals(engine, n_replica * s->arena_depth[kind] * p, gk_arena_names[kind])))
            return -1;
    }
    if (s->order > 0) {
        engine->max_train = s->order;
        engine->order     = large(engine, (size_t)(n_replica * s->order) * sizeof(int32_t), "batch order");
        if (!engine->order)
            return -1;
    }
    engine->epoch  = gk_arena_alloc(&engine->memory, (size_t)n_replica * sizeof *engine->epoch);
    engine->scalar = gk_arena_alloc(&engine->memory, (size_t)(n_replica * engine->n_scalar) * sizeof(double));
    for (int64_t r = 0; r < n_replica; r++)
        engine->epoch[r] = -1;
    return 0;
}

static void open_constants(gk_engine *engine)
{
    engine->constant = gk_arena_alloc(&engine->memory, ((size_t)engine->graph->n_constant_real + 1) * sizeof(gk_real));
    for (int i = 0; i < engine->graph->n_node; i++) {
        const gk_node *node = engine->graph->node[i];
        for (int64_t j = 0; node->used && node->op == GK_OP_CONSTANT && j < node->size; j++)
            engine->constant[node->offset + j] = (gk_real)node->constant[j];
    }
}

static void cpu_close(gk_engine *engine)
{
    if (!engine)
        return;
    for (int i = 0; i < engine->n_large; i++)
        free(engine->large[i]);
    gk_arena_release(&engine->memory);
    free(engine);
}

static gk_engine *cpu_open(const gk_problem *problem)
{
    gk_engine *engine = calloc(1, sizeof *engine);
    gk_sizes   s      = sizes_of(problem);
    int        failed;

    gk_assert(engine != NULL);
    if (gk_blas_prepare(s.n_thread) < 0) {
        free(engine);
        return NULL;
    }
    engine->problem     = *problem;
    engine->graph       = problem->graph;
    engine->n_thread    = s.n_thread;
    engine->block_rows  = s.block_rows;
    engine->index_width = s.index_width;
    engine->max_block   = s.max_block;
    engine->most_large  = GK_N_ARENA + 3 + s.n_thread;    /* arenas, batch order, desks, joint crew, solo crews */
    engine->large       = gk_arena_alloc(&engine->memory, (size_t)engine->most_large * sizeof *engine->large);
    open_chunks(engine);
    open_constants(engine);
    failed = open_arenas(engine, &s) < 0 || open_desks(engine, &s) < 0;
    if (has_joint(problem, &s))
        failed = failed || open_crew(engine, &engine->joint, GK_MAX_LANE, s.n_thread, s.noisy) < 0;
    engine->solo = gk_arena_alloc(&engine->memory, (size_t)s.n_thread * sizeof *engine->solo);
    engine->handed_on = gk_arena_alloc(&engine->memory, (size_t)s.n_thread * sizeof *engine->handed_on);
    for (int i = 0; i < n_solo(problem, &s); i++)
        failed = failed || open_crew(engine, &engine->solo[i], 1, 1, s.noisy) < 0;
    if (failed) {
        cpu_close(engine);
        gk_error_context("cannot hold %lld replicas", (long long)problem->n_replica);
        return NULL;
    }
    return engine;
}

static int64_t cpu_depth(const gk_engine *engine, gk_arena_kind kind)
{
    return engine->depth[kind];
}

static size_t arena_bytes(const gk_engine *engine, gk_arena_kind kind)
{
    return (size_t)(engine->problem.n_replica * engine->depth[kind] * engine->graph->n_param_real) * sizeof(gk_real);
}

static int cpu_read(gk_engine *engine, gk_arena_kind kind, void *host)
{
    if (engine->depth[kind] > 0)
        memcpy(host, engine->arena[kind], arena_bytes(engine, kind));
    return 0;
}

/* From now on the norms that the parameters have are kept. */
static int keep_norms(gk_engine *engine)
{
    int64_t n_replica = engine->problem.n_replica, n_param = engine->graph->n_param;
    double *norm = gk_alloc_large((size_t)(n_replica * (n_param + 1)) * sizeof *norm, "norms"), *each = norm + n_replica;

    if (!norm)
        return -1;
    gk_cpu_norms(engine, NULL, norm, each);
    for (int64_t r = 0; r < n_replica; r++)
        gk_problem_radii(engine->graph, engine->on, engine->n_sphere, each + r * n_param, engine->scalar + r * engine->n_scalar);
    free(norm);
    return 0;
}

static int cpu_write(gk_engine *engine, gk_arena_kind kind, const void *host)
{
    if (engine->depth[kind] > 0)
        memcpy(engine->arena[kind], host, arena_bytes(engine, kind));
    return kind == GK_ARENA_PARAM && engine->n_sphere > 0 ? keep_norms(engine) : 0;
}

static size_t scalar_bytes(const gk_engine *engine)
{
    return (size_t)(engine->problem.n_replica * engine->n_scalar) * sizeof(double);
}

static void cpu_scalars(gk_engine *engine, double *out)
{
    memcpy(out, engine->scalar, scalar_bytes(engine));
}

static void cpu_set_scalars(gk_engine *engine, const double *scalars)
{
    memcpy(engine->scalar, scalars, scalar_bytes(engine));
}

#if GK_REAL_BITS == 32
#define GK_BACKEND gk_backend_cpu_f32
#else
#define GK_BACKEND gk_backend_cpu_f64
#endif

const gk_backend GK_BACKEND = {
    .name = "cpu", .real = GK_REAL_TYPE, .memory = cpu_memory, .open = cpu_open, .close = cpu_close, .depth = cpu_depth,
    .read = cpu_read, .write = cpu_write, .scalars = cpu_scalars, .set_scalars = cpu_set_scalars,
    .run = gk_cpu_run, .evaluate = gk_cpu_evaluate, .predict = gk_cpu_predict, .norms = gk_cpu_norms, .gradient = gk_cpu_gradient,
};
