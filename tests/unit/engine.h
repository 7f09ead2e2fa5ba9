/* engine.h -- for the tests of engines: a few replicas that differ in everything, opened together or alone, and their arenas.
 *
 * Everything goes through the vtables, in the backend's own type. */
#ifndef GK_TESTS_UNIT_ENGINE_H
#define GK_TESTS_UNIT_ENGINE_H

#include "models.h"

enum { N_REPLICA = 5 };

static inline gk_hyper default_hyper(void)
{
    gk_hyper hyper;
#define HYPER(field, option, initial, min, max, ...) hyper.field = initial;
#include "graph/hyper.def"
#undef HYPER
    return hyper;
}

/* Replicas of one graph. */
typedef struct crowd {
    problem   data;
    gk_graph  graph;
    gk_update update;
    gk_hyper  hyper[N_REPLICA];
    gk_hyper *of_group;              /* [N_REPLICA][graph.n_group]; NULL: all tensors as `hyper` says */
    uint64_t  seed[N_REPLICA];
    gk_rows   train[N_REPLICA], test[N_REPLICA];
    double   *initial[N_REPLICA];    /* [P] */
} crowd;

/* Replica r has its own seed, initial parameters, and train rows: all but the first 40 r (where there are so many); test rows
 * are the first 40 r + 10. */
static inline void crowd_fill(crowd *c)
{
    for (int r = 0; r < N_REPLICA; r++) {
        c->hyper[r] = default_hyper();
        c->seed[r]  = 100 + (uint64_t)r;
        int skip    = 80 * r < c->data.data.n_item ? 40 * r : 0;
        c->train[r] = (gk_rows){ .n = c->data.data.n_item - skip, .item = c->data.item + skip, .label = c->data.label + skip };
        c->test[r]  = (gk_rows){ .n = skip + 10, .item = c->data.item, .label = c->data.label };
        c->initial[r] = malloc((size_t)c->graph.n_param_real * sizeof(double));
        gk_model_init(&c->graph, c->seed[r], 1, c->initial[r]);
    }
}

static inline bool crowd_open(crowd *c, problem data, gk_update update)
{
    *c = (crowd){ .data = data, .update = update };
    gk_graph_init(&c->graph);
    if (gk_model_build(&c->graph, &data.args, &data.data) < 0) {
        printf("%s\n", gk_error_message());
        return false;
    }
    crowd_fill(c);
    return true;
}

static inline void crowd_close(crowd *c)
{
    for (int r = 0; r < N_REPLICA; r++)
        free(c->initial[r]);
    free(c->of_group);
    gk_graph_release(&c->graph);
    problem_free(&c->data);
}

/* --- reals of either type -------------------------------------------------------------------------------------------- */

static inline double real_at(const gk_backend *be, const void *reals, int64_t i)
{
    return be->real == GK_F32 ? (double)((const float *)reals)[i] : ((const double *)reals)[i];
}

static inline void real_put(const gk_backend *be, void *reals, int64_t i, double value)
{
    if (be->real == GK_F32)
        ((float *)reals)[i] = (float)value;
    else
        ((double *)reals)[i] = value;
}

/* --- engines --------------------------------------------------------------------------------------------------------- */

/* Replicas [first, first + n) of the crowd in an engine of their own; the problem must outlive it. */
typedef struct team {
    const gk_backend *be;
    gk_problem        problem;
    gk_engine        *engine;
    int               n;
    int64_t           n_real;
} team;

static inline void team_write(team *t, gk_arena_kind kind, double *const *value)
{
    void *host = malloc((size_t)(t->n * t->n_real) * gk_dtype_size(t->be->real));
    for (int r = 0; r < t->n; r++)
        for (int64_t i = 0; i < t->n_real; i++)
            real_put(t->be, host, r * t->n_real + i, value[r][i]);
    CHECK_INT(t->be->write(t->engine, kind, host), 0);
    free(host);
}

/* A team, but for its engine. */
static inline team team_of(const gk_backend *be, crowd *c, int first, int n, int n_thread)
{
    return (team){ .be = be, .n = n, .n_real = c->graph.n_param_real,
                   .problem = { .graph = &c->graph, .update = c->update, .n_replica = n, .hyper = c->hyper + first,
                                .group_hyper = c->of_group ? c->of_group + first * c->graph.n_group : NULL,
                                .seed = c->seed + first, .rows = { c->train + first, c->test + first },
                                .n_thread = n_thread } };
}

static inline bool team_start(team *t, crowd *c, int first)
{
    const gk_backend *be = t->be;
    t->engine = be->open(&t->problem);
    if (!t->engine)
        printf("%s\n", gk_error_message());
    CHECK(t->engine != NULL);
    if (!t->engine)
        return false;
    team_write(t, GK_ARENA_PARAM, c->initial + first);
    if (be->depth(t->engine, GK_ARENA_INIT) > 0)
        team_write(t, GK_ARENA_INIT, c->initial + first);
    return true;
}

/* asked: bits of gk_problem.sums. */
static inline bool team_open_asking(team *t, const gk_backend *be, crowd *c, int first, int n, int n_thread, unsigned asked)
{
    *t = team_of(be, c, first, n, n_thread);
    t->problem.sums = asked;
    return team_start(t, c, first);
}

static inline bool team_open_for(team *t, const gk_backend *be, crowd *c, int first, int n, gk_product product)
{
    *t = team_of(be, c, first, n, 1);
    t->problem.product = product;
    return team_start(t, c, first);
}

static inline bool team_open(team *t, const gk_backend *be, crowd *c, int first, int n, int n_thread)
{
    return team_open_asking(t, be, c, first, n, n_thread, 0);
}

static inline void team_close(team *t)
{
    t->be->close(t->engine);
}

/* All of an arena; NULL if the engine has none.  To be freed. */
static inline char *team_read(team *t, gk_arena_kind kind)
{
    int64_t depth = t->be->depth(t->engine, kind);
    char   *host  = depth > 0 ? malloc((size_t)(t->n * depth * t->n_real) * gk_dtype_size(t->be->real)) : NULL;
    if (host)
        CHECK_INT(t->be->read(t->engine, kind, host), 0);
    return host;
}

static inline void team_run(team *t, int64_t step, int64_t n)
{
    const bool active[N_REPLICA] = { true, true, true, true, true };
    CHECK_INT(t->be->run(t->engine, step, n, active), 0);
}

/* Nearly: to what is lost when products add in another order. */
static inline bool nearly_same(const gk_backend *be, const char *a, const char *b, int64_t n)
{
    double worst = 0, tolerance = be->real == GK_F32 ? 1e-3 : 1e-9;
    for (int64_t i = 0; i < n; i++)
        worst = fmax(worst, fabs(real_at(be, a, i) - real_at(be, b, i)));
    return worst <= tolerance;
}

/* Replica `mine` of one team and `other` of another have the same bits in every arena that both have. */
static inline bool same_bits(team *a, int mine, team *b, int other)
{
    bool same = true;
    for (int kind = 0; kind < GK_N_ARENA; kind++) {
        char  *left = team_read(a, (gk_arena_kind)kind), *right = team_read(b, (gk_arena_kind)kind);
        int64_t depth = a->be->depth(a->engine, (gk_arena_kind)kind);
        size_t  bytes = (size_t)(depth * a->n_real) * gk_dtype_size(a->be->real);
        if (left && right)
            same = same && depth == b->be->depth(b->engine, (gk_arena_kind)kind) &&
                   (is_exact() ? memcmp(left + (size_t)mine * bytes, right + (size_t)other * bytes, bytes) == 0
                               : nearly_same(a->be, left + (size_t)mine * bytes, right + (size_t)other * bytes,
                                             depth * a->n_real));
        free(left);
        free(right);
    }
    return same;
}

static inline bool same_metrics(const gk_metrics *a, const gk_metrics *b)
{
    return is_exact() ? memcmp(a, b, sizeof *a) == 0
                      : fabs(a->loss - b->loss) <= 1e-3 * fmax(1, fabs(a->loss)) && fabs(a->accuracy - b->accuracy) <= 0.02;
}

/* --- a table of logits ----------------------------------------------------------------------------------------------- */

/* logits of item i = row i of a parameter [n_item, n_class] ("table"): gradients can be written down. */
typedef struct lookup { crowd c; int32_t *row; } lookup;

static inline bool lookup_open(lookup *l, int n_item, int n_class, gk_loss loss, gk_softmax softmax, gk_update update)
{
    gk_model_args args = { 0 };
    *l = (lookup){ .c = { .data = reals(args, n_item, 1, n_class), .update = update } };
    l->row = malloc((size_t)n_item * sizeof *l->row);
    for (int i = 0; i < n_item; i++)
        l->row[i] = i;
    gk_graph *g = &l->c.graph;
    gk_graph_init(g);
    gk_node *table = gk_param(g, "table", "n_item,n_class", GK_INIT_NORMAL, 1, 2, (int64_t)n_item, (int64_t)n_class);
    gk_node *logits = gk_reshape(g, gk_embed(g, table, gk_input_index(g, "row", l->row, 1)), 1, (int64_t)n_class);
    gk_node *last = loss == GK_LOSS_CE ? gk_cross_entropy(g, logits, softmax)
                    : loss == GK_LOSS_MSE_SOFTMAX ? gk_mse_softmax(g, logits) : gk_mse_onehot(g, logits);
    if (gk_graph_freeze(g, logits, last) < 0) {
        printf("%s\n", gk_error_message());
        return false;
    }
    crowd_fill(&l->c);
    return true;
}

static inline void lookup_close(lookup *l)
{
    free(l->row);
    crowd_close(&l->c);
}

#endif
