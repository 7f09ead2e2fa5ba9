/* engine.h -- the CUDA engine's state.  engine.cu: life and memory; wave.cu: which replica stands where; rows.cu: tiles of rows;
 * inverse.cu: what is known of indices; step.cu: one update as a graph; optim.cu: its optimiser; evaluate.cu: metrics, logits and
 * norms; network.cu and resident.cu: small networks, many of whose updates are made in one kernel.
 *
 * Replicas live in slots.  The active ones are kept in the first slots (wave.cu), so that all of them are one strided batch; they
 * are worked on in waves of as many as the activations have room for, and a wave's rows in tiles. */
#ifndef GK_CUDA_ENGINE_H
#define GK_CUDA_ENGINE_H

#include <vector>
#include "work.h"
extern "C" {
#include "graph/problem.h"
#include "graph/holders.h"
}
#include "descent.h"

namespace GK_REALS {

/* gk_rows on the device. */
typedef struct gk_device_rows {
    int64_t        n;
    const int32_t *item, *label;
    const gk_real *target;
    const uint8_t *terms;
    double         term_scale[GK_N_TERM];
} gk_device_rows;

/* The batch of one replica's update. */
typedef struct gk_tick {
    int64_t begin, count;        /* rows of the batch: stretch of the epoch's order, or of all rows */
    bool    ordered;
} gk_tick;

/* Which rows of which replicas: rows [first, first + n_row) of a set, or of its batch. */
typedef struct gk_tile { int set; bool is_batch; int64_t slot, n_replica, first, n_row; } gk_tile;

/* Where a row-rate node with a place of its own is stored, in cells a row (storage.cu): a real that is full in a narrow run takes
 * two.  copy: where products read it rounded; -1: in its place. */
typedef struct gk_stored { bool full; int64_t place, copy; } gk_stored;

struct gk_network;
struct gk_staged;
struct gk_staging;

/* An update that was captured, for a wave. */
typedef struct gk_captured { int64_t slot, n_replica; cudaGraphExec_t graph; } gk_captured;

typedef struct gk_cuda {
    gk_problem       problem;
    const gk_graph  *graph;
    gk_device        device;
    std::vector<void *> *allocated;              /* everything on the device */
    int64_t          wave, tile_rows;            /* most replicas and rows at once */
    int64_t          row_room;                   /* for how many rows a row-rate node has room: aligned as vectors need */
    int64_t          batch_rows;                 /* most rows of an update */
    int64_t          most_train;

    /* by slot */
    int64_t         *replica_in;                 /* host: [R] */
    gk_real         *arena[GK_N_ARENA];          /* [R][depth][P] */
    int64_t          depth[GK_N_ARENA];
    gk_hyper        *hyper, *pace_hyper;         /* [R], [R][n_pace] */
    gk_descent      *descent;                    /* [R][n_pace] of the update at hand */
    uint64_t        *seed;
    gk_seen         *seen;
    double          *scalar;                     /* [R][n_scalar] as in gk_backend */
    gk_device_rows  *rows;                       /* [n_set][R] */
    std::vector<gk_device_rows> *rows_of;        /* host: [n_set][R] by replica */
    int32_t         *order;                      /* [R][most_train]; NULL with full batches */
    int64_t         *epoch;                      /* [R] that order is of */
    gk_tick         *tick;                       /* [R] */
    int64_t         *step;                       /* number of the update */

    /* of a wave */
    gk_real         *grad, *step_data, *noisy;   /* [wave][S], [wave][S - P], [wave][P] */
    gk_real         *step_aux, *scratch_reals;
    void            *row_reals;                  /* data, gradients and aux of row-rate nodes */
    gk_bf16         *mirror, *constant_mirror;   /* [wave][S] and constants, as products of narrow rows read them */
    gk_real         *columns;                    /* what column sums, and inversions of indices, need for a moment */
    int32_t         *item, *label, *row;         /* [wave][tile_rows] */
    double          *weight[GK_N_TERM], *sums, *total;
    int32_t         *index_reals;                /* gathered index leaves and their inverses */
    uint64_t        *key;                        /* [wave][most_train] of the order that is being made */
    double          *partial, *tensor_sum;       /* [wave][3][n_chunk], [wave][3][n_tensor] */

    /* of nodes */
    gk_real         *constant;
    int32_t        **leaf_index;                 /* by node id: contents on the device */
    gk_real        **leaf_real;
    gk_inverse      *constant_inverse;
    const gk_node  **finisher;                   /* see gk_work */
    const gk_node  **adder;                      /* see gk_work */
    const gk_node  **gatherer;                   /* see gk_work */
    gk_mates        *mates;                      /* see gk_work */
    const gk_node  **holder;                     /* see gk_find_holders */
    int64_t         *width, *row_offset;         /* by node id: see gk_find_widths, gk_lay_out_rows */
    int64_t          n_row_place;                /* reals of a row, with pads */
    struct gk_staged  *staged;                   /* by node id */
    struct gk_staging *staging;                  /* copies of weights; n 0: there are none */
    int64_t         *n_value;                    /* by node id: values that are inverted; 0: no inverse is needed */
    int32_t        **only;                       /* host: by node id of an input, [size]: the value of all items there, or -1 */
    gk_chunk        *chunk, *piece;              /* piece: what one block of an update moves */
    gk_on_sphere    *on;                         /* [n_param] spheres that a constraint keeps tensors on */
    gk_on_sphere    *on_host;
    int              n_chunk, n_live, n_piece, n_sphere, n_scalar, n_pace;
    int              n_whole_piece;              /* the first so many pieces are of whole matrices */
    int64_t          n_whole;                    /* see gk_problem_whole_reals */
    gk_real         *whole;                      /* [wave][n_whole] */
    bool             narrow;                     /* row-rate nodes are stored in bfloat16 */
    gk_stored       *stored;                     /* by node id */
    int64_t          row_cells;                  /* what data takes a row */
    gk_span         *data, *operand, *row_grad, *aux, *scratch;    /* by node id, of the wave at hand */
    gk_index        *index;
    gk_inverse      *inverse;
    gk_tile          resident;                   /* full batches: whose rows stay in item, label, ...; set -1: none */
    std::vector<gk_captured> *captured;
    bool             captures;                   /* off: the same launches without a graph */
    bool             captured_resident, is_warm;
    gk_update       *update;                     /* on the device */
    struct gk_network *network;                  /* that is trained in shared memory; NULL: the graph is not (resident.h) */
} gk_cuda;

/* Zeroed device memory, freed with the engine; NULL after a message. */
void *gk_cuda_alloc(gk_cuda *engine, int64_t n_bytes, const char *what);
/* 0, or -1 after a message that names `what`, if anything failed since it was last asked. */
int   gk_cuda_check(gk_cuda *engine, const char *what);

/* --- wave.cu --- */
/* Replicas stand in slots in their order.  0, or -1 after a message. */
int     gk_cuda_open_order(gk_cuda *engine);
/* Put the active replicas into the first slots; returns how many they are.  NULL: all. */
int64_t gk_cuda_gather_active(gk_cuda *engine, const bool *active);
void    gk_cuda_upload_tables(gk_cuda *engine);
void    gk_cuda_forget_graphs(gk_cuda *engine);

/* --- rows.cu --- */
/* Point the nodes' buffers at a tile: parameters from `param` [.][P]. */
gk_work gk_cuda_bind(gk_cuda *engine, const gk_tile *tile, gk_real *param, bool training);
void    gk_cuda_step_forward(gk_cuda *engine, gk_work *work);
void    gk_cuda_step_backward(gk_cuda *engine, gk_work *work);
/* Items, labels, indices and targets of the tile's rows. */
void    gk_cuda_fetch(gk_cuda *engine, const gk_work *work, const gk_tile *tile);
/* Fetch the tile's rows, unless they are resident, and run the row-rate nodes: forward with sums, or forward and backward. */
void    gk_cuda_rows(gk_cuda *engine, gk_work *work, const gk_tile *tile);
/* New orders for replicas whose epoch begins, and the batch of the update. */
void    gk_cuda_order(gk_cuda *engine, int64_t slot, int64_t n_replica);

/* --- padding.cu --- */
/* Where nodes stand, and memory for copies of weights, if there are any. */
int     gk_cuda_open_places(gk_cuda *engine, bool stages);

/* --- storage.cu --- */
bool    gk_cuda_is_narrow(const gk_problem *problem);
/* The kernels that write such nodes, and those of a node. */
const gk_kernels *gk_kernels_of(bool narrow);
const gk_kernels *gk_cuda_kernels(bool narrow, const gk_node *node);
/* Fills stored, by node id; width: see gk_find_widths.  Returns the cells of a row. */
int64_t gk_cuda_store(const gk_graph *graph, bool narrow, const int64_t *width, gk_stored *stored);
/* After gk_cuda_open_places. */
int     gk_cuda_open_storage(gk_cuda *engine);
/* What stands `place` cells a row behind the first row-rate node. */
gk_span gk_cuda_row_span(const gk_cuda *engine, int64_t place, const gk_node *node, int64_t n_row, bool full);
/* Products of narrow operands whose results are full add no bias: not every version of the library need have that. */
void    gk_cuda_leave_biases(const gk_cuda *engine, const gk_node **finisher);
/* Fill engine->operand of a node, after its data. */
void    gk_cuda_bind_operand(gk_cuda *engine, const gk_node *node, int64_t n_row);
/* Round what products of rows read: of step rate, once its nodes are computed; and the sources of y that are no operands yet. */
void    gk_cuda_round_steps(const gk_cuda *engine, const gk_work *work);
void    gk_cuda_round_sources(const gk_cuda *engine, const gk_work *work, const gk_node *y);

/* --- inverse.cu --- */
/* Values of an index leaf whose places are to be known, for gradients of what it selects; 0: none. */
int64_t gk_cuda_n_value(const gk_graph *graph, const gk_node *index);
/* What the host finds out about an index leaf of n_item items. */
int     gk_cuda_open_index(gk_cuda *engine, const gk_node *node, int64_t n_item);
/* The inverse of an input of indices, for the rows of a tile; counts stand in engine->columns, as many as there are places or
 * values. */
void    gk_cuda_invert(gk_cuda *engine, const gk_node *node, const gk_tile *tile);

/* --- optim.cu --- */
/* Cut the live chunks into what one block of an update moves. */
int     gk_cuda_open_pieces(gk_cuda *engine, const gk_chunk *chunk);
void    gk_cuda_perturb(gk_cuda *engine, int64_t slot, int64_t n_replica);
void    gk_cuda_update(gk_cuda *engine, int64_t slot, int64_t n_replica);
/* Sums of squares of each tensor of a wave into engine->tensor_sum. */
void    gk_cuda_square_norms(gk_cuda *engine, int64_t slot, int64_t n_replica);

/* --- muon.cu --- */
/* In place of the directions of whole matrices, which stand where their gradients did, their orthogonal factors; sums of squares
 * of each tensor's directions are in row 0 of engine->tensor_sum. */
void    gk_cuda_orthogonalise(gk_cuda *engine, int64_t n_replica);

/* --- network.cu, resident.cu --- */
/* Is the graph trained in shared memory if the device has room for all rows of a replica? */
bool    gk_cuda_may_be_resident(const gk_problem *problem);
/* Sees whether the graph is trained in shared memory. */
int     gk_cuda_open_network(gk_cuda *engine);
/* n updates of the wave that work is bound to, from number `step` on, with all rows as they were fetched. */
void    gk_cuda_train_resident(gk_cuda *engine, const gk_work *work, int64_t slot, int64_t step, int64_t n);

/* --- step.cu, evaluate.cu --- */
int gk_cuda_run(gk_engine *engine, int64_t step, int64_t n, const bool *active);
int gk_cuda_gradient(gk_engine *engine, void *host);
int gk_cuda_evaluate(gk_engine *engine, int set, const bool *active, gk_metrics *out);
int gk_cuda_predict(gk_engine *engine, int set, const bool *active, double *const *out);
int gk_cuda_norms(gk_engine *engine, const bool *active, double *global, double *per_param);
void gk_cuda_scalars(gk_engine *engine, double *out);
void gk_cuda_set_scalars(gk_engine *engine, const double *scalars);
/* From now on the norms that the parameters have are kept. */
int gk_cuda_keep_norms(gk_engine *engine);

static inline gk_real *gk_param_of(const gk_cuda *engine, int64_t slot)
{
    return engine->arena[GK_ARENA_PARAM] + slot * engine->graph->n_param_real;
}

static inline bool gk_same_tile(const gk_tile *a, const gk_tile *b)
{
    return a->set == b->set && a->is_batch == b->is_batch && a->slot == b->slot && a->n_replica == b->n_replica &&
           a->first == b->first && a->n_row == b->n_row;
}

/* The next wave of n_active replicas from slot on. */
static inline int64_t gk_wave_at(const gk_cuda *engine, int64_t slot, int64_t n_active)
{
    return slot + engine->wave < n_active ? engine->wave : n_active - slot;
}

}
#endif
