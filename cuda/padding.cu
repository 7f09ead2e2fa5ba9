/* padding.cu -- see padding.h. */
#include "padding.h"
#include "engine.h"

#include <algorithm>
#include <stdlib.h>

namespace GK_REALS {

/* --- padded lines, when the engine is opened ------------------------------------------------------------------------------ */

/* Reals between the beginnings of padded lines of d reals; those of very short ones would be mostly pads.  Narrow ones may be
 * half pads: that is no more than they would take in float32. */
static int64_t padded(int64_t d, bool narrow)
{
    int64_t to = gk_padded(narrow), width = (d + to - 1) / to * to;
    return (narrow ? 1 : 2) * (width - d) <= d ? width : d;
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
    place *at = &places[gk_root(node)->id];
    at->spaced = at->spaced && gk_op_is(y->op, GK_SPACED) && gk_last_dim(node) == gk_last_dim(gk_root(node)) &&
                 (!gk_op_is(y->op, GK_VIEW) || y->shares);
    at->multiplied = at->multiplied || y->op == GK_OP_matmul;
}

void gk_find_widths(const gk_graph *graph, bool narrow, int64_t *width)
{
    std::vector<place> places((size_t)graph->n_node, place{ true, false });

    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i];
        for (int s = -1; y->used && s < y->n_src; s++)
            meet(places.data(), y, s < 0 ? y : y->src[s]);
    }
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *node = graph->node[i];
        place          at = places[(size_t)gk_root(node)->id];
        bool           is_padded = node->rate == GK_ROW_RATE && at.spaced && at.multiplied;
        width[i] = is_padded ? padded(gk_last_dim(node), narrow) : gk_last_dim(node);
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
static bool fits(const gk_node *y, bool narrow, const int64_t *width)
{
    return width[y->src[0]->id] % gk_padded(narrow) == 0 && width[y->id] % gk_padded(narrow) == 0;
}

int64_t gk_find_staged(const gk_graph *graph, bool narrow, const int64_t *width, gk_staged *staged)
{
    std::vector<bool> unfit((size_t)graph->n_node);
    int64_t           n_real = 0;

    for (int i = 0; i < graph->n_node; i++)
        if (is_product_of_rows(graph->node[i]) && !fits(graph->node[i], narrow, width))
            unfit[(size_t)graph->node[i]->src[1]->id] = true;
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i];
        if (!is_product_of_rows(y) || unfit[(size_t)y->src[1]->id] || staged[y->src[1]->id].height)
            continue;
        const gk_node *w = y->src[1], *at = gk_root(w);
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
    if (!of || !staging || !engine->width || !engine->row_offset)
        return gk_cuda_error("out of memory for %lld nodes", (long long)n);
    gk_find_widths(engine->graph, engine->narrow, engine->width);
    engine->n_row_place = gk_lay_out_rows(engine->graph, engine->width, engine->row_offset);
    if (!stages)
        return 0;
    int64_t step = gk_find_staged(engine->graph, engine->narrow, engine->width, of);
    for (size_t i = 0; i < n; i++)
        if (of[i].height)
            list.push_back(of[i]);
    std::sort(list.begin(), list.end(), [](const gk_staged &a, const gk_staged &b) { return a.at < b.at; });
    gk_staged *on_device = (gk_staged *)gk_cuda_alloc(engine, (int64_t)(list.size() * sizeof(gk_staged)), "copies of weights");
    int64_t    n_real = engine->wave * step;
    void      *data = gk_cuda_alloc(engine, n_real * gk_cell_bytes(engine->narrow), "copies of weights");
    void      *grad = gk_cuda_alloc(engine, n_real * (int64_t)sizeof(gk_real), "copies of weights");
    if (!on_device || !data || !grad)
        return -1;
    if (cudaMemcpy(on_device, list.data(), list.size() * sizeof(gk_staged), cudaMemcpyHostToDevice) != cudaSuccess)
        return gk_cuda_error("cannot put places on the device: %s", cudaGetErrorString(cudaGetLastError()));
    *staging = { of, on_device, (int)list.size(), step, {}, {}, { data, step, engine->narrow }, { grad, step }, {} };
    return 0;
}

/* --- copies, for an update ------------------------------------------------------------------------------------------------ */

void gk_stage(gk_work *work)
{
    if (work->staging)
        gk_kernels_of(work->staging->data.narrow)->stage(work);
}

void gk_unstage(gk_work *work)
{
    if (work->staging)
        gk_kernels_here.unstage(work);
}

gk_weight gk_weight_of(const gk_work *work, const gk_node *w, bool of_rows)
{
    gk_staged s = work->staging && of_rows ? work->staging->of[w->id] : gk_staged{};
    gk_span   data = (of_rows ? work->operand : work->data)[w->id], grad = w->needs_grad ? work->grad[w->id] : gk_span{ NULL, 0 };
    gk_weight own = { gk_matrix_of(data, w->dim[1]), gk_matrix_of(grad, w->dim[1]), w->dim[0], w->dim[1], false };
    if (!s.height)
        return own;
    data = gk_from(work->staging->data, s.at);
    grad = w->needs_grad ? gk_from(work->staging->grad, s.at) : grad;
    return { gk_matrix_of(data, s.width), gk_matrix_of(grad, s.width), s.height, s.width, true };
}

}
