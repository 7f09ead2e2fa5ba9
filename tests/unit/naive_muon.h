/* naive_muon.h -- the iteration of Newton and Schulz (Jordan et al. 2024), written in double. */
#ifndef GK_TESTS_UNIT_NAIVE_MUON_H
#define GK_TESTS_UNIT_NAIVE_MUON_H

#include <math.h>
#include <string.h>

enum { MOST_ROW = 32, MOST_COLUMN = 300 };

/* x := a x + (b A + c A A) x with A = x x^T, five times, from x / |x|; x [rows][columns], rows the fewer. */
static inline void naive_orthogonalise(double *x, int rows, int columns)
{
    static double a[MOST_ROW][MOST_ROW], p[MOST_ROW][MOST_ROW], next[MOST_ROW * MOST_COLUMN];
    double        norm = 1e-7, square = 0;
    for (int i = 0; i < rows * columns; i++)
        square += x[i] * x[i];
    norm += sqrt(square);
    for (int i = 0; i < rows * columns; i++)
        x[i] /= norm;
    for (int step = 0; step < 5; step++) {
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < rows; j++) {
                a[i][j] = 0;
                for (int k = 0; k < columns; k++)
                    a[i][j] += x[i * columns + k] * x[j * columns + k];
            }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < rows; j++) {
                p[i][j] = -4.7750 * a[i][j];
                for (int k = 0; k < rows; k++)
                    p[i][j] += 2.0315 * a[i][k] * a[k][j];
            }
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) {
                next[i * columns + j] = 3.4445 * x[i * columns + j];
                for (int k = 0; k < rows; k++)
                    next[i * columns + j] += p[i][k] * x[k * columns + j];
            }
        memcpy(x, next, (size_t)(rows * columns) * sizeof *x);
    }
}

#endif
