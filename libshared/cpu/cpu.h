/* cpu.h -- what CPU kernels work on, and their prototypes.
 *
 * A kernel handles one replica and either a block of rows (row-rate node) or one part of a step-rate node.  Buffers of rows are
 * [n_row, size], contiguous.  Backward kernels write the gradient of a source, or add to it where y->accumulate says so.
 * This folder is compiled twice, for float and double; only the two vtables are visible outside. */
#ifndef GK_CPU_CPU_H
#define GK_CPU_CPU_H

#include <stdatomic.h>

#include "graph/problem.h"
#include "graph/real.h"

typedef struct gk_work {
    gk_real       **data;          /* by node id: result of the block / of the replica */
    gk_real       **grad;          /* by node id; NULL where no gradient is needed */
    const int32_t **index;         /* by node id: of index leaves, rows gathered */
    int64_t         n_row;         /* rows of this block */
    const int32_t  *label;         /* [n_row] */
    gk_real         loss_scale;    /* 1 / rows of the batch */
    const uint8_t  *terms;         /* [n_row] see gk_rows; NULL */
    double          term_scale[GK_N_TERM];
    const gk_hyper *hyper;
    gk_metrics     *sums;          /* evaluation: over the rows of this block, filled by the losses' forwards */
    unsigned        asked;         /* bits 1 << GK_SUM_*: see gk_problem.sums */
    bool            training;      /* dropout is on */
    double          dropout;
    uint64_t        seed, step;
    int64_t         first_row;     /* of the block within the batch: where its random numbers begin */
    int             part, n_part;  /* of a step-rate node: [part, n_part) of its rows is ours */
    gk_real       **aux;           /* by node id: [n_row, n_aux] that the forward leaves for the backward, to use up */
    gk_real        *scratch;       /* as many reals of this thread as any node asks for (n_scratch) */
} gk_work;

typedef void gk_kernel(gk_work *work, const gk_node *y);

#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) gk_kernel cpu_##name##_forward, cpu_##name##_backward;
#include "graph/ops.def"

/* Matrix products are the only step-rate work worth dividing among threads: how many parts such a node has.  Every part copies
 * the other matrix for the BLAS, so none has few rows. */
enum { GK_STEP_PARTS = 4, GK_STEP_ROWS = 48 };
static inline int gk_n_part(const gk_node *y)
{
    int64_t n = gk_op_is(y->op, GK_PRODUCT) && y->n_dim > 1 ? y->dim[0] / GK_STEP_ROWS : 1;
    return n < 1 ? 1 : n > GK_STEP_PARTS ? GK_STEP_PARTS : (int)n;
}

/* Our share [begin, end) of n things of a step-rate node; all of them at row rate. */
static inline void gk_share(const gk_work *work, const gk_node *y, int64_t n, int64_t *begin, int64_t *end)
{
    int n_part = y->rate == GK_ROW_RATE ? 1 : work->n_part, part = y->rate == GK_ROW_RATE ? 0 : work->part;
    *begin = n * part / n_part;
    *end   = n * (part + 1) / n_part;
}

/* Reals of a node that this call covers: rows times size. */
static inline int64_t gk_n_real(const gk_work *work, const gk_node *node)
{
    return node->rate == GK_ROW_RATE ? work->n_row * node->size : node->size;
}

static inline int64_t gk_last_dim(const gk_node *node)
{
    return node->n_dim ? node->dim[node->n_dim - 1] : 1;
}

/* C[m,n] = beta C + op(A) op(B), row-major, one thread. */
void gk_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, const gk_real *a, int64_t lda, const gk_real *b,
             int64_t ldb, gk_real beta, gk_real *c, int64_t ldc);

/* --- optimiser (optim.c) ------------------------------------------------------------------------------------------ */

/* Threads that work on one replica together; a team of one needs no barriers.  Our own barrier instead of OpenMP's: it spins
 * for some microseconds only and then yields, so that a busy machine costs little (OpenMP's made steps 4 times slower). */
typedef struct gk_barrier { atomic_int n_waiting; atomic_uint phase; } gk_barrier;
typedef struct gk_team { int n_thread, rank; gk_barrier *barrier; } gk_team;
void gk_team_wait(gk_team team);
static inline void gk_team_barrier(const gk_team *team)
{
    if (team->n_thread > 1)
        gk_team_wait(*team);
}

/* One replica's share of the arenas, and what an update needs to know. */
typedef struct gk_state {
    const gk_update *update;
    const gk_hyper  *hyper;
    int              n_pace;
    gk_hyper         pace_hyper[2 * GK_MAX_GROUP];
    const gk_graph  *graph;
    int64_t          n_whole;                         /* reals that each thread needs for whole matrices; 0: there are none */
    gk_real         *whole;                           /* [threads of the team][n_whole] */
    int              n_chunk, n_live, n_tensor;       /* n_live: chunks that are updated; frozen ones come behind them */
    const gk_chunk  *chunk;
    gk_seen          seen;
    int64_t          n_real;                          /* P */
    gk_real         *grad, *param;                    /* param is arena[GK_ARENA_PARAM], or a perturbed copy */
    gk_real         *arena[GK_N_ARENA];               /* those that the update does not need are NULL */
    int              n_sphere;
    const gk_on_sphere *on;                           /* [n_tensor] */
    double          *scalar;                          /* [n_sphere + 1] norms of spheres; clipped updates */
    uint64_t         seed;
    double          *partial;                         /* [3][n_chunk] sums of the team, over live chunks */
    double          *tensor_sum;                      /* [3][n_tensor] */
} gk_state;

/* Update number `step`: noise, clipping, filters, projection, decay, optimiser; before or after them the constrained norm.
 * Called by every thread of the team, after a barrier; ends with one. */
void gk_update_replica(const gk_state *state, int64_t step, gk_team team);
/* noisy := param + N(0, weight_noise^2); by every thread of the team. */
void gk_perturb_replica(const gk_state *state, gk_real *noisy, int64_t step, gk_team team);
/* In place of a matrix [rows][columns] about its orthogonal factor, scaled (direction.h); scratch: gk_problem_whole (muon.c). */
void gk_orthogonalise(gk_whole w, gk_real *matrix, gk_real *scratch);
/* Sum of squares of each tensor into per_tensor [n_tensor]; one thread. */
void gk_square_norms(const gk_state *state, double *per_tensor);

#endif
