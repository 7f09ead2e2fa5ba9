/* muon.cu -- the orthogonal factors of matrices by Newton and Schulz's iteration (graph/direction.h): of one tensor after the
 * other, all replicas of the wave as one batch of products. */
#include "product.h"
#include "engine.h"

namespace GK_REALS {

static const gk_finish nothing = { NULL, 0, false };

/* to[i] = scale from[i] / (|from| + epsilon): square [replica * step]: |from|^2. */
static __global__ void normalise(gk_span to, gk_span from, const double *square, int64_t step, int64_t n)
{
    int64_t i = gk_element();
    double  norm = sqrt(square[blockIdx.y * step]) + GK_MUON_EPSILON;
    if (i < n)
        gk_full_of(to)[i] = (gk_real)(gk_full_of(from)[i] / norm);
}

/* to[i] = a x[i] + b to[i] */
static __global__ void mix(gk_span to, gk_span x, gk_real a, gk_real b, int64_t n)
{
    int64_t i = gk_element();
    if (i < n)
        gk_full_of(to)[i] = a * gk_full_of(x)[i] + b * gk_full_of(to)[i];
}

/* to[i] = a x[i] */
static __global__ void scaled(gk_span to, gk_span x, gk_real a, int64_t n)
{
    int64_t i = gk_element();
    if (i < n)
        gk_full_of(to)[i] = a * gk_full_of(x)[i];
}

/* One step from x to `to`. */
static void one_step(gk_cuda *engine, gk_whole w, gk_span x, gk_span square, gk_span polynomial, gk_span to, int64_t n_replica)
{
    gk_device   *device = &engine->device;
    cudaStream_t stream = device->stream;
    int64_t      n = w.side, all = w.rows * w.columns, long_side = all / n;
    bool         is_wide = w.side == w.rows;

    gk_multiply(device, n_replica, n, n, long_side, gk_matrix_of(x, w.columns, !is_wide),
                gk_matrix_of(x, w.columns, is_wide), false, gk_matrix_of(square, n), nothing);
    gk_multiply(device, n_replica, n, n, n, gk_matrix_of(square, n), gk_matrix_of(square, n), false,
                gk_matrix_of(polynomial, n), nothing);
    GK_LAUNCH_ELEMENTS(mix, gk_element_grid(n * n, n_replica), stream, polynomial, square, GK_MUON_B, GK_MUON_C, n * n);
    GK_LAUNCH_ELEMENTS(scaled, gk_element_grid(all, n_replica), stream, to, x, GK_MUON_A, all);
    if (is_wide)
        gk_multiply(device, n_replica, w.rows, w.columns, n, gk_matrix_of(polynomial, n), gk_matrix_of(x, w.columns), true,
                    gk_matrix_of(to, w.columns), nothing);
    else
        gk_multiply(device, n_replica, w.rows, w.columns, n, gk_matrix_of(x, w.columns), gk_matrix_of(polynomial, n), true,
                    gk_matrix_of(to, w.columns), nothing);
}

static void orthogonalise(gk_cuda *engine, const gk_node *param, int64_t n_replica)
{
    gk_whole w = gk_problem_whole(param);
    int64_t  n = w.rows * w.columns, step = engine->n_whole;
    gk_span  direction = { engine->grad + param->offset, engine->graph->n_step_real };
    gk_span  x = { engine->whole, step }, next = { engine->whole + w.next, step };
    gk_span  square = { engine->whole + w.square, step }, polynomial = { engine->whole + w.polynomial, step };

    GK_LAUNCH_ELEMENTS(normalise, gk_element_grid(n, n_replica), engine->device.stream, x, direction,
                       engine->tensor_sum + param->param, (int64_t)3 * engine->graph->n_param, n);
    for (int i = 0; i < GK_MUON_STEP; i++) {
        one_step(engine, w, x, square, polynomial, next, n_replica);
        gk_span kept = x;
        x = next;
        next = kept;
    }
    GK_LAUNCH_ELEMENTS(scaled, gk_element_grid(n, n_replica), engine->device.stream, direction, x,
                       gk_muon_scale(w.rows, w.columns), n);
}

void gk_cuda_orthogonalise(gk_cuda *engine, int64_t n_replica)
{
    for (int t = 0; t < engine->graph->n_param; t++)
        if (gk_problem_is_whole(&engine->problem.update, engine->graph->param[t]))
            orthogonalise(engine, engine->graph->param[t], n_replica);
}

}
