/* network.cu -- which networks resident.cu trains, and where their numbers stand in shared memory. */
#include "resident.h"

#include <stdlib.h>
#include <string.h>

namespace GK_REALS {

/* --- which networks ------------------------------------------------------------------------------------------------------- */

static bool reads_source(gk_activation activation)
{
    return gk_activation_reads[activation] == GK_READS_SOURCE;
}

static bool is_trained(const gk_node *node)
{
    return node->op == GK_OP_PARAM && !node->frozen;
}

/* The layer whose result is y into l; returns its input, or NULL: y is of another kind. */
static const gk_node *read_layer(const gk_node *y, gk_layer *l, int *n_node)
{
    const gk_node *sum = y->op == GK_OP_bias_act ? y->src[0] : y;

    memset(l, 0, sizeof *l);
    if (sum->op != GK_OP_matmul || sum->n_dim != 1 || !is_trained(sum->src[1]))
        return NULL;
    l->w = sum->src[1];
    l->b = y != sum && y->n_src > 1 ? y->src[1] : NULL;
    if (l->b && !is_trained(l->b))
        return NULL;
    l->n_in = (int)l->w->dim[0];
    l->n_out = (int)l->w->dim[1];
    l->activation = y != sum ? y->args.bias_act.activation : GK_IDENTITY;
    l->slope = y != sum ? (gk_real)y->args.bias_act.slope : 0;
    *n_node += 2 + (y != sum) + (l->b != NULL);
    return sum->src[0];
}

/* The graph as a chain of layers into net; NULL, or why it is none. */
static const char *read_chain(const gk_graph *graph, gk_network *net)
{
    const gk_node *loss = graph->loss[0], *x = graph->logits;
    int            n_node = 1, n_used = 0;

    if (graph->n_loss != 1 || (loss->op != GK_OP_mse && loss->op != GK_OP_mse_onehot) || loss->src[0] != graph->logits)
        return "the loss is no squared error";
    net->wanted = loss->op == GK_OP_mse ? loss->src[1] : NULL;
    for (net->n_layer = 0; x && gk_is_op(x) && net->n_layer < GK_MOST_LAYER; net->n_layer++)
        x = read_layer(x, &net->layers[net->n_layer], &n_node);
    if (!x || x->op != GK_OP_INPUT_REAL || net->layers[0].activation != GK_IDENTITY)
        return "the network is no short chain of linear layers, all of them trained, and activations";
    net->x = x;
    for (int i = 0; i < graph->n_node; i++)
        n_used += graph->node[i]->used;
    bool extra = net->wanted && net->wanted != x;
    if (n_used != n_node + 1 + extra || (extra && net->wanted->op != GK_OP_INPUT_REAL && net->wanted->op != GK_OP_TARGET))
        return "there is more in the graph than a chain of layers";
    for (int i = 0, k = net->n_layer - 1; i < k; i++, k--) {
        gk_layer last = net->layers[i];
        net->layers[i] = net->layers[k];
        net->layers[k] = last;
    }
    return NULL;
}

/* Places in shared memory of n_byte for tiles of at most n_row rows; NULL, or why there is no room. */
static const char *lay_out(gk_network *net, int64_t n_byte, int64_t n_row)
{
    int64_t at = 0, wide = 0, most = (n_row + GK_TILE_TALL - 1) / GK_TILE_TALL * GK_TILE_TALL, room;
    gk_layer  *last = &net->layers[net->n_layer - 1];

    for (gk_layer *l = net->layers; l <= last; l++) {
        if (l->n_in > INT16_MAX || l->n_out > INT16_MAX)
            return "a layer is too wide";
        l->in_stride = gk_tile_stride(l->n_in);
        l->out_stride = gk_tile_stride(l->n_out);
        l->weight = (int)at;
        at += (int64_t)gk_tile_round(l->n_in, 4) * l->out_stride;
        l->bias = l->b ? (int)at : -1;
        at += l->b ? l->out_stride : 0;
        wide += l->out_stride * (reads_source(l->activation) ? 2 : 1);
    }
    net->n_param = (int)at;
    wide += net->layers[0].in_stride + last->out_stride + 1;
    room = (n_byte / (int64_t)sizeof(gk_real) - 2 * at) / wide / GK_TILE_TALL * GK_TILE_TALL;
    room = room < most ? room : most;
    if (room < GK_LEAST_ROOM && room < most)
        return "parameters, gradient and activations do not fit in shared memory";
    if (n_row > GK_MOST_TILE * room)
        return "there are so many rows that more than one multiprocessor should work on them";
    net->room = (int)room;
    at *= 2;
    net->layers[0].in = (int)at;
    at += room * net->layers[0].in_stride;
    for (gk_layer *l = net->layers; l <= last; l++) {
        l->in = l > net->layers ? l[-1].out : l->in;
        l->out = l->source = (int)at;
        at += room * l->out_stride;
        if (reads_source(l->activation)) {
            l->source = (int)at;
            at += room * l->out_stride;
        }
    }
    net->target = (int)at;
    net->scale = (int)(at + room * last->out_stride);
    net->n_byte = (int)((net->scale + room) * (int64_t)sizeof(gk_real));
    return NULL;
}

static bool any_noise_or_clip(const gk_problem *problem)
{
    for (int64_t r = 0; r < problem->n_replica; r++) {
        const gk_hyper *h = &problem->hyper[r];
        if (h->clip_norm > 0 || h->update_noise > 0 || h->weight_noise > 0 || h->gradient_noise > 0)
            return true;
    }
    return false;
}

static bool any_empty(const gk_problem *problem)
{
    for (int64_t r = 0; r < problem->n_replica; r++)
        if (problem->rows[GK_TRAIN_ROWS][r].n < 1)
            return true;
    return false;
}

/* Does training stay in shared memory, if all rows of a replica fit on the device?  NULL: as `net` says; else why not, and
 * kernels of single ops do it. */
static const char *read_network(const gk_problem *problem, gk_network *net)
{
    const gk_update *update = &problem->update;
    const char      *given = getenv("GK_CUDA_RESIDENT"), *why;
    int64_t          depth[GK_N_ARENA], n_row = gk_problem_most_rows(problem, GK_TRAIN_ROWS);

    gk_problem_depths(problem, depth);
    if (given && strcmp(given, "0") == 0)
        return "GK_CUDA_RESIDENT is 0";
    if (update->batch > 0 && update->batch < n_row)
        return "batches are not all rows";
    if (!problem->rows[GK_TRAIN_ROWS] || any_empty(problem))
        return "a replica has no rows";
    if (gk_problem_n_pace(problem->graph, update) > 1)
        return "parameters are updated in several ways";
    if (update->orthogonal || depth[GK_ARENA_EMA] || depth[GK_ARENA_RING])
        return "gradients are filtered";
    if (update->decay_form == GK_DECAY_JITTER || any_noise_or_clip(problem))
        return "there is noise, or gradients are clipped";
    if ((why = read_chain(problem->graph, net)) != NULL)
        return why;
    return lay_out(net, gk_cuda_resident_bytes(), n_row);
}

bool gk_cuda_may_be_resident(const gk_problem *problem)
{
    gk_network net = {};
    return !read_network(problem, &net);
}

/* --- parameters ----------------------------------------------------------------------------------------------------------- */

/* A tensor [n_row][n_column], whose rows are `stride` apart in shared memory. */
static void add_fours(std::vector<gk_four> *fours, const gk_on_sphere *on, const gk_node *tensor, int at, int64_t n_column,
                      int stride)
{
    const gk_on_sphere *mine = &on[tensor->param];
    int64_t most = n_column % 4 == 0 ? 4 : 3;

    for (int64_t i = 0; i < tensor->size; i += most < n_column - i % n_column ? most : n_column - i % n_column) {
        int64_t left = n_column - i % n_column;
        fours->push_back({ (int32_t)(at + i / n_column * stride + i % n_column), (int32_t)(tensor->offset + i), mine->sphere,
                           (int16_t)(left < most ? left : most), (int16_t)mine->weight });
    }
}

int gk_cuda_open_network(gk_cuda *engine)
{
    gk_network           net = {};
    std::vector<gk_four> fours;
    const char          *given = getenv("GK_CUDA_RESIDENT"), *why = read_network(&engine->problem, &net);

    if (!why && engine->batch_rows > engine->tile_rows)
        why = "the device has no room for all rows of a replica";

    if (!why && (net.n_block = gk_cuda_resident_blocks(net.n_byte)) < 1)
        why = "the device refuses so much shared memory";
    if (why)
        return given && strcmp(given, "1") == 0 ? gk_cuda_error("cannot train in shared memory: %s", why) : 0;
    for (int i = 0; i < net.n_layer; i++) {
        const gk_layer *l = &net.layers[i];
        add_fours(&fours, engine->on_host, l->w, l->weight, l->n_out, l->out_stride);
        if (l->b)
            add_fours(&fours, engine->on_host, l->b, l->bias, l->n_out, l->out_stride);
    }
    net.n_four = (int)fours.size();
    void *table = gk_cuda_alloc(engine, (int64_t)(fours.size() * sizeof(gk_four)), "the network");
    net.next = (int32_t *)gk_cuda_alloc(engine, (1 + engine->problem.n_replica) * 4, "the network");
    if (!table || !net.next)
        return -1;
    cudaMemcpy(table, fours.data(), fours.size() * sizeof(gk_four), cudaMemcpyHostToDevice);
    net.fours = (const gk_four *)table;
    net.done = net.next + 1;
    engine->network = (gk_network *)malloc(sizeof net);
    *engine->network = net;
    return 0;
}

}
