/* padding.cu -- see padding.h. */
#include "padding.h"
#include "engine.h"
#include "vectors.h"

#include <algorithm>
#include <stdlib.h>

namespace GK_REALS {

/* --- padded lines, when the engine is opened ------------------------------------------------------------------------------ */

static const gk_node *root(const gk_node *node)
{
    while (node->shares)
        node = node->shares;
    return node;
}

/* Reals between the beginnings of padded lines of d reals; those of very short ones would be mostly pads. */
static int64_t padded(int64_t d)
{
    int64_t width = (d + GK_PADDED - 1) / GK_PADDED * GK_PADDED;
    return 2 * (width - d) <= d ? width : d;
}

static bool is_product_of_rows(const gk_node *y)
{
    return y->used && y->op == GK_OP_matmul && y->rate == GK_ROW_RATE;
}

/* What is known of the nodes that stand in one place: whether all kernels that meet them go by their width, and whether a
 * product does. */
typedef struct place { bool spaced, multiplied; } place;

static void meet(place *places, const gk_node *y, const gk_node *node)
{
    place *at = &places[root(node)->id];
    at->spaced = at->spaced && gk_op_is(y->op, GK_SPACED) && gk_last_dim(node) == gk_last_dim(root(node)) &&
                 (!gk_op_is(y->op, GK_VIEW) || y->shares);
    at->multiplied = at->multiplied || y->op == GK_OP_matmul;
}

void gk_find_widths(const gk_graph *graph, int64_t *width)
{
    std::vector<place> places((size_t)graph->n_node, place{ true, false });

    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i];
        for (int s = -1; y->used && s < y->n_src; s++)
            meet(places.data(), y, s < 0 ? y : y->src[s]);
    }
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        place          at = places[(size_t)root(node)->id];
        bool           is_padded = node->rate == GK_ROW_RATE && at.spaced && at.multiplied;
        width[i] = is_padded ? padded(gk_last_dim(node)) : gk_last_dim(node);
    }
}

int64_t gk_lay_out_rows(const gk_graph *graph, const int64_t *width, int64_t *offset)
{
    int64_t row = 0;
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        if (!node->used || node->rate != GK_ROW_RATE || node->shares)
            continue;
        offset[i] = row;
        row += node->size / gk_last_dim(node) * width[i];
    }
    return row;
}

/* --- which weights are staged --------------------------------------------------------------------------------------------- */

/* Replicas from which on a copy is worth its launch: products of fewer take hardly longer without. */
bool gk_stages(gk_product product, int64_t n_replica)
{
    return GK_REAL_BITS == 32 && product != GK_PRODUCT_EXACT && n_replica >= GK_FILLED;
}

/* Can the product y go through padded matrices? */
static bool fits(const gk_node *y, const int64_t *width)
{
    return width[y->src[0]->id] % GK_PADDED == 0 && width[y->id] % GK_PADDED == 0;
}

int64_t gk_find_staged(const gk_graph *graph, const int64_t *width, gk_staged *staged)
{
    std::vector<bool> unfit((size_t)graph->n_node);
    int64_t           n_real = 0;

    for (int i = 0; i < graph->n_node; i++)
        if (is_product_of_rows(graph->node[i]) && !fits(graph->node[i], width))
            unfit[(size_t)graph->node[i]->src[1]->id] = true;
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i];
        if (!is_product_of_rows(y) || unfit[(size_t)y->src[1]->id] || staged[y->src[1]->id].height)
            continue;
        const gk_node *w = y->src[1], *at = root(w);
        int64_t        height = width[y->src[0]->id], columns = width[y->id];
        if ((height == w->dim[0] && columns == w->dim[1]) || at->op == GK_OP_CONSTANT)
            continue;
        staged[w->id] = { at->offset, (int32_t)n_real, (int32_t)height, (int32_t)columns, (int32_t)w->dim[0],
                          (int32_t)w->dim[1], at->op == GK_OP_PARAM };
        n_real += height * columns;
    }
    return n_real;
}

/* --- opening -------------------------------------------------------------------------------------------------------------- */

int gk_cuda_open_places(gk_cuda *engine, bool stages)
{
    size_t      n = (size_t)engine->graph->n_node;
    gk_staged  *of = (gk_staged *)calloc(n, sizeof(gk_staged));
    gk_staging *staging = (gk_staging *)calloc(1, sizeof(gk_staging));
    std::vector<gk_staged> list;

    engine->staged = of;
    engine->staging = staging;
    engine->width = (int64_t *)calloc(n, sizeof(int64_t));
    engine->row_offset = (int64_t *)calloc(n, sizeof(int64_t));
    gk_find_widths(engine->graph, engine->width);
    engine->n_row_place = gk_lay_out_rows(engine->graph, engine->width, engine->row_offset);
    if (!stages)
        return 0;
    int64_t step = gk_find_staged(engine->graph, engine->width, of);
    for (size_t i = 0; i < n; i++)
        if (of[i].height)
            list.push_back(of[i]);
    std::sort(list.begin(), list.end(), [](const gk_staged &a, const gk_staged &b) { return a.at < b.at; });
    gk_staged *on_device = (gk_staged *)gk_cuda_alloc(engine, (int64_t)(list.size() * sizeof(gk_staged)), "copies of weights");
    gk_real   *both = (gk_real *)gk_cuda_alloc(engine, 2 * engine->wave * step * (int64_t)sizeof(gk_real), "copies of weights");
    if (!on_device || !both)
        return -1;
    cudaMemcpy(on_device, list.data(), list.size() * sizeof(gk_staged), cudaMemcpyHostToDevice);
    *staging = { of, on_device, (int)list.size(), step, {}, {}, { both, step }, { both + engine->wave * step, step }, {} };
    return 0;
}

/* --- copies, for an update ------------------------------------------------------------------------------------------------ */

/* The copy that real i of a replica's belongs to, and where it stands there. */
typedef struct staged_real { gk_staged of; uint32_t row, column; } staged_real;

static __device__ staged_real staged_at(const gk_staging &s, uint32_t i)
{
    int k = 0;
    while (k + 1 < s.n && i >= (uint32_t)s.list[k + 1].at)
        k++;
    staged_real at = { s.list[k], 0, 0 };
    at.row = (i - (uint32_t)at.of.at) / (uint32_t)at.of.width;
    at.column = i - (uint32_t)at.of.at - at.row * (uint32_t)at.of.width;
    return at;
}

static __device__ bool is_pad(const staged_real &at, int k)
{
    return at.row >= (uint32_t)at.of.n_row || at.column + (uint32_t)k >= (uint32_t)at.of.n_column;
}

struct copied {
    gk_staging s;

    template <int V> __device__ void at(uint32_t i) const
    {
        staged_real    at = staged_at(s, i);
        const gk_real *from = gk_of(at.of.is_param ? s.param : s.step) + at.of.from + at.row * at.of.n_column + at.column;
        gk_reals<V>    reals = {};
        for (int k = 0; k < V; k++)
            if (!is_pad(at, k))
                reals.v[k] = from[k];
        gk_store(gk_of(s.data) + i, reals);
    }
};

void gk_stage(gk_work *work)
{
    if (work->staging)
        gk_each(work, copied{ *work->staging }, work->staging->n_real, gk_all_wide(GK_PADDED, work->staging->data));
}

/* Whoever adds a gradient leaves 0 for the next update. */
struct collected {
    gk_staging s;

    template <int V> __device__ void at(uint32_t i) const
    {
        staged_real at = staged_at(s, i);
        gk_real    *to = gk_of(s.into) + at.of.from + at.row * at.of.n_column + at.column;
        gk_reals<V> more = gk_load<V>(gk_of(s.grad) + i);
        for (int k = 0; k < V; k++)
            if (!is_pad(at, k))
                to[k] += more.v[k];
        gk_store(gk_of(s.grad) + i, gk_reals<V>{});
    }
};

void gk_unstage(gk_work *work)
{
    if (work->staging)
        gk_each(work, collected{ *work->staging }, work->staging->n_real, gk_all_wide(GK_PADDED, work->staging->grad));
}

gk_weight gk_weight_of(const gk_work *work, const gk_node *w, bool of_rows)
{
    gk_staged s = work->staging && of_rows ? work->staging->of[w->id] : gk_staged{};
    gk_span   data = work->data[w->id], grad = w->needs_grad ? work->grad[w->id] : gk_span{ NULL, 0 };
    gk_weight own = { { data.at, data.step, w->dim[1], false }, { grad.at, grad.step, w->dim[1], false }, w->dim[0], w->dim[1],
                      false };
    if (!s.height)
        return own;
    data = work->staging->data;
    grad = work->staging->grad;
    return { { data.at + s.at, data.step, s.width, false }, { w->needs_grad ? grad.at + s.at : NULL, grad.step, s.width, false },
             s.height, s.width, true };
}

}
