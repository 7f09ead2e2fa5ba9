/* engine.h -- the CPU engine's state, shared by engine.c (life and arenas), spread.c (threads), step.c (one
 * update) and evaluate.c. */
#ifndef GK_CPU_ENGINE_H
#define GK_CPU_ENGINE_H

#include "base/arena.h"
#include "cpu/cpu.h"

/* Gradients of blocks of rows are summed in at most so many lanes, then lane by lane: the order of additions depends on
 * the number of rows alone, never on threads or replicas. */
enum { GK_MAX_LANE = 8 };

/* One thread's memory: the activations of one block, and where every node's buffers stand at the moment. */
typedef struct gk_desk {
    gk_real        *rows;                 /* [block_rows][n_row_real] */
    gk_real        *scratch;
    int32_t        *index;                /* gathered index inputs of the block */
    int32_t        *item, *label;         /* [block_rows] */
    int64_t        *row;                  /* [block_rows] number among the set's rows */
    uint8_t        *terms;                /* [block_rows] */
    gk_real       **data, **grad, **aux;  /* [n_node] */
    const int32_t **node_index;           /* [n_node] */
} gk_desk;

/* What the team that works on one replica shares. */
typedef struct gk_crew {
    int      n_lane;                      /* lane buffers: GK_MAX_LANE for many threads, 1 for a thread alone */
    gk_real *step_data;                   /* [S - P] results of step-rate nodes */
    gk_real *grad;                        /* [S] */
    gk_real *lane;                        /* [n_lane][S] */
    gk_real *noisy;                       /* [P] perturbed parameters, if any replica has weight noise */
    gk_real *whole;                       /* [threads][n_whole] what whole matrices need for a moment */
    double  *partial, *tensor_sum;
    gk_metrics *block_sums;                  /* [max_block] */
} gk_crew;

struct gk_engine {
    gk_problem      problem;
    const gk_graph *graph;
    gk_arena        memory;               /* small things */
    void          **large;                /* large allocations, to be freed */
    int             n_large, most_large;
    int             n_thread;
    int64_t         block_rows, index_width, max_block;
    gk_real        *arena[GK_N_ARENA];    /* [R][depth][P] */
    int64_t         depth[GK_N_ARENA];
    gk_real        *constant;
    gk_desk        *desk;                 /* [n_thread] */
    gk_crew        *solo;                 /* [n_thread]: teams of one; as many as can have a replica to themselves */
    gk_crew         joint;                /* all threads on one replica */
    int32_t        *order;                /* [R][max_train] order of the current epoch; NULL with full batches */
    int64_t        *epoch;                /* [R] that order is of; -1: none yet */
    int64_t         max_train;
    gk_on_sphere   *on;                   /* [n_param] spheres that a constraint keeps tensors on */
    int             n_sphere;
    int             n_scalar;
    double         *scalar;               /* [R][n_scalar] as in gk_backend */
    int64_t         n_whole;              /* see gk_problem_whole_reals */
    gk_chunk       *chunk;
    int             n_chunk, n_live;      /* all, and the first so many: of parameters that are not frozen */
    gk_barrier      barrier;              /* of the joint team */
    unsigned        n_round;              /* of jobs, see spread.c */
    atomic_uint    *handed_on;            /* [n_thread] the last round of which this thread has done its first job */
};

/* Rows [0, n) of a batch: train or test rows, through an order or not. */
typedef struct gk_batch { const gk_rows *rows; const int32_t *order; int64_t n; } gk_batch;

/* Something to be done for replicas: n_unit units, in order, of each of which up to n_part threads can do a part. */
typedef struct gk_units { int64_t begin, end; } gk_units;
typedef struct gk_job {
    /* Units [begin, end), called by every thread of the team; must end with a barrier. */
    void  (*act)(gk_engine *engine, gk_crew *crew, gk_team team, int64_t replica, gk_units units, void *context);
    void   *context;
    int64_t n_unit, n_part;
    bool    is_uneven;                    /* some replicas take longer than others */
} gk_job;
/* Do the job for every active replica (NULL: for all).  What comes out does not depend on which threads do what. */
void gk_for_each_replica(gk_engine *engine, const bool *active, const gk_job *job);

/* --- rows.c: blocks of rows through the graph --- */
int64_t gk_n_block(const gk_engine *engine, int64_t n_row);
/* A unit of this job goes through a set of rows by blocks, or through a batch of at most so many of them (0: all). */
void    gk_job_rows(const gk_engine *engine, int set, int64_t batch, gk_job *job);
gk_desk *gk_my_desk(gk_engine *engine);
/* Point the desk at a replica: parameters (perturbed ones if noisy), step results, and gradients in `grad`. */
void    gk_bind(gk_engine *engine, gk_desk *desk, gk_crew *crew, const gk_real *param, gk_real *grad);
/* Step-rate results / their backward into crew->grad; by every thread of the team, with barriers. */
void    gk_step_forward(gk_engine *engine, gk_work *work, gk_team team);
void    gk_step_backward(gk_engine *engine, gk_work *work, gk_team team);
/* Gather block `block` of the batch and run the row-rate nodes: forward with sums (evaluation), or forward and backward. */
void    gk_block(gk_engine *engine, gk_desk *desk, gk_work *work, const gk_batch *batch, int64_t block);
gk_work gk_work_of(gk_engine *engine, gk_desk *desk, int64_t replica, uint64_t step, bool training);

/* --- step.c / evaluate.c --- */
int  gk_cpu_run(gk_engine *engine, int64_t step, int64_t n, const bool *active);
int  gk_cpu_gradient(gk_engine *engine, void *host);
int  gk_cpu_evaluate(gk_engine *engine, int set, const bool *active, gk_metrics *out);
int  gk_cpu_predict(gk_engine *engine, int set, const bool *active, double *const *out);
int  gk_cpu_norms(gk_engine *engine, const bool *active, double *global, double *per_param);
gk_state gk_state_of(gk_engine *engine, gk_crew *crew, int64_t replica);

#endif
