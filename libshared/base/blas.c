/* blas.c -- see blas.h. */
#include "base/blas.h"

#include <cblas.h>
#if defined GK_BLAS_FILE
#include <dlfcn.h>
#endif
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/tiles.h"

/* START: what OpenBLAS maps when it is loaded, and malloc for a new thread: 44 and 64 MB; since 0.3.29 also a buffer, which it
 * keeps for itself. */
enum { START_MB = 256, BUFFER_MB = 128, MAX_BUFFER = 64, LOOK_MS = 100, MAX_LOOK = 100, MAX_FULL = 5 };

/* What is called of it.  All but the products are OpenBLAS's alone. */
#define FUNCTIONS(F) \
    F(cblas_sgemm) F(cblas_dgemm) \
    F(openblas_set_num_threads) F(openblas_get_config) F(openblas_get_corename) \
    F(blas_thread_shutdown_) \
    F(gotoblas_dynamic_quit) F(gotoblas_dynamic_init) \
    F(blas_memory_alloc) F(blas_memory_free)

extern void  openblas_set_num_threads(int n);
extern char *openblas_get_config(void);
extern char *openblas_get_corename(void);
extern int   blas_thread_shutdown_(void);
extern void  gotoblas_dynamic_quit(void);     /* forgets the table of kernels, */
extern void  gotoblas_dynamic_init(void);     /* chooses one, by OPENBLAS_CORETYPE if it is set */
extern void *blas_memory_alloc(int place);    /* a buffer: one that is free, or a new one */
extern void  blas_memory_free(void *buffer);  /* gives it back; it stays mapped */

#define POINTER(name) __typeof__(name) *name;
static struct { FUNCTIONS(POINTER) } blas;    /* NULL: not there */

#if defined GK_BLAS_FILE
#define AS_TEXT(name)    #name
#define TEXT_OF(name)    AS_TEXT(name)
#define FIND(name)       *(void **)&blas.name = dlsym(library, #name);    /* the form that POSIX asks for */
#define FILE_OF_BLAS     TEXT_OF(GK_BLAS_FILE)

/* NULL, or why not. */
static const char *load(void)
{
    void *library = dlopen(FILE_OF_BLAS, RTLD_NOW | RTLD_LOCAL);

    if (!library)
        return dlerror();
    FUNCTIONS(FIND)
    return blas.cblas_sgemm && blas.cblas_dgemm ? NULL : "'" FILE_OF_BLAS "' lacks cblas_sgemm or cblas_dgemm";
}
#else
#pragma weak openblas_set_num_threads
#pragma weak openblas_get_config
#pragma weak openblas_get_corename
#pragma weak blas_thread_shutdown_
#pragma weak gotoblas_dynamic_quit
#pragma weak gotoblas_dynamic_init
#pragma weak blas_memory_alloc
#pragma weak blas_memory_free
#define FIND(name) blas.name = name;

static const char *load(void)
{
    FUNCTIONS(FIND)
    return NULL;
}
#endif

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
    if (!blas.openblas_get_corename || !blas.gotoblas_dynamic_quit || !blas.gotoblas_dynamic_init || !best || getenv(variable))
        return;
    if (!is_old(blas.openblas_get_corename()) || setenv(variable, best, 1) != 0)
        return;
    blas.gotoblas_dynamic_quit();
    blas.gotoblas_dynamic_init();
    unsetenv(variable);
}

/* NULL, or why not. */
static const char *load_without_threads(void)
{
    static const char variable[] = "OPENBLAS_NUM_THREADS";
    const char *value = getenv(variable), *why = "out of memory";
    char       *before = value ? strdup(value) : NULL;

    if ((!value || before) && setenv(variable, "1", 1) == 0)
        why = load();
    if (before)
        setenv(variable, before, 1);
    else if (!value)
        unsetenv(variable);
    free(before);
    return why;
}

static bool has_room(int mb)
{
    int   flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;    /* it is about addresses */
    void *room  = mmap(NULL, (size_t)mb << 20, PROT_READ | PROT_WRITE, flags, -1, 0);

    if (room != MAP_FAILED)
        munmap(room, (size_t)mb << 20);
    return room != MAP_FAILED;
}

/* Of the thread that may never end: it outlives who waited for it. */
static struct { int n_buffer, n_new; bool is_loaded, lacks_room; char why[512]; } job;

/* All buffers at the same time, so that each is another. */
static void take_buffers(void)
{
    void *buffer[MAX_BUFFER];
    int   n_buffer = job.n_buffer;

    for (int i = 0; i < n_buffer; i++)
        buffer[i] = blas.blas_memory_alloc(0);
    for (int i = 0; i < n_buffer; i++)
        if (buffer[i])
            blas.blas_memory_free(buffer[i]);
}

/* What may never come back (or, as 0.3.34 does, end the process): the start of OpenBLAS, the end of its threads, each of which
 * takes a buffer first, and the making of ours.  So look before whether there is room. */
static void *begin(void *unused)
{
    (void)unused;
    job.lacks_room = !job.is_loaded && !has_room(START_MB);
    if (job.lacks_room)
        return NULL;
    if (!job.is_loaded) {
        const char *why = load_without_threads();
        if (why) {
            snprintf(job.why, sizeof job.why, "%s", why);
            return NULL;
        }
        choose_core();
        job.is_loaded = true;
    }
    if (blas.openblas_set_num_threads)
        blas.openblas_set_num_threads(1);
    if (blas.blas_thread_shutdown_)
        blas.blas_thread_shutdown_();
    if (!blas.blas_memory_alloc || !blas.blas_memory_free)
        return NULL;
    job.lacks_room = !has_room(job.n_new * BUFFER_MB);
    if (!job.lacks_room)
        take_buffers();
    return NULL;
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
        n_full += status == ETIMEDOUT && !has_room(BUFFER_MB);
    }
    return status == 0;
}

/* While OpenBLAS is looking for memory, a program cannot end: the loader waits for it, and its own end for its threads.  So end
 * before them, and after all else: what is registered first runs last. */
static bool is_waiting;

static void end_before_openblas_does(void)
{
    if (is_waiting) {
        fflush(NULL);
        _exit(EXIT_FAILURE);
    }
}

__attribute__((constructor)) static void end_last(void)
{
    if (atexit(end_before_openblas_does) != 0)
        abort();    /* C promises room for 32 */
}

int gk_blas_prepare(int n_thread)
{
    static int n_ready;
    int        n_wanted = n_thread < MAX_BUFFER ? n_thread : MAX_BUFFER;
    pthread_t  thread;

    if (n_wanted <= n_ready)
        return 0;
    job.n_buffer = n_wanted;
    job.n_new    = n_wanted - n_ready;
    is_waiting   = true;
    if (pthread_create(&thread, NULL, begin, NULL) != 0)
        return gk_error("cannot get memory for a thread; is there a limit (ulimit -v)?");
    is_waiting = !ends(thread);
    if (is_waiting || job.lacks_room)
        return gk_error("cannot get memory for the BLAS, %d MB of address space and %d MB a thread: raise the limit (ulimit -v), "
                        "or use fewer threads (--threads)", START_MB, BUFFER_MB);
    if (!job.is_loaded)
        return gk_error("cannot load the BLAS: %s", job.why);
    n_ready = n_wanted;
    return 0;
}

#define OP(trans) ((trans) ? CblasTrans : CblasNoTrans)

void gk_blas_sgemm(bool trans_a, bool trans_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb, float beta,
                   float *c, int ldc)
{
    gk_assert(blas.cblas_sgemm);    /* prepared */
    bool adds = !(beta < 1 || beta > 1), sets = !(beta < 0 || beta > 0);
    if (gk_has_tiles() && gk_tiles_pay(m, n, k) && (adds || sets)) {
        gk_tiles_sgemm(trans_a, trans_b, m, n, k, a, lda, b, ldb, adds, c, ldc);
        return;
    }
    blas.cblas_sgemm(CblasRowMajor, OP(trans_a), OP(trans_b), m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}

void gk_blas_dgemm(bool trans_a, bool trans_b, int m, int n, int k, const double *a, int lda, const double *b, int ldb,
                   double beta, double *c, int ldc)
{
    gk_assert(blas.cblas_dgemm);
    blas.cblas_dgemm(CblasRowMajor, OP(trans_a), OP(trans_b), m, n, k, 1, a, lda, b, ldb, beta, c, ldc);
}

const char *gk_blas_core(void)
{
    return blas.openblas_get_corename && blas.gotoblas_dynamic_init ? blas.openblas_get_corename() : "";
}

const char *gk_blas_with_threads(int n)
{
    if (blas.openblas_set_num_threads)
        blas.openblas_set_num_threads(n);
    return blas.openblas_get_config ? blas.openblas_get_config() : "BLAS";
}
