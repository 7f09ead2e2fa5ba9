/* work.h -- what CUDA kernels work on, and the prototypes of the ops.
 *
 * As on the CPU (cpu/cpu.h), but a call handles all replicas of a wave at once, and a whole tile of rows of each.  Buffers are on
 * the device.  Row-rate buffers are [replica][n_row][size]; rows behind a replica's last one repeat some item with weight 0. */
#ifndef GK_CUDA_WORK_H
#define GK_CUDA_WORK_H

#include <math.h>
#include "device.h"
#include "base/bf16.h"
#include "graph/real.h"
extern "C" {
#include "graph/plugin.h"
}

/* A message, through the host program.  Returns -1. */
int gk_cuda_error(const char *format, ...) GK_PRINTF(1, 2);

/* The sources are compiled once for each type of real, GK_REALS; those of ops, which are in GK_CELLS, once more for float32 whose
 * activations are stored in bfloat16, with -DGK_NARROW=1. */
#ifndef GK_NARROW
#define GK_NARROW 0
#endif
#if GK_REAL_BITS == 64
#define GK_REALS f64
#else
#define GK_REALS f32
#endif
#if GK_NARROW
#define GK_CELLS bf16
namespace f32 {}
namespace bf16 { using namespace f32; }
#else
#define GK_CELLS GK_REALS
#endif

namespace GK_REALS {

/* Reals of replica r begin `r * step` of them behind `at`; step 0: the same for all.  narrow: they are stored in bfloat16. */
typedef struct gk_span { void *at; int64_t step; bool narrow = false; } gk_span;
typedef struct gk_index { int32_t *at; int64_t step; } gk_index;

/* Four reals that are loaded and stored at once, where their address is a multiple of 16 bytes. */
typedef struct alignas(16) gk_real4 { gk_real x, y, z, w; } gk_real4;

/* Where each value of an index stands: value v at place[first[v]] .. place[first[v + 1] - 1], in ascending order. */
typedef struct gk_inverse { gk_index first, place; int64_t n_value; } gk_inverse;

/* What a branch of an update is working on: two buffers of every product there. */
enum { GK_MOST_BRANCHED = 16 };

/* Products of the same left operand at step rate, such as queries, keys and values of a table, whose weights, biases and results
 * stand at equal distances: n of them, or 0 (matmul.cu). */
typedef struct gk_mates { int n; bool leads; int64_t weight, bias, result; } gk_mates;

/* The state of a launch sequence, and of a branch beside it (branch.cu). */
typedef struct gk_device {
    cudaStream_t       stream, branch;
    void              *workspace[2];  /* of products on the stream, and on the branch */
    int64_t            workspace_bytes;
    struct gk_plans   *plans;         /* of products, and the library's handle (product.cu) */
    cudaEvent_t        forked, joined;
    bool               on_branch;
    int                n_branched;
    const void        *branched[GK_MOST_BRANCHED];
    int                blas_status;  /* the first that was not success */
} gk_device;

typedef struct gk_work {
    gk_device      *device;
    int64_t         n_replica, n_row;
    gk_span        *data, *grad, *aux;       /* by node id; grad.at NULL: none */
    gk_span        *operand;                 /* by node id: data as a product of rows reads it, all narrow or none */
    gk_index       *index;                   /* by node id, of index leaves */
    gk_real        *columns;                 /* what column sums, or patches of a convolution, need for a moment */
    gk_inverse     *inverse;                 /* by node id, of index leaves that select rows of something with a gradient */
    int32_t *const *only;                    /* host: by node id of an input, [size]: the index of all items there, or -1 */
    gk_span        *scratch;                 /* by node id: gk_cuda_scratch */
    const int32_t  *label;                   /* [replica][n_row] */
    const double   *weight[GK_N_TERM];       /* [replica][n_row] of each term of the loss in the gradient */
    double         *sums;                    /* [replica][n_row][GK_N_SUM]; NULL: training, not evaluation */
    unsigned        asked;                   /* bits 1 << GK_SUM_*: see gk_problem.sums */
    const gk_hyper *hyper;                   /* [replica] */
    const uint64_t *seed;                    /* [replica] */
    const int64_t  *step;                    /* number of the update */
    bool            training;
    int64_t         first_row;               /* of the tile within the batch */
    const gk_node *const *finisher;          /* by node id: the bias and activation that a product makes itself in training */
    const gk_node *const *adder;             /* by node id: of a product, the sum that it may make; of a sum, that product */
    const gk_mates *mates;                   /* by node id */
    const gk_node *const *gatherer;          /* by node id of an embedding: the sum that reads the table itself, or NULL */
    const int64_t  *width;                   /* by node id: see gk_width */
    const struct gk_staging *staging;        /* weights that products read copies of (padding.h); NULL: none */
} gk_work;

typedef void gk_kernel(gk_work *work, const gk_node *y);

/* --- branch.cu --- */
/* Products go to the branch from here to gk_leave_branch, unless it does not pay: returns whether they do.  Until the branch has
 * joined, nothing else may touch `written` or write to `read`. */
bool gk_fork(gk_work *work, const void *written, const void *read);
void gk_leave_branch(gk_work *work);
/* Wait for the branch if the backward of y could disturb it; for y NULL in any case. */
void gk_join(gk_work *work, const gk_node *y);
/* Streams, handles and events of an engine; 0, or -1 after a message. */
int  gk_open_device(gk_device *device, gk_product product, void *workspace, int64_t n_byte);
void gk_close_device(gk_device *device);

/* --- product.cu, matmul.cu --- */
/* 0, or -1 after a message. */
int  gk_open_products(gk_device *device, gk_product product);
void gk_close_products(gk_device *device);
/* Fill gk_work.finisher, which begins as NULLs. */
void gk_find_finishers(const gk_graph *graph, const gk_node **finisher);

/* Fill gk_work.adder, which begins as NULLs. */
void gk_find_adders(const gk_graph *graph, const gk_node *const *finisher, const gk_node *const *gatherer, const gk_node **adder);
/* The sum that a product makes itself, or the product that makes a sum; NULL: none does. */
const gk_node *gk_adder_of(const gk_work *work, const gk_node *y);

/* Fill gk_work.gatherer, which begins as NULLs. */
void gk_find_gatherers(const gk_graph *graph, const gk_node **gatherer);
/* Fill gk_work.mates, which begin as zeros. */
void gk_find_mates(const gk_graph *graph, const gk_node *const *finisher, gk_mates *mates);

/* Is y, a bias and activation, made by the product before it? */
static inline bool gk_is_finished(const gk_work *work, const gk_node *y)
{
    return work->training && work->finisher[y->src[0]->id] == y;
}

/* Reals per row, or per replica at step rate, that an op keeps beside its result on this backend. */
int64_t gk_cuda_aux(const gk_node *y);
/* Raise to what the column sums of an op's backward take in `columns`, in reals: per row of the tile, and per replica. */
void gk_cuda_columns(const gk_node *y, int64_t *per_row, int64_t *once);

/* Reals of a replica that an op needs beside its result and aux: for each row of a tile, and once; and for the moment of a kernel
 * in `columns`, which all nodes share.  All are multiples of 4, and all begins at a multiple of 16 bytes. */
typedef struct gk_scratch { int64_t per_row, once, moment = 0; } gk_scratch;

/* What is compiled for each way of storing activations (kernels.cu).  Narrow ones are for nodes of row rate alone. */
typedef struct gk_kernels {
    gk_kernel  *forward[GK_N_OP], *backward[GK_N_OP];
    gk_scratch (*scratch[GK_N_OP])(const gk_node *y);
    /* data of an input: row i is from[item[i]]; item: [replica][n_row] */
    void       (*gather)(const gk_work *work, const gk_node *node, const gk_real *from, const int32_t *item);
    /* to = from, n reals of every replica, rounded if `to` is narrow */
    void       (*copy)(const gk_work *work, gk_span to, gk_span from, int64_t n);
    void       (*stage)(const gk_work *work), (*unstage)(const gk_work *work);    /* copies of weights (padding.h) */
} gk_kernels;

static inline int64_t gk_last_dim(const gk_node *node)
{
    return node->n_dim ? node->dim[node->n_dim - 1] : 1;
}

/* Reals from the beginning of one line of a node, along its last axis, to that of the next: more than it has for row-rate nodes
 * that are padded (padding.h).  Only kernels of ops that are GK_SPACED meet those. */
static inline int64_t gk_width(const gk_work *work, const gk_node *node)
{
    return work->width[node->id];
}

/* Lines of a node along its last axis, per replica. */
static inline int64_t gk_n_line(const gk_work *work, const gk_node *node)
{
    return (node->rate == GK_ROW_RATE ? work->n_row : 1) * (node->size / gk_last_dim(node));
}

/* Reals of a node per replica, without pads. */
static inline int64_t gk_n_real(const gk_work *work, const gk_node *node)
{
    return node->rate == GK_ROW_RATE ? work->n_row * node->size : node->size;
}

/* The gradient of source s of y; at is NULL if it needs none. */
static inline gk_span gk_grad_of(const gk_work *work, const gk_node *y, int s)
{
    gk_span none = { NULL, 0 };
    return s < y->n_src && y->src[s]->needs_grad ? work->grad[y->src[s]->id] : none;
}

static inline gk_span gk_data_of(const gk_work *work, const gk_node *y, int s)
{
    gk_span none = { NULL, 0 };
    return s < y->n_src ? work->data[y->src[s]->id] : none;
}

/* Data of source s as a product that y makes reads it. */
static inline gk_span gk_operand_of(const gk_work *work, const gk_node *y, int s)
{
    return (y->rate == GK_ROW_RATE ? work->operand : work->data)[y->src[s]->id];
}

/* Bytes of a real as it is stored. */
static inline int64_t gk_cell_bytes(bool narrow)
{
    return narrow ? (int64_t)sizeof(gk_bf16) : (int64_t)sizeof(gk_real);
}

/* The place of the nth real behind `at`. */
static inline void *gk_behind(const void *at, int64_t n, bool narrow)
{
    return at ? (char *)at + n * gk_cell_bytes(narrow) : NULL;
}

/* A span from its nth real on. */
static inline gk_span gk_from(gk_span span, int64_t n)
{
    span.at = gk_behind(span.at, n, span.narrow);
    return span;
}

/* Reals of replica blockIdx.y in a span that is never narrow: parameters, sums, what belongs to an op alone. */
static __device__ inline gk_real *gk_full_of(gk_span span)
{
    return (gk_real *)span.at + blockIdx.y * span.step;
}

static __device__ inline const int32_t *gk_of(gk_index index)
{
    return index.at + blockIdx.y * index.step;
}

/* Column sums (columns.h): rows of a thread, and most threads next to each other.  So the smallest chunk has
 * GK_WARP_THREADS / GK_COLUMN_SIDE * GK_COLUMN_ROWS rows: 64, but fewer on the host. */
enum { GK_COLUMN_ROWS = 8, GK_COLUMN_SIDE = 32 };

}

namespace GK_CELLS {

#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) gk_kernel cuda_##name##_forward, cuda_##name##_backward;
#include "graph/ops.def"

gk_scratch gk_none_scratch(const gk_node *y);
gk_scratch gk_embed_scratch(const gk_node *y);
gk_scratch gk_attention_scratch(const gk_node *y);
gk_scratch gk_conv_scratch(const gk_node *y);
gk_scratch gk_lstm_scratch(const gk_node *y);
gk_scratch gk_scaled_scratch(const gk_node *y);

extern const gk_kernels gk_kernels_here;

}
#endif
