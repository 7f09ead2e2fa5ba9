/* blas.h -- the state of the BLAS that programs are linked with, before its first product. */
#ifndef GK_BASE_BLAS_H
#define GK_BASE_BLAS_H

#include "base/error.h"

/* Before the first product, for up to n_thread of them at a time; cheap.  Of OpenBLAS, and without effect on other libraries.
 * -1 with gk_error: there is no memory for its buffers.
 *
 * Threads: it has started its own before main, which would compete with ours, and spin for some 50 ms: end them.
 * Core: it names the CPU and takes kernels by the name.  Versions that do not know a CPU (0.3.21: Sapphire Rapids without AMX, as
 * virtual machines show it) fall back to SSE3 kernels, which take five times as long.  If the CPU has AVX2 or AVX-512 and the
 * kernels that were chosen do not, choose those that do.  OPENBLAS_CORETYPE, if it is set, decides instead.
 * Memory: every thread that multiplies takes a buffer, 128 MB of address space on x86-64, and tries for ever if it cannot have
 * one (`ulimit -v`).  Let it make them now, where one can stop waiting; they are kept, and lent to any thread. */
int gk_blas_prepare(int n_thread) GK_MUST_CHECK;

#endif
