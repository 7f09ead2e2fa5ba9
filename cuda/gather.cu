/* gather.cu -- rows by index: embeddings and the selection of positions.  Nothing is scattered: a table's gradient is a sum over
 * the places where each of its rows was read (lists.h). */
#include "lists.h"

namespace GK_CELLS {

/* Rows of d reals are moved by fours where a warp then still has work for most of its lanes. */
static bool is_wide(int64_t d, gk_span a, gk_span b)
{
    return d >= GK_WARP * 2 && gk_all_wide(d, a, b);
}

/* y[i,:] = sum of table[index[i * n_token + t],:] over t < n_token.  A warp for each i. */
template <int V>
static __global__ void embed_forward(gk_span table, gk_index index, gk_span y, int n, int d, int n_token)
{
    int i = (int)gk_warp();
    if (i >= n)
        return;
    const int32_t *at = gk_of(index) + (int64_t)i * n_token;
    for (int c = gk_lane() * V; c < d; c += GK_WARP * V) {
        gk_reals<V> sum = gk_load<V>(gk_of(table) + (int64_t)at[0] * d + c);
        for (int t = 1; t < n_token; t++)
            gk_add_to(&sum, gk_load<V>(gk_of(table) + (int64_t)at[t] * d + c));
        gk_store(gk_of(y) + (int64_t)i * d + c, sum);
    }
}

/* A term of lists.h: the gradient of y at the place, or at the row that it belongs to. */
template <int V> struct embedded {
    typedef gk_reals<V> total;
    int     n_piece, d;
    gk_span dy;
    bool    is_sum;

    __device__ void add(total *sum, int row, int at, int piece) const
    {
        gk_add_to(sum, gk_load<V>(gk_of(dy) + (int64_t)(is_sum ? row : at) * d + piece * V));
    }
    __device__ void put(const total &sum, gk_cells to, int piece, bool accumulate) const
    {
        gk_write(to + piece * V, sum, accumulate);
    }
};

gk_scratch gk_embed_scratch(const gk_node *y)
{
    int64_t d = y->src[0]->dim[1];
    return gk_list_scratch(y->src[1], y->src[0]->needs_grad ? d : 0);
}

static void forward(gk_work *work, const gk_node *y, int64_t n_token)
{
    const gk_node *index = y->src[1];
    int64_t        d = y->src[0]->dim[1], n = gk_n_real(work, index) / n_token;
    gk_span        table = gk_data_of(work, y, 0), to = work->data[y->id];
    auto           kernel = is_wide(d, table, to) ? &embed_forward<GK_VECTOR> : &embed_forward<1>;

    GK_LAUNCH_WARPS(kernel, n, work->n_replica, work->device->stream, table, work->index[index->id], to, (int)n, (int)d,
                    (int)n_token);
}

template <int V> static void add_embedded(gk_work *work, const gk_node *y, bool is_sum)
{
    int64_t     d = y->src[0]->dim[1];
    embedded<V> term = { (int)(d / V), (int)d, work->grad[y->id], is_sum };
    gk_add_lists(work, term, y->src[1], gk_grad_of(work, y, 0), y->src[0]->dim[0], d, work->scratch[y->id], true);
}

static void backward(gk_work *work, const gk_node *y, bool is_sum)
{
    if (!y->src[0]->needs_grad)
        return;
    if (is_wide(y->src[0]->dim[1], work->grad[y->id], gk_grad_of(work, y, 0)))
        add_embedded<GK_VECTOR>(work, y, is_sum);
    else
        add_embedded<1>(work, y, is_sum);
}

void cuda_embed_forward(gk_work *work, const gk_node *y)
{
    if (!work->gatherer[y->id])
        forward(work, y, 1);
}

void cuda_embed_backward(gk_work *work, const gk_node *y)
{
    backward(work, y, false);
}

void cuda_embed_sum_forward(gk_work *work, const gk_node *y)
{
    forward(work, y, y->src[1]->size);
}

void cuda_embed_sum_backward(gk_work *work, const gk_node *y)
{
    backward(work, y, true);
}

/* --- selection ---------------------------------------------------------------------------------------------------------- */

typedef struct positions { int n; int at[GK_MAX_READ]; } positions;

static positions positions_of(const gk_node *y)
{
    positions p = { y->args.select.n_read, { 0 } };
    for (int i = 0; i < p.n; i++)
        p.at[i] = y->args.select.read[i];
    return p;
}

/* Lines of a node, gk_width() apart. */
typedef struct lines { gk_span span; int width; } lines;

static lines lines_of(const gk_work *work, const gk_node *node, gk_span span)
{
    lines l = { span, (int)gk_width(work, node) };
    return l;
}

static __device__ gk_cells line_of(lines l, int64_t i)
{
    return gk_of(l.span) + i * l.width;
}

/* A warp for each position that is read of each of n_row rows. */
template <int V> static __global__ void select_forward(positions p, lines x, lines y, int n_row, int d, int n_position)
{
    int to = (int)gk_warp(), row = to / p.n;
    if (row >= n_row)
        return;
    gk_cells from = line_of(x, (int64_t)row * n_position + p.at[to - row * p.n]);
    for (int c = gk_lane() * V; c < d; c += GK_WARP * V)
        gk_store(line_of(y, to) + c, gk_load<V>(from + c));
}

void cuda_select_forward(gk_work *work, const gk_node *y)
{
    int64_t d = y->dim[1];
    gk_span x = gk_data_of(work, y, 0), to = work->data[y->id];
    auto    kernel = is_wide(d, x, to) ? &select_forward<GK_VECTOR> : &select_forward<1>;

    GK_LAUNCH_WARPS(kernel, work->n_row * y->dim[0], work->n_replica, work->device->stream, positions_of(y),
                    lines_of(work, y->src[0], x), lines_of(work, y, to), (int)work->n_row, (int)d, (int)y->src[0]->dim[0]);
}

/* A warp for each position of x looks for those who read it; what nobody reads is not touched where gradients are added. */
template <int V>
static __global__ void select_backward(positions p, lines dx, lines dy, int n_row, int d, int n_position, bool accumulate)
{
    int      to = (int)gk_warp(), row = to / n_position, position = to - row * n_position;
    unsigned readers = 0;    /* a bit for each */
    GK_UNROLL                /* so that the positions are constants of the launch */
    for (int read = 0; read < GK_MAX_READ; read++)
        readers |= (unsigned)(read < p.n && p.at[read] == position) << read;
    if (row >= n_row || (accumulate && readers == 0))
        return;
    for (int c = gk_lane() * V; c < d; c += GK_WARP * V) {
        gk_reals<V> sum = {};
        for (int read = 0; read < p.n; read++)
            if (readers >> read & 1)
                gk_add_to(&sum, gk_load<V>(line_of(dy, (int64_t)row * p.n + read) + c));
        gk_write(line_of(dx, to) + c, sum, accumulate);
    }
}

void cuda_select_backward(gk_work *work, const gk_node *y)
{
    int64_t d = y->dim[1], n_position = y->src[0]->dim[0];
    gk_span dx = gk_grad_of(work, y, 0), dy = work->grad[y->id];
    auto    kernel = is_wide(d, dx, dy) ? &select_backward<GK_VECTOR> : &select_backward<1>;

    GK_LAUNCH_WARPS(kernel, work->n_row * n_position, work->n_replica, work->device->stream, positions_of(y),
                    lines_of(work, y->src[0], dx), lines_of(work, y, dy), (int)work->n_row, (int)d, (int)n_position,
                    y->accumulate[0]);
}

}
