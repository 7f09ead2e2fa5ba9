/* blas.h -- the BLAS: when it is loaded, the state it is brought to, its products. */
#ifndef GK_BASE_BLAS_H
#define GK_BASE_BLAS_H

#include <stdbool.h>

#include "base/error.h"

/* Before the first product, for up to n_thread of them at a time; cheap when there is nothing to do.  -1 with gk_error: the
 * library cannot be loaded, or there is no memory for its buffers.  All but the loading concerns OpenBLAS alone.
 *
 * Loading: make finds out by what name programs load the BLAS (GK_BLAS_FILE; mk/deps.sh), and it is loaded here.  OpenBLAS takes
 * 128 MB of address space a thread as it is loaded, and tries for ever if it cannot have them (`ulimit -v`; 0.3.29).  Who only
 * asks for help, or gets an option wrong, needs none of it.  If it is linked in (a static library, or one that
 * comes in several pieces), all this happens before main instead.
 * Threads: its own would compete with ours, and spin for some 50 ms: it is loaded with one, and others are ended.
 * Core: it names the CPU and takes kernels by the name.  Versions that do not know a CPU (0.3.21: Sapphire Rapids without AMX, as
 * virtual machines show it) fall back to SSE3 kernels, which take five times as long.  If the CPU has AVX2 or AVX-512 and the
 * kernels that were chosen do not, choose those that do.  OPENBLAS_CORETYPE, if it is set, decides instead.
 * Memory: every thread that multiplies takes a buffer, 128 MB of address space on x86-64, and tries for ever if it cannot have
 * one.  Let it make them now, where one can stop waiting; they are kept, and lent to any thread. */
int gk_blas_prepare(int n_thread) GK_MUST_CHECK;

/* c = op(a) op(b) + beta c, where op(a) is m x k, op(b) k x n, c m x n, all by rows, of lda, ldb and ldc reals; op transposes if
 * it is asked to.  Floats go through matrix tiles where there are any and it pays (tiles.h). */
void gk_blas_sgemm(bool trans_a, bool trans_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta,
                   float *c, int ldc);
void gk_blas_dgemm(bool trans_a, bool trans_b, int m, int n, int k, const double *a, int lda, const double *b, int ldb,
                   double beta, double *c, int ldc);

/* The kernels that OpenBLAS chose, by its name of a CPU; "": another BLAS, or one that has no choice.  Once it is prepared. */
const char *gk_blas_core(void);

/* How OpenBLAS was built, and from now on n threads a product; "BLAS" and no effect for another.  For benchmarks. */
const char *gk_blas_with_threads(int n);

#endif
