/* blas.c -- see blas.h. */
#include "base/blas.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER_MB = 128, MAX_BUFFER = 64, LOOK_MS = 100, MAX_LOOK = 100, MAX_FULL = 5 };

/* OpenBLAS's; other libraries need not have them. */
extern void  openblas_set_num_threads(int n) __attribute__((weak));
extern int   blas_thread_shutdown_(void) __attribute__((weak));
extern char *openblas_get_corename(void) __attribute__((weak));
extern void  gotoblas_dynamic_quit(void) __attribute__((weak));     /* forgets the table of kernels, */
extern void  gotoblas_dynamic_init(void) __attribute__((weak));     /* chooses one, by OPENBLAS_CORETYPE if it is set */
extern void *blas_memory_alloc(int place) __attribute__((weak));    /* a buffer: one that is free, or a new one */
extern void  blas_memory_free(void *buffer) __attribute__((weak));  /* gives it back; it stays mapped */

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

/* What may never come back: the end of OpenBLAS's threads, each of which takes a buffer first, and the making of ours. */
static void *take_buffers(void *context)
{
    void *buffer[MAX_BUFFER];
    int   n_buffer = *(const int *)context;

    if (blas_thread_shutdown_)
        blas_thread_shutdown_();
    for (int i = 0; blas_memory_alloc && blas_memory_free && i < n_buffer; i++)
        buffer[i] = blas_memory_alloc(0);
    for (int i = 0; blas_memory_alloc && blas_memory_free && i < n_buffer; i++)
        if (buffer[i])
            blas_memory_free(buffer[i]);
    return NULL;
}

static bool has_room(void)
{
    void *room = mmap(NULL, (size_t)BUFFER_MB << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (room != MAP_FAILED)
        munmap(room, (size_t)BUFFER_MB << 20);
    return room != MAP_FAILED;
}

/* Has the thread ended?  Not waited for are ten seconds, or half a second if there is no room for a buffer. */
static bool ends(pthread_t thread)
{
    int status = ETIMEDOUT;

    for (int n_look = 0, n_full = 0; status == ETIMEDOUT && n_look < MAX_LOOK && n_full < MAX_FULL; n_look++) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += LOOK_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        status = pthread_timedjoin_np(thread, NULL, &until);
        n_full += status == ETIMEDOUT && !has_room();
    }
    return status == 0;
}

/* OpenBLAS's own end, which comes after the program's, waits for its threads, too: where they may still be looking for memory,
 * end before it, with the status that the program wanted.  (Only glibc tells what that is.) */
static bool is_waiting;
#if defined __GLIBC__
static int exit_status;

static void note_status(int status, void *context)
{
    (void)context;
    exit_status = status;
}

__attribute__((constructor)) static void begin_before_openblas_is_ready(void)
{
    struct rlimit room;

    is_waiting = on_exit(note_status, NULL) == 0 && getrlimit(RLIMIT_AS, &room) == 0 && room.rlim_cur != RLIM_INFINITY;
}

__attribute__((destructor)) static void end_before_openblas_does(void)
{
    if (is_waiting) {
        fflush(NULL);
        _exit(exit_status);
    }
}
#endif

int gk_blas_prepare(int n_thread)
{
    static int n_ready, n_wanted;    /* wanted: outlives a thread that is not waited for */
    pthread_t  thread;

    if (n_ready == 0)
        choose_core();
    if (openblas_set_num_threads)
        openblas_set_num_threads(1);
    n_wanted = n_thread < MAX_BUFFER ? n_thread : MAX_BUFFER;
    if (n_wanted <= n_ready)
        return 0;
    is_waiting = true;
    if (pthread_create(&thread, NULL, take_buffers, &n_wanted) != 0)
        return gk_error("cannot get memory for a thread; is there a limit (ulimit -v)?");
    if (!ends(thread))
        return gk_error("cannot get memory for the buffers of OpenBLAS, %d MB a thread, of address space: raise the limit "
                        "(ulimit -v), or use fewer threads (--threads, OPENBLAS_NUM_THREADS)", BUFFER_MB);
    is_waiting = false;
    n_ready = n_wanted;
    return 0;
}
