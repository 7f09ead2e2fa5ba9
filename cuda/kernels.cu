/* kernels.cu -- the kernels of all ops for one way of storing activations, and those with which an engine fills and copies
 * them. */
#include "padding.h"
#include "vectors.h"

#if GK_NARROW
namespace f32 { gk_kernel cuda_matmul_forward, cuda_matmul_backward, cuda_head_matmul_forward, cuda_head_matmul_backward; }
#endif

namespace GK_CELLS {

gk_scratch gk_none_scratch(const gk_node *)
{
    return { 0, 0, 0 };
}

/* --- leaves, and copies ------------------------------------------------------------------------------------------------ */

/* to[row][..] = from[item of the row][..] */
struct gathered {
    const gk_real *from;
    gk_span        to;
    const int32_t *item;
    uint32_t       n_row;
    gk_divisor     size;
    gk_divisor     line;        /* of `to`, which has gap reals behind each */
    uint32_t       gap;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t row = gk_quotient(i, size);
        int64_t  of = item[(int64_t)blockIdx.y * n_row + row];
        gk_store(gk_of(to) + i + (gap ? gk_quotient(i, line) * gap : 0), gk_load<V>(from + of * size.d + (i - row * size.d)));
    }
};

static void gather(const gk_work *work, const gk_node *node, const gk_real *from, const int32_t *item)
{
    gathered f = { from, work->data[node->id], item, (uint32_t)work->n_row, gk_divisor_of(node->size),
                   gk_divisor_of(gk_last_dim(node)), (uint32_t)(gk_width(work, node) - gk_last_dim(node)) };
    gk_each(work, f, work->n_row * node->size, gk_all_wide(f.gap > 0 ? 1 : node->size, f.to));
}

struct converted {
    gk_span to, from;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_store(gk_of(to) + i, gk_load<V>(gk_of(from) + i));
    }
};

static void copy(const gk_work *work, gk_span to, gk_span from, int64_t n)
{
    converted f = { to, from };
    gk_each(work, f, n, gk_all_wide(n, to, from));
}

/* --- copies of weights (padding.h) ------------------------------------------------------------------------------------- */

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
        const gk_real *from = gk_full_of(at.of.is_param ? s.param : s.step) + at.of.from + at.row * at.of.n_column + at.column;
        gk_reals<V>    reals = {};
        for (int k = 0; k < V; k++)
            if (!is_pad(at, k))
                reals.v[k] = from[k];
        gk_store(gk_of(s.data) + i, reals);
    }
};

static void stage(const gk_work *work)
{
    gk_each(work, copied{ *work->staging }, work->staging->n_real, gk_all_wide(work->staging->n_real, work->staging->data));
}

/* Whoever adds a gradient leaves 0 for the next update. */
struct collected {
    gk_staging s;

    template <int V> __device__ void at(uint32_t i) const
    {
        staged_real at = staged_at(s, i);
        gk_real    *to = gk_full_of(s.into) + at.of.from + at.row * at.of.n_column + at.column;
        gk_reals<V> more = gk_load<V>(gk_full_of(s.grad) + i);
        for (int k = 0; k < V; k++)
            if (!is_pad(at, k))
                to[k] += more.v[k];
        gk_store(gk_full_of(s.grad) + i, gk_reals<V>{});
    }
};

static void unstage(const gk_work *work)
{
    gk_each(work, collected{ *work->staging }, work->staging->n_real, gk_all_wide(work->staging->n_real, work->staging->grad));
}

/* --- the table --------------------------------------------------------------------------------------------------------- */

#if GK_NARROW
/* These are products alone, which are told how narrow their matrices are (matmul.cu). */
#define PRODUCT(name)                                                                                                  \
    void cuda_##name##_forward(gk_work *work, const gk_node *y) { f32::cuda_##name##_forward(work, y); }                \
    void cuda_##name##_backward(gk_work *work, const gk_node *y) { f32::cuda_##name##_backward(work, y); }
PRODUCT(matmul)
PRODUCT(head_matmul)
#endif

const gk_kernels gk_kernels_here = {
    {
#define LEAF(name, words, rate, traits, meaning) NULL,
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) cuda_##name##_forward,
#include "graph/ops.def"
    },
    {
#define LEAF(name, words, rate, traits, meaning) NULL,
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) cuda_##name##_backward,
#include "graph/ops.def"
    },
    {
#define LEAF(name, words, rate, traits, meaning) gk_none_scratch,
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) gk_##scratch##_scratch,
#include "graph/ops.def"
    },
    gather, copy, stage, unstage,
};

}
