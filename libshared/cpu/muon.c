/* muon.c -- the orthogonal factor of a matrix by Newton and Schulz's iteration (graph/direction.h). */
#include <math.h>

#include "cpu/cpu.h"
#include "graph/direction.h"

/* x := a x + p x or x p, where p is on x's shorter side; the result into `to`. */
static void next_value(gk_whole w, const gk_real *x, const gk_real *p, gk_real *to)
{
    for (int64_t i = 0; i < w.rows * w.columns; i++)
        to[i] = GK_MUON_A * x[i];
    if (w.side == w.rows)
        gk_gemm(false, false, w.rows, w.columns, w.rows, p, w.rows, x, w.columns, 1, to, w.columns);
    else
        gk_gemm(false, false, w.rows, w.columns, w.columns, x, w.columns, p, w.columns, 1, to, w.columns);
}

static void one_step(gk_whole w, const gk_real *x, gk_real *square, gk_real *polynomial, gk_real *to)
{
    int64_t n = w.side;

    if (w.side == w.rows)
        gk_gemm(false, true, n, n, w.columns, x, w.columns, x, w.columns, 0, square, n);
    else
        gk_gemm(true, false, n, n, w.rows, x, w.columns, x, w.columns, 0, square, n);
    gk_gemm(false, false, n, n, n, square, n, square, n, 0, polynomial, n);
    for (int64_t i = 0; i < n * n; i++)
        polynomial[i] = GK_MUON_B * square[i] + GK_MUON_C * polynomial[i];
    next_value(w, x, polynomial, to);
}

void gk_orthogonalise(gk_whole w, gk_real *matrix, gk_real *scratch)
{
    int64_t  n = w.rows * w.columns;
    gk_real *x = scratch, *next = scratch + w.next;
    double   square = 0;

    for (int64_t i = 0; i < n; i++)
        square += (double)matrix[i] * matrix[i];
    for (int64_t i = 0; i < n; i++)
        x[i] = (gk_real)(matrix[i] / (sqrt(square) + GK_MUON_EPSILON));
    for (int step = 0; step < GK_MUON_STEP; step++) {
        one_step(w, x, scratch + w.square, scratch + w.polynomial, next);
        gk_real *kept = x;
        x    = next;
        next = kept;
    }
    for (int64_t i = 0; i < n; i++)
        matrix[i] = gk_muon_scale(w.rows, w.columns) * x[i];
}
