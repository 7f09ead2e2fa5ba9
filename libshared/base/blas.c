/* blas.c -- see blas.h. */
#include "base/blas.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* OpenBLAS's; other libraries need not have them. */
extern void  openblas_set_num_threads(int n) __attribute__((weak));
extern int   blas_thread_shutdown_(void) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));
extern void  gotoblas_dynamic_quit(void) __attribute__((weak));     /* forgets the table of kernels, */
extern void  gotoblas_dynamic_init(void) __attribute__((weak));     /* chooses one, by OPENBLAS_CORETYPE if it is set */

#if defined __x86_64__
/* The kernels that this CPU should have, by OpenBLAS's names; NULL: any. */
static const char *best_core(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return NULL;
    bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512vl");
    return wide ? "SKYLAKEX" : "HASWELL";
}
#else
static const char *best_core(void)
{
    return NULL;
}
#endif

/* Is it one of the cores whose kernels are older than AVX2? */
static bool is_old(const char *core)
{
    static const char *const names[] = { "Katmai", "Coppermine", "Northwood", "Prescott", "Banias", "Core2", "Penryn",
                                         "Dunnington", "Nehalem", "Atom", "Nano", "Sandybridge", "Athlon", "Opteron",
                                         "Opteron_SSE3", "Barcelona", "Bobcat", "Bulldozer", "Piledriver", "Steamroller" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(core, names[i]) == 0)
            return true;
    return false;
}

static void choose_core(void)
{
    static const char variable[] = "OPENBLAS_CORETYPE";
    const char *best = best_core();
    if (!openblas_get_corename || !gotoblas_dynamic_quit || !gotoblas_dynamic_init || !best || getenv(variable))
        return;
    if (!is_old(openblas_get_corename()) || setenv(variable, best, 1) != 0)
        return;
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    unsetenv(variable);
}

void gk_blas_prepare(void)
{
    static bool done;
    if (!done)
        choose_core();
    done = true;
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    if (blas_thread_shutdown_)
        blas_thread_shutdown_();
}
