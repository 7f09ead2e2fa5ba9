/* jacobian.h -- how steeply a network's mean output depends on its parameters: Tr(J^T J).
 *
 * J_i = d(mean_c y_c(x_i)) / d theta, with y the outputs (logits, or predictions of targets) and theta the parameters that are
 * trained; the trace is the sum of |J_i|^2 over items.  In float64 on the CPU, whatever the run was trained in. */
#ifndef GK_TRAIN_JACOBIAN_H
#define GK_TRAIN_JACOBIAN_H

#include "train/trainer.h"

typedef struct gk_jacobian {
    const gk_model_args *model;
    const gk_model_data *data;
    double               messiness;
    const gk_graph      *graph;        /* of that model, with any loss: how the parameters lie */
    const double        *param;        /* [graph->n_param_real] */
    int64_t              n;
    const int32_t       *item;         /* [n] */
    int                  n_thread;
    bool               (*interrupted)(void *context);    /* asked every some MB of gradients; NULL: never */
    void                *context;
} gk_jacobian;

/* 0; 1 if it was interrupted, with *trace left alone; or -1 with gk_error.  Does not depend on the number of threads. */
int gk_jacobian_trace(const gk_jacobian *of, double *trace) GK_MUST_CHECK;

/* The same of a replica as `trainer->group` holds it, over its train items, or those of --eval-items. */
int gk_jacobian_of_replica(const gk_trainer *trainer, int64_t replica, bool (*interrupted)(void *context), void *context,
                           double *trace) GK_MUST_CHECK;

#endif
