/* lists.h -- the gradient of a table: a sum over the places where each of its rows was read (gk_inverse), in a fixed order.
 *
 * A list is cut into chunks of GK_LIST_CHUNK places, a warp each, whose lanes take the columns.  The first chunk of each list
 * adds its sum to the gradient; the sums of the others go into memory of the op's own, and a second kernel adds those behind it,
 * in order.  Chunk k > 0 of a list that begins at place f of all lists begins at f + k * GK_LIST_CHUNK; it is found, without a
 * table of chunks, by the one multiple of GK_LIST_CHUNK among that place and those before it as far as a chunk reaches, since
 * that multiple lies in the same list.
 *
 * What is added is a struct, the Term, whose lanes have a piece of the columns each:
 *   n_piece                            pieces that a place has
 *   total                              what a lane adds up
 *   add(&sum, row, at, piece)          adds what place `at`, of row `row`, gives
 *   put(sum, to, piece, accumulate)    writes it into the table's row, or adds it to what stands there */
#ifndef GK_CUDA_LISTS_H
#define GK_CUDA_LISTS_H

#include "vectors.h"

namespace GK_CELLS {

enum { GK_LIST_CHUNK = 64 };

/* As many reals as are whole vectors. */
static inline int64_t gk_round_up(int64_t n)
{
    return (n + GK_VECTOR - 1) / GK_VECTOR * GK_VECTOR;
}

/* Where lists are, and where their sums go: row v of `table` for list v.  adds: to what stands there. */
typedef struct gk_lists {
    gk_index   index;             /* [n_place] */
    gk_inverse inverse;
    gk_span    table, part;       /* part: [n_place / GK_LIST_CHUNK, rounded up][width] */
    int        n_row, n_place, width;
    int        per_row;           /* places of a row */
    bool       adds;
} gk_lists;

/* Rows of gk_lists.part. */
static __host__ __device__ inline int64_t gk_list_parts(int64_t n_place)
{
    return (n_place + GK_LIST_CHUNK - 1) / GK_LIST_CHUNK;
}

/* Memory for the sums of the lists of an index, of rows of `width` reals; 0: none. */
static inline gk_scratch gk_list_scratch(const gk_node *index, int64_t width)
{
    bool       of_rows = index->rate == GK_ROW_RATE;
    gk_scratch s = { of_rows ? (index->size * width + GK_LIST_CHUNK - 1) / GK_LIST_CHUNK : 0,
                     of_rows ? width : gk_list_parts(index->size) * width };
    s.per_row = gk_round_up(s.per_row);
    s.once = gk_round_up(s.once);
    return s;
}

/* A stretch of a list: places [begin, end) of all lists; part: where its sum goes, 0: into the table. */
typedef struct gk_stretch { int value, begin, end, part; } gk_stretch;

static __device__ inline int gk_least(int a, int b)
{
    return a < b ? a : b;
}

/* Chunk number `chunk`: the lists' first ones, then the others. */
static __device__ inline gk_stretch gk_chunk_at(const gk_lists &lists, int chunk)
{
    const int32_t *first = lists.inverse.first.at + blockIdx.y * lists.inverse.first.step;
    const int32_t *place = lists.inverse.place.at + blockIdx.y * lists.inverse.place.step;
    gk_stretch     s = { chunk, 0, 0, 0 };

    if (chunk >= lists.n_row) {
        s.part = chunk - lists.n_row;
        int at = s.part * GK_LIST_CHUNK;
        if (at >= first[lists.n_row]) {
            s.value = -1;
            return s;
        }
        s.value = gk_of(lists.index)[place[at]];
        s.begin = (at - first[s.value] + GK_LIST_CHUNK - 1) / GK_LIST_CHUNK * GK_LIST_CHUNK;
        if (s.begin == 0 || (s.begin += first[s.value]) >= first[s.value + 1])
            s.value = -1;    /* a first chunk, or none */
    } else {
        s.begin = first[chunk];
    }
    if (s.value >= 0)
        s.end = gk_least(s.begin + GK_LIST_CHUNK, first[s.value + 1]);
    return s;
}

template <typename Term> static __global__ void gk_list_chunks(Term term, gk_lists lists)
{
    const int32_t *place = lists.inverse.place.at + blockIdx.y * lists.inverse.place.step;
    int            n_tile = (term.n_piece + GK_WARP - 1) / GK_WARP, chunk = (int)gk_warp() / n_tile;
    int            piece = ((int)gk_warp() - chunk * n_tile) * GK_WARP + gk_lane();

    if (chunk >= lists.n_row + gk_list_parts(lists.n_place) || piece >= term.n_piece)
        return;
    gk_stretch s = gk_chunk_at(lists, chunk);
    if (s.value < 0 || (s.begin >= s.end && lists.adds))
        return;
    typename Term::total sum = {};
    GK_UNROLL_BY(4)
    for (int i = s.begin; i < s.end; i++) {
        uint32_t at = (uint32_t)place[i];
        term.add(&sum, (int)(at / (uint32_t)lists.per_row), (int)at, piece);
    }
    gk_real *to = s.part > 0 ? gk_full_of(lists.part) + (int64_t)s.part * lists.width
                             : gk_full_of(lists.table) + (int64_t)s.value * lists.width;
    term.put(sum, to, piece, s.part == 0 && lists.adds);
}

/* The rest of the lists that have more than one chunk: a warp for each 32 columns of a list. */
static __global__ void gk_list_rests(gk_lists lists)
{
    const int32_t *first = lists.inverse.first.at + blockIdx.y * lists.inverse.first.step;
    const gk_real *part = gk_full_of(lists.part);
    int            n_tile = (lists.width + GK_WARP - 1) / GK_WARP, value = (int)gk_warp() / n_tile;
    int            column = ((int)gk_warp() - value * n_tile) * GK_WARP + gk_lane();

    if (value >= lists.n_row || column >= lists.width)
        return;
    int     n = (first[value + 1] - first[value] - 1) / GK_LIST_CHUNK, from = first[value] / GK_LIST_CHUNK + 1;
    gk_real sum = 0;
    GK_UNROLL_BY(8)
    for (int k = 0; k < n; k++)
        sum += part[(int64_t)(from + k) * lists.width + column];
    if (n > 0)
        gk_full_of(lists.table)[(int64_t)value * lists.width + column] += sum;
}

/* Sums over the lists of `index`, for the n_row rows of a table. */
template <typename Term>
static void gk_add_lists(const gk_work *work, Term term, const gk_node *index, gk_span table, int64_t n_row, int64_t width,
                         gk_span part, bool adds)
{
    int64_t  n_place = gk_n_real(work, index), n_tile = (term.n_piece + GK_WARP - 1) / GK_WARP;
    gk_lists lists = { work->index[index->id], work->inverse[index->id], table, part, (int)n_row, (int)n_place, (int)width,
                       (int)(index->rate == GK_ROW_RATE ? index->size : 1), adds };

    GK_LAUNCH_WARPS(gk_list_chunks<Term>, (n_row + gk_list_parts(n_place)) * n_tile, work->n_replica, work->device->stream, term,
                    lists);
    if (n_place > GK_LIST_CHUNK)
        GK_LAUNCH_WARPS(gk_list_rests, n_row * ((width + GK_WARP - 1) / GK_WARP), work->n_replica, work->device->stream, lists);
}

}
#endif
