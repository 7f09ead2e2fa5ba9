/* blas.h -- the state of the BLAS that programs are linked with, before its first product. */
#ifndef GK_BASE_BLAS_H
#define GK_BASE_BLAS_H

/* Once per process, cheap; of OpenBLAS, and without effect on other libraries.
 *
 * Threads: it has started its own before main, which would compete with ours, and spin for some 50 ms: end them.
 * Core: it names the CPU and takes kernels by the name.  Versions that do not know a CPU (0.3.21: Sapphire Rapids without AMX, as
 * virtual machines show it) fall back to SSE3 kernels, which take five times as long.  If the CPU has AVX2 or AVX-512 and the
 * kernels that were chosen do not, choose those that do.  OPENBLAS_CORETYPE, if it is set, decides instead. */
void gk_blas_prepare(void);

#endif
