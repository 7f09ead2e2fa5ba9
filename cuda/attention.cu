/* attention.cu -- attention forward (attention.h): which way it goes, the weights, and the values weighted by them. */
#include "attention.h"

namespace GK_CELLS {

/* --- on the host: which way --------------------------------------------------------------------------------------------- */

/* May there be a table of scores, as far as the graph tells? */
static bool may_be_tabled(const gk_node *y)
{
    const gk_node *q = y->src[QUERY], *k = y->src[KEY];
    return q->rate == GK_STEP_RATE && k->rate == GK_STEP_RATE && q->dim[0] == k->dim[0];
}

static int64_t n_weight_of(const gk_node *y)
{
    return (int64_t)y->args.attention.n_read * y->args.attention.n_head;
}

static gk_scratch part_of(const gk_node *y)
{
    gk_scratch none = { 0, 0 };
    int64_t    width = n_weight_of(y);
    for (int s = QUERY; s < N_SOURCE; s++)
        if (y->src[s]->rate == GK_STEP_RATE && y->src[s]->size / y->src[s]->dim[0] > width)
            width = y->src[s]->size / y->src[s]->dim[0];
    return y->n_src == 4 ? gk_list_scratch(y->src[3], width) : none;
}

gk_scratch gk_attention_scratch(const gk_node *y)
{
    gk_scratch s = part_of(y);
    s.per_row += 2 * gk_round_up(y->args.attention.n_token * n_weight_of(y));
    s.once += may_be_tabled(y) ? 2 * gk_round_up(y->src[KEY]->dim[0] * n_weight_of(y)) : 0;
    return s;
}

static void share_scratch(heads *a, const gk_work *work, const gk_node *y)
{
    gk_scratch part = part_of(y);
    int64_t    n = gk_round_up(work->n_row * a->n_token * a->n_weight);
    gk_span    next = work->scratch[y->id];

    a->w = next;
    a->ds = next = gk_from(next, n);
    a->part = next = gk_from(next, n);
    a->score = next = gk_from(next, work->n_row * part.per_row + part.once);
    a->dscore = gk_from(next, gk_round_up(y->src[KEY]->dim[0] * a->n_weight));
}

static source source_of(const gk_work *work, const gk_node *y, int s)
{
    const gk_node *from = y->src[s];
    int64_t        width = from->size / from->dim[0];
    source         src = { gk_data_of(work, y, s), gk_grad_of(work, y, s), from->rate == GK_STEP_RATE, y->accumulate[s],
                           false, (int)width, (int)from->dim[0] };
    src.wide = width / y->args.attention.n_head % GK_VECTOR == 0 && width >= 2 * GK_WARP &&
               gk_all_wide(width, src.data, src.grad);
    return src;
}

/* Everything that chooses between general and faster ways. */
static void choose(heads *a, const gk_work *work, const gk_node *y)
{
    const int32_t *only = y->n_src == 4 ? work->only[y->src[3]->id] : NULL;
    bool           outputs = gk_all_wide(a->y_width, a->y, a->dy);

    a->wide_key = a->src[QUERY].wide && a->src[KEY].wide && a->d_key >= 2 * GK_WARP;
    a->src[VALUE].wide = a->src[VALUE].wide && outputs;
    a->wide_value = a->src[VALUE].wide && a->d_value >= 2 * GK_WARP;
    a->is_tabled = may_be_tabled(y) && only;
    for (int i = 0; a->is_tabled && i < a->n_read; i++) {
        a->only[i] = only[a->read[i]];
        a->is_tabled = a->only[i] >= 0;
    }
}

heads gk_heads_of(const gk_work *work, const gk_node *y)
{
    heads a = {};

    a.n_row = (int)work->n_row;
    a.n_token = y->args.attention.n_token;
    a.n_read = y->args.attention.n_read;
    a.n_head = y->args.attention.n_head;
    a.n_weight = a.n_read * a.n_head;
    a.causal = y->args.attention.causal;
    a.y = work->data[y->id];
    a.dy = work->grad[y->id];
    a.y_width = (int)y->dim[1];
    for (int i = 0; i < a.n_read; i++)
        a.read[i] = y->args.attention.read[i];
    for (int s = QUERY; s < N_SOURCE; s++)
        a.src[s] = source_of(work, y, s);
    a.d_key = a.src[KEY].width / a.n_head;
    a.d_value = a.src[VALUE].width / a.n_head;
    a.head_step = y->args.attention.sum_heads ? 0 : a.d_value;
    a.scale = gk_attention_scale(a.d_key);
    if (y->n_src == 4)
        a.slot = work->index[y->src[3]->id];
    share_scratch(&a, work, y);
    choose(&a, work, y);
    return a;
}

/* --- forward ------------------------------------------------------------------------------------------------------------ */

/* Scores of each slot's key.  A warp for each slot. */
template <int V> static __global__ void score_table(heads a)
{
    int slot = (int)gk_warp(), lane = gk_lane();
    if (slot >= a.src[KEY].n_position)
        return;
    gk_real *k = gk_full_of(a.src[KEY].data) + (int64_t)slot * a.src[KEY].width;
    for (int i = 0; i < a.n_read; i++) {
        gk_real *q = gk_full_of(a.src[QUERY].data) + (int64_t)a.only[i] * a.src[QUERY].width;
        for (int h = 0; h < a.n_head; h += FOUR) {
            gk_real s = a.scale * head_products<V>(q + h * a.d_key, a.d_key, k + h * a.d_key, a.d_key, a.d_key, a.n_head - h);
            if (lane < FOUR && h + lane < a.n_head)
                at_place(a, a.score, slot)[i * a.n_head + h + lane] = s;
        }
    }
}

/* Weights by looking scores up.  One thread for each read and head of a row. */
static __global__ void weights_of_table(heads a)
{
    uint32_t e = (uint32_t)gk_element(), row = e / (uint32_t)a.n_weight, which = e - row * (uint32_t)a.n_weight;
    if (row >= (uint32_t)a.n_row)
        return;
    const int32_t *slot = gk_of(a.slot) + row * (uint32_t)a.n_token;
    const gk_real *score = gk_full_of(a.score) + which;
    gk_real       *w = at_place(a, a.w, (int)row * a.n_token) + which, largest = score[slot[0] * a.n_weight], sum = 0;
    int            n = n_visible(a, (int)which / a.n_head);

    for (int t = 1; t < n; t++) {
        gk_real s = score[slot[t] * a.n_weight];
        largest = s > largest ? s : largest;
    }
    for (int t = 0; t < n; t++)
        sum += gk_attention_part(score[slot[t] * a.n_weight], largest);
    for (int t = 0; t < a.n_token; t++)
        w[t * a.n_weight] = t < n ? gk_attention_part(score[slot[t] * a.n_weight], largest) / sum : 0;
}

/* Weights from queries and keys.  A warp for each read of a row; each of its first four lanes has a head. */
template <int V> static __global__ void weights_of_rows(heads a)
{
    int row = (int)gk_warp() / a.n_read, i = (int)gk_warp() - row * a.n_read, n, lane = gk_lane();
    if (row >= a.n_row)
        return;
    gk_cells q = gk_of(a.src[QUERY].data) + place(a, QUERY, row, a.read[i], i);
    n = n_visible(a, i);
    for (int h = 0; h < a.n_head; h += FOUR) {
        gk_real *w = at_place(a, a.w, row * a.n_token) + i * a.n_head + h + lane, largest = -INFINITY, sum = 0;
        bool     is_mine = lane < FOUR && h + lane < a.n_head;
        for (int t = 0; t < n; t++) {
            gk_cells k = gk_of(a.src[KEY].data) + place(a, KEY, row, t, t) + h * a.d_key;
            gk_real s = a.scale * head_products<V>(q + h * a.d_key, a.d_key, k, a.d_key, a.d_key, a.n_head - h);
            largest = s > largest ? s : largest;
            if (is_mine)
                w[t * a.n_weight] = s;
        }
        for (int t = 0; is_mine && t < n; t++)
            sum += w[t * a.n_weight] = gk_attention_part(w[t * a.n_weight], largest);
        for (int t = 0; is_mine && t < a.n_token; t++)
            w[t * a.n_weight] = t < n ? w[t * a.n_weight] / sum : 0;
    }
}

/* sum += w v, for n heads of weights w, whose values stand `step` apart.  BY: heads at once. */
template <int V, int BY>
static __device__ inline void add_values(gk_reals<V> *sum, const gk_real *w, gk_cells v, int step, int n)
{
    for (int h = 0; h < n; h += BY) {
        gk_reals<BY> mine = gk_load<BY>(w + h);
        GK_UNROLL
        for (int k = 0; k < BY; k++) {
            gk_reals<V> value = gk_load<V>(v + (h + k) * step);
            for (int j = 0; j < V; j++)
                sum->v[j] += mine.v[k] * value.v[j];
        }
    }
}

/* y = sum of w v.  A warp for some columns of ROWS_EACH rows: neighbours often have tokens in common, so values are near. */
template <int V, int BY> static __global__ void weighted_values(heads a)
{
    int n_piece = a.y_width / V, n_tile = (n_piece + GK_WARP - 1) / GK_WARP, group = (int)gk_warp() / n_tile;
    int piece = ((int)gk_warp() - group * n_tile) * GK_WARP + gk_lane(), column = piece * V;
    int head = a.head_step ? column / a.d_value : 0, n = a.head_step ? 1 : a.n_head;

    if (piece >= n_piece)
        return;
    for (int row = group * ROWS_EACH; row < a.n_row && row < (group + 1) * ROWS_EACH; row++)
        for (int i = 0; i < a.n_read; i++) {
            gk_reals<V> sum = {};
            for (int t = 0; t < n_visible(a, i); t++)
                add_values<V, BY>(&sum, at_place(a, a.w, row * a.n_token + t) + i * a.n_head + head,
                                  gk_of(a.src[VALUE].data) + place(a, VALUE, row, t, t) + column, a.d_value, n);
            gk_store(gk_of(a.y) + ((int64_t)row * a.n_read + i) * a.y_width + column, sum);
        }
}

void cuda_attention_forward(gk_work *work, const gk_node *y)
{
    heads        a = gk_heads_of(work, y);
    bool         by_four = a.head_step == 0 && a.n_head % FOUR == 0, wide = a.src[VALUE].wide;
    int64_t      n_piece = wide ? a.y_width / GK_VECTOR : a.y_width, n_tile = (n_piece + GK_WARP - 1) / GK_WARP;
    cudaStream_t stream = work->device->stream;
    auto         table = a.wide_key ? &score_table<GK_VECTOR> : &score_table<1>;
    auto         rows = a.wide_key ? &weights_of_rows<GK_VECTOR> : &weights_of_rows<1>;
    auto         values = wide ? (by_four ? &weighted_values<GK_VECTOR, FOUR> : &weighted_values<GK_VECTOR, 1>)
                               : (by_four ? &weighted_values<1, FOUR> : &weighted_values<1, 1>);

    if (a.is_tabled) {
        GK_LAUNCH_WARPS(table, a.src[KEY].n_position, work->n_replica, stream, a);
        GK_LAUNCH_ELEMENTS(weights_of_table, gk_element_grid(work->n_row * a.n_weight, work->n_replica), stream, a);
    } else {
        GK_LAUNCH_WARPS(rows, work->n_row * a.n_read, work->n_replica, stream, a);
    }
    GK_LAUNCH_WARPS(values, (work->n_row + ROWS_EACH - 1) / ROWS_EACH * n_tile, work->n_replica, stream, a);
}

}
