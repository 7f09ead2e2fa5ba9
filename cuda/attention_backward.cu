/* attention_backward.cu -- the gradients of queries, keys and values (attention.h). */
#include "attention.h"

namespace GK_CELLS {

/* dw = dy . v, and ds.  A warp for each read of a row; each of its first four lanes has a head. */
template <int V> static __global__ void slopes(heads a)
{
    int row = (int)gk_warp() / a.n_read, i = (int)gk_warp() - row * a.n_read, n, lane = gk_lane();
    if (row >= a.n_row)
        return;
    n = n_visible(a, i);
    for (int h = 0; h < a.n_head; h += FOUR) {
        gk_cells       dy = gk_of(a.dy) + ((int64_t)row * a.n_read + i) * a.y_width + h * a.head_step;
        const gk_real *w = at_place(a, a.w, row * a.n_token) + i * a.n_head + h + lane;
        gk_real       *ds = at_place(a, a.ds, row * a.n_token) + i * a.n_head + h + lane, mean = 0;
        bool           is_mine = lane < FOUR && h + lane < a.n_head;
        for (int t = 0; t < n; t++) {
            gk_cells v = gk_of(a.src[VALUE].data) + place(a, VALUE, row, t, t) + h * a.d_value;
            gk_real dw = head_products<V>(dy, a.head_step, v, a.d_value, a.d_value, a.n_head - h);
            if (is_mine) {
                mean += w[t * a.n_weight] * dw;
                ds[t * a.n_weight] = dw;
            }
        }
        for (int t = 0; is_mine && t < a.n_token; t++)
            ds[t * a.n_weight] = t < n ? gk_attention_slope(w[t * a.n_weight], ds[t * a.n_weight], mean, a.scale) : 0;
    }
}

/* Terms of lists.h.  `at` is a token's place, or of a row-rate query which read of which row it is. */
template <int V> struct for_source {
    typedef gk_reals<V> total;
    int   n_piece;
    heads a;

    __device__ void put(const total &sum, gk_cells to, int piece, bool accumulate) const
    {
        gk_write(to + piece * V, sum, accumulate);
    }
    /* sum += weight * the reals at x */
    static __device__ void add_scaled(total *sum, gk_real weight, gk_cells x)
    {
        gk_reals<V> more = gk_load<V>(x);
        for (int k = 0; k < V; k++)
            sum->v[k] += weight * more.v[k];
    }
};

template <int V> struct for_value : for_source<V> {
    __device__ void add(gk_reals<V> *sum, int row, int at, int piece) const
    {
        const heads &a = this->a;
        int h = piece * V / a.d_value, column = piece * V - h * (a.d_value - a.head_step);
        for (int i = 0; i < a.n_read; i++)
            if (at - row * a.n_token < n_visible(a, i))
                this->add_scaled(sum, at_place(a, a.w, at)[i * a.n_head + h],
                                 gk_of(a.dy) + ((int64_t)row * a.n_read + i) * a.y_width + column);
    }
};

template <int V> struct for_key : for_source<V> {
    __device__ void add(gk_reals<V> *sum, int row, int at, int piece) const
    {
        const heads &a = this->a;
        int h = piece * V / a.d_key;
        for (int i = 0; i < a.n_read; i++)
            if (at - row * a.n_token < n_visible(a, i))
                this->add_scaled(sum, at_place(a, a.ds, at)[i * a.n_head + h],
                                 gk_of(a.src[QUERY].data) + place(a, QUERY, row, a.read[i], i) + piece * V);
    }
};

template <int V> struct for_query : for_source<V> {
    __device__ void add(gk_reals<V> *sum, int row, int at, int piece) const
    {
        const heads &a = this->a;
        int h = piece * V / a.d_key, position = at - row * (a.src[QUERY].is_table ? a.n_token : a.n_read);
        for (int i = 0; i < a.n_read; i++) {
            if ((a.src[QUERY].is_table ? a.read[i] : i) != position)
                continue;
            for (int t = 0; t < n_visible(a, i); t++)
                this->add_scaled(sum, at_place(a, a.ds, row * a.n_token + t)[i * a.n_head + h],
                                 gk_of(a.src[KEY].data) + place(a, KEY, row, t, t) + piece * V);
        }
    }
};

/* Values whose heads are added up, four heads at a time, so that dy is read once for them. */
template <int V> struct for_four_values {
    typedef struct total { gk_reals<V> of[FOUR]; } total;
    int   n_piece;
    heads a;

    __device__ void add(total *sum, int row, int at, int piece) const
    {
        int h = piece * V / a.d_value, column = piece * V - h * a.d_value;
        for (int i = 0; i < a.n_read; i++) {
            if (at - row * a.n_token >= n_visible(a, i))
                continue;
            gk_reals<FOUR> w = gk_load<FOUR>(at_place(a, a.w, at) + i * a.n_head + h * FOUR);
            gk_reals<V>    dy = gk_load<V>(gk_of(a.dy) + ((int64_t)row * a.n_read + i) * a.y_width + column);
            GK_UNROLL
            for (int k = 0; k < FOUR; k++)
                for (int j = 0; j < V; j++)
                    sum->of[k].v[j] += w.v[k] * dy.v[j];
        }
    }
    __device__ void put(const total &sum, gk_cells to, int piece, bool accumulate) const
    {
        int h = piece * V / a.d_value, column = piece * V - h * a.d_value;
        GK_UNROLL
        for (int k = 0; k < FOUR; k++)
            gk_write(to + (h * FOUR + k) * a.d_value + column, sum.of[k], accumulate);
    }
};

/* Slopes of a slot's scores. */
struct for_score {
    typedef gk_real total;
    int   n_piece;
    heads a;

    __device__ void add(total *sum, int, int at, int piece) const { *sum += at_place(a, a.ds, at)[piece]; }
    __device__ void put(const total &sum, gk_cells to, int piece, bool) const { gk_put(to + piece, sum); }
};

/* A source with a row of its own for every row of the batch: a warp for some columns of each position. */
template <typename Term>
static __global__ void add_rows(Term term, gk_span grad, int n, int n_position, int width, bool accumulate)
{
    int n_tile = (term.n_piece + GK_WARP - 1) / GK_WARP, at = (int)gk_warp() / n_tile;
    int piece = ((int)gk_warp() - at * n_tile) * GK_WARP + gk_lane();

    if (at >= n || piece >= term.n_piece)
        return;
    typename Term::total sum = {};
    term.add(&sum, at / n_position, at, piece);
    term.put(sum, gk_of(grad) + (int64_t)at * width, piece, accumulate);
}

template <typename Term> static void add_source(gk_work *work, const gk_node *y, const heads &a, int s, Term term)
{
    const source *src = &a.src[s];
    int64_t       n = work->n_row * src->n_position;

    if (src->is_table)
        gk_add_lists(work, term, y->src[3], src->grad, src->n_position, src->width, a.part, true);
    else
        GK_LAUNCH_WARPS(add_rows<Term>, n * ((term.n_piece + GK_WARP - 1) / GK_WARP), work->n_replica, work->device->stream, term,
                        src->grad, (int)n, src->n_position, src->width, src->accumulate);
}

/* The widest term that source s allows. */
template <template <int> class Term> static void add_by_head(gk_work *work, const gk_node *y, const heads &a, int s, bool wide)
{
    if (wide) {
        Term<GK_VECTOR> term;
        term.n_piece = a.src[s].width / GK_VECTOR;
        term.a = a;
        add_source(work, y, a, s, term);
    } else {
        Term<1> term;
        term.n_piece = a.src[s].width;
        term.a = a;
        add_source(work, y, a, s, term);
    }
}

static void add_values_of(gk_work *work, const gk_node *y, const heads &a)
{
    bool by_four = a.src[VALUE].is_table && a.head_step == 0 && a.n_head % FOUR == 0;
    for_four_values<GK_VECTOR> by_fours = { a.src[VALUE].width / (FOUR * GK_VECTOR), a };
    for_four_values<1>         by_ones = { a.src[VALUE].width / FOUR, a };

    if (!by_four)
        add_by_head<for_value>(work, y, a, VALUE, a.src[VALUE].wide);
    else if (a.src[VALUE].wide)
        add_source(work, y, a, VALUE, by_fours);
    else
        add_source(work, y, a, VALUE, by_ones);
}

/* dk of a slot = sum over reads of its score's slope times q.  A warp for each slot. */
static __global__ void keys_of_table(heads a)
{
    int slot = (int)gk_warp();
    if (slot >= a.src[KEY].n_position)
        return;
    gk_real *dk = gk_full_of(a.src[KEY].grad) + (int64_t)slot * a.src[KEY].width;
    for (int c = gk_lane(); c < a.src[KEY].width; c += GK_WARP) {
        const gk_real *ds = at_place(a, a.dscore, slot) + c / a.d_key, *q = gk_full_of(a.src[QUERY].data) + c;
        gk_real        sum = 0;
        for (int i = 0; i < a.n_read; i++)
            sum += ds[i * a.n_head] * q[(int64_t)a.only[i] * a.src[QUERY].width];
        dk[c] += sum;
    }
}

/* dq of a read = sum over slots of the score's slope times k.  A block for 32 columns, whose warps share the slots. */
static __global__ void __launch_bounds__(QUERY_WARPS * GK_WARP) queries_of_table(heads a)
{
    __shared__ gk_real part[QUERY_WARPS][GK_WARP];
    int  lane = gk_lane(), warp = (int)threadIdx.x / GK_WARP, c = (int)blockIdx.x * GK_WARP + lane, width = a.src[QUERY].width;
    bool is_mine = c < width;

    for (int i = 0; i < a.n_read; i++) {
        const gk_real *ds = gk_full_of(a.dscore) + i * a.n_head + (is_mine ? c / a.d_key : 0);
        const gk_real *k = gk_full_of(a.src[KEY].data) + (is_mine ? c : 0);
        gk_real        sum = 0;
        GK_UNROLL_BY(4)
        for (int slot = warp; slot < a.src[KEY].n_position; slot += QUERY_WARPS)
            sum += ds[slot * a.n_weight] * k[(int64_t)slot * width];
        part[warp][lane] = sum;
        __syncthreads();
        if (warp == 0 && is_mine) {
            for (int other = 1; other < QUERY_WARPS; other++)
                sum += part[other][lane];
            gk_full_of(a.src[QUERY].grad)[(int64_t)a.only[i] * width + c] += sum;
        }
        __syncthreads();
    }
}

static void add_scores(gk_work *work, const gk_node *y, const heads &a)
{
    for_score term = { a.n_weight, a };
    int64_t   n_slot = a.src[KEY].n_position;

    if (!a.src[QUERY].grad.at && !a.src[KEY].grad.at)
        return;
    gk_add_lists(work, term, y->src[3], a.dscore, n_slot, a.n_weight, a.part, false);
    if (a.src[KEY].grad.at)
        GK_LAUNCH_WARPS(keys_of_table, n_slot, work->n_replica, work->device->stream, a);
    if (a.src[QUERY].grad.at)
        GK_LAUNCH_EXACT(queries_of_table, gk_grid((a.src[QUERY].width + GK_WARP - 1) / GK_WARP, work->n_replica),
                        QUERY_WARPS * GK_WARP, 0, work->device->stream, a);
}

void cuda_attention_backward(gk_work *work, const gk_node *y)
{
    heads a = gk_heads_of(work, y);
    auto  kernel = a.wide_value ? &slopes<GK_VECTOR> : &slopes<1>;

    if (a.src[QUERY].grad.at || a.src[KEY].grad.at)
        GK_LAUNCH_WARPS(kernel, work->n_row * a.n_read, work->n_replica, work->device->stream, a);
    if (a.src[VALUE].grad.at)
        add_values_of(work, y, a);
    if (a.is_tabled) {
        add_scores(work, y, a);
        return;
    }
    if (a.src[QUERY].grad.at)
        add_by_head<for_query>(work, y, a, QUERY, a.src[QUERY].wide && a.src[KEY].wide);
    if (a.src[KEY].grad.at)
        add_by_head<for_key>(work, y, a, KEY, a.src[QUERY].wide && a.src[KEY].wide);
}

}
